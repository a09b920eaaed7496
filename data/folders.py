"""Pictures from a folder, a zip archive or Parquet files: checked, cut square, of one size, in a fixed order."""

import functools
import logging
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath, PurePosixPath

import numpy as np
from PIL import Image, ImageOps

from data.parquet import PARQUET, read_table
from media import formats
from media.opening import NotReadable, TooManyPixels, opaque, open_content
from models.errors import UnusableData
from models.pixels import Pictures

ENDINGS = formats.ENDINGS
LEFT_BY_SYSTEMS = ("thumbs.db", "desktop.ini", "__macosx")  # files and folders, beside those that begin with a dot
LARGEST_FILE = 50 * 2**20  # bytes, uncompressed; a larger member of an archive is not a photograph
LARGEST_PICTURE = 64_000_000  # pixels
LARGEST_SET = 16 * 2**30  # bytes of decoded pictures held in memory

log = logging.getLogger(__name__)  # its warnings go to the error output, unless somebody sets up another place


def read_pictures(
    path: str | Path, *, resolution: int, channels: int, least: int = 1, skip_unreadable: bool = False
) -> Pictures:
    """All pictures of a folder (with its sub-folders) or a zip archive.

    Each is turned upright (EXIF), brought to sRGB, put on white where it is transparent, cut to the central square and
    reduced to the resolution with an antialiasing filter. What systems leave there is passed over, see `is_litter`.
    They come sorted by file name without the folder, so that classes kept in sub-folders are mixed and the split of
    `split` falls alike on all of them.

    Args:
        path: a folder or a .zip file with pictures of media.formats, or a folder in one, `file.zip/folder`; a .parquet
            file, or a folder with some, see data.parquet.
        resolution: px, side of the square pictures returned; smaller originals are refused, not enlarged.
        channels: 1 (grey) or 3 (RGB).
        least: pictures needed.
        skip_unreadable: go on without pictures that cannot be read, and list them.

    Returns:
        uint8 (N, resolution, resolution, channels).

    Raises:
        UnusableData: nothing there, not readable, too small, too few, or too much; the message names the file.
    """
    path = Path(path)
    pictures: list[Pictures] = []
    for name, picture in read_open(path, "L" if channels == 1 else "RGB", skip_unreadable):
        if (len(pictures) + 1) * resolution**2 * channels > LARGEST_SET:
            raise UnusableData(f"{path} holds more than {LARGEST_SET // 2**30} GB of pictures; use a part of it.")
        pictures.append(cut_out(picture, name, height=resolution, width=resolution))
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
    paths: Iterable[Path],
    *,
    resolution: int,
    channels: int,
    validation: int,
    spread: bool,
    least: int,
    skip_unreadable: bool = False,
) -> tuple[Pictures, Pictures]:
    """Training and held-out pictures of several folders or archives, each split by itself.

    Args:
        paths, resolution, channels, skip_unreadable: as in `read_pictures`.
        validation, spread: as in `split`, of each folder or archive.
        least: training pictures needed in each.

    Returns:
        uint8 (N, resolution, resolution, channels) and (M, resolution, resolution, channels).

    Raises:
        UnusableData: as `read_pictures`.
    """
    parts = [
        split(
            read_pictures(
                path,
                resolution=resolution,
                channels=channels,
                least=validation + least,
                skip_unreadable=skip_unreadable,
            ),
            validation,
            spread=spread,
        )
        for path in paths
    ]
    training, held_out = zip(*parts, strict=True)
    return np.concatenate(training), np.concatenate(held_out)


def read_domains(
    path: str | Path,
    names: tuple[str, str],
    *,
    height: int,
    width: int,
    channels: int,
    least: int = 1,
    skip_unreadable: bool = False,
) -> tuple[Pictures, Pictures]:
    """The pictures of two folders within a folder or a zip archive, such as `day/` and `night/`.

    Args:
        path, skip_unreadable: as in `read_pictures`.
        names: of the two folders.
        height, width: px, of the pictures returned, cut in the middle to that shape; smaller originals are refused.
        channels: 1 (grey) or 3 (RGB).
        least: pictures needed of each.

    Returns:
        uint8 (N, height, width, channels) and (M, height, width, channels), each sorted by file name.

    Raises:
        UnusableData: as `read_pictures`.
    """

    def folder_of(file: str) -> str | None:
        folder = PurePosixPath(Path(file).as_posix()).parent.name
        return folder if folder in names else None

    shape = {"height": height, "width": width, "channels": channels}
    found = read_kinds(path, folder_of, **shape, skip_unreadable=skip_unreadable)
    for name in names:
        if (count := len(found.get(name, []))) < least:
            raise UnusableData(
                f"The folder {name} in {path} holds {count:,} pictures and {least:,} are needed; "
                "add pictures, hold out fewer, or name other folders."
            )
    return np.stack(found[names[0]]), np.stack(found[names[1]])


def read_kinds(
    path: str | Path,
    kind_of: Callable[[str], str | None],
    *,
    height: int,
    width: int,
    channels: int,
    skip_unreadable: bool = False,
) -> dict[str, list[Pictures]]:
    """Pictures by kind, each (height, width, channels), sorted by file name.

    Args:
        path, height, width, channels, skip_unreadable: as in `read_domains`.
        kind_of: from a file's name to its kind; None for a picture that is not wanted, and not opened.

    Raises:
        UnusableData: as `read_pictures`, or whatever `kind_of` raises.
    """
    found: dict[str, list[Pictures]] = {}
    mode = "L" if channels == 1 else "RGB"
    for file, picture in read_open(Path(path), mode, skip_unreadable, wanted=lambda name: kind_of(name) is not None):
        kind = kind_of(file)
        assert kind is not None
        found.setdefault(kind, []).append(cut_out(picture, file, height=height, width=width))
    return found


def read_photographs(path: str | Path, *, skip_unreadable: bool = False) -> Iterator[tuple[str, Pictures]]:
    """Name and pixels, uint8 (H, W, 3), of every picture of a folder or a zip archive at its own size, upright.

    They come sorted as in `read_pictures`. Raises UnusableData.
    """
    for name, picture in read_open(Path(path), "RGB", skip_unreadable):
        yield name, np.asarray(picture, dtype=np.uint8)


def read_open(
    path: Path, mode: str, skip_unreadable: bool, wanted: Callable[[str], bool] = lambda name: True
) -> Iterator[tuple[str, Image.Image]]:
    """Name of every picture that is wanted by its name, and the picture itself as `open_picture` has it. Those that
    cannot be read are listed at the end, or raise UnusableData if they are not to be skipped."""
    unreadable: list[str] = []
    for name, content in read_files(path, unreadable if skip_unreadable else None):
        if not wanted(name):
            continue
        try:
            picture = open_picture(content, name, mode)
        except UnusableData as error:
            if not skip_unreadable:
                raise
            unreadable.append(f"{name} ({error.__cause__ or 'broken'})" if str(error.__cause__ or "") else name)
            continue
        yield name, picture
    if unreadable and is_main_process():
        listed = "".join(f"\n  {name}" for name in unreadable)
        log.warning("%s: %s passed over that cannot be read:%s", path, counted(len(unreadable), "picture"), listed)


def counted(number: int, thing: str) -> str:
    """A number of things: "1 file was", "12 files were"."""
    return f"{number:,} {thing} was" if number == 1 else f"{number:,} {thing}s were"


def is_main_process() -> bool:
    """Whether what is said is said here, where several processes train together."""
    return os.environ.get("RANK", "0") == "0"


def is_litter(name: PurePath) -> bool:
    """Whether a file, named from the folder that was given, is none of its owner's: what macOS and Windows leave in
    folders and archives (`__MACOSX/`, `._*`, `.DS_Store`, `Thumbs.db`, `desktop.ini`), and what is hidden."""
    return any(
        part.startswith(".") or part.lower() in LEFT_BY_SYSTEMS for part in name.parts if part not in (".", "..")
    )


@functools.cache
def tell_litter(path: Path, count: int) -> None:
    """Says, once for each place, that files were passed over."""
    if is_main_process():
        log.warning("%s: %s passed over that a system left there, or that are hidden.", path, counted(count, "file"))


def read_files(path: Path, unreadable: list[str] | None = None) -> Iterator[tuple[str, bytes]]:
    """Name and content of every picture file, sorted by file name, then by folder; those within a Parquet file in its
    order.

    Args:
        path: as in `read_pictures`.
        unreadable: takes the names of files that are too large or cannot be unpacked; None if they are errors.

    Raises:
        UnusableData.
    """
    if path.is_dir():
        files = [file for file in path.rglob("*") if file.is_file()]
        ours = [file for file in files if not is_litter(file.relative_to(path))]
        if len(ours) < len(files):
            tell_litter(path, len(files) - len(ours))
        pictures = [file for file in ours if file.suffix.lower() in (*ENDINGS, PARQUET)]
        for file in sorted(pictures, key=lambda file: (file.name, str(file))):
            if file.suffix.lower() == PARQUET:
                yield from read_table(file, largest=LARGEST_FILE)
            elif file.stat().st_size <= LARGEST_FILE:
                yield str(file), file.read_bytes()
            elif unreadable is not None:
                unreadable.append(f"{file} (larger than {LARGEST_FILE // 2**20} MB)")
            else:
                raise UnusableData(f"{file} is larger than {LARGEST_FILE // 2**20} MB; take it out or reduce it.")
    elif path.suffix.lower() == PARQUET and path.is_file():
        yield from read_table(path, largest=LARGEST_FILE)
    elif (inside := archive_of(path)) is not None:
        yield from read_archive(path, *inside, unreadable)
    elif path.exists():
        raise UnusableData(f"{path} is neither a folder nor a zip archive; give one of these with pictures in it.")
    else:
        raise UnusableData(f"{path} does not exist; give a folder or a zip archive with pictures in it.")


def read_archive(
    path: Path, file: Path, folder: str, unreadable: list[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """`read_files` of a zip archive, or of a folder in it; see `archive_of`."""
    with zipfile.ZipFile(file) as archive:
        members = [m for m in archive.infolist() if m.filename.startswith(folder) and not m.is_dir()]
        ours = [m for m in members if not is_litter(PurePosixPath(m.filename[len(folder) :]))]
        if len(ours) < len(members):
            tell_litter(path, len(members) - len(ours))
        pictures = [m for m in ours if PurePosixPath(m.filename).suffix.lower() in ENDINGS]
        for member in sorted(pictures, key=lambda m: (PurePosixPath(m.filename).name, m.filename)):
            try:
                if member.file_size > LARGEST_FILE:
                    raise UnusableData(
                        f"{member.filename} in {path} unpacks to more than {LARGEST_FILE // 2**20} MB; "
                        "take it out or reduce it."
                    )
                try:
                    content = archive.read(member)
                except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
                    raise UnusableData(f"{member.filename} in {path} cannot be unpacked ({error}).") from error
            except UnusableData:
                if unreadable is None:
                    raise
                unreadable.append(f"{member.filename} (cannot be unpacked)")
                continue
            yield member.filename, content


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
    return cut_out(open_picture(content, name, "L" if channels == 1 else "RGB"), name, height=height, width=width)


def cut_out(picture: Image.Image, name: str, *, height: int, width: int) -> Pictures:
    """The middle of a picture, reduced: uint8 (height, width, C). Raises UnusableData if it is smaller than that."""
    if picture.width < width or picture.height < height:
        asked = f"{width} px" if width == height else f"{width} x {height} px"
        raise UnusableData(
            f"{name} is {picture.width} x {picture.height} px, smaller than the {asked} asked for; "
            "choose a lower resolution or take it out."
        )
    cut = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
    return np.asarray(cut, dtype=np.uint8).reshape(height, width, -1)


def open_picture(content: bytes, name: str, mode: str) -> Image.Image:
    """One picture at its own size, upright, in mode L or RGB, in sRGB, on white. Raises UnusableData."""
    try:
        return opaque(open_content(content, largest_picture=LARGEST_PICTURE), mode)
    except TooManyPixels as error:
        width, height = error.size
        if not width:  # so many that Pillow did not say
            raise UnusableData(f"{name} has far too many pixels; reduce it or take it out.") from error
        raise UnusableData(f"{name} has {width} x {height} pixels; reduce it or take it out.") from error
    except NotReadable as reason:
        if str(reason):
            raise UnusableData(f"{name} cannot be read ({reason}); install it or take the picture out.") from reason
        raise UnusableData(f"{name} cannot be read as a picture; repair it or take it out.") from reason


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
