"""Where the networks in memory come from, so that another machine finds the same ones by name."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:  # serving.ray_client does without torch
    from torch import nn


@dataclass(frozen=True)
class Origin:
    """A network's name, as `models.load` takes it."""

    name: str  # of the catalogue or the Hub
    part: str = ""


origins: "WeakKeyDictionary[nn.Module, Origin]" = WeakKeyDictionary()  # of networks that have one, see models.loading
