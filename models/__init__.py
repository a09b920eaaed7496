"""Networks, their configs, and one inference function per family. Begin with `load`."""

from models.errors import InvalidInput, LatentLabError, NetworkUnavailable, UnusableData
from models.loading import load

__all__ = ["InvalidInput", "LatentLabError", "NetworkUnavailable", "UnusableData", "load"]
