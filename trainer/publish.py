"""A weights folder to the Hugging Face Hub and back: `python -m trainer publish` and `python -m trainer fetch`.

The card's table of files with their SHA-256 is what both go by: only a folder that its card describes is published, in
one commit, and only what equals the table arrives. Tokens come from the environment (`HF_TOKEN`, or `hf auth login`).
"""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    get_session,
    get_token,
    hf_hub_url,
    hf_raise_for_status,
)
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

from models.catalogue import CATALOGUE
from models.errors import InvalidInput, NetworkUnavailable
from models.hub import TIMEOUT, Headers, in_words
from models.ladder import finished_step, ladder_steps, read_ladder
from models.loading import LARGEST_DOWNLOAD, read, weights_root
from trainer.export import put_in_place
from trainer.settings import REQUIRED, setting

CARD = "README.md"
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96}")
LARGEST_CARD = 2**20  # bytes
ROW = re.compile(r"^\| (\S+) \| ([\d,]+) \| `([0-9a-f]{64})` \|$", re.MULTILINE)
NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_.-]*/)*[A-Za-z0-9][A-Za-z0-9_.-]*\.(?:json|onnx|safetensors|webp)")
COMMIT_TIMEOUT = 120.0  # seconds that the Hub may take over a commit
LONGEST = 3600.0  # seconds for all files, either way
AGAIN = "run the command again later"
TOKEN = "check the name, or set HF_TOKEN to a token that may read it"


@dataclass(frozen=True)
class Publishing:
    """Where a weights folder goes."""

    folder: Path = setting(REQUIRED, "weights folder or name", first=True)
    to: str = setting(REQUIRED, "repository on the Hub, user/name; made if it is not there yet")
    revision: str = setting("", "branch, made if it is not there yet (default: main)")
    private: bool = setting(False, "make the repository for your eyes only")


@dataclass(frozen=True)
class Fetching:
    """Where a weights folder comes from."""

    repository: str = setting(REQUIRED, "repository on the Hub, user/name", first=True)
    to: Path = setting(REQUIRED, "weights folder to write")
    revision: str = setting("", "branch, tag or commit (default: main)")
    replace: bool = setting(False, "replace the weights folder that is there")


@dataclass(frozen=True)
class Listed:
    """One line of a card's table of files."""

    size: int  # bytes
    digest: str  # SHA-256, hexadecimal


def publish(settings: Publishing) -> str:
    """Pushes a weights folder in one commit, so that nobody ever sees half of it. Returns the commit's address.

    Files of the repository that the folder does not have are deleted there.

    Raises:
        InvalidInput: no such name, no token, or a folder that its card does not describe; nothing was sent.
        NetworkUnavailable: not a network that can be read here, or the Hub refuses, breaks off or is not there.
    """
    repository = hub_name(settings.to)
    folder = weights_root() / settings.folder if str(settings.folder) in CATALOGUE else settings.folder
    listed = check_folder(folder)
    if get_token() is None:
        raise InvalidInput("There is no token to publish with; set HF_TOKEN to one that may write to the repository.")
    revision = settings.revision or "main"
    with in_words(
        repository, revision=revision, check=TOKEN, instead=AGAIN, timeout=COMMIT_TIMEOUT, longest=LONGEST
    ) as headers:
        hub = HfApi(headers=headers)
        try:
            try:
                there = hub.model_info(repository, timeout=TIMEOUT)
                if settings.private and not there.private:
                    raise InvalidInput(
                        f"{repository} is public already; make it private on its page, or leave --private out."
                    )
            except RepositoryNotFoundError:
                hub.create_repo(repository, private=settings.private, exist_ok=True)
            if settings.revision:
                hub.create_branch(repository, branch=revision, exist_ok=True)
            names = [CARD, *listed]
            stale = set(hub.list_repo_files(repository, revision=revision)) - {*names, ".gitattributes"}
            commit = hub.create_commit(
                repository,
                [
                    *(CommitOperationDelete(path_in_repo=name) for name in sorted(stale)),
                    *(CommitOperationAdd(path_in_repo=name, path_or_fileobj=folder / name) for name in names),
                ],
                commit_message=f"{folder.resolve().name}, with its card",
                revision=revision,
            )
        except HfHubHTTPError as error:
            if error.response.status_code not in (401, 403):
                raise
            raise NetworkUnavailable(
                f"The Hub does not let this token write to {repository}; set HF_TOKEN to one that may."
            ) from error
        except RuntimeError as error:  # so huggingface_hub says that a file did not arrive
            raise NetworkUnavailable(
                f"The files did not all reach the Hub, and {repository} is as it was; {AGAIN}."
            ) from error
    print(f"{len(names)} files, {size_of(listed):.1f} MB: {commit.commit_url}")
    return str(commit.commit_url)


def fetch(settings: Fetching) -> Path:
    """Brings a published weights folder: beside its place first, checked, then renamed into it. Returns the folder.

    Raises:
        InvalidInput: no such name, or the place is taken.
        NetworkUnavailable: not there, not what its card says, not a network that can be read here; nothing is left.
    """
    repository, out = hub_name(settings.repository), settings.to.resolve()
    if out.exists() and not settings.replace:
        raise InvalidInput(f"{settings.to} is there already; choose another folder, or add --replace.")
    if out.exists() and not (out / "config.json").is_file():
        raise InvalidInput(f"{settings.to} is not a weights folder, so it is not replaced; choose another one.")
    beside = out.with_name(out.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with in_words(repository, revision=settings.revision, check=TOKEN, instead=AGAIN, longest=LONGEST) as headers:
            info = HfApi(headers=headers).model_info(repository, revision=settings.revision or None, timeout=TIMEOUT)
            commit = info.sha or "main"
            beside.mkdir(parents=True)
            download(repository, commit, CARD, beside, headers)
            listed = read_table(beside / CARD, repository)
            if size_of(listed) * 1e6 > LARGEST_DOWNLOAD:
                raise NetworkUnavailable(
                    f"{repository} is {size_of(listed):,.0f} MB; up to {LARGEST_DOWNLOAD / 1e6:,.0f} MB are fetched."
                )
            for name, entry in listed.items():
                download(repository, commit, name, beside, headers, entry)
        check_networks(beside, repository)
        put_in_place(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    print(f"{settings.to}: {len(listed) + 1} files, {size_of(listed):.1f} MB, commit {commit}")
    return settings.to


def hub_name(name: str) -> str:
    """The name, if it has the form of one. Raises InvalidInput."""
    if not HUB_ID.fullmatch(name):
        raise InvalidInput(f"{name} is not a name on the Hub; it has the form user/repository.")
    return name


def size_of(listed: dict[str, Listed]) -> float:
    """Of all files together, MB."""
    return sum(entry.size for entry in listed.values()) / 1e6


def read_table(card: Path, owner: str) -> dict[str, Listed]:
    """The table of files in a card, by name.

    Args:
        card: its file.
        owner: whose card it is, for the sentence.

    Raises:
        NetworkUnavailable: there is no table, or a name in it is not one of a weights folder's.
    """
    rows = ROW.findall(card.read_text(encoding="utf-8", errors="replace"))
    if not rows:
        raise NetworkUnavailable(
            f"The card of {owner} has no table of files with their SHA-256, so nothing can be checked against it."
        )
    for name, _, _ in rows:
        if not NAME.fullmatch(name):
            raise NetworkUnavailable(f"The card of {owner} lists {name[:80]}, which is no file of a weights folder.")
    return {name: Listed(int(size.replace(",", "")), digest) for name, size, digest in rows}


def check_folder(folder: Path) -> dict[str, Listed]:
    """The table of files of a weights folder, after it was compared with the files.

    Raises:
        InvalidInput: no weights folder, or a file that is missing, changed, or not in the card.
        NetworkUnavailable: the card has no table, or the networks cannot be read.
    """
    if not (folder / CARD).is_file():
        raise InvalidInput(f"{folder} has no {CARD}; only weights folders with their card are published.")
    listed = read_table(folder / CARD, str(folder))
    found = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.is_file()}
    del found[CARD]
    for name in sorted({*listed, *found}):
        if name not in found:
            raise InvalidInput(f"{name} is in the card of {folder} but not in the folder; train it again.")
        if name not in listed:
            raise InvalidInput(f"{name} is in {folder} but not in its card; take the file out, or train it again.")
        if hashlib.sha256(found[name].read_bytes()).hexdigest() != listed[name].digest:
            raise InvalidInput(f"{name} in {folder} is not the file that the card describes; train it again.")
    check_networks(folder, str(folder))
    return listed


def check_networks(folder: Path, owner: str) -> None:
    """Reads what a weights folder holds: the main network, its parts, its ladder. Raises NetworkUnavailable."""
    try:
        read(folder)
        for part in sorted(folder.glob("*/config.json")):
            read(folder, part=part.parent.name)
        finished_step(folder)
        for step in ladder_steps(folder):
            read_ladder(folder, step)
    except NetworkUnavailable as error:
        raise NetworkUnavailable(f"{owner} cannot be used: {error}") from error


def download(
    repository: str, commit: str, name: str, folder: Path, headers: Headers, entry: Listed | None = None
) -> None:
    """Writes one file of a repository into a folder, and compares it with its line in the card.

    Args:
        repository, commit, name: of the file.
        folder: where it goes.
        headers: of models.hub.in_words.
        entry: its line; None for the card itself, which may have 1 MB.

    Raises:
        NetworkUnavailable: it is not there, cut off, longer than it should be, or another one.
        whatever models.hub.in_words turns into words.
    """
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    seen, received = hashlib.sha256(), 0
    largest = entry.size if entry else LARGEST_CARD
    address = hf_hub_url(repository, name, revision=commit)
    with (
        get_session().stream("GET", address, headers={**build_hf_headers(), **headers}) as answer,
        target.open("wb") as file,
    ):
        if answer.status_code == 404:
            raise NetworkUnavailable(f"{repository} on the Hub has no {name}, so it is not a whole weights folder.")
        hf_raise_for_status(answer)
        for chunk in answer.iter_bytes():
            received += len(chunk)
            if received > largest:
                break
            seen.update(chunk)
            file.write(chunk)
    if received > largest or (entry and received < entry.size):
        cut = f"arrived with {received:,} of {largest:,} bytes" if received < largest else "is longer than it should be"
        raise NetworkUnavailable(f"{name} of {repository} {cut}; {AGAIN}.")
    if entry and seen.hexdigest() != entry.digest:
        raise NetworkUnavailable(
            f"{name} of {repository} does not have the SHA-256 in its card, so it was thrown away; ask its owner."
        )
