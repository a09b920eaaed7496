"""Settings that teach something: each goes the way that its hint says, which the tests check."""

from dataclasses import dataclass

from playground.game import GameSettings


@dataclass(frozen=True)
class Lesson:
    """A game to look at."""

    title: str
    data: str  # a key of playground.points.PRESETS
    settings: GameSettings
    hint: str  # what to look for


LESSONS = {
    "balanced": Lesson(
        "Balanced",
        "ring",
        GameSettings(),
        "Both learn at about the same speed. After some hundred rounds G reaches all eight clusters, and V nears its "
        "bound.",
    ),
    "collapse": Lesson(
        "Mode collapse",
        "ring",
        GameSettings(generator_steps=10, generator_rate=0.005, discriminator_rate=0.001),
        "G takes ten steps for each of D's: it piles all its points onto the one place that D likes best at the "
        "moment, and runs on when D has noticed.",
    ),
    "vanishing": Lesson(
        "Vanishing gradient",
        "line",
        GameSettings(loss="minimax", optimiser="sgd", discriminator_rate=0.05, generator_rate=0.002, head_start=1500),
        "D has taken 1,500 steps before G may begin, and is sure of itself: log(1 − D) is flat there, and the "
        "arrows are short. G needs some 400 rounds. Choose the non-saturating loss: arrows up to a hundred times as "
        "long, and it arrives within 50.",
    ),
    "strong": Lesson(
        "Discriminator too strong",
        "ring",
        GameSettings(discriminator_steps=10, discriminator_rate=0.02, generator_rate=0.0002),
        "D takes ten large steps for each small one of G. The ground is blue or orange and nothing between; G finds "
        "two or three clusters and never learns of the others.",
    ),
}


def lesson_of(data: str, settings: GameSettings) -> str:
    """The lesson with these settings, or "" """
    return next((name for name, one in LESSONS.items() if (one.data, one.settings) == (data, settings)), "")
