"""Training of the factor regressor: `python -m trainer factors --world scenes --out weights/scenes-factors-64`."""

import math
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
from trainer.cards import FILES, MACHINE
from trainer.export import facts, files_table, folder_beside, size
from trainer.losses import label_cross_entropy
from trainer.processes import WHOLE, Part, accelerator_of, part_of, share_layers
from trainer.rates import set_rate
from trainer.runs import describe_environment, randomness_at, write_text
from trainer.settings import REQUIRED, setting

EVALUATION = 20_000  # rendered pictures on which it is measured
NOISE = 0.1  # standard deviation of the noise on a training picture, at most, in [-1, 1]
LOG_EVERY = 50  # steps
CARD = (
    """\
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
"""
    + MACHINE
    + """\

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

"""
    + FILES
)


@dataclass(frozen=True)
class FactorsTraining:
    """Settings of one training of a factor regressor."""

    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    world: Literal["scenes", "sprites"] = setting("scenes", "what is rendered")
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(400_000, "training length, in pictures", least=1)
    batch: int = setting(64, "pictures per step, over all processes", least=2)
    width: int = setting(24, "feature maps at 32 px", least=1)
    learning_rate: float = setting(2e-3, "of AdamW at its highest; falls to 0", least=0)


def disturbed(x: Tensor, randomness: torch.Generator, part: Part = WHOLE) -> Tensor:
    """Half of the batches a little blurred, half of the batches a little noisy: one part of a batch (N, C, 64, 64)."""
    blurred, noisy, strength = torch.rand(3, generator=randomness).tolist()
    if blurred < 0.25:
        x = interpolate(avg_pool2d(x, 2), scale_factor=2, mode="bilinear")
    if noisy < 0.25:
        batch = len(x) * part.processes
        x = x + NOISE * strength * torch.randn(batch, *x.shape[1:], generator=randomness)[part.of(batch)]
    return x


def accuracy(network: FactorNetwork, grid: Grid, *, count: int, seed: int) -> list[float]:
    """Share of right answers for each factor, on random points of the grid."""
    factors = grid.random_factors(count, np.random.default_rng(seed))
    right = [classify(network, grid.render(part)) == part for part in np.array_split(factors, -(-count // 2000))]
    return [float(share) for share in np.concatenate(right).mean(0)]


def train(settings: FactorsTraining) -> Path:
    """Trains a factor regressor and writes its weights folder.

    Returns:
        the weights folder.

    Raises:
        InvalidInput: the batch cannot be shared by the processes.
    """
    accelerator = accelerator_of()
    device = accelerator.device
    part = part_of(accelerator, settings.batch, least=2)
    mine = part.of(settings.batch)
    grid = GRIDS[settings.world]
    bfloat16 = supports_bfloat16(device)
    names = tuple(factor.name for factor in grid.factors)
    torch.manual_seed(settings.seed)
    config = FactorsConfig(
        world=settings.world, channels=grid.channels, names=names, sizes=grid.sizes, width=settings.width
    )
    network = FactorNetwork(config).to(device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=1e-4, fused=True)
    if part.processes > 1:
        share_layers(network)
    shared = accelerator.prepare(network)  # the same object, wrapped so that several processes average their gradients
    steps = -(-settings.images // settings.batch)
    started = time.monotonic()
    progress = tqdm(range(steps), unit=" steps", disable=not accelerator.is_main_process, dynamic_ncols=True)
    for step in progress:
        rate = settings.learning_rate * min(1, (step + 1) / 200) * (1 + math.cos(math.pi * step / steps)) / 2
        set_rate(optimiser, rate)
        # factors and disturbance are drawn for the whole batch, alike in every process
        factors = grid.random_factors(settings.batch, np.random.default_rng([settings.seed, step]))[mine]
        x = disturbed(to_network(grid.render(factors)), randomness_at(settings.seed, step), part)
        x = x.contiguous(memory_format=torch.channels_last).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            logits = shared(x).float()
        loss = label_cross_entropy(grid.sizes, logits, torch.from_numpy(factors).to(device))
        optimiser.zero_grad()
        accelerator.backward(loss)
        optimiser.step()
        if step % LOG_EVERY == 0:
            progress.set_postfix(loss=f"{float(loss.detach()):.4f}")
    seconds = time.monotonic() - started
    if not accelerator.is_main_process:
        return settings.out
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
    images = steps * settings.batch
    known = facts(settings, "factors", environment, training=images, summary="Reads the factors of rendered pictures")
    with folder_beside(settings, network) as folder:
        text = CARD.format(
            **known,
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
            files=files_table(folder),
        )
        write_text(folder / "README.md", text)
