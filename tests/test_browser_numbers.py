"""The random numbers that the page's scripts have to draw, too: what tests/page/random.json says is what Python draws.

`python -m tests.test_browser_numbers` writes that file anew.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from models.faces.lineage import ancestors, child_seed, children
from models.gan import draw_latents, interpolate
from models.infogan.codes import categories, draw_codes

KNOWN = Path(__file__).with_name("page") / "random.json"
LAST = 17  # numbers of a drawing that are kept: its last block, and one before it
DRAWINGS = ((1, 1), (5, 1), (5, 2**31 - 1), (8, 7), (15, 3), (16, 0), (17, 99_999), (31, 4), (128, 2), (401, 12_345))
LINEAGES: tuple[tuple[int, tuple[int, ...]], ...] = (
    (1, (3,)), (7, (5, 3)), (2**31 - 1, (1, 2, 3, 4, 5, 256)), (0, (1,))
)  # fmt: skip
TYPES = ("uniform", "categorical-4", "circular", "categorical-3", "uniform")


def drawn_twice(count: int, seed: int) -> list[list[float]]:
    """The last numbers of two drawings from one source."""
    source = torch.Generator().manual_seed(seed)
    return [shortened(torch.randn(count, generator=source)[-LAST:].tolist()) for _ in range(2)]


def shortened(numbers: Any) -> list[float]:
    return [round(float(number), 8) for number in numbers]


def known() -> dict[str, Any]:
    """What Python draws."""
    start, end = (draw_latents(20, seed=seed, count=1)[0] for seed in (1, 2))
    source = torch.Generator().manual_seed(6)
    return {
        "normal": [
            {"count": count, "seed": seed, "numbers": drawn_twice(count, seed)} for count, seed in DRAWINGS
        ],
        "codes": {
            "types": [[kind, categories(kind)] for kind in TYPES],
            "seed": 6,
            "codes": shortened(draw_codes(TYPES, count=1, randomness=source)[0]),
        },
        "lineages": [
            {
                "seed": seed,
                "path": path,
                "child_seed": child_seed(seed, path),
                "picked": shortened(ancestors(20, seed=seed, path=path)[-1]),
                "children": shortened(children(20, seed=seed, path=path, count=2)[1]),
            }
            for seed, path in LINEAGES
        ],
        "way": [shortened(latent) for latent in interpolate(start, end, steps=4)],
    }  # fmt: skip


def test_the_known_numbers_are_what_python_draws() -> None:
    written = json.loads(KNOWN.read_text(encoding="utf-8"))
    now = json.loads(json.dumps(known()))
    assert numbers_of(written) == pytest.approx(numbers_of(now), abs=1e-6)


def numbers_of(value: Any) -> list[float]:
    """All numbers of a structure, in order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for part in value for number in numbers_of(part)]
    return [] if isinstance(value, str) else [float(value)]


if __name__ == "__main__":
    KNOWN.write_text(json.dumps(known()) + "\n", encoding="utf-8")
