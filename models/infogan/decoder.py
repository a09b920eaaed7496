"""From a few numbers to a 64 x 64 picture and back: the two bodies that the scene and sprite networks share.

`Decoder` is DCGAN's generator, small, whose batch normalisation takes gain and bias from the numbers (Brock, Donahue,
Simonyan, "Large Scale GAN Training for High Fidelity Natural Image Synthesis", 2019, appendix B). `Trunk` is the
convolutional body of InfoGAN-CR's discriminator (Lin et al. 2019, appendix).
"""

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.errors import InvalidInput

SIDE = 64  # px
FEATURES = 128  # numbers that a trunk makes of a picture


def check_body(channels: int, width: int) -> None:
    """Raises InvalidInput unless the two numbers describe bodies that can be built."""
    if channels not in (1, 3):
        raise InvalidInput(f"The pictures have {channels} channels; 1 (grey) and 3 (colour) are accepted.")
    if not 1 <= width <= 1024:
        raise InvalidInput(f"The width is {width} feature maps; it has to be from 1 to 1,024.")


class Modulated(nn.Module):
    """Batch normalisation whose gain and bias follow from the style, then LeakyReLU."""

    def __init__(self, channels: int, style: int):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.gain, self.bias = nn.Linear(style, channels), nn.Linear(style, channels)
        nn.init.zeros_(self.bias.bias)
        nn.init.zeros_(self.gain.bias)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """x: (N, C, H, W); style: (N, S). Returns (N, C, H, W)."""
        gain, bias = 1 + self.gain(style)[:, :, None, None], self.bias(style)[:, :, None, None]
        return functional.leaky_relu_(torch.addcmul(bias, self.norm(x), gain), 0.2)


class Decoder(nn.Module):
    """Numbers → picture (N, channels, 64, 64) in [-1, 1].

    The numbers come in groups, one for each code or label. Each group has a small network of its own, and the style is
    the plain sum of what they say: a factor can be moved by one group without the others, while a mixture of two (their
    product on the circle, for example) is hard to express.
    """

    def __init__(
        self, groups: Sequence[int], channels: int, width: int, *, style_gain: float = 1.0, style: int = FEATURES
    ):
        """Args: groups: numbers in each; style_gain: how much more than by torch's own start they move the style."""
        super().__init__()
        w = width
        self.groups = tuple(groups)
        self.styles = nn.ModuleList(
            nn.Sequential(nn.Linear(size, style), nn.LeakyReLU(0.2), nn.Linear(style, style)) for size in self.groups
        )
        with torch.no_grad():
            for network in self.styles:
                network.get_submodule("2").weight.mul_(style_gain)  # type: ignore[operator]
        self.start = nn.Linear(style, 4 * w * 4 * 4)
        maps = (4 * w, 3 * w, 2 * w, w)  # at 4, 8, 16 and 32 px
        self.convolutions = nn.ModuleList(
            nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False)
            for before, after in itertools.pairwise(maps)
        )
        self.modulations = nn.ModuleList(Modulated(count, style) for count in maps)
        self.finish = nn.ConvTranspose2d(w, channels, 4, stride=2, padding=1)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, numbers: Tensor) -> Tensor:
        """numbers: (N, sum of groups). Returns (N, channels, 64, 64) in [-1, 1]."""
        return torch.tanh(self.draw(numbers))

    def draw(self, numbers: Tensor) -> Tensor:
        """As forward, before the bound."""
        parts = zip(self.styles, numbers.split(self.groups, dim=1), strict=True)
        style = torch.stack([network(part) for network, part in parts]).sum(0)  # (N, S)
        x = self.start(style).unflatten(1, (-1, 4, 4)).contiguous(memory_format=torch.channels_last)  # (N, 4w, 4, 4)
        x = self.modulations[0](x, style)
        for convolution, modulation in zip(self.convolutions, self.modulations[1:], strict=True):
            x = modulation(convolution(x), style)  # 8, 16, then 32 px
        unbounded: Tensor = self.finish(x)
        return unbounded


class Trunk(nn.Sequential):
    """Picture (N, channels, 64, 64) in [-1, 1] → features (N, 128)."""

    def __init__(self, channels: int, width: int):
        w = width
        layers: list[nn.Module] = []
        maps = (channels, w, w, 2 * w, 2 * w)  # at 64, 32, 16, 8 and 4 px
        for before, after in itertools.pairwise(maps):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True)]
        layers += [nn.Flatten(), nn.Linear(2 * w * 4 * 4, FEATURES), nn.LeakyReLU(0.2, inplace=True)]
        super().__init__(*layers)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
