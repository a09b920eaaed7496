"""InfoGAN's generator and encoder, the sliders over them, and the leak meter."""

import functools
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from models import load
from models.errors import InvalidInput
from models.factors import FactorNetwork, FactorsConfig, classify, probabilities
from models.infogan.network import (
    InfoGAN,
    InfoGANConfig,
    code_values,
    encode,
    generate,
    judge,
    traverse,
)
from models.infogan.palette import QUICK, SOFTNESS, PaletteGenerator, Shares
from models.infogan.spatial_transformer import TRAVEL, TransformedGenerator, find_moves
from models.pixels import Pictures
from models.sliders import Effect, along, between, describe, effects, movement, paint, random_codes, types_of
from tests.networks import tiny_generator, tiny_infogan
from trainer.export import save_network
from trainer.families.infogan_export import seams

CODES = ("circular", "categorical-3", "uniform", "uniform")
tiny_network = functools.partial(tiny_infogan, codes=CODES)


def test_the_same_codes_and_seed_draw_the_same_picture() -> None:
    network = tiny_network()
    codes = [[0.2, 1, -0.5, 0.9], [-0.7, 2, 0, 0]]
    pictures = generate(network, codes, seed=4)
    assert pictures.shape == (2, 64, 64, 3)
    assert np.array_equal(pictures, generate(network, codes, seed=4))
    assert np.abs(pictures[:1].astype(int) - generate(network, codes[0], seed=4)).max() <= 1
    for changed in ([0.3, 1, -0.5, 0.9], [0.2, 2, -0.5, 0.9], [0.2, 1, -0.6, 0.9]):
        assert (generate(network, changed, seed=4) != pictures[0]).any()
    assert (generate(network, codes, seed=5) != pictures).any()


def test_a_circular_code_closes_its_circle_and_its_seam_can_be_moved() -> None:
    network = tiny_network()
    ends = generate(network, [[-1, 0, 0, 0], [1, 0, 0, 0]])
    assert np.abs(ends[0].astype(int) - ends[1]).max() <= 1
    before, codes = generate(network, [0.1, 0, 0, 0]), encode(network, ends)
    network.turns[0] = 0.25
    assert np.abs(before.astype(int) - generate(network, [0.35, 0, 0, 0])).max() <= 1
    turned = encode(network, ends)
    assert (turned[:, 0] - codes[:, 0]) % 2 == pytest.approx(0.25, abs=1e-5)
    assert np.array_equal(turned[:, 1:], codes[:, 1:])


def test_the_seam_goes_where_no_picture_is() -> None:
    angles = np.array([-0.9, -0.6, 0.95, 0.9, 0.8], np.float32)  # the widest gap is from -0.6 to 0.8
    codes = np.stack([angles, np.zeros(5, np.float32)], axis=1)
    turns = seams(("circular", "uniform"), codes)
    turned = (angles + turns[0] + 1) % 2 - 1
    assert turns[1] == 0
    assert np.sort(turned).tolist() == pytest.approx([-0.3, -0.2, -0.15, 0.0, 0.3], abs=1e-5)


def test_an_encoder_reads_codes_in_their_ranges() -> None:
    network = tiny_network()
    pictures = np.random.default_rng(0).integers(0, 256, (70, 64, 64, 3), dtype=np.uint8)
    codes = encode(network, pictures)
    assert codes.shape == (70, 4)
    assert np.abs(codes[:, [0, 2, 3]]).max() <= 1
    assert set(codes[:, 1]) <= {0, 1, 2}
    assert np.allclose(codes[:5], encode(network, pictures[:5]), atol=1e-4)
    assert judge(network, pictures).shape == (70,)


def test_a_paint_moves_its_colour_only_and_other_codes_never_see_it() -> None:
    network = tiny_network(paints=True, noise_size=0)
    painter = network.generator
    assert isinstance(painter, PaletteGenerator)
    seen: list[torch.Tensor] = []
    painter.decoder.start.register_forward_pre_hook(lambda _, styles: seen.append(styles[0]))
    first, second = generate(network, [[0.1, 1, 0, 0], [0.9, 1, 0, 0]]).astype(int)
    (styles,) = seen
    assert torch.equal(styles[0], styles[1])
    assert (first != second).any()
    # whatever the paint, its opposite point on the circle has the opposite colour: no paint is one colour only
    logits = painter.colour_logits([torch.tensor([[0.6, 0.8], [-0.6, -0.8]])])
    assert torch.allclose(logits[0], -logits[1], atol=1e-6)
    assert logits.abs().max() > 0


MOVING = ("categorical-3", "uniform", "circular", "uniform", "uniform")  # shape, across, turn, down, size


@pytest.fixture(scope="module")
def mover() -> InfoGAN:
    """A network that draws one of three off-centre blobs, white on black, and moves it."""
    network = tiny_network(codes=MOVING, moves=True, noise_size=0, channels=1)
    assert isinstance(network.generator, TransformedGenerator)
    y, x = torch.meshgrid(torch.linspace(-1, 1, 64), torch.linspace(-1, 1, 64), indexing="ij")
    blobs = torch.stack([6 - 20 * ((x - 0.4) ** 2 * k + (y - 0.1) ** 2) for k in (1.0, 2.0, 4.0)])[:, None]
    network.generator.decoder.draw = lambda numbers: torch.einsum("nk,kchw->nchw", numbers, blobs)  # type: ignore
    return network


def centre(picture: Pictures) -> NDArray[np.float64]:
    """Where the light of a picture is, px from its middle: to the right, down."""
    light = picture[..., 0].astype(float)
    axis = np.arange(64) - 31.5
    found: NDArray[np.float64] = np.array([light.sum(0) @ axis, light.sum(1) @ axis]) / light.sum()
    return found


def test_moves_shift_turn_and_size_what_is_drawn(mover: InfoGAN) -> None:
    codes = [[0, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0.5, 0], [0, 0, 0.5, 0, 0], [0, 0, 0, 0, 1.0]]
    still, right, down, turned, large = generate(mover, np.array(codes))
    middle = centre(still)
    assert centre(right) - middle == pytest.approx([32 * TRAVEL, 0], abs=0.1)
    assert centre(down) - middle == pytest.approx([0, 16 * TRAVEL], abs=0.1)
    assert np.abs(turned.astype(int) - np.rot90(still, -1)).max() <= 2  # a quarter turn, clockwise
    assert centre(large) == pytest.approx(math.sqrt(2) * middle, abs=0.1)
    assert large.astype(float).sum() == pytest.approx(2 * still.astype(float).sum(), rel=0.05)  # twice the area
    other = generate(mover, [2, 0, 0, 0, 0])[0]
    assert centre(other) == pytest.approx(middle, abs=0.2)
    assert other.astype(float).sum() < 0.7 * still.astype(float).sum()


def test_outside_its_frame_a_moving_picture_is_background(mover: InfoGAN) -> None:
    corner = generate(mover, [0, -1, 0, -1, -1])[0]
    assert corner[32:].max() == 0
    assert corner[:, 32:].max() == 0


def test_moves_need_their_codes() -> None:
    assert find_moves(MOVING) == [1, 3, 4, 2]
    assert find_moves(("uniform", "uniform", "circular")) is None
    for codes, noise in ((("uniform",) * 4, 2), (("uniform",) * 3 + ("circular",), 0)):
        with pytest.raises(InvalidInput, match="With moves"):
            InfoGANConfig(codes=codes, moves=True, noise_size=noise)


def test_a_picture_is_a_mixture_of_paints_and_fixed_colours() -> None:
    painter = PaletteGenerator((2, 1), (True, False), channels=3, width=4).eval()
    with torch.no_grad():
        painter.decoder.finish.weight.zero_()
        painter.decoder.finish.bias.zero_()  # type: ignore[union-attr]
        painter.canvas.zero_()
        painter.canvas[0, 0, :, :4] = 9  # the left half is the paint, the right half the first fixed colour
        painter.canvas[0, 1, :, 4:] = 9
        painter.canvas[0, -1] = 0.5 / QUICK  # half as bright as can be
        picture = painter(torch.tensor([[0.6, 0.8, 0.3]]))[0]
    paint = painter.colour_logits([torch.tensor([[0.6, 0.8]])])[0, :, 0].sigmoid()
    assert torch.allclose(picture[:, 30, 5], 2 * 0.5 * paint - 1, atol=1e-3)
    assert torch.allclose(picture[:, 30, 60], 2 * (QUICK * painter.fixed[:, 0]).sigmoid() - 1, atol=1e-3)


def test_shares_have_the_gradient_of_softer_ones() -> None:
    torch.manual_seed(0)
    maps = 4 * torch.randn(2, 5, 3, 3, dtype=torch.double)
    sharp, soft = maps.clone().requires_grad_(), maps.clone().requires_grad_()
    weights = torch.randn_like(maps)
    shares = Shares.apply(sharp)  # type: ignore[no-untyped-call]
    assert torch.equal(shares, maps.softmax(1))
    (shares * weights).sum().backward()
    ((soft / SOFTNESS).softmax(1) * weights).sum().backward()
    assert torch.allclose(sharp.grad, soft.grad, atol=1e-12)  # type: ignore[arg-type]


def test_an_unused_paint_competes_again_with_the_colours_of_the_strongest() -> None:
    torch.manual_seed(0)
    painter = PaletteGenerator((2, 2, 1), (True, True, False), channels=3, width=4).eval()
    angles = torch.linspace(-3, 3, 16)
    numbers = torch.stack([angles.cos(), angles.sin(), angles.sin(), angles.cos(), angles], dim=1)
    with torch.no_grad():
        painter.decoder.finish.weight.zero_()
        painter.decoder.finish.bias.zero_()  # type: ignore[union-attr]
        painter.canvas.zero_()
        painter.canvas[0, 0] = 9 / QUICK
        painter.canvas[0, -1] = 1 / QUICK
        painter.colours[0].get_submodule("2").weight.mul_(20)  # type: ignore[operator]
        painter.colours[0].get_submodule("2").bias.zero_()  # type: ignore[operator]
    assert painter.revive(numbers) == [1, 2]
    maps, _ = painter.maps(numbers[:, 4:])
    assert maps[0, :, 30, 30].tolist() == pytest.approx([9, 8, 8, 0], abs=1e-4)
    for mine, strongest in zip(painter.colours[1].parameters(), painter.colours[0].parameters(), strict=True):
        assert torch.equal(mine, strongest)
    assert painter.revive(numbers) == []


def test_a_folder_brings_the_same_network_back(tmp_path: Path) -> None:
    network = tiny_network()
    network.turns[0] = 0.5
    save_network(network, tmp_path / "tiny")
    again = load(tmp_path / "tiny")
    assert again.config == network.config
    difference = np.abs(generate(again, [0.1, 1, 0, 0]).astype(int) - generate(network, [0.1, 1, 0, 0]))
    assert difference.mean() < 1  # half floats


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ([0, 0, 0], "There are 3 codes; this network has 4."),
        ([1.5, 0, 0, 0], "Code 1 is 1.5; it has to be from -1 to 1."),
        ([0, 3, 0, 0], "Code 2 is 3; it has to be from 0 to 2."),
        ([0, 0.5, 0, 0], "Code 2 is not whole"),
        ([0, 0, float("nan"), 0], "Code 3 is nan"),
        (["a", 0, 0, 0], "not numbers"),
    ],
)
def test_wrong_codes_get_one_sentence(codes: list[float], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        generate(tiny_network(), codes)


def test_other_wrong_input_gets_one_sentence() -> None:
    network = tiny_network()
    with pytest.raises(InvalidInput, match="reads pictures of"):
        encode(network, np.zeros((1, 32, 32, 3), np.uint8))
    with pytest.raises(InvalidInput, match="seed"):
        generate(network, [0, 0, 0, 0], seed=-1)
    with pytest.raises(InvalidInput, match="code is 9"):
        traverse(network, [0, 0, 0, 0], 9)
    with pytest.raises(InvalidInput, match="2 channels"):
        InfoGANConfig(channels=2)
    with pytest.raises(InvalidInput, match="one code is circular"):
        InfoGANConfig(codes=("uniform", "uniform"), paints=True)
    with pytest.raises(InvalidInput, match="one code or noise is not"):
        InfoGANConfig(codes=("circular",), paints=True, noise_size=0)


def test_a_traversal_moves_one_code() -> None:
    network = tiny_network()
    strip = traverse(network, [0.1, 1, 0.3, 0], 2, seed=3, steps=5)
    expected = generate(network, [[0.1, 1, value, 0] for value in (-1, -0.5, 0, 0.5, 1)], seed=3)
    assert np.array_equal(strip, expected)
    assert len(traverse(network, [0.1, 1, 0.3, 0], 1)) == 3
    assert code_values("circular", 4).tolist() == [-1, -0.5, 0, 0.5]  # the end would be the start


def test_between_two_seeds_circles_go_the_short_way() -> None:
    network = tiny_network()
    path = between(network, np.array([0.9, 0, 0, -1], np.float32), np.array([-0.9, 2, 1, 1], np.float32), 5)
    assert path[:, 0].tolist() == pytest.approx([0.9, 0.95, -1, -0.95, -0.9], abs=1e-5)
    assert path[:, 1].tolist() == [0, 0, 2, 2, 2]
    assert path[:, 3].tolist() == pytest.approx([-1, -0.5, 0, 0.5, 1])


def test_sliders_of_a_plain_gan_are_its_first_latents() -> None:
    network = tiny_generator(resolution=64, channels=3)
    assert types_of(network) == ("uniform",) * 6
    start = random_codes(network, 3)
    assert start.shape == (6,)
    pictures = paint(network, along(network, start, 0, 4), seed=2)
    assert pictures.shape == (4, 64, 64, 3)
    assert (pictures[0] != pictures[-1]).any()


def test_movement_is_one_for_chance_and_zero_for_rest() -> None:
    random = np.random.default_rng(0)
    for name, size in (("floor hue", 10), ("shape", 4), ("scale", 8)):
        assert movement(np.full((8, 9), 3), size, name) == 0
        assert movement(random.integers(0, size, (400, 9)), size, name) == pytest.approx(1, abs=0.05)
    assert movement(np.array([[0, 9] * 4]), 10, "floor hue") < movement(np.array([[0, 5] * 4]), 10, "floor hue")


def test_names_of_codes_are_computed() -> None:
    names = ("wall hue", "scale", "shape")
    assert describe((0.01, 0.02, 0.0), names) == "moves next to nothing"
    assert describe((0.9, 0.1, 0.0), names) == "moves wall hue"
    assert describe((0.5, 0.1, 0.6), names) == "moves shape and wall hue"


def test_the_leak_meter_names_every_code() -> None:
    torch.manual_seed(0)
    reader = FactorNetwork(FactorsConfig(width=4)).eval()
    found = effects(tiny_network(), reader)
    assert len(found) == 4
    assert all(isinstance(effect, Effect) and len(effect.movements) == 6 for effect in found)
    assert all(0 <= value <= 1 for effect in found for value in effect.movements)


def test_the_reader_gives_probabilities() -> None:
    torch.manual_seed(0)
    reader = FactorNetwork(FactorsConfig(width=4)).eval()
    pictures = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
    told = probabilities(reader, pictures)
    assert [part.shape for part in told] == [(3, 10), (3, 10), (3, 10), (3, 8), (3, 4), (3, 15)]
    assert all(part.sum(1) == pytest.approx(np.ones(3), abs=1e-5) for part in told)
    assert classify(reader, pictures).shape == (3, 6)
    with pytest.raises(InvalidInput, match="reads pictures"):
        probabilities(reader, np.zeros((1, 64, 64, 1), np.uint8))
