"""Work that takes longer than a moment: one piece at a time, with its progress, its place in the line, and a stop.

A visitor holds a random name for each piece of work, and nobody else can see, stop or collect it.
"""

import contextvars
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from models.errors import InvalidInput
from server import memory
from server.guard import Values, sentence, stage_function
from server.limits import visitor

MOST_WAITING = 12  # pieces of work, over all visitors
MOST_EACH = 5  # of one address, which may be a class
LARGE = 2**23  # bytes of a job above which the memory that it leaves behind is worth returning
MOST_HELD = 128 * 2**20  # bytes of what waits and of results that nobody has collected yet
ABANDONED = 20.0  # seconds without a question, after which work is stopped and its result forgotten
LONGEST = 300.0  # seconds that one piece of work may run
PROMPT = 2.5  # seconds that the first answer waits for the result, so that short work needs one round trip


CLOSING = "The page is being restarted; please try again in a minute."


class Tell(Protocol):
    """What work reports its progress to."""

    def __call__(self, share: float, part: object = None) -> None:
        """Tells how much is done, 0 to 1, and perhaps a part of the result that is ready. Raises Stopped."""


Work = Callable[[Tell], Values]


class Stopped(Exception):
    """Raised inside work that is to end; the message is what its visitor reads."""


@dataclass
class Job:
    """One piece of work."""

    work: Work
    size: int = 0  # bytes that it holds, later those of its result
    owner: str = ""  # the address that it came from, if known
    turn: int = 0  # its round in the line: every owner has one job in each round, see Jobs.in_order
    share: float = 0.0  # done, 0 to 1
    started: float = 0.0  # s, monotonic; 0 while it waits
    asked: float = field(default_factory=time.monotonic)  # when its visitor last asked
    parts: list[object] = field(default_factory=list)  # of the result, which its visitor does not have yet
    result: Values | None = None
    stopped: str = ""  # why it is to end
    finished: threading.Event = field(default_factory=threading.Event)
    visitor: contextvars.Context = field(default_factory=contextvars.copy_context)  # whose request it is, see zerogpu


def size_of(answer: object) -> int:
    """Bytes of the texts and files in an answer, which are nearly all of it."""
    if isinstance(answer, dict | list):
        return sum(size_of(part) for part in (answer.values() if isinstance(answer, dict) else answer))
    return len(answer) if isinstance(answer, str | bytes) else 0


def forgotten(_tell: Tell) -> Values:
    """Replaces the work of a finished job, whose pictures would stay in memory otherwise."""
    raise Stopped("This work is done.")


class Jobs:
    """The line of all visitors' work, done one at a time and fairly, see `in_order`."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.changed = threading.Condition()
        self.worker: threading.Thread | None = None
        self.closed = False  # no new work is taken
        self.turn = 0  # of the work that was begun last

    def start(self, work: Work, size: int = 0) -> Values:
        """Lines work up and answers as `follow` does: after 2.5 seconds at the latest, and at once if others are ahead.

        Args:
            work: takes a function to which it reports its progress, and parts of its result, and which raises `Stopped`
                when it has to end; returns the answer. Its errors become a sentence under "notice".
            size: bytes that the work holds while it waits.

        Raises:
            InvalidInput: too much is waiting, or the page is about to stop.
        """
        name, job = self.line_up(work, size)
        if self.is_next(job):
            job.finished.wait(PROMPT)
        return self.follow(name)

    def run_and_wait(self, work: Work, size: int = 0) -> Values:
        """Lines work up, waits until it is done, and returns its answer: for programs, which have one request for it.

        Raises:
            InvalidInput: as `start`; or the work failed, with the sentence that `start` puts under "notice".
        """
        name, job = self.line_up(work, size)
        while not job.finished.wait(1.0):
            job.asked = time.monotonic()
        answer = self.follow(name)
        if set(answer) == {"notice"}:
            raise InvalidInput(str(answer["notice"]))
        return answer

    def line_up(self, work: Work, size: int = 0) -> tuple[str, Job]:
        """Puts work at the end of the line, under a new name. Raises InvalidInput as `start`."""
        with self.changed:
            self.sweep()
            if self.closed:
                raise InvalidInput(CLOSING)
            waiting = sum(not job.finished.is_set() for job in self.jobs.values())
            if waiting >= MOST_WAITING:
                raise InvalidInput(f"{waiting} others are waiting already; please try again in a minute.")
            owner = visitor()
            own = [job for job in self.jobs.values() if job.result is None and job.owner == owner != ""]
            if len(own) >= MOST_EACH:
                raise InvalidInput(f"{MOST_EACH} pictures from your address wait already; wait until one is done.")
            if self.jobs and size + sum(job.size for job in self.jobs.values()) > MOST_HELD:
                raise InvalidInput("Many large pictures are waiting just now; please try again in a minute.")
            name = secrets.token_urlsafe(16)
            turn = max([self.turn, *(earlier.turn + 1 for earlier in own)])
            job = self.jobs[name] = Job(work, size, owner, turn)
            if self.worker is None or not self.worker.is_alive():
                self.worker = threading.Thread(target=self.run, name="jobs", daemon=True)
                self.worker.start()
            self.changed.notify_all()
        return name, job

    def follow(self, name: object) -> Values:
        """How far a piece of work is: its result once it is there, which is then forgotten; else "job", its name,
        "share", 0 to 1, "ahead", how many come first, and "left", the seconds it will take from now, if known. Both
        with "parts", those of the result that have become ready since the last question, if there are any.

        Raises:
            InvalidInput: there is no such work (any more).
        """
        with self.changed:
            job = self.jobs.get(str(name))
            if job is None:
                raise InvalidInput("This work was stopped or has been collected already; start it again.")
            job.asked = time.monotonic()
            new = {"parts": job.parts} if job.parts else {}
            job.parts = []
            if job.result is not None:
                del self.jobs[str(name)]
                return {**job.result, **new}
            earlier = self.in_order()
            left = None
            if job.started and job.share > 0:
                left = round((time.monotonic() - job.started) * (1 / job.share - 1), 1)
            return {"job": name, "share": round(job.share, 3), "ahead": earlier.index(job), "left": left, **new}

    def is_next(self, job: Job) -> bool:
        """Whether nothing comes before a piece of work."""
        with self.changed:
            return job in self.in_order()[:1] or job.result is not None

    def in_order(self) -> list[Job]:
        """What is not done: the work that runs, then everybody's first piece in the order in which it came, everybody's
        second, and so on. To be called with `changed` held."""
        left = [job for job in self.jobs.values() if job.result is None]
        return sorted(left, key=lambda job: (not job.started, job.turn))  # a stable order

    def stop(self, name: object) -> None:
        """Ends a piece of work at its next sign of progress. Nothing happens if there is none of that name."""
        with self.changed:
            job = self.jobs.pop(str(name), None)
            if job is not None:
                job.stopped = "Stopped."

    def sweep(self) -> None:
        """Stops what nobody has asked about for a while. To be called with `changed` held."""
        for name, job in list(self.jobs.items()):
            if time.monotonic() - job.asked > ABANDONED:
                job.stopped = "Stopped."
                del self.jobs[name]

    def unfinished(self) -> int:
        """Pieces of work that wait or run."""
        with self.changed:
            return sum(job.result is None for job in self.jobs.values())

    def active(self) -> int:
        """Pieces of work that run: 0 or 1."""
        with self.changed:
            return sum(job.result is None and job.started > 0 for job in self.jobs.values())

    def close(self, seconds: float) -> None:
        """Takes no new work, and returns once what was taken is done and its visitors have it.

        Args:
            seconds: after which what still waits or runs is stopped, at its next sign of progress, and its visitors are
                told; they have two more seconds to hear it.
        """
        with self.changed:
            self.closed = True
        if self.wait(seconds):
            return
        with self.changed:
            for job in self.jobs.values():
                job.stopped = job.stopped or CLOSING
        self.wait(2.0)

    def wait(self, seconds: float) -> bool:
        """Whether the line is empty, or becomes empty within so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            with self.changed:
                self.sweep()
                if not self.jobs:
                    return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)

    def run(self) -> None:
        """Works for ever: what the worker thread does."""
        while True:
            with self.changed:
                self.sweep()
                job = next(iter(self.in_order()), None)
                if job is None:
                    self.changed.wait(ABANDONED)
                    continue
                job.started, self.turn = time.monotonic(), job.turn
            result, large = self.result_of(job), job.size > LARGE
            with self.changed:
                job.result, job.size = result, size_of(result) + size_of(job.parts)
                job.work = forgotten  # frees the pictures that it holds
                job.finished.set()
            if large:
                memory.give_back()

    def result_of(self, job: Job) -> Values:
        """Does one piece of work."""

        def tell(share: float, part: object = None) -> None:
            job.share = share
            if part is not None:
                with self.changed:
                    job.parts.append(part)
            now = time.monotonic()
            if job.stopped or now - job.asked > ABANDONED:
                raise Stopped(job.stopped or "Stopped.")
            if now - job.started > LONGEST:
                raise Stopped(f"This took longer than {LONGEST:.0f} seconds and was stopped; try a smaller picture.")

        try:
            tell(0.0)
            return job.visitor.run(job.work, tell)
        except Stopped as stopped:
            return {"notice": str(stopped)}
        except Exception as error:
            return {"notice": sentence(error)}


def follow_and_stop(jobs: Jobs) -> tuple[Callable[[Values], Values], Callable[[Values], Values]]:
    """What a stage's script asks of a line of work, as server functions."""

    @stage_function
    def follow(fields: Values) -> Values:
        """How far the work under "job" is."""
        return jobs.follow(fields.get("job"))

    @stage_function
    def stop(fields: Values) -> Values:
        """Ends the work under "job"."""
        jobs.stop(fields.get("job"))
        return {"notice": "Stopped."}

    return follow, stop
