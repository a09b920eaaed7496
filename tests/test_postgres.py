"""The scores in PostgreSQL: what only a server of its own can show. The store's other tests run on both databases."""

import gc
import socket
import subprocess
import sys
import threading
import time

import psycopg
import pytest
from sqlalchemy import select

from models.errors import LatentLabError
from models.loading import ROOT
from quiz import database
from quiz.migrations import TURN
from quiz.scores import Store
from quiz.tables import Round
from tests.postgresql import PostgreSQL
from tests.test_quiz_scores import ANSWER_FOREVER, play


@pytest.mark.filterwarnings("ignore:.*deleted while still open:ResourceWarning")  # broken ones, left to the collector
def test_a_crash_of_the_database_loses_no_acknowledged_answer(postgresql: PostgreSQL) -> None:
    address = postgresql.new_database()
    store = Store(address)
    play(store, None, True)  # a connection that the crash breaks
    command = [sys.executable, "-c", ANSWER_FOREVER, address]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as writer:
        assert writer.stdout is not None
        tokens = [writer.stdout.readline().strip() for _ in range(20)]
        postgresql.kill()
        with pytest.raises(LatentLabError, match="try again"):
            play(store, None, True)
        postgresql.start()
        writer.kill()  # if it has not ended at its first answer that was not kept
        tokens += [line.strip() for line in writer.stdout if line.endswith("\n")]
    play(store, None, True)  # the same store goes on with a new connection
    with store.engine.connect() as connection:
        answered = set(connection.scalars(select(Round.token).where(Round.answered_ms.is_not(None))))
    assert set(tokens) <= answered
    assert len(answered) in (len(tokens) + 2, len(tokens) + 3)
    store.close()
    gc.collect()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_spellings_of_the_address_work(postgresql: PostgreSQL, scheme: str) -> None:
    store = Store(postgresql.new_database().replace("postgresql", scheme, 1))
    play(store, None, True)
    assert store.score().rounds == 1
    store.close()


def test_a_server_that_does_not_answer_is_one_sentence(postgresql: PostgreSQL) -> None:
    with pytest.raises(
        LatentLabError, match=r"^The scores cannot be written now, and nothing was counted; try again\.$"
    ):
        Store(postgresql.new_database().replace("host=", "host=/nowhere"))


def test_a_table_that_is_locked_is_not_waited_for(postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch) -> None:
    address = postgresql.new_database()
    monkeypatch.setattr(database, "LONGEST_STATEMENT", 200)  # ms
    store = Store(address)
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE rounds IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        end = threading.Timer(10, other.rollback)  # of a store that waits
        end.start()
        with pytest.raises(LatentLabError, match="cannot be read now"):
            store.score()
        with pytest.raises(LatentLabError, match="cannot be written now, and nothing was counted"):
            play(store, None, True)
        assert time.monotonic() - started < 5
        end.cancel()
    play(store, None, True)
    assert store.score().rounds == 1
    store.close()


def test_a_migration_may_take_longer(postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch) -> None:
    address = postgresql.new_database()
    monkeypatch.setattr(database, "LONGEST_STATEMENT", 100)  # ms
    other = psycopg.connect(address)
    other.execute(f"SELECT pg_advisory_xact_lock({TURN})".encode())  # another process is at it
    done = threading.Timer(0.5, other.close)
    done.start()
    Store(address).close()
    done.join()


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(LatentLabError, match="cannot be written now"):
            Store(f"postgresql://tests@127.0.0.1:{silent.getsockname()[1]}/quiz")
        assert time.monotonic() - started < 30
