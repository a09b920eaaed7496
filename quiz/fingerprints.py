"""Fingerprints of pictures: whether a host's photograph comes twice, or is one that a network was trained on.

A network may draw its training pictures from memory, so a game against the very same photographs is none. The training
pictures themselves are not part of this repository; 144 bits of each are, in `quiz/known/NETWORK.npz`, written by

    python -m quiz.fingerprints faces-128 --data faces128.zip celeba128.zip

A bit says whether the picture grows lighter from one cell of a grid to the next, which survives other file formats,
sizes and a shift of a pixel, and from which no face can be drawn again.
"""

import argparse
import functools
import sys
import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from data.folders import read_pictures
from models.errors import LatentLabError, UnusableData
from models.pixels import Pictures
from quiz.view import luminance

HOME = Path(__file__).resolve().parent / "known"
GRID = 12  # cells a side
BITS = GRID * GRID
SIDE = 128  # px, of the training pictures
NEAREST = 8  # bits; of two different faces in 5,000 the nearest differ in more, of a copy saved again 6 in 10 in fewer

Fingerprints = NDArray[np.uint8]  # (N, 18): 144 bits of each picture


def fingerprint(pictures: Pictures) -> Fingerprints:
    """The fingerprints of pictures: uint8 (N, H, W, C) to uint8 (N, 18)."""
    bits = np.empty((len(pictures), GRID, GRID), bool)
    for number, picture in enumerate(pictures):
        cells = Image.fromarray(luminance(picture)).resize((GRID + 1, GRID), Image.Resampling.BOX)
        light = np.asarray(cells)  # (12, 13)
        bits[number] = light[:, 1:] > light[:, :-1]
    return np.packbits(bits.reshape(len(pictures), BITS), axis=1)


def distances(one: Fingerprints, others: Fingerprints) -> NDArray[np.int64]:
    """In how many bits a fingerprint (18,) differs from others (N, 18): (N,)."""
    return np.asarray(np.unpackbits(one[None] ^ others, axis=1).sum(axis=1), dtype=np.int64)


@functools.lru_cache(maxsize=4)
def known(network: str) -> Fingerprints:
    """The fingerprints of what a network was trained on; none where that is not known. Raises UnusableData."""
    file = HOME / f"{network}.npz"
    if not file.is_file():
        return np.empty((0, BITS // 8), np.uint8)
    try:
        with file.open("rb") as content, np.load(content, allow_pickle=False) as parts:
            found = np.ascontiguousarray(parts["fingerprints"])
        if found.dtype != np.uint8 or found.shape[1:] != (BITS // 8,):
            raise ValueError
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, zlib.error) as error:
        raise UnusableData(f"The file {file.name} of quiz/known is broken; fetch it from the repository again.") from (
            error
        )
    return found


def write(fingerprints: Fingerprints, file: Path) -> Fingerprints:
    """Keeps fingerprints, each once and in order. Column by column, sorted ones take a quarter less. Returns them."""
    found = np.unique(fingerprints, axis=0)
    np.savez_compressed(file, fingerprints=np.asfortranarray(found))
    return found


def copies(pictures: Pictures) -> list[tuple[int, int]]:
    """Pairs of pictures that are the same to the last pixel, as indices, the earlier one first."""
    first: dict[bytes, int] = {}
    earlier = [first.setdefault(picture.tobytes(), at) for at, picture in enumerate(pictures)]
    return [(before, at) for at, before in enumerate(earlier) if before != at]


def among_training(pictures: Pictures, network: str) -> list[int]:
    """Which of some pictures a network was trained on, as far as fingerprints tell: indices."""
    trained = known(network)
    if not len(trained):
        return []
    return [at for at, one in enumerate(fingerprint(pictures)) if distances(one, trained).min() <= NEAREST]


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns what it exits with."""
    parser = argparse.ArgumentParser(
        prog="python -m quiz.fingerprints",
        description="Keeps fingerprints of the pictures that a network was trained on.",
        allow_abbrev=False,
    )
    parser.add_argument("network", help="its name, such as faces-128")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders or zip archives of its training")
    parser.add_argument("--channels", type=int, choices=(1, 3), default=3)
    chosen = parser.parse_args(arguments)
    try:
        found = [fingerprint(read_pictures(path, resolution=SIDE, channels=chosen.channels)) for path in chosen.data]
    except LatentLabError as error:
        parser.error(str(error))
    HOME.mkdir(exist_ok=True)
    file = HOME / f"{chosen.network}.npz"
    all_of_them = write(np.concatenate(found), file)
    print(f"{len(all_of_them):,} fingerprints, {file.stat().st_size / 1e3:.0f} kB in {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
