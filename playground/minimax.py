"""Two players, two numbers: min over x, max over y of f(x, y), by four ways to take a step.

All ways use the same vector field v(x, y) = (-∂f/∂x, ∂f/∂y), along which each player improves alone.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.errors import InvalidInput
from playground.points import Points

MOST_STEPS = 1_000
FAR = 1e3  # where an orbit ends


@dataclass(frozen=True)
class Function:
    """A function of two players."""

    title: str
    formula: str  # LaTeX
    value: Callable[[float, float], float]
    field: Callable[[float, float], tuple[float, float]]  # (-∂f/∂x, ∂f/∂y)
    extent: float  # of the plane that is worth showing
    lesson: str  # one sentence
    solution: tuple[float, float] = (0.0, 0.0)  # where neither player wants to move


def logistic(t: float) -> float:
    """1 / (1 + e^-t), without overflow."""
    return 0.5 * (1 + math.tanh(t / 2))


FUNCTIONS = {
    "product": Function(
        "x y",
        "f(x, y) = x\\,y",
        lambda x, y: x * y,
        lambda x, y: (-y, x),
        2.0,
        "Each player's best move turns around the solution at (0, 0): plain steps spiral outwards.",
    ),
    "bowl": Function(
        "x² / 2 − y² / 2",
        "f(x, y) = \\tfrac12 x^2 - \\tfrac12 y^2",
        lambda x, y: x * x / 2 - y * y / 2,
        lambda x, y: (-x, -y),
        2.0,
        "Both players have a best move of their own: every way leads straight to the solution.",
    ),
    "damped": Function(
        "x y + x² / 10 − y² / 10",
        "f(x, y) = x\\,y + \\tfrac1{10} x^2 - \\tfrac1{10} y^2",
        lambda x, y: x * y + 0.1 * (x * x - y * y),
        lambda x, y: (-y - 0.2 * x, x - 0.2 * y),
        2.0,
        "A little friction, as a gradient penalty gives it, turns the circle into a spiral inwards.",
    ),
    "dirac": Function(
        "Dirac-GAN",
        "f(\\theta, \\psi) = -\\log(1 + e^{-\\theta \\psi}) + \\log 2",
        lambda x, y: -math.log1p(math.exp(-abs(x * y))) + min(x * y, 0.0) + math.log(2),
        lambda x, y: (-y * logistic(-x * y), x * logistic(-x * y)),
        2.0,
        "The smallest GAN (Mescheder et al. 2018): one real point at 0, one generated point at x, D(x) = σ(y x).",
    ),
    "forsaken": Function(
        "x (y − 0.45) + φ(x) − φ(y)",
        "f = x\\,(y - 0.45) + \\varphi(x) - \\varphi(y),\\ \\varphi(t) = \\tfrac14 t^2 - \\tfrac12 t^4 + \\tfrac16 t^6",
        lambda x, y: x * (y - 0.45) + bump(x) - bump(y),
        lambda x, y: (-(y - 0.45) - bump_slope(x), x - bump_slope(y)),
        1.6,
        "A solution that is never reached: there is a cycle around it which draws all of them in "
        "(Hsieh, Mertikopoulos, Cevher 2021).",
        (0.07803, 0.41193),
    ),
}


def bump(t: float) -> float:
    """φ of "forsaken"."""
    return t**2 / 4 - t**4 / 2 + t**6 / 6


def bump_slope(t: float) -> float:
    """Its derivative."""
    return t / 2 - 2 * t**3 + t**5


WAYS = {
    "simultaneous": "Simultaneous",
    "alternating": "Alternating",
    "extragradient": "Extragradient",
    "optimistic": "Optimistic",
}


def orbit(function: str, way: str, *, x: float, y: float, rate: float, steps: int) -> Points:
    """Where the players go.

    Args:
        function: a key of FUNCTIONS.
        way: a key of WAYS. simultaneous: p ← p + η v(p). alternating: y answers the x that was just moved.
            extragradient: p ← p + η v(p + η v(p)) (Korpelevich 1976). optimistic: p ← p + 2 η v(p) - η v(p₋₁)
            (Popov 1980; Daskalakis et al. 2018).
        x, y: the start.
        rate: η, over 0 to 1.
        steps: 1 to MOST_STEPS.

    Returns:
        (n, 2), the start included; fewer than steps + 1 where it left the square of FAR.

    Raises:
        InvalidInput.
    """
    if function not in FUNCTIONS or way not in WAYS:
        raise InvalidInput(f"There is no {function!r:.40} or {way!r:.40}; choose {', '.join((*FUNCTIONS, *WAYS))}.")
    if not 0 < rate <= 1 or not 1 <= steps <= MOST_STEPS or not max(abs(x), abs(y)) <= 10:
        raise InvalidInput(
            f"The start is ({x:g}, {y:g}), the rate {rate:g}, the number of steps {steps}; from -10 to 10, over 0 to "
            f"1 and 1 to {MOST_STEPS:,} are accepted."
        )
    field = FUNCTIONS[function].field
    places, before = [(x, y)], field(x, y)
    for _ in range(steps):
        here = field(x, y)
        if way == "alternating":
            x += rate * here[0]
            y += rate * field(x, y)[1]
        elif way == "extragradient":
            there = field(x + rate * here[0], y + rate * here[1])
            x, y = x + rate * there[0], y + rate * there[1]
        elif way == "optimistic":
            x, y = x + rate * (2 * here[0] - before[0]), y + rate * (2 * here[1] - before[1])
            before = here
        else:
            x, y = x + rate * here[0], y + rate * here[1]
        places.append((x, y))
        if not max(abs(x), abs(y)) <= FAR:
            break
    return np.array(places)
