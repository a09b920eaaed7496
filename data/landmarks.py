"""Eyes, nose and mouth in a photograph, found by dlib where it is installed."""

import functools
import hashlib
import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from models.errors import UnusableData
from models.faces.similarity import Points

Finder = Callable[[Image.Image], Points | None]  # an RGB picture to (5, 2) landmarks as in TEMPLATE, or None

MODEL_SHA256 = "fbdc2cb80eb9aa7a758672cbfdda32ba6300efe9b6e6c7a299ff7e736b11b92f"

SEARCHED = 1280  # px of the longer side while faces are looked for; the detector wants faces of 80
MODEL_PACKAGE = "face_recognition_models"
MODEL_FILE = "models/shape_predictor_68_face_landmarks.dat"
MISSING = "The landmarks of faces need dlib and its model; install them with: pip install -r requirements-align.txt"
SUREST = 1 / 3  # of the highest confidence in a picture; what is below is no face
SIDEWAYS = 0.3  # least confidence where the picture had to be turned for it


def is_installed() -> bool:
    """Whether dlib and its model are there, without loading them."""
    return all(importlib.util.find_spec(package) is not None for package in ("dlib", MODEL_PACKAGE))


@functools.cache
def dlib_finder() -> Finder:
    """The landmarks that dlib reads: its frontal detector, then 68 points (Kazemi and Sullivan 2014).

    Raises:
        UnusableData: dlib or its model is not installed.
    """
    package = importlib.util.find_spec(MODEL_PACKAGE)
    try:
        import dlib  # optional
    except ImportError:
        raise UnusableData(MISSING) from None
    if package is None or package.origin is None:
        raise UnusableData(MISSING)
    file = Path(package.origin).parent / MODEL_FILE
    if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != MODEL_SHA256:
        raise UnusableData(f"{file} is not dlib's landmark model; install it again with requirements-align.txt.")
    detector, predictor = dlib.get_frontal_face_detector(), dlib.shape_predictor(str(file))

    def find_upright(picture: Image.Image, least: float) -> Points | None:
        """The landmarks of the largest face that is found with a confidence of `least` or more."""
        factor = min(SEARCHED / max(picture.size), 2.0)
        size = (max(round(picture.width * factor), 1), max(round(picture.height * factor), 1))
        levels = np.array(picture.resize(size, Image.Resampling.BICUBIC))
        boxes, scores, _ = detector.run(levels, 0, least)
        if not boxes:
            return None
        bar = max(scores) * SUREST
        box = max((box for box, score in zip(boxes, scores, strict=True) if score >= bar), key=lambda box: box.area())
        shape = predictor(levels, box)
        points = np.array([[shape.part(number).x, shape.part(number).y] for number in range(68)]) + 0.5  # (68, 2)
        five = [points[36:42].mean(axis=0), points[42:48].mean(axis=0), points[30], points[48], points[54]]
        return np.array(five) * [picture.width / size[0], picture.height / size[1]]

    def find(picture: Image.Image) -> Points | None:
        """As it is, and where no face is found, turned by a quarter either way and upside down."""
        landmarks = find_upright(picture, 0.0)
        width, height = picture.size
        back = {  # from the turned picture to this one
            Image.Transpose.ROTATE_90: ([[0, -1], [1, 0]], [width, 0]),
            Image.Transpose.ROTATE_270: ([[0, 1], [-1, 0]], [0, height]),
            Image.Transpose.ROTATE_180: ([[-1, 0], [0, -1]], [width, height]),
        }
        for turn, (linear, shift) in back.items():
            if landmarks is not None:
                break
            found = find_upright(picture.transpose(turn), SIDEWAYS)
            landmarks = None if found is None else found @ np.array(linear, np.float64).T + shift
        return landmarks

    return find
