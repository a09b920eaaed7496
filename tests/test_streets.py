"""Our own street maps: only colours of the palette, everything a street needs, each different."""

import numpy as np
import pytest

from data.palettes import PALETTES
from data.streets import SIDE, TITLES, daylight, street_map

COLOURS = {line.rpartition(" ")[0]: tuple(bytes.fromhex(line[-6:])) for line in PALETTES["cityscapes"]}


@pytest.mark.parametrize("number", range(len(TITLES)))
def test_a_map_has_a_road_a_sky_and_cars_in_the_colours_of_the_palette(number: int) -> None:
    drawn = street_map(number, COLOURS)  # type: ignore[arg-type]
    assert drawn.shape == (SIDE, SIDE, 3)
    found = set(map(tuple, drawn.reshape(-1, 3).tolist()))
    assert found <= set(COLOURS.values())
    assert {COLOURS[name] for name in ("road", "sky", "car", "pole")} <= found
    assert (drawn[-1] == COLOURS["road"]).all()
    assert (drawn[2, SIDE // 2] == COLOURS["sky"]).all()


def test_a_dull_street_becomes_a_bright_one() -> None:
    dull = np.random.default_rng(0).integers(20, 90, (40, 60, 3), dtype=np.uint8)
    bright = daylight(dull)
    assert bright.shape == dull.shape
    assert abs(bright.mean() - 0.45 * 255) < 15
    assert daylight(np.zeros((9, 9, 3), np.uint8)).max() == 0  # nothing to brighten


def test_maps_differ_and_are_the_same_each_time() -> None:
    maps = [street_map(number, COLOURS) for number in range(len(TITLES))]  # type: ignore[arg-type]
    assert all((maps[0] != other).mean() > 0.05 for other in maps[1:])
    assert np.array_equal(maps[1], street_map(1, COLOURS))  # type: ignore[arg-type]
