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
from models.faces.attributes import NAMED, NETWORK, readings
from models.loading import load
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

FACES = """
What is read in faces: the last {count} of `{data}`, which no upscaler was trained on, reduced and enlarged in the same
way. Distance: of the {readings} readings of `{reader}` from those of the true picture, 0 to 1, mean.

| enlarged by | distance of the readings |
|---|---|
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


def measure_faces(network: SuperResolution, folder: Path, data: Path, *, count: int, beside: str) -> str:
    """The text for the card on what is read in enlarged faces.

    Args:
        network: to be measured, of the scale of the one beside it.
        folder: that it was read from.
        data: folder or zip archive of faces of the template of `models.faces.attributes`, all of one size.
        count: only so many, the last by file name.
        beside: another upscaler that gets a line, name or folder.

    Raises:
        UnusableData: no pictures; InvalidInput: no upscaler of this scale beside it.
    """
    scale = network.config.scale
    upscalers = {folder.name: network}
    if beside:
        other = load(beside)
        if not isinstance(other, SuperResolution) or other.config.scale != scale:
            raise InvalidInput(f"{beside} is no upscaler of scale {scale}.")
        upscalers = {beside: other, **upscalers}
    truths = [cut_to_multiple(picture, scale) for _, picture in read_photographs(data)][-count:]
    if not truths or len({truth.shape for truth in truths}) > 1:
        raise UnusableData(f"{data} holds no faces of one size; give an archive of faces such as celeba128.zip.")
    given = [degrade(truth, scale) for truth in truths]
    height, width = truths[0].shape[:2]
    ways: dict[str, list[Pictures]] = {"bicubic": [resize(picture, height, width) for picture in given]}
    for name, upscaler in upscalers.items():
        ways[f"`{name}`"] = [upscale(upscaler, picture, scale) for picture in given]
    reader = load(NETWORK)
    true = readings(reader, np.stack(truths))
    lines = [
        f"| {name} | {np.abs(readings(reader, np.stack(results)) - true).mean():.4f} |"
        for name, results in ways.items()
    ]
    return FACES.format(count=len(truths), data=data.name, readings=len(NAMED), reader=NETWORK, lines="\n".join(lines))


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
