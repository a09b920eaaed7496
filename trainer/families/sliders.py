"""Sliders with names for a generator of faces: `python -m trainer sliders weights/NAME`.

A latent transformer (models.faces.latent_transformer) is trained against the network that reads faces. It
is told to bring one reading to an end; all other readings, the reader's features, the picture's coarse colours and the
latent itself are to stay. The generator does not change.

`python -m trainer effects weights/NAME` measures them again and writes the figures into their card.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from models.architectures.fastgan import FastGANGenerator, drawing_form
from models.errors import InvalidInput
from models.faces.attributes import NAMED, NETWORK, logits_of
from models.faces.effects import measure
from models.faces.latent_transformer import LatentTransformer, LatentTransformerConfig, normalised
from models.features import FeatureNetwork
from models.gan import draw_latents
from models.loading import read
from models.precision import supports_bfloat16
from trainer.evaluation.effects import PART, SCORE_SEED, networks, write_part
from trainer.export import (
    size,
)
from trainer.runs import randomness_at
from trainer.settings import REQUIRED, setting

NAMES = "age,smile,glasses,beard,mouth open,fair hair,grey hair,fringe,masculine,make-up,turn,light"
BANK_SEED = 700_000  # of the faces that it is trained on
END = 0.93  # reading at the yes-end; 1 less it at the other
ABOUT_COLOURS = {"fair hair", "grey hair", "light"}  # readings that cannot change without coarse colours
COARSE = 8  # px, side at which colours are to stay
RIDGE = 30.0  # of the linear directions that it starts from, in latents
START = 0.45  # length of these, of that of z
OF_EACH_END = {"ways", "which"}  # parameters with a row for each end of each slider
LOG_EVERY = 10  # steps


@dataclass(frozen=True)
class SlidersTraining:
    """Settings of one training of sliders with names."""

    network: Path = setting(REQUIRED, "weights folder of a FastGAN generator of faces, weights/NAME", first=True)
    names: str = setting(NAMES, "readings that get a slider, with commas between them")
    reader: str = setting(NETWORK, "network that reads faces, name or folder")
    start: Path | None = setting(None, "folder of sliders to go on from, weights/NAME/sliders; it may lack names")
    seed: int = setting(0, "of all random draws", least=0)
    bank: int = setting(3_000, "faces it is trained on", least=64)
    steps: int = setting(900, "training length, in steps", least=1)
    batch: int = setting(16, "faces per step", least=1)
    width: int = setting(256, "units of each hidden layer", least=1)
    learning_rate: float = setting(1.5e-3, "of Adam at the first step; falls to 0", least=0)
    hold: float = setting(5.0, "weight of the other readings' changes", least=0)
    identity: float = setting(1.0, "weight of the change of the reader's features", least=0)
    colours: float = setting(0.6, "weight of the change of coarse colours", least=0)
    near: float = setting(0.15, "weight of the squared way in the latent space", least=0)


@dataclass(frozen=True)
class Bank:
    """Faces of the generator that were drawn and read once."""

    latents: Tensor  # (N, latent_size), unit RMS
    logits: Tensor  # (N, outputs)
    features: Tensor  # (N, feature_size)
    colours: Tensor  # (N, C, 8, 8)


def train(settings: SlidersTraining) -> Path:
    """Trains sliders with names and writes them into the generator's folder, as its part `sliders`.

    Returns:
        the folder of the part.

    Raises:
        InvalidInput: no generator of faces, or a name that is no reading.
    """
    generator, reader = networks(settings.network, settings.reader)
    names = tuple(name.strip() for name in settings.names.split(","))
    unknown = [name for name in names if name not in NAMED]
    if unknown:
        raise InvalidInput(f"{', '.join(unknown)} is no reading; choose from {', '.join(NAMED)}.")
    draw = drawing_form(generator)
    started = time.monotonic()
    torch.manual_seed(settings.seed)
    bank = draw_bank(draw, reader, settings.bank)
    size_of_z = generator.config.latent_size
    config = LatentTransformerConfig(latent_size=size_of_z, names=names, width=settings.width)
    network = LatentTransformer(config)
    with torch.no_grad():
        network.ways.copy_(linear_ways(bank, [reader.config.names.index(name) for name in names]))
        if settings.start:
            go_on_from(settings.start, network)
    rest = [tensor for name, tensor in network.named_parameters() if name != "ways"]
    groups: list[dict[str, Any]] = [{"params": [network.ways], "lr": 4 * settings.learning_rate}, {"params": rest}]
    optimizer = torch.optim.Adam(groups, lr=settings.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.steps)
    progress = tqdm(range(settings.steps), unit=" steps", dynamic_ncols=True)
    for step in progress:
        losses = losses_of(network, draw, reader, bank, settings, randomness_at(settings.seed, step))
        optimizer.zero_grad()
        sum(losses.values()).backward()  # type: ignore[union-attr]
        optimizer.step()
        schedule.step()
        if step % LOG_EVERY == 0:
            progress.set_postfix({name: f"{float(loss.detach()):.3f}" for name, loss in losses.items()})
    network.eval().requires_grad_(False)
    effects = measure(generator, network, reader, seed=SCORE_SEED)
    text = (
        f"Sliders with names, found by a latent transformer of {size(network):.2f} million parameters: where a slider "
        f"leads depends on the face. Trained against the readings of `{NETWORK}`."
    )
    length = f"{settings.steps:,} steps, {settings.steps * settings.batch:,} faces, of {settings.bank:,}"
    return write_part(
        network, settings, "sliders", PART, effects, text=text, length=length, seconds=time.monotonic() - started
    )


def go_on_from(folder: Path, network: LatentTransformer) -> None:
    """Takes over trained sliders. One that the folder lacks stays as it is, and one that only the folder has is left.

    Raises:
        InvalidInput: the folder holds no sliders of this width and latent size.
    """
    before, config = read(folder), network.config
    if not isinstance(before, LatentTransformer) or (before.config.width, before.config.latent_size) != (
        config.width,
        config.latent_size,
    ):
        raise InvalidInput(
            f"{folder} does not hold sliders of width {config.width} for {config.latent_size} numbers; start without "
            "--start."
        )
    new, old = network.state_dict(), before.state_dict()
    common = [name for name in config.names if name in before.config.names]
    for name in common:
        to, by = (2 * config.names.index(name), 2 * before.config.names.index(name))
        for table in OF_EACH_END & new.keys():
            new[table][to : to + 2] = old[table][by : by + 2]
    for table in new.keys() - OF_EACH_END:
        new[table].copy_(old[table])


# --- with names --------------------------------------------------------------------------------------------------


@torch.no_grad()
def draw_bank(draw: FastGANGenerator, reader: FeatureNetwork, count: int) -> Bank:
    """Draws and reads faces of seed BANK_SEED."""
    latents = torch.from_numpy(np.concatenate(list(latents_of(draw.config.latent_size, count))))
    parts = []
    for z in tqdm(latents.split(32), unit=" batches", desc="faces", dynamic_ncols=True):
        x = draw(z).float()
        parts.append((*logits_of(reader, x), coarse(x)))
    logits, features, colours = (torch.cat(column) for column in zip(*parts, strict=True))
    return Bank(normalised(latents), logits, features, colours)


def latents_of(latent_size: int, count: int) -> list[np.ndarray]:
    """Latents of the bank: the first 64 of one seed after the other."""
    seeds = range(BANK_SEED, BANK_SEED + -(-count // 64))
    return [draw_latents(latent_size, seed=seed, count=64) for seed in seeds]


def coarse(x: Tensor) -> Tensor:
    """Pictures (N, C, H, W) at 8 x 8."""
    return F.interpolate(x, size=COARSE, mode="area")


def linear_ways(bank: Bank, columns: list[int]) -> Tensor:
    """Where the training starts: for each reading the direction of a ridge regression of its logit on z, made
    orthogonal to those of all others, there and back: (2K, latent_size)."""
    logits = bank.logits[:, columns]
    spread = (logits - logits.mean(0)) / logits.std(0)
    gram = bank.latents.T @ bank.latents + RIDGE * torch.eye(bank.latents.shape[1])
    weights = torch.linalg.solve(gram, bank.latents.T @ spread).T  # (K, latent_size)
    ways = []
    for k, weight in enumerate(weights):
        others = torch.linalg.qr(torch.cat([weights[:k], weights[k + 1 :]]).T).Q
        alone = weight - others @ (others.T @ weight)
        alone = alone / alone.norm() * START * weights.shape[1] ** 0.5
        ways += [alone, -alone]
    return torch.stack(ways)


def losses_of(
    network: LatentTransformer,
    draw: FastGANGenerator,
    reader: FeatureNetwork,
    bank: Bank,
    settings: SlidersTraining,
    randomness: torch.Generator,
) -> dict[str, Tensor]:
    """What a random batch of faces, each with one slider moved, says against the transformer."""
    names = network.config.names
    chosen = torch.randint(len(bank.latents), (settings.batch,), generator=randomness)
    which = torch.randint(len(names), (settings.batch,), generator=randomness)
    ends = torch.where(torch.rand(settings.batch, generator=randomness) < 0.5, -1.0, 1.0)
    # to the end for two of three, else some of the way
    far = torch.where(
        torch.rand(settings.batch, generator=randomness) < 0.67, 1.0, torch.rand(settings.batch, generator=randomness)
    )
    amounts = torch.zeros(settings.batch, len(names)).scatter_(1, which[:, None], (ends * far)[:, None])
    z = bank.latents[chosen]
    moved = network(z, amounts)
    x = draw(moved).float()
    with torch.autocast("cpu", torch.bfloat16, enabled=supports_bfloat16(torch.device("cpu"))):
        logits, features = logits_of(reader, x)
    logits, features = logits.float(), features.float()

    outputs = torch.tensor([reader.config.names.index(name) for name in names])
    own = outputs[which][:, None]
    before = bank.logits[chosen]
    start = before.gather(1, own)[:, 0].sigmoid()
    end = torch.where(ends > 0, END, 1 - END)
    target = start + far * (end - start)
    held = torch.zeros(settings.batch, logits.shape[1])
    held[:, [reader.config.names.index(name) for name in NAMED]] = 1.0
    held.scatter_(1, own, 0.0)
    # what a slider is about may change the colours
    about_colours = torch.tensor([name in ABOUT_COLOURS for name in names])[which]
    held_colours = torch.where(about_colours, 0.25, 1.0)
    changed_colours = (coarse(x) - bank.colours[chosen]).abs().mean(dim=(1, 2, 3))
    change = (logits.sigmoid() - before.sigmoid()).abs() + 0.03 * (logits - before).abs()
    return {
        "own": F.binary_cross_entropy_with_logits(logits.gather(1, own)[:, 0], target),
        "others": settings.hold * (change * held).sum() / held.sum(),
        "identity": settings.identity * (1 - F.cosine_similarity(features, bank.features[chosen])).mean(),
        "colours": settings.colours * (held_colours * changed_colours).mean(),
        "near": settings.near * (moved - z).square().mean(),
    }


# --- figures and card --------------------------------------------------------------------------------------------
