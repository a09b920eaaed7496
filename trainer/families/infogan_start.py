"""What the training of an InfoGAN starts from: earlier weights, and the network of the contrastive regularizer."""

from dataclasses import replace
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from models import load
from models.errors import InvalidInput
from models.infogan.decoder import FEATURES, Trunk
from models.infogan.network import InfoGAN


def normalise_spectrally(network: nn.Module) -> None:
    """Gives every layer spectral norm 1 (Miyato et al., "Spectral Normalization for GANs", 2018), as the reference
    code of InfoGAN-CR does for all layers of all its critics."""
    for layer in list(network.modules()):
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            spectral_norm(layer)


def contrastive_network(channels: int, width: int, codes: int, *, seed: int) -> nn.Sequential:
    """H of InfoGAN-CR: two pictures, one over the other (N, 2C, 64, 64) → logits of the code they share (N, K)."""
    torch.manual_seed(seed)
    trunk = Trunk(2 * channels, width)
    normalise_spectrally(trunk)
    return nn.Sequential(trunk, nn.Linear(FEATURES, codes))


def load_start(folder: Path, network: InfoGAN) -> None:
    """Gives a network the tensors of a folder that fit it: all, or those that do not depend on the width.

    Raises:
        NetworkUnavailable: there is none.
        InvalidInput: it was made for other pictures or other codes.
    """
    found = load(folder)
    wanted = network.config
    if (
        not isinstance(found, InfoGAN)
        or replace(found.config, width=wanted.width, critic_width=wanted.critic_width) != wanted
    ):
        raise InvalidInput(
            f"{folder} holds {found.config}, and the options ask for {wanted}; only the widths may differ."
        )
    ours, theirs = network.state_dict(), found.state_dict()
    network.load_state_dict(
        {name: theirs[name] if theirs[name].shape == own.shape else own for name, own in ours.items()}
    )
