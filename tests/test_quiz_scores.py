"""The database: one answer per round, nothing acknowledged is lost, boards with known contents.

Runs on SQLite and on PostgreSQL; `store` is in conftest.py.
"""

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.errors import InvalidInput, LatentLabError
from quiz import records, scores
from quiz.database import ROOT, database_url, prepare_sqlite, writing
from quiz.scores import Store
from quiz.tables import Round
from quiz.tokens import digest, new_token


def make_round(player: str | None = None, *, level: int = 8, fake: int = 0, real: int = 0, age: float = 0) -> Round:
    """A round as quiz.rounds makes it; `age` in seconds."""
    return Round(
        token=new_token(),
        player=digest(player) if player else None,
        deck="portraits",
        level=level,
        step=level * 100,
        edition="0123456789ab",
        fake=fake,
        real=real,
        real_side="left",
        secret=new_token(),
        created_ms=scores.now() - int(age * 1000),
    )


def play(store: Store, player: str | None, correct: bool, *, confidence: int | None = None, **fields: int) -> None:
    """One whole round; the discriminator always holds the left picture, the real one, to be real."""
    row = store.find_round(store.add_round(make_round(player, **fields)).token)
    choice = "left" if correct else "right"
    store.record_answer(row, choice=choice, confidence=confidence, left_logit=1.0, right_logit=-1.0)


def test_an_answer_is_kept_with_everything(store: Store) -> None:
    player = new_token()
    play(store, player, True, confidence=80, fake=3)
    (row,) = store.history(player)
    assert (row.choice, row.confidence, row.correct, row.discriminator_correct) == ("left", 80, True, True)
    again = store.find_round(store.add_round(make_round(player, fake=3)).token)
    outcome = store.record_answer(again, choice="right", confidence=None, left_logit=0.0, right_logit=1.0)
    assert (outcome.shown, outcome.fooled, outcome.score) == (2, 1, records.Score(2, 1, 1))
    assert outcome.response >= 0
    assert row.answered_ms is not None
    assert row.answered_ms >= row.created_ms
    assert store.fooled("portraits", "0123456789ab", 3) == (2, 1)
    assert store.fooled("portraits", "0123456789ab", 4) == (0, 0)
    assert store.score(player) == records.Score(rounds=2, correct=1, discriminator_correct=1)
    assert store.score(new_token()) == records.Score(0, 0, 0)


def test_the_first_answer_counts(store: Store) -> None:
    row = store.find_round(store.add_round(make_round()).token)
    store.record_answer(row, choice="left", confidence=None, left_logit=0.0, right_logit=0.0)
    with pytest.raises(InvalidInput, match="answered before"):
        store.record_answer(row, choice="right", confidence=None, left_logit=0.0, right_logit=0.0)
    with pytest.raises(InvalidInput, match="answered before"):
        store.find_round(row.token)
    assert store.score().correct == 1


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "A" * 43, "A" * 100_000, None, 7])
def test_forged_rounds(store: Store, token: str) -> None:
    with pytest.raises(InvalidInput, match="no open round"):
        store.find_round(token)


def test_stale_rounds_end_and_are_swept(store: Store) -> None:
    old = store.add_round(make_round(age=3700))
    with pytest.raises(InvalidInput, match="older than an hour"):
        store.find_round(old.token)
    older = store.add_round(make_round(age=7300))
    store.add_round(make_round())  # sweeps
    with pytest.raises(InvalidInput, match="older than an hour"):
        store.find_round(old.token)
    with pytest.raises(InvalidInput, match="no open round"):
        store.find_round(older.token)


def test_a_stale_round_gives_way_to_its_players_next(store: Store) -> None:
    player = new_token()
    old, elsewhere = (store.add_round(make_round(player, level=level, age=3700)) for level in (8, 2))
    new = store.add_round(make_round(player, level=8))
    assert new.token != old.token
    assert store.find_round(new.token).player == digest(player)
    assert store.open_round(player, "portraits", 8, new.edition) is not None
    with pytest.raises(InvalidInput, match="no open round"):
        store.find_round(old.token)
    with pytest.raises(InvalidInput, match="older than an hour"):
        store.find_round(elsewhere.token)  # of another level: not in the way


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock forward by so many seconds, or back."""
    true = scores.now

    def step(seconds: float) -> None:
        monkeypatch.setattr(scores, "now", lambda: true() + int(seconds * 1000))

    return step


def test_a_clock_that_goes_back_changes_no_order(store: Store, clock: Callable[[float], None]) -> None:
    player = new_token()
    play(store, player, False)
    row = store.find_round(store.add_round(make_round(player)).token)
    clock(-600)
    assert store.record_answer(row, choice="left", confidence=None, left_logit=1.0, right_logit=0.0).response >= 0
    for _ in range(3):
        play(store, player, True)
    history = store.history(player)
    assert [entry.streak for entry in history] == [0, 1, 2, 3, 4]
    assert len({entry.answered_ms for entry in history}) == 5
    assert all((entry.answered_ms or 0) >= entry.created_ms for entry in history)
    told: list[scores.Event] = []
    store.listeners.append(told.append)
    store.forget(player)
    assert told[0]["at"] >= (history[-1].answered_ms or 0)  # whoever plays it back forgets all of them


def test_a_clock_that_runs_ahead_for_a_moment_removes_no_open_round(
    store: Store, clock: Callable[[float], None]
) -> None:
    row = store.add_round(make_round())
    clock(3700)
    store.add_round(make_round())
    clock(0)
    assert store.find_round(row.token).id == row.id


def test_answered_rounds_are_never_swept(store: Store) -> None:
    row = store.add_round(make_round(age=3500))
    store.record_answer(row, choice="left", confidence=None, left_logit=0.0, right_logit=0.0)
    with writing(store.engine) as session:
        session.execute(text("UPDATE rounds SET created_ms = 0"))
    store.add_round(make_round())
    assert store.score().rounds == 1


def test_one_open_round_for_each_player_and_level(store: Store) -> None:
    player = new_token()
    first = store.add_round(make_round(player, level=8))
    other = store.add_round(make_round(player, level=2))
    assert store.add_round(make_round(player, level=8)).token == first.token
    assert store.add_round(make_round(player, level=2)).token == other.token != first.token
    assert store.add_round(make_round(new_token(), level=8)).token != first.token
    assert store.add_round(make_round(None)).token != store.add_round(make_round(None)).token


def at_once(action: Callable[[], object], times: int = 8) -> list[object]:
    """What the same action in several threads returns or raises."""
    results: list[object] = []
    gate = threading.Barrier(times)

    def act() -> None:
        gate.wait()
        try:
            results.append(action())
        except LatentLabError as error:
            results.append(error)

    threads = [threading.Thread(target=act) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_many_answers_at_once_one_is_kept(store: Store) -> None:
    row = store.add_round(make_round(new_token()))
    results = at_once(lambda: store.record_answer(row, choice="left", confidence=None, left_logit=0.0, right_logit=0.0))
    assert sum(isinstance(result, records.Outcome) for result in results) == 1
    assert sum(isinstance(result, InvalidInput) for result in results) == 7


def test_of_many_questions_at_once_one_round_is_made(store: Store) -> None:
    player = new_token()
    assert len(set(at_once(lambda: store.add_round(make_round(player)).token))) == 1


def test_streak_and_leaderboard(store: Store) -> None:
    strong, weak, short, nameless = (new_token() for _ in range(4))
    for number in range(20):
        play(store, strong, number != 5)  # 5 right, 1 wrong, 14 right
        play(store, weak, number % 2 == 0)
        play(store, nameless, True)
    for _ in range(19):
        play(store, short, True)
    play(store, short, True, level=1)  # of another level: neither in its streak nor in the board of level 8
    for player, name in ((strong, "Strong"), (weak, "Weak"), (short, "Short")):
        store.set_nickname(player, name)
    board = store.leaderboard("portraits", 8)
    assert [(p.nickname, p.rounds, p.correct, p.best_streak) for p in board] == [
        ("Strong", 20, 19, 14),
        ("Weak", 20, 10, 1),
    ]
    assert [p.nickname for p in store.leaderboard("portraits")] == ["Short", "Strong", "Weak"]
    assert store.leaderboard("folder") == []
    store.forget(strong)
    assert [p.nickname for p in store.leaderboard("portraits", 8)] == ["Weak"]
    assert store.history(strong) == []
    assert store.score().rounds == 80


def test_nicknames_are_kept_renamed_and_unique(store: Store) -> None:
    ada, eve = new_token(), new_token()
    with pytest.raises(InvalidInput, match="answer a pair first"):
        store.set_nickname(ada, "Ada")
    store.add_round(make_round(ada))  # dealt is not played
    with pytest.raises(InvalidInput, match="answer a pair first"):
        store.set_nickname(ada, "Ada")
    for player in (ada, eve):
        play(store, player, True)
    assert store.nickname(ada) is None
    assert store.set_nickname(ada, " Ada ") == "Ada"
    assert store.set_nickname(ada, "Ada L.") == store.nickname(ada) == "Ada L."
    with pytest.raises(InvalidInput, match="plays as"):
        store.set_nickname(eve, "ADA-L")
    with pytest.raises(InvalidInput, match="address"):
        store.set_nickname(eve, "eve@example.org")
    with pytest.raises(InvalidInput, match="token"):
        store.set_nickname("eve", "Eve")
    assert store.nickname(eve) is None


def test_the_most_convincing_faces_need_enough_visitors(store: Store) -> None:
    for fake, fooled, shown in ((1, 4, 4), (2, 5, 6), (3, 9, 10), (4, 0, 10)):
        for number in range(shown):
            play(store, None, number >= fooled, fake=fake)
    wall = store.most_convincing("portraits", count=2)
    assert [(record.fake, record.fooled, record.shown) for record in wall] == [(3, 9, 10), (2, 5, 6)]
    assert store.most_convincing("folder") == []


def test_answers_by_day(store: Store) -> None:
    play(store, None, True)
    play(store, None, False)
    with writing(store.engine) as session:  # the first one was given two days ago
        session.execute(text(f"UPDATE rounds SET answered_ms = answered_ms - {2 * scores.DAY} WHERE correct"))
    days = store.by_day()
    assert [(day.score.rounds, day.score.correct) for day in days] == [(1, 1), (1, 0)]
    assert (days[1].date - days[0].date).days == 2
    assert store.by_day("folder") == []
    assert len(store.by_day(days=2)) == 1


def test_times_seen(store: Store) -> None:
    player = new_token()
    play(store, player, True, real=1, fake=2)
    play(store, player, True, real=1, fake=3)
    play(store, new_token(), True, real=1, fake=2)
    assert store.times_seen(player, "portraits", "0123456789ab") == ({1: 2}, {2: 1, 3: 1})
    assert store.times_seen(player, "portraits", "another") == ({1: 2}, {})
    assert store.seen_lately(player, "portraits", "0123456789ab", 1) == ({1}, {3})
    assert store.seen_lately(player, "portraits", "0123456789ab", 9) == ({1}, {2, 3})
    assert store.seen_lately(player, "portraits", "another", 9) == ({1}, set())


ANSWER_FOREVER = """
import sys
from quiz.scores import Store
from tests.test_quiz_scores import make_round
store = Store(sys.argv[1])
while True:
    row = store.add_round(make_round())
    store.record_answer(row, choice="left", confidence=None, left_logit=0.0, right_logit=0.0)
    print(row.token, flush=True)  # acknowledged
"""
WRITERS = 4  # processes that share a database, each killed at another moment


def acknowledged_until(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """The rounds that a writer acknowledged before it was killed, some time after its first."""
    assert process.stdout is not None
    tokens = [process.stdout.readline().strip()]
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return tokens + [line.strip() for line in process.stdout if line.endswith("\n")]


def test_no_acknowledged_answer_is_lost_when_processes_are_killed(database: str) -> None:
    command = [sys.executable, "-c", ANSWER_FOREVER, database]
    moments = [random.Random(number).uniform(0.02, 0.4) for number in range(WRITERS)]
    with ExitStack() as stack, ThreadPoolExecutor(WRITERS) as threads:
        writers = [
            stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)) for _ in moments
        ]
        acknowledged = {token for tokens in threads.map(acknowledged_until, writers, moments) for token in tokens}
    assert {writer.returncode for writer in writers} == {-signal.SIGKILL}
    assert len(acknowledged) > WRITERS
    store = Store(database)
    with store.engine.connect() as connection:
        answered = set(connection.scalars(select(Round.token).where(Round.answered_ms.is_not(None))))
    assert acknowledged <= answered
    assert len(answered - acknowledged) <= WRITERS  # written, and killed before it could be said
    play(store, None, True)  # and it goes on
    store.close()


def test_sqlite_writes_through_to_the_disk(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'new folder' / 'quiz.sqlite3'}")
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
    store.close()


def test_sqlite_waits_from_its_first_setting_on(tmp_path: Path) -> None:
    """Another process that holds a new file for a moment, as at a start of several, is waited for."""
    file = tmp_path / "quiz.sqlite3"
    holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    letting_go = threading.Timer(0.3, lambda: holder.execute("ROLLBACK"))
    letting_go.start()
    impatient = sqlite3.connect(file, timeout=0)
    prepare_sqlite(impatient, None)
    assert impatient.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert impatient.execute("PRAGMA busy_timeout").fetchone() == (15_000,)
    letting_go.join()
    for connection in (holder, impatient):
        connection.close()


def test_two_stores_share_one_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'quiz.sqlite3'}"
    one, other = Store(url), Store(url)
    row = other.find_round(one.add_round(make_round()).token)
    other.record_answer(row, choice="left", confidence=None, left_logit=0.0, right_logit=0.0)
    assert one.score().rounds == 1
    one.close()
    other.close()


def test_where_the_scores_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LATENT_LAB_DATA", str(tmp_path))
    assert database_url() == f"sqlite:///{tmp_path / 'quiz.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/quiz")
    assert database_url() == "postgresql://somewhere/quiz"


@pytest.mark.parametrize("url", ["nonsense", "mysql://a/b", "quantum://a/b", "sqlite:////proc/nowhere/quiz.sqlite3"])
def test_a_database_that_cannot_be_opened(url: str) -> None:
    with pytest.raises(LatentLabError) as refusal:
        Store(url)
    assert "DATA" in str(refusal.value)


def test_a_broken_database_file(tmp_path: Path) -> None:
    (tmp_path / "quiz.sqlite3").write_bytes(b"not a database" * 1000)
    with pytest.raises(LatentLabError, match="cannot be written"):
        Store(f"sqlite:///{tmp_path / 'quiz.sqlite3'}")
