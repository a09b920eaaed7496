"""The folder of temporary files: fresh at every start, swept while the page runs, gone when it stops."""

import atexit
import contextlib
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

from server import memory

PREFIX = "latent-lab-"
IN_USE = ".in-use"  # a file that its process keeps locked
CACHE, OTHERS = "cache", "others"  # Gradio serves a file in the first to anybody who knows its name
OLDEST = 1200.0  # seconds that a file may stay; Gradio's own limit, which knows what it needs, is 600
OLDEST_EMPTY = 60.0  # seconds that an empty folder may stay; Gradio leaves one behind for every file
PAUSE = 60.0  # seconds between two sweeps
FRESH = 2.0  # seconds for which a measurement of the folder holds


def claim() -> Path:
    """A new folder for what Gradio keeps, beside one for all other temporary files of this process. Those of processes
    that were killed are removed."""
    remove_orphans(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    hold(folder / IN_USE)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for part in (CACHE, OTHERS):
        (folder / part).mkdir()
    tempfile.tempdir = str(folder / OTHERS)
    threading.Thread(target=keep_swept, args=(folder,), name="sweep", daemon=True).start()
    return folder / CACHE


def hold(file: Path) -> bool:
    """Locks a file until this process ends, however it ends; False where another process has it."""
    try:
        import fcntl
    except ImportError:  # Windows
        return False
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return False
    return True


def remove_orphans(parent: Path) -> None:
    """Removes the folders of processes that are no more; such a folder's lock is free."""
    for folder in parent.glob(PREFIX + "*"):
        with contextlib.suppress(OSError):
            if (folder / IN_USE).is_file() and hold(folder / IN_USE):
                shutil.rmtree(folder, ignore_errors=True)


class Room:
    """Whether the folder has room for more; measured every FRESH seconds at most."""

    def __init__(self, folder: Path, most: int, least_free: int):
        """most: bytes that its files may take; least_free: bytes that stay free on the disk."""
        self.folder, self.most, self.least_free = folder, most, least_free
        self.found, self.looked = True, -FRESH

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self.looked >= FRESH:
            self.looked = now
            taken = 0
            for file in self.folder.rglob("*"):
                with contextlib.suppress(OSError):
                    taken += file.stat().st_size
            self.found = taken <= self.most and shutil.disk_usage(self.folder).free >= self.least_free
        return self.found


def keep_swept(folder: Path) -> None:
    """Sweeps forever, in a thread of its own."""
    while True:
        time.sleep(PAUSE)
        with contextlib.suppress(OSError):
            sweep(folder, time.time())
        memory.give_back()


def sweep(folder: Path, now: float) -> None:
    """Removes old files, and folders that have been empty for a while.

    Args:
        folder: of `claim`; what is inside its parts is swept, the parts stay.
        now: seconds since 1970.
    """
    for place, _, files in os.walk(folder, topdown=False):
        for name in files:
            file = Path(place, name)
            with contextlib.suppress(OSError):
                if name != IN_USE and now - file.stat().st_mtime > OLDEST:
                    file.unlink()
        with contextlib.suppress(OSError):  # not empty, or just being filled
            if folder not in (Path(place), Path(place).parent) and now - Path(place).stat().st_mtime > OLDEST_EMPTY:
                Path(place).rmdir()
