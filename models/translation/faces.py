"""A face in a photograph, translated where it is: cut out upright, drawn anew, and the change put back.

The network works at the size that it was trained at, on a face that is turned and scaled as its training pictures are.
Only the change that it makes goes back into the photograph, so that everything else stays as sharp as it was.
"""

import math
from typing import NamedTuple

import numpy as np
import scipy  # its parts are loaded when they are used
from numpy.typing import NDArray
from PIL import Image

from models.errors import InvalidInput
from models.faces.similarity import (
    OVERSAMPLING,
    TEMPLATE,
    TEMPLATE_SIDE,
    Points,
    cut,
    inverse,
    moved,
    scale_of,
    similarity,
)
from models.merging import SMOOTHNESS, STRIP, Plane, Progress, luma
from models.parts import Spread, in_turn
from models.pixels import colours_of
from models.translation.inference import check_picture, translate_small, way_of, working_size
from models.translation.network import Picture, Translation, TranslationConfig

LARGEST_PHOTOGRAPH = 25_000_000  # px; only the part with the face is worked on
SMALLEST_FRAME = 8.0  # px of the photograph, a side
LARGEST_FRAME = 4.0  # of the photograph's shorter side
NEAR = 2  # px of what the network draws, to each side of a pixel, where `undone` looks
EMPTY = 2  # px of what the network draws: at its border, without any change
FADE = 0.15  # of its side: how far the change then takes to be there in full


class Placement(NamedTuple):
    """Where a photograph lies in the frame, as page/components/placement.js has it: the point (u, v) of it, in px, lies
    at (a u - b v + x, b u + a v + y) of the frame, whose sides are 128."""

    a: float
    b: float
    x: float
    y: float

    @property
    def matrix(self) -> Points:
        """The same as a similarity (2, 3), see models.faces.similarity."""
        return np.array([[self.a, -self.b, self.x], [self.b, self.a, self.y]])


class TranslatedFace(NamedTuple):
    """A photograph with a translated face, and how that came about."""

    photograph: Picture  # uint8 (H, W, C)
    cut: Picture  # uint8 (h, w, 1 or 3), what the network saw
    drawn: Picture  # of the same shape, what it made of it


def landmarks_of(config: TranslationConfig) -> Points:
    """Where a network of faces expects eyes, nose and mouth, (5, 2) in units of the frame, in the order of TEMPLATE."""
    eyes = np.reshape(config.eyes, (2, 2)) * TEMPLATE_SIDE if config.eyes else TEMPLATE[:2]
    return moved(TEMPLATE, similarity(TEMPLATE[:2], eyes))


def placement_of(config: TranslationConfig, landmarks: Points) -> Placement:
    """The placement that brings a face to where a network expects it; landmarks (5, 2) in px, in the order of TEMPLATE.

    Raises:
        InvalidInput: all landmarks are one point.
    """
    (a, _, x), (b, _, y) = similarity(landmarks, landmarks_of(config)).tolist()
    return Placement(a, b, x, y)


def check_placement(placement: Placement, height: int, width: int) -> None:
    """Raises InvalidInput unless the frame lies on a picture of that size, neither too small nor far too large."""
    if not all(map(math.isfinite, placement)):
        raise InvalidInput("The numbers of the frame have to be finite.")
    scale = math.hypot(placement.a, placement.b)
    side, most = TEMPLATE_SIDE / scale if scale else math.inf, LARGEST_FRAME * min(height, width)
    if not SMALLEST_FRAME <= side <= most:
        raise InvalidInput(
            f"The sides of the frame are {side:.0f} px long in the picture; {SMALLEST_FRAME:.0f} to {most:.0f} px are "
            "accepted."
        )
    middle = np.array([[TEMPLATE_SIDE / 2, TEMPLATE_SIDE / 2]])
    ((x, y),) = moved(middle, inverse(placement.matrix)).tolist()
    if not (-1 <= x <= width + 1 and -1 <= y <= height + 1):
        raise InvalidInput(f"The middle of the frame is at ({x:.0f}, {y:.0f}), outside of the picture.")


def translate_face(
    network: Translation,
    photograph: Picture,
    direction: str,
    placement: Placement,
    *,
    seed: int | None = None,
    progress: Progress = lambda share: None,
    spread: Spread = in_turn,
) -> TranslatedFace:
    """The face in a frame as one of the other domain, in its photograph.

    Args:
        network: of faces; it changes what it reads, `config.merge` is "difference".
        photograph: uint8 (H, W, C), C is 1 (grey), 3 (RGB), 2 or 4 (the same with opacity, which is kept); at least
            8 px a side, at most 25 million px.
        direction: one of `directions(network)`.
        placement: of the photograph in the frame.
        seed, progress, spread: as in `translate`.

    Raises:
        InvalidInput: another form of picture, an unknown direction, a network that is not for faces, or a frame that
            does not lie on the photograph.
    """
    way = way_of(network, direction)
    check_picture(photograph, LARGEST_PHOTOGRAPH)
    if network.config.merge != "difference":
        raise InvalidInput("This network translates whole pictures; a frame is for networks of faces.")
    check_placement(placement, *photograph.shape[:2])
    face = cut_face(network.config, photograph, placement)
    drawn = translate_small(network, face, way, seed=seed, waiting=lambda: progress(0.0), spread=spread)
    return TranslatedFace(put_back(photograph, face, drawn, placement, progress), face, drawn)


def cut_face(config: TranslationConfig, photograph: Picture, placement: Placement) -> Picture:
    """What a network sees of a face: uint8 (h, w, C), C the channels that it draws; antialiased, and mirrored beyond
    the edges of the photograph. Needs memory for what is in the frame only."""
    height, width = photograph.shape[:2]
    side = working_size(config, 4096, 4096)[0]
    scale = scale_of(placement.matrix)
    left, top, right, bottom = box_of(placement, height, width, margin=math.ceil(8 / min(scale, 1)))
    part = photograph[top:bottom, left:right, : colours_of(photograph)]
    region = Image.fromarray(np.ascontiguousarray(np.broadcast_to(part, (*part.shape[:2], 3))))
    factor = max(1, int(TEMPLATE_SIDE / scale / (side * OVERSAMPLING)))  # more pixels than `cut` would look at
    region = region.reduce(factor)
    matrix = placement.matrix
    matrix[:, 2] += matrix[:, :2] @ [left, top]
    matrix[:, :2] *= factor
    face = np.asarray(cut(region, matrix, side))
    return luma(face).round().astype(np.uint8)[:, :, None] if config.channels == 1 else face


def put_back(
    photograph: Picture,
    face: Picture,
    drawn: Picture,
    placement: Placement,
    progress: Progress = lambda share: None,
) -> Picture:
    """A photograph with what was changed in its frame.

    The change, drawn - face, is taken and added in the levels of sRGB as they are stored, which are what the networks
    learned from. A change in grey is one of the luma Y' of BT.601: added to R', G' and B' alike it leaves both colour
    differences (Cb, Cr) as they are. What is too fine for the network stays, unless it belonged to something that is
    gone, see `undone`. All of it fades out before the border of the frame, see `fade`, so there is no edge; where
    nothing changed, the photograph stays as it is to the last bit. Planes are enlarged by cubic interpolation to four
    times their size, from there linearly and in strips: Pillow's own cubic is wavy where pictures are turned.

    Args:
        photograph: uint8 (H, W, 1 to 4); opacity stays.
        face, drawn: uint8 (s, s, 1 or 3), a cut and its translation.
        placement: as in `cut_face`.
        progress: told the share that is done; what it raises stops the work.

    Returns:
        uint8 (H, W, C).
    """
    colours, side = colours_of(photograph), face.shape[0]
    before, after = (
        luma(levels)[:, :, None] if colours == 1 else levels.astype(np.float32) for levels in (face, drawn)
    )  # (s, s, c), c the channels that are added
    gone = undone(before.mean(axis=2), (after - before).mean(axis=2))[:, :, None]
    stack = np.concatenate([after - before, gone, before], axis=2)
    to_face = placement.matrix * (side / TEMPLATE_SIDE)  # from px of the photograph to those of the cut
    if scale_of(to_face) > 1:  # it is reduced: finer than the pixels of the photograph it must not be
        blur = 0.5 * math.sqrt(scale_of(to_face) ** 2 - 1)
        stack = scipy.ndimage.gaussian_filter(stack, (blur, blur, 0), mode="nearest")
    count = before.shape[2]
    stack[:, :, : count + 1] *= fade(side)[:, :, None]
    large = (side * OVERSAMPLING, side * OVERSAMPLING)
    planes = [
        Image.fromarray(np.ascontiguousarray(plane)).resize(large, Image.Resampling.BICUBIC)
        for plane in np.moveaxis(stack, 2, 0)
    ]
    to_plane = to_face * OVERSAMPLING
    left, top, right, bottom = box_of(placement, *photograph.shape[:2], margin=1)
    result = photograph.copy()
    for start in range(top, bottom, STRIP):
        rows = slice(start, min(start + STRIP, bottom))
        size = (right - left, rows.stop - rows.start)
        corner = to_plane[:, 2] + to_plane[:, :2] @ [left, start]
        there = np.column_stack([to_plane[:, :2], corner]).ravel().tolist()
        enlarged: list[Plane] = [
            np.asarray(plane.transform(size, Image.Transform.AFFINE, there, Image.Resampling.BILINEAR))
            for plane in planes
        ]
        visible = photograph[rows, left:right, :colours]
        seen = luma(visible)[:, :, None] if count == 1 else visible
        for number in range(count):
            detail = seen[:, :, number] - enlarged[count + 1 + number]
            added = enlarged[number] - enlarged[count] * detail
            for channel in range(colours) if count == 1 else (number,):
                levels = (visible[:, :, channel] + added).round().clip(0, 255)
                result[rows, left:right, channel] = levels
        progress((rows.stop - top) / (bottom - top))
    return result


def undone(before: Plane, change: Plane) -> Plane:
    """How far what was there is gone, float32 (s, s), 0 to 1: closed lips leave nothing of the teeth, and what is
    too fine for the network has to go with them.

    Around each pixel, the change is split into a multiple of what was there, found by least squares as in a guided
    filter (He, Sun, Tang 2013, eq. 5), and the rest. A multiple of -1 takes all of it away. Where nothing changes, and
    where a surface becomes lighter or darker as a whole, it is 0.
    """

    def window(plane: Plane) -> Plane:
        return np.asarray(scipy.ndimage.uniform_filter(plane, 2 * NEAR + 1, mode="nearest"), np.float32)

    mean = window(before)
    variance = window(before * before) - mean * mean
    slope = (window(before * change) - mean * window(change)) / (variance.clip(0) + SMOOTHNESS)
    return window((-slope).clip(0, 1))


def fade(side: int) -> NDArray[np.float32]:
    """How much of a change is put back, float32 (side, side): 0 in the two outermost pixels of each side, so that
    cubic interpolation is 0 at the border of the frame, too, then a cubic without a kink up to 1."""
    place = np.arange(side)
    distance = np.minimum(place, place[::-1]) - (EMPTY - 1)
    ramp = (distance / (FADE * side)).clip(0, 1)
    smooth: NDArray[np.float32] = (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)
    return np.outer(smooth, smooth)


def box_of(placement: Placement, height: int, width: int, *, margin: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom, px, of the part of a picture in which its frame lies, with a margin; at least one
    pixel."""
    corners = moved(np.array([[0.0, 0.0], [1, 0], [0, 1], [1, 1]]) * TEMPLATE_SIDE, inverse(placement.matrix))
    low, high = np.floor(corners.min(axis=0)) - margin, np.ceil(corners.max(axis=0)) + margin
    left, top = (int(min(max(place, 0), size - 1)) for place, size in zip(low, (width, height), strict=True))
    right, bottom = (int(min(max(place, 1), size)) for place, size in zip(high, (width, height), strict=True))
    return left, top, right, bottom
