"""The smallest adversarial game: a spam filter that learns, and a spammer who rewrites.

The filter is a logistic regression on two features of a message. The spammer moves every message along the filter's
own gradient, towards "no spam", but not far from what the message has to say.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidInput
from playground.game import sigmoid, softplus
from playground.points import Points

MESSAGES = 80  # of each kind
FEATURES = ("words such as “free” and “winner”", "exclamation marks and capitals")
RATE = 2.0  # of the filter's steps
FILTER_STEPS = 5  # in one move of the filter
STRETCH = 0.12  # how far a message moves in one move of the spammer
LOYALTY = 0.08  # share of the way back to its first text that a message is pulled in each move


@dataclass
class Duel:
    """Messages and filter. The first MESSAGES are honest, the others are spam."""

    first: Points  # (2 MESSAGES, 2), as they were written
    messages: Points  # (2 MESSAGES, 2), as they are now
    weights: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))  # w1, w2, b
    moves: int = 0


def begin(seed: int) -> Duel:
    """Honest mail and spam that differ plainly. Raises InvalidInput for a seed out of its range."""
    if not 0 <= seed <= 2**31 - 1:
        raise InvalidInput(f"The seed is {seed}; it has to be from 0 to {2**31 - 1}.")
    random = np.random.default_rng(seed)
    honest = np.array([-0.34, -0.26]) + random.standard_normal((MESSAGES, 2)) * [0.20, 0.22]
    spam = np.array([0.36, 0.32]) + random.standard_normal((MESSAGES, 2)) * [0.17, 0.19]
    messages = np.clip(np.concatenate([honest, spam]), -0.98, 0.98)
    return Duel(messages.copy(), messages)


def logits(duel: Duel, messages: Points) -> Points:
    """w·m + b of messages (N, 2), (N,); larger = more like spam."""
    found: Points = messages @ duel.weights[:2] + duel.weights[2]
    return found


def labels() -> Points:
    """1 for spam, (2 MESSAGES,)."""
    return np.repeat([0.0, 1.0], MESSAGES)


def cross_entropy(duel: Duel) -> float:
    """What the filter minimises and the spammer wants large: -mean log P(right), in nats."""
    found = logits(duel, duel.messages)
    return float(np.mean(softplus(found) - labels() * found))


def move_filter(duel: Duel) -> None:
    """A few steps of gradient descent of the logistic regression."""
    for _ in range(FILTER_STEPS):
        wrong = sigmoid(logits(duel, duel.messages)) - labels()  # (2 MESSAGES,), derivative by the logits
        duel.weights[:2] -= RATE * wrong @ duel.messages / len(wrong)
        duel.weights[2] -= RATE * wrong.mean()
    duel.moves += 1


def move_spammer(duel: Duel) -> None:
    """Every spam message moves against w, most where the filter is sure, and is pulled back to its first text."""
    spam = slice(MESSAGES, None)
    sure = sigmoid(logits(duel, duel.messages[spam]))[:, None]  # (MESSAGES, 1)
    length = float(np.linalg.norm(duel.weights[:2]))
    away = -duel.weights[:2] / length if length > 1e-9 else np.zeros(2)
    moved = duel.messages[spam] + STRETCH * sure * away + LOYALTY * (duel.first[spam] - duel.messages[spam])
    duel.messages[spam] = np.clip(moved, -0.98, 0.98)
    duel.moves += 1


def caught(duel: Duel) -> tuple[float, float]:
    """Share of spam that the filter stops, and share of honest mail that it stops by mistake."""
    stopped = logits(duel, duel.messages) > 0
    return float(stopped[MESSAGES:].mean()), float(stopped[:MESSAGES].mean())
