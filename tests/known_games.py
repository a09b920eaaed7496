"""What the game of the playground does in Python, as known answers for the one that browsers play.

    python -m tests.known_games

writes tests/page/games.json anew; tests/test_browser_game.py checks that it is not stale, and tests/page/game.test.js
that scripts come to the same numbers. Points and weights are written as text in base 64, of 32 bits each.
"""

import base64
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.game import LOSSES, OPTIMISERS, Game, GameSettings, Part
from playground.lessons import LESSONS
from playground.points import PRESETS, draw_points
from playground.views import view

FILE = Path(__file__).parent / "page" / "games.json"
ROUNDS = 200
EVERY = 5  # number is kept of points and weights
SEEDS = ([0], [1, 0], [2**31 - 1, 600], [3, 1000])


@dataclass(frozen=True)
class Played:
    """A game to play."""

    title: str
    settings: GameSettings
    data: str = "ring"
    parts: tuple[Part, ...] = ("both",)  # who plays, in turns
    later: GameSettings | None = None  # settings from the middle on
    rounds: int = ROUNDS
    seen: bool = False  # whether its last frame is kept


def games() -> list[Played]:
    """Every loss with every optimiser, every set of points, every lesson, and what else a visitor can set."""
    presets = list(PRESETS)
    found = [
        Played(f"{loss}, {optimiser}", GameSettings(loss=loss, optimiser=optimiser), presets[k % len(presets)])
        for k, (loss, optimiser) in enumerate((loss, optimiser) for loss in LOSSES for optimiser in OPTIMISERS)
    ]
    found += [Played(f"points {name}", GameSettings(seed=7), name) for name in PRESETS]
    # "strong" is chaotic: a last digit that another processor rounds otherwise is 6e-9 after 60 rounds, 0.1 after 100
    rounds = {"strong": 60}
    found += [
        Played(
            f"lesson {name}",
            lesson.settings,
            lesson.data,
            rounds=rounds.get(name, ROUNDS),
            seen=name == "vanishing",
        )
        for name, lesson in LESSONS.items()
    ]
    return [
        *found,
        Played("a penalty for each of five steps", GameSettings(loss="wasserstein", discriminator_steps=5)),
        Played("head start", GameSettings(head_start=100), "moons"),
        Played("one number of noise", GameSettings(noise=1), "spiral", seen=True),
        Played("one layer", GameSettings(layers=1), "line"),
        Played("four layers of odd width", GameSettings(layers=4, width=7), "grid"),
        Played("the smallest seed", GameSettings(seed=0)),
        Played("the largest seed", GameSettings(seed=2**31 - 1)),
        Played("one player at a time", GameSettings(), parts=("discriminator", "generator", "generator", "both")),
        Played(
            "other rates on the way", GameSettings(), later=GameSettings(generator_rate=0.003, discriminator_steps=2)
        ),
        Played("scores", GameSettings(loss="wasserstein"), "moons", rounds=60, seen=True),
        Played(
            "weights that run away", GameSettings(optimiser="sgd", loss="least-squares", generator_rate=1.0), seen=True
        ),
    ]


def packed(values: NDArray[Any]) -> str:
    """Every fifth number, in 32 bits, as text."""
    return base64.b64encode(values.ravel()[::EVERY].astype("<f4").tobytes()).decode()


def play(played: Played) -> dict[str, Any]:
    """One game: what it began with, and its weights and frame after the last round."""
    game = Game(played.settings, draw_points(played.data))
    for k in range(played.rounds):
        if played.later and k == played.rounds // 2:
            game.settings = played.later
        game.play(played.parts[k % len(played.parts)])
    frame = view(game, PRESETS[played.data].centres)
    if played.seen and not game.lost:
        frame["grid"] = frame["grid"][::6]
    return {
        "title": played.title,
        "data": played.data,
        "settings": asdict(played.settings),
        "later": asdict(played.later) if played.later else None,
        "parts": list(played.parts),
        "rounds": played.rounds,
        "generator": packed(game.generator.values),
        "discriminator": packed(game.discriminator.values),
        "numbers": frame.get("numbers"),
        "frame": frame if played.seen else None,
    }


def stream(seed: list[int]) -> dict[str, Any]:
    """Random numbers of every kind, in turns, so that halves of words that are kept count, too."""
    random = np.random.default_rng(seed)
    return {
        "seed": seed,
        "singles": random.random(5, np.float32).tolist(),
        "doubles": random.random(3).tolist(),
        "below": random.integers(0, 1000, 7).tolist(),
        "single": float(random.random(1, np.float32)[0]),
        "normal": random.standard_normal(2000)[::100].tolist(),
        "far": random.integers(0, 3 * 2**30, 6).tolist(),  # a third of the words is drawn again
    }


def known() -> dict[str, Any]:
    """All of it."""
    return {
        "every": EVERY,
        "streams": [stream(seed) for seed in SEEDS],
        "points": {name: packed(draw_points(name)) for name in PRESETS},
        "games": [play(played) for played in games()],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(known(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
