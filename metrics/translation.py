"""What a translation did: whether structure stayed, whether it can be undone, and what a simple recipe achieves."""

from typing import Any

import numpy as np
import scipy  # its parts are loaded when they are used
from numpy.typing import NDArray
from skimage.exposure import match_histograms
from skimage.metrics import structural_similarity

from models.merging import luma
from models.pixels import Pictures

Numbers = NDArray[np.float64]


def edges(picture: Pictures) -> Numbers:
    """Edge strength of uint8 (H, W, C) by Sobel's filters on brightness, as ranks from 0 to 1: (H, W). Ranks, since a
    night picture's edges are weaker as a whole."""
    brightness = luma(picture).astype(np.float64)
    strength = np.hypot(scipy.ndimage.sobel(brightness, 0), scipy.ndimage.sobel(brightness, 1))
    order = np.argsort(np.argsort(strength, axis=None, kind="stable"), kind="stable")
    return np.asarray(order.reshape(strength.shape) / max(1, strength.size - 1), dtype=np.float64)


def edge_agreement(first: Pictures, second: Pictures) -> float:
    """Correlation of the edge strengths of two pictures (H, W, C), -1 to 1; 1 where the edges lie in the same places,
    about 0 for pictures that have nothing to do with each other."""
    a, b = edges(first).ravel(), edges(second).ravel()
    return float(np.corrcoef(a, b)[0, 1])


def psnr(first: Pictures, second: Pictures) -> float:
    """Peak signal-to-noise ratio of two uint8 arrays of one shape, dB; infinite where they are equal."""
    error = np.mean((first.astype(np.float64) - second) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))


def similarity(first: Pictures, second: Pictures) -> float:
    """Structural similarity of two pictures (H, W, C), -1 to 1 (Wang, Bovik, Sheikh, Simoncelli, "Image Quality
    Assessment: From Error Visibility to Structural Similarity", 2004, eq. 13), with the paper's Gaussian window."""
    return float(
        structural_similarity(
            first,
            second,
            channel_axis=2,
            data_range=255,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )


def matched(picture: Pictures, reference: Pictures) -> Pictures:
    """The simple recipe: a picture (H, W, C) with the histogram of each channel of another one."""
    result: NDArray[Any] = match_histograms(picture, reference, channel_axis=2)
    return result.round().clip(0, 255).astype(np.uint8)
