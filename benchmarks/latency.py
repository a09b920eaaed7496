"""From a slider to the picture in a real browser: drawn by the server, drawn by the browser itself, and the least route
that returns a constant picture.

    python -m benchmarks.latency [--moves 80]

All pages are served by Gradio, asked from one Chromium in turns. The floor has the same slider, the same kind of route
(a server function of gr.HTML) and a constant PNG picture of 64 x 64 pixels; ours draws, encodes, and shows. With the
server, p50 should be at most 1.6 times the floor's, p95 at most 2.5 times; in the browser, at most 8 and 16 ms. Then
the same from afar: every request takes 150 ms longer.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.serving import CHROMIUM, served
from media.images import data_uri, png
from models import load
from models.infogan.network import default_codes, generate

MODEL = "scenes-infogan-cr-64"
WARM_UP = 10  # moves that are not counted
FLOOR = "benchmarks/latency_floor.py"
AFAR = 150  # ms that requests take longer for a visitor who is far away
HERE = "Drawn in your browser"
MOVE = Path(__file__).with_name("latency_move.js")  # defines moveSlider


def moves(page: Page, count: int) -> list[float]:
    """Milliseconds from each position of the first slider to its picture on the canvas."""
    taken = []
    for number in range(count):
        value = round(-0.9 + 1.8 * ((number * 37) % 100) / 100, 2)
        taken.append(float(page.evaluate("(value) => moveSlider(value)", value)))
        page.wait_for_timeout(450 if number % 10 == 9 else 20)  # what follows at rest (strips) is not in the way
    return taken


def rest(page: Page) -> None:
    """Waits for the strips that follow the last move: the server should not draw them while another page moves."""
    page.wait_for_function("() => { const { codes, strips } = latent.dataset; return !codes || codes === strips; }")


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of all lies."""
    return statistics.quantiles(values, n=100)[round(100 * share) - 1]


def wait_for_drawing_here(page: Page) -> None:
    """Moves the slider until its pictures are drawn by the browser."""
    for _ in range(60):
        moves(page, WARM_UP)
        if page.locator("#latent .drawn-where").text_content() == HERE:
            return
    raise RuntimeError("the browser never drew")


def go_afar(page: Page) -> None:
    """From now on every request of a page takes longer."""
    session = page.context.new_cdp_session(page)
    speeds = {"offline": False, "latency": AFAR, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", speeds)


def measure(pages: dict[str, Page], count: int, title: str) -> None:
    """Moves the slider of all pages in turns, and prints."""
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(4):
        for name, page in pages.items():
            taken[name] += moves(page, count // 4)
            rest(page)
    for share in (0.5, 0.95):
        ms = {name: percentile(values, share) for name, values in taken.items()}
        told = ", ".join(f"{name} {value:.1f} ms" for name, value in ms.items())
        print(
            f"{title}, p{100 * share:.0f}: {told}; server {ms['server'] / ms['floor']:.2f} times the floor", flush=True
        )


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
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu"],
        )
        with (
            served(FLOOR, str(picture)) as floor,
            served("app.py", LATENT_LAB_BROWSER="0") as server,
            served("app.py") as ours,
        ):
            addresses = {"floor": floor.address, "server": f"{server.address}/?tab=latent&model={MODEL}"}
            addresses["browser"] = f"{ours.address}/?tab=latent&model={MODEL}"
            pages = {name: chromium.new_page() for name in addresses}
            for name, page in pages.items():
                page.goto(addresses[name])
                page.wait_for_selector("#latent input" if name == "floor" else "#latent [data-meter]")
                page.add_script_tag(path=MOVE)
                moves(page, WARM_UP)
            wait_for_drawing_here(pages["browser"])
            measure(pages, options.moves, "beside the server")
            for page in pages.values():
                go_afar(page)
            measure(pages, options.moves, f"{AFAR} ms away")
        chromium.close()


if __name__ == "__main__":
    main()
