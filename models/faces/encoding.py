"""A face found again in a generator's latent space: an encoder network guesses, descent on what is drawn refines.

Zhu, Krähenbühl, Shechtman, Efros, "Generative Visual Manipulation on the Natural Image Manifold", 2016, section 3.2:
the guess of a network as the start of the descent is better than either alone. The result is the generator's own
picture, which resembles the photograph as far as the generator can draw anything like it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import Tensor, nn
from torch.nn import functional

from models.architectures.fastgan import FastGANGenerator, drawing_form
from models.errors import InvalidInput
from models.features import FeatureNetwork, convolution
from models.gan import Generator, Latents
from models.pixels import Pictures, to_network, to_pictures
from models.quantization import Network

SIDE = 64  # px, of the picture that the encoder sees
BATCH = 50  # pictures at a time
STEPS = 60  # of the descent
RATE = 0.1  # of Adam at the first step, on a latent of unit root mean square
WARM_UP = 5  # steps
FEATURES = 0.5  # weight of the distance in features beside that in pixels
LEVELS = 4  # halvings of the side at which pixels are compared: 64, 32, 16 and 8 px of 128

Progress = Callable[[float], None]  # told the share that is done, 0 to 1; may raise to stop
Drawer = Callable[[Tensor], Tensor]  # z (N, latent_size) -> (N, C, H, W) in [-1, 1], with a derivative


@dataclass(frozen=True)
class LatentEncoderConfig:
    """Architecture of an encoder."""

    family: str = "latent-encoder"
    channels: int = 3  # of the pictures, 1 grey, 3 RGB
    latent_size: int = 128  # numbers in a latent of the generator it belongs to
    width: int = 32  # feature maps of the first layer; two, three and four times as many in those after it
    hidden_size: int = 256  # numbers in the layer before the last

    def __post_init__(self) -> None:
        if self.channels not in (1, 3):
            raise InvalidInput(f"The pictures have {self.channels} channels; 1 (grey) and 3 (colour) are accepted.")
        for name in ("latent_size", "width", "hidden_size"):
            if getattr(self, name) < 1:
                raise InvalidInput(f"The {name} of an encoder is {getattr(self, name)}; it has to be at least 1.")


class LatentEncoder(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["gan", "gan-inversion"]):
    """Picture → z."""

    def __init__(self, config: LatentEncoderConfig):
        super().__init__()
        self.config = config
        w = config.width
        self.layers = nn.Sequential(
            *convolution(config.channels, w, side=4, stride=2),  # (N, w, 32, 32)
            *convolution(w, 2 * w),
            *convolution(2 * w, 2 * w, side=4, stride=2),  # (N, 2w, 16, 16)
            *convolution(2 * w, 3 * w),
            *convolution(3 * w, 3 * w, side=4, stride=2),  # (N, 3w, 8, 8)
            *convolution(3 * w, 4 * w),
            nn.AdaptiveAvgPool2d(4),  # (N, 4w, 4, 4)
            nn.Flatten(),
            nn.Linear(64 * w, config.hidden_size),
            nn.BatchNorm1d(config.hidden_size),
            nn.ReLU(inplace=True),
            nn.Linear(config.hidden_size, config.latent_size),
        )
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, channels, H, W) in [-1, 1], resized to 64 px. Returns latents (N, latent_size) of unit root mean
        square, which is where N(0, 1) has nearly all its mass."""
        if x.shape[2:] != (SIDE, SIDE):
            x = functional.interpolate(x, size=(SIDE, SIDE), mode="bilinear", antialias=True)
        return unit(self.layers(x.contiguous(memory_format=torch.channels_last)).float())


def unit(z: Tensor) -> Tensor:
    """Latents (N, latent_size) scaled to a root mean square of 1."""
    return z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)


@dataclass(frozen=True)
class Found:
    """A face as the generator draws it."""

    latent: Latents  # float32 (latent_size,), root mean square 1
    picture: Pictures  # uint8 (1, H, W, C), drawn from it
    pixel_distance: float  # mean difference of the two pictures' blurred versions, in levels of 255
    feature_distance: float  # of the two pictures' features, over the length of the photograph's: 0 (alike) to about 2


@torch.inference_mode()
def encode(encoder: LatentEncoder, pictures: Pictures) -> Latents:
    """The encoder's guesses.

    Args:
        encoder: in evaluation mode, from `models.load("faces-128", part="encoder")`.
        pictures: uint8 (N, H, W, C), faces with the eyes where the generator's training pictures have them.

    Returns:
        float32 (N, latent_size).

    Raises:
        InvalidInput: another number of channels.
    """
    if pictures.ndim != 4 or pictures.shape[3] != encoder.config.channels:
        raise InvalidInput(f"This encoder reads pictures (N, H, W, {encoder.config.channels}), got {pictures.shape}.")
    parts = [pictures[start : start + BATCH] for start in range(0, len(pictures), BATCH)]
    return np.concatenate([encoder(to_network(part)).numpy() for part in parts])


def find_latent(
    generator: FastGANGenerator | Generator,
    encoder: LatentEncoder,
    reader: FeatureNetwork,
    picture: Pictures,
    *,
    steps: int = STEPS,
    progress: Progress | None = None,
) -> Found:
    """The latent whose picture is nearest to a photograph of a face: the encoder's guess, then Adam on the latent.

    What is compared are pixels at four reduced sizes and the features of a network that reads faces. The same picture
    always leads to the same latent on one machine.

    Args:
        generator: in evaluation mode.
        encoder: of this generator, in evaluation mode.
        reader: whose features are compared, in evaluation mode.
        picture: uint8 (1, side, side, C) as the generator draws them, see `encode`.
        steps: of the descent, 0 (the guess alone) to 1,000.
        progress: is told the share that is done before every step; it may raise to stop.

    Raises:
        InvalidInput: a picture of another shape, or a number of steps out of range.
    """
    config = generator.config
    expected = (1, config.resolution, config.resolution, config.channels)
    if picture.shape != expected:
        raise InvalidInput(f"One picture of shape {expected} is looked for, got {picture.shape}.")
    if not 0 <= steps <= 1_000:
        raise InvalidInput(f"The number of steps is {steps}; it has to be from 0 to 1,000.")
    draw = drawer_of(generator)
    target = Target(reader, to_network(picture))
    z = torch.from_numpy(encode(encoder, picture)).requires_grad_(True)
    optimiser = torch.optim.Adam([z], lr=RATE, betas=(0.9, 0.99))
    best, best_loss = None, math.inf
    for step in range(steps + 1):  # the last one only looks
        if progress:
            progress(step / max(1, steps))
        with torch.enable_grad():
            drawn = draw(z).float()
            pixels, features = target.distances(drawn)
            loss = pixels + FEATURES * features
        if loss.item() < best_loss:
            best_loss = loss.item()
            best = Found(z[0].detach().numpy().copy(), to_pictures(drawn), pixels.item() * 127.5, features.item())
        if step == steps:
            break
        rate = min(1, (step + 1) / WARM_UP) * (1 + math.cos(math.pi * step / steps)) / 2
        optimiser.param_groups[0]["lr"] = RATE * rate
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            z.copy_(unit(z))
    assert best is not None  # there was one step at least
    return best


def drawer_of(generator: FastGANGenerator | Generator) -> Drawer:
    """The generator as it draws fastest, with a derivative by z."""
    return drawing_form(generator) if isinstance(generator, FastGANGenerator) else generator


class Target:
    """A photograph, and how far pictures are from it."""

    def __init__(self, reader: FeatureNetwork, x: Tensor):
        """Args:
        reader: whose features are compared.
        x: (N, C, H, W) in [-1, 1].
        """
        self.reader = reader
        self.levels = pyramid(x)
        with torch.no_grad():
            self.features = reader.features(x)  # (N, feature_size)
            self.length = self.features.square().sum(1).clamp_min(1e-8)  # (N,)

    def distances(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """Of pictures y (N, C, H, W), means over N: in pixels, mean absolute difference over the reduced sizes, 0 to 2;
        in features, squared and relative to the photograph's."""
        pairs = zip(self.levels, pyramid(y), strict=True)
        pixels = torch.stack([(ours - theirs).abs().mean() for ours, theirs in pairs]).mean()
        features = ((self.reader.features(y) - self.features).square().sum(1) / self.length).mean()
        return pixels, features


def pyramid(x: Tensor) -> list[Tensor]:
    """Pictures (N, C, H, W) at half, a quarter, ... of their side: blurred, so that texture does not count."""
    levels = []
    for _ in range(LEVELS):
        x = functional.avg_pool2d(x, 2)
        levels.append(x)
    return levels
