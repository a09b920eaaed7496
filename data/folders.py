"""Pictures from a folder, a zip archive or Parquet files: checked, cut square, of one size, in a fixed order."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from data.parquet import PARQUET, read_table
from models.errors import UnusableData
from models.pixels import Pictures

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
LARGEST_FILE = 50 * 2**20  # bytes, uncompressed; a larger member of an archive is not a photograph
LARGEST_PICTURE = 64_000_000  # pixels
LARGEST_SET = 16 * 2**30  # bytes of decoded pictures held in memory


def read_pictures(path: str | Path, *, resolution: int, channels: int, least: int = 1) -> Pictures:
    """All pictures of a folder (with its sub-folders) or a zip archive.

    Each is turned upright (EXIF), cut to the central square and reduced to the resolution with an antialiasing filter.
    They come sorted by file name without the folder, so that classes kept in sub-folders are mixed and the split of
    `split` falls alike on all of them.

    Args:
        path: a folder or a .zip file with JPEG, PNG, WebP or BMP pictures, or a folder in one, `file.zip/folder`; a
            .parquet file, or a folder with some, see data.parquet.
        resolution: px, side of the square pictures returned; smaller originals are refused, not enlarged.
        channels: 1 (grey) or 3 (RGB).
        least: pictures needed.

    Returns:
        uint8 (N, resolution, resolution, channels).

    Raises:
        UnusableData: nothing there, not readable, too small, too few, or too much; the message names the file.
    """
    path = Path(path)
    pictures: list[Pictures] = []
    for name, content in read_files(path):
        if (len(pictures) + 1) * resolution**2 * channels > LARGEST_SET:
            raise UnusableData(f"{path} holds more than {LARGEST_SET // 2**30} GB of pictures; use a part of it.")
        pictures.append(read_picture(content, name, height=resolution, width=resolution, channels=channels))
    if len(pictures) < least:
        raise UnusableData(
            f"{path} holds {len(pictures):,} pictures and {least:,} are needed; add pictures or hold out fewer."
            if pictures
            else f"{path} holds no pictures; {', '.join(ENDINGS)} are read."
        )
    return np.stack(pictures)


def archives(first: Path, more: str) -> list[Path]:
    """A folder or archive, and others from a line with commas between them."""
    return [first, *(Path(name.strip()) for name in more.split(",") if name.strip())]


def read_splits(
    paths: Iterable[Path], *, resolution: int, channels: int, validation: int, spread: bool, least: int
) -> tuple[Pictures, Pictures]:
    """Training and held-out pictures of several folders or archives, each split by itself.

    Args:
        paths, resolution, channels: as in `read_pictures`.
        validation, spread: as in `split`, of each folder or archive.
        least: training pictures needed in each.

    Returns:
        uint8 (N, resolution, resolution, channels) and (M, resolution, resolution, channels).

    Raises:
        UnusableData: as `read_pictures`.
    """
    parts = [
        split(
            read_pictures(path, resolution=resolution, channels=channels, least=validation + least),
            validation,
            spread=spread,
        )
        for path in paths
    ]
    training, held_out = zip(*parts, strict=True)
    return np.concatenate(training), np.concatenate(held_out)


def read_domains(
    path: str | Path, names: tuple[str, str], *, height: int, width: int, channels: int, least: int = 1
) -> tuple[Pictures, Pictures]:
    """The pictures of two folders within a folder or a zip archive, such as `day/` and `night/`.

    Args:
        path: as in `read_pictures`.
        names: of the two folders.
        height, width: px, of the pictures returned, cut in the middle to that shape; smaller originals are refused.
        channels: 1 (grey) or 3 (RGB).
        least: pictures needed of each.

    Returns:
        uint8 (N, height, width, channels) and (M, height, width, channels), each sorted by file name.

    Raises:
        UnusableData: as `read_pictures`.
    """
    found: dict[str, list[Pictures]] = {name: [] for name in names}
    for file, content in read_files(Path(path)):
        folder = PurePosixPath(Path(file).as_posix()).parent.name
        if folder in found:
            picture = read_picture(content, file, height=height, width=width, channels=channels)
            found[folder].append(picture)
    for name, pictures in found.items():
        if len(pictures) < least:
            raise UnusableData(
                f"The folder {name} in {path} holds {len(pictures):,} pictures and {least:,} are needed; "
                "add pictures, hold out fewer, or name other folders."
            )
    return np.stack(found[names[0]]), np.stack(found[names[1]])


def read_photographs(path: str | Path) -> Iterator[tuple[str, Pictures]]:
    """Name and pixels, uint8 (H, W, 3), of every picture of a folder or a zip archive at its own size, upright.

    They come sorted as in `read_pictures`. Raises UnusableData.
    """
    for name, content in read_files(Path(path)):
        yield name, np.asarray(open_picture(content, name, "RGB"), dtype=np.uint8)


def read_files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of every picture file, sorted by file name, then by folder; those within a Parquet file in its
    order."""
    if path.is_dir():
        files = [file for file in path.rglob("*") if file.suffix.lower() in (*ENDINGS, PARQUET) and file.is_file()]
        for file in sorted(files, key=lambda file: (file.name, str(file))):
            if file.suffix.lower() == PARQUET:
                yield from read_table(file, largest=LARGEST_FILE)
                continue
            if file.stat().st_size > LARGEST_FILE:
                raise UnusableData(f"{file} is larger than {LARGEST_FILE // 2**20} MB; take it out or reduce it.")
            yield str(file), file.read_bytes()
    elif path.suffix.lower() == PARQUET and path.is_file():
        yield from read_table(path, largest=LARGEST_FILE)
    elif (inside := archive_of(path)) is not None:
        file, folder = inside
        with zipfile.ZipFile(file) as archive:
            members = [
                member
                for member in archive.infolist()
                if PurePosixPath(member.filename).suffix.lower() in ENDINGS and member.filename.startswith(folder)
            ]
            for member in sorted(members, key=lambda m: (PurePosixPath(m.filename).name, m.filename)):
                if member.file_size > LARGEST_FILE:
                    raise UnusableData(
                        f"{member.filename} in {path} unpacks to more than {LARGEST_FILE // 2**20} MB; "
                        "take it out or reduce it."
                    )
                try:
                    yield member.filename, archive.read(member)
                except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
                    raise UnusableData(f"{member.filename} in {path} cannot be unpacked ({error}).") from error
    elif path.exists():
        raise UnusableData(f"{path} is neither a folder nor a zip archive; give one of these with pictures in it.")
    else:
        raise UnusableData(f"{path} does not exist; give a folder or a zip archive with pictures in it.")


def archive_of(path: Path) -> tuple[Path, str] | None:
    """The zip archive that a path names, and the folder in it ("" for all of it, else with a slash at its end):
    `faces.zip` or `faces.zip/train`. None if there is no such archive."""
    for file in (path, *path.parents):
        if file.is_file():
            folder = path.relative_to(file).as_posix()
            return (file, "" if folder == "." else f"{folder}/") if zipfile.is_zipfile(file) else None
    return None


def read_picture(content: bytes, name: str, *, height: int, width: int, channels: int) -> Pictures:
    """One picture, uint8 (height, width, channels). Raises UnusableData."""
    picture = open_picture(content, name, "L" if channels == 1 else "RGB")
    if picture.width < width or picture.height < height:
        asked = f"{width} px" if width == height else f"{width} x {height} px"
        raise UnusableData(
            f"{name} is {picture.width} x {picture.height} px, smaller than the {asked} asked for; "
            "choose a lower resolution or take it out."
        )
    cut = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
    return np.asarray(cut, dtype=np.uint8).reshape(height, width, channels)


def open_picture(content: bytes, name: str, mode: str) -> Image.Image:
    """One picture at its own size, upright, in a mode of Pillow's. Raises UnusableData."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as file:
                if file.width * file.height > LARGEST_PICTURE:
                    raise UnusableData(f"{name} has {file.width} x {file.height} pixels; reduce it or take it out.")
                return ImageOps.exif_transpose(file).convert(mode)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as error:
        if isinstance(error, UnusableData):
            raise
        raise UnusableData(f"{name} cannot be read as a picture; repair it or take it out.") from error


def split(pictures: Pictures, validation: int, *, spread: bool = False) -> tuple[Pictures, Pictures]:
    """Training and validation pictures.

    Args:
        pictures: (N, ...).
        validation: pictures held out, 0 to N - 1.
        spread: hold out every so many pictures, for archives whose order means something; else the last ones.

    Raises:
        UnusableData: too few pictures.
    """
    count = len(pictures)
    if not 0 <= validation < count:
        raise UnusableData(f"Of {count:,} pictures, {validation:,} cannot be held out; hold out fewer.")
    held = np.zeros(count, dtype=bool)
    held[
        ((np.arange(validation) + 0.5) * count / max(validation, 1)).astype(int)
        if spread
        else slice(count - validation, None)
    ] = True
    return pictures[~held], pictures[held]
