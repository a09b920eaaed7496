"""The part "Densities" of the playground: what its script asks of the server."""

import base64
import functools
from urllib.parse import urlencode

import numpy as np

from media.images import data_uri, webp
from models.catalogue import CATALOGUE
from models.errors import NetworkUnavailable
from models.gan import LARGEST_SEED, check_whole
from models.loading import load
from models.pixels import tile
from page.foldouts import figures_of
from playground import mixtures
from playground.commentary import signed
from playground.mixtures import ENOUGH, MOST_STEPS, Mixture
from playground.points import PRESETS, Points
from playground.views import packed
from server.fields import whole
from server.guard import Values, stage_function
from serving.inference import generate
from serving.lock import drawing_lock
from tabs.playground.arena import datasets, own_points
from tabs.playground.fits import found_once

DRAWN = 300  # new points from a fit
FACES = 8  # of each network, in rows of FACE_COLUMNS
FACE_COLUMNS = 4
PHOTOGRAPHS, HELD_OUT = (
    "real, of the training",
    "real, held out",
)  # lines of the figures, see trainer.evaluation.evaluate
BESIDE = {"faces-mixture-64": "Mixture of Gaussians", "faces-celeba-64": "GAN"}


@functools.lru_cache(maxsize=64)
def fit_path(data: str, components: int, seed: int, step: int) -> tuple[Mixture, tuple[float, ...]]:
    """A fit after so many steps, and the mean log-likelihood at the start and after each step. Raises InvalidInput."""
    points, _ = own_points.find(data)
    if step == 0:
        mixture = mixtures.start(points, components, seed=seed)
        return mixture, (mixtures.log_likelihood(points, mixture),)
    before, likelihoods = fit_path(data, components, seed, step - 1)
    mixture = mixtures.step(points, before)
    return mixture, (*likelihoods, mixtures.log_likelihood(points, mixture))


def ended(likelihoods: tuple[float, ...]) -> bool:
    """Whether the last step hardly changed anything, or the number of steps is used up."""
    return len(likelihoods) > MOST_STEPS or (len(likelihoods) > 1 and likelihoods[-1] - likelihoods[-2] < ENOUGH / 10)


@stage_function
def mixture(given: Values) -> Values:
    """A mixture after some steps of EM.

    Args:
        given: "data", "components", "seed", "step" (0: as it starts), "sample" (draw new points, too).

    Returns:
        "points", "responsibilities" (bytes as text, one for each point and Gaussian), "means", "ellipses", "weights",
        "likelihoods" of all steps so far, "ended", "captions", "sample", "datasets", "link", "python".
    """
    data = str(given.get("data") or "ring")
    components, seed = whole(given.get("components"), "number of Gaussians"), whole(given.get("seed"), "seed")
    step = whole(given.get("step") or 0, "step")
    check_whole(seed, "seed", 0, LARGEST_SEED)
    check_whole(step, "step", 0, MOST_STEPS)
    points, _ = own_points.find(data)
    model, likelihoods = fit_path(data, components, seed, 0)
    reached = 0
    while reached < step and not ended(likelihoods):
        reached += 1
        model, likelihoods = fit_path(data, components, seed, reached)
    shares = mixtures.responsibilities(points, model)
    return {
        "data": data,
        "datasets": datasets(data),
        "points": packed(points),
        "responsibilities": base64.b64encode(np.rint(255 * shares).astype(np.uint8).tobytes()).decode(),
        "means": model.means.round(4).tolist(),
        "weights": model.weights.round(4).tolist(),
        "ellipses": mixtures.ellipses(model).round(4).tolist(),
        "likelihoods": [round(value, 5) for value in likelihoods],
        "step": reached,
        "ended": ended(likelihoods),
        "captions": captions(shares, likelihoods, ended=ended(likelihoods)),
        "sample": packed(mixtures.sample(model, DRAWN, seed=seed)) if given.get("sample") else None,
        "link": urlencode(
            {"tab": "playground", "part": "densities", "data": data, "components": components, "seed": seed,
             "step": reached}
        ),
        "python": to_python(data, components, seed, reached),
    }  # fmt: skip


def captions(shares: Points, likelihoods: tuple[float, ...], *, ended: bool) -> list[dict[str, str]]:
    """What the last step did, in words and numbers; shares: responsibilities (N, K)."""
    sure = float((shares.max(1) > 0.9).mean())
    expectation = {
        "words": f"E step: which Gaussian did each point come from? {100 * sure:.0f} % of the points are over 90 % "
        "sure.",
        "formula": "γ_nk = w_k N(x_n; μ_k, Σ_k) / Σ_j w_j N(x_n; μ_j, Σ_j)",
    }
    now = f"mean log p(x) = {signed(likelihoods[-1])} nats"
    if len(likelihoods) == 1:
        words = "M step, next: each Gaussian moves to the mean and covariance of the points that it answers for."
        formula = f"w_k, μ_k, Σ_k ← those of the points, weighted by γ_nk; {now}"
    else:
        words = (
            "M step: each Gaussian took the mean and covariance of the points that it answers for, and the likelihood "
            f"{'hardly rose: the fit has ended' if ended else 'rose'}."
        )
        formula = f"{now}, before {signed(likelihoods[-2])}"
    return [expectation, {"words": words, "formula": formula}]


def to_python(data: str, components: int, seed: int, step: int) -> str:
    """The lines that make the same fit."""
    points = f'draw_points("{data}")' if data in PRESETS else 'read_csv(open("points.csv").read())'
    return (
        "from playground import mixtures\n"
        f"from playground.points import {points.partition('(')[0]}\n\n"
        f"points = {points}\n"
        f"mixture = mixtures.start(points, {components}, seed={seed})\n"
        f"for _ in range({step}):\n    mixture = mixtures.step(points, mixture)\n"
        "print(mixtures.log_likelihood(points, mixture))"
    )


@found_once
def criteria_of(data: str) -> tuple[float, ...]:
    """BIC for 1, 2, ... Gaussians. Raises InvalidInput."""
    return tuple(round(value, 1) for value in mixtures.criteria(own_points.find(data)[0], seed=0))


@stage_function
def criteria(given: Values) -> Values:
    """The BIC of points "data" for each number of Gaussians, the best of a few fits each."""
    data = str(given.get("data") or "ring")
    return {"data": data, "criteria": list(criteria_of(data))}


@stage_function
def faces(given: Values) -> Values:
    """Faces of the mixture and of the GAN, from the same "seed": "sheets" of both with a "title" and a "text" each, and
    a "note"; of a network that is not there, only a text that says so."""
    seed = whole(given.get("seed"), "seed")
    check_whole(seed, "seed", 0, LARGEST_SEED)
    sheets = {}
    for name, title in BESIDE.items():
        try:
            network = load(name)
        except NetworkUnavailable as error:
            sheets[name] = {"text": str(error)}
            continue
        with drawing_lock:
            pictures = generate(network, seed=seed, count=FACES)
        sheet = data_uri(webp(tile(pictures, columns=FACE_COLUMNS)), "webp")
        sheets[name] = {"sheet": sheet, "title": title, "text": verdict(name)}
    return {"sheets": sheets, "note": f"Generated: nobody here exists. Seed {seed}, 64 × 64 px, enlarged."}


def verdict(name: str) -> str:
    """One sentence on what a way to draw faces has and what it lacks, with the measured figures."""
    figures = figures_of("faces-mixture-64")
    mixed = CATALOGUE[name].family == "mixture"
    if not figures:
        return "An exact likelihood, and blur." if mixed else "Sharp, and no likelihood."
    line = "**generated**" if mixed else name
    sharp = f"{100 * figures['sharpness'][line] / figures['sharpness'][PHOTOGRAPHS]:.0f} % of a photograph's sharpness"
    if not mixed:
        return f"No likelihood: nobody can say how probable a photograph is for it. But {sharp}."
    ours, single = figures["bits"][HELD_OUT]
    return (
        f"An exact likelihood: {ours:.2f} bits for each number of a photograph that it never saw ({single:.2f} with "
        f"one single Gaussian). And blur: {sharp}."
    )
