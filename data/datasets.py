"""Pictures from a data set on the Hugging Face Hub: an image folder or Parquet files, brought once, in the background,
and kept."""

import contextlib
import re
from pathlib import Path

from huggingface_hub import HfApi, constants, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

from data.folders import ENDINGS
from data.parquet import PARQUET, count_pictures
from models.errors import UnusableData
from models.hub import TIMEOUT, BackgroundFetches, Headers, in_words

MOST_PICTURES = 2_000  # of one data set
LARGEST_DATASET = 500 * 2**20  # bytes, all its pictures together
COMMIT = re.compile("[0-9a-f]{40}")
PROMPT = 2.0  # seconds that somebody who asks waits
CONVERTED = "refs/convert/parquet"  # the branch where the Hub itself keeps other forms as Parquet files


def any_case(ending: str) -> str:
    """The pattern of files with this ending, in small or capital letters."""
    return "*" + "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in ending)


PICTURES = [any_case(ending) for ending in ENDINGS]
TABLES = [any_case(PARQUET)]


def fetch(name: str) -> Path:
    """Brings the pictures of a data set, see `local_copy`, or finds them in the cache. Raises UnusableData."""
    repository, _, revision = name.partition("@")
    with in_words(
        repository, kind="data set", revision=revision, instead="try again later", raises=UnusableData
    ) as headers:
        if constants.HF_HUB_OFFLINE or COMMIT.fullmatch(revision):
            with contextlib.suppress(LocalEntryNotFoundError):
                return checked(snapshot_here(repository, revision), repository)
        if constants.HF_HUB_OFFLINE:
            raise UnusableData(f"This page runs without a network, and the data set {name} is not on this machine.")
        try:
            revision, patterns = choose(repository, revision, headers)
        except (RepositoryNotFoundError, RevisionNotFoundError, UnusableData):
            raise
        except Exception:  # a Hub that is down does not end a game that could be played before
            with contextlib.suppress(LocalEntryNotFoundError):
                return checked(snapshot_here(repository, revision), repository)
            raise
        folder = snapshot_download(
            repository,
            repo_type="dataset",
            revision=revision or None,
            allow_patterns=patterns,
            etag_timeout=TIMEOUT,
            headers=headers,
        )
        return checked(Path(folder), repository)


def choose(repository: str, revision: str, headers: Headers) -> tuple[str, list[str]]:
    """The revision and the patterns of the files to fetch: pictures, else Parquet files, else the Hub's own Parquet
    files. Raises UnusableData, and huggingface_hub's errors."""
    hub = HfApi(headers=headers)

    def sizes(of: str) -> dict[str, int]:
        """Bytes of every file at a revision."""
        info = hub.dataset_info(repository, revision=of or None, files_metadata=True, timeout=TIMEOUT)
        return {file.rfilename: file.size or 0 for file in info.siblings or []}

    files = sizes(revision)
    pictures = [size for name, size in files.items() if name.lower().endswith(ENDINGS)]
    if pictures:
        if len(pictures) > MOST_PICTURES or sum(pictures) > LARGEST_DATASET:
            raise UnusableData(too_much(repository, f"{len(pictures):,}", sum(pictures)))
        return revision, PICTURES
    tables = {name: size for name, size in files.items() if name.lower().endswith(PARQUET)}
    if not tables and not revision:
        with contextlib.suppress(RevisionNotFoundError):
            files = sizes(CONVERTED)
            tables, revision = {name: size for name, size in files.items() if name.endswith(PARQUET)}, CONVERTED
    if not tables:
        raise UnusableData(
            f"The data set {repository} has no pictures as files; {', '.join(ENDINGS)} are read, and {PARQUET}."
        )
    if sum(tables.values()) > LARGEST_DATASET:
        raise UnusableData(too_much(repository, f"{len(tables):,} files of", sum(tables.values())))
    return revision, TABLES


def too_much(repository: str, number: str, size: int) -> str:
    """The sentence for a data set that is too large."""
    return (
        f"The data set {repository} has {number} pictures of {size / 2**20:,.0f} MB; up to {MOST_PICTURES:,} of "
        f"{LARGEST_DATASET / 2**20:,.0f} MB are fetched, so make one of a part of it."
    )


def snapshot_here(repository: str, revision: str) -> Path:
    """The complete copy in huggingface_hub's cache, in whichever form it was fetched. Raises LocalEntryNotFoundError,
    and its others."""
    for of in (revision, CONVERTED) if not revision else (revision,):
        for patterns in (PICTURES, TABLES):
            with contextlib.suppress(LocalEntryNotFoundError):
                folder = snapshot_download(
                    repository,
                    repo_type="dataset",
                    revision=of or None,
                    allow_patterns=patterns,
                    local_files_only=True,
                )
                if any(file.is_file() for pattern in patterns for file in Path(folder).rglob(pattern)):
                    return Path(folder)
    raise LocalEntryNotFoundError(f"{repository} is not in the cache")


def checked(folder: Path, repository: str) -> Path:
    """The folder, unless its Parquet files hold too many pictures or none. Raises UnusableData."""
    tables = sorted(file for pattern in TABLES for file in folder.rglob(pattern))
    count = sum(count_pictures(file) for file in tables)
    if count > MOST_PICTURES:
        raise UnusableData(too_much(repository, f"{count:,}", sum(file.stat().st_size for file in tables)))
    return folder


errands = BackgroundFetches(
    fetch,
    raises=UnusableData,
    waiting="The photographs are being fetched from {name} on the Hub; try again in a minute.",
    retry=60.0,
)


def local_copy(name: str, patience: float | None = None) -> Path:
    """The folder with the pictures of a data set; answers within two seconds, whatever the Hub does.

    Args:
        patience: seconds to wait instead of these two.
        name: `user/name`, or `user/name@revision`. At a revision that is a commit (40 hexadecimal digits) and is here
            already, nothing is asked of the Hub; otherwise it is asked once for each start of this process.

    Raises:
        UnusableData: it is still being fetched, or cannot be; the message says what to do.
    """
    return errands.bring(name, PROMPT if patience is None else patience)
