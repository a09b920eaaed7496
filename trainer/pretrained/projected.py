"""The projected discriminator: it looks at frozen features of a pretrained network, mixed by fixed random projections.

Sauer, Chitta, Müller, Geiger, "Projected GANs Converge Faster", 2021. Only the small heads learn. It is needed in
training alone; who plays against visitors is a discriminator of its own, see trainer.families.rival.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from trainer.pretrained.lite0 import CHANNELS, lite0

WIDTHS = (64, 128, 256, 512)  # channels after the random projections (section 4.1)
SEEN_AT = 192  # px, side to which square pictures are enlarged before the pretrained network sees them
STEP = 32  # px, of the sides of what it sees: each head is at half the side of the one before
SMALLEST = 4  # px, side of the map on which a head decides


def seen_size(height: int, width: int) -> tuple[int, int]:
    """Height and width, px, at which pictures of this shape are shown to the pretrained network: their own, or enlarged
    to the area of a square of SEEN_AT; both rounded up to multiples of STEP."""
    enlarged = max(1.0, SEEN_AT / math.sqrt(height * width))
    down, across = (STEP * math.ceil(round(side * enlarged / STEP, 6)) for side in (height, width))
    return down, across


class ProjectedFeatures(nn.Module):
    """Pictures → four feature maps: pretrained, mixed across channels (CCM) and scales (CSM, section 3.2). Nothing in
    it learns."""

    def __init__(self, seed: int = 0, size: tuple[int, int] = (SEEN_AT, SEEN_AT)):
        """
        Args:
            seed: of the random projections; the pretrained part has none.
            size: height and width, px, at which pictures are seen, multiples of STEP.

        Raises:
            UnusableData: the package with the pretrained part is not installed.
        """
        super().__init__()
        self.size = size
        self.pretrained = lite0()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.across_channels = nn.ModuleList(
                random_convolution(inputs, outputs, 1) for inputs, outputs in zip(CHANNELS, WIDTHS, strict=True)
            )
            self.across_scales = nn.ModuleList(
                random_convolution(deep, shallow, 3) for shallow, deep in itertools.pairwise(WIDTHS)
            )
        self.requires_grad_(False)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> list[Tensor]:
        """x: (N, 1 or 3, H, W) in [-1, 1]. Returns maps of 64, 128, 256, 512 channels at 1/4, 1/8, 1/16 and 1/32 of
        the sides at which it is seen: of 192 px at 48, 24, 12 and 6 px."""
        if x.shape[1] == 1:
            x = x.expand(-1, 3, -1, -1)
        if tuple(x.shape[2:]) != self.size:
            x = functional.interpolate(x, size=self.size, mode="bilinear", align_corners=False)
        maps = [mix(m) for mix, m in zip(self.across_channels, self.pretrained(x), strict=True)]
        for level in reversed(range(len(maps) - 1)):  # from deep to shallow
            deeper = self.across_scales[level](maps[level + 1])
            maps[level] = maps[level] + functional.interpolate(deeper, scale_factor=2.0, mode="bilinear")
        return maps


def random_convolution(inputs: int, outputs: int, kernel: int) -> nn.Conv2d:
    """A convolution that stays as it was drawn (He initialisation)."""
    layer = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
    nn.init.kaiming_normal_(layer.weight, mode="fan_in", nonlinearity="linear")
    return layer


class ProjectedDiscriminator(nn.Module):
    """Feature maps of `ProjectedFeatures` → logits of four heads, larger = more real. This is what learns."""

    def __init__(self, size: tuple[int, int] = (SEEN_AT, SEEN_AT)) -> None:
        """size: height and width, px, at which pictures are seen, see `seen_size`."""
        super().__init__()
        sides = [min(size) // reduction for reduction in (4, 8, 16, 32)]
        self.heads = nn.ModuleList(head(width, side) for width, side in zip(WIDTHS, sides, strict=True))
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        """The logits of each head at each place, (N, places of that head)."""
        return [network(m).flatten(1) for network, m in zip(self.heads, maps, strict=True)]


def head(width: int, side: int) -> nn.Sequential:
    """Halves a map until its shorter side is small, then one logit a place."""
    layers: list[nn.Module] = []
    while side > 2 * SMALLEST - 1:
        layers += [
            spectral_norm(nn.Conv2d(width, width, 4, stride=2, padding=1, bias=False)),
            nn.BatchNorm2d(width),
            nn.LeakyReLU(0.2, inplace=True),
        ]
        side //= 2
    layers.append(spectral_norm(nn.Conv2d(width, 1, min(SMALLEST, side))))
    return nn.Sequential(*layers)


def logits_of(discriminator: Callable[[Any], Any], points: Any) -> list[Tensor]:
    """The logits of every head of a discriminator, each (N, ...) in float32; DCGAN's has one head."""
    logits = discriminator(points)
    return [part.float() for part in (logits if isinstance(logits, (list, tuple)) else [logits])]


def detached(points: Any) -> Any:
    """Features through which no gradient flows back to the generator."""
    return [part.detach() for part in points] if isinstance(points, list) else points.detach()
