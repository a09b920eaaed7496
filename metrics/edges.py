"""How straight the edges of drawn pictures are."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import InvalidInput
from models.pixels import Pictures

STRANGE = 30.0  # grey levels from the ground, Euclidean in RGB, from which on a pixel is no longer ground


def skyline(pictures: Pictures, ground: ArrayLike) -> NDArray[np.float64]:
    """How many pixels of every column are ground, from the top down to what stands before it, to a part of a pixel.

    A pixel on the edge is a mixture: its share of ground follows from how far it is from the ground's colour, compared
    with the pixel under it.

    Args:
        pictures: uint8 (N, H, W, C), at least 2 px high.
        ground: its colour (C,), 0 to 255.

    Returns:
        (N, W), 0 to H. A column without anything but ground has H.
    """
    if pictures.ndim != 4 or pictures.shape[1] < 2:
        raise InvalidInput(f"Pictures (N, H, W, C) of at least 2 px height are measured, got {pictures.shape}.")
    height = pictures.shape[1]
    distance = np.linalg.norm(pictures.astype(np.float64) - np.asarray(ground, np.float64), axis=-1)  # (N, H, W)
    strange = distance > STRANGE
    first = np.where(strange.any(1), strange.argmax(1), height)  # (N, W)
    there = np.minimum(first, height - 1)[:, None]
    here, under = (
        np.take_along_axis(distance, np.minimum(there + below, height - 1), 1)[:, 0] for below in (0, 1)
    )  # (N, W)
    share = np.clip(1 - here / np.maximum(under, STRANGE), 0, 1)
    found: NDArray[np.float64] = np.where(first < height, first + share, height)
    return found


def wobble(pictures: Pictures, ground: ArrayLike) -> float:
    """How much the upper edge of what stands before a ground bends from column to column: the mean over the pictures of
    the median second difference of `skyline`. The median leaves out corners, where an edge may bend.

    Args:
        pictures: uint8 (N, H, W, C), at least 3 px a side.
        ground: its colour (C,), 0 to 255.

    Returns:
        px, 0 for a straight edge.
    """
    if pictures.ndim != 4 or pictures.shape[2] < 3:
        raise InvalidInput(f"Pictures (N, H, W, C) of at least 3 px width are measured, got {pictures.shape}.")
    bends = np.abs(np.diff(skyline(pictures, ground), n=2, axis=1))  # (N, W - 2)
    return float(np.median(bends, axis=1).mean())
