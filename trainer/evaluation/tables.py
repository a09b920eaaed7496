"""The figures of a generator as tables of its card."""

from dataclasses import dataclass
from statistics import mean

from metrics.fidelity import (
    Copying,
    Fidelity,
)
from models.mixture import MixtureOfGaussians


@dataclass(frozen=True)
class Row:
    """One line of the table of fidelity."""

    name: str
    fidelity: Fidelity
    areas: list[float]  # of the two-sample test, one for each classifier; none where it was not made
    sharpness: float  # grey levels


def fidelity_table(rows: list[Row]) -> str:
    """The lines as a Markdown table."""
    lines = [
        "| pictures | Fréchet distance | precision | recall | density | coverage | two-sample AUC | sharpness |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        f = row.fidelity
        area = f"{mean(row.areas):.2f} ({min(row.areas):.2f} to {max(row.areas):.2f})" if row.areas else ""
        lines.append(
            f"| {row.name} | {f.frechet:.2f} | {f.precision:.2f} | {f.recall:.2f} | {f.density:.2f} "
            f"| {f.coverage:.2f} | {area} | {row.sharpness:.1f} |"
        )
    return "\n".join(lines)


def copying_table(copies: dict[str, tuple[Copying, Copying]]) -> str:
    """The figures on copying as a Markdown table."""
    lines = [
        "| pictures | distance in features | distance in pixels | unusually near, features | unusually near, pixels |",
        "|---|---|---|---|---|",
    ]
    for name, (in_features, in_pixels) in copies.items():
        lines.append(
            f"| {name} | {in_features.median:.2f} | {in_pixels.median:.1f} "
            f"| {100 * in_features.unusually_near:.1f} % | {100 * in_pixels.unusually_near:.1f} % |"
        )
    return "\n".join(lines)


def likelihood_table(mixture: MixtureOfGaussians, bits: dict[str, list[float]]) -> str:
    """The likelihoods as a Markdown table."""
    lines = [f"| pictures | mixture of {mixture.config.mixture_size} Gaussians | single Gaussian |", "|---|---|---|"]
    lines += [f"| {name} | {ours:.3f} | {single:.3f} |" for name, (ours, single) in bits.items()]
    return "\n".join(lines)
