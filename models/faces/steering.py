"""What else steers a generator than its latents: fine styles of another face, and directions that nobody named.

Style mixing is of Karras, Laine, Aila, "A Style-Based Generator Architecture for Generative Adversarial Networks",
2019, section 3.1. The directions are SeFa's (Shen, Zhou, "Closed-Form Factorization of Latent Semantics in GANs",
2021): those that a network's first layer, or all layers that read its styles, amplify most.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from models.architectures.biggan import BigGANGenerator
from models.architectures.fastgan import FastGANGenerator, drawing_form
from models.architectures.published_fastgan import PublishedFastGAN
from models.architectures.stylegan2 import StyledConvolution, StyleGAN2Generator
from models.errors import InvalidInput
from models.gan import (
    LARGEST_SEED,
    Generator,
    LatentGenerator,
    Latents,
    at_a_time,
    check_number,
    check_whole,
    draw,
    draw_latents,
)
from models.mixture import MixtureOfGaussians
from models.parts import ForwardPass, Spread, in_turn
from models.pixels import Pictures, to_pictures

MOST_DIRECTIONS = 8
MOST_LAYERS = 17  # with styles, of a StyleGAN2 of 1024 px
REACH = 4.0  # standard deviations along a direction, at the end of its slider


@dataclass(frozen=True)
class Steering:
    """How the pictures of latents are changed; as it stands, not at all."""

    fine_seed: int | None = None  # whose first face gives the fine styles; None: no mixing
    crossover: int = 1  # the first layer with fine styles, from 1
    moves: tuple[float, ...] = ()  # along each direction, -1 to 1
    label: int = 0  # the class, of a network that draws what a class asks for

    def __post_init__(self) -> None:
        if self.fine_seed is not None:
            check_whole(self.fine_seed, "seed of the fine styles", 0, LARGEST_SEED)
        check_whole(self.crossover, "first layer with fine styles", 1, MOST_LAYERS)
        if len(self.moves) > MOST_DIRECTIONS:
            raise InvalidInput(f"There are {len(self.moves)} directions; up to {MOST_DIRECTIONS} are accepted.")
        check_whole(self.label, "class", 0, LARGEST_SEED)
        for move in self.moves:
            check_number(move, "position along a direction", -1.0, 1.0)

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return self.fine_seed is not None or any(self.moves) or self.label > 0


def style_layers(network: LatentGenerator) -> int:
    """How many layers, after the first, may take the styles of another face; 0 of a network without styles."""
    return len(network.layers) if isinstance(network, StyleGAN2Generator) else 0


def has_directions(network: LatentGenerator) -> bool:
    """Whether a network has a layer that SeFa factorises."""
    return not isinstance(network, MixtureOfGaussians | BigGANGenerator)


def class_count(network: LatentGenerator) -> int:
    """How many classes a network draws; 0 of one that knows none."""
    return network.config.classes if isinstance(network, BigGANGenerator) else 0


@torch.no_grad()
def directions_of(network: LatentGenerator, count: int) -> Tensor:
    """The unit directions that a network amplifies most, in order: (count, latent_size) of z, or (count, style_size) of
    w where it has styles. A batch norm after the first layer, which scales its outputs, is part of the layer.

    Raises:
        InvalidInput: the network has none.
    """
    matrix = amplifier(network)  # (size, outputs)
    _, vectors = torch.linalg.eigh(matrix @ matrix.T)
    directions: Tensor = vectors.T.flip(0)[:count]
    return directions * directions.sum(1, keepdim=True).sign()  # the sign is free; this one is always the same


def amplifier(network: LatentGenerator) -> Tensor:
    """The weights that see the latent or the style first: (size, outputs)."""
    if isinstance(network, StyleGAN2Generator):
        reading = [layer.style for layer in network.layers if isinstance(layer, StyledConvolution)]
        return torch.cat([style.weight for style in reading]).T
    if isinstance(network, PublishedFastGAN):
        return network.first.weight.float().flatten(1)
    if isinstance(network, FastGANGenerator):
        first = drawing_form(network).first[0]
        assert isinstance(first, nn.ConvTranspose2d)
        return first.weight.float().flatten(1)
    if isinstance(network, Generator):
        first, norm = network.layers[0], network.layers[1]
        assert isinstance(first, nn.ConvTranspose2d) and isinstance(norm, nn.BatchNorm2d)
        assert norm.running_var is not None
        gain = norm.weight / (norm.running_var + norm.eps).sqrt()  # (C,)
        return (first.weight * gain[:, None, None]).float().flatten(1)
    raise InvalidInput("This network has no layer whose directions could be found.")


def draw_steered(
    network: LatentGenerator,
    latents: Latents,
    steering: Steering,
    *,
    truncation: float = 1.0,
    spread: Spread = in_turn,
) -> Pictures:
    """The pictures of given latents, changed.

    Args:
        network: in evaluation mode, on any device.
        latents: float32 (N, latent_size).
        steering: how they are changed.
        truncation: 0 (all alike) to 1 (full variety); of both faces where styles are mixed.
        spread: runs the forward passes, see models.parts.

    Returns:
        uint8 (N, resolution, resolution, channels).

    Raises:
        InvalidInput: the network has no styles, or no directions.
    """
    if steering.fine_seed is not None and not 1 <= steering.crossover <= style_layers(network):
        layers = style_layers(network)
        if not layers:
            raise InvalidInput("This network has no styles that could be mixed.")
        raise InvalidInput(
            f"The first layer with fine styles is {steering.crossover}; it has to be from 1 to {layers}."
        )
    if not steering:
        return draw(network, latents, truncation=truncation, spread=spread)
    check_whole(steering.label, "class", 0, max(0, class_count(network) - 1))
    work: ForwardPass
    if isinstance(network, StyleGAN2Generator):
        work = draw_styled_rows
    elif isinstance(network, BigGANGenerator):
        if any(steering.moves):
            amplifier(network)  # says that it has none
        work = draw_labelled_rows
    else:
        along = directions_of(network, len(steering.moves)).cpu().numpy()
        moved = latents + REACH * np.asarray(steering.moves, np.float32) @ along  # along a unit, z varies by 1
        return draw(network, np.asarray(moved, np.float32), truncation=truncation, spread=spread)
    check_number(truncation, "truncation", 0.0, 1.0)
    rows = np.ascontiguousarray(latents, dtype=np.float32)
    size = at_a_time(network)
    parts = [rows[start : start + size] for start in range(0, max(1, len(rows)), size)]
    drawn = spread(work, network, parts, remote=False, steering=steering, truncation=float(truncation))
    return np.concatenate([*drawn])


@torch.inference_mode()
def draw_labelled_rows(
    network: BigGANGenerator, latents: Latents, *, steering: Steering, truncation: float
) -> Pictures:
    """`draw_steered` in one forward pass of a network that draws what a class asks for."""
    device = next(network.parameters()).device
    return to_pictures(network(torch.from_numpy(latents).to(device), truncation, steering.label))


@torch.inference_mode()
def draw_styled_rows(
    network: StyleGAN2Generator, latents: Latents, *, steering: Steering, truncation: float
) -> Pictures:
    """`draw_steered` in one forward pass of a network with styles."""
    device = next(network.parameters()).device
    w = torch.lerp(network.mean, network.styles(torch.from_numpy(latents).to(device)), truncation)  # (N, style_size)
    styles = w[:, None].repeat(1, len(network.layers) + 1, 1)  # (N, layers and the last colours, style_size)
    if steering.fine_seed is not None:
        fine = draw_latents(network.config.latent_size, seed=steering.fine_seed, count=1)
        styles[:, steering.crossover :] = torch.lerp(
            network.mean, network.styles(torch.from_numpy(fine).to(device)), truncation
        )
    if any(steering.moves):
        along = directions_of(network, len(steering.moves))  # (K, style_size)
        moves = torch.tensor(steering.moves, device=device) * REACH * network.deviations(along)
        styles = styles + moves @ along
    return to_pictures(network.paint(styles))
