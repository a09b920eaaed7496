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


def share_pools() -> None:
    """Lets all threads take memory from two pools. Each of many would have its own, and what is free in one is of no
    use to the others: 150 MB more under load."""
    with glibc() as library:
        library.mallopt(M_ARENA_MAX, 2)


def give_back() -> None:
    """Returns to the system what is free between parts in use, which large pictures leave behind; takes some ms."""
    with glibc() as library:
        library.malloc_trim(0)
