"""How straight the edges of drawn pictures are: edges whose form is known."""

import numpy as np
import pytest

from data.grids import GRIDS
from data.scenes import SKY
from metrics.edges import skyline, wobble
from models.errors import InvalidInput
from models.pixels import Pictures

GROUND, WALL = np.array([153.0, 226.0, 249.0]), np.array([200.0, 30.0, 40.0])


def before_ground(heights: np.ndarray) -> Pictures:
    """A wall in front of the ground, whose upper edge lies `heights` (W,) px under the top; anti-aliased."""
    rows = np.arange(32)[:, None]
    share = np.clip(heights[None] - rows, 0, 1)[None, :, :, None]  # of ground, (1, H, W, 1)
    return np.asarray(np.rint(share * GROUND + (1 - share) * WALL), np.uint8)


@pytest.mark.parametrize("slope", [0.0, 0.25, -0.4])
def test_a_straight_edge_does_not_bend(slope: float) -> None:
    heights = 15.3 + slope * (np.arange(32) - 16)
    pictures = before_ground(heights)
    np.testing.assert_allclose(skyline(pictures, GROUND)[0], heights, atol=0.2)  # a share under STRANGE counts as none
    assert wobble(pictures, GROUND) < 0.2


def test_a_jagged_edge_bends_by_twice_its_steps() -> None:
    assert wobble(before_ground(10.0 + np.arange(32) % 2), GROUND) == pytest.approx(2, abs=0.05)


def test_one_corner_does_not_count() -> None:
    heights = np.concatenate([np.full(16, 12.0), 12.0 + np.arange(16)])
    assert wobble(before_ground(heights), GROUND) == 0


def test_columns_of_nothing_but_ground_have_its_full_height() -> None:
    pictures = np.broadcast_to(GROUND.astype(np.uint8), (2, 16, 8, 3))
    assert (skyline(pictures, GROUND) == 16).all()
    assert wobble(pictures, GROUND) == 0


def test_rendered_scenes_are_straight() -> None:
    grid = GRIDS["scenes"]
    assert wobble(grid.render(grid.random_factors(20, np.random.default_rng(0))), SKY) < 0.1


def test_pictures_that_are_too_small_get_one_sentence() -> None:
    with pytest.raises(InvalidInput, match="at least 2 px height"):
        skyline(np.zeros((1, 1, 8, 3), np.uint8), GROUND)
    with pytest.raises(InvalidInput, match="at least 3 px width"):
        wobble(np.zeros((1, 8, 2, 3), np.uint8), GROUND)
