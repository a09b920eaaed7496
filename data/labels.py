"""What is known of pictures, as yes-or-no questions: from tables beside them, Parquet columns, or folders for classes.

`read_labels` takes, the first that is there: a table of TABLES, the columns of Parquet files beside the pictures, a
sub-folder for each class (the layout of torchvision's ImageFolder). A column of 0 and 1, of -1 and 1 (CelebA) or of
true and false is one question; a column of classes is a question for each of them, or for two classes the one whether
it is the second.
"""

import csv
import json
import logging
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from data.folders import ENDINGS, archive_of, is_litter
from data.parquet import PARQUET, read_columns
from models.errors import UnusableData

# Tables by their names, and whether all their columns have to be yes or no.
TABLES = {
    "attributes.csv": True,
    "list_attr_celeba.csv": True,
    "list_attr_celeba.txt": True,
    "metadata.csv": False,
    "metadata.jsonl": False,
    "labels.csv": False,
}
FILE_NAME = "file_name"  # the column of a metadata table, as the Hub has it, that names the pictures
YES = {"1": 1.0, "0": 0.0, "-1": 0.0, "true": 1.0, "false": 0.0}
SIGNED = {"-1", "1"}
BINARY = ({"0", "1"}, SIGNED, {"true", "false"})  # what a column of yes and no may hold
MOST_CLASSES = 1_000  # of a column; one with more, such as captions, is no label
FEW = 10  # pictures; of more, each class has to have two on average
LARGEST_TABLE = 256 * 2**20  # bytes

log = logging.getLogger(__name__)

Column = list[str | None]  # one value for each picture; None where there is none


@dataclass(frozen=True)
class Labels:
    """The answers that are known of every picture."""

    names: tuple[str, ...]  # of the questions
    answers: dict[str, list[float]]  # 0 or 1 for each question, by the name of a picture within the place
    place: Path  # with the pictures, as data.folders takes it
    source: str  # what they were read from: the name of a table, "columns" or "folders"

    @property
    def of_classes(self) -> bool:
        """Whether pictures may lie in the order of their classes, so that the last ones are no fair sample."""
        return not TABLES.get(self.source, False)

    def of(self, name: str) -> list[float]:
        """The answers for a picture, by its name as `data.folders.read_files` gives it. Raises UnusableData."""
        inside = name_within(self.place, name)
        found = self.answers.get(inside) or self.answers.get(PurePosixPath(inside).name)
        if found is None:
            file = PurePosixPath(inside).name
            raise UnusableData(f"{file} has no line in the {self.source} of {self.place}; add one or take it out.")
        return found


def read_labels(path: Path) -> Labels:
    """The labels of the pictures in a folder, a zip archive, a folder in one, or a Parquet file.

    Raises:
        UnusableData: there are none, or they are not what they have to be; the message says where.
    """
    files = files_in(path)
    for table in TABLES:
        if places := [name for name in files if PurePosixPath(name).name == table]:
            return from_tables(path, places)
    if any(name.lower().endswith(PARQUET) for name in files):
        return from_parquet(path, files)
    classes = classes_of([name for name in files if PurePosixPath(name).suffix.lower() in ENDINGS])
    if not classes:
        raise UnusableData(
            f"{path} has no labels: it needs a table beside the pictures ({', '.join(TABLES)}), Parquet files with a "
            "column of labels, or a sub-folder for each of two or more classes."
        )
    names, columns = questions("class", list(classes.values()))
    return Labels(tuple(names), dict(zip(classes, columns, strict=True)), path, "folders")


def read_values(path: Path, column: str) -> dict[str, str]:
    """The values of one column, as text, by the name of a picture within the place: of every table beside the pictures
    (.csv, .jsonl, CelebA's .txt) that has it, of `faces.csv` beside an archive `faces.zip`, or of Parquet files.
    Pictures without a value are left out.

    Raises:
        UnusableData: no table has such a column; the message names those that there are.
    """
    values: dict[str, str] = {}
    others: set[str] = set()
    tables = [(path, file) for file in files_in(path)]
    if (beside := table_beside(path)).is_file():
        tables.insert(0, (beside.parent, beside.name))  # first, so that the pictures' own tables prevail
    for place, file in tables:
        if file.lower().endswith(PARQUET):
            place = place if place.is_file() else place / file
            columns = read_columns(place)
            header, found = list(columns), [as_text(value) for value in columns.get(column, [])]
            names = [f"{place.name}, row {row}" for row in range(1, len(found) + 1)]
        elif file.lower().endswith((".csv", ".jsonl")) or PurePosixPath(file).name in TABLES:
            header, rows = parsed(read_text(place, file), file, place)
            header = header[1:]
            at = header.index(column) + 1 if column in header else 0
            found = [row[at] for row in rows] if at else []
            names = [str(PurePosixPath(file).parent / str(row[0]).replace("\\", "/")) for row in rows] if at else []
        else:
            continue
        others |= {*header} - {column}
        values |= {name: value for name, value in zip(names, found, strict=True) if value not in (None, "")}
    if not values:
        listed = f"the columns are {', '.join(sorted(others))[:200]}" if others else "there is no table with columns"
        raise UnusableData(f"No table in {path} has values in a column {column}; {listed}.")
    return values


def table_beside(path: Path) -> Path:
    """Where a table about the pictures of a place lies that is no part of it: `faces.csv` beside a folder `faces` or
    `faces.zip`, `faces-train.csv` for `faces.zip/train`."""
    if (inside := archive_of(path)) is None:
        return Path(f"{path}.csv")
    file, folder = inside
    return file.with_name("-".join([file.stem, *PurePosixPath(folder).parts]) + ".csv")


# --- tables ------------------------------------------------------------------------------------------------------


def from_tables(path: Path, places: Sequence[str]) -> Labels:
    """The labels in tables of one name, each for the pictures of its own folder. Raises UnusableData."""
    table = PurePosixPath(places[0]).name
    header: list[str] = []
    rows: list[list[str | None]] = []
    files: list[str] = []
    for place in places:
        names, found = parsed(read_text(path, place), place, path)
        if header and names != header:
            raise UnusableData(f"{place} in {path} has other columns than {places[0]}; they have to be the same.")
        header = names
        folder = PurePosixPath(place).parent
        files += [str(folder / PurePosixPath(str(row[0]).replace("\\", "/"))) for row in found]
        rows += [row[1:] for row in found]
    if len(header) < 2:
        raise UnusableData(f"{table} in {path} names no labels; its first line has to.")
    if TABLES[table]:
        check_binary(rows, header, table, path)
    return Labels(*asked(header[1:], rows, files, f"{table} in {path}"), path, table)


def parsed(text: str, place: str, path: Path) -> tuple[list[str], list[list[str | None]]]:
    """The header and the rows of a table, the name of the file first. Raises UnusableData."""
    table = PurePosixPath(place).name
    if table.endswith(".jsonl"):
        header, rows = parsed_lines(text, place, path)
    elif table.endswith(".txt"):  # CelebA's: how many there are, names, then lines with blanks between
        lines = [line.split() for line in text.splitlines()]
        header, rows = ["file", *(lines[1] if len(lines) > 1 else [])], [[*line] for line in lines[2:] if line]
    else:
        lines = list(csv.reader(text.removeprefix("\ufeff").splitlines()))
        header, rows = lines[0] if lines else [], [[*line] for line in lines[1:] if line]
    for number, row in enumerate(rows, start=3 if table.endswith(".txt") else 2):
        if len(row) != len(header):
            raise UnusableData(
                f"Line {number} of {place} in {path} has {len(row)} values, and its first line names {len(header)}."
            )
    if table.startswith("metadata"):
        if FILE_NAME not in header:
            raise UnusableData(f"{place} in {path} has no column {FILE_NAME}; it has to name the pictures.")
        at = header.index(FILE_NAME)
        header = [header[at], *header[:at], *header[at + 1 :]]
        rows = [[row[at], *row[:at], *row[at + 1 :]] for row in rows]
    return header, rows


def parsed_lines(text: str, place: str, path: Path) -> tuple[list[str], list[list[str | None]]]:
    """The same for lines of JSON. Raises UnusableData."""
    objects = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            if line.strip():
                objects.append({str(key): as_text(value) for key, value in json.loads(line).items()})
        except (ValueError, AttributeError):
            raise UnusableData(f"Line {number} of {place} in {path} is no object of JSON; it has to be.") from None
    header = list(dict.fromkeys(key for found in objects for key in found))
    return header, [[found.get(key) for key in header] for found in objects]


def check_binary(rows: Iterable[Sequence[str | None]], header: Sequence[str], table: str, path: Path) -> None:
    """Raises UnusableData at the first line that is not all yes and no."""
    rows, count = list(rows), len(header) - 1
    allowed = SIGNED if any("-1" in row for row in rows) else {"0", "1"}
    for number, row in enumerate(rows, start=3 if table.endswith(".txt") else 2):
        if not set(row) <= allowed:
            raise UnusableData(
                f"Line {number} of {table} in {path} is not a file name and {count} times 0 or 1 (or -1 and 1)."
            )


def read_text(path: Path, name: str) -> str:
    """A text file in a folder or zip archive of pictures. Raises UnusableData."""
    try:
        if (inside := archive_of(path)) is not None:
            file, folder = inside
            with zipfile.ZipFile(file) as archive:
                if archive.getinfo(folder + name).file_size > LARGEST_TABLE:
                    raise UnusableData(
                        f"{name} in {path} is larger than {LARGEST_TABLE // 2**20} MB; use a part of it."
                    )
                return archive.read(folder + name).decode("utf-8")
        return (path / name).read_text(encoding="utf-8")
    except (KeyError, OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise UnusableData(
            f"{path} has no readable {name}; give a folder or zip archive with one, as text in UTF-8."
        ) from error


# --- Parquet files and folders -----------------------------------------------------------------------------------


def from_parquet(path: Path, files: Sequence[str]) -> Labels:
    """The labels in the columns beside the pictures; classes by their names, as the Hub keeps them in the schema.
    Raises UnusableData."""
    names: list[str] = []
    rows: list[Sequence[str | None]] = []
    header: list[str] | None = None
    for file in sorted(name for name in files if name.lower().endswith(PARQUET)):
        place = path if path.is_file() else path / file
        columns = read_columns(place)
        if header is not None and header != list(columns):
            raise UnusableData(f"{file} in {path} has other columns than the file before; they have to be the same.")
        header = list(columns)
        values = [[as_text(value) for value in column] for column in columns.values()]
        found = list(zip(*values, strict=True))
        names += [f"{place.name}, row {row}" for row in range(1, len(found) + 1)]
        rows += found
    if not header:
        raise UnusableData(f"{path} has no column beside the pictures; labels have to be in one, such as label.")
    if len(set(names)) < len(names):
        raise UnusableData(f"Several Parquet files in {path} have one name; rename them.")
    return Labels(*asked(header, rows, names, str(path)), path, "columns")


def classes_of(pictures: Sequence[str]) -> dict[str, str]:
    """The class of each picture, the name of the folder that it lies in; none where not all lie in two or more."""
    parts = {name: PurePosixPath(name).parts for name in pictures}
    while parts and all(len(part) > 1 for part in parts.values()):
        classes = {name: part[0] for name, part in parts.items()}
        if len(set(classes.values())) > 1:
            return classes
        parts = {name: part[1:] for name, part in parts.items()}  # all in one folder, such as train
    return {}


def files_in(path: Path) -> list[str]:
    """The names of all files of a place but what systems leave there, from the place itself. Raises UnusableData."""
    if path.is_dir():
        found = [file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()]
    elif (inside := archive_of(path)) is not None:
        file, folder = inside
        with zipfile.ZipFile(file) as archive:
            members = [member.filename for member in archive.infolist() if not member.is_dir()]
        found = [name.removeprefix(folder) for name in members if name.startswith(folder)]
    elif path.is_file():
        found = [path.name]
    else:
        raise UnusableData(f"{path} does not exist; give a folder or a zip archive with pictures in it.")
    return sorted(name for name in found if not is_litter(PurePosixPath(name)))


def name_within(place: Path, name: str) -> str:
    """The name of a picture, as `data.folders.read_files` gives it, from the place itself."""
    if place.is_dir() and Path(name).is_relative_to(place):
        return Path(name).relative_to(place).as_posix()
    inside = archive_of(place)
    return name.removeprefix(inside[1]) if inside else name


# --- from columns to questions -----------------------------------------------------------------------------------


def asked(
    header: Sequence[str], rows: Sequence[Sequence[str | None]], files: Sequence[str], source: str
) -> tuple[tuple[str, ...], dict[str, list[float]]]:
    """The questions of all columns that are labels, and the answers by file; of a file that is named twice, the last.
    Raises UnusableData."""
    names: list[str] = []
    answers: list[list[float]] = [[] for _ in rows]
    passed = []
    for at, column in enumerate(header):
        values = [row[at] for row in rows]
        if not is_label(values):
            passed.append(column)
            continue
        if None in values or "" in values:
            missing = next(file for file, value in zip(files, values, strict=True) if value in (None, ""))
            raise UnusableData(f"{missing} has no {column} in {source}; add it or take the picture out.")
        more, found = questions(column, [str(value) for value in values])
        names += more
        for answer, part in zip(answers, found, strict=True):
            answer += part
    if not names:
        raise UnusableData(
            f"{source} has no column of labels: {', '.join(passed)[:200] or 'none'} hold neither yes and no nor two to "
            f"{MOST_CLASSES:,} classes."
        )
    if passed:
        log.warning("%s: passed over what is no label: %s", source, ", ".join(passed))
    return tuple(names), dict(zip(files, answers, strict=True))


def is_label(values: Sequence[str | None]) -> bool:
    """Whether a column holds yes and no, or classes: no captions, no measures."""
    kinds = {value for value in values if value not in (None, "")}
    fractions = [value for value in kinds if "." in str(value) and is_number(str(value))]
    most = MOST_CLASSES if len(values) <= FEW else min(MOST_CLASSES, len(values) // 2)
    return any(kinds <= set(binary) for binary in BINARY) or (1 < len(kinds) <= most and not fractions)


def is_number(text: str) -> bool:
    """Whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def questions(column: str, values: Sequence[str]) -> tuple[list[str], list[list[float]]]:
    """The questions of one column, and the answers of each picture."""
    kinds = set(values)
    if any(kinds <= set(binary) for binary in BINARY):
        return [column], [[YES[value]] for value in values]
    classes = sorted(kinds, key=lambda kind: (len(kind) if kind.isdecimal() else 0, kind))
    told = classes[1:] if len(classes) == 2 else classes
    return told, [[float(value == kind) for kind in told] for value in values]


def as_text(value: object) -> str | None:
    """A value of JSON or of a column as a table of text has it."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
