"""Tab "Playground": densities, a GAN in the plane that learns live, minimax by hand, a spam filter, trainings again."""

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import gradio as gr
import numpy as np

from media.images import data_uri
from models.catalogue import CATALOGUE
from models.errors import InvalidInput, NetworkUnavailable
from models.loading import weights_root
from page import foldouts, stage
from playground import spam as duel
from playground.arena import SEATS
from playground.commentary import signed
from playground.game import Game, GameSettings, sigmoid
from playground.minimax import FUNCTIONS, WAYS, orbit
from playground.points import draw_points
from playground.views import packed
from server.fields import number, whole
from server.guard import Values, stage_function
from server.settings import BROWSER, flag_setting
from tabs.playground.arena import (
    game_describe,
    game_file,
    game_film,
    game_open,
    game_pause,
    game_play,
    game_read,
    game_tune,
    take_points,
)
from tabs.playground.densities import criteria, faces, mixture

MOST_MOVES = 200  # of filter and spammer together
CELLS = 48  # of the filter's surface, in each direction
ARROWS = 15  # of the field of minimax, in each direction
HISTORY, STRIP = "history.json", "history.webp"  # what the trainer writes, see trainer.history
LESSONS = {  # family -> what its losses say
    "mixture": "Minus the mean log-likelihood, in bits for each number of a picture. It can only fall on the pictures "
    "of the training; on held-out ones one has to look.",
}
GAME = "Losses of a game need not fall: each player's rises when the other learns. Look at the pictures."

HOW_IT_WORKS = r"""
**Densities.** Maximum likelihood asks for the parameters $\theta$ under which the points are most probable,
$\max_\theta \sum_n \log p_\theta(x_n)$. For one Gaussian the answer is the mean and the covariance of the points. For a
mixture $p(x) = \sum_k w_k\, \mathcal N(x; \mu_k, \Sigma_k)$ it cannot be written down, and **EM** climbs to it: the E
step computes the responsibilities $\gamma_{nk}$, the M step sets $w_k, \mu_k, \Sigma_k$ to those of the points weighted
by them. No step lowers the likelihood. **BIC** $= -2 \log L + m \log N$, with $m$ free numbers and $N$ points, says how
many Gaussians are worth their numbers.

**Why not a deep generator?** For $x = G(z)$ the density needs an integral over all $z$ that nobody can compute. So a
second network judges in its place.

**The game.** A spam filter is a discriminator: $D(x) = \sigma(w^\top x + b)$, fitted by maximum likelihood to "real"
and "generated". With both as networks they play for

$$V(G, D) = \mathbb{E}_{x}\left[\log D(x)\right] + \mathbb{E}_{z}\left[\log\left(1 - D(G(z))\right)\right].$$

For a fixed $G$ the best $D$ is $p_\text{data} / (p_\text{data} + p_G)$, and then
$V = -\log 4 + 2\,\mathrm{JSD}(p_\text{data} \,\|\, p_G)$: never less than $-\log 4$, and equal to it only where G draws
exactly as the data are. The losses: *minimax*, as written; *non-saturating*, G maximises $\log D(G(z))$, whose slope
does not vanish where D is sure; *least squares* (Mao et al. 2017); *Wasserstein* with a penalty on $\|\nabla D\|$
(Gulrajani et al. 2017); *relativistic* (Jolicoeur-Martineau 2018).

**Minimax by hand.** Plain gradient steps on $f(x, y) = x y$ multiply the distance from the solution by
$\sqrt{1 + \eta^2}$ each time. Looking ahead (extragradient) or back (optimistic) turns the spiral inwards.

Goodfellow et al., *Generative Adversarial Nets*, 2014. Dempster, Laird, Rubin, *Maximum Likelihood from Incomplete Data
via the EM Algorithm*, 1977. Kahng et al., *GAN Lab*, 2018. Daskalakis et al., *Training GANs with Optimism*, 2018.
"""

LIVE = (
    "**Learned while you watch.** Points, settings and seed decide everything, so the permalink plays the same game "
    "again. {size}The game trains in your browser; where that cannot be, on the server, at most {seats} visitors at "
    "the same time; the next one is told their place in line. Your own points stay in the server's memory for a while "
    "and are never written to a disk."
)


def build(page: gr.Blocks) -> None:
    """The tab: stage, fold-outs, and what happens when."""
    playground_stage = stage.component(
        "tabs/playground/stage",
        functions=[
            spam, mixture, criteria, faces, game_read, game_describe, game_film, game_open, game_play, game_pause,
            game_tune, game_file, take_points, orbits, replay,
        ],
        elem_id="playground",
        browser=flag_setting(BROWSER, default=True),
    )  # fmt: skip
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)
    playground_stage.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")


def describe(event: gr.EventData) -> tuple[str, dict[str, str]]:
    """The fold-outs of what is on the stage."""
    part, query = str(getattr(event, "part", "")), str(getattr(event, "query", ""))[:2000]
    if part == "replay":
        model = str(getattr(event, "model", ""))
        if model in CATALOGUE:
            return foldouts.describe_network(model), foldouts.share(
                query, f'from models import load\n\nload("{model}")', model
            )
    settings = GameSettings()
    game = Game(settings, draw_points("ring", count=10))
    count = len(game.generator.values) + len(game.discriminator.values)
    size = f"G and D have {count:,} numbers together at the default size. " if part == "game" else ""
    python = str(getattr(event, "python", ""))[:2000]
    return LIVE.format(size=size, seats=SEATS), {
        "link": f"?{query}",
        "python": python,
        "command": "It learns on this page, live.",
    }


# --- spam ---------------------------------------------------------------------------------------------------------


@stage_function
def spam(given: Values) -> Values:
    """Filter and spammer after some moves.

    Args:
        given: "seed"; "moves", a letter for each: f, the filter learns; s, the spammer rewrites.

    Returns:
        "honest", "spam", "first" (spam as it was), "surface" and "cells", "captions", "history", "features", "link",
        "python".
    """
    seed, moves = whole(given.get("seed"), "seed"), str(given.get("moves") or "")
    if len(moves) > MOST_MOVES or set(moves) - {"f", "s"}:
        raise InvalidInput(f"The moves are {moves[:20]!r}; up to {MOST_MOVES} letters f and s are accepted.")
    state = duel.begin(seed)
    history = [shares_of(state)]
    for move in moves:
        (duel.move_filter if move == "f" else duel.move_spammer)(state)
        history.append(shares_of(state))
    axis = np.linspace(-1.1, 1.1, CELLS)
    places = np.stack(np.meshgrid(axis, axis[::-1]), axis=-1).reshape(-1, 2)
    probability = sigmoid(duel.logits(state, places))
    python = (
        "from playground import spam\n\n"
        f"duel = spam.begin({seed})\n"
        f'for move in "{moves}":\n    (spam.move_filter if move == "f" else spam.move_spammer)(duel)\n'
        "print(spam.caught(duel))"
    )
    return {
        "honest": packed(state.messages[: duel.MESSAGES]),
        "spam": packed(state.messages[duel.MESSAGES :]),
        "first": packed(state.first[duel.MESSAGES :]),
        "surface": base64.b64encode(np.rint(255 * probability).astype(np.uint8).tobytes()).decode(),
        "cells": CELLS,
        "captions": spam_captions(state, moves, history),
        "history": history,
        "features": list(duel.FEATURES),
        "link": urlencode({"tab": "playground", "part": "spam", "seed": seed, "moves": moves}),
        "python": python,
    }


def shares_of(state: duel.Duel) -> dict[str, float]:
    """What the filter stops."""
    stopped, mistaken = duel.caught(state)
    return {"spam_stopped": stopped, "honest_stopped": mistaken}


def spam_captions(state: duel.Duel, moves: str, history: list[dict[str, float]]) -> list[dict[str, str]]:
    """What the last move did, in words and numbers."""
    now = history[-1]
    w1, w2, b = state.weights
    last = moves[-1:]
    words = {
        "": "Nothing has happened yet: the filter knows nothing and stops nothing. Let it learn.",
        "f": "The filter learned: it moved its border to where it is wrong least often.",
        "s": "The spammer rewrote: every message moved against w, as far as it still says what it has to say.",
    }[last]
    return [
        {
            "words": words,
            "formula": f"D(m) = σ({signed(w1)} m₁ {'−' if w2 < 0 else '+'} {abs(w2):.2f} m₂ "
            f"{'−' if b < 0 else '+'} {abs(b):.2f})",
        },
        {
            "words": f"It stops {100 * now['spam_stopped']:.0f} % of the spam, and {100 * now['honest_stopped']:.0f} % "
            "of the honest mail by mistake.",
            "formula": f"loss = −mean log P(right) = {signed(duel.cross_entropy(state))}; the filter wants it small, "
            "the spammer large",
        },
    ]


# --- minimax ------------------------------------------------------------------------------------------------------


@stage_function
def orbits(given: Values) -> Values:
    """Where two players go from "x", "y", by all ways to step.

    Args:
        given: "function", "rate", "steps", "x", "y".

    Returns:
        "orbits" (thousandths) and "distances" from the solution, by way; "places" and "field", arrows; "start",
        "solution", "extent", "lesson", "functions", "ways", "link", "python".
    """
    name = str(given.get("function") or "product")
    x, y = number(given.get("x"), "start x"), number(given.get("y"), "start y")
    rate, steps = number(given.get("rate"), "learning rate"), whole(given.get("steps"), "number of steps")
    paths = {way: orbit(name, way, x=x, y=y, rate=rate, steps=steps) for way in WAYS}
    function = FUNCTIONS[name]
    solution = np.array(function.solution)
    axis = np.linspace(-0.93, 0.93, ARROWS) * function.extent
    places = [(across, up) for across in axis.tolist() for up in axis.tolist()]
    python = "\n".join(
        [
            "from playground.minimax import WAYS, orbit\n",
            "for way in WAYS:",
            f'    print(way, orbit("{name}", way, x={x:g}, y={y:g}, rate={rate:g}, steps={steps})[-1])',
        ]
    )
    query = {"tab": "playground", "part": "minimax", "function": name, "rate": f"{rate:g}", "steps": steps}
    return {
        "function": name,
        "functions": [[key, one.title] for key, one in FUNCTIONS.items()],
        "ways": WAYS,
        "orbits": {way: packed(path) for way, path in paths.items()},
        "distances": {way: np.linalg.norm(path - solution, axis=1).round(5).tolist() for way, path in paths.items()},
        "places": packed(np.array(places)),
        "field": packed(np.array([function.field(*place) for place in places])),
        "start": [x, y],
        "solution": list(function.solution),
        "extent": function.extent,
        "lesson": function.lesson,
        "link": urlencode({**query, "x": f"{x:g}", "y": f"{y:g}"}),
        "python": python,
    }


# --- replay -------------------------------------------------------------------------------------------------------


def recorded() -> list[str]:
    """The networks of the catalogue whose training was recorded."""
    return [name for name in CATALOGUE if all((weights_root() / name / file).is_file() for file in (HISTORY, STRIP))]


@stage_function
def replay(given: Values) -> Values:
    """A training again: "strip" (all frames, one below the other), "frames" (training pictures so far at each),
    "curves" by name, "unit", "crisp", "note", "model", "models".

    Raises:
        NetworkUnavailable: nothing was recorded.
    """
    names = recorded()
    if not names:
        raise NetworkUnavailable("No network here has a recorded training; train one with python -m trainer.")
    model = str(given.get("model") or names[0])
    if model not in names:
        raise InvalidInput(f"There is no recorded training of {model[:60]!r}; choose one of {', '.join(names)}.")
    folder: Path = weights_root() / model
    history: dict[str, Any] = json.loads((folder / HISTORY).read_text(encoding="utf-8"))
    family = CATALOGUE[model].family
    return {
        "model": model,
        "models": [[name, CATALOGUE[name].title] for name in names],
        "strip": data_uri((folder / STRIP).read_bytes(), "webp"),
        "frames": history["frames"],
        "curves": history["curves"],
        "unit": "training pictures",
        "lesson": LESSONS.get(family, GAME),
        "crisp": model.startswith("sprites"),
        "note": history.get("note", "The network that is offered on this page, while it was trained."),
    }
