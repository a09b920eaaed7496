"""Latent codes that mean something: their types, how they are drawn, written into a network and read out of it.

A visitor, a test and a metric see one number per code: "uniform" in [-1, 1]; "circular" in [-1, 1), where -1 and 1 are
the same place (a hue, an angle); "categorical-n" a whole number from 0 to n - 1. A network sees features: the number
itself; its cosine and sine; n zeros and ones.
"""

import math
import re
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from models.errors import InvalidInput

Types = Sequence[str]


def categories(kind: str) -> int:
    """How many values a code of this type has, 0 for a continuous one. Raises InvalidInput for no type of ours."""
    if kind in ("uniform", "circular"):
        return 0
    match = re.fullmatch(r"categorical-(\d{1,3})", kind)
    if not match or int(match[1]) < 2:
        raise InvalidInput(f"A code is {kind!r}; uniform, circular and categorical-N (N at least 2) are accepted.")
    return int(match[1])


def widths(types: Types) -> list[int]:
    """How many features each code is for a network."""
    return [{"uniform": 1, "circular": 2}.get(kind) or categories(kind) for kind in types]


def draw_codes(types: Types, *, count: int, randomness: torch.Generator) -> Tensor:
    """Codes of the prior, every value equally likely: float32 (count, K)."""
    columns = [
        torch.randint(categories(kind), (count,), generator=randomness).float()
        if categories(kind)
        else torch.rand(count, generator=randomness) * 2 - 1
        for kind in types
    ]
    return torch.stack(columns, dim=1)


def draw_pairs(types: Types, *, count: int, gap: float, randomness: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Pairs of codes that agree in one place only (Lin et al., "InfoGAN-CR", 2019, section 3).

    Args:
        types: of the K codes.
        count: pairs.
        gap: least distance of all other codes, 0 (independent) to 2: for a circular code half of it along the circle,
            for a categorical one any gap above 0 means another category.
        randomness: the source.

    Returns:
        two codes (count, K) and the place at which they agree (count,), int64.
    """
    first, second = draw_codes(types, count=count, randomness=randomness), []
    for k, kind in enumerate(types):
        if categories(kind):
            step = torch.randint(1 if gap > 0 else 0, categories(kind), (count,), generator=randomness)
            second.append((first[:, k] + step) % categories(kind))
        elif kind == "circular":
            step = gap / 2 + torch.rand(count, generator=randomness) * (2 - gap)  # 0 to 2 around the circle
            second.append((first[:, k] + step + 1) % 2 - 1)
        elif gap > 0:  # uniform on the two triangles of the square where |a - b| >= gap
            x, y = torch.rand(count, generator=randomness), torch.rand(count, generator=randomness)
            folded = x + y > 1
            x, y = torch.where(folded, 1 - x, x), torch.where(folded, 1 - y, y)
            low, high = -1 + (2 - gap) * x, 1 - (2 - gap) * y
            swapped = torch.rand(count, generator=randomness) < 0.5
            first[:, k] = torch.where(swapped, high, low)
            second.append(torch.where(swapped, low, high))
        else:
            second.append(torch.rand(count, generator=randomness) * 2 - 1)
    other = torch.stack(second, dim=1)
    shared = torch.randint(len(types), (count,), generator=randomness)
    other.scatter_(1, shared[:, None], first.gather(1, shared[:, None]))
    return first, other, shared


def to_features(types: Types, codes: Tensor) -> Tensor:
    """Codes (N, K) as a network reads them: (N, sum of widths)."""
    columns = []
    for k, kind in enumerate(types):
        code = codes[:, k]
        if kind == "uniform":
            columns.append(code[:, None])
        elif kind == "circular":
            columns.append(torch.stack([(math.pi * code).cos(), (math.pi * code).sin()], dim=1))
        else:
            columns.append(functional.one_hot(code.round().long(), categories(kind)).to(codes.dtype))
    return torch.cat(columns, dim=1)


def from_features(types: Types, features: Tensor) -> Tensor:
    """What an encoder wrote (N, sum of widths), as codes (N, K): the nearest point of the circle, the likeliest
    category, the number itself cut to [-1, 1]."""
    columns = []
    for part, kind in zip(features.split(widths(types), dim=1), types, strict=True):
        if kind == "uniform":
            columns.append(part[:, 0].clamp(-1, 1))
        elif kind == "circular":
            turn = torch.atan2(part[:, 1], part[:, 0]) / math.pi
            columns.append(torch.where(turn >= 1, turn - 2, turn))
        else:
            columns.append(part.argmax(dim=1).to(features.dtype))
    return torch.stack(columns, dim=1)
