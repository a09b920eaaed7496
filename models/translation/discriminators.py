"""What the discriminators of a translation say about pictures."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.architectures.translators import PatchDiscriminator
from models.errors import InvalidInput
from models.merging import luma, reduce
from models.pixels import colours_of, to_network
from models.translation.inference import check_picture, nearest, reduced, to_input, way_of, working_size
from models.translation.network import Picture, Translation

NO_COLOUR = 60.0  # grey levels from the nearest colour of the palette, from where a pixel has none of them


@torch.inference_mode()
def realism_map(network: Translation, before: Picture, after: Picture, direction: str) -> NDArray[np.float32]:
    """Where the discriminator takes a result for real.

    Args:
        network: with discriminators.
        before, after: uint8 (H, W, C), a picture and its translation.
        direction: in which it was translated.

    Returns:
        float32 (h, w), one number for each patch of 70 x 70 px of the working size: 1 real, 0 generated, as least
        squares has it; not limited to that range.

    Raises:
        InvalidInput: there is no discriminator for that direction.
    """
    way = way_of(network, direction)
    config = network.config
    if way >= len(network.critics):
        raise InvalidInput(f"This network has no discriminator for {direction}.")
    height, width = (max(side, 24) for side in working_size(config, *after.shape[:2]))
    x = to_network(in_channels(reduce(after, height, width), config.channels)[None])
    if config.paired:
        asked = reduce(in_channels(before, config.channels), height, width, mix=not config.palette)
        x = torch.cat([to_input(config, asked[None], way), x], dim=1)
    logits: NDArray[np.float32] = network.critics[way](x)[0, 0].float().numpy()
    return logits


def in_channels(picture: Picture, channels: int) -> Picture:
    """uint8 (H, W, C) in grey (channels 1) or in colour (channels 3)."""
    visible = picture[:, :, : colours_of(picture)]
    if channels == 1:
        return luma(visible).round().astype(np.uint8)[:, :, None]
    return np.ascontiguousarray(np.broadcast_to(visible, (*picture.shape[:2], 3)))


def outlier_score(network: Translation, picture: Picture, direction: str) -> float | None:
    """How unlike the pictures that a direction was trained on a picture is, 1 being the limit of what is usual.

    For photographs: how far the means and deviations of what the discriminator of their domain notices lie from those
    of training pictures, each in its own standard deviations, root of the mean of squares; relative to what 97 of 100
    validation pictures stay below. For maps of labels: the share of pixels that have no colour of the palette,
    relative to a tenth.

    Returns:
        None where the network does not know.
    """
    way = way_of(network, direction)
    check_picture(picture)
    config = network.config
    if config.palette and way == 0:
        away = nearest(config, reduced(network, in_channels(picture, 3), way))[1] > NO_COLOUR
        return float(away.mean()) / 0.1
    limit = float(network.likeness_limit[way])
    if not limit:
        return None
    small = reduced(network, in_channels(picture, config.channels), way)
    return float(distances(network, discriminator_features(network, small[None], way), way)[0]) / limit


@torch.inference_mode()
def discriminator_features(network: Translation, pictures: NDArray[np.uint8], way: int) -> Tensor:
    """Means and deviations over the picture of what the discriminator of the domain that `way` starts from notices in
    pictures uint8 (N, h, w, channels): (N, F)."""
    critic = network.critics[1 - way]
    assert isinstance(critic, PatchDiscriminator)
    maps = critic.notice(to_network(pictures).to(network.likeness_limit.device)).float()  # (N, F/2, h', w')
    return torch.cat([maps.mean((2, 3)), maps.std((2, 3))], dim=1)


def distances(network: Translation, features: Tensor, way: int) -> Tensor:
    """Distances (N,) of features from the domain that `way` starts from, in standard deviations."""
    relative = (features - network.likeness_mean[way]) / network.likeness_deviation[way]
    return relative.square().mean(1).sqrt()
