"""Differentiable augmentation and the moving average."""

import pytest
import torch

from models.gan import draw_latents
from tests.networks import tiny_generator
from trainer.augmentation import augment, shift
from trainer.average import average_of, settle_statistics, update_average


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_probability_zero_changes_nothing() -> None:
    x = torch.rand(4, 3, 16, 16)
    assert torch.equal(augment(x, probability=0, low_resolution=0, randomness=source()), x)
    assert torch.equal(shift(x, 0.0, source()), x)


def test_shifts_move_whole_pixels_and_mirror_the_border() -> None:
    x = torch.arange(16.0).expand(64, 1, 16, 16)  # every row 0 … 15
    moved = shift(x, 1.0, source())
    rows = {tuple(row.tolist()) for row in moved[:, 0, 0]}
    ramp = list(range(16))
    assert rows == {tuple(float(v) for v in row) for row in ([1, *ramp[:15]], ramp, [*ramp[1:], 14])}


def test_the_gradient_reaches_the_picture() -> None:
    x = torch.rand(4, 3, 32, 32, requires_grad=True)
    augment(x, probability=1, low_resolution=1, randomness=source()).sum().backward()
    assert x.grad is not None
    assert (x.grad.abs().sum(dim=(1, 2, 3)) > 0).all()


def test_the_same_randomness_makes_the_same_changes() -> None:
    x = torch.rand(8, 3, 32, 32)
    first, second, third = (augment(x, probability=0.5, low_resolution=0.5, randomness=source(s)) for s in (1, 1, 2))
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_low_resolution_keeps_a_flat_picture_and_flattens_a_checkerboard() -> None:
    flat = torch.full((1, 1, 64, 64), 0.25)
    assert torch.allclose(augment(flat, probability=0, low_resolution=1, randomness=source()), flat, atol=1e-5)
    board = (torch.arange(64)[:, None] + torch.arange(64)) % 2 * 2.0 - 1
    seen = augment(board.expand(1, 1, 64, 64), probability=0, low_resolution=1, randomness=source())
    assert float(seen.abs().mean()) < 0.2


def test_the_average_closes_half_the_distance_in_a_half_life_and_copies_buffers() -> None:
    network = torch.nn.BatchNorm1d(3)
    average = average_of(network)
    torch.nn.init.constant_(network.weight, 2.0)  # the average still has 1
    network.running_mean.fill_(7.0)  # type: ignore[union-attr]
    for _ in range(10):
        update_average(average, network, batch=10, seen=100_000, half_life=100)
    assert average.weight.tolist() == pytest.approx([1.5] * 3)
    assert average.running_mean.tolist() == [7.0] * 3  # type: ignore[union-attr]


def test_settled_statistics_are_those_of_the_weights() -> None:
    generator = tiny_generator(latent_size=16)
    convolution, norm = generator.layers[0], generator.layers[1]
    assert isinstance(convolution, torch.nn.ConvTranspose2d) and isinstance(norm, torch.nn.BatchNorm2d)
    torch.nn.init.normal_(convolution.weight)  # now its statistics are wrong
    latents = [draw_latents(16, seed=number, count=64) for number in range(50)]
    settle_statistics(generator, lambda number: generator(torch.from_numpy(latents[number])))
    assert norm.running_mean is not None and norm.running_var is not None
    expected = convolution.weight.detach().square().sum(0).mean(dim=(1, 2))  # z has variance 1, whatever the place
    assert torch.allclose(norm.running_var, expected, rtol=0.1)
    assert float((norm.running_mean / expected.sqrt()).abs().max()) < 0.1
    assert not generator.training and norm.momentum == 0.1


def test_early_on_the_average_follows_quickly() -> None:
    network = torch.nn.Linear(1, 1)
    average = average_of(network)
    torch.nn.init.constant_(network.weight, 5.0)
    update_average(average, network, batch=32, seen=32, half_life=10_000)
    assert float(average.weight.detach()) == pytest.approx(5.0, abs=0.05)
