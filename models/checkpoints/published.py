"""Published networks, whatever they are: what their files are called, and which reader takes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import torch

from models.architectures.biggan import BigGANGenerator
from models.architectures.published_fastgan import PublishedFastGAN
from models.architectures.stylegan2 import StyleGAN2Generator
from models.checkpoints import biggan, cyclegan, dcgan, esrgan, fastgan, stylegan2
from models.checkpoints.files import ACCEPTED, Tensors, read_tensors
from models.errors import NetworkUnavailable
from models.gan import Generator
from models.super_resolution import SuperResolution
from models.translation import Translation

PUBLISHED = (  # names of files: there, and back
    ("pytorch_model.bin",),
    ("latest_net_G.pth",),
    ("latest_net_G_A.pth", "latest_net_G_B.pth"),
    ("gen_AB.pth", "gen_BA.pth"),
    ("RealESRGAN_x4.pth",),
    ("RealESRGAN_x4plus.pth",),
    ("RealESRGAN_x2.pth",),
    ("RealESRGAN_x2plus.pth",),
    ("RealESRGAN_x8.pth",),
    ("realesr-general-x4v3.pth",),
    ("RRDB_ESRGAN_x4.pth",),
)
SUFFIXES = (".safetensors", ".pth", ".pt", ".bin", ".pkl")
OF_TRAINING = ("optimizer", "scheduler", "training_args", "rng_state", "scaler")  # how files begin that hold no network


def published_files(folder: Path) -> list[Path]:
    """The files of a published network in a folder: one, or one for each way; none if there are none, or several of
    which none has a well-known name."""
    for names in PUBLISHED:
        there, *back = (folder / name for name in names)
        if there.is_file():
            return [there, *(file for file in back if file.is_file())]
    files = [file.name for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []
    return [folder / name for name in [only_weights(files)] if name]


def weights_in(names: Sequence[str]) -> list[str]:
    """Those of the files of a repository or folder that may hold a network, in order."""
    return [
        name
        for name in sorted(names)
        if name.lower().endswith(SUFFIXES) and not PurePosixPath(name).name.startswith(OF_TRAINING)
    ]


def only_weights(names: Sequence[str]) -> str:
    """The one file of weights among others, the .safetensors one where there is one beside others; "" where there are
    several or none."""
    found = weights_in(names)
    safe = [name for name in found if name.endswith(".safetensors")]
    return next((one[0] for one in (safe, found) if len(one) == 1), "")


PublishedGenerator = Generator | StyleGAN2Generator | PublishedFastGAN | BigGANGenerator
Published = PublishedGenerator | Translation | SuperResolution


@dataclass(frozen=True)
class GeneratorLayout:
    """How generators of one kind are told from others and read; `check` looks at shapes only."""

    matches: Callable[[Tensors], bool]
    check: Callable[[Tensors, str], object]
    read: Callable[[Tensors, str], PublishedGenerator]


GENERATORS = (
    GeneratorLayout(dcgan.is_dcgan, dcgan.recognised, dcgan.read_dcgan),
    GeneratorLayout(stylegan2.is_stylegan2, stylegan2.recognised, stylegan2.read_stylegan2),
    GeneratorLayout(biggan.is_biggan, biggan.recognised, biggan.read_biggan),
    GeneratorLayout(fastgan.is_fastgan, fastgan.recognised, fastgan.read_fastgan),
)


def read_published(file: Path, back: Path | None = None) -> Published:
    """The generator, translator (see `read_reference`) or upscaler in a published file. Raises NetworkUnavailable."""
    tensors = read_tensors(file)
    for kind in GENERATORS:
        if kind.matches(tensors):
            return kind.read(tensors, file.name)
    if esrgan.is_upscaler(tensors):
        return esrgan.read_upscaler(tensors, file.name)
    return cyclegan.read_translator(tensors, file.name, read_tensors(back) if back else None)


def read_reference(file: Path, back: Path | None = None, *, domains: tuple[str, str] = ("a", "b")) -> Translation:
    """The translator in a published file.

    Args:
        file: .pth, .pt, .bin or .safetensors, at most 300 MB.
        back: the generator of the way back, where it has a file of its own.
        domains: names of what it translates from and to.

    Returns:
        the network in evaluation mode; it knows the way back, and has discriminators, where the file has them.

    Raises:
        NetworkUnavailable: not such a file; the message says what it is.
    """
    tensors = read_tensors(file)
    if esrgan.is_upscaler(tensors):
        raise NetworkUnavailable(f"{file.name} holds an upscaler, no translator. {ACCEPTED}")
    if any(kind.matches(tensors) for kind in GENERATORS):
        raise NetworkUnavailable(f"{file.name} holds a generator, no translator. {ACCEPTED}")
    return cyclegan.read_translator(tensors, file.name, read_tensors(back) if back else None, domains)


def check_shapes(shapes: Mapping[str, Sequence[int]], name: str) -> None:
    """Raises NetworkUnavailable unless tensors of these names and shapes are a published network of ours; so that a
    large file need not be fetched to find out."""
    tensors: Tensors = {key: torch.empty(list(shape), device="meta") for key, shape in shapes.items()}
    generator = next((kind for kind in GENERATORS if kind.matches(tensors)), None)
    if generator:
        generator.check(tensors, name)
    elif esrgan.is_upscaler(tensors):
        esrgan.recognised(tensors, name)
    else:
        cyclegan.recognised(tensors, name)
