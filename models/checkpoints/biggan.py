"""Published BigGAN-deep generators: from the files of https://github.com/huggingface/pytorch-pretrained-BigGAN to our
network (`embeddings.weight`, `generator.gen_z.weight_orig`, `generator.layers.0.bn_0.running_means`, ...). Spectral
normalisation (Miyato et al. 2018) with the vectors of the file is multiplied into the weights here.
"""

import re

import torch
from torch import Tensor

from models.architectures.biggan import BigGANConfig, BigGANGenerator
from models.checkpoints.files import ACCEPTED, Tensors, another_architecture, differing, filled
from models.errors import InvalidInput, NetworkUnavailable

FIRST = "gen_z.weight_orig"  # a name in the layout, behind `generator.` where nothing was taken off
ATTENTION = {  # names of self-attention, ours for the same
    "snconv1x1_theta": "query",
    "snconv1x1_phi": "key",
    "snconv1x1_g": "content",
    "snconv1x1_o_conv": "back",
}


def is_biggan(tensors: Tensors) -> bool:
    """Whether tensors have the names of a published BigGAN-deep generator."""
    return f"generator.{FIRST}" in tensors and "embeddings.weight" in tensors


def read_biggan(tensors: Tensors, name: str) -> BigGANGenerator:
    """The generator in a published file's tensors, in evaluation mode.

    Args:
        tensors: by their names.
        name: of the file, for messages.

    Raises:
        NetworkUnavailable: it is another network.
    """
    config, parts = recognised(tensors, name)
    return filled(lambda: BigGANGenerator(config), parts)


def recognised(tensors: Tensors, name: str) -> tuple[BigGANConfig, Tensors]:
    """The architecture and, by the names of ours, the tensors of a file, of which only shapes are looked at. Raises
    NetworkUnavailable unless all fit."""
    theirs = {key.removeprefix("generator."): part for key, part in tensors.items()}
    try:
        config = config_of(theirs)
        parts = renamed(theirs, config)
        with torch.device("meta"):
            expected = {key: part.shape for key, part in BigGANGenerator(config).state_dict().items()}
    except (InvalidInput, LookupError, ValueError, RuntimeError) as error:
        raise another_architecture(name, error) from error
    wrong = differing(parts, expected)
    if wrong:
        raise NetworkUnavailable(f"{name} begins like a BigGAN, but {wrong[0]} is missing or differs. {ACCEPTED}")
    return config, parts


def layers_of(tensors: Tensors) -> tuple[list[int], int]:
    """The numbers of the blocks among the layers, and that of self-attention, -1 if there is none."""
    numbers = sorted({int(found[1]) for key in tensors if (found := re.match(r"layers\.(\d+)\.", key))})
    attention = [number for number in numbers if f"layers.{number}.gamma" in tensors]
    return [number for number in numbers if number not in attention], attention[0] if attention else -1


def config_of(tensors: Tensors) -> BigGANConfig:
    """The architecture. Which blocks double is not in a file: every second one does, as in all three published sizes,
    whose blocks with fewer channels behind are among them. Raises InvalidInput, LookupError."""
    numbers, attention = layers_of(tensors)
    widths = [
        (tensors[f"layers.{n}.conv_0.weight_orig"].shape[1], tensors[f"layers.{n}.conv_3.weight_orig"].shape[0])
        for n in numbers
    ]
    if any(before != after and place % 2 == 0 for place, (before, after) in enumerate(widths)):
        raise InvalidInput("its blocks are not those of BigGAN-deep")
    size, classes = tensors["embeddings.weight"].shape
    return BigGANConfig(
        latent_size=size,
        classes=classes,
        blocks=tuple((before, after, place % 2 == 1) for place, (before, after) in enumerate(widths)),
        attention=-1 if attention < 0 else sum(number < attention for number in numbers),
        statistics=len(tensors["bn.running_means"]),
    )


def renamed(tensors: Tensors, config: BigGANConfig) -> Tensors:
    """Tensors by our names, without spectral normalisation. Raises LookupError, RuntimeError."""
    numbers, attention = layers_of(tensors)
    parts = {
        "classes.weight": tensors["embeddings.weight"].T,
        "first.weight": weight_of(tensors, "gen_z"),
        "first.bias": tensors["gen_z.bias"],
        "norm.means": tensors["bn.running_means"],
        "norm.variances": tensors["bn.running_vars"],
        "norm.gain": tensors["bn.weight"],
        "norm.shift": tensors["bn.bias"],
        "to_picture.weight": weight_of(tensors, "conv_to_rgb")[: config.channels],  # the others are thrown away
        "to_picture.bias": tensors["conv_to_rgb.bias"][: config.channels],
    }
    for place, number in enumerate(numbers):
        for step in range(4):
            theirs, ours = f"layers.{number}.bn_{step}", f"blocks.{place}.norms.{step}"
            parts[f"{ours}.means"] = tensors[f"{theirs}.running_means"]
            parts[f"{ours}.variances"] = tensors[f"{theirs}.running_vars"]
            parts[f"{ours}.gain.weight"] = weight_of(tensors, f"{theirs}.scale")
            parts[f"{ours}.shift.weight"] = weight_of(tensors, f"{theirs}.offset")
            theirs, ours = f"layers.{number}.conv_{step}", f"blocks.{place}.convolutions.{step}"
            parts[f"{ours}.weight"] = weight_of(tensors, theirs)
            parts[f"{ours}.bias"] = tensors[f"{theirs}.bias"]
    if attention >= 0:
        parts["attention.strength"] = tensors[f"layers.{attention}.gamma"]
        for theirs, ours in ATTENTION.items():
            parts[f"attention.{ours}.weight"] = weight_of(tensors, f"layers.{attention}.{theirs}")
    return parts


def weight_of(tensors: Tensors, layer: str) -> Tensor:
    """The weights of a layer, divided by their spectral norm. Raises KeyError, RuntimeError."""
    weight, left = tensors[f"{layer}.weight_orig"].float(), tensors[f"{layer}.weight_u"].float()
    right = tensors.get(f"{layer}.weight_v")
    across = left @ weight.flatten(1)  # (inputs,)
    return weight / (across @ right.float() if right is not None else across.norm())
