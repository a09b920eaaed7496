"""Learning rates over a training."""

from torch.optim import Optimizer


def decayed(progress: float, decay: float) -> float:
    """Factor of the learning rate: 1, then linearly to 0 over the last share `decay` of the training."""
    return min(1.0, (1 - progress) / decay) if decay > 0 else 1.0


def set_rate(optimiser: Optimizer, rate: float) -> None:
    """Sets the learning rate of everything that an optimiser moves."""
    for group in optimiser.param_groups:
        group["lr"] = rate
