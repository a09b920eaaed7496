"""What the Sample tab offers of a network of others beside its latents: fine styles of another face, and directions."""

from dataclasses import replace
from typing import Any

from models.errors import NetworkUnavailable
from models.faces.steering import Steering, class_count, has_directions, style_layers
from tabs.sample.drawing import Drawing
from tabs.sample.networks import GENERATORS, open_generator

DIRECTIONS = 5  # the strongest


def possible(model: str) -> tuple[int, int, int]:
    """Layers that may take fine styles, directions, and classes. None of ours, whose sliders are in the tab of that
    name, and of a network that is missing."""
    if model in GENERATORS:
        return 0, 0, 0
    try:
        network = open_generator(model)
    except NetworkUnavailable:
        return 0, 0, 0
    return style_layers(network), DIRECTIONS if has_directions(network) else 0, class_count(network)


def offer_of(drawing: Drawing) -> dict[str, Any]:
    """The value of the component: what there is, and where it stands."""
    layers, directions, classes = possible(drawing.model)
    steering = drawing.steering
    return {
        "classes": classes,
        "label": steering.label,
        "layers": layers,
        "mix": steering.fine_seed,
        "crossover": steering.crossover if steering.fine_seed is not None else (layers + 1) // 2,
        "moves": [*steering.moves, *[0] * directions][: max(directions, len(steering.moves))],
    }


def fitting(drawing: Drawing) -> Drawing:
    """A drawing without what its network cannot do."""
    layers, directions, classes = possible(drawing.model)
    steering = drawing.steering
    mixed = steering.fine_seed is not None and layers > 0
    return replace(
        drawing,
        steering=Steering(
            fine_seed=steering.fine_seed if mixed else None,
            crossover=min(steering.crossover, layers) if mixed else 1,
            moves=steering.moves[:directions],
            label=steering.label if steering.label < classes else 0,
        ),
    )
