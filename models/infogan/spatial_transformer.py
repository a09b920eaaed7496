"""A generator that draws a thing and then moves it: some codes say where it stands, how large it is, how it is turned.

Only the other codes reach the convolutions. What they draw fills a small frame, which is then shifted, scaled and
turned by the codes that are moves, and by nothing else, as in spatial-VAE (Bepler et al., "Explicitly Disentangling
Image Content from Translation and Rotation with spatial-VAE", 2019). How far a code of 1 shifts is learned; that sizes
span a factor of two is given, because a learned one shrinks to nothing and leaves sizes to the other codes.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.infogan.decoder import Decoder

FRAME = (
    0.36  # share of the picture's side that the frame fills; in a larger one, turning would shift what is off centre
)
BACKGROUND = -4.0  # outside the frame, before the bound
TRAVEL = 0.4  # of a shift code of 1 before the training, in halves of the picture's side
STRETCH = math.log(2) / 2  # logarithm of the size at a code of 1


def find_moves(codes: Sequence[str]) -> list[int] | None:
    """Which codes are the moves: the first three uniform ones (shift to the right, shift down, size) and the first
    circular one (turn); None where there are too few."""
    uniform, circular = ([k for k, kind in enumerate(codes) if kind == wanted] for wanted in ("uniform", "circular"))
    return [*uniform[:3], circular[0]] if len(uniform) >= 3 and circular else None


class TransformedGenerator(nn.Module):
    """Numbers → picture (N, channels, 64, 64) in [-1, 1]."""

    def __init__(
        self, groups: Sequence[int], moves: Sequence[int], channels: int, width: int, *, style_gain: float = 1.0
    ):
        """Args: groups: numbers in each; moves: which of them move, see `find_moves`, at least one does not;
        style_gain: as for the decoder."""
        super().__init__()
        self.groups, self.moves = tuple(groups), tuple(moves)
        still = [size for k, size in enumerate(groups) if k not in self.moves]
        self.decoder = Decoder(still, channels, width, style_gain=style_gain)
        self.travel = nn.Parameter(torch.full((2,), TRAVEL))

    def forward(self, numbers: Tensor) -> Tensor:
        """numbers: (N, sum of groups). Returns (N, channels, 64, 64) in [-1, 1]."""
        parts = numbers.split(self.groups, dim=1)
        drawn = self.decoder.draw(torch.cat([part for k, part in enumerate(parts) if k not in self.moves], dim=1))
        across, down, size, turn = (parts[k].float() for k in self.moves)  # (N, 1) three times, (N, 2)
        grid = functional.affine_grid(self.matrices(across, down, size, turn), list(drawn.shape), align_corners=False)
        moved = functional.grid_sample(drawn.float() - BACKGROUND, grid, padding_mode="zeros", align_corners=False)
        return (moved + BACKGROUND).tanh()

    def matrices(self, across: Tensor, down: Tensor, size: Tensor, turn: Tensor) -> Tensor:
        """From places in the picture to places in the frame, (N, 2, 3), for torch's affine_grid."""
        cosine, sine = turn[:, :1], turn[:, 1:]
        turned = torch.stack([torch.cat([cosine, sine], dim=1), torch.cat([-sine, cosine], dim=1)], dim=1)  # (N, 2, 2)
        inverse = turned * (-STRETCH * size).exp()[:, :, None] / FRAME
        shift = torch.cat([across, down], dim=1) * self.travel  # (N, 2)
        return torch.cat([inverse, -inverse @ shift[:, :, None]], dim=2)
