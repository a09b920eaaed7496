"""What the Hugging Face Hub answers, in words, and within a limited time."""

import itertools
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import httpx2
from huggingface_hub import constants, set_client_factory
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils._http import default_client_factory

from models.errors import LatentLabError, NetworkUnavailable

TIMEOUT = float(constants.HF_HUB_ETAG_TIMEOUT)  # seconds of silence; 10 unless the environment variable says otherwise
LONGEST = 300.0  # seconds that all requests of one `in_words` may take together: 300 MB at 1 MB/s
UNMARKED = 120.0  # seconds of silence where there are no other limits: of uploads
ATTEMPTS = 4  # requests at one address; huggingface_hub alone goes on for as long as each brings something
MARK = "x-latent-lab-limits"  # a header between huggingface_hub and its client, in this process only

log = logging.getLogger("latent-lab")
Headers: TypeAlias = dict[str, str]


@dataclass
class Limits:
    """How long one piece of talk with the Hub may go on."""

    repository: str
    instead: str  # what to do when it is over, see `in_words`
    raises: type[LatentLabError]
    silence: float  # seconds that an answer may pause
    ends: float  # s, monotonic
    attempts: Counter[tuple[str, str]] = field(default_factory=Counter)  # by method and address

    def check(self) -> None:
        """Raises the error where the time is over."""
        if time.monotonic() > self.ends:
            raise self.raises(f"{self.repository} on the Hub arrives too slowly; {self.instead}.")

    def begin(self, request: httpx2.Request) -> None:
        """Before each request. Raises the error where there may be none any more."""
        self.check()
        step = (request.method, str(request.url))
        self.attempts[step] += 1
        if self.attempts[step] > ATTEMPTS:
            raise self.raises(f"{self.repository} on the Hub broke off again and again; {self.instead}.")
        request.extensions["timeout"] = httpx2.Timeout(min(self.silence, self.ends - time.monotonic())).as_dict()


class Watched(httpx2.SyncByteStream):
    """The body of an answer, for as long as its limits allow."""

    def __init__(self, stream: httpx2.SyncByteStream, limits: Limits):
        self.stream, self.limits = stream, limits

    def __iter__(self) -> Iterator[bytes]:
        for part in self.stream:
            self.limits.check()
            yield part

    def close(self) -> None:
        self.stream.close()


known: dict[str, Limits] = {}  # by mark, while they are in force
marks = itertools.count()


def before(request: httpx2.Request) -> None:
    """Finds the limits of a request by its mark, which stays here; a redirected one has them already."""
    mark = request.headers.pop(MARK, "")
    if mark:
        request.extensions["limits"] = known[mark]
    if limits := request.extensions.get("limits"):
        limits.begin(request)


def after(response: httpx2.Response) -> None:
    """Watches over what is still to come."""
    limits = response.request.extensions.get("limits")
    if limits and isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = Watched(response.stream, limits)


def make_client() -> httpx2.Client:
    """huggingface_hub's client, which keeps limits and never waits for ever."""
    client = default_client_factory()
    client.timeout = httpx2.Timeout(UNMARKED)
    client.event_hooks = {"request": [*client.event_hooks["request"], before], "response": [after]}
    return client


set_client_factory(make_client)
constants.HF_HUB_DISABLE_XET = True  # its transfers bypass the client, and so have no limits


@contextmanager
def in_words(
    repository: str,
    *,
    kind: str = "model",
    revision: str = "",
    check: str = "check the name",
    instead: str = "try again later or choose a built-in network",
    raises: type[LatentLabError] = NetworkUnavailable,
    timeout: float | None = None,
    longest: float | None = None,
) -> Iterator[Headers]:
    """Within this block, whatever the Hub answers but what was asked for becomes one sentence.

    Args:
        repository: what is asked for, `user/name`.
        kind: of repository: model or data set.
        revision: that is asked for; "" for the newest.
        check: what to do where there is no such repository.
        instead: what to do where the Hub does not answer.
        raises: the error that carries the sentence.
        timeout: seconds of silence that a request waits; None for TIMEOUT.
        longest: seconds that all requests may take together; None for LONGEST.

    Yields:
        headers for the calls of huggingface_hub, which put them under these limits and that of ATTEMPTS.
    """
    mark = str(next(marks))
    silence = TIMEOUT if timeout is None else timeout
    ends = time.monotonic() + (LONGEST if longest is None else longest)
    known[mark] = Limits(repository, instead, raises, silence, ends)
    try:
        yield {MARK: mark}
    except LatentLabError:
        raise
    except HFValidationError:
        raise raises(f"{repository} is not a name on the Hub; it has the form user/repository.") from None
    except GatedRepoError:
        raise raises(f"{repository} on the Hub asks for permission first; choose an open one.") from None
    except RevisionNotFoundError:
        raise raises(f"{repository} on the Hub has no revision {revision or 'main'}; check its name.") from None
    except RepositoryNotFoundError:
        raise raises(f"There is no public {kind} {repository} on the Hugging Face Hub; {check}.") from None
    except OfflineModeIsEnabled:
        raise raises(f"HF_HUB_OFFLINE is set, so the Hub is not asked for {repository}; unset it.") from None
    except (HfHubHTTPError, OSError, LocalEntryNotFoundError) as error:
        if str(error).startswith("Consistency check failed"):
            raise raises(f"A file of {repository} on the Hub arrived cut off; {instead}.") from error
        raise raises(f"The Hugging Face Hub cannot be reached ({type(error).__name__}); {instead}.") from error
    except Exception as error:  # httpx errors do not share a base with OSError
        if not type(error).__module__.startswith(("httpx", "httpcore")):  # httpx2, too
            raise
        trouble = "did not answer in time" if "Timeout" in type(error).__name__ else "cannot be reached"
        raise raises(f"The Hugging Face Hub {trouble} ({type(error).__name__}); {instead}.") from error
    finally:
        del known[mark]


# --- in the background -------------------------------------------------------------------------------------------


@dataclass
class Errand:
    """One download: what it brought, or why it brought nothing."""

    done: threading.Event = field(default_factory=threading.Event)
    folder: Path | None = None
    trouble: str = ""
    ended: float = 0.0  # s, monotonic


class BackgroundFetches:
    """Downloads in threads of their own: one for each name, however many ask for it, and a few at the same time."""

    def __init__(
        self,
        fetch: Callable[[str], Path],
        *,
        raises: type[LatentLabError],
        waiting: str,
        retry: float,
        most: int = 3,
        waiters: int = 10,
    ):
        """Args:
        fetch: brings what has a name; raises LatentLabError.
        raises: the error for whoever asks.
        waiting: the sentence while it is under way, with a place for the {name}.
        retry: seconds for which a failure stands before the next one who asks has it tried again.
        most: downloads at the same time.
        waiters: threads that may wait for one; further ones get the sentence at once.
        """
        self.fetch, self.raises, self.waiting, self.retry, self.most = fetch, raises, waiting, retry, most
        self.errands: dict[str, Errand] = {}
        self.lock = threading.Lock()
        self.places = threading.BoundedSemaphore(waiters)

    def bring(self, name: str, patience: float) -> Path:
        """What has this name, at once or after some seconds of patience.

        Raises the error of these errands: still under way, failed, or too many others first.
        """
        with self.lock:
            errand = self.errands.get(name)
            if errand is None or self.is_over(errand):
                under_way = [other for other in self.errands.values() if not other.done.is_set()]
                if len(under_way) >= self.most:
                    raise self.raises("The page is fetching others from the Hub right now; try again in a minute.")
                self.errands = {name: other for name, other in self.errands.items() if not self.is_over(other)}
                errand = self.errands[name] = Errand()
                threading.Thread(target=self.run, args=(name, errand), name="hub", daemon=True).start()
        if not errand.done.is_set() and self.places.acquire(blocking=False):
            try:
                errand.done.wait(patience)
            finally:
                self.places.release()
        if not errand.done.is_set():
            raise self.raises(self.waiting.format(name=name))
        if errand.folder is None:
            raise self.raises(errand.trouble)
        return errand.folder

    def is_over(self, errand: Errand) -> bool:
        """Whether it tells nothing any more: it failed a while ago, or what it brought is gone."""
        if not errand.done.is_set():
            return False
        return not errand.folder.exists() if errand.folder else time.monotonic() - errand.ended > self.retry

    def run(self, name: str, errand: Errand) -> None:
        """What the thread does."""
        try:
            errand.folder = self.fetch(name)
        except LatentLabError as error:
            errand.trouble = str(error)
        except Exception as error:  # a thread has nobody to raise it to
            log.error("unexpected error while fetching %s", name, exc_info=error)
            errand.trouble = f"{name} cannot be fetched from the Hub; the reason is in the log."
        finally:
            errand.ended = time.monotonic()
            errand.done.set()
