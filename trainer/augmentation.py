"""Differentiable augmentation: the discriminator sees real and generated pictures through the same random changes, so
that it cannot learn a small training set by heart, and its gradient still reaches the generator (Zhao et al.,
"Differentiable Augmentation for Data-Efficient GAN Training", 2020).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from trainer.processes import WHOLE, Part

LARGEST_SHIFT = 1 / 16  # of the side
LARGEST_TRANSLATION = 1 / 8  # of the side
CUT_OUT = 1 / 2  # of the side
LOWEST_SIDE, HIGHEST_SIDE = 0.28, 0.6  # of the side, what a low-resolution view is reduced to


def augment(
    x: Tensor, *, probability: float, low_resolution: float, randomness: torch.Generator, part: Part = WHOLE
) -> Tensor:
    """Brightness, contrast and shift, each with its own draw per picture, and low resolution.

    Args:
        x: (N, C, H, W) in [-1, 1].
        probability: of each of brightness (up to ±0.3), contrast (factor 0.5 to 1.5) and shift (up to 1/16 of the
            side, reflected at the border), 0 to 1.
        low_resolution: probability that the batch is reduced to between 28 % and 60 % of its side and enlarged again,
            so that the discriminator can also judge small photographs, 0 to 1.
        randomness: on the CPU; draws are made there and moved, so that a seed means the same on every device.
        part: which part of a batch x is; the draws are made for all of it, so that they do not depend on the number of
            processes.

    Returns:
        the same shape; out-of-range values are kept, for the gradient's sake.
    """
    if probability > 0:
        x = shift(change_colours(x, probability, randomness, part), probability, randomness, part)
    if low_resolution > 0 and float(torch.rand((), generator=randomness)) < low_resolution:
        fraction = LOWEST_SIDE + (HIGHEST_SIDE - LOWEST_SIDE) * float(torch.rand((), generator=randomness))
        side = round(x.shape[-1] * fraction)
        small = F.interpolate(x, size=side, mode="bilinear", antialias=True)
        x = F.interpolate(small, size=x.shape[-1], mode="bicubic")
    return x


def change_colours(x: Tensor, probability: float, randomness: torch.Generator, part: Part = WHOLE) -> Tensor:
    """Brightness, then contrast around the picture's mean."""
    batch = len(x) * part.processes
    draws = torch.rand(4, batch, 1, 1, 1, generator=randomness)[:, part.of(batch)].to(x.device)
    brightness = (draws[0] - 0.5) * 0.6 * (draws[1] < probability)
    contrast = 1 + (draws[2] - 0.5) * (draws[3] < probability)
    x = x + brightness
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    return (x - mean) * contrast + mean


def shift(x: Tensor, probability: float, randomness: torch.Generator, part: Part = WHOLE) -> Tensor:
    """Whole pixels along both axes; what comes in at the border is the mirror image."""
    count, _, height, width = x.shape
    batch = count * part.processes
    most = max(1, round(width * LARGEST_SHIFT))
    moves = torch.randint(0, 2 * most + 1, (2, batch), generator=randomness)
    moves[:, torch.rand(batch, generator=randomness) >= probability] = most  # the middle of the padded picture
    padded = F.pad(x, (most,) * 4, mode="reflect").split(1)  # N times (1, C, H + 2m, W + 2m)
    corners = zip(padded, *moves[:, part.of(batch)].tolist(), strict=True)
    return torch.cat([picture[:, :, top : top + height, left : left + width] for picture, top, left in corners])


def strong_augment(x: Tensor, *, randomness: torch.Generator, part: Part = WHOLE) -> Tensor:
    """Brightness, saturation, contrast, translation and cut-out of every picture, as DiffAugment's policy
    "color,translation,cutout" has them (Zhao et al. 2020, section 4).

    Args:
        x: (N, C, H, W) in [-1, 1].
        randomness: on the CPU; draws are made there and moved, so that a seed means the same on every device.
        part: which part of a batch x is.

    Returns:
        the same shape; what is moved in or cut out is 0.
    """
    count, _, height, width = x.shape
    batch = count * part.processes
    draws = torch.rand(7, batch, 1, 1, 1, generator=randomness)[:, part.of(batch)].to(x.device, non_blocking=True)
    x = x + (draws[0] - 0.5)
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (2 * draws[1])
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    x = mean + (x - mean) * (0.5 + draws[2])

    # translation: every picture gathers its rows and columns from a picture with a border of 0
    most_down, most_across = round(height * LARGEST_TRANSLATION), round(width * LARGEST_TRANSLATION)
    down = (draws[3] * (2 * most_down + 1)).long().flatten(1)  # (N, 1), 0 to 2 most
    across = (draws[4] * (2 * most_across + 1)).long().flatten(1)
    rows = torch.arange(height, device=x.device) + down  # (N, H)
    columns = torch.arange(width, device=x.device) + across  # (N, W)
    padded = F.pad(x, (most_across, most_across, most_down, most_down))
    each = torch.arange(count, device=x.device)[:, None, None]
    x = padded.permute(0, 2, 3, 1)[each, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)

    # cut-out: a rectangle of half the side around any place, some of it outside
    half_down, half_across = round(height * CUT_OUT / 2), round(width * CUT_OUT / 2)
    row = (draws[5] * (height + 1)).long().flatten(1)  # (N, 1), of the middle
    column = (draws[6] * (width + 1)).long().flatten(1)
    hidden_rows = (torch.arange(height, device=x.device) - row).abs() <= half_down  # (N, H)
    hidden_columns = (torch.arange(width, device=x.device) - column).abs() <= half_across  # (N, W)
    return x * ~(hidden_rows[:, None, :, None] & hidden_columns[:, None, None, :])
