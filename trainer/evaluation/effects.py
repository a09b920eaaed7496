"""What the sliders of a generator of faces do, measured and written into their card: `python -m trainer effects`."""

import dataclasses
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch

from models import load
from models.architectures.fastgan import FastGANGenerator
from models.errors import InvalidInput
from models.faces.attributes import NAMED, NETWORK
from models.faces.effects import FACES, SliderEffect, describe, measure, write_effects
from models.faces.latent_transformer import LatentTransformer
from models.features import FeatureNetwork
from models.loading import read
from models.precision import supports_bfloat16
from trainer.cards import FILES, MACHINE
from trainer.export import (
    FIGURES_BEGIN,
    FIGURES_END,
    command_of,
    files_table,
    put_in_place,
    refresh_files,
    save_network,
    storage_of,
    write_figures,
)
from trainer.export import describe as described
from trainer.runs import describe_environment, write_text
from trainer.settings import REQUIRED, setting

if TYPE_CHECKING:
    from trainer.families.sefa import SefaSettings
    from trainer.families.sliders import SlidersTraining

PART, UNNAMED_PART = "sliders", "sefa"  # sub-folders of the generator's
SCORE_SEED = 900_000  # of the faces on which sliders are measured

CARD = (
    """\
---
library_name: latent-lab
license: other
license_name: see-data-and-terms
tags: [gan, latent-editing]
---
# {name}: {title}

{text}

```python
import numpy as np
from models import load
from models.gan import draw, draw_latents
from models.faces.latent_transformer import moved

generator, sliders = load("{name}"), load("{name}", part="{part}")
amounts = np.zeros((1, {count}), np.float32)
amounts[0, 0] = 1  # {first}, to its end
picture = draw(generator, moved(sliders, draw_latents({latent_size}, seed=1, count=1), amounts))
```

## Training
| | |
|---|---|
| command | `{command}` |
| seed | {seed} |
| length | {length} |
| time | {minutes:.1f} minutes, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`.

## Figures
{begin}
{figures}
{end}

## Limits
- A reading is what a small network sees, trained on photographs of celebrities and on ages as one data set has them.
  Names of sliders are names of readings.
- What is rare among the generator's faces is reached by bending them: look at the ends of a slider with doubt.

"""
    + FILES
)


@dataclass(frozen=True)
class EffectsSettings:
    """Settings of a measurement of what sliders do."""

    network: Path = setting(REQUIRED, "weights folder of a FastGAN generator with sliders, weights/NAME", first=True)
    part: Literal["sliders", "sefa"] = setting(PART, "which sliders: with names, or without labels")
    reader: str = setting(NETWORK, "network that reads faces, name or folder; another than the trained one's is a test")
    keep: str = setting("", "sliders to keep, with commas between them; the others are taken out first")
    reach: str = setting("", "where each of them is to end, in lengths of the trained way, as many numbers")


def measure_again(settings: EffectsSettings) -> str:
    """Measures the sliders in a generator's folder, prints their figures and writes them into the card.

    Returns:
        the table, Markdown.

    Raises:
        InvalidInput: no generator of faces, or --keep or --reach do not fit; NetworkUnavailable: no sliders there.
    """
    generator, reader = networks(settings.network, settings.reader)
    folder = settings.network / settings.part
    network: LatentTransformer = read(settings.network, part=settings.part)
    if settings.keep or settings.reach:
        network = chosen_sliders(network, settings)
        save_sliders(network, folder)
    effects = measure(generator, network, reader, seed=SCORE_SEED)
    table = figures_table(effects)
    write_effects(folder, effects, seed=SCORE_SEED, count=FACES)
    write_figures(folder / "README.md", table)
    refresh_files(folder)
    if (settings.network / "README.md").is_file():
        refresh_files(settings.network)
    print(table)
    return table


def chosen_sliders(network: LatentTransformer, settings: EffectsSettings) -> LatentTransformer:
    """Some sliders of a transformer, each with its reach. Raises InvalidInput."""
    names = network.config.names
    kept = tuple(name.strip() for name in settings.keep.split(",")) if settings.keep else names
    try:
        places = [names.index(name) for name in kept]
        reach = tuple(float(number) for number in settings.reach.split(",")) if settings.reach else ()
    except ValueError:
        raise InvalidInput(f"--keep or --reach does not fit; the sliders are {', '.join(names)}.") from None
    rows = [row for place in places for row in (2 * place, 2 * place + 1)]
    result = LatentTransformer(dataclasses.replace(network.config, names=kept, reach=reach))
    result.load_state_dict(
        {name: part[rows] if name in ("ways", "which") else part for name, part in network.state_dict().items()}
    )
    return result.eval().requires_grad_(False)


def save_sliders(network: LatentTransformer, folder: Path) -> None:
    """Puts sliders in place of those in a folder, whose card stays, in as many bits as these."""
    card = (folder / "README.md").read_text(encoding="utf-8")
    save_network(network, folder, storage_of(folder))
    write_text(folder / "README.md", card)


def figures_table(effects: tuple[SliderEffect, ...]) -> str:
    """The effects as Markdown."""
    lines = [
        f"On {FACES} random faces (seed {SCORE_SEED}), from the no-end to the yes-end of each slider, others at rest, "
        "drawn and read end to end.",
        "",
        "| slider | own reading from under .25 to over .75 | mean change of the others | it moves |",
        "|---|---|---|---|",
    ]
    for effect in effects:
        reached = "-" if effect.reached is None else f"{100 * effect.reached:.0f} %"
        lines.append(f"| {effect.name} | {reached} | {effect.others:.3f} | {describe(effect)} |")
    named = [effect for effect in effects if effect.reached is not None]
    if named:
        median = np.median([effect.reached for effect in named])
        lines += [
            "",
            f"Median of the sliders: {100 * median:.0f} %, others {np.median([e.others for e in named]):.3f}.",
        ]
    return "\n".join(lines)


def write_part(
    network: LatentTransformer,
    settings: "SlidersTraining | SefaSettings",
    family: str,
    part: str,
    effects: tuple[SliderEffect, ...],
    *,
    text: str,
    length: str,
    seconds: float,
) -> Path:
    """Writes a part of the generator's folder with its card and figures beside its place, then moves it there."""
    home = settings.network / part
    beside = home.with_name(part + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    save_network(network, beside)
    write_text(beside / "training.json", json.dumps(described(settings), indent=2) + "\n")
    write_effects(beside, effects, seed=SCORE_SEED, count=FACES)
    environment = describe_environment("bf16" if supports_bfloat16(torch.device("cpu")) else "fp32")
    table = figures_table(effects)
    print(table)
    card = CARD.format(
        name=settings.network.name,
        title="sliders with names" if part == PART else "sliders without labels",
        text=text,
        part=part,
        count=len(network.config.names),
        first=network.config.names[0],
        latent_size=network.config.latent_size,
        command=command_of(settings, family),
        seed=settings.seed,
        length=length,
        minutes=seconds / 60,
        device=environment["device"],
        threads=environment["threads"],
        precision=environment["precision"],
        python=environment["python"],
        packages=", ".join(f"{package} {version}" for package, version in environment["packages"].items()),
        settings=json.dumps(described(settings)),
        begin=FIGURES_BEGIN,
        figures=table,
        end=FIGURES_END,
        files=files_table(beside),
    )
    write_text(beside / "README.md", card)
    put_in_place(beside, home)
    if (settings.network / "README.md").is_file():
        refresh_files(settings.network)
    return home


def networks(folder: Path, reader_name: str) -> tuple[FastGANGenerator, FeatureNetwork]:
    """The generator and the reader. Raises InvalidInput for networks of other kinds."""
    generator, reader = read(folder), load(reader_name)
    if not isinstance(generator, FastGANGenerator) or generator.config.channels != 3:
        raise InvalidInput(f"{folder} holds a {generator.config.family}; a FastGAN generator in colour is needed.")
    if not isinstance(reader, FeatureNetwork) or not set(NAMED) <= set(reader.config.names):
        raise InvalidInput(f"{reader_name} does not read {', '.join(NAMED)}; give a network of the attributes trainer.")
    return generator, reader
