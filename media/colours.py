"""Colours of every kind of file as sRGB: ICC profiles, numbers of H.273 (cICP, nclx), gamma and primaries of a PNG."""

import io
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

Levels = NDArray[np.uint8]
Values = NDArray[np.float64]

D65 = (0.3127, 0.3290)
BAND = 1_000_000  # px that are converted at a time
SAME = 2  # levels that a profile may change before it counts as another than sRGB
WHITE = 203.0  # cd/m², of HDR's reference white (ITU-R BT.2408), which becomes sRGB's white
SRGB_GAMMA = 0.45455
EXACT = ImageCms.Flags.NOOPTIMIZE  # else dark levels of grey with a linear profile are up to 10 off

# H.273, table 2: the numbers of primaries, with their name, x and y of red, green, blue, and of white
PRIMARIES = {
    1: ("BT.709", (0.640, 0.330, 0.300, 0.600, 0.150, 0.060), D65),
    4: ("BT.470 M", (0.670, 0.330, 0.210, 0.710, 0.140, 0.080), (0.310, 0.316)),
    5: ("BT.601, 625 lines", (0.640, 0.330, 0.290, 0.600, 0.150, 0.060), D65),
    6: ("BT.601, 525 lines", (0.630, 0.340, 0.310, 0.595, 0.155, 0.070), D65),
    7: ("SMPTE 240M", (0.630, 0.340, 0.310, 0.595, 0.155, 0.070), D65),
    9: ("BT.2020", (0.708, 0.292, 0.170, 0.797, 0.131, 0.046), D65),
    11: ("DCI-P3", (0.680, 0.320, 0.265, 0.690, 0.150, 0.060), (0.314, 0.351)),
    12: ("Display P3", (0.680, 0.320, 0.265, 0.690, 0.150, 0.060), D65),
}
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


# --- transfer functions: levels from 0 to 1 to light, 1 for white -----------------------------------------------


def srgb_light(x: Values) -> Values:
    """IEC 61966-2-1."""
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def srgb_level(light: Values) -> Values:
    """The inverse of `srgb_light`."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055)


def bt709_light(x: Values) -> Values:
    """The inverse of BT.709's curve, which BT.601 and BT.2020 have, too."""
    return np.where(x < 0.0812428583, x / 4.5, ((x + 0.0992968268) / 1.0992968268) ** (1 / 0.45))


def pq_light(x: Values) -> Values:
    """SMPTE ST 2084, relative to HDR's reference white."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    power = x ** (1 / m2)
    return np.asarray(10_000 / WHITE * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1))


def hlg_light(x: Values) -> Values:
    """ITU-R BT.2100's hybrid log-gamma on a display of 1,000 cd/m², channel by channel, relative to the same white."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(x <= 0.5, x * x / 3, (np.exp((x - c) / a) + b) / 12)
    return np.asarray(1_000 / WHITE * scene**1.2)


def gamma_light(gamma: float) -> Callable[[Values], Values]:
    """A power function."""
    return lambda x: np.asarray(x**gamma)


TRANSFERS: dict[int, Callable[[Values], Values]] = {  # H.273, table 3
    **dict.fromkeys((1, 6, 14, 15), bt709_light),
    4: gamma_light(2.2),
    5: gamma_light(2.8),
    8: gamma_light(1.0),
    13: srgb_light,
    16: pq_light,
    18: hlg_light,
}


# --- conversion --------------------------------------------------------------------------------------------------


def white_of(x: float, y: float) -> Values:
    """The colour of chromaticity x, y with luminance 1, in XYZ."""
    return np.array([x / y, 1.0, (1 - x - y) / y])


def to_xyz(primaries: tuple[float, ...], white: tuple[float, float]) -> Values:
    """The matrix from linear RGB to XYZ, (3, 3), its white brought to D65 (Bradford). Raises ValueError."""
    corners = np.array([white_of(*primaries[at : at + 2]) for at in (0, 2, 4)]).T
    try:
        matrix = corners * np.linalg.solve(corners, white_of(*white))
    except np.linalg.LinAlgError:
        raise ValueError("the primaries lie on one line") from None
    cones = (BRADFORD @ white_of(*D65)) / (BRADFORD @ white_of(*white))
    return np.asarray(np.linalg.inv(BRADFORD) @ np.diag(cones) @ BRADFORD @ matrix)


def converted(levels: Levels, light: Callable[[Values], Values], matrix: Values | None) -> Levels:
    """Levels uint8 (H, W, 1 or 3) of another colour space in sRGB.

    Args:
        levels: grey or RGB.
        light: the transfer function, levels from 0 to 1 to light.
        matrix: (3, 3), from its linear RGB to linear sRGB; None for the same primaries. Grey needs none.
    """
    curve = np.clip(light(np.arange(256) / 255), 0, 1e4).astype(np.float32)
    shades = (srgb_level(np.arange(65536) / 65535) * 255).round().astype(np.uint8)
    result = np.empty_like(levels)
    rows = max(1, BAND // levels.shape[1])
    for start in range(0, len(levels), rows):
        part = curve[levels[start : start + rows]]
        if matrix is not None and levels.shape[2] == 3:
            part = part @ matrix.T.astype(np.float32)
        result[start : start + rows] = shades[(np.clip(part, 0, 1) * 65535).round().astype(np.uint16)]
    return result


def with_levels(picture: Image.Image, change: Callable[[Levels], Levels]) -> Image.Image:
    """A picture of any mode of 8 bits with its colours changed; its opacity stays."""
    if picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif "transparency" in picture.info:
        picture = picture.convert("LA" if picture.mode in ("1", "L") else "RGBA")
    opacity = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    grey = picture.mode in ("1", "L", "LA")
    colours = np.asarray(picture.convert("L" if grey else "RGB"))
    colours = change(colours.reshape(*colours.shape[:2], -1))
    result = Image.fromarray(colours[:, :, 0] if grey else colours)
    if opacity is not None:
        result.putalpha(opacity)
    return result


def in_srgb(picture: Image.Image, content: bytes = b"") -> Image.Image:
    """A picture whose file names a colour space of its own, in sRGB; its `info["profile"]` then names what it was.

    A PNG's cICP counts before its profile, that before its gamma; the numbers of AVIF and HEIC count where there is no
    profile. What cannot be read is passed over, as browsers do.

    Args:
        picture: of any mode; 16 bits and more are left as they are.
        content: its file, for what Pillow does not tell.
    """
    if picture.mode == "LAB":
        return profiled(picture, ImageCms.createProfile("LAB"), "CIELAB")
    if picture.mode not in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK"):
        return picture
    named = None if picture.mode == "CMYK" else numbers_in(content)
    profile = picture.info.get("icc_profile")
    if named and (content[:4] == b"\x89PNG" or not profile):
        return by_numbers(picture, *named)
    if profile:
        return by_profile(picture, profile)
    gamma = picture.info.get("gamma")
    if content[:4] == b"\x89PNG" and gamma and "srgb" not in picture.info:
        return by_gamma(picture, float(gamma), picture.info.get("chromaticity"))
    return picture


def numbers_in(content: bytes) -> tuple[int, int, bool] | None:
    """Primaries and transfer function of H.273 that a PNG, AVIF or HEIC file names, and whether its levels are those of
    video, from 16 to 235; None without."""
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        at = 8
        while at + 12 <= len(content):
            size, name = struct.unpack_from(">I4s", content, at)
            if name == b"cICP" and size == 4 and at + 12 <= len(content):
                primaries, transfer, matrix, full = content[at + 8 : at + 12]
                return None if matrix else (primaries, transfer, not full)
            if name in (b"IDAT", b"IEND"):
                return None
            at += 12 + size
    elif content[4:8] == b"ftyp" and 0 <= (at := content.find(b"colrnclx")) <= len(content) - 15:
        primaries, transfer = struct.unpack_from(">HH", content, at + 8)
        if transfer in (1, 2, 6, 14, 15):  # of video; pictures with these are meant as sRGB, and shown so by browsers
            transfer = 13
        return primaries, transfer, False
    return None


def by_numbers(picture: Image.Image, primaries: int, transfer: int, narrow: bool) -> Image.Image:
    """A picture with primaries and transfer function of H.273, in sRGB; as it is where they are unknown or sRGB's."""
    light = TRANSFERS.get(transfer)
    if primaries not in PRIMARIES or light is None or (primaries == 1 and transfer == 13 and not narrow):
        return picture
    name, corners, white = PRIMARIES[primaries]
    matrix = None if primaries == 1 else np.linalg.inv(to_xyz(*PRIMARIES[1][1:])) @ to_xyz(corners, white)
    curve = (lambda x: light(np.clip((255 * x - 16) / 219, 0, 1))) if narrow else light
    result = with_levels(picture, lambda levels: converted(levels, curve, matrix))
    result.info = {"profile": name}
    return result


def by_gamma(picture: Image.Image, gamma: float, chromaticity: tuple[float, ...] | None) -> Image.Image:
    """A PNG with a gamma, and perhaps chromaticities (x, y of white, red, green, blue), in sRGB."""
    if not 0.05 <= gamma <= 20:
        return picture
    matrix = None
    if chromaticity and len(chromaticity) == 8 and all(chromaticity[at] > 0 for at in (1, 3, 5, 7)):
        white = (chromaticity[0], chromaticity[1])
        try:
            found = np.linalg.inv(to_xyz(*PRIMARIES[1][1:])) @ to_xyz(tuple(chromaticity[2:]), white)
        except ValueError:
            return picture
        matrix = None if np.abs(found - np.eye(3)).max() < 0.01 or not np.isfinite(found).all() else found
    if matrix is None and abs(gamma - SRGB_GAMMA) < 0.005:
        return picture
    result = with_levels(picture, lambda levels: converted(levels, gamma_light(1 / gamma), matrix))
    result.info = {"profile": f"gamma {1 / gamma:.2g}"}
    return result


def by_profile(picture: Image.Image, content: bytes) -> Image.Image:
    """A picture with an ICC profile in sRGB; as it is if the profile is sRGB's, broken, or for other channels."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(content))
        name = ImageCms.getProfileDescription(profile).strip()[:60] or "with a profile"
        space = profile.profile.xcolor_space.strip()
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    if name.startswith("sRGB"):
        return picture
    grey = picture.mode in ("1", "L", "LA")
    if space != ("GRAY" if grey else "CMYK" if picture.mode == "CMYK" else "RGB"):
        return picture
    return profiled(picture, profile, name)


def profiled(picture: Image.Image, profile: Any, name: str) -> Image.Image:
    """A picture with a profile in sRGB, or as it is if that changes next to nothing, or cannot be done."""
    target = ImageCms.createProfile("sRGB")

    def change(levels: Levels) -> Levels:
        grey = levels.shape[2] == 1
        flags = EXACT if grey else ImageCms.Flags.NONE
        image = Image.fromarray(levels[:, :, 0] if grey else levels)
        changed = ImageCms.profileToProfile(image, profile, target, outputMode="RGB", flags=flags)
        assert changed is not None
        found = np.asarray(changed)
        return found[:, :, 1:2] if grey else found

    try:
        if picture.mode in ("CMYK", "LAB"):
            result = ImageCms.profileToProfile(picture, profile, target, outputMode="RGB")
            assert result is not None
        else:
            places = np.arange(0, 256, 15, dtype=np.uint8)
            grey = picture.mode in ("1", "L", "LA")
            cube = places[:, None, None] if grey else np.stack(np.meshgrid(*[places] * 3), -1).reshape(-1, 18, 3)
            if np.abs(change(cube).astype(int) - cube).max() <= SAME:
                return picture
            result = with_levels(picture, change)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    result.info = {"profile": name}
    return result
