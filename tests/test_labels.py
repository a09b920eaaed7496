"""Labels of training pictures: tables, Parquet columns, folders for classes."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as arrow
import pytest
from PIL import Image
from pyarrow import parquet

from data.folders import read_files
from data.labels import Labels, read_labels
from models.errors import UnusableData
from tests.tables import KIND
from trainer.__main__ import main
from trainer.families.features import read_labelled

CLASSES = ("bird", "cat", "dog")


def picture(red: int = 0) -> bytes:
    """A picture of 64 px of one colour."""
    content = io.BytesIO()
    Image.new("RGB", (64, 64), (red, 0, 0)).save(content, "png")
    return content.getvalue()


def place_with(folder: Path, *names: str, **tables: str) -> Path:
    """A folder with pictures and tables; `__` in the name of a table stands for a dot."""
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture(number))
    for name, text in tables.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def told(labels: Labels, path: Path) -> dict[str, list[float]]:
    """The answers for all pictures of a place, in order."""
    return {Path(name).name: labels.of(name) for name, _ in read_files(path)}


def zipped(folder: Path) -> Path:
    """The same as a zip archive."""
    return Path(shutil.make_archive(str(folder.with_name(f"{folder.name}-zipped")), "zip", folder))


TWO = ("000.png", "001.png")
CELEBA = "2\nSmiling Male\n000.png -1  1\n001.png  1 -1\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("attributes__csv", "file,Smiling,Male\n000.png,0,1\n001.png,1,0\n"),
        ("list_attr_celeba__csv", "image_id,Smiling,Male\n000.png,-1,1\n001.png,1,-1\n"),
        ("list_attr_celeba__txt", CELEBA),
        ("metadata__csv", "text,file_name,Smiling,Male\na,000.png,0,1\nb,001.png,1,0\n"),
        ("metadata__jsonl", '{"file_name": "000.png", "Smiling": false, "Male": 1}\n'
                            '{"file_name": "001.png", "Smiling": true, "Male": 0}\n'),
        ("labels__csv", "\ufefffile,Smiling,Male\r\n000.png,false,1\r\n001.png,true,0\r\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("archived", [False, True])
def test_tables_of_yes_and_no(tmp_path: Path, name: str, text: str, archived: bool) -> None:
    folder = place_with(tmp_path / "faces", *(f"images/{file}" for file in TWO), **{name: text})
    path = zipped(folder) if archived else folder
    labels = read_labels(path)
    assert labels.names[-2:] == ("Smiling", "Male")
    assert [answers[-2:] for answers in told(labels, path).values()] == [[0, 1], [1, 0]]


@pytest.mark.parametrize("root", ["", "data/train"])
@pytest.mark.parametrize("archived", [False, True])
def test_a_folder_for_each_class(tmp_path: Path, root: str, archived: bool) -> None:
    """torchvision's ImageFolder: the classes in the order of their names, also below one folder for all."""
    files = [f"{name}/{deeper}{number}.png" for number, name in enumerate(CLASSES) for deeper in ("", "more/1")]
    place_with(tmp_path / "pets" / root, *files)
    path = zipped(tmp_path / "pets") if archived else tmp_path / "pets"
    labels = read_labels(path)
    assert labels.names == CLASSES
    expected = {f"{deeper}{number}.png": np.eye(3)[number].tolist() for number in range(3) for deeper in ("", "1")}
    assert told(labels, path) == expected


def test_of_two_classes_there_is_one_question(tmp_path: Path) -> None:
    path = place_with(tmp_path, *TWO, labels__csv="file,label\n000.png,cat\n001.png,dog\n")
    labels = read_labels(path)
    assert (labels.names, list(told(labels, path).values())) == (("dog",), [[0], [1]])


def test_numbers_of_classes_come_in_their_order(tmp_path: Path) -> None:
    files = [f"{number:03d}.png" for number in range(3)]
    path = place_with(tmp_path, *files, labels__csv="file,label\n000.png,10\n001.png,9\n002.png,2\n")
    assert read_labels(path).names == ("2", "9", "10")


def test_a_table_in_each_folder_names_its_own_pictures(tmp_path: Path) -> None:
    """As the Hub's ImageFolder has it, with the same names in both folders."""
    for part, kind in (("train", "cat"), ("test", "dog")):
        place_with(tmp_path / part, "0.png", metadata__csv=f"file_name,kind\n0.png,{kind}\n")
    labels = read_labels(tmp_path)
    assert labels.of(str(tmp_path / "test" / "0.png")) == [1]
    assert labels.of(str(tmp_path / "train" / "0.png")) == [0]


def test_captions_and_measures_are_no_labels(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = [f"{number}.png,{('cat', 'dog')[number % 2]},{number + 0.25},a pet called {number}" for number in range(12)]
    table = "\n".join(["file_name,kind,age,text", *rows])
    path = place_with(tmp_path, *(f"{number}.png" for number in range(12)), metadata__csv=table)
    assert read_labels(path).names == ("dog",)
    assert caplog.messages == [f"metadata.csv in {path}: passed over what is no label: age, text"]


def write_classes(file: Path, labels: list[int | None], *, named: bool = True) -> Path:
    """A Parquet file with pictures and their classes as datasets writes them, and a caption for each."""
    features = {"image": {"_type": "Image"}, "label": {"_type": "ClassLabel", "names": list(CLASSES)}}
    metadata = {b"huggingface": json.dumps({"info": {"features": features}}).encode()} if named else None
    values = [{"bytes": picture(number), "path": None} for number in range(len(labels))]
    columns = {"image": arrow.array(values, KIND), "label": arrow.array(labels, arrow.int64()),
               "score": arrow.array([0.5] * len(labels))}  # fmt: skip
    file.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(arrow.table(columns).replace_schema_metadata(metadata), file)
    return file


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("whole", [True, False])
def test_a_column_of_a_parquet_file(tmp_path: Path, named: bool, whole: bool) -> None:
    file = write_classes(tmp_path / "data" / "train.parquet", [2, 0, 1], named=named)
    path = tmp_path / "data" if whole else file
    labels = read_labels(path)
    assert labels.names == (CLASSES if named else ("0", "1", "2"))
    assert list(told(labels, path).values()) == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_held_out_pictures_are_of_all_classes(tmp_path: Path) -> None:
    place_with(tmp_path, *(f"{name}/{name}{number}.png" for name in CLASSES for number in range(20)))
    _, pictures, truth = read_labelled(tmp_path)
    assert pictures.shape == (60, 64, 64, 3)
    assert truth[-20:].sum(0).min() >= 3
    assert [int(red) // 20 for red in pictures[:, 0, 0, 0]] == truth.argmax(1).tolist()  # each with its own label


def test_a_feature_network_learns_from_class_folders(tmp_path: Path) -> None:
    place_with(tmp_path / "pets", *(f"{name}/{name}{number}.png" for name in CLASSES for number in range(10)))
    options = f"--data {tmp_path / 'pets'} --out {tmp_path / 'out'} --steps 2 --batch 8 --width 4 --validation 6"
    assert main(["features", *options.split()]) == 0
    card = (tmp_path / "out" / "README.md").read_text()
    assert "answers 3 yes-or-no questions" in card and "held out (the last by file name; of classes, a mix)" in card


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("attributes__csv", "file,Smiling\n000.png,0\n001.png,2\n", "Line 3 of attributes.csv in"),
        ("attributes__csv", "file,Smiling\n000.png,0\n001.png,-1\n", "Line 2 of attributes.csv in"),
        ("list_attr_celeba__txt", "1\nSmiling Male\n000.png 1\n", "Line 3 of list_attr_celeba.txt in"),
        ("list_attr_celeba__txt", "1\n", "names no labels"),
        ("labels__csv", "file,label\n000.png,cat\n2.png,dog\n", "001.png has no line in the labels.csv of"),
        ("labels__csv", "file,label\n000.png,cat\n001.png,\n2.png,dog\n", "001.png has no label in labels.csv in"),
        ("labels__csv", "file,label\n000.png,cat\n001.png,cat\n", "has no column of labels: label hold neither"),
        ("labels__csv", "file,label\n000.png,cat,dog\n", "Line 2 of labels.csv in .* has 3 values, and .* 2"),
        ("metadata__csv", "name,label\n000.png,cat\n", "metadata.csv in .* has no column file_name"),
        ("metadata__jsonl", '{"file_name": "000.png"}\nnothing\n', "Line 2 of metadata.jsonl in .* is no object"),
        ("metadata__csv", "file_name\n000.png\n001.png\n", "names no labels"),
        ("about__txt", "", "has no labels: it needs a table beside the pictures"),
    ],
)  # fmt: skip
def test_what_cannot_be_learnt_from_is_said(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = place_with(tmp_path, *TWO, **{name: text})
    with pytest.raises(UnusableData, match=said):
        told(read_labels(path), path)


def test_parquet_files_that_cannot_be_learnt_from(tmp_path: Path) -> None:
    file = write_classes(tmp_path / "a" / "train.parquet", [0, -1, 2])
    with pytest.raises(UnusableData, match=r"train\.parquet, row 2 has no label in"):
        read_labels(file)
    write_classes(tmp_path / "a" / "b" / "train.parquet", [0, 1, 2])
    write_classes(tmp_path / "a" / "train.parquet", [0, 1, 2])
    with pytest.raises(UnusableData, match=r"Several Parquet files in .* have one name"):
        read_labels(tmp_path / "a")
    parquet.write_table(arrow.table({"image": arrow.array([picture()])}), tmp_path / "none.parquet")
    with pytest.raises(UnusableData, match="has no column beside the pictures"):
        read_labels(tmp_path / "none.parquet")


def test_a_table_that_is_no_text(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "faces.zip", "w") as archive:
        archive.writestr("attributes.csv", b"\xff\xfe\x00")
    with pytest.raises(UnusableData, match=r"has no readable attributes\.csv"):
        read_labels(tmp_path / "faces.zip")
