"""Training of the factor regressor: `python -m trainer factors --world scenes --out weights/scenes-factors-64`."""

import json
import math
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate
from tqdm import tqdm

from data.grids import GRIDS, Grid
from models.factors import FactorNetwork, FactorsConfig, classify
from models.pixels import to_network
from models.precision import supports_bfloat16
from trainer.export import describe, facts, files_table, put_in_place, save_network, size
from trainer.losses import label_cross_entropy
from trainer.runs import describe_environment, randomness_at, write_text
from trainer.settings import REQUIRED, setting

EVALUATION = 20_000  # rendered pictures on which it is measured
NOISE = 0.1  # standard deviation of the noise on a training picture, at most, in [-1, 1]
LOG_EVERY = 50  # steps
CARD = """\
---
library_name: latent-lab
license: mit
pipeline_tag: image-classification
tags: [disentanglement, metrics]
---
# {name}

{summary}. A convolutional network of {size:.2f} million parameters with one softmax per factor, trained on rendered
pictures only. Tensors are stored as 16-bit floats and computed with as 32-bit ones.

```python
from models import load
from models.factors import classify

indices = classify(load("{name}"), pictures)  # uint8 (N, 64, 64, {channels}) -> int64 (N, {factors})
```

## Data and terms
Trained on {data}. Terms: {terms}.

## Training
| | |
|---|---|
| command | `{command}` |
| seed | {seed} |
| length | {steps:,} steps, {images:,} pictures shown |
| time | {minutes:.1f} minutes, other work on the same machine included |
| hardware | {device}, {threads} thread(s), {precision} |
| software | Python {python}, {packages} |

All settings: `{settings}`. Half of the batches are blurred or noisy, so that small faults of a generator do not mislead
it.

## Figures
Right answers on {evaluation:,} pictures rendered from random factors (seed {evaluation_seed}). The training draws from
the same grid, so these are not unseen pictures; they show how far the answers can be trusted.

| factor | values | right |
|---|---|---|
{figures}

## Limits
- It always answers, also for pictures that are no rendered ones; then the answer means nothing.
- Neighbouring values of scale and orientation differ by less than a pixel.

## Files
| file | bytes | sha256 |
|---|---|---|
{files}
"""


@dataclass(frozen=True)
class FactorsTraining:
    """Settings of one training of a factor regressor."""

    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    world: Literal["scenes", "sprites"] = setting("scenes", "what is rendered")
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(400_000, "training length, in pictures", least=1)
    batch: int = setting(64, "pictures per step", least=2)
    width: int = setting(24, "feature maps at 32 px", least=1)
    learning_rate: float = setting(2e-3, "of AdamW at its highest; falls to 0", least=0)


def disturbed(x: Tensor, randomness: torch.Generator) -> Tensor:
    """Half of the batches a little blurred, half of the batches a little noisy: (N, C, 64, 64)."""
    blurred, noisy, strength = torch.rand(3, generator=randomness).tolist()
    if blurred < 0.25:
        x = interpolate(avg_pool2d(x, 2), scale_factor=2, mode="bilinear")
    if noisy < 0.25:
        x = x + NOISE * strength * torch.randn(x.shape, generator=randomness)
    return x


def accuracy(network: FactorNetwork, grid: Grid, *, count: int, seed: int) -> list[float]:
    """Share of right answers for each factor, on random points of the grid."""
    factors = grid.random_factors(count, np.random.default_rng(seed))
    right = [classify(network, grid.render(part)) == part for part in np.array_split(factors, -(-count // 2000))]
    return [float(share) for share in np.concatenate(right).mean(0)]


def train(settings: FactorsTraining) -> Path:
    """Trains a factor regressor and writes its weights folder, which is returned."""
    grid = GRIDS[settings.world]
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    bfloat16 = supports_bfloat16(device)
    names = tuple(factor.name for factor in grid.factors)
    torch.manual_seed(settings.seed)
    config = FactorsConfig(
        world=settings.world, channels=grid.channels, names=names, sizes=grid.sizes, width=settings.width
    )
    network = FactorNetwork(config).to(device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=1e-4, fused=True)
    steps = -(-settings.images // settings.batch)
    started = time.monotonic()
    progress = tqdm(range(steps), unit=" steps", dynamic_ncols=True)
    for step in progress:
        rate = settings.learning_rate * min(1, (step + 1) / 200) * (1 + math.cos(math.pi * step / steps)) / 2
        for group in optimiser.param_groups:
            group["lr"] = rate
        factors = grid.random_factors(settings.batch, np.random.default_rng([settings.seed, step]))
        x = disturbed(to_network(grid.render(factors)), randomness_at(settings.seed, step))
        x = x.contiguous(memory_format=torch.channels_last).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            logits = network(x).float()
        loss = label_cross_entropy(grid.sizes, logits, torch.from_numpy(factors).to(device))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % LOG_EVERY == 0:
            progress.set_postfix(loss=f"{float(loss.detach()):.4f}")
    seconds = time.monotonic() - started
    network = network.cpu().eval()
    seed = settings.seed + 1_000_000
    figures = dict(zip(names, accuracy(network, grid, count=EVALUATION, seed=seed), strict=True))
    environment = describe_environment("bf16" if bfloat16 else "fp32")
    export(network, settings, environment, seconds=seconds, steps=steps, figures=figures, evaluation_seed=seed)
    return settings.out


def export(
    network: FactorNetwork,
    settings: FactorsTraining,
    environment: dict[str, Any],
    *,
    seconds: float,
    steps: int,
    figures: dict[str, float],
    evaluation_seed: int,
) -> None:
    """Writes the weights folder with its card beside the place it is for, then moves it there."""
    beside = settings.out.with_name(settings.out.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    save_network(network, beside)
    write_text(beside / "training.json", json.dumps(describe(settings), indent=2) + "\n")
    images = steps * settings.batch
    text = CARD.format(
        **facts(settings, "factors", environment, training=images, summary="Reads the factors of rendered pictures"),
        size=size(network),
        channels=network.config.channels,
        factors=len(network.config.sizes),
        steps=steps,
        images=images,
        minutes=seconds / 60,
        evaluation=EVALUATION,
        evaluation_seed=evaluation_seed,
        figures="\n".join(
            f"| {name} | {count} | {100 * figures[name]:.2f} % |"
            for name, count in zip(network.config.names, network.config.sizes, strict=True)
        ),
        files=files_table(beside),
    )
    write_text(beside / "README.md", text)
    put_in_place(beside, settings.out)
