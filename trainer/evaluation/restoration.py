"""Measures an upscaler by the classic protocol: what `python -m trainer evaluate` does with one."""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from data.degradation import cut_to_multiple, degrade
from data.folders import read_photographs
from metrics.restoration import psnr, ssim
from models.errors import InvalidInput, UnusableData
from models.pixels import Pictures, resize
from models.super_resolution import SuperResolution, invented, upscale
from trainer.export import FIGURES_FILE
from trainer.runs import write_text

NAMES = ("bicubic_psnr", "bicubic_ssim", "psnr", "ssim", "inconsistency", "colour_shift")
EXPLANATION = """\
Classic protocol, through `models.super_resolution.upscale` as the page runs it: each picture cut to a multiple of
{scale}, reduced with an antialiasing bicubic filter to 8 bits, enlarged again; PSNR and SSIM on the luma of BT.601, a
border of {scale} px left out, means over the pictures. Inconsistency: mean difference of the result, reduced again,
from what was given, in grey levels. Colour shift: the largest mean difference of a channel from the truth, in grey
levels.

| pictures | number | bicubic, PSNR / SSIM | this network, PSNR / SSIM | inconsistency | colour shift |
|---|---|---|---|---|---|
{lines}
"""


def measure_upscaler(network: SuperResolution, folder: Path, data: Path, validation: int | None) -> str:
    """The text for the card; the figures by name are written into the folder.

    Args:
        network: to be measured.
        folder: that it was read from.
        data: folder or zip archive of sharp pictures; those of each of its folders make a line of the table.
        validation: only so many, the last by file name; None for all, or, of the pictures it was trained on, for those
            that were held out.

    Raises:
        UnusableData: no pictures, or too small ones.
        InvalidInput: the pictures it was trained on, and how many were held out is not known.
    """
    scale = network.config.scale
    pictures = list(read_photographs(data))
    if validation is None:
        validation = held_out(folder, data)
    if validation is not None:
        pictures = pictures[-validation:]
    if not pictures:
        raise UnusableData(f"{data} holds no pictures; give a folder or an archive with sharp pictures.")
    sets: dict[str, list[Pictures]] = {}
    for name, picture in pictures:
        sets.setdefault(PurePosixPath(name).parent.name or data.stem, []).append(picture)
    if validation is not None:
        sets = {f"the last {validation} of {data.name}, held out": [picture for _, picture in pictures]}
    figures, lines = {}, []
    for name, own in sorted(sets.items()):
        rows = np.array(list(measures(network, own)))
        means = rows.mean(axis=0)
        figures[name] = dict(zip(NAMES, np.round(means, 4).tolist(), strict=True))
        bicubic, ours = f"{means[0]:.2f} / {means[1]:.4f}", f"{means[2]:.2f} / {means[3]:.4f}"
        lines.append(f"| {name} | {len(own)} | {bicubic} | **{ours}** | {means[4]:.2f} | {means[5]:.2f} |")
    write_text(folder / FIGURES_FILE, json.dumps({"scale": scale, **figures}, indent=2) + "\n")
    return EXPLANATION.format(scale=scale, lines="\n".join(lines))


def measures(network: SuperResolution, pictures: list[Pictures]) -> Iterator[tuple[float, ...]]:
    """The figures of NAMES for each picture."""
    scale = network.config.scale
    for picture in pictures:
        truth = cut_to_multiple(picture, scale)
        given = degrade(truth, scale)
        result, plain = upscale(network, given, scale), resize(given, *truth.shape[:2])
        shift = np.abs(result.mean(axis=(0, 1)) - truth.mean(axis=(0, 1))).max()
        yield (
            psnr(plain, truth, border=scale),
            ssim(plain, truth, border=scale),
            psnr(result, truth, border=scale),
            ssim(result, truth, border=scale),
            float(invented(result, given).mean()),
            float(shift),
        )


def held_out(folder: Path, data: Path) -> int | None:
    """How many pictures the training held out, if `data` are those it was trained on. Raises InvalidInput."""
    try:
        described: dict[str, Any] = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if described.get("data") != data.name:
        return None
    if not isinstance(described.get("validation"), int):
        raise InvalidInput(f"{folder} does not say how many of {data} were held out; give --validation.")
    return int(described["validation"])
