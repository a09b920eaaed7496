"""Published upscalers: from the files of ESRGAN, BSRGAN, Real-ESRGAN and SPAN to our networks.

Accepted are RRDBNet with Real-ESRGAN's names (https://github.com/xinntao/Real-ESRGAN), with those of ESRGAN and BSRGAN
(https://github.com/cszn/BSRGAN) and with those of ESRGAN's first version (https://github.com/xinntao/ESRGAN),
SRVGGNetCompact, and SPAN (https://github.com/hongyuanyu/SPAN) with one or several branches for a convolution. The
architecture is read from the tensors' names and shapes, which all have to fit.
"""

import math
import re

import torch
from torch import Tensor
from torch.nn.functional import pad

from models.checkpoints.files import Tensors, another_architecture, differing, filled
from models.errors import InvalidInput, NetworkUnavailable
from models.super_resolution import SCALES, SuperResolution, SuperResolutionConfig

ACCEPTED = (
    "Accepted are RRDBNet (x1, x2, x4, x8) of ESRGAN, BSRGAN and Real-ESRGAN, and SRVGGNetCompact and SPAN "
    "(x1, x2, x3, x4, x8)."
)
RENAMED = (  # names of ESRGAN, and of its first version, and Real-ESRGAN's for the same
    (r"RRDB_trunk\.(\d+)\.RDB(\d)\.conv(\d)", r"body.\1.rdb\2.conv\3"),
    (r"model\.1\.sub\.(\d+)\.RDB(\d)\.conv(\d)\.0", r"body.\1.rdb\2.conv\3"),
    (r"model\.1\.sub\.\d+(?=\.(weight|bias)$)|trunk_conv", "conv_body"),
    (r"upconv(?=\d)", "conv_up"),
    (r"HRconv", "conv_hr"),
)
NUMBERED = re.compile(r"model\.(\d+)\.(weight|bias)")  # layers of ESRGAN's first version
BRANCHES = re.compile(r"(conv_1|conv_2|block_\d\.c[123]_r)\.(sk|conv\.[012]|eval_conv)\.(weight|bias)")  # of SPAN
FAITHFUL = re.compile(r"realesrnet|psnr|bsrnet|^spanx\d_ch\d", re.IGNORECASE)  # files trained without a discriminator


def is_upscaler(tensors: Tensors) -> bool:
    """Whether tensors have the names of a published upscaler."""
    ours = {"body.0.rdb1.conv1.weight", "body.0.weight", "block_1.c1_r.weight"}
    return bool(ours & renamed(tensors).keys())


def read_upscaler(tensors: Tensors, name: str) -> SuperResolution:
    """The upscaler in a published file's tensors, in evaluation mode.

    Args:
        tensors: by their names.
        name: of the file, for messages, and because nothing else tells whether details are invented.

    Raises:
        NetworkUnavailable: it is another network.
    """
    config, tensors = recognised(tensors, name)
    return filled(lambda: SuperResolution(config), {f"upscaler.{key}": part for key, part in tensors.items()})


def recognised(tensors: Tensors, name: str) -> tuple[SuperResolutionConfig, Tensors]:
    """The architecture and, by the names of ours, the tensors of a file, of which only shapes are looked at. Raises
    NetworkUnavailable unless all fit."""
    tensors = renamed(tensors)
    try:
        config = config_of(tensors, name)
        with torch.device("meta"):
            network = SuperResolution(config)
        expected = {key: part.shape for key, part in network.upscaler.state_dict().items()}
    except (InvalidInput, KeyError, IndexError) as error:
        raise another_architecture(name, error, ACCEPTED) from error
    tensors.pop("no_norm", None)
    wrong = differing(tensors, expected)
    if wrong:
        raise NetworkUnavailable(
            f"{name} begins like a network of the kind {config.architecture!r}, but {wrong[0]} is missing or differs. "
            f"{ACCEPTED}"
        )
    return config, tensors


def renamed(tensors: Tensors) -> Tensors:
    """Tensors by Real-ESRGAN's names, those of SPAN with its branches merged."""
    if any(key.startswith("block_1.c1_r.") for key in tensors):
        return merged(tensors)
    numbers = [int(number[1]) for key in tensors if (number := NUMBERED.fullmatch(key))]
    last = max(numbers, default=0)  # 0, 1, then three for each doubling, two layers, and an activation between them
    ends = {0: "conv_first", last - 2: "conv_hr", last: "conv_last"}
    found: Tensors = {}
    for key, part in tensors.items():
        if number := NUMBERED.fullmatch(key):
            layer = int(number[1])
            key = f"{ends.get(layer, f'conv_up{layer // 3}')}.{number[2]}"
        for pattern, name in RENAMED:
            key, changed = re.subn(f"^(?:{pattern})", name, key)
            if changed:
                break
        found[key] = part
    return found


def config_of(tensors: Tensors, name: str) -> SuperResolutionConfig:
    """The architecture, from the tensors' names and shapes. Raises InvalidInput, KeyError, IndexError."""
    invents = not FAITHFUL.search(name)
    if "conv_cat.weight" in tensors:
        width, channels = tensors["conv_1.weight"].shape[:2]
        check_colours(channels)
        scale = scale_of(tensors["upsampler.0.weight"], "span")
        return SuperResolutionConfig(
            architecture="span", scale=scale, width=width, centred="no_norm" not in tensors, invents=invents
        )
    numbers = [int(key.split(".")[1]) for key in tensors if re.match(r"body\.\d", key)]
    depth = max(numbers, default=-1) + 1
    if "conv_first.weight" not in tensors:
        first = tensors["body.0.weight"].shape
        check_colours(first[1])
        return SuperResolutionConfig(
            architecture="srvgg",
            scale=scale_of(tensors[f"body.{depth - 1}.weight"], "srvgg"),
            width=first[0],
            depth=(depth - 3) // 2,
            invents=invents,
        )
    first = tensors["conv_first.weight"].shape
    packing = {3: 1, 12: 2, 48: 4}.get(first[1], 0)
    if not packing:
        check_colours(first[1])
    doublings = sum(f"conv_up{number}.weight" in tensors for number in range(1, 9))
    if 2**doublings % packing or 2**doublings > 8:
        raise InvalidInput(f"it enlarges {2**doublings / packing:g} times")
    return SuperResolutionConfig(
        architecture="rrdb",
        scale=2**doublings // packing,
        width=first[0],
        depth=depth,
        growth=tensors["body.0.rdb1.conv1.weight"].shape[0],
        packing=packing,
        invents=invents,
    )


def check_colours(channels: int) -> None:
    """Raises InvalidInput unless a network reads colours."""
    if channels != 3:
        raise InvalidInput(f"it reads {channels} channels, where 3 are needed")


def scale_of(last: Tensor, architecture: str) -> int:
    """The scale, from the layer whose channels become pixels. Raises InvalidInput."""
    scale = math.isqrt(last.shape[0] // 3)
    if 3 * scale**2 != last.shape[0] or scale not in SCALES[architecture]:
        raise InvalidInput(f"its last layer has {last.shape[0]} channels")
    return scale


# --- SPAN --------------------------------------------------------------------------------------------------------


def merged(tensors: Tensors) -> Tensors:
    """The tensors of SPAN with one convolution for each that was trained as branches; what is not as expected stays.

    A branch is a convolution of 1 x 1, or three in a row, 1 x 1, 3 x 3 and 1 x 1, in one (Conv3XC.update_params of its
    authors, which overwrites what a file has under eval_conv).
    """
    layers: dict[str, Tensors] = {}
    found = {}
    for key, part in tensors.items():
        if named := BRANCHES.fullmatch(key):
            layers.setdefault(named[1], {})[f"{named[2]}.{named[3]}"] = part
        else:
            found[key] = part
    for layer, parts in layers.items():
        if "sk.weight" not in parts:  # merged already
            found |= {f"{layer}.{key.removeprefix('eval_conv.')}": part for key, part in parts.items()}
            continue
        try:
            weight, bias = merged_convolution({key: part.float() for key, part in parts.items()})
            found |= {f"{layer}.weight": weight, f"{layer}.bias": bias}
        except (KeyError, RuntimeError):  # shapes that do not follow each other: stays, and is named
            found |= {f"{layer}.{key}": part for key, part in parts.items()}
    return found


def merged_convolution(parts: Tensors) -> tuple[Tensor, Tensor]:
    """Weight (outputs, inputs, 3, 3) and bias of one layer's branches. Raises KeyError, RuntimeError."""
    first, middle, last = (parts[f"conv.{number}.weight"] for number in range(3))
    if not first.shape[2:] == last.shape[2:] == parts["sk.weight"].shape[2:] == (1, 1):
        raise RuntimeError
    inner = torch.einsum("ohij,hc->ocij", middle, first[:, :, 0, 0])
    weight = torch.einsum("ocij,po->pcij", inner, last[:, :, 0, 0])
    bias = middle.sum((2, 3)) @ parts["conv.0.bias"] + parts["conv.1.bias"]
    bias = last[:, :, 0, 0] @ bias + parts["conv.2.bias"]
    return weight + pad(parts["sk.weight"], (1, 1, 1, 1)), bias + parts["sk.bias"]
