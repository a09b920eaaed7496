"""The feature network: what it makes of grey and of other sizes, and its training."""

import csv
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from models import load
from models.errors import InvalidInput, UnusableData
from models.features import FeatureNetwork, FeaturesConfig, answers, features
from models.pixels import Pictures
from models.quantization import stored_in_8_bits
from trainer.__main__ import main
from trainer.families.features import FeaturesTraining, disguised, read_labelled, relit, score

PICTURES = 60
HELD_OUT = 20


def portraits(count: int = PICTURES, seed: int = 0) -> tuple[Pictures, np.ndarray]:
    """Noise of which the first half is brightened to the left: two questions that can be answered."""
    randomness = np.random.default_rng(seed)
    pictures = randomness.integers(0, 90, (count, 64, 64, 3), dtype=np.uint8)
    truth = randomness.integers(0, 2, (count, 2))
    pictures[truth[:, 0] == 1] += 80  # bright
    pictures[truth[:, 1] == 1, :32] += 80  # bright above
    return pictures, truth


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip archive as celeba64.zip is one."""
    file = tmp_path_factory.mktemp("data") / "portraits.zip"
    pictures, truth = portraits()
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["file", "Bright", "Bright_Above"])
    with zipfile.ZipFile(file, "w") as members:
        for number, (picture, answer) in enumerate(zip(pictures, truth, strict=True)):
            content = io.BytesIO()
            Image.fromarray(picture).save(content, "png")
            members.writestr(f"images/{number:03}.png", content.getvalue())
            writer.writerow([f"{number:03}.png", *answer])
        members.writestr("attributes.csv", table.getvalue())
    return file


@pytest.fixture(scope="module")
def network() -> FeatureNetwork:
    torch.manual_seed(0)
    return FeatureNetwork(FeaturesConfig(width=4, outputs=3, feature_size=10)).eval()


# --- inference ---------------------------------------------------------------------------------------------------


def test_grey_pictures_have_the_features_of_the_same_pictures_in_rgb(network: FeatureNetwork) -> None:
    grey = portraits()[0][:, :, :, :1]
    assert np.array_equal(features(network, grey), features(network, grey.repeat(3, axis=3)))


def test_features_of_many_pictures_are_those_of_each(network: FeatureNetwork) -> None:
    pictures = np.concatenate([portraits()[0]] * 2)  # more than one batch of 50
    together = features(network, pictures)
    assert together.shape == (120, 10)
    assert together.dtype == np.float32
    assert together.min() >= 0
    assert np.allclose(together[111], features(network, pictures[111:112])[0], atol=1e-5)


def test_other_sizes_are_resized(network: FeatureNetwork) -> None:
    flat = np.full((2, 64, 64, 3), 130, np.uint8)
    for side in (16, 100, 256):
        resized = np.full((2, side, side, 3), 130, np.uint8)
        assert np.allclose(features(network, resized), features(network, flat), atol=1e-5)


def test_a_saved_network_answers_the_same(network: FeatureNetwork, tmp_path: Path) -> None:
    network.save_pretrained(tmp_path)
    assert np.array_equal(answers(load(tmp_path), portraits()[0]), answers(network, portraits()[0]))


@pytest.mark.parametrize("field", ["outputs", "width", "feature_size"])
def test_a_network_without_size_is_refused(field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        FeaturesConfig(**{field: 0})  # type: ignore[arg-type]


# --- training ----------------------------------------------------------------------------------------------------


def test_training_learns_and_writes_a_weights_folder(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "weights" / "tiny"
    command = f"features --data {archive} --out {out} --steps 25 --batch 16 --width 8 --validation {HELD_OUT}"
    assert main(command.split()) == 0
    network = load(out)
    pictures, truth = portraits()
    learnt = score(answers(network, pictures[-HELD_OUT:]), truth[-HELD_OUT:].astype(np.float32))
    assert learnt.area > 0.9
    card = (out / "README.md").read_text()
    assert "--steps 25" in card
    assert "40 pictures" in card
    assert str(tmp_path) not in card
    assert json.loads((out / "training.json").read_text())["validation"] == HELD_OUT
    assert not out.with_name("tiny.new").exists()


def test_stored_in_8_bits_it_is_measured_on_what_its_training_held_out(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "weights" / "tiny"
    command = f"features --data {archive} --out {out} --steps 25 --batch 16 --width 16 --validation {HELD_OUT}"
    assert main(command.split()) == 0
    pictures, truth = portraits()
    before = score(answers(load(out), pictures[-HELD_OUT:]), truth[-HELD_OUT:].astype(np.float32))
    assert main(["compact", str(out), "--data", str(archive)]) == 0
    assert stored_in_8_bits(out / "model.safetensors")
    card = (out / "README.md").read_text()
    assert f"Of the answers on {HELD_OUT} held-out pictures in colour" in card
    assert f"instead of {100 * before.accuracy:.1f} %, area under the ROC curve" in card
    assert f"instead of {before.area:.3f} (" in card


def test_the_same_seed_trains_the_same_network(archive: Path, tmp_path: Path) -> None:
    options = f"--data {archive} --steps 3 --batch 8 --width 4 --validation {HELD_OUT}"
    for name in ("a", "b"):
        assert main([*f"features {options}".split(), "--out", str(tmp_path / name)]) == 0
    tensors = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("a", "b")]
    assert tensors[0] == tensors[1]


def test_disguises_keep_shape_and_can_be_turned_off() -> None:
    x = torch.rand(8, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1
    off = FeaturesTraining(data=Path(), out=Path(), grey=0, blur=0, shift=0)
    seen = disguised(x, off, torch.Generator().manual_seed(1))
    assert all(torch.equal(a, b) or torch.equal(a, b.flip(2)) for a, b in zip(seen, x, strict=True))
    grey = disguised(x, FeaturesTraining(data=Path(), out=Path(), grey=1), torch.Generator().manual_seed(1))
    assert grey.shape == x.shape
    assert torch.equal(grey[:, 0], grey[:, 2])


def test_score_of_known_answers() -> None:
    truth = np.array([[1, 0], [1, 0], [0, 0], [1, 0]], dtype=np.float32)
    perfect = score(2 * truth - 1, truth)
    assert (perfect.accuracy, perfect.majority, perfect.area) == (1, 0.875, 1)
    constant = score(np.ones_like(truth), truth)
    assert (constant.accuracy, constant.area) == (0.375, 0.5)


# --- data --------------------------------------------------------------------------------------------------------


def test_pictures_come_with_their_own_attributes(archive: Path) -> None:
    names, pictures, truth = read_labelled(archive)
    assert names == ["Bright", "Bright_Above"]
    assert np.array_equal(pictures, portraits()[0])
    assert np.array_equal(truth, portraits()[1])


def folder_with(folder: Path, table: str | None, picture: bool = True) -> Path:
    """A folder with one picture and an attributes.csv."""
    if picture:
        Image.new("RGB", (64, 64)).save(folder / "one.png")
    if table is not None:
        (folder / "attributes.csv").write_text(table)
    return folder


@pytest.mark.parametrize(
    ("table", "picture", "message"),
    [
        (None, True, "has no labels: it needs a table beside the pictures (attributes.csv, "),
        ("", True, "names no labels"),
        ("file,Smiling\ntwo.png,1\n", True, "one.png has no line"),
        ("file,Smiling\none.png,maybe\n", True, "Line 2 of attributes.csv"),
        ("file,Smiling\none.png\n", True, "Line 2"),
        ("file,Smiling\none.png,1\n", False, "no pictures"),
        ("file,Smiling\none.png,1\n", True, "1,564 are needed"),
    ],
)
def test_data_that_cannot_be_learnt_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str | None, picture: bool, message: str
) -> None:
    data = folder_with(tmp_path, table, picture)
    assert main(["features", "--data", str(data), "--out", str(tmp_path / "out")]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_data_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableData, match="does not exist"):
        read_labelled(tmp_path / "nothing.zip")


def test_light_at_random_makes_day_as_dark_as_night() -> None:
    random = np.random.default_rng(0)
    bright = torch.from_numpy(random.uniform(0.2, 1, (6, 3, 32, 32)).astype(np.float32))
    dark = torch.from_numpy(random.uniform(-1, -0.7, (6, 3, 32, 32)).astype(np.float32))
    lit = [relit(x, torch.Generator().manual_seed(1)) for x in (bright, dark)]
    means = [((x + 1) / 2).mean((2, 3)) for x in lit]
    assert (means[0] - means[1]).abs().mean() < 0.1  # they differed by 0.7
    assert means[0].std() > 0.1  # from picture to picture
    for before, after in zip((bright, dark), lit, strict=True):  # what is brighter stays brighter
        assert torch.equal(before[0, 0].flatten().argmax(), after[0, 0].flatten().argmax())
