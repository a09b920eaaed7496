"""Measures a translator on pictures it was not trained on: `python -m trainer judge weights/NAME --data …`.

Prints the figures and writes them into the network's card, in place of those that stood there.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.domains import domains_of, read_both
from data.folders import split
from metrics.fidelity import frechet_distance
from metrics.translation import edge_agreement, matched, psnr, similarity
from models import load
from models.errors import InvalidInput
from models.features import answers, features
from models.loading import find, read
from models.pixels import Pictures
from models.translation import Translation, directions, outlier_score, snap, translate
from trainer.export import FIGURES_FILE, refresh_files, write_figures
from trainer.pretrained.lite0 import last_features, lite0
from trainer.runs import write_text
from trainer.settings import REQUIRED, setting


@dataclass(frozen=True)
class Judging:
    """Settings of one measurement."""

    network: Path = setting(REQUIRED, "weights folder of a translator, weights/NAME", first=True)
    data: Path = setting(REQUIRED, "folder or zip archive of the pictures it was trained on")
    judge: str = setting("", "feature networks that tell the domains apart, for translators without a palette, A,B")
    seed: int = setting(0, "of the random references", least=0)


def judge(settings: Judging) -> str:
    """Measures, prints, and writes the card.

    Returns:
        the text in the card, Markdown.

    Raises:
        NetworkUnavailable, InvalidInput, UnusableData.
    """
    folder = find(settings.network if settings.network.is_dir() else str(settings.network))
    network = read(folder)
    if not isinstance(network, Translation):
        raise InvalidInput(f"{settings.network} holds a {network.config.family}; give the folder of a translator.")
    described = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    first, second = read_both(
        settings.data,
        domains_of(described.get("domains") or ",".join(network.config.domains)),
        height=described["height"],
        width=described["width"],
        channels=network.config.channels,
        least=described["validation"] + 1,
    )
    splits = [split(part, described["validation"]) for part in (first, second)]
    held_out = [unseen for _, unseen in splits]
    seen = [some[: len(unseen)] for some, unseen in splits]
    if network.config.palette:
        text, figures = judge_maps(network, held_out[0], held_out[1], seen[1])
    elif settings.judge:
        text, figures = judge_domains(network, seen, held_out, settings)
    else:
        raise InvalidInput("This translator has no palette; name a network that tells its domains apart by --judge.")
    write_text(folder / FIGURES_FILE, json.dumps(figures, indent=2) + "\n")
    write_figures(folder / "README.md", text)
    refresh_files(folder)
    print(text)
    return text


def each(function: Callable[..., Any], *pictures: Pictures) -> NDArray[Any]:
    """A function of one picture of each array, over all of them."""
    return np.stack([function(*row) for row in zip(*pictures, strict=True)])


def mean(function: Callable[..., float], *pictures: Pictures) -> float:
    """The mean of such a function."""
    return float(each(function, *pictures).mean())


def lite0_distances(real: Pictures, *others: Pictures) -> list[float]:
    """Fréchet distances in the last features of EfficientNet-Lite0, see trainer.pretrained.lite0.

    Args:
        real: held-out pictures, uint8 (N, H, W, C).
        others: sets of pictures, each of any number.
    """
    network = lite0()
    features = last_features(network, real)
    return [frechet_distance(features, last_features(network, some)) for some in others]


def judge_domains(
    network: Translation, seen: list[Pictures], held_out: list[Pictures], settings: Judging
) -> tuple[str, dict[str, Any]]:
    """Figures of a translator between two domains of pictures: text for the card, and the same by name."""
    names = [name.strip() for name in settings.judge.split(",")]
    classifiers, random = [load(name) for name in names], np.random.default_rng(settings.seed)
    figures: dict[str, Any] = {"seed": settings.seed, "count": len(held_out[0])}
    lines = ["| figure | " + " | ".join(directions(network)) + " |", "|---|" + "---|" * len(directions(network))]
    columns: list[dict[str, float]] = []
    for way, direction in enumerate(directions(network)):
        x, target = held_out[way], held_out[1 - way]
        y = each(lambda picture, d=direction: translate(network, picture, d), x)
        simple = each(matched, x, target[random.integers(0, len(target), len(x))])
        others = np.roll(np.arange(len(x)), 1)
        column: dict[str, float] = {}
        for number, classifier in enumerate(classifiers):
            by = f" ({'ABCDEFGH'[number]})" if len(names) > 1 else ""
            taken = [(answers(classifier, part)[:, 0] > 0) == (way == 0) for part in (y, target, simple)]
            real, *others_features = (features(classifier, part) for part in (target, seen[1 - way], x, simple, y))
            far = [frechet_distance(real, part) for part in others_features]
            column |= {
                f"translated, taken for the other kind{by}": 100 * float(taken[0].mean()),
                f"real ones, taken for what they are{by}": 100 * float(taken[1].mean()),
                f"histograms matched, taken for the other kind{by}": 100 * float(taken[2].mean()),
                f"Fréchet distance, real ones of the training{by}": far[0],
                f"Fréchet distance, untouched{by}": far[1],
                f"Fréchet distance, histograms matched{by}": far[2],
                f"Fréchet distance, translated{by}": far[3],
            }
        half = x.shape[1] // 2
        lite = lite0_distances(target, seen[1 - way], x, simple, y)
        column |= {
            "Fréchet distance, real ones of the training (Lite0)": lite[0],
            "Fréchet distance, untouched (Lite0)": lite[1],
            "Fréchet distance, histograms matched (Lite0)": lite[2],
            "Fréchet distance, translated (Lite0)": lite[3],
            "edges, with the original": mean(edge_agreement, x, y),
            "edges, with another picture": mean(edge_agreement, x[others], y),
            "SSIM of the upper half, with the original": mean(similarity, x[:, :half], y[:, :half]),
            "unlike its training pictures, by the page's warning": 100
            * float(np.mean([(outlier_score(network, picture, direction) or 0) > 1 for picture in x])),
        }
        if len(directions(network)) == 2:
            back = directions(network)[1 - way]
            again = each(lambda picture, d=back: translate(network, picture, d), y)
            column["PSNR of the cycle, dB"] = psnr(x, again)
        columns.append(column)
        figures[direction] = {name: round(value, 4) for name, value in column.items()}
    for name in columns[0]:
        percent = " %" if "taken" in name or "unlike" in name else ""
        digits = 3 if name.startswith(("edges", "SSIM")) else 2 if "Lite0" in name else 1
        lines.append(f"| {name} | " + " | ".join(f"{column[name]:.{digits}f}{percent}" for column in columns) + " |")
    text = (
        f"On the {len(held_out[0]):,} held-out pictures of each kind. What they are taken for says {told_by(names)}, "
        "trained apart on the same training pictures; the Fréchet distances are in its features, to the "
        "held-out pictures of the other kind. Lite0: the same in the last features of EfficientNet-Lite0, pretrained "
        "on ImageNet; a network trained with --perceptual or --discriminator projected has learned to please these. "
        "Histograms matched: each channel's, to a random one of these "
        f"(seed {settings.seed}). Edges: correlation of the ranks of Sobel's edge strength.\n\n"
    )
    return text + "\n".join(lines), figures


def told_by(names: list[str]) -> str:
    """The judges with their letters."""
    if len(names) == 1:
        return f"`{names[0]}`"
    return " and ".join(f"`{name}` ({letter})" for name, letter in zip(names, "ABCDEFGH", strict=False))


def judge_maps(
    network: Translation, maps: Pictures, photographs: Pictures, seen: Pictures
) -> tuple[str, dict[str, Any]]:
    """Figures of a translator from maps of labels to photographs: text for the card, and the same by name.

    Args:
        network: to be measured.
        maps, photographs: held-out pairs.
        seen: as many photographs of the training.
    """
    there, back = directions(network)
    config = network.config
    truth = each(lambda picture: snap(config, picture), maps)
    drawn = each(lambda picture: translate(network, picture, there), maps)
    read_real, read_drawn = (
        each(lambda picture: snap(config, translate(network, picture, back)), part) for part in (photographs, drawn)
    )
    on_real, on_drawn = float((read_real == truth).mean()), float((read_drawn == truth).mean())
    lite = lite0_distances(photographs, seen, drawn)
    present = [number for number in range(len(config.palette)) if (truth == number).mean() > 0.001]
    figures: dict[str, Any] = {
        "count": len(maps),
        "agreement_real": round(on_real, 4),
        "agreement_generated": round(on_drawn, 4),
        "l1": round(float(np.abs(drawn.astype(float) - photographs).mean()), 2),
        "edges": round(mean(edge_agreement, photographs, drawn), 4),
        "edges_other": round(mean(edge_agreement, photographs[np.roll(np.arange(len(maps)), 1)], drawn), 4),
        "lite0_frechet_real": round(lite[0], 2),
        "lite0_frechet_generated": round(lite[1], 2),
    }
    lines = [
        "| figure | value |",
        "|---|---|",
        f"| pixels of real photographs whose class is read right | {100 * on_real:.1f} % |",
        f"| pixels of generated photographs whose class is read as asked | {100 * on_drawn:.1f} % |",
        f"| the latter relative to the former | {100 * on_drawn / on_real:.1f} % |",
        f"| mean difference from the true photograph, grey levels | {figures['l1']:.1f} |",
        f"| edges, with the true photograph | {figures['edges']:.3f} |",
        f"| edges, with another photograph | {figures['edges_other']:.3f} |",
        f"| Fréchet distance, real photographs of the training (Lite0) | {figures['lite0_frechet_real']:.2f} |",
        f"| Fréchet distance, generated photographs (Lite0) | {figures['lite0_frechet_generated']:.2f} |",
        "",
        "| class | share of pixels | read right, real | read as asked, generated |",
        "|---|---|---|---|",
    ]
    for number in present:
        there_is = truth == number
        lines.append(
            f"| {config.classes[number]} | {100 * there_is.mean():.1f} % "
            f"| {100 * (read_real[there_is] == number).mean():.0f} % "
            f"| {100 * (read_drawn[there_is] == number).mean():.0f} % |"
        )
    text = (
        f"On the {len(maps):,} held-out pairs. Classes are read by the way back of this network, which learned from "
        "real photographs only. Lite0: in the last features of EfficientNet-Lite0, pretrained on ImageNet, to the "
        "held-out photographs; a network trained with --perceptual or --discriminator projected has learned to please "
        "these.\n\n"
    )
    return text + "\n".join(lines), figures
