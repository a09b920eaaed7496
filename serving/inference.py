"""The inference functions as the page calls them: large work goes to replicas, or to a lent card, where there are some.

What several visitors ask of one network at the same time is drawn in one forward pass.
"""

import copy
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from models import gan, sliders, super_resolution, translation
from models.faces import steering
from models.merging import Progress
from models.super_resolution import Picture, SuperResolution
from serving import replicas, zerogpu
from serving.batching import Batched

draw = partial(gan.draw, spread=replicas.spread)
draw_steered = partial(steering.draw_steered, spread=replicas.spread)
generate = partial(gan.generate, spread=replicas.spread)
morph = partial(gan.morph, spread=replicas.spread)
paint = partial(sliders.paint, spread=replicas.spread)
translate = partial(translation.translate, spread=replicas.spread)
translate_face = partial(translation.translate_face, spread=replicas.spread)

# a network, (codes, base) -> a picture (H, W, C)
paint_one: Batched[sliders.Network, sliders.Position, NDArray[np.uint8]] = Batched(sliders.paint_rows)

HEAVY = 1e11  # multiplications from which a card is borrowed: a third of a second to ten seconds of two processors


def upscale(
    network: SuperResolution, picture: Picture, scale: float, *, progress: Progress = lambda share: None
) -> Picture:
    """`models.super_resolution.upscale`, on a card of ZeroGPU if the work is heavy and one is to be had."""
    if zerogpu.HERE and super_resolution.multiplications(network, picture) > HEAVY:
        super_resolution.check_request(picture, scale)
        result: Picture | None = zerogpu.borrow(upscale_on_card, network, picture, scale, progress=progress)
        if result is not None:
            return result
    return super_resolution.upscale(network, picture, scale, progress=progress, spread=replicas.spread)


@zerogpu.on_a_card
def upscale_on_card(network: SuperResolution, picture: Picture, scale: float) -> Picture:
    """`upscale` with a copy of the network on the card that is there."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return super_resolution.upscale(copy.deepcopy(network).to(device), picture, scale)
