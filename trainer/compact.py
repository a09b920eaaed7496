"""Stores the networks of a weights folder in half the bytes: `python -m trainer compact weights/NAME`.

What that changes is measured, and told in the card: in what a network draws, or in what a feature network answers.
"""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from skimage.data import astronaut, chelsea, coffee, rocket
from torch import nn

from data.degradation import degrade
from data.domains import domains_of, read_both
from models import conditional
from models.conditional import Conditional
from models.errors import InvalidInput
from models.features import FeatureNetwork
from models.gan import LatentGenerator, generate
from models.infogan import network as infogan
from models.infogan.codes import draw_codes
from models.infogan.network import InfoGAN
from models.loading import find, read
from models.pixels import Pictures
from models.quantization import stored_in_8_bits
from models.super_resolution import SuperResolution, upscale
from models.translation import Translation, directions, translate
from trainer.cards import STORED
from trainer.export import refresh_files, write_tensors
from trainer.families.features import Answered, FeaturesTraining, held_out, views_scored
from trainer.runs import write_text
from trainer.settings import REQUIRED, setting

COUNT = 64  # pictures that are drawn before and after
SEED = 1  # of them
LIMITS = "## Limits\n"
PHOTOGRAPHS = (astronaut, chelsea, coffee, rocket)  # that upscalers enlarge, a quarter as large


@dataclass(frozen=True)
class Compacting:
    """What is stored anew."""

    folder: Path = setting(REQUIRED, "weights folder or name", first=True)
    data: Path | None = setting(
        None,
        "pictures of its training, by which a translator or a feature network is measured",
    )


@dataclass(frozen=True)
class Change:
    """What 8 bits did to what a network draws, in grey levels of 255."""

    mean: float
    largest: int
    count: int  # pictures


@dataclass(frozen=True)
class ChangedAnswers:
    """How well a feature network answers on held-out pictures in colour."""

    before: Answered
    after: Answered
    count: int  # pictures


def compact(settings: Compacting) -> Change | ChangedAnswers | None:
    """Stores the main network and its parts in 8 bits, and says so in the card, with what it changes.

    Returns:
        the change of what it draws or answers; None where nothing is measured.

    Raises:
        NetworkUnavailable: no weights folder, or a broken one.
        InvalidInput: it is stored in 8 bits already, or a translator without pictures.
        UnusableData: the pictures do not serve.
    """
    folder = find(settings.folder if settings.folder.is_dir() else str(settings.folder))
    parts = ["", *sorted(file.parent.name for file in folder.glob("*/config.json"))]
    if stored_in_8_bits(folder / "model.safetensors"):
        raise InvalidInput(f"{folder} is stored in 8 bits already; nothing was changed.")
    networks = {part: read(folder, part=part) for part in parts}
    network, data = networks[""], settings.data
    answered = answers_of(network, folder, data) if isinstance(network, FeatureNetwork) and data else None
    before = drawn(network, folder, data)
    for part, stored in networks.items():
        replace_tensors(stored, folder / part / "model.safetensors")
    change: Change | ChangedAnswers | None = None
    if answered and data:
        change = ChangedAnswers(answered[0], answers_of(read(folder), folder, data)[0], answered[1])
    elif before and (after := drawn(read(folder), folder, data)):
        change = change_of(before, after)
    card = folder / "README.md"
    write_text(card, described(card.read_text(encoding="utf-8"), change))
    refresh_files(folder)
    print(f"{folder}: " + (sentence(change) if change else "stored in 8 bits; what that changes was not measured."))
    return change


def replace_tensors(network: nn.Module, file: Path) -> None:
    """Writes a network's tensors in 8 bits, in one move."""
    beside = file.with_suffix(".new")
    write_tensors(network, beside, "int8")
    os.replace(beside, file)


def drawn(network: nn.Module, folder: Path, data: Path | None) -> list[Pictures] | None:
    """What a network draws of fixed latents, codes, labels or pictures; None for one that draws nothing by itself."""
    if isinstance(network, LatentGenerator):
        return [generate(network, seed=SEED, count=COUNT)]
    if isinstance(network, Conditional):
        return [conditional.generate(network, conditional.random_labels(network, COUNT, SEED), SEED)]
    if isinstance(network, InfoGAN):
        codes = draw_codes(network.config.codes, count=COUNT, randomness=torch.Generator().manual_seed(SEED))
        return [infogan.generate(network, codes.numpy(), SEED)]
    if isinstance(network, Translation):
        return translated(network, folder, data)
    if isinstance(network, SuperResolution):
        scale = network.config.scale
        return [upscale(network, degrade(photograph(), 4), scale) for photograph in PHOTOGRAPHS]
    return None


def answers_of(network: FeatureNetwork, folder: Path, data: Path) -> tuple[Answered, int]:
    """How well the pictures that its training held out are answered, and their number. Raises UnusableData."""
    text = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    try:
        training = FeaturesTraining(**{**text, "data": data})
    except TypeError:
        raise InvalidInput(f"{folder} was not made by `trainer features`; leave out --data.") from None
    pictures, truth = held_out(training)
    return views_scored(network, pictures, truth)["in colour"], len(pictures)


def translated(network: Translation, folder: Path, data: Path | None) -> list[Pictures]:
    """The last pictures of both domains, each as one of the other."""
    if data is None:
        raise InvalidInput("This is a translator; name pictures to measure it with by --data.")
    training = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    domains = read_both(
        data,
        domains_of(training.get("domains") or ",".join(network.config.domains)),
        height=training["height"],
        width=training["width"],
        channels=network.config.channels,
    )
    ways = zip(directions(network), domains, strict=True)
    return [translate(network, picture, way) for way, pictures in ways for picture in pictures[-COUNT // 2 :]]


def change_of(before: list[Pictures], after: list[Pictures]) -> Change:
    """The mean and the largest difference of two lists of pictures."""
    differences = [np.abs(one.astype(int) - other) for one, other in zip(before, after, strict=True)]
    count = len(before[0]) if len(before) == 1 else len(before)
    mean = float(np.concatenate([difference.ravel() for difference in differences]).mean())
    return Change(mean, max(int(difference.max()) for difference in differences), count)


def sentence(change: Change | ChangedAnswers) -> str:
    """A change, for the card."""
    if isinstance(change, ChangedAnswers):
        one, other = change.before, change.after
        return (
            f"Its weights are stored in 8 bits. Of the answers on {change.count:,} held-out pictures in colour "
            f"{100 * other.accuracy:.1f} % are right instead of {100 * one.accuracy:.1f} %, area under the ROC curve "
            f"{other.area:.3f} instead of {one.area:.3f} (`python -m trainer compact`). Figures measured before that "
            "are those of 16 bits."
        )
    return (
        f"Its weights are stored in 8 bits. Against those of 16 bits that changes what it draws by {change.mean:.2f} "
        f"grey levels of 255 on average and by {change.largest} at most, in {change.count} pictures "
        "(`python -m trainer compact`). Figures measured before that are those of 16 bits."
    )


def described(card: str, change: Change | ChangedAnswers | None) -> str:
    """The text of a card that says how the tensors are stored, and among the limits what that changes."""
    before = r"\s+".join(map(re.escape, STORED["fp16"].split()))  # over the ends of lines
    card = re.sub(before, STORED["int8"], card, count=1)
    if change is not None and LIMITS in card:
        head, mark, rest = card.partition(LIMITS)
        card = f"{head}{mark}- {sentence(change)}\n{rest}"
    return card
