"""Rules that would win the game without looking at the faces, and whether they beat chance.

They work on rounds from any source: from `quiz.rounds`, over HTTP, or read off the page.
"""

import base64
import hashlib
import itertools
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from scipy.stats import binomtest

CERTAINTY = 0.99
Guess = str | None  # "left", "right", or nothing to go by


@dataclass(frozen=True)
class Seen:
    """What a visitor gets of one round, and the answer that comes later."""

    token: str
    left: bytes  # the file of the left picture
    right: bytes
    seconds: float  # from question to pictures
    rest: str  # everything else that came along: names, addresses, headers
    real_side: str  # told after the answer: a rule may use it for later rounds only


def side(left: bool) -> str:
    return "left" if left else "right"


def larger(left: float, right: float) -> Guess:
    return None if left == right else side(left > right)


def each(guess: Callable[[Seen], Guess]) -> Callable[[Sequence[Seen]], list[Guess]]:
    """A rule that looks at one round at a time."""
    return lambda rounds: [guess(seen) for seen in rounds]


def learned(trait: Callable[[Seen, str], object]) -> Callable[[Sequence[Seen]], list[Guess]]:
    """A rule that remembers which traits real pictures had, and takes the picture whose trait was more often real."""

    def guess_all(rounds: Sequence[Seen]) -> list[Guess]:
        realness: Counter[object] = Counter()
        guesses = []
        for seen in rounds:
            traits = {name: trait(seen, name) for name in ("left", "right")}
            guesses.append(larger(realness[traits["left"]], realness[traits["right"]]))
            for name in ("left", "right"):
                realness[traits[name]] += 1 if name == seen.real_side else -1
        return guesses

    return guess_all


def file_of(seen: Seen, name: str) -> bytes:
    return seen.left if name == "left" else seen.right


def header(file: bytes) -> bytes:
    """Everything before the pixels."""
    return file[: file.find(b"IDAT")]


def address_that_sorts_first(seen: Seen) -> Guess:
    """Of the files as addresses in base64. Their beginnings decide, unless these are the same."""
    for length in (96, None):  # a multiple of 3 bytes has letters of its own
        left, right = (base64.b64encode(file[:length]) for file in (seen.left, seen.right))
        if left != right:
            break
    return side(left < right)


def after_the_last(rounds: Sequence[Seen]) -> list[Guess]:
    """The side that was right the round before."""
    return [None, *(seen.real_side for seen in rounds[:-1])]


def what_followed_two(rounds: Sequence[Seen]) -> list[Guess]:
    """The side that came more often after the same two answers."""
    followed: Counter[tuple[str, str, str]] = Counter()
    guesses: list[Guess] = [None, None]
    for first, second, third in zip(rounds, rounds[1:], rounds[2:], strict=False):
        before = first.real_side, second.real_side
        guesses.append(larger(followed[(*before, "left")], followed[(*before, "right")]))
        followed[(*before, third.real_side)] += 1
    return guesses


def slower(rounds: Sequence[Seen]) -> list[Guess]:
    """Left where the question took longer than usual."""
    usual = median(seen.seconds for seen in rounds)
    return [larger(seen.seconds, usual) for seen in rounds]


def order_of_tokens(rounds: Sequence[Seen]) -> list[Guess]:
    """Left where the token sorts before the last one."""
    return [None, *(side(now.token < last.token) for last, now in itertools.pairwise(rounds))]


def token_as_key(seen: Seen) -> Guess:
    return side(hashlib.sha256(seen.token.encode()).digest()[0] % 2 == 0)


def majority_by(key: Callable[[Seen], object]) -> Callable[[Sequence[Seen]], list[Guess]]:
    """The side that was real more often in rounds with the same key."""

    def guess_all(rounds: Sequence[Seen]) -> list[Guess]:
        left: Counter[object] = Counter()
        guesses = []
        for seen in rounds:
            guesses.append(larger(left[key(seen)], 0))
            left[key(seen)] += 1 if seen.real_side == "left" else -1
        return guesses

    return guess_all


RULES: dict[str, Callable[[Sequence[Seen]], list[Guess]]] = {
    "always left": each(lambda seen: "left"),
    "the longer file": each(lambda seen: larger(len(seen.left), len(seen.right))),
    "a length seen before": learned(lambda seen, name: len(file_of(seen, name))),
    "bytes seen before": learned(lambda seen, name: hashlib.sha256(file_of(seen, name)).digest()),
    "a header seen before": learned(lambda seen, name: header(file_of(seen, name))),
    "an end seen before": learned(lambda seen, name: file_of(seen, name)[-12:]),
    "the larger checksum": each(lambda seen: larger(zlib.crc32(seen.left), zlib.crc32(seen.right))),
    "the address that sorts first": each(address_that_sorts_first),
    "the side of the round before": after_the_last,
    "what followed the last two": what_followed_two,
    "odd and even rounds": lambda rounds: [side(number % 2 == 0) for number in range(len(rounds))],
    "the slower question": slower,
    "the order of tokens": order_of_tokens,
    "a hash of the token": each(token_as_key),
    "the first letter of the token": majority_by(lambda seen: seen.token[:1]),
    "the last letter of the token": majority_by(lambda seen: seen.token[-1:]),
    "the length of the token": majority_by(lambda seen: len(seen.token)),
    "whatever else came along": majority_by(lambda seen: seen.rest),
    "the length of what else came along": majority_by(lambda seen: len(seen.rest)),
}


def winning_rules(rounds: Sequence[Seen]) -> dict[str, str]:
    """The rules that are right, or wrong, more often than chance allows: name → figures.

    Two-sided binomial test of the rounds in which a rule has something to go by. The certainty of 99 % is for all the
    rules together (Bonferroni), so that one of the many does not win by luck.
    """
    winners = {}
    for name, rule in RULES.items():
        guesses = rule(rounds)
        assert len(guesses) == len(rounds)
        made = [guess == seen.real_side for guess, seen in zip(guesses, rounds, strict=True) if guess is not None]
        if made and binomtest(sum(made), len(made), 0.5).pvalue < (1 - CERTAINTY) / len(RULES):
            winners[name] = f"{sum(made)} of {len(made)}"
    return winners
