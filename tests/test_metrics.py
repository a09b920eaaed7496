"""Figures of fidelity and copying, on sets whose answer is known."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from metrics.fidelity import (
    Numbers,
    copying,
    density_coverage,
    frechet_distance,
    measure,
    nearest_distances,
    pixel_features,
    precision_recall,
    sharpness,
)
from metrics.two_sample import area_under_curve, chance_spread, two_sample_auc
from models.errors import InvalidInput
from models.pixels import Pictures


def normal(count: int, size: int = 8, seed: int = 0) -> Numbers:
    return np.random.default_rng(seed).standard_normal((count, size))


# --- Fréchet distance --------------------------------------------------------------------------------------------


def test_frechet_distance_of_a_set_to_itself_is_zero() -> None:
    assert frechet_distance(normal(300), normal(300)) == pytest.approx(0, abs=1e-9)


def test_frechet_distance_of_a_shifted_set_is_the_squared_shift() -> None:
    shift = np.array([3.0, 0, 0, 0, 4, 0, 0, 0])
    assert frechet_distance(normal(300), normal(300) + shift) == pytest.approx(25)


def test_frechet_distance_of_a_stretched_set() -> None:
    """Tr(C + s²C - 2sC) = (s - 1)² Tr C, about a common mean."""
    x = normal(300)
    x -= x.mean(0)
    assert frechet_distance(x, 3 * x) == pytest.approx(4 * np.trace(np.cov(x, rowvar=False)))


def test_frechet_distance_is_that_of_the_matrix_square_root() -> None:
    """The definition, with scipy's general root of the product that is not symmetric."""
    a = normal(200, seed=1) @ normal(8, seed=2)
    b = normal(150, seed=3) @ normal(8, seed=4) + 1
    c, d = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    expected = np.square(a.mean(0) - b.mean(0)).sum() + np.trace(c + d - 2 * sqrtm(c @ d).real)
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-6)
    assert frechet_distance(b, a) == pytest.approx(expected, rel=1e-6)


def test_frechet_distance_where_pictures_are_fewer_than_features() -> None:
    few = normal(5, size=40)
    assert frechet_distance(few, few) == pytest.approx(0, abs=1e-6)
    assert np.isfinite(frechet_distance(few, normal(5, size=40, seed=1)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31 - 1), st.integers(2, 40), st.integers(1, 6))
def test_frechet_distance_is_symmetric_and_not_negative(seed: int, count: int, size: int) -> None:
    a, b = normal(count, size, seed), 2 * normal(count, size, seed + 1)
    assert frechet_distance(a, b) >= 0
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-6, abs=1e-6)


# --- precision, recall, density, coverage ------------------------------------------------------------------------


def test_a_set_and_itself() -> None:
    assert precision_recall(normal(60), normal(60)) == (1, 1)
    density, coverage = density_coverage(normal(60), normal(60))
    assert density == pytest.approx(6 / 5)  # each ball also holds its centre
    assert coverage == 1


def test_the_same_distribution_has_density_near_one() -> None:
    density, coverage = density_coverage(normal(1000, 4, seed=0), normal(1000, 4, seed=1))
    assert density == pytest.approx(1, abs=0.1)
    assert coverage == pytest.approx(1 - 1 / 2**5, abs=0.03)  # Naeem et al. 2020, section 3.3: 1 - 2^-k for N = M


def test_disjoint_sets() -> None:
    assert precision_recall(normal(60), normal(60) + 100) == (0, 0)
    assert density_coverage(normal(60), normal(60) + 100) == (0, 0)


def test_one_mode_of_two_is_precise_but_not_complete() -> None:
    mode, other = normal(100), normal(100, seed=1) + 100
    precision, recall = precision_recall(np.concatenate([mode, other]), mode)
    assert (precision, recall) == (1, 0.5)
    precision, recall = precision_recall(mode, np.concatenate([mode, other]))
    assert (precision, recall) == (0.5, 1)
    assert density_coverage(np.concatenate([mode, other]), mode)[1] == 0.5


def test_precision_of_points_counted_by_hand() -> None:
    real = np.array([[0.0], [1.0], [3.0], [10.0]])  # with one neighbour, radii 1, 1, 2, 7
    generated = np.array([[-1.5], [2.0], [16.5], [18.0]])  # radii 3.5, 3.5, 1.5, 1.5
    assert precision_recall(real, generated, neighbours=1) == (0.5, 0.75)
    # balls around 2.0: those of 1 and 3 (density counts 2); around 16.5: that of 10
    assert density_coverage(real, generated, neighbours=1) == (0.75, 0.75)


def test_all_generated_pictures_alike_cover_next_to_nothing() -> None:
    figures = measure(normal(200), np.repeat(normal(1, seed=5), 200, axis=0))
    assert figures.recall == 0
    assert figures.coverage < 0.3


# --- copying -----------------------------------------------------------------------------------------------------


def test_nearest_distances_by_brute_force() -> None:
    a, b = normal(700, seed=1), normal(90, seed=2) + 50  # away from 0, where the quick formula loses digits
    a += 50
    expected = np.linalg.norm(a[:, None] - b[None], axis=2).min(1)
    assert nearest_distances(a, b) == pytest.approx(expected, rel=1e-6)


def test_copies_are_at_distance_zero() -> None:
    training, held_out = normal(400), normal(200, seed=1)
    copies = copying(nearest_distances(training[:100], training), nearest_distances(held_out, training))
    assert (copies.median, copies.unusually_near) == (0, 1)


def test_real_pictures_are_as_near_as_real_pictures() -> None:
    training = normal(2000)
    distances = [nearest_distances(normal(1000, seed=seed), training) for seed in (1, 2)]
    fresh = copying(*distances)
    assert fresh.median == pytest.approx(np.median(distances[1]), rel=0.05)
    assert fresh.unusually_near < 0.03


def test_pixel_distance_is_the_root_mean_square_in_grey_levels() -> None:
    black, grey = np.zeros((1, 64, 64, 3), np.uint8), np.full((1, 64, 64, 3), 30, np.uint8)
    assert nearest_distances(pixel_features(grey), pixel_features(black)) == pytest.approx([30])


# --- sharpness ---------------------------------------------------------------------------------------------------


def test_a_slope_is_not_sharp_and_a_checkerboard_is() -> None:
    slope = np.tile(np.arange(0, 160, 10, dtype=np.uint8)[None, :, None], (2, 16, 1, 3))
    assert sharpness(slope) == 0
    board = (255 * (np.indices((16, 16)).sum(0) % 2)).astype(np.uint8)[None, :, :, None]
    assert sharpness(board) == 4 * 255


def test_sharpness_of_noise_and_of_blur() -> None:
    """The Laplacian of independent noise of variance v has the variance (4² + 4) v; a mean of 2 x 2 px has less."""
    levels = np.random.default_rng(0).normal(128, 20, (40, 65, 65, 1)).round().clip(0, 255).astype(np.uint8)
    assert sharpness(levels) == pytest.approx(20 * 20**0.5, rel=0.01)
    x = levels.astype(float)
    blurred = ((x[:, 1:, 1:] + x[:, 1:, :-1] + x[:, :-1, 1:] + x[:, :-1, :-1]) / 4).round().astype(np.uint8)
    assert sharpness(blurred) < 0.6 * sharpness(levels)


# --- two-sample test ---------------------------------------------------------------------------------------------


def test_area_under_the_curve_by_hand() -> None:
    assert area_under_curve(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == 1
    assert area_under_curve(np.array([1.0]), np.array([2.0])) == 0
    assert area_under_curve(np.array([1.0, 1.0]), np.array([1.0])) == 0.5
    assert area_under_curve(np.array([1.0, 3.0]), np.array([2.0, 0.0])) == 0.75


def test_chance_spread_is_that_of_random_scores() -> None:
    randomness = np.random.default_rng(0)
    areas = [area_under_curve(randomness.random(30), randomness.random(20)) for _ in range(2000)]
    assert np.std(areas) == pytest.approx(chance_spread(30, 20), rel=0.1)


def noise(count: int, seed: int, brightest: int = 256) -> Pictures:
    return np.random.default_rng(seed).integers(0, brightest, (count, 16, 16, 1), dtype=np.uint8)


def test_the_same_distribution_cannot_be_told_apart() -> None:
    area = two_sample_auc(noise(160, 0), noise(160, 1), steps=10)
    assert area == pytest.approx(0.5, abs=4 * chance_spread(80, 80))


def test_different_distributions_are_told_apart() -> None:
    assert two_sample_auc(noise(80, 0), noise(80, 1, brightest=100), steps=10) == 1


def test_two_sample_test_repeats_itself_and_leaves_torch_alone() -> None:
    before = torch.get_rng_state()
    areas = {two_sample_auc(noise(40, 0), noise(40, 1), seed=3, steps=2) for _ in range(2)}
    assert len(areas) == 1
    assert torch.equal(before, torch.get_rng_state())


# --- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("real", "generated"),
    [
        (normal(50), normal(50, size=9)),
        (normal(50), normal(50)[:, :, None]),
        (normal(50), np.full((50, 8), np.nan)),
        (normal(5), normal(50)),
        (normal(50), normal(0)),
    ],
    ids=["other features", "three dimensions", "not a number", "too few", "none"],
)
def test_sets_that_cannot_be_compared(real: Numbers, generated: Numbers) -> None:
    with pytest.raises(InvalidInput, match=r"features|at least"):
        measure(real, generated)


def test_pictures_that_cannot_be_compared() -> None:
    with pytest.raises(InvalidInput, match="equal shape"):
        two_sample_auc(noise(40, 0), noise(30, 1))
    with pytest.raises(InvalidInput, match="at least 20"):
        two_sample_auc(noise(10, 0), noise(10, 1))
    with pytest.raises(InvalidInput, match="squares"):
        pixel_features(np.zeros((1, 40, 40, 1), np.uint8))
    with pytest.raises(InvalidInput, match="3 a side"):
        sharpness(noise(1, 0)[:, :2])
    with pytest.raises(InvalidInput, match="both kinds"):
        area_under_curve(np.array([]), np.array([1.0]))
