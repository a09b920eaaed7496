"""What gives a generated face away: in this pair, and in faces of small networks in general."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from models.pixels import Pictures

SOFTENING = 0.06  # of the side: radius of the blur that hides a region

# Where the parts of a face lie in a picture: centre across and down, radius across and down, as parts of the side.
Region = tuple[float, float, float, float]
Judge = Callable[[Pictures], NDArray[np.float32]]  # uint8 (N, H, W, C) to logits (N,), larger = more real

# Faces of 128 px whose eyes lie at (38, 38) and (87, 38), shown in an oval: only what the oval shows has a name.
PORTRAIT_REGIONS: dict[str, Region] = {
    "the eye on the left": (0.30, 0.30, 0.13, 0.09),
    "the eye on the right": (0.69, 0.30, 0.13, 0.09),
    "the bridge of the nose": (0.49, 0.32, 0.08, 0.11),
    "the nose": (0.49, 0.50, 0.12, 0.13),
    "the mouth": (0.49, 0.71, 0.20, 0.09),
    "the forehead": (0.49, 0.14, 0.22, 0.08),
    "the cheek on the left": (0.25, 0.54, 0.11, 0.15),
    "the cheek on the right": (0.74, 0.54, 0.11, 0.15),
    "the chin": (0.49, 0.89, 0.18, 0.08),
}

# pictures aligned to the eyes as in CelebA, cut as for faces-celeba-64
ALIGNED_REGIONS: dict[str, Region] = {
    "the eye on the left": (0.35, 0.45, 0.13, 0.09),
    "the eye on the right": (0.63, 0.45, 0.13, 0.09),
    "the nose": (0.49, 0.60, 0.10, 0.12),
    "the mouth": (0.49, 0.76, 0.17, 0.09),
    "the forehead": (0.49, 0.27, 0.22, 0.11),
    "the hair on top": (0.49, 0.08, 0.30, 0.10),
    "the ear or hair on the left": (0.13, 0.52, 0.11, 0.22),
    "the ear or hair on the right": (0.86, 0.52, 0.11, 0.22),
    "the chin": (0.49, 0.92, 0.20, 0.09),
    "the background at the top left": (0.07, 0.08, 0.13, 0.13),
    "the background at the top right": (0.93, 0.08, 0.13, 0.13),
}

# pictures of which only the middle is known to be a face
GRID_REGIONS: dict[str, Region] = {
    f"the {down}{across}": (x, y, 0.17, 0.17)
    for down, y in (("top", 0.17), ("middle", 0.5), ("bottom", 0.83))
    for across, x in ((" left", 0.17), ("", 0.5), (" right", 0.83))
}

REGIONS: dict[str, dict[str, Region]] = {
    "faces-128": PORTRAIT_REGIONS,
    "portraits-128": PORTRAIT_REGIONS,
    "faces-celeba-64": ALIGNED_REGIONS,
}

GENERAL_TELLS: tuple[tuple[str, str], ...] = (
    ("Eyes that do not match", "They look in two directions, differ in size, or one has lost its pupil."),
    ("Melted teeth", "A row of teeth runs into one bright band, or into the lips."),
    ("Glasses that fade", "The frame is there on one side and gone on the other."),
    ("Hair without an edge", "Strands dissolve into the background, or the background grows into the hair."),
    ("Two unlike halves", "Ears, cheeks or brows on the left belong to another face than those on the right."),
    ("Grain and blotches", "Flat skin shows a fine grid or a spot that no lamp would make."),
)


@dataclass(frozen=True)
class Tell:
    """Where the discriminator sees a generated picture fail."""

    sentence: str
    spot: Region | None  # in the shown picture; None if there is no single one


UNJUDGED = Tell("This network came without its discriminator: nobody plays beside you, and no place is marked.", None)


def find_tell(judge: Judge, real: Pictures, fake: Pictures, network_name: str) -> Tell:
    """Where the discriminator sees this fake fail.

    Each region of both pictures is blurred in turn (occlusion sensitivity: Zeiler and Fergus, "Visualizing and
    Understanding Convolutional Networks", 2014, section 4.2). The region named is the one whose blurring makes the fake
    look more real by the most, beyond what blurring the same region does for the photograph.

    Args:
        judge: the discriminator.
        real, fake: uint8 (resolution, resolution, C), as the discriminator reads them.
        network_name: of the generator; it decides which regions have names.
    """
    regions = REGIONS.get(network_name, GRID_REGIONS)
    gains = gain_of_blurring(judge, fake, regions) - gain_of_blurring(judge, real, regions)
    strongest = int(np.argmax(gains))
    if gains[strongest] <= 0:
        return Tell("The discriminator finds no single spot that gives the generated one away.", None)
    shown = "picture" if regions is GRID_REGIONS else "face"
    name, spot = list(regions.items())[strongest]
    return Tell(f"Look at {name} of the generated {shown}: there the discriminator objects most.", spot)


def gain_of_blurring(judge: Judge, picture: Pictures, regions: dict[str, Region]) -> NDArray[np.float32]:
    """How much each region, blurred, raises the logit. uint8 (H, H, C) → float32 (number of regions,)."""
    side = picture.shape[0]
    image = Image.fromarray(picture.squeeze())
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(SOFTENING * side))).reshape(picture.shape)
    covers = draw_covers(side, tuple(regions.values()))  # (R, H, H, 1)
    hidden = np.rint(picture * (1 - covers) + soft * covers).astype(np.uint8)  # (R, H, H, C)
    logits = judge(np.concatenate([picture[None], hidden]))  # (1 + R,)
    return np.asarray(logits[1:] - logits[0])


@functools.lru_cache(maxsize=16)
def draw_covers(side: int, regions: tuple[Region, ...]) -> NDArray[np.float32]:
    """Soft ellipses, 1 inside and 0 outside: float32 (number of regions, side, side, 1)."""
    at = (np.arange(side, dtype=np.float32) + 0.5) / side
    covers = []
    for across, down, width, height in regions:
        distance = np.hypot((at[None, :] - across) / width, (at[:, None] - down) / height)  # 1 on the edge
        covers.append(np.clip((1.25 - distance) / 0.5, 0, 1))
    return np.asarray(np.stack(covers)[..., None], dtype=np.float32)
