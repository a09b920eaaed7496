"""Published networks: from the files of the reference code of CycleGAN and pix2pix, and of UPIT, to our networks; those
of Real-ESRGAN and ESRGAN go on to models.checkpoints.esrgan.

The reference (https://github.com/junyanz/pytorch-CycleGAN-and-pix2pix) saves one generator per file
(`latest_net_G.pth`, `latest_net_G_A.pth`): a ResNet of 6 or 9 blocks, or a U-Net for sides of 128 or 256. UPIT
(https://github.com/tmabraham/UPIT) saves all four networks in `pytorch_model.bin`, `G_B` leading from A to B. The
architecture is read from the tensors' names and shapes; code in a file is never run.
"""

import pickle
import re
import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from models.checkpoints.esrgan import is_upscaler, read_upscaler
from models.errors import InvalidInput, NetworkUnavailable
from models.super_resolution import SuperResolution
from models.translation import Translation, TranslationConfig

LARGEST_FILE = 300 * 2**20  # bytes; a U-Net for 256 px has 218 MB
PIXELS = 256 * 256  # area that published networks were trained at
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
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")  # ours always normalise by the batch
ACCEPTED = (
    "Accepted are generators of pytorch-CycleGAN-and-pix2pix (ResNet with 6 or 9 blocks, U-Net 128 or 256), the "
    "pytorch_model.bin of UPIT, and upscalers of Real-ESRGAN and ESRGAN."
)

Tensors = dict[str, Tensor]


def published_files(folder: Path) -> list[Path]:
    """The files of a published translator in a folder: one, or one for each way; none if there are none."""
    for names in PUBLISHED:
        there, *back = (folder / name for name in names)
        if there.is_file():
            return [there, *(file for file in back if file.is_file())]
    return []


def read_published(file: Path, back: Path | None = None) -> Translation | SuperResolution:
    """The translator (see `read_reference`) or upscaler in a published file. Raises NetworkUnavailable."""
    tensors = read_tensors(file)
    return read_upscaler(tensors, file.name) if is_upscaler(tensors) else translator(tensors, file.name, back)


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
    return translator(read_tensors(file), file.name, back, domains)


def translator(tensors: Tensors, name: str, back: Path | None, domains: tuple[str, str] = ("a", "b")) -> Translation:
    """`read_reference` of a file's tensors."""
    if any(key.startswith("G_B.") for key in tensors):
        generators = [part_of(tensors, "G_B."), part_of(tensors, "G_A.")]
        critics = [part_of(tensors, "D_B."), part_of(tensors, "D_A.")]
    else:
        generators, critics = [part_of(tensors, ""), *([part_of(read_tensors(back), "")] if back else [])], []
    return build(generators, critics, name, domains)


def read_tensors(file: Path) -> Tensors:
    """All tensors of a file by their names. Raises NetworkUnavailable."""
    if file.stat().st_size > LARGEST_FILE:
        raise NetworkUnavailable(f"{file.name} is larger than {LARGEST_FILE // 2**20} MB. {ACCEPTED}")
    try:
        if file.suffix == ".safetensors":
            found: object = load_file(file)
        else:
            with file.open("rb") as opened:
                if opened.read(2) not in (b"PK", b"\x80\x02", b"\x80\x04"):  # an archive, or a pickle of old
                    raise ValueError
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about other versions of pickle
                found = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise NetworkUnavailable(
            f"{file.name} holds more than tensors, perhaps code, so it was not opened; save its state_dict() alone."
        ) from None
    except (SafetensorError, OSError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise NetworkUnavailable(f"{file.name} is no file of tensors, or is cut off. {ACCEPTED}") from error
    for inside in ("state_dict", "params_ema", "params"):
        if isinstance(found, Mapping) and isinstance(found.get(inside), Mapping):
            found = found[inside]
            break
    if not isinstance(found, Mapping) or not found or not all(isinstance(part, Tensor) for part in found.values()):
        raise NetworkUnavailable(f"{file.name} holds no tensors by name. {ACCEPTED}")
    return {str(name).removeprefix("module."): part for name, part in found.items()}


def build(generators: list[Tensors], critics: list[Tensors], name: str, domains: tuple[str, str]) -> Translation:
    """A translator from the tensors of its networks. Raises NetworkUnavailable."""
    try:
        configs = [config_of(part, domains, both=len(generators) == 2) for part in generators]
        if any(config != configs[0] for config in configs):
            raise InvalidInput("Its two generators differ.")
        width = critic_width(critics, configs[0].channels)
        config = TranslationConfig(**{**vars(configs[0]), "critic_width": width})
    except (InvalidInput, KeyError, IndexError) as error:
        reason = f" ({error})" if isinstance(error, InvalidInput) else ""
        raise NetworkUnavailable(f"{name} holds another architecture{reason}. {ACCEPTED}") from error
    with torch.device("meta"):
        network = Translation(config)
    parts = {f"generators.{way}.{key}": part for way, own in enumerate(generators) for key, part in own.items()}
    if width:
        parts |= {f"critics.{way}.{key}": part for way, own in enumerate(critics) for key, part in own.items()}
    expected = {key: part.shape for key, part in network.state_dict().items() if not key.startswith("likeness")}
    wrong = sorted(key for key in parts.keys() | expected if key not in parts or parts[key].shape != expected.get(key))
    if wrong:
        raise NetworkUnavailable(
            f"{name} begins like a {config.architecture} of ours, but {wrong[0]} is missing or differs. {ACCEPTED}"
        )
    network = network.to_empty(device="cpu")
    for key in ("likeness_mean", "likeness_limit"):
        getattr(network, key).zero_()
    network.load_state_dict({key: part.float() for key, part in parts.items()}, strict=False)
    ready: Translation = network.eval().requires_grad_(False)
    return ready


def part_of(tensors: Tensors, prefix: str) -> Tensors:
    """The tensors of one network, without its prefix and without running statistics, as ours names them."""
    own = {key.removeprefix(prefix): part for key, part in tensors.items() if key.startswith(prefix)}
    own = {key: part for key, part in own.items() if not key.endswith(STATISTICS)}
    if own and all(re.match(r"\d", key) for key in own):  # saved without the module that holds the layers
        own = {f"model.{key}": part for key, part in own.items()}
    return own


def config_of(tensors: Tensors, domains: tuple[str, str], *, both: bool) -> TranslationConfig:
    """The architecture of a generator. Raises InvalidInput, KeyError, IndexError."""
    if "model.model.0.weight" in tensors:
        first = tensors["model.model.0.weight"]  # (w, inputs, 4, 4)
        last = tensors["model.model.3.weight"]  # (2w, outputs, 4, 4)
        outputs = last.shape[1]
        levels = max(key.count("model.") for key in tensors)
        more = {"architecture": "unet", "halvings": levels - 1, "norm": "batch", "paired": True, "blocks": 0}
        if "model.model.1.model.1.bias" in tensors:
            more["norm"] = "instance"
    else:
        first = tensors["model.1.weight"]  # (w, inputs, 7, 7)
        blocks = len([key for key in tensors if key.endswith("conv_block.1.weight")])
        last = tensors[f"model.{10 + blocks + 7}.weight"]  # (outputs, w, 7, 7)
        outputs = last.shape[0]
        norm = "instance" if "model.1.bias" in tensors else "batch"
        more = {"architecture": "resnet", "blocks": blocks, "norm": norm}
    if first.shape[1] != outputs or outputs not in (1, 3):
        raise InvalidInput(f"it makes {outputs} channels from {first.shape[1]}, where 3 from 3 or 1 from 1 are needed")
    return TranslationConfig(
        domains=domains,
        both=both,
        channels=outputs,
        width=first.shape[0],
        keeps=False,
        critic_width=0,
        pixels=PIXELS,
        merge="guided" if more["architecture"] == "resnet" else "enlarge",
        **more,  # type: ignore[arg-type]
    )


def critic_width(critics: list[Tensors], channels: int) -> int:
    """Feature maps of the discriminators, 0 where there are none of our form."""
    widths = set()
    for part in critics:
        first, last = part.get("model.0.weight"), part.get("model.11.weight")
        if first is None or last is None or first.shape[1] != channels or last.shape[1] != 8 * first.shape[0]:
            return 0
        widths.add(first.shape[0])
    return int(widths.pop()) if len(widths) == 1 else 0
