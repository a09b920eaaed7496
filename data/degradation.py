"""From a sharp picture to the small one that an upscaler is given, by the classic protocol or as the world does it.

The classic protocol of the field: the sharp picture cut to a multiple of the scale and reduced with an antialiasing
bicubic filter, 8 bits after each pass. Pillow's reduction is that (bicubic x4 of Set5 comes to 28.43 dB). The world's:
lens and motion blur, some other filter, noise, and JPEG (Wang et al., "Real-ESRGAN", 2021, section 3). One round of it
is what a camera does; a picture that was sent on or saved again has had a second one, at a scale of 1 (section 3.2).
"""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from models.pixels import Pictures, resize

FILTERS = (Image.Resampling.BICUBIC, Image.Resampling.BILINEAR, Image.Resampling.BOX, Image.Resampling.LANCZOS)
BLUR = 0.6  # most, of a Gaussian, in px of the small picture
NOISE = 8.0  # most, standard deviation, grey levels
QUALITY = (55, 95)  # of JPEG
PLAIN = 0.3  # share of pictures that are spared noise, and JPEG, each


def cut_to_multiple(picture: Pictures, scale: int) -> Pictures:
    """The upper left part (H, W, C) whose sides are multiples of the scale."""
    height, width = (side - side % scale for side in picture.shape[:2])
    return picture[:height, :width]


def degrade(picture: Pictures, scale: int) -> Pictures:
    """The classic protocol: uint8 (sH, sW, C) to (H, W, C), each side cut to a multiple of the scale first."""
    picture = cut_to_multiple(picture, scale)
    return resize(picture, picture.shape[0] // scale, picture.shape[1] // scale)


@dataclass(frozen=True)
class Degradation:
    """What makes a small picture of a sharp one, as cameras, screens and networks do (blind super-resolution)."""

    blur: float  # radius of a Gaussian, px of the sharp picture
    filter: Image.Resampling
    noise: NDArray[np.float64] | None  # grey levels (H, W, 1 or 3)
    quality: int | None  # of JPEG


def random_degradation(height: int, width: int, scale: int, randomness: np.random.Generator) -> Degradation:
    """Blur, a filter, noise and JPEG for a small picture of H x W, each drawn at random."""
    blur = randomness.uniform(0, BLUR * scale)
    reduction = FILTERS[randomness.integers(len(FILTERS))]
    noise = quality = None
    if randomness.random() >= PLAIN:
        grey = randomness.random() < 0.4  # the same on all channels, as of film
        noise = randomness.standard_normal((height, width, 1 if grey else 3)) * randomness.uniform(0, NOISE)
    if randomness.random() >= PLAIN:
        quality = int(randomness.integers(*QUALITY))
    return Degradation(blur, reduction, noise, quality)


def degraded(picture: Pictures, scale: int, degradation: Degradation) -> Pictures:
    """A sharp picture, uint8 (sH, sW, 3), after that: (H, W, 3)."""
    height, width = picture.shape[0] // scale, picture.shape[1] // scale
    blurred = Image.fromarray(picture).filter(ImageFilter.GaussianBlur(degradation.blur))
    levels: NDArray[np.float64] = np.asarray(blurred.resize((width, height), degradation.filter), dtype=np.float64)
    if degradation.noise is not None:
        levels = levels + degradation.noise
    noisy = levels.round().clip(0, 255).astype(np.uint8)
    if degradation.quality is None:
        return noisy
    file = io.BytesIO()
    Image.fromarray(noisy).save(file, "JPEG", quality=degradation.quality)
    return np.asarray(Image.open(file).convert("RGB"))


def degrade_at_random(picture: Pictures, scale: int, randomness: np.random.Generator) -> Pictures:
    """Blur, a filter, noise and JPEG, each drawn at random: uint8 (sH, sW, 3) to (H, W, 3)."""
    return degraded(
        picture, scale, random_degradation(picture.shape[0] // scale, picture.shape[1] // scale, scale, randomness)
    )
