"""What is asked of the tables of the game in more than one place."""

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    func,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from quiz.records import Score
from quiz.tables import Round


def select_open(player_digest: str, deck: str, level: int, edition: str) -> Select[tuple[Round]]:
    """The query for the round that a player has not answered yet."""
    return select(Round).where(*of_player(player_digest, deck, level, edition))


def of_player(player_digest: str, deck: str, level: int, edition: str) -> tuple[ColumnElement[bool], ...]:
    """What is true of that round."""
    return (
        Round.player == player_digest,
        Round.deck == deck,
        Round.level == level,
        Round.edition == edition,
        Round.answered_ms.is_(None),
    )


def last_answer(session: Session, player_digest: str | None) -> int:
    """When a player last answered, ms since 1970; 0 for never, and for nobody."""
    if player_digest is None:
        return 0
    return session.scalar(select(func.max(Round.answered_ms)).where(Round.player == player_digest)) or 0


def count_answers(session: Session, player_digest: str | None, deck: str | None) -> Score:
    """Counts of one player, or of everybody; on one deck, or on all."""
    judged = count_true(Round.discriminator_correct), func.count(Round.discriminator_correct)
    query = select(func.count(), count_true(Round.correct), *judged)
    query = query.where(Round.answered_ms.is_not(None))
    if player_digest:
        query = query.where(Round.player == player_digest)
    if deck:
        query = query.where(Round.deck == deck)
    return to_score(*session.execute(query).one())


def to_score(rounds: int, correct: int, discriminator_correct: int, judged: int) -> Score:
    """Counts as a database gives them."""
    return Score(rounds, int(correct), int(discriminator_correct), rounds - judged)


def count_fooled(session: Session, deck: str, edition: str, fake: int) -> tuple[int, int]:
    """See `Store.fooled`."""
    query = select(func.count(), count_true(Round.correct)).where(
        Round.deck == deck, Round.edition == edition, Round.fake == fake, Round.answered_ms.is_not(None)
    )
    shown, correct = session.execute(query).one()
    return shown, shown - int(correct)


def count_true(column: InstrumentedAttribute[bool | None]) -> ColumnElement[int]:
    """How many rows are true, also where the database has no numbers for truth."""
    return func.coalesce(func.sum(case((column.is_(True), 1), else_=0)), 0)
