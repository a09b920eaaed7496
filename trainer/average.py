"""The moving average of a network's weights, which draws better pictures than the weights of any one step."""

import copy
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import nn

STATISTICS_BATCHES = 50
GLANCE_BATCHES = 5  # for a picture in passing

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


@torch.no_grad()
def settle_statistics(network: nn.Module, run: Callable[[int], object], batches: int = STATISTICS_BATCHES) -> None:
    """Gives an averaged network the batch-norm statistics of its own activations, over some batches.

    Those copied from the network that is averaged do not fit the average (Izmailov et al., "Averaging Weights Leads to
    Wider Optima", 2018, section 3.2; Brock et al., "Large Scale GAN Training", 2019, calls them standing statistics).

    Args:
        network: in evaluation mode, on any device; changed in place.
        run: sends batch number 0, 1, ... through the network.
    """
    norms = [layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain mean over all batches
    network.train()
    for number in range(batches):
        run(number)
    network.eval()
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
