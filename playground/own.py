"""Points that visitors brought: kept in memory for a while, under names that are made of their content."""

import hashlib
import threading
from collections import OrderedDict

from models.errors import InvalidInput
from playground.points import PRESETS, Points, draw_points

MOST_SETS = 100  # of all visitors; the one that was asked for longest ago is forgotten first
PREFIX = "own-"


class OwnPoints:
    """Sets of points, presets included."""

    def __init__(self, most: int = MOST_SETS):
        self.most = most
        self.sets: OrderedDict[str, Points] = OrderedDict()
        self.lock = threading.Lock()

    def keep(self, points: Points) -> str:
        """Keeps points (N, 2) and returns their name."""
        name = PREFIX + hashlib.sha256(points.tobytes()).hexdigest()[:32]
        with self.lock:
            self.sets[name] = points
            self.sets.move_to_end(name)
            while len(self.sets) > self.most:
                self.sets.popitem(last=False)
        return name

    def find(self, name: str) -> tuple[Points, Points | None]:
        """Points (N, 2) of a preset or of a visitor, and the centres (M, 2) of their modes where they have some.

        Raises:
            InvalidInput: no such points, or no longer kept.
        """
        if not name.startswith(PREFIX):
            points = draw_points(name)
            return points, PRESETS[name].centres
        with self.lock:
            if name not in self.sets:
                raise InvalidInput("These points of a visitor are no longer in memory; bring them again.")
            self.sets.move_to_end(name)
            return self.sets[name], None
