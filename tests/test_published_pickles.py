"""NVIDIA's pickles, as torch_utils/persistence.py of https://github.com/NVlabs/stylegan2-ada-pytorch writes them: whole
networks with the source text of their classes, of modules that are not there any more when the pickle is read."""

import pickle
import struct
import sys
import types
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from models import NetworkUnavailable, load
from models.architectures.stylegan2 import StyleGAN2Generator
from models.checkpoints.published import read_published
from models.gan import draw_latents
from tests.stylegan2 import StyleGAN2, four_taps

SMALL = (12, 10, 8)  # of 16 px


class Persistent(nn.Module):
    """A module of theirs."""

    def __reduce__(self) -> tuple[Any, ...]:
        source = {"type": "class", "version": 6, "module_src": "import os\nos.abort()", "class_name": "Generator"}
        return reconstruct, (EasyDict({**source, "state": self.__dict__}),)


class EasyDict(dict[str, Any]):
    """dnnlib.util.EasyDict."""


def reconstruct(meta: object) -> None:
    """Theirs runs the source text."""
    raise AssertionError


def theirs_dumped(content: object, protocol: int = 3) -> bytes:
    """A pickle in which the names are those of NVIDIA's modules, which are there only until it is written."""
    for function, module, name in (
        (reconstruct, "torch_utils.persistence", "_reconstruct_persistent_obj"),
        (EasyDict, "dnnlib.util", "EasyDict"),
    ):
        for part in (module.partition(".")[0], module):
            sys.modules[part] = types.ModuleType(part)
        setattr(sys.modules[module], name, function)
        function.__module__, function.__qualname__, function.__name__ = module, name, name
    try:
        return pickle.dumps(content, protocol=protocol)
    finally:
        for part in ("torch_utils", "torch_utils.persistence", "dnnlib", "dnnlib.util"):
            del sys.modules[part]


def put(root: Persistent, name: str, value: Tensor, *, buffer: bool = False) -> None:
    """Puts a tensor under a dotted name into modules within modules."""
    *path, last = name.split(".")
    for part in path:
        if part not in root._modules:
            root.add_module(part, Persistent())
        root = root._modules[part]  # type: ignore[assignment]
    if buffer:
        root.register_buffer(last, value)
    else:
        root.register_parameter(last, nn.Parameter(value))


def to_nvidia(network: StyleGAN2) -> Persistent:
    """The same network in the structure of training/networks.py."""
    root, tensors = Persistent(), network.state_dict()
    root.z_dim = 16  # type: ignore[assignment]
    root.init_kwargs = EasyDict(z_dim=16, mapping_kwargs=EasyDict(num_layers=3))  # type: ignore[assignment]
    for number in range(3):
        for leaf in ("weight", "bias"):
            put(root, f"mapping.fc{number}.{leaf}", tensors[f"style.{number + 1}.{leaf}"])
    put(root, "mapping.w_avg", torch.linspace(-1, 1, 16), buffer=True)
    put(root, "synthesis.b4.const", tensors["input.input"][0])
    for number in range(5):
        name = f"convs.{number - 1}" if number else "conv1"
        side = 4 * 2 ** ((number + 1) // 2)
        place = f"synthesis.b{side}.conv{0 if number % 2 else 1}"
        put(root, f"{place}.weight", tensors[f"{name}.conv.weight"][0])
        put(root, f"{place}.affine.weight", tensors[f"{name}.conv.modulation.weight"])
        put(root, f"{place}.affine.bias", tensors[f"{name}.conv.modulation.bias"])
        put(root, f"{place}.bias", tensors[f"{name}.activate.bias"])
        put(root, f"{place}.noise_strength", tensors[f"{name}.noise.weight"][0])
        put(root, f"{place}.noise_const", tensors[f"noises.noise_{number}"][0, 0], buffer=True)
        put(root, f"{place}.resample_filter", four_taps(1), buffer=True)
    for number, side in enumerate((4, 8, 16)):
        name = f"to_rgbs.{number - 1}" if number else "to_rgb1"
        put(root, f"synthesis.b{side}.torgb.weight", tensors[f"{name}.conv.weight"][0])
        put(root, f"synthesis.b{side}.torgb.affine.weight", tensors[f"{name}.conv.modulation.weight"])
        put(root, f"synthesis.b{side}.torgb.affine.bias", tensors[f"{name}.conv.modulation.bias"])
        put(root, f"synthesis.b{side}.torgb.bias", tensors[f"{name}.bias"].flatten())
        put(root, f"synthesis.b{side}.resample_filter", four_taps(1), buffer=True)
    return root


@pytest.mark.parametrize("protocol", [3, 4])
def test_g_ema_draws_what_its_authors_draw(tmp_path: Path, protocol: int) -> None:
    theirs = StyleGAN2(16, SMALL)
    other = to_nvidia(StyleGAN2(16, SMALL, seed=5))
    content = {"G": other, "D": nn.Conv2d(3, 4, 1), "G_ema": to_nvidia(theirs), "training_set_kwargs": EasyDict(n=3)}
    (tmp_path / "network-snapshot.pkl").write_bytes(theirs_dumped(content, protocol))
    network = load(tmp_path / "network-snapshot.pkl")
    assert isinstance(network, StyleGAN2Generator)
    z = torch.from_numpy(draw_latents(16, seed=3, count=2))
    with torch.no_grad():
        w = theirs.styles(z)
        expected, nearer = theirs(w), theirs(torch.lerp(torch.linspace(-1, 1, 16), w, 0.5))
        assert (network(z) - expected).abs().max() < 1e-4 * expected.abs().max()
        assert (network(z, 0.5) - nearer).abs().max() < 1e-4 * nearer.abs().max()


def test_one_that_draws_by_labels_says_so(tmp_path: Path) -> None:
    root = to_nvidia(StyleGAN2(16, SMALL))
    put(root, "mapping.embed.weight", torch.zeros(16, 10))
    (tmp_path / "cifar10.pkl").write_bytes(theirs_dumped({"G_ema": root}))
    with pytest.raises(NetworkUnavailable, match="it draws what a label asks for, which is not offered here"):
        load(tmp_path / "cifar10.pkl")


# --- pickles that mean harm --------------------------------------------------------------------------------------


class Runs:
    """Calls a function when it is unpickled."""

    def __init__(self, function: Callable[..., object], *arguments: object):
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def rebuilt(size: tuple[int, ...], stride: tuple[int, ...], offset: int = 0) -> bytes:
    """A network whose only tensor poses as one of another size."""
    storage = torch.zeros(4).__reduce_ex__(2)[1][0]
    tensor = Runs(torch._utils._rebuild_tensor_v2, storage, offset, size, stride, False, OrderedDict())
    root = Persistent()
    root._buffers["w_avg"] = tensor  # type: ignore[assignment]
    return theirs_dumped({"G_ema": root})


def nested(depth: int) -> Persistent:
    root = inner = Persistent()
    for _ in range(depth):
        inner.add_module("m", Persistent())
        inner = inner.m  # type: ignore[assignment]
    return root


CODE = "holds more than tensors"
BROKEN = "is no file of tensors, or is cut off"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "code": (lambda: pickle.dumps({"G_ema": Runs(sys.exit, 3)}), "holds no tensors by name"),
    "code_within": (lambda: theirs_dumped({"G_ema": nested(2), "x": Runs(print, "ran")}), "holds no tensors by name"),
    "instance": (lambda: b"(ios\nsystem\nS'true'\n.", CODE),
    "old_instance": (lambda: b"\x80\x03(ios\nsystem\nS'true'\n.", CODE),
    "extension": (lambda: b"\x80\x03\x82\x01.", CODE),
    "long_memo": (lambda: b"\x80\x03}r\xff\xff\xff\x7f.", CODE),
    "frame": (lambda: b"\x80\x04\x95" + struct.pack("<Q", 2**40) + b"}.", BROKEN),
    "huge_text": (lambda: b"\x80\x04\x8d" + struct.pack("<Q", 2**50) + b"x.", BROKEN),
    "huge_bytes": (lambda: b"\x80\x03B\xff\xff\xff\xffx.", BROKEN),
    "deep_tuples": (lambda: b"\x80\x03})" + b"\x85" * 100_000 + b"K\x01s.", CODE),
    "deep_modules": (lambda: theirs_dumped({"G_ema": nested(20)}), CODE),
    "recursive": (lambda: b"\x80\x03}q\x00X\x05\x00\x00\x00G_emah\x00s.", "holds no tensors by name"),
    "list": (lambda: pickle.dumps([1, 2, 3]), "holds no tensors by name"),
    "empty": (lambda: b"\x80\x03", BROKEN),
    "too_large": (lambda: rebuilt((1000, 1000), (0, 0)), BROKEN),
    "outside": (lambda: rebuilt((2,), (1,), offset=3), BROKEN),
    "before": (lambda: rebuilt((2,), (-1,), offset=1), BROKEN),
    "cut_off": (lambda: theirs_dumped({"G_ema": to_nvidia(StyleGAN2(16, SMALL))})[:-4000], BROKEN),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_pickles_end_in_one_sentence(tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    make, said = HOSTILE[kind]
    (tmp_path / "net.pkl").write_bytes(make())
    with pytest.raises(NetworkUnavailable, match=said) as raised:
        read_published(tmp_path / "net.pkl")
    assert len(str(raised.value)) < 400
    assert "\n" not in str(raised.value)
    assert capsys.readouterr().out == ""
