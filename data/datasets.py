"""Pictures from a data set on the Hugging Face Hub: an image folder, brought once, in the background, and kept."""

import contextlib
import logging
import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from huggingface_hub import HfApi, constants, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

from data.folders import ENDINGS
from models.errors import LatentLabError, UnusableData
from models.hub import TIMEOUT, in_words

MOST_PICTURES = 2_000  # of one data set
LARGEST_DATASET = 500 * 2**20  # bytes, all its pictures together
COMMIT = re.compile("[0-9a-f]{40}")
PROMPT = 2.0  # seconds that somebody who asks waits
RETRY = 60.0  # seconds after a failure before the Hub is asked again
PATTERNS = ["*" + "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in ending) for ending in ENDINGS]

log = logging.getLogger("latent-lab")


@dataclass
class Copy:
    """The copy of one data set on this machine, or why there is none yet."""

    arrived: threading.Event = field(default_factory=threading.Event)
    folder: Path | None = None
    trouble: str = ""
    ended: float = 0.0  # s, monotonic


copies: dict[str, Copy] = {}
asking = threading.Lock()


def local_copy(name: str) -> Path:
    """The folder with the pictures of a data set; answers within two seconds, whatever the Hub does.

    Args:
        name: `user/name`, or `user/name@revision`. At a revision that is a commit (40 hexadecimal digits) and is here
            already, nothing is asked of the Hub; otherwise it is asked once for each start of this process.

    Raises:
        UnusableData: it is still being fetched, or cannot be; the message says what to do.
    """
    with asking:
        copy = copies.get(name)
        failed = copy is not None and copy.arrived.is_set() and copy.folder is None
        if copy is None or (failed and time.monotonic() - copy.ended > RETRY):
            copy = copies[name] = Copy()
            threading.Thread(target=bring, args=(name, copy), name="dataset", daemon=True).start()
    if not copy.arrived.wait(PROMPT):
        raise UnusableData(f"The photographs are being fetched from {name} on the Hub; try again in a minute.")
    if copy.folder is None:
        raise UnusableData(copy.trouble)
    return copy.folder


def bring(name: str, copy: Copy) -> None:
    """Fills a copy: what the thread does."""
    try:
        copy.folder = fetch(name)
    except LatentLabError as error:
        copy.trouble = str(error)
    except Exception as error:  # a thread has nobody to raise it to
        log.error("unexpected error while fetching %s", name, exc_info=error)
        copy.trouble = f"The data set {name} cannot be fetched; the reason is in the log."
    finally:
        copy.ended = time.monotonic()
        copy.arrived.set()


def fetch(name: str) -> Path:
    """Brings the pictures of a data set, see `local_copy`, or finds them in the cache. Raises UnusableData."""
    repository, _, revision = name.partition("@")
    with in_words(repository, kind="data set", revision=revision, instead="try again later", raises=UnusableData):
        if constants.HF_HUB_OFFLINE or COMMIT.fullmatch(revision):
            with contextlib.suppress(LocalEntryNotFoundError):
                return snapshot(repository, revision, local_files_only=True)
        if constants.HF_HUB_OFFLINE:
            raise UnusableData(f"This page runs without a network, and the data set {name} is not on this machine.")
        try:
            info = HfApi().dataset_info(repository, revision=revision or None, files_metadata=True, timeout=TIMEOUT)
        except (RepositoryNotFoundError, RevisionNotFoundError):
            raise
        except Exception:  # a Hub that is down does not end a game that could be played before
            with contextlib.suppress(LocalEntryNotFoundError):
                return snapshot(repository, revision, local_files_only=True)
            raise
        pictures = [file for file in info.siblings or [] if file.rfilename.lower().endswith(ENDINGS)]
        size = sum(file.size or 0 for file in pictures)
        if not pictures:
            raise UnusableData(f"The data set {repository} has no pictures as files; {', '.join(ENDINGS)} are read.")
        if len(pictures) > MOST_PICTURES or size > LARGEST_DATASET:
            raise UnusableData(
                f"The data set {repository} has {len(pictures):,} pictures of {size / 2**20:,.0f} MB; up to "
                f"{MOST_PICTURES:,} of {LARGEST_DATASET / 2**20:,.0f} MB are fetched, so make one of a part of it."
            )
        return snapshot(repository, revision)


def snapshot(repository: str, revision: str, *, local_files_only: bool = False) -> Path:
    """The complete copy of the pictures in huggingface_hub's cache. Raises LocalEntryNotFoundError, and its others."""
    return Path(
        snapshot_download(
            repository,
            repo_type="dataset",
            revision=revision or None,
            allow_patterns=PATTERNS,
            etag_timeout=TIMEOUT,
            local_files_only=local_files_only,
        )
    )
