"""Pictures on their way out: contact sheets, files in memory, archives."""

import base64
import io
import zipfile
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.errors import InvalidInput
from models.pixels import Pictures, has_opacity, resize, to_image

LOSSLESS = 2_000_000  # px, up to which pictures on the page are PNG files; larger ones are JPEG
LONGEST_SIDE = 16_000  # px that a browser shows

KINDS = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "zip": "application/zip",
    "csv": "text/csv",
}


def enlarge(pictures: Pictures, factor: int) -> Pictures:
    """Every picture `factor` times as large, smoothly (Lanczos): uint8 (N, H, W, C) to (N, fH, fW, C)."""
    count, height, width, channels = pictures.shape
    size = (width * factor, height * factor)
    large = [np.asarray(to_image(picture).resize(size, Image.Resampling.LANCZOS)) for picture in pictures]
    return np.stack(large).reshape(count, height * factor, width * factor, channels)


def png(picture: NDArray[np.uint8]) -> bytes:
    """uint8 (H, W, C) as a PNG file.

    Matches of whole strings, which take most of zlib's time, are rare between filtered pixels of what a network draws:
    without them (runs only) a face takes two thirds of the time and fewer bytes.
    """
    file = io.BytesIO()
    to_image(picture).save(file, format="PNG", compress_level=1, compress_type=zlib.Z_RLE)
    return file.getvalue()


def webp(picture: NDArray[np.uint8]) -> bytes:
    """uint8 (H, W, C) as a lossless WebP file: a third of the time of PNG and four fifths of its bytes."""
    file = io.BytesIO()
    to_image(picture).save(file, format="WEBP", lossless=True, quality=0, method=0)
    return file.getvalue()


def jpeg(picture: NDArray[np.uint8]) -> bytes:
    """uint8 (H, W, 1 or 3) as a JPEG file of high quality, for pictures of many megapixels."""
    file = io.BytesIO()
    to_image(picture).save(file, format="JPEG", quality=93, subsampling=0)
    return file.getvalue()


def avif(picture: NDArray[np.uint8]) -> bytes:
    """uint8 (H, W, C) as an AVIF file of high quality, with a colour for every pixel."""
    file = io.BytesIO()
    to_image(picture).save(file, format="AVIF", quality=90, subsampling="4:4:4", speed=8)
    return file.getvalue()


def file_of(picture: NDArray[np.uint8], kind: str) -> bytes:
    """uint8 (H, W, C) as a file to keep: png and webp without loss, jpeg (opaque, on white) and avif of high quality.

    Raises:
        InvalidInput: longer than the format allows.
    """
    longest, most = max(picture.shape[:2]), {"webp": 16_383, "jpeg": 65_535, "avif": 65_536}.get(kind)
    if most and longest > most:
        raise InvalidInput(f"The result is {longest:,} px long and {kind} holds {most:,}; choose PNG.")
    if kind == "jpeg" and has_opacity(picture):
        opacity = picture[:, :, -1:].astype(np.float32) / 255
        picture = (picture[:, :, :-1] * opacity + 255 * (1 - opacity)).round().astype(np.uint8)
    return {"png": png, "webp": webp, "jpeg": jpeg, "avif": avif}[kind](picture)


def archive(pictures: Pictures, name: str) -> bytes:
    """A zip file with one PNG per picture: NAME-01.png, NAME-02.png, …"""
    digits = len(str(len(pictures)))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as folder:  # PNG is compressed already
        for number, picture in enumerate(pictures, start=1):
            folder.writestr(f"{name}-{number:0{digits}d}.png", png(picture))
    return file.getvalue()


def data_uri(content: bytes, kind: str) -> str:
    """A file as an address that holds it; `kind` is a key of KINDS."""
    return f"data:{KINDS[kind]};base64,{base64.b64encode(content).decode('ascii')}"


def is_shown_whole(picture: NDArray[np.uint8]) -> bool:
    """Whether `address_of` holds a PNG file with every pixel as it is."""
    height, width = picture.shape[:2]
    return bool(height * width <= LOSSLESS and max(height, width) <= LONGEST_SIDE)


def address_of(picture: NDArray[np.uint8]) -> str:
    """A picture as an address to be looked at: lossless, or JPEG of high quality if it is large and opaque; reduced if
    it is longer than browsers show."""
    longest = max(picture.shape[:2])
    if longest > LONGEST_SIDE:
        height, width = (max(1, round(side * LONGEST_SIDE / longest)) for side in picture.shape[:2])
        picture = resize(picture, height, width)
    if is_shown_whole(picture):
        return data_uri(png(picture), "png")
    if has_opacity(picture):
        return data_uri(webp(picture), "webp")
    return data_uri(jpeg(picture), "jpeg")


def coloured(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Numbers (H, W), 0 to 1, from black over orange to white: uint8 (H, W, 3)."""
    share = np.clip(values, 0, 1)[..., None]
    ramp = np.array([[16, 14, 12], [200, 80, 10], [255, 176, 103], [255, 255, 255]], float)
    place = share * (len(ramp) - 1)
    below = np.minimum(place.astype(int), len(ramp) - 2)
    mixed = ramp[below[..., 0]] * (1 - place + below) + ramp[below[..., 0] + 1] * (place - below)
    return np.asarray(mixed, dtype=np.uint8)
