"""Pictures in Parquet files, as data sets on the Hugging Face Hub have them: a column of what were picture files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import UnusableData

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

PARQUET = ".parquet"
COLUMN = "image"  # what the Hub calls it; another name does where no other column has pictures
BATCH = 4  # rows in memory at the same time, of up to 50 MB
LARGEST_GROUP = 512 * 2**20  # bytes of the pictures of one row group, which is read as one


def count_pictures(path: Path) -> int:
    """How many pictures a Parquet file holds. Raises UnusableData."""
    with open_table(path) as table:
        return int(table.metadata.num_rows)


def read_table(path: Path, *, largest: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of every picture of a Parquet file, in its order, a few in memory at a time.

    The names are that of the file and the row, from 1: `train.parquet, row 7`.

    Args:
        path: the file. The pictures are in a column of bytes, or of structures with their "bytes" (and "path").
        largest: bytes of one picture.

    Raises:
        UnusableData: no Parquet file, no such column, rows without a picture or with a larger one.
    """
    with open_table(path) as table:
        import pyarrow as arrow

        column = picture_column(table, path)
        row = 0
        try:
            for batch in table.iter_batches(batch_size=BATCH, columns=[column], use_threads=False):
                for value in batch.column(0):
                    row += 1
                    content = value.as_py()
                    content = content.get("bytes") if isinstance(content, dict) else content
                    if not content:
                        raise UnusableData(
                            f"{path.name}, row {row} has no picture in it, or only the name of one; "
                            "save the data set with the pictures inside."
                        )
                    if len(content) > largest:
                        raise UnusableData(
                            f"{path.name}, row {row} has {len(content) / 2**20:,.0f} MB; a picture may have "
                            f"{largest / 2**20:,.0f} MB."
                        )
                    yield f"{path.name}, row {row}", content
        except (arrow.ArrowException, OSError) as error:
            raise UnusableData(unreadable(path)) from error


def open_table(path: Path) -> "ParquetFile":
    """A Parquet file, looked into as far as its footer; to be closed. Raises UnusableData."""
    try:
        import pyarrow as arrow
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise UnusableData(f"{path.name} is a Parquet file; to read it, run: pip install pyarrow") from error
    try:
        return ParquetFile(path, pre_buffer=False, buffer_size=2**20)  # so that a row group is streamed
    except (arrow.ArrowException, OSError) as error:
        raise UnusableData(unreadable(path)) from error


def unreadable(path: Path) -> str:
    """The sentence for what is no Parquet file."""
    return f"{path.name} is no Parquet file, or is cut off; fetch or save it again."


def picture_column(table: "ParquetFile", path: Path) -> str:
    """The column with the pictures, as pyarrow is asked for it. Raises UnusableData."""
    import pyarrow as arrow

    def holds_pictures(kind: Any) -> bool:
        return bool(arrow.types.is_binary(kind) or arrow.types.is_large_binary(kind))

    def with_bytes(kind: Any) -> bool:
        return bool(arrow.types.is_struct(kind)) and any(f.name == "bytes" and holds_pictures(f.type) for f in kind)

    schema = table.schema_arrow
    fitting = [f.name for f in schema if with_bytes(f.type) or holds_pictures(f.type)]
    if COLUMN not in fitting and len(fitting) != 1:
        raise UnusableData(
            f"{path.name} has no column {COLUMN!r} of pictures; its columns are {', '.join(schema.names)[:200]}."
        )
    name = COLUMN if COLUMN in fitting else fitting[0]
    asked = f"{name}.bytes" if with_bytes(schema.field(name).type) else name
    for number in range(table.metadata.num_row_groups):
        group = table.metadata.row_group(number)
        parts = [group.column(part) for part in range(group.num_columns)]
        size = sum(part.total_uncompressed_size for part in parts if part.path_in_schema == asked)
        if size > LARGEST_GROUP:
            raise UnusableData(
                f"{path.name} keeps {size / 2**20:,.0f} MB of pictures in one row group; up to "
                f"{LARGEST_GROUP / 2**20:,.0f} MB are read, so save it again with smaller ones."
            )
    return asked


def read_columns(path: Path) -> dict[str, list[object]]:
    """The columns of a Parquet file that hold one text, whole number or truth value a row, by name, beside that of the
    pictures. A class that the Hub keeps as a number (ClassLabel) comes as its name. Raises UnusableData."""
    with open_table(path) as table:
        import pyarrow as arrow

        asked = [field.name for field in table.schema_arrow if holds_one(field.type)]
        try:
            columns = {name: table.read(columns=[name], use_threads=False).column(0).to_pylist() for name in asked}
        except (arrow.ArrowException, OSError) as error:
            raise UnusableData(unreadable(path)) from error
        for name, classes in class_names(table).items():
            if name in columns:
                columns[name] = [named(value, classes) for value in columns[name]]
    return columns


def holds_one(kind: Any) -> bool:
    """Whether values of a type are texts, whole numbers or truth values."""
    import pyarrow as arrow

    tests = (arrow.types.is_string, arrow.types.is_large_string, arrow.types.is_integer, arrow.types.is_boolean)
    return any(test(kind) for test in tests)


def named(value: object, classes: list[str]) -> object:
    """The name of a class from its number; None for what is no class, as -1 where there is no label."""
    return classes[value] if isinstance(value, int) and 0 <= value < len(classes) else None


def class_names(table: "ParquetFile") -> dict[str, list[str]]:
    """The names of the classes of each column that has them, from the schema's metadata as datasets writes it."""
    try:
        kept = json.loads((table.schema_arrow.metadata or {}).get(b"huggingface", b"{}"))
        features = kept.get("info", {}).get("features", {})
        return {
            str(name): [str(one) for one in feature["names"]]
            for name, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and feature.get("names")
        }
    except (ValueError, AttributeError, TypeError):
        return {}
