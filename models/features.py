"""What a face is made of, as 128 numbers: the network whose features our metrics compare.

The customary Inception network is a download of 90 MB that has seen few faces. This one is small, ships with the code,
and learnt the 40 attributes of CelebA (hair, glasses, smile, ...) in colour and in grey. Its distances are comparable
with each other, not with published FID values.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.errors import InvalidInput
from models.pixels import Pictures, to_network
from models.quantization import Network

SIDE = 64  # px, of the picture that the network sees
BATCH = 50  # pictures at a time; more are slower, since their feature maps leave the cache

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class FeaturesConfig:
    """Architecture of a feature network."""

    family: str = "face-features"
    outputs: int = 40  # yes-or-no questions it answers about a picture
    width: int = 32  # feature maps of the first layer; two, three and four times as many in the layers after it
    feature_size: int = 128  # numbers in the penultimate layer
    names: tuple[str, ...] = ()  # of the outputs, where they are attributes that are shown, see models.faces.attributes

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))  # a list in config.json
        if self.names and len(self.names) != self.outputs:
            raise InvalidInput(f"{len(self.names)} names do not fit a feature network of {self.outputs} outputs.")
        for name in ("outputs", "width", "feature_size"):
            if getattr(self, name) < 1:
                raise InvalidInput(
                    f"The {name} of a feature network is {getattr(self, name)}; it has to be at least 1."
                )


class FeatureNetwork(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["image-feature-extraction"]):
    """Picture → features → one logit for each question. Its own architecture, so that no discriminator was trained
    against it."""

    def __init__(self, config: FeaturesConfig):
        super().__init__()
        self.config = config
        w = config.width
        self.layers = nn.Sequential(
            *convolution(3, w, side=4, stride=2),  # (N, w, 32, 32)
            *convolution(w, 2 * w),
            nn.MaxPool2d(2),  # (N, 2w, 16, 16)
            *convolution(2 * w, 3 * w),
            *convolution(3 * w, 3 * w),
            nn.MaxPool2d(2),  # (N, 3w, 8, 8)
            *convolution(3 * w, 4 * w),
            *convolution(4 * w, 4 * w),
            nn.AdaptiveAvgPool2d(2),  # (N, 4w, 2, 2)
            nn.Flatten(),
            nn.Linear(16 * w, config.feature_size),
            nn.ReLU(inplace=True),
        )
        self.answer = nn.Sequential(nn.Dropout(0.3), nn.Linear(config.feature_size, config.outputs))
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def features(self, x: Tensor) -> Tensor:
        """x: (N, 1 or 3, H, W) in [-1, 1], grey repeated, other sides resized to 64. Returns (N, feature_size)."""
        features: Tensor = self.layers[-2:](self.convolved(x))
        return features

    def convolved(self, x: Tensor) -> Tensor:
        """What the convolutions see in each quarter of a picture: x as of `features`. Returns (N, 16 width)."""
        x = x.expand(-1, 3, -1, -1)  # (N, 3, H, W)
        if x.shape[2:] != (SIDE, SIDE):
            x = functional.interpolate(x, size=(SIDE, SIDE), mode="bilinear", antialias=True)
        features: Tensor = self.layers[:-2](x.contiguous(memory_format=torch.channels_last))
        return features

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 1 or 3, H, W) in [-1, 1]. Returns logits (N, outputs), larger = yes."""
        logits: Tensor = self.answer(self.features(x))
        return logits


def convolution(inputs: int, outputs: int, *, side: int = 3, stride: int = 1) -> list[nn.Module]:
    """Convolution, batch normalisation and ReLU; keeps the picture's side, or halves it with side 4 and stride 2."""
    return [
        nn.Conv2d(inputs, outputs, side, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    ]


def features(network: FeatureNetwork, pictures: Pictures) -> Numbers:
    """The features of pictures: what metrics/fidelity.py compares.

    Args:
        network: in evaluation mode, from `models.load("faces-features-64")`.
        pictures: uint8 (N, H, W, C), C is 1 (grey) or 3 (RGB), any H and W.

    Returns:
        float32 (N, feature_size), none below 0.
    """
    return in_batches(network.features, network, pictures)


def answers(network: FeatureNetwork, pictures: Pictures) -> Numbers:
    """The network's logits for pictures, larger = yes.

    Args:
        network: in evaluation mode.
        pictures: uint8 (N, H, W, C), C is 1 (grey) or 3 (RGB), any H and W.

    Returns:
        float32 (N, outputs).
    """
    return in_batches(network, network, pictures)


@torch.inference_mode()
def in_batches(function: Callable[[Tensor], Tensor], network: nn.Module, pictures: Pictures) -> Numbers:
    """A function of (N, C, H, W) in [-1, 1] over many pictures, on the network's device."""
    device = next(network.parameters()).device
    parts = [pictures[start : start + BATCH] for start in range(0, len(pictures), BATCH)]
    return np.concatenate([function(to_network(part).to(device)).float().cpu().numpy() for part in parts])
