"""Which copies were read back; and indices from which everybody's figures are counted without a look at the rows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ANSWERED = sa.text("answered_ms IS NOT NULL")


def upgrade() -> None:
    """Adds a table and an index, and makes another index wider."""
    op.create_table(
        "read_back",
        sa.Column("source", sa.String(200), primary_key=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
    )
    op.drop_index("rounds_of_fake", "rounds")
    for name, columns in (
        ("rounds_of_fake", ["deck", "edition", "fake", "level", "step", "correct"]),
        ("answers_of_deck", ["deck", "answered_ms", "correct", "discriminator_correct"]),
    ):
        op.create_index(name, "rounds", columns, sqlite_where=ANSWERED, postgresql_where=ANSWERED)
