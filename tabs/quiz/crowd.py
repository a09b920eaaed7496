"""Below the game: how everybody did. The most convincing fakes, accuracy over time, and the leaderboard."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from media.images import data_uri, webp
from page import stage
from quiz.records import LEAST_ON_BOARD, LEAST_ON_WALL, FakeRecord, Score
from quiz.rounds import picture_of
from quiz.statistics import accuracy
from server.guard import Values, read_fields, sentence
from tabs.quiz.game import (
    Game,
    from_fields,
    in_words,
    player_of,
    store,
    with_interval,
)

KEPT_FOR = 10.0  # seconds for which everybody gets the same answer
STALE_FOR = 60.0  # seconds for which they get the last one while the next is being counted


def build() -> None:
    """The section."""
    stage.component("tabs/quiz/crowd", functions=[look_around, join, forget], elem_id="crowd")


# --- for the script ----------------------------------------------------------------------------------------------


def look_around(request: Values) -> Values:
    """How everybody did on a deck, for the section's script.

    Args:
        request: "deck" and "level" of the game, and "player", the visitor's own token.

    Returns:
        "wall", "days", "board", "nickname" and sentences, or "notice", a sentence.
    """
    try:
        fields = read_fields(request)
        game, player = from_fields(fields), player_of(fields)
        return {
            **recent.get((store(), "deck", game.deck, None), lambda: of_deck(game)),
            "wall_rule": f"Generated faces of this deck that at least {LEAST_ON_WALL} answers judged, "
            "by how often they were taken for real.",
            "board": recent.get((store(), "board", game.deck, game.level), lambda: board(game)),
            "board_rule": board_rule(game),
            "nickname": store().nickname(player),
        }
    except Exception as error:
        return {"notice": sentence(error)}


def join(request: Values) -> Values:
    """Puts the visitor on the leaderboard, for the section's script.

    Args:
        request: "player" and "nickname", and "deck" and "level" of the game.

    Returns:
        what `look_around` returns, or "notice", a sentence.
    """
    try:
        fields = read_fields(request)
        store().set_nickname(player_of(fields), fields.get("nickname", ""))
        recent.drop("board")
    except Exception as error:
        return {"notice": sentence(error)}
    return look_around(request)


def forget(request: Values) -> Values:
    """Takes the visitor off the leaderboard and off their answers, for the section's script; see `look_around`."""
    try:
        store().forget(player_of(read_fields(request)))
        recent.drop("board")
    except Exception as error:
        return {"notice": sentence(error)}
    return {"forgotten": True}


# --- what is the same for all ------------------------------------------------------------------------------------

Key = tuple[object, str, str, int | None]  # whose scores, what of them, of which deck and level


@dataclass(frozen=True)
class Counted:
    """An answer, and when it was counted."""

    at: float  # s, monotonic
    answer: Any


class Recent:
    """Answers that go through the whole table: counted once in a while, one at a time, however many ask."""

    def __init__(self) -> None:
        self.counted: dict[Key, Counted] = {}
        self.counting = threading.Lock()

    def find(self, key: Key, age: float) -> Counted | None:
        """The answer, if it is no older than so many seconds."""
        known = self.counted.get(key)
        return known if known and time.monotonic() - known.at < age else None

    def get(self, key: Key, count: Callable[[], Any]) -> Any:
        """The answer, counted if it is older than KEPT_FOR. Nobody waits while another counts, if there is an old one.

        Raises whatever `count` does.
        """
        if known := self.find(key, KEPT_FOR):
            return known.answer
        if self.counting.locked() and (known := self.find(key, STALE_FOR)):
            return known.answer
        with self.counting:
            if known := self.find(key, KEPT_FOR):  # counted while this one waited
                return known.answer
            answer = count()
            others = {other: known for other in self.counted if (known := self.find(other, STALE_FOR))}
            self.counted = {**others, key: Counted(time.monotonic(), answer)}
            return answer

    def drop(self, what: str) -> None:
        """Lets go of all answers of one kind."""
        with self.counting:
            self.counted = {key: known for key, known in self.counted.items() if key[1] != what}


recent = Recent()


# --- what it shows -----------------------------------------------------------------------------------------------


def of_deck(game: Game) -> Values:
    """What there is to see of a deck beside the leaderboard."""
    score = store().score(deck=game.deck)
    return {
        "total": describe_total(score),
        "wall": wall(game),
        "days": days(game),
    }


def describe_total(score: Score) -> str:
    """Everybody's score in one sentence, and the discriminator's if it played all these rounds."""
    if not score.rounds:
        return "Nobody has played this deck yet."
    answers, right = in_words(score.rounds, "answer"), with_interval(accuracy(score.correct, score.rounds))
    if score.unjudged:
        return f"{answers} so far: visitors were right in {right}."
    rival = with_interval(accuracy(score.discriminator_correct, score.rounds))
    return f"{answers} so far: visitors were right in {right}, the discriminator in {rival}."


def wall(game: Game) -> list[Values]:
    """The most convincing fakes, with pictures."""
    shown = ((record, picture_of(record)) for record in store().most_convincing(game.deck))
    return [
        {
            "picture": data_uri(webp(picture), "webp"),
            "title": f"Fooled {record.fooled} of {record.shown}",
            "detail": describe_record(record),
        }
        for record, picture in shown
        if picture is not None
    ]


def describe_record(record: FakeRecord) -> str:
    """Where a face comes from."""
    share = with_interval(record.share)
    return f"{share}, step {record.step:,}" if record.step else f"{share}, finished network"


def days(game: Game) -> list[Values]:
    """Accuracy in percent of each day that had answers, oldest first."""
    return [
        {
            "date": day.date.isoformat(),
            "rounds": day.score.rounds,
            "visitors": 100 * day.score.correct / day.score.rounds,
            "discriminator": None if day.score.unjudged else 100 * day.score.discriminator_correct / day.score.rounds,
        }
        for day in store().by_day(game.deck)
    ]


def board(game: Game) -> list[Values]:
    """The lines of the leaderboard."""
    return [
        {
            "nickname": place.nickname,
            "share": with_interval(place.share),
            "rounds": place.rounds,
            "streak": place.best_streak,
        }
        for place in store().leaderboard(game.deck, game.level)
    ]


def board_rule(game: Game) -> str:
    """Who stands on the leaderboard."""
    levels = "over all levels" if game.level is None else f"at level {game.level}"
    return (
        f"At least {LEAST_ON_BOARD} answers on this deck {levels}; "
        f"first is whose accuracy is surest to be high (lower end of its 95 % interval)."
    )
