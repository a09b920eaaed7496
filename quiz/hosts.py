"""What a host of the page brings: photographs, read, checked, and refused with what to do about it; and a network of
others that draws slowly."""

import atexit
import contextlib
import logging
import os
import threading
from collections.abc import Callable
from itertools import islice
from pathlib import Path, PurePath

import numpy as np
from PIL import Image

from data.folders import open_picture, read_files, read_pictures
from models.errors import UnusableData
from models.gan import LARGEST_COUNT
from models.pixels import Pictures, to_image
from quiz.fingerprints import among_training, copies
from quiz.view import View

LEAST = 20  # photographs; fewer would be known by heart too soon
MOST_TRAINED = 0.02  # share that may look like training pictures; by chance fewer do

log = logging.getLogger("latent-lab")


def read_hosts(source: str, view: View, channels: int, network: str) -> Pictures:
    """The photographs of a host's own deck, a choice spread over all if there are more than 256.

    Args:
        source: a folder, zip archive or Parquet file of photographs.
        view: of the deck; a portrait's has to be aligned already, to its exact size.
        channels: 1 (grey) or 3 (RGB).
        network: that they meet.

    Returns:
        uint8 (N, side, side, channels), N from 20 to 256.

    Raises:
        UnusableData: not readable, too few, of mixed sizes, twice the same, or pictures of the network's training.
    """
    if view.bands:
        check_sizes(source, view.side)
    pictures = read_pictures(source, resolution=view.side, channels=channels, least=LEAST)
    if twice := copies(pictures):
        first, second = (name_of(source, at) for at in twice[0])
        raise UnusableData(
            f"{source} holds {len(twice):,} photographs twice, such as {first} and {second}; take one of each out, or "
            "let python -m data.align leave them out."
        )
    trained = among_training(pictures, network)
    if len(trained) > MOST_TRAINED * len(pictures):
        raise UnusableData(
            f"{network} was trained on {len(trained):,} of the {len(pictures):,} photographs in {source}, such as "
            f"{name_of(source, trained[0])}; choose photographs that it has not seen, or another network."
        )
    if len(pictures) > LARGEST_COUNT:
        pictures = pictures[np.linspace(0, len(pictures) - 1, LARGEST_COUNT).astype(int)]
    return pictures


def check_sizes(source: str, side: int) -> None:
    """Raises UnusableData unless all pictures are squares of that side (px), as `data.align` makes them."""
    for name, content in read_files(Path(source)):
        try:
            size = open_picture(content, name, "L").size
        except UnusableData:
            continue  # `read_pictures` says what is wrong with it
        if size != (side, side):
            raise UnusableData(
                f"{name} is {size[0]} x {size[1]} px, and the portraits of this deck have to be {side} x {side} px "
                f"with all eyes in one place; bring them there with: python -m data.align {source} --to FOLDER"
            )


def name_of(source: str, index: int) -> str:
    """The name of the photograph that comes at this place."""
    return PurePath(next(islice(read_files(Path(source)), index, None))[0]).name


class DrawnAhead:
    """Pictures that a slow network draws before anybody is asked, one after the other, in a thread of its own. They are
    kept as PNG files, which lose nothing, so that the next start finds them.

    The thread has no lower priority: it holds Python's lock now and then, and the whole page would wait for it."""

    def __init__(self, folder: Path, draw: Callable[[int], Pictures]):
        """Args:
        folder: for the files; its name says what they are.
        draw: makes the picture with a number, uint8 (side, side, C).
        """
        self.folder, self.draw = folder, draw
        self.drawing = threading.Lock()  # one at a time, since torch uses all its threads for each
        self.ending = threading.Event()

    def picture(self, index: int) -> Pictures:
        """A picture, from its file or else drawn now: uint8 (side, side, C)."""
        file = self.folder / f"{index:03d}.png"
        with self.drawing:
            drawn = self.read(file)
            if drawn is None:
                drawn = self.draw(index)
                self.write(drawn, file)
        return drawn

    def read(self, file: Path) -> Pictures | None:
        """A picture that was kept; None where there is none, or a broken one."""
        with contextlib.suppress(OSError, SyntaxError), Image.open(file, formats=["PNG"]) as kept:
            return np.asarray(kept).reshape(kept.height, kept.width, -1)
        return None

    def write(self, drawn: Pictures, file: Path) -> None:
        """Keeps a picture; where the disk does not take it, the next start draws it again."""
        beside = file.with_name(f".{os.getpid()}.png")  # another page may be writing the same one
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            to_image(drawn).save(beside)
            beside.replace(file)

    def begin(self, count: int, show: Callable[[int], object]) -> None:
        """Shows those that were kept at once, and has the others drawn from now on. Returns when the first are there.

        Args:
            count: pictures in all.
            show: takes the number of each, asks `picture` for it and keeps it.
        """
        kept = next((index for index in range(count) if not (self.folder / f"{index:03d}.png").is_file()), count)
        for index in range(kept):
            show(index)
        if kept < count:
            worker = threading.Thread(target=self.work, args=(range(kept, count), show), name="ahead", daemon=True)
            worker.start()
            atexit.register(self.end, worker)

    def end(self, worker: threading.Thread) -> None:
        """Stops after the picture that is being drawn: a process that ends within one aborts."""
        self.ending.set()
        worker.join()

    def work(self, indices: range, show: Callable[[int], object]) -> None:
        """What the thread does."""
        try:
            for index in indices:
                if self.ending.is_set():
                    return
                show(index)
        except Exception:
            log.exception("the pictures of the host's deck cannot be drawn")
