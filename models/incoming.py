"""Pictures on their way in: from a stranger's file to what a network reads."""

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
    accepted = "PNG, JPEG, WebP, GIF and BMP up to 4 MB and 8 million pixels are accepted."
    if not isinstance(address, str) or not address.startswith("data:"):
        raise InvalidInput(f"This is no picture in the form of a data URI; {accepted}")
    if len(address) > LARGEST_FILE * 4 / 3 + 100:
        raise InvalidInput(f"The file is larger than 4 MB; {accepted}")
    try:
        content = base64.b64decode(address.partition(",")[2], validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # measured below, before it is unpacked
            opened: Image.Image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP", "GIF", "BMP"))
        if opened.width * opened.height > LARGEST_PICTURE:
            raise Image.DecompressionBombError
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except Image.DecompressionBombError:
        raise InvalidInput(f"The picture has more than 8 million pixels; {accepted}") from None
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise InvalidInput(f"This file is no picture that can be read; {accepted}") from None
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    edge = min(ground.size)
    left, top = (ground.width - edge) // 2, (ground.height - edge) // 2
    square = ground.crop((left, top, left + edge, top + edge)).convert("RGB" if channels == 3 else "L")
    resized = square.resize((side, side), Image.Resampling.LANCZOS)
    return np.array(resized, dtype=np.uint8).reshape(1, side, side, channels)
