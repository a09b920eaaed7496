"""The adversarial games: values at known points, and signs."""

import math

import pytest
import torch

from trainer.losses import GAMES, gradient_penalty

ZERO = torch.zeros(4)


def test_at_the_equilibrium_the_value_is_minus_log_four() -> None:
    for name in ("minimax", "non-saturating"):
        assert float(-GAMES[name].discriminator(ZERO, ZERO)) == pytest.approx(-math.log(4))
    assert float(GAMES["minimax"].generator(ZERO, ZERO)) == pytest.approx(-math.log(2))
    assert float(GAMES["non-saturating"].generator(ZERO, ZERO)) == pytest.approx(math.log(2))
    assert float(GAMES["relativistic"].discriminator(ZERO, ZERO)) == pytest.approx(math.log(2))


def test_losses_are_the_formulas() -> None:
    real, fake = torch.tensor([0.3, -1.2]), torch.tensor([0.8, -0.4])
    sigmoid = torch.sigmoid
    expected = -(sigmoid(real).log().mean() + (1 - sigmoid(fake)).log().mean())
    assert torch.allclose(GAMES["minimax"].discriminator(real, fake), expected)
    assert torch.allclose(GAMES["minimax"].generator(real, fake), (1 - sigmoid(fake)).log().mean())
    assert torch.allclose(GAMES["non-saturating"].generator(real, fake), -sigmoid(fake).log().mean())
    assert torch.allclose(GAMES["relativistic"].discriminator(real, fake), -sigmoid(real - fake).log().mean())
    assert torch.allclose(GAMES["relativistic"].generator(real, fake), -sigmoid(fake - real).log().mean())


@pytest.mark.parametrize("name", GAMES)
def test_larger_means_more_real_on_both_sides(name: str) -> None:
    real, fake = torch.full((4,), 0.75, requires_grad=True), torch.full((4,), 0.25, requires_grad=True)
    GAMES[name].discriminator(real, fake).backward()
    assert real.grad is not None and (real.grad < 0).all()  # lowering the loss raises the real logit …
    assert fake.grad is not None and (fake.grad > 0).all()  # … and lowers the generated one
    fake.grad = None
    GAMES[name].generator(real.detach(), fake).backward()
    assert fake.grad is not None and (fake.grad < 0).all()


def test_where_the_discriminator_is_sure_only_minimax_goes_silent() -> None:
    gradients = {}
    for name in GAMES:
        fake = torch.full((1,), -12.0, requires_grad=True)
        GAMES[name].generator(torch.zeros(1), fake).backward()
        assert fake.grad is not None
        gradients[name] = abs(float(fake.grad))
    assert gradients["minimax"] < 1e-4
    assert gradients["non-saturating"] > 0.99
    assert gradients["relativistic"] > 0.99


def test_gradient_penalty_of_a_linear_discriminator() -> None:
    weights = torch.tensor([3.0, 4.0]).reshape(1, 1, 1, 2)
    x = torch.randn(5, 1, 1, 2, requires_grad=True)
    assert float(gradient_penalty((x * weights).sum(dim=(1, 2, 3)), x)) == pytest.approx(25 / 2)
