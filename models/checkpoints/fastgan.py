"""Published FastGAN generators: from the files of others' code to our network.

Read are the layouts of https://github.com/odegeasslbc/FastGAN-pytorch (`g` of a checkpoint: `init.init.0.weight_orig`,
`feat_8.1.weight_orig`, ...) and of https://github.com/autonomousvision/projected-gan (a pickle: the same behind
`synthesis.`). Spectral normalisation (Miyato et al. 2018) with the vectors of the file, and batch normalisation, are
multiplied into the convolutions here.
"""

import torch
from torch import Tensor

from models.architectures.published_fastgan import (
    EXCITED,
    SMALLEST,
    PublishedFastGAN,
    PublishedFastGANConfig,
)
from models.checkpoints.files import ACCEPTED, Tensors, another_architecture, differing, filled
from models.errors import InvalidInput, NetworkUnavailable

FIRST = "init.init.1.running_mean"  # a name in both layouts
PROJECTED = "synthesis."  # before all names of the second
EPSILON = 1e-5  # of batch normalisation


def is_fastgan(tensors: Tensors) -> bool:
    """Whether tensors have the names of a published FastGAN generator."""
    return FIRST in tensors or PROJECTED + FIRST in tensors


def read_fastgan(tensors: Tensors, name: str) -> PublishedFastGAN:
    """The generator in a published file's tensors, in evaluation mode.

    Args:
        tensors: by their names.
        name: of the file, for messages.

    Raises:
        NetworkUnavailable: it is another network.
    """
    config, parts = recognised(tensors, name)
    network = filled(lambda: PublishedFastGAN(config), parts, strict=False)
    network.mean.copy_(network.find_mean())
    return network


def recognised(tensors: Tensors, name: str) -> tuple[PublishedFastGANConfig, Tensors]:
    """The architecture and, by the names of ours, the tensors of a file, of which only shapes are looked at. Raises
    NetworkUnavailable unless all fit."""
    projected = PROJECTED + FIRST in tensors
    theirs = {key.removeprefix(PROJECTED): part.float() for key, part in tensors.items()}
    try:
        if any(key.startswith("embed.") for key in theirs):
            raise InvalidInput("it draws what a label asks for, which is not offered here")
        config = config_of(theirs, projected=projected)
        parts = folded(theirs, config)
        with torch.device("meta"):
            expected = {key: part.shape for key, part in PublishedFastGAN(config).state_dict().items() if key != "mean"}
    except (InvalidInput, LookupError, ValueError, RuntimeError) as error:
        raise another_architecture(name, error) from error
    wrong = differing(parts, expected)
    if wrong:
        raise NetworkUnavailable(f"{name} begins like a FastGAN, but {wrong[0]} is missing or differs. {ACCEPTED}")
    return config, parts


def config_of(tensors: Tensors, *, projected: bool) -> PublishedFastGANConfig:
    """The architecture. Raises InvalidInput, LookupError."""
    first, last = weight_of(tensors, "init.init.0", 1), weight_of(tensors, "to_big", 0)
    sides = [SMALLEST]
    widths = [first.shape[1] // 2]
    while f"feat_{2 * sides[-1]}.2.weight" in tensors and sides[-1] < 1024:
        sides.append(2 * sides[-1])
        widths.append(weight_of(tensors, f"feat_{sides[-1]}.1", 0).shape[0] // 2)
    fits = [side for side, width in zip(sides, widths, strict=True) if side >= 128 and width == last.shape[1]]
    resolution = fits[-1]  # files of 128 px have unused layers of 256 px
    return PublishedFastGANConfig(
        resolution=resolution,
        channels=last.shape[0],
        latent_size=first.shape[0],
        widths=tuple(widths[: sides.index(resolution) + 1]),
        double=tuple(side for side in sides[1:] if f"feat_{side}.7.weight" in tensors and side <= resolution),
        projected=projected,
    )


def folded(tensors: Tensors, config: PublishedFastGANConfig) -> Tensors:
    """Tensors by our names, without normalisations. Raises LookupError, RuntimeError."""
    gain, shift = normalisation(tensors, "init.init.1")
    parts = {"first.weight": weight_of(tensors, "init.init.0", 1) * gain[:, None, None], "first.bias": shift}
    for side in config.sides[1:]:
        double = side in config.double
        places = ((1, 2, 3), (5, 6, 7)) if double else ((1, 0, 2),)  # convolution, noise, normalisation
        for number, (convolution, noise, norm) in enumerate(places):
            gain, shift = normalisation(tensors, f"feat_{side}.{norm}")
            ours = f"blocks.{side}.{number}"
            parts[f"{ours}.convolution.weight"] = (
                weight_of(tensors, f"feat_{side}.{convolution}", 0) * gain[:, None, None, None]
            )
            parts[f"{ours}.convolution.bias"] = shift
            parts[f"{ours}.strength"] = gain * tensors[f"feat_{side}.{noise}.weight"] if double else gain * 0
        if side in EXCITED:
            for place, layer in ((1, "first"), (3, "second")):
                parts[f"excitations.{side}.{layer}.weight"] = weight_of(tensors, f"se_{side}.main.{place}", 0)
    parts["to_picture.weight"] = weight_of(tensors, "to_big", 0)
    parts["to_picture.bias"] = tensors.get("to_big.bias", torch.zeros(config.channels))
    return parts


def weight_of(tensors: Tensors, layer: str, outputs: int) -> Tensor:
    """The weights of a convolution, with spectral normalisation where the file has it in either of torch's forms.
    `outputs` is the dimension of its outputs. Raises KeyError, RuntimeError."""
    for names in (
        ("weight_orig", "weight_u", "weight_v"),
        ("parametrizations.weight.original", "parametrizations.weight.0._u", "parametrizations.weight.0._v"),
    ):
        if f"{layer}.{names[0]}" in tensors:
            weight, u, v = (tensors[f"{layer}.{name}"] for name in names)
            return weight / (u @ (weight.transpose(0, outputs).flatten(1) @ v))
    return tensors[f"{layer}.weight"]


def normalisation(tensors: Tensors, layer: str) -> tuple[Tensor, Tensor]:
    """What a batch normalisation multiplies by and adds. Raises KeyError, RuntimeError."""
    weight, bias, mean, variance = (
        tensors[f"{layer}.{name}"] for name in ("weight", "bias", "running_mean", "running_var")
    )
    gain = weight * torch.rsqrt(variance + EPSILON)
    return gain, bias - mean * gain
