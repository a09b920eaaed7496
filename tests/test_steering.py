"""Style mixing and SeFa's directions, beside networks that are spelt out and numpy's own factorisation."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models import load
from models.architectures.stylegan2 import StyleGAN2Generator
from models.errors import InvalidInput
from models.faces.steering import REACH, Steering, directions_of, draw_steered, has_directions, style_layers
from models.gan import draw, draw_latents
from tests.networks import tiny_generator, tiny_mixture
from tests.stylegan2 import StyleGAN2

LATENTS = draw_latents(16, seed=3, count=3)


@pytest.fixture(scope="module")
def theirs() -> StyleGAN2:
    return StyleGAN2(32, (12, 10, 8, 6)).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def network(theirs: StyleGAN2, tmp_path_factory: pytest.TempPathFactory) -> StyleGAN2Generator:
    file = tmp_path_factory.mktemp("steering") / "550000.pt"
    torch.save(theirs.state_dict(), file)
    network = load(file)
    assert isinstance(network, StyleGAN2Generator)
    return network


def levels(drawn: Tensor) -> np.ndarray:
    return np.asarray(((drawn + 1) * 127.5).clamp(0, 255).permute(0, 2, 3, 1))


def truncated(theirs: StyleGAN2, network: StyleGAN2Generator, latents: np.ndarray, share: float) -> Tensor:
    return network.mean + share * (theirs.styles(torch.from_numpy(latents)) - network.mean)


@pytest.mark.parametrize("crossover", [1, 4, 7])
def test_styles_are_mixed_as_their_authors_do(theirs: StyleGAN2, network: StyleGAN2Generator, crossover: int) -> None:
    assert style_layers(network) == 7
    w = truncated(theirs, network, LATENTS, 0.8)
    fine = truncated(theirs, network, draw_latents(16, seed=9, count=1), 0.8).expand(3, -1)
    mixed = draw_steered(network, LATENTS, Steering(fine_seed=9, crossover=crossover), truncation=0.8)
    assert abs(mixed - levels(theirs(w, fine, crossover))).max() < 0.6
    assert abs(mixed - levels(theirs(w))).max() > 5
    assert np.array_equal(
        draw_steered(network, LATENTS, Steering(), truncation=0.8), draw(network, LATENTS, truncation=0.8)
    )


def test_directions_are_those_that_all_styles_amplify(theirs: StyleGAN2, network: StyleGAN2Generator) -> None:
    convolutions = [theirs.conv1, *theirs.convs]
    weights = np.concatenate([styled.conv.modulation.weight.numpy() for styled in convolutions])
    expected = np.linalg.svd(weights)[2][:3]
    found = directions_of(network, 3).numpy()
    assert abs(abs((found * expected).sum(1)) - 1).max() < 1e-5
    w = theirs.styles(torch.from_numpy(LATENTS))
    wide = theirs.styles(torch.randn(50_000, 16, generator=torch.Generator().manual_seed(1)))
    deviation = (wide @ torch.from_numpy(found[1])).std()
    moved = levels(theirs(w - 0.5 * REACH * deviation * torch.from_numpy(found[1])))
    steered = draw_steered(network, LATENTS, Steering(moves=(0, -0.5)))
    assert abs(steered - moved).mean() < 0.15 * abs(steered - levels(theirs(w))).mean()  # the deviation is an estimate


def test_the_first_layer_of_a_dcgan_is_factorised_with_its_norm() -> None:
    network = tiny_generator(resolution=16, latent_size=8)
    first, norm = network.layers[0], network.layers[1]
    assert isinstance(first, nn.ConvTranspose2d) and isinstance(norm, nn.BatchNorm2d)
    latents = draw_latents(8, seed=1, count=2)
    found = directions_of(network, 8).numpy()
    with torch.no_grad():
        answers = [float((norm(first(torch.from_numpy(4 * one)[None, :, None, None])) - norm(
            first(torch.zeros(1, 8, 1, 1)))).norm()) for one in found]  # fmt: skip
    assert answers == sorted(answers, reverse=True)  # strongest first
    assert np.allclose(found @ found.T, np.eye(8), atol=1e-5)
    moved = draw_steered(network, latents, Steering(moves=(0.25, 0, 1)))
    assert np.array_equal(moved, draw(network, latents + REACH * (0.25 * found[0] + found[2])))


def test_what_a_network_has_not_is_said() -> None:
    plain, mixture = tiny_generator(latent_size=16), tiny_mixture()
    assert (style_layers(plain), has_directions(plain), has_directions(mixture)) == (0, True, False)
    with pytest.raises(InvalidInput, match="no styles that could be mixed"):
        draw_steered(plain, LATENTS, Steering(fine_seed=1))
    with pytest.raises(InvalidInput, match="no layer whose directions"):
        draw_steered(mixture, draw_latents(mixture.config.latent_size, seed=1, count=1), Steering(moves=(1,)))
    for wrong, said in (
        ({"fine_seed": -1}, "seed of the fine styles is -1"),
        ({"crossover": 18}, "first layer with fine styles is 18"),
        ({"moves": (2,)}, "position along a direction is 2"),
        ({"moves": (0,) * 9}, "There are 9 directions"),
    ):
        with pytest.raises(InvalidInput, match=said):
            Steering(**wrong)


def test_a_layer_that_is_not_there(network: StyleGAN2Generator) -> None:
    with pytest.raises(InvalidInput, match="fine styles is 8; it has to be from 1 to 7"):
        draw_steered(network, LATENTS, Steering(fine_seed=1, crossover=8))
