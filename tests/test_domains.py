"""Two domains of pictures: what --domains says, and the pictures that a table chooses."""

import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.domains import Domain, domains_of, read_both
from data.labels import read_values
from models import load
from models.errors import InvalidInput, UnusableData
from models.faces.attributes import NETWORK, readings
from models.pixels import Pictures
from models.translation import directions, translate
from tests.networks import tiny_translation
from trainer.__main__ import main
from trainer.export import save_network
from trainer.families.features import FeaturesTraining, read_domain_labels

AGES = "file,age,smile\n" + "".join(f"images/{n:02}.png,{18 + 2 * n},{'yes' if n % 2 else 'no'}\n" for n in range(20))


def picture(level: int) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 64), (level, level, level)).save(content, "png")
    return content.getvalue()


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty pictures of brightness 0 to 19, aged 18, 20, ... 56, every second one smiling; one more is in no table."""
    folder = tmp_path_factory.mktemp("faces") / "faces"
    (folder / "images").mkdir(parents=True)
    for number in range(21):
        (folder / "images" / f"{number:02}.png").write_bytes(picture(number))
    (folder / "ages.csv").write_text(AGES)
    (folder / "notes.csv").write_text("a,b\n1,2\n")  # another table says nothing of the column
    return folder


def levels(parts: tuple[Pictures, Pictures]) -> list[list[int]]:
    return [part[:, 0, 0, 0].tolist() for part in parts]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("young=age:18-22,old=age:55-", [[0, 1, 2], [19]]),
        ("age:0-17,age:18-18", [[], [0]]),
        ("neutral=smile:no,smiling=smile:yes", [[*range(0, 20, 2)], [*range(1, 20, 2)]]),
        ("young=age:20.0,smiling=smile:no", [[1], [*range(0, 20, 2)]]),  # two columns
    ],
)
@pytest.mark.parametrize("archived", [False, True])
def test_a_table_chooses(faces: Path, tmp_path: Path, text: str, chosen: list[list[int]], archived: bool) -> None:
    path = Path(shutil.make_archive(str(tmp_path / "faces"), "zip", faces)) if archived else faces
    domains = domains_of(text)
    if not all(chosen):
        with pytest.raises(UnusableData, match="holds 0 pictures with age 0-17 and 1 are needed"):
            read_both(path, domains, height=16, width=16, channels=1)
        return
    assert levels(read_both(path, domains, height=16, width=16, channels=1)) == chosen


def test_what_the_words_mean() -> None:
    assert domains_of("day, night") == (Domain("day"), Domain("night"))
    assert domains_of("age:18-30,age:55-") == (
        Domain("age 18 to 30", "age", "18-30"),
        Domain("age from 55", "age", "55-"),
    )
    assert domains_of("not=Smiling:-1,smiles=Smiling:1")[0] == Domain("not", "Smiling", "-1")  # a value of CelebA's
    assert Domain("x", "Smiling", "-1").holds("-1") and not Domain("x", "Smiling", "-1").holds("1")
    assert Domain("x", "age", "55-").holds("55") and not Domain("x", "age", "55-").holds("unknown")


@pytest.mark.parametrize("text", ["day", "day,day", "day,old=age:55-", "=age:1-2,b=age:3-", "young=age,old=age:2-"])
def test_what_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="--domains"):
        domains_of(text)


def test_a_column_has_to_be_there_and_choices_apart(faces: Path) -> None:
    def read(path: Path, text: str) -> None:
        read_both(path, domains_of(text), height=16, width=16, channels=1)

    with pytest.raises(UnusableData, match=r"No table in .* column height; the columns are age, b, smile"):
        read(faces, "height:1-2,height:3-")
    with pytest.raises(UnusableData, match=r"02\.png in .* is of both a and b"):
        read(faces, "a=age:18-22,b=age:22-")
    with pytest.raises(UnusableData, match=r"there is no table with columns"):
        read(faces / "images", "age:18-30,age:55-")


def test_from_ages_to_a_translator_and_its_judges(
    faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ages = "young=age:18-34,old=age:38-"
    words = ["cyclegan", "--data", faces, "--domains", ages, "--validation", 6, "--height", 24, "--width", 24]
    words += ["--out", tmp_path / "age", "--run-folder", tmp_path / "run", "--images", 1, "--batch", 1]
    words += ["--features", 2, "--critic-features", 2, "--blocks", 0, "--halvings", 0]
    assert main([str(word) for word in words]) == 0
    assert directions(load(tmp_path / "age")) == ["young-to-old", "old-to-young"]
    card = (tmp_path / "age" / "README.md").read_text()
    assert f"--domains {ages}" in card and "young and old, unpaired" in card
    assert main(["judge", str(tmp_path / "age"), "--data", str(faces)]) == 1  # it found the pictures of its training
    assert "name a network that tells its domains apart by --judge" in capsys.readouterr().err
    settings = FeaturesTraining(data=faces, out=tmp_path, domains=ages, validation=2)
    names, pictures, truth = read_domain_labels(settings)
    assert names == ["old"] and pictures[:, 0, 0, 0].tolist() == [*range(7), *range(10, 18), 7, 8, 18, 19]
    assert truth[:, 0].tolist() == [0] * 7 + [1] * 8 + [0] * 2 + [1] * 2


def test_faces_are_judged_by_what_is_read_in_them(
    faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LATENT_LAB_WEIGHTS", raising=False)  # the readers are the repository's
    domains = (Domain("young", "age", "18-34"), Domain("old", "age", "38-"))
    network = tiny_translation(domains=("young", "old"), pixels=24 * 24, merge="difference")
    save_network(network, tmp_path / "age")
    (tmp_path / "age" / "README.md").write_text("# a network\n")
    described = {"domains": "young=age:18-34,old=age:38-", "validation": 6, "height": 24, "width": 24}
    (tmp_path / "age" / "training.json").write_text(json.dumps(described))
    assert main(["judge", str(tmp_path / "age"), "--data", str(faces), "--reader", NETWORK]) == 0
    figures = json.loads((tmp_path / "age" / "figures.json").read_text())["young-to-old"]
    held_out = read_both(faces, domains, height=24, width=24, channels=3)[0][-6:]
    network = load(tmp_path / "age")  # as it is stored
    drawn = np.stack([translate(network, one, "young-to-old") for one in held_out])
    before, after = (readings(load(NETWORK), part) for part in (held_out, drawn))
    changed = 55 * float((after - before)[:, 0].mean())  # 0 to 1 are 20 to 75 years
    assert figures["age, years: change"] == pytest.approx(changed, abs=0.01) and abs(changed) > 0.1
    others = float(np.abs((after - before)[:, 1:]).mean())
    assert figures["mean change of the other readings"] == pytest.approx(others, abs=0.001)
    assert f"| age, years: change | {changed:.1f} | " in (tmp_path / "age" / "README.md").read_text()
    (tmp_path / "age" / "training.json").write_text(json.dumps({**described, "domains": "a=b:1-1,c=b:2-2"}))
    (faces / "notes.csv").write_text("a,b\n" + "".join(f"images/{n:02}.png,{1 + n % 2}\n" for n in range(20)))
    assert main(["judge", str(tmp_path / "age"), "--data", str(faces), "--reader", NETWORK]) == 1
    assert "the two domains have to be chosen by one of these" in capsys.readouterr().err


@pytest.mark.parametrize("archived", [False, True])
def test_a_table_of_what_is_read_chooses(
    faces: Path, tmp_path: Path, archived: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LATENT_LAB_WEIGHTS", raising=False)  # the reader is the repository's
    shutil.copytree(faces / "images", tmp_path / "own" / "images")
    path = Path(shutil.make_archive(str(tmp_path / "own"), "zip", tmp_path / "own")) if archived else tmp_path / "own"
    assert main(["readings", "--data", str(path)]) == 0
    with open(tmp_path / "own.csv", encoding="utf-8") as file:
        rows = {row["file"]: float(row["light"]) for row in csv.DictReader(file)}
    assert list(rows) == [f"images/{number:02}.png" for number in range(21)]
    assert set(rows.values()) == {0.5}  # flat pictures
    assert read_values(path, "light") == dict.fromkeys(rows, "0.500")
    if archived:  # a folder of an archive has a table of its own
        assert main(["readings", "--data", str(path / "images")]) == 0
        assert read_values(path / "images", "light") == {name.removeprefix("images/"): "0.500" for name in rows}
        assert (tmp_path / "own-images.csv").is_file()
    assert main(["readings", "--data", str(path), "--network", "faces-features-64"]) == 1
    assert "faces-features-64 reads no attributes of faces" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["readings", "--data", str(tmp_path / "empty")]) == 1
    assert "holds no pictures" in capsys.readouterr().err
