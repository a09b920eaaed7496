"""The renderer of scenes: known colours and places, the grid against the ray caster, the cache, wrong factors."""

from pathlib import Path

import numpy as np
import pytest

from data import scenes
from data.grids import GRIDS
from models.errors import InvalidInput

BALL = [0, 2, 6, 4, 2, 7]  # red floor, lime wall, azure ball, seen from the front


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, so that no test finds the table of another."""
    monkeypatch.setenv("LATENT_LAB_CACHE", str(tmp_path))
    scenes.table.cache_clear()
    return tmp_path


def test_the_grid_is_that_of_3d_shapes() -> None:
    assert scenes.SIZES == (10, 10, 10, 8, 4, 15)
    assert np.prod(scenes.SIZES) == 480_000
    assert scenes.values_of([[9, 0, 5, 7, 3, 14]]).tolist() == [[0.9, 0.0, 0.5, 1.25, 3, 30.0]]


@pytest.mark.parametrize(
    ("hue", "expected"),
    [(0, (1, 0, 0)), (1 / 3, (0, 1, 0)), (2 / 3, (0, 0, 1)), (0.1, (1, 0.6, 0)), (0.5, (0, 1, 1)), (1.5, (0, 1, 1))],
)
def test_hues_are_those_of_hsv(hue: float, expected: tuple[float, ...]) -> None:
    assert scenes.rgb(hue) == pytest.approx(expected)


def test_everything_is_where_it_belongs() -> None:
    (picture,) = scenes.render([BALL]).astype(int)
    assert picture.shape == (64, 64, 3)
    assert picture[2, 32].tolist() == [153, 226, 249]  # the sky
    red, green, blue = picture[20, 8]  # the wall, lime
    assert green > 150 > blue
    assert red == pytest.approx(0.8 * green, abs=3)
    assert picture[60, 8, 0] > 60
    assert picture[60, 8, 1:].tolist() == [0, 0]  # the floor, red
    red, green, blue = picture[34, 32]  # the ball, azure, lit from above
    assert blue > green > red


@pytest.mark.parametrize("shape", range(4))
def test_the_picture_is_its_own_mirror_image_but_for_the_light(shape: int) -> None:
    """From the front, what stands in the middle covers the same pixels left and right."""
    factors = [[0, 5, 3, 7, shape, 7]]
    other = [[0, 5, 8, 7, shape, 7]]
    covered = (scenes.render(factors) != scenes.render(other)).any(-1)[0]
    assert (covered == covered[:, ::-1]).mean() > 0.995
    assert 150 < covered.sum() < 1300


def test_a_larger_scale_covers_more_and_the_camera_walks() -> None:
    def covered(scale: int, orientation: int) -> np.ndarray:
        pair = [[0, 5, hue, scale, 0, orientation] for hue in (3, 8)]
        first, second = scenes.render(pair)
        return np.asarray((first != second).any(-1))

    areas = [covered(scale, 7).sum() for scale in range(8)]
    assert areas == sorted(areas)
    assert areas[-1] > 2 * areas[0]
    left, right = (scenes.render([[0, 5, 3, 3, 2, turn]])[0] for turn in (0, 14))
    assert np.abs(left.astype(int) - right).mean() > 3


def test_the_grid_equals_the_ray_caster() -> None:
    random = np.random.default_rng(0)
    factors = GRIDS["scenes"].random_factors(12, random)
    table, cast = scenes.render(factors).astype(int), scenes.cast(scenes.values_of(factors))
    assert np.abs(table - cast).max() <= 3  # layers are rounded before they are added
    assert np.abs(table - cast).mean() < 0.05
    assert np.array_equal(scenes.render(factors), scenes.render(factors))


def test_hue_is_a_circle_and_values_between_the_grid_are_between() -> None:
    base = scenes.values_of([BALL])[0]
    turned = base + np.array([1, -1, 2, 0, 0, 0])
    assert np.array_equal(*scenes.cast([base, turned]))
    sizes = [base + np.array([0, 0, 0, step, 0, 0]) for step in (0, 0.02, 0.04)]
    small, middle, large = scenes.cast(sizes).astype(float)
    assert 0 < np.abs(middle - small).sum() < np.abs(large - small).sum()


def test_the_table_is_made_once_and_a_broken_one_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def cast_layers(geometry: int) -> np.ndarray:
        made.append(geometry)
        return np.full((scenes.LAYERS, 64, 64), geometry % 251, np.uint8)

    monkeypatch.setattr(scenes, "cast_layers", cast_layers)
    first = scenes.table()
    assert len(made) == 480
    (file,) = cache.iterdir()
    scenes.table.cache_clear()
    assert np.array_equal(scenes.table(), first)
    assert len(made) == 480  # read
    file.write_bytes(file.read_bytes()[:1000])
    scenes.table.cache_clear()
    assert np.array_equal(scenes.table(), first)
    assert len(made) == 960  # made again
    assert [left.name for left in cache.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("factors", "sentence"),
    [
        ([[10, 0, 0, 0, 0, 0]], "The floor hue is 10; it has to be from 0 to 9."),
        ([[0, 0, 0, 0, 4, 0]], "The shape is 4; it has to be from 0 to 3."),
        ([[0, 0, 0, -1, 0, 0]], "The scale is -1; it has to be from 0 to 7."),
        ([[0.5, 0, 0, 0, 0, 0]], "whole numbers"),
        ([[0, 0, 0]], "in the order floor hue, wall hue"),
    ],
)
def test_wrong_factors_get_one_sentence(factors: list[list[float]], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        scenes.render(factors)


@pytest.mark.parametrize(
    ("change", "sentence"), [({3: 9.0}, "scale is 9"), ({4: 1.5}, "shape is 1.5"), ({5: 90}, "orientation is 90")]
)
def test_wrong_values_get_one_sentence(change: dict[int, float], sentence: str) -> None:
    values = scenes.values_of([BALL])
    for place, value in change.items():
        values[0, place] = value
    with pytest.raises(InvalidInput, match=sentence):
        scenes.cast(values)
    with pytest.raises(InvalidInput, match="finite"):
        scenes.cast([[np.nan] * 6])
