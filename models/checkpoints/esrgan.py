"""Published upscalers: from the files of Real-ESRGAN and ESRGAN to our networks.

Accepted are RRDBNet with Real-ESRGAN's names (https://github.com/xinntao/Real-ESRGAN), with those of ESRGAN and with
those of its first version (https://github.com/xinntao/ESRGAN), and SRVGGNetCompact. The architecture is read from the
tensors' names and shapes, which all have to fit.
"""

import re

import torch
from torch import Tensor

from models.errors import InvalidInput, NetworkUnavailable
from models.super_resolution import SuperResolution, SuperResolutionConfig

Tensors = dict[str, Tensor]

ACCEPTED = (
    "Accepted are RRDBNet (x2, x4, x8) and SRVGGNetCompact (x2, x3, x4) of Real-ESRGAN, and RRDBNet of ESRGAN (x4)."
)
RENAMED = (  # names of ESRGAN, and of its first version, and Real-ESRGAN's for the same
    (r"RRDB_trunk\.(\d+)\.RDB(\d)\.conv(\d)", r"body.\1.rdb\2.conv\3"),
    (r"model\.1\.sub\.(\d+)\.RDB(\d)\.conv(\d)\.0", r"body.\1.rdb\2.conv\3"),
    (r"model\.1\.sub\.\d+(?=\.(weight|bias)$)|trunk_conv", "conv_body"),
    (r"model\.0(?=\.)", "conv_first"),
    (r"model\.3(?=\.)|upconv1", "conv_up1"),
    (r"model\.6(?=\.)|upconv2", "conv_up2"),
    (r"model\.8(?=\.)|HRconv", "conv_hr"),
    (r"model\.10(?=\.)", "conv_last"),
)


def is_upscaler(tensors: Tensors) -> bool:
    """Whether tensors have the names of a published upscaler."""
    return bool({"body.0.rdb1.conv1.weight", "body.0.weight"} & {renamed(key) for key in tensors})


def read_upscaler(tensors: Tensors, name: str) -> SuperResolution:
    """The upscaler in a published file's tensors, in evaluation mode.

    Args:
        tensors: by their names.
        name: of the file, for messages.

    Raises:
        NetworkUnavailable: it is another network.
    """
    tensors = {renamed(key): part for key, part in tensors.items()}
    try:
        config = config_of(tensors)
        with torch.device("meta"):
            network = SuperResolution(config)
        expected = {key: part.shape for key, part in network.upscaler.state_dict().items()}
    except (InvalidInput, KeyError, IndexError) as error:
        reason = f" ({error})" if isinstance(error, InvalidInput) else ""
        raise NetworkUnavailable(f"{name} holds another architecture{reason}. {ACCEPTED}") from error
    wrong = sorted(
        key for key in expected.keys() | tensors if key not in tensors or tensors[key].shape != expected.get(key)
    )
    if wrong:
        raise NetworkUnavailable(
            f"{name} begins like a network of the kind {config.architecture!r}, but {wrong[0]} is missing or differs. "
            f"{ACCEPTED}"
        )
    network = network.to_empty(device="cpu")
    network.upscaler.load_state_dict({key: part.float() for key, part in tensors.items()})
    ready: SuperResolution = network.eval().requires_grad_(False)
    return ready


def renamed(key: str) -> str:
    """The name that Real-ESRGAN has for a tensor."""
    for pattern, name in RENAMED:
        key, changed = re.subn(f"^(?:{pattern})", name, key)
        if changed:
            break
    return key


def config_of(tensors: Tensors) -> SuperResolutionConfig:
    """The architecture, from the tensors' names and shapes. Raises InvalidInput, KeyError, IndexError."""
    numbers = [int(key.split(".")[1]) for key in tensors if key.startswith("body.")]
    depth = max(numbers, default=-1) + 1
    if "conv_first.weight" not in tensors:
        last = tensors[f"body.{depth - 1}.weight"].shape[0]
        scale = {12: 2, 27: 3, 48: 4}.get(last, 0)
        return SuperResolutionConfig(
            architecture="srvgg",
            scale=scale,
            width=tensors["body.0.weight"].shape[0],
            depth=(depth - 3) // 2,
            invents=True,
        )
    first = tensors["conv_first.weight"].shape
    scale = 2 if first[1] == 12 else 8 if "conv_up3.weight" in tensors else 4
    return SuperResolutionConfig(
        architecture="rrdb",
        scale=scale,
        width=first[0],
        depth=depth,
        growth=tensors["body.0.rdb1.conv1.weight"].shape[0],
        invents=True,
    )
