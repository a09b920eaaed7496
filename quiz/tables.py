"""The tables of the game."""

from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    String,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """All tables of the game."""


class Round(Table):
    """One pair of pictures, and later its answer."""

    __tablename__ = "rounds"
    __table_args__ = (
        # one open round per player, deck and level: asking again brings the same pair
        Index(
            "one_open_round",
            "player",
            "deck",
            "level",
            "edition",
            unique=True,
            sqlite_where=text("answered_ms IS NULL"),
            postgresql_where=text("answered_ms IS NULL"),
        ),
        Index(
            "open_rounds",
            "created_ms",
            sqlite_where=text("answered_ms IS NULL"),
            postgresql_where=text("answered_ms IS NULL"),
        ),
        Index("rounds_of_player", "player", "deck"),
        # with all that is counted, so that the rows need not be read
        Index(
            "rounds_of_fake",
            *("deck", "edition", "fake", "level", "step", "correct"),
            sqlite_where=text("answered_ms IS NOT NULL"),
            postgresql_where=text("answered_ms IS NOT NULL"),
        ),
        Index(
            "answers_of_deck",
            *("deck", "answered_ms", "correct", "discriminator_correct"),
            sqlite_where=text("answered_ms IS NOT NULL"),
            postgresql_where=text("answered_ms IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)  # never sent out
    token: Mapped[str] = mapped_column(String(43), unique=True)
    player: Mapped[str | None] = mapped_column(String(43))  # `digest` of the token; None: nobody's, over the API
    deck: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    step: Mapped[int] = mapped_column(BigInteger)  # of training, the fake's network
    edition: Mapped[str] = mapped_column(String(12))  # the exact weights and photographs, see quiz.decks.Faces
    fake: Mapped[int]  # index in the pool
    real: Mapped[int]  # index in the deck
    real_side: Mapped[str] = mapped_column(String(5))  # "left" or "right"
    secret: Mapped[str] = mapped_column(String(43))  # of the variation of both pictures
    created_ms: Mapped[int] = mapped_column(BigInteger)  # since 1970, server clock

    choice: Mapped[str | None] = mapped_column(String(5))  # "left" or "right", held to be real
    confidence: Mapped[int | None]  # percent, 50 to 100
    correct: Mapped[bool | None]
    streak: Mapped[int | None]  # correct answers in a row of this player at this deck and level, this one included
    left_logit: Mapped[float | None]  # the discriminator's, larger = more real
    right_logit: Mapped[float | None]
    discriminator_correct: Mapped[bool | None]
    answered_ms: Mapped[int | None] = mapped_column(BigInteger)


DEALT = ("token", "player", "deck", "level", "step", "edition", "fake", "real", "real_side", "created_ms")


class Player(Table):
    """A visitor who wants to stand on the leaderboard."""

    __tablename__ = "players"

    player: Mapped[str] = mapped_column(String(43), primary_key=True)  # `digest` of the secret token
    nickname: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80), unique=True)  # see quiz.nicknames.to_key


class ReadBack(Table):
    """A copy of the scores that was read back into this database."""

    __tablename__ = "read_back"

    source: Mapped[str] = mapped_column(String(200), primary_key=True)  # the name of the copy
    at_ms: Mapped[int] = mapped_column(BigInteger)
