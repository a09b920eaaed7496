"""What becomes of a trained InfoGAN: its sheet of traversals, and where its circular codes begin."""

import copy
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.utils.parametrize import is_parametrized, remove_parametrizations

from models.infogan.codes import draw_codes
from models.infogan.network import InfoGAN, code_values
from models.pixels import to_pictures

SHEET_STEPS = 8  # pictures in one traversal of the sheet

Network = TypeVar("Network", bound=nn.Module)


@torch.no_grad()
def traversals(network: InfoGAN, *, draw: Any, inputs: Any) -> NDArray[np.uint8]:
    """One row for each code, running over its range from a random picture: (K * 8, 64, 64, C)."""
    types = network.config.codes
    randomness = torch.Generator().manual_seed(1)
    rows = []  # one random picture for each code
    for k, kind in enumerate(types):
        codes = draw_codes(types, count=1, randomness=randomness).repeat(SHEET_STEPS, 1)
        values = code_values(kind, SHEET_STEPS)
        codes[:, k] = torch.from_numpy(np.resize(values, SHEET_STEPS))
        noise = torch.randn(1, network.config.noise_size, generator=randomness).expand(SHEET_STEPS, -1)
        rows.append(to_pictures(draw(inputs(codes, noise))))
    return np.concatenate(rows)


def finished(network: Network) -> Network:
    """A copy to ship: on the CPU, its spectral norms settled into plain weights."""
    plain = copy.deepcopy(network).cpu().eval()
    for layer in list(plain.modules()):
        if is_parametrized(layer):
            remove_parametrizations(layer, "weight")
    return plain


def seams(types: tuple[str, ...], codes: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each circular code the turn that puts its seam (from 1 to -1) into the middle of the widest gap between the
    codes of pictures (N, K); 0 for other codes. Nothing but the choice of an origin: no label is used."""
    turns = np.zeros(len(types), np.float32)
    for k in (k for k, kind in enumerate(types) if kind == "circular"):
        ordered = np.sort(codes[:, k])
        gaps = np.diff(np.append(ordered, ordered[0] + 2))
        widest = int(gaps.argmax())
        turns[k] = (1 - (ordered[widest] + gaps[widest] / 2) + 1) % 2 - 1
    return turns
