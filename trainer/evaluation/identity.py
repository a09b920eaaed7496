"""Whether two pictures show the same person, by dlib's network for face recognition where it is installed.

It took no part in any training here, and its descriptors were made for nothing else (dlib.net, "High Quality Face
Recognition with Deep Metric Learning", 2017).
"""

import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from data.landmarks import MODEL_PACKAGE
from models.faces.similarity import TEMPLATE_SIDE
from models.pixels import Pictures

RECOGNITION = "models/dlib_face_recognition_resnet_model_v1.dat"
FIVE_POINTS = "models/shape_predictor_5_face_landmarks.dat"
MARGIN = 32  # px of repeated edge around a crop, which cuts hair and chin off
BOX = (14, 14, 113, 113)  # left, top, right and bottom of a face in the template, as dlib's detector frames it, px
CHIP, PADDING = 150, 0.25  # px and share of the face's size, of what the network sees

Descriptors = NDArray[np.float64]


@functools.cache
def recogniser() -> Callable[[Pictures], Descriptors]:
    """A function from crops of the template, uint8 (N, H, W, 3), to descriptors (N, 128). Call it only where
    `data.landmarks.is_installed`."""
    import dlib

    package = importlib.util.find_spec(MODEL_PACKAGE)
    assert package is not None and package.origin is not None
    home = Path(package.origin).parent
    network = dlib.face_recognition_model_v1(str(home / RECOGNITION))
    predictor = dlib.shape_predictor(str(home / FIVE_POINTS))
    box = dlib.rectangle(*(MARGIN + place for place in BOX))

    def describe(picture: Pictures) -> Descriptors:
        crop = np.asarray(Image.fromarray(picture).resize((TEMPLATE_SIDE, TEMPLATE_SIDE), Image.Resampling.BICUBIC))
        levels = np.ascontiguousarray(np.pad(crop, ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)), mode="edge"))
        chip = dlib.get_face_chip(levels, predictor(levels, box), CHIP, PADDING)
        return np.asarray(network.compute_face_descriptor(chip))

    return lambda pictures: np.stack([describe(picture) for picture in pictures])
