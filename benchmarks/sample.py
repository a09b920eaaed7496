"""One sample of 16 faces, warm: the page against the bare network and the floor of Gradio, alternating in one run.

    python -m benchmarks.sample [--rounds 40]

The floor is a page whose endpoint answers with the same 16 pictures, ready made. Ours may take 1.5 times the bare
network more than that.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import torch

from benchmarks.serving import FLOOR, call, served
from models import load
from models.gan import generate

NETWORKS = ("faces-128", "faces-celeba-64")  # the one the page opens on, and the one it opened on before
COUNT = 16


def seconds(action: Callable[[], Any]) -> float:
    """How long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def main() -> None:
    """Prints the medians of each network."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40, help="calls of each kind")
    options = parser.parse_args()
    torch.set_num_threads(2)  # as the page on two cores
    with httpx.Client(timeout=60) as client, served("app.py") as page:
        for name in NETWORKS:
            measure(client, page.address, name, options.rounds)


def measure(client: httpx.Client, page: str, name: str, rounds: int) -> None:
    """Prints the medians of one network, their sum and ratio."""
    network = load(name)
    with tempfile.TemporaryDirectory() as place:
        answer = Path(place) / "answer.json"
        answer.write_text(json.dumps(call(client, page, "sample", [name, COUNT, 1, 1.0])))
        with served("-c", FLOOR, str(answer)) as floor:
            kinds: dict[str, Callable[[int], Any]] = {
                "bare": lambda seed: generate(network, seed=seed, count=COUNT),
                "floor": lambda seed: call(client, floor.address, "sample", []),
                "page": lambda seed: call(client, page, "sample", [name, COUNT, seed, 1.0]),
            }
            times: dict[str, list[float]] = {kind: [] for kind in kinds}
            for seed in range(rounds + 3):
                for kind, action in kinds.items():
                    times[kind].append(seconds(lambda action=action, seed=seed: action(seed)))  # type: ignore[misc]
    bare, floor_time, ours = (statistics.median(times[kind][3:]) * 1e3 for kind in ("bare", "floor", "page"))
    print(f"{COUNT} faces of {name}, warm, median of {rounds}")
    print(f"bare network        {bare:6.1f} ms, {bare / COUNT:.1f} ms a picture")
    print(f"Gradio's floor      {floor_time:6.1f} ms")
    print(f"page, /sample       {ours:6.1f} ms   floor + {(ours - floor_time) / bare:.2f} times the bare network")


if __name__ == "__main__":
    main()
