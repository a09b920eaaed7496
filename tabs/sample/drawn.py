"""Pictures of large networks that were drawn a moment ago, so that a download or one face more draws none again."""

import threading
import weakref
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from models.faces.steering import Steering
from models.gan import LatentGenerator

MOST_BYTES = 64 * 2**20  # of pictures, over all visitors

Picture = NDArray[np.uint8]  # (H, W, C)
Key = tuple[weakref.ref[LatentGenerator], bytes, float, Steering]  # network, latent, truncation, and what steers it


class Drawn:
    """The newest pictures; who asks for one has its network and its latent."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self.most_bytes = most_bytes
        self.pictures: OrderedDict[Key, Picture] = OrderedDict()
        self.bytes = 0
        self.lock = threading.Lock()

    def get(self, key: Key) -> Picture | None:
        """A picture that is still here."""
        with self.lock:
            if key in self.pictures:
                self.pictures.move_to_end(key)
            return self.pictures.get(key)

    def keep(self, key: Key, picture: Picture) -> None:
        """Keeps a picture; the oldest go."""
        with self.lock:
            if key not in self.pictures:
                self.pictures[key] = picture.copy()
                self.bytes += picture.nbytes
            while self.bytes > self.most_bytes:
                self.bytes -= self.pictures.popitem(last=False)[1].nbytes
