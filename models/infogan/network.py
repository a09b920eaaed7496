"""InfoGAN and InfoGAN-CR: a generator whose codes mean something, and the encoder that reads them from a picture.

Chen et al., "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets",
2016; Lin, Thekumparampil, Fanti, Oh, "InfoGAN-CR: Disentangling Generative Adversarial Networks with Contrastive
Regularizers", 2019. Both are the same network; they differ in how it was trained.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from models.errors import InvalidInput
from models.gan import LARGEST_SEED, check_whole
from models.infogan.codes import categories, from_features, to_features, widths
from models.infogan.decoder import FEATURES, SIDE, Decoder, Trunk, check_body
from models.infogan.palette import PaletteGenerator
from models.infogan.spatial_transformer import TransformedGenerator, find_moves
from models.pixels import Pictures, to_network, to_pictures
from models.quantization import Network

BATCH = 64  # pictures at a time
STYLE_GAIN = 10.0  # of untrained codes, which keeps them from being ignored, see models.infogan.decoder

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class InfoGANConfig:
    """Architecture of an InfoGAN."""

    family: str = "infogan"
    world: str = "scenes"  # what it was trained on, a name of data.grids
    channels: int = 3  # 1 grey, 3 RGB
    codes: tuple[str, ...] = ("uniform",) * 6  # types, see models.infogan.codes
    paints: bool = False  # circular codes are colours of parts of the picture and nothing else, see `palette`
    moves: bool = False  # the first uniform codes and the first circular one move it, see `spatial_transformer`
    noise_size: int = 5  # numbers in z, N(0, 1), that no one reads back
    width: int = 32  # feature maps of the generator at 32 px
    critic_width: int = 32  # feature maps of the critic at 32 px

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", tuple(self.codes))  # a list in config.json
        check_body(self.channels, self.width)
        check_body(self.channels, self.critic_width)
        for kind in self.codes:
            categories(kind)
        if not 1 <= len(self.codes) <= 64 or not 0 <= self.noise_size <= 1024:
            raise InvalidInput("An InfoGAN has 1 to 64 codes and 0 to 1,024 numbers of noise.")
        if self.paints and ("circular" not in self.codes or not (self.noise_size or {*self.codes} - {"circular"})):
            raise InvalidInput("With paints, at least one code is circular, a colour, and one code or noise is not.")
        if self.moves and (self.paints or not find_moves(self.codes) or not (self.noise_size or len(self.codes) > 4)):
            raise InvalidInput(
                "With moves, three codes are uniform (shift across, shift down, size), one is circular (turn), another "
                "code or noise says what is moved, and there are no paints."
            )


class Critic(nn.Module):
    """Picture → how real it looks, and which codes it was drawn from: D and Q share their body."""

    def __init__(self, channels: int, width: int, outputs: int):
        super().__init__()
        self.trunk = Trunk(channels, width)
        self.judge = nn.Linear(FEATURES, 1)
        self.encoder = nn.Sequential(
            nn.Linear(FEATURES, FEATURES), nn.LeakyReLU(0.2, inplace=True), nn.Linear(FEATURES, outputs)
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (N, C, 64, 64) in [-1, 1]. Returns logits (N,), larger = more real, and features of codes (N, F)."""
        features = self.trunk(x)
        return self.judge(features).flatten(), self.encoder(features)


class InfoGAN(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["gan", "infogan", "disentanglement"]):
    """Codes and noise → picture (`generator`), picture → codes (`critic`)."""

    turns: Tensor

    def __init__(self, config: InfoGANConfig):
        super().__init__()
        self.config = config
        features = sum(widths(config.codes))
        groups, paints = widths(config.codes), [kind == "circular" for kind in config.codes]
        if config.noise_size:
            groups, paints = [*groups, config.noise_size], [*paints, False]
        self.generator: Decoder | PaletteGenerator | TransformedGenerator
        if config.paints:
            self.generator = PaletteGenerator(groups, paints, config.channels, config.width, style_gain=STYLE_GAIN)
        elif config.moves:
            moves = find_moves(config.codes) or []
            self.generator = TransformedGenerator(groups, moves, config.channels, config.width, style_gain=STYLE_GAIN)
        else:
            self.generator = Decoder(groups, config.channels, config.width, style_gain=STYLE_GAIN)
        self.critic = Critic(config.channels, config.critic_width, features)
        # where on the circle a circular code has its 0: chosen after the training so that its seam, the step from 1 to
        # -1, lies where the fewest pictures are; 0 for other codes
        self.register_buffer("turns", torch.zeros(len(config.codes)))

    def forward(self, codes: Tensor, noise: Tensor) -> Tensor:
        """codes: (N, K), see models.infogan.codes; noise: (N, noise_size). Returns (N, C, 64, 64) in [-1, 1]."""
        features = to_features(self.config.codes, codes - self.turns)
        picture: Tensor = self.generator(torch.cat([features, noise], dim=1))
        return picture

    def encode(self, x: Tensor) -> Tensor:
        """x: (N, C, 64, 64) in [-1, 1]. Returns codes (N, K)."""
        codes = from_features(self.config.codes, self.critic(x)[1].float()) + self.turns
        circular = torch.tensor([kind == "circular" for kind in self.config.codes], device=x.device)
        return torch.where(circular, (codes + 1) % 2 - 1, codes)


def draw_noise(network: InfoGAN, seed: int) -> Tensor:
    """The noise of a seed, (1, noise_size), the same on every machine."""
    check_whole(seed, "seed", 0, LARGEST_SEED)
    return torch.randn(1, network.config.noise_size, generator=torch.Generator().manual_seed(int(seed)))


def checked_codes(network: InfoGAN, codes: ArrayLike) -> Numbers:
    """Codes as float32 (N, K). Raises InvalidInput: another number of codes, or one out of its range."""
    types = network.config.codes
    try:
        rows = np.atleast_2d(np.asarray(codes, dtype=np.float32))
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput(f"The codes are not numbers; {len(types)} numbers are accepted.") from None
    if rows.ndim != 2 or rows.shape[1] != len(types):
        raise InvalidInput(f"There are {rows.shape[-1]} codes; this network has {len(types)}.")
    for k, kind in enumerate(types):
        low, high = (0, categories(kind) - 1) if categories(kind) else (-1, 1)
        wrong = rows[~((rows[:, k] >= low) & (rows[:, k] <= high)), k]  # nan, too
        if len(wrong):
            raise InvalidInput(f"Code {k + 1} is {wrong[0]:g}; it has to be from {low} to {high}.")
        if categories(kind) and (rows[:, k] % 1 != 0).any():
            raise InvalidInput(f"Code {k + 1} is not whole; it is a choice of 0 to {high}.")
    return rows


@torch.inference_mode()
def generate(network: InfoGAN, codes: ArrayLike, seed: int | Sequence[int] = 1) -> Pictures:
    """The pictures of codes.

    Args:
        network: from `models.load`.
        codes: numbers (N, K) or (K,): -1 to 1, for a categorical code 0, 1, ... (see models.infogan.codes).
        seed: of the noise, 0 to 2**31 - 1; all rows share it, so that only the codes differ. Or one for each row.

    Returns:
        uint8 (N, 64, 64, channels).

    Raises:
        InvalidInput: codes or seed out of range.
    """
    rows = torch.from_numpy(checked_codes(network, codes))
    seeds, device = seed if isinstance(seed, Sequence) else [seed], network.turns.device
    noise = torch.cat([draw_noise(network, number) for number in seeds]).expand(len(rows), -1)
    parts = zip(rows.split(BATCH), noise.split(BATCH), strict=True)
    return np.concatenate([to_pictures(network(part.to(device), own.to(device))) for part, own in parts])


@torch.inference_mode()
def encode(network: InfoGAN, pictures: Pictures) -> Numbers:
    """The codes of pictures, read by the encoder Q.

    Args:
        network: from `models.load`.
        pictures: uint8 (N, 64, 64, channels).

    Returns:
        float32 (N, K), in the ranges of models.infogan.codes.
    """
    parts = [encoder_input(network, part) for part in np.array_split(pictures, max(1, len(pictures) // BATCH))]
    return np.concatenate([network.encode(part).cpu().numpy() for part in parts])


@torch.inference_mode()
def judge(network: InfoGAN, pictures: Pictures) -> Numbers:
    """The critic's logits (N,), larger = more real, of uint8 (N, 64, 64, channels)."""
    parts = [encoder_input(network, part) for part in np.array_split(pictures, max(1, len(pictures) // BATCH))]
    return np.concatenate([network.critic(part)[0].float().cpu().numpy() for part in parts])


def encoder_input(network: InfoGAN, pictures: Pictures) -> Tensor:
    """Pictures as the critic reads them. Raises InvalidInput for another size or number of channels."""
    expected = (SIDE, SIDE, network.config.channels)
    if pictures.shape[1:] != expected:
        raise InvalidInput(f"This network reads pictures of {expected}, got {pictures.shape[1:]}.")
    return to_network(pictures).contiguous(memory_format=torch.channels_last).to(network.turns.device)


def default_codes(network: InfoGAN) -> Numbers:
    """The codes that a page opens on, (K,): the middle of every range."""
    return np.zeros(len(network.config.codes), np.float32)


def code_values(kind: str, steps: int) -> Numbers:
    """Values along one code for a strip: all categories, or `steps` numbers over its range."""
    if categories(kind):
        return np.arange(categories(kind), dtype=np.float32)
    if kind == "circular":
        return np.linspace(-1, 1, steps, endpoint=False, dtype=np.float32)
    return np.linspace(-1, 1, steps, dtype=np.float32)


def traverse(network: InfoGAN, codes: ArrayLike, code: int, *, seed: int = 1, steps: int = 9) -> Pictures:
    """What one code does: it runs over its range, the others stay.

    Args:
        network: from `models.load`.
        codes: (K,), where the others stay.
        code: 0 to K - 1.
        seed: of the noise.
        steps: pictures, 2 to 64; a categorical code has one for each category instead.

    Returns:
        uint8 (steps or categories, 64, 64, channels).
    """
    check_whole(code, "code", 0, len(network.config.codes) - 1)
    check_whole(steps, "number of steps", 2, 64)
    values = code_values(network.config.codes[int(code)], int(steps))
    rows = np.repeat(checked_codes(network, codes)[:1], len(values), axis=0)
    rows[:, int(code)] = values
    return generate(network, rows, seed)
