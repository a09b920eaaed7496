"""The photographs of the game that come with it: 200 of each deck, with author, licence and source of every one.

They lie in `quiz/photographs/NAME`, one WebP file each, listed in `photographs.csv`. How they were made, from archives
that are not part of this repository (`quiz/photographs/README.md` says what these hold):

    python -m quiz.collection portraits-colour --photographs reals128.zip --like faces128.zip celeba128.zip \\
        --without portraits128.zip
    python -m quiz.collection portraits --photographs portraits128.zip
"""

import argparse
import csv
import functools
import hashlib
import io
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from models.errors import LatentLabError, UnusableData
from models.pixels import Pictures

HOME = Path(__file__).resolve().parent / "photographs"
LIST = "photographs.csv"
SIDE = 128  # px
COUNT = 200
MODES = {"portraits-colour": "RGB", "portraits": "L"}  # of Pillow's, in which the photographs of a deck are read
PUBLIC_DOMAIN = "Public domain (work of the United States government, 17 USC 105)"
DIRECTORY = "Congressional Pictorial Directory (US Government Publishing Office)"
QUALITY = 95  # of WebP, for photographs that come in another format

# Left out of the colour deck: faces known from the news, which a visitor recognises rather than judges, and one with an
# eye patch. Bioguide ids.
WELL_KNOWN = {
    "B001288", "C000537", "C001098", "C001120", "F000062", "G000359", "G000578", "G000596", "H000601", "H000874",
    "J000289", "J000294", "J000299", "K000384", "M000303", "M000355", "N000002", "O000172", "O000173", "P000197",
    "P000603", "R000584", "R000595", "R000615", "S000033", "S000148", "S001150", "T000278", "V000137", "W000187",
    "W000797", "W000817",
}  # fmt: skip
LIKENESS_SEED = 20
LIKENESS_COUNT = 600  # pictures of each archive that the photographs are to resemble
BLUE = 0.06  # by how much of the full range blue exceeds red in a studio's wall
BLUE_ALLOWED = 0.01  # share of the oval that may be blue
BLUE_PENALTY = 12.0  # standard deviations for a share of 1


@dataclass(frozen=True)
class Credit:
    """Where one photograph comes from: a line of photographs.csv."""

    file: str
    licence: str
    author: str
    url: str  # of the page on the person
    source: str  # where the file was taken from
    sha256: str  # of the file


@dataclass(frozen=True, eq=False)
class Collection:
    """The photographs of a deck."""

    pictures: Pictures  # uint8 (N, 128, 128, C); shared, so it cannot be written to
    credits: tuple[Credit, ...]  # as many


@functools.lru_cache(maxsize=4)
def read_collection(name: str) -> Collection:
    """The photographs that come with a deck. Raises UnusableData where they are missing or broken."""
    try:
        with (HOME / name / LIST).open(encoding="utf-8", newline="") as file:
            credits = tuple(Credit(**row) for row in csv.DictReader(file))
        pictures = np.stack([open_picture((HOME / name / credit.file).read_bytes(), MODES[name]) for credit in credits])
    except (OSError, TypeError, ValueError, UnidentifiedImageError) as error:
        raise UnusableData(
            f"The photographs of the deck {name} are missing or broken; fetch quiz/photographs/{name} of the "
            "repository again."
        ) from error
    pictures.flags.writeable = False
    return Collection(pictures, credits)


def open_picture(content: bytes, mode: str = "RGB") -> Pictures:
    """A photograph of 128 px in a mode of Pillow's: uint8 (128, 128, C). Raises ValueError, OSError."""
    with Image.open(io.BytesIO(content)) as image:
        if image.size != (SIDE, SIDE):
            raise ValueError(f"a photograph has {image.width} x {image.height} px")
        return np.asarray(image.convert(mode)).reshape(SIDE, SIDE, -1)


# --- how they were chosen ----------------------------------------------------------------------------------------


def choose_portraits_colour(photographs: Path, like: Sequence[Path], without: Path) -> tuple[list[bytes], list[Credit]]:
    """Of official portraits in colour the 200 whose faces are lit and sharp as in the training pictures.

    A face's distance is Mahalanobis', in the five numbers of `describe`, to 600 pictures of each archive that the
    network learns from; blue walls within the oval count against it. People of WELL_KNOWN and people who sit in the
    training pictures of the grey network are left out.

    Args:
        photographs: reals128.zip, with `us-congress/` and `reals.csv`.
        like: archives of training pictures.
        without: portraits128.zip, whose `train/` are files named by Bioguide ids.

    Returns:
        200 files, sorted by name, and their credits.
    """
    with zipfile.ZipFile(photographs) as archive, zipfile.ZipFile(without) as other:
        listed = csv.DictReader(io.TextIOWrapper(archive.open("reals.csv"), "utf-8"))
        rows = [row for row in listed if row["set"] == "us-congress"]
        contents = [archive.read(row["file"]) for row in rows]
        trained = {PurePosixPath(name).stem for name in other.namelist() if name.startswith("train/")}
    people = [PurePosixPath(row["file"]).stem.rpartition("_")[2] for row in rows]
    found, blue = describe(np.stack([open_picture(content) for content in contents]))
    wanted, _ = describe(np.concatenate([random_pictures(path) for path in like]))
    difference = found - wanted.mean(0)
    precision = np.linalg.inv(np.cov(wanted.T))
    distance = np.sqrt(np.einsum("ni,ij,nj->n", difference, precision, difference))
    distance += BLUE_PENALTY * np.maximum(blue - BLUE_ALLOWED, 0)
    distance[[person in trained or person in WELL_KNOWN for person in people]] = np.inf
    chosen = sorted(np.argsort(distance, kind="stable")[:COUNT], key=lambda at: people[at])
    credits = [
        Credit(
            f"{people[at]}.webp", rows[at]["licence"], rows[at]["author"], rows[at]["url"], rows[at]["source"],
            hashlib.sha256(contents[at]).hexdigest(),
        )
        for at in chosen
    ]  # fmt: skip
    return [contents[at] for at in chosen], credits


def describe(pictures: Pictures) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Five numbers of each face, and how blue what surrounds it is.

    Args:
        pictures: uint8 (N, 128, 128, 3).

    Returns:
        (N, 5): mean, deviation, warmth (red less blue) and log of the mean Laplacian of the middle of the face, and the
        deviation within an oval, all with levels from 0 to 1; (N,): the share of the oval that is bluer than skin.
    """
    down, across = np.mgrid[:SIDE, :SIDE]
    oval = ((across - 62.5) / 48) ** 2 + ((down - 66) / 60) ** 2 <= 1
    middle = ((across - 62.5) / 34) ** 2 + ((down - 62) / 44) ** 2 <= 1
    levels = pictures.astype(np.float32) / 255
    light = levels @ np.array([0.299, 0.587, 0.114], np.float32)  # (N, 128, 128)
    blue = ((levels[..., 2] > levels[..., 0] + BLUE) & oval).sum((1, 2)) / oval.sum()
    around = sum(np.roll(light, shift, axis) for shift in (1, -1) for axis in (1, 2))
    laplacian = np.abs(4 * light - around)[:, middle].mean(1)
    skin = levels[:, middle]  # (N, P, 3)
    numbers = (
        light[:, middle].mean(1),
        light[:, middle].std(1),
        skin[..., 0].mean(1) - skin[..., 2].mean(1),
        np.log(laplacian + 0.005),
        light[:, oval].std(1),
    )
    return np.stack(numbers, axis=1), blue.astype(np.float32)


def random_pictures(path: Path) -> Pictures:
    """600 pictures of an archive, the same at every call: uint8 (600, 128, 128, 3)."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith((".jpg", ".webp", ".png")))
        chosen = np.random.default_rng(LIKENESS_SEED).choice(len(names), LIKENESS_COUNT, replace=False)
        opened = (Image.open(io.BytesIO(archive.read(names[at]))) for at in chosen)
        return np.stack([np.asarray(image.convert("RGB")) for image in opened])


def choose_portraits(photographs: Path) -> tuple[list[bytes], list[Credit]]:
    """The 200 grey portraits that portraits128.zip keeps out of training, as WebP, and their credits."""
    contents, credits = [], []
    with zipfile.ZipFile(photographs) as archive:
        for name in sorted(name for name in archive.namelist() if name.startswith("deck/")):
            buffer = io.BytesIO()
            with Image.open(io.BytesIO(archive.read(name))) as image:
                image.convert("L").save(buffer, "WEBP", quality=QUALITY, method=6)
            person = PurePosixPath(name).stem
            contents.append(buffer.getvalue())
            credits.append(
                Credit(
                    f"{person}.webp", PUBLIC_DOMAIN, DIRECTORY,
                    f"https://bioguide.congress.gov/search/bio/{person}",
                    f"github.com/Reform-to/congress-photos img/200x250/{person}.jpg",
                    hashlib.sha256(contents[-1]).hexdigest(),
                )
            )  # fmt: skip
    return contents, credits


def write_collection(name: str, contents: Sequence[bytes], credits: Sequence[Credit]) -> Path:
    """Writes the files and the list of a deck in place of what was there. Returns its folder."""
    folder = HOME / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for content, credit in zip(contents, credits, strict=True):
        (folder / credit.file).write_bytes(content)
    with (folder / LIST).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Credit)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(credit) for credit in credits)
    return folder


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns what it exits with."""
    parser = argparse.ArgumentParser(
        prog="python -m quiz.collection",
        description="Chooses the photographs of a deck from archives and writes them with their credits.",
        allow_abbrev=False,
    )
    parser.add_argument("deck", choices=("portraits-colour", "portraits"))
    parser.add_argument("--photographs", type=Path, required=True, help="archive to choose from")
    parser.add_argument("--like", type=Path, nargs="+", help="archives of training pictures, for portraits-colour")
    parser.add_argument("--without", type=Path, help="archive whose train/ names people to leave out")
    chosen = parser.parse_args(arguments)
    if chosen.deck == "portraits-colour" and not (chosen.like and chosen.without):
        parser.error("portraits-colour needs --like and --without; the description at the top of the file shows how.")
    try:
        found = (
            choose_portraits_colour(chosen.photographs, chosen.like, chosen.without)
            if chosen.deck == "portraits-colour"
            else choose_portraits(chosen.photographs)
        )
    except (OSError, KeyError, zipfile.BadZipFile, LatentLabError) as error:
        parser.error(f"An archive cannot be used ({error}); give the files that the description names.")
    folder = write_collection(chosen.deck, *found)
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{len(found[0])} photographs, {size / 1e6:.2f} MB in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
