"""From a slider to the picture in a real browser: our tab against the least route that returns a constant picture.

    python -m benchmarks.latency [--moves 80]

Both pages are served by Gradio, asked from one Chromium in turns. The floor has the same slider, the same kind of
route (a server function of gr.HTML) and a constant PNG picture of 64 x 64 pixels; ours draws, encodes, and shows. p50
should be at most 1.6 times the floor's, p95 at most 2.5 times.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.serving import served
from media.images import data_uri, png
from models import load
from models.infogan.network import default_codes, generate

MODEL = "scenes-infogan-cr-64"
WARM_UP = 10  # moves that are not counted
FLOOR = "benchmarks/latency_floor.py"
MOVE = Path(__file__).with_name("latency_move.js")  # defines moveSlider


def moves(page: Page, count: int) -> list[float]:
    """Milliseconds from each position of the first slider to its picture on the canvas."""
    taken = []
    for number in range(count):
        value = round(-0.9 + 1.8 * ((number * 37) % 100) / 100, 2)
        taken.append(float(page.evaluate("(value) => moveSlider(value)", value)))
        page.wait_for_timeout(450 if number % 10 == 9 else 20)  # what follows at rest (strips) is not in the way
    return taken


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of all lies."""
    return statistics.quantiles(values, n=100)[round(100 * share) - 1]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=80)
    options = parser.parse_args()
    network = load(MODEL)
    constant = data_uri(png(generate(network, default_codes(network))[0]), "png")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        picture = Path(place) / "picture.txt"
        picture.write_text(constant, encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        with served(FLOOR, str(picture)) as (floor, _), served("app.py") as (ours, _):
            pages = {"floor": browser.new_page(), "ours": browser.new_page()}
            pages["floor"].goto(floor)
            pages["ours"].goto(f"{ours}/?tab=latent&model={MODEL}")
            pages["floor"].wait_for_selector("#latent input")
            pages["ours"].wait_for_selector("#latent [data-meter]")
            taken: dict[str, list[float]] = {"floor": [], "ours": []}
            for page in pages.values():
                page.add_script_tag(path=MOVE)
                moves(page, WARM_UP)
            for _ in range(4):
                for name, page in pages.items():
                    taken[name] += moves(page, options.moves // 4)
        browser.close()
    for share in (0.5, 0.95):
        ours_ms, floor_ms = (percentile(taken[name], share) for name in ("ours", "floor"))
        print(f"p{100 * share:.0f}: {ours_ms:.1f} ms, floor {floor_ms:.1f} ms, {ours_ms / floor_ms:.2f} times")


if __name__ == "__main__":
    main()
