"""Pictures in Parquet files: the very ones that were put in, few in memory, and a sentence for every bad file."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as arrow
import pytest
from pyarrow import parquet

from data import parquet as ours
from data.folders import read_photographs, read_pictures
from data.parquet import count_pictures, read_table
from models.errors import UnusableData
from tests.pages import ROOT
from tests.tables import KIND, write_table
from tests.test_folders import encoded

LARGEST = 2**20
PICTURES = [encoded(value) for value in (30, 10, 20, 200, 90)]


def save(path: Path, rows: int = 2, **columns: arrow.Array) -> Path:
    parquet.write_table(arrow.table(columns), path, row_group_size=rows)
    return path


def test_pictures_come_back_as_they_were_in_their_order(tmp_path: Path) -> None:
    file = write_table(tmp_path / "train.parquet", PICTURES, rows=2)
    found = list(read_table(file, largest=LARGEST))
    assert [content for _, content in found] == PICTURES
    assert [name for name, _ in found] == [f"train.parquet, row {row}" for row in range(1, 6)]
    assert count_pictures(file) == 5
    assert read_pictures(file, resolution=16, channels=1)[:, 0, 0, 0].tolist() == [30, 10, 20, 200, 90]
    (tmp_path / "a.png").write_bytes(encoded(1))
    (tmp_path / "z.png").write_bytes(encoded(2))
    mixed = read_pictures(tmp_path, resolution=16, channels=1)[:, 0, 0, 0].tolist()
    assert mixed == [1, 30, 10, 20, 200, 90, 2]  # by file name, then in the file's order
    assert next(name for name, _ in read_photographs(file)) == "train.parquet, row 1"


@pytest.mark.parametrize("kind", [arrow.binary(), arrow.large_binary(), KIND])
@pytest.mark.parametrize("name", ["image", "img", "photo.of"])
def test_forms_of_the_column(tmp_path: Path, kind: arrow.DataType, name: str) -> None:
    values = [{"bytes": picture, "path": None} for picture in PICTURES] if kind == KIND else PICTURES
    file = save(tmp_path / "x.parquet", **{"text": arrow.array(["a"] * 5), name: arrow.array(values, kind)})
    assert [content for _, content in read_table(file, largest=LARGEST)] == PICTURES


def test_the_column_of_this_name_comes_before_others(tmp_path: Path) -> None:
    file = save(tmp_path / "x.parquet", mask=arrow.array(PICTURES[::-1], arrow.binary()), image=arrow.array(PICTURES))
    assert [content for _, content in read_table(file, largest=LARGEST)] == PICTURES


def test_files_that_cannot_be_used_say_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def says(file: Path, **limits: int) -> str:
        with pytest.raises(UnusableData) as raised:
            list(read_table(file, **{"largest": LARGEST, **limits}))
        return str(raised.value)

    whole = write_table(tmp_path / "x.parquet", PICTURES).read_bytes()
    for content in (b"", b"hello", whole[: len(whole) // 2], whole[:100] + bytes(50) + whole[150:], whole[:-4]):
        (tmp_path / "x.parquet").write_bytes(content)
        assert says(tmp_path / "x.parquet") == "x.parquet is no Parquet file, or is cut off; fetch or save it again."
    file = save(tmp_path / "x.parquet", text=arrow.array(["a"]), label=arrow.array([1]))
    assert says(file) == "x.parquet has no column 'image' of pictures; its columns are text, label."
    file = save(tmp_path / "x.parquet", left=arrow.array(PICTURES), right=arrow.array(PICTURES))
    assert says(file) == "x.parquet has no column 'image' of pictures; its columns are left, right."
    only_names = arrow.array([{"bytes": None, "path": "/somewhere/1.png"}], KIND)
    file = save(tmp_path / "x.parquet", image=only_names)
    assert says(file).startswith("x.parquet, row 1 has no picture in it, or only the name of one;")
    file = write_table(tmp_path / "x.parquet", [PICTURES[0], b"x" * 3 * 2**20])
    assert says(file) == "x.parquet, row 2 has 3 MB; a picture may have 1 MB."
    file = write_table(tmp_path / "x.parquet", [PICTURES[0], b"no picture"])
    with pytest.raises(UnusableData, match=r"x\.parquet, row 2 cannot be read as a picture; repair it or take it out"):
        read_pictures(file, resolution=16, channels=3)
    monkeypatch.setattr(ours, "LARGEST_GROUP", 2**20)
    file = write_table(tmp_path / "x.parquet", [np.random.default_rng(seed).bytes(2**19) for seed in range(6)])
    assert says(file).startswith("x.parquet keeps 3 MB of pictures in one row group; up to 1 MB are read")


MEASURE = """
import sys
from pathlib import Path
from data.parquet import read_table

def memory():
    line = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024

next(iter(read_table(Path(sys.argv[1]), largest=2**25)))
before = memory()
assert sum(len(content) for _, content in read_table(Path(sys.argv[1]), largest=2**25)) == 160 * 2**20
print(memory() - before)
"""


def test_memory_is_that_of_a_few_pictures(tmp_path: Path) -> None:
    """Of a file with 160 MB in one row group, a process never holds half."""
    source = np.random.default_rng(0)
    file = write_table(tmp_path / "x.parquet", [source.bytes(2**20) for _ in range(160)], rows=1000)
    answer = subprocess.run([sys.executable, "-c", MEASURE, str(file)], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert float(answer.stdout) < 80


def test_without_pyarrow_the_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_table(tmp_path / "x.parquet", PICTURES)
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as if it were not installed
    with pytest.raises(UnusableData, match=r"x\.parquet is a Parquet file; to read it, run: pip install pyarrow"):
        read_pictures(file, resolution=16, channels=3)
