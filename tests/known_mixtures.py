"""Mixtures of Gaussians that Python fits, as known answers for those that browsers fit.

    python -m tests.known_mixtures

writes tests/page/mixtures.json anew; tests/test_browser_mixtures.py checks that it is not stale, and
tests/page/mixtures.test.js that scripts come to the same numbers.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from playground import mixtures
from playground.points import draw_points
from tabs.playground import densities

FILE = Path(__file__).parent / "page" / "mixtures.json"
CHOICES = ((0, 1, 1), (1, 8, 1000), (2**31 - 1, 12, 1000), (5, 300, 310))  # seed, count, size
FITS = (  # points, Gaussians, seed, steps
    ("ring", 8, 1, 20), ("grid", 9, 2, 6), ("line", 1, 0, 3), ("moons", 12, 2**31 - 1, 40), ("spiral", 5, 3, 30),
)  # fmt: skip
ASKED: tuple[dict[str, Any], ...] = (
    {"data": "ring", "components": 8, "seed": 1},
    {"data": "grid", "components": 9, "seed": 2, "step": 6, "sample": True},
    {"data": "grid", "components": 2, "seed": 2, "step": 300},
)
TOLD = ("data", "means", "weights", "likelihoods", "step", "ended", "captions", "link")  # of an answer
SHOWN = 5  # points of each whose responsibilities or places are kept


def choice(seed: int, count: int, size: int) -> dict[str, Any]:
    """Numbers chosen without and with replacement; the first and last ones of many."""
    random = np.random.default_rng(seed)
    distinct = random.choice(size, count, replace=False)
    shares = np.arange(1, 6) / 15
    return {
        "seed": seed,
        "count": count,
        "size": size,
        "distinct": distinct[-20:].tolist(),
        "shares": shares.tolist(),
        "weighted": random.choice(5, 20, p=shares).tolist(),
        "next": float(random.random()),
    }


def fit(data: str, components: int, seed: int, steps: int) -> dict[str, Any]:
    """A fit after so many steps."""
    points = draw_points(data)
    mixture = mixtures.start(points, components, seed=seed)
    likelihoods = [mixtures.log_likelihood(points, mixture)]
    for _ in range(steps):
        mixture = mixtures.step(points, mixture)
        likelihoods.append(mixtures.log_likelihood(points, mixture))
    return {
        "data": data,
        "components": components,
        "seed": seed,
        "steps": steps,
        "likelihoods": np.round(likelihoods[:5] + likelihoods[-1:], 9).tolist(),
        "weights": mixture.weights.round(9).tolist(),
        "means": mixture.means.round(9).tolist(),
        "covariances": mixture.covariances.reshape(-1, 4)[:, [0, 1, 3]].round(9).tolist(),
        "responsibilities": mixtures.responsibilities(points[:SHOWN], mixture).round(9).tolist(),
        "sample": mixtures.sample(mixture, SHOWN, seed=seed).round(9).tolist(),
    }


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What the server tells of a fit."""
    told = densities.mixture(asked)
    sample = told["sample"] and told["sample"][: 2 * SHOWN]
    return {"asked": asked, "sample": sample, **{name: told[name] for name in TOLD}}


def known() -> dict[str, Any]:
    """All of it."""
    return {
        "choices": [choice(*one) for one in CHOICES],
        "fits": [fit(*one) for one in FITS],
        "answers": [answer(one) for one in ASKED],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(known(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
