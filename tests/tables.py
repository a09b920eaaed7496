"""Parquet files as data sets on the Hub have them."""

from pathlib import Path

import pyarrow as arrow
from pyarrow import parquet

KIND = arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())])


def write_table(path: Path, pictures: list[bytes], *, rows: int = 7) -> Path:
    """A file with a column of pictures, `datasets.Image` as the Hub writes it, in groups of some rows. Returns it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = [{"bytes": picture, "path": f"{number}.png"} for number, picture in enumerate(pictures)]
    columns = {"label": arrow.array(range(len(pictures))), "image": arrow.array(values, KIND)}
    parquet.write_table(arrow.table(columns), path, row_group_size=rows)
    return path
