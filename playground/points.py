"""Points in the plane to fit: presets, a visitor's own file, a visitor's own drawing.

Everything lies in the square from -1 to 1. What a visitor brings is shifted and scaled to fit there, both axes alike.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import InvalidInput
from playground.tables import read_table

Points = NDArray[np.float64]

COUNT = 1_000  # points of a preset
FEWEST, MOST = 10, 5_000  # points of a visitor's own
LARGEST_TEXT = 1_000_000  # characters of a file
EXTENT = 0.85  # how far from the middle a visitor's own points may lie after scaling
WIDTH = 0.04  # standard deviation of one Gaussian of ring and grid, and of the noise around a curve


@dataclass(frozen=True)
class Preset:
    """A distribution to draw points from."""

    title: str
    draw: Callable[[int, np.random.Generator], Points]  # count, randomness -> (count, 2)
    centres: Points | None = None  # (M, 2), of a mixture of equal Gaussians of standard deviation WIDTH


def around(centres: Points) -> Callable[[int, np.random.Generator], Points]:
    """Equal Gaussians of standard deviation WIDTH around centres (M, 2)."""

    def draw(count: int, random: np.random.Generator) -> Points:
        chosen = centres[random.integers(0, len(centres), count)]
        drawn: Points = chosen + WIDTH * random.standard_normal((count, 2))
        return drawn

    return draw


def along(curve: Callable[[Points], Points]) -> Callable[[int, np.random.Generator], Points]:
    """Points around a curve whose places are given by numbers of [0, 1)."""

    def draw(count: int, random: np.random.Generator) -> Points:
        return curve(random.random(count)) + WIDTH * random.standard_normal((count, 2))

    return draw


def line(places: Points) -> Points:
    """A straight line, rising."""
    return np.stack([1.4 * places - 0.7, 0.9 * places - 0.45], axis=1)


def moons(places: Points) -> Points:
    """Two half circles that reach into each other."""
    upper = places < 0.5
    angle = 2 * math.pi * places
    x = np.where(upper, np.cos(angle) - 0.5, np.cos(angle) + 0.5)
    y = np.where(upper, np.sin(angle) - 0.25, np.sin(angle) + 0.25)
    return 0.55 * np.stack([x, y], axis=1)


def spiral(places: Points) -> Points:
    """One arm, one and a half turns."""
    along_arm = np.sqrt(places)  # evenly spread over the arm's length
    angle = 3 * math.pi * along_arm
    curve: Points = 0.8 * along_arm[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return curve


RING = 0.72 * np.array([[math.cos(math.pi * k / 4), math.sin(math.pi * k / 4)] for k in range(8)])
GRID = 0.62 * np.array([[x, y] for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)])

PRESETS = {
    "ring": Preset("Ring of 8 Gaussians", around(RING), RING),
    "grid": Preset("Grid of 9 Gaussians", around(GRID), GRID),
    "line": Preset("Line", along(line)),
    "moons": Preset("Two moons", along(moons)),
    "spiral": Preset("Spiral", along(spiral)),
}


def draw_points(name: str, *, count: int = COUNT, seed: int = 0) -> Points:
    """Points of a preset, (count, 2). Raises InvalidInput for a name that is none."""
    if name not in PRESETS:
        raise InvalidInput(f"There are no points {name[:40]!r}; {', '.join(PRESETS)} are there.")
    return PRESETS[name].draw(count, np.random.default_rng(seed))


def read_csv(text: str) -> Points:
    """Points from a file of numbers: its first two columns that are no index, fitted into the square; how they may be
    written is in playground.tables.

    Args:
        text: the file; a first line without numbers counts as the names of the columns.

    Returns:
        (N, 2).

    Raises:
        InvalidInput: no numbers, too few or too many points, one that is not finite, all at one place.
    """
    if len(text) > LARGEST_TEXT:
        raise InvalidInput(f"The file has {len(text):,} characters; up to {LARGEST_TEXT:,} are accepted, two columns.")
    text = text.replace("\x00", "").lstrip("\ufeff\ufffd")
    count = sum(bool(line.strip()) for line in text.splitlines())
    if not count:
        raise InvalidInput("The file is empty; it has to have two columns of numbers, one point a line.")
    if count > MOST + 1 + text.lstrip('"').lower().startswith("sep="):  # with names
        raise InvalidInput(f"The file has {count:,} points; up to {MOST:,} are accepted: send a part of them.")
    return fitted(read_table(text))


def fitted(points: ArrayLike, *, as_they_are: bool = False) -> Points:
    """A visitor's points (N, 2), moved into the square unless they lie there and are to stay. Raises InvalidInput."""
    try:
        found = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput("The points are not pairs of numbers.") from None
    if found.ndim != 2 or found.shape[1] != 2:
        raise InvalidInput(f"The points have the shape {found.shape}; pairs of numbers are needed.")
    if not FEWEST <= len(found) <= MOST:
        word = "point" if len(found) == 1 else "points"
        raise InvalidInput(
            f"There {'is' if len(found) == 1 else 'are'} {len(found):,} {word}; {FEWEST} to {MOST:,} are accepted."
        )
    wrong = ~np.isfinite(found).all(1)
    if wrong.any():
        raise InvalidInput(f"Point {int(wrong.argmax()) + 1} is not finite (nan or infinity); take it out.")
    if np.abs(found).max() > 1e100:
        raise InvalidInput("The numbers are larger than 1e100; use a smaller unit.")
    if as_they_are and np.abs(found).max() <= 1:
        return found
    lowest, highest = found.min(0), found.max(0)
    extent = float((highest - lowest).max()) / 2
    if not extent > 1e-9 * max(1.0, float(np.abs(found).max())):
        raise InvalidInput("All points lie at one place; points that differ are needed.")
    moved: Points = (found - (lowest + highest) / 2) * (EXTENT / extent)
    return moved
