"""The FastGAN generator: its layers, its drawing form, truncation, and configurations that do not work."""

import dataclasses

import pytest
import torch
from torch.nn import functional

from models.architectures.fastgan import (
    DrawingForm,
    FastGANConfig,
    FastGANGenerator,
    UpsampledConvolution,
    drawing_form,
)
from models.errors import InvalidInput
from models.gan import draw, draw_latents, generate, morph

TINY = FastGANConfig(resolution=64, channels=3, latent_size=8, widths="8,8,6,4,4", second="8,16")


def tiny(seed: int = 0, config: FastGANConfig = TINY) -> FastGANGenerator:
    """A small network with random weights whose batch norms have seen something."""
    torch.manual_seed(seed)
    network = FastGANGenerator(config)
    with torch.no_grad():
        network.train()
        for _ in range(20):
            network(torch.randn(16, config.latent_size))
    return network.eval().requires_grad_(False)


def test_enlargement_and_convolution_are_one_transposed_convolution() -> None:
    torch.manual_seed(0)
    layer, x = UpsampledConvolution(5, 7), torch.randn(2, 5, 6, 9)
    expected = functional.conv2d(functional.interpolate(x, scale_factor=2, mode="nearest"), layer.weight, padding=1)
    assert torch.allclose(layer(x), expected, atol=1e-5)


def test_only_the_direction_of_a_latent_counts() -> None:
    network, z = tiny(), torch.randn(3, 8)
    assert torch.allclose(network(z), network(5 * z), atol=1e-4)
    assert not torch.allclose(network(z), network(-z), atol=1e-2)


def test_the_drawing_form_draws_the_same() -> None:
    network = tiny()
    z = torch.from_numpy(draw_latents(8, seed=3, count=8))
    form = DrawingForm(network, torch.float32)
    for truncation in (1.0, 0.5):
        assert torch.allclose(form(z, truncation), network(z, truncation), atol=1e-4)
    assert not any(isinstance(layer, torch.nn.BatchNorm2d) for layer in form.modules())


def test_the_drawing_form_is_kept_and_follows_the_weights() -> None:
    network = tiny()
    first = drawing_form(network)
    assert drawing_form(network) is first
    before = generate(network, seed=1, count=2)
    bias = network.to_picture.bias
    assert bias is not None
    with torch.no_grad():
        bias.add_(1.0)
    assert drawing_form(network) is not first
    assert int(generate(network, seed=1, count=2).astype(int).mean() - before.astype(int).mean()) > 20


def test_truncation_ends_at_the_centre() -> None:
    network = tiny()
    pictures = generate(network, seed=1, count=4, truncation=0.0)
    assert (pictures == pictures[:1]).all()


@pytest.mark.parametrize("latent_size", [8, 64])  # on a sphere of few dimensions, too
def test_the_centre_is_the_mean_first_feature_map(latent_size: int) -> None:
    network = tiny(config=dataclasses.replace(TINY, latent_size=latent_size))
    maps = network.start(torch.randn(20_000, latent_size, generator=torch.Generator().manual_seed(5)))
    assert torch.allclose(maps.mean(0), network.centre(), atol=0.03 * float(maps.std()))
    assert float(maps.mean(0).abs().max()) > 0.09 * float(maps.std())  # which it is not by being 0


def test_pictures_of_a_seed_do_not_depend_on_their_number() -> None:
    network = tiny()
    some, more = generate(network, seed=2, count=3).astype(int), generate(network, seed=2, count=9).astype(int)
    assert some.shape == (3, 64, 64, 3)
    assert abs(some - more[:3]).max() <= 3  # bfloat16 rounds otherwise in another batch
    frames = morph(network, seed_a=2, seed_b=3, frames=5)
    assert abs(frames[0].astype(int) - some[0]).max() <= 3


def test_grey_networks_draw_grey() -> None:
    config = FastGANConfig(resolution=64, channels=1, latent_size=8, widths="4,4,4,4,4", second="")
    network = tiny(config=config)
    assert draw(network, draw_latents(8, seed=1, count=2)).shape == (2, 64, 64, 1)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"resolution": 100}, "64, 128 and 256"),
        ({"channels": 2}, "1 (grey) and 3 (colour)"),
        ({"latent_size": 0}, "at least 1"),
        ({"widths": "256,128"}, "has 6"),
        ({"widths": "256,256,256,128,64,one"}, "whole numbers"),
        ({"widths": "256,256,256,128,64,1"}, "at least 2"),
        ({"second": "4"}, "second convolution"),
    ],
)
def test_a_configuration_that_cannot_be_built_is_said(settings: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        FastGANConfig(**settings)  # type: ignore[arg-type]
    assert words in str(caught.value)
