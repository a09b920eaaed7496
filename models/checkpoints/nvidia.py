"""NVIDIA's pickles: the tensors of `G_ema`, without the classes around them and without running anything.

stylegan2-ada-pytorch and what was built upon it (https://github.com/NVlabs/stylegan2-ada-pytorch,
torch_utils/persistence.py; Projected GAN, too) pickle whole networks with the source text of their classes, which
loading them would run. Here every name in such a pickle stands for `Plain`, which only keeps what it is given; tensors
are made from the bytes of their numbers. The pickle is looked through first (models.checkpoints.pickles).
"""

import io
import pickle
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import torch
from torch import Tensor

from models.checkpoints.pickles import MoreThanTensors, look_through_pickle

LARGEST_PICKLE = 420 * 2**20  # bytes; three networks for 1024 px have 382 MB
DEEPEST_MODULE = 12  # modules within modules
KINDS = {  # of the numbers in a storage
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "DoubleStorage": torch.float64,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "BoolStorage": torch.bool,
    "ByteStorage": torch.uint8,
}
LARGEST_HEAD = 2000  # bytes of the five pickles before the numbers of a storage


class Plain(dict[Any, Any]):
    """What stands for every object of a pickle: what it was made with, what it was set to, and what it holds."""

    given: tuple[Any, ...] = ()
    state: object = None

    def __init__(self, *given: object):
        super().__init__()
        self.given = given

    def __setstate__(self, state: object) -> None:
        self.state = state

    def __reduce__(self) -> NoReturn:
        raise pickle.PicklingError

    def append(self, item: object) -> None:
        """Objects that are lists lose their items."""

    def extend(self, items: object) -> None:
        """As `append`."""


def kind_of(module: str, name: str) -> type[Plain]:
    """What stands for a name in a pickle: a class of its own for the few that are told apart."""
    return KNOWN.get((module, name), Plain)


class Persistent(Plain):
    """An object with the source text of its class: given ({"state": ..., ...},)."""


class Rebuilt(Plain):
    """A tensor: given (storage, offset, size, stride, ...)."""


class Parameter(Plain):
    """A parameter: given (tensor, ...)."""


class Storage(Plain):
    """Numbers: given (bytes,)."""


KNOWN: dict[tuple[str, str], type[Plain]] = {
    ("torch_utils.persistence", "_reconstruct_persistent_obj"): Persistent,
    ("torch._utils", "_rebuild_tensor_v2"): Rebuilt,
    ("torch._utils", "_rebuild_parameter"): Parameter,
    ("torch.storage", "_load_from_bytes"): Storage,
}


class Inert(pickle.Unpickler):
    """Makes nothing but numbers, texts, lists, tuples, dictionaries and `Plain`."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        """The stand-in of any name."""
        return kind_of(module_name, global_name)

    def persistent_load(self, pid: object) -> NoReturn:
        """There is nothing beside the pickle."""
        raise pickle.UnpicklingError


def is_torch(start: bytes) -> bool:
    """Whether a file that begins so was written by torch.save: an archive, or torch's number in a pickle of its own."""
    return start.startswith(b"PK") or start[2:4] == b"\x8a\n"


def read_pickle(file: Path) -> dict[str, Tensor]:
    """The tensors of `G_ema` by their names; none where the pickle holds something else.

    Raises:
        MoreThanTensors, ValueError and others: it is no pickle, or takes too much to read.
    """
    with file.open("rb") as opened:
        look_through_pickle(opened, own=False)
        opened.seek(0)
        found = Inert(opened).load()
    networks = found if isinstance(found, dict) else {}
    best = next((networks[name] for name in ("G_ema", "G") if name in networks), None)
    return dict(tensors_of(best, "", 0))


def tensors_of(module: object, prefix: str, depth: int) -> Iterator[tuple[str, Tensor]]:
    """The tensors of a module and those within it."""
    state = state_of(module)
    if depth > DEEPEST_MODULE:
        raise MoreThanTensors
    for group in ("_parameters", "_buffers"):
        for name, part in members(state, group):
            if part is not None:
                yield f"{prefix}{name}", tensor_of(part)
    for name, inner in members(state, "_modules"):
        yield from tensors_of(inner, f"{prefix}{name}.", depth + 1)


def state_of(module: object) -> dict[Any, Any]:
    """The attributes of a module; none of what is no module."""
    if isinstance(module, Persistent):
        meta = module.given[0] if module.given else None
        state = meta.get("state") if isinstance(meta, dict) else None
    else:
        state = module.state if isinstance(module, Plain) else None
    return state if isinstance(state, dict) else {}


def members(state: dict[Any, Any], group: str) -> list[tuple[str, object]]:
    """What a module keeps under a name."""
    found = state.get(group)
    return [(str(name), part) for name, part in found.items()] if isinstance(found, dict) else []


def tensor_of(part: object) -> Tensor:
    """A tensor from its numbers, in memory of its own. Raises ValueError, TypeError, RuntimeError."""
    if isinstance(part, Parameter):
        part = part.given[0]
    if not isinstance(part, Rebuilt) or not isinstance(part.given[0], Storage):
        raise ValueError
    storage, offset, size, stride = part.given[:4]
    numbers = numbers_of(storage.given[0])
    if min([offset, *size, *stride], default=0) < 0:
        raise ValueError
    last = offset + sum((count - 1) * step for count, step in zip(size, stride, strict=True))
    count = torch.Size(size).numel()
    if last >= len(numbers) or count > len(numbers):  # one number can pose as a tensor of any shape
        raise ValueError
    return numbers.as_strided(size, stride, offset).clone()


def numbers_of(content: object) -> Tensor:
    """The numbers of a storage as torch.save wrote it before version 1.6: five pickles, a count of 8 bytes, and the
    numbers. Raises ValueError."""
    if not isinstance(content, bytes):
        raise ValueError
    head = io.BytesIO(content[:LARGEST_HEAD])
    for number in range(5):
        begun = head.tell()
        look_through_pickle(head, own=True)
        if number == 3:  # ("storage", kind, key, place, count, view)
            names = head.getvalue()[begun : head.tell()]
    kinds = [kind for name, kind in KINDS.items() if f"ctorch\n{name}\n".encode() in names]
    if len(kinds) != 1:
        raise ValueError
    start = head.tell() + 8
    (count,) = struct.unpack("<q", content[start - 8 : start])
    if count < 0 or start + count * kinds[0].itemsize > len(content):
        raise ValueError
    return torch.frombuffer(bytearray(memoryview(content)[start:]), dtype=kinds[0], count=count)
