"""Picture to picture: with pairs (pix2pix) and without (CycleGAN).

Isola, Zhu, Zhou, Efros, "Image-to-Image Translation with Conditional Adversarial Networks", 2017; Zhu, Park, Isola,
Efros, "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", 2017. The networks stand in
models.architectures.translators; how a result is carried over to a larger picture, in models.merging.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import NDArray
from torch import Tensor, nn

from models.architectures.translators import LightGenerator, Mapper, PatchDiscriminator, ResNetGenerator, UNetGenerator
from models.errors import InvalidInput
from models.merging import MERGES, Progress, luma, reduce
from models.parts import Spread, in_turn
from models.pixels import to_network, to_pictures
from models.precision import supports_bfloat16
from models.quantization import Network

Picture = NDArray[np.uint8]

SMALLEST_SIDE = 8  # px
REMOTE = 128 * 128  # px, from where a picture may go to another machine; less is drawn here in less time
NO_COLOUR = 60.0  # grey levels from the nearest colour of the palette, from where a pixel has none of them
LARGEST_PICTURE = 12_500_000  # px, what a telephone calls 12 megapixels
ARCHITECTURES = ("light", "resnet", "unet")
NORMS = ("instance", "batch")


@dataclass(frozen=True)
class TranslationConfig:
    """Architecture of a pair of translators between two domains, and how their results fit larger pictures."""

    family: str = "translation"
    domains: tuple[str, ...] = ("day", "night")
    both: bool = True  # there is a way back, too
    architecture: str = "light"  # one of ARCHITECTURES
    norm: str = "instance"  # one of NORMS; see models.architectures.translators
    channels: int = 3  # of the pictures, 1 grey, 3 RGB
    paired: bool = False  # trained on pairs: the discriminator sees the input, too
    palette: tuple[str, ...] = ()  # "road #804080", …: the first domain are maps of these classes
    width: int = 24  # feature maps of the generators at their first layer
    blocks: int = 6  # residual blocks of "light" and "resnet"
    halvings: int = 1  # of "light" after its first one, and of "unet" in all
    keeps: bool = True  # of "light": the result is a blend of the input and what is new
    noise_size: int = 0  # of "light": numbers in z, N(0, 1)
    critic_width: int = 32  # feature maps of the discriminators at their first layer; 0 for none
    pixels: int = 256 * 144  # height times width of the pictures it was trained on
    merge: str = "guided"  # how results fit larger pictures, a key of models.merging.MERGES

    def __post_init__(self) -> None:
        object.__setattr__(self, "domains", tuple(self.domains))  # lists in config.json
        object.__setattr__(self, "palette", tuple(self.palette))
        if len(self.domains) != 2 or not all(
            re.fullmatch(r"[A-Za-z0-9]+( [A-Za-z0-9]+)*", name) for name in self.domains
        ):
            raise InvalidInput(f"The domains are {self.domains}; two names of letters and digits are needed.")
        for name, value, choices in (
            ("architecture", self.architecture, ARCHITECTURES),
            ("norm", self.norm, NORMS),
            ("merge", self.merge, tuple(MERGES)),
            ("number of channels", self.channels, (1, 3)),
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
        return steps[self.architecture]

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
    inputs = classes if classes and way == 0 else config.channels
    outputs = classes if classes and way == 1 else config.channels
    if config.architecture == "resnet":
        return ResNetGenerator(inputs, outputs, width=config.width, blocks=config.blocks, norm=config.norm)
    if config.architecture == "unet":
        return UNetGenerator(inputs, outputs, width=config.width, halvings=config.halvings, norm=config.norm)
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
        # what the discriminators notice in pictures of each domain, see `strangeness`; a limit of 0 was not measured
        noticed = 0 if config.paired or not config.both else 2 * PatchDiscriminator.features(config.critic_width)
        self.register_buffer("likeness_mean", torch.zeros(2, noticed))
        self.register_buffer("likeness_deviation", torch.ones(2, noticed))
        self.register_buffer("likeness_limit", torch.zeros(2))


# --- inference ---------------------------------------------------------------------------------------------------


def directions(network: Translation) -> list[str]:
    """What a network can do: "day-to-night" and, if it knows the way back, "night-to-day"."""
    first, second = (name.replace(" ", "-") for name in network.config.domains)
    return [f"{first}-to-{second}", f"{second}-to-{first}"][: len(network.generators)]


def way_of(network: Translation, direction: str) -> int:
    """0 for the first of `directions`, 1 for the second. Raises InvalidInput."""
    known = directions(network)
    if direction not in known:
        raise InvalidInput(f"The direction is {str(direction)[:60]!r}; this network goes {' or '.join(known)}.")
    return known.index(direction)


def check_picture(picture: Picture) -> None:
    """Raises InvalidInput unless it is uint8 (H, W, C) of an accepted size, C one of 1, 3 and 4."""
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (1, 3, 4):
        raise InvalidInput(
            f"Expected a uint8 picture (H, W, C), C one of 1, 3, 4; got {picture.dtype} {picture.shape}."
        )
    height, width = picture.shape[:2]
    if min(height, width) < SMALLEST_SIDE or height * width > LARGEST_PICTURE:
        raise InvalidInput(
            f"The picture is {width} x {height} px; from {SMALLEST_SIDE} px a side to {LARGEST_PICTURE / 1e6:g} "
            "million pixels are accepted."
        )


def working_size(config: TranslationConfig, height: int, width: int) -> tuple[int, int]:
    """Height and width at which a network works on a picture: its own, or with the area it was trained at."""
    if height * width <= config.pixels and config.architecture != "unet":
        return height, width
    scale = math.sqrt(config.pixels / (height * width))
    sides = [max(1, round(side * scale / config.step)) * config.step for side in (height, width)]
    return sides[0], sides[1]


def translate(
    network: Translation,
    picture: Picture,
    direction: str,
    *,
    seed: int | None = None,
    progress: Progress = lambda share: None,
    spread: Spread = in_turn,
) -> Picture:
    """A picture of one domain as one of the other, at its own size.

    Pictures of up to `config.pixels` go through the network as they are. Larger ones are reduced to that area, which
    is what it was trained at, and the result is carried over to the large picture (see models.merging).

    Args:
        network: from `models.load`.
        picture: uint8 (H, W, C), C is 1 (grey), 3 (RGB) or 4 (RGB and opacity, which is kept); at least 8 px a side, at
            most 12.5 million px.
        direction: one of `directions(network)`, such as "day-to-night".
        seed: of the noise z of networks that have some; None for its mean.
        progress: told the share that is done; what it raises stops the work.
        spread: runs the forward pass, see models.parts.

    Returns:
        uint8 (H, W, C).

    Raises:
        InvalidInput: another form of picture, or a direction that the network does not know.
    """
    way = way_of(network, direction)
    check_picture(picture)
    opacity = picture[:, :, 3:]
    visible = np.ascontiguousarray(picture[:, :, : 3 if picture.shape[2] > 1 else 1])
    small = reduced(network, visible, way)
    drawn = translate_small(network, small, way, seed=seed, waiting=lambda: progress(0.0), spread=spread)
    result = carry_over(network, visible, small, drawn, progress)
    return np.concatenate([result, opacity], axis=2)


def reduced(network: Translation, picture: Picture, way: int) -> Picture:
    """A picture at the size at which the network works on it; colours of label maps are not mixed."""
    height, width = working_size(network.config, *picture.shape[:2])
    if (height, width) == picture.shape[:2]:
        return picture
    return reduce(picture, height, width, mix=not (network.config.palette and way == 0))


def translate_within(
    network: Translation,
    picture: Picture,
    direction: str,
    box: tuple[int, int, int] | None,
    *,
    seed: int | None = None,
    progress: Progress = lambda share: None,
    spread: Spread = in_turn,
) -> Picture:
    """`translate` for a square part of a picture alone, blended into the rest over an eighth of its side.

    Args:
        network, picture, direction, seed, progress, spread: as in `translate`.
        box: left, top and side of the square, px, inside the picture; None for all of it.

    Returns:
        uint8 (H, W, C).

    Raises:
        InvalidInput: as `translate`, or the square is not inside the picture.
    """
    if box is None:
        return translate(network, picture, direction, seed=seed, progress=progress, spread=spread)
    check_picture(picture)
    left, top, side = box
    if left < 0 or top < 0 or left + side > picture.shape[1] or top + side > picture.shape[0]:
        raise InvalidInput(
            f"The frame {box} does not lie inside the picture of {picture.shape[1]} x {picture.shape[0]}."
        )
    inside = np.ascontiguousarray(picture[top : top + side, left : left + side])
    drawn = translate(network, inside, direction, seed=seed, progress=progress, spread=spread)
    ramp = np.minimum(1, (np.minimum(np.arange(side), np.arange(side)[::-1]) + 1) / (side / 8 + 1))  # from the border
    share = np.minimum(ramp[:, None], ramp)[..., None]
    result = picture.copy()
    result[top : top + side, left : left + side] = (share * drawn + (1 - share) * inside).round()
    return result


def carry_over(
    network: Translation,
    picture: Picture,
    small: Picture,
    result: Picture,
    progress: Progress = lambda share: None,
) -> Picture:
    """The small result (h, w, C) of a small picture (h, w, C) on the large one (H, W, C) that it was reduced from."""
    if small.shape == picture.shape:
        progress(1.0)
        return result
    return MERGES["enlarge" if network.config.palette else network.config.merge](picture, small, result, progress)


def translate_small(
    network: Translation,
    picture: Picture,
    way: int,
    *,
    seed: int | None = None,
    waiting: Callable[[], None] = lambda: None,
    spread: Spread = in_turn,
) -> Picture:
    """`translate` at the size at which the network works: uint8 (h, w, 1 or 3) to the same shape.

    Args:
        waiting: called again and again while another machine draws; what it raises ends the waiting.
    """
    config = network.config
    if picture.shape[2] == config.channels:
        return run(network, picture, way, seed, waiting, spread)
    if config.channels == 3:  # a grey picture: in colour and back
        colour = run(network, np.repeat(picture, 3, axis=2), way, seed, waiting, spread)
        return luma(colour).round().astype(np.uint8)[:, :, None]
    grey = luma(picture).round().astype(np.uint8)[:, :, None]  # a colour picture: its brightness changes
    change = run(network, grey, way, seed, waiting, spread).astype(np.int16) - grey
    return (picture + change).clip(0, 255).astype(np.uint8)


def run(
    network: Translation, picture: Picture, way: int, seed: int | None, waiting: Callable[[], None], spread: Spread
) -> Picture:
    """One picture uint8 (h, w, channels) through a generator."""
    remote = picture.shape[0] * picture.shape[1] >= REMOTE

    def progress(share: float) -> None:
        if share < 1:
            waiting()

    (drawn,) = spread(draw_pictures, network, [picture[None]], remote=remote, progress=progress, way=way, seed=seed)
    result: Picture = drawn[0]
    return result


@torch.inference_mode()
def draw_pictures(network: Translation, pictures: NDArray[np.uint8], *, way: int, seed: int | None) -> Picture:
    """Pictures uint8 (N, h, w, channels) through a generator, their sides filled up to multiples of the step."""
    config, generator = network.config, network.generators[way]
    device = network.likeness_limit.device
    height, width = pictures.shape[1:3]
    down, right = -height % config.step, -width % config.step
    x = to_input(config, np.pad(pictures, ((0, 0), (0, down), (0, right), (0, 0)), mode="edge"), way).to(device)
    light = config.architecture == "light"
    arguments = [x]
    if light and config.noise_size and way == 0 and seed is not None:
        noise = torch.randn(1, config.noise_size, generator=torch.Generator().manual_seed(seed))
        arguments.append(noise.expand(len(pictures), -1).to(device))
    with torch.autocast(device.type, torch.bfloat16, enabled=not light and supports_bfloat16(device)):
        y = generator(*arguments).float()[:, :, :height, :width]
    return to_output(config, y, way)


def to_input(config: TranslationConfig, pictures: NDArray[np.uint8], way: int) -> Tensor:
    """Pictures uint8 (N, h, w, C) as a generator reads them: (N, C, h, w) in [-1, 1], or classes (N, K, h, w), 0 and
    1."""
    if config.palette and way == 0:
        return one_hot(snap(config, pictures), len(config.palette))
    return to_network(pictures)


def to_output(config: TranslationConfig, y: Tensor, way: int) -> Picture:
    """What a generator drew as pictures uint8 (N, h, w, C); logits of classes become the likeliest class's colour."""
    if config.palette and way == 1:
        return np.asarray(config.colours[y.argmax(1).cpu().numpy()], dtype=np.uint8)
    return to_pictures(y)


def snap(config: TranslationConfig, picture: Picture) -> NDArray[np.uint8]:
    """The class of every pixel, the one of the nearest colour: uint8 (..., h, w, 3) → (..., h, w)."""
    return nearest(config, picture)[0]


def nearest(config: TranslationConfig, picture: Picture) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Number and distance (grey levels) of the nearest colour of the palette for every pixel, each (..., h, w)."""
    best = np.full(picture.shape[:-1], np.inf, np.float32)
    classes = np.zeros(picture.shape[:-1], np.uint8)
    for number, colour in enumerate(config.colours):
        distance = ((picture.astype(np.float32) - colour) ** 2).sum(-1)
        closer = distance < best
        best[closer] = distance[closer]
        classes[closer] = number
    return classes, np.sqrt(best)


def one_hot(classes: NDArray[np.uint8], count: int) -> Tensor:
    """Classes (..., h, w) as float32 (..., K, h, w), 0 and 1."""
    return nn.functional.one_hot(torch.from_numpy(classes).long(), count).movedim(-1, -3).float()


# --- what the discriminators say -----------------------------------------------------------------------------------


@torch.inference_mode()
def conviction(network: Translation, before: Picture, after: Picture, direction: str) -> NDArray[np.float32]:
    """Where the discriminator takes a result for real.

    Args:
        network: with discriminators.
        before, after: uint8 (H, W, C), a picture and its translation.
        direction: in which it was translated.

    Returns:
        float32 (h, w), one number for each patch of 70 x 70 px of the working size: 1 real, 0 generated, as least
        squares has it; not limited to that range.

    Raises:
        InvalidInput: there is no discriminator for that direction.
    """
    way = way_of(network, direction)
    config = network.config
    if way >= len(network.critics):
        raise InvalidInput(f"This network has no discriminator for {direction}.")
    height, width = (max(side, 24) for side in working_size(config, *after.shape[:2]))
    x = to_network(in_channels(reduce(after, height, width), config.channels)[None])
    if config.paired:
        asked = reduce(in_channels(before, config.channels), height, width, mix=not config.palette)
        x = torch.cat([to_input(config, asked[None], way), x], dim=1)
    logits: NDArray[np.float32] = network.critics[way](x)[0, 0].float().numpy()
    return logits


def in_channels(picture: Picture, channels: int) -> Picture:
    """uint8 (H, W, 1, 3 or 4) in grey (channels 1) or in colour (channels 3)."""
    visible = picture[:, :, :3]
    if channels == 1:
        return luma(visible).round().astype(np.uint8)[:, :, None]
    return np.ascontiguousarray(np.broadcast_to(visible, (*picture.shape[:2], 3)))


def strangeness(network: Translation, picture: Picture, direction: str) -> float | None:
    """How unlike the pictures that a direction was trained on a picture is, 1 being the limit of what is usual.

    For photographs: how far the means and deviations of what the discriminator of their domain notices lie from those
    of training pictures, each in its own standard deviations, root of the mean of squares; relative to what 97 of 100
    validation pictures stay below. For maps of labels: the share of pixels that have no colour of the palette,
    relative to a tenth.

    Returns:
        None where the network does not know.
    """
    way = way_of(network, direction)
    check_picture(picture)
    config = network.config
    if config.palette and way == 0:
        away = nearest(config, reduced(network, in_channels(picture, 3), way))[1] > NO_COLOUR
        return float(away.mean()) / 0.1
    limit = float(network.likeness_limit[way])
    if not limit:
        return None
    small = reduced(network, in_channels(picture, config.channels), way)
    return float(distances(network, noticed(network, small[None], way), way)[0]) / limit


@torch.inference_mode()
def noticed(network: Translation, pictures: NDArray[np.uint8], way: int) -> Tensor:
    """Means and deviations over the picture of what the discriminator of the domain that `way` starts from notices in
    pictures uint8 (N, h, w, channels): (N, F)."""
    critic = network.critics[1 - way]
    assert isinstance(critic, PatchDiscriminator)
    maps = critic.notice(to_network(pictures).to(network.likeness_limit.device)).float()  # (N, F/2, h', w')
    return torch.cat([maps.mean((2, 3)), maps.std((2, 3))], dim=1)


def distances(network: Translation, features: Tensor, way: int) -> Tensor:
    """Distances (N,) of features from the domain that `way` starts from, in standard deviations."""
    relative = (features - network.likeness_mean[way]) / network.likeness_deviation[way]
    return relative.square().mean(1).sqrt()
