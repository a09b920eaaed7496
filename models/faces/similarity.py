"""Where a face lies in a picture: similarity transforms in the plane (scale, turn, shift), and pictures cut by them."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.errors import InvalidInput

Points = NDArray[np.float64]

TEMPLATE_SIDE = 128  # px

# Left eye, right eye (as seen), tip of the nose, left and right corner of the mouth, in px from the upper left corner
# of a picture of 128 px: the medians of 800 pictures of the kinds that faces-128 was trained on, as dlib reads them.
TEMPLATE: Points = np.array([[38.5, 38.5], [87.5, 38.5], [63.5, 67.0], [40.5, 89.0], [86.5, 89.0]])

OVERSAMPLING = 4  # the crop is drawn so many times as large, and then reduced


def similarity(source: Points, target: Points) -> Points:
    """The rotation, uniform scale and shift that bring points to others with the least squared error (Umeyama 1991,
    equations 40 to 42).

    Args:
        source, target: (N, 2), N at least 2.

    Returns:
        (2, 3), to be used as `matrix[:, :2] @ point + matrix[:, 2]`; it never mirrors.

    Raises:
        InvalidInput: all points of the source are one.
    """
    middle, aim = source.mean(axis=0), target.mean(axis=0)
    spread = ((source - middle) ** 2).sum() / len(source)
    if spread < 1e-12:
        raise InvalidInput("All landmarks are at one place; give at least two that differ.")
    left, sizes, right = np.linalg.svd((target - aim).T @ (source - middle) / len(source))
    signs = np.array([1.0, np.sign(np.linalg.det(left) * np.linalg.det(right)) or 1.0])
    linear = (sizes * signs).sum() / spread * (left * signs) @ right
    return np.column_stack([linear, aim - linear @ middle])


def moved(points: Points, matrix: Points) -> Points:
    """Points (N, 2) under a similarity (2, 3)."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def inverse(matrix: Points) -> Points:
    """The similarity (2, 3) that undoes another."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])


def scale_of(matrix: Points) -> float:
    """How many times a similarity (2, 3) enlarges."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))


def outside(matrix: Points, width: int, height: int) -> float:
    """The share of the template's square that lies beyond the edges of a picture; `matrix` maps from the picture to the
    template."""
    places = (np.arange(TEMPLATE_SIDE) + 0.5).repeat(TEMPLATE_SIDE).reshape(TEMPLATE_SIDE, TEMPLATE_SIDE)
    x, y = moved(np.column_stack([places.T.ravel(), places.ravel()]), inverse(matrix)).T
    return 1 - float(((x >= 0) & (x < width) & (y >= 0) & (y < height)).mean())


def cut(picture: Image.Image, matrix: Points, side: int) -> Image.Image:
    """The template's square of a picture, with antialiasing; beyond the edges the picture is mirrored.

    Args:
        picture: RGB.
        matrix: (2, 3), from the picture to the template of 128 px.
        side: px of the result.
    """
    corners = moved(np.array([[0.0, 0.0], [1, 0], [0, 1], [1, 1]]) * TEMPLATE_SIDE, inverse(matrix))
    margin = np.ceil(8 / min(scale_of(matrix), 1))  # for the filters
    low, high = np.floor(corners.min(axis=0) - margin).astype(int), np.ceil(corners.max(axis=0) + margin).astype(int)
    left, top = max(low[0], 0), max(low[1], 0)
    right, bottom = min(high[0], picture.width), min(high[1], picture.height)
    beyond = ((top - low[1], high[1] - bottom), (left - low[0], high[0] - right), (0, 0))
    levels = np.asarray(picture.crop((left, top, right, bottom)))
    levels = np.pad(levels, beyond, mode="symmetric")
    region = Image.fromarray(levels)
    drawn = side * OVERSAMPLING
    to_region = inverse(matrix) * [TEMPLATE_SIDE / drawn, TEMPLATE_SIDE / drawn, 1] - [[0, 0, low[0]], [0, 0, low[1]]]
    density = scale_of(to_region)  # px of the region to one that is drawn
    if density > 1:
        size = (max(round(region.width / density), 1), max(round(region.height / density), 1))
        to_region *= [[size[0] / region.width], [size[1] / region.height]]
        region = region.resize(size, Image.Resampling.LANCZOS)
    large = region.transform((drawn, drawn), Image.Transform.AFFINE, to_region.ravel(), Image.Resampling.BICUBIC)
    return large.resize((side, side), Image.Resampling.LANCZOS)
