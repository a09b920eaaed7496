"""Dynamic batching: what several visitors ask of one network at the same time is drawn in one forward pass.

For small networks, the overhead of a call outweighs the arithmetic: eight pictures take little longer than two. And one
thread that draws for all does not compete with a thread for each visitor.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Generic, TypeVar

Network = TypeVar("Network")
Row = TypeVar("Row")
Result = TypeVar("Result")

MOST = 16  # rows of one pass


class Batched(Generic[Network, Row, Result]):
    """Makes a function of a network and many rows callable with a single row. Rows are served in order of arrival."""

    def __init__(self, work: Callable[[Network, list[Row]], Iterable[Result]], *, most: int = MOST):
        """work: gives one result for each of at most `most` rows; runs in a thread of its own, one call at a time."""
        self.work, self.most = work, most
        self.waiting: deque[tuple[Network, Row, Future[Result]]] = deque()
        self.some = threading.Condition()
        self.thread: threading.Thread | None = None  # started when there is something to do

    def __call__(self, network: Network, row: Row) -> Result:
        """The result of one row, once its turn has come. Raises what the work raises for it."""
        future: Future[Result] = Future()
        with self.some:
            self.waiting.append((network, row, future))
            if self.thread is None or not self.thread.is_alive():  # as in a forked process
                self.thread = threading.Thread(target=self.work_for_ever, name="batches", daemon=True)
                self.thread.start()
            self.some.notify()
        return future.result()

    def work_for_ever(self) -> None:
        """What the thread does."""
        while True:
            network, rows, futures = self.next_batch()
            self.finish(network, rows, futures)
            del network, rows, futures  # nothing is held while there is nothing to do

    def next_batch(self) -> tuple[Network, list[Row], list[Future[Result]]]:
        """Waits for something to do: the oldest row, and all others for the same network, up to the most."""
        with self.some:
            while not self.waiting:
                self.some.wait()
            network = self.waiting[0][0]
            mine = [entry for entry in self.waiting if entry[0] is network][: self.most]
            taken = set(map(id, mine))
            self.waiting = deque(entry for entry in self.waiting if id(entry) not in taken)
        return network, [row for _, row, _ in mine], [future for *_, future in mine]

    def finish(self, network: Network, rows: list[Row], futures: list[Future[Result]]) -> None:
        """Works on rows and hands out the results. If that fails, each row is tried alone, so that only the faulty ones
        fail."""
        try:
            done = list(zip(futures, self.work(network, rows), strict=True))
        except BaseException as error:
            if len(rows) == 1:
                futures[0].set_exception(error)
                return
            for row, future in zip(rows, futures, strict=True):
                self.finish(network, [row], [future])
            return
        for future, result in done:
            future.set_result(result)
