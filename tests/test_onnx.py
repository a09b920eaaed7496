"""Graphs for browsers draw what Python draws: those in the repository, and those of networks that are written anew."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from torch import nn

from models import conditional
from models.architectures.fastgan import FastGANConfig, FastGANGenerator
from models.catalogue import names_of
from models.conditional import Conditional
from models.faces.latent_transformer import LatentTransformer, LatentTransformerConfig, moved
from models.factors import FactorNetwork, FactorsConfig, probabilities
from models.gan import Generator, draw_latents
from models.graphs import DESCRIPTION, GRAPH, TENSORS, description_of
from models.infogan import network as infogan
from models.infogan.codes import draw_codes
from models.infogan.network import InfoGAN
from models.loading import ROOT, read
from models.pixels import to_pictures
from models.sliders import paint
from tests.networks import tiny_conditional, tiny_generator, tiny_infogan, tiny_mixture
from trainer.__main__ import main
from trainer.export import Storage, files_table, save_network, write_tensors
from trainer.publish import NAME

onnxruntime = pytest.importorskip("onnxruntime")

WEIGHTS = ROOT / "weights"
DRAWING = names_of("infogan", "conditional", "factors", "gan-generator", "fastgan-generator")
SHIPPED = [*DRAWING, "faces-128/sliders", "faces-128/sefa"]
COUNT = 3  # pictures

Run = Callable[..., NDArray[Any]]


def session(folder: Path) -> Run:
    """What computes the one output of a folder's graph in one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    opened = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
    return lambda **inputs: opened.run(None, inputs)[0]


def normal(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(2).normal(size=shape).astype(np.float32)


def alike(a: NDArray[Any], b: NDArray[Any]) -> None:
    """At most one grey level in 99.9 % of all numbers, in pictures that are no plain surface."""
    assert a.shape == b.shape
    assert a.dtype == b.dtype == np.uint8
    assert (np.abs(a.astype(int) - b) <= 1).mean() > 0.999
    assert b.std() > 5


def draws_as_python(folder: Path) -> None:
    """Compares what a folder's graph computes with what the functions of models/ do, in 32 bits."""
    network, run = read(folder), session(folder)
    if isinstance(network, InfoGAN):
        codes = draw_codes(network.config.codes, count=COUNT, randomness=torch.Generator().manual_seed(3)).numpy()
        noise = torch.cat([infogan.draw_noise(network, seed) for seed in range(COUNT)]).numpy()
        more = {"noise": noise} if noise.size else {}
        alike(run(codes=codes, **more), infogan.generate(network, codes, range(COUNT)))
    elif isinstance(network, Generator | FastGANGenerator):
        latents = normal(COUNT, network.config.latent_size)
        for truncation in (1.0, 0.6):
            drawn = run(latents=latents, truncation=np.array(truncation, np.float32))
            with torch.inference_mode():
                alike(drawn, to_pictures(network(torch.from_numpy(latents), truncation)))
        assert drawn.std(0).mean() > 0.5  # they are not all the same
    elif isinstance(network, Conditional):
        labels = conditional.random_labels(network, COUNT, 1)
        noise = conditional.draw_noise(network.config.noise_size, 4, COUNT).numpy()
        alike(run(labels=labels.astype(np.float32), noise=noise), conditional.generate(network, labels, 4))
    elif isinstance(network, FactorNetwork):
        pictures = np.random.default_rng(5).integers(0, 256, (COUNT, 64, 64, network.config.channels), np.uint8)
        expected = np.concatenate(probabilities(network, pictures), axis=1)
        np.testing.assert_allclose(run(pictures=pictures), expected, atol=1e-4)
        assert expected.std() > 0.001
    else:
        assert isinstance(network, LatentTransformer)
        latents, amounts = (
            normal(COUNT, network.config.latent_size),
            normal(COUNT, len(network.config.names)).clip(-1, 1),
        )
        expected = moved(network, latents, amounts)
        np.testing.assert_allclose(run(latents=latents, amounts=amounts), expected, atol=1e-4)
        assert np.abs(expected - moved(network, latents, 0 * amounts)).max() > 0.1


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_graph_draws_as_python(name: str) -> None:
    assert description_of(WEIGHTS / name), f"write it again: python -m trainer onnx weights/{name.partition('/')[0]}"
    draws_as_python(WEIGHTS / name)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_description_is_true(name: str) -> None:
    description = json.loads((WEIGHTS / name / DESCRIPTION).read_text(encoding="utf-8"))
    opened = onnxruntime.InferenceSession(WEIGHTS / name / GRAPH, providers=["CPUExecutionProvider"])
    for key, values in (("inputs", opened.get_inputs()), ("outputs", opened.get_outputs())):
        types = {"float32": "tensor(float)", "uint8": "tensor(uint8)"}
        told = {one: (types[value["type"]], value["shape"]) for one, value in description[key].items()}
        assert told == {value.name: (value.type, value.shape) for value in values}
    config = json.loads((WEIGHTS / name / "config.json").read_text(encoding="utf-8"))
    assert description["family"] == config["family"]
    for key in {"channels", "resolution", "latent_size", "world"} & description.keys() & config.keys():
        assert description[key] == config[key]


def test_known_ranges() -> None:
    description = description_of(WEIGHTS / "sprites-infogan-cr-64")
    assert description is not None
    assert description["codes"][3:] == [
        {"kind": "circular", "low": -1, "high": 1},
        {"kind": "categorical-3", "low": 0, "high": 2},
    ]
    reader = description_of(WEIGHTS / "sprites-factors-64")
    assert reader is not None
    assert reader["factors"][2] == {"name": "orientation", "size": 40}


def test_sliders_of_a_plain_generator_are_as_described() -> None:
    """A page makes the latent of slider positions by itself."""
    folder, codes = WEIGHTS / "faces-celeba-64", np.array([[1, -1, 0.5, 0, -0.25, 0.75]], np.float32)
    told = description_of(folder)
    assert told is not None
    latents = draw_latents(told["latent_size"], seed=6, count=1)
    latents[:, : told["plain_sliders"]["count"]] = told["plain_sliders"]["reach"] * codes
    drawn = session(folder)(latents=latents, truncation=np.array(1, np.float32))
    alike(drawn, paint(read(folder), codes, seed=6))


# --- networks that are written anew ------------------------------------------------------------------------------


def tiny_fastgan() -> FastGANGenerator:
    torch.manual_seed(0)
    config = FastGANConfig(resolution=64, channels=3, latent_size=8, widths="16,16,8,8,8", second="8,32")
    network = FastGANGenerator(config)
    nn.init.normal_(network.to_picture.weight, 0, 0.3)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = 1.0  # statistics of the next batch
    with torch.no_grad():
        network.train()(torch.randn(64, 8))
    return network.eval()


def tiny_sliders(**changes: Any) -> LatentTransformer:
    torch.manual_seed(0)
    network = LatentTransformer(LatentTransformerConfig(latent_size=8, names=("smile", "light"), **changes)).eval()
    with torch.no_grad():
        for part in network.parameters():
            part.normal_()
    return network


def tiny_reader() -> FactorNetwork:
    torch.manual_seed(0)
    return FactorNetwork(FactorsConfig(width=4)).eval()


TYPES = ("uniform", "uniform", "uniform", "circular", "categorical-3")
TINY: dict[str, Callable[[], nn.Module]] = {
    "codes of all kinds, with noise": tiny_infogan,
    "paints": lambda: tiny_infogan(paints=True),
    "moves": lambda: tiny_infogan(moves=True, channels=1, noise_size=0, codes=TYPES),
    "a wide generator": lambda: tiny_generator(resolution=16, channels=3, width=16, latent_size=20),
    "a grey generator": lambda: tiny_generator(resolution=32),
    "fastgan": tiny_fastgan,
    "labels": tiny_conditional,
    "factors": tiny_reader,
    "sliders": lambda: tiny_sliders(width=64, reach=(1.5, 0.5)),
    "directions": lambda: tiny_sliders(width=0),
}


def written(network: nn.Module, folder: Path, storage: Storage = "fp16") -> Path:
    """A weights folder with its graph."""
    pytest.importorskip("onnx")
    save_network(network, folder, storage)
    assert main(["onnx", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("storage", ["fp16", "int8"])
@pytest.mark.parametrize("name", TINY)
def test_a_new_network_draws_as_python(name: str, storage: Storage, tmp_path: Path) -> None:
    draws_as_python(written(TINY[name](), tmp_path / "tiny", storage))


@pytest.mark.parametrize("storage", ["fp16", "int8"])
def test_the_weights_of_a_graph_are_those_of_the_file(storage: Storage, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    folder = written(tiny_generator(channels=3, width=32), tmp_path / "tiny", storage)
    onnx.checker.check_model(folder / GRAPH, full_check=True)
    outside = [
        tensor.name
        for tensor in onnx.load(folder / GRAPH, load_external_data=False).graph.initializer
        if tensor.data_location == onnx.TensorProto.EXTERNAL
    ]
    read_by_onnx = {tensor.name: tensor for tensor in onnx.load(folder / GRAPH).graph.initializer}
    kinds = set()
    with safe_open(folder / TENSORS, framework="numpy") as content:
        for name in outside:
            expected = content.get_tensor(name)
            found = onnx.numpy_helper.to_array(read_by_onnx[name])
            assert found.dtype == expected.dtype
            np.testing.assert_array_equal(found, expected)
            kinds.add(str(expected.dtype))
        used = {name for name in content.keys() if not name.endswith("tracked")}  # noqa: SIM118
    assert set(outside) == used
    assert kinds == ({"float16", "float32"} if storage == "fp16" else {"int8", "float16", "float32"})
    assert (folder / GRAPH).stat().st_size < 20_000  # bytes


def test_the_same_network_gives_the_same_file(tmp_path: Path) -> None:
    folder = written(tiny_infogan(paints=True), tmp_path / "tiny")
    before = [(folder / name).read_bytes() for name in (GRAPH, DESCRIPTION)]
    assert main(["onnx", str(folder)]) == 0
    assert [(folder / name).read_bytes() for name in (GRAPH, DESCRIPTION)] == before


def test_parts_get_graphs_too_and_the_card_lists_them(tmp_path: Path) -> None:
    folder = tmp_path / "faces"
    save_network(tiny_fastgan(), folder)
    save_network(tiny_sliders(width=4), folder / "sliders")
    save_network(tiny_mixture(), folder / "encoder")  # a part without a graph
    (folder / "README.md").write_text("# Faces\n| file | bytes | sha256 |\n|---|---|---|\n", encoding="utf-8")
    pytest.importorskip("onnx")
    assert main(["onnx", str(folder)]) == 0
    draws_as_python(folder)
    draws_as_python(folder / "sliders")
    assert not (folder / "encoder" / GRAPH).exists()
    listed = files_table(folder).splitlines()
    assert all(line in (folder / "README.md").read_text() for line in listed if "README.md" not in line)
    assert [line.split()[1] for line in listed if GRAPH in line] == [GRAPH, f"sliders/{GRAPH}"]
    assert all(NAME.fullmatch(line.split()[1]) for line in listed if "README.md" not in line)  # can be published


# --- what is stale, broken or unknown ----------------------------------------------------------------------------


def test_other_weights_take_the_graph_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tiny_generator(), tmp_path / "tiny")
    assert description_of(folder)
    write_tensors(tiny_generator(seed=1), folder / TENSORS, "int8")
    assert "python -m trainer onnx" in capsys.readouterr().out
    assert not (folder / GRAPH).exists()
    assert not (folder / DESCRIPTION).exists()
    assert description_of(folder) is None


@pytest.mark.parametrize("name", [GRAPH, TENSORS, DESCRIPTION])
def test_a_graph_that_does_not_fit_is_not_used(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(WEIGHTS / "sprites-factors-64", tmp_path / "copy")
    assert description_of(folder)
    content = bytearray((folder / name).read_bytes())
    content[-20] ^= 1
    (folder / name).write_bytes(content)
    assert description_of(folder) is None
    (folder / name).unlink()
    assert description_of(folder) is None


def test_errors_are_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: Path) -> str:
        assert main(["onnx", str(folder)]) == 1
        assert not (folder / GRAPH).exists()
        assert not (folder / DESCRIPTION).exists()
        return capsys.readouterr().err

    save_network(tiny_mixture(), tmp_path / "mixture")
    assert "There is no network" in refused(tmp_path / "nowhere")
    save_network(tiny_generator(), tmp_path / "broken")
    (tmp_path / "broken" / TENSORS).write_bytes(b"nothing of the kind")
    assert "model.safetensors of broken is broken" in refused(tmp_path / "broken")
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "onnx", None)
        for name in ("builder", "layers", "families"):
            without.delitem(sys.modules, f"trainer.graphs.{name}", raising=False)
        assert "pip install -r requirements-train.txt" in refused(tmp_path / "mixture")
    pytest.importorskip("onnx")
    assert "is of the family mixture, which has no graph; those that have are" in refused(tmp_path / "mixture")
