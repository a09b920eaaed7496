"""Training of the network that reads faces: `python -m trainer attributes --data celeba64.zip --ages faces128.zip
--turns turns.csv --out weights/faces-attributes-128`.

Every label has a source of its own, and a picture counts only where it has one: the attributes of CelebA (Liu et al.,
"Deep Learning Face Attributes in the Wild", 2015), whose pictures are brought to the template of faces-128 by one
similarity; ages from the archive of faces-128; the turn of a head measured by landmarks; the light's side from the
picture itself.
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

from metrics.two_sample import area_under_curve
from models.errors import UnusableData
from models.faces.attributes import (
    GREY,
    LIGHT_SPREAD,
    NAMED,
    OLDEST,
    YOUNGEST,
    light,
)
from models.features import FeatureNetwork, FeaturesConfig, answers
from models.pixels import to_network
from models.precision import supports_bfloat16
from trainer.cards import FILES, MACHINE
from trainer.export import compact, facts, files_table, folder_beside, size
from trainer.families.attribute_labels import NAMES, Labelled, read_aged, read_celeba
from trainer.families.features import LOG_EVERY
from trainer.runs import Order, describe_environment, randomness_at, write_text
from trainer.settings import REQUIRED, setting

MEASURED = ("age", "turn", "light")

CARD = (
    """\
---
library_name: latent-lab
license: other
license_name: see-data-and-terms
pipeline_tag: image-feature-extraction
tags: [faces, attributes]
---
# {name}

{summary}. A network of {size:.2f} million parameters that reads {outputs} attributes, each from 0 to 1, in a face of
128 x 128 pixels with the eyes at (38, 38) and (87, 38). Tensors are stored as 16-bit floats and computed with as 32-bit
ones.

```python
from models import load
from models.faces.attributes import NAMED, readings

values = readings(load("{name}"), pictures)  # uint8 (N, 128, 128, 1 or 3) -> float32 (N, {named}), columns NAMED
```

## Data and terms
Trained on {data}. Terms: {terms}.

- **Attributes**: CelebA's, on its 64-pixel crops brought to the template (46 of their pixels across), so nothing finer
  was seen with a label. "Fair hair" is 0 for black, 0.5 for brown, 1 for blond; no label otherwise. "Beard" is the
  opposite of CelebA's "No_Beard".
- **Age**: 0 stands for {youngest:.0f} years, 1 for {oldest:.0f}; outside, the nearer end.
- **Turn**: where the nose is between the eyes, measured by `data/turns.py` with MediaPipe's face mesh. 0.5 is straight
  ahead; at 0 and 1, some five degrees, a twentieth of the pictures lie beyond.
- **Light**: the difference of the two cheeks' mean grey over their sum, -{spread} to {spread}. `readings` computes it
  from the picture; the network learned it for its features' sake only.

## Training
| | |
|---|---|
| command | `{command}` |
| seed | {seed} |
| length | {steps:,} steps, {images:,} pictures shown, of {training:,} |
| time | {minutes:.1f} minutes, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`.

## Figures
On pictures held out (the last {validation:,} by file name of each archive): area under the ROC curve where the label is
yes or no, else the mean error beside that of always saying the median.

| reading | figure | held out |
|---|---|---|
{figures}

## Limits
- Readings are one annotator's opinion of celebrities, learned by a small network. Do not use them to judge anyone.
- "Masculine" is CelebA's "Male": how a picture looks, not who somebody is.
- Children, profiles and heads outside the template are read wrongly and without a warning.

"""
    + FILES
)


@dataclass(frozen=True)
class AttributesTraining:
    """Settings of one training of a network that reads faces."""

    data: Path = setting(REQUIRED, "CelebA's 64 px faces and their 40 attributes (data.labels)")
    ages: Path = setting(REQUIRED, "folder or zip archive of 128 px faces of the template with ages.csv")
    turns: Path = setting(REQUIRED, "table that data/turns.py makes of --ages: file,turn")
    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    seed: int = setting(0, "of all random draws", least=0)
    steps: int = setting(3_600, "training length, in steps", least=1)
    batch: int = setting(64, "pictures per step", least=2)
    width: int = setting(32, "feature maps of the first layer", least=1)
    learning_rate: float = setting(2e-3, "of AdamW at the first step; falls to 0", least=0)
    validation: int = setting(1_000, "pictures held out of each archive, the last by file name", least=1)


def train(settings: AttributesTraining) -> Path:
    """Trains the network and writes its weights folder.

    Returns:
        the weights folder.

    Raises:
        UnusableData: the pictures or their labels do not serve.
    """
    parts = [read_celeba(settings.data), read_aged(settings.ages, settings.turns)]
    for part, path in zip(parts, (settings.data, settings.ages), strict=True):
        if len(part.pictures) < settings.validation + settings.batch:
            raise UnusableData(
                f"{path} holds {len(part.pictures):,} pictures; {settings.validation + settings.batch:,} are needed "
                f"to hold {settings.validation:,} out."
            )
    held = [Labelled(part.pictures[-settings.validation :], part.truth[-settings.validation :]) for part in parts]
    pictures = np.concatenate([part.pictures[: -settings.validation] for part in parts])
    truth = np.concatenate([part.truth[: -settings.validation] for part in parts])

    bfloat16 = supports_bfloat16(torch.device("cpu"))
    torch.manual_seed(settings.seed)  # initial weights and dropout
    network = FeatureNetwork(FeaturesConfig(outputs=len(NAMES), width=settings.width, names=NAMES))
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, settings.steps)
    order = Order(len(pictures), seed=settings.seed)
    started = time.monotonic()
    progress = tqdm(range(settings.steps), unit=" steps", dynamic_ncols=True)
    for step in progress:
        randomness = randomness_at(settings.seed, step)
        chosen = order.batch(step * settings.batch, settings.batch)
        x, target = varied(to_network(pictures[chosen]), torch.from_numpy(truth[chosen]), randomness)
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            logits = network(x)
        loss = known_loss(logits.float(), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % LOG_EVERY == 0:
            progress.set_postfix(loss=f"{float(loss.detach()):.3f}")
    seconds = time.monotonic() - started

    network.eval()
    network.load_state_dict(compact(network.state_dict()))  # measure what is shipped, rounded to float16
    rows = figures(network, held)
    print("\n".join(rows))
    environment = describe_environment("bf16" if bfloat16 else "fp32")
    export(network, settings, environment, training=len(pictures), seconds=seconds, rows=rows)
    return settings.out


def known_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy over what is known: the mean over an output's known labels, summed over the outputs. Both
    arguments are (N, outputs); the target is from 0 to 1, nan where nothing is known."""
    known = ~target.isnan()
    each = F.binary_cross_entropy_with_logits(logits, target.nan_to_num(0.5), reduction="none") * known
    return (each.sum(0) / known.sum(0).clamp(min=1)).sum() / max(1, int(known.any(0).sum()))


# --- variety -----------------------------------------------------------------------------------------------------


def varied(x: Tensor, truth: Tensor, randomness: torch.Generator) -> tuple[Tensor, Tensor]:
    """Pictures of the template as somebody else's camera, crop and generator would have them.

    Mirrored, turned by up to 4 degrees, scaled by up to 8 %, shifted by up to 3 %, brighter, darker, of another cast,
    in grey, blurred, noisy: each by chance, and the light's side written into the truth.

    Args:
        x: (N, 3, 64, 64) in [-1, 1].
        truth: (N, outputs).
        randomness: of all draws.

    Returns:
        the same shapes; a mirrored picture's turn and light are mirrored.
    """
    count = len(x)

    def draw(*shape: int) -> Tensor:
        return torch.rand(count, *shape, generator=randomness)

    mirrored = draw() < 0.5
    angle, scale = (draw() - 0.5) * 0.14, 1 + (draw() - 0.5) * 0.16
    cosine, sine = scale * angle.cos(), scale * angle.sin()
    side = torch.where(mirrored, -1.0, 1.0)
    across, down = (draw(2) - 0.5).mul(0.12).unbind(1)
    moves = torch.stack([side * cosine, -sine, across, side * sine, cosine, down], dim=1).view(count, 2, 3)
    grid = F.affine_grid(moves, list(x.shape), align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    truth = truth.clone()
    turn, lit = NAMES.index("turn"), NAMES.index("light")
    truth[:, turn] = torch.where(mirrored, 1 - truth[:, turn], truth[:, turn])
    sideways = torch.exp((draw(1, 1, 1) - 0.5) * (draw(1, 1, 1) < 0.3) * torch.linspace(-1, 1, x.shape[-1]))
    x = ((x + 1) * sideways).clamp(0, 2) - 1  # light from the side, which is rare in photographs of the famous
    x = x + (draw(1, 1, 1) - 0.5) * 0.5 * (draw(1, 1, 1) < 0.6)  # brightness
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * (1 + (draw(1, 1, 1) - 0.5) * 0.7 * (draw(1, 1, 1) < 0.6)) + mean  # contrast
    x = x + (draw(3, 1, 1) - 0.5) * 0.16 * (draw(1, 1, 1) < 0.5)  # cast
    x = x.clamp(-1, 1)
    truth[:, lit] = light(x)
    grey = (x * torch.tensor(GREY)[:, None, None]).sum(1, keepdim=True)
    x = torch.where(draw(1, 1, 1) < 0.2, grey, x)
    soft = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, stride=1)
    x = x + (soft - x) * draw(1, 1, 1) * (draw(1, 1, 1) < 0.4)  # blur
    noise = torch.randn(x.shape, generator=randomness)
    return x + 0.06 * draw(1, 1, 1) * (draw(1, 1, 1) < 0.4) * noise, truth


# --- figures and card --------------------------------------------------------------------------------------------


def figures(network: FeatureNetwork, held: list[Labelled]) -> list[str]:
    """How well each output reads held-out pictures, as the lines of a Markdown table."""
    pictures = np.concatenate([part.pictures for part in held])
    truth = np.concatenate([part.truth for part in held])
    read = 1 / (1 + np.exp(-answers(network, pictures)))
    rows, areas = [], []
    for column, name in enumerate(NAMES):
        known = ~np.isnan(truth[:, column])
        told, right = read[known, column], truth[known, column]
        if not known.any():
            continue
        if name in (*MEASURED, "fair hair"):
            error, guess = np.abs(told - right).mean(), np.abs(np.median(right) - right).mean()
            unit, scale = (" years", OLDEST - YOUNGEST) if name == "age" else ("", 1.0)
            digits = 1 if name == "age" else 3
            words = f"{scale * error:.{digits}f}{unit} off, always the median {scale * guess:.{digits}f}"
            rows.append(f"| {name} | {words} | {known.sum():,} |")
        elif 0 < right.mean() < 1:
            areas.append(area_under_curve(told[right == 1], told[right == 0]))
            rows.append(f"| {name} | {areas[-1]:.3f} | {known.sum():,} |")
    if areas:
        rows.append(f"| mean of the areas | {np.mean(areas):.3f} | |")
    return rows


def export(
    network: FeatureNetwork,
    settings: AttributesTraining,
    environment: dict[str, Any],
    *,
    training: int,
    seconds: float,
    rows: list[str],
) -> None:
    """Writes the weights folder with its card beside the place it is for, then moves it there.

    Args:
        network: to ship.
        settings: of its training.
        environment: machine, packages and precision of its training.
        training: how many pictures it was trained on.
        seconds: how long that took.
        rows: of the table of figures.
    """
    known = facts(settings, "attributes", environment, training=training, summary="What can be seen in a face")
    with folder_beside(settings, network) as folder:
        text = CARD.format(
            **known,
            size=size(network),
            outputs=len(NAMES),
            named=len(NAMED),
            youngest=YOUNGEST,
            oldest=OLDEST,
            spread=LIGHT_SPREAD,
            steps=settings.steps,
            images=settings.steps * settings.batch,
            minutes=seconds / 60,
            figures="\n".join(rows),
            files=files_table(folder),
        )
        write_text(folder / "README.md", text)
