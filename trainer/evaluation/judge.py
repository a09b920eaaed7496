"""Measures a translator on pictures it was not trained on: `python -m trainer judge weights/NAME --data …`.

Prints the figures and writes them into the network's card, in place of those that stood there.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.domains import Domain, domains_of, read_both
from data.folders import split
from data.landmarks import is_installed
from metrics.fidelity import frechet_distance
from metrics.translation import edge_agreement, matched, psnr, similarity
from models import load
from models.errors import InvalidInput
from models.faces.attributes import NAMED, NETWORK, readings, years
from models.features import answers, features
from models.loading import find, read
from models.pixels import Pictures
from models.translation import Translation, directions, outlier_score, snap, translate
from trainer.evaluation.identity import recogniser
from trainer.evaluation.reconstruction import nearer_than
from trainer.export import FIGURES_FILE, refresh_files, write_figures
from trainer.pretrained.lite0 import last_features, lite0
from trainer.runs import write_text
from trainer.settings import REQUIRED, setting

OTHER_FEATURES = "faces-features-64"  # of faces, learned apart from what reads attributes
FACES_TEXT = """\
On the {count:,} held-out pictures of each kind. The {attribute} is read by `{reader}`, which took no part in the
training of this network; a face is taken for the other kind if its reading lies beyond the middle between the mean
readings of both kinds. Fréchet distances are in the features of `{other}`, a network that learned other
questions from other crops, to the held-out pictures of the other kind; Lite0: the same in the last features of
EfficientNet-Lite0, pretrained on ImageNet. Who somebody is, dlib's network for face recognition tells; the features of
the other two also say how old somebody looks. Edges: correlation of the ranks of Sobel's edge strength. Measured by
`python -m trainer judge`.

"""

Readings = NDArray[np.float32]


@dataclass(frozen=True)
class Judging:
    """Settings of one measurement."""

    network: Path = setting(REQUIRED, "weights folder of a translator, weights/NAME", first=True)
    data: Path = setting(REQUIRED, "folder or zip archive of the pictures it was trained on")
    judge: str = setting("", "feature networks that tell the domains apart, for translators without a palette, A,B")
    reader: str = setting("", f"for faces chosen by a column that it reads: the network that does, {NETWORK}")
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
    domains = domains_of(described.get("domains") or ",".join(network.config.domains))
    first, second = read_both(
        settings.data,
        domains,
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
    elif settings.reader:
        text, figures = judge_faces(network, domains, seen, held_out, settings.reader)
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
    columns: list[dict[str, float]] = []
    for way, direction in enumerate(directions(network)):
        x, target = held_out[way], held_out[1 - way]
        y = each(lambda picture, d=direction: translate(network, picture, d), x)
        simple = each(matched, x, target[random.integers(0, len(target), len(x))])
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
        column |= of_the_pictures(
            network,
            direction,
            x,
            target,
            y,
            {"real ones of the training": seen[1 - way], "untouched": x, "histograms matched": simple, "translated": y},
        )
        columns.append(column)
        figures[direction] = {name: round(value, 4) for name, value in column.items()}
    table = table_of(directions(network), columns)
    text = (
        f"On the {len(held_out[0]):,} held-out pictures of each kind. What they are taken for says {told_by(names)}, "
        "trained apart on the same training pictures; the Fréchet distances are in its features, to the "
        "held-out pictures of the other kind. Lite0: the same in the last features of EfficientNet-Lite0, pretrained "
        "on ImageNet; a network trained with --perceptual or --discriminator projected has learned to please these. "
        "Histograms matched: each channel's, to a random one of these "
        f"(seed {settings.seed}). Edges: correlation of the ranks of Sobel's edge strength.\n\n"
    )
    return text + table, figures


def of_the_pictures(
    network: Translation, direction: str, x: Pictures, target: Pictures, y: Pictures, kinds: dict[str, Pictures]
) -> dict[str, float]:
    """Figures of one direction that ask no judge of its domains: how far pictures of several kinds are from the real
    ones of the other domain, what of a picture stayed, and how well it comes back.

    Args:
        network: a translator.
        direction: one of its directions.
        x, y: held-out pictures, uint8 (N, H, W, C), and what became of them.
        target: held-out pictures of the other domain.
        kinds: pictures whose Fréchet distance to `target` is measured, by what they are.
    """
    others, half = np.roll(np.arange(len(x)), 1), x.shape[1] // 2
    distances = lite0_distances(target, *kinds.values())
    column = {f"Fréchet distance, {kind} (Lite0)": far for kind, far in zip(kinds, distances, strict=True)}
    column |= {
        "edges, with the original": mean(edge_agreement, x, y),
        "edges, with another picture": mean(edge_agreement, x[others], y),
        "SSIM of the upper half, with the original": mean(similarity, x[:, :half], y[:, :half]),
    }
    scores = [outlier_score(network, picture, direction) for picture in x]
    if None not in scores:  # it comes with discriminators, which know
        usual = np.array(scores, float) <= 1
        column["unlike its training pictures, by the page's warning"] = 100 * float(1 - usual.mean())
    if len(directions(network)) == 2:
        back = next(other for other in directions(network) if other != direction)
        column["PSNR of the cycle, dB"] = psnr(x, each(lambda picture: translate(network, picture, back), y))
    return column


def table_of(ways: list[str], columns: list[dict[str, float]]) -> str:
    """The figures of each direction side by side, in Markdown."""
    lines = ["| figure | " + " | ".join(ways) + " |", "|---|" + "---|" * len(ways)]
    for name in columns[0]:
        percent = " %" if name.startswith(("translated", "real ones", "histograms", "unlike", "nearer")) else ""
        digits = 3 if name.startswith(("edges", "SSIM")) else 2 if "Lite0" in name or "reading" in name else 1
        lines.append(f"| {name} | " + " | ".join(f"{column[name]:.{digits}f}{percent}" for column in columns) + " |")
    return "\n".join(lines)


def judge_faces(
    network: Translation, domains: tuple[Domain, Domain], seen: list[Pictures], held_out: list[Pictures], name: str
) -> tuple[str, dict[str, Any]]:
    """Figures of a translator between faces that were chosen by an attribute: text for the card, and the same by name.

    Args:
        network: to be measured.
        domains: how its pictures were chosen, both by the same column.
        seen, held_out: pictures of both domains, uint8 (N, 128, 128, 3), those of the training as many as the others.
        name: of the network that reads the attribute.

    Raises:
        NetworkUnavailable; InvalidInput: it reads no such attribute.
    """
    reader, other_reader, attribute = load(name), load(OTHER_FEATURES), domains[0].column
    if attribute not in NAMED or domains[1].column != attribute:
        raise InvalidInput(f"{name} reads {', '.join(NAMED)}; the two domains have to be chosen by one of these.")
    describers: dict[str, Callable[[Pictures], Any]] = {
        f"`{judge_name}`": partial(features, judge)
        for judge_name, judge in ((name, reader), (OTHER_FEATURES, other_reader))
    }
    if is_installed():
        describers["dlib's face recognition"] = recogniser()
    place = NAMED.index(attribute)
    real = [readings(reader, part) for part in held_out]
    middle = float(np.mean([part[:, place].mean() for part in real]))
    figures: dict[str, Any] = {"count": len(held_out[0])}
    columns: list[dict[str, float]] = []
    for way, direction in enumerate(directions(network)):
        x, target = held_out[way], held_out[1 - way]
        y = each(lambda picture, d=direction: translate(network, picture, d), x)
        sign = 1 if real[1 - way][:, place].mean() > middle else -1
        before, after = real[way], readings(reader, y)
        kinds = {"real ones of the training": seen[1 - way], "untouched": x, "translated": y}
        column = {
            "translated, taken for the other kind": 100 * float((sign * (after[:, place] - middle) > 0).mean()),
            "real ones, taken for what they are": 100 * float((sign * (real[1 - way][:, place] - middle) > 0).mean()),
            **moved(attribute, before[:, place], after[:, place], real[1 - way][:, place]),
            "mean change of the other readings": float(np.abs(np.delete(after - before, place, axis=1)).mean()),
        }
        for describer, describe in describers.items():
            rank = nearer_than(describe(y), describe(x))
            column[f"nearer to their own photograph than to 95 % of the others, by {describer}"] = 100 * float(
                (rank >= 0.95).mean()
            )
        there = features(other_reader, target)
        column |= {
            f"Fréchet distance, {kind}": frechet_distance(there, features(other_reader, part))
            for kind, part in kinds.items()
        }
        column |= of_the_pictures(network, direction, x, target, y, kinds)
        columns.append(column)
        figures[direction] = {key: round(value, 4) for key, value in column.items()}
    text = FACES_TEXT.format(count=len(held_out[0]), attribute=attribute, reader=name, other=OTHER_FEATURES)
    return text + table_of(directions(network), columns), figures


def moved(attribute: str, before: Readings, after: Readings, target: Readings) -> dict[str, float]:
    """What is read of an attribute, on average: before, after, and in real pictures of the other kind."""
    unit, means = f"{attribute}, mean reading", [float(part.mean()) for part in (before, after, target)]
    if attribute == "age":
        unit, means = "age, years", [years(part) for part in means]
    return {
        f"{unit}: before": means[0],
        f"{unit}: translated": means[1],
        f"{unit}: change": means[1] - means[0],
        f"{unit}: real ones of the other kind": means[2],
    }


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
