"""The networks of picture-to-picture translation: a generator for each way, and their discriminators."""

import re
from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import NDArray
from torch import Tensor, nn

from models.architectures.published_translators import AnimeGenerator, NearestUNet
from models.architectures.translators import LightGenerator, Mapper, PatchDiscriminator, ResNetGenerator, UNetGenerator
from models.errors import InvalidInput
from models.merging import MERGES
from models.quantization import Network

Picture = NDArray[np.uint8]
ARCHITECTURES = ("light", "resnet", "unet", "nearest-unet", "anime")
NORMS = ("instance", "batch", "none")
HALVINGS = ("strided", "blurred")
DOUBLINGS = ("transposed", "blurred", "nearest")


@dataclass(frozen=True)
class TranslationConfig:
    """Architecture of a pair of translators between two domains, and how their results fit larger pictures."""

    family: str = "translation"
    domains: tuple[str, ...] = ("day", "night")
    both: bool = True  # there is a way back, too
    architecture: str = "light"  # one of ARCHITECTURES
    norm: str = "instance"  # one of NORMS; see models.architectures.translators
    channels: int = 3  # of the pictures, 1 grey, 3 RGB
    inputs: int = 0  # of the pictures that it reads, where these are others, as in colouring; 0 for `channels`
    paired: bool = False  # trained on pairs: the discriminator sees the input, too
    palette: tuple[str, ...] = ()  # "road #804080", …: the first domain are maps of these classes
    width: int = 24  # feature maps of the generators at their first layer
    blocks: int = 6  # residual blocks of "light" and "resnet"
    halvings: int = 1  # of "light" after its first one, and of "unet" in all
    halving: str = "strided"  # of "resnet": one of HALVINGS
    doubling: str = "transposed"  # of "resnet": one of DOUBLINGS
    keeps: bool = True  # of "light": the result is a blend of the input and what is new
    noise_size: int = 0  # of "light": numbers in z, N(0, 1)
    critic_width: int = 32  # feature maps of the discriminators at their first layer; 0 for none
    pixels: int = 256 * 144  # height times width of the pictures it was trained on
    merge: str = "guided"  # how results fit larger pictures, a key of models.merging.MERGES
    # of networks of faces: x and y of the left eye and of the right one, as seen, in the pictures it was trained on, in
    # shares of their sides; empty where these are cut to the template of models.faces.similarity
    eyes: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "domains", tuple(self.domains))  # lists in config.json
        object.__setattr__(self, "palette", tuple(self.palette))
        object.__setattr__(self, "eyes", tuple(self.eyes))
        if len(self.domains) != 2 or not all(
            re.fullmatch(r"[A-Za-z0-9]+( [A-Za-z0-9]+)*", name) for name in self.domains
        ):
            raise InvalidInput(f"The domains are {self.domains}; two names of letters and digits are needed.")
        for name, value, choices in (
            ("architecture", self.architecture, ARCHITECTURES),
            ("norm", self.norm, NORMS),
            ("merge", self.merge, tuple(MERGES)),
            ("number of channels", self.channels, (1, 3)),
            ("number of inputs", self.inputs, (0, 1, 3)),
            ("halving", self.halving, HALVINGS),
            ("doubling", self.doubling, DOUBLINGS),
        ):
            if value not in choices:
                raise InvalidInput(f"The {name} is {value!r}; {', '.join(map(str, choices))} are accepted.")
        for name, low, high in (
            ("width", 1, 1024),
            ("blocks", 0, 64),
            ("halvings", 5 if self.architecture == "unet" else 0, 8),
            ("noise_size", 0, 1024),
            ("critic_width", 0, 1024),
            ("pixels", 64, 4096 * 4096),
        ):
            if not low <= getattr(self, name) <= high:
                raise InvalidInput(f"The {name} is {getattr(self, name)}; it has to be from {low} to {high}.")
        if self.eyes and not (
            len(self.eyes) == 4 and all(0 <= place <= 1 for place in self.eyes) and self.eyes[0] < self.eyes[2]
        ):
            raise InvalidInput(f"The eyes are {self.eyes}; x and y of the left and the right one, 0 to 1, are needed.")
        if self.inputs and (self.both or self.palette):
            raise InvalidInput("A network that reads other channels than it draws knows one way only, and no palette.")
        if self.palette and not self.paired:
            raise InvalidInput("Maps of labels are learned in pairs; set paired to true.")
        if self.keeps and self.palette:
            raise InvalidInput("A picture of labels has nothing that a photograph could keep; set keeps to false.")
        for line in self.palette:
            if not re.fullmatch(r"[a-z]+( [a-z]+)* #[0-9a-f]{6}", line):
                raise InvalidInput(f"{line!r} is no class and its colour, such as 'road #804080'.")

    @property
    def step(self) -> int:
        """Sides of what the generators read are multiples of it, px."""
        steps: dict[str, int] = {"light": 2 ** (self.halvings + 1), "resnet": 4, "unet": 2**self.halvings}
        return (steps | {"nearest-unet": 256, "anime": 1})[self.architecture]

    @property
    def reads(self) -> int:
        """Channels of the pictures that it reads."""
        return self.inputs or self.channels

    @property
    def classes(self) -> list[str]:
        """The names in the palette."""
        return [line.rpartition(" ")[0] for line in self.palette]

    @property
    def colours(self) -> Picture:
        """The colours in the palette, uint8 (K, 3)."""
        return np.array([list(bytes.fromhex(line[-6:])) for line in self.palette], np.uint8).reshape(-1, 3)


def generator_of(config: TranslationConfig, way: int) -> nn.Module:
    """The untrained generator of one way: 0 from the first domain to the second, 1 back."""
    classes = len(config.palette)
    inputs = classes if classes and way == 0 else config.reads
    outputs = classes if classes and way == 1 else config.channels
    if config.architecture == "resnet":
        return ResNetGenerator(
            inputs,
            outputs,
            width=config.width,
            blocks=config.blocks,
            norm=config.norm,
            halving=config.halving,
            doubling=config.doubling,
        )
    if config.architecture == "unet":
        return UNetGenerator(inputs, outputs, width=config.width, halvings=config.halvings, norm=config.norm)
    if config.architecture == "nearest-unet":
        return NearestUNet(inputs, outputs, width=config.width)
    if config.architecture == "anime":
        return AnimeGenerator(width=config.width)
    kind = Mapper if classes and way == 1 else LightGenerator
    return kind(
        inputs,
        outputs,
        width=config.width,
        blocks=config.blocks,
        halvings=config.halvings,
        keeps=config.keeps,
        noise_size=config.noise_size if way == 0 else 0,
    )


class Translation(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["image-to-image", "gan"]):
    """Generators from one domain to the other and back, and the discriminators that judge their results."""

    likeness_mean: Tensor
    likeness_deviation: Tensor
    likeness_limit: Tensor

    def __init__(self, config: TranslationConfig):
        super().__init__()
        self.config = config
        ways = (0, 1) if config.both else (0,)
        self.generators = nn.ModuleList(generator_of(config, way) for way in ways)
        pair = [(len(config.palette) or config.channels) + config.channels]  # input and result, one over the other
        judged = pair if config.paired else [config.channels] * len(ways)
        self.critics = nn.ModuleList(
            PatchDiscriminator(inputs, width=config.critic_width, norm=config.norm)
            for inputs in judged
            if config.critic_width
        )
        # what the discriminators notice in pictures of each domain, see `outlier_score`; a limit of 0 was not measured
        features = 0 if config.paired or not config.both else 2 * PatchDiscriminator.features(config.critic_width)
        self.register_buffer("likeness_mean", torch.zeros(2, features))
        self.register_buffer("likeness_deviation", torch.ones(2, features))
        self.register_buffer("likeness_limit", torch.zeros(2))
