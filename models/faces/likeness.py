"""Whether a picture shows a face where a generator draws one: its correlation with the mean of generated faces.

No network is asked. Those that read attributes read some in cats and coins, too, and the descent of
models.faces.encoding comes near to them; the coarse pattern of brows, eyes, nose and mouth at their places is what
other pictures lack (a template matched by normalised correlation, Brunelli and Poggio, "Face Recognition: Features
versus Templates", 1993).
"""

import functools

import numpy as np
import scipy  # its parts are loaded when they are used
from numpy.typing import NDArray
from PIL import Image

from models.gan import LatentGenerator, generate
from models.pixels import Pictures

SIDE = 32  # px at which pictures are compared
AROUND = 5.0  # px of them, standard deviation of the surroundings that a place is compared with
CONTRAST = 4.0  # grey levels below which it is taken for noise
COUNT = 16  # generated faces, and their mirror images, in the mean
TRUNCATION = 0.6  # of their variety
SEED = 1  # of them
LEAST = 0.2  # likeness of a face; of 800 faces in their places 5 are below, of 450 pieces of other photographs 28 above

Patterns = NDArray[np.float64]


def likeness(generator: LatentGenerator, pictures: Pictures) -> Patterns:
    """How like the mean face pictures are.

    Args:
        generator: of faces, in evaluation mode; its faces make the mean.
        pictures: uint8 (N, H, W, C), square, C is 1 or 3.

    Returns:
        (N,), from -1 over 0 (nothing in common) to 1 (the mean face itself); faces reach LEAST.
    """
    similar: Patterns = (patterns(pictures) * mean_face(generator)).sum((1, 2))
    return similar


@functools.lru_cache(maxsize=4)
def mean_face(generator: LatentGenerator) -> Patterns:
    """The mean pattern of generated faces, (SIDE, SIDE) of length 1."""
    found = patterns(generate(generator, seed=SEED, count=COUNT, truncation=TRUNCATION)).mean(0)
    found = found + found[:, ::-1]
    return np.asarray(found / max(float(np.linalg.norm(found)), 1e-6))


def patterns(pictures: Pictures) -> Patterns:
    """Pictures without colour, light and contrast: every place against its surroundings within an oval that holds the
    face, (N, SIDE, SIDE), each of length 1 or, where there is nothing to see, 0."""
    grey = np.stack(
        [
            np.asarray(
                Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture)
                .convert("L")
                .resize((SIDE, SIDE), Image.Resampling.BOX),
                np.float64,
            )
            for picture in pictures
        ]
    )
    sharp = grey - scipy.ndimage.gaussian_filter(grey, (0, AROUND, AROUND))
    even = sharp / (np.sqrt(scipy.ndimage.gaussian_filter(sharp**2, (0, AROUND, AROUND))) + CONTRAST)
    rows, columns = np.indices((SIDE, SIDE))
    oval = np.hypot((columns - 15.5) / 13, (rows - 16) / 15) < 1
    inside = oval * (even - even[:, oval].mean(1)[:, None, None])
    return np.asarray(inside / np.maximum(np.sqrt((inside**2).sum((1, 2), keepdims=True)), 1e-6))
