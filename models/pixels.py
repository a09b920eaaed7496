"""The border between pictures and networks: uint8 pixels outside, floats in [-1, 1] inside."""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from models.errors import InvalidInput

Pictures = NDArray[np.uint8]


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
    return torch.from_numpy(writable).permute(0, 3, 1, 2).float() / 127.5 - 1  # (N, C, H, W)


def to_pictures(x: Tensor) -> Pictures:
    """What a network drew, as pictures: the inverse of `to_network`, rounded, out-of-range values clipped.

    Args:
        x: float (N, C, H, W), nominally in [-1, 1], on any device.

    Returns:
        uint8 (N, H, W, C).
    """
    levels = ((x.detach().float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    return np.asarray(levels.permute(0, 2, 3, 1).contiguous().cpu().numpy())  # (N, H, W, C)


def resize(picture: Pictures, height: int, width: int, method: Image.Resampling = Image.Resampling.BICUBIC) -> Pictures:
    """One picture uint8 (H, W, C) at another size, antialiased, 8 bits after each pass: uint8 (height, width, C).

    C is 1, 3 or 4; opacity does not change the colours, as Pillow would have it.
    """
    parts = [picture[:, :, :3], picture[:, :, 3:]] if picture.shape[2] == 4 else [picture]
    resized = [
        np.asarray(Image.fromarray(part.squeeze(2) if part.shape[2] == 1 else part).resize((width, height), method))
        for part in map(np.ascontiguousarray, parts)
    ]
    return np.concatenate([part.reshape(height, width, -1) for part in resized], axis=2)
