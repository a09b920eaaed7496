"""How fast and how small translating is: `python -m benchmarks.translation`.

The shipped day-to-night generator against the ResNet of 9 blocks of CycleGAN's authors, in the same run, at 512 x 288;
then pictures of up to 12 megapixels with the memory they take, each in a process of its own.
"""

import itertools
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import torch

from data.streets import street_map
from media.clips import Steady
from models import load
from models.pixels import to_network
from models.translation import Translation, TranslationConfig, translate

NETWORK, DIRECTION = "streets-day-night-256", "day-to-night"
HEIGHT, WIDTH = 288, 512
REPEATS = 5
PAINTER = "streets-labels-photo-256"
NOISE = 3.0  # grey levels, standard deviation


def seconds(work: Callable[[], object]) -> float:
    """Median time of a piece of work, after one that does not count."""
    work()
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def speed() -> None:
    """Prints times and ratios at 512 x 288."""
    ours: Translation = load(NETWORK)
    torch.manual_seed(0)
    config = TranslationConfig(
        architecture="resnet", width=64, blocks=9, keeps=False, both=False, critic_width=0, pixels=HEIGHT * WIDTH
    )
    reference = Translation(config).eval().requires_grad_(False)
    picture = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    x = to_network(picture[None])
    with torch.inference_mode():
        plain = seconds(lambda: reference.generators[0](x))
        same = seconds(lambda: ours.generators[0](x))
    whole_reference = seconds(lambda: translate(reference, picture, DIRECTION))
    whole = seconds(lambda: translate(ours, picture, DIRECTION))
    print(f"{WIDTH} x {HEIGHT}, {torch.get_num_threads()} thread(s), median of {REPEATS}")
    print(f"ResNet of 9 blocks, the network alone, float32     {1000 * plain:8.0f} ms")
    print(
        f"ours, the network alone, float32, all pixels       {1000 * same:8.0f} ms   {plain / same:5.1f} times as fast"
    )
    print(f"ResNet through translate(), as fast as we have it  {1000 * whole_reference:8.0f} ms")
    print(f"ours through translate()                           {1000 * whole:8.0f} ms   "
          f"{whole_reference / whole:5.1f} times as fast")  # fmt: skip


def flicker() -> None:
    """Prints how much a translated film of a place that stands still changes from frame to frame, with and without
    `media.clips.Steady`; the film is a drawn street with the noise of a camera."""
    network, painter = load(NETWORK), load(PAINTER)
    colours = {name: tuple(map(int, c)) for name, c in zip(painter.config.classes, painter.config.colours, strict=True)}
    street = translate(painter, street_map(0, colours), "labels-to-photos")[56:200]  # type: ignore[arg-type]
    random, steady = np.random.default_rng(0), Steady()
    noisy = [(street + random.normal(0, NOISE, street.shape)).clip(0, 255).astype(np.uint8) for _ in range(16)]
    drawn = [translate(network, frame, DIRECTION) for frame in noisy]
    held = [steady(x, y) for x, y in zip(noisy, drawn, strict=True)]
    for name, frames in (("original", noisy), ("frame by frame", drawn), ("held still", held)):
        change = np.mean([np.abs(a.astype(int) - b).mean() for a, b in itertools.pairwise(frames[4:])])
        print(f"still film with noise of {NOISE:g} levels, {name:<15} {change:6.2f} levels between two frames")


def large(megapixels: str) -> None:
    """Prints time and memory of one picture, in megapixels; for a process of its own."""
    network: Translation = load(NETWORK)
    height = round((float(megapixels) * 1e6 * 3 / 4) ** 0.5)
    picture = np.random.default_rng(0).integers(0, 256, (height, round(height * 4 / 3), 3), dtype=np.uint8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.perf_counter()
    translate(network, picture, DIRECTION)
    taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{float(megapixels):5.1f} megapixels: {taken:5.2f} s, at most {peak:,.0f} MB in all ({before:,.0f} before)")


def main() -> None:
    """Prints everything."""
    if len(sys.argv) > 1:
        large(sys.argv[1])
        return
    speed()
    flicker()
    for megapixels in ("0.5", "2", "12"):
        subprocess.run([sys.executable, "-m", "benchmarks.translation", megapixels], check=True, env=os.environ)


if __name__ == "__main__":
    main()
