"""A face found again in the latent space: what is found, how it stops, and the training of the encoder."""

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
from models.architectures.fastgan import FastGANConfig, FastGANGenerator
from models.errors import InvalidInput
from models.faces.encoding import (
    LatentEncoder,
    LatentEncoderConfig,
    Target,
    encode,
    find_latent,
    unit,
)
from models.features import FeatureNetwork, FeaturesConfig
from models.gan import Generator, draw, generate
from models.pixels import to_network
from tests.networks import tiny_generator
from trainer.__main__ import main
from trainer.evaluation.reconstruction import nearer_than
from trainer.export import save_network
from trainer.families.encoder import EncoderTraining, disturbed, draw_pairs, train

ROOT = Path(__file__).resolve().parent.parent


def tiny_encoder(latent_size: int = 8, channels: int = 3) -> LatentEncoder:
    torch.manual_seed(0)
    return LatentEncoder(
        LatentEncoderConfig(channels=channels, latent_size=latent_size, width=4, hidden_size=16)
    ).eval()


def tiny_reader() -> FeatureNetwork:
    torch.manual_seed(0)
    return FeatureNetwork(FeaturesConfig(width=4, outputs=3, feature_size=10)).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def generator() -> Generator:
    return tiny_generator(resolution=32, channels=3).requires_grad_(False)


# --- what is found -----------------------------------------------------------------------------------------------


def test_a_generated_face_is_found_again(generator: Generator) -> None:
    picture = generate(generator, seed=5, count=1)
    reader, encoder = tiny_reader(), tiny_encoder()
    guess = find_latent(generator, encoder, reader, picture, steps=0)
    found = find_latent(generator, encoder, reader, picture, steps=120)
    assert found.pixel_distance < 0.4 * guess.pixel_distance
    assert found.feature_distance < 0.4 * guess.feature_distance
    assert np.array_equal(found.picture, draw(generator, found.latent[None]))
    assert float(np.square(found.latent).mean()) == pytest.approx(1, abs=1e-3)


def test_the_generator_of_faces_is_followed_too() -> None:
    torch.manual_seed(0)
    network = FastGANGenerator(FastGANConfig(resolution=64, latent_size=8, widths="4,4,4,4,4", second="8"))
    network.train()
    with torch.no_grad():
        for _ in range(30):
            network(torch.randn(32, 8))
    network.eval().requires_grad_(False)
    picture = generate(network, seed=3, count=1)
    guess = find_latent(network, tiny_encoder(), tiny_reader(), picture, steps=0)
    found = find_latent(network, tiny_encoder(), tiny_reader(), picture, steps=60)
    assert found.pixel_distance < 0.7 * guess.pixel_distance


def test_the_same_picture_leads_to_the_same_latent(generator: Generator) -> None:
    picture = generate(generator, seed=6, count=1)
    first, second = (find_latent(generator, tiny_encoder(), tiny_reader(), picture, steps=10) for _ in range(2))
    assert np.array_equal(first.latent, second.latent)


def test_progress_is_told_and_may_stop_the_work(generator: Generator) -> None:
    class Enough(Exception):
        pass

    told: list[float] = []

    def progress(share: float) -> None:
        told.append(share)
        if share >= 0.3:
            raise Enough

    with pytest.raises(Enough):
        find_latent(generator, tiny_encoder(), tiny_reader(), generate(generator, count=1), steps=10, progress=progress)
    assert told == pytest.approx([0, 0.1, 0.2, 0.3])


def test_what_cannot_be_looked_for_is_said_in_one_sentence(generator: Generator) -> None:
    grey = np.zeros((1, 32, 32, 1), np.uint8)
    with pytest.raises(InvalidInput, match=r"reads pictures \(N, H, W, 3\), got"):
        encode(tiny_encoder(), grey)
    with pytest.raises(InvalidInput, match="One picture of shape"):
        find_latent(generator, tiny_encoder(), tiny_reader(), grey)
    with pytest.raises(InvalidInput, match="number of steps is -1"):
        find_latent(generator, tiny_encoder(), tiny_reader(), generate(generator, count=1), steps=-1)
    with pytest.raises(InvalidInput, match="channels; 1"):
        LatentEncoderConfig(channels=2)


def test_a_picture_is_at_no_distance_from_itself(generator: Generator) -> None:
    x = to_network(generate(generator, seed=1, count=2))
    pixels, features = Target(tiny_reader(), x).distances(x)
    assert float(pixels) == 0
    assert float(features) == pytest.approx(0, abs=1e-6)


def test_latents_have_a_root_mean_square_of_one() -> None:
    assert unit(torch.randn(5, 8) * 7).square().mean(1).tolist() == pytest.approx([1] * 5, abs=1e-5)


def test_shares_of_others_that_are_farther() -> None:
    photographs = np.array([[0.0], [10.0], [20.0], [30.0]])
    assert nearer_than(photographs, photographs).tolist() == [1, 1, 1, 1]
    assert nearer_than(np.array([[9.0], [9.0], [9.0], [9.0]]), photographs).tolist() == pytest.approx(
        [2 / 3, 1, 1 / 3, 0]
    )


# --- training ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, generator: Generator) -> Path:
    """A generator and a reader on disk, and a few photographs."""
    root = tmp_path_factory.mktemp("encoder")
    save_network(generator, root / "weights" / "tiny")
    save_network(tiny_reader(), root / "weights" / "reader")
    (root / "photographs").mkdir()
    for number, picture in enumerate(generate(generator, seed=9, count=24)):
        Image.fromarray(picture).save(root / "photographs" / f"{number:02}.png")
    return root


def arguments(folder: Path, run: Path, *more: object) -> list[str]:
    words = ["encoder", "--generator", folder / "weights" / "tiny", "--out", run / "weights" / "tiny" / "encoder"]
    words += ["--data", folder / "photographs", "--reader", folder / "weights" / "reader", "--run-folder", run / "run"]
    words += ["--pairs", 64, "--images", 96, "--batch", 16, "--photographs", 2, "--validation", 20, "--width", 4]
    return [str(word) for word in [*words, "--share", 0.5, "--save-every", 2, "--log-every", 1, *more]]


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("trained")
    assert main(arguments(folder, run)) == 0
    return run


def test_two_steps_from_command_to_latent(trained: Path, generator: Generator) -> None:
    encoder = load(trained / "weights" / "tiny" / "encoder")
    assert isinstance(encoder, LatentEncoder)
    assert encode(encoder, generate(generator, count=3)).shape == (3, 8)


def test_the_card_tells_how_it_was_made(trained: Path) -> None:
    card = (trained / "weights" / "tiny" / "encoder" / "README.md").read_text(encoding="utf-8")
    assert "python -m trainer encoder --generator weights/tiny --out weights/tiny/encoder --data photographs" in card
    assert "4 photographs of photographs" in card
    assert "the cosine of the guess and the true latent is" in card
    assert str(trained) not in card


KILLED = """
import os, sys
from trainer.runs import Run
save = Run.save
def killed(self, state, position, name="checkpoint.pt"):
    save(self, state, position, name)
    if position.step == 4:
        os.kill(os.getpid(), 9)
Run.save = killed
from trainer.__main__ import main
main(sys.argv[1:])
"""


def test_killed_and_resumed_equals_uninterrupted(trained: Path, folder: Path, tmp_path: Path) -> None:
    words = arguments(folder, tmp_path)
    process = subprocess.run(
        [sys.executable, "-c", KILLED, *words], cwd=ROOT, env={**os.environ}, capture_output=True, check=False
    )
    assert process.returncode == -9
    assert main([*words, "--resume"]) == 0
    ours, theirs = (load_file(run / "weights/tiny/encoder/model.safetensors") for run in (tmp_path, trained))
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_an_encoder_learns_where_pictures_come_from(folder: Path, tmp_path: Path) -> None:
    settings = EncoderTraining(
        generator=folder / "weights" / "tiny",
        out=tmp_path / "weights" / "tiny" / "encoder",
        run_folder=tmp_path / "run",
        pairs=512,
        images=8_000,
        batch=32,
        width=8,
    )
    encoder = load(train(settings))
    latents, pictures = draw_pairs(load(folder / "weights" / "tiny"), 64, seed=77)
    assert float((encode(encoder, pictures) * latents).mean()) > 0.5  # the mean cosine; of random guesses 0


def test_a_training_starts_from_another_encoder(trained: Path, folder: Path, tmp_path: Path) -> None:
    start = trained / "weights" / "tiny" / "encoder"
    assert main(arguments(folder, tmp_path, "--start", start, "--images", 16, "--storage", "int8")) == 0
    card = (tmp_path / "weights/tiny/encoder/README.md").read_text(encoding="utf-8")
    assert "started from" in card
    assert "stored as 8-bit integers" in card
    assert isinstance(load(tmp_path / "weights/tiny/encoder"), LatentEncoder)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--generator", "nowhere"], "There is no network"),
        (["--validation", "24"], "25 are needed"),
        (["--width", "0"], "--width is 0"),
        (["--resume"], "has no checkpoint to resume"),
    ],
)
def test_what_cannot_be_trained_is_said_in_one_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    assert main([*arguments(folder, tmp_path), *more]) == 1
    assert sentence in capsys.readouterr().err.strip().splitlines()[-1]
    assert not (tmp_path / "weights").exists()


def test_how_well_photographs_are_found_is_written_into_the_card(trained: Path, folder: Path, tmp_path: Path) -> None:
    generator = load(folder / "weights" / "tiny")
    save_network(generator, trained / "weights" / "tiny")
    words = ["reconstruct", trained / "weights" / "tiny", "--data", folder / "photographs", "--photographs", 20]
    words += ["--validation", 20, "--hold-out", "last"]
    words += ["--reader", folder / "weights" / "reader", "--judge", folder / "weights" / "reader", "--steps", 3]
    assert main([str(word) for word in words]) == 0
    card = (trained / "weights" / "tiny" / "encoder" / "README.md").read_text(encoding="utf-8")
    assert "20 photographs of photographs that generator and encoder were not trained on" in card
    assert "Not measured" not in card
    assert str(trained) not in card


def test_disturbed_pictures_stay_in_range_and_depend_on_the_seed() -> None:
    x = torch.rand(4, 3, 64, 64) * 2 - 1
    first, again, other = (disturbed(x, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert float(first.abs().max()) <= 1
