"""The scores kept in a data set on the Hugging Face Hub, for hosts without a disk; off unless `LATENT_LAB_BACKUP` names
one. The token comes from `HF_TOKEN` and has to be allowed to write there; a data set that is missing is made, private.

Every process writes what happens down, an answer, a nickname or "Forget me" a line, and sends it every five minutes and
when it is told to stop, to files of its own: processes never overwrite each other. A database into which the data set
was not read yet is filled from all files. Players are in them by the digest of their token and their nickname, and by
nothing else. Whoever asks to be forgotten is taken out of all files, and the history of the data set is squashed; a
process that has not heard of it sends nothing that the database no longer says.

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
from huggingface_hub.errors import HfHubHTTPError
from sqlalchemy import Column, ColumnElement, String

from models.errors import LatentLabError
from models.hub import in_words
from quiz.scores import Event, Row, Store
from quiz.tables import Table
from quiz.tokens import TOKEN

BACKUP = "LATENT_LAB_BACKUP"  # the environment variable that names the data set
EVERY = 300.0  # seconds between two deliveries
RETRY = 30.0  # seconds until the next try when the Hub did not answer
ENDING = 5.0  # seconds between two deliveries once the process was told to stop
PATIENCE = 20.0  # seconds for the last delivery when the process ends
LONGEST = 5_000  # lines of a file; then the next one begins, and what was sent is not sent again
TRIES = 3  # of one delivery, when other processes deliver at the same time
OUTRUN = 412  # what the Hub answers then
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
        """Begins; where that was not done yet, by reading back what the data set has.

        Args:
            store: to listen to, and to fill.
            repository: the data set, `user/name`.
            api: how to reach the Hub; None for the environment's endpoint and token.
            every: seconds between two deliveries.
        """
        self.store, self.repository, self.every = store, repository, every
        self.api = api or HfApi()
        self.ready = False  # whether the data set is known to be there
        self.restored = store.was_read_back(repository)
        self.name = f"{time.strftime('%Y-%m-%d', time.gmtime())}-{secrets.token_hex(8)}"  # of this process's files
        self.number = 1  # of the file that is being filled
        self.events: dict[tuple[str, str], Event] = {}  # of that file, oldest first, by kind and token or player
        self.forgotten: set[str] = set()  # players, by digest, who may still be in other files
        self.changes = self.sent = 0
        self.lock = threading.Lock()
        self.wake = threading.Event()
        self.ending = threading.Event()  # the process was told to stop
        self.stopping = threading.Event()  # it ends
        store.listeners.append(self.note)
        store.before_end.append(self.hurry)
        self.worker = threading.Thread(target=self.work, daemon=True)
        self.worker.start()

    def hurry(self) -> None:
        """Delivers now, and every few seconds from now on: the host may not wait for the end. Returns at once."""
        self.ending.set()
        self.wake.set()

    def close(self) -> None:
        """Delivers what is left, unless the Hub takes too long."""
        self.stopping.set()
        self.wake.set()
        self.worker.join(PATIENCE)

    @property
    def path(self) -> str:
        """The file that is being filled, in the data set."""
        return f"{FOLDER}/{self.name}-{self.number:04}.jsonl"

    def note(self, event: Event) -> None:
        """Writes down what happened."""
        key = (event["kind"], event["token"] if event["kind"] == "answer" else event["player"])
        with self.lock:
            if event["kind"] == "forget":
                self.forgotten.add(event["player"])
            self.events.pop(key, None)  # an earlier nickname
            self.events[key] = event
            self.changes += 1

    def work(self) -> None:
        """Reads back, then delivers until told to stop, and once more."""
        wait = 0.0
        while True:
            self.wake.wait(wait)
            self.wake.clear()
            stopped, ends = self.stopping.is_set(), self.ending.is_set()
            wait = min(self.every, ENDING) if ends else self.every
            for job in (self.send,) if stopped or ends or self.restored else (self.restore, self.send):
                try:
                    with in_words(
                        self.repository, kind="data set", instead="trying again", raises=LatentLabError
                    ) as headers:
                        self.api.headers = headers
                        job()
                except LatentLabError as error:
                    log.warning("Backup of the scores: %s", error)
                    wait = min(RETRY, wait)
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
        files = self.read_files(self.newest())
        events = [event for text in files.values() for line in text.splitlines() if (event := parse(line))]
        with self.store.forgetting:
            with self.lock:
                events += self.events.values()  # who was forgotten meanwhile stays so
            answers, players, forgotten = play_back(events)
            self.store.add_kept(answers, players, forgotten, source=self.repository)
        self.restored = True
        log.info("Backup of the scores: %d answers read back", len(answers))

    def send(self) -> None:
        """Delivers the file that is being filled, and other files without players who are to be forgotten.

        Raises:
            LatentLabError: other processes were faster each time.
        """
        for _ in range(TRIES):
            if self.changes == self.sent:
                return
            self.prepare()
            commit = self.newest()  # first: whatever is forgotten after the look at the database makes this one old
            with self.lock:
                events, changes, forgotten, path = dict(self.events), self.changes, set(self.forgotten), self.path
            changed = {path: as_text(json.dumps(event) for event in self.still_true(events.values()))}
            if forgotten:
                for name, text in self.read_files(commit).items():
                    cleaned = as_text(without(line, forgotten) for line in text.splitlines())
                    if name != path and cleaned != text:
                        changed[name] = cleaned
            if self.deliver(changed, commit):
                break
        else:
            raise LatentLabError(f"Other pages write to {self.repository} all the time; trying again.")
        if forgotten:
            self.api.super_squash_history(self.repository, repo_type="dataset")
        with self.lock:
            self.sent, self.forgotten = changes, self.forgotten - forgotten
            if len(events) >= LONGEST:
                self.events = {key: event for key, event in self.events.items() if events.get(key) is not event}
                self.number += 1

    def deliver(self, files: dict[str, str], commit: str | None) -> bool:
        """Replaces the text of files in one commit; False, and nothing is, if `commit` is no longer the newest."""
        try:
            self.api.create_commit(
                self.repository,
                [CommitOperationAdd(name, text.encode()) for name, text in files.items()],
                commit_message="Scores",
                repo_type="dataset",
                parent_commit=commit,
            )
        except HfHubHTTPError as error:
            if error.response.status_code == OUTRUN:
                return False
            raise
        return True

    def still_true(self, events: Iterable[Event]) -> list[Event]:
        """What happened, without players who were forgotten since, maybe by another process: answers become nobody's,
        names go. Raises LatentLabError if the database does not answer."""
        told = list(events)
        owners = self.store.owners([event["token"] for event in told if event["kind"] == "answer"])
        names = self.store.names([event["player"] for event in told if event["kind"] == "nickname"])
        kept = []
        for event in told:
            if event["kind"] == "answer":
                kept.append({**event, "player": owners.get(event["token"], event["player"])})
            elif event["kind"] != "nickname" or names.get(event["player"]) == event["nickname"]:
                kept.append(event)
        return kept

    def newest(self) -> str | None:
        """The newest commit of the data set."""
        return self.api.dataset_info(self.repository).sha

    def read_files(self, commit: str | None) -> dict[str, str]:
        """The text of every file at a commit."""
        names = self.api.list_repo_files(self.repository, repo_type="dataset", revision=commit)
        files = {}
        with tempfile.TemporaryDirectory() as folder:
            for name in sorted(name for name in names if name.startswith(f"{FOLDER}/") and name.endswith(".jsonl")):
                file = self.api.hf_hub_download(
                    self.repository, name, repo_type="dataset", revision=commit, local_dir=folder
                )
                files[name] = Path(file).read_text(encoding="utf-8")
        return files


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
    fitting = all(fits(event.get(column.name), column) for column in KEPT)
    return fitting and bool(TOKEN.fullmatch(event["token"])) and event["answered_ms"] is not None


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


def play_back(events: Iterable[Event]) -> tuple[list[Row], list[Row], dict[str, int]]:
    """What follows from what happened, in any order and told more than once: rows of rounds and of players; and who was
    forgotten, by digest, with the time, ms, up to which no answer is theirs."""
    answers: dict[str, Event] = {}
    players: dict[str, Event] = {}
    forgotten: dict[str, int] = {}
    for event in sorted(events, key=lambda event: (int(event["at"]), event["kind"] == "forget")):
        player = event["player"]
        if event["kind"] == "answer":
            answers.setdefault(event["token"], event)
        elif event["kind"] == "nickname":
            players[player] = event
        else:
            players.pop(player, None)
            forgotten[player] = event["at"]
    rounds = []
    for told in answers.values():
        row: Row = {column.name: told.get(column.name) for column in KEPT}
        nobodys = told["at"] <= forgotten.get(told["player"], -1)
        rounds.append({**row, "player": None if nobodys else told["player"], "secret": ""})  # never drawn again
    return rounds, [{column.name: told[column.name] for column in NAMED} for told in players.values()], forgotten
