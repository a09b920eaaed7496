"""Reads the true factors of a rendered picture: the measure of everything that is drawn from codes or labels.

Trained on rendered pictures, of which every factor is known; it has never seen a generated one.
"""

from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import InvalidInput
from models.features import convolution
from models.infogan.decoder import SIDE, check_body
from models.pixels import Pictures, to_network
from models.quantization import Network

BATCH = 64  # pictures at a time


@dataclass(frozen=True)
class FactorsConfig:
    """Architecture of a factor regressor."""

    family: str = "factors"
    world: str = "scenes"  # a name of data.grids
    channels: int = 3  # 1 grey, 3 RGB
    names: tuple[str, ...] = ("floor hue", "wall hue", "object hue", "scale", "shape", "orientation")
    sizes: tuple[int, ...] = (10, 10, 10, 8, 4, 15)  # values of each factor
    width: int = 24  # feature maps at 32 px

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))  # lists in config.json
        object.__setattr__(self, "sizes", tuple(self.sizes))
        check_body(self.channels, self.width)
        if len(self.names) != len(self.sizes) or not self.sizes or not all(2 <= size <= 1000 for size in self.sizes):
            raise InvalidInput(f"The factors {self.names} need as many sizes from 2 to 1,000, got {self.sizes}.")


class FactorNetwork(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["image-classification"]):
    """Picture → one logit for each value of each factor."""

    def __init__(self, config: FactorsConfig):
        super().__init__()
        self.config = config
        w = config.width
        self.layers = nn.Sequential(
            *convolution(config.channels, w, side=4, stride=2),  # (N, w, 32, 32)
            *convolution(w, 2 * w, side=4, stride=2),
            *convolution(2 * w, 4 * w, side=4, stride=2),
            *convolution(4 * w, 4 * w, side=4, stride=2),  # (N, 4w, 4, 4)
            nn.Flatten(),
            nn.Linear(4 * w * 16, 256),
            nn.ReLU(inplace=True),
            nn.Linear(256, sum(config.sizes)),
        )
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, channels, 64, 64) in [-1, 1]. Returns logits (N, sum of sizes)."""
        logits: Tensor = self.layers(x)
        return logits


@torch.inference_mode()
def probabilities(network: FactorNetwork, pictures: Pictures) -> list[NDArray[np.float32]]:
    """What the network reads in pictures.

    Args:
        network: from `models.load("scenes-factors-64")`.
        pictures: uint8 (N, 64, 64, channels).

    Returns:
        for each factor float32 (N, size), each row summing to 1.

    Raises:
        InvalidInput: pictures of another size or number of channels.
    """
    config = network.config
    if pictures.shape[1:] != (SIDE, SIDE, config.channels):
        raise InvalidInput(f"It reads pictures of {(SIDE, SIDE, config.channels)}, got {pictures.shape[1:]}.")
    parts = np.array_split(pictures, max(1, len(pictures) // BATCH))
    logits = torch.cat([network(to_network(part).contiguous(memory_format=torch.channels_last)) for part in parts])
    return [part.softmax(1).numpy() for part in logits.float().split(config.sizes, dim=1)]


def classify(network: FactorNetwork, pictures: Pictures) -> NDArray[np.int64]:
    """The likeliest index of each factor: int64 (N, K), in the order of the world's factors."""
    return np.stack([part.argmax(1) for part in probabilities(network, pictures)], axis=1)
