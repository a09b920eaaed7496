"""Tables of numbers as spreadsheets and programs write them: dividers of columns, signs of decimals, an index."""

import csv
import re
from collections.abc import Sequence

from models.errors import InvalidInput

DIVIDERS = ("\t", ";", "|", ",", " ")  # in this order where several fit equally well
DASHES = str.maketrans(dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d", "-"))  # all are minus signs
THIN_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f'\u2019"))  # between thousands
SPACED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")  # the same with a usual space
PLAIN = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)([eE][+-]?\d+)?")
GROUPED = {sign: re.compile(rf"\d{{1,3}}(\{sign}\d{{3}})+") for sign in ".,"}
INDEX_NAMES = ("", "index", "id", "#", "nr", "no", "row", "unnamed: 0")
Rows = list[list[str]]


def read_table(text: str) -> list[tuple[float, float]]:
    """The points of a table: its first two columns of numbers that are no index.

    Read are commas, semicolons, tabs, bars and spaces between columns, decimal points and commas, cells in quotation
    marks, Excel's line `sep=;`, lines of names and comments (#), and the index that pandas and R write.

    Args:
        text: the file, up to a million characters.

    Raises:
        InvalidInput: no table of numbers, or one that can be read in two ways; the sentence says what was found.
    """
    lines = [line for line in text.translate(DASHES).splitlines() if line.strip() and not line.startswith("#")]
    divider = None
    if lines and (told := re.fullmatch(r'"?sep=(.)"?', lines[0].strip(" \r"), re.IGNORECASE)):
        divider, lines = told[1], lines[1:]
    divider = divider or max(DIVIDERS, key=lambda sign: fit(divided(lines, sign)))
    names, rows = without_names(divided(lines, divider))
    if not rows:
        raise InvalidInput("The file has no line of numbers; one point a line is needed, x and y.")
    if divider == "," and are_halves(names, rows):
        raise InvalidInput(
            "The commas in the file may stand between columns or before decimals; write semicolons between the columns."
        )
    x, y = columns_of(names, rows)
    decimal = decimal_of([row[k] for row in rows for k in (x, y) if k < len(row)])
    points = []
    for number, row in enumerate(rows, 1):
        point = [value_of(row[k], decimal) if k < len(row) else None for k in (x, y)]
        if point[0] is None or point[1] is None:
            shown = divider.join(row)[:40]
            raise InvalidInput(f"Point {number} of the file is {shown!r}; two numbers are needed in every line.")
        points.append((point[0], point[1]))
    return points


def divided(lines: Sequence[str], divider: str) -> Rows:
    """The cells of lines; empty ones at the end of a line, and lines of such cells, are left out."""
    if divider == " ":
        rows = [[cell.strip('"') for cell in line.split()] for line in lines]
    else:
        try:
            rows = list(csv.reader(lines, delimiter=divider, skipinitialspace=divider != "\t"))
        except (csv.Error, TypeError, ValueError):
            rows = [line.split(divider) for line in lines]
    found = []
    for row in rows:
        cells = [SPACED.sub("", cell.strip().translate(THIN_SPACES)) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            found.append(cells)
    return found


def is_number(cell: str) -> bool:
    """Whether a cell is a number in some way of writing it, nan and infinity included."""
    return bool(PLAIN.fullmatch(cell)) or cell.lower().lstrip("+-") in ("nan", "inf", "infinity")


def fit(rows: Rows) -> tuple[float, float]:
    """How well a divider fits: the share of lines with two numbers or more, and that of cells that are numbers."""
    if not rows:
        return 0.0, 0.0
    counts = [sum(map(is_number, row)) for row in rows]
    pairs = sum(count >= 2 for count in counts) / len(rows)
    return round(pairs, 1), sum(counts) / sum(map(len, rows))


def without_names(rows: Rows) -> tuple[list[str], Rows]:
    """The names of the columns, or nothing, and the other rows. Names may be numbers: pandas writes 0, 1, …"""
    if not rows:
        return [], rows
    first, rest = rows[0], rows[1:]
    if not any(map(is_number, first)):
        return first, rest
    counted = [str(number) for number in range(len(first))]
    index = first[0] == "" and first[1:] == counted[:-1]
    if index or (first == counted and rest and all("." in cell or "," in cell for row in rest for cell in row)):
        return first, rest
    return [], rows


def are_halves(names: list[str], rows: Rows) -> bool:
    """Whether what stands between commas may be the halves of numbers with decimal commas: whole numbers only, and more
    of them than names, or four in each line, without a sign where decimals would be."""
    whole = all(re.fullmatch(r"[+-]?\d+", cell) for row in rows for cell in row)
    if not whole:
        return False
    if names:
        return max(map(len, rows)) > len(names) > 1
    return all(len(row) == 4 and row[1].isdigit() and row[3].isdigit() for row in rows)


def columns_of(names: list[str], rows: Rows) -> tuple[int, int]:
    """The places of x and y. Raises InvalidInput."""
    width = max(map(len, rows))
    numeric = [k for k in range(width) if 2 * sum(k < len(row) and is_number(row[k]) for row in rows) >= len(rows)]
    shifted = bool(names) and len(names) == width - 1  # as R writes it: the names of lines have none themselves
    name = names[0].lower() if names and not shifted else "" if names else None
    if numeric and numeric[0] == 0 and is_index(name, rows, len(numeric) > 2):
        numeric = numeric[1:]
    if len(numeric) < 2:
        raise InvalidInput("The file's first line of data has fewer than two numbers; two columns are needed, x and y.")
    return numeric[0], numeric[1]


def is_index(name: str | None, rows: Rows, spare: bool) -> bool:
    """Whether the first column only numbers the lines: whole numbers that differ, one by one, or named as an index.

    Args:
        name: of the column; None if the file names none.
        rows: of the file.
        spare: whether there are two more columns of numbers.
    """
    if not all(re.fullmatch(r"\d{1,18}", row[0]) for row in rows):
        return False
    numbers = [int(row[0]) for row in rows]
    if len(set(numbers)) < len(numbers):
        return False
    one_by_one = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if name == "":
        return True
    return spare and (one_by_one or name in INDEX_NAMES)


def decimal_of(cells: Sequence[str]) -> str:
    """The sign before decimals, "." or ",". Raises InvalidInput if the numbers do not agree."""
    cells = [cell.lstrip("+-") for cell in cells if is_number(cell)]
    decimals = {sign: [cell for cell in cells if cell.rfind(sign) > cell.rfind(other)] for sign, other in (".,", ",.")}
    groups = {sign: all(map(GROUPED[sign].fullmatch, decimals[sign])) for sign in ".,"}
    for sign, other in (".,", ",."):
        if not decimals[other]:
            if not any(cell.count(sign) > 1 for cell in decimals[sign]):
                return sign
            if groups[sign]:
                return other
        elif decimals[sign] and groups[other] and not groups[sign]:
            return sign
    raise InvalidInput("The file has decimal points and decimal commas; use one of them in all numbers.")


def value_of(cell: str, decimal: str) -> float | None:
    """A cell as a number, nan and infinity included, or None."""
    if not is_number(cell):
        return None
    other = "," if decimal == "." else "."
    try:
        return float(cell.replace(other, "").replace(decimal, "."))
    except ValueError:
        return None
