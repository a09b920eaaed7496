"""The photographs that a host of the page brings: read, checked, and refused with what to do about it."""

from itertools import islice
from pathlib import Path, PurePath

import numpy as np

from data.folders import open_picture, read_files, read_pictures
from models.errors import UnusableData
from models.gan import LARGEST_COUNT
from models.pixels import Pictures
from quiz.fingerprints import among_training, copies
from quiz.view import View

LEAST = 20  # photographs; fewer would be known by heart too soon
MOST_TRAINED = 0.02  # share that may look like training pictures; by chance fewer do


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
