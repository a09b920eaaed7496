"""Figures with known answers, and degenerate scores."""

import math
import random

import pytest

from models.errors import InvalidInput
from quiz.statistics import (
    accuracy,
    brier,
    calibration,
    fooled_from,
    moving_accuracy,
    next_level,
    sensitivity,
    streaks,
)


def test_accuracy_has_wilsons_interval() -> None:
    share = accuracy(7, 10)
    assert share.value == 0.7
    assert share.low == pytest.approx(0.39677, abs=1e-4)  # statsmodels: proportion_confint(7, 10, method="wilson")
    assert share.high == pytest.approx(0.89220, abs=1e-4)


def test_accuracy_of_perfect_and_empty_scores() -> None:
    assert (accuracy(0, 5).low, accuracy(5, 5).high) == (0, 1)
    assert accuracy(5, 5).low == pytest.approx(5 / (5 + 1.959964**2))  # n / (n + z²)
    with pytest.raises(InvalidInput):
        accuracy(0, 0)
    with pytest.raises(InvalidInput):
        accuracy(6, 5)


def test_sensitivity_known_answers() -> None:
    assert sensitivity(50, 100).value == 0
    # 76.02 % correct is d′ = 1 between two alternatives
    assert sensitivity(76_025, 100_000).value == pytest.approx(1, abs=1e-3)
    perfect = sensitivity(20, 20)
    assert math.isfinite(perfect.value)
    assert perfect.low < perfect.value < perfect.high == math.inf
    assert sensitivity(0, 20).low == -math.inf


def test_streaks() -> None:
    assert streaks([]) == (0, 0)
    assert streaks([True, True, False, True]) == (1, 2)
    assert streaks([True, False]) == (0, 1)


def test_moving_accuracy() -> None:
    assert moving_accuracy([True, False, False, True], window=2) == [1, 0.5, 0, 0.5]
    assert moving_accuracy([]) == []


def test_calibration_and_brier_score() -> None:
    confidences = [100, 100, 50, 55, 70]
    correct = [True, True, False, True, True]
    bins = calibration(confidences, correct)
    assert [(b.low, b.high, b.rounds) for b in bins] == [(50, 60, 2), (70, 80, 1), (90, 100, 2)]
    assert bins[0].confidence == pytest.approx(0.525)
    assert bins[0].accuracy.value == 0.5
    assert brier([100, 100], [True, True]) == 0
    assert brier([50, 50], [True, False]) == 0.25
    assert brier([100], [False]) == 1
    for confidences, correct in (([], []), ([40], [True]), ([60], [])):
        with pytest.raises(InvalidInput):
            brier(confidences, correct)


def test_staircase_goes_up_after_three_and_down_after_one() -> None:
    assert next_level([], 8) == 7
    assert next_level([], 1) == 1
    assert next_level([(4, True)], 8) == 4
    assert next_level([(4, True)] * 3, 8) == 5
    assert next_level([(4, True)] * 2 + [(4, False)], 8) == 3
    assert next_level([(4, False)] + [(3, True)] * 2, 8) == 3
    assert next_level([(1, False)], 8) == 1
    assert next_level([(8, True)] * 3, 8) == 8
    assert next_level([(8, True)], 5) == 5  # a network with fewer levels took the place


def test_staircase_settles_where_79_percent_are_correct() -> None:
    """A visitor who is right with a probability that falls by level must hover around 0.79 (Levitt 1971)."""
    source = random.Random(3)
    chances = [0.99, 0.97, 0.94, 0.90, 0.85, 0.79, 0.65, 0.5]
    answers: list[tuple[int, bool]] = []
    for _ in range(4000):
        level = next_level(answers[-60:], 8)
        answers.append((level, source.random() < chances[level - 1]))
    assert sum(right for _, right in answers[100:]) / 3900 == pytest.approx(0.79, abs=0.04)


def test_fooled_from() -> None:
    expert = [(step, True) for step in (100, 200, 400) for _ in range(30)]
    assert fooled_from(expert) is None
    guessing = [(step, turn % 2 == 0) for step in (100, 200, 400) for turn in range(30)]
    assert fooled_from(guessing) == 100
    mixed = [(100, True)] * 30 + [(200, True)] * 30 + [(400, turn % 2 == 0) for turn in range(30)]
    assert fooled_from(mixed) == 400
    assert fooled_from(mixed[:-15]) is None  # 15 answers at step 400 are too few to say so
    assert fooled_from([]) is None
