"""The projected discriminator: it looks at frozen features of a pretrained network, mixed by fixed random projections.

Sauer, Chitta, Müller, Geiger, "Projected GANs Converge Faster", 2021. Only the small heads learn. It is needed in
training alone; who plays against visitors is a discriminator of its own, see trainer.families.rival.
"""

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from trainer.lite0 import CHANNELS, lite0

WIDTHS = (64, 128, 256, 512)  # channels after the random projections (section 4.1)
SEEN_AT = 192  # px, side to which pictures are enlarged before the pretrained network sees them
SMALLEST = 4  # px, side of the map on which a head decides


class ProjectedFeatures(nn.Module):
    """Pictures → four feature maps: pretrained, mixed across channels (CCM) and scales (CSM, section 3.2). Nothing in
    it learns."""

    def __init__(self, seed: int = 0):
        """`seed` is of the random projections; the pretrained part has none. Raises UnusableData."""
        super().__init__()
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
        """x: (N, 1 or 3, H, W) in [-1, 1]. Returns maps of 64, 128, 256, 512 channels at 48, 24, 12, 6 px."""
        if x.shape[1] == 1:
            x = x.expand(-1, 3, -1, -1)
        if x.shape[-1] != SEEN_AT:
            x = functional.interpolate(x, size=(SEEN_AT, SEEN_AT), mode="bilinear", align_corners=False)
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

    def __init__(self) -> None:
        super().__init__()
        sides = (SEEN_AT // 4, SEEN_AT // 8, SEEN_AT // 16, SEEN_AT // 32)
        self.heads = nn.ModuleList(head(width, side) for width, side in zip(WIDTHS, sides, strict=True))
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        """The logits of each head at each place, (N, places of that head)."""
        return [network(m).flatten(1) for network, m in zip(self.heads, maps, strict=True)]


def head(width: int, side: int) -> nn.Sequential:
    """Halves the map until it is small, then one logit a place."""
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
