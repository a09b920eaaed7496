"""Forward passes over the parts of one piece of work, in this process or wherever the caller has them done.

An inference function that is worth it takes `spread`, which runs its forward pass over the parts. `in_turn` does so
here; `serving.replicas.spread` sends parts to other machines.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from numpy.typing import NDArray
from torch import nn

from models.merging import Progress

Array = NDArray[Any]
ForwardPass = Callable[..., Array]  # a network, an array (N, ...) and settings to an array (N, ...)


class Spread(Protocol):
    """Runs a forward pass over parts."""

    def __call__(
        self,
        work: ForwardPass,
        network: nn.Module,
        parts: Sequence[Array],
        *,
        remote: bool,
        progress: Progress = ...,
        **settings: Any,
    ) -> Iterator[Array]:
        """`work(network, part, **settings)` of each part, in order.

        Args:
            work: a forward pass; the rows of its result depend on those of the part alone.
            parts: arrays (N, ...).
            remote: whether it is enough work to be worth the way to another machine.
            progress: told the share of the parts that are done; what it raises ends the work.
            settings: numbers and the like.
        """


def in_turn(
    work: ForwardPass,
    network: nn.Module,
    parts: Sequence[Array],
    *,
    remote: bool,
    progress: Progress = lambda share: None,
    **settings: Any,
) -> Iterator[Array]:
    """One part after the other, in this process; see `Spread`."""
    for done, part in enumerate(parts, start=1):
        yield work(network, part, **settings)
        progress(done / len(parts))
