"""Generative adversarial networks of faces: generator, discriminator, and everything that is drawn with them.

The networks are DCGAN's (Radford, Metz, Chintala, "Unsupervised Representation Learning with Deep Convolutional
Generative Adversarial Networks", 2016, section 3): strided convolutions, batch normalisation, no pooling.
Sign convention of the discriminator, here and in the trainer: larger = more real.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import NDArray
from torch import Tensor, nn

from models.architectures.biggan import BigGANGenerator
from models.architectures.fastgan import FastGANGenerator, drawing_form
from models.architectures.published_fastgan import PublishedFastGAN
from models.architectures.stylegan2 import StyleGAN2Generator
from models.errors import InvalidInput
from models.mixture import MixtureOfGaussians
from models.parts import Spread, in_turn
from models.pixels import Pictures, to_network, to_pictures
from models.quantization import Network

SMALLEST = 4  # px, side of the first feature map
LARGEST_COUNT = 256  # pictures in one request
LARGEST_SEED = 2**31 - 1

Latents = NDArray[np.float32]


def check_architecture(resolution: int, channels: int, width: int) -> None:
    """Raises InvalidInput unless the three numbers describe a network that can be built."""
    if resolution not in (16, 32, 64, 128, 256):
        raise InvalidInput(f"The resolution is {resolution} px; 16, 32, 64, 128 and 256 are accepted.")
    if channels not in (1, 3):
        raise InvalidInput(f"The pictures have {channels} channels; 1 (grey) and 3 (colour) are accepted.")
    if width < 1:
        raise InvalidInput(f"The width is {width} feature maps; it has to be at least 1.")


@dataclass(frozen=True)
class GeneratorConfig:
    """Architecture of a generator."""

    family: str = "gan-generator"
    resolution: int = 64  # px, side of the square picture: 16, 32, 64, 128 or 256
    channels: int = 3  # 1 grey, 3 RGB
    latent_size: int = 100  # numbers in z, drawn from N(0, 1)
    width: int = 32  # feature maps before the last layer; doubled at every halving of the side

    def __post_init__(self) -> None:
        check_architecture(self.resolution, self.channels, self.width)
        if self.latent_size < 1:
            raise InvalidInput(f"The latent has {self.latent_size} numbers; it needs at least 1.")


@dataclass(frozen=True)
class DiscriminatorConfig:
    """Architecture of a discriminator."""

    family: str = "gan-discriminator"
    resolution: int = 64  # px, side of the square picture: 16, 32, 64, 128 or 256
    channels: int = 3  # 1 grey, 3 RGB
    width: int = 32  # feature maps after the first layer; doubled at every halving of the side

    def __post_init__(self) -> None:
        check_architecture(self.resolution, self.channels, self.width)


def doublings(resolution: int) -> int:
    """How many times the side doubles from the first feature map to the picture."""
    return int(math.log2(resolution // SMALLEST))


class Generator(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["gan", "image-generation"]):
    """z → picture. DCGAN's generator, with as many layers as the resolution asks for."""

    def __init__(self, config: GeneratorConfig):
        super().__init__()
        self.config = config
        width = config.width * 2 ** (doublings(config.resolution) - 1)
        layers: list[nn.Module] = [
            nn.ConvTranspose2d(config.latent_size, width, SMALLEST, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
        ]
        while width > config.width:
            layers += [
                nn.ConvTranspose2d(width, width // 2, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(width // 2),
                nn.ReLU(inplace=True),
            ]
            width //= 2
        layers += [nn.ConvTranspose2d(width, config.channels, 4, stride=2, padding=1), nn.Tanh()]
        self.layers = nn.Sequential(*layers)
        self.layers.apply(initialise)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, z: Tensor, truncation: float = 1.0) -> Tensor:
        """Draws.

        Args:
            z: (N, latent_size), nominally N(0, 1).
            truncation: 0 (all alike) to 1 (full variety). As in StyleGAN's truncation trick (Karras et al. 2019,
                appendix B), not z but the output of the first layer is pulled towards its mean: shrinking z itself
                costs a DCGAN both variety and quality.

        Returns:
            (N, channels, resolution, resolution) in [-1, 1].
        """
        first, rest = self.layers[:3], self.layers[3:]
        x: Tensor = first(z[:, :, None, None])  # (N, C, 4, 4)
        if truncation < 1:
            x = torch.lerp(self.mean_activation(), x, truncation)
        drawn: Tensor = rest(x)
        return drawn

    def mean_activation(self) -> Tensor:
        """E relu(BN(conv(z))) of the first layer for z ~ N(0, 1), in evaluation mode: (C, 4, 4).

        Each input a of the relu is Gaussian, with a mean m and a standard deviation s that follow from the weights, so
        E max(0, a) = m Φ(m / s) + s φ(m / s).
        """
        convolution, norm = self.layers[0], self.layers[1]
        assert isinstance(convolution, nn.ConvTranspose2d) and isinstance(norm, nn.BatchNorm2d)
        assert norm.running_mean is not None and norm.running_var is not None
        gain = norm.weight / (norm.running_var + norm.eps).sqrt()  # (C,)
        mean = (norm.bias - norm.running_mean * gain)[:, None, None]  # (C, 1, 1)
        deviation = convolution.weight.square().sum(0).sqrt() * gain.abs()[:, None, None]  # (C, 4, 4)
        ratio = mean / deviation.clamp_min(1e-12)
        density = torch.exp(-(ratio**2) / 2) / math.sqrt(2 * math.pi)
        expected: Tensor = mean * torch.special.ndtr(ratio) + deviation * density  # (C, 4, 4)
        return expected


class Discriminator(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["gan", "discriminator"]):
    """Picture → one number, larger = more real. DCGAN's discriminator, without the final sigmoid."""

    def __init__(self, config: DiscriminatorConfig):
        super().__init__()
        self.config = config
        width = config.width
        layers: list[nn.Module] = [
            nn.Conv2d(config.channels, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2, inplace=True),
        ]
        for _ in range(doublings(config.resolution) - 1):
            layers += [
                nn.Conv2d(width, width * 2, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(width * 2),
                nn.LeakyReLU(0.2, inplace=True),
            ]
            width *= 2
        layers += [nn.Conv2d(width, 1, SMALLEST)]
        self.layers = nn.Sequential(*layers)
        self.layers.apply(initialise)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, channels, resolution, resolution) in [-1, 1]. Returns logits (N,)."""
        logits: Tensor = self.layers(x)  # (N, 1, 1, 1)
        return logits.flatten()


def initialise(layer: nn.Module) -> None:
    """DCGAN's initialisation (2016, section 4): convolutions N(0, 0.02), batch-norm gains N(1, 0.02)."""
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)


# --- latents -----------------------------------------------------------------------------------------------------


def draw_latents(latent_size: int, *, seed: int, count: int) -> Latents:
    """Latents of a seed, the same on every machine; the first k do not depend on `count`.

    Args:
        latent_size: numbers in one latent.
        seed: 0 to 2**31 - 1.
        count: 1 to 256.

    Returns:
        float32 (count, latent_size), N(0, 1).

    Raises:
        InvalidInput: seed or count out of range or not a whole number.
    """
    check_whole(seed, "seed", 0, LARGEST_SEED)
    check_whole(count, "number of pictures", 1, LARGEST_COUNT)
    source = torch.Generator().manual_seed(int(seed))
    rows = [torch.randn(latent_size, generator=source) for _ in range(int(count))]
    return np.asarray(torch.stack(rows).numpy())  # (count, latent_size)


def neighbours(latent: Latents, *, seed: int, count: int, spread: float = 0.4) -> Latents:
    """Latents near one latent, for breeding: z' = √(1 - s²) z + s ε with ε ~ N(0, 1), which keeps N(0, 1).

    Args:
        latent: float32 (latent_size,).
        seed: of ε, 0 to 2**31 - 1.
        count: 1 to 256.
        spread: s, 0 (copies) to 1 (strangers).

    Returns:
        float32 (count, latent_size).
    """
    check_number(spread, "spread", 0.0, 1.0)
    noise = draw_latents(len(latent), seed=seed, count=count)
    return np.asarray(math.sqrt(1 - spread**2) * latent + spread * noise, dtype=np.float32)


def interpolate(start: Latents, end: Latents, *, steps: int) -> Latents:
    """Latents along the great circle from one to another, lengths interpolated linearly (White, "Sampling Generative
    Networks", 2016, section 2.1). A straight line would pass near 0, where N(0, 1) in 100 dimensions has no mass.

    Args:
        start, end: float32 (latent_size,).
        steps: latents returned, both ends included, 2 to 256.

    Returns:
        float32 (steps, latent_size).
    """
    check_whole(steps, "number of frames", 2, LARGEST_COUNT)
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    cosine = np.clip(np.dot(start, end) / max(lengths[0] * lengths[1], 1e-12), -1, 1)
    angle = np.arccos(cosine)
    t = np.linspace(0, 1, int(steps), dtype=np.float32)[:, None]  # (steps, 1)
    if np.sin(angle) < 1e-4:  # parallel: the great circle is the line
        return np.asarray((1 - t) * start + t * end, dtype=np.float32)
    a, b = np.sin((1 - t) * angle) / np.sin(angle), np.sin(t * angle) / np.sin(angle)
    directions = a * start / lengths[0] + b * end / lengths[1]  # (steps, latent_size), length 1
    return np.asarray(directions * ((1 - t) * lengths[0] + t * lengths[1]), dtype=np.float32)


# --- pictures ----------------------------------------------------------------------------------------------------

LargeGenerator = (
    StyleGAN2Generator | PublishedFastGAN | BigGANGenerator
)  # of others: a picture takes a part of a second, or seconds
LatentGenerator = Generator | FastGANGenerator | MixtureOfGaussians | LargeGenerator  # turns latents into pictures

BATCH = 64  # pictures at a time
PIXELS = 2**19  # of the pictures that a large network draws at a time, so that its feature maps need little memory
# Pictures that are sent to another machine at a time. A request for fewer, as from a slider or the quiz, is drawn here:
# at 1.5 ms a picture on one processor, that is done before an answer would be back.
MANY = 16


def draw(network: LatentGenerator, latents: Latents, *, truncation: float = 1.0, spread: Spread = in_turn) -> Pictures:
    """The pictures of given latents.

    Args:
        network: in evaluation mode, on any device.
        latents: float32 (N, latent_size).
        truncation: 0 (all alike) to 1 (full variety), see the network's `forward`.
        spread: runs the forward passes, see models.parts.

    Returns:
        uint8 (N, resolution, resolution, channels).
    """
    check_number(truncation, "truncation", 0.0, 1.0)
    rows = np.ascontiguousarray(latents, dtype=np.float32)
    size = min(BATCH if spread is in_turn else MANY, at_a_time(network))
    parts = [rows[start : start + size] for start in range(0, max(1, len(rows)), size)]
    return np.concatenate([*spread(draw_rows, network, parts, remote=len(rows) >= MANY, truncation=float(truncation))])


def at_a_time(network: LatentGenerator) -> int:
    """How many pictures a network may draw in one forward pass."""
    return max(1, PIXELS // network.config.resolution**2) if isinstance(network, LargeGenerator) else BATCH


@torch.inference_mode()
def draw_rows(network: LatentGenerator, latents: Latents, *, truncation: float) -> Pictures:
    """`draw` in one forward pass."""
    device = next(network.parameters()).device
    drawer = drawing_form(network) if isinstance(network, FastGANGenerator) else network
    return to_pictures(drawer(torch.from_numpy(latents).to(device), truncation))


def generate(
    network: LatentGenerator, *, seed: int = 1, count: int = 16, truncation: float = 1.0, spread: Spread = in_turn
) -> Pictures:
    """Pictures that never existed: same seed, same pictures, on every machine within rounding.

    Args:
        network: a generator from `models.load`.
        seed: 0 to 2**31 - 1.
        count: 1 to 256 pictures.
        truncation: 0 (all alike) to 1 (full variety).
        spread: as of `draw`.

    Returns:
        uint8 (count, resolution, resolution, channels).

    Raises:
        InvalidInput: an argument out of its range.
    """
    latents = draw_latents(network.config.latent_size, seed=seed, count=count)
    return draw(network, latents, truncation=truncation, spread=spread)


def morph(
    network: LatentGenerator,
    *,
    seed_a: int,
    seed_b: int,
    frames: int = 9,
    truncation: float = 1.0,
    spread: Spread = in_turn,
) -> Pictures:
    """The first picture of `seed_a` turning into the first of `seed_b`, along the sphere.

    Returns:
        uint8 (frames, resolution, resolution, channels); frames from 2 to 256.
    """
    size = network.config.latent_size
    start, end = (draw_latents(size, seed=seed, count=1)[0] for seed in (seed_a, seed_b))
    return draw(network, interpolate(start, end, steps=frames), truncation=truncation, spread=spread)


@torch.inference_mode()
def judge(network: Discriminator, pictures: Pictures) -> NDArray[np.float32]:
    """The discriminator's logits, larger = more real.

    At its optimum the logit is log p_data(x) - log p_generated(x) (Goodfellow et al. 2014, proposition 1), so of two
    pictures, one of them real, the first is the real one with probability σ(logit_1 - logit_2).

    Args:
        network: in evaluation mode.
        pictures: uint8 (N, resolution, resolution, channels).

    Returns:
        float32 (N,).
    """
    config = network.config
    expected = (config.resolution, config.resolution, config.channels)
    if pictures.shape[1:] != expected:
        raise InvalidInput(f"This discriminator judges pictures of {expected}, got {pictures.shape[1:]}.")
    device = next(network.parameters()).device
    logits = [network(part.to(device)).float().cpu() for part in to_network(pictures).split(64)]
    return np.asarray(torch.cat(logits).numpy())


# --- checks ------------------------------------------------------------------------------------------------------


def check_whole(value: float, name: str, low: int, high: int) -> None:
    """Raises InvalidInput unless the value is a whole number from low to high."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)) or value != value // 1:
        raise InvalidInput(f"The {name} is {shortened(value)}; it has to be a whole number from {low:,} to {high:,}.")
    if not low <= value <= high:
        told = f"{value:,.0f}" if abs(value) < 1e18 else shortened(value)
        raise InvalidInput(f"The {name} is {told}; it has to be from {low:,} to {high:,}.")


def check_number(value: float, name: str, low: float, high: float) -> None:
    """Raises InvalidInput unless the value is a number from low to high."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise InvalidInput(f"The {name} is {shortened(value)}; it has to be a number from {low:g} to {high:g}.")
    if not low <= value <= high:  # false for nan, too
        told = f"{value:g}" if abs(value) < 1e300 else shortened(value)
        raise InvalidInput(f"The {name} is {told}; it has to be from {low:g} to {high:g}.")


def shortened(value: object) -> str:
    """A value of any kind, cut to a length that fits into a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
