"""A host's own photographs, cut to the template of faces-128: `python -m data.align FOLDER --to FOLDER`.

Every photograph of the quiz has to show its face where the network draws one; otherwise the place of the eyes gives the
answer away. The largest face of each picture is found, its eyes, nose and mouth are brought to the template by a
similarity (Umeyama 1991), and pictures that would stand out are left out, each with its reason: none or a turned face,
too small, cut off, blurred, or there already. Landmarks come from dlib (requirements-align.txt).
"""

import argparse
import csv
import hashlib
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from data.folders import LARGEST_FILE, LARGEST_PICTURE
from data.landmarks import Finder, dlib_finder
from media.formats import NAMES
from media.opening import NotReadable, TooManyPixels, opaque, open_content
from models.errors import InvalidInput, LatentLabError, UnusableData
from models.faces.similarity import TEMPLATE, TEMPLATE_SIDE, cut, moved, outside, scale_of, similarity

LONGEST = 2560  # px; larger photographs are reduced to it when they are read
MOST_ENLARGED = 1.5  # times; beyond that the softness gives a photograph away
MOST_TURNED = 0.25  # of the distance of the eyes, nose from the middle of them; about 20 degrees
MOST_DEVIATION = 8.5  # px of the template, root mean square; the training pictures stay below 8.1
MOST_OUTSIDE = 0.06  # of the crop, beyond the edge of the photograph
LEAST_SHARPNESS = 6.0  # grey levels; the training pictures start at 6.9
MOST_ALIKE = 26  # of the 256 bits of two hashes; different people start at 27
SIDES = (64, 512)  # px

COLOURLESS = 2.0  # grey levels between the highest and the lowest channel, on average

ORIGINS = "origins.csv"


class LeftOut(UnusableData):
    """A photograph that is not used: a sentence that goes on from the file's name, and its kind for the summary."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


# --- one photograph ----------------------------------------------------------------------------------------------


def open_photograph(content: bytes) -> Image.Image:
    """The picture in a file: RGB, upright by its EXIF, in sRGB, on white where it is transparent, its longer side at
    most 2,560 px, and of an animation the first picture.

    Raises:
        LeftOut: not a picture, or too large.
    """
    most = f"at most {LARGEST_PICTURE // 10**6} million are read, so reduce it."
    try:
        picture = opaque(open_content(content, largest_picture=LARGEST_PICTURE, reduced_to=LONGEST), "RGB")
    except TooManyPixels as error:
        width, height = error.size
        has = f"{width} x {height}" if width else "far too many"
        raise LeftOut("too large", f"has {has} pixels; {most}") from None
    except NotReadable as reason:
        raise LeftOut("unreadable", f"cannot be read as a picture; {str(reason) or f'{NAMES} can'}.") from None
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return picture


def aligned(picture: Image.Image, find: Finder, side: int = TEMPLATE_SIDE) -> Image.Image:
    """The largest face of a photograph, cut to the template.

    Args:
        picture: RGB, upright.
        find: what finds the landmarks of the largest face.
        side: px of the result.

    Raises:
        LeftOut: no face, or none that can stand beside those that a network draws.
    """
    landmarks = find(picture)
    if landmarks is None:
        raise LeftOut("without a face", "shows no face; one that looks into the camera and fills 6 % of it is needed.")
    matrix = similarity(landmarks, TEMPLATE)
    there = moved(landmarks, matrix)
    eyes = there[1] - there[0]
    offset = (there[2] - there[:2].mean(axis=0)) @ eyes / (eyes @ eyes)
    deviation = np.sqrt(((there - TEMPLATE) ** 2).sum(axis=1).mean())
    if abs(offset) > MOST_TURNED or deviation > MOST_DEVIATION:
        raise LeftOut("turned away", "shows a face that is turned away or half hidden; choose one from the front.")
    if scale_of(matrix) * side / TEMPLATE_SIDE > MOST_ENLARGED:
        found, needed = np.linalg.norm(landmarks[1] - landmarks[0]), np.linalg.norm(TEMPLATE[1] - TEMPLATE[0])
        least = needed * side / TEMPLATE_SIDE / MOST_ENLARGED
        raise LeftOut(
            "too small",
            f"shows a face of {found:.0f} px from eye to eye where {least:.0f} are needed; choose a larger picture.",
        )
    if outside(matrix, picture.width, picture.height) > MOST_OUTSIDE:
        raise LeftOut("cut off", "shows a face that the edge cuts off; choose a photograph with more around it.")
    crop = cut(picture, matrix, side)
    if sharpness(crop) < LEAST_SHARPNESS:
        raise LeftOut("blurred", "shows a blurred face; choose a sharper photograph.")
    return crop


def sharpness(crop: Image.Image) -> float:
    """Root mean square of the Laplacian in the middle of a crop, reduced or enlarged to 128 px; grey levels of 255."""
    grey = np.asarray(crop.convert("L").resize((TEMPLATE_SIDE, TEMPLATE_SIDE), Image.Resampling.LANCZOS), np.float64)
    laplacian = 4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    return float(np.sqrt((laplacian[20:110, 16:110] ** 2).mean()))


def difference_hash(crop: Image.Image) -> NDArray[np.bool_]:
    """256 bits, whether each of 16 x 16 places is brighter than the one to its left (Krawetz, "dHash", 2013)."""
    grey = np.asarray(crop.convert("L").resize((17, 16), Image.Resampling.BILINEAR), np.float64)
    return (grey[:, 1:] > grey[:, :-1]).ravel()


# --- a folder ----------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """What became of the files of a folder."""

    kept: list[tuple[str, str]] = field(default_factory=list)  # file written, file that it was cut from
    left_out: Counter[str] = field(default_factory=Counter)  # files of each kind of reason
    grey: int = 0  # of the kept ones

    def summary(self, to: Path, side: int) -> str:
        """How many were kept, how many left out for what, and whether grey and coloured ones are mixed."""
        looked_at = len(self.kept) + self.left_out.total()
        line = f"{len(self.kept):,} of {looked_at:,} files became pictures of {side} px in {to}"
        if self.left_out:
            line += "; left out: " + ", ".join(f"{number:,} {kind}" for kind, number in self.left_out.most_common())
        if 0 < self.grey < len(self.kept):
            line += f"; {self.grey:,} are grey and the others are not, which players will notice"
        return f"{line}."


@dataclass(frozen=True)
class Seen:
    """What tells whether a photograph was there before."""

    contents: dict[str, str] = field(default_factory=dict)  # SHA-256 of a file: its name
    hashes: dict[str, NDArray[np.bool_]] = field(default_factory=dict)  # name of a kept photograph: difference hash

    def check_content(self, content: bytes, name: str) -> None:
        """Remembers a file. Raises LeftOut if another one is the same to the byte."""
        first = self.contents.setdefault(hashlib.sha256(content).hexdigest(), name)
        if first != name:
            raise LeftOut("duplicate", f"is a copy of {first}.")

    def check_crop(self, crop: Image.Image, name: str) -> None:
        """Remembers a crop. Raises LeftOut if another one, or its mirror image, is nearly the same."""
        bits = difference_hash(crop)
        for other in (bits, difference_hash(ImageOps.mirror(crop))):
            for first, known in self.hashes.items():
                if np.count_nonzero(known != other) <= MOST_ALIKE:
                    raise LeftOut("duplicate", f"is the same photograph as {first}.")
        self.hashes[name] = bits


def align_folder(
    folder: Path,
    to: Path,
    *,
    side: int = TEMPLATE_SIDE,
    force: bool = False,
    find: Finder | None = None,
    report: Callable[[str], None] = print,
) -> Run:
    """Aligns the photographs of a folder and its sub-folders, in the order of their names.

    Args:
        folder: with the photographs; hidden files are passed over.
        to: a new or empty folder, which gets face-0001.webp and so on, lossless, and origins.csv, which says what they
            were cut from. It is filled at the end, or not at all.
        side: px of the results.
        force: replaces what an earlier run wrote to `to`.
        find: what finds landmarks; None for dlib.
        report: is given a line for every file that is left out.

    Raises:
        InvalidInput: a size or folders that cannot be used.
        UnusableData: no files there, none that could be used, or no dlib.
    """
    if not SIDES[0] <= side <= SIDES[1]:
        raise InvalidInput(f"--size is {side}; {SIDES[0]} to {SIDES[1]} px can be drawn.")
    earlier = check_folders(folder, to, force=force)
    find = find or dlib_finder()
    files = files_of(folder, without=to)
    if not files:
        raise UnusableData(f"{folder} holds no files; put photographs in it.")
    run, seen = Run(), Seen()
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".align-", dir=to) as scratch:
        for file in files:
            name = file.relative_to(folder).as_posix()
            try:
                content = read_file(file)
                seen.check_content(content, name)
                crop = aligned(open_photograph(content), find, side)
                seen.check_crop(crop, name)
            except LeftOut as reason:
                run.left_out[reason.kind] += 1
                report(f"left out: {name} {reason}")
                continue
            run.kept.append((f"face-{len(run.kept) + 1:04d}.webp", name))
            run.grey += is_grey(crop)
            crop.save(Path(scratch) / run.kept[-1][0], lossless=True)
        if not run.kept:
            raise UnusableData(f"None of the {len(files):,} files in {folder} could be used; each reason is above.")
        with open(Path(scratch) / ORIGINS, "w", encoding="utf-8", newline="") as table:
            csv.writer(table).writerows([("file", "origin"), *run.kept])
        for name in earlier:
            (to / name).unlink(missing_ok=True)
        for made in sorted(Path(scratch).iterdir()):
            made.replace(to / made.name)
    return run


def check_folders(folder: Path, to: Path, *, force: bool) -> list[str]:
    """The files in `to` that may be replaced. Raises InvalidInput, UnusableData."""
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        raise UnusableData(f"{folder} {what}; give a folder with photographs in it.")
    if to.exists() and not to.is_dir():
        raise InvalidInput(f"{to} is no folder; name a new one with --to.")
    if to.resolve() == folder.resolve():
        raise InvalidInput("The photographs and the results cannot share a folder; name another one with --to.")
    there = {file.name for file in to.iterdir()} if to.exists() else set()
    if not there:
        return []
    if ORIGINS not in there:
        raise InvalidInput(f"{to} holds files that this command did not write; name a new folder with --to.")
    if not force:
        raise InvalidInput(f"{to} holds the results of an earlier run; add --force to replace them.")
    with open(to / ORIGINS, encoding="utf-8", newline="") as table:
        earlier = [Path(row[0]).name for row in list(csv.reader(table))[1:] if row]
    return [*earlier, ORIGINS]


def files_of(folder: Path, *, without: Path) -> list[Path]:
    """All files of a folder and its sub-folders by name, without hidden ones and those of another folder."""
    found = [
        file
        for file in folder.rglob("*")
        if file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        and without.resolve() not in file.resolve().parents
    ]
    return sorted(found, key=lambda file: file.relative_to(folder).as_posix())


def read_file(file: Path) -> bytes:
    """The content of a file. Raises LeftOut."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise LeftOut("too large", f"is larger than {LARGEST_FILE // 2**20} MB; reduce it.")
        return file.read_bytes()
    except OSError as error:
        raise LeftOut("unreadable", f"cannot be read ({error.strerror}); check its permissions.") from None


def is_grey(crop: Image.Image) -> bool:
    """Whether a crop has next to no colour."""
    return float(np.ptp(np.asarray(crop, np.float64), axis=2).mean()) < COLOURLESS


def command_line() -> argparse.ArgumentParser:
    """The options of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m data.align",
        description="Cuts the faces of photographs to the template of faces-128, for LATENT_LAB_DECK_FOLDER.",
        allow_abbrev=False,
    )
    parser.add_argument("folder", type=Path, help="with photographs, in sub-folders too")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a new folder for the results")
    parser.add_argument("--size", type=int, default=TEMPLATE_SIDE, help="px of the results (default: %(default)s)")
    parser.add_argument("--force", action="store_true", help="replace the results of an earlier run")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Runs the command. Returns the exit status: 0, 1 for an error said in one sentence, 130 when interrupted."""
    options = command_line().parse_args(arguments)
    try:
        run = align_folder(options.folder, options.to, side=options.size, force=options.force)
    except LatentLabError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {options.to} cannot be written ({error.strerror}); name another folder.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
    print(run.summary(options.to, options.size))
    return 0


if __name__ == "__main__":
    sys.exit(main())
