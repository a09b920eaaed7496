"""The GAN trainer: what it writes, that it resumes exactly, and what it says when it cannot."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from models import load
from models.gan import generate, judge
from models.ladder import draw_ladder, finished_step, ladder_steps, read_ladder
from trainer.__main__ import main
from trainer.families.gan import GANTraining, ladder_schedule, train
from trainer.rates import decayed
from trainer.runs import Order, randomness_at

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    randomness = np.random.default_rng(0)
    for number in range(40):  # discs of random place, size and shade
        x, y, radius = randomness.uniform(4, 12), randomness.uniform(4, 12), randomness.uniform(2, 5)
        rows, columns = np.mgrid[:16, :16]
        disc = (rows - y) ** 2 + (columns - x) ** 2 < radius**2
        Image.fromarray((disc * randomness.integers(100, 255)).astype(np.uint8)).save(folder / f"{number:03}.png")
    return folder


def arguments(pictures: Path, place: Path, *more: object) -> list[str]:
    """A small training on the command line: 12 steps of 8 pictures."""
    words = [
        "gan",
        "--data",
        pictures,
        "--out",
        place / "weights" / "discs",
        "--run-folder",
        place / "run",
        "--images",
        96,
    ]
    words += ["--batch", 8, "--resolution", 16, "--channels", 1, "--width", 4, "--latent-size", 6, "--validation", 8]
    words += ["--log-every", 2, "--save-every", 5, "--snapshots", 3, "--low-resolution", 0.3, "--penalty", 0.1]
    return [str(word) for word in [*words, *more]]


def tensors(place: Path) -> dict[str, torch.Tensor]:
    """Everything a training produced, by name."""
    files = sorted((place / "weights" / "discs").rglob("*.safetensors"))
    return {f"{file.name}:{name}": tensor for file in files for name, tensor in load_file(file).items()}


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def logged(place: Path) -> list[dict[str, float]]:
    """The log without what the clock says."""
    lines = [json.loads(line) for line in (place / "run" / "log.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k not in ("seconds", "images_per_second")} for line in lines]


@pytest.fixture(scope="module")
def trained(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("trained")
    assert main(arguments(pictures, place)) == 0
    return place


def test_two_steps_from_command_to_picture(trained: Path) -> None:
    folder = trained / "weights" / "discs"
    faces = generate(load(folder), seed=1, count=4)
    assert faces.shape == (4, 16, 16, 1)
    assert np.isfinite(judge(load(folder, part="discriminator"), faces)).all()
    assert (ladder_steps(folder), finished_step(folder)) == ([3, 6], 12)


def test_the_discriminator_may_be_narrower_than_the_generator(pictures: Path, tmp_path: Path) -> None:
    assert main(arguments(pictures, tmp_path, "--discriminator-width", 2)) == 0
    folder = tmp_path / "weights" / "discs"
    assert (load(folder).config.width, load(folder, part="discriminator").config.width) == (4, 2)


def test_training_changes_what_is_drawn(trained: Path) -> None:
    folder = trained / "weights" / "discs"
    first, second = (read_ladder(folder, step).astype(int) for step in (3, 6))
    assert first.shape == (256, 16, 16, 1)
    assert np.abs(first - second).mean() > 1
    assert np.abs(second - draw_ladder(load(folder))).mean() > 1


def test_the_card_tells_what_one_needs_to_know(trained: Path) -> None:
    card = (trained / "weights" / "discs" / "README.md").read_text()
    for part in ("python -m trainer gan --data", "--images 96", "12 steps, 96 pictures", "model.safetensors", "sha256"):
        assert part in card
    assert str(trained) not in card  # nothing of the machine it was made on


def test_the_run_folder_describes_itself(trained: Path) -> None:
    run = trained / "run"
    assert json.loads((run / "config.json").read_text())["width"] == 4
    assert "torch" in json.loads((run / "environment.json").read_text())["packages"]
    assert [line["step"] for line in logged(trained)] == [2, 4, 5, 6, 8, 10, 10, 12, 12]
    assert {"discriminator_loss", "generator_loss", "real_logit"} <= logged(trained)[0].keys()
    assert {"training_logit", "held_out_logit"} <= logged(trained)[2].keys()
    assert len(list((run / "sheets").glob("*.webp"))) == 3
    assert list((run / "tensorboard").iterdir())


def test_the_same_seed_trains_the_same_network_and_another_seed_another(
    trained: Path, pictures: Path, tmp_path: Path
) -> None:
    assert main(arguments(pictures, tmp_path)) == 0
    assert same(tensors(trained), tensors(tmp_path))
    assert main(arguments(pictures, tmp_path / "other", "--seed", 1)) == 0
    assert not same(tensors(trained), tensors(tmp_path / "other"))


KILLED = """
import os, sys, trainer.families.gan, trainer.runs
log = trainer.runs.Run.log
def log_then_die(self, position, figures):
    log(self, position, figures)
    if position.step == 8:  # after the checkpoint at 5, with lines 6 and 8 already in the log
        os.kill(os.getpid(), 9)
trainer.runs.Run.log = log_then_die
from trainer.__main__ import main
main(sys.argv[1:])
"""


def test_killed_at_any_moment_and_resumed_equals_uninterrupted(trained: Path, pictures: Path, tmp_path: Path) -> None:
    words = arguments(pictures, tmp_path)
    process = subprocess.run([sys.executable, "-c", KILLED, *words], cwd=ROOT, capture_output=True, check=False)
    assert process.returncode == -9
    assert not (tmp_path / "weights").exists()
    assert main([*words, "--resume"]) == 0
    assert same(tensors(trained), tensors(tmp_path))
    assert logged(tmp_path) == logged(trained)


def test_two_processes_train_together(pictures: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", "-m", "trainer"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"}
    process = subprocess.run(
        [*command, *arguments(pictures, tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert generate(load(tmp_path / "weights" / "discs"), count=1).shape == (1, 16, 16, 1)


def test_a_training_starts_from_another_and_keeps_its_ladder(trained: Path, pictures: Path, tmp_path: Path) -> None:
    start = trained / "weights" / "discs"
    words = arguments(pictures, tmp_path, "--start", start, "--images", 16, "--snapshots", 1, "--learning-rate", 0)
    assert main(words) == 0
    folder = tmp_path / "weights" / "discs"
    assert (ladder_steps(folder), finished_step(folder)) == ([3, 6, 12], 14)
    assert np.abs(read_ladder(folder, 12).astype(int) - draw_ladder(load(start))).mean() < 8  # as WebP keeps it
    first, second = tensors(trained), tensors(tmp_path)
    weights = [name for name in first if name.startswith("model.safetensors:") and name.endswith("weight")]
    assert weights and all(torch.equal(first[name], second[name]) for name in weights)  # learning rate 0
    assert "| started from | `weights/discs`, after 96 pictures" in (folder / "README.md").read_text()
    assert main([*arguments(pictures, tmp_path / "b", "--start", start), "--width", "8"]) == 1


@pytest.mark.parametrize("loss", ["minimax", "relativistic"])
def test_every_game_trains(pictures: Path, tmp_path: Path, loss: str) -> None:
    assert main(arguments(pictures, tmp_path, "--loss", loss, "--images", 16)) == 0
    assert all(torch.isfinite(tensor).all() for tensor in tensors(tmp_path).values())


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--batch", "1"], "--batch is 1; it has to be at least 2."),
        (["--augment", "1.5"], "--augment is 1.5; it has to be from 0 to 1."),
        (["--learning-rate", "nan"], "--learning-rate is nan; it has to be at least 0."),
        (["--resolution", "48"], "The resolution is 48 px; 16, 32, 64, 128 and 256 are accepted."),
        (["--resolution", "32"], "smaller than the 32 px asked for"),
        (["--validation", "40"], "holds 40 pictures and 48 are needed"),
        (["--data", "nowhere"], "nowhere does not exist; give a folder or a zip archive"),
        (["--resume"], "has no checkpoint to resume; start without --resume."),
    ],
)
def test_what_cannot_be_trained_is_said_in_one_sentence(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    assert main([*arguments(pictures, tmp_path), *more]) == 1
    message = capsys.readouterr().err.strip().splitlines()[-1]
    assert message.startswith("error: ")
    assert sentence in message
    assert not (tmp_path / "weights").exists()


def test_a_run_is_neither_overwritten_nor_resumed_with_other_settings(
    trained: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(pictures, trained)) == 1
    assert "holds a run already; add --resume" in capsys.readouterr().err
    assert main(arguments(pictures, trained, "--resume", "--width", "5")) == 1
    assert "other settings; repeat them to resume: --width 4." in capsys.readouterr().err


def test_help_explains_every_option_once(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["gan", "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for name in GANTraining.__dataclass_fields__:
        assert text.count(f"  --{name.replace('_', '-')} ") == 1, name
    assert "(default: 0.0002)" in text


def test_options_are_not_abbreviated(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["gan", "--data", "x", "--out", "y", "--imag", "5"])
    assert "unrecognized arguments: --imag 5" in capsys.readouterr().err


def test_a_small_gan_learns_where_its_data_lie(tmp_path: Path) -> None:
    """All training pictures are nearly white; after a minute's training so are the generated ones."""
    (tmp_path / "data").mkdir()
    for number in range(32):
        Image.new("L", (16, 16), 215 + number).save(tmp_path / "data" / f"{number}.png")
    out = train(
        GANTraining(
            data=tmp_path / "data",
            out=tmp_path / "white",
            run_folder=tmp_path / "run",
            images=16 * 250,
            batch=16,
            resolution=16,
            channels=1,
            latent_size=4,
            width=4,
            validation=0,
            learning_rate=2e-3,
            augment=0.0,
        )
    )
    drawn = generate(load(out), seed=3, count=64)
    assert abs(float(drawn.mean()) - 230) < 25
    assert abs(float(read_ladder(out, ladder_steps(out)[0]).mean()) - 230) > 60


def test_order_shows_every_picture_once_a_pass_and_reshuffles() -> None:
    order = Order(10, seed=0)
    sequence = np.concatenate([order.batch(start, 4) for start in range(0, 40, 4)])
    passes = sequence.reshape(4, 10)
    assert all(sorted(one) == list(range(10)) for one in passes.tolist())
    assert len({tuple(one) for one in passes.tolist()}) == 4
    assert np.array_equal(Order(10, seed=0).batch(17, 9), sequence[17:26])  # no history needed


def test_randomness_depends_on_seed_and_step_only() -> None:
    def first(seed: int, step: int) -> float:
        return float(torch.rand((), generator=randomness_at(seed, step)))

    assert first(0, 5) == first(0, 5)
    assert len({first(0, 5), first(1, 5), first(0, 6)}) == 3


def test_schedules() -> None:
    assert ladder_schedule(1000, 4) == [125, 250, 500]
    assert ladder_schedule(3, 8) == [1]
    assert ladder_schedule(1, 8) == ladder_schedule(1000, 1) == []
    assert [decayed(p, 0.3) for p in (0.0, 0.7, 0.85)] == pytest.approx([1.0, 1.0, 0.5])
    assert decayed(0.99, 0.0) == 1.0
