"""Several processes that train one network, so that it comes out as if one process had seen the whole batch.

Gradients are averaged by accelerate. Here is what else it takes: every process makes the random draws of the whole
batch and keeps its own part of them, batch normalisation uses the statistics of the whole batch, what is logged is the
mean over all processes, and all of them stop after the same step. The losses are then those of one process within
rounding. Only the main process has a run folder; it reads the checkpoint, too, so that no other machine needs one.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import torch
import torch.distributed
from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs, broadcast_object_list
from torch import Tensor, nn
from torch.nn.functional import dropout
from tqdm import tqdm

from models.errors import InvalidInput
from trainer.runs import Position, Run, restore


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


def accelerator_of() -> Accelerator:
    """This process among those that train together; by itself, unless torchrun or accelerate started it."""
    return Accelerator(kwargs_handlers=[DistributedDataParallelKwargs(broadcast_buffers=False)])


def part_of(accelerator: Accelerator, batch: int, *, least: int = 1) -> Part:
    """What this process handles of every batch.

    Args:
        accelerator: of this process.
        batch: over all processes.
        least: of a process.

    Raises:
        InvalidInput: the batch cannot be shared.
    """
    processes = accelerator.num_processes
    if batch % processes or batch // processes < least:
        raise InvalidInput(f"--batch {batch} cannot be shared by {processes} processes; use a multiple.")
    return Part(accelerator.process_index, processes)


def open_run(
    accelerator: Accelerator, settings: Any, everything: dict[str, Any], *, bfloat16: bool, fork: Path | None = None
) -> tuple[Run | None, Position]:
    """The run folder, which the main process alone has, and where the training goes on.

    Args:
        accelerator: of this process.
        settings: of the training.
        everything: what a checkpoint holds, by name; with --resume or a fork it is given what stands there.
        bfloat16: whether products are computed in it, for the description of the run.
        fork: file to start from in place of a checkpoint.

    Raises:
        InvalidInput: the folder is taken, or there is nothing to go on from.
    """
    folder = settings.run_folder or Path("runs") / settings.out.name
    run = None
    if accelerator.is_main_process:
        run = Run(folder, settings, resume=settings.resume, precision="bf16" if bfloat16 else "fp32")
    if not (settings.resume or fork):
        return run, Position()
    found: list[Any] = list(restore(folder if settings.resume or not fork else fork)) if run else [None, None]
    state, position = broadcast_object_list(found)  # nothing to do for a process by itself
    for name, item in everything.items():
        item.load_state_dict(state[name])
    if run and settings.resume:
        run.forget_after(position)
    return run, position


def progress_of(accelerator: Accelerator, settings: Any, position: Position, *, unit: str = " images") -> "tqdm[Any]":
    """A bar that the main process shows, up to the length of the training in whole batches."""
    return tqdm(
        total=-(-settings.images // settings.batch) * settings.batch,
        initial=position.images,
        unit=unit,
        unit_scale=True,
        disable=not accelerator.is_main_process,
        dynamic_ncols=True,
    )


def means(accelerator: Accelerator, figures: dict[str, Tensor]) -> dict[str, float]:
    """The means over all processes of figures that each has for its own part, scalars, in the same order."""
    measured = torch.stack([figure.detach() for figure in figures.values()])
    return dict(zip(figures, accelerator.reduce(measured, reduction="mean").tolist(), strict=True))


def any_of(accelerator: Accelerator, asked: bool) -> bool:
    """Whether one process at least was asked to stop: a signal reaches them at different steps, and one that went on
    would wait for the others without end."""
    if accelerator.num_processes == 1:
        return asked
    return bool(accelerator.reduce(torch.tensor(float(asked), device=accelerator.device), reduction="sum") > 0)


def leave(accelerator: Accelerator, position: Position) -> NoReturn:
    """Ends a training that was asked to stop, once the checkpoint is saved. Raises KeyboardInterrupt."""
    accelerator.wait_for_everyone()
    raise KeyboardInterrupt(f"Stopped at step {position.step:,}; the same command with --resume goes on.")


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


class SharedDropout(nn.Dropout):
    """Dropout that draws for the whole batch and keeps the part of this process."""

    def forward(self, x: Tensor) -> Tensor:
        """x: (n, ...), the part of this process. Returns the same shape."""
        if not self.training:
            return x
        processes = torch.distributed.get_world_size()
        part = Part(torch.distributed.get_rank(), processes)
        batch = processes * len(x)
        return x * dropout(x.new_ones(batch, *x.shape[1:]), self.p)[part.of(batch)]


def share_layers(network: nn.Module) -> None:
    """Puts `SharedBatchNorm` in place of every batch normalisation, with the same parameters and buffers, and
    `SharedDropout` in place of every dropout. For a network that several processes train, never for a copy that one of
    them uses alone: it would wait for the others."""
    for parent in list(network.modules()):
        for name, layer in parent.named_children():
            if type(layer) is nn.BatchNorm2d:
                shared = SharedBatchNorm(layer.num_features, layer.eps, layer.momentum, layer.affine)
                for kind in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked"):
                    setattr(shared, kind, getattr(layer, kind))
                setattr(parent, name, shared)
            elif type(layer) is nn.Dropout:
                setattr(parent, name, SharedDropout(layer.p))
