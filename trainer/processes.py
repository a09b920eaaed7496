"""Several processes that train one network, so that it comes out as if one process had seen the whole batch.

Gradients are averaged by accelerate. Here is what else it takes: every process makes the random draws of the whole
batch and keeps its own part of them, batch normalisation uses the statistics of the whole batch, and what is logged is
the mean over all processes. So do the families gan and conditional, whose losses are then those of one process within
rounding. In the others each process draws by itself: as sound a training, but another one than that of one process.
"""

from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed
from torch import Tensor, nn


@dataclass(frozen=True)
class Part:
    """What one process handles of a batch; all parts are equally large."""

    process: int = 0  # from 0
    processes: int = 1

    def of(self, batch: int) -> slice:
        """The rows of a batch that are this part's."""
        size = batch // self.processes
        return slice(self.process * size, (self.process + 1) * size)


WHOLE = Part()


class Sum(torch.autograd.Function):
    """The sum of a tensor over all processes. Its derivative is of the same kind: every process's result depends on
    every process's tensor."""

    @staticmethod
    def forward(_context: Any, x: Tensor) -> Tensor:
        """x: of the same shape in all processes."""
        total = x.clone()
        torch.distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(_context: Any, slope: Tensor) -> Tensor:
        """slope: by the sum, in this process."""
        return sum_over_processes(slope)


def sum_over_processes(x: Tensor) -> Tensor:
    """The sum of a tensor over all processes, which gradients go through."""
    total: Tensor = Sum.apply(x)  # type: ignore[no-untyped-call]
    return total


class SharedBatchNorm(nn.BatchNorm2d):
    """Batch normalisation that, in training, uses mean and variance over all processes. torch.nn.SyncBatchNorm does so,
    too, but neither on processors nor with the second derivative that a gradient penalty takes."""

    def forward(self, x: Tensor) -> Tensor:
        """x: (n, C, H, W), the part of this process. Returns the same shape."""
        if not self.training:
            return super().forward(x)
        wide = x.float()
        variance, mean = torch.var_mean(wide, dim=(0, 2, 3), correction=0)  # (C,)
        processes = torch.distributed.get_world_size()
        moments = sum_over_processes(torch.stack([mean, variance + mean.square()])) / processes  # (2, C)
        mean, variance = moments[0], moments[1] - moments[0].square()
        if self.running_mean is not None and self.running_var is not None and self.momentum is not None:
            count = processes * x.numel() / x.shape[1]
            with torch.no_grad():
                if self.num_batches_tracked is not None:
                    self.num_batches_tracked.add_(1)
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        factor = (variance.clamp_min(0) + self.eps).rsqrt()
        offset = -mean * factor
        if self.affine:
            factor, offset = factor * self.weight, offset * self.weight + self.bias
        return (wide * factor[:, None, None] + offset[:, None, None]).to(x.dtype)


def share_statistics(network: nn.Module) -> None:
    """Puts `SharedBatchNorm` in place of every batch normalisation, with the same parameters and buffers; for a network
    that is trained, never for a copy that one process uses alone: it would wait for the others."""
    for parent in list(network.modules()):
        for name, norm in parent.named_children():
            if type(norm) is nn.BatchNorm2d:
                shared = SharedBatchNorm(norm.num_features, norm.eps, norm.momentum, norm.affine)
                for kind in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked"):
                    setattr(shared, kind, getattr(norm, kind))
                setattr(parent, name, shared)
