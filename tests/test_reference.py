"""Published translators: files with the reference's tensor names are read, all others refused in one sentence."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from models import NetworkUnavailable, load
from models.checkpoints.published import read_reference
from models.translation import directions, translate

Tensors = dict[str, Tensor]


def resnet(*, blocks: int, width: int = 4, prefix: str = "model.", bias: bool = True, channels: int = 3) -> Tensors:
    """A generator as pytorch-CycleGAN-and-pix2pix saves it, spelt out from its printed layers."""
    draw = torch.Generator().manual_seed(blocks)
    w, tensors = width, {}

    def add(name: str, *shape: int, with_bias: bool = True, outputs: int | None = None) -> None:
        tensors[f"{prefix}{name}.weight"] = torch.randn(*shape, generator=draw) * 0.1
        if with_bias:
            tensors[f"{prefix}{name}.bias"] = torch.randn(outputs or shape[0], generator=draw) * 0.1

    def norm(name: str, features: int) -> None:
        if not bias:  # batch normalisation
            for part in ("weight", "bias", "running_mean", "running_var"):
                tensors[f"{prefix}{name}.{part}"] = torch.ones(features)
            tensors[f"{prefix}{name}.num_batches_tracked"] = torch.tensor(7)

    add("1", w, channels, 7, 7, with_bias=bias)
    norm("2", w)
    add("4", 2 * w, w, 3, 3, with_bias=bias)
    norm("5", 2 * w)
    add("7", 4 * w, 2 * w, 3, 3, with_bias=bias)
    norm("8", 4 * w)
    for block in range(10, 10 + blocks):
        add(f"{block}.conv_block.1", 4 * w, 4 * w, 3, 3, with_bias=bias)
        norm(f"{block}.conv_block.2", 4 * w)
        add(f"{block}.conv_block.5", 4 * w, 4 * w, 3, 3, with_bias=bias)
        norm(f"{block}.conv_block.6", 4 * w)
    add(f"{10 + blocks}", 4 * w, 2 * w, 3, 3, with_bias=bias, outputs=2 * w)
    norm(f"{11 + blocks}", 2 * w)
    add(f"{13 + blocks}", 2 * w, w, 3, 3, with_bias=bias, outputs=w)
    norm(f"{14 + blocks}", w)
    add(f"{17 + blocks}", channels, w, 7, 7)
    return tensors


def unet(levels: int = 8, w: int = 2) -> Tensors:
    """A U-Net as pytorch-CycleGAN-and-pix2pix saves it, with batch normalisation."""
    widths = [w, 2 * w, 4 * w] + [8 * w] * (levels - 3)
    tensors: Tensors = {"model.model.0.weight": torch.randn(w, 3, 4, 4)}
    prefix = "model.model.1."
    for level in range(1, levels):
        outer, inner, innermost = widths[level - 1], widths[level], level == levels - 1
        up = 3 if innermost else 5
        tensors[f"{prefix}model.1.weight"] = torch.randn(inner, outer, 4, 4)
        tensors[f"{prefix}model.{up}.weight"] = torch.randn(inner if innermost else 2 * inner, outer, 4, 4)
        for number, features in ((2, inner), (up + 1, outer)):
            if number == 2 and innermost:
                continue
            for part in ("weight", "bias", "running_mean", "running_var"):
                tensors[f"{prefix}model.{number}.{part}"] = torch.ones(features)
            tensors[f"{prefix}model.{number}.num_batches_tracked"] = torch.tensor(3)
        prefix += "model.3."
    tensors["model.model.3.weight"] = torch.randn(2 * w, 3, 4, 4)
    tensors["model.model.3.bias"] = torch.randn(3)
    return tensors


def critic(w: int = 4) -> Tensors:
    """A patch discriminator with instance normalisation."""
    shapes = {"0": (w, 3), "2": (2 * w, w), "5": (4 * w, 2 * w), "8": (8 * w, 4 * w), "11": (1, 8 * w)}
    tensors = {}
    for number, (outputs, inputs) in shapes.items():
        tensors[f"{number}.weight"] = torch.randn(outputs, inputs, 4, 4) * 0.1
        tensors[f"{number}.bias"] = torch.zeros(outputs)
    return tensors


PICTURE = np.random.default_rng(0).integers(0, 256, (40, 52, 3), dtype=np.uint8)


@pytest.mark.parametrize("blocks", [6, 9])
def test_a_resnet_is_read(tmp_path: Path, blocks: int) -> None:
    file = tmp_path / "latest_net_G_A.pth"
    tensors = resnet(blocks=blocks)
    torch.save(tensors, file)
    network = load(file)
    assert (network.config.architecture, network.config.blocks, network.config.width) == ("resnet", blocks, 4)
    found = network.generators[0].state_dict()
    assert found.keys() == tensors.keys()
    assert all(torch.equal(found[name], tensors[name]) for name in tensors)
    assert translate(network, PICTURE, "a-to-b").shape == PICTURE.shape
    assert load(tmp_path) is load(tmp_path)  # the folder will do, and is read once


def test_both_ways_are_read_where_both_files_are(tmp_path: Path) -> None:
    for name, blocks in (("A", 6), ("B", 6)):
        torch.save(resnet(blocks=blocks), tmp_path / f"latest_net_G_{name}.pth")
    assert directions(load(tmp_path)) == ["a-to-b", "b-to-a"]


def test_batch_normalisation_and_wrapped_names_are_read(tmp_path: Path) -> None:
    tensors = {f"module.{name}": tensor for name, tensor in resnet(blocks=6, bias=False).items()}
    torch.save({"state_dict": tensors}, tmp_path / "g.pth")
    network = read_reference(tmp_path / "g.pth", domains=("summer", "winter"))
    assert network.config.norm == "batch"
    assert directions(network) == ["summer-to-winter"]
    assert translate(network, PICTURE, "summer-to-winter").shape == PICTURE.shape


@pytest.mark.parametrize("levels", [7, 8])
def test_a_unet_is_read(tmp_path: Path, levels: int) -> None:
    torch.save(unet(levels), tmp_path / "latest_net_G.pth")
    network = load(tmp_path)
    assert (network.config.architecture, network.config.halvings, network.config.width) == ("unet", levels, 2)
    assert translate(network, PICTURE, "a-to-b").shape == PICTURE.shape


def test_all_four_networks_of_upit_are_read(tmp_path: Path) -> None:
    parts = {"G_A": resnet(blocks=9, prefix=""), "G_B": resnet(blocks=9, prefix=""), "D_A": critic(), "D_B": critic()}
    parts["G_B"]["1.bias"] += 5
    tensors = {f"{name}.{key}": tensor for name, part in parts.items() for key, tensor in part.items()}
    torch.save(tensors, tmp_path / "pytorch_model.bin")
    network = load(tmp_path)
    assert torch.equal(network.generators[0].state_dict()["model.1.bias"], parts["G_B"]["1.bias"])  # A to B
    assert torch.equal(network.critics[0].state_dict()["model.0.weight"], parts["D_B"]["0.weight"])
    assert len(network.critics) == 2
    tensors = {name: tensor for name, tensor in tensors.items() if not name.startswith("D_A.11")}
    torch.save(tensors, tmp_path / "without.bin")
    assert len(read_reference(tmp_path / "without.bin").critics) == 0  # another discriminator: left out


def test_tensors_in_a_safe_file_are_read(tmp_path: Path) -> None:
    save_file(resnet(blocks=6), tmp_path / "g.safetensors")
    assert read_reference(tmp_path / "g.safetensors").config.blocks == 6


def test_the_skip_of_the_unet_passes_on_what_was_activated_in_place() -> None:
    """The reference's LeakyReLU works in place, so that the skip carries its result; a network that passes on the
    untouched features loads and draws something else."""
    from models.architectures.translators import UNetLevel

    level = UNetLevel(2, 2, None, "instance")
    x = torch.tensor([-1.0, 1.0, -2.0, 3.0]).repeat(2, 1)[None, :, :, None].repeat(1, 1, 1, 4)  # (1, 2, 4, 4)
    expected = torch.nn.functional.leaky_relu(x, 0.2)
    with torch.no_grad():
        assert torch.equal(level(x.clone())[:, :2], expected)


class Trap:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return eval, ("1/0",)


def test_code_in_a_file_is_never_run(tmp_path: Path) -> None:
    file = tmp_path / "g.pth"
    torch.save({"model.1.weight": Trap()}, file)
    with pytest.raises(NetworkUnavailable, match="holds more than tensors, perhaps code, so it was not opened"):
        read_reference(file)
    file.write_bytes(pickle.dumps(Trap(), protocol=2))
    with pytest.raises(NetworkUnavailable, match="perhaps code, so it was not opened"):
        read_reference(file)


@pytest.mark.parametrize(
    "content,sentence",
    [
        ({"conv.weight": torch.zeros(3)}, "holds another architecture"),
        ([1, 2], "holds no tensors by name"),
        ({}, "holds no tensors by name"),
        (resnet(blocks=6, channels=2), "makes 2 channels from 2"),
        ({**resnet(blocks=6), "model.99.weight": torch.zeros(3)}, "model.99.weight is missing or differs"),
        ({**resnet(blocks=6), "model.7.weight": torch.zeros(1, 1, 1, 1)}, "model.7.weight is missing or differs"),
        ({key: part for key, part in unet().items() if "3.model.3.model.1" not in key}, "Accepted are generators"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: object, sentence: str) -> None:
    torch.save(content, tmp_path / "g.pth")
    with pytest.raises(NetworkUnavailable, match=sentence):
        read_reference(tmp_path / "g.pth")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 cut off"])
def test_what_is_no_file_of_tensors_is_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("g.pth", "g.safetensors"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NetworkUnavailable, match="is no file of tensors, or is cut off"):
            read_reference(tmp_path / name)


def test_a_huge_file_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "g.pth").open("wb") as file:
        file.truncate(400 * 2**20)  # without taking room
    with pytest.raises(NetworkUnavailable, match="larger than 300 MB"):
        read_reference(tmp_path / "g.pth")
