"""The two worlds that we render ourselves, in one form for trainers, metrics and tabs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data import scenes, sprites
from data.scenes import Factor
from models.errors import InvalidInput
from models.pixels import Pictures

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """All pictures that a few discrete factors span."""

    factors: tuple[Factor, ...]
    channels: int  # 1 or 3
    draw: Callable[[Whole], Pictures]  # indices (N, K) -> uint8 (N, 64, 64) or (N, 64, 64, 3)
    likeness: str  # what a visitor reads: "a scene"

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many values each factor has."""
        return tuple(factor.size for factor in self.factors)

    def render(self, factors: Whole) -> Pictures:
        """Indices (N, K) as pictures, uint8 (N, 64, 64, channels)."""
        pictures = self.draw(factors)
        return pictures.reshape(len(pictures), 64, 64, self.channels)

    def random_factors(self, count: int, random: np.random.Generator) -> Whole:
        """Points of the grid (count, K), all equally likely."""
        return np.stack([random.integers(0, size, count) for size in self.sizes], axis=1)


GRIDS = {
    "scenes": Grid(scenes.FACTORS, 3, scenes.render, "a scene"),
    "sprites": Grid(sprites.FACTORS, 1, sprites.render, "a sprite"),
}


def grid_of(name: str) -> Grid:
    """The world of a name. Raises InvalidInput."""
    if name not in GRIDS:
        raise InvalidInput(f"There is no world {name!r}; {' and '.join(GRIDS)} are there.")
    return GRIDS[name]
