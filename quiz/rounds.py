"""A round of the game: two pictures, one of them a photograph; then the verdict."""

import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import InvalidInput
from models.gan import check_whole
from models.pixels import Pictures
from quiz.collection import Credit
from quiz.decks import Deck, open_deck
from quiz.records import FakeRecord, Score, is_right
from quiz.statistics import next_level
from quiz.tells import UNJUDGED, Region, Tell, find_tell
from quiz.tokens import check_player, digest, new_token
from quiz.view import PLAIN, draw_variation, reduce, show

if TYPE_CHECKING:  # SQLAlchemy is loaded once the page is served
    from quiz import tables
    from quiz.scores import Store

SIDES = ("left", "right")
STAIRCASE_MEMORY = 60  # latest answers that the staircase considers
REST = 40  # rounds before a picture may come again to the same player; at most half of a small deck
NO_LOCK = nullcontext()


@dataclass(frozen=True, eq=False)
class Round:
    """What a visitor gets to see of a round."""

    token: str  # names the round when it is answered
    deck: str
    level: int
    left: Pictures  # uint8 (256, 256, C)
    right: Pictures  # uint8 (256, 256, C)


@dataclass(frozen=True)
class Verdict:
    """What a visitor learns after the answer."""

    correct: bool
    real_side: str  # "left" or "right"
    deck: str
    level: int
    levels: int
    step: int  # the training step at which the fake was drawn
    left_logit: float | None  # the discriminator's, larger = more real; these four are None where there is none
    right_logit: float | None
    left_is_real: float | None  # 0 to 1, the discriminator's probability: σ(left_logit - right_logit)
    discriminator_correct: bool | None
    tell: str  # one sentence on this pair
    spot: Region | None  # in the generated picture, what the sentence names; None if it names none
    credit: Credit | None  # of the photograph; None where only the host knows
    shown: int  # answered rounds with this fake, this one included
    fooled: int  # of these, answered wrongly
    score: Score | None  # this player's on this deck, and the discriminator's over the same rounds; None without player
    response: float  # seconds from question to answer, server clock


def new_round(
    store: "Store",
    deck_name: str,
    level: int | None = None,
    player: str | None = None,
    *,
    lock: AbstractContextManager[object] = NO_LOCK,
) -> Round:
    """A pair of pictures to judge.

    A player has at most one open round at each level of a deck: asking again brings the same pair, even after a look at
    other levels, so that nobody can shop for an easy one. Without a player, every call brings a new pair, whose
    answer counts only for the crowd.

    Args:
        store: of the scores.
        deck_name: of the table in quiz.decks.
        level: 1 (first snapshot of the training) to the deck's last; None for the staircase, which follows the player.
        player: the secret token of a player, from `quiz.tokens.new_token`; None to play without.
        lock: held while the pictures are drawn, but not while the database is read or written.

    Raises:
        InvalidInput: no such deck or level, or not a player's token.
        UnusableData, NetworkUnavailable: the deck cannot be played here; the message says what the host does.
        LatentLabError: the scores cannot be reached.
    """
    from quiz import scores, tables

    if player is not None:
        check_player(player)
    deck = open_deck(deck_name)
    if level is None:
        level = staircase_level(store, deck, player)
    else:
        check_whole(level, "level", 1, deck.levels)
        level = int(level)
    edition = deck.fakes(level).edition
    row = store.open_round(player, deck.name, level, edition) if player else None
    if row is None:
        real, fake = choose_pair(store, deck, level, player)
        row = store.add_round(
            tables.Round(
                token=new_token(),
                player=digest(player) if player else None,
                deck=deck.name,
                level=level,
                step=deck.step(level),
                edition=edition,
                fake=fake,
                real=real,
                real_side=secrets.choice(SIDES),
                secret=new_token(),
                created_ms=scores.now(),
            )
        )
    with lock:
        left, right = draw_pair(deck, row)
    return Round(row.token, deck.name, level, left, right)


def answer(
    store: "Store",
    token: str,
    choice: str,
    confidence: int | None = None,
    *,
    lock: AbstractContextManager[object] = NO_LOCK,
) -> Verdict:
    """Records the only answer to a round, and gives the verdict.

    Args:
        store: of the scores.
        token: of the round.
        choice: the picture held to be the photograph, "left" or "right".
        confidence: percent from 50 (guessed) to 100 (certain); None if not said.
        lock: held while the discriminator judges, but not while the database is read or written.

    Raises:
        InvalidInput: a round that is forged, too old or answered before; another choice or confidence.
        NetworkUnavailable, UnusableData: the deck cannot be played any more.
        LatentLabError: the scores cannot be reached; nothing was counted.
    """
    if choice not in SIDES:
        raise InvalidInput(f"The choice is {str(choice)[:40]!r}; it has to be left or right.")
    if confidence is not None:
        check_whole(confidence, "confidence", 50, 100)
        confidence = int(confidence)
    row = store.find_round(token)
    deck = open_deck(row.deck)
    if row.level > deck.levels or deck.fakes(row.level).edition != row.edition:
        raise InvalidInput("The pictures of this round were replaced since; ask for a new round.")

    opinion = Opinion(None, None, UNJUDGED)
    if deck.rival:
        with lock:
            opinion = judge_pair(deck, row)
    left_logit, right_logit = opinion.left, opinion.right

    kept = store.record_answer(
        row, choice=choice, confidence=confidence, left_logit=left_logit, right_logit=right_logit
    )
    return Verdict(
        correct=choice == row.real_side,
        real_side=row.real_side,
        deck=row.deck,
        level=row.level,
        levels=deck.levels,
        step=row.step,
        left_logit=left_logit,
        right_logit=right_logit,
        left_is_real=opinion.left_is_real,
        discriminator_correct=is_right(left_logit, right_logit, row.real_side),
        tell=opinion.tell.sentence,
        spot=opinion.tell.spot,
        credit=deck.credits[row.real] if deck.credits else None,
        shown=kept.shown,
        fooled=kept.fooled,
        score=kept.score,
        response=kept.response / 1000,
    )


@dataclass(frozen=True)
class Opinion:
    """What a discriminator says of a pair."""

    left: float | None  # logits, larger = more real; None where there is no discriminator
    right: float | None
    tell: Tell

    @property
    def left_is_real(self) -> float | None:
        """0 to 1, the probability that the left picture is the real one."""
        if self.left is None or self.right is None:
            return None
        return float(1 / (1 + np.exp(np.clip(self.right - self.left, -60, 60))))


def judge_pair(deck: Deck, row: "tables.Round") -> Opinion:
    """The discriminator's opinion of a round's pictures."""
    side, judge = deck.opponent()
    seen = [reduce(picture, side) for picture in draw_pair(deck, row)]
    left, right = (float(logit) for logit in judge(np.stack(seen)))
    real, fake = seen if row.real_side == "left" else reversed(seen)
    return Opinion(left, right, find_tell(judge, real, fake, deck.network))


def picture_of(record: FakeRecord) -> Pictures | None:
    """A face for the wall of the most convincing ones, uint8 (256, 256, C); None if its network was replaced since."""
    deck = open_deck(record.deck)
    if record.level > deck.levels or deck.fakes(record.level).edition != record.edition:
        return None
    return show(deck.fakes(record.level).picture(record.fake), PLAIN, deck.view)


def staircase_level(store: "Store", deck: Deck, player: str | None) -> int:
    """The level that follows from a player's latest answers. Raises InvalidInput without a player."""
    if player is None:
        raise InvalidInput(f"Without a player there is no staircase; choose a level from 1 to {deck.levels}.")
    latest = store.history(player, deck.name, count=STAIRCASE_MEMORY)
    return next_level([(row.level, bool(row.correct)) for row in latest], deck.levels)


def choose_pair(store: "Store", deck: Deck, level: int, player: str | None) -> tuple[int, int]:
    """Which photograph meets which fake.

    A player gets one of the photographs they have seen least often, and a fake they have seen as often as that one, or
    as nearly as possible; neither comes again within the next REST rounds. So to have seen a picture before, or a
    moment ago, says nothing about whether it is real. One gap remains: all levels share the photographs and each has
    its own fakes, so at a level that is new to a player the first few fakes are new while the photographs are not.
    While a slow network still draws, as many photographs take part as there are fakes, for the same reason.
    """
    drawn = deck.fakes(level)
    edition, count = drawn.edition, drawn.ready()
    if player is None:
        return secrets.randbelow(count), secrets.randbelow(count)
    reals, fakes = store.times_seen(player, deck.name, edition)
    late_reals, late_fakes = store.seen_lately(player, deck.name, edition, min(REST, count // 2))
    rested = [index for index in range(count) if index not in late_reals]  # never empty
    least = min(reals.get(index, 0) for index in rested)
    real = secrets.choice([index for index in rested if reals.get(index, 0) == least])
    fresh = [index for index in range(count) if index not in late_fakes]
    return real, secrets.choice(nearest(fresh, fakes, least))


def nearest(indices: Iterable[int], times: dict[int, int], wanted: int) -> list[int]:
    """The indices whose number of times comes nearest to the wanted one."""
    distances = {index: abs(times.get(index, 0) - wanted) for index in indices}
    smallest = min(distances.values())
    return [index for index, distance in distances.items() if distance == smallest]


def draw_pair(deck: Deck, row: "tables.Round") -> tuple[Pictures, Pictures]:
    """The left and the right picture of a round, the same at every call."""
    real, fake = deck.reals.picture(row.real), deck.fakes(row.level).picture(row.fake)
    left, right = (real, fake) if row.real_side == "left" else (fake, real)
    return (
        show(left, draw_variation(row.secret, "left"), deck.view),
        show(right, draw_variation(row.secret, "right"), deck.view),
    )
