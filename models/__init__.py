"""Networks, their configs, and one inference function per family. Begin with `load`."""

from typing import TYPE_CHECKING, Any

from models.errors import InvalidInput, LatentLabError, NetworkUnavailable, UnusableData

if TYPE_CHECKING:
    from models.loading import load

__all__ = ["InvalidInput", "LatentLabError", "NetworkUnavailable", "UnusableData", "load"]


def __getattr__(name: str) -> Any:
    """`load`, and with it torch, when it is asked for first; serving.ray_client never does."""
    if name == "load":
        from models.loading import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
