"""What Python knows of the tabs, asked of their own functions, so that the site's scripts answer alike."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from models.catalogue import CATALOGUE
from models.loading import weights_root
from page import foldouts
from playground.game import LOSSES, OPTIMISERS, RANGES, GameSettings
from playground.lessons import LESSONS
from playground.minimax import FUNCTIONS, WAYS
from playground.points import PRESETS
from playground.spam import FEATURES
from standalone.markdown import to_html
from tabs.ask import tab as ask
from tabs.latent import handlers
from tabs.latent import tab as latent
from tabs.latent.settings import OFFERED, SETS
from tabs.playground import arena, densities
from tabs.playground import tab as playground
from tabs.sample import tab as sample
from tabs.sample.drawing import Drawing
from tabs.sample.networks import GENERATORS

SMALLEST = "scenes-infogan-cr-64"  # the network whose sliders are shown first: a visitor waits for it


@dataclass(frozen=True)
class SiteTab:
    """A tab that needs no server."""

    title: str
    how_it_works: str


TABS = {  # in their order on the page
    "sample": SiteTab("Sample", sample.HOW_IT_WORKS),
    "ask": SiteTab("Ask for it", ask.HOW_IT_WORKS),
    "latent": SiteTab("Latent sliders", latent.HOW_IT_WORKS),
    "playground": SiteTab("Playground", playground.HOW_IT_WORKS),
}


def known(networks: dict[str, Any], *, page: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Everything that the site's scripts have to know.

    Args:
        networks: those that browsers can draw with.
        page: the address of the whole page, or nothing.

    Returns:
        it, ready for JSON; and the pictures that it names, by their paths in the site.
    """
    replays, pictures = recordings()
    names = {name.partition("/")[0] for name in networks} | set(replays)
    told = {
        "page": page,
        "titles": {name: CATALOGUE[name].title for name in sorted(names)},
        "cards": {name: to_html(foldouts.describe_network(name)) for name in sorted(names)},
        "commands": {name: foldouts.made_by(name) for name in sorted(names)},
        "latent": latent_sliders(networks),
        "sample": {"networks": [name for name in GENERATORS if name in networks], "first": asdict(Drawing())},
        "ask": {**ask.words(), "first": asdict(ask.Wish()), "obedience": ask.obedience({})},
        "playground": {
            "game": games(),
            "densities": fits(),
            "replays": replays,
            "minimax": orbits(),
            "spam": {"features": FEATURES},
        },
    }
    return told, pictures


def latent_sliders(networks: dict[str, Any]) -> dict[str, Any]:
    """Of each network and set of its sliders, "faces-128/sefa", what the tab "Latent sliders" shows of it."""
    sliders = {}
    for model in OFFERED:
        if model not in networks:
            continue
        for kind in [kind for kind in SETS if f"{model}/{kind}" in networks] or [""]:
            opened = handlers.open_sliders({"model": model, "set": kind})
            sliders[f"{model}/{kind}"] = {
                **{name: opened[name] for name in ("types", "titles", "sets")},
                "beside": [choice for choice in opened["beside"] if choice[0] in networks],
                "meter": handlers.meter({"model": model, "set": kind}),
            }
    offered = [name for name in OFFERED if name in networks]
    first = SMALLEST if SMALLEST in offered else offered[0]
    return {"first": first, "networks": offered, "sliders": sliders, "scores": handlers.scores({})}


def games() -> dict[str, Any]:
    """What `game_read` of the playground knows, for each set of points."""
    data = {}
    for name in PRESETS:
        opened = arena.game_read({"data": name})
        data[name] = {key: opened[key] for key in ("points", "mixture", "modes")}
    return {
        "data": data,
        "first": arena.DEFAULT.data,
        "defaults": asdict(GameSettings()),
        "ranges": RANGES,
        "lessons": {name: asdict(lesson) for name, lesson in LESSONS.items()},
        "datasets": arena.datasets(arena.DEFAULT.data),
        "losses": list(LOSSES.items()),
        "optimisers": list(OPTIMISERS.items()),
    }


def fits() -> dict[str, Any]:
    """Of each set of points, what "Densities" does not compute in browsers: scikit-learn's fits to the end."""
    with threadpool_limits(1):  # for matrices this small, more threads take ten times as long
        criteria = {name: densities.criteria({"data": name})["criteria"] for name in PRESETS}
    return {"datasets": arena.datasets(arena.DEFAULT.data), "criteria": criteria}


def orbits() -> dict[str, Any]:
    """The functions of "Minimax by hand", in words and numbers."""
    functions = {
        name: {
            "title": one.title, "lesson": one.lesson, "extent": one.extent, "solution": one.solution,
        }
        for name, one in FUNCTIONS.items()
    }  # fmt: skip
    return {"functions": functions, "ways": WAYS}


def recordings() -> tuple[dict[str, Any], dict[str, bytes]]:
    """The trainings that were recorded, and the strips of their pictures."""
    found, pictures = {}, {}
    for name in playground.recorded():
        strip = f"replays/{name}.webp"
        found[name] = {**playground.replay({"model": name}), "strip": strip}
        pictures[strip] = (Path(weights_root()) / name / playground.STRIP).read_bytes()
    return found, pictures
