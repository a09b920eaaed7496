"""The tables of the game, from any earlier form to today's: one file in `versions/` per change, applied by Alembic.

The page does it when it opens the scores; by hand, for a host who starts several replicas: `python -m quiz.migrations`.
A change goes into quiz.scores and into a new file in `versions/`; a test compares the two.
"""

import threading
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from models.errors import LatentLabError

FOLDER = Path(__file__).resolve().parent
FIRST = "0001"  # the tables as they were before there were migrations
LATEST = "head"
TURN = 20180604  # number of the lock that processes which start at once wait for
alone = threading.Lock()  # env.py finds its connection in a variable of Alembic's module


def migrate(engine: Engine, revision: str = LATEST) -> None:
    """Brings the tables of a database to a revision, or makes them; all of it, or nothing.

    A database from before there were migrations has tables and no record of its revision; it goes on from the first.

    Args:
        engine: from `quiz.database.connect`.
        revision: of a file in `versions/`; not older than the database's.

    Raises:
        LatentLabError: the database cannot be written, or was brought to a later revision by newer code.
    """
    from alembic import command  # loaded here, so that the first answer of the page does not wait for it
    from alembic.config import Config
    from alembic.util import CommandError

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    try:
        with alone, engine.begin() as connection:
            if engine.dialect.name == "postgresql":  # SQLite's writers wait for each other anyway
                connection.execute(text("SET LOCAL statement_timeout = 0"))  # many rows take long
                connection.execute(text(f"SELECT pg_advisory_xact_lock({TURN})"))
            settings.attributes["connection"] = connection  # read in env.py
            tables = inspect(connection).get_table_names()
            if "rounds" in tables and "alembic_version" not in tables:
                command.stamp(settings, FIRST)
            command.upgrade(settings, revision)
    except CommandError as error:
        raise LatentLabError("The scores were written by a newer version of this page; update the page.") from error
    except SQLAlchemyError as error:
        raise LatentLabError("The scores cannot be written now, and nothing was counted; try again.") from error
