"""The pictures of README.md and docs/using.md, taken of the running page: `make screenshots`.

Only of tabs without photographs that may not be passed on, as the quiz shows; those of "Upscale" are free.
"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from benchmarks.serving import CHROMIUM, served

SHOTS = {
    "sample.webp": ("?tab=sample&seed=4&count=6&truncation=0.7", "#stage .grid button"),
    "latent.webp": ("?tab=latent&model=scenes-infogan-cr-64&codes=-0.5,-0.3,0.2,0.4,0.2,0.5", "#latent [data-meter]"),
    "translate.webp": ("?tab=translate&model=streets-labels-photo-256&example=1", "#translate [data-shown]"),
    "upscale.webp": ("?tab=upscale&model=sharp,fast&test=1&example=2", "#upscale [data-shown]"),
    "playground.webp": ("?tab=playground&part=game&steps=1500", "#playground [data-rounds='1500']"),
    "ask.webp": ("?tab=ask&floor=3&wall=6&object=1&shape=3&seed=12", "#ask .ask-strip button"),
}
QUALITY = 65  # of WebP, of 100: an eighth of the bytes of PNG


def save_small(content: bytes, file: Path) -> None:
    """Writes a screenshot as a WebP file."""
    Image.open(io.BytesIO(content)).convert("RGB").save(file, quality=QUALITY, method=6)


def main() -> None:
    """Writes the pictures beside this file."""
    with served("app.py") as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu"],
        )
        for name, (query, ready) in SHOTS.items():
            page = chromium.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{server.address}/{query}")
            page.wait_for_selector(ready, timeout=120_000)
            page.wait_for_timeout(1_000)
            save_small(page.screenshot(), Path(__file__).with_name(name))
        chromium.close()


if __name__ == "__main__":
    main()
