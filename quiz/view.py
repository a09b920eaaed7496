"""How a picture is shown: the one path that photographs and generated pictures take to the visitor's eye.

Nothing but the face may tell the two classes apart. So both pass through `frame` once, and from there on one function
draws either (`show`), varied anew in every round, at one size, brought to a mean brightness, a contrast and a sharpness
that say nothing about the class. Of portraits only the face is shown, in an oval with a soft edge: a studio's blue or
white ground would give a photograph away, a melted one a generated face.
"""

import base64
import functools
import hashlib
import secrets
import struct
import zlib
from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded when they are used
from numpy.typing import NDArray
from PIL import Image

from models.pixels import Pictures

SHOWN = 256  # px, side of every picture that is sent out
ZOOM = (1.01, 1.09)  # the part of the face that is shown has 1/zoom of its side
MEAN = (112.0, 144.0)  # grey levels, mean of a shown picture before clipping
CONTRAST = (34.0, 46.0)  # grey levels, standard deviation of a shown picture before clipping
FLATTEST = 4.0  # grey levels; a picture with less contrast than this is not stretched further

# Of the oval of a portrait, as parts of the side: centre across and down, radius across and down, width of the soft
# edge as a part of the radius. It holds eyebrows, cheeks and chin of a face whose eyes lie at (38, 38) and (87, 38) of
# 128 px; of 300 photographs before a blue wall, nine in ten show none of it.
OVAL = (0.489, 0.516, 0.36, 0.455)
EDGE = 0.10
GROUND = 136.0  # grey level around the oval

# The luminance of a portrait has three bands of detail, between Gaussian blurs of these deviations (px of 128).
SIGMAS = (0.0, 1.0, 2.0, 4.0)
EVEN_CONTRAST = 40.0  # grey levels, at which the bands of a view are measured
STRONGEST_GAIN = 3.0  # of a band, and the inverse of the weakest
PASSES = 6  # since a change of one band changes the contrast, and the other bands a little
SHARPNESS = 0.45  # each band is scaled by exp(±this) anew in every round
CHROMA_BLUR = 1.6  # px of 128, standard deviation: colour is coarser than this in every file, and may be in all
RIM = (0.66, 0.79, 0.90)  # radii of the oval: the outer ring of what is shown lies between the last two
RIM_LIGHT = 5.0  # grey levels by which the outer ring is brighter than the inner one
RIM_CHANGE = 7.0  # grey levels by which that differs at most from round to round
TINT = (-19.0, -13.0)  # grey levels: in a portrait in colour, green less the mean of red and blue, as cameras set it
GRAIN = 2.5  # grey levels, standard deviation of the noise in a shown portrait


@dataclass(frozen=True)
class View:
    """How the pictures of a deck are shown."""

    side: int  # px, true resolution of both classes
    # Of portraits, which are shown in an oval and with grain: what the bands are brought to, finest first, as standard
    # deviations within the oval, grey levels. The finest holds what cameras, file formats and the last layer of a
    # network leave behind, so that it is brought to what the softer class has. None for all other pictures.
    bands: tuple[float, float, float] | None = None


def frame(picture: Pictures, view: View) -> Pictures:
    """What is kept of a picture, of either class, before it is varied and shown: uint8 (side, side, C) to the same."""
    return even_out(picture, view.bands) if view.bands else picture


def even_out(picture: Pictures, bands: tuple[float, float, float]) -> Pictures:
    """A portrait with a given contrast and given amounts of three bands of detail in its oval.

    Args:
        picture: uint8 (H, H, C), C is 1 or 3.
        bands: standard deviations, finest first, grey levels at a contrast of 40.

    Returns:
        uint8 (H, H, C).
    """
    side = picture.shape[0]
    inside, scale = draw_oval(side), side / 128
    light = luminance(picture)  # (H, H)
    colour = picture - light[..., None]  # (H, H, C)
    for _ in range(PASSES):
        light = brought_to(light, bands, inside, scale)
    outer, inner, ramp = draw_rim(side)
    light = light + (RIM_LIGHT - average(light, outer) + average(light, inner)) * ramp
    if picture.shape[2] == 3:  # a sliver of a blue wall is grey
        colour[(picture[..., 2] > picture[..., 0]) & (radius(side) > RIM[1])] = 0
    blurred = [blur(plane, CHROMA_BLUR * scale) for plane in np.moveaxis(colour, 2, 0)]
    return to_levels(np.mean(MEAN) + light[..., None] + np.stack(blurred, axis=2))


def brought_to(
    light: NDArray[np.float32], bands: tuple[float, float, float], inside: NDArray[np.float32], scale: float
) -> NDArray[np.float32]:
    """One pass of `even_out`: luminance (H, H), its mean in the oval taken off."""
    blurs = [light, *(blur(light, sigma * scale) for sigma in SIGMAS[1:])]
    gain = EVEN_CONTRAST / max(deviation(light, inside), FLATTEST)
    evened = (blurs[-1] - average(blurs[-1], inside)) * gain
    for finer, coarser, wanted in zip(blurs, blurs[1:], bands, strict=False):
        band = (finer - coarser) * gain
        factor = wanted / max(deviation(band, inside), wanted / STRONGEST_GAIN)
        evened += band * max(factor, 1 / STRONGEST_GAIN)
    return np.asarray(evened, dtype=np.float32)


def blur(values: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """A Gaussian blur of (H, H), reflected at the edges. Two products of matrices take a fifth of the time of
    `scipy.ndimage.gaussian_filter`, and a portrait is blurred some twenty times."""
    matrix = blur_matrix(len(values), sigma)
    return np.asarray(matrix @ values @ matrix.T, dtype=np.float32)


@functools.cache
def blur_matrix(side: int, sigma: float) -> NDArray[np.float32]:
    """What blurs a column of so many pixels: float32 (side, side). Shared."""
    matrix = scipy.ndimage.gaussian_filter1d(np.eye(side, dtype=np.float32), sigma, axis=0)
    matrix.flags.writeable = False
    return np.asarray(matrix)


def luminance(picture: NDArray[np.generic]) -> NDArray[np.float32]:
    """(H, W, C) to float32 (H, W); the weights are those of ITU-R BT.601."""
    weights = (0.299, 0.587, 0.114) if picture.shape[2] == 3 else (1.0,)
    return np.asarray(picture.astype(np.float32) @ np.array(weights, np.float32))


def average(values: NDArray[np.floating], weights: NDArray[np.floating]) -> float:
    """The weighted mean of (H, W)."""
    return float((values * weights).sum() / weights.sum())


def deviation(values: NDArray[np.floating], weights: NDArray[np.floating]) -> float:
    """The weighted standard deviation of (H, W)."""
    return float(np.sqrt(average((values - average(values, weights)) ** 2, weights)))


@functools.cache
def draw_oval(side: int) -> NDArray[np.float32]:
    """What is shown of a portrait, 1 within the oval, 0 outside, soft between: float32 (side, side). Shared."""
    ramp = np.clip((1 + EDGE - radius(side)) / (2 * EDGE), 0, 1)
    oval = np.asarray(ramp * ramp * (3 - 2 * ramp), dtype=np.float32)
    oval.flags.writeable = False
    return oval


@functools.cache
def draw_rim(side: int) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The outer and the inner ring of what the oval shows, 1 within and 0 elsewhere, and a ramp from 0 in the middle of
    the inner ring to 1 in that of the outer one: float32 (side, side) each. Shared."""
    distance = radius(side)
    outer = ((distance >= RIM[1]) & (distance < RIM[2])).astype(np.float32)
    inner = ((distance >= RIM[0]) & (distance < RIM[1])).astype(np.float32)
    start, end = (RIM[0] + RIM[1]) / 2, (RIM[1] + RIM[2]) / 2
    ramp = np.clip((distance - start) / (end - start), 0, 1)
    for array in (outer, inner, ramp):
        array.flags.writeable = False
    return outer, inner, ramp


def radius(side: int) -> NDArray[np.float32]:
    """How far each pixel lies from the centre of the oval, 1 on its edge: float32 (side, side)."""
    across, down, width, height = OVAL
    at = (np.arange(side, dtype=np.float32) + 0.5) / side
    return np.asarray(np.hypot((at[None, :] - across) / width, (at[:, None] - down) / height), dtype=np.float32)


@dataclass(frozen=True)
class Variation:
    """What is drawn anew for each picture of each round."""

    flipped: bool
    zoom: float
    across: float  # 0 to 1: where the shown square lies in the face, from left to right
    down: float  # 0 to 1: from top to bottom
    mean: float  # grey levels
    contrast: float  # grey levels
    fine: float = 1.0  # gain of the finest band of a portrait
    middle: float = 1.0  # gain of the next one
    coarse: float = 1.0  # gain of the coarsest
    rim: float = 0.0  # grey levels by which the rim of a portrait is brighter than usual
    tint: float = -16.0  # of a portrait in colour, grey levels
    grain: int = 0  # seed of the grain


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
        fine=float(np.exp(source.uniform(-SHARPNESS, SHARPNESS))),
        middle=float(np.exp(source.uniform(-SHARPNESS, SHARPNESS))),
        coarse=float(np.exp(source.uniform(-SHARPNESS, SHARPNESS))),
        rim=float(source.uniform(-RIM_CHANGE, RIM_CHANGE)),
        tint=float(source.uniform(*TINT)),
        grain=int(source.integers(2**32)),
    )


PLAIN = Variation(flipped=False, zoom=1.0, across=0.0, down=0.0, mean=float(np.mean(MEAN)), contrast=40.0)


def show(face: Pictures, variation: Variation, view: View, size: int = SHOWN) -> Pictures:
    """A framed picture as the visitor sees it, smoothly enlarged.

    Args:
        face: uint8 (side, side, C), C is 1 or 3.
        variation: of this picture in this round; `PLAIN` for a wall of pictures.
        view: of the deck.
        size: px, side of the result; the trainer of a discriminator asks for what `reduce` would make, at once.

    Returns:
        uint8 (size, size, C).
    """
    side = face.shape[0]
    length = side / variation.zoom
    left, top = variation.across * (side - length), variation.down * (side - length)
    box = (left, top, left + length, top + length)
    detailed = vary_detail(face, variation) if view.bands else face.astype(np.float32)
    planes = [
        Image.fromarray(np.ascontiguousarray(detailed[..., channel])).resize(
            (size, size), Image.Resampling.BICUBIC, box=box
        )
        for channel in range(face.shape[2])
    ]
    large = np.stack([np.asarray(plane) for plane in planes])  # (C, size, size)
    if variation.flipped:
        large = large[:, :, ::-1]
    if view.bands:
        return set_in_oval(large, variation)
    gain = variation.contrast / max(float(large.std()), FLATTEST)
    return to_levels(np.moveaxis((large - large.mean()) * gain + variation.mean, 0, 2))


def vary_detail(face: Pictures, variation: Variation) -> NDArray[np.float32]:
    """A framed portrait with its bands scaled and its rim lit: uint8 (H, H, C) to float32."""
    light, scale = luminance(face), face.shape[0] / 128
    blurs = [light, *(blur(light, sigma * scale) for sigma in SIGMAS[1:])]
    gains = (variation.fine, variation.middle, variation.coarse)
    more = variation.rim * draw_rim(face.shape[0])[2]  # (H, H)
    for gain, finer, coarser in zip(gains, blurs, blurs[1:], strict=False):
        more = more + np.float32(gain - 1) * (finer - coarser)
    return np.asarray(face + more[..., None], dtype=np.float32)


def set_in_oval(large: NDArray[np.float32], variation: Variation) -> Pictures:
    """An enlarged portrait, toned and with grain, in its oval on even ground: float32 (C, H, H) to uint8 (H, H, C)."""
    size = large.shape[1]
    inside = draw_oval(size)
    some, weights = large[:, ::2, ::2], inside[::2, ::2]  # every other pixel says as much
    light = luminance(np.moveaxis(some, 0, 2))
    gain = variation.contrast / max(deviation(light, weights), FLATTEST)
    tone = np.random.default_rng(variation.grain).standard_normal((size, size), dtype=np.float32)  # (H, H)
    tone *= GRAIN * size / SHOWN  # as after the mean of several pixels
    tone += np.float32(variation.mean - GROUND - average(light, weights) * gain)
    tints = [0.0]
    if len(large) == 3:
        red, green, blue = (average(plane, weights) * gain for plane in some)
        more = variation.tint - (green - (red + blue) / 2)
        tints = [share * more for share in (-0.587, 1 - 0.587, -0.587)]  # the luminance stays
    shown = np.empty((size, size, len(large)), np.uint8)
    for channel, (plane, tint) in enumerate(zip(large, tints, strict=True)):
        toned = plane * np.float32(gain)
        toned += tone
        toned += np.float32(tint)
        toned *= inside
        toned += np.float32(GROUND)
        shown[..., channel] = to_levels(toned)
    return shown


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
    Written here: Pillow tries every filter on every row, which takes ten times as long and saves nothing.
    """
    height, width, channels = picture.shape
    rows = np.zeros((height, 1 + width * channels), np.uint8)  # each begins with the number of its filter: none
    rows[:, 1:] = picture.reshape(height, -1)
    head = struct.pack(">2I5B", width, height, 8, 2 if channels == 3 else 0, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"raNd", secrets.token_bytes(16)),
        (b"IDAT", zlib.compress(rows.tobytes(), level=0)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, content) for kind, content in parts)


def chunk(kind: bytes, content: bytes) -> bytes:
    """One part of a PNG file: length, kind, content, checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))


def to_address(picture: Pictures) -> str:
    """The picture itself as an address (data:image/png;base64,…): it names no file and cannot be asked for twice."""
    return "data:image/png;base64," + base64.b64encode(to_png(picture)).decode("ascii")
