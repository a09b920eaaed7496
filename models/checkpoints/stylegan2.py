"""Published StyleGAN2 generators: from the files of others' code to our network.

Read are the layouts of https://github.com/rosinality/stylegan2-pytorch (`g_ema` of a state dict: `style.1.weight`,
`convs.0.conv.modulation.weight`, ...) and of https://github.com/NVlabs/stylegan2-ada-pytorch (`synthesis.b4.const`,
...). Scales that hold weights equal in training (Karras et al., "Progressive Growing of GANs", 2018, section 4.1) are
multiplied into the weights here.
"""

import math
import re

import torch

from models.architectures.stylegan2 import SMALLEST, StyleGAN2Config, StyleGAN2Generator
from models.checkpoints.files import ACCEPTED, Tensors, another_architecture, differing, filled
from models.errors import InvalidInput, NetworkUnavailable

MAPPING_RATE = 0.01  # learning rate of the mapping network, and so the scale of its weights, in both codes
FIRST = ("conv1.conv.modulation.weight", "synthesis.b4.const")  # a name in each layout
ROSINALITY = (  # names of a layer, ours for the same
    ("conv.weight", "weight"),
    ("conv.modulation.", "style."),
    ("noise.weight", "strength"),
    ("activate.bias", "bias"),
)
NVIDIA = (("affine.", "style."), ("noise_const", "noise"), ("noise_strength", "strength"))
NOISE_SEED = 0  # of the noise of files that keep none


def is_stylegan2(tensors: Tensors) -> bool:
    """Whether tensors have the names of a published StyleGAN2 generator."""
    return any(name in tensors for name in FIRST)


def read_stylegan2(tensors: Tensors, name: str) -> StyleGAN2Generator:
    """The generator in a published file's tensors, in evaluation mode.

    Args:
        tensors: by their names.
        name: of the file, for messages.

    Raises:
        NetworkUnavailable: it is another network.
    """
    config, parts = recognised(tensors, name)
    network = filled(lambda: StyleGAN2Generator(config), parts, strict=False)
    source = torch.Generator().manual_seed(NOISE_SEED)
    for number, layer in enumerate(network.layers):
        if f"layers.{number}.noise" not in parts:
            layer.noise.normal_(generator=source)  # type: ignore[operator]
    if "mean" not in parts:
        network.mean.copy_(network.find_mean())
    return network


def recognised(tensors: Tensors, name: str) -> tuple[StyleGAN2Config, Tensors]:
    """The architecture and, by the names of ours, the tensors of a file, of which only shapes are looked at. Raises
    NetworkUnavailable unless all fit."""
    try:
        parts = from_nvidia(tensors) if FIRST[1] in tensors else from_rosinality(tensors)
        if any(key.startswith("mapping.embed") for key in tensors):
            raise InvalidInput("it draws what a label asks for, which is not offered here")
        config = config_of(parts)
        with torch.device("meta"):
            expected = {key: part.shape for key, part in StyleGAN2Generator(config).state_dict().items()}
    except (InvalidInput, LookupError, ValueError, RuntimeError) as error:  # of shapes that cannot be
        raise another_architecture(name, error) from error
    needless = {key for key in expected if key == "mean" or key.endswith(".noise")}
    wrong = differing(parts, {key: shape for key, shape in expected.items() if key in parts or key not in needless})
    if wrong:
        raise NetworkUnavailable(f"{name} begins like a StyleGAN2, but {wrong[0]} is missing or differs. {ACCEPTED}")
    return config, scaled(parts)


def config_of(parts: Tensors) -> StyleGAN2Config:
    """The architecture, from tensors by our names. Raises InvalidInput, KeyError, IndexError."""
    last = max(int(key.split(".")[1]) for key in parts if key.startswith("layers."))  # two for each doubling
    first = parts["mapping.0.weight"]  # (style_size, latent_size)
    return StyleGAN2Config(
        resolution=SMALLEST << min(last // 2, 20),
        channels=parts["colours.0.weight"].shape[0],
        latent_size=first.shape[1],
        style_size=first.shape[0],
        depth=len({key for key in parts if re.fullmatch(r"mapping\.\d+\.weight", key)}),
        widths=tuple(parts[f"layers.{number}.weight"].shape[0] for number in range(0, last + 1, 2)),
    )


def from_rosinality(tensors: Tensors) -> Tensors:
    """Tensors of rosinality's names, by ours."""
    parts: Tensors = {}
    for key, part in tensors.items():
        layer, _, rest = key.partition(".")
        number, _, inner = rest.partition(".")
        if layer in ("convs", "to_rgbs", "style") and number.isdecimal():
            place, rest = int(number), inner
        else:
            place = -1  # of conv1, to_rgb1
        if rest.endswith(".kernel"):
            parts["kernel"] = part.reshape(part.shape[-2:])
        elif layer == "style":
            parts[f"mapping.{place - 1}.{rest}"] = part
        elif layer == "noises":
            parts[f"layers.{rest.removeprefix('noise_')}.noise"] = part.reshape(part.shape[-2:])
        elif layer in ("conv1", "convs"):
            parts[f"layers.{place + 1}.{renamed(rest, ROSINALITY)}"] = flat(part, rest)
        elif layer in ("to_rgb1", "to_rgbs"):
            parts[f"colours.{place + 1}.{renamed(rest, ROSINALITY)}"] = flat(part, rest, of_colours=True)
        else:
            parts[{"input.input": "constant", "latent_avg": "mean"}.get(key, key)] = part.squeeze(0)
    return parts


def flat(part: torch.Tensor, name: str, *, of_colours: bool = False) -> torch.Tensor:
    """A weight or bias of rosinality's without sizes of 1."""
    if name == "conv.weight":
        return part.squeeze(0).flatten(1) if of_colours else part.squeeze(0)
    return part.reshape(-1) if name == "bias" else part


def from_nvidia(tensors: Tensors) -> Tensors:
    """Tensors of NVIDIA's names, by ours."""
    parts: Tensors = {}
    for key, part in tensors.items():
        found = re.fullmatch(r"synthesis\.b(\d+)\.(?:(conv0|conv1|torgb)\.)?(.+)", key)
        if linear := re.fullmatch(r"mapping\.fc(\d+)\.(weight|bias)", key):
            parts[f"mapping.{linear[1]}.{linear[2]}"] = part
        elif key == "mapping.w_avg":
            parts["mean"] = part
        elif not found:
            parts[key] = part
        elif found[3] == "resample_filter":
            parts["kernel"] = part * 4
        elif found[3] == "const":
            parts["constant"] = part
        else:
            doubling = int(found[1]).bit_length() - 3  # 0 of 4 px, 1 of 8 px
            inner = renamed(found[3], NVIDIA)
            if found[2] == "torgb":
                parts[f"colours.{doubling}.{inner}"] = part.flatten(1) if inner == "weight" else part
            else:
                place = 2 * doubling - (found[2] == "conv0")
                parts[f"layers.{place}.{inner}"] = part.reshape(1) if inner == "strength" else part
    return parts


def renamed(name: str, table: tuple[tuple[str, str], ...]) -> str:
    """A name with its beginning replaced by that of a table."""
    for old, new in table:
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name


def scaled(parts: Tensors) -> Tensors:
    """Tensors by our names, with the scales of training multiplied in."""
    result: Tensors = {}
    for key, part in parts.items():
        rate = MAPPING_RATE if key.startswith("mapping.") else 1.0
        if key.endswith("weight"):
            part = part.float() * (rate / math.sqrt(part[0].numel()))
        elif key.startswith("mapping."):
            part = part.float() * rate
        result[key] = part
    return result
