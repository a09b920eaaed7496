"""What takes seconds for each set of points of the playground: found once, one at a time, and kept."""

import functools
import threading
from collections.abc import Callable
from typing import TypeVar

from models.errors import InvalidInput
from playground.own import PREFIX

MOST_KEPT = 32  # answers for points of visitors; those for presets stay
MOST_WAITING = 4  # visitors whose own points are being fitted or wait for it: 5,000 points take up to 7 s

Answer = TypeVar("Answer")

presets, own = threading.Lock(), threading.Lock()  # so that nobody's own points hold up those who take ours
places = threading.BoundedSemaphore(MOST_WAITING)


def found_once(find: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """A function of the name of points, see playground.own, whose answers are kept. Visitors who ask at once share one.

    Raises:
        InvalidInput: too many others wait; or as the function does.
    """
    known: dict[str, Answer] = {}  # the oldest first

    def answer(data: str) -> Answer:
        if data not in known:
            known[data] = find(data)
            others = [name for name in list(known) if name.startswith(PREFIX)]
            for name in others[:-MOST_KEPT]:
                known.pop(name, None)
        return known[data]

    @functools.wraps(find)
    def found(data: str) -> Answer:
        try:
            return known[data]
        except KeyError:
            pass
        if not data.startswith(PREFIX):
            with presets:
                return answer(data)
        if not places.acquire(blocking=False):
            raise InvalidInput("The points of several others are being fitted just now; please try again in a minute.")
        try:
            with own:
                return answer(data)
        finally:
            places.release()

    return found
