"""CycleGAN and pix2pix: a few steps of each, exact resume, their folders, the judge, and what they refuse."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from data.folders import read_domains
from data.palettes import PALETTES
from models import UnusableData, load
from models.translation import directions, outlier_score, translate
from trainer.__main__ import main
from trainer.losses import GAMES
from trainer.replay import ReplayBuffer
from trainer.runs import randomness_at

COLOURS = np.array([list(bytes.fromhex(line[-6:])) for line in PALETTES["cityscapes"]], np.uint8)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bright and dark noise, 14 pictures of 48 x 32 each, and as many pairs of maps and pictures of them."""
    folder = tmp_path_factory.mktemp("data")
    random = np.random.default_rng(0)
    for name in ("day", "night", "labels", "photos"):
        (folder / name).mkdir()
    for number in range(14):
        classes = random.integers(0, 3, (4, 6)).repeat(8, 0).repeat(8, 1)
        parts: dict[str, NDArray[Any]] = {
            "day": random.integers(150, 256, (32, 48, 3)),
            "night": random.integers(0, 90, (32, 48, 3)),
            "labels": COLOURS[classes],
            "photos": (60 * classes[..., None] + random.integers(0, 40, (32, 48, 3))),
        }
        for name, levels in parts.items():
            Image.fromarray(levels.astype(np.uint8)).save(folder / name / f"{number:02}.png")
    return folder


def command(data: Path, place: Path, family: str, *more: object) -> list[str]:
    """A small training: 8 steps of 2 pictures."""
    domains = {"cyclegan": "day,night", "pix2pix": "labels,photos"}[family]
    words = [family, "--data", data, "--out", place / "weights" / "t", "--run-folder", place / "run"]
    words += ["--domains", domains, "--height", 32, "--width", 48, "--images", 16, "--batch", 2, "--features", 4]
    words += ["--blocks", 1, "--halvings", 1, "--critic-features", 4, "--log-every", 2, "--save-every", 3]
    words += ["--validation", 8, *(["--palette", "cityscapes"] if family == "pix2pix" else [])]
    return [str(word) for word in [*words, *more]]


def tensors(place: Path) -> dict[str, Tensor]:
    return dict(load_file(place / "weights" / "t" / "model.safetensors"))


def same(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.fixture(scope="module", params=["cyclegan", "pix2pix"])
def trained(request: pytest.FixtureRequest, data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    place = tmp_path_factory.mktemp(request.param)
    assert main(command(data, place, request.param)) == 0
    return request.param, place


def test_from_command_to_picture(trained: tuple[str, Path]) -> None:
    family, place = trained
    network = load(place / "weights" / "t")
    picture = COLOURS[np.zeros((32, 48), int)] if family == "pix2pix" else np.full((32, 48, 3), 99, np.uint8)
    assert len(directions(network)) == 2
    for direction in directions(network):
        assert translate(network, picture, direction).shape == (32, 48, 3)
    if family == "cyclegan":
        assert outlier_score(network, picture, "day-to-night") is not None


def test_the_run_folder_has_sheets_of_held_out_pictures(trained: tuple[str, Path]) -> None:
    family, place = trained
    rows, columns = {"cyclegan": (3, 12), "pix2pix": (4, 8)}[family]
    sheets = sorted((place / "run" / "sheets").glob("*.webp"))
    assert [sheet.stem for sheet in sheets] == ["step-0000003", "step-0000006", "step-0000008"]
    with Image.open(sheets[0]) as sheet:
        assert sheet.size == (48 * columns, 32 * rows)
    log = [json.loads(line) for line in (place / "run" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log] == [2, 4, 6, 8]
    assert all(np.isfinite(list(line.values())).all() for line in log)


def test_a_stopped_training_goes_on_exactly(
    trained: tuple[str, Path], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family, whole = trained
    with stopped_after(5, family, monkeypatch):
        assert main(command(data, tmp_path, family)) == 130
    assert main(command(data, tmp_path, family, "--resume")) == 0
    assert same(tensors(whole), tensors(tmp_path))


@contextmanager
def stopped_after(steps: int, family: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A training of the family is asked to stop after so many steps."""
    stops = iter([False] * (steps - 1) + [True])

    class Signals(list[int]):
        def __bool__(self) -> bool:
            return next(stops, False)

    with monkeypatch.context() as patch:
        patch.setattr(f"trainer.families.{family}.stop_requested", lambda: nullcontext(Signals()))
        yield


@pytest.mark.parametrize("family", ["cyclegan", "pix2pix"])
def test_pretrained_features_take_part_and_stay_outside(
    family: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both games and the perceptual distance; stopped, it goes on exactly, and its checkpoint holds no features."""
    monkeypatch.setattr("trainer.pretrained.projected.SEEN_AT", 32)  # px: seen at 32 x 64
    asked = ["--discriminator", "projected", "--perceptual", 0.5, "--images", 4]
    assert main(command(data, tmp_path / "whole", family, *asked)) == 0
    with stopped_after(1, family, monkeypatch):
        assert main(command(data, tmp_path / "parts", family, *asked)) == 130
    state = torch.load(tmp_path / "parts" / "run" / "checkpoint.pt", weights_only=True)
    opponents = [name for name in state if name.endswith("opponent")]
    assert len(opponents) == (2 if family == "cyclegan" else 1)
    assert all(name.startswith("heads.") for part in opponents for name in state[part]["heads"])
    assert main(command(data, tmp_path / "parts", family, *asked, "--resume")) == 0
    assert same(tensors(tmp_path / "whole"), tensors(tmp_path / "parts"))

    last = json.loads((tmp_path / "whole" / "run" / "log.jsonl").read_text().splitlines()[-1])
    assert last["perceptual_loss"] > 0 and np.isfinite(last["projected_loss"])
    card = (tmp_path / "whole" / "weights" / "t" / "README.md").read_text()
    assert card.count("EfficientNet-Lite0") == 2 and "Apache License 2.0" in card
    for more in (["--perceptual", 0.5], ["--discriminator", "projected"]):  # each changes what is learned
        place = tmp_path / str(more[0])
        assert main(command(data, place, family, *more, "--images", 2)) == 0
    one, other = (tensors(tmp_path / name) for name in ("--perceptual", "--discriminator"))
    assert not same(one, other)


def test_a_seed_decides_and_another_differs(trained: tuple[str, Path], data: Path, tmp_path: Path) -> None:
    family, place = trained
    assert main(command(data, tmp_path, family, "--seed", 1)) == 0
    assert not same(tensors(place), tensors(tmp_path))


def test_the_judge_writes_figures_into_the_card(
    trained: tuple[str, Path], data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    family, place = trained
    folder = place / "weights" / "t"
    words = ["judge", str(folder), "--data", str(data)]
    if family == "cyclegan":
        assert main(words) == 1
        assert "name a network that tells its domains apart by --judge" in capsys.readouterr().err
        out = tmp_path / "judge"
        learn = ["features", "--data", str(data), "--domains", "day,night", "--out", str(out), "--validation", "4"]
        # the pictures are smaller than 64 px, which the classifier's trainer refuses
        assert main(learn) == 1
        assert "smaller than the 64 px asked for" in capsys.readouterr().err
        larger = tmp_path / "larger"
        for file in data.rglob("*.png"):
            target = larger / file.parent.name / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with Image.open(file) as picture:
                picture.resize((96, 64)).save(target)
        learn[2] = str(larger)
        assert main([*learn, "--steps", "30", "--batch", "8", "--width", "4", "--grey", "0"]) == 0
        words += ["--judge", str(out)]
    assert main(words) == 0
    card = (folder / "README.md").read_text()
    figures = json.loads((folder / "figures.json").read_text())
    assert "Not measured yet" not in card
    if family == "cyclegan":
        assert figures["day-to-night"]["real ones, taken for what they are"] == 100  # bright and dark are easy
        assert "PSNR of the cycle, dB" in card
        assert figures["day-to-night"]["Fréchet distance, untouched (Lite0)"] > 0.01
    else:
        assert 0 <= figures["agreement_generated"] <= 1
        assert "read as asked" in card
        assert f"generated photographs (Lite0) | {figures['lite0_frechet_generated']:.2f} |" in card


def test_the_identity_loss_may_be_computed_now_and_then(data: Path, tmp_path: Path) -> None:
    for every in (1, 2, 100):
        assert main(command(data, tmp_path / str(every), "cyclegan", "--identity-every", every, "--log-every", 1)) == 0
    logs = {
        every: [json.loads(line) for line in (tmp_path / str(every) / "run" / "log.jsonl").read_text().splitlines()]
        for every in (1, 2, 100)
    }
    assert all(line["identity_loss"] > 0 for line in logs[1])
    assert [line["identity_loss"] > 0 for line in logs[2]] == [False, True] * 4
    assert logs[2][1]["identity_loss"] == pytest.approx(2 * logs[1][1]["identity_loss"], rel=0.2)
    assert not any(line["identity_loss"] for line in logs[100])
    assert not same(tensors(tmp_path / "1"), tensors(tmp_path / "100"))


def test_discriminators_may_be_left_out(trained: tuple[str, Path], data: Path, tmp_path: Path) -> None:
    family, place = trained
    if family != "cyclegan":
        pytest.skip("an option of cyclegan")
    assert main(command(data, tmp_path, family, "--without-discriminators")) == 0
    alone, whole = tensors(tmp_path), tensors(place)
    assert {name.partition(".")[0] for name in alone} == {"generators", "likeness_mean", "likeness_deviation",
                                                          "likeness_limit"}  # fmt: skip
    assert all(torch.equal(part, whole[name]) for name, part in alone.items() if name.startswith("generators"))
    network = load(tmp_path / "weights" / "t")
    assert outlier_score(network, np.full((32, 48, 3), 99, np.uint8), "day-to-night") is None


def test_crops_noise_and_the_reference_network_train(data: Path, tmp_path: Path) -> None:
    reference = ["--architecture", "resnet", "--crop", 24, "--replay", 0, "--eyes", "0.3,0.25,0.7,0.25"]
    assert main(command(data, tmp_path / "a", "cyclegan", *reference)) == 0
    config = load(tmp_path / "a" / "weights" / "t").config
    assert (config.architecture, config.eyes) == ("resnet", (0.3, 0.25, 0.7, 0.25))
    assert main(command(data, tmp_path / "b", "pix2pix", "--noise", 2, "--crop", 24)) == 0
    assert load(tmp_path / "b" / "weights" / "t").config.noise_size == 2
    without = command(data, tmp_path / "c", "pix2pix")
    without[without.index("--palette") + 1] = "none"
    assert main(without) == 0
    assert directions(load(tmp_path / "c" / "weights" / "t")) == ["labels-to-photos"]


def test_a_training_goes_on_with_fewer_blocks(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(data, tmp_path / "a", "pix2pix", "--blocks", 2)) == 0
    start = tmp_path / "a" / "weights" / "t"
    silent = ["--start", start, "--learning-rate", 0, "--critic-learning-rate", 0]
    assert main(command(data, tmp_path / "b", "pix2pix", "--blocks", 1, *silent)) == 0
    before, after = tensors(tmp_path / "a"), tensors(tmp_path / "b")
    assert after.keys() < before.keys()
    assert all(torch.allclose(after[name], before[name], atol=1e-3) for name in after)
    assert main(command(data, tmp_path / "c", "pix2pix", "--features", 8, "--start", start)) == 1
    assert "and the options ask for" in capsys.readouterr().err


@pytest.mark.parametrize(
    "family,more,sentence",
    [
        ("cyclegan", ["--height", "30"], "have to be multiples of 4"),
        ("cyclegan", ["--crop", "20"], "--crop 20 has to be 0, or from 24 px to the shorter side"),
        ("cyclegan", ["--crop", "36"], "--crop 36 has to be 0"),
        ("cyclegan", ["--eyes", "here"], "--eyes here are not numbers"),
        ("cyclegan", ["--eyes", "0.3,0.4"], "x and y of the left and the right one"),
        ("cyclegan", ["--domains", "day"], "--domains day are not two different names"),
        ("cyclegan", ["--domains", "day,noon"], "The folder noon in"),
        ("cyclegan", ["--domains", "dark=light:0-89,bright=light:90-"], "No table in"),
        ("cyclegan", ["--domains", "day,old=age:55-"], "are a folder and a choice by a column"),
        ("pix2pix", ["--domains", "dark=light:0-89,bright=light:90-"], "pairs lie in two folders"),
        ("cyclegan", ["--validation", "13"], "holds 14 pictures and 15 are needed"),
        ("pix2pix", ["--height", "30"], "have to be multiples of 4"),
        ("pix2pix", ["--crop", "16"], "--crop 16 has to be 0"),
    ],
)
def test_what_does_not_fit_is_said(
    data: Path, tmp_path: Path, family: str, more: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(data, tmp_path, family, *more)) == 1
    assert sentence in capsys.readouterr().err


def test_pairs_have_to_be_pairs(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("labels", "photos"):
        (tmp_path / "d" / folder).mkdir(parents=True)
        for file in (data / folder).iterdir():
            (tmp_path / "d" / folder / file.name).write_bytes(file.read_bytes())
    (tmp_path / "d" / "photos" / "03.png").unlink()
    assert main(command(tmp_path / "d", tmp_path, "pix2pix")) == 1
    assert "every picture needs its counterpart of the same name" in capsys.readouterr().err


# --- parts -------------------------------------------------------------------------------------------------------


def test_least_squares_are_zero_where_each_side_has_what_it_wants() -> None:
    game = GAMES["least-squares"]
    real, fake = torch.ones(4), torch.zeros(4)
    assert game.discriminator(real, fake) == 0
    assert game.generator(real, real) == 0
    assert game.discriminator(fake, real) == 1
    assert game.generator(real, fake) == 1


def test_the_buffer_shows_old_pictures_half_of_the_time() -> None:
    buffer, shown = ReplayBuffer(10), []
    for step in range(200):
        x = torch.full((4, 1, 1, 1), float(step))
        shown.append(buffer.exchange(x, randomness_at(0, step)).flatten() == step)
    assert torch.cat(shown[:2]).all()  # while it fills, everything is new
    share = float(torch.cat(shown[10:]).float().mean())
    assert 0.42 < share < 0.58
    assert buffer.kept is not None and len(buffer.kept) == 10
    again = ReplayBuffer(10)
    again.load_state_dict(buffer.state_dict())
    x = torch.full((4, 1, 1, 1), -1.0)
    assert torch.equal(again.exchange(x, randomness_at(0, 9)), buffer.exchange(x, randomness_at(0, 9)))
    assert torch.equal(ReplayBuffer(0).exchange(x, randomness_at(0, 1)), x)


def test_folders_are_read_apart_and_in_order(data: Path) -> None:
    bright, dark = read_domains(data, ("day", "night"), height=16, width=32, channels=1)
    assert bright.shape == dark.shape == (14, 16, 32, 1)
    assert bright.min() > dark.max()
    with pytest.raises(UnusableData, match="smaller than the 64 x 32 px asked for"):
        read_domains(data, ("day", "night"), height=32, width=64, channels=3)
