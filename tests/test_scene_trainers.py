"""Trainings on rendered pictures: a few steps of each, exact resume, fork, their folders, scores and choice."""

import contextlib
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from data.grids import GRIDS
from metrics.disentanglement import Scores
from models import load
from models.conditional import generate as draw_labels
from models.errors import InvalidInput
from models.factors import classify
from models.infogan.network import encode, generate
from models.infogan.palette import PaletteGenerator, blocks
from models.infogan.spatial_transformer import TRAVEL, TransformedGenerator
from models.ladder import finished_step
from trainer.__main__ import main
from trainer.evaluation.score import score_edges
from trainer.families.infogan import parse_codes, square_of, weight_of_forms
from trainer.history import FRAMES, frame_schedule, write_history

SMALL = ["--width", "4", "--critic-width", "4", "--batch", "8"]


def infogan(root: Path, name: str, *more: str, images: int = 48) -> Path:
    """Trains a tiny InfoGAN on sprites; its weights folder."""
    out = root / "weights" / name
    arguments = ["infogan", "--out", str(out), "--run-folder", str(root / "runs" / name), "--world", "sprites"]
    arguments += ["--images", str(images), "--codes", "categorical-3,uniform*2,circular", "--noise", "2"]
    assert main([*arguments, *SMALL, "--save-every", "3", "--log-every", "1", *more]) == 0
    return out


def tensors(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def same(a: Path, b: Path) -> bool:
    """Whether two folders hold the same tensors, bit for bit."""
    first, second = tensors(a), tensors(b)
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches are rendered directly, without the table of all pictures; what follows a training is small, too."""
    monkeypatch.setenv("LATENT_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("trainer.families.infogan.SEAM_PICTURES", 32)
    for family in ("infogan", "conditional"):
        monkeypatch.setattr(f"trainer.families.{family}.STATISTICS_BATCH", 8)


def test_an_infogan_trains_and_its_folder_explains_itself(tmp_path: Path) -> None:
    out = infogan(tmp_path, "a")
    network = load(out)
    assert network.config.codes == ("categorical-3", "uniform", "uniform", "circular")
    pictures = generate(network, [[0, 0, 0, 0], [1, 0, 0, 0]])
    assert pictures.shape == (2, 64, 64, 1)
    assert encode(network, pictures).shape == (2, 4)
    card = (out / "README.md").read_text()
    assert "from models.infogan.network import generate" in card
    assert "--world sprites" in card
    assert str(tmp_path) not in card
    log = [json.loads(line) for line in (tmp_path / "runs" / "a" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log] == [1, 2, 3, 4, 5, 6]
    assert all(np.isfinite(line["information_loss"]) for line in log)


def test_a_resumed_training_equals_an_uninterrupted_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = ["--contrastive", "1", "--contrastive-from", "0.4", "--gap", "1", "--gap-until", "0.7", "--restart"]
    whole = infogan(tmp_path, "whole", *settings)
    seen: list[Any] = []

    class Stopped(list[int]):
        """Asks to stop in the fourth step."""

        def __bool__(self) -> bool:
            seen.append(1)
            return len(seen) >= 4

    with monkeypatch.context() as patch:
        patch.setattr("trainer.families.infogan.stop_requested", lambda: contextlib.nullcontext(Stopped()))
        arguments = [
            "infogan",
            "--out",
            str(tmp_path / "weights" / "part"),
            "--run-folder",
            str(tmp_path / "runs" / "p"),
        ]
        arguments += ["--world", "sprites", "--images", "48", "--codes", "categorical-3,uniform*2,circular"]
        arguments += ["--noise", "2", *SMALL, "--save-every", "3", "--log-every", "1", *settings]
        assert main(arguments) == 130
    assert main([*arguments, "--resume"]) == 0
    assert same(whole, tmp_path / "weights" / "part")


def test_a_fork_equals_the_whole_training(tmp_path: Path) -> None:
    """What InfoGAN and InfoGAN-CR share need not be repeated."""
    contrastive = ["--contrastive", "1", "--contrastive-from", "0.5"]
    whole = infogan(tmp_path, "whole", *contrastive)
    plain = infogan(tmp_path, "plain", "--contrastive-from", "0.5")
    branch = tmp_path / "runs" / "plain" / "before-contrastive.pt"
    forked = infogan(tmp_path, "forked", *contrastive, "--fork", str(branch))
    assert same(whole, forked)
    assert not same(whole, plain)


def test_a_training_that_stands_still_keeps_the_network_it_started_from(tmp_path: Path) -> None:
    before = infogan(tmp_path, "before")
    still = ["--learning-rate", "0", "--critic-learning-rate", "0", "--reconstruction", "1"]
    after = infogan(tmp_path, "after", "--start", str(before), *still)
    for name, tensor in tensors(before).items():  # but statistics of batches, and spectral norms, which are settled
        if name.startswith("generator") and "running" not in name and "batches" not in name:
            torch.testing.assert_close(tensors(after)[name], tensor, atol=2e-3, rtol=2e-3)  # 16 bits on the disk
    card = (after / "README.md").read_text()
    assert "| started from | `weights/before`, after 48 pictures" in card
    assert str(tmp_path) not in card
    frames = json.loads((after / "history.json").read_text())["frames"]
    assert frames == [8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96]


def test_layers_of_another_width_begin_anew(tmp_path: Path) -> None:
    before = infogan(tmp_path, "before")
    still = ["--learning-rate", "0", "--critic-learning-rate", "0"]
    after = infogan(tmp_path, "after", "--start", str(before), *still, "--width", "6", images=8)
    assert load(after).config.width == 6
    assert json.loads((after / "history.json").read_text())["frames"] == [8]  # its own, another network's before it
    name = "generator.styles.0.0.weight"
    torch.testing.assert_close(tensors(after)[name], tensors(before)[name], atol=2e-3, rtol=2e-3)


def test_a_generator_learns_to_redraw_while_the_critic_rests(tmp_path: Path) -> None:
    before = infogan(tmp_path, "before")
    rest = ["--reconstruction", "10", "--redraw-first", "1", "--learning-rate", "0.02"]
    after = infogan(tmp_path, "after", "--start", str(before), *rest, images=160)
    log = [json.loads(line) for line in (tmp_path / "runs" / "after" / "log.jsonl").read_text().splitlines()]
    assert set(log[0]) == {"step", "images", "seconds", "reconstruction_loss", "images_per_second"}
    assert log[-1]["reconstruction_loss"] < 0.6 * log[0]["reconstruction_loss"]
    name = "critic.judge.bias"  # no spectral norm that is settled
    torch.testing.assert_close(tensors(after)[name], tensors(before)[name])


def test_a_start_has_to_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = infogan(tmp_path, "before", images=8)
    arguments = ["infogan", "--out", str(tmp_path / "w"), "--run-folder", str(tmp_path / "r"), "--images", "8", *SMALL]
    assert main([*arguments, "--start", str(before)]) == 1  # scenes, other codes
    assert "only the widths may differ" in capsys.readouterr().err
    assert main([*arguments, "--redraw-first", "0.5"]) == 1
    assert "--redraw-first goes with --start" in capsys.readouterr().err


def test_edges_are_compared_with_those_of_rendered_pictures() -> None:
    grid = GRIDS["scenes"]
    rendered = grid.render(grid.random_factors(8, np.random.default_rng(0)))
    text, figures = score_edges(rendered, "scenes", seed=0)
    assert figures["wobble"] == figures["wobble_rendered"] < 0.1
    assert figures["sharpness"] == figures["sharpness_rendered"]
    assert f"| {figures['sharpness']:.1f} | {figures['sharpness']:.1f} |" in text
    rough = np.clip(rendered + np.random.default_rng(1).normal(0, 20, rendered.shape), 0, 255).astype(np.uint8)
    _, figures = score_edges(rough, "scenes", seed=0)
    assert figures["sharpness_grey"] > 1.5 * figures["sharpness_grey_rendered"]
    assert "wobble" not in score_edges(GRIDS["sprites"].render(np.zeros((4, 5), np.int64)), "sprites", seed=0)[1]


def test_a_training_with_moves_learns_how_far_they_go(tmp_path: Path) -> None:
    out = infogan(tmp_path, "a", "--moves", "--codes", "uniform*3,circular,categorical-3", "--learning-rate", "0.05")
    network = load(out)
    assert isinstance(network.generator, TransformedGenerator)
    assert (network.generator.travel - TRAVEL).abs().min() > 0.001
    assert generate(network, [[0, 0, 0, 0, 1], [1, 0, 0, 0, 1]]).shape == (2, 64, 64, 1)


def test_rendering_ahead_changes_nothing(tmp_path: Path) -> None:
    assert same(infogan(tmp_path, "a"), infogan(tmp_path, "b", "--workers", "2"))


def test_a_training_ships_its_history(tmp_path: Path) -> None:
    out = infogan(tmp_path, "a")
    history = json.loads((out / "history.json").read_text())
    assert history["frames"] == [8, 16, 24, 32, 40, 48]
    assert [images for images, _ in history["curves"]["generator_loss"]] == history["frames"]
    with Image.open(out / "history.webp") as strip:
        assert strip.size == (8 * 64, 6 * 4 * 64)  # eight steps along each of four codes, six times
        frames = np.split(np.asarray(strip.convert("L")).astype(int), 6)
    assert all(np.abs(before - after).mean() > 0.1 for before, after in itertools.pairwise(frames))
    assert "history.webp" in (out / "README.md").read_text()


def test_frames_are_close_together_early_on_and_end_with_the_training() -> None:
    for steps in (1, 5, 30_000):
        schedule = sorted(frame_schedule(steps, FRAMES))
        assert 1 <= schedule[0] <= max(1, steps // 500)
        assert schedule[-1] == steps
        assert len(schedule) <= FRAMES
    gaps = np.diff(sorted(frame_schedule(30_000, FRAMES)))
    assert (np.diff(gaps) > 0).all()


def test_the_history_of_a_training_that_goes_on_comes_after_the_one_before(tmp_path: Path) -> None:
    for name, count in (("before", 3), ("after", 2)):
        (tmp_path / name / "frames").mkdir(parents=True)
        for step in range(1, count + 1):
            picture = Image.new("RGB", (64, 64), (40 * step, 0, 0))
            picture.save(tmp_path / name / "frames" / f"step-{step:07d}.webp", lossless=True)
        lines = [json.dumps({"step": step, "images": 4 * step, "generator_loss": step}) for step in range(1, count + 1)]
        (tmp_path / name / "log.jsonl").write_text("\n".join(lines) + "\n")
    (tmp_path / "weights").mkdir()
    write_history(tmp_path / "before", tmp_path / "before")
    write_history(tmp_path / "after", tmp_path / "weights", before=tmp_path / "before")
    history = json.loads((tmp_path / "weights" / "history.json").read_text())
    assert history["frames"] == [4, 8, 12, 16, 20]
    assert history["curves"]["generator_loss"] == [[4, 1], [8, 2], [12, 3], [16, 1], [20, 2]]
    with Image.open(tmp_path / "weights" / "history.webp") as strip:
        assert strip.size == (64, 5 * 64)
    write_history(tmp_path / "weights", tmp_path / "weights2")  # a run without frames has none
    assert not (tmp_path / "weights2").exists()


def test_a_training_with_paints_goes_from_coarse_to_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []

    def revive(painter: PaletteGenerator, numbers: torch.Tensor) -> list[int]:
        counts.append(len(numbers))
        assert numbers[:, 2:].any() == (len(counts) > 2)  # forms are silent until pictures are fine
        return revived(painter, numbers)

    revived = PaletteGenerator.revive
    monkeypatch.setattr(PaletteGenerator, "revive", revive)
    out = tmp_path / "weights" / "p"
    arguments = ["infogan", "--out", str(out), "--run-folder", str(tmp_path / "run"), "--images", "80", *SMALL]
    arguments += ["--codes", "circular,uniform*2", "--noise", "0", "--paints", "--coarse", "0.6", "--log-every", "1"]
    assert main(arguments) == 0
    network = load(out)
    assert isinstance(network.generator, PaletteGenerator)
    assert network.generator.square == 1
    assert generate(network, [0.2, 0, 0]).shape == (1, 64, 64, 3)
    assert counts == [8] * 3  # at two thirds, at the end, and a third after it


def test_the_way_from_coarse_to_fine() -> None:
    assert [square_of(share, 0.3) for share in (0, 0.15, 0.25, 0.3, 1)] == [4, 4, 2, 1, 1]
    assert square_of(0, 0) == 1
    assert [weight_of_forms(share, 0.2) for share in (0, 0.2, 0.25, 0.3, 1)] == pytest.approx([0, 0, 0.5, 1, 1])
    assert weight_of_forms(0, 0) == 1
    squares = blocks(torch.arange(16.0).reshape(1, 1, 4, 4), 2)
    assert squares[0, 0].tolist() == [[2.5, 2.5, 4.5, 4.5]] * 2 + [[10.5, 10.5, 12.5, 12.5]] * 2


def test_a_conditional_generator_trains(tmp_path: Path) -> None:
    out = tmp_path / "weights" / "c"
    arguments = ["conditional", "--out", str(out), "--run-folder", str(tmp_path / "run"), "--images", "24", *SMALL]
    assert main(arguments) == 0
    network = load(out)
    assert draw_labels(network, [[1, 2, 3, 0]]).shape == (1, 64, 64, 3)
    assert finished_step(out) == 3  # the level of the game


def test_factors_are_learnt_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.families.factors.EVALUATION", 40)
    out = tmp_path / "weights" / "f"
    arguments = ["factors", "--out", str(out), "--world", "sprites", "--images", "320", "--batch", "32", "--width", "4"]
    assert main(arguments) == 0
    pictures = np.zeros((2, 64, 64, 1), np.uint8)
    assert classify(load(out), pictures).shape == (2, 5)
    assert "| orientation | 40 |" in (out / "README.md").read_text()


def test_scores_go_into_the_card_and_the_choice_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("trainer.evaluation.score.GROUPS", 8)
    monkeypatch.setattr("trainer.evaluation.score.GROUP_SIZE", 4)
    monkeypatch.setattr(
        "trainer.evaluation.score.measure", lambda *_, **__: Scores(0.5, 0.5, 0.5, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5)
    )
    folders = [infogan(tmp_path, name, "--seed", seed, images=8) for name, seed in (("a", "1"), ("b", "2"))]
    assert main(["score", str(folders[0])]) == 0
    assert "| MIG | 0.250 |" in (folders[0] / "README.md").read_text()
    assert json.loads((folders[0] / "figures.json").read_text())["mig"] == 0.25
    assert main(["choose", ",".join(map(str, folders))]) == 0
    assert "the most central" in capsys.readouterr().out
    assert main(["choose", str(folders[0])]) == 1
    assert "at least two InfoGANs" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["linear", "uniform*x", "categorical-1", ""])
def test_wrong_codes_get_one_sentence(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["infogan", "--out", str(tmp_path / "w"), "--codes", text]) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_coarse_pictures_need_paints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["infogan", "--out", str(tmp_path / "w"), "--coarse", "0.1"]) == 1
    assert "--coarse goes with --paints" in capsys.readouterr().err


def test_codes_on_the_command_line() -> None:
    assert parse_codes("circular*2, categorical-4,uniform") == ("circular", "circular", "categorical-4", "uniform")
    with pytest.raises(InvalidInput, match="not a list"):
        parse_codes("uniform*two")
