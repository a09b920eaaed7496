"""Lineages: the same path gives the same face, whatever is asked beside it."""

import numpy as np
import pytest

from models.errors import InvalidInput
from models.faces.lineage import SPREAD, ancestors, child_seed, children
from models.gan import draw_latents


def test_an_empty_path_is_the_seed_itself() -> None:
    assert np.array_equal(children(100, seed=7, count=5), draw_latents(100, seed=7, count=5))
    assert ancestors(100, seed=7, path=()).shape == (0, 100)


def test_a_pick_is_the_face_that_was_shown() -> None:
    shown = children(100, seed=7, count=12)
    grandchildren = children(100, seed=7, path=(5,), count=12)
    line = ancestors(100, seed=7, path=(5, 3))
    assert np.array_equal(line[0], shown[4])
    assert np.array_equal(line[1], grandchildren[2])


def test_what_is_shown_does_not_depend_on_the_count() -> None:
    few, many = (children(100, seed=7, path=(5, 3), count=count) for count in (3, 64))
    assert np.array_equal(few, many[:3])


def test_children_resemble_their_parent_and_differ_from_each_other() -> None:
    parent = ancestors(1000, seed=7, path=(5,))[0]
    litter = children(1000, seed=7, path=(5,), count=8)
    likeness = [np.corrcoef(parent, child)[0, 1] for child in litter]
    assert np.allclose(likeness, np.sqrt(1 - SPREAD**2), atol=0.05)  # z' = √(1 - s²) z + s ε
    assert len({child.tobytes() for child in litter}) == 8
    assert np.allclose(litter.std(axis=1), 1, atol=0.1)  # still N(0, 1)


def test_seeds_of_children_differ_by_path_and_never_change() -> None:
    paths = [(), (1,), (2,), (1, 1), (1, 2), (2, 1), (11,)]
    seeds = [child_seed(7, path) for path in paths]
    assert len(set(seeds)) == len(paths)
    assert child_seed(7, (5, 3)) == 1558689951  # a permalink of today has to work next year


@pytest.mark.parametrize("path", [(0,), (257,), (1.5,), (1,) * 33])
def test_impossible_paths(path: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput):
        children(8, seed=1, path=path)
