"""Metrics of translations: known answers."""

import numpy as np
import pytest
from skimage.data import astronaut, chelsea

from metrics.translation import edge_agreement, edges, matched, psnr, similarity

PICTURE = np.ascontiguousarray(astronaut()[::4, ::4])  # (128, 128, 3)
OTHER = np.ascontiguousarray(chelsea()[:256:2, :256:2])


def test_edges_agree_with_themselves_at_any_brightness_and_not_with_others() -> None:
    assert edge_agreement(PICTURE, PICTURE) == pytest.approx(1)
    assert edge_agreement(PICTURE, PICTURE // 3) > 0.9
    assert edge_agreement(PICTURE, 255 - PICTURE) == pytest.approx(1, abs=0.01)
    assert abs(edge_agreement(PICTURE, OTHER)) < 0.3
    assert edges(PICTURE).min() == 0
    assert edges(PICTURE).max() == 1


def test_psnr_of_a_known_error() -> None:
    assert psnr(PICTURE, PICTURE) == float("inf")
    flat = np.full((8, 8, 3), 100, np.uint8)
    assert psnr(flat, flat + 10) == pytest.approx(10 * np.log10(255**2 / 100))


def test_similarity_is_one_for_the_same_picture_and_falls() -> None:
    noise = np.random.default_rng(0).integers(-40, 41, PICTURE.shape)
    assert similarity(PICTURE, PICTURE) == pytest.approx(1)
    noisy = (PICTURE + noise).clip(0, 255).astype(np.uint8)
    assert similarity(PICTURE, OTHER) < 0.3 < similarity(PICTURE, noisy) < 0.9


def test_matching_takes_over_the_levels_and_keeps_the_edges() -> None:
    result = matched(PICTURE, OTHER)
    for channel in range(3):
        ours, theirs = np.sort(result[..., channel].ravel()), np.sort(OTHER[..., channel].ravel())
        assert np.abs(ours.astype(int) - theirs).mean() < 5  # many pixels of the picture are black alike
    assert edge_agreement(PICTURE, result) > 0.9
