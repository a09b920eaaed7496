"""A picture through a translator, at any size.

The networks stand in models.architectures.translators; how a result is carried over to a larger picture, in
models.merging.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import InvalidInput
from models.merging import MERGES, Progress, luma, reduce
from models.parts import Spread, in_turn
from models.pixels import colours_of, to_network, to_pictures
from models.precision import supports_bfloat16
from models.translation.network import Picture, Translation, TranslationConfig

SMALLEST_SIDE = 8  # px
REMOTE = 128 * 128  # px, from where a picture may go to another machine; less is drawn here in less time
LARGEST_PICTURE = 12_500_000  # px, what a telephone calls 12 megapixels


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


def check_picture(picture: Picture, largest: int = LARGEST_PICTURE) -> None:
    """Raises InvalidInput unless it is uint8 (H, W, C), C from 1 to 4, from 8 px a side to `largest` px."""
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (1, 2, 3, 4):
        raise InvalidInput(f"Expected a uint8 picture (H, W, C), C from 1 to 4; got {picture.dtype} {picture.shape}.")
    height, width = picture.shape[:2]
    if min(height, width) < SMALLEST_SIDE or height * width > largest:
        raise InvalidInput(
            f"The picture is {width} x {height} px; from {SMALLEST_SIDE} px a side to {largest / 1e6:g} "
            "million pixels are accepted."
        )


def working_size(config: TranslationConfig, height: int, width: int) -> tuple[int, int]:
    """Height and width at which a network works on a picture: its own, or with the area it was trained at."""
    if height * width <= config.pixels and config.architecture not in ("unet", "nearest-unet"):
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
        picture: uint8 (H, W, C), C is 1 (grey), 3 (RGB), 2 or 4 (the same with opacity, which is kept); at least 8 px a
            side, at most 12.5 million px.
        direction: one of `directions(network)`, such as "day-to-night".
        seed: of the noise z of networks that have some; None for its mean.
        progress: told the share that is done; what it raises stops the work.
        spread: runs the forward pass, see models.parts.

    Returns:
        uint8 (H, W, C); C is 3 where the network colours grey pictures.

    Raises:
        InvalidInput: another form of picture, or a direction that the network does not know.
    """
    way = way_of(network, direction)
    check_picture(picture)
    picture = with_room(network, picture)
    colours = colours_of(picture)
    opacity, visible = picture[:, :, colours:], np.ascontiguousarray(picture[:, :, :colours])
    small = reduced(network, visible, way)
    drawn = translate_small(network, small, way, seed=seed, waiting=lambda: progress(0.0), spread=spread)
    result = carry_over(network, visible, small, drawn, progress)
    return np.concatenate([result, opacity], axis=2)


def with_room(network: Translation, picture: Picture) -> Picture:
    """A picture with the channels of its result: a grey one has three colours if it is going to be coloured."""
    if colours_of(picture) != 1 or network.config.inputs != 1 or network.config.channels != 3:
        return picture
    return np.concatenate([np.repeat(picture[:, :, :1], 3, axis=2), picture[:, :, 1:]], axis=2)


def reduced(network: Translation, picture: Picture, way: int) -> Picture:
    """A picture at the size at which the network works on it; colours of label maps are not mixed."""
    height, width = working_size(network.config, *picture.shape[:2])
    if (height, width) == picture.shape[:2]:
        return picture
    return reduce(picture, height, width, mix=not (network.config.palette and way == 0))


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
    if config.inputs:  # what it draws is not a change of what it reads
        seen = luma(picture).round().astype(np.uint8)[:, :, None] if config.inputs == 1 else picture
        seen = np.array(np.broadcast_to(seen, (*picture.shape[:2], config.inputs)))
        drawn = run(network, seen, way, seed, waiting, spread)
        return np.array(np.broadcast_to(drawn, picture.shape))
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
