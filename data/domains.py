"""Two domains of pictures for a translator: two folders, or two choices by what a table says of each picture.

`day,night` are two folders. `young=age:18-30,old=age:55-` are the pictures whose column `age` (data.labels.read_values)
is from 18 to 30, and those from 55 on; `neutral=smile:no,smiling=smile:yes` are two values of a column.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from data.folders import read_domains, read_kinds
from data.labels import is_number, name_within, read_values
from models.errors import InvalidInput, UnusableData
from models.pixels import Pictures

RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)?")  # 18-30, or 55-


@dataclass(frozen=True)
class Domain:
    """One of the two: a folder of this name or, with a column, a choice by its values."""

    name: str
    column: str = ""
    asked: str = ""  # a value, or a range of numbers such as 18-30 (both ends belong to it) or 55-

    def holds(self, value: str) -> bool:
        """Whether a picture with this value in the column belongs to it."""
        if (ends := RANGE.fullmatch(self.asked)) is None:
            both = is_number(value) and is_number(self.asked)
            return float(value) == float(self.asked) if both else value == self.asked
        low, high = ends.groups()
        return is_number(value) and float(low) <= float(value) <= float(high or "inf")


def domains_of(text: str) -> tuple[Domain, Domain]:
    """What `--domains` says: two folders, or two choices `NAME=COLUMN:VALUE` or `NAME=COLUMN:LOW-HIGH`, whose names may
    be left out. Raises InvalidInput."""
    found = [domain_of(part.strip()) for part in text.split(",")]
    if len(found) != 2 or found[0].name == found[1].name:
        raise InvalidInput(f"--domains {text} are not two different names such as day,night.")
    if bool(found[0].column) != bool(found[1].column):
        raise InvalidInput(
            f"--domains {text} are a folder and a choice by a column; give two folders, or two such as "
            "young=age:18-30,old=age:55-."
        )
    return found[0], found[1]


def domain_of(text: str) -> Domain:
    """One part of it. Raises InvalidInput."""
    name, named, choice = text.rpartition("=")
    column, chosen, asked = (part.strip() for part in choice.partition(":"))
    if not chosen and not named:
        return Domain(text)
    if not (column and asked) or (named and not name.strip()):
        raise InvalidInput(
            f"--domains: {text} is neither a folder nor a choice by a column, such as young=age:18-30 or smile:yes."
        )
    return Domain(name.strip() or in_words(column, asked), column, asked)


def in_words(column: str, asked: str) -> str:
    """A name of letters, digits and blanks for a choice without one: "age 18 to 30", "age from 55"."""
    if ends := RANGE.fullmatch(asked):
        low, high = ends.groups()
        asked = f"{low} to {high}" if high else f"from {low}"
    return " ".join(re.findall(r"[A-Za-z0-9]+", f"{column} {asked}"))


def read_both(
    path: str | Path,
    domains: tuple[Domain, Domain],
    *,
    height: int,
    width: int,
    channels: int,
    least: int = 1,
    skip_unreadable: bool = False,
) -> tuple[Pictures, Pictures]:
    """The pictures of both domains.

    Args:
        path: a folder, a zip archive, a folder in one, or Parquet files, as `data.folders.read_pictures` takes them.
        domains: from `domains_of`.
        height, width, channels, least, skip_unreadable: as in `data.folders.read_domains`.

    Returns:
        uint8 (N, height, width, channels) and (M, height, width, channels), each sorted by file name.

    Raises:
        UnusableData: as `data.folders.read_domains`; or a picture is of both, or no table has the column.
    """
    place, names = Path(path), (domains[0].name, domains[1].name)
    if not domains[0].column:
        shape = {"height": height, "width": width, "channels": channels}
        return read_domains(place, names, **shape, least=least, skip_unreadable=skip_unreadable)
    tables = {domain.column: read_values(place, domain.column) for domain in domains}

    def kind_of(file: str) -> str | None:
        inside = name_within(place, file)
        kinds = []
        for domain in domains:
            values = tables[domain.column]
            value = values.get(inside, values.get(PurePosixPath(inside).name))
            if value is not None and domain.holds(value):
                kinds.append(domain.name)
        if len(kinds) > 1:
            raise UnusableData(f"{inside} in {path} is of both {names[0]} and {names[1]}; choose what is apart.")
        return kinds[0] if kinds else None

    found = read_kinds(place, kind_of, height=height, width=width, channels=channels, skip_unreadable=skip_unreadable)
    for domain in domains:
        if (count := len(found.get(domain.name, []))) < least:
            raise UnusableData(
                f"{path} holds {count:,} pictures with {domain.column} {domain.asked} and {least:,} are needed; add "
                "pictures, hold out fewer, or choose others."
            )
    return np.stack(found[names[0]]), np.stack(found[names[1]])
