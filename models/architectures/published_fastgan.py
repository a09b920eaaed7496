"""FastGAN's generator as its authors publish it, and Projected GAN's, for loading their weights.

Liu, Zhu, Song, Elgammal, "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image Synthesis", 2021
(https://github.com/odegeasslbc/FastGAN-pytorch); Sauer, Chitta, Müller, Geiger, "Projected GANs Converge Faster", 2021
(https://github.com/autonomousvision/projected-gan). Ours (models.architectures.fastgan) has fewer layers, and no noise.
Spectral and batch normalisation are multiplied into the convolutions (models.checkpoints.fastgan).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.errors import InvalidInput

SMALLEST = 4  # px, side of the first feature map
EXCITED = (64, 128, 256, 512)  # px, sides whose channels a map of a 16th of the side scales
NOISE_SEED = 0
MEANS = 1024  # latents whose mean first map stands for that of all


@dataclass(frozen=True)
class PublishedFastGANConfig:
    """Architecture of a FastGAN generator of its authors."""

    family: str = "published-fastgan-generator"
    resolution: int = 256  # px, side of the square picture: 128, 256, 512 or 1024
    channels: int = 3  # 1 grey, 3 RGB
    latent_size: int = 256  # numbers in z, drawn from N(0, 1)
    widths: tuple[int, ...] = (1024, 512, 256, 128, 128, 64, 32)  # feature maps at 4, 8, 16, ... px
    double: tuple[int, ...] = (8, 32, 128, 512)  # px, sides with two convolutions
    projected: bool = False  # of Projected GAN: only the direction of z counts

    def __post_init__(self) -> None:
        if self.resolution not in (128, 256, 512, 1024):
            raise InvalidInput(f"The resolution is {self.resolution} px; 128, 256, 512 and 1024 are accepted.")
        if self.channels not in (1, 3):
            raise InvalidInput(f"The pictures have {self.channels} channels; 1 (grey) and 3 (colour) are accepted.")

    @property
    def sides(self) -> list[int]:
        """The sides of the feature maps, px: 4, 8, ... up to the resolution."""
        return [SMALLEST << n for n in range((self.resolution // SMALLEST).bit_length())]


class GatedConvolution(nn.Module):
    """A convolution of 3 x 3, noise, and a gated linear unit."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, 2 * outputs, 3, padding=1)
        self.strength = nn.Parameter(torch.zeros(2 * outputs))  # of the noise in each channel

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, H, W). The noise is the same in every picture."""
        y = self.convolution(x)
        noise = torch.randn(y.shape[2:], generator=torch.Generator().manual_seed(NOISE_SEED)).to(y)
        return functional.glu(y + self.strength[:, None, None] * noise, 1)


class Excitation(nn.Module):
    """A small feature map → a factor in (0, 1) for each channel of a large one."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, SMALLEST, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 1, bias=False)

    def forward(self, small: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, 1, 1)."""
        x = functional.silu(self.first(functional.adaptive_avg_pool2d(small, SMALLEST)))
        return torch.sigmoid(self.second(x))


class PublishedFastGAN(nn.Module):
    """z → picture."""

    def __init__(self, config: PublishedFastGANConfig):
        super().__init__()
        self.config = config
        widths = config.widths
        self.first = nn.ConvTranspose2d(config.latent_size, 2 * widths[0], SMALLEST)
        self.register_buffer("mean", torch.zeros(widths[0], SMALLEST, SMALLEST))  # of the first map
        self.mean: Tensor
        self.blocks = nn.ModuleDict()
        self.excitations = nn.ModuleDict()
        for number, side in enumerate(config.sides[1:], start=1):
            layers = [GatedConvolution(widths[number - 1], widths[number])]
            if side in config.double:
                layers.append(GatedConvolution(widths[number], widths[number]))
            self.blocks[str(side)] = nn.Sequential(*layers)
            if side in EXCITED:
                self.excitations[str(side)] = Excitation(widths[number - 4], widths[number])
        self.to_picture = nn.Conv2d(widths[-1], config.channels, 3, padding=1)

    def forward(self, z: Tensor, truncation: float = 1.0) -> Tensor:
        """Draws.

        Args:
            z: (N, latent_size), nominally N(0, 1).
            truncation: 0 (all alike) to 1 (full variety): the first feature map is pulled to its mean.

        Returns:
            (N, channels, resolution, resolution), nominally in [-1, 1].
        """
        x = self.start(z)
        if truncation < 1:
            x = torch.lerp(self.mean, x, truncation)
        maps = {SMALLEST: x}
        for side in self.config.sides[1:]:
            x = self.blocks[str(side)](functional.interpolate(x, scale_factor=2.0, mode="nearest"))
            if side in EXCITED:
                x = x * self.excitations[str(side)](maps[side // 16])
            maps[side] = x
        drawn: Tensor = self.to_picture(x)
        ends = self.config.resolution == 1024 and not self.config.projected  # only then do the authors' pictures
        return torch.tanh(drawn) if ends else drawn

    def start(self, z: Tensor) -> Tensor:
        """z → the first feature map (N, w, 4, 4)."""
        if self.config.projected:
            z = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        return functional.glu(self.first(z[:, :, None, None]), 1)

    @torch.no_grad()
    def find_mean(self) -> Tensor:
        """The mean first map over z ~ N(0, 1), from a fixed seed: (w, 4, 4)."""
        z = torch.randn(MEANS, self.config.latent_size, generator=torch.Generator().manual_seed(0))
        return self.start(z).mean(0)
