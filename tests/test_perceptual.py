"""The perceptual distance and the projected opponent: known distances, who learns, and what a checkpoint holds."""

import numpy as np
import pytest
import torch
from skimage import data

from models.pixels import to_network
from trainer.pretrained.opponent import Opponent, opponents
from trainer.pretrained.perceptual import Perceptual, at_random_offset, perceptual_loss
from trainer.pretrained.projected import ProjectedDiscriminator, ProjectedFeatures, seen_size
from trainer.processes import accelerator_of

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def perceptual() -> Perceptual:
    return Perceptual()


@pytest.fixture(scope="module")
def face() -> torch.Tensor:
    """A photograph, (1, 3, 96, 64)."""
    return to_network(np.ascontiguousarray(data.astronaut()[60:156, 190:254])[None])


def test_equal_pictures_are_at_no_distance_and_the_order_does_not_count(
    perceptual: Perceptual, face: torch.Tensor
) -> None:
    other = to_network(np.ascontiguousarray(data.coffee()[100:196, 200:264])[None])
    assert float(perceptual(face, face)) == 0
    assert float(perceptual(face, other)) == pytest.approx(float(perceptual(other, face)))
    assert 1 < float(perceptual(face, other)) < 4


def test_what_looks_alike_is_nearer_than_what_is_as_far_in_pixels(perceptual: Perceptual, face: torch.Tensor) -> None:
    """A blurred face is nearer in pixels than one in another light, and further from it by the look."""
    brighter = (face + 0.2).clamp(-1, 1)
    small = torch.nn.functional.interpolate(face, scale_factor=0.25, mode="area")
    blurred = torch.nn.functional.interpolate(small, size=face.shape[2:], mode="bilinear")
    assert float((blurred - face).abs().mean()) < float((brighter - face).abs().mean())
    assert float(perceptual(blurred, face)) > 2 * float(perceptual(brighter, face))


def test_the_gradient_reaches_the_first_picture_alone_and_no_feature(
    perceptual: Perceptual, face: torch.Tensor
) -> None:
    y, truth = face.roll(3, 3).requires_grad_(True), face.clone().requires_grad_(True)
    loss = perceptual(y, truth)
    loss.backward()
    assert y.grad is not None and float(y.grad.abs().sum()) > 0 and truth.grad is None
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in perceptual.parameters())
    nearer = y.detach() - 0.05 * y.grad / y.grad.abs().mean() * (y.detach() - face).abs().mean()
    assert float(perceptual(nearer, face)) < float(loss.detach())


def test_pictures_are_seen_at_an_offset_that_is_drawn_anew() -> None:
    x = torch.arange(20 * 16, dtype=torch.float32).view(1, 1, 20, 16)
    y = torch.cat([x, -x])
    corners = set()
    for step in range(60):
        one, other = at_random_offset(x, y, seed=3, step=step)
        assert one.shape == (1, 1, 13, 9) and other.shape == (2, 1, 13, 9)
        assert torch.equal(other[:1], one) and torch.equal(other[1:], -one)  # cut alike
        corners.add(divmod(int(one[0, 0, 0, 0]), 16))
    assert {top for top, _ in corners} == {left for _, left in corners} == set(range(8))
    assert torch.equal(at_random_offset(x, seed=3, step=5)[0], at_random_offset(x, seed=3, step=5)[0])


def test_grey_pictures_are_three_equal_channels(perceptual: Perceptual, face: torch.Tensor) -> None:
    grey = face[:, :1]
    assert float(perceptual(grey, grey.flip(3))) == pytest.approx(
        float(perceptual(grey.expand(-1, 3, -1, -1), grey.flip(3).expand(-1, 3, -1, -1)))
    )
    assert perceptual_loss(0.0, CPU) is None


@pytest.mark.parametrize(
    ("shape", "seen"),
    [
        ((128, 128), (192, 192)),
        ((256, 256), (256, 256)),
        ((144, 256), (160, 256)),
        ((192, 192), (192, 192)),
        ((32, 48), (160, 256)),
    ],
)
def test_pictures_are_seen_at_their_own_size_or_enlarged(shape: tuple[int, int], seen: tuple[int, int]) -> None:
    assert seen_size(*shape) == seen


def test_wide_pictures_are_judged_at_more_places_across() -> None:
    features, discriminator = ProjectedFeatures(size=(64, 160)), ProjectedDiscriminator((64, 160))
    with torch.no_grad():
        maps = features(torch.zeros(2, 3, 36, 80))
        assert [tuple(m.shape[2:]) for m in maps] == [(16, 40), (8, 20), (4, 10), (2, 5)]
        assert [logits.shape[1] for logits in discriminator(maps)] == [7, 7, 7, 4]


@pytest.fixture
def opponent() -> Opponent:
    torch.manual_seed(0)
    return Opponent(ProjectedFeatures(size=(64, 64)), learning_rate=1e-3, bfloat16=False)


def test_the_opponent_learns_to_tell_and_a_picture_learns_to_please_it(opponent: Opponent) -> None:
    accelerator = accelerator_of()
    real = torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    drawn = torch.zeros(4, 3, 32, 32, requires_grad=True)
    features = {name: tensor.clone() for name, tensor in opponent.features.state_dict().items()}
    losses = []
    for step in range(6):
        look = opponent.look(real, drawn, torch.Generator().manual_seed(step))
        generator_loss = opponent.generator_loss(look)
        generator_loss.backward()
        assert all(parameter.grad is None for parameter in opponent.heads.parameters()) or step
        losses.append(float(opponent.learn(look, accelerator, rate=1.0).detach()))
    assert losses[-1] < losses[0]
    assert drawn.grad is not None and float(drawn.grad.abs().sum()) > 0
    assert all(torch.equal(features[name], tensor) for name, tensor in opponent.features.state_dict().items())
    frozen = {id(parameter) for parameter in opponent.features.parameters()}
    assert not any(id(p) in frozen for group in opponent.optimiser.param_groups for p in group["params"])


def test_a_checkpoint_holds_the_heads_without_the_features(opponent: Opponent) -> None:
    state = opponent.state_dict()
    assert state["heads"].keys() == opponent.heads.state_dict().keys()
    assert not any("pretrained" in name or "across" in name for name in state["heads"])
    torch.manual_seed(5)
    again = Opponent(opponent.features, learning_rate=1e-3, bfloat16=False)
    again.load_state_dict(state)
    x = torch.rand(2, 3, 32, 32)
    looks = [one.look(x, x, torch.Generator().manual_seed(0)) for one in (opponent, again)]
    assert torch.equal(opponent.generator_loss(looks[0]), again.generator_loss(looks[1]))


def test_two_opponents_share_the_features() -> None:
    first, second = opponents(2, 32, 32, seed=0, learning_rate=1e-3, bfloat16=False, device=CPU)
    assert first.features is second.features and first.heads is not second.heads
    assert first.features.size == (192, 192)
