"""What the tab "Which face is real?" shows, as plain values: pairs, verdicts, standings, permalink, Python lines."""

import functools
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from models.errors import InvalidInput, LatentLabError
from models.gan import check_whole
from quiz import rounds
from quiz.collection import Credit
from quiz.decks import DECKS, RETIRED, is_hosted, open_deck, open_folder
from quiz.records import Score
from quiz.rounds import Verdict
from quiz.statistics import Estimate, accuracy, brier, calibration, fooled_from, moving_accuracy, sensitivity, streaks
from quiz.tokens import check_player
from quiz.view import to_address
from server import health
from server.fields import whole
from server.guard import Values, log
from serving.lock import drawing_lock

if TYPE_CHECKING:
    from quiz.scores import Store

MOST_LEVELS = 99  # more than any deck has
ADAPTIVE = "adaptive"
LEAST_FOR_FIGURES = 20  # answers, before d' and calibration are shown
CURVE_WINDOW = 20  # answers, of the running accuracy
LEAST_IN_CURVE = 5  # answers, before its first point
LONGEST_CURVE = 300  # points
FETCHING = 600.0  # seconds that the start of the page waits for the Hub, while visitors play


@dataclass(frozen=True)
class Game:
    """What a visitor chose to play."""

    deck: str = next(iter(DECKS))
    level: int | None = None  # from 1; None for the level that follows the visitor

    @property
    def level_name(self) -> str:
        """The level in a permalink."""
        return ADAPTIVE if self.level is None else str(self.level)


opening = threading.Lock()


def store() -> "Store":
    """The scores, opened at the first use. Raises LatentLabError."""
    with opening:  # visitors who come at once share one opening
        return opened()


@functools.cache
def opened() -> "Store":
    """As `store`, which calls it."""
    from quiz.backup import open_scores  # brings SQLAlchemy, which no first picture needs

    return open_scores()


def open_early() -> None:
    """Opens the scores before the first visitor comes. Where that fails, the page opens all the same, to try later."""
    try:
        store()
    except LatentLabError as error:
        log.error("%s", error)


def open_hosts_deck() -> None:
    """Opens the host's own deck, if there is one: so a wrong setting is said at the start, and a slow network begins to
    draw before the first visitor comes."""
    if not is_hosted():
        return
    try:
        deck = open_folder(patience=FETCHING)
    except LatentLabError as error:
        log.warning("The deck of your own photographs: %s", error)
    else:
        log.warning("The deck of your own photographs can be played: %d of them.", deck.reals.count)


def send_early() -> None:
    """Has sent to the backup what it lacks, if the scores are open: the process was told to stop. Does not wait."""
    if opened.cache_info().currsize:
        for send in store().before_end:
            send()


def player_of(fields: Mapping[str, object]) -> str:
    """The player's token among the fields of a request. Raises InvalidInput."""
    player = str(fields.get("player", ""))
    check_player(player)
    return player


# --- permalink and code ------------------------------------------------------------------------------------------


def to_query(game: Game) -> str:
    """The game as the query of a permalink, without the question mark; the inverse of `from_fields`."""
    return urlencode({"tab": "quiz", "deck": game.deck, "level": game.level_name})


def from_fields(fields: Mapping[str, object]) -> Game:
    """The game of a permalink or of a script; what it does not say stands at its default.

    Raises:
        InvalidInput: no such deck, or a level that no deck has.
    """
    deck, level = fields.get("deck") or Game.deck, fields.get("level") or ADAPTIVE
    if deck in RETIRED:
        raise InvalidInput("The deck of press photographs is no longer here; portraits in colour took its place.")
    if not isinstance(deck, str) or deck not in DECKS:
        raise InvalidInput(f"There is no deck {str(deck)[:40]!r}; choose one of {', '.join(DECKS)}.")
    if level == ADAPTIVE:
        return Game(deck)
    number = whole(level, "level")
    check_whole(number, "level", 1, MOST_LEVELS)  # so that what is kept for each of them stays bounded
    return Game(deck, number)


def to_python(game: Game) -> str:
    """The Python lines that play one round."""
    return (
        "from quiz.rounds import answer, new_round\nfrom quiz.scores import Store\n\nstore = Store()\n"
        f'question = new_round(store, "{game.deck}", level={game.level or 1})  # left, right: (256, 256, C)\n'
        'verdict = answer(store, question.token, "left", confidence=70)'
    )


# --- a pair and its verdict --------------------------------------------------------------------------------------


def new_pair(game: Game, player: str) -> Values:
    """A pair to judge. Nothing in it depends on which face is real.

    Raises:
        InvalidInput, NetworkUnavailable, UnusableData, LatentLabError: see `quiz.rounds.new_round`.
    """
    question = rounds.new_round(store(), game.deck, game.level, player, lock=drawing_lock)
    health.figures.rounds.inc()
    deck = open_deck(game.deck)
    return {
        "round": question.token,
        "left": to_address(question.left),
        "right": to_address(question.right),
        "level": f"Level {question.level} of {deck.levels}",
        "side": deck.view.side,
        "oval": deck.view.bands is not None,
    }


def judge(token: str, choice: str, confidence: int | None) -> Verdict:
    """The verdict; one at a time, since torch uses all its threads for each. See `quiz.rounds.answer`."""
    return rounds.answer(store(), token, choice, confidence, lock=drawing_lock)


def describe_verdict(verdict: Verdict) -> Values:
    """A verdict in words."""
    real, fake = (verdict.real_side, "right" if verdict.real_side == "left" else "left")
    headline = "Real. The other one was generated." if verdict.correct else "Generated. The other one is real."
    return {
        "correct": verdict.correct,
        "real": real,
        "choice": real if verdict.correct else fake,
        "word": "Right" if verdict.correct else "Wrong",
        "headline": headline,
        "real_name": DECKS[verdict.deck].real.capitalize(),
        "tell": verdict.tell,
        "spot": verdict.spot,
        "credit": describe_credit(verdict.credit),
        "origin": describe_origin(verdict, fake),
        "crowd": describe_crowd(verdict.shown, verdict.fooled, DECKS[verdict.deck].subject),
        "discriminator": describe_opponent(verdict.correct, verdict.discriminator_correct),
        "probabilities": describe_opinion(verdict.left_is_real),
    }


def describe_opinion(left_is_real: float | None) -> dict[str, str] | None:
    """What the discriminator says of either picture; None where there is none."""
    if left_is_real is None:
        return None
    return {"left": bounded(left_is_real), "right": bounded(1 - left_is_real)}


def describe_origin(verdict: Verdict, fake: str) -> str:
    """When in the training the generated picture, on the "left" or "right", was drawn."""
    subject = DECKS[verdict.deck].subject
    if not verdict.step:
        return (
            f"The {subject} on the {fake} was drawn by the finished network"
            f" (level {verdict.level} of {verdict.levels})."
        )
    return (
        f"The {subject} on the {fake} was drawn after {verdict.step:,} steps of training"
        f" (level {verdict.level} of {verdict.levels})."
    )


def describe_credit(credit: Credit | None) -> dict[str, str] | None:
    """Whose photograph it was: "author", "licence" and "url", the page on the person; None if only the host knows."""
    if credit is None:
        return None
    return {"author": credit.author, "licence": credit.licence.partition(" (")[0], "url": credit.url}


def describe_crowd(shown: int, fooled: int, subject: str = "face") -> str:
    """How a generated face did with everybody, the latest answer included."""
    if shown == 1:
        return f"You are the first to judge this generated {subject}."
    return f"{fooled} of {shown} answers took this generated {subject} for real."


def describe_opponent(correct: bool, discriminator_correct: bool | None) -> str:
    """How the discriminator did on the same pair; empty where there is none."""
    if discriminator_correct is None:
        return ""
    too = ", too" if correct == discriminator_correct else ""
    return f"The discriminator was right{too}." if discriminator_correct else f"The discriminator fell for it{too}."


# --- how a visitor did -------------------------------------------------------------------------------------------


def standing(player: str, deck: str) -> Values | None:
    """A player's figures on a deck, beside the discriminator's on the same rounds if it played all of them; None before
    the first answer."""
    score = store().score(player, deck)
    if not score.rounds:
        return None
    history = store().history(player, deck)
    right = [bool(row.correct) for row in history]
    streak, best = streaks(right)
    said = [(row.confidence, bool(row.correct)) for row in history if row.confidence is not None]
    return {
        "rounds": score.rounds,
        "you": f"{score.correct} of {score.rounds}",
        "you_share": with_interval(accuracy(score.correct, score.rounds)),
        **({} if score.unjudged else describe_rival(score)),
        "streak": f"Streak {streak}, best {best}",
        "wait": describe_wait(LEAST_FOR_FIGURES - score.rounds),
        "figures": figures([(row.step, bool(row.correct)) for row in history], said)
        if score.rounds >= LEAST_FOR_FIGURES
        else [],
        "calibration": calibration_points(said) if len(said) >= LEAST_FOR_FIGURES else [],
        "curve": moving_accuracy(right, CURVE_WINDOW)[LEAST_IN_CURVE - 1 :][-LONGEST_CURVE:],
    }


def describe_rival(score: Score) -> Values:
    """The discriminator's score, and who is ahead."""
    return {
        "discriminator": f"{score.discriminator_correct} of {score.rounds}",
        "discriminator_share": with_interval(accuracy(score.discriminator_correct, score.rounds)),
        "ahead": describe_lead(score.correct - score.discriminator_correct),
    }


def figures(answers: list[tuple[int, bool]], said: list[tuple[int, bool]]) -> list[Values]:
    """Names, values and meanings of what enough answers say.

    Args:
        answers: training step and correctness, oldest first.
        said: confidence in percent and correctness, where a confidence was said.
    """
    d = sensitivity(sum(right for _, right in answers), len(answers))
    step = fooled_from(answers)
    ladder = any(at for at, _ in answers)  # published networks have no steps
    missing = LEAST_FOR_FIGURES - len(said)
    lines = [
        (
            "Sensitivity d′",
            f"{d.value:.1f} ({d_range(d)})".replace("-", "−"),
            "0 is guessing, 1 is 76 % correct, 2 is 92 %",
        ),
        ("It fooled you", "not yet", "you tell what it draws from what is real")
        if step is None
        else ("It fooled you", f"from step {step:,} on", "from there on, your answers look like guesses"),
        ("Calibration (Brier score)", f"{brier(*zip(*said, strict=True)):.2f}", "0 is perfect, 0.25 is always 50 %")
        if missing <= 0
        else ("Calibration", "not yet", f"say how sure you are in {in_words(missing, 'round')} more"),
    ]
    return [
        {"name": name, "value": value, "meaning": meaning}
        for number, (name, value, meaning) in enumerate(lines)
        if ladder or number != 1
    ]


def d_range(d: Estimate) -> str:
    """The 95 % interval of d′, which is open after a score without fault, or without success."""
    if math.isinf(d.high):
        return f"{d.low:.1f} or more"
    return f"{d.high:.1f} or less" if math.isinf(d.low) else f"{d.low:.1f} to {d.high:.1f}"


def calibration_points(said: list[tuple[int, bool]]) -> list[Values]:
    """What was said against what came true, in percent, with its interval."""
    bins = calibration([confidence for confidence, _ in said], [right for _, right in said])
    return [
        {"said": 100 * b.confidence, "true": 100 * b.accuracy.value, "low": 100 * b.accuracy.low,
         "high": 100 * b.accuracy.high, "rounds": b.rounds}
        for b in bins
    ]  # fmt: skip


def describe_lead(lead: int) -> str:
    """Who is ahead, and by how many answers."""
    if lead == 0:
        return "You and the discriminator are level."
    return f"You are ahead by {lead}." if lead > 0 else f"The discriminator is ahead by {-lead}."


def describe_wait(missing: int) -> str:
    """When more figures will be shown; empty if they are."""
    return f"Sensitivity d′ and calibration follow after {in_words(missing, 'round')} more." if missing > 0 else ""


def in_words(count: int, thing: str) -> str:
    """A number of things: 1 round, 2 rounds."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def percent(share: float) -> str:
    """0 to 1 as whole percent."""
    return f"{100 * share:.0f} %"


def bounded(probability: float) -> str:
    """A probability as whole percent that never claims certainty."""
    if probability > 0.995:
        return "over 99 %"
    return "under 1 %" if probability < 0.005 else percent(probability)


def with_interval(share: Estimate) -> str:
    """A share with its 95 % interval: 70 % (40 to 89 %)."""
    return f"{percent(share.value)} ({100 * share.low:.0f} to {percent(share.high)})"
