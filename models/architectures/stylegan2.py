"""The generator of StyleGAN2: a latent becomes a style, and styles scale the feature maps of every layer.

Karras, Laittinen, Aittala, Hellsten, Lehtinen, Aila, "Analyzing and Improving the Image Quality of StyleGAN", 2020:
weight modulation and demodulation (section 2.2), skips of RGB (figure 7b), a filter of 4 taps at each doubling. Scales
that hold weights equal in training are multiplied into them (models.checkpoints.stylegan2).
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.errors import InvalidInput

SMALLEST = 4  # px, side of the first feature map
LARGEST = 1024  # px
GAIN = math.sqrt(2)  # after each leaky ReLU
FILTER = (1.0, 3.0, 3.0, 1.0)
MEANS = 4096  # latents whose mean style stands for that of all


@dataclass(frozen=True)
class StyleGAN2Config:
    """Architecture of a StyleGAN2 generator."""

    family: str = "stylegan2-generator"
    resolution: int = 256  # px, side of the square picture: a power of two from 8 to 1024
    channels: int = 3  # 1 grey, 3 RGB
    latent_size: int = 512  # numbers in z, drawn from N(0, 1)
    style_size: int = 512  # numbers in w
    depth: int = 8  # layers from z to w
    widths: tuple[int, ...] = (512, 512, 512, 512, 512, 256, 128)  # feature maps at 4, 8, 16, ... px

    def __post_init__(self) -> None:
        if self.resolution not in [SMALLEST << n for n in range(1, 9)]:
            raise InvalidInput(f"The resolution is {self.resolution} px; powers of two up to {LARGEST} are accepted.")
        if self.channels not in (1, 3):
            raise InvalidInput(f"The pictures have {self.channels} channels; 1 (grey) and 3 (colour) are accepted.")
        if min(self.latent_size, self.style_size, self.depth, *self.widths) < 1 or len(self.widths) != len(self.sides):
            raise InvalidInput(f"The network has {len(self.widths)} sizes of feature maps for {len(self.sides)} sides.")

    @property
    def sides(self) -> list[int]:
        """The sides of the feature maps, px: 4, 8, ... up to the resolution."""
        return [SMALLEST << n for n in range((self.resolution // SMALLEST).bit_length())]


class StyledConvolution(nn.Module):
    """A convolution of 3 x 3 whose inputs a style scales, with noise, bias and leaky ReLU behind it."""

    def __init__(self, inputs: int, outputs: int, style_size: int, side: int, *, doubles: bool):
        """side: of the result, px. doubles: whether the map before has half of it."""
        super().__init__()
        self.doubles = doubles
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3) / math.sqrt(9 * inputs))
        self.style = nn.Linear(style_size, inputs)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.strength = nn.Parameter(torch.zeros(1))  # of the noise
        self.register_buffer(
            "noise", torch.zeros(side, side)
        )  # the same in every picture, so that morphs do not flicker
        self.noise: Tensor

    def forward(self, x: Tensor, w: Tensor, kernel: Tensor) -> Tensor:
        """Args:
            x: (N, inputs, H, W).
            w: (N, style_size).
            kernel: of the filter, (4, 4), its sum 4.

        Returns:
            (N, outputs, side, side).
        """
        style = self.style(w)  # (N, inputs)
        # Scaled inputs and outputs are the same as weights scaled for each picture, and share one convolution.
        demodulation = torch.rsqrt(style.square() @ self.weight.square().sum((2, 3)).T + 1e-8)  # (N, outputs)
        x = x * style[:, :, None, None]
        if self.doubles:
            x = functional.conv_transpose2d(x, self.weight.transpose(0, 1), stride=2)  # (N, outputs, 2H + 1, 2W + 1)
            every = kernel.flip(0, 1).expand(x.shape[1], 1, *kernel.shape)
            x = functional.conv2d(x, every, padding=1, groups=x.shape[1])  # (N, outputs, 2H, 2W)
        else:
            x = functional.conv2d(x, self.weight, padding=1)
        x = x.mul_(demodulation[:, :, None, None]).add_(self.noise * self.strength + self.bias[:, None, None])
        return functional.leaky_relu_(x, 0.2).mul_(GAIN)


class ToPicture(nn.Module):
    """Feature maps → colours, whose inputs a style scales."""

    def __init__(self, inputs: int, channels: int, style_size: int):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels, inputs) / math.sqrt(inputs))
        self.style = nn.Linear(style_size, inputs)
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """(N, inputs, H, W), (N, style_size) → (N, channels, H, W)."""
        weights = self.weight * self.style(w)[:, None]  # (N, channels, inputs)
        drawn: Tensor = (weights @ x.flatten(2)).unflatten(2, x.shape[2:])
        return drawn + self.bias[:, None, None]


class StyleGAN2Generator(nn.Module):
    """z → w → picture."""

    def __init__(self, config: StyleGAN2Config):
        super().__init__()
        self.config = config
        widths, size = config.widths, config.style_size
        self.mapping = nn.ModuleList(
            nn.Linear(size if number else config.latent_size, size) for number in range(config.depth)
        )
        self.register_buffer("mean", torch.zeros(size))  # of w
        self.register_buffer("kernel", torch.outer(torch.tensor(FILTER), torch.tensor(FILTER)) / 16)
        self.mean: Tensor
        self.kernel: Tensor
        self.constant = nn.Parameter(torch.randn(widths[0], SMALLEST, SMALLEST))
        self.layers = nn.ModuleList([StyledConvolution(widths[0], widths[0], size, SMALLEST, doubles=False)])
        self.colours = nn.ModuleList([ToPicture(widths[0], config.channels, size)])
        for before, width, side in zip(widths, widths[1:], config.sides[1:], strict=False):
            self.layers.append(StyledConvolution(before, width, size, side, doubles=True))
            self.layers.append(StyledConvolution(width, width, size, side, doubles=False))
            self.colours.append(ToPicture(width, config.channels, size))

    def forward(self, z: Tensor, truncation: float = 1.0) -> Tensor:
        """Draws.

        Args:
            z: (N, latent_size), nominally N(0, 1); only its direction counts.
            truncation: 0 (all alike) to 1 (full variety): w is pulled towards its mean (Karras et al. 2019,
                appendix B).

        Returns:
            (N, channels, resolution, resolution), nominally in [-1, 1].
        """
        w = self.styles(z)
        if truncation < 1:
            w = torch.lerp(self.mean, w, truncation)
        return self.paint(w)

    def styles(self, z: Tensor) -> Tensor:
        """z → w (N, style_size)."""
        w: Tensor = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        for layer in self.mapping:
            w = functional.leaky_relu(layer(w), 0.2) * GAIN
        return w

    def paint(self, w: Tensor) -> Tensor:
        """w → pictures (N, channels, resolution, resolution).

        Args:
            w: (N, style_size), or one for each layer and the last colours, (N, layers + 1, style_size). As in both
                authors' codes, the colours of a size take the w of the layer that follows them.
        """
        each = w if w.ndim == 3 else w[:, None].expand(-1, len(self.layers) + 1, -1)
        x = self.layers[0](self.constant.expand(len(w), -1, -1, -1), each[:, 0], self.kernel)  # (N, C, 4, 4)
        drawn: Tensor = self.colours[0](x, each[:, 1])
        every = self.kernel.expand(self.config.channels, 1, *self.kernel.shape)
        for number, to_picture in enumerate(self.colours[1:], start=1):
            for place in (2 * number - 1, 2 * number):
                x = self.layers[place](x, each[:, place], self.kernel)
            larger = functional.conv_transpose2d(drawn, every, stride=2, padding=1, groups=self.config.channels)
            drawn = larger + to_picture(x, each[:, 2 * number + 1])
        return drawn

    @torch.no_grad()
    def deviations(self, along: Tensor) -> Tensor:
        """How far w varies along directions: the standard deviations (K,) for unit vectors (K, style_size), over
        z ~ N(0, 1) from a fixed seed."""
        z = torch.randn(MEANS, self.config.latent_size, generator=torch.Generator().manual_seed(0))
        return (self.styles(z.to(along)) @ along.T).std(0)

    @torch.no_grad()
    def find_mean(self) -> Tensor:
        """The mean of w over z ~ N(0, 1), from a fixed seed: (style_size,)."""
        z = torch.randn(MEANS, self.config.latent_size, generator=torch.Generator().manual_seed(0))
        return self.styles(z).mean(0)
