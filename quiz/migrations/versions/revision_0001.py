"""Rounds and players: the tables as they were before there were migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

OPEN = sa.text("answered_ms IS NULL")


def upgrade() -> None:
    """Makes both tables."""
    op.create_table(
        "rounds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("token", sa.String(43), nullable=False, unique=True),
        sa.Column("player", sa.String(43)),
        sa.Column("deck", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.String(12), nullable=False),
        sa.Column("fake", sa.Integer(), nullable=False),
        sa.Column("real", sa.Integer(), nullable=False),
        sa.Column("real_side", sa.String(5), nullable=False),
        sa.Column("secret", sa.String(43), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.String(5)),
        sa.Column("confidence", sa.Integer()),
        sa.Column("correct", sa.Boolean()),
        sa.Column("streak", sa.Integer()),
        sa.Column("left_logit", sa.Float()),
        sa.Column("right_logit", sa.Float()),
        sa.Column("discriminator_correct", sa.Boolean()),
        sa.Column("answered_ms", sa.BigInteger()),
    )
    op.create_index(
        "one_open_round",
        "rounds",
        ["player", "deck", "level", "edition"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("open_rounds", "rounds", ["created_ms"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("rounds_of_player", "rounds", ["player", "deck"])
    op.create_index("rounds_of_fake", "rounds", ["deck", "edition", "fake"])
    op.create_table(
        "players",
        sa.Column("player", sa.String(43), primary_key=True),
        sa.Column("nickname", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False, unique=True),
    )
