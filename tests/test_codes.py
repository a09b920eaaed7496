"""Latent codes: their features and back, pairs that share one, wrong types."""

import math

import pytest
import torch

from models.errors import InvalidInput
from models.infogan.codes import (
    categories,
    draw_codes,
    draw_pairs,
    from_features,
    to_features,
    widths,
)
from trainer.losses import information

TYPES = ("circular", "categorical-4", "uniform")


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_codes_come_back_from_their_features() -> None:
    codes = draw_codes(TYPES, count=200, randomness=source())
    features = to_features(TYPES, codes)
    assert widths(TYPES) == [2, 4, 1]
    assert features.shape == (200, 7)
    assert torch.allclose(from_features(TYPES, 3 * features)[:, :2], codes[:, :2], atol=1e-5)  # length does not count
    assert torch.allclose(from_features(TYPES, features), codes, atol=1e-5)


def test_known_features() -> None:
    features = to_features(TYPES, torch.tensor([[0.5, 2, -0.25]]))
    assert torch.allclose(features, torch.tensor([[0, 1, 0, 0, 1, 0, -0.25]]), atol=1e-6)
    ends = to_features(("circular",), torch.tensor([[1.0], [-1.0]]))
    assert torch.allclose(ends[0], ends[1], atol=1e-6)
    assert from_features(("circular",), torch.tensor([[-1.0, 0.0]])).item() == -1  # never 1
    assert from_features(("uniform",), torch.tensor([[7.0]])).item() == 1


def test_the_prior_is_even() -> None:
    codes = draw_codes(TYPES, count=8000, randomness=source())
    for k in (0, 2):
        assert codes[:, k].mean().item() == pytest.approx(0, abs=0.02)
        assert codes[:, k].std().item() == pytest.approx(1 / math.sqrt(3), abs=0.02)
    assert torch.bincount(codes[:, 1].long()).tolist() == pytest.approx([2000] * 4, rel=0.1)


@pytest.mark.parametrize("gap", [0.0, 0.5, 1.5])
def test_pairs_share_one_code_and_keep_their_distance_in_the_others(gap: float) -> None:
    first, second, shared = draw_pairs(TYPES, count=4000, gap=gap, randomness=source())
    assert torch.bincount(shared).tolist() == pytest.approx([4000 / 3] * 3, rel=0.1)
    assert torch.equal(first.gather(1, shared[:, None]), second.gather(1, shared[:, None]))
    for k, kind in enumerate(TYPES):
        differing = shared != k
        apart = (first[differing, k] - second[differing, k]).abs()
        if kind == "circular":
            assert torch.minimum(apart, 2 - apart).min() >= gap / 2 - 1e-5
        elif kind == "uniform":
            assert apart.min() >= gap - 1e-5
            assert second[:, k].abs().max() <= 1
        elif gap:
            assert apart.min() >= 1
    if not gap:  # independent
        both = torch.stack([first[shared != 2, 2], second[shared != 2, 2]])
        assert torch.corrcoef(both)[0, 1].item() == pytest.approx(0, abs=0.05)


def test_information_is_zero_for_a_perfect_reader_and_known_for_a_mute_one() -> None:
    codes = draw_codes(TYPES, count=5000, randomness=source())
    features = to_features(TYPES, codes)
    sure = features.clone()
    sure[:, 2:6] = 60 * features[:, 2:6]  # logits
    assert information(TYPES, sure, codes).item() == pytest.approx(0, abs=1e-5)
    mute = information(TYPES, torch.zeros_like(features), codes).item()
    assert mute == pytest.approx(1 / 2 + math.log(4) + 1 / 6, abs=0.01)
    light = information(TYPES, torch.zeros_like(features), codes, others=0.1).item()
    assert light == pytest.approx(1 / 2 + 0.1 * (math.log(4) + 1 / 6), abs=0.01)


@pytest.mark.parametrize("kind", ["linear", "categorical-1", "categorical-x", "categorical-", ""])
def test_wrong_types_get_one_sentence(kind: str) -> None:
    with pytest.raises(InvalidInput, match="uniform, circular and categorical-N"):
        categories(kind)
