"""Measuring a generator from the command line, and what is written into its card."""

import json
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
import torch
from PIL import Image

from models.features import FeatureNetwork, FeaturesConfig
from models.gan import Generator, GeneratorConfig, generate
from models.mixture import MixtureConfig, MixtureOfGaussians, bits_per_dimension, log_likelihood
from tests.networks import tiny_mixture
from trainer.__main__ import main
from trainer.evaluation.evaluate import (
    CLASSIFIERS,
    Evaluation,
    draw_many,
    gaussian_pictures,
    likelihoods,
    measure_all,
    single_gaussian,
)
from trainer.evaluation.face_judge import FaceJudge, judged_features
from trainer.evaluation.tables import likelihood_table
from trainer.export import FIGURES_BEGIN, FIGURES_END, save_network, write_figures

HELD_OUT = 40


@pytest.fixture(scope="module")
def generator() -> Generator:
    """Untrained, but with the statistics of its activations, and turned up so that its pictures differ."""
    torch.manual_seed(0)
    network = Generator(GeneratorConfig(resolution=16, width=4, channels=1, latent_size=8))
    for layer in network.layers:
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = 1.0
    with torch.no_grad():
        network(torch.randn(1000, 8))
        last = network.layers[-2]
        assert isinstance(last, torch.nn.ConvTranspose2d)
        last.weight.mul_(10)
    return network.eval()


@pytest.fixture(scope="module")
def judge() -> FeatureNetwork:
    torch.manual_seed(1)
    return FeatureNetwork(FeaturesConfig(width=4)).eval()


@pytest.fixture
def weights(tmp_path: Path, generator: Generator, judge: FeatureNetwork, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of networks, the generator's with a card and the settings of its training."""
    judge.save_pretrained(tmp_path / "faces-features-64")
    generator.save_pretrained(tmp_path / "tiny")
    (tmp_path / "tiny" / "README.md").write_text(f"# tiny\n{FIGURES_BEGIN}\nold\n{FIGURES_END}\n\n## Limits\nMany.\n")
    (tmp_path / "tiny" / "training.json").write_text(json.dumps({"validation": HELD_OUT}))
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(tmp_path))
    return tmp_path


@pytest.fixture
def data(tmp_path: Path, generator: Generator) -> Path:
    """A folder of pictures, grey noise."""
    folder = tmp_path / "data"
    folder.mkdir()
    noise = np.random.default_rng(0).integers(0, 256, (2 * HELD_OUT, 16, 16), dtype=np.uint8)
    for number, picture in enumerate(noise):
        Image.fromarray(picture).save(folder / f"{number:03}.png")
    return folder


def quick(steps: int) -> Evaluation:
    """Settings with a classifier trained for few steps."""
    return Evaluation(network=Path(), data=Path(), classifier_steps=steps)


def test_the_command_writes_the_card_and_can_be_repeated(
    weights: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["evaluate", str(weights / "tiny"), "--data", str(data), "--classifier-steps", "2"]
    assert main(command) == 0
    card = (weights / "tiny" / "README.md").read_text()
    printed = capsys.readouterr().out.strip()
    assert card == f"# tiny\n{FIGURES_BEGIN}\n{printed}\n{FIGURES_END}\n\n## Limits\nMany.\n"
    for line in ("**generated**", "generated, truncation 0.8", "generated, truncation 0.6", "PCA-Gaussian"):
        assert f"| {line} |" in card
    assert "on the 40 pictures" in card
    assert str(weights) not in card
    assert main(command) == 0
    assert (weights / "tiny" / "README.md").read_text() == card


def test_a_mixture_is_measured_with_its_likelihood_beside_another_generator(
    weights: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_network(tiny_mixture(), weights / "mixed")
    command = ["evaluate", str(weights / "mixed"), "--data", str(data), "--classifier-steps", "2"]
    assert main([*command, "--validation", str(HELD_OUT), "--beside", str(weights / "tiny")]) == 0
    printed = capsys.readouterr().out
    assert printed.count(f"| {weights / 'tiny'} |") == 2  # fidelity and likelihood
    assert "| pictures | mixture of 3 Gaussians | single Gaussian |" in printed
    for line in ("real, of the training", "real, held out", "**generated**", "an even grey"):
        assert f"| {line} |" in printed.split("How likely")[1]


def test_a_mixture_of_equal_gaussians_is_the_single_one() -> None:
    mixture = tiny_mixture(mixture_size=1)
    mixture.means.zero_()
    mixture.factors.copy_(torch.eye(6))
    pictures = generate(mixture, count=20)
    single = single_gaussian(mixture)
    assert log_likelihood(single, pictures) == pytest.approx(log_likelihood(mixture, pictures), rel=1e-6)
    mean = bits_per_dimension(log_likelihood(mixture, pictures), 256).mean()
    assert f"| own | {mean:.3f} | {mean:.3f} |" in likelihood_table(mixture, likelihoods(mixture, {"own": pictures}))


def test_a_generator_measured_on_its_own_pictures(generator: Generator, judge: FeatureNetwork) -> None:
    """It cannot be told from its data, truncation costs variety, and copies are recognised as such."""
    own = draw_many(generator, 900, truncation=1.0, seed=50)
    rows, copies = measure_all(generator, judge, own[:600], own[600:], quick(12), {})
    real, drawn, some, few, gaussian = (row.fidelity for row in rows)
    assert drawn.frechet == pytest.approx(real.frechet, rel=1)
    assert drawn.precision > 0.9
    assert drawn.recall > 0.9
    assert drawn.frechet < some.frechet < few.frechet
    assert drawn.recall > some.recall > few.recall
    assert drawn.frechet < gaussian.frechet
    for row in rows[:2]:
        assert len(row.areas) == CLASSIFIERS and mean(row.areas) == pytest.approx(0.5, abs=0.1)
    near = {name: in_pixels.unusually_near for name, (_, in_pixels) in copies.items()}
    assert near["real, held out"] <= 0.02
    assert near["**generated**"] <= 0.06


def test_copies_are_found(judge: FeatureNetwork) -> None:
    """Smooth pictures moved by one pixel stay far nearer to themselves than to any other."""
    randomness = np.random.default_rng(0)
    coarse = randomness.integers(0, 256, (200, 4, 4), dtype=np.uint8)
    smooth = np.stack([np.asarray(Image.fromarray(picture).resize((16, 16), 3)) for picture in coarse])[..., None]

    class Copier(Generator):
        """Draws the first training pictures whatever it is asked for."""

        def forward(self, z: torch.Tensor, truncation: float = 1.0) -> torch.Tensor:
            return torch.from_numpy(smooth[: len(z)]).permute(0, 3, 1, 2) / 127.5 - 1

    copier = Copier(GeneratorConfig(resolution=16, width=4, channels=1)).eval()
    _, copies = measure_all(copier, judge, smooth[:150], smooth[150:], quick(1), {})
    in_features, in_pixels = copies["**generated**"]
    assert in_features.median == pytest.approx(0, abs=1e-5)
    assert in_pixels.median == 0
    assert in_pixels.unusually_near == 1
    assert copies["copies (training pictures moved by one pixel)"][1].unusually_near > 0.5
    assert copies["real, held out"][1].unusually_near <= 0.02


def test_draw_many_is_generate_and_goes_beyond_one_request(generator: Generator) -> None:
    drawn = draw_many(generator, 300, truncation=0.7, seed=5)
    assert len(drawn) == 300
    assert np.array_equal(drawn[:256], generate(generator, seed=5, count=256, truncation=0.7))
    assert np.array_equal(drawn[256:], generate(generator, seed=6, count=44, truncation=0.7))


def test_gaussian_pictures_have_mean_and_covariance_of_the_training() -> None:
    randomness = np.random.default_rng(0)
    mixing = np.array([[20.0, 0], [15, 10]])
    training = (128 + randomness.standard_normal((2000, 2)) @ mixing.T).round().clip(0, 255).astype(np.uint8)
    drawn = gaussian_pictures(training.reshape(2000, 1, 2, 1), 20_000, randomness)
    assert drawn.shape == (20_000, 1, 2, 1)
    points = drawn.reshape(-1, 2).astype(float)
    assert points.mean(0) == pytest.approx(training.mean(0), abs=1)
    assert np.cov(points.T) == pytest.approx(np.cov(training.T.astype(float)), rel=0.05)


def test_a_card_without_marks_gets_the_figures_at_its_end(tmp_path: Path) -> None:
    card = tmp_path / "README.md"
    card.write_text("# tiny\n")
    write_figures(card, "first")
    write_figures(card, "second")
    assert card.read_text() == f"# tiny\n\n## Figures\n{FIGURES_BEGIN}\nsecond\n{FIGURES_END}\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["nothing", "--data", "data"], "There is no network 'nothing'"),
        (["faces-features-64", "--data", "data"], "holds a face-features"),
        (["tiny", "--data", "elsewhere"], "elsewhere does not exist"),
        (["tiny", "--data", "data", "--validation", "41"], "82 are needed"),
        (["tiny", "--data", "data", "--validation", "3"], "at least 40"),
        (["tiny", "--data", "data", "--beside", "faces-features-64"], "not a generator"),
        (["tiny", "--data", "data", "--beside", "larger"], "32 px with 3 channels, not of 16 px with 1"),
    ],
)
def test_what_cannot_be_measured(
    weights: Path,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
) -> None:
    save_network(MixtureOfGaussians(MixtureConfig(resolution=32, principal=1, mixture_size=1)), weights / "larger")
    monkeypatch.chdir(weights)
    assert main(["evaluate", *options]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_network_that_does_not_say_what_it_held_out(
    weights: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (weights / "tiny" / "training.json").unlink()
    assert main(["evaluate", str(weights / "tiny"), "--data", str(data)]) == 1
    assert "give --validation" in capsys.readouterr().err


def test_the_judge_of_faces_adds_its_distance(
    weights: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("trainer.evaluation.evaluate.JUDGED", 300)  # 2,000 are no more than more parts of the same size
    torch.manual_seed(2)
    torch.save(FaceJudge().state_dict(), tmp_path / "judge.pt")
    words = ["evaluate", str(weights / "tiny"), "--data", str(data), "--against", str(data), "--classifier-steps", "1"]
    assert main([*words, "--face-judge", str(tmp_path / "judge.pt")]) == 0
    card = (weights / "tiny" / "README.md").read_text(encoding="utf-8")
    assert "Fréchet distance of 300 generated pictures" in card
    assert "of as many\ntraining pictures as are held out 0.00." in card  # the same pictures on both sides
    assert "those of " in card and "judge.pt" in card
    (tmp_path / "broken.pt").write_bytes(b"nothing")
    assert main([*words, "--face-judge", str(tmp_path / "broken.pt")]) == 1
    assert "broken.pt does not hold the weights" in capsys.readouterr().err


def test_the_judge_of_faces_sees_64_px_in_colour() -> None:
    torch.manual_seed(0)
    network = FaceJudge().eval()
    flat = np.full((2, 128, 128, 1), 77, np.uint8)
    points = judged_features(network, flat)
    assert points.shape == (2, 128)
    assert np.allclose(points, judged_features(network, np.full((2, 64, 64, 3), 77, np.uint8)), atol=1e-5)
