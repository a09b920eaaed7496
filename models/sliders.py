"""One slider per code, whatever the network: InfoGAN's codes, what a latent transformer changes in a face, or the first
numbers of a plain GAN's latent.

And the leak meter: what else moves when one slider is moved.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from models import gan
from models.architectures.fastgan import FastGANGenerator
from models.faces.latent_transformer import LatentTransformer, moved
from models.factors import FactorNetwork, probabilities
from models.gan import Generator
from models.infogan import network as infogan
from models.infogan.codes import draw_codes
from models.infogan.network import InfoGAN, code_values
from models.parts import Spread, in_turn
from models.pixels import Pictures

PLAIN = 6  # sliders of a plain GAN
REACH = 2.5  # standard deviations of a latent's number at the end of its slider
BASES, STEPS = 8, 9  # pictures from which one code is moved, and places it is moved to, for the leak meter
CLEAR = 0.12  # movement under which a factor counts as still
LEAK = 0.5  # of the largest movement: from there on, another factor is named, too

Numbers = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class FaceSliders:
    """A generator of faces with what its sliders move; all of them at 0 is the face as it was."""

    generator: FastGANGenerator
    transformer: LatentTransformer


Network = InfoGAN | FaceSliders | Generator
Base = int | tuple[float, ...]  # what has no slider: a seed, or for faces the latent of one that was found
Position = tuple[Sequence[float], Base]  # codes (K,) and what they start from


def types_of(network: Network) -> tuple[str, ...]:
    """The types of a network's sliders, see models.infogan.codes."""
    if isinstance(network, FaceSliders):
        return ("uniform",) * len(network.transformer.config.names)
    return network.config.codes if isinstance(network, InfoGAN) else ("uniform",) * PLAIN


def paint(network: Network, codes: Numbers, *, seed: Base | list[Base], spread: Spread = in_turn) -> Pictures:
    """The pictures of slider positions.

    Args:
        network: an InfoGAN, a generator of faces with sliders, or a plain generator.
        codes: (N, K), in the ranges of models.infogan.codes.
        seed: of everything that has no slider; one for all rows, or a list with one for each. For faces, a tuple of
            numbers in place of a seed is the latent itself.
        spread: as of `models.gan.draw`.

    Returns:
        uint8 (N, H, W, C).
    """
    seeds: list[Base] = seed if isinstance(seed, list) else [seed]
    if isinstance(network, InfoGAN):
        return infogan.generate(network, codes, seeds if isinstance(seed, list) else seed)  # type: ignore[arg-type]
    plain = network.generator if isinstance(network, FaceSliders) else network
    size = plain.config.latent_size
    drawn = np.concatenate([latent_of(base, size) for base in seeds])  # (N or 1, latent_size)
    if isinstance(network, FaceSliders):
        start = np.broadcast_to(drawn, (len(codes), size))
        return gan.draw(plain, moved(network.transformer, start, codes), spread=spread)
    latents = np.broadcast_to(drawn, (len(codes), size)).copy()
    latents[:, :PLAIN] = REACH * codes
    return gan.draw(plain, latents, spread=spread)


def latent_of(base: Base, size: int) -> Numbers:
    """The latent (1, size) of a seed, or the one that was found."""
    if isinstance(base, tuple):
        return np.array([base], np.float32)
    return gan.draw_latents(size, seed=base, count=1)


@functools.cache
def openmp() -> ThreadpoolController:
    """What sets the number of threads that torch uses for work of the present one; found once."""
    return ThreadpoolController().select(user_api="openmp")


def paint_rows(network: Network, positions: Sequence[Position]) -> Pictures:
    """`paint` for codes (K,) and seed of each row. For an InfoGAN in one thread: a second one saves a twentieth of a
    millisecond on an idle machine, and on a busy one is waited for."""
    codes = np.array([row for row, _ in positions], np.float32)
    torch.get_num_threads()  # or the first work of a thread sets the number anew
    with openmp().limit(limits=1 if isinstance(network, InfoGAN) else None):
        return paint(network, codes, seed=[seed for _, seed in positions])


def random_codes(network: Network, seed: int) -> Numbers:
    """Slider positions of a seed, (K,); those of faces are at rest."""
    if isinstance(network, FaceSliders):
        return np.zeros(len(types_of(network)), np.float32)
    source = torch.Generator().manual_seed(seed)
    return np.asarray(draw_codes(types_of(network), count=1, randomness=source)[0].numpy())


def along(network: Network, codes: Numbers, code: int, steps: int) -> Numbers:
    """Positions (steps or categories, K) in which one slider runs over its range and the others stay."""
    values = code_values(types_of(network)[code], steps)
    rows = np.repeat(np.asarray(codes, np.float32)[None], len(values), axis=0)
    rows[:, code] = values
    return rows


def between(network: Network, start: Numbers, end: Numbers, steps: int) -> Numbers:
    """Positions (steps, K) from one to another: straight, for a circular code the shorter way round, for a categorical
    one with a jump in the middle."""
    share = np.linspace(0, 1, steps, dtype=np.float32)[:, None]  # (steps, 1)
    kinds = np.array(types_of(network))
    circular = kinds == "circular"
    way = np.where(circular, (end - start + 1) % 2 - 1, end - start)
    path = start + share * way
    path = np.where(circular, (path + 1) % 2 - 1, path)
    jumping = np.char.startswith(kinds, "categorical")
    return np.where(jumping, np.where(share < 0.5, start, end), path).astype(np.float32)


@dataclass(frozen=True)
class Effect:
    """What one slider moves."""

    name: str  # a few words, computed
    movements: tuple[float, ...]  # for each factor: 0 (still) to 1 (as if drawn anew)


@functools.lru_cache(maxsize=64)
def effects(network: InfoGAN, reader: FactorNetwork) -> tuple[Effect, ...]:
    """What each slider of a network moves, as the factor regressor reads it (K entries).

    Each code runs over its range from eight random positions; the movement of a factor is the mean distance between
    what is read at two places, over what it is between two random pictures: circular for hues, along the scale for
    ordered factors, same or not for shapes.
    """
    names = reader.config.names
    bases = draw_codes(types_of(network), count=BASES, randomness=torch.Generator().manual_seed(0)).numpy()
    found = []
    for code in range(len(types_of(network))):
        runs = [along(network, base, code, STEPS) for base in bases]
        pictures = paint(network, np.concatenate(runs), seed=0)
        told = probabilities(reader, pictures)
        movements = tuple(
            round(movement(values.argmax(1).reshape(BASES, -1), values.shape[1], name), 3)
            for values, name in zip(told, names, strict=True)
        )
        found.append(Effect(describe(movements, names), movements))
    return tuple(found)


def movement(read: NDArray[np.int64], size: int, name: str) -> float:
    """Mean distance of what is read at two places of a run (runs, places), over that of two random values."""
    values = np.arange(size)
    places = read.shape[1]
    observed = distances(read[:, :, None], read[:, None, :], size, name).sum() / (len(read) * places * (places - 1))
    expected = distances(values[:, None], values[None, :], size, name).mean()
    return float(min(1.0, observed / expected))


def distances(a: NDArray[np.int64], b: NDArray[np.int64], size: int, name: str) -> NDArray[np.float64]:
    """How far two values of a factor are apart."""
    if name == "shape":
        return np.asarray(a != b, dtype=np.float64)
    apart = np.abs(a - b)
    return np.asarray(np.minimum(apart, size - apart) if "hue" in name else apart, dtype=np.float64)


def describe(movements: tuple[float, ...], names: tuple[str, ...]) -> str:
    """What a code does, in words."""
    order = np.argsort(movements)[::-1]
    largest = movements[order[0]]
    if largest < CLEAR:
        return "moves next to nothing"
    moved = [names[k] for k in order if movements[k] >= max(CLEAR, LEAK * largest)]
    return "moves " + str(moved[0] if len(moved) == 1 else ", ".join(moved[:-1]) + " and " + moved[-1])
