"""Files of tensors that strangers made: read by name, without running anything that they hold, in bounded memory.

torch's `weights_only` reader unpacks deflated records of any size, among others. What it is given is looked through
first: a pickle step by step (models.checkpoints.pickles), an archive by its directory.
"""

import io
import pickle
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from models.checkpoints.nvidia import LARGEST_PICKLE, Plain, is_torch, read_pickle
from models.checkpoints.pickles import MoreThanTensors, look_through_pickle
from models.errors import InvalidInput, NetworkUnavailable

Tensors = dict[str, Tensor]
NetworkKind = TypeVar("NetworkKind", bound=nn.Module)

LARGEST_FILE = 300 * 2**20  # bytes; a U-Net for 256 px has 218 MB
LARGEST_HEAD = 2 * 2**20  # bytes of names and shapes: the pickles of a file, or the head of a safetensors file
LARGEST_DIRECTORY = 8 * 2**20  # bytes of an archive's
PICKLES_OF_OLD = 5  # at the beginning of a file as torch wrote it before version 1.6
WRAPPERS = (  # names under which training scripts put a network, the averaged one first
    *(
        "g_ema",
        "G_ema",
        "params_ema",
        "params-ema",
        "params",
        "state_dict",
        "model_state_dict",
        "netG_state_dict",
        "model",
    ),
    *("generator_state_dict", "generator", "netG", "net_g", "g"),
)
PREFIXES = ("module.", "_orig_mod.", "generator.", "netG.", "net_g.")  # in front of every name
ACCEPTED = (
    "Accepted are generators of DCGAN, StyleGAN2, BigGAN-deep, FastGAN and Projected GAN, translators of "
    "pytorch-CycleGAN-and-pix2pix, CUT, UPIT, HugGAN and AnimeGANv2, and upscalers of ESRGAN, BSRGAN, Real-ESRGAN and "
    "SPAN."
)


def read_tensors(file: Path) -> Tensors:
    """All tensors of a file by their names, on the processor; wrappers and common prefixes are taken off.

    Args:
        file: .safetensors, or what torch.save wrote, at most 300 MB; .pkl of NVIDIA's code, at most 420 MB.

    Raises:
        NetworkUnavailable: not such a file; the message says what it is.
    """
    size = file.stat().st_size
    largest = LARGEST_PICKLE if file.suffix == ".pkl" else LARGEST_FILE
    if size > largest:
        raise NetworkUnavailable(f"{file.name} is larger than {largest // 2**20} MB. {ACCEPTED}")
    with file.open("rb") as opened:
        start = opened.read(64)
    if start.startswith(b"version https://git-lfs"):
        raise NetworkUnavailable(
            f"{file.name} is a pointer of Git LFS, which stands for the file; download the file itself."
        )
    try:
        if file.suffix == ".safetensors":
            (head,) = struct.unpack("<Q", start[:8])
            if head > LARGEST_HEAD:
                raise ValueError
            found: object = load_file(file)
        elif file.suffix == ".pkl" and not is_torch(start):
            found = read_pickle(file)
        else:
            look_through(file, start)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about other versions of pickle
                with torch.serialization.safe_globals([(Plain, "argparse.Namespace")]):  # a training's arguments
                    found = torch.load(file, map_location="cpu", weights_only=True)
    except (MoreThanTensors, pickle.UnpicklingError):
        raise NetworkUnavailable(
            f"{file.name} holds more than tensors, perhaps code, so it was not opened; save its state_dict() alone."
        ) from None
    except NetworkUnavailable:
        raise
    except Exception as error:  # SafetensorError, and whatever torch's reader meets in a spoilt file
        raise NetworkUnavailable(f"{file.name} is no file of tensors, or is cut off. {ACCEPTED}") from error
    tensors = by_name(found)
    if not tensors:
        raise NetworkUnavailable(f"{file.name} holds no tensors by name. {ACCEPTED}")
    check_numbers(tensors, file.name, size)
    return tensors


def filled(make: Callable[[], NetworkKind], tensors: Tensors, *, strict: bool = True) -> NetworkKind:
    """A network with tensors of a file in place of its random ones, in evaluation mode, 32 bits.

    Args:
        make: makes the network; it takes no memory then.
        tensors: by the network's names.
        strict: every tensor has to be there; else some are undefined, and the caller sets them.
    """
    with torch.device("meta"):
        network = make()
    network = network.to_empty(device="cpu")
    network.load_state_dict({key: part.float() for key, part in tensors.items()}, strict=strict)
    return network.eval().requires_grad_(False)


def differing(tensors: Tensors, expected: Mapping[str, torch.Size]) -> list[str]:
    """Names of tensors that are missing, too many, or of another shape than expected; sorted."""
    return sorted(
        key for key in tensors.keys() | expected if key not in tensors or tensors[key].shape != expected.get(key)
    )


def another_architecture(name: str, error: Exception, accepted: str = ACCEPTED) -> NetworkUnavailable:
    """What to say of a file in which tensors were looked for in vain, with the reason if it is a sentence, and what is
    accepted."""
    reason = f" ({error})" if isinstance(error, InvalidInput) else ""
    return NetworkUnavailable(f"{name} holds another architecture{reason}. {accepted}")


def by_name(found: object) -> Tensors:
    """The tensors in what a file holds; none where it is something else."""
    for _ in range(3):  # wrappers in wrappers
        inside = [found[name] for name in WRAPPERS if name in found] if isinstance(found, Mapping) else []
        found = next((part for part in inside if isinstance(part, Mapping)), found)
    if not isinstance(found, Mapping) or not all(isinstance(part, Tensor) for part in found.values()):
        return {}
    tensors = {str(name): part for name, part in found.items()}
    for prefix in PREFIXES:
        if all(name.startswith(prefix) for name in tensors):
            tensors = {name.removeprefix(prefix): part for name, part in tensors.items()}
    return tensors


def check_numbers(tensors: Tensors, name: str, size: int) -> None:
    """Raises NetworkUnavailable unless tensors are plain ones whose numbers are all in their file of `size` bytes: one
    number can pose as a tensor of any shape, which a network would then take memory for."""
    plain = all(part.layout == torch.strided and part.device.type == "cpu" for part in tensors.values())
    if not plain or sum(part.numel() * part.element_size() for part in tensors.values()) > size:
        raise NetworkUnavailable(f"The tensors in {name} are larger than the file, so it was not opened. {ACCEPTED}")
    if not all(part.isfinite().all() for part in tensors.values() if part.dtype.itemsize > 1):
        raise NetworkUnavailable(f"Some numbers in {name} are infinite or none at all; its training went wrong.")


# --- before torch reads ------------------------------------------------------------------------------------------


def look_through(file: Path, start: bytes) -> None:
    """Raises MoreThanTensors, NetworkUnavailable, ValueError and others unless torch may read a file that begins with
    `start`."""
    if start.startswith(b"PK"):
        check_directory(file)
        with zipfile.ZipFile(file) as archive:
            look_through_archive(archive, file)
    elif start.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")):
        with file.open("rb") as opened:
            pickles = io.BytesIO(opened.read(LARGEST_HEAD))
        for _ in range(PICKLES_OF_OLD):
            look_through_pickle(pickles)
    else:
        raise ValueError


def look_through_archive(archive: zipfile.ZipFile, file: Path) -> None:
    """`look_through` of an archive as torch writes it, whose parts are not deflated."""
    parts = archive.infolist()
    names = {part.filename.partition("/")[2] for part in parts}
    if "constants.pkl" in names or any(name.startswith("code/") for name in names):
        raise NetworkUnavailable(
            f"{file.name} is a TorchScript program, which would run code, so it was not opened; save its state_dict() "
            "alone."
        )
    if any(part.compress_type != zipfile.ZIP_STORED for part in parts):
        raise NetworkUnavailable(f"{file.name} is compressed, as torch.save never does; unpack it first.")
    if sum(part.file_size for part in parts) > file.stat().st_size:
        raise ValueError
    for part in parts:
        if part.filename.endswith(".pkl"):
            if part.file_size > LARGEST_HEAD:
                raise MoreThanTensors
            look_through_pickle(io.BytesIO(archive.read(part)))


def check_directory(file: Path) -> None:
    """Raises ValueError where the directory at the end of an archive is too large to be read as a whole (PKWARE,
    "APPNOTE", 4.3.14 and 4.3.16)."""
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - 2**16 - 2**10))
        tail = opened.read()
    end = tail.rindex(b"PK\5\6")
    (directory,) = struct.unpack("<L", tail[end + 12 : end + 16])
    if directory == 2**32 - 1:
        large = tail.rindex(b"PK\6\6")
        (directory,) = struct.unpack("<Q", tail[large + 40 : large + 48])
    if directory > LARGEST_DIRECTORY:
        raise ValueError
