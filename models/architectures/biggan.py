"""BigGAN-deep's generator, for loading published weights.

Brock, Donahue, Simonyan, "Large Scale GAN Training for High Fidelity Natural Image Synthesis", 2019, appendix B. Blocks
of four convolutions, whose batch normalisation a class and z scale; self-attention at one size (Zhang et al.,
"Self-Attention Generative Adversarial Networks", 2019). Spectral normalisation is multiplied into the weights
(models.checkpoints.biggan).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.architectures.embedding import embedding
from models.errors import InvalidInput

SMALLEST = 4  # px, side of the first feature map
EPSILON = 1e-4  # of batch normalisation
CUT = 2.0  # standard deviations at which the normal distribution of z ends


@dataclass(frozen=True)
class BigGANConfig:
    """Architecture of a BigGAN-deep generator."""

    family: str = "biggan-generator"
    latent_size: int = 128  # numbers in z
    classes: int = 1000
    blocks: tuple[tuple[int, int, bool], ...] = ((2048, 2048, False), (2048, 128, True))  # inputs, outputs, doubles
    attention: int = -1  # the block before which there is self-attention; -1: none
    statistics: int = 51  # truncations from 0 to 1 for which the file has means and variances
    channels: int = 3

    def __post_init__(self) -> None:
        if self.resolution not in [SMALLEST << n for n in range(1, 8)]:
            raise InvalidInput(f"The resolution is {self.resolution} px; powers of two up to 512 are accepted.")

    @property
    def resolution(self) -> int:
        """px, side of the square picture."""
        return SMALLEST << sum(doubles for _, _, doubles in self.blocks)


class ConditionalNorm(nn.Module):
    """Batch normalisation with the statistics of a truncation; gain and shift come from z and class, if there is a
    condition, and else are the network's."""

    def __init__(self, width: int, statistics: int, condition: int = 0):
        super().__init__()
        self.register_buffer("means", torch.zeros(statistics, width))
        self.register_buffer("variances", torch.ones(statistics, width))
        self.means: Tensor
        self.variances: Tensor
        self.gain: nn.Linear | nn.Parameter
        self.shift: nn.Linear | nn.Parameter
        if condition:
            self.gain, self.shift = (nn.Linear(condition, width, bias=False) for _ in range(2))
        else:
            self.gain, self.shift = (nn.Parameter(torch.zeros(width)) for _ in range(2))

    def forward(self, x: Tensor, condition: Tensor, truncation: float) -> Tensor:
        """(N, width, H, W), (N, condition) → (N, width, H, W)."""
        place = truncation * (len(self.means) - 1)
        before = min(int(place), len(self.means) - 2)
        mean = torch.lerp(self.means[before], self.means[before + 1], place - before)
        variance = torch.lerp(self.variances[before], self.variances[before + 1], place - before)
        if isinstance(self.gain, nn.Linear) and isinstance(self.shift, nn.Linear):
            gain, shift = 1 + self.gain(condition), self.shift(condition)  # (N, width)
        else:
            gain, shift = self.gain[None], self.shift[None]  # type: ignore[index]
        gain = gain * torch.rsqrt(variance + EPSILON)
        drawn: Tensor = x * gain[:, :, None, None] + (shift - mean * gain)[:, :, None, None]
        return drawn


class Block(nn.Module):
    """Four convolutions beside a shortcut, which drops half of the channels where there are fewer behind."""

    def __init__(self, inputs: int, outputs: int, config: BigGANConfig, *, doubles: bool):
        super().__init__()
        self.doubles = doubles
        self.outputs = outputs
        middle, condition = inputs // 4, 2 * config.latent_size
        widths = (inputs, middle, middle, middle)
        self.norms = nn.ModuleList(ConditionalNorm(width, config.statistics, condition) for width in widths)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, size, padding=size // 2)
            for before, after, size in zip(widths, (*widths[1:], outputs), (1, 3, 3, 1), strict=True)
        )

    def forward(self, x: Tensor, condition: Tensor, truncation: float) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, H or 2H, W or 2W)."""
        y = x
        for number, (norm, convolution) in enumerate(zip(self.norms, self.convolutions, strict=True)):
            y = functional.relu(norm(y, condition, truncation))
            if self.doubles and number == 1:
                y = functional.interpolate(y, scale_factor=2.0, mode="nearest")
            y = convolution(y)
        x = x[:, : self.outputs]
        return y + (functional.interpolate(x, scale_factor=2.0, mode="nearest") if self.doubles else x)


class SelfAttention(nn.Module):
    """Every place takes from all others, of a map of half the side, what they hold of what it looks for."""

    def __init__(self, width: int):
        super().__init__()
        self.query, self.key = (nn.Conv2d(width, width // 8, 1, bias=False) for _ in range(2))
        self.content = nn.Conv2d(width, width // 2, 1, bias=False)
        self.back = nn.Conv2d(width // 2, width, 1, bias=False)
        self.strength = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """(N, width, H, W) → (N, width, H, W)."""
        query = self.query(x).flatten(2)  # (N, w / 8, H W)
        key, content = (functional.max_pool2d(layer(x), 2).flatten(2) for layer in (self.key, self.content))
        weights = torch.softmax(query.transpose(1, 2) @ key, 2)  # (N, H W, H W / 4)
        taken = (content @ weights.transpose(1, 2)).unflatten(2, x.shape[2:])  # (N, w / 2, H, W)
        drawn: Tensor = x + self.strength * self.back(taken)
        return drawn


class BigGANGenerator(nn.Module):
    """z and a class → picture."""

    def __init__(self, config: BigGANConfig):
        super().__init__()
        self.config = config
        first, last = config.blocks[0][0], config.blocks[-1][1]
        self.classes = embedding(config.classes, config.latent_size)
        self.first = nn.Linear(2 * config.latent_size, SMALLEST**2 * first)
        self.blocks = nn.ModuleList(
            Block(inputs, outputs, config, doubles=doubles) for inputs, outputs, doubles in config.blocks
        )
        self.attention = SelfAttention(config.blocks[config.attention][0]) if config.attention >= 0 else None
        self.norm = ConditionalNorm(last, config.statistics)
        self.to_picture = nn.Conv2d(last, config.channels, 3, padding=1)

    def forward(self, z: Tensor, truncation: float = 1.0, label: int = 0) -> Tensor:
        """Draws.

        Args:
            z: (N, latent_size), nominally N(0, 1), which is brought into the normal distribution cut at ±2.
            truncation: 0 (all alike) to 1 (full variety): z is multiplied by it.
            label: the class, from 0.

        Returns:
            (N, 3, resolution, resolution) in [-1, 1].
        """
        low = torch.special.ndtr(torch.tensor(-CUT))
        z = torch.special.ndtri(low + torch.special.ndtr(z) * (1 - 2 * low)) * truncation
        kind = self.classes(torch.full((len(z),), label, device=z.device))
        return self.paint(torch.cat([z, kind], 1), truncation)

    def paint(self, condition: Tensor, truncation: float) -> Tensor:
        """z and the vector of a class (N, 2 latent_size) → pictures."""
        x = self.first(condition).unflatten(1, (SMALLEST, SMALLEST, -1)).movedim(3, 1)  # (N, w, 4, 4)
        for number, block in enumerate(self.blocks):
            if self.attention is not None and number == self.config.attention:
                x = self.attention(x)
            x = block(x, condition, truncation)
        return torch.tanh(self.to_picture(functional.relu(self.norm(x, condition, truncation))))
