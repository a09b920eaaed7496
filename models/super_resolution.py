"""Small pictures as large ones. The networks stand in models.architectures.upscalers, what is around them here.

What a network is given, and what becomes of it: opacity is set aside, hidden colours are filled in from what is seen
(so that no fringe appears), grey becomes three equal channels; tiles with their surroundings go through the network;
several passes and a reduction make any scale.
"""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from weakref import WeakKeyDictionary

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad, relu

from models.architectures.upscalers import SPAN, PlainUpscaler, RRDBNet, SRVGGNetCompact
from models.errors import InvalidInput
from models.merging import Progress
from models.parts import Spread, in_turn
from models.pixels import colours_of, has_opacity, resize, to_grey
from models.precision import supports_bfloat16
from models.quantization import Network

Picture = NDArray[np.uint8]

ARCHITECTURES = ("plain", "rrdb", "srvgg", "span")
SCALES = {"plain": (2, 3, 4), "rrdb": (1, 2, 4, 8), "srvgg": (1, 2, 3, 4, 8), "span": (1, 2, 3, 4, 8)}
LARGEST_SCALE = 8.0
LARGEST_RESULT = 24_000_000  # px
TILES = {  # px, height and width of what is read at a time, without its surroundings; more is slower, too
    "plain": (128, 256),
    "srvgg": (128, 256),
    "span": (128, 256),
    "rrdb": (96, 96),
}
IN_ONE_PIECE = {"rrdb": 192}  # px, side of a picture up to which tiles would cost more than they save
LARGEST_PIECE = 768  # px, side of what comes of one; its feature maps take memory
SURROUNDINGS = {"rrdb": 24}  # px, where a network looks further than what matters
MIDDLE = 127.5  # grey level that is 0 for a network


@dataclass(frozen=True)
class SuperResolutionConfig:
    """Architecture of an upscaler."""

    family: str = "super-resolution"
    architecture: str = "plain"  # one of ARCHITECTURES
    scale: int = 4  # how many times larger, each side
    width: int = 32  # feature maps
    depth: int = 5  # convolutions between the first and the last; of "rrdb", its blocks
    growth: int = 32  # of "rrdb": feature maps that each convolution of a block adds
    packing: int = 0  # of "rrdb": side of the squares that it reads as one; 0 for Real-ESRGAN's, 4 / scale or 1
    centred: bool = True  # of "span": colours are taken relative to a mean, and in grey levels
    invents: bool = False  # trained adversarially: draws plausible detail where the truth is unknown

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise InvalidInput(f"The architecture is {self.architecture!r}; {', '.join(ARCHITECTURES)} are accepted.")
        if self.scale not in SCALES[self.architecture]:
            choices = ", ".join(map(str, SCALES[self.architecture]))
            raise InvalidInput(f"The scale is {self.scale}; {choices} are accepted for {self.architecture}.")
        for name, low, high in (("width", 1, 512), ("depth", 0, 64), ("growth", 1, 256)):
            if not low <= getattr(self, name) <= high:
                raise InvalidInput(f"The {name} is {getattr(self, name)}; it has to be from {low} to {high}.")
        if self.packing not in (0, 1, 2, 4) or self.scale * self.squares > 8:
            raise InvalidInput(f"The packing is {self.packing}; 1, 2 and 4 are accepted, times the scale at most 8.")

    @property
    def squares(self) -> int:
        """Side of the squares of pixels that "rrdb" reads as one."""
        return self.packing or max(1, 4 // self.scale)


class SuperResolution(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["super-resolution"]):
    """An upscaler and what it is."""

    def __init__(self, config: SuperResolutionConfig):
        super().__init__()
        self.config = config
        self.upscaler: PlainUpscaler | RRDBNet | SRVGGNetCompact | SPAN
        if config.architecture == "rrdb":
            self.upscaler = RRDBNet(
                config.scale, width=config.width, blocks=config.depth, growth=config.growth, packing=config.squares
            )
        elif config.architecture == "srvgg":
            self.upscaler = SRVGGNetCompact(config.scale, width=config.width, depth=config.depth)
        elif config.architecture == "span":
            self.upscaler = SPAN(config.scale, width=config.width, centred=config.centred)
        else:
            self.upscaler = PlainUpscaler(config.scale, width=config.width, depth=config.depth)


def interpolated(faithful: SuperResolution, sharp: SuperResolution, strength: float) -> SuperResolution:
    """A network between two, of which the sharp one was trained on from the faithful one: each weight lies on the line
    from the one to the other (network interpolation; Wang et al., ESRGAN, 2018, section 3.4).

    Args:
        strength: 0 for the faithful network, 1 for the sharp one.

    Raises:
        InvalidInput: they have different architectures, or strength is out of range.
    """
    if replace(faithful.config, invents=True) != replace(sharp.config, invents=True):
        raise InvalidInput("Only networks of one architecture can be interpolated; these two differ.")
    if not 0 <= strength <= 1:
        raise InvalidInput(f"The strength is {strength:g}; it goes from 0 (faithful) to 1 (sharp).")
    network = copy.deepcopy(sharp if strength else faithful)
    with torch.no_grad():
        for weight, start in zip(network.parameters(), faithful.parameters(), strict=True):
            weight.lerp_(start, 1 - strength)
    return network


# --- inference ---------------------------------------------------------------------------------------------------


def upscale(
    network: SuperResolution,
    picture: Picture,
    scale: float,
    *,
    progress: Progress = lambda share: None,
    spread: Spread = in_turn,
) -> Picture:
    """A picture, enlarged.

    Scales other than the network's own are made of several passes, the picture before the last one reduced so that this
    ends at the scale asked for; below the network's own scale, its result is reduced. What a network of scale 1 cleaned
    is enlarged without a network (bicubic).

    Args:
        network: from `models.load`.
        picture: uint8 (H, W, C), C is 1 (grey, which it stays), 3 (RGB), 2 or 4 (the same with opacity); at least 1 px
            a side.
        scale: how many times larger each side becomes, from 1 to 8; the result has at most 24 million px.
        progress: told the share that is done, after each tile; what it raises stops the work.
        spread: runs the tiles, see models.parts.

    Returns:
        uint8 (scale H, scale W, C), sides rounded.

    Raises:
        InvalidInput: another form of picture or scale, or too large a result.
    """
    height, width = check_request(picture, scale)
    if has_opacity(picture):
        return with_opacity(network, picture, height, width, progress, spread)
    return to_size(network, picture, height, width, progress, spread)


def multiplications(network: SuperResolution, picture: Picture) -> int:
    """How many it takes at least to enlarge a picture."""
    return int(sum(part.numel() for part in network.parameters()) * picture.shape[0] * picture.shape[1])


def check_request(picture: Picture, scale: float) -> tuple[int, int]:
    """Height and width of the result. Raises InvalidInput unless `upscale` can be done."""
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (1, 2, 3, 4) or not picture.size:
        raise InvalidInput(f"Expected a uint8 picture (H, W, C), C from 1 to 4; got {picture.dtype} {picture.shape}.")
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 1 <= scale <= LARGEST_SCALE:
        raise InvalidInput(f"The scale is {scale!r:.40}; a number from 1 to {LARGEST_SCALE:g} is accepted.")
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    if height * width > LARGEST_RESULT:
        raise InvalidInput(
            f"{picture.shape[1]} x {picture.shape[0]} px times {scale:g} would be {height * width / 1e6:.1f} million "
            f"pixels; results of up to {LARGEST_RESULT / 1e6:g} million are made, so choose a smaller scale or picture."
        )
    return height, width


def with_opacity(
    network: SuperResolution, picture: Picture, height: int, width: int, progress: Progress, spread: Spread
) -> Picture:
    """`to_size` for colours and opacity (H, W, 2 or 4), one after the other."""
    result = np.empty((height, width, picture.shape[2]), np.uint8)
    opacity = np.ascontiguousarray(picture[:, :, -1:])
    if opacity.min() == opacity.max():
        result[:, :, :-1] = to_size(network, np.ascontiguousarray(picture[:, :, :-1]), height, width, progress, spread)
        result[:, :, -1] = opacity[0, 0, 0]
        return result
    result[:, :, :-1] = to_size(network, filled(picture), height, width, lambda share: progress(share / 2), spread)
    result[:, :, -1:] = to_size(network, opacity, height, width, lambda share: progress((1 + share) / 2), spread)
    return result


def filled(picture: Picture) -> Picture:
    """The colours of uint8 (H, W, 2 or 4) where they are seen, and where they are not those of what is seen nearby.

    Colours premultiplied by opacity are averaged over squares of 2, 4, 8, … px until nothing is empty, and where a
    pixel is transparent, the nearest such average shows. So no hidden black or white leaks across an edge.

    Returns:
        uint8 (H, W, 1 or 3).
    """
    opacity = picture[:, :, -1:].astype(np.float32) / 255
    premultiplied = np.concatenate([picture[:, :, :-1] * opacity, opacity], axis=2)  # (H, W, C)
    levels = [premultiplied]
    while max(levels[-1].shape[:2]) > 1:
        below = levels[-1]
        below = np.pad(below, ((0, below.shape[0] % 2), (0, below.shape[1] % 2), (0, 0)), mode="edge")
        levels.append(below.reshape(below.shape[0] // 2, 2, below.shape[1] // 2, 2, below.shape[2]).mean(axis=(1, 3)))
    behind = levels[-1][:, :, :-1] / np.maximum(levels[-1][:, :, -1:], 1e-6)  # (1, 1, C - 1)
    for level in reversed(levels[:-1]):
        behind = behind.repeat(2, axis=0).repeat(2, axis=1)[: level.shape[0], : level.shape[1]]
        behind = level[:, :, :-1] + (1 - level[:, :, -1:]) * behind
    colours: Picture = behind.round().clip(0, 255).astype(np.uint8)
    return colours


def to_size(
    network: SuperResolution, picture: Picture, height: int, width: int, progress: Progress, spread: Spread
) -> Picture:
    """A picture uint8 (H, W, 1 or 3) enlarged to (height, width), in as many passes as that takes."""
    if picture.shape[2] == 1 or same_channels(picture):
        grey = to_grey(to_colour_size(network, picture[:, :, :1].repeat(3, axis=2), height, width, progress, spread))
        return grey if picture.shape[2] == 1 else grey.repeat(3, axis=2)
    return to_colour_size(network, picture, height, width, progress, spread)


def same_channels(picture: Picture) -> bool:
    """Whether a picture in colour (H, W, 3) shows grey only."""
    return all(np.array_equal(picture[:, :, 0], picture[:, :, channel]) for channel in (1, 2))


def passes(scale: int, picture: tuple[int, int], result: tuple[int, int]) -> list[tuple[int, int]]:
    """Heights and widths to which a picture is brought by one pass each, the last one the result's.

    Args:
        scale: the network's.
        picture, result: heights and widths.
    """
    if scale == 1 or all(larger <= scale * side for side, larger in zip(picture, result, strict=True)):
        return [result]
    before = (math.ceil(result[0] / scale), math.ceil(result[1] / scale))
    return [*passes(scale, picture, before), result]


def to_colour_size(
    network: SuperResolution, picture: Picture, height: int, width: int, progress: Progress, spread: Spread
) -> Picture:
    """`to_size` of uint8 (H, W, 3)."""
    sizes = passes(network.config.scale, (picture.shape[0], picture.shape[1]), (height, width))
    read = [(picture.shape[0], picture.shape[1]), *sizes[:-1]]
    areas = [high * wide for high, wide in read]
    for number, size in enumerate(sizes):
        done, share = sum(areas[:number]) / sum(areas), areas[number] / sum(areas)
        picture = in_tiles(network, picture, progress=partial(told_from, progress, done, share), spread=spread)
        if picture.shape[:2] != size:
            picture = resize(picture, *size)
    return picture


def told_from(progress: Progress, done: float, share: float, part: float) -> None:
    """Tells the progress of a part of the work."""
    progress(done + share * part)


def in_tiles(
    network: SuperResolution,
    picture: Picture,
    *,
    tile: tuple[int, int] | None = None,
    progress: Progress = lambda share: None,
    spread: Spread = in_turn,
) -> Picture:
    """One pass of the network, tile by tile, each with the surroundings that it looks at: uint8 (H, W, 3) to
    (sH, sW, 3), the same as in one piece, bit for bit, where the surroundings are all that the network looks at.
    """
    height, width = picture.shape[:2]
    config = network.config
    rows, columns = tile or tile_of(config, height, width)
    around = SURROUNDINGS.get(config.architecture, network.upscaler.radius)
    scale = config.scale
    result = np.empty((scale * height, scale * width, 3), np.uint8)
    corners = [(top, left) for top in range(0, height, rows) for left in range(0, width, columns)]

    def tile_at(corner: tuple[int, int]) -> Picture:
        top, left = corner
        return picture[max(0, top - around) : top + rows + around, max(0, left - around) : left + columns + around]

    corners.sort(key=lambda corner: tile_at(corner).shape)  # so that those of one size can be drawn together
    tiles = [tile_at(corner)[None] for corner in corners]
    drawn = spread(draw_tiles, network, tiles, remote=len(tiles) > 1, progress=progress)
    for enlarged, (top, left) in zip(drawn, corners, strict=True):
        bottom, right = min(top + rows, height), min(left + columns, width)
        above, before = max(0, top - around), max(0, left - around)
        inner = enlarged[
            0, scale * (top - above) : scale * (bottom - above), scale * (left - before) : scale * (right - before)
        ]
        result[scale * top : scale * bottom, scale * left : scale * right] = inner
    return result


def tile_of(config: SuperResolutionConfig, height: int, width: int) -> tuple[int, int]:
    """Height and width of the tiles of a picture: of its own size where that is quicker."""
    longer = max(height, width)
    whole = longer <= IN_ONE_PIECE.get(config.architecture, 0) and longer * config.scale <= LARGEST_PIECE
    return (height, width) if whole else TILES[config.architecture]


def draw_tiles(network: SuperResolution, tiles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One pass of the network over tiles of one size: uint8 (N, h, w, 3) to (N, sh, sw, 3)."""
    drawn = runner_of(network)(torch.from_numpy(np.require(tiles, requirements=["C", "W"])))  # torch warns of others
    return np.asarray(drawn.numpy())


# --- networks as they run ----------------------------------------------------------------------------------------

Runner = Callable[[Tensor], Tensor]  # uint8 (N, h, w, 3) to (N, sh, sw, 3)

runners: WeakKeyDictionary[SuperResolution, Runner] = WeakKeyDictionary()


def runner_of(network: SuperResolution) -> Runner:
    """What draws tiles; made once for each network."""
    if network not in runners:
        plain = isinstance(network.upscaler, PlainUpscaler)
        runners[network] = Deployed(network.upscaler) if plain else published(network.upscaler)  # type: ignore[arg-type]
    return runners[network]


class Deployed:
    """Our network as it runs: the same function, with nothing left to do but convolutions and whole numbers.

    Grey levels go in as whole numbers around 128, which bfloat16 holds exactly; the scaling is in the first kernel. The
    last one writes differences in grey levels, in the order in which the pixels lie; they are rounded, and added to
    whole numbers, so that bfloat16 loses nothing there either.
    """

    def __init__(self, network: PlainUpscaler):
        self.scale = network.scale
        device = network.first.weight.device
        self.dtype = torch.bfloat16 if supports_bfloat16(device) else torch.float32
        ours = copy.deepcopy(network).requires_grad_(False)
        parts = dict(ours.named_parameters())
        parts["first.weight"].div_(MIDDLE)
        parts["first.bias"].add_(parts["first.weight"].sum(dim=(1, 2, 3)), alpha=128 - MIDDLE)
        order = torch.arange(3 * self.scale**2).reshape(3, -1).T.reshape(-1)  # sub-pixel by sub-pixel, R G B in each
        for name in ("last.weight", "last.bias"):
            parts[name].copy_(parts[name][order] * MIDDLE)
        self.network = ours.to(self.dtype)
        self.repetition = torch.eye(3, device=device, dtype=self.dtype).repeat(1, self.scale**2)  # a pixel's sub-pixels

    @torch.inference_mode()
    def __call__(self, tiles: Tensor) -> Tensor:
        """Tiles of one size."""
        s, network = self.scale, self.network
        height, width = tiles.shape[1:3]
        levels = tiles.to(network.first.weight.device, self.dtype)  # (N, h, w, 3)
        start = y = relu(network.first((levels - 128).permute(0, 3, 1, 2)), inplace=True)  # (N, width, h, w)
        for layer in network.body:
            y = relu(layer(y), inplace=True)
        change = network.last(y.add_(start)).permute(0, 2, 3, 1)  # (N, h, w, 3 s²), contiguous
        y = (levels @ self.repetition).add_(change.round_()).clamp_(0, 255).to(torch.uint8)
        result: Tensor = y.reshape(-1, height, width, s, 3 * s).transpose(2, 3).reshape(-1, s * height, s * width, 3)
        return result.cpu()


def published(network: RRDBNet | SRVGGNetCompact | SPAN) -> Runner:
    """A network of others as it runs: colours from 0 to 1."""

    @torch.inference_mode()
    def run(tiles: Tensor) -> Tensor:
        device = next(network.parameters()).device
        height, width = tiles.shape[1:3]
        packing = network.packing if isinstance(network, RRDBNet) else 1
        x = tiles.to(device).permute(0, 3, 1, 2).float() / 255
        x = pad(x, (0, -width % packing, 0, -height % packing), mode="replicate")
        with torch.autocast(device.type, torch.bfloat16, enabled=supports_bfloat16(device)):
            y = network(x).float()[:, :, : network.scale * height, : network.scale * width]
        result: Tensor = (y * 255).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
        return result.contiguous().cpu()

    return run


# --- honesty -----------------------------------------------------------------------------------------------------


def invented(result: Picture, picture: Picture) -> NDArray[np.float32]:
    """What cannot come from the picture: the result, reduced to the picture's size again, minus the picture.

    Args:
        result: uint8 (sH, sW, C).
        picture: uint8 (H, W, C) that it was made of.

    Returns:
        float32 (H, W), mean over colours, grey levels; 0 where the result is consistent with what was given.
    """
    again = resize(result, *picture.shape[:2]).astype(np.float32)
    colours = colours_of(picture)
    difference: NDArray[np.float32] = np.abs(again - picture)[:, :, :colours].mean(axis=2)
    return difference
