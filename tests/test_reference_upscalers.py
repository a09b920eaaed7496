"""Files of Real-ESRGAN and ESRGAN, built here with their tensors' names: read, run, and refused."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from models import load
from models.checkpoints.published import read_published, read_reference
from models.checkpoints.repository import HubName, published_in
from models.errors import NetworkUnavailable
from models.super_resolution import SuperResolution, SuperResolutionConfig, upscale

PICTURE = np.random.default_rng(0).integers(0, 256, (13, 10, 3), dtype=np.uint8)


def published(architecture: str, scale: int, *, depth: int = 2) -> dict[str, Tensor]:
    """Tensors as Real-ESRGAN names them, of random numbers."""
    torch.manual_seed(scale)
    config = SuperResolutionConfig(architecture=architecture, scale=scale, width=8, depth=depth, growth=4)
    return SuperResolution(config).upscaler.state_dict()


def as_esrgan(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same with ESRGAN's names."""
    words = {"conv_body": "trunk_conv", "body.": "RRDB_trunk.", "rdb": "RDB", "conv_up": "upconv", "conv_hr": "HRconv"}
    renamed = {}
    for key, part in tensors.items():
        name = key
        for ours, theirs in words.items():
            name = name.replace(ours, theirs)
        renamed[name] = part
    return renamed


def as_first_esrgan(tensors: dict[str, Tensor], depth: int = 2) -> dict[str, Tensor]:
    """The same with the names of ESRGAN's first version."""
    numbers = {
        "conv_first": "model.0",
        "conv_body": f"model.1.sub.{depth}",
        "conv_up1": "model.3",
        "conv_up2": "model.6",
        "conv_hr": "model.8",
        "conv_last": "model.10",
    }
    renamed = {}
    for key, part in tensors.items():
        layer, _, kind = key.rpartition(".")
        if layer.startswith("body."):
            _, block, dense, convolution = layer.split(".")
            renamed[f"model.1.sub.{block}.RDB{dense[-1]}.{convolution}.0.{kind}"] = part
        else:
            renamed[f"{numbers[layer]}.{kind}"] = part
    return renamed


@pytest.mark.parametrize(
    ("architecture", "scale"), [("rrdb", 2), ("rrdb", 4), ("rrdb", 8), ("srvgg", 2), ("srvgg", 3), ("srvgg", 4)]
)
@pytest.mark.parametrize("inside", ["params_ema", "params", ""])
def test_files_of_real_esrgan(tmp_path: Path, architecture: str, scale: int, inside: str) -> None:
    tensors = published(architecture, scale)
    torch.save({inside: tensors} if inside else tensors, tmp_path / "net.pth")
    network = load(tmp_path / "net.pth")
    assert isinstance(network, SuperResolution)
    assert (network.config.architecture, network.config.scale) == (architecture, scale)
    assert (network.config.width, network.config.depth, network.config.invents) == (8, 2, True)
    for key, part in network.upscaler.state_dict().items():
        assert torch.equal(part, tensors[key])
    assert upscale(network, PICTURE, scale).shape == (13 * scale, 10 * scale, 3)


def test_all_three_layouts_are_the_same_network(tmp_path: Path) -> None:
    tensors = published("rrdb", 4)
    results = []
    for layout in (tensors, as_esrgan(tensors), as_first_esrgan(tensors)):
        assert len(layout) == len(tensors)
        torch.save(layout, tmp_path / "net.pth")
        network = read_published(tmp_path / "net.pth")
        assert isinstance(network, SuperResolution)
        results.append(upscale(network, PICTURE, 4))
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


def test_half_precision_and_parallel_prefixes_are_read(tmp_path: Path) -> None:
    tensors = {f"module.{key}": part.half() for key, part in published("srvgg", 4).items()}
    torch.save({"params": tensors}, tmp_path / "net.pth")
    network = read_published(tmp_path / "net.pth")
    assert isinstance(network, SuperResolution)
    assert next(network.parameters()).dtype == torch.float32


def test_the_colours_of_a_published_network_run_from_0_to_1(tmp_path: Path) -> None:
    """With an empty last layer, SRVGGNetCompact repeats every pixel."""
    tensors = {key: part * 0 if key.startswith("body.6.") else part for key, part in published("srvgg", 3).items()}
    torch.save(tensors, tmp_path / "net.pth")
    repeated = PICTURE.repeat(3, axis=0).repeat(3, axis=1)
    assert np.array_equal(upscale(load(tmp_path / "net.pth"), PICTURE, 3), repeated)


def missing(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key: part for key, part in tensors.items() if key != "conv_hr.weight"}


def wider(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {**tensors, "conv_hr.weight": torch.zeros(9, 9, 3, 3)}


def with_more(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {**tensors, "attention.weight": torch.zeros(3)}


@pytest.mark.parametrize("spoil", [missing, wider, with_more])
def test_other_networks_are_named(tmp_path: Path, spoil: object) -> None:
    torch.save(spoil(published("rrdb", 4)), tmp_path / "net.pth")  # type: ignore[operator]
    with pytest.raises(NetworkUnavailable, match=r"net\.pth begins like .*Accepted are RRDBNet"):
        read_published(tmp_path / "net.pth")


def test_a_scale_that_does_not_exist(tmp_path: Path) -> None:
    tensors = published("srvgg", 4)
    tensors["body.6.weight"] = torch.zeros(75, 8, 3, 3)
    torch.save(tensors, tmp_path / "net.pth")
    with pytest.raises(NetworkUnavailable, match=r"another architecture .*Accepted"):
        read_published(tmp_path / "net.pth")


def test_a_translator_is_not_taken_for_an_upscaler_nor_the_other_way_round(tmp_path: Path) -> None:
    torch.save(published("rrdb", 4), tmp_path / "net.pth")
    with pytest.raises(NetworkUnavailable):
        read_reference(tmp_path / "net.pth")


def test_one_file_of_a_repository_is_enough() -> None:
    name = HubName("someone/photos")
    assert published_in(name, {"README.md", "RealESRGAN_x2.pth", "RealESRGAN_x4.pth"}) == ["RealESRGAN_x4.pth"]
    assert published_in(name, {"README.md", "sub/4x-UltraSharp.pth", "optimizer.pt"}) == ["sub/4x-UltraSharp.pth"]
    assert published_in(name, {"4x.pth", "4x.safetensors", "2x.pth"}) == ["4x.safetensors"]
    assert published_in(name, {"model.safetensors", "pytorch_model.bin"}) == ["model.safetensors"]
    assert published_in(name, {"2x.pth", "4x.pth"}) == []
    assert published_in(HubName("someone/photos", "2x.pth"), {"2x.pth", "4x.pth"}) == ["2x.pth"]
    assert published_in(HubName("someone/photos", "8x.pth"), {"2x.pth", "4x.pth"}) == []
    assert published_in(name, {"weights.onnx"}) == []
