"""What the Hugging Face Hub answers, in words, and within a limited time."""

from collections.abc import Iterator
from contextlib import contextmanager

from huggingface_hub import constants, get_session
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from models.errors import LatentLabError, NetworkUnavailable

TIMEOUT = float(constants.HF_HUB_ETAG_TIMEOUT)  # seconds of silence; 10 unless the environment variable says otherwise


@contextmanager
def in_words(
    repository: str,
    *,
    kind: str = "model",
    revision: str = "",
    check: str = "check the name",
    instead: str = "try again later or choose a built-in network",
    raises: type[LatentLabError] = NetworkUnavailable,
    timeout: float = TIMEOUT,
) -> Iterator[None]:
    """Within this block, whatever the Hub answers but what was asked for becomes one sentence.

    Args:
        repository: what is asked for, `user/name`.
        kind: of repository: model or data set.
        revision: that is asked for; "" for the newest.
        check: what to do where there is no such repository.
        instead: what to do where the Hub does not answer.
        raises: the error that carries the sentence.
        timeout: seconds of silence that a request waits; huggingface_hub itself would wait for ever.
    """
    session = get_session()
    before, session.timeout = session.timeout, timeout
    try:
        yield
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
        session.timeout = before
