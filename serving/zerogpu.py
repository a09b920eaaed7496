"""Heavy work on ZeroGPU, the cards that Hugging Face lends to Spaces by the second. Elsewhere nothing happens here.

The package `spaces` is part of such a Space and of nothing else, so it is imported only there. What it runs on a card
runs in another process: arguments and result are copied, and progress does not come back.
"""

import contextvars
import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from models.merging import Progress

HERE = os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")
LENT = 20  # seconds for which a card is asked for; the largest picture takes a few
PULSE = 0.02  # seconds between two signs of life while a card works

Work = TypeVar("Work", bound=Callable[..., Any])

log = logging.getLogger("latent-lab")

if HERE:
    import spaces


def on_a_card(work: Work) -> Work:
    """A function of a module, made to run on a lent card. Call it through `borrow`."""
    return spaces.GPU(duration=LENT)(work) if HERE else work


def borrow(work: Callable[..., Any], *arguments: Any, progress: Progress) -> Any:
    """The result of work on a lent card, or None where no card is to be had, as when the day's share is used up.

    Args:
        work: from `on_a_card`.
        arguments: that can be copied.
        progress: called with 0 again and again meanwhile, so that others have their turn; if it raises, waiting ends.
    """
    outcome: Future[Any] = Future()

    def wait() -> None:
        try:
            outcome.set_result(work(*arguments))
        except BaseException as error:
            outcome.set_exception(error)

    visitor = contextvars.copy_context()  # whose share it is counted to
    threading.Thread(target=visitor.run, args=(wait,), name="zerogpu", daemon=True).start()
    while not outcome.done():
        progress(0.0)
        time.sleep(PULSE)
    error = outcome.exception()
    if error is not None:
        log.warning("no card from ZeroGPU (%s), so the processor does it", type(error).__name__)
        return None
    progress(1.0)
    return outcome.result()
