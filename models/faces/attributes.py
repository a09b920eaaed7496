"""What can be seen in a face, as numbers from 0 to 1: the readings of `faces-attributes-128`.

The network reads crops of one template: 128 px, the eyes at (38, 38) and (87, 38), as faces-128 draws them. Readings
belong to pictures, not to people: they say what a face looks like to a small network.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.features import SIDE, FeatureNetwork, Numbers, in_batches
from models.pixels import Pictures

NETWORK = "faces-attributes-128"
YOUNGEST, OLDEST = 20.0, 75.0  # years, at readings of age of 0 and 1

GREY = (0.299, 0.587, 0.114)  # luma of R, G, B, as Pillow converts to grey
CHEEKS = (slice(23, 50), slice(14, 29), slice(35, 50))  # at 64 px: rows; columns of the left and the right cheek
LIGHT_SPREAD = 0.35  # difference of the cheeks' mean grey over their sum at which the light's reading is 0 or 1
EDGE = 0.01  # from 0 and 1, of the light's reading as a logit

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
    logits = in_batches(lambda x: logits_of(network, x)[0], network, pictures)[:, columns(network, names)]
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


def logits_of(network: FeatureNetwork, x: Tensor) -> tuple[Tensor, Tensor]:
    """What the network makes of pictures, with a gradient.

    The light is not read but computed: a sum over pixels needs no network.

    Args:
        network: that reads attributes.
        x: (N, 1 or 3, H, W) in [-1, 1], crops of the template.

    Returns:
        logits (N, outputs) and features (N, feature_size).
    """
    features = network.features(x)
    logits: Tensor = network.answer(features.float()).clone()
    lit = light(functional.interpolate(x.float(), size=SIDE, mode="area")).clamp(EDGE, 1 - EDGE)
    logits[:, network.config.names.index("light")] = lit.logit()
    return logits, features


def light(x: Tensor) -> Tensor:
    """Where the light comes from: the right cheek's mean grey less the left one's, over their sum.

    Args:
        x: (N, 1 or 3, 64, 64) in [-1, 1], of the template.

    Returns:
        (N,), 0 from the left of the picture, 0.5 from the front, 1 from the right.
    """
    grey = (((x.expand(-1, 3, -1, -1) + 1) / 2) * torch.tensor(GREY)[:, None, None]).sum(1)  # (N, 64, 64)
    rows, left, right = CHEEKS
    left_cheek, right_cheek = grey[:, rows, left].mean((1, 2)), grey[:, rows, right].mean((1, 2))
    share = (right_cheek - left_cheek) / (right_cheek + left_cheek + 1e-3)
    return (0.5 + share / (2 * LIGHT_SPREAD)).clamp(0, 1)


def columns(network: FeatureNetwork, names: tuple[str, ...] = NAMED) -> list[int]:
    """The places of readings among the network's outputs."""
    return [network.config.names.index(name) for name in names]


def years(reading: float) -> float:
    """The age in years that a reading of age stands for."""
    return YOUNGEST + (OLDEST - YOUNGEST) * float(reading)
