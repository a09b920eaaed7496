"""The one reader of picture files: any format of media.formats, checked before it is unpacked, upright, in sRGB."""

import io
import logging
import struct
import warnings
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from media.colours import in_srgb
from media.formats import kind_of, readable
from media.jpeg_xl import measure
from models.pixels import Pictures

BROKEN = (  # what Pillow and its plugins raise for files that are broken or made to be
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, RuntimeError, AttributeError,
    AssertionError, struct.error, zlib.error,
)  # fmt: skip
DEEP = ("I", "F")  # beginnings of Pillow's modes with more than 8 bits
PHOTOMETRIC, SAMPLE_FORMAT, BITS, ORIENTATION, PLANES = 262, 339, 258, 274, 284  # tags of TIFF
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


class NotReadable(Exception):
    """A file that is no picture, is broken, or (then the message says so) needs a package that is not installed."""


class TooManyPixels(Exception):
    """A picture with more pixels than are accepted; `size` is its width and height."""

    def __init__(self, size: tuple[int, int]):
        super().__init__(f"{size[0]} x {size[1]} pixels")
        self.size = size


def open_content(content: bytes, *, largest_picture: int, reduced_to: int | None = None) -> Image.Image:
    """A picture file, unpacked, upright (EXIF, and what HEIC, AVIF and JPEG XL have in its place) and in sRGB.

    Args:
        content: the file.
        largest_picture: px; the size is read from the header, before anything is unpacked.
        reduced_to: px; a JPEG may be unpacked at a half, a quarter or an eighth if its longer side stays above that.

    Returns:
        a picture of any mode, the first of several. Its `info` has "several", "pictures" (of an animation) or "pages",
        where there are more; "bits" a channel, where there were more than 8; "profile", see media.colours.in_srgb.

    Raises:
        NotReadable, TooManyPixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow, on sizes (measured here) and odd metadata
            return unpacked(content, largest_picture, reduced_to)
    except Image.DecompressionBombError:
        raise TooManyPixels((0, 0)) from None
    except MemoryError:
        raise NotReadable from None
    except BROKEN as error:
        kind = kind_of(content)
        if kind is not None and not set(kind.pillow) & set(readable()):
            raise NotReadable(
                f"{kind.name} pictures are not read here, since {kind.package} is not installed"
            ) from None
        raise NotReadable from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of a decoder written in Rust
            raise NotReadable from None
        raise


def unpacked(content: bytes, largest_picture: int, reduced_to: int | None) -> Image.Image:
    """`open_content` without its errors."""
    kind, turned = kind_of(content), False
    if kind is not None and kind.name == "JPEG XL":
        width, height, orientation = measure(content)
        check_size((width, height), largest_picture)
        turned = orientation > 1  # by its decoder
    try:
        opened: Image.Image = Image.open(io.BytesIO(content), formats=readable())
    except OSError:
        if content[:4] not in TIFF:
            raise
        return unusual_tiff(content, largest_picture)
    if reduced_to is not None:
        shrunk = reduced_to / max(opened.size)
        opened.draft(None, (int(opened.width * shrunk) or 1, int(opened.height * shrunk) or 1))
    check_size(opened.size, largest_picture)
    frames, bits = getattr(opened, "n_frames", 1), bits_of(opened, content)
    if opened.format == "TIFF" and bits > 8 and len(opened.getbands()) > 1 and opened.tag_v2.get(PLANES) == 2:  # type: ignore[attr-defined]
        return unusual_tiff(content, largest_picture)  # Pillow mixes up its planes
    if opened.format == "TIFF" and opened.mode.startswith(DEEP):
        upright = deep_tiff(opened)
    else:
        if not turned or getattr(opened, "jpeg", False):
            ImageOps.exif_transpose(opened, in_place=True)
        opened.load()
        upright = in_srgb(opened, content)
    upright.info["several"] = several_of(opened, frames)
    upright.info["bits"] = bits
    return upright


def check_size(size: tuple[int, int], largest_picture: int) -> None:
    """Raises TooManyPixels, or ValueError for an empty picture."""
    if size[0] * size[1] > largest_picture:
        raise TooManyPixels(size)
    if not size[0] * size[1]:
        raise ValueError("an empty picture")


def several_of(opened: Image.Image, frames: int) -> str:
    """What a file has several of: "pictures", "pages", or nothing. The further ones of a JPEG are previews."""
    if frames < 2 or opened.format in ("MPO", "JPEG"):
        return ""
    return "pages" if opened.format in ("TIFF", "HEIF") else "pictures"


def bits_of(opened: Image.Image, content: bytes) -> int:
    """Bits of a channel, as far as the file tells."""
    if opened.format == "PNG" and len(content) > 24:
        return content[24]
    if opened.format == "TIFF":
        return int(max(opened.tag_v2.get(BITS, (8,))))  # type: ignore[attr-defined]
    if opened.format == "HEIF":
        return int(opened.info.get("bit_depth") or 8)
    return 16 if opened.mode.startswith("I") else 32 if opened.mode == "F" else 8


# --- more than 8 bits --------------------------------------------------------------------------------------------


def deep_tiff(opened: Image.Image) -> Image.Image:
    """A grey TIFF of 16 or 32 bits with 8, black and white as its tags say."""
    tags = opened.tag_v2  # type: ignore[attr-defined]
    values = np.array(opened)  # turned upright already
    if opened.mode == "I" and 1 in tags.get(SAMPLE_FORMAT, (1,)):  # Pillow takes the highest bit for a sign
        values = values.view(np.uint32)
    levels = scaled(values.astype(np.uint16) if opened.mode.startswith("I;16") else values)
    return Image.fromarray(255 - levels if tags.get(PHOTOMETRIC) == 0 else levels)


def scaled(values: NDArray[np.generic]) -> Pictures:
    """Levels of more than 8 bits as uint8 of the same shape.

    16 bits go from 0 to 65,535. 32 bits say nothing of their range: it ends at the first of 255, 65,535 and
    4,294,967,295 that none exceeds; of fractions at the first of 1 (up to 2 counts as overexposed), 255 and 65,535,
    else at the largest.
    """
    if values.dtype == np.uint8:
        return np.asarray(values, np.uint8)
    result = np.empty(values.shape, np.uint8)
    rows = max(1, 1_000_000 // max(1, int(np.prod(values.shape[1:]))))
    bands = [slice(start, start + rows) for start in range(0, len(values), rows)]
    if values.dtype == np.uint16:
        most = 65535.0
    elif values.dtype.kind == "f":
        peak = max(float(part[np.isfinite(part)].max(initial=0)) for part in (values[band] for band in bands))
        most = next((end for end, limit in ((1.0, 2.0), (255.0, 255.0), (65535.0, 65535.0)) if peak <= limit), peak)
    else:
        peak = float(values.max(initial=0))
        most = next(end for end in (255.0, 65535.0, 4294967295.0, np.inf) if peak <= end)
    for band in bands:
        part = np.nan_to_num(values[band].astype(np.float64), nan=0.0, posinf=most, neginf=0.0)
        result[band] = np.clip((part * (255 / most)).round(), 0, 255)
    return result


def levels_of(picture: Image.Image) -> Pictures:
    """A picture of any mode as uint8 (H, W, C), C is 1 (grey), 2 (grey and opacity), 3 (RGB) or 4 (RGB and opacity)."""
    if picture.mode.startswith(DEEP):
        values = np.array(picture)
        if picture.mode.startswith("I;16"):
            values = values.astype(np.uint16)
        return scaled(values)[:, :, None]
    transparent = "transparency" in picture.info
    if picture.mode in ("1", "L", "LA", "La"):
        mode = "LA" if transparent or picture.mode in ("LA", "La") else "L"
    else:
        mode = "RGBA" if transparent or picture.mode in ("RGBA", "RGBa", "PA") else "RGB"
    if picture.mode == "La":
        picture = picture.convert("LA")
    if picture.mode != mode:  # else it would be copied
        picture = picture.convert(mode)
    levels = np.array(picture, dtype=np.uint8)
    return levels.reshape(*levels.shape[:2], -1)


def opaque(picture: Image.Image, mode: str) -> Image.Image:
    """A picture of any mode in mode L or RGB, on white where it is transparent."""
    levels = levels_of(picture)
    image = Image.fromarray(levels[:, :, 0] if levels.shape[2] == 1 else levels)
    if levels.shape[2] in (2, 4):
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        image = ground.convert("RGB") if levels.shape[2] == 4 else ground.getchannel(0)
    return image if image.mode == mode else image.convert(mode)


def unusual_tiff(content: bytes, largest_picture: int) -> Image.Image:
    """A TIFF of a layout that Pillow does not know, such as colours as fractions or of 32 bits.

    Read are grey and RGB, with opacity or without, not compressed or deflated. Raises ValueError, TooManyPixels.
    """
    import tifffile  # loaded here: few pictures need it

    logging.getLogger("tifffile").disabled = True  # its complaints about broken files of strangers
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        page = file.pages.first
        check_size((page.imagewidth, page.imagelength), largest_picture)
        if page.photometric not in (0, 1, 2) or page.samplesperpixel > 4 or page.imagedepth > 1 or page.dtype is None:
            raise ValueError("a kind of TIFF that is not read")
        if page.compression not in (1, 8, 32946) or page.dtype.itemsize > 8 or page.dtype.kind not in "uif":
            raise ValueError("a kind of TIFF that is not read")
        if page.compression != 1:
            check_deflated(
                content, page.dataoffsets, page.databytecounts, int(np.prod(page.chunks)) * page.dtype.itemsize
            )
        values = page.asarray()
        if page.planarconfig == 2 and page.samplesperpixel > 1:
            values = np.moveaxis(values, 0, -1)
        levels = scaled(values.reshape(page.imagelength, page.imagewidth, -1))
        if page.photometric == 0:
            levels[:, :, 0] = 255 - levels[:, :, 0]
        orientation = page.tags.get(ORIENTATION)
        bits, pages = 8 * page.dtype.itemsize, len(file.pages)
    colours = 3 if page.photometric == 2 else 1
    levels = levels[:, :, : colours + 1 if levels.shape[2] > colours and page.extrasamples else colours]
    picture = Image.fromarray(levels[:, :, 0] if levels.shape[2] == 1 else levels)
    if orientation is not None:
        exif = picture.getexif()
        exif[ORIENTATION] = int(orientation.value)
        picture.info["exif"] = exif.tobytes()
        picture = ImageOps.exif_transpose(picture)
    picture.info = {"several": "pages" if pages > 1 else "", "bits": bits}
    return picture


def check_deflated(content: bytes, offsets: tuple[int, ...], counts: tuple[int, ...], most: int) -> None:
    """Raises ValueError if a part of a file unpacks to more than `most` bytes."""
    for offset, count in zip(offsets, counts, strict=True):
        if len(zlib.decompressobj().decompress(content[offset : offset + count], most + 1)) > most:
            raise ValueError("more data than pixels")
