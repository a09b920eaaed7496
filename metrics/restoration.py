"""How near an enlarged picture is to the true one, by the classic protocol of the field.

PSNR and SSIM on the luma Y of ITU-R BT.601 (16 to 235), a border as wide as the scale left out. With bicubic x4 this
gives 28.43 dB and .8113 on Set5, 26.09 dB and .7049 on Set14.
"""

import math

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidInput
from models.pixels import Pictures

WINDOW = 11  # px, side of SSIM's window (Wang et al., "Image quality assessment", 2004)
STRIP = 128  # rows of a picture that are compared at a time


def luma_601(picture: Pictures) -> NDArray[np.float64]:
    """Y of ITU-R BT.601, 16 to 235: (H, W) of uint8 (H, W, 3), or (H, W, 1), which is read as grey RGB."""
    weights = np.array([65.481, 128.553, 24.966]) / 255
    rgb = np.broadcast_to(picture, (*picture.shape[:2], 3)).astype(np.float64)
    luma: NDArray[np.float64] = rgb @ weights + 16
    return luma


def compared(result: Pictures, truth: Pictures, border: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both as luma without the border. Raises InvalidInput."""
    if result.shape[:2] != truth.shape[:2]:
        raise InvalidInput(f"The pictures are {result.shape[:2]} and {truth.shape[:2]}; they have to be of one size.")
    height, width = truth.shape[:2]
    if min(height, width) < 2 * border + WINDOW:
        raise InvalidInput(
            f"The pictures are {width} x {height} px; {2 * border + WINDOW} a side are needed with this border."
        )
    inner = (slice(border, height - border), slice(border, width - border))
    return luma_601(result)[inner], luma_601(truth)[inner]


def psnr(result: Pictures, truth: Pictures, *, border: int) -> float:
    """Peak signal to noise ratio, dB, on luma; infinite for equal pictures.

    Args:
        result, truth: uint8 (H, W, C), C one of 1 and 3.
        border: px left out on each side, by custom the scale.

    Raises:
        InvalidInput: different or too small sizes.
    """
    ours, theirs = compared(result, truth, border)
    error = float(np.square(ours - theirs).mean())
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def ssim(result: Pictures, truth: Pictures, *, border: int) -> float:
    """Structural similarity on luma (2004), a Gaussian window of 11 px and deviation 1.5, wholly inside the picture.

    Args, Raises: as `psnr`.
    """
    from skimage.metrics import structural_similarity  # loads SciPy, which takes a tenth of a second

    ours, theirs = compared(result, truth, border)
    edge, total = WINDOW // 2, 0.0
    height, width = ours.shape[0] - 2 * edge, ours.shape[1] - 2 * edge  # of the places where a window lies inside
    for top in range(0, height, STRIP):  # the planes that this needs are ten times as large as the pictures
        rows = slice(top, min(top + STRIP, height) + 2 * edge)
        _, values = structural_similarity(
            ours[rows],
            theirs[rows],
            data_range=255,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            full=True,
        )
        total += values[edge:-edge, edge:-edge].sum()
    return float(total / (height * width))
