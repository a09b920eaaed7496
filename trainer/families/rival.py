"""Trains the discriminator that plays against visitors, against a finished generator: `python -m trainer rival
weights/NAME --data …`.

A projected discriminator is needed in training alone: it is large, needs features of another network, and knows only
the last moments of its opponent. This one is DCGAN's, small, reads the picture itself, and has seen the generator at
its end, at every level of its ladder, and through the changes that a game makes to both kinds of picture.
"""

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from metrics.two_sample import area_under_curve
from models.architectures.fastgan import FastGANGenerator
from models.errors import InvalidInput
from models.gan import LARGEST_COUNT, Discriminator, DiscriminatorConfig, Generator, generate, judge
from models.ladder import ladder_steps, read_ladder
from models.loading import read
from models.pixels import Pictures, to_network
from models.precision import supports_bfloat16
from quiz.decks import PORTRAIT_VIEWS
from quiz.view import View, draw_variation, frame, show
from trainer.augmentation import augment
from trainer.cards import FILES, MACHINE
from trainer.export import command_of, describe, files_table, refresh_files, save_network, size
from trainer.losses import discriminator_cross_entropy
from trainer.rates import decayed, set_rate
from trainer.runs import Order, describe_environment, randomness_at, write_text
from trainer.settings import REQUIRED, setting
from trainer.splits import pictures_of

FIRST_SEED = 1_000  # of the generator's pictures
HELD_OUT_SEED = 900  # of those that measure
PART = "discriminator"
LARGEST_SHIFT, LARGEST_CHANGE = 0.5, 0.7  # probabilities of the light augmentation and of low resolution
CARD = (
    """\
---
library_name: latent-lab
license: other
license_name: see-data-and-terms
tags: [gan, discriminator]
---
# {name}: the discriminator that plays

DCGAN's discriminator with {size:.2f} million parameters, trained against the finished generator of this folder and the
pictures of its ladder. It plays "Which face is real?" against visitors and says where a generated face fails.

## Training
| | |
|---|---|
| command | `{command}` |
| seed | {seed} |
| length | {steps:,} steps, {images:,} pictures of each kind shown; {training:,} photographs, {drawn:,} generated |
| held out | {validation:,} photographs of each archive |
| time | {minutes:.0f} minutes, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`. Data and terms: those of the generator, see its card.

## Figures
On held-out photographs and {count:,} pictures of seeds that the training did not show: of pairs of one of each, it
names the photograph in {pairs:.1f} % (which is the area under the ROC curve).

## Limits
- It knows this generator's mistakes, not those of any other: it is no detector of generated pictures.

"""
    + FILES
)


@dataclass(frozen=True)
class RivalTraining:
    """Settings of one training of the discriminator that plays."""

    network: Path = setting(REQUIRED, "weights folder of the finished generator, weights/NAME", first=True)
    data: Path = setting(REQUIRED, "folder or zip archive of photographs")
    more_data: str = setting("", "further folders or archives, with commas between them")
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(60_000, "training length, in pictures of each kind", least=1)
    batch: int = setting(32, "pictures of each kind per step", least=2)
    drawn: int = setting(4_096, "generated pictures among which a step chooses", least=LARGEST_COUNT)
    ladder: float = setting(0.25, "share of a batch that shows earlier levels", least=0, most=1)
    width: int = setting(16, "feature maps at half resolution; doubled at every halving of the side", least=1)
    learning_rate: float = setting(4e-4, "of Adam at first; falls to 0 over the last half", least=0)
    storage: Literal["fp16", "int8"] = setting("fp16", "of the weights that are shipped: 16-bit floats, or 8 bits")
    skip_unreadable: bool = setting(False, "go on without pictures that cannot be read, and list them")
    validation: int = setting(1_000, "photographs held out of each archive", least=1)
    hold_out: Literal["last", "spread"] = setting("last", "spread: every so many pictures, if their order tells")


def train(settings: RivalTraining) -> Path:
    """Trains, and writes the part `discriminator` of the generator's folder with a card of its own.

    Returns:
        the folder of the discriminator.

    Raises:
        UnusableData, NetworkUnavailable.
        InvalidInput: the folder holds no generator.
    """
    generator = read(settings.network)
    if not isinstance(generator, (Generator, FastGANGenerator)):
        raise InvalidInput(
            f"{settings.network} holds a {generator.config.family}; give the folder of a GAN's generator."
        )
    config = generator.config
    training, held_out = pictures_of(settings, config, least=settings.batch)
    print(f"drawing {settings.drawn:,} pictures")
    drawn = draw_pool(generator, settings.drawn, FIRST_SEED)
    earlier = [read_ladder(settings.network, step) for step in ladder_steps(settings.network)]
    view = PORTRAIT_VIEWS.get(settings.network.name)  # of the deck that this network plays in
    if view:
        training, held_out, drawn = (framed(pictures, view) for pictures in (training, held_out, drawn))
        earlier = [framed(pictures, view) for pictures in earlier]
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    bfloat16 = supports_bfloat16(device)
    torch.manual_seed(settings.seed)  # initial weights
    discriminator = Discriminator(
        DiscriminatorConfig(resolution=config.resolution, channels=config.channels, width=settings.width)
    ).to(device)
    optimiser = torch.optim.Adam(discriminator.parameters(), lr=settings.learning_rate, betas=(0.5, 0.99))
    orders = Order(len(training), seed=settings.seed), Order(len(drawn), seed=settings.seed + 1)
    steps, started = -(-settings.images // settings.batch), time.monotonic()
    progress = tqdm(range(steps), unit=" steps", dynamic_ncols=True)
    for step in progress:
        set_rate(optimiser, settings.learning_rate * decayed(step / steps, 0.5))
        randomness = randomness_at(settings.seed, step)
        real, fake = (
            pool[order.batch(step * settings.batch, settings.batch)]
            for pool, order in zip((training, drawn), orders, strict=True)
        )
        if earlier:
            replace_some(fake, earlier, settings.ladder, step, settings.seed)
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            x = torch.cat([changed(pictures, randomness, view) for pictures in (real, fake)])
            logits = discriminator(x.to(device)).float()  # in one batch, else its statistics give the class away
        loss = discriminator_cross_entropy(*logits.chunk(2))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 20 == 0:
            progress.set_postfix(loss=f"{float(loss.detach()):.3f}")
    minutes = (time.monotonic() - started) / 60
    discriminator.cpu().eval()
    beside = settings.network / f"{PART}.new"
    shutil.rmtree(beside, ignore_errors=True)
    save_network(discriminator, beside, settings.storage)
    stored: Discriminator = read(beside)  # with what storing it changed
    fakes = draw_pool(generator, LARGEST_COUNT * 2, HELD_OUT_SEED)
    if view:
        randomness = torch.Generator().manual_seed(settings.seed)
        held_out, fakes = (seen(pictures, randomness, view) for pictures in (held_out, framed(fakes, view)))
    pairs = area_under_curve(judge(stored, held_out), judge(stored, fakes))
    print(f"names the photograph in {100 * pairs:.1f} % of pairs")

    environment = describe_environment("bf16" if bfloat16 else "fp32")
    text = CARD.format(
        name=settings.network.name,
        size=size(discriminator),
        command=command_of(settings, "rival"),
        seed=settings.seed,
        steps=steps,
        images=steps * settings.batch,
        training=len(training),
        drawn=len(drawn),
        validation=settings.validation,
        minutes=minutes,
        **{name: environment[name] for name in ("device", "threads", "precision", "python")},
        packages=", ".join(f"{package} {version}" for package, version in environment["packages"].items()),
        settings=json.dumps(describe(settings)),
        count=len(fakes),
        pairs=100 * pairs,
        files=files_table(beside),
    )
    write_text(beside / "README.md", text)
    shutil.rmtree(settings.network / PART, ignore_errors=True)
    beside.rename(settings.network / PART)
    if (settings.network / "README.md").is_file():
        refresh_files(settings.network)
    return settings.network / PART


def draw_pool(generator: Generator | FastGANGenerator, count: int, seed: int) -> Pictures:
    """Pictures of the seeds from `seed` on, uint8 (count, H, W, C)."""
    counts = [min(LARGEST_COUNT, count - start) for start in range(0, count, LARGEST_COUNT)]
    return np.concatenate([generate(generator, seed=seed + n, count=part) for n, part in enumerate(counts)])


def framed(pictures: Pictures, view: View) -> Pictures:
    """All pictures as a deck keeps them: uint8 (N, H, H, C)."""
    return np.stack([frame(picture, view) for picture in pictures])


def seen(pictures: Pictures, randomness: torch.Generator, view: View) -> Pictures:
    """Framed pictures, each as some round of the game would show it, at their own size: uint8 (N, H, H, C)."""
    secrets = torch.randint(2**62, (len(pictures),), generator=randomness).tolist()
    return np.stack(
        [
            show(picture, draw_variation(str(secret), "left"), view, picture.shape[0])
            for picture, secret in zip(pictures, secrets, strict=True)
        ]
    )


def replace_some(batch: Pictures, earlier: list[Pictures], share: float, step: int, seed: int) -> None:
    """Puts pictures of earlier levels in place of some of a batch (N, H, W, C)."""
    randomness: np.random.Generator = np.random.default_rng([seed, step])
    where: NDArray[np.intp] = np.flatnonzero(randomness.random(len(batch)) < share)
    for place in where:
        level = earlier[randomness.integers(len(earlier))]
        batch[place] = level[randomness.integers(len(level))]


def changed(pictures: Pictures, randomness: torch.Generator, view: View | None) -> Tensor:
    """Pictures as a game shows them, in a deck's own view or mirrored, lit otherwise, moved and at times at low
    resolution: (N, C, H, W)."""
    if view:
        x = to_network(seen(pictures, randomness, view))
        return x.contiguous(memory_format=torch.channels_last)
    x = to_network(pictures)
    flipped = torch.rand(len(x), 1, 1, 1, generator=randomness) < 0.5
    x = torch.where(flipped, x.flip(3), x)
    x = augment(x, probability=LARGEST_SHIFT, low_resolution=LARGEST_CHANGE, randomness=randomness)
    return x.contiguous(memory_format=torch.channels_last)
