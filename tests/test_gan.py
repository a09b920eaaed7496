"""Latents, pictures and architecture of models.gan."""

import itertools

import numpy as np
import pytest
import torch

from models.errors import InvalidInput
from models.gan import (
    Discriminator,
    DiscriminatorConfig,
    Generator,
    GeneratorConfig,
    draw,
    draw_latents,
    generate,
    interpolate,
    judge,
    morph,
    neighbours,
)
from models.pixels import to_network, to_pictures
from tests.networks import tiny_generator


@pytest.fixture(scope="module")
def generator() -> Generator:
    return tiny_generator(resolution=32, channels=3, latent_size=12)


def test_pixels_survive_the_way_in_and_out() -> None:
    pictures = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1).repeat(3, axis=3)
    x = to_network(pictures)
    assert x.shape == (1, 3, 16, 16)
    assert (float(x.min()), float(x.max())) == (-1.0, 1.0)
    assert np.array_equal(to_pictures(x), pictures)
    assert to_pictures(torch.tensor([[[[-3.0, 3.0]]]])).ravel().tolist() == [0, 255]  # clipped, not wrapped around


def test_pixels_refuse_floats() -> None:
    with pytest.raises(InvalidInput, match="uint8"):
        to_network(np.zeros((1, 8, 8, 3)))  # type: ignore[arg-type]


def test_a_seed_means_known_latents_on_every_machine() -> None:
    latents = draw_latents(4, seed=7, count=1)
    source = torch.Generator().manual_seed(7)
    assert np.array_equal(latents[0], torch.randn(4, generator=source).numpy())
    assert np.allclose(latents[0, :2], [-0.1468, 0.7861], atol=1e-4)


def test_the_first_latents_do_not_depend_on_the_count() -> None:
    assert np.array_equal(draw_latents(100, seed=3, count=5), draw_latents(100, seed=3, count=64)[:5])


def test_neighbours_keep_the_distribution_and_the_distance() -> None:
    latent = draw_latents(4000, seed=1, count=1)[0]
    near = neighbours(latent, seed=2, count=8, spread=0.3)
    assert near.std() == pytest.approx(1.0, abs=0.03)
    cosines = near @ latent / np.linalg.norm(near, axis=1) / np.linalg.norm(latent)
    assert cosines == pytest.approx(np.sqrt(1 - 0.3**2), abs=0.05)
    assert np.array_equal(neighbours(latent, seed=2, count=2, spread=0.0), np.stack([latent, latent]))


def test_interpolation_starts_ends_and_stays_on_the_sphere() -> None:
    start, end = draw_latents(100, seed=5, count=2)
    path = interpolate(start, end, steps=9)
    assert np.allclose(path[0], start, atol=1e-5)
    assert np.allclose(path[-1], end, atol=1e-5)
    lengths = np.linalg.norm(path, axis=1)
    assert np.allclose(np.diff(lengths), (lengths[-1] - lengths[0]) / 8, atol=1e-4)
    angles = [np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for a, b in itertools.pairwise(path)]
    assert np.allclose(angles, angles[0], atol=1e-3)


def test_interpolation_between_equal_latents_stands_still() -> None:
    latent = draw_latents(10, seed=5, count=1)[0]
    assert np.allclose(interpolate(latent, latent, steps=4), latent, atol=1e-6)


def test_pictures_repeat_with_the_seed_and_vary_with_it(generator: Generator) -> None:
    first = generate(generator, seed=1, count=6)
    assert first.shape == (6, 32, 32, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, generate(generator, seed=1, count=6))
    assert not np.array_equal(first, generate(generator, seed=2, count=6))


def test_truncation_zero_makes_all_alike_and_more_of_it_more_variety(generator: Generator) -> None:
    spreads = [generate(generator, seed=1, count=16, truncation=t).std(axis=0).mean() for t in (0.0, 0.5, 1.0)]
    assert spreads[0] == 0
    assert spreads[0] < spreads[1] < spreads[2]


def test_the_mean_of_the_first_layer_is_the_mean_over_many_latents(generator: Generator) -> None:
    z = torch.randn(20_000, 12, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        sampled = generator.layers[:3](z[:, :, None, None]).mean(0)
        expected = generator.mean_activation()
    assert torch.allclose(expected, sampled, atol=0.006)
    assert float(sampled.std()) > 0.02  # a constant would prove nothing


def test_a_batch_of_one_draws_what_a_batch_of_many_draws(generator: Generator) -> None:
    latents = draw_latents(12, seed=9, count=100)  # more than one internal batch
    together = draw(generator, latents).astype(int)
    alone = np.concatenate([draw(generator, latents[i : i + 1]) for i in (0, 63, 64, 99)])
    assert np.abs(together[[0, 63, 64, 99]] - alone).max() <= 1


def test_a_morph_runs_from_the_first_picture_of_one_seed_to_that_of_the_other(generator: Generator) -> None:
    frames = morph(generator, seed_a=1, seed_b=2, frames=5)
    ends = np.concatenate([generate(generator, seed=1, count=1), generate(generator, seed=2, count=1)])
    assert np.abs(frames[[0, -1]].astype(int) - ends).max() <= 1


@pytest.mark.parametrize("resolution", [16, 32, 64, 128])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_fits_its_discriminator(resolution: int, channels: int) -> None:
    generator = Generator(GeneratorConfig(resolution=resolution, channels=channels, latent_size=3, width=1)).eval()
    discriminator = Discriminator(DiscriminatorConfig(resolution=resolution, channels=channels, width=1)).eval()
    pictures = generate(generator, count=2)
    assert pictures.shape == (2, resolution, resolution, channels)
    assert judge(discriminator, pictures).shape == (2,)


def test_a_discriminator_says_which_size_it_judges() -> None:
    discriminator = Discriminator(DiscriminatorConfig(resolution=16, channels=1, width=1))
    with pytest.raises(InvalidInput, match=r"judges pictures of \(16, 16, 1\), got \(32, 32, 3\)"):
        judge(discriminator, np.zeros((1, 32, 32, 3), np.uint8))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"seed": -1}, "The seed is -1; it has to be from 0 to 2,147,483,647."),
        ({"seed": 2**31}, "The seed is 2,147,483,648"),
        ({"seed": 1.5}, "The seed is 1.5; it has to be a whole number"),
        ({"seed": float("nan")}, "The seed is nan; it has to be a whole number"),
        ({"seed": float("inf")}, "The seed is inf; it has to be"),
        ({"seed": "seven"}, "The seed is 'seven'; it has to be a whole number"),
        ({"seed": True}, "The seed is True"),
        ({"count": 0}, "The number of pictures is 0; it has to be from 1 to 256."),
        ({"count": 10_000}, "The number of pictures is 10,000; it has to be from 1 to 256."),
        ({"truncation": 1.1}, "The truncation is 1.1; it has to be from 0 to 1."),
        ({"truncation": float("nan")}, "The truncation is nan; it has to be from 0 to 1."),
        ({"truncation": None}, "The truncation is None; it has to be a number from 0 to 1."),
    ],
)
def test_bad_arguments_are_said_in_one_sentence(
    generator: Generator, arguments: dict[str, float], sentence: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        generate(generator, **arguments)  # type: ignore[arg-type]
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    "settings", [{"resolution": 48}, {"channels": 4}, {"width": 0}, {"latent_size": 0}, {"resolution": 2**20}]
)
def test_architectures_that_cannot_be_built_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(InvalidInput, match=r"accepted|at least"):
        GeneratorConfig(**settings)  # type: ignore[arg-type]
