"""The renderer of sprites: known areas and places, symmetries, the table against the direct test, wrong factors."""

import functools
from pathlib import Path

import numpy as np
import pytest

from data import sprites
from data.grids import GRIDS
from models.errors import InvalidInput


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own: few pictures are then tested directly."""
    monkeypatch.setenv("LATENT_LAB_CACHE", str(tmp_path))
    sprites.table.cache_clear()


def test_the_grid_is_that_of_dsprites() -> None:
    assert sprites.SIZES == (3, 6, 40, 32, 32)
    assert np.prod(sprites.SIZES) == 737_280


@pytest.mark.parametrize(("shape", "area"), [(0, 370), (1, 290), (2, 225)])
def test_areas_at_full_scale(shape: int, area: int) -> None:
    pictures = sprites.render([[shape, 5, turn, 16, 16] for turn in range(40)])
    assert set(np.unique(pictures)) == {0, 255}
    assert (pictures > 0).sum((1, 2)).mean() == pytest.approx(area, rel=0.03)


def test_area_goes_with_the_square_of_the_scale() -> None:
    areas = [(sprites.cast([[1, scale, 0.3, 0.5, 0.5]], antialias=4) / 255).sum() for scale in (0.5, 1.0)]
    assert areas[1] / areas[0] == pytest.approx(4, rel=0.02)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (31, 0), (7, 20), (31, 31)])
def test_the_centre_is_where_the_position_says(x: int, y: int) -> None:
    (picture,) = sprites.render([[0, 3, 0, x, y]])
    rows, columns = np.nonzero(picture)
    assert columns.mean() + 0.5 == pytest.approx(16 + 32 * x / 31, abs=0.5)
    assert rows.mean() + 0.5 == pytest.approx(16 + 32 * y / 31, abs=0.5)


def test_turns_that_change_nothing() -> None:
    first, last = sprites.render([[2, 5, 0, 9, 9], [2, 5, 39, 9, 9]])
    assert (first != last).sum() <= 2  # the same angle, one turn later
    quarter = sprites.cast([[0, 1, angle, 0.5, 0.5] for angle in (0.2, 0.2 + np.pi / 2)], antialias=1)
    assert (quarter[0] != quarter[1]).sum() <= 2  # a square has four sides
    half = sprites.cast([[2, 1, angle, 0.5, 0.5] for angle in (0.2, 0.2 + np.pi)], antialias=1)
    assert (half[0] != half[1]).sum() > 50  # a heart has one


def test_the_table_equals_the_direct_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a smaller grid of shapes, since the whole table takes half a minute."""
    monkeypatch.setattr(sprites, "SIZES", (3, 2, 2, 32, 32))  # of which the table is made
    packed = np.stack(list(sprites.windows())).reshape(3, 2, 2, 31, 31, sprites.ROWS, -1)
    whole = np.zeros((3, 6, 40, *packed.shape[3:]), np.uint8)
    whole[:, :2, :2] = packed
    monkeypatch.undo()
    monkeypatch.setattr(sprites, "table", functools.cache(lambda: whole.reshape(720, *packed.shape[3:])))
    factors = GRIDS["sprites"].random_factors(400, np.random.default_rng(0))
    factors[:, 1:3] %= 2
    factors[:4, 3:] = [[31, 31], [0, 0], [31, 0], [0, 31]]
    assert np.array_equal(sprites.render(factors), sprites.cast(sprites.values_of(factors), antialias=1))


@pytest.mark.parametrize(
    ("factors", "sentence"),
    [
        ([[3, 0, 0, 0, 0]], "The shape is 3; it has to be from 0 to 2."),
        ([[0, 0, 0, 32, 0]], "The x is 32; it has to be from 0 to 31."),
        ([[0, 0]], "in the order shape, scale, orientation, x, y"),
    ],
)
def test_wrong_factors_get_one_sentence(factors: list[list[int]], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        sprites.render(factors)


def test_wrong_values_get_one_sentence() -> None:
    with pytest.raises(InvalidInput, match="scale is 3"):
        sprites.cast([[0, 3, 0, 0.5, 0.5]])
    with pytest.raises(InvalidInput, match=r"shape is 0\.5"):
        sprites.cast([[0.5, 1, 0, 0.5, 0.5]])
