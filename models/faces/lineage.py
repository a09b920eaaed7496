"""Breeding: from a seed to a face, to one of its neighbours, to a neighbour of that one.

A lineage is a seed and a path of picks, numbered from 1 as on the page: seed 7, path (5, 3) is the third neighbour of
the fifth face of seed 7. It is enough to draw the same faces again, on every machine.
"""

from collections.abc import Sequence

import numpy as np

from models.errors import InvalidInput
from models.gan import LARGEST_COUNT, LARGEST_SEED, Latents, check_whole, draw_latents, neighbours

SPREAD = 0.5  # how far neighbours lie: 0 copies, 1 strangers; see models.gan.neighbours
LONGEST_PATH = 32  # picks


def check_path(path: Sequence[int]) -> None:
    """Raises InvalidInput unless every pick is a number of a face and there are at most 32."""
    if len(path) > LONGEST_PATH:
        raise InvalidInput(f"The path has {len(path)} picks; up to {LONGEST_PATH} are accepted.")
    for pick in path:
        check_whole(pick, "number of a picked face", 1, LARGEST_COUNT)


def child_seed(seed: int, path: Sequence[int]) -> int:
    """The seed of the noise that makes the neighbours at the end of a path; another one for every path."""
    return int(np.random.SeedSequence([seed, *path]).generate_state(1)[0]) & LARGEST_SEED


def ancestors(latent_size: int, *, seed: int, path: Sequence[int]) -> Latents:
    """The picked faces of a lineage, eldest first.

    Args:
        latent_size: numbers in one latent.
        seed: 0 to 2**31 - 1.
        path: picks, each 1 to 256; at most 32.

    Returns:
        float32 (len(path), latent_size).

    Raises:
        InvalidInput: a seed or a pick out of its range.
    """
    check_path(path)
    picked: list[Latents] = []
    for generation, pick in enumerate(path):
        siblings = children(latent_size, seed=seed, path=path[:generation], count=pick)  # (pick, latent_size)
        picked.append(siblings[pick - 1])
    return np.stack(picked) if picked else np.empty((0, latent_size), np.float32)


def children(latent_size: int, *, seed: int, path: Sequence[int] = (), count: int = 16) -> Latents:
    """The faces at the end of a lineage: those of the seed where the path is empty, else neighbours of the last pick.

    Returns:
        float32 (count, latent_size); the first k do not depend on `count`.

    Raises:
        InvalidInput: a seed, a pick or the count out of its range.
    """
    if not path:
        return draw_latents(latent_size, seed=seed, count=count)
    parent = ancestors(latent_size, seed=seed, path=path)[-1]  # (latent_size,)
    return neighbours(parent, seed=child_seed(seed, path), count=count, spread=SPREAD)
