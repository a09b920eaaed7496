"""A StyleGAN2 of 256 px with random weights, one picture at a time: `models.gan.draw` and the authors' formulas.

    python -m benchmarks.stylegan2 [--rounds 10]

The peer is the forward pass that the tests spell out from rosinality's code, with the same weights, in 32 bits.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from models import load
from models.gan import draw, draw_latents
from tests.stylegan2 import StyleGAN2

SIDE, STYLE, DEPTH = 256, 512, 8
WIDTHS = (512, 512, 512, 512, 512, 256, 128)  # of the published networks of this size: 25 million weights


def main() -> None:
    """Prints the medians, their ratio, and how far the pictures are apart."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10, help="pictures of each kind")
    options = parser.parse_args()
    torch.set_num_threads(2)  # as the page on two cores
    theirs = StyleGAN2(SIDE, WIDTHS, style=STYLE, depth=DEPTH).eval()
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "random.pt"
        torch.save({"g_ema": theirs.state_dict()}, file)
        ours = load(file)
    latents = draw_latents(STYLE, seed=1, count=1)
    w = theirs.styles(torch.from_numpy(latents))
    kinds: dict[str, Callable[[], object]] = {"ours": lambda: draw(ours, latents), "plain": lambda: theirs(w)}
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    with torch.inference_mode():
        apart = float((ours(torch.from_numpy(latents)) - theirs(w)).abs().max())
        for number in range(options.rounds + 1):
            for kind, action in kinds.items():
                started = time.perf_counter()
                action()
                if number:  # the first one warms up
                    times[kind].append(time.perf_counter() - started)
    ours_median, plain_median = (statistics.median(times[kind]) for kind in ("ours", "plain"))
    print(
        f"StyleGAN2, {SIDE} px: {ours_median:.2f} s a picture, {ours_median / plain_median:.2f} times the plain one"
        f" ({plain_median:.2f} s); at most {apart:.1e} apart in [-1, 1]"
    )


if __name__ == "__main__":
    main()
