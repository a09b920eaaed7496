"""The border between pictures and networks: uint8 pixels outside, floats in [-1, 1] inside."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from models.errors import InvalidInput

Pictures = NDArray[np.uint8]

LARGEST_SUPPORT = 3  # px of the larger grid on each side that a filter of Pillow looks at (Lanczos)
BAND = 2_000_000  # px that are resized at a time


def to_network(pictures: Pictures) -> Tensor:
    """Pictures as a network reads them.

    Args:
        pictures: uint8 (N, H, W, C), C is 1 (grey) or 3 (RGB).

    Returns:
        float32 (N, C, H, W) in [-1, 1].

    Raises:
        InvalidInput: another type or number of dimensions.
    """
    if pictures.dtype != np.uint8 or pictures.ndim != 4:
        raise InvalidInput(f"Expected uint8 pictures (N, H, W, C), got {pictures.dtype} {pictures.shape}.")
    writable = np.require(pictures, requirements=["C", "W"])  # torch warns of arrays that are not
    return from_levels(torch.from_numpy(writable))


def from_levels(levels: Tensor) -> Tensor:
    """The same for pictures that are a tensor already, on any device: uint8 (N, H, W, C) → (N, C, H, W)."""
    return levels.permute(0, 3, 1, 2).float() / 127.5 - 1


def to_pictures(x: Tensor) -> Pictures:
    """What a network drew, as pictures: the inverse of `to_network`, rounded, out-of-range values clipped.

    Args:
        x: float (N, C, H, W), nominally in [-1, 1], on any device.

    Returns:
        uint8 (N, H, W, C).
    """
    levels = ((x.detach().float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    return np.asarray(levels.permute(0, 2, 3, 1).contiguous().cpu().numpy())  # (N, H, W, C)


def colours_of(picture: Pictures) -> int:
    """How many channels of (H, W, C) are colours: 1 of grey (C is 1, or 2 with opacity), 3 of RGB (C is 3 or 4)."""
    return 1 if picture.shape[2] < 3 else 3


def has_opacity(picture: Pictures) -> bool:
    """Whether the last channel of (H, W, C) is opacity."""
    return picture.shape[2] in (2, 4)


def resize(picture: Pictures, height: int, width: int, method: Image.Resampling = Image.Resampling.BICUBIC) -> Pictures:
    """One picture uint8 (H, W, C) at another size, antialiased, 8 bits after each pass: uint8 (height, width, C).

    C is from 1 to 4, see `colours_of`; opacity does not change the colours, as Pillow would have it. Large pictures are
    made in bands of rows, each from all rows that it depends on, so that little memory is needed beside the result.
    """
    result = np.empty((height, width, picture.shape[2]), np.uint8)
    scale = picture.shape[0] / height  # rows of the picture for one of the result
    margin = math.ceil(LARGEST_SUPPORT * max(1.0, scale)) + 1
    band = max(1, BAND // (width * max(1, math.ceil(scale) ** 2)))
    for start in range(0, height, band):
        stop = min(start + band, height)
        top, bottom = max(0, int(start * scale) - margin), min(picture.shape[0], math.ceil(stop * scale) + margin)
        box = (0.0, start * scale - top, float(picture.shape[1]), stop * scale - top)
        colours = colours_of(picture)
        for channels in (slice(0, colours), slice(colours, None))[: 1 + has_opacity(picture)]:
            part = np.ascontiguousarray(picture[top:bottom, :, channels])
            image = Image.fromarray(part.squeeze(2) if part.shape[2] == 1 else part)
            resized = np.asarray(image.resize((width, stop - start), method, box=box))
            result[start:stop, :, channels] = resized.reshape(stop - start, width, -1)
    return result


def to_grey(picture: Pictures) -> Pictures:
    """Brightness of one picture uint8 (H, W, 3), as Pillow has it (BT.601): uint8 (H, W, 1)."""
    rows = max(1, BAND // picture.shape[1])
    bands = [
        np.asarray(Image.fromarray(picture[start : start + rows]).convert("L"))
        for start in range(0, picture.shape[0], rows)
    ]
    return np.concatenate(bands)[:, :, None]


def tile(pictures: Pictures, *, columns: int, gap: int = 0, background: int = 255) -> NDArray[np.uint8]:
    """Pictures side by side, row after row.

    Args:
        pictures: uint8 (N, H, W, C), N at least 1.
        columns: pictures in a row, at least 1.
        gap: px between two pictures.
        background: level of the gaps and of the places left over, 0 to 255.

    Returns:
        uint8 (rows * H + gaps, columns * W + gaps, C).
    """
    count, height, width, channels = pictures.shape
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    size = (rows * (height + gap) - gap, columns * (width + gap) - gap, channels)
    sheet = np.full(size, background, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return sheet


def to_image(picture: NDArray[np.uint8]) -> Image.Image:
    """uint8 (H, W, C) as an image of mode L, LA, RGB or RGBA."""
    return Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)
