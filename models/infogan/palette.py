"""A generator that tells form from colour: convolutions say where each colour goes, codes say which colour it is.

A picture is a map of shares: each pixel belongs to one of a few paints, or to a colour that is the same in all
pictures, and has a brightness. A colour code moves the colour of its paint, wherever that is, and nothing else; all
other codes move the maps and never see a colour. Greff et al., "Multi-Object Representation Learning with Iterative
Variational Inference", 2019, mix pictures from masks and colours in the same way.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.infogan.decoder import FEATURES, SIDE, Decoder

FIXED = 2  # colours that are the same in every picture
CELLS = 8  # places of the canvas, in each direction
SOFTNESS = 3.0  # how much softer shares are for the gradient than for the eye
QUICK = 8.0  # how much faster than other weights the fixed colours and the canvas learn
FULL = 0.4  # standard deviation of the channels of colours from all around the circle
UNUSED = 0.08  # share of a picture's light under which a paint counts as unused
GAP = 1.0  # logits that a revived paint is behind the strongest


def blocks(x: Tensor, square: int) -> Tensor:
    """Pictures or maps (N, C, H, W) with every square of `square` by `square` pixels replaced by its mean."""
    return x if square == 1 else functional.interpolate(functional.avg_pool2d(x, square), scale_factor=square)


class Shares(torch.autograd.Function):
    """Softmax over the channels (N, C, H, W) with the gradient of a softer one, so that a colour can come back where it
    was lost: a straight-through estimator (Bengio, Léonard, Courville, "Estimating or Propagating Gradients Through
    Stochastic Neurons for Conditional Computation", 2013)."""

    @staticmethod
    def forward(ctx: Any, maps: Tensor) -> Tensor:
        """maps: logits. Returns shares of the same shape."""
        ctx.save_for_backward(maps)
        return maps.softmax(1)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        """The gradient for the logits."""
        soft: Tensor = (ctx.saved_tensors[0] / SOFTNESS).softmax(1)
        weighted = gradient * soft
        return (weighted - soft * weighted.sum(1, keepdim=True)) / SOFTNESS


class PaletteGenerator(nn.Module):
    """Numbers → picture (N, channels, 64, 64) in [-1, 1]."""

    def __init__(
        self, groups: Sequence[int], paints: Sequence[bool], channels: int, width: int, *, style_gain: float = 1.0
    ):
        """Args: groups: numbers in each; paints: for each group, whether it is a colour. At least one is, and one is
        not; style_gain: as for the decoder."""
        super().__init__()
        count = sum(paints)
        self.groups, self.paints = tuple(groups), tuple(paints)
        self.colours = nn.ModuleList(
            nn.Sequential(nn.Linear(size, FEATURES), nn.LeakyReLU(0.2), nn.Linear(FEATURES, channels))
            for size, paint in zip(groups, paints, strict=True)
            if paint
        )
        self.fixed = nn.Parameter(torch.randn(channels, FIXED) / QUICK)
        forms = [size for size, paint in zip(groups, paints, strict=True) if not paint]
        # a map of each paint and fixed colour, and brightness
        self.decoder = Decoder(forms, count + FIXED + 1, width, style_gain=style_gain)
        # what the maps are before any code speaks: patches of all colours, so that borders can move from the start
        self.canvas = nn.Parameter(3 / QUICK * torch.randn(1, count + FIXED + 1, CELLS, CELLS))
        with torch.no_grad():
            self.canvas[:, count:-1] += 1 / QUICK  # what never changes is found first
            self.canvas[:, -1] = 0.7 / QUICK
            self.decoder.finish.weight.mul_(0.2)
        self.square = 1  # pixels of the squares that are painted alike, a training's way from coarse to fine

    def forward(self, numbers: Tensor) -> Tensor:
        """numbers: (N, sum of groups). Returns (N, channels, 64, 64) in [-1, 1]."""
        colour_numbers, form_numbers = self.split(numbers)
        colours = self.colour_logits(colour_numbers)
        fixed = (QUICK * self.fixed).expand(len(numbers), -1, -1)
        palette = torch.cat([colours, fixed], dim=2).sigmoid()  # (N, channels, P + FIXED)
        maps, brightness = self.maps(form_numbers)
        shares: Tensor = Shares.apply(maps)  # type: ignore[no-untyped-call]  # (N, P + FIXED, 64, 64)
        painted, rest = shares.split([len(self.colours), FIXED], dim=1)
        lit = torch.cat([painted * brightness, rest], dim=1)
        mixed: Tensor = torch.matmul(palette, lit.flatten(2)).unflatten(2, (SIDE, SIDE))
        return 2 * mixed - 1

    def split(self, numbers: Tensor) -> tuple[list[Tensor], Tensor]:
        """The numbers of each paint, and all others (N, F)."""
        parts = list(zip(numbers.split(self.groups, dim=1), self.paints, strict=True))
        return [part for part, paint in parts if paint], torch.cat([part for part, paint in parts if not paint], dim=1)

    def colour_logits(self, colour_numbers: list[Tensor]) -> Tensor:
        """Logits of the colours of all paints (N, channels, P); odd in the code, so that no paint can settle on one
        colour for all pictures."""
        logits = [network(part) - network(-part) for network, part in zip(self.colours, colour_numbers, strict=True)]
        return torch.stack(logits, dim=2)

    def maps(self, form_numbers: Tensor) -> tuple[Tensor, Tensor]:
        """form_numbers: of the groups that are no paints (N, F). Returns logits of the shares (N, P + FIXED, 64, 64)
        and how bright the paints are (N, 1, 64, 64), from 0 on."""
        x = self.decoder.draw(form_numbers).contiguous()
        x = x + functional.interpolate(QUICK * self.canvas, scale_factor=SIDE // CELLS, mode="bilinear")
        x = blocks(x, self.square)
        shares, brightness = x.split([x.shape[1] - 1, 1], dim=1)
        return shares, brightness.abs()

    @torch.no_grad()
    def revive(self, numbers: Tensor) -> list[int]:
        """Lets paints that hardly show compete again in every place, with the colours of the one that shows most, and a
        fixed colour if they hardly show.

        Args:
            numbers: (N, sum of groups), of the pictures in which they are counted.

        Returns:
            the paints revived, 0 to P + FIXED - 1.
        """
        colour_numbers, form_numbers = self.split(numbers)
        maps, brightness = self.maps(form_numbers)
        light = (maps.softmax(1) * brightness).mean((0, 2, 3))  # (P + FIXED)
        count = len(self.colours)
        shown = light[:count] * self.colour_logits(colour_numbers).sigmoid().std(0).mean(0) / FULL  # (P)
        weak = [k for k in range(count) if shown[k] < UNUSED]
        strongest = self.colours[int(shown.argmax())].state_dict()
        for k in weak:
            self.colours[k].load_state_dict(strongest)
        if light[count:].sum() < UNUSED:
            weak.append(count + int(light[count:].argmax()))
        behind = functional.avg_pool2d(maps.amax(1, keepdim=True) - maps, SIDE // CELLS).mean(0)  # (P + FIXED, 8, 8)
        for k in weak:
            self.canvas[0, k] += (behind[k] - GAP) / QUICK
        return weak
