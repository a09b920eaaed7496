"""Training speed of InfoGAN: our loop against the reference architecture in plain float32, alternating in one run.

    python -m benchmarks.infogan [--threads 1] [--rounds 3]

The reference is the network of InfoGAN-CR's code (Lin et al. 2019) for 64 x 64 RGB pictures, without its contrastive
part: ReLU and leaky ReLU before batch normalisation in the generator, spectral norm in the critic, one step of each
per batch of 64 (theirs takes two of the generator), pictures rendered by us. Ours should be at least 2 times as fast on
a CPU that multiplies bfloat16.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus
from torch.nn.utils.parametrizations import spectral_norm

from data.grids import GRIDS
from models.pixels import to_network
from trainer.families.infogan import InfoGANTraining, train

BATCH, STEPS, WARM_UP = 64, 40, 8
CODES, NOISE = 6, 5


def reference_generator() -> nn.Sequential:
    """FC 128, FC 4 x 4 x 64, four transposed convolutions; activation, then batch normalisation."""
    layers: list[nn.Module] = [
        nn.Linear(CODES + NOISE, 128), nn.ReLU(), nn.BatchNorm1d(128),
        nn.Linear(128, 4 * 4 * 64), nn.ReLU(), nn.BatchNorm1d(4 * 4 * 64), nn.Unflatten(1, (64, 4, 4)),
    ]  # fmt: skip
    for before, after in ((64, 64), (64, 32), (32, 32)):
        layers += [nn.ConvTranspose2d(before, after, 4, 2, 1), nn.LeakyReLU(0.2), nn.BatchNorm2d(after)]
    return nn.Sequential(*layers, nn.ConvTranspose2d(32, 3, 4, 2, 1), nn.Sigmoid())


class ReferenceCritic(nn.Module):
    """D and Q with a shared body and spectral norm everywhere."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in ((3, 32), (32, 32), (32, 64), (64, 64)):
            layers += [spectral_norm(nn.Conv2d(before, after, 4, 2, 1)), nn.LeakyReLU(0.2)]
        self.trunk = nn.Sequential(*layers, nn.Flatten(), spectral_norm(nn.Linear(1024, 128)), nn.LeakyReLU(0.2))
        self.judge = spectral_norm(nn.Linear(128, 1))
        self.encoder = nn.Sequential(
            spectral_norm(nn.Linear(128, 128)), nn.LeakyReLU(0.2), spectral_norm(nn.Linear(128, CODES))
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (N, 3, 64, 64). Returns logits (N, 1) and codes (N, 6)."""
        features = self.trunk(x)
        return self.judge(features), self.encoder(features)


def plain_loop() -> float:
    """Images per second of the reference."""
    generator, critic, grid = reference_generator(), ReferenceCritic(), GRIDS["scenes"]
    optimisers = [torch.optim.Adam(part.parameters(), lr=1e-3, betas=(0.5, 0.999)) for part in (generator, critic)]
    random = np.random.default_rng(0)
    for step in range(WARM_UP + STEPS):
        if step == WARM_UP:
            started = time.perf_counter()
        x = to_network(grid.render(grid.random_factors(BATCH, random))) / 2 + 0.5
        codes = torch.rand(BATCH, CODES) * 2 - 1
        drawn = generator(torch.cat([codes, torch.rand(BATCH, NOISE) * 2 - 1], dim=1))
        real, (fake, read) = critic(x)[0], critic(drawn.detach())
        loss = softplus(-real).mean() + softplus(fake).mean() + 0.05 * (read - codes).square().sum(1).mean() / 2
        optimisers[1].zero_grad()
        loss.backward()
        optimisers[1].step()
        fake, read = critic(drawn)
        loss = softplus(-fake).mean() + 0.05 * (read - codes).square().sum(1).mean() / 2
        optimisers[0].zero_grad()
        loss.backward()
        optimisers[0].step()
    return STEPS * BATCH / (time.perf_counter() - started)


def our_loop() -> float:
    """Images per second of `python -m trainer infogan`, as it makes scenes-infogan-64, from its own log."""
    with tempfile.TemporaryDirectory() as place:
        settings = InfoGANTraining(
            out=Path(place) / "weights",
            run_folder=Path(place) / "run",
            images=(WARM_UP + STEPS) * BATCH,
            batch=BATCH,
            codes="circular*3,uniform*3",
            paints=True,
            noise=0,
            width=16,
            log_every=WARM_UP,
            save_every=10**9,
            frames=0,
        )
        train(settings)
        lines = [json.loads(line) for line in (Path(place) / "run" / "log.jsonl").read_text().splitlines()]
    seconds: dict[int, float] = {line["step"]: line["seconds"] for line in lines}
    last = WARM_UP * (STEPS // WARM_UP)
    return (last - WARM_UP) * BATCH / (seconds[last] - seconds[WARM_UP])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    GRIDS["scenes"].render(GRIDS["scenes"].random_factors(100, np.random.default_rng(0)))  # the table
    plain, ours = [], []
    for _ in range(options.rounds):
        plain.append(plain_loop())
        ours.append(our_loop())
    before, after = statistics.median(plain), statistics.median(ours)
    print(f"reference, float32: {before:.0f} images/s; ours: {after:.0f} images/s; {after / before:.2f} times")


if __name__ == "__main__":
    main()
