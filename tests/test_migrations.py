"""The tables of the scores: from the oldest form to today's without a loss, and equal to what the code expects."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from models.errors import InvalidInput, LatentLabError
from models.loading import ROOT
from quiz.database import connect
from quiz.migrations import FIRST, migrate
from quiz.records import Score
from quiz.scores import Store
from quiz.tables import Table
from quiz.tokens import digest, new_token

# what the page made before there were migrations; SERIAL stands for the database's own way to count
OLDEST = """
CREATE TABLE rounds (
    id SERIAL NOT NULL, token VARCHAR(43) NOT NULL, player VARCHAR(43), deck VARCHAR(40) NOT NULL,
    level INTEGER NOT NULL, step BIGINT NOT NULL, edition VARCHAR(12) NOT NULL, fake INTEGER NOT NULL,
    real INTEGER NOT NULL, real_side VARCHAR(5) NOT NULL, secret VARCHAR(43) NOT NULL, created_ms BIGINT NOT NULL,
    choice VARCHAR(5), confidence INTEGER, correct BOOLEAN, streak INTEGER, left_logit FLOAT, right_logit FLOAT,
    discriminator_correct BOOLEAN, answered_ms BIGINT, PRIMARY KEY (id), UNIQUE (token)
);
CREATE INDEX rounds_of_player ON rounds (player, deck);
CREATE INDEX open_rounds ON rounds (created_ms) WHERE answered_ms IS NULL;
CREATE UNIQUE INDEX one_open_round ON rounds (player, deck, level, edition) WHERE answered_ms IS NULL;
CREATE INDEX rounds_of_fake ON rounds (deck, edition, fake);
CREATE TABLE players (
    player VARCHAR(43) NOT NULL, nickname VARCHAR(20) NOT NULL, key VARCHAR(80) NOT NULL,
    PRIMARY KEY (player), UNIQUE (key)
)
"""
SERIAL = {"sqlite": "INTEGER", "postgresql": "BIGSERIAL"}
ADA, EVE = new_token(), new_token()
ANSWERED, OPEN, NOBODYS = new_token(), new_token(), new_token()


@pytest.fixture
def oldest(database: str) -> Iterator[Engine]:
    """A database as the page before migrations left it: three answers, one open round, one nickname."""
    engine = connect(database)
    with engine.begin() as connection:
        for statement in OLDEST.replace("SERIAL", SERIAL[engine.dialect.name]).split(";"):
            connection.execute(text(statement))
        insert = text(
            "INSERT INTO rounds (token, player, deck, level, step, edition, fake, real, real_side, secret, created_ms, "
            "choice, confidence, correct, streak, left_logit, right_logit, discriminator_correct, answered_ms) VALUES "
            "(:token, :player, 'lfw', 8, 800, '0123456789ab', 3, 4, 'left', 'secret', 4102444800000, :choice, 80, "
            ":correct, 1, 1.5, -1.5, :correct, :answered_ms)"
        )
        for token, player, choice, correct, answered_ms in (
            (ANSWERED, ADA, "left", True, 4102444801000),
            (new_token(), EVE, "right", False, 4102444801000),
            (NOBODYS, None, "left", True, 4102444801000),
            (OPEN, ADA, None, None, None),
        ):
            row = {"token": token, "player": player, "choice": choice, "correct": correct, "answered_ms": answered_ms}
            connection.execute(insert, row)
        insert = text("INSERT INTO players (player, nickname, key) VALUES (:player, 'Ada', 'ada')")
        connection.execute(insert, {"player": ADA})
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list[object]:
    """What Alembic would have to change so that the tables are what quiz.scores describes."""
    with engine.connect() as connection:
        settings = {"compare_type": True, "compare_server_default": False}
        found: list[object] = compare_metadata(MigrationContext.configure(connection, opts=settings), Table.metadata)
    return found


def shape(engine: Engine) -> dict[str, object]:
    """Columns and indices of every table, as SQLite or PostgreSQL tells them."""
    found = inspect(engine)
    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)],
            sorted(
                " ".join(str(index[key]) for key in ("name", "column_names", "unique"))
                + str(index["dialect_options"].get("sqlite_where"))
                for index in found.get_indexes(table)
            ),
            sorted(str(constraint["column_names"]) for constraint in found.get_unique_constraints(table)),
        )
        for table in sorted(found.get_table_names())
    }


def test_new_tables_are_those_that_the_code_expects(database: str) -> None:
    engine = connect(database)
    assert differences(engine)  # nothing there yet
    migrate(engine)
    assert differences(engine) == []
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX rounds_of_fake"))
    assert "remove_index" in str(differences(engine)) or "add_index" in str(differences(engine))
    engine.dispose()


def test_the_oldest_tables_become_the_newest(oldest: Engine, tmp_path: Path) -> None:
    migrate(oldest)
    assert differences(oldest) == []
    if oldest.dialect.name == "sqlite":  # the same as in a new database, to the letter
        fresh = connect(f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
        migrate(fresh)
        assert shape(oldest) == shape(fresh)
        fresh.dispose()


def test_the_first_revision_is_what_the_page_made_before(oldest: Engine, tmp_path: Path) -> None:
    before = shape(oldest)
    if oldest.dialect.name == "sqlite":
        made = connect(f"sqlite:///{tmp_path / 'made.sqlite3'}")
        migrate(made, FIRST)
        after = shape(made)
        del after["alembic_version"]
        assert after == before
        made.dispose()
    migrate(oldest, FIRST)
    with oldest.connect() as connection:
        assert connection.execute(text("SELECT player FROM players")).scalar() == ADA  # not touched yet
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == FIRST


def test_nothing_is_lost_on_the_way(oldest: Engine, database: str) -> None:
    store = Store(database)
    assert store.score() == Score(rounds=3, correct=2, discriminator_correct=2)
    assert store.score(ADA) == Score(rounds=1, correct=1, discriminator_correct=1)
    assert store.nickname(ADA) == "Ada"
    assert store.nickname(EVE) is None
    (row,) = store.history(ADA)
    assert (row.token, row.choice, row.confidence, row.left_logit) == (ANSWERED, "left", 80, 1.5)
    with pytest.raises(InvalidInput, match="answered before"):
        store.find_round(NOBODYS)
    again = store.find_round(OPEN)
    assert again.player == digest(ADA)
    assert store.open_round(ADA, "lfw", 8, "0123456789ab") is not None
    store.record_answer(again, choice="left", confidence=None, left_logit=0.0, right_logit=0.0)
    assert [place.best_streak for place in store.leaderboard("lfw", least=1)] == [2]
    store.close()


def test_no_token_of_a_player_is_kept(oldest: Engine, database: str) -> None:
    store = Store(database)
    store.set_nickname(EVE, "Eve")
    with store.engine.connect() as connection:
        kept = [
            *connection.execute(text("SELECT player FROM rounds")),
            *connection.execute(text("SELECT * FROM players")),
        ]
    assert digest(ADA) in str(kept)
    assert ADA not in str(kept)
    assert EVE not in str(kept)
    store.close()


def test_to_migrate_again_changes_nothing(oldest: Engine) -> None:
    migrate(oldest)
    with oldest.connect() as connection:
        before = connection.execute(text("SELECT * FROM rounds ORDER BY id")).all()
    migrate(oldest)
    with oldest.connect() as connection:
        assert connection.execute(text("SELECT * FROM rounds ORDER BY id")).all() == before


def test_a_migration_that_fails_leaves_everything_as_it_was(oldest: Engine) -> None:
    with oldest.begin() as connection:
        connection.execute(text("DROP TABLE players"))  # half a database: the second step fails on its way
    before = shape(oldest)
    with pytest.raises(LatentLabError, match="cannot be written"):
        migrate(oldest)
    assert shape(oldest) == before
    with oldest.connect() as connection:
        assert ADA in connection.scalars(text("SELECT player FROM rounds")).all()


def test_processes_that_start_at_once_make_the_tables_once(database: str) -> None:
    command = [sys.executable, "-m", "quiz.migrations"]
    environment = {**os.environ, "DATABASE_URL": database}

    def start(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(3) as threads:
        done = list(threads.map(start, range(3)))
    assert {(process.returncode, process.stdout, process.stderr) for process in done} == {
        (0, "The scores are at revision 0003.\n", "")
    }


def test_newer_scores_are_left_alone(database: str) -> None:
    Store(database).close()
    engine = connect(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LatentLabError, match="written by a newer version of this page; update the page"):
        Store(database)
    gc.collect()  # a connection that was left open would be a warning, and so an error
    environment = {**os.environ, "DATABASE_URL": database}
    command = [sys.executable, "-m", "quiz.migrations"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The scores were written by a newer version of this page; update the page.\n"
    engine.dispose()
