"""From the start of the process to the first answer and the first picture, against the least Gradio page with torch.

python -m benchmarks.startup [--rounds 3]
"""

import argparse
import statistics
import time

import httpx

from benchmarks.serving import FLOOR, call, served

NETWORKS = ("faces-128", "faces-celeba-64")  # the one the page opens on, and the one it opened on before


def main() -> None:
    """Prints the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="starts of each page")
    options = parser.parse_args()
    times: dict[str, list[float]] = {name: [] for name in ("floor", "answered", *NETWORKS)}
    for _ in range(options.rounds):
        with served("-c", "import torch" + FLOOR) as page:
            times["floor"].append(page.seconds)
        for network in NETWORKS:
            with httpx.Client(timeout=60) as client, served("app.py") as page:
                times["answered"].append(page.seconds)
                started = time.perf_counter()
                call(client, page.address, "sample", [network, 16, 1, 1.0])
                times[network].append(page.seconds + time.perf_counter() - started)
    floor, answered = (statistics.median(times[name]) for name in ("floor", "answered"))
    print(f"median of {options.rounds} starts, files in the disk cache")
    print(f"least Gradio page with torch, answered   {floor:5.2f} s")
    print(f"our page, answered                       {answered:5.2f} s   {answered / floor:.2f} times")
    for network in NETWORKS:
        picture = statistics.median(times[network])
        print(f"our page, 16 faces of {network:18} {picture:5.2f} s   {picture / floor:.2f} times")


if __name__ == "__main__":
    main()
