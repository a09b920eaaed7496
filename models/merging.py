"""Small results on large pictures: a network works at the size it was trained at, and what it did is carried over.

The memory needed does not depend on the network, and little on the picture: large pictures are put together in strips.
"""

from collections.abc import Callable

import numpy as np
import scipy  # its parts are loaded when they are used
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Plane = NDArray[np.float32]

STRIP = 256  # rows at a time
RADIUS = 3  # px of the small picture, of the windows of the guided filter
SMOOTHNESS = 40.0  # squared grey levels of variance below which a window counts as flat
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # of R, G, B, as Pillow converts to grey

Progress = Callable[[float], None]  # told the share that is done, 0 to 1; may raise to stop


def reduce(picture: Picture, height: int, width: int, *, mix: bool = True) -> Picture:
    """A picture uint8 (H, W, C) at another size: uint8 (height, width, C); antialiased, or with `mix` false only of
    colours that it has."""
    image = Image.fromarray(picture.squeeze(2) if picture.shape[2] == 1 else picture)
    filter = Image.Resampling.LANCZOS if mix else Image.Resampling.NEAREST
    resized = np.asarray(image.resize((width, height), filter, reducing_gap=3.0 if mix else None))
    return resized.reshape(height, width, picture.shape[2])


def luma(picture: Picture) -> Plane:
    """Brightness of uint8 (H, W, 1 or 3) as float32 (H, W), 0 to 255."""
    return (picture[:, :, 0] if picture.shape[2] == 1 else picture @ LUMA).astype(np.float32)


def enlarged(plane: Plane, rows: slice, height: int, width: int) -> Plane:
    """Rows of a plane float32 (h, w) enlarged to (height, width), smoothly (bicubic)."""
    scale = plane.shape[0] / height
    box = (0, rows.start * scale, plane.shape[1], rows.stop * scale)
    size = (width, rows.stop - rows.start)
    return np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BICUBIC, box=box))


def guided(picture: Picture, before: Picture, after: Picture, progress: Progress) -> Picture:
    """Every detail of the large picture in the colours and the light of the small result.

    Around each pixel of the small picture, the result is a linear function of the picture's brightness, found by least
    squares (He, Sun, Tang, "Guided Image Filtering", 2013, eq. 5 and 6; at low resolution as in He and Sun, "Fast
    Guided Filter", 2015); its slope is enlarged and applied to the large picture. What the slope does not explain, such
    as a lamp that was put into a dark sky, is enlarged and added.
    """
    guide = luma(before)

    def window(plane: NDArray[np.floating]) -> Plane:
        return np.asarray(scipy.ndimage.uniform_filter(plane, 2 * RADIUS + 1, mode="nearest"), np.float32)

    mean = window(guide)
    variance = window(guide * guide) - mean * mean
    slopes, rests = [], []
    for channel in range(picture.shape[2]):
        values = after[:, :, channel].astype(np.float32)
        slope = window((window(guide * values) - mean * window(values)) / (variance + SMOOTHNESS))
        slopes.append(slope)
        rests.append(values - slope * guide)

    def strip(rows: slice, channel: int, brightness: Plane) -> Plane:
        size = picture.shape[:2]
        return enlarged(slopes[channel], rows, *size) * brightness + enlarged(rests[channel], rows, *size)

    return in_strips(picture, strip, progress)


def difference(picture: Picture, before: Picture, after: Picture, progress: Progress) -> Picture:
    """The large picture plus the enlarged change of the small one: what did not change keeps every detail."""
    changes = after.astype(np.float32) - before

    def strip(rows: slice, channel: int, brightness: Plane) -> Plane:
        return picture[rows, :, channel] + enlarged(changes[:, :, channel], rows, *picture.shape[:2])

    return in_strips(picture, strip, progress)


def enlarge(picture: Picture, before: Picture, after: Picture, progress: Progress) -> Picture:
    """The small result alone, enlarged: for maps of labels, which have no detail to carry over."""

    def strip(rows: slice, channel: int, brightness: Plane) -> Plane:
        return enlarged(after[:, :, channel].astype(np.float32), rows, *picture.shape[:2])

    return in_strips(picture, strip, progress)


def in_strips(picture: Picture, strip: Callable[[slice, int, Plane], Plane], progress: Progress) -> Picture:
    """A picture uint8 (H, W, C) made of strips float32 (rows, W), one channel at a time."""
    height = len(picture)
    result = np.empty_like(picture)
    for start in range(0, height, STRIP):
        rows = slice(start, min(start + STRIP, height))
        brightness = luma(picture[rows])
        for channel in range(picture.shape[2]):
            result[rows, :, channel] = strip(rows, channel, brightness).round().clip(0, 255)
        progress(rows.stop / height)
    return result


MERGES: dict[str, Callable[[Picture, Picture, Picture, Progress], Picture]] = {
    "guided": guided,
    "difference": difference,
    "enlarge": enlarge,
}
