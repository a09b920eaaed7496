"""A mixture of Gaussians over principal components: pictures from latents, and the exact likelihood of any picture.

Eigenfaces with a density over them (Moghaddam, Pentland, "Probabilistic Visual Learning for Object Representation",
1997). A picture x of D numbers is its K principal components c and a rest r at a right angle to all of them. One of M
Gaussians draws it, chosen with probability w_m:

    p(x) = Σ_m w_m N(c; μ_m, Σ_m) N(r; 0, σ_m² I)

With M = 1 this is probabilistic PCA (Tipping, Bishop, "Probabilistic Principal Component Analysis", 1999).
"""

import copy
import math
from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import InvalidInput
from models.pixels import Pictures, to_network
from models.quantization import Network

GREY_LEVEL = 2 / 255  # width of one of the 256 grey levels where pixels are in [-1, 1]
BATCH = 256  # pictures at a time


@dataclass(frozen=True)
class MixtureConfig:
    """Architecture of a mixture of Gaussians."""

    family: str = "mixture"
    resolution: int = 64  # px, side of the square picture, an even number
    channels: int = 3  # 1 grey, 3 RGB
    principal: int = 400  # K, principal components
    mixture_size: int = 8  # M, Gaussians

    def __post_init__(self) -> None:
        if self.channels not in (1, 3):
            raise InvalidInput(f"The pictures have {self.channels} channels; 1 (grey) and 3 (colour) are accepted.")
        if self.resolution % 2:
            raise InvalidInput(f"The resolution is {self.resolution} px; even numbers are accepted.")
        if not 1 <= self.principal < self.dimensions:
            raise InvalidInput(
                f"There are {self.principal} principal components of {self.dimensions} numbers in a picture; at least "
                "1 and fewer than those are accepted."
            )
        if self.mixture_size < 1:
            raise InvalidInput(f"The mixture has {self.mixture_size} Gaussians; it needs at least 1.")

    @property
    def dimensions(self) -> int:
        """D, numbers in a picture."""
        return self.channels * self.resolution**2

    @property
    def latent_size(self) -> int:
        """Numbers in z: one that chooses the Gaussian, then one for each principal component."""
        return 1 + self.principal


class MixtureOfGaussians(
    Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["mixture-of-gaussians", "image-generation"]
):
    """z → picture, and picture → density. Its tensors are computed, not learned step by step.

    Components are measured in standard deviations: over the training pictures each has mean 0 and variance 1, so that
    one Gaussian with mean 0 and covariance I is the single Gaussian of those pictures. Among pictures together with
    their mirror images every component is symmetric or antisymmetric; the left half of each is kept.
    """

    def __init__(self, config: MixtureConfig):
        super().__init__()
        self.config = config
        k, m, side = config.principal, config.mixture_size, config.resolution
        self.average = nn.Parameter(torch.zeros(config.channels, side, side))  # the mean picture
        self.halves = nn.Parameter(torch.zeros(k, config.channels, side, side // 2))  # a standard deviation of each
        self.parities = nn.Parameter(torch.ones(k))  # 1 symmetric, -1 antisymmetric
        self.weights = nn.Parameter(torch.full((m,), 1 / m))  # w, sum 1
        self.means = nn.Parameter(torch.zeros(m, k))  # μ
        self.factors = nn.Parameter(torch.eye(k).repeat(m, 1, 1))  # L, lower triangles with L Lᵀ = Σ
        self.noise = nn.Parameter(torch.ones(m))  # σ

    def basis(self) -> Tensor:
        """One standard deviation of each component: (K, D)."""
        mirrored = self.parities[:, None, None, None] * self.halves.flip(3)
        return torch.cat([self.halves, mirrored], 3).flatten(1)

    def forward(self, z: Tensor, truncation: float = 1.0) -> Tensor:
        """Draws, without the noise N(0, σ² I) of the rest, which would only be grain.

        Args:
            z: (N, 1 + K), nominally N(0, 1). The first number chooses the Gaussian m, the others ε draw from it:
                c = μ_m + L_m ε.
            truncation: 0 (all of one Gaussian alike) to 1 (full variety): a factor of ε.

        Returns:
            (N, channels, resolution, resolution), for photographs mostly in [-1, 1].
        """
        m = self.choose(z[:, 0])  # (N,)
        deviations = (self.factors[m] @ z[:, 1:, None])[:, :, 0]  # (N, K)
        drawn = (self.means[m] + truncation * deviations) @ self.basis()  # (N, D)
        return self.average + drawn.view(-1, *self.average.shape)

    def choose(self, z: Tensor) -> Tensor:
        """The Gaussian that each first number (N,) of a latent asks for: N(0, 1) is cut into intervals, one after the
        other, that hold as much of it as the weights say."""
        return torch.searchsorted(self.weights.cumsum(0)[:-1], torch.special.ndtr(z), right=True)

    def split(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (N, C, H, W) in [-1, 1] as their principal components (N, K), in standard deviations, and the
        squared length (N,) of the rest. Exact although rounding leaves the basis not quite at right angles."""
        basis, centred = self.basis(), (x - self.average).flatten(1)  # (K, D), (N, D)
        products = centred @ basis.T  # (N, K)
        components = torch.cholesky_solve(products.T, torch.linalg.cholesky(basis @ basis.T)).T  # (N, K)
        return components, (centred.square().sum(1) - (products * components).sum(1)).clamp_min(0)

    def log_densities(self, components: Tensor, rest: Tensor) -> Tensor:
        """log w_m + log p(x | m), nats, (N, M), of pictures as `split` returns them."""
        k, free = self.config.principal, self.config.dimensions - self.config.principal
        basis = self.basis()
        volume = torch.linalg.cholesky(basis @ basis.T).diagonal().log().sum()  # of a standard deviation of each
        deviations = components - self.means[:, None]  # (M, N, K)
        lengths = torch.linalg.solve_triangular(self.factors, deviations.mT, upper=False).square().sum(1).T  # (N, M)
        volumes = self.factors.diagonal(dim1=1, dim2=2).log().sum(1) + volume  # (M,)
        inside = -lengths / 2 - volumes - k / 2 * math.log(2 * math.pi)
        outside = -(rest[:, None] / self.noise.square()) / 2 - free * (self.noise.log() + math.log(2 * math.pi) / 2)
        densities: Tensor = self.weights.log() + inside + outside
        return densities


@torch.inference_mode()
def log_likelihood(network: MixtureOfGaussians, pictures: Pictures) -> NDArray[np.float64]:
    """log p(x) of pictures, exactly, computed in float64.

    It is the logarithm of a density over the D = C H W numbers of a picture in the network's range: pixels in [-1, 1],
    where grey levels are 2 / 255 apart. Being a density it may be larger than 0. The noise of the rest, which `forward`
    leaves out, is part of it.

    Args:
        network: on any device that computes in float64.
        pictures: uint8 (N, H, W, C), of the network's size.

    Returns:
        float64 (N,), nats.

    Raises:
        InvalidInput: pictures of another size.
    """
    config = network.config
    expected = (config.resolution, config.resolution, config.channels)
    if pictures.shape[1:] != expected:
        raise InvalidInput(f"This mixture knows pictures of {expected}, got {pictures.shape[1:]}.")
    exact = copy.deepcopy(network).double()
    parts = (part.to(exact.average) for part in to_network(pictures).split(BATCH))  # (n, C, H, W)
    logs = [exact.log_densities(*exact.split(part)).logsumexp(1) for part in parts]
    return np.asarray(torch.cat(logs).cpu().numpy())


def bits_per_dimension(log_likelihoods: NDArray[np.float64], dimensions: int) -> NDArray[np.float64]:
    """What a picture of 256 grey levels costs: -log2 of its density times the width of one grey level in each of its D
    numbers, over D.

    This takes the density as constant over one grey level, which is right where it is much wider than that (Theis, van
    den Oord, Bethge, "A Note on the Evaluation of Generative Models", 2016, section 3.1).

    Args:
        log_likelihoods: (N,), nats, from `log_likelihood`.
        dimensions: D, numbers in a picture.

    Returns:
        (N,), bits for each number; 8 for a density that is uniform over all pictures, lower is better.
    """
    return -(log_likelihoods / dimensions + math.log(GREY_LEVEL)) / math.log(2)
