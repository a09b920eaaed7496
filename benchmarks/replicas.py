"""What replicas of Ray Serve bring on this machine, and what the way to them costs: `python -m benchmarks.replicas`.

Work in this process with one thread, beside the same work on one replica and on two of one processor each, in turns, so
that whatever else the machine does hits all alike. With fewer than three free processors, page, Ray and replicas share
them. `python -m benchmarks.replicas 1` measures one replica only.
"""

import logging
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import torch

from models import load
from models.gan import generate
from serving import replicas
from serving.deployment import REPLICAS
from serving.inference import translate, upscale
from serving.replicas import Cluster
from tests.pages import free_port
from tests.ray_head import RayHead

ROUNDS = 10
VISITORS = 8  # pictures translated at the same time
HERE = Cluster("")

Work = Callable[[], object]


def works() -> dict[str, tuple[int, Work]]:
    """What is measured: parts for replicas, and the work."""
    photograph = np.random.default_rng(0).integers(0, 256, (1024, 1024, 3), np.uint8)
    street = np.ascontiguousarray(photograph[:144, :256])
    streets = load("streets-day-night-256")

    def visitors() -> None:
        with ThreadPoolExecutor(VISITORS) as threads:
            list(threads.map(lambda _: translate(streets, street, "day-to-night"), range(VISITORS)))

    return {
        "upscale-x4-fast": (32, partial(upscale, load("upscale-x4-fast"), photograph, 4)),
        "upscale-x4-quality": (32, partial(upscale, load("upscale-x4-quality"), photograph, 4)),
        "streets-day-night-256, one picture": (1, partial(translate, streets, street, "day-to-night")),
        f"streets-day-night-256, {VISITORS} at once": (VISITORS, visitors),
        "faces-celeba-64, 64 faces": (4, partial(generate, load("faces-celeba-64"), seed=1, count=64)),
    }


def measure(count: int) -> None:
    """Prints times with so many replicas, and their ratios to those without."""
    os.environ[REPLICAS] = str(count)
    head = RayHead(free_port(), processors=count)
    cluster = Cluster(head.address)
    try:
        head.start()
        cluster.start()
        deadline = time.monotonic() + 2 * replicas.START
        while cluster.window < 2 * replicas.BATCH * count:
            if time.monotonic() > deadline:
                sys.exit("The replicas are not ready after four minutes.")
            time.sleep(0.1)
        title = f"{count} replica{'s' if count > 1 else ''}"
        print(f"\n{title:36}{'parts/s here':>14}{'there':>8}{'ratio':>8}", end="")
        print(f"{'page busy, ms a part':>24}{'then':>8}{'ratio':>8}")
        for name, (parts, work) in works().items():
            best: dict[Cluster, float] = {}  # s
            busy: dict[Cluster, float] = {}  # s of processors, in this process
            for number in range(ROUNDS + 1):
                for place in (HERE, cluster):
                    replicas.cluster = place
                    begun, used = time.perf_counter(), time.process_time()
                    work()
                    taken, used = time.perf_counter() - begun, time.process_time() - used
                    if number:  # the first one reads the network
                        best[place] = min(best.get(place, taken), taken)
                        busy[place] = min(busy.get(place, used), used)
            here, there = (parts / best[place] for place in (HERE, cluster))
            own, left = (1000 * busy[place] / parts for place in (HERE, cluster))
            print(f"{name:36}{here:14.1f}{there:8.1f}{there / here:8.2f}{own:24.1f}{left:8.1f}{left / own:8.2f}")
        stacked = [rows for work, _, rows in head.ask("last_passes") if work == "draw_tiles"]
        print(f"tiles in one forward pass, on average: {np.mean(stacked):.1f}; {cluster.done_here} parts done here")
    finally:
        cluster.close()
        head.remove()


if __name__ == "__main__":
    logging.getLogger("latent-lab").setLevel(logging.ERROR)  # a cluster that is not there yet is none
    torch.set_num_threads(1)
    print(f"{os.cpu_count()} processors, best of {ROUNDS}")
    for count in [int(argument) for argument in sys.argv[1:]] or [1, 2]:
        measure(count)
