"""Training of the network that finds a face in a generator's latent space: `python -m trainer encoder --help`.

It learns from the generator's own pictures, of which the latent is known, shifted, turned, relit and blurred, as
photographs that were fitted by hand are; towards the end also from photographs: what the generator draws from its guess
is compared with them.
"""

import dataclasses
import json
import math
import shlex
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from data.folders import archives
from models.architectures.fastgan import FastGANGenerator
from models.errors import InvalidInput
from models.faces.attributes import NETWORK
from models.faces.encoding import (
    FEATURES,
    SIDE,
    LatentEncoder,
    LatentEncoderConfig,
    Target,
    drawer_of,
    encode,
    unit,
)
from models.features import FeatureNetwork
from models.gan import Generator, draw
from models.loading import load
from models.pixels import Pictures, to_network, to_pictures
from models.precision import supports_bfloat16
from trainer.augmentation import augment
from trainer.cards import FILES, MACHINE, STORED
from trainer.export import FIGURES_BEGIN, FIGURES_END, files_table, put_in_place, refresh_files, save_network, size
from trainer.processes import accelerator_of, leave, open_run, progress_of
from trainer.rates import set_rate
from trainer.runs import Order, Position, randomness_at, stop_requested, write_text
from trainer.settings import REQUIRED, setting
from trainer.splits import pictures_of

POOL_BATCH = 64  # pictures at a time when pairs are drawn
HELD_OUT_PAIRS = 512  # generated pictures on which it is measured
LARGEST_TURN = math.radians(4)  # of a training picture, as of a photograph fitted by hand
LARGEST_SCALE = 0.05  # of a training picture, smaller or larger
LARGEST_SHIFT = 0.03  # of the side
NOISE = 0.06  # standard deviation at most, in [-1, 1]
WARM_UP = 200  # steps

CARD = (
    """\
---
library_name: latent-lab
license: other
license_name: see-data-and-terms
pipeline_tag: image-feature-extraction
tags: [gan, gan-inversion]
---
# {name}

Finds a face again in the latent space of `{generator}`: a convolutional network of {size:.2f} million parameters
guesses the latent, and descent on the latent refines the guess (Zhu, Krähenbühl, Shechtman, Efros, "Generative Visual
Manipulation on the Natural Image Manifold", 2016). The result is a picture that the generator draws, as like the
photograph as the generator can make it; nobody is recognised by it. Tensors
are {stored}.

```python
from models import load
from models.faces.encoding import find_latent

found = find_latent(load("{generator}"), load("{generator}", part="encoder"), load("{faces}"), picture)
found.latent, found.picture  # picture: uint8 (1, 128, 128, 3), eyes at (38, 38) and (87, 38)
```

## Data and terms
Trained on {pairs:,} pictures of `{generator}` with the latents they were drawn from{reals}.
Terms: those of the generator's training pictures, see its card.

## Training
| | |
|---|---|
| command | `{command}` |{start}
| seed | {seed} |
| length | {steps:,} steps, {images:,} pictures shown |
| time | {hours:.2f} hours, {rate:.0f} pictures/s, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`.

## Figures
On {held_out:,} generated pictures that it was not trained on, the cosine of the guess and the true latent is
{cosine:.3f} on average (1: found exactly; two random latents: 0).

{begin}
Not measured on photographs yet: `python -m trainer reconstruct weights/{generator} --data …`.
{end}

## Limits
- A latent has {latent_size} numbers: pose, light, hair and expression are found, the identity of a person hardly ever.
- The generator knows the faces it was trained on; hats, hands, hard shadows and side views have no latent.
- It must not be used to identify or judge people.

"""
    + FILES
)


@dataclass(frozen=True)
class EncoderTraining:
    """Settings of one training of an encoder."""

    generator: Path = setting(REQUIRED, "weights folder of the generator, or a name of the catalogue")
    out: Path = setting(REQUIRED, "weights folder to write, weights/GENERATOR/encoder")
    data: Path | None = setting(None, "photographs to learn from as well: folder or zip archive")
    more_data: str = setting("", "further folders or archives, with commas between them")
    reader: str = setting("faces-attributes-128", "network whose features of photograph and picture are compared")
    run_folder: Path | None = setting(None, "run folder for the log and the checkpoint (default: runs/NAME)")
    start: Path | None = setting(None, "encoder folder to go on training from (default: random weights)")
    resume: bool = setting(False, "go on from the checkpoint in the run folder")
    seed: int = setting(0, "of all random draws", least=0)
    pairs: int = setting(16_000, "pictures that the generator draws to learn from", least=2)
    images: int = setting(150_000, "training length, in generated pictures shown", least=1)
    batch: int = setting(64, "generated pictures per step", least=2)
    photographs: int = setting(4, "photographs per step beside them", least=1)
    share: float = setting(0.3, "last share of the training in which there are photographs", least=0, most=1)
    weight: float = setting(0.5, "of the photographs' loss", least=0)
    width: int = setting(32, "feature maps of the first layer", least=1)
    learning_rate: float = setting(2e-3, "of AdamW at its highest; falls to 0", least=0)
    skip_unreadable: bool = setting(False, "go on without pictures that cannot be read, and list them")
    validation: int = setting(500, "photographs held out of each archive", least=0)
    hold_out: Literal["last", "spread"] = setting("last", "which are held out: the last by file name, or every so many")
    storage: Literal["fp16", "int8"] = setting("fp16", "of the weights that are shipped: 16-bit floats, or 8 bits")
    log_every: int = setting(50, "steps between two lines of the log", least=1)
    save_every: int = setting(500, "steps between two checkpoints", least=1)


def train(settings: EncoderTraining) -> Path:
    """Trains an encoder and writes its weights folder.

    Returns:
        the weights folder.

    Raises:
        NetworkUnavailable: no such generator or reader.
        UnusableData: the photographs do not serve.
        InvalidInput: the settings do not fit together.
        KeyboardInterrupt: asked to stop; the checkpoint is saved.
    """
    accelerator = accelerator_of()
    generator = load(str(settings.generator))
    if not isinstance(generator, FastGANGenerator | Generator):
        raise InvalidInput(f"{settings.generator} draws from no latent; name a generator of faces such as faces-128.")
    config = LatentEncoderConfig(
        channels=generator.config.channels, latent_size=generator.config.latent_size, width=settings.width
    )
    photographs = read_photographs(settings, generator)
    reader: FeatureNetwork | None = load(settings.reader) if photographs is not None else None
    bfloat16 = supports_bfloat16(torch.device("cpu"))

    torch.manual_seed(settings.seed)
    encoder = LatentEncoder(config)
    if settings.start:
        begin_from(settings.start, encoder)
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=settings.learning_rate, weight_decay=1e-3, fused=True)
    everything: dict[str, Any] = {"encoder": encoder, "optimiser": optimiser}
    run, position = open_run(accelerator, settings, everything, bfloat16=bfloat16)
    assert run is not None  # the one process that there is
    encoder.train()

    latents, pictures = draw_pairs(generator, settings.pairs, settings.seed)
    drawer = drawer_of(generator)
    steps = -(-settings.images // settings.batch)
    order = Order(settings.pairs, seed=settings.seed)
    order_of_photographs = Order(max(1, 0 if photographs is None else len(photographs)), seed=settings.seed + 1)
    progress = progress_of(accelerator, settings, position)
    started = time.monotonic() - position.seconds
    with stop_requested() as stopped:
        while position.step < steps:
            step = position.step
            rate = min(1, (step + 1) / WARM_UP) * (1 + math.cos(math.pi * step / steps)) / 2
            set_rate(optimiser, settings.learning_rate * rate)
            randomness = randomness_at(settings.seed, step)
            chosen = order.batch(step * settings.batch, settings.batch)
            z = torch.from_numpy(latents[chosen])  # (n, latent_size)
            x = disturbed(to_network(pictures[chosen]), randomness)  # (n, C, 64, 64)
            real = None
            if photographs is not None and step >= (1 - settings.share) * steps:
                begin = step * settings.photographs
                real = to_network(photographs[order_of_photographs.batch(begin, settings.photographs)])
                x = torch.cat([x, disturbed(small(real), randomness)])
            with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
                guesses = encoder(x)
            figures = {"latent_loss": (guesses[: settings.batch] - z).square().mean()}
            loss = figures["latent_loss"]
            if real is not None and reader is not None:
                drawn = drawer(guesses[settings.batch :]).float()
                figures["pixel_loss"], figures["feature_loss"] = Target(reader, real).distances(drawn)
                loss = loss + settings.weight * (figures["pixel_loss"] + FEATURES * figures["feature_loss"])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

            position = Position(step + 1, (step + 1) * settings.batch, time.monotonic() - started)
            progress.update(settings.batch)
            last = position.step == steps
            if position.step % settings.log_every == 0 or last:
                run.log(position, {name: float(value.detach()) for name, value in figures.items()})
                progress.set_postfix(loss=f"{float(loss.detach()):.3f}")
            if position.step % settings.save_every == 0 or last or stopped:
                run.save({name: item.state_dict() for name, item in everything.items()}, position)
            if stopped:
                leave(accelerator, position)
    progress.close()
    run.close()
    encoder.eval()
    export(settings, run.folder, position, encoder, generator, 0 if photographs is None else len(photographs))
    return settings.out


def read_photographs(settings: EncoderTraining, generator: FastGANGenerator | Generator) -> Pictures | None:
    """The photographs to learn from, or None if there are to be none. Raises UnusableData."""
    if settings.data is None or settings.share == 0:
        return None
    training, _ = pictures_of(settings, generator.config, least=1)
    return training


def begin_from(folder: Path, encoder: LatentEncoder) -> None:
    """Gives an encoder the weights of a folder. Raises NetworkUnavailable, InvalidInput (another architecture)."""
    found = load(folder)
    if not isinstance(found, LatentEncoder) or found.config != encoder.config:
        raise InvalidInput(f"{folder} holds {found.config}, and {encoder.config} is asked for; make them equal.")
    encoder.load_state_dict(found.state_dict())


def draw_pairs(
    generator: FastGANGenerator | Generator, count: int, seed: int
) -> tuple["np.ndarray[Any, np.dtype[np.float32]]", Pictures]:
    """Latents float32 (count, latent_size) of unit root mean square, and what the generator draws from them, reduced to
    what an encoder sees: uint8 (count, 64, 64, C). The same seed gives the same pairs."""
    source = torch.Generator().manual_seed(seed)
    latents = unit(torch.randn(count, generator.config.latent_size, generator=source)).numpy()
    parts = []
    for start in tqdm(range(0, count, POOL_BATCH), unit=" batches drawn", leave=False, dynamic_ncols=True):
        x = to_network(draw(generator, latents[start : start + POOL_BATCH]))
        parts.append(to_pictures(small(x)))
    return latents, np.concatenate(parts)


def small(x: Tensor) -> Tensor:
    """Pictures (N, C, H, W) at the side that an encoder sees."""
    return functional.interpolate(x, size=(SIDE, SIDE), mode="bilinear", antialias=True)


def disturbed(x: Tensor, randomness: torch.Generator) -> Tensor:
    """Pictures (N, C, H, W) in [-1, 1] turned, scaled, shifted, in other light and colours, at low resolution and
    noisy, each by chance and a little: as photographs differ that were fitted by hand."""
    count = len(x)
    draws = torch.rand(4, count, generator=randomness) * 2 - 1
    angle, scale = LARGEST_TURN * draws[0], 1 + LARGEST_SCALE * draws[1]
    cosine, sine, shift = scale * angle.cos(), scale * angle.sin(), 2 * LARGEST_SHIFT * draws[2:]
    rows = [torch.stack([cosine, -sine, shift[0]], 1), torch.stack([sine, cosine, shift[1]], 1)]
    grid = functional.affine_grid(torch.stack(rows, 1), list(x.shape), align_corners=False)
    x = functional.grid_sample(x, grid, padding_mode="reflection", align_corners=False)
    cast = 1 + 0.1 * (torch.rand(count, x.shape[1], 1, 1, generator=randomness) * 2 - 1)
    x = (x + 1) * cast - 1
    x = augment(x, probability=0.3, low_resolution=0.3, randomness=randomness)
    noise = NOISE * torch.rand(count, 1, 1, 1, generator=randomness)
    return (x + noise * torch.randn(x.shape, generator=randomness)).clamp(-1, 1)


def cosine_on_pairs(encoder: LatentEncoder, generator: FastGANGenerator | Generator, seed: int) -> float:
    """Mean cosine of guess and true latent on generated pictures of another seed."""
    latents, pictures = draw_pairs(generator, HELD_OUT_PAIRS, seed)
    return float((encode(encoder, pictures) * latents).mean(1).mean())


def export(
    settings: EncoderTraining,
    run_folder: Path,
    position: Position,
    encoder: LatentEncoder,
    generator: FastGANGenerator | Generator,
    photographs: int,
) -> None:
    """Writes the weights folder with its card beside the place it is for, then moves it there."""
    environment = json.loads((run_folder / "environment.json").read_text(encoding="utf-8"))
    name, described = settings.generator.name, described_of(settings)
    sources = " and ".join(path.name for path in archives(settings.data, settings.more_data)) if settings.data else ""
    folder = settings.out.with_name(settings.out.name + ".new")
    shutil.rmtree(folder, ignore_errors=True)
    save_network(encoder, folder, settings.storage)
    write_text(folder / "training.json", json.dumps(described, indent=2) + "\n")
    text = CARD.format(
        name=f"{name}/encoder",
        generator=name,
        faces=NETWORK,
        size=size(encoder),
        stored=STORED[settings.storage],
        pairs=settings.pairs,
        reals=f", and on {photographs:,} photographs of {sources}" if photographs else "",
        command=command_of(described),
        start="\n| started from | an encoder of an earlier state of the generator |" if settings.start else "",
        seed=settings.seed,
        steps=position.step,
        images=position.images,
        hours=position.seconds / 3600,
        rate=position.images / position.seconds,
        device=environment["device"],
        threads=environment["threads"],
        precision=environment["precision"],
        python=environment["python"],
        packages=", ".join(f"{package} {version}" for package, version in environment["packages"].items()),
        settings=json.dumps(described),
        held_out=HELD_OUT_PAIRS,
        cosine=cosine_on_pairs(encoder, generator, settings.seed + 1_000_000),
        begin=FIGURES_BEGIN,
        end=FIGURES_END,
        latent_size=encoder.config.latent_size,
        files=files_table(folder),
    )
    write_text(folder / "README.md", text)
    put_in_place(folder, settings.out)
    if (settings.out.parent / "README.md").is_file():  # the generator's card, which lists all files
        refresh_files(settings.out.parent)


def described_of(settings: EncoderTraining) -> dict[str, Any]:
    """The settings without what only this machine knows: archives by their names, folders within weights/."""
    described = dataclasses.asdict(settings)
    for name in ("run_folder", "resume"):
        del described[name]
    folder = f"weights/{settings.generator.name}"
    start = f"{folder}/{settings.start.name}" if settings.start else None
    return described | {
        "generator": folder,
        "out": f"{folder}/{settings.out.name}",
        "data": settings.data and settings.data.name,
        "more_data": ",".join(Path(path.strip()).name for path in settings.more_data.split(",")),
        "start": start,
    }


def command_of(described: dict[str, Any]) -> str:
    """The command that repeats a training: the options that differ from the defaults."""
    defaults = {field.name: field.default for field in dataclasses.fields(EncoderTraining)}
    given = {name: shlex.quote(str(value)) for name, value in described.items() if value != defaults[name]}
    words = [f"--{name.replace('_', '-')} {value}" for name, value in given.items()]
    return " ".join(["python -m trainer encoder", *words])
