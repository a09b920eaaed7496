"""How a face is shown: the one path that photographs and generated pictures take to the visitor's eye.

Nothing but the face may tell the two classes apart. So both are first brought to the same true resolution with the same
sharpness (`frame_photographs`, `frame_generated`); from there on one function draws either (`show`), varied anew in
every round, at one size, brought to a mean brightness and contrast that say nothing about the class.
"""

import base64
import hashlib
import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, PngImagePlugin

from models import load
from models.pixels import Pictures
from models.super_resolution import upscale

SHOWN = 256  # px, side of every picture that is sent out
ZOOM = (1.01, 1.09)  # the part of the face that is shown has 1/zoom of its side
MEAN = (112.0, 144.0)  # grey levels, mean of a shown picture before clipping
CONTRAST = (34.0, 46.0)  # grey levels, standard deviation of a shown picture before clipping
ENLARGER = "faces-upscale-x4"
FLATTEST = 4.0  # grey levels; a picture with less contrast than this is not stretched further


@dataclass(frozen=True)
class View:
    """How the pictures of a deck are framed before they are shown."""

    side: int  # px, true resolution of both classes
    corner: tuple[int, int] = (0, 0)  # px, left and top of the square of that side that is cut out of a photograph
    sharpening: float = 0.0  # added to a generated picture before it is sampled, as a part of its finest detail
    softening: float = 0.0  # px of that resolution, standard deviation of the blur that both classes get


# The photographs of `data.faces.subset` are framed wider than the training crops of faces-lfw-64: the same photographs,
# found in both sets by correlation, lie at 17.75 of the 25 px around (11, 13). They were reduced by taking single
# pixels, so generated pictures are reduced in that way, too (an antialiasing filter would give the class away: the
# Laplacian variance would have an AUC of 0.88), and both are softened after it. With this sharpening, training crops
# that take the path of a generated picture match the photographs: a threshold on any of 13 simple statistics of the
# shown pictures (mean, contrast, gradient energy, Laplacian variance, extremes, skew, kurtosis, symmetry, ...) has an
# AUC of 0.45 to 0.56, a logistic regression on all of them and on the power in 13 frequency bands one of 0.59.
SUBSET_VIEW = View(side=18, corner=(2, 4), sharpening=0.15, softening=0.6)


def frame_photographs(pictures: Pictures, view: View) -> Pictures:
    """uint8 (N, H, W, C) with H, W ≥ side + corner. Returns uint8 (N, side, side, C): cut out, not resampled."""
    left, top = view.corner
    return blur(pictures[:, top : top + view.side, left : left + view.side], view.softening)


def frame_generated(pictures: Pictures, view: View) -> Pictures:
    """uint8 (N, H, H, C) with H ≥ side. Returns uint8 (N, side, side, C), sampled as the photographs were."""
    if pictures.shape[1] > view.side:
        sources = ((np.arange(view.side) + 0.5) * pictures.shape[1] / view.side).astype(int)  # nearest pixels
        fine = pictures - blur(pictures, 1.0).astype(np.float32)  # (N, H, H, C)
        pictures = to_levels((pictures + view.sharpening * fine)[:, sources][:, :, sources])
    return blur(pictures, view.softening)


def blur(pictures: Pictures, radius: float) -> Pictures:
    """Gaussian blur of uint8 (N, H, W, C); the radius is its standard deviation, px."""
    if radius == 0:
        return pictures
    kernel = ImageFilter.GaussianBlur(radius)
    blurred = [
        np.asarray(Image.fromarray(picture.squeeze(-1) if picture.shape[-1] == 1 else picture).filter(kernel))
        for picture in pictures
    ]
    return np.stack(blurred).reshape(pictures.shape)


@dataclass(frozen=True)
class Variation:
    """What is drawn anew for each picture of each round."""

    flipped: bool
    zoom: float
    across: float  # 0 to 1: where the shown square lies in the face, from left to right
    down: float  # 0 to 1: from top to bottom
    mean: float  # grey levels
    contrast: float  # grey levels


def draw_variation(secret: str, side: str) -> Variation:
    """The variation that the secret of a round gives to its picture on the "left" or "right"."""
    digest = hashlib.sha256(f"{secret}/{side}".encode()).digest()
    source = np.random.default_rng(int.from_bytes(digest, "big"))
    return Variation(
        flipped=bool(source.random() < 0.5),
        zoom=float(source.uniform(*ZOOM)),
        across=float(source.random()),
        down=float(source.random()),
        mean=float(source.uniform(*MEAN)),
        contrast=float(source.uniform(*CONTRAST)),
    )


Enlarger = Callable[[Pictures], Pictures]  # uint8 (side, side, C) to (4 side, 4 side, C)


def enlarger() -> Enlarger:
    """What draws a face four times as large, for both kinds alike. Raises NetworkUnavailable."""
    network = load(ENLARGER)
    return lambda face: upscale(network, np.ascontiguousarray(face), network.config.scale)


PLAIN = Variation(flipped=False, zoom=1.0, across=0.0, down=0.0, mean=float(np.mean(MEAN)), contrast=40.0)


def show(face: Pictures, variation: Variation, enlarge: Enlarger | None = None) -> Pictures:
    """A framed face as the visitor sees it, smoothly enlarged.

    Args:
        face: uint8 (side, side, C), C is 1 or 3.
        variation: of this picture in this round; `PLAIN` for a wall of pictures.
        enlarge: a network that draws the face larger first, see `enlarger`.

    Returns:
        uint8 (256, 256, C).
    """
    face = face if enlarge is None else enlarge(face)
    side = face.shape[0]
    length = side / variation.zoom
    left, top = variation.across * (side - length), variation.down * (side - length)
    box = (left, top, left + length, top + length)
    planes = [
        Image.fromarray(np.ascontiguousarray(face[..., channel], dtype=np.float32)).resize(
            (SHOWN, SHOWN), Image.Resampling.BICUBIC, box=box
        )
        for channel in range(face.shape[2])
    ]
    large = np.stack([np.asarray(plane) for plane in planes], axis=-1)  # (256, 256, C)
    gain = variation.contrast / max(float(large.std()), FLATTEST)
    toned = (large - large.mean()) * gain + variation.mean
    return to_levels(toned[:, ::-1] if variation.flipped else toned)


def to_levels(values: NDArray[np.floating]) -> Pictures:
    """Numbers as uint8 grey levels: rounded, out-of-range values clipped."""
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)


def reduce(picture: Pictures, resolution: int) -> Pictures:
    """A shown picture as a discriminator reads it. uint8 (256, 256, C) → uint8 (resolution, resolution, C)."""
    size = (resolution, resolution)
    small = Image.fromarray(picture.squeeze()).resize(size, Image.Resampling.BOX)
    return np.asarray(small).reshape(resolution, resolution, picture.shape[2])


def to_png(picture: Pictures) -> bytes:
    """A PNG file without compression and without metadata: its length depends on the picture's shape alone.

    16 random bytes stand before the pixels, in a chunk that every reader skips. So even a picture that is sent twice
    never has the same bytes, and the order in which two files or addresses sort is no glance at their first pixel.
    """
    chunk = PngImagePlugin.PngInfo()
    chunk.add(b"raNd", secrets.token_bytes(16))
    buffer = io.BytesIO()
    Image.fromarray(picture.squeeze()).save(buffer, "PNG", compress_level=0, pnginfo=chunk)
    return buffer.getvalue()


def to_address(picture: Pictures) -> str:
    """The picture itself as an address (data:image/png;base64,…): it names no file and cannot be asked for twice."""
    return "data:image/png;base64," + base64.b64encode(to_png(picture)).decode("ascii")
