"""Pictures on their way in: from the file of a stranger to what a network reads."""

import base64
import binascii
import io
import threading
import warnings

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from models.errors import InvalidInput
from models.pixels import Pictures

LARGEST_FILE = 4 * 2**20  # bytes
LARGEST_PICTURE = 8_000_000  # px
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")

reading = threading.BoundedSemaphore(2)  # files at the same time
unpacking = threading.BoundedSemaphore(2)  # pictures at the same time: a small file can unpack to a hundred megabytes


def read_address(address: object, *, side: int, channels: int) -> Pictures:
    """The picture in a data URI, its middle square reduced or enlarged to what a network reads.

    Args:
        address: "data:image/png;base64,...", or JPEG, WebP, GIF (its first frame), BMP; at most 4 MB and 8 million px.
            Or such a file, opened for reading.
        side: of the result, px.
        channels: of the result, 1 (grey) or 3 (RGB); transparent parts become white.

    Returns:
        uint8 (1, side, side, channels).

    Raises:
        InvalidInput: not a picture, or too large.
    """
    with unpacking:
        picture = open_picture(address, LARGEST_FILE, LARGEST_PICTURE).convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture)
        edge = min(ground.size)
        left, top = (ground.width - edge) // 2, (ground.height - edge) // 2
        square = ground.crop((left, top, left + edge, top + edge)).convert("RGB" if channels == 3 else "L")
        resized = square.resize((side, side), Image.Resampling.LANCZOS)
    return np.array(resized, dtype=np.uint8).reshape(1, side, side, channels)


def read_photograph(address: object, *, largest_file: int, largest_picture: int) -> Pictures:
    """The picture in a data URI at its own size, upright: uint8 (H, W, 1, 3 or 4); see `read_remarked`."""
    return read_remarked(address, largest_file=largest_file, largest_picture=largest_picture)[0]


def read_remarked(address: object, *, largest_file: int, largest_picture: int) -> tuple[Pictures, str]:
    """The picture in a data URI at its own size, upright, and what was changed on the way in.

    Grey stays grey, 16 bits become 8, CMYK, palettes and other colour spaces become sRGB, transparency stays as a
    fourth channel, and of an animation the first frame counts.

    Args:
        address: a data URI, as in `read_address`.
        largest_file: bytes.
        largest_picture: px.

    Returns:
        uint8 (H, W, 1, 3 or 4), and a sentence for each change that a visitor should know of, or nothing.

    Raises:
        InvalidInput: not a picture, or too large.
    """
    with unpacking:
        picture = open_picture(address, largest_file, largest_picture)
        levels = levels_of(picture)
    remarks = ["This is an animation; its first picture was taken."] if picture.info.get("moves") else []
    remarks += ["Its 16 bits a channel became 8."] if picture.mode.startswith("I") else []
    remarks += [f"Its colours ({picture.info['profile']}) became sRGB."] if picture.info.get("profile") else []
    return levels, " ".join(remarks)


def levels_of(picture: Image.Image) -> Pictures:
    """A picture of any mode as uint8 (H, W, 1, 3 or 4)."""
    if picture.mode.startswith(("I", "F")):  # 16 bits, or 32
        depth = np.array(picture, dtype=np.float32)
        depth /= 257 if depth.max(initial=0) > 255 else 1
        levels = np.clip(depth.round(out=depth), 0, 255, out=depth).astype(np.uint8)
        return levels[:, :, None]
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        mode = "RGBA"
    else:
        mode = "L" if picture.mode in ("1", "L") else "RGB"
    if picture.mode != mode:  # else it would be copied
        picture = picture.convert(mode)
    levels = np.array(picture, dtype=np.uint8)
    return levels.reshape(*levels.shape[:2], -1)


def accepted(largest_file: int, largest_picture: int) -> str:
    """What may be sent, as a sentence."""
    return (
        f"PNG, JPEG, WebP, GIF and BMP up to {largest_file / 2**20:.0f} MB and {largest_picture / 1e6:g} million "
        "pixels are accepted."
    )


def read_content(address: object, largest_file: int, hint: str) -> bytes:
    """The file in a data URI, or an open one, which is closed; `hint` says what is accepted. Raises InvalidInput."""
    if isinstance(address, io.BufferedIOBase):
        with reading, address:
            content = address.read(largest_file + 1)
        if len(content) > largest_file:
            raise InvalidInput(f"The file is larger than {largest_file / 2**20:.0f} MB; {hint}")
        return content
    if not isinstance(address, str) or not address.startswith("data:"):
        raise InvalidInput(f"This is no file in the form of a data URI or an upload; {hint}")
    if len(address) > largest_file * 4 / 3 + 100:
        raise InvalidInput(f"The file is larger than {largest_file / 2**20:.0f} MB; {hint}")
    try:
        return base64.b64decode(address.partition(",")[2], validate=True)
    except binascii.Error:
        raise InvalidInput(f"This file is no picture that can be read; {hint}") from None


def open_picture(address: object, largest_file: int, largest_picture: int) -> Image.Image:
    """The picture in a data URI, checked before it is unpacked, upright. Raises InvalidInput."""
    hint = accepted(largest_file, largest_picture)
    content = read_content(address, largest_file, hint)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # measured below, before it is unpacked
            opened: Image.Image = Image.open(io.BytesIO(content), formats=KINDS)
        if opened.width * opened.height > largest_picture:
            raise Image.DecompressionBombError
        moves = getattr(opened, "n_frames", 1) > 1
        ImageOps.exif_transpose(opened, in_place=True)
        upright = in_srgb(opened)
        upright.info["moves"] = moves
        return upright
    except Image.DecompressionBombError:
        raise InvalidInput(f"The picture has more than {largest_picture / 1e6:g} million pixels; {hint}") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise InvalidInput(f"This file is no picture that can be read; {hint}") from None


def in_srgb(picture: Image.Image) -> Image.Image:
    """A picture whose file brings a colour profile of its own, in sRGB; its `info["profile"]` then names that profile.

    Grey pictures keep their levels, and a profile that cannot be read is passed over, as browsers do.
    """
    content = picture.info.get("icc_profile")
    if not content or picture.mode not in ("RGB", "RGBA", "CMYK", "P"):
        return picture
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(content))
        name = ImageCms.getProfileDescription(profile).strip()[:60] or "with a profile"
        if name.startswith("sRGB"):
            return picture
        opacity = picture.getchannel("A") if picture.mode == "RGBA" else None
        colours = picture if picture.mode == "CMYK" else picture.convert("RGB")
        converted = ImageCms.profileToProfile(colours, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    assert converted is not None
    if opacity is not None:
        converted.putalpha(opacity)
    elif "transparency" in picture.info and picture.mode == "P":
        converted.putalpha(picture.convert("RGBA").getchannel("A"))
    converted.info = {"profile": name}
    return converted
