"""Measures a network that draws from codes or labels: `python -m trainer score weights/NAME`.

For codes: how well the encoder's codes line up with the factors of rendered pictures (metrics/disentanglement.py). For
labels: how often the factor regressor reads back what was asked for. For both: whether edges are as sharp and as
straight as the renderer's. Figures go into the card and, for the page, into `figures.json` beside it.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from data.grids import grid_of
from data.scenes import SKY
from metrics.disentanglement import FULL, QUICK, group_score, measure, model_centrality
from metrics.edges import wobble
from metrics.fidelity import sharpness
from models import load
from models.conditional import Conditional, held_out_table, random_labels
from models.conditional import generate as draw_labels
from models.errors import InvalidInput
from models.factors import FactorNetwork, classify
from models.infogan.codes import draw_codes
from models.infogan.network import InfoGAN, encode
from models.infogan.network import generate as draw_pictures
from models.loading import find, read
from models.pixels import Pictures
from trainer.export import FIGURES_FILE, refresh_files, write_figures
from trainer.runs import write_text
from trainer.settings import REQUIRED, setting

ASKED = 5_000  # label combinations in a measurement of obedience
EDGES = 400  # pictures, drawn and rendered each, whose edges are compared
GROUPS, GROUP_SIZE = 300, 32  # for ModelCentrality, per generator
NAMES = {
    "factor_vae": "FactorVAE",
    "factor_vae_infogan_cr": "FactorVAE, as the code of InfoGAN-CR has it",
    "beta_vae": "BetaVAE",
    "mig": "MIG",
    "dci_disentanglement": "DCI disentanglement",
    "dci_completeness": "DCI completeness",
    "dci_informativeness": "DCI informativeness",
    "sap": "SAP",
    "modularity": "Modularity",
}


@dataclass(frozen=True)
class Scoring:
    """Settings of one measurement."""

    network: Path = setting(REQUIRED, "weights folder or name", first=True)
    reader: str = setting("scenes-factors-64", "factor regressor that reads drawn pictures")
    full: bool = setting(False, "disentanglement_lib's numbers of pictures (an hour of two cores)")
    seed: int = setting(0, "of all random draws", least=0)
    jobs: int = setting(1, "processes for DCI", least=1)


def score(settings: Scoring) -> str:
    """Measures, prints, and writes the card. Returns the table. Raises InvalidInput for another kind of network."""
    folder = find(settings.network if settings.network.is_dir() else str(settings.network))
    network = read(folder)
    if isinstance(network, InfoGAN):
        text, figures = score_codes(network, settings)
        world = network.config.world
    elif isinstance(network, Conditional):
        text, figures = score_labels(network, settings.reader, seed=settings.seed)
        world = "scenes"
    else:
        raise InvalidInput(
            f"{settings.network} draws from neither codes nor labels; python -m trainer evaluate is for it."
        )
    edges, more = score_edges(random_pictures(network, EDGES, settings.seed), world, seed=settings.seed)
    text, figures = f"{text}\n\n{edges}", {**figures, **more}
    write_text(folder / FIGURES_FILE, json.dumps(figures, indent=2) + "\n")
    write_figures(folder / "README.md", text)
    refresh_files(folder)
    print(text)
    return text


def score_codes(network: InfoGAN, settings: Scoring) -> tuple[str, dict[str, Any]]:
    """The table of disentanglement figures of an encoder on rendered pictures, and the figures by name."""
    grid = grid_of(network.config.world)
    scores = asdict(
        measure(
            lambda factors: encode(network, grid.render(factors)),
            grid.sizes,
            seed=settings.seed,
            protocol=FULL if settings.full else QUICK,
            jobs=settings.jobs,
        )
    )
    protocol = (
        "disentanglement_lib's numbers of pictures"
        if settings.full
        else (
            "fewer than disentanglement_lib's pictures (1,000 and 500 votes, 5,000 and 2,500 points), forests for DCI"
        )
    )
    lines = ["| figure | value |", "|---|---|", *(f"| {NAMES[name]} | {value:.3f} |" for name, value in scores.items())]
    text = f"The encoder on rendered pictures, seed {settings.seed}; {protocol}.\n\n" + "\n".join(lines)
    return text, {"protocol": "full" if settings.full else "quick", "seed": settings.seed, **scores}


def score_labels(network: Conditional, reader_name: str, *, seed: int) -> tuple[str, dict[str, Any]]:
    """How often each label is read back, for combinations of the training and for those held out of it."""
    reader: FactorNetwork = load(reader_name)
    config, random = network.config, np.random.default_rng(seed)
    places = [reader.config.names.index(name) for name in config.labels]
    table = held_out_table(config.sizes)
    figures: dict[str, Any] = {"seed": seed, "count": ASKED}
    lines = ["| label | seen combinations | held-out combinations |", "|---|---|---|"]
    right = {}
    for name, combinations in (("seen", np.argwhere(~table)), ("held_out", np.argwhere(table))):
        labels = combinations[random.integers(0, len(combinations), ASKED)]
        parts = np.array_split(np.arange(ASKED), 10)
        read = np.concatenate(
            [classify(reader, draw_labels(network, labels[part], seed + int(part[0]))) for part in parts]
        )
        right[name] = (read[:, places] == labels).mean(0)
        figures[name] = dict(zip(config.labels, right[name].round(4).tolist(), strict=True))
    for k, label in enumerate(config.labels):
        lines.append(f"| {label} | {100 * right['seen'][k]:.2f} % | {100 * right['held_out'][k]:.2f} % |")
    text = (
        f"How often {ASKED:,} drawn pictures each show what was asked for, as `{reader_name}` reads them "
        f"(seed {seed}). A fifth of all combinations was held out of the training.\n\n" + "\n".join(lines)
    )
    return text, figures


def random_pictures(network: InfoGAN | Conditional, count: int, seed: int) -> Pictures:
    """Pictures of codes and noise, or of labels and noise, drawn from what the training draws them from."""
    if isinstance(network, Conditional):
        return draw_labels(network, random_labels(network, count, seed), seed)
    codes = draw_codes(network.config.codes, count=count, randomness=torch.Generator().manual_seed(seed))
    return draw_pictures(network, codes.numpy(), range(seed, seed + count))


def score_edges(drawn: Pictures, world: str, *, seed: int) -> tuple[str, dict[str, Any]]:
    """How sharp drawn pictures are beside as many rendered ones and, in scenes, how straight the edge of the wall is
    against the sky; the table, and the figures by name."""
    grid = grid_of(world)
    rendered = grid.render(grid.random_factors(len(drawn), np.random.default_rng(seed)))
    measures: dict[str, tuple[str, int, Callable[[Pictures], float]]] = {
        "sharpness": ("Sharpness, each channel", 1, sharpness),
        "sharpness_grey": ("Sharpness, mean of the channels", 1, lambda pictures: sharpness(grey(pictures))),
    }
    if world == "scenes":
        measures["wobble"] = ("Bend of the wall's upper edge, px", 3, lambda pictures: wobble(pictures, SKY))
    figures: dict[str, Any] = {"edge_count": len(drawn)}
    lines = ["| edges | drawn | rendered |", "|---|---|---|"]
    for name, (title, digits, of) in measures.items():
        figures[name], figures[f"{name}_rendered"] = round(of(drawn), 4), round(of(rendered), 4)
        lines.append(f"| {title} | {figures[name]:.{digits}f} | {figures[f'{name}_rendered']:.{digits}f} |")
    text = f"""\
{len(drawn)} drawn and {len(drawn)} rendered pictures (seed {seed}). Sharpness is the root mean square of the Laplacian,
in grey levels; more than the renderer's is roughness. The bend is the median change of the edge's slope from column to
column.

""" + "\n".join(lines)
    return text, figures


def grey(pictures: Pictures) -> Pictures:
    """The mean of the channels, uint8 (N, H, W, 1)."""
    return np.asarray(np.rint(pictures.mean(axis=-1, keepdims=True, dtype=np.float32)), np.uint8)


# --- choosing among seeds without labels --------------------------------------------------------------------------


@dataclass(frozen=True)
class Choosing:
    """Settings of one choice among trained networks."""

    networks: str = setting(REQUIRED, "weights folders, separated by commas", first=True)
    seed: int = setting(0, "of all random draws", least=0)


def choose(settings: Choosing) -> list[float]:
    """Prints how much each InfoGAN agrees with the others (ModelCentrality) and returns it; the largest is to keep.

    Raises:
        InvalidInput: fewer than two networks, or not all of one world.
    """
    names = [name.strip() for name in settings.networks.split(",") if name.strip()]
    networks = [load(name) for name in names]
    if len(networks) < 2 or not all(isinstance(network, InfoGAN) for network in networks):
        raise InvalidInput("ModelCentrality compares at least two InfoGANs; give their folders separated by commas.")
    if len({(network.config.world, network.config.channels) for network in networks}) > 1:
        raise InvalidInput("ModelCentrality compares networks of one world only.")
    agreement = np.array([[cross_score(reader, drawer, settings.seed) for drawer in networks] for reader in networks])
    centrality = model_centrality(agreement)
    for name, row, value in zip(names, agreement, centrality, strict=True):
        print(f"{name}: {value:.3f}  ({' '.join(f'{entry:.2f}' for entry in row)})")
    print(f"the most central: {names[int(centrality.argmax())]}")
    return [float(value) for value in centrality]


def cross_score(reader: InfoGAN, drawer: InfoGAN, seed: int) -> float:
    """How well one network's encoder tells which code another's generator held fixed, 0 to 1."""
    types = drawer.config.codes
    fixed = np.arange(GROUPS) % len(types)
    codes = draw_codes(types, count=GROUPS * GROUP_SIZE, randomness=torch.Generator().manual_seed(seed)).numpy()
    codes = codes.reshape(GROUPS, GROUP_SIZE, -1)
    codes[np.arange(GROUPS), :, fixed] = codes[np.arange(GROUPS), 0, fixed][:, None]
    pictures = np.concatenate([draw_pictures(drawer, group, seed + number) for number, group in enumerate(codes)])
    return group_score(encode(reader, pictures).reshape(GROUPS, GROUP_SIZE, -1), fixed)
