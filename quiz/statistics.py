"""What the answers say: pure functions of lists of answers."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from models.errors import InvalidInput

NORMAL = NormalDist()
Z_95 = NORMAL.inv_cdf(0.975)
CONFIDENCE_BINS = (50, 60, 70, 80, 90, 100)  # percent, edges
CORRECT_TO_CLIMB = 3
LEAST_TO_FOOL = 20  # answers, before "it fooled you" is said


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def accuracy(correct: int, rounds: int) -> Estimate:
    """Share of correct answers with Wilson's interval (Wilson 1927; Brown, Cai, DasGupta 2001, equation 4).

    Args:
        correct: 0 to rounds.
        rounds: at least 1.

    Returns:
        value, low and high from 0 to 1.
    """
    check_counts(correct, rounds)
    share = correct / rounds
    shrink = 1 + Z_95**2 / rounds
    centre = (share + Z_95**2 / (2 * rounds)) / shrink
    half = Z_95 * math.sqrt(share * (1 - share) / rounds + Z_95**2 / (4 * rounds**2)) / shrink
    low = centre - half if correct else 0.0  # exact at the ends, where rounding would leave 1e-17
    high = centre + half if correct < rounds else 1.0
    return Estimate(share, low, high)


def sensitivity(correct: int, rounds: int) -> Estimate:
    """d′ of a choice between two pictures: √2 Φ⁻¹(share correct) (Macmillan and Creelman 2005, equation 7.2).

    0 is guessing, 1 is 76 % correct, 2 is 92 %. Half an answer is added to the right ones and to the wrong ones (Hautus
    1995), so that a perfect score stays finite; the interval is Wilson's, brought through the same formula, and open
    (infinite) towards the top after a perfect score.
    """
    share = accuracy(correct, rounds)
    corrected = (correct + 0.5) / (rounds + 1)
    return Estimate(to_sensitivity(corrected), to_sensitivity(share.low), to_sensitivity(share.high))


def to_sensitivity(share: float) -> float:
    """√2 Φ⁻¹(share), infinite at 0 and 1."""
    if not 0 < share < 1:
        return math.copysign(math.inf, share - 0.5)
    return math.sqrt(2) * NORMAL.inv_cdf(share)


def streaks(correct: Sequence[bool]) -> tuple[int, int]:
    """The current and the longest run of correct answers; oldest answer first."""
    current = longest = 0
    for right in correct:
        current = current + 1 if right else 0
        longest = max(longest, current)
    return current, longest


def moving_accuracy(correct: Sequence[bool], window: int = 20) -> list[float]:
    """After each answer, the share of correct ones among the last `window` (fewer at the start); oldest first."""
    return [
        sum(correct[max(0, end - window) : end]) / min(window, end)  # 0 to 1
        for end in range(1, len(correct) + 1)
    ]


@dataclass(frozen=True)
class ConfidenceBin:
    """Answers that were given with similar confidence."""

    low: int  # percent, included
    high: int  # percent, excluded except 100
    rounds: int
    confidence: float  # mean of what was said, 0 to 1
    accuracy: Estimate  # what came true


def calibration(confidences: Sequence[int], correct: Sequence[bool]) -> list[ConfidenceBin]:
    """How often answers of a given confidence came true; bins without answers are left out.

    Args:
        confidences: percent, 50 (guessed) to 100 (certain).
        correct: as many, was the answer right.
    """
    check_same_length(confidences, correct)
    bins = []
    for low, high in itertools.pairwise(CONFIDENCE_BINS):
        inside = [i for i, said in enumerate(confidences) if low <= said < high or said == high == 100]
        if inside:
            said = sum(confidences[i] for i in inside) / len(inside) / 100
            came_true = accuracy(sum(correct[i] for i in inside), len(inside))
            bins.append(ConfidenceBin(low, high, len(inside), said, came_true))
    return bins


def brier(confidences: Sequence[int], correct: Sequence[bool]) -> float:
    """Mean squared difference of confidence and outcome (Brier 1950): 0 is perfect, 0.25 is always saying 50 %.

    Args:
        confidences: percent, 50 to 100; at least one.
        correct: as many, was the answer right.
    """
    check_same_length(confidences, correct)
    if not confidences:
        raise InvalidInput("There is no answer with a confidence yet; the Brier score needs at least 1.")
    return sum((said / 100 - right) ** 2 for said, right in zip(confidences, correct, strict=True)) / len(confidences)


def next_level(answers: Sequence[tuple[int, bool]], levels: int) -> int:
    """The level a staircase offers next: up after three correct answers in a row at a level, down after a wrong one.

    This rule settles where 79 % are correct (Levitt 1971, "Transformed up-down methods in psychoacoustics").

    Args:
        answers: level from 1 and correctness of each answer, oldest first.
        levels: the number of levels.

    Returns:
        1 to `levels`; before the first answer the one before the last, so that good faces come soon.
    """
    if not answers:
        return max(1, levels - 1)
    level, right = answers[-1]
    if not right:
        return max(1, min(level - 1, levels))
    run = 0
    for earlier, was_right in reversed(answers):
        if earlier != level or not was_right:
            break
        run += 1
    return min(level + (run % CORRECT_TO_CLIMB == 0), levels)


def fooled_from(answers: Sequence[tuple[int, bool]]) -> int | None:
    """The training step from which on the pictures fooled this visitor.

    That is the earliest step such that all the answers to pictures of this or a later step, at least 20 of them, taken
    together cannot be told from guessing: the 95 % interval of their accuracy includes 50 % or lies below.

    Args:
        answers: training step and correctness of each answer, in any order.

    Returns:
        the step; None if there is none (too few answers, or always better than guessing).
    """
    for step in sorted({step for step, _ in answers}):
        later = [right for at, right in answers if at >= step]
        if len(later) < LEAST_TO_FOOL:
            return None
        if accuracy(sum(later), len(later)).low <= 0.5:
            return step
    return None


def check_counts(correct: int, rounds: int) -> None:
    """Raises InvalidInput unless 0 ≤ correct ≤ rounds and rounds ≥ 1."""
    if rounds < 1 or not 0 <= correct <= rounds:
        raise InvalidInput(f"{correct} correct answers of {rounds} is not a score; at least 1 round is needed.")


def check_same_length(confidences: Sequence[int], correct: Sequence[bool]) -> None:
    """Raises InvalidInput unless every confidence has its outcome and lies between 50 and 100 %."""
    if len(confidences) != len(correct):
        raise InvalidInput(
            f"There are {len(confidences)} confidences and {len(correct)} outcomes; give as many of each."
        )
    if any(not 50 <= said <= 100 for said in confidences):
        raise InvalidInput("A confidence is outside 50 to 100 %; give percent from guessed (50) to certain (100).")
