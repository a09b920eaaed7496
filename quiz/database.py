"""The connection to the database of the scores: SQLite in a file, or PostgreSQL by `DATABASE_URL`."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from models.errors import LatentLabError

ROOT = Path(__file__).resolve().parent.parent  # as models.loading has it, which takes two seconds for torch
PATIENCE = 5  # seconds for a database server to answer a new connection
LONGEST_STATEMENT = 10_000  # ms for a database server to do one thing, or to be heard of at all


def database_url() -> str:
    """Where the scores are: `DATABASE_URL`, else quiz.sqlite3 in `LATENT_LAB_DATA`, else in runs/ beside the code."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    folder = Path(os.environ.get("LATENT_LAB_DATA", ROOT / "runs"))
    return f"sqlite:///{folder.expanduser().resolve() / 'quiz.sqlite3'}"


def connect(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL, with SQLite set up so that what is committed survives a kill."""
    try:
        address = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url))
        if address.get_backend_name() not in ("sqlite", "postgresql"):
            raise LatentLabError(f"DATABASE_URL names {address.get_backend_name()}; use sqlite:/// or postgresql://.")
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        if address.get_backend_name() == "postgresql":
            limits = {"connect_timeout": str(PATIENCE), "tcp_user_timeout": str(LONGEST_STATEMENT)}
            address = address.set(query={**limits, **address.query})
        engine = create_engine(address, pool_pre_ping=address.get_backend_name() == "postgresql")
    except ModuleNotFoundError as error:
        raise LatentLabError('PostgreSQL needs a driver; install it with: pip install "psycopg[binary]"') from error
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise LatentLabError("DATABASE_URL is not an address; use sqlite:///FILE or postgresql://…") from error
    except OSError as error:
        raise LatentLabError(f"The folder for the scores cannot be made ({error}); set LATENT_LAB_DATA.") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    else:
        event.listen(engine, "connect", prepare_postgresql)
    return engine


def prepare_sqlite(connection, _record) -> None:  # type: ignore[no-untyped-def]  # a sqlite3.Connection of the pool
    """Settings of every new SQLite connection."""
    connection.isolation_level = None  # `begin_sqlite` opens the transactions
    for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL"):  # the second may have to wait
        connection.execute(f"PRAGMA {pragma}")


def prepare_postgresql(connection, _record) -> None:  # type: ignore[no-untyped-def]  # a psycopg.Connection of the pool
    """Settings of every new connection to PostgreSQL; a start-up option would not pass through every pooler."""
    connection.execute(f"SET statement_timeout = {LONGEST_STATEMENT}")
    connection.commit()


def begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: one that first reads could not wait for it any more."""
    wants_lock = not connection.get_execution_options().get("only_reads", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if wants_lock else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A transaction that writes; committed at the end, or undone as a whole. Raises LatentLabError, IntegrityError."""
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        raise LatentLabError("The scores cannot be written now, and nothing was counted; try again.") from error


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A transaction that only reads. Raises LatentLabError."""
    try:
        with Session(engine.execution_options(only_reads=True), expire_on_commit=False) as session:
            yield session
            session.expunge_all()
    except SQLAlchemyError as error:
        raise LatentLabError("The scores cannot be read now; try again.") from error
