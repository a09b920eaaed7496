"""Pictures on their way in: from the file of a stranger to what a network reads."""

import base64
import io
import threading

import numpy as np
from PIL import Image

from media.formats import NAMES
from media.images import address_of
from media.opening import NotReadable, TooManyPixels, levels_of, opaque, open_content
from models.errors import InvalidInput
from models.pixels import Pictures

LARGEST_FILE = 4 * 2**20  # bytes
LARGEST_PICTURE = 8_000_000  # px

reading = threading.BoundedSemaphore(2)  # files at the same time
unpacking = threading.BoundedSemaphore(2)  # pictures at the same time: a small file can unpack to a hundred megabytes


def read_address(address: object, *, side: int, channels: int) -> Pictures:
    """The picture in a data URI, its middle square reduced or enlarged to what a network reads.

    Args:
        address: "data:image/png;base64,..." or another format of media.formats, or such a file, opened for reading; at
            most 4 MB and 8 million px.
        side: of the result, px.
        channels: of the result, 1 (grey) or 3 (RGB); transparent parts become white.

    Returns:
        uint8 (1, side, side, channels).

    Raises:
        InvalidInput: not a picture, or too large.
    """
    with unpacking:
        picture = opaque(
            open_picture(address, LARGEST_FILE, LARGEST_PICTURE),
            "RGB" if channels == 3 else "L",
        )
        edge = min(picture.size)
        left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
        square = picture.crop((left, top, left + edge, top + edge))
        resized = square.resize((side, side), Image.Resampling.LANCZOS)
    return np.array(resized, dtype=np.uint8).reshape(1, side, side, channels)


def read_photograph(address: object, *, largest_file: int, largest_picture: int) -> Pictures:
    """The picture in a data URI at its own size, upright: uint8 (H, W, 1 to 4); see `read_remarked`."""
    return read_remarked(address, largest_file=largest_file, largest_picture=largest_picture)[0]


def for_browsers(address: object, *, largest_file: int, largest_picture: int) -> str:
    """The picture in a data URI as one that every browser opens, upright and in sRGB. Raises InvalidInput."""
    return address_of(read_photograph(address, largest_file=largest_file, largest_picture=largest_picture))


def read_remarked(address: object, *, largest_file: int, largest_picture: int) -> tuple[Pictures, str]:
    """The picture in a data URI at its own size, upright, and what was changed on the way in.

    Grey stays grey, 16 bits and more become 8, CMYK, palettes and other colour spaces become sRGB, transparency stays
    as a last channel, and of several pictures in one file the first counts.

    Args:
        address: a data URI, as in `read_address`.
        largest_file: bytes.
        largest_picture: px.

    Returns:
        uint8 (H, W, C), C as in media.opening.levels_of, and a sentence for each change that a visitor should know of,
        or nothing.

    Raises:
        InvalidInput: not a picture, or too large.
    """
    with unpacking:
        picture = open_picture(address, largest_file, largest_picture)
        levels = levels_of(picture)
    return levels, remark_on(picture)


def remark_on(picture: Image.Image) -> str:
    """What was changed while a picture was read, for its visitor: a sentence each."""
    info = picture.info
    remarks = {"pictures": ["This is an animation; its first picture was taken."]}.get(info["several"], [])
    remarks += ["This file has several pages; its first was taken."] if info["several"] == "pages" else []
    remarks += [f"Its {info['bits']} bits a channel became 8."] if info["bits"] > 8 else []
    remarks += [f"Its colours ({info['profile']}) became sRGB."] if info.get("profile") else []
    return " ".join(remarks)


def accepted(largest_file: int, largest_picture: int) -> str:
    """What may be sent, as a sentence."""
    return f"{NAMES} up to {largest_file / 2**20:.0f} MB and {largest_picture / 1e6:g} million pixels are accepted."


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
    except ValueError:  # also binascii.Error
        raise InvalidInput(f"This file is no picture that can be read; {hint}") from None


def open_picture(address: object, largest_file: int, largest_picture: int) -> Image.Image:
    """The picture in a data URI, checked before it is unpacked, upright. Raises InvalidInput."""
    hint = accepted(largest_file, largest_picture)
    content = read_content(address, largest_file, hint)
    try:
        return open_content(content, largest_picture=largest_picture)
    except TooManyPixels:
        raise InvalidInput(f"The picture has more than {largest_picture / 1e6:g} million pixels; {hint}") from None
    except NotReadable as reason:
        if str(reason):
            raise InvalidInput(f"{reason}.") from None
        raise InvalidInput(f"This file is no picture that can be read; {hint}") from None
