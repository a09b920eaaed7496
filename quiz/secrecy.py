"""Ten simple statistics of the pixels that a player could learn, two of colour, and how well each tells the last level
apart.

`python -m quiz.secrecy portraits-colour` prints the table for a deck: the area under the ROC curve of each statistic as
a judge of shown pictures, 0.5 where it says nothing. It exits with 1 if one lies outside 0.40 to 0.60.
"""

import argparse
import functools
import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.stats import rankdata

from models.errors import LatentLabError
from models.pixels import Pictures
from quiz.decks import DECKS, Deck, open_deck
from quiz.view import SHOWN, draw_oval, draw_variation, luminance, show

ALLOWED = (0.40, 0.60)
SHOWINGS = 2  # variations of each picture
BLOCK = 16  # px of a shown picture, blocks in which flat parts are looked for; also that of JPEG, enlarged
FLAT = 0.25  # share of the blocks that count as flat
RIM = 12.0  # px, about the width of the rim of what is shown

Light = NDArray[np.float32]  # luminance of a shown picture, (256, 256), grey levels
Seen = NDArray[np.bool_]  # what of it shows the face
Statistic = Callable[[Light, Seen], float]


def mean(light: Light, seen: Seen) -> float:
    """Grey levels."""
    return float(light[seen].mean())


def contrast(light: Light, seen: Seen) -> float:
    """Standard deviation, grey levels."""
    return float(light[seen].std())


def sharpness(finer: float, coarser: float) -> Statistic:
    """The standard deviation of what lies between two Gaussian blurs (standard deviations, px), grey levels."""

    def measure(light: Light, seen: Seen) -> float:
        return float((blur(light, finer) - blur(light, coarser))[seen].std())

    return measure


def blur(light: Light, sigma: float) -> Light:
    """A Gaussian blur, px; 0 leaves the picture as it is."""
    return blurred(light.tobytes(), light.shape, sigma) if sigma else light


@functools.lru_cache(maxsize=8)  # several statistics ask for the same blur of a picture, all for that of the oval
def blurred(content: bytes, shape: tuple[int, ...], sigma: float) -> Light:
    """The blur of float32 numbers. Shared."""
    found: Light = gaussian_filter(np.frombuffer(content, np.float32).reshape(shape), sigma)
    found.flags.writeable = False
    return found


def noise(light: Light, seen: Seen) -> float:
    """The mean deviation of the finest detail in the flattest quarter of the blocks, grey levels."""
    whole = blocks(seen).all(axis=1)  # (N,)
    rough = blocks(blur(light, 2.0))[whole].std(axis=1)
    fine = blocks(light - blur(light, 1.0))[whole].std(axis=1)
    return float(fine[np.argsort(rough)[: max(1, int(FLAT * len(rough)))]].mean())


def blocks(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """(H, W) as (number of blocks, BLOCK²)."""
    rows, columns = values.shape[0] // BLOCK, values.shape[1] // BLOCK
    cut = values[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    return cut.transpose(0, 2, 1, 3).reshape(rows * columns, -1)


def edge(light: Light, seen: Seen) -> float:
    """How much brighter the rim of what is shown is than what lies next to it, grey levels."""
    inwards = blur(seen.astype(np.float32), RIM)  # 0.5 on the edge, 1 well within
    rim, inside = seen & (inwards < 0.8), seen & (inwards >= 0.8) & (inwards < 0.97)
    return float(light[rim].mean() - light[inside].mean())


def symmetry(light: Light, seen: Seen) -> float:
    """The correlation of the picture and its mirror image, -1 to 1."""
    both = seen & seen[:, ::-1]
    return float(np.corrcoef(light[both], light[:, ::-1][both])[0, 1])


def blockiness(light: Light, seen: Seen) -> float:
    """JPEG traces: how much more often than on average a step from pixel to pixel is larger than the two beside it, at
    the place in a block where it is so most often. Counted, not summed, so that a strong edge of the face says little.
    """
    found = []
    for values, shown in ((light, seen), (light.T, seen.T)):
        steps, counted = np.abs(np.diff(values, axis=1)), shown[:, 2:-1]
        larger = (steps[:, 1:-1] > np.maximum(steps[:, :-2], steps[:, 2:]))[counted]
        places = np.broadcast_to(np.arange(steps.shape[1] - 2) % BLOCK, counted.shape)[counted]
        by_place = np.bincount(places, larger, BLOCK) / np.bincount(places, minlength=BLOCK)
        found.append(float(by_place.max() - larger.mean()))
    return max(found)


def gaps(light: Light, seen: Seen) -> float:
    """Gaps of the histogram: how much each count differs from the mean of its neighbours, as a part of all pixels."""
    counts = np.histogram(np.rint(light[seen]), bins=256, range=(-0.5, 255.5))[0] / seen.sum()
    return float(np.abs(counts[1:-1] - (counts[:-2] + counts[2:]) / 2).sum())


STATISTICS: dict[str, Statistic] = {
    "mean": mean,
    "contrast": contrast,
    "sharpness, fine": sharpness(0.0, 2.0),
    "sharpness, middle": sharpness(2.0, 4.0),
    "sharpness, coarse": sharpness(4.0, 8.0),
    "noise in flat parts": noise,
    "edge of the crop": edge,
    "symmetry": symmetry,
    "JPEG traces": blockiness,
    "histogram gaps": gaps,
}


COLOURS = ("warmth", "tint")  # beyond the ten: means of red less blue, and of green less the mean of both


def measure_colours(pictures: Pictures, seen: Seen) -> NDArray[np.float64]:
    """The statistics of COLOURS, grey levels: uint8 (N, 256, 256, 3) to (N, 2)."""
    means = np.array([picture[seen].mean(axis=0) for picture in pictures])  # (N, 3)
    red, green, blue = means.T
    return np.stack([red - blue, green - (red + blue) / 2], axis=1)


def measure_all(pictures: Pictures, seen: Seen) -> NDArray[np.float64]:
    """All statistics of shown pictures, uint8 (N, 256, 256, C). Returns (N, 10)."""
    lights = (luminance(picture) for picture in pictures)
    return np.array([[statistic(light, seen) for statistic in STATISTICS.values()] for light in lights])


def area(photographs: NDArray[np.float64], generated: NDArray[np.float64]) -> float:
    """The area under the ROC curve: how often a photograph's value is the larger one, ties counting half."""
    ranks = rankdata(np.concatenate([photographs, generated]))
    count = len(photographs)
    return float((ranks[:count].sum() - count * (count + 1) / 2) / (count * len(generated)))


def show_all(deck: Deck, pictures: Pictures, kind: str, showings: int) -> Pictures:
    """All pictures of one kind, each as some rounds would show it: uint8 (N · showings, 256, 256, C)."""
    shown = [
        show(picture, draw_variation(f"{kind}/{index}/{showing}", "left"), deck.view)
        for index, picture in enumerate(pictures)
        for showing in range(showings)
    ]
    return np.stack(shown)


def areas(deck: Deck, showings: int = SHOWINGS) -> dict[str, float]:
    """The area under the curve of each statistic, and of the colours of a deck in colour, last level against
    photographs. Raises NetworkUnavailable."""
    seen = draw_oval(SHOWN) > 0.99 if deck.view.bands else np.ones((SHOWN, SHOWN), bool)
    kinds = ("photograph", deck.reals.pictures), ("generated", deck.fakes(deck.levels).pictures)
    shown = [show_all(deck, pictures, kind, showings) for kind, pictures in kinds]
    one, other = (measure_all(pictures, seen) for pictures in shown)
    found = {name: area(one[:, at], other[:, at]) for at, name in enumerate(STATISTICS)}
    if shown[0].shape[3] == 3:
        one, other = (measure_colours(pictures, seen) for pictures in shown)
        found |= {name: area(one[:, at], other[:, at]) for at, name in enumerate(COLOURS)}
    return found


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns what it exits with."""
    parser = argparse.ArgumentParser(prog="python -m quiz.secrecy", description=__doc__, allow_abbrev=False)
    parser.add_argument("deck", choices=DECKS, help="which deck")
    chosen = parser.parse_args(arguments)
    try:
        found = areas(open_deck(chosen.deck))
    except LatentLabError as error:
        parser.error(str(error))
    print(f"{chosen.deck}: the area under the curve of each statistic, last level against photographs")
    for name, value in found.items():
        print(f"{name:22} {value:.2f}{'' if ALLOWED[0] <= value <= ALLOWED[1] else '  outside 0.40 to 0.60'}")
    return int(any(not ALLOWED[0] <= value <= ALLOWED[1] for value in found.values()))


if __name__ == "__main__":
    sys.exit(main())
