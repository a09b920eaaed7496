"""The perceptual distance: how far apart two pictures are in the features of a pretrained network.

Johnson, Alahi, Fei-Fei, "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", 2016, section 3.2; the
distance itself is that of Zhang et al., "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", 2018,
eq. 1, with equal weights. Its features are EfficientNet-Lite0's in place of VGG's: of the four maps, every channel
varies by about the same amount over photographs (within a factor of 2), so that none of them decides alone.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.pretrained.lite0 import lite0

EPSILON = 1e-6  # of a length
OFFSETS = 8  # px, from 0 up: at which pictures are seen


class Perceptual(nn.Module):
    """Distance of pictures. Nothing in it learns, and no checkpoint needs it."""

    def __init__(self) -> None:
        """Raises UnusableData where the package with the features is not installed."""
        super().__init__()
        self.pretrained = lite0()

    def forward(self, y: Tensor, truth: Tensor) -> Tensor:
        """The mean squared distance of feature vectors of length 1, over all places of a map, then over the four maps.

        Args:
            y: (N, 1 or 3, H, W) in [-1, 1], which the gradient reaches. Pictures are seen at their own size.
            truth: the same shape, which no gradient reaches.

        Returns:
            a scalar from 0 (equal) to 4; unrelated photographs are about 1.8 apart.
        """
        drawn = self.directions(y)
        with torch.no_grad():
            real = self.directions(truth)
        distances = [(a - b).square().sum(1).mean() for a, b in zip(drawn, real, strict=True)]
        return torch.stack(distances).mean()

    def directions(self, x: Tensor) -> list[Tensor]:
        """Feature maps of pictures (N, 1 or 3, H, W), in float32, the vector at every place of length 1."""
        x = x.expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
        return [functional.normalize(m.float(), dim=1, eps=EPSILON) for m in self.pretrained(x)]


def perceptual_loss(weight: float, device: torch.device) -> Perceptual | None:
    """The distance, for a weight above 0. Raises UnusableData."""
    return Perceptual().to(device) if weight else None


def at_random_offset(*pictures: Tensor, seed: int, step: int) -> list[Tensor]:
    """Pictures (N, C, H, W) cut alike at a random offset, 7 px smaller in height and width (tiny ones by less).

    The features of the first layers look at every second and fourth pixel, and a generator draws its sub-pixels in the
    same rhythm. If both always begin at the same pixel, it can learn a grid that pleases them.
    """
    offsets = max(1, min(OFFSETS, *(side // 2 for side in pictures[0].shape[2:])))
    top, left = np.random.default_rng([seed, step, OFFSETS]).integers(offsets, size=2)
    height, width = (side - offsets + 1 for side in pictures[0].shape[2:])
    return [picture[:, :, top : top + height, left : left + width] for picture in pictures]
