"""Networks that visitors bring as files: read once, kept in memory under names that only they know, never stored."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from models.checkpoints.files import ACCEPTED
from models.errors import InvalidInput, NetworkUnavailable
from server.files import discard, located

MOST = 3  # networks kept at a time

Network = TypeVar("Network")


class UploadedNetworks(Generic[Network]):
    """The networks of visitors of one tab; the oldest are forgotten."""

    def __init__(self, read: Callable[[Path], Network], most: int = MOST):
        """read: from a file to a network; raises NetworkUnavailable. most: networks kept at a time."""
        self.read = read
        self.most = most
        self.networks: OrderedDict[str, Network] = OrderedDict()
        self.lock = threading.Lock()

    def take(self, path: object) -> str:
        """Reads a file that was uploaded, deletes it, and returns the network's name. Raises LatentLabError."""
        file = located(path) if isinstance(path, str) else None
        if file is None:
            raise InvalidInput(f"There is no such upload; choose the file again. {ACCEPTED}")
        try:
            network = self.read(file)
        finally:
            discard(path)
        return self.keep(network)

    def keep(self, network: Network) -> str:
        """Keeps a network and returns its name."""
        name = f"own-{secrets.token_urlsafe(16)}"
        with self.lock:
            self.networks[name] = network
            while len(self.networks) > self.most:
                self.networks.popitem(last=False)
        return name

    def get(self, name: str) -> Network:
        """The network of that name. Raises NetworkUnavailable."""
        with self.lock:
            if name not in self.networks:
                raise NetworkUnavailable("Your network is no longer in memory; open its file again.")
            self.networks.move_to_end(name)
            return self.networks[name]
