"""What can be seen in a face, as numbers from 0 to 1: the readings of `faces-attributes-128`.

The network reads crops of one template: 128 px, the eyes at (38, 38) and (87, 38), as faces-128 draws them. Readings
belong to pictures, not to people: they say what a face looks like to a small network.
"""

import numpy as np

from models.features import FeatureNetwork, Numbers, answers
from models.pixels import Pictures

NETWORK = "faces-attributes-128"
YOUNGEST, OLDEST = 20.0, 75.0  # years, at readings of age of 0 and 1

# Readings that the sliders, the leak meter and `python -m trainer score` speak of; the network has more, for its
# features' sake.
NAMED = (
    "age",  # YOUNGEST to OLDEST
    "smile",
    "glasses",
    "beard",
    "mouth open",
    "fair hair",  # 0 black, about a half brown, 1 blond
    "grey hair",
    "fringe",
    "masculine",
    "make-up",
    "turn",  # 0 to the left of the picture, 0.5 straight ahead, 1 to the right
    "light",  # 0 from the left of the picture, 0.5 from the front, 1 from the right
)


def readings(network: FeatureNetwork, pictures: Pictures, names: tuple[str, ...] = NAMED) -> Numbers:
    """What the network reads in pictures of faces.

    Args:
        network: from `models.load("faces-attributes-128")`; its names are in `network.config.names`.
        pictures: uint8 (N, H, W, C), C is 1 (grey) or 3 (RGB), crops of the template at any size.
        names: which readings, in which order.

    Returns:
        float32 (N, len(names)), each from 0 (no) to 1 (yes); the module says what the ends of the others mean.
    """
    logits = answers(network, pictures)[:, columns(network, names)]
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


def columns(network: FeatureNetwork, names: tuple[str, ...] = NAMED) -> list[int]:
    """The places of readings among the network's outputs."""
    return [network.config.names.index(name) for name in names]


def years(reading: float) -> float:
    """The age in years that a reading of age stands for."""
    return YOUNGEST + (OLDEST - YOUNGEST) * float(reading)
