"""A conditional GAN: labels say what the scene holds, noise settles what they leave open.

Mirza and Osindero, "Conditional Generative Adversarial Nets", 2014; the critic compares labels with the picture by
projection (Miyato and Koyama, "cGANs with Projection Discriminator", 2018) and reads them too (Odena, Olah, Shlens,
"Conditional Image Synthesis with Auxiliary Classifier GANs", 2017).
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from models.architectures.embedding import embedding
from models.errors import InvalidInput
from models.gan import LARGEST_SEED, check_whole
from models.infogan.decoder import FEATURES, SIDE, Decoder, Trunk, check_body
from models.pixels import Pictures, to_network, to_pictures
from models.quantization import Network

BATCH = 64  # pictures at a time
HELD_OUT = 0.2  # share of the label combinations that no training picture shows

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class ConditionalConfig:
    """Architecture of a conditional GAN."""

    family: str = "conditional"
    labels: tuple[str, ...] = ("floor hue", "wall hue", "object hue", "shape")
    sizes: tuple[int, ...] = (10, 10, 10, 4)  # values of each label
    channels: int = 3  # 1 grey, 3 RGB
    noise_size: int = 8  # numbers in z, N(0, 1)
    embedding: int = 16  # numbers for the value of one label
    width: int = 32  # feature maps of the generator at 32 px
    critic_width: int = 32  # feature maps of the critic at 32 px

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))  # lists in config.json
        object.__setattr__(self, "sizes", tuple(self.sizes))
        check_body(self.channels, self.width)
        check_body(self.channels, self.critic_width)
        if len(self.labels) != len(self.sizes) or not self.sizes or not all(2 <= size <= 1000 for size in self.sizes):
            raise InvalidInput(f"The labels {self.labels} need as many sizes from 2 to 1,000, got {self.sizes}.")


class ConditionalGenerator(nn.Module):
    """Labels and noise → picture."""

    def __init__(self, config: ConditionalConfig):
        super().__init__()
        self.embeddings = nn.ModuleList(embedding(size, config.embedding) for size in config.sizes)
        groups = [config.embedding] * len(config.sizes) + [config.noise_size]
        self.decoder = Decoder(groups, config.channels, config.width)

    def forward(self, labels: Tensor, noise: Tensor) -> Tensor:
        """labels: int64 (N, L); noise: (N, noise_size). Returns (N, C, 64, 64) in [-1, 1]."""
        embedded = [table(labels[:, k]) for k, table in enumerate(self.embeddings)]
        picture: Tensor = self.decoder(torch.cat([*embedded, noise], dim=1))
        return picture


class ConditionalCritic(nn.Module):
    """Picture and labels → how real the pair looks; picture → what its labels are."""

    def __init__(self, config: ConditionalConfig):
        super().__init__()
        self.sizes = config.sizes
        self.trunk = Trunk(config.channels, config.critic_width)
        self.judge = nn.Linear(FEATURES, 1)
        self.projections = nn.ModuleList(embedding(size, FEATURES) for size in config.sizes)
        self.reader = nn.Linear(FEATURES, sum(config.sizes))

    def forward(self, x: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """x: (N, C, 64, 64) in [-1, 1]; labels: int64 (N, L). Returns logits (N,), larger = more real and fitting, and
        logits of the labels (N, sum of sizes)."""
        features = self.trunk(x)  # (N, 128)
        wanted = torch.stack([table(labels[:, k]) for k, table in enumerate(self.projections)]).sum(0)
        fit = (wanted * features).sum(1)
        return self.judge(features).flatten() + fit, self.reader(features)


class Conditional(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["gan", "conditional"]):
    """A conditional generator and its critic."""

    def __init__(self, config: ConditionalConfig):
        super().__init__()
        self.config = config
        self.generator = ConditionalGenerator(config)
        self.critic = ConditionalCritic(config)

    def forward(self, labels: Tensor, noise: Tensor) -> Tensor:
        """As ConditionalGenerator."""
        picture: Tensor = self.generator(labels, noise)
        return picture


@torch.inference_mode()
def generate(network: Conditional, labels: ArrayLike, seed: int | Sequence[int] = 1) -> Pictures:
    """The pictures that labels ask for.

    Args:
        network: from `models.load`.
        labels: whole numbers (N, L) or (L,): for scenes floor, wall and object hue (0 to 9), shape (0 to 3).
        seed: 0 to 2**31 - 1, of all rows (the first k do not depend on N), or one for each row.

    Returns:
        uint8 (N, 64, 64, channels).

    Raises:
        InvalidInput: a label that the network does not know, or a bad seed.
    """
    rows = checked_labels(network, labels)
    device = next(network.parameters()).device
    noise = draw_noise(network.config.noise_size, seed, len(rows))
    parts = zip(torch.from_numpy(rows).split(BATCH), noise.split(BATCH), strict=True)
    return np.concatenate([to_pictures(network(part.to(device), z.to(device))) for part, z in parts])


@torch.inference_mode()
def judge(network: Conditional, pictures: Pictures) -> NDArray[np.float32]:
    """The critic's logits for pictures with the labels that it reads in them itself, larger = more real.

    Args:
        network: from `models.load`.
        pictures: uint8 (N, 64, 64, channels).

    Returns:
        float32 (N,).

    Raises:
        InvalidInput: pictures of another size or number of channels.
    """
    config = network.config
    if pictures.shape[1:] != (SIDE, SIDE, config.channels):
        raise InvalidInput(f"This critic judges pictures of {(SIDE, SIDE, config.channels)}, got {pictures.shape[1:]}.")
    device = next(network.parameters()).device
    logits = []
    for part in to_network(pictures).split(BATCH):
        x = part.contiguous(memory_format=torch.channels_last).to(device)
        read = network.critic.reader(network.critic.trunk(x)).split(config.sizes, dim=1)
        labels = torch.stack([label.argmax(1) for label in read], dim=1)
        logits.append(network.critic(x, labels)[0].float().cpu())
    return np.asarray(torch.cat(logits).numpy())


def random_labels(network: Conditional, count: int, seed: int) -> Whole:
    """Labels (count, L), every value equally likely, held-out combinations too."""
    random = np.random.default_rng(seed)
    return np.stack([random.integers(0, size, count) for size in network.config.sizes], axis=1)


def draw_noise(size: int, seed: int | Sequence[int], count: int) -> Tensor:
    """Noise (count, size) of one seed, or of a seed for each row, the same on every machine."""
    if isinstance(seed, Sequence):
        if len(seed) != count:
            raise InvalidInput(
                f"There are {len(seed)} seeds for {count} rows of labels; give one each, or one for all."
            )
        return torch.cat([draw_noise(size, one, 1) for one in seed])
    check_whole(seed, "seed", 0, LARGEST_SEED)
    source = torch.Generator().manual_seed(int(seed))
    return torch.stack([torch.randn(size, generator=source) for _ in range(count)])


def checked_labels(network: Conditional, labels: ArrayLike) -> Whole:
    """Labels as int64 (N, L). Raises InvalidInput."""
    config = network.config
    rows = np.atleast_2d(np.asarray(labels))
    whole = np.issubdtype(rows.dtype, np.integer)
    if rows.ndim != 2 or not len(rows) or rows.shape[1] != len(config.sizes) or not whole:
        raise InvalidInput(f"{len(config.sizes)} whole numbers are accepted as labels: {', '.join(config.labels)}.")
    for k, (name, size) in enumerate(zip(config.labels, config.sizes, strict=True)):
        wrong = rows[(rows[:, k] < 0) | (rows[:, k] >= size), k]
        if len(wrong):
            raise InvalidInput(f"The {name} is {wrong[0]}; it has to be from 0 to {size - 1}.")
    return rows.astype(np.int64)


@functools.cache
def held_out_table(sizes: tuple[int, ...]) -> NDArray[np.bool_]:
    """For every combination of labels (shape `sizes`), whether the training never shows it: a fixed fifth of them."""
    count = int(np.prod(sizes))
    table = np.zeros(count, bool)
    table[np.random.default_rng(0).permutation(count)[: round(HELD_OUT * count)]] = True
    table.flags.writeable = False
    return table.reshape(sizes)


def held_out(sizes: tuple[int, ...], labels: ArrayLike) -> NDArray[np.bool_]:
    """Whether the training never shows these labels (N, L): bool (N,)."""
    found: NDArray[np.bool_] = held_out_table(sizes)[tuple(np.asarray(labels).T)]
    return found
