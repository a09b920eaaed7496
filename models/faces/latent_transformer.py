"""From a face's latent to that of the same face with one thing changed: what the sliders with names are.

A straight line in z that makes a face smile makes it older, too. Here the way depends on where it starts: a small
network says, for each slider and each of its two ends, which way leads there from z (Yao et al., "A Latent Transformer
for Disentangled Face Editing in Images and Videos", 2021, in the latent space of FastGAN). With a width of 0 the ways
are the same everywhere, as the directions of SeFa are (Shen, Zhou, "Closed-Form Factorization of Latent Semantics in
GANs", 2021).
"""

from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.errors import InvalidInput
from models.quantization import Network

MOST_SLIDERS = 40
LARGEST_WIDTH = 4_096
FARTHEST = 10.0  # reach of a slider


@dataclass(frozen=True)
class LatentTransformerConfig:
    """Architecture of a latent transformer."""

    family: str = "latent-transformer"
    latent_size: int = 128  # numbers in z
    names: tuple[str, ...] = ("smile",)  # of the sliders: a reading of models.faces.attributes, or a computed name
    width: int = 256  # units of each of its two hidden layers; 0 for ways that do not depend on z
    reach: tuple[float, ...] = ()  # where each slider ends, in lengths of the way that was trained; () for 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))  # lists in config.json
        object.__setattr__(self, "reach", tuple(map(float, self.reach)))
        if not 1 <= len(self.names) <= MOST_SLIDERS:
            raise InvalidInput(f"There are {len(self.names)} sliders; 1 to {MOST_SLIDERS} are accepted.")
        if self.reach and (len(self.reach) != len(self.names) or not all(0 < one <= FARTHEST for one in self.reach)):
            raise InvalidInput(
                f"The reach of {len(self.names)} sliders is {self.reach}; each needs a number over 0, at most "
                f"{FARTHEST:g}."
            )
        if self.latent_size < 1 or not 0 <= self.width <= LARGEST_WIDTH:
            raise InvalidInput(
                f"A latent of {self.latent_size} numbers and a width of {self.width} are no latent transformer; at "
                f"least 1, and 0 to {LARGEST_WIDTH:,}, are accepted."
            )


class LatentTransformer(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["gan", "latent-editing"]):
    """z and where the sliders stand → z of the changed face."""

    def __init__(self, config: LatentTransformerConfig):
        super().__init__()
        self.config = config
        ends = 2 * len(config.names)  # of slider 1 the yes-end, the no-end, of slider 2 the yes-end, ...
        self.ways = nn.Parameter(torch.zeros(ends, config.latent_size))  # what does not depend on z
        if config.width:
            self.first = nn.Linear(config.latent_size, config.width)
            self.which = nn.Parameter(torch.randn(ends, config.width) * 0.5)
            self.second = nn.Linear(config.width, config.width)
            self.last = nn.Linear(config.width, config.latent_size)
            nn.init.zeros_(self.last.weight)
            nn.init.zeros_(self.last.bias)

    def forward(self, z: Tensor, amounts: Tensor) -> Tensor:
        """The latents of changed faces.

        Args:
            z: (N, latent_size), only its direction counts.
            amounts: (N, K), from -1 (the no-end) over 0 (no change) to 1 (the yes-end) for each slider.

        Returns:
            (N, latent_size) of unit RMS; z itself, brought to unit RMS, where all amounts are 0.
        """
        unit = normalised(z)
        if self.config.reach:
            amounts = amounts * torch.tensor(self.config.reach)
        shares = torch.stack([amounts.clamp(min=0), (-amounts).clamp(min=0)], dim=2).flatten(1)  # (N, 2K)
        moved: Tensor = unit + torch.einsum("nk,nkl->nl", shares, self.to_ends(unit))
        return normalised(moved)

    def to_ends(self, unit: Tensor) -> Tensor:
        """The way from z, of unit RMS, to each end of each slider: (N, 2K, latent_size)."""
        ways = self.ways.expand(len(unit), -1, -1)
        if not self.config.width:
            return ways
        hidden = functional.silu(self.first(unit)[:, None] + self.which)  # (N, 2K, width)
        further: Tensor = self.last(functional.silu(self.second(hidden)))
        return ways + further


def normalised(z: Tensor) -> Tensor:
    """Latents (N, L) at unit RMS."""
    unit: Tensor = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
    return unit


@torch.inference_mode()
def moved(
    transformer: LatentTransformer, latents: NDArray[np.float32], amounts: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The latents of faces whose sliders stand somewhere.

    Args:
        transformer: from `models.load("faces-128", part="sliders")`.
        latents: float32 (N, latent_size).
        amounts: float32 (N, K), each from -1 to 1.

    Returns:
        float32 (N, latent_size).
    """
    z, where = (torch.from_numpy(np.array(part, np.float32, order="C")) for part in (latents, amounts))
    return np.asarray(transformer(z, where).numpy())
