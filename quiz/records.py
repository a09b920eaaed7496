"""What is told of the scores. Without SQLAlchemy, which the page loads only once it is served."""

from dataclasses import dataclass
from datetime import date

from quiz.statistics import Estimate

LEAST_ON_BOARD = 20  # answered rounds
LEAST_ON_WALL = 5  # visitors who saw a face


@dataclass(frozen=True)
class Score:
    """Counts over some rounds: the visitor's and the discriminator's."""

    rounds: int
    correct: int
    discriminator_correct: int
    unjudged: int = 0  # rounds with pictures of a network that came without a discriminator


@dataclass(frozen=True)
class Outcome:
    """What is known once an answer is on disk."""

    response: int  # ms from question to answer
    shown: int  # answered rounds with this fake, this one included
    fooled: int  # of these, answered wrongly
    score: Score | None  # of this player on this deck; None if the round is nobody's


@dataclass(frozen=True)
class FakeRecord:
    """How one generated face did."""

    deck: str
    level: int
    step: int
    edition: str
    fake: int
    shown: int  # answered rounds
    fooled: int  # of these, answered wrongly
    share: Estimate


@dataclass(frozen=True)
class Day:
    """The answers of one day (UTC)."""

    date: date
    score: Score


@dataclass(frozen=True)
class Place:
    """One line of the leaderboard."""

    nickname: str
    rounds: int
    correct: int
    best_streak: int  # at one level
    share: Estimate


def is_right(left_logit: float | None, right_logit: float | None, real_side: str) -> bool | None:
    """Whether a discriminator finds the photograph; None where there is none."""
    return None if left_logit is None or right_logit is None else (left_logit > right_logit) == (real_side == "left")
