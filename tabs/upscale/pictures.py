"""What is enlarged: a visitor's picture, an example, or for a test the truth that a result is compared with."""

from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data as samples

from data.degradation import cut_to_multiple, degrade
from media.incoming import read_remarked
from metrics.restoration import WINDOW
from models.errors import InvalidInput
from models.pixels import colours_of
from models.super_resolution import Picture

PORTRAIT = Path(__file__).parent / "examples" / "portrait.webp"  # for the networks of faces; 128 x 128 px
EXAMPLES = ("astronaut", "chelsea", "coffee", "rocket", PORTRAIT)  # names: of scikit-image, free for every use
TITLES = ("Astronaut", "Cat", "Coffee", "Rocket", "Portrait")
EXAMPLE_SCALE = 4  # how many times smaller than the sharp pictures the examples are
LARGEST_PHOTOGRAPH = 16 * 2**20  # bytes
LARGEST_PICTURE = 12_500_000  # px
LARGEST_TEST = 3_000_000  # px, of what a test compares with the truth; more is cut to the middle


def read_image(address: object) -> tuple[Picture, str]:
    """A visitor's picture, and what was changed on its way in. Raises InvalidInput."""
    return read_remarked(address, largest_file=LARGEST_PHOTOGRAPH, largest_picture=LARGEST_PICTURE)


def example(number: int, *, sharp: bool) -> Picture:
    """A photograph, uint8 (H, W, 3): as it is, or reduced to a quarter."""
    found = EXAMPLES[number]
    photograph: Picture = np.asarray(Image.open(found)) if isinstance(found, Path) else getattr(samples, found)()
    return np.ascontiguousarray(photograph if sharp else degrade(photograph, EXAMPLE_SCALE))


def truth_of(picture: Picture, scale: int) -> Picture:
    """The part of a sharp picture that a test uses: without opacity, its middle if it is large, sides multiples of the
    scale. Raises InvalidInput if nothing is left to compare."""
    picture = picture[:, :, : colours_of(picture)]
    height, width = picture.shape[:2]
    least = 3 * scale + WINDOW
    if min(height, width) < least:
        raise InvalidInput(
            f"The picture is {width} x {height} px; a test at scale {scale} needs {least} px a side or more."
        )
    if height * width > LARGEST_TEST:
        share = (LARGEST_TEST / (height * width)) ** 0.5
        high, wide = max(least, int(height * share)), max(least, int(width * share))
        top, left = (height - high) // 2, (width - wide) // 2
        picture = picture[top : top + high, left : left + wide]
    return np.ascontiguousarray(cut_to_multiple(picture, scale))
