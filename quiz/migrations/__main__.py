"""Brings the database of the scores up to date: `python -m quiz.migrations`."""

import sys

from sqlalchemy import text

from models.errors import LatentLabError
from quiz.database import connect, database_url
from quiz.migrations import migrate


def main() -> None:
    """Says the revision that the database is at now, or ends with one sentence and code 1."""
    try:
        engine = connect(database_url())
        migrate(engine)
    except LatentLabError as error:
        sys.exit(str(error))
    with engine.connect() as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    engine.dispose()
    print(f"The scores are at revision {revision}.")


if __name__ == "__main__":
    main()
