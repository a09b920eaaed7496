"""Which faces the finished network shows in the game: those that resemble the photographs of a deck in light and kind.

A network draws whatever its training pictures had: side light, grey pictures, young people. The photographs of a deck
are of one studio. A player would soon learn the difference and look at no face. So of many latents as many are chosen
as there are photographs, each the nearest of its photograph in what is coarse (`describe`) and in attributes such as
age and smile, after those have been left out to which the network's own discriminator objects most.

`python -m quiz.matching portraits-colour` writes the seeds to `quiz/matched/NAME.txt`, with the digest of the weights
they belong to; with other weights, the game takes latents as they come.
"""

import argparse
import functools
import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy  # its parts are loaded when they are used
from numpy.typing import NDArray
from PIL import Image

from models.errors import LatentLabError
from models.faces.attributes import readings
from models.gan import LatentGenerator, draw, draw_latents
from models.loading import load, read
from models.pixels import Pictures
from quiz.view import View, draw_oval, draw_variation, frame, luminance, show

HOME = Path(__file__).resolve().parent / "matched"
FIRST = 30_000  # the first seed that is tried
CANDIDATES = 3000
KEPT = 0.5  # share of the candidates that stay, those the discriminator holds more real
CELLS = 12  # of the grid on which faces are compared, a side
BATCH = 50  # candidates at a time
COMPONENTS = 24  # principal ones of these cells
WEIGHT = 8.0  # deviation of a number of `summarise` in a distance; that of a component is 1
READER = "faces-attributes-128"
LEAST_DEVIATION = 0.05  # of an attribute that hardly varies among the photographs
SIDE = 128  # px, of a portrait


@functools.lru_cache(maxsize=8)
def chosen_seeds(deck: str, weights: str) -> tuple[int, ...]:
    """The seeds chosen for a deck; none where they belong to other weights than those with this SHA-256."""
    try:
        first, *rest = (HOME / f"{deck}.txt").read_text(encoding="ascii").splitlines()
        return tuple(int(line) for line in rest) if first == weights else ()
    except (OSError, ValueError):
        return ()


@dataclass(frozen=True, eq=False)
class Described:
    """What is known of some faces."""

    cells: NDArray[np.float64]  # (N, 144 · C), see `describe`
    attributes: NDArray[np.float64]  # (N, 12), see models.faces.attributes.readings


def describe(pictures: Pictures) -> NDArray[np.float64]:
    """What is coarse in framed portraits: uint8 (N, 128, 128, C) to (N, 144 · C), grey levels.

    Luminance and, of colour, twice the difference of red and blue and of green and their mean, in the cells of a grid,
    each weighted by how much of it the oval shows.
    """
    oval = reduced(draw_oval(SIDE))
    rows = []
    for picture in pictures:
        planes = [luminance(picture)]
        if picture.shape[2] == 3:
            red, green, blue = np.moveaxis(picture.astype(np.float32), -1, 0)
            planes += [2 * (red - blue), 2 * (green - (red + blue) / 2)]
        rows.append(np.concatenate([(reduced(plane) * oval).ravel() for plane in planes]))
    return np.asarray(rows, dtype=np.float64)


def reduced(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """The means of the cells of a plane: (H, H) to (12, 12)."""
    return np.asarray(Image.fromarray(plane).resize((CELLS, CELLS), Image.Resampling.BOX))


def summarise(described: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a player would see first in each described portrait: how alike its halves are (-1 to 1), how much brighter
    its rim is than its middle, and of colour two means (grey levels): (N, 2) or (N, 4)."""
    cells = CELLS * CELLS
    oval = reduced(draw_oval(SIDE))
    inside, rim = oval > 0.5, (oval > 0.2) & (oval < 0.98)
    levels = described[:, :cells].reshape(-1, CELLS, CELLS) / np.maximum(oval, 0.2)  # what `describe` weighted
    mirrored = inside & inside[:, ::-1]
    halves = [np.corrcoef(face[mirrored], face[:, ::-1][mirrored])[0, 1] for face in levels]
    rims = levels[:, rim].mean(1) - levels[:, oval >= 0.98].mean(1)
    colours = described[:, cells:].reshape(len(described), -1, cells).mean(2)  # (N, 0) or (N, 2)
    return np.concatenate([np.stack([halves, rims], axis=1), colours], axis=1)


def compared(photographs: Described, generated: Described) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both as what their distance is measured in: (N, K) and (M, K).

    These are the principal components of the photographs' cells and the attributes, each with deviation 1 among the
    photographs, and the numbers of `summarise` with deviation `WEIGHT`.
    """
    centre = photographs.cells.mean(0)
    _, scale, axes = np.linalg.svd(photographs.cells - centre, full_matrices=False)
    count = min(COMPONENTS, len(scale))
    turn = axes[:count].T / (scale[:count] / np.sqrt(len(photographs.cells)) + 1e-9)
    weight = WEIGHT / summarise(photographs.cells).std(0)
    unit = 1 / np.maximum(photographs.attributes.std(0), LEAST_DEVIATION)
    one, other = (
        np.concatenate([(kind.cells - centre) @ turn, summarise(kind.cells) * weight, kind.attributes * unit], axis=1)
        for kind in (photographs, generated)
    )
    return one, other


def match(photographs: NDArray[np.float64], generated: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each photograph (N, K) one of the generated (M, K), M at least N, none twice; the sum of squared distances is
    the smallest possible. Returns (N,) indices."""
    squares = (photographs**2).sum(1)[:, None] + (generated**2).sum(1) - 2 * photographs @ generated.T
    return np.asarray(scipy.optimize.linear_sum_assignment(squares)[1], dtype=np.int64)


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns what it exits with."""
    from quiz.decks import open_deck  # which reads what this command writes

    parser = argparse.ArgumentParser(
        prog="python -m quiz.matching",
        description="Chooses the seeds of the faces that the finished network shows in a deck of portraits.",
        allow_abbrev=False,
    )
    parser.add_argument("deck", choices=("portraits-colour", "portraits"))
    parser.add_argument("--candidates", type=int, default=CANDIDATES, help="seeds that are tried (%(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        deck = open_deck(chosen.deck)
        network, (side, judge) = read(deck.folder), deck.opponent()
        reader = load(READER)
    except LatentLabError as error:
        parser.error(str(error))
    if chosen.candidates * KEPT < deck.reals.count:
        parser.error(f"{chosen.candidates} candidates are too few; give at least {int(deck.reals.count / KEPT)}.")
    seeds = np.arange(FIRST, FIRST + chosen.candidates)
    cells, attributes, logits = [], [], []
    for part in np.array_split(seeds, -(-len(seeds) // BATCH)):
        drawn = draw_seeds(network, part)
        framed = [frame(picture, deck.view) for picture in drawn]
        seen = [seen_by_rival(picture, seed, side, deck.view) for picture, seed in zip(framed, part, strict=True)]
        cells.append(describe(np.stack(framed)))
        attributes.append(readings(reader, drawn))
        logits.append(judge(np.stack(seen)))
        print(f"\r{part[-1] - FIRST + 1} of {len(seeds)}", end="", flush=True)
    opinions = np.concatenate(logits)
    kept = np.flatnonzero(opinions >= np.quantile(opinions, 1 - KEPT))
    originals = np.stack([deck.reals.source(index) for index in range(deck.reals.count)])
    photographs = Described(describe(deck.reals.pictures), readings(reader, originals).astype(np.float64))
    generated = Described(np.concatenate(cells)[kept], np.concatenate(attributes)[kept].astype(np.float64))
    found = seeds[kept[match(*compared(photographs, generated))]]
    digest = hashlib.sha256((deck.folder / "model.safetensors").read_bytes()).hexdigest()
    HOME.mkdir(exist_ok=True)
    file = HOME / f"{deck.name}.txt"
    file.write_text("\n".join([digest, *map(str, found)]) + "\n", encoding="ascii")
    print(f"\r{len(found)} of {len(seeds)} seeds in {file}")
    return 0


def draw_seeds(network: LatentGenerator, seeds: Iterable[int]) -> Pictures:
    """The first picture of each seed: uint8 (N, H, H, C)."""
    size = network.config.latent_size
    return draw(network, np.concatenate([draw_latents(size, seed=int(seed), count=1) for seed in seeds]))


def seen_by_rival(framed: Pictures, seed: int, side: int, view: View) -> Pictures:
    """A framed picture as the discriminator would see it in some round: uint8 (side, side, C)."""
    return show(framed, draw_variation(str(seed), "left"), view, side)


if __name__ == "__main__":
    sys.exit(main())
