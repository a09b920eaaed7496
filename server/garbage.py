"""Clears answers out of Gradio's queue that nobody has fetched for a while, and the traces of those that were fetched.

Gradio keeps the last 2,000 answers until they are fetched, whatever their size, and the name of each one forever.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

PAUSE = 20.0  # seconds between two sweeps
KEPT = 120.0  # seconds for which an answer waits for whoever asked for it


class Uncollected:
    """What lies in a queue, and since when."""

    def __init__(self, queue: Any):
        """queue: of a page, gradio.queueing.Queue."""
        self.queue = queue
        self.since: dict[str, float] = {}  # session -> s

    def sweep(self, now: float) -> None:
        """Forgets what has been finished for KEPT seconds. To be called in the queue's event loop.

        Args:
            now: seconds of a clock that never goes back.
        """
        pending, names = self.queue.pending_messages_per_session, self.queue.pending_event_ids_session
        running = {event.session_hash for event in self.queue.event_ids_to_events.values()}
        finished = {session for session in [*list(pending), *names] if session not in running}
        self.since = {session: self.since.get(session, now) for session in finished}
        for session, since in list(self.since.items()):
            if now - since >= KEPT:
                for held in (pending, names):
                    held.pop(session, None)
                del self.since[session]

    async def sweep_for_ever(self) -> None:
        """Sweeps every PAUSE seconds: the background task."""
        while True:
            await asyncio.sleep(PAUSE)
            self.sweep(time.monotonic())


@contextlib.asynccontextmanager
async def sweeping(app: Any) -> AsyncIterator[None]:
    """The lifespan of a Gradio app: sweeps its queue while it is served."""
    task = asyncio.create_task(Uncollected(app.get_blocks()._queue).sweep_for_ever())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
