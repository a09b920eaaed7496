"""Results that a visitor may download in a moment: kept in memory under names that only that visitor knows."""

import secrets
import threading
from collections import OrderedDict

from models.errors import InvalidInput
from models.super_resolution import Picture

MOST_BYTES = 160 * 2**20  # of all visitors' pictures together; the newest one is kept, whatever its size


class Downloads:
    """Pictures, the oldest of which are forgotten when there are too many."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self.most_bytes = most_bytes
        self.pictures: OrderedDict[str, Picture] = OrderedDict()
        self.lock = threading.Lock()

    def keep(self, picture: Picture) -> str:
        """Keeps a picture and returns its name."""
        name = secrets.token_urlsafe(16)
        with self.lock:
            self.pictures[name] = picture
            while len(self.pictures) > 1 and sum(kept.nbytes for kept in self.pictures.values()) > self.most_bytes:
                self.pictures.popitem(last=False)
        return name

    def get(self, name: object) -> Picture:
        """The picture of that name. Raises InvalidInput."""
        with self.lock:
            if str(name) not in self.pictures:
                raise InvalidInput("This result is no longer in memory; make it again.")
            return self.pictures[str(name)]


kept = Downloads()  # of all tabs
