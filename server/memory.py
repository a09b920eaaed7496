"""Memory of the process, where the C library is glibc; elsewhere nothing happens."""

import contextlib
import ctypes
from collections.abc import Iterator

M_ARENA_MAX = -8  # of malloc.h


@contextlib.contextmanager
def glibc() -> Iterator[ctypes.CDLL]:
    """The C library; what it does not know is passed over."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # a function is missing, or there is no such library
        yield ctypes.CDLL(None)


def limit_arenas() -> None:
    """Makes all threads share two pools of memory. Otherwise many threads each have their own, and memory that is free
    in one pool is of no use to the others, which costs 150 MB under load."""
    with glibc() as library:
        library.mallopt(M_ARENA_MAX, 2)


def give_back() -> None:
    """Returns free memory between blocks in use, which large pictures leave behind, to the system; takes some ms."""
    with glibc() as library:
        library.malloc_trim(0)
