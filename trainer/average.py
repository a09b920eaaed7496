"""The moving average of a network's weights, which draws better pictures than the weights of any one step."""

import copy
from typing import TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)


def average_of(network: Network) -> Network:
    """A copy to be updated with `update_average`, in evaluation mode and without gradients."""
    return copy.deepcopy(network).eval().requires_grad_(False)


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, *, batch: int, seen: int, half_life: float) -> None:
    """One step of the exponential moving average of parameters; buffers (batch-norm statistics, averages themselves)
    are copied.

    Args:
        average, network: of the same class.
        batch: pictures of this step.
        seen: pictures so far; early on the half-life is at most a tenth of them, so that the average follows.
        half_life: pictures after which a weight's share has halved.
    """
    decay = 0.5 ** (batch / max(min(half_life, seen / 10), 1e-8))
    torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1 - decay)
    for ours, theirs in zip(average.buffers(), network.buffers(), strict=True):
        ours.copy_(theirs)
