"""What the sliders of a latent transformer do to faces, measured by the readings of models.faces.attributes.

Random faces are drawn with one slider at each of its ends, and read. The figures stand in `figures.json` of the
transformer's folder, so that the page need not measure them.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models import gan
from models.faces.attributes import NAMED, readings
from models.faces.latent_transformer import LatentTransformer, moved
from models.features import FeatureNetwork

FACES = 200
LOW, HIGH = 0.25, 0.75  # readings between which a slider has to bring a face
TOLD = 0.1  # mean movement from which a reading is named
ALSO = 0.5  # of the largest movement: from there on, another reading is named, too
FIGURES = "figures.json"

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class SliderEffect:
    """What one slider does, from its no-end to its yes-end, over random faces."""

    name: str
    reached: float | None  # share of faces whose own reading goes from under .25 to over .75; None without an own one
    others: float  # mean change of all readings but its own (or but the one that moves most), 0 to 1
    changes: tuple[float, ...]  # mean signed change of each reading, in the order of NAMED, -1 to 1
    movements: tuple[float, ...]  # mean absolute change of each, 0 to 1


def measure(
    generator: gan.LatentGenerator,
    transformer: LatentTransformer,
    reader: FeatureNetwork,
    *,
    seed: int,
    count: int = FACES,
) -> tuple[SliderEffect, ...]:
    """The effect of every slider on faces of a generator.

    Args:
        generator: draws faces of the template.
        transformer: its sliders.
        reader: of attributes.
        seed: of the faces; those of a training should be others.
        count: faces.
    """
    names = transformer.config.names
    latents = gan.draw_latents(generator.config.latent_size, seed=seed, count=count)
    found = []
    for number, name in enumerate(names):
        ends = []
        for end in (-1.0, 1.0):
            amounts = np.zeros((count, len(names)), np.float32)
            amounts[:, number] = end
            ends.append(readings(reader, gan.draw(generator, moved(transformer, latents, amounts))))
        found.append(effect(name, *ends))
    return tuple(found)


def effect(name: str, low: Numbers, high: Numbers) -> SliderEffect:
    """The effect of a slider whose ends were read: (faces, readings) each."""
    change = high - low
    movements = np.abs(change).mean(0)
    own = NAMED.index(name) if name in NAMED else int(movements.argmax())
    reached = float(((low[:, own] < LOW) & (high[:, own] > HIGH)).mean()) if name in NAMED else None
    return SliderEffect(
        name,
        None if reached is None else round(reached, 3),
        round(float(np.delete(movements, own).mean()), 4),
        tuple(round(float(value), 3) for value in change.mean(0)),
        tuple(round(float(value), 3) for value in movements),
    )


def describe(effect: SliderEffect) -> str:
    """What a slider does, in words found by computation: "mostly age +, grey hair +"."""
    changes = np.array(effect.changes)
    order = np.argsort(-np.abs(changes))
    largest = abs(changes[order[0]])
    if largest < TOLD:
        return "little that has a name"
    told = [k for k in order if abs(changes[k]) >= max(TOLD, ALSO * largest)][:3]
    return "mostly " + ", ".join(f"{NAMED[k]} {'+' if changes[k] > 0 else '−'}" for k in told)


def write_effects(folder: Path, effects: tuple[SliderEffect, ...], *, seed: int, count: int) -> None:
    """Keeps effects in a folder of weights."""
    figures = {"seed": seed, "count": count, "readings": NAMED, "sliders": [asdict(effect) for effect in effects]}
    (folder / FIGURES).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def read_effects(folder: Path) -> tuple[SliderEffect, ...]:
    """The effects in a folder of weights; none if they were not measured, or by another set of readings."""
    try:
        figures = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
        if tuple(figures["readings"]) != NAMED:
            return ()
        return tuple(
            SliderEffect(
                str(entry["name"]),
                None if entry["reached"] is None else float(entry["reached"]),
                float(entry["others"]),
                tuple(map(float, entry["changes"])),
                tuple(map(float, entry["movements"])),
            )
            for entry in figures["sliders"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()
