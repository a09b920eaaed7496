"""The mixture of Gaussians: its density, its pictures, and the trainer that fits it."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from models import load
from models.errors import InvalidInput
from models.gan import draw, draw_latents, generate, morph
from models.mixture import MixtureConfig, MixtureOfGaussians, bits_per_dimension, log_likelihood
from models.pixels import Pictures, to_network, to_pictures
from tests.networks import tiny_mixture
from trainer.__main__ import main
from trainer.evaluation.evaluate import single_gaussian
from trainer.export import save_network
from trainer.families.mixture import first_shares, log_densities, maximise

HELD_OUT = 20


@pytest.fixture(scope="module")
def mixture() -> MixtureOfGaussians:
    return tiny_mixture()


def noise(count: int, side: int = 16, channels: int = 1) -> Pictures:
    return np.random.default_rng(0).integers(0, 256, (count, side, side, channels), dtype=np.uint8)


def moments(mixture: MixtureOfGaussians) -> list[tuple[float, NDArray[np.float64], NDArray[np.float64]]]:
    """Weight, mean (D,) and covariance (D, D) of every Gaussian over whole pictures, written out."""
    basis = mixture.basis().double().numpy()  # (K, D)
    inside = basis.T @ np.linalg.inv(basis @ basis.T) @ basis  # (D, D), the projection on the components
    average, factors = mixture.average.flatten().double().numpy(), mixture.factors.double().numpy()
    return [
        (
            float(mixture.weights[m]),
            average + mixture.means[m].double().numpy() @ basis,
            basis.T @ factors[m] @ factors[m].T @ basis
            + float(mixture.noise[m]) ** 2 * (np.eye(len(average)) - inside),
        )
        for m in range(mixture.config.mixture_size)
    ]


# --- density -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "channels", "principal", "size"), [(2, 1, 3, 1), (4, 1, 7, 2), (4, 3, 5, 4)])
def test_the_likelihood_is_scipys_of_the_whole_covariance(side: int, channels: int, principal: int, size: int) -> None:
    mixture = tiny_mixture(resolution=side, channels=channels, principal=principal, mixture_size=size)
    pictures = noise(5, side, channels)
    points = to_network(pictures).flatten(1).double().numpy()
    expected = logsumexp(
        [np.log(w) + multivariate_normal(mean, covariance).logpdf(points) for w, mean, covariance in moments(mixture)],
        axis=0,
    )
    found = log_likelihood(mixture, pictures)
    assert found.dtype == np.float64
    assert found == pytest.approx(expected, rel=1e-5)  # the weights of float32 do not sum to exactly 1


def test_the_likelihood_of_many_pictures_is_that_of_each(mixture: MixtureOfGaussians) -> None:
    pictures = noise(300)  # more than one batch
    assert log_likelihood(mixture, pictures)[[0, 299]] == pytest.approx(log_likelihood(mixture, pictures[[0, 299]]))


def test_the_uniform_density_costs_eight_bits() -> None:
    log_density = 48 * np.log(1 / (256 * 2 / 255))
    assert bits_per_dimension(np.array([log_density, log_density - 48 * np.log(2)]), 48) == pytest.approx([8, 9])


# --- pictures ----------------------------------------------------------------------------------------------------


def test_the_gaussians_come_as_often_as_their_weights_say(mixture: MixtureOfGaussians) -> None:
    chosen = mixture.choose(torch.randn(50_000, generator=torch.Generator().manual_seed(0)))
    shares = torch.bincount(chosen, minlength=3) / len(chosen)
    assert shares.numpy() == pytest.approx(mixture.weights.numpy(), abs=0.01)
    assert mixture.choose(torch.tensor([-40.0, 40.0])).tolist() == [0, 2]


def test_what_is_drawn_has_the_moments_of_the_density(mixture: MixtureOfGaussians) -> None:
    z = torch.randn(50_000, mixture.config.latent_size, generator=torch.Generator().manual_seed(1))
    components, rest = mixture.split(mixture(z))
    assert float(rest.max()) == pytest.approx(0, abs=1e-3)
    assert float(mixture.means.std()) > 1  # equal ones would prove nothing
    for m in range(3):
        own = components[mixture.choose(z[:, 0]) == m]
        assert own.mean(0).numpy() == pytest.approx(mixture.means[m].numpy(), abs=0.06)
        covariance = mixture.factors[m] @ mixture.factors[m].T
        assert torch.cov(own.T).numpy() == pytest.approx(covariance.numpy(), abs=0.1)


def test_truncation_pulls_to_the_mean_of_the_gaussian(mixture: MixtureOfGaussians) -> None:
    latents = draw_latents(mixture.config.latent_size, seed=1, count=40)
    pictures = draw(mixture, latents, truncation=0)
    means = to_pictures(mixture.average + (mixture.means @ mixture.basis()).view(-1, 1, 16, 16))
    chosen = mixture.choose(torch.from_numpy(latents[:, 0])).numpy()
    assert len(set(chosen)) == 3
    assert np.abs(pictures.astype(int) - means[chosen]).max() <= 1
    spreads = [draw(mixture, latents, truncation=t)[chosen == 0].std(0).mean() for t in (0.0, 0.5, 1.0)]
    assert spreads[0] == 0
    assert spreads[0] < spreads[1] < spreads[2]


def test_a_seed_means_the_same_pictures_and_a_morph_runs_between_two(mixture: MixtureOfGaussians) -> None:
    first = generate(mixture, seed=1, count=6)
    assert first.shape == (6, 16, 16, 1)
    assert np.array_equal(first, generate(mixture, seed=1, count=6))
    assert not np.array_equal(first, generate(mixture, seed=2, count=6))
    frames = morph(mixture, seed_a=1, seed_b=2, frames=5)
    ends = np.concatenate([first[:1], generate(mixture, seed=2, count=1)])
    assert np.abs(frames[[0, -1]].astype(int) - ends).max() <= 1


def test_a_saved_network_draws_and_tells_the_same(mixture: MixtureOfGaussians, tmp_path: Path) -> None:
    save_network(mixture, tmp_path / "m")
    loaded = load(tmp_path / "m")
    assert isinstance(loaded, MixtureOfGaussians) and loaded.config == mixture.config
    assert np.abs(generate(loaded, count=8).astype(int) - generate(mixture, count=8)).max() <= 1
    own = generate(mixture, count=8)
    before, after = (bits_per_dimension(log_likelihood(network, own), 256) for network in (mixture, loaded))
    assert after == pytest.approx(before, abs=0.01)


# --- fitting -----------------------------------------------------------------------------------------------------


def test_expectation_maximisation_is_scikit_learns() -> None:
    """Where all rests are alike, they tell the Gaussians nothing, and only the components are left."""
    randomness = np.random.default_rng(0)
    points = np.concatenate([randomness.normal(0, 1, (200, 4)), randomness.normal(1.5, 2, (100, 4))])
    components, rests = torch.from_numpy(points), torch.ones(300, dtype=torch.float64)
    network = tiny_mixture(resolution=4, principal=4, mixture_size=2).double()
    shares = first_shares(network, components, seed=0)
    maximise(network, components, rests, shares, prior=1e-9)
    factors = network.factors.numpy()
    theirs = GaussianMixture(
        2,
        max_iter=5,
        tol=0,
        reg_covar=0,
        weights_init=network.weights.numpy().copy(),
        means_init=network.means.numpy().copy(),
        precisions_init=np.linalg.inv(factors @ factors.swapaxes(1, 2)),
    )
    with pytest.warns(ConvergenceWarning):
        theirs.fit(points)
    for _ in range(5):
        shares = log_densities(network, components, rests).softmax(1)
        maximise(network, components, rests, shares, prior=1e-9)
    factors = network.factors.numpy()
    assert network.weights.numpy() == pytest.approx(theirs.weights_, abs=1e-6)
    assert network.means.numpy() == pytest.approx(theirs.means_, abs=1e-6)
    assert factors @ factors.swapaxes(1, 2) == pytest.approx(theirs.covariances_, abs=1e-6)
    assert network.noise.numpy() == pytest.approx((1 / 12) ** 0.5)  # 16 numbers, 4 of them components


def test_a_large_prior_leaves_the_covariance_of_all() -> None:
    network = tiny_mixture(resolution=4, principal=4, mixture_size=2).double()
    components = torch.from_numpy(np.random.default_rng(0).normal(0, 3, (50, 4)))
    maximise(network, components, components.square().sum(1), first_shares(network, components, 0), prior=1e9)
    assert network.factors.numpy() == pytest.approx(np.stack([np.eye(4)] * 2), abs=1e-5)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of two kinds: discs of which the dark are on the left and the bright on the right, with grain."""
    folder = tmp_path_factory.mktemp("pictures")
    randomness = np.random.default_rng(0)
    rows, columns = np.mgrid[:16, :16]
    for number in range(140):
        right = randomness.random() < 0.4
        x, y = (11 if right else 4) + randomness.normal(0, 0.7), 8 + randomness.normal(0, 0.7)
        disc = 1 / (1 + np.exp((rows - y) ** 2 / 4 + (columns - x) ** 2 / 4 - 2))
        picture = 40 + disc * (190 if right else 80) + randomness.normal(0, 3, (16, 16))
        Image.fromarray(picture.round().clip(0, 255).astype(np.uint8)).save(folder / f"{number:03}.png")
    return folder


def arguments(archive: Path, place: Path, *more: object) -> list[str]:
    """A small training on the command line."""
    words = ["mixture", "--data", archive, "--out", place / "weights" / "discs", "--run-folder", place / "run"]
    words += ["--resolution", 16, "--channels", 1, "--principal", 5, "--mixture-size", 2, "--prior", 5]
    words += ["--iterations", 6, "--validation", HELD_OUT]
    return [str(word) for word in [*words, *more]]


@pytest.fixture(scope="module")
def trained(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("trained")
    assert main(arguments(archive, place)) == 0
    return place


def read_all(archive: Path) -> Pictures:
    return np.stack([np.asarray(Image.open(file))[..., None] for file in sorted(archive.glob("*.png"))])


def test_two_gaussians_predict_two_kinds_better_than_one(trained: Path, archive: Path) -> None:
    network = load(trained / "weights" / "discs")
    held_out = read_all(archive)[-HELD_OUT:]
    ours = log_likelihood(network, held_out)
    assert ours.mean() > log_likelihood(single_gaussian(network), held_out).mean() + 1
    assert ours.min() > log_likelihood(network, noise(4)).max()
    logged = [json.loads(line) for line in (trained / "run" / "log.jsonl").read_text().splitlines()]
    assert logged[-1]["held_out_loss"] == pytest.approx(bits_per_dimension(ours, 256).mean(), abs=0.01)


def test_components_are_in_standard_deviations(trained: Path, archive: Path) -> None:
    network = load(trained / "weights" / "discs")
    training = read_all(archive)[:-HELD_OUT]
    components, _ = network.split(to_network(np.concatenate([training, training[:, :, ::-1]])))
    assert components.mean(0).numpy() == pytest.approx(0, abs=0.01)
    assert torch.cov(components.T).numpy() == pytest.approx(np.eye(5), abs=0.02)


def test_the_training_gets_better_and_keeps_its_history(trained: Path) -> None:
    logged = [json.loads(line) for line in (trained / "run" / "log.jsonl").read_text().splitlines()]
    losses = [line["training_loss"] for line in logged]
    assert len(losses) == 6
    assert losses == sorted(losses, reverse=True)
    folder = trained / "weights" / "discs"
    history = json.loads((folder / "history.json").read_text())
    assert history["frames"][-1] == logged[-1]["images"] == 6 * 2 * 120
    assert set(history["curves"]) == {"training_loss", "held_out_loss"}
    strip = np.asarray(Image.open(folder / "history.webp").convert("L"))
    last = generate(load(folder), seed=1, count=16).reshape(4, 4, 16, 16).swapaxes(1, 2).reshape(64, 64)
    assert strip.shape == (len(history["frames"]) * 64, 64)
    assert np.abs(strip[-64:].astype(int) - last).mean() < 8  # grey levels; the strip is compressed


def test_the_card_tells_what_one_needs_to_know(trained: Path) -> None:
    card = (trained / "weights" / "discs" / "README.md").read_text()
    for part in ("python -m trainer mixture --data", "--principal 5", "6 iterations", "2 Gaussians over 5", "sha256"):
        assert part in card
    assert str(trained) not in card


def test_the_same_seed_fits_the_same_mixture(trained: Path, archive: Path, tmp_path: Path) -> None:
    assert main(arguments(archive, tmp_path)) == 0
    first, second = (load_file(place / "weights" / "discs" / "model.safetensors") for place in (trained, tmp_path))
    assert all(torch.equal(first[name], second[name]) for name in first)


# --- refusals ----------------------------------------------------------------------------------------------------


def test_pictures_of_another_size_are_refused(mixture: MixtureOfGaussians) -> None:
    with pytest.raises(InvalidInput, match=r"knows pictures of \(16, 16, 1\), got \(32, 32, 3\)"):
        log_likelihood(mixture, noise(1, 32, 3))


@pytest.mark.parametrize(
    "settings", [{"channels": 2}, {"principal": 0}, {"principal": 12_288}, {"mixture_size": 0}, {"resolution": 0}]
)
def test_architectures_that_cannot_be_built_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(InvalidInput, match=r"accepted|at least"):
        MixtureConfig(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--principal", 121), "holds 140 pictures and 141 are needed"),
        (("--principal", 256), "at least 1 and fewer than those"),
        (("--prior", 0), "--prior is 0.0; it has to be at least 1."),
        (("--data", "nowhere"), "nowhere does not exist"),
    ],
)
def test_what_cannot_be_fitted(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[object, ...], sentence: str
) -> None:
    assert main(arguments(archive, tmp_path, *options)) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


def test_pictures_that_hardly_differ_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "flat"
    folder.mkdir()
    for number in range(40):
        Image.new("L", (16, 16), 5 * number).save(folder / f"{number:03}.png")
    assert main(arguments(folder, tmp_path)) == 1
    assert "do not vary in 5 ways" in capsys.readouterr().err


def test_a_run_that_cannot_go_on_does_not_say_that_it_can(
    trained: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(archive, trained)) == 1
    assert "holds a run already; name another with --run-folder." in capsys.readouterr().err
