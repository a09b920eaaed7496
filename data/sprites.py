"""Sprites in the manner of dSprites (Matthey et al., 2017): one white shape on black, 64 x 64, without antialiasing.

Rendered by our own inside tests, whose constants were fitted to the published pictures (about one pixel wrong in each).
The five factors, their order and their values are the originals'. Orientation is ambiguous by construction: a square
looks the same four times in a turn, and the first and the last value are the same angle.
"""

import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.scenes import SIDE, Factor, Numbers, cache_folder, checked, kept_table
from models.errors import InvalidInput
from models.pixels import Pictures

SHAPES = ("square", "ellipse", "heart")
FACTORS = (
    Factor("shape", (0, 1, 2)),
    Factor("scale", tuple(np.linspace(0.5, 1, 6).tolist())),
    Factor("orientation", tuple(np.linspace(0, 2 * np.pi, 40).tolist()), "radians"),
    Factor("x", tuple(np.linspace(0, 1, 32).tolist())),
    Factor("y", tuple(np.linspace(0, 1, 32).tolist())),
)
SIZES = tuple(factor.size for factor in FACTORS)  # (3, 6, 40, 32, 32): 737,280 pictures

SQUARE = 9.6  # px, half the side at scale 1
ELLIPSE = (12.75, 7.25)  # px, half axes
HEART = (9.66, 10.6, 1.47)  # px: half width, size of the curve's vertical part, its shift upwards
MARGIN, TRAVEL = 16, 32  # px, where the centre is at position 0, and how far from there at position 1
ROWS, COLUMNS = 30, 32  # px, of the window around the centre that holds every shape
OFFSETS = 31  # places of the centre within a pixel on the grid; position 31 falls on the place of position 0
DIGEST = hashlib.sha256(repr((FACTORS, SQUARE, ELLIPSE, HEART, MARGIN, TRAVEL, ROWS, COLUMNS)).encode()).hexdigest()
FEW = 64  # pictures that are drawn singly; for more, the whole table is made once (about a minute)


def render(factors: ArrayLike) -> Pictures:
    """The pictures of points on the grid, exactly; over 20,000 a second once the table is made.

    Args:
        factors: whole numbers (N, 5): indices of shape (0 to 2: square, ellipse, heart), scale (0 to 5), orientation
            (0 to 39), x and y (0 to 31).

    Returns:
        uint8 (N, 64, 64), 0 or 255.

    Raises:
        InvalidInput: another shape, not whole, or out of range.
    """
    indices = checked(factors, FACTORS)
    if len(indices) <= FEW and not table.cache_info().currsize and not table_file().is_file():
        return cast(values_of(indices), antialias=1)
    shape, scale, orientation, x, y = indices.T
    packed = table()[(shape * 6 + scale) * 40 + orientation, y % OFFSETS, x % OFFSETS]  # (N, rows, columns / 8)
    windows = np.unpackbits(packed, axis=-1) * np.uint8(255)  # (N, rows, columns)
    pictures = np.zeros((len(indices), SIDE, SIDE), np.uint8)
    first = MARGIN - ROWS // 2  # row and column of the window at position 0
    for picture, window, left, top in zip(pictures, windows, (first + x).tolist(), (first + y).tolist(), strict=True):
        left += left == first + OFFSETS  # 32 px over 31 steps: the last one is two pixels
        top += top == first + OFFSETS
        picture[top : top + ROWS, left : left + COLUMNS] = window[:, : SIDE - left]
    return pictures


def values_of(factors: ArrayLike) -> Numbers:
    """What the indices of the grid stand for: (N, 5), as `cast` takes them."""
    indices = checked(factors, FACTORS)
    return np.stack([np.take(factor.values, indices[:, k]) for k, factor in enumerate(FACTORS)], axis=1)


def cast(values: ArrayLike, *, antialias: int = 3) -> Pictures:
    """The pictures of any factor values.

    Args:
        values: numbers (N, 5): shape (0 to 2), scale (0.1 to 1.2), orientation (radians), x and y (0 to 1).
        antialias: samples per pixel and direction; 1 gives 0 or 255 only, as the original.

    Returns:
        uint8 (N, 64, 64).

    Raises:
        InvalidInput: another shape, or a value out of its range.
    """
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != len(FACTORS) or not np.isfinite(rows).all():
        raise InvalidInput(f"The factor values are {rows.shape}; finite numbers (N, {len(FACTORS)}) are accepted.")
    pictures = np.empty((len(rows), SIDE, SIDE), np.uint8)
    samples = (np.arange(SIDE * antialias) + 0.5) / antialias  # px
    for picture, (shape, scale, orientation, x, y) in zip(pictures, rows, strict=True):
        for name, value, low, high in (("scale", scale, 0.1, 1.2), ("x", x, 0, 1), ("y", y, 0, 1)):
            if not low <= value <= high:
                raise InvalidInput(f"The {name} is {value:g}; it has to be from {low} to {high}.")
        if shape not in range(len(SHAPES)):
            raise InvalidInput(f"The shape is {shape:g}; it has to be 0 (square), 1 (ellipse) or 2 (heart).")
        (column, right), (row, down) = centre(x), centre(y)
        across, below = samples - column - right, samples - row - down  # px from the centre
        on = inside(int(shape), scale, orientation, across[None, :], below[:, None])
        picture[:] = np.rint(255 * on.reshape(SIDE, antialias, SIDE, antialias).mean((1, 3)))
    return pictures


def centre(position: float) -> tuple[int, float]:
    """Whole pixels and the rest, of the centre at a position of 0 to 1."""
    place = MARGIN + TRAVEL * position
    return int(place), place - int(place)


def inside(shape: int, scale: float, orientation: float, x: Numbers, y: Numbers) -> NDArray[np.bool_]:
    """Whether points, px to the right of and below the centre, lie on a shape; x and y broadcast against each other."""
    cosine, sine = np.cos(orientation), np.sin(orientation)
    u, v = (cosine * x - sine * y) / scale, (sine * x + cosine * y) / scale
    if shape == 0:
        return np.asarray((np.abs(u) <= SQUARE) & (np.abs(v) <= SQUARE))
    if shape == 1:
        return np.asarray((u / ELLIPSE[0]) ** 2 + (v / ELLIPSE[1]) ** 2 <= 1)
    # the curve u = a sin^3 t, v = -b (13 cos t - 5 cos 2t - 2 cos 3t - cos 4t) / 16 - s has two points for each u
    s = np.cbrt(np.clip(u / HEART[0], -1, 1))  # sin t
    c = np.sqrt(1 - s**2)  # |cos t|
    middle = HEART[1] * (5 * (1 - 2 * s**2) + 8 * c**4 - 8 * c**2 + 1) / 16 - HEART[2]
    half = HEART[1] * (13 * c - 2 * (4 * c**3 - 3 * c)) / 16
    return np.asarray((np.abs(u) <= HEART[0]) & (np.abs(v - middle) <= half))


def windows() -> Iterator[NDArray[np.uint8]]:
    """For each of the 720 shapes, scales and orientations, its windows at all places within a pixel, bits packed:
    uint8 (31, 31, rows, columns / 8), first vertical, then horizontal place."""
    rests = np.array([centre(position)[1] for position in FACTORS[3].values[:OFFSETS]])
    across = np.arange(COLUMNS) - (ROWS // 2) + 0.5 - rests[:, None]  # (31, columns), px from the centre
    below = np.arange(ROWS) - (ROWS // 2) + 0.5 - rests[:, None]  # (31, rows)
    for shape, scale, orientation in np.ndindex(*SIZES[:3]):
        on = inside(
            shape,
            FACTORS[1].values[scale],
            FACTORS[2].values[orientation],
            across[None, :, None, :],
            below[:, None, :, None],
        )
        yield np.packbits(on, axis=-1)


def table_file() -> Path:
    """The table's file; its name changes with the constants."""
    return cache_folder() / f"sprites-{DIGEST[:12]}.npy"


@functools.cache
def table() -> Pictures:
    """All windows, uint8 (720, 31, 31, rows, columns / 8), 83 MB: read from the cache, or made (a minute) and kept."""
    return kept_table(table_file(), (720, OFFSETS, OFFSETS, ROWS, COLUMNS // 8), windows)
