"""Pictures on their way in: from the file of a stranger to what a network reads."""

import base64
import binascii
import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from models.errors import InvalidInput
from models.pixels import Pictures

LARGEST_FILE = 4 * 2**20  # bytes
LARGEST_PICTURE = 8_000_000  # px
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


def read_address(address: object, *, side: int, channels: int) -> Pictures:
    """The picture in a data URI, its middle square reduced or enlarged to what a network reads.

    Args:
        address: "data:image/png;base64,...", or JPEG, WebP, GIF (its first frame), BMP; at most 4 MB and 8 million px.
        side: of the result, px.
        channels: of the result, 1 (grey) or 3 (RGB); transparent parts become white.

    Returns:
        uint8 (1, side, side, channels).

    Raises:
        InvalidInput: not a picture, or too large.
    """
    picture = open_picture(address, LARGEST_FILE, LARGEST_PICTURE).convert("RGBA")
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    edge = min(ground.size)
    left, top = (ground.width - edge) // 2, (ground.height - edge) // 2
    square = ground.crop((left, top, left + edge, top + edge)).convert("RGB" if channels == 3 else "L")
    resized = square.resize((side, side), Image.Resampling.LANCZOS)
    return np.array(resized, dtype=np.uint8).reshape(1, side, side, channels)


def read_photograph(address: object, *, largest_file: int, largest_picture: int) -> Pictures:
    """The picture in a data URI at its own size, upright: uint8 (H, W, 1, 3 or 4).

    Grey stays grey, 16 bits become 8, CMYK and palettes become RGB, transparency stays as a fourth channel, and of an
    animation the first frame counts.

    Args:
        address: a data URI, as in `read_address`.
        largest_file: bytes.
        largest_picture: px.

    Raises:
        InvalidInput: not a picture, or too large.
    """
    picture = open_picture(address, largest_file, largest_picture)
    if picture.mode.startswith(("I", "F")):  # 16 bits, or 32
        depth = np.asarray(picture, dtype=np.float64)
        levels = (depth / (257 if depth.max(initial=0) > 255 else 1)).round().clip(0, 255).astype(np.uint8)
        return levels[:, :, None]
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    else:
        picture = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    levels = np.array(picture, dtype=np.uint8)
    return levels.reshape(*levels.shape[:2], -1)


def accepted(largest_file: int, largest_picture: int) -> str:
    """What may be sent, as a sentence."""
    return (
        f"PNG, JPEG, WebP, GIF and BMP up to {largest_file / 2**20:.0f} MB and {largest_picture / 1e6:g} million "
        "pixels are accepted."
    )


def read_content(address: object, largest_file: int, hint: str) -> bytes:
    """The file in a data URI; `hint` says what is accepted. Raises InvalidInput."""
    if not isinstance(address, str) or not address.startswith("data:"):
        raise InvalidInput(f"This is no file in the form of a data URI; {hint}")
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
        return ImageOps.exif_transpose(opened)
    except Image.DecompressionBombError:
        raise InvalidInput(f"The picture has more than {largest_picture / 1e6:g} million pixels; {hint}") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise InvalidInput(f"This file is no picture that can be read; {hint}") from None
