"""The formats in which pictures come in and go out: tables that readers, buttons and sentences are made of."""

import functools
import importlib
from dataclasses import dataclass

from PIL import Image

from models.errors import InvalidInput


@dataclass(frozen=True)
class Format:
    """A kind of picture file."""

    name: str  # as sentences have it
    pillow: tuple[str, ...]  # what Pillow calls it
    endings: tuple[str, ...]  # of file names, in small letters
    types: tuple[str, ...]  # media types
    package: str = ""  # that reads it, where Pillow does not
    module: str = ""  # of that package


FORMATS = (
    Format("PNG", ("PNG",), (".png",), ("image/png",)),
    Format("JPEG", ("JPEG", "MPO"), (".jpg", ".jpeg"), ("image/jpeg",)),
    Format("WebP", ("WEBP",), (".webp",), ("image/webp",)),
    Format("GIF", ("GIF",), (".gif",), ("image/gif",)),
    Format("BMP", ("BMP",), (".bmp",), ("image/bmp",)),
    Format("AVIF", ("AVIF",), (".avif",), ("image/avif",)),
    Format("TIFF", ("TIFF",), (".tif", ".tiff"), ("image/tiff",)),
    Format("JPEG 2000", ("JPEG2000",), (".jp2", ".j2k", ".jpf", ".jpx"), ("image/jp2", "image/jpx")),
    Format("HEIC", ("HEIF",), (".heic", ".heif"), ("image/heic", "image/heif"), "pillow-heif", "pillow_heif"),
    Format("JPEG XL", ("JXL",), (".jxl",), ("image/jxl",), "pillow-jxl-plugin", "pillow_jxl"),
)

ENDINGS = tuple(ending for kind in FORMATS for ending in kind.endings)
NAMES = "PNG, JPEG, WebP, GIF, BMP, AVIF, TIFF, JPEG 2000, HEIC and JPEG XL"  # a test holds it to the table
ACCEPT = ",".join(part for kind in FORMATS for part in (*kind.types, *kind.endings))  # of <input type="file">
SAVED = {"png": "PNG", "webp": "WebP", "jpeg": "JPEG", "avif": "AVIF"}  # what a result is saved as, see media.images
FOR_STAGES = {"accept": ACCEPT, "names": NAMES, "saved": SAVED}  # a property of those that open pictures


def read_saved(kind: object) -> str:
    """A key of SAVED. Raises InvalidInput."""
    if not isinstance(kind, str) or kind not in SAVED:
        raise InvalidInput(f"The format is {str(kind)[:20]!r}; {', '.join(SAVED)} are offered.")
    return kind


@functools.cache
def readable() -> tuple[str, ...]:
    """What Pillow calls the formats that can be read here; brings in the packages that are installed."""
    Image.init()
    found: list[str] = []
    for kind in FORMATS:
        if kind.module and not brought_in(kind.module):
            continue
        found += (name for name in kind.pillow if name in Image.OPEN)
    return tuple(found)


def brought_in(module: str) -> bool:
    """Whether a package of Pillow's readers is installed; its reader works from then on."""
    try:
        package = importlib.import_module(module)
    except ImportError:
        return False
    if module == "pillow_heif":
        package.register_heif_opener()
    return True


def kind_of(content: bytes) -> Format | None:
    """The format of a file that needs a package of its own, by its first bytes; None for all others."""
    heic, jpeg_xl = FORMATS[-2:]
    brands = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
    if content[4:8] == b"ftyp" and content[8:12] in brands and b"avif" not in content[8:64]:
        return heic
    return jpeg_xl if content[:2] == b"\xff\x0a" or content[4:8] == b"JXL " else None
