"""Several pictures, enlarged one after the other into one archive."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath

from media.images import data_uri, file_of
from models.errors import InvalidInput
from models.merging import Progress
from models.super_resolution import SuperResolution, check_request
from server.guard import Values
from serving.inference import upscale as enlarge
from serving.lock import interruptible
from tabs.upscale.pictures import read_image

MOST_FILES = 20  # in one archive
LARGEST_ARCHIVE = 128 * 2**20  # bytes


def archive_of(network: SuperResolution, files: Sequence[object], scale: int, kind: str, progress: Progress) -> Values:
    """Enlarges files; what is no picture is left out.

    Args:
        files: [name, data URI] of each.
        kind: a key of media.formats.SAVED.

    Returns:
        "zip", an address, "count" and "skipped", a sentence for each file that was left out.

    Raises:
        InvalidInput: none of them is a picture.
    """
    archive, skipped, names = io.BytesIO(), [], set[str]()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as folder:  # pictures are compressed already
        for number, entry in enumerate(files):
            name, address = (entry[0], entry[1]) if isinstance(entry, list) and len(entry) == 2 else ("?", None)
            stem = safe_stem(str(name), names)

            def tell(part: float, number: int = number) -> None:
                progress((number + part) / len(files))

            try:
                picture, _ = read_image(address)
                check_request(picture, scale)
                with interruptible(tell) as shared:
                    result = enlarge(network, picture, scale, progress=shared)
                content = file_of(result, kind)
                if archive.tell() + len(content) > LARGEST_ARCHIVE:
                    raise InvalidInput(f"All results together are larger than {LARGEST_ARCHIVE / 2**20:.0f} MB.")
                folder.writestr(f"{stem}-x{scale}.{'jpg' if kind == 'jpeg' else kind}", content)
            except InvalidInput as error:
                skipped.append(f"{str(name)[:60]}: {error}")
    if len(skipped) == len(files):
        raise InvalidInput(skipped[0])
    return {"zip": data_uri(archive.getvalue(), "zip"), "count": len(files) - len(skipped), "skipped": skipped}


def safe_stem(name: str, taken: set[str]) -> str:
    """A file's name without folder and ending, of letters, digits, - and _, different from those that are taken."""
    stem = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in PurePosixPath(name).stem)[:60]
    stem = stem.strip("-") or "picture"
    number, unique = 2, stem
    while unique in taken:
        unique, number = f"{stem}-{number}", number + 1
    taken.add(unique)
    return unique
