"""The scores kept in a data set on the Hugging Face Hub, for hosts without a disk; off unless `LATENT_LAB_BACKUP` names
one. The token comes from `HF_TOKEN` and has to be allowed to write there; a data set that is missing is made, private.

Every process writes what happens down, an answer, a nickname or "Forget me" a line, and sends it every five minutes and
when it ends, to files of its own: processes never overwrite each other. A start with an empty database reads all files
back. Players are in them by the digest of their token and their nickname, and by nothing else. Whoever asks to be
forgotten is taken out of all files, and the history of the data set is squashed.

The database stays what counts: without the Hub the game goes on, and what could not be sent is sent later. A process
that is killed takes with it what it had not sent yet.
"""

import atexit
import json
import logging
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from huggingface_hub import CommitOperationAdd, HfApi, get_token
from sqlalchemy import Column, ColumnElement, String

from models.errors import LatentLabError
from models.hub import in_words
from quiz.scores import TOKEN, Event, Store, Table

BACKUP = "LATENT_LAB_BACKUP"  # the environment variable that names the data set
EVERY = 300.0  # seconds between two deliveries
RETRY = 30.0  # seconds until the next try when the Hub did not answer
PATIENCE = 20.0  # seconds for the last delivery when the process ends
LONGEST = 5_000  # lines of a file; then the next one begins, and what was sent is not sent again
FOLDER = "scores"  # in the data set
KEPT = [column for column in Table.metadata.tables["rounds"].columns if column.name not in ("id", "secret")]
NAMED = list(Table.metadata.tables["players"].columns)

log = logging.getLogger("latent-lab")


def open_scores() -> Store:
    """The scores of this host, backed up if the host says where to. Raises LatentLabError (the database only)."""
    store = Store()
    if repository := os.environ.get(BACKUP):
        if get_token():
            backup = Backup(store, repository)
            atexit.register(backup.close)
        else:
            log.error("%s is set, but no HF_TOKEN; the scores are not backed up.", BACKUP)
    return store


class Backup:
    """Listens to a store, and delivers in a thread of its own. Nothing here stops the game or lets it wait."""

    def __init__(self, store: Store, repository: str, *, api: HfApi | None = None, every: float = EVERY):
        """Begins; with an empty database, by reading back what the data set has.

        Args:
            store: to listen to, and to fill.
            repository: the data set, `user/name`.
            api: how to reach the Hub; None for the environment's endpoint and token.
            every: seconds between two deliveries.
        """
        self.store, self.repository, self.every = store, repository, every
        self.api = api or HfApi()
        self.ready = False  # whether the data set is known to be there
        self.restored = not store.is_empty()
        self.name = f"{time.strftime('%Y-%m-%d', time.gmtime())}-{secrets.token_hex(8)}"  # of this process's files
        self.number = 1  # of the file that is being filled
        self.lines: list[str] = []
        self.forgotten: set[str] = set()  # players, by digest, who may still be in other files
        self.changes = self.sent = 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        store.listeners.append(self.note)
        self.worker = threading.Thread(target=self.work, daemon=True)
        self.worker.start()

    def close(self) -> None:
        """Delivers what is left, unless the Hub takes too long."""
        self.stopping.set()
        self.worker.join(PATIENCE)

    @property
    def path(self) -> str:
        """The file that is being filled, in the data set."""
        return f"{FOLDER}/{self.name}-{self.number:04}.jsonl"

    def note(self, event: Event) -> None:
        """Writes down what happened."""
        with self.lock:
            if event["kind"] == "forget":
                self.forgotten.add(event["player"])
                self.lines = [without(line, {event["player"]}) for line in self.lines]
            self.lines.append(json.dumps(event))
            self.changes += 1

    def work(self) -> None:
        """Reads back, then delivers until told to stop, and once more."""
        wait = 0.0
        while True:
            stopped = self.stopping.wait(wait)
            wait = self.every
            for job in (self.send,) if stopped or self.restored else (self.restore, self.send):
                try:
                    with in_words(self.repository, kind="data set", instead="trying again", raises=LatentLabError):
                        job()
                except LatentLabError as error:
                    log.warning("Backup of the scores: %s", error)
                    wait = min(RETRY, self.every)
                except Exception:
                    log.exception("Backup of the scores")
            if stopped:
                return

    def prepare(self) -> None:
        """Makes the data set if it is missing."""
        if not self.ready:
            self.api.create_repo(self.repository, repo_type="dataset", private=True, exist_ok=True)
            self.ready = True

    def restore(self) -> None:
        """Fills the database from all files."""
        self.prepare()
        files, _ = self.read_files()
        lines = [line for text in files.values() for line in text.splitlines()]
        with self.lock:
            lines += self.lines  # who was forgotten meanwhile stays so
        events = [event for line in lines if (event := parse(line))]
        answers, players = play_back(events)
        self.store.add_kept(answers, players)
        self.restored = True
        log.info("Backup of the scores: %d answers read back", len(answers))

    def send(self) -> None:
        """Delivers the file that is being filled, and other files without players who are to be forgotten."""
        with self.lock:
            lines, changes, forgotten, path = list(self.lines), self.changes, set(self.forgotten), self.path
        if changes == self.sent:
            return
        self.prepare()
        changed, commit = {path: as_text(lines)}, None
        if forgotten:
            files, commit = self.read_files()
            for name, text in files.items():
                cleaned = as_text(without(line, forgotten) for line in text.splitlines())
                if name != path and cleaned != text:
                    changed[name] = cleaned
        self.api.create_commit(
            self.repository,
            [CommitOperationAdd(name, text.encode()) for name, text in changed.items()],
            commit_message="Scores",
            repo_type="dataset",
            parent_commit=commit,
        )
        if forgotten:
            self.api.super_squash_history(self.repository, repo_type="dataset")
        with self.lock:
            self.sent, self.forgotten = changes, self.forgotten - forgotten
            if len(lines) >= LONGEST:
                self.lines, self.number = self.lines[len(lines) :], self.number + 1

    def read_files(self) -> tuple[dict[str, str], str | None]:
        """The text of every file, and the commit they are of."""
        commit = self.api.dataset_info(self.repository).sha
        names = self.api.list_repo_files(self.repository, repo_type="dataset", revision=commit)
        files = {}
        with tempfile.TemporaryDirectory() as folder:
            for name in sorted(name for name in names if name.startswith(f"{FOLDER}/") and name.endswith(".jsonl")):
                file = self.api.hf_hub_download(
                    self.repository, name, repo_type="dataset", revision=commit, local_dir=folder
                )
                files[name] = Path(file).read_text(encoding="utf-8")
        return files, commit


# --- lines -------------------------------------------------------------------------------------------------------


def as_text(lines: Iterable[str]) -> str:
    """Lines as a file."""
    return "".join(f"{line}\n" for line in lines)


def parse(line: str) -> Event | None:
    """What a line tells; None if it is none of ours."""
    try:
        event = json.loads(line)
        is_whole = {"answer": is_answer, "nickname": is_nickname, "forget": is_forget}[event["kind"]]
        return event if isinstance(event["at"], int) and is_whole(event) else None
    except (ValueError, KeyError, TypeError):
        return None


def is_answer(event: Event) -> bool:
    """Whether it has what a row of the table needs."""
    return bool(TOKEN.fullmatch(event["token"])) and all(fits(event.get(column.name), column) for column in KEPT)


def is_nickname(event: Event) -> bool:
    """Whether it gives a player a name."""
    return all(fits(event[column.name], column) for column in NAMED)


def fits(value: object, column: ColumnElement[Any]) -> bool:
    """Whether a column takes a value."""
    assert isinstance(column, Column)
    kind = column.type.python_type
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, String):
        return isinstance(value, str) and len(value) <= (column.type.length or 0)
    return isinstance(value, (int, float) if kind is float else kind)


def is_forget(event: Event) -> bool:
    """Whether it names a player."""
    return isinstance(event["player"], str)


def without(line: str, players: set[str]) -> str:
    """A line from which some players are taken: their answers become nobody's, their names go."""
    event = parse(line)
    if event is None or event["player"] not in players:
        return line
    if event["kind"] == "answer":
        return json.dumps({**event, "player": None})
    return json.dumps({"kind": "forget", "at": event["at"], "player": event["player"]})


def play_back(events: Iterable[Event]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows that follow from what happened, in any order and told more than once: of rounds, of players."""
    answers: dict[str, Event] = {}
    players: dict[str, Event] = {}
    for event in sorted(events, key=lambda event: int(event["at"])):
        player = event["player"]
        if event["kind"] == "answer":
            answers.setdefault(event["token"], event)
        elif event["kind"] == "nickname":
            players[player] = event
        else:
            players.pop(player, None)
            answers = {
                token: {**told, "player": None} if told["player"] == player else told for token, told in answers.items()
            }
    rounds = [{column.name: told.get(column.name) for column in KEPT} for told in answers.values()]
    named = [{column.name: told[column.name] for column in NAMED} for told in players.values()]
    return [{**row, "secret": ""} for row in rounds], named  # answered rounds are never drawn again
