"""Training of a feature network: `python -m trainer features --data celeba64.zip --out weights/NAME`.

It learns to answer the 40 questions of CelebA's attributes (Liu et al., "Deep Learning Face Attributes in the Wild",
2015) in colour, in grey, and a little blurred; what it computes just before the answer is what our metrics compare.
With `--domains day,night` the pictures lie in two folders, and the only question is whether one is of the second.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

from data.domains import domains_of, read_both
from data.folders import read_files, read_picture, split
from data.labels import read_labels
from metrics.two_sample import area_under_curve
from models.errors import UnusableData
from models.faces.attributes import GREY
from models.features import SIDE, FeatureNetwork, FeaturesConfig, answers
from models.pixels import Pictures, to_network
from models.precision import supports_bfloat16
from trainer.augmentation import augment, shift
from trainer.cards import FILES, MACHINE
from trainer.export import compact, facts, files_table, folder_beside, size
from trainer.processes import WHOLE, Part, accelerator_of, part_of, share_layers
from trainer.runs import Order, describe_environment, randomness_at, write_text
from trainer.settings import REQUIRED, setting

LOG_EVERY = 20  # steps
CARD = (
    """\
---
library_name: latent-lab
license: other
license_name: see-data-and-terms
pipeline_tag: image-feature-extraction
tags: [metrics]
---
# {name}

{summary}. A network of {size:.2f} million parameters that answers {questions} about a picture; the {features} numbers
before the answer are the features in which `python -m trainer {used_by}` compares pictures. Tensors are stored as
16-bit floats and computed with as 32-bit ones.

```python
from models import load
from models.features import features

points = features(load("{name}"), pictures)  # uint8 (N, H, W, 1 or 3) -> float32 (N, {features})
```

## Data and terms
Trained on {data}. Terms: {terms}.

## Training
| | |
|---|---|
| command | `{command}` |
| seed | {seed} |
| length | {steps:,} steps, {images:,} pictures shown ({passes:.1f} passes over {training:,} pictures) |
| time | {minutes:.1f} minutes, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`.

## Figures
On the {validation:,} pictures held out ({held}), averaged over the questions:

| | right answers | always the commoner answer | area under the ROC curve |
|---|---|---|---|
{figures}

## Limits
- Distances in these features can be compared with each other, not with Inception's: a Fréchet distance measured here is
  not an FID.
- It looks at what its questions ask for. Faults that no question touches (fine texture) count little.
{limits}

"""
    + FILES
)


@dataclass(frozen=True)
class FeaturesTraining:
    """Settings of one training of a feature network."""

    data: Path = setting(REQUIRED, "folder or zip archive of colour pictures and their labels (data.labels)")
    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    domains: str = setting("", "in place of labels, two folders or choices, as for cyclegan: day,night")
    picture_height: int = setting(SIDE, "of pictures in two folders, px; the network sees them at 64 x 64", least=SIDE)
    picture_width: int = setting(SIDE, "of pictures in two folders, px", least=SIDE)
    seed: int = setting(0, "of all random draws", least=0)
    steps: int = setting(2_500, "training length, in steps", least=1)
    batch: int = setting(64, "pictures per step, over all processes", least=2)
    width: int = setting(32, "feature maps of the first layer", least=1)
    learning_rate: float = setting(2e-3, "of AdamW at the first step; falls to 0", least=0)
    grey: float = setting(0.3, "probability that a picture is shown in grey", least=0, most=1)
    blur: float = setting(0.1, "probability that a batch is shown at low resolution", least=0, most=1)
    light: float = setting(
        0.0, "probability that a picture is lit at random, so that brightness tells little", least=0, most=1
    )
    shift: float = setting(0.5, "probability that a picture is shifted by up to 1/16 of its side", least=0, most=1)
    validation: int = setting(1_500, "pictures held out, the last by file name; of classes, a mix", least=1)


@dataclass(frozen=True)
class Answered:
    """How well the questions are answered on held-out pictures, averaged over the attributes."""

    accuracy: float  # share of right answers, 0 to 1
    majority: float  # the same for a network that always gives the more frequent answer
    area: float  # under the ROC curve, 0.5 to 1; over the attributes of which both answers occur


def train(settings: FeaturesTraining) -> Path:
    """Trains a feature network and writes its weights folder.

    Returns:
        the weights folder.

    Raises:
        UnusableData: the pictures or their attributes do not serve.
        InvalidInput: the batch cannot be shared by the processes.
    """
    accelerator = accelerator_of()
    device = accelerator.device
    part = part_of(accelerator, settings.batch, least=2)
    names, pictures, attributes = read_domain_labels(settings) if settings.domains else read_labelled(settings.data)
    held = settings.validation * (2 if settings.domains else 1)
    count = len(pictures) - held
    if count < settings.batch:
        raise UnusableData(
            f"{settings.data} holds {len(pictures):,} pictures; {held + settings.batch:,} are needed to "
            f"hold {held:,} out."
        )
    bfloat16 = supports_bfloat16(device)
    torch.manual_seed(settings.seed)  # initial weights and dropout
    network = FeatureNetwork(FeaturesConfig(outputs=len(names), width=settings.width)).to(device)
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, settings.steps)
    order = Order(count, seed=settings.seed)
    if part.processes > 1:
        share_layers(network)
    shared = accelerator.prepare(network)  # the same object, wrapped so that several processes average their gradients

    started = time.monotonic()
    progress = tqdm(range(settings.steps), unit=" steps", disable=not accelerator.is_main_process, dynamic_ncols=True)
    for step in progress:
        randomness = randomness_at(settings.seed, step)  # of the whole batch, the same in every process
        chosen = order.batch(step * settings.batch, settings.batch)[part.of(settings.batch)]
        x = disguised(to_network(pictures[chosen]), settings, randomness, part).to(device)  # (n, 3, 64, 64)
        truth = torch.from_numpy(attributes[chosen]).to(device)  # (n, 40)
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            logits = shared(x)
        loss = binary_cross_entropy_with_logits(logits.float(), truth)
        optimizer.zero_grad()
        accelerator.backward(loss)
        optimizer.step()
        schedule.step()
        if step % LOG_EVERY == 0:
            progress.set_postfix(loss=f"{float(loss.detach()):.3f}")
    seconds = time.monotonic() - started
    if not accelerator.is_main_process:
        return settings.out
    network.eval()

    network.load_state_dict(compact(network.state_dict()))  # measure what is shipped, rounded to float16
    figures = views_scored(network, pictures[count:], attributes[count:])
    for view, figure in figures.items():
        print(f"held out, {view}: {100 * figure.accuracy:.1f} % right, area under the ROC curve {figure.area:.3f}")
    environment = describe_environment("bf16" if bfloat16 else "fp32")
    export(network, settings, environment, training=count, seconds=seconds, figures=figures)
    return settings.out


def disguised(x: Tensor, settings: FeaturesTraining, randomness: torch.Generator, part: Part = WHOLE) -> Tensor:
    """Pictures (N, 3, H, W) mirrored, in grey, shifted or at low resolution, each by chance. They are one part of a
    batch, and the draws are made for all of it."""
    batch = len(x) * part.processes
    mine = part.of(batch)
    draws = torch.rand(2, batch, 1, 1, 1, generator=randomness)[:, mine]
    x = torch.where(draws[0] < 0.5, x.flip(3), x)
    grey = (x * torch.tensor(GREY)[:, None, None]).sum(1, keepdim=True)  # (N, 1, H, W)
    x = torch.where(draws[1] < settings.grey, grey, x)
    if settings.light:
        lit = torch.rand(batch, 1, 1, 1, generator=randomness)[mine] < settings.light
        x = torch.where(lit, relit(x, randomness, part), x)
    x = shift(x, settings.shift, randomness, part)
    return augment(x, probability=0, low_resolution=settings.blur, randomness=randomness, part=part)


def relit(x: Tensor, randomness: torch.Generator, part: Part = WHOLE) -> Tensor:
    """Pictures (N, 3, H, W) in [-1, 1], one part of a batch, each channel with a gamma that gives it a mean drawn from
    0.04 to 0.65, nearly the same for all three: day may be as dark as night, and night as bright as day."""
    levels = ((x + 1) / 2).clamp(1e-3, 1)
    batch = len(x) * part.processes
    bright, cast = (torch.rand(batch, count, 1, 1, generator=randomness)[part.of(batch)] for count in (1, 3))
    bright, cast = 0.04 + 0.61 * bright, 1 + 0.3 * (cast - 0.5)
    gamma = (bright * cast).clamp(0.02, 0.8).log() / levels.mean((2, 3), keepdim=True).clamp(0.02, 0.98).log()
    return 2 * levels ** gamma.clamp(0.15, 8) - 1


def views_scored(network: FeatureNetwork, pictures: Pictures, truth: NDArray[np.float32]) -> dict[str, Answered]:
    """How well held-out pictures, uint8 (N, H, W, 3), are answered as they are and in grey; truth as in `score`."""
    grey = np.asarray(np.round(pictures @ np.array(GREY))[..., None], dtype=np.uint8)
    return {"in colour": score(answers(network, pictures), truth), "in grey": score(answers(network, grey), truth)}


def held_out(settings: FeaturesTraining) -> tuple[Pictures, NDArray[np.float32]]:
    """The pictures that a training with these settings held out, and their answers. Raises UnusableData."""
    _, pictures, truth = read_domain_labels(settings) if settings.domains else read_labelled(settings.data)
    count = settings.validation * (2 if settings.domains else 1)
    return pictures[-count:], truth[-count:]


def score(logits: NDArray[np.float32], truth: NDArray[np.float32]) -> Answered:
    """Accuracy and area under the ROC curve; both arguments are (N, attributes), the truth is 0 or 1."""
    right = float(((logits > 0) == (truth > 0.5)).mean())
    shares = truth.mean(0)  # (attributes,)
    areas = [
        area_under_curve(column[answer == 1], column[answer == 0])
        for column, answer in zip(logits.T, truth.T, strict=True)
        if 0 < answer.mean() < 1
    ]
    return Answered(right, float(np.maximum(shares, 1 - shares).mean()), float(np.mean(areas)))


def read_labelled(path: Path) -> tuple[list[str], Pictures, NDArray[np.float32]]:
    """Pictures with their labels (data.labels), sorted as data.folders sorts them; those of classes in an order that a
    fixed draw mixes, so that the last ones are of all classes.

    Returns:
        names of the questions; uint8 (N, 64, 64, 3); float32 (N, questions), 0 or 1.

    Raises:
        UnusableData: no labels, a picture without any, or labels that are not what they have to be.
    """
    labels = read_labels(path)
    pictures, truth = [], []
    for name, content in read_files(path):
        truth.append(labels.of(name))
        pictures.append(read_picture(content, name, height=SIDE, width=SIDE, channels=3))
    if not pictures:
        raise UnusableData(f"{path} holds no pictures, only {labels.source}; add them.")
    order = np.random.default_rng(0).permutation(len(pictures)) if labels.of_classes else np.arange(len(pictures))
    return list(labels.names), np.stack(pictures)[order], np.array(truth, dtype=np.float32)[order]


def read_domain_labels(settings: FeaturesTraining) -> tuple[list[str], Pictures, NDArray[np.float32]]:
    """The same for two folders: one question, 1 for pictures of the second; at the end the held-out pictures of both.

    Raises:
        UnusableData, InvalidInput.
    """
    domains = domains_of(settings.domains)
    shape: dict[str, Any] = {"height": settings.picture_height, "width": settings.picture_width, "channels": 3}
    parts = read_both(settings.data, domains, **shape, least=settings.validation + 1)
    splits = [split(part, settings.validation) for part in parts]
    pictures = np.concatenate([part[which] for which in (0, 1) for part in splits])
    truth = np.concatenate([np.full(len(part[which]), n) for which in (0, 1) for n, part in enumerate(splits)])
    return [domains[1].name], pictures, truth[:, None].astype(np.float32)


def export(
    network: FeatureNetwork,
    settings: FeaturesTraining,
    environment: dict[str, Any],
    *,
    training: int,
    seconds: float,
    figures: dict[str, Answered],
) -> None:
    """Writes the weights folder with its card beside the place it is for, then moves it there.

    Args:
        network: to ship.
        settings: of its training.
        environment: machine, packages and precision of its training.
        training: how many pictures it was trained on.
        seconds: how long that took.
        figures: for each view of the held-out pictures.
    """
    known = facts(settings, "features", environment, training=training, summary="Numbers that describe a picture")
    if settings.domains:
        questions = (
            f"one question, whether it is of {' or of '.join(one.name for one in domains_of(settings.domains))},"
        )
        limits = "- It has seen nothing but pictures of these two kinds, and answers about any other as well."
    else:
        questions = f"{network.config.outputs} yes-or-no questions"
        limits = (
            "- The labels are those of the data set. CelebA's attributes are one annotator's opinion of celebrities;"
            "\n  some of them are unkind. Do not use the answers to judge anyone."
        )
    with folder_beside(settings, network) as folder:
        text = CARD.format(
            **known,
            size=size(network),
            questions=questions,
            used_by="judge" if settings.domains else "evaluate",
            held="the last by file name of each folder"
            if settings.domains
            else "the last by file name; of classes, a mix",
            limits=limits,
            features=network.config.feature_size,
            steps=settings.steps,
            images=settings.steps * settings.batch,
            passes=settings.steps * settings.batch / training,
            minutes=seconds / 60,
            figures="\n".join(
                f"| {view} | {100 * figure.accuracy:.1f} % | {100 * figure.majority:.1f} % | {figure.area:.3f} |"
                for view, figure in figures.items()
            ),
            files=files_table(folder),
        )
        write_text(folder / "README.md", text)
