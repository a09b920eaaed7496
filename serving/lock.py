"""The lock around drawing: one network draws at a time, since torch uses all its threads for each.

Single positions of sliders do not take it: they are drawn in some milliseconds by the thread of `serving.batching`, and
must not wait for a photograph.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from models.merging import Progress

drawing_lock = threading.Lock()
HAND_OVER = 0.001  # seconds in which somebody who waits takes the lock


@contextmanager
def interruptible(progress: Progress) -> Iterator[Progress]:
    """Holds the lock for long work. Yields a function to report progress with; at each report, others may draw."""

    def tell(share: float) -> None:
        drawing_lock.release()
        try:
            progress(share)
            time.sleep(HAND_OVER)
        finally:
            drawing_lock.acquire()

    with drawing_lock:
        yield tell
