"""The pictures of the README, taken of the running page: `make screenshots`.

Only of tabs without photographs that may not be passed on, as the quiz shows; those of "Upscale" are free.
"""

import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.serving import served

SHOTS = {
    "sample.png": ("?tab=sample&model=faces-celeba-64&seed=4&count=6&truncation=0.7", "#stage .grid button"),
    "latent.png": ("?tab=latent&model=scenes-infogan-cr-64&codes=-0.5,-0.3,0.2,0.4,0.2,0.5", "#latent [data-meter]"),
    "translate.png": ("?tab=translate&model=streets-labels-photo-256&example=1", "#translate [data-shown]"),
    "upscale.png": ("?tab=upscale&model=sharp,fast&test=1&example=2", "#upscale [data-shown]"),
    "playground.png": ("?tab=playground&part=game&steps=1500", "#playground [data-rounds='1500']"),
    "ask.png": ("?tab=ask&floor=3&wall=6&object=1&shape=3&seed=12", "#ask .ask-strip button"),
}


def main() -> None:
    """Writes the pictures beside this file."""
    with served("app.py") as (address, _), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        for name, (query, ready) in SHOTS.items():
            page = chromium.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{address}/{query}")
            page.wait_for_selector(ready, timeout=120_000)
            page.wait_for_timeout(1_000)
            page.screenshot(path=Path(__file__).with_name(name))
        chromium.close()


if __name__ == "__main__":
    main()
