"""What a network drew at moments of its training, and its losses, in two small files of its weights folder.

`history.webp` holds the frames one below the other: the same latents each time. `history.json` says of which steps they
are, and holds the curves. Only trainings that draw from nothing have one: elsewhere a frame would show someone's
photograph.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from models.pixels import Pictures
from trainer.runs import write_text

FRAMES = 24  # of a history, by default
POINTS = 200  # of a curve
STRIP = "history.webp"
CURVES = "history.json"
LARGEST_SIDE = 16_000  # px; WebP ends at 16,383
QUALITY = 60  # of WebP, of 100; the frames are looked at small and in motion


def frame_schedule(steps: int, frames: int) -> set[int]:
    """The steps after which a frame is drawn: close together early on, when most happens, up to the last one."""
    return {max(1, round(steps * (number / frames) ** 2)) for number in range(1, frames + 1)}


def write_history(run_folder: Path, out: Path, *, before: Path | None = None) -> None:
    """Writes the history of a run into a weights folder; nothing for a run without frames.

    Args:
        run_folder: of the run, with `frames/` and `log.jsonl`.
        out: the weights folder.
        before: the weights folder that the training started from; its history comes first.
    """
    files = sorted((run_folder / "frames").glob("step-*.webp"))
    if not files:
        return
    frames = [read_picture(file, "") for file in files]
    lines = [json.loads(line) for line in (run_folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    batch = lines[-1]["images"] // lines[-1]["step"]
    history: dict[str, Any] = {
        "frames": [batch * int(file.stem.removeprefix("step-")) for file in files],
        "curves": {name: curve(lines, name) for name in curve_names(lines)},
    }
    if before and (before / CURVES).is_file():
        earlier = json.loads((before / CURVES).read_text(encoding="utf-8"))
        strip = read_picture(before / STRIP, "L" if frames[0].ndim == 2 else "RGB")
        frames = [*np.split(strip, len(earlier["frames"])), *frames]
        history = joined(earlier, history)
    while len(frames) * len(frames[0]) > LARGEST_SIDE:  # every other one, the last one stays
        frames, history["frames"] = frames[::-1][::2][::-1], history["frames"][::-1][::2][::-1]
    Image.fromarray(np.concatenate(frames)).save(out / STRIP, quality=QUALITY, method=6)
    write_text(out / CURVES, json.dumps(history) + "\n")


def read_picture(file: Path, mode: str) -> Pictures:
    """A picture (H, W) or (H, W, 3), turned into a mode of Pillow's unless that is empty."""
    with Image.open(file) as picture:
        return np.asarray(picture.convert(mode) if mode else picture)


def curve_names(lines: list[dict[str, Any]]) -> list[str]:
    """The losses in a log."""
    return sorted({name for line in lines for name in line if name.endswith("_loss")})


def curve(lines: list[dict[str, Any]], name: str) -> list[list[float]]:
    """Up to POINTS pairs of training pictures so far and the mean of a figure around there."""
    pairs = np.array([(line["images"], line[name]) for line in lines if name in line])
    parts = np.array_split(pairs, min(POINTS, len(pairs)))
    return [[int(part[-1, 0]), round(float(part[:, 1].mean()), 4)] for part in parts]


def joined(earlier: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Two histories, one after the other; a note on the earlier one is kept."""
    so_far = earlier["frames"][-1]
    return {
        **({"note": earlier["note"]} if "note" in earlier else {}),
        "frames": [*earlier["frames"], *(so_far + images for images in later["frames"])],
        "curves": {
            name: [
                *earlier["curves"].get(name, []),
                *([so_far + images, value] for images, value in later["curves"].get(name, [])),
            ]
            for name in sorted({*earlier["curves"], *later["curves"]})
        },
    }
