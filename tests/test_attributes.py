"""The network that reads faces: where its labels come from, what it reads, and its training."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from data.turns import LEFT_EYE, NOSE, RIGHT_EYE, turn_of
from models.errors import InvalidInput, UnusableData
from models.faces.attributes import NAMED, columns, light, readings, years
from models.features import FeatureNetwork, FeaturesConfig, answers
from models.loading import read
from models.pixels import to_network
from trainer.__main__ import main
from trainer.families.attribute_labels import (
    ATTRIBUTES,
    BEARDLESS,
    CELEBA_SCALE,
    CELEBA_SHIFT,
    HAIR,
    NAMES,
    read_aged,
    read_celeba,
    to_template,
)
from trainer.families.attributes import known_loss, varied

RAW = (*ATTRIBUTES.values(), BEARDLESS, *(name for name in HAIR if name not in ATTRIBUTES.values()))


def archive(file: Path, side: int, table: str, rows: list[list[object]]) -> Path:
    """A zip archive of flat pictures, one for each row of its table."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows(rows)
    with zipfile.ZipFile(file, "w") as members:
        for number, row in enumerate(rows[1:]):
            content = io.BytesIO()
            Image.new("RGB", (side, side), (40 + number, 90, 120)).save(content, "png")
            members.writestr(f"images/{Path(str(row[0])).name}", content.getvalue())
        members.writestr(table, text.getvalue())
    return file


@pytest.fixture(scope="module")
def celeba(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pictures; every other one smiles, is blond and has a beard."""
    rows: list[list[object]] = [["file", *RAW]]
    for number in range(12):
        yes = {"Smiling", "Blond_Hair"} if number % 2 else {"Black_Hair", BEARDLESS}
        rows.append([f"{number:03}.png", *(int(name in yes) for name in RAW)])
    return archive(tmp_path_factory.mktemp("data") / "celeba.zip", 64, "attributes.csv", rows)


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Twelve pictures of 20, 25, 30 ... years, and the turns of the first four."""
    folder = tmp_path_factory.mktemp("data")
    rows: list[list[object]] = [["file", "age"], *([f"images/{n:03}.png", 20 + 5 * n] for n in range(12))]
    turns = folder / "turns.csv"
    turns.write_text("file,turn\nimages/000.png,-0.1\nimages/001.png,0\nimages/002.png,0.1\nimages/003.png,0.05\n")
    return archive(folder / "aged.zip", 128, "ages.csv", rows), turns


# --- labels ------------------------------------------------------------------------------------------------------


def test_labels_of_celeba_are_read_by_name(celeba: Path) -> None:
    truth = read_celeba(celeba).truth
    smile, beard, fair, age = (truth[:2, NAMES.index(name)] for name in ("smile", "beard", "fair hair", "age"))
    assert smile.tolist() == [0, 1]
    assert beard.tolist() == [0, 1]
    assert fair.tolist() == [0, 1]
    assert np.isnan(age).all()


def test_ages_and_turns_run_from_nought_to_one(aged: tuple[Path, Path]) -> None:
    truth = read_aged(*aged).truth
    assert np.allclose(truth[[0, 1, 11], NAMES.index("age")], [0, 5 / 55, 1])
    turn = truth[:, NAMES.index("turn")]
    assert turn[0] == 0
    assert turn[1] == 0.5
    assert turn[2] == 1
    assert np.isnan(turn[4:]).all()


def test_the_eyes_of_celeba_come_to_the_eyes_of_the_template() -> None:
    picture = np.zeros((1, 64, 64, 3), np.uint8)
    for across in (38, 87):
        x, y = (round(CELEBA_SCALE * place + shift) for place, shift in zip((across, 38), CELEBA_SHIFT, strict=True))
        picture[0, y - 1 : y + 1, x - 1 : x + 1] = 255
    row = to_template(picture)[0, :, :, 0].sum(0)
    assert abs(int(row[:32].argmax()) - 19) <= 1
    assert abs(32 + int(row[32:].argmax()) - 43.5) <= 1.5


def test_a_turned_head_is_told_by_its_nose() -> None:
    places = np.zeros((478, 2))
    places[LEFT_EYE], places[RIGHT_EYE] = (30, 40), (90, 40)
    for across, turn in ((60, 0.0), (66, 0.1), (45, -0.25)):
        places[NOSE] = (across, 70)
        assert abs(turn_of(places) - turn) < 1e-9


def test_light_is_told_from_the_cheeks() -> None:
    picture = np.full((3, 64, 64, 3), 60, np.uint8)
    picture[0, :, :32] = 180
    picture[2, :, 32:] = 180
    told = light(to_network(picture))
    assert told[0] == 0
    assert abs(float(told[1]) - 0.5) < 1e-4
    assert told[2] == 1


def test_what_is_not_known_does_not_count() -> None:
    logits = torch.tensor([[0.0, 5.0], [0.0, -5.0]], requires_grad=True)
    loss = known_loss(logits, torch.tensor([[1.0, torch.nan], [torch.nan, torch.nan]]))
    loss.backward()
    assert abs(float(loss.detach()) - np.log(2)) < 1e-6
    assert logits.grad is not None
    assert logits.grad.count_nonzero() == 1


def test_a_mirrored_picture_is_turned_and_lit_from_the_other_side() -> None:
    picture = np.full((1, 64, 64, 3), 60, np.uint8)
    picture[0, :, :40] = 180
    truth = torch.full((1, len(NAMES)), 0.25)
    seen: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(12):
        _, told = varied(to_network(picture), truth, torch.Generator().manual_seed(seed))
        row = told[0].numpy()
        seen[bool(row[NAMES.index("turn")] == 0.75)].append(row[NAMES.index("light")])
        assert row[NAMES.index("age")] == 0.25
    assert min(seen[True]) > 0.5 > max(seen[False])


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["file", "Smiling"], ["000.png", 1]], "CelebA's 40 are needed"),
        ([["file", *RAW], ["000.png", *[2] * len(RAW)]], "times 0 or 1"),
    ],
)
def test_a_wrong_table_gets_one_sentence(tmp_path: Path, rows: list[list[object]], sentence: str) -> None:
    with pytest.raises(UnusableData, match=sentence):
        read_celeba(archive(tmp_path / "wrong.zip", 64, "attributes.csv", rows))


def test_ages_are_needed(tmp_path: Path, celeba: Path, aged: tuple[Path, Path]) -> None:
    with pytest.raises(UnusableData, match=r"no readable ages\.csv"):
        read_aged(celeba, aged[1])
    wrong = tmp_path / "turns.csv"
    wrong.write_text("name,angle\n")
    with pytest.raises(UnusableData, match="columns file and turn"):
        read_aged(aged[0], wrong)


# --- readings and training ---------------------------------------------------------------------------------------


def test_readings_are_the_named_outputs_from_nought_to_one() -> None:
    torch.manual_seed(0)
    network = FeatureNetwork(FeaturesConfig(outputs=len(NAMES), width=4, feature_size=8, names=NAMES)).eval()
    pictures = np.random.default_rng(0).integers(0, 256, (3, 128, 128, 3), dtype=np.uint8)
    logits = answers(network, pictures)
    told = readings(network, pictures)
    assert np.allclose(told[:, :-1], 1 / (1 + np.exp(-logits[:, columns(network)[:-1]])), atol=1e-6)
    assert NAMED[-1] == "light"
    assert np.abs(told[:, -1] - 0.5).max() < 0.1  # computed: noise is lit from the front
    assert readings(network, pictures, ("glasses",)).shape == (3, 1)
    assert years(0.5) == 47.5


def test_names_have_to_fit_the_outputs() -> None:
    with pytest.raises(InvalidInput, match="2 names do not fit a feature network of 3 outputs"):
        FeaturesConfig(outputs=3, names=("age", "smile"))


def test_a_training_writes_a_network_that_reads(
    tmp_path: Path, celeba: Path, aged: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "faces-attributes"
    command = ["attributes", "--data", str(celeba), "--ages", str(aged[0]), "--turns", str(aged[1]), "--out", str(out)]
    assert main([*command, "--steps", "3", "--batch", "4", "--width", "4", "--validation", "4"]) == 0
    network = read(out)
    assert network.config.names[: len(NAMED)] == NAMED
    assert readings(network, np.zeros((2, 128, 128, 3), np.uint8)).shape == (2, len(NAMED))
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "| age |" in card
    assert "years off" in card
    assert main([*command, "--validation", "20"]) == 1
    assert "are needed to hold 20 out" in capsys.readouterr().err
