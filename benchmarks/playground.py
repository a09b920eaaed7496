"""The game of the playground in a real browser: rounds and pictures per second, and how soon a pause pauses.

    python -m benchmarks.playground [--seconds 10] [--windows 30]

One visitor plays the first lesson, in the browser and then on the server, the page served with one thread. At least 120
rounds/s and 8 pictures/s are wanted of both, and a pause within 300 ms. A class of so many windows, which share this
machine with the page, is to train without a single request, and the page to take less than 5 % of a processor
meanwhile. Beside it, as the peer, the same game without a page in torch with its autograd, on one thread in the
same run.
"""

import argparse
import os
import time

import torch
from playwright.sync_api import Browser, Page, sync_playwright
from torch import nn
from torch.nn.functional import softplus

from benchmarks.serving import CHROMIUM, served, work
from playground.game import BATCH, Game, GameSettings
from playground.points import draw_points
from server.settings import BROWSER

WATCH = """
() => {
  window.pictures = [];
  new MutationObserver(() => {
    window.pictures.push([performance.now(), +document.querySelector("#playground [data-link]").dataset.rounds]);
  }).observe(document.querySelector("#playground"),
    { attributes: true, attributeFilter: ["data-rounds"], subtree: true });
}
"""
PAUSE = """
() => new Promise((resolve) => {
  const clicked = performance.now(), before = window.pictures.length;
  document.querySelector(".game-play").click();
  setTimeout(() => {
    const later = window.pictures.slice(before);
    resolve(later.length ? later.at(-1)[0] - clicked : 0);
  }, 1500);
})
"""


def ours(rounds: int = 2_000) -> float:
    """Rounds per second without a page."""
    game = Game(GameSettings(), draw_points("ring"))
    started = time.perf_counter()
    for _ in range(rounds):
        game.play()
    return rounds / (time.perf_counter() - started)


def peer(rounds: int = 300) -> float:
    """Rounds per second of the same game in torch."""
    settings, points = GameSettings(), torch.from_numpy(draw_points("ring")).float()

    def network(outputs: int) -> nn.Sequential:
        width = settings.width
        return nn.Sequential(
            nn.Linear(2, width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, outputs),
        )

    generator, discriminator = network(2), network(1)
    rates = (settings.generator_rate, settings.discriminator_rate)
    steps = [
        torch.optim.Adam(part.parameters(), lr=rate, betas=(0.5, 0.9), fused=True)
        for part, rate in zip((generator, discriminator), rates, strict=True)
    ]
    started = time.perf_counter()
    for _ in range(rounds):
        real, z = points[torch.randint(len(points), (BATCH,))], torch.rand(BATCH, 2) * 2 - 1
        judged = discriminator(torch.cat([real, generator(z).detach()]))
        loss = softplus(-judged[:BATCH]).mean() + softplus(judged[BATCH:]).mean()
        steps[1].zero_grad()
        loss.backward()
        steps[1].step()
        loss = softplus(-discriminator(generator(torch.rand(BATCH, 2) * 2 - 1))).mean()
        steps[0].zero_grad()
        loss.backward()
        steps[0].step()
    return rounds / (time.perf_counter() - started)


def play(page: Page, seconds: float) -> None:
    """Lets a visitor play at both speeds, and prints."""
    page.evaluate(WATCH)
    for speed, name in (("25", "25 rounds a picture"), ("2000", "as fast as it goes")):
        page.locator(".game-speed").select_option(speed)
        page.evaluate("window.pictures.length = 0")
        page.locator(".game-play").click()
        page.wait_for_timeout(1000 * seconds)
        times = page.evaluate("window.pictures")
        elapsed = (times[-1][0] - times[0][0]) / 1000
        rounds, pictures = (times[-1][1] - times[0][1]) / elapsed, (len(times) - 1) / elapsed
        took = page.evaluate(PAUSE)
        print(f"  {name}: {rounds:,.0f} rounds/s, {pictures:.1f} pictures/s; paused after {took:.0f} ms")


def play_class(browser: Browser, address: str, process: int, *, windows: int, seconds: float) -> None:
    """Lets a class play, each visitor with a seed of their own, and prints what they ask of the server meanwhile, and
    what its process works."""
    pages = [opened(browser, f"{address}/?tab=playground&part=game&data=ring&seed={seed}") for seed in range(windows)]
    pages[-1].wait_for_timeout(3000)  # what follows a load has come
    asked: list[str] = []
    begun, worked = time.perf_counter(), work(process)
    for page in pages:
        page.on("request", lambda request: asked.append(request.url))
        page.locator(".game-play").click()
    pages[-1].wait_for_timeout(1000 * seconds)
    rounds = [int(page.locator("#playground [data-rounds]").get_attribute("data-rounds") or 0) for page in pages]
    part = (work(process) - worked) / (time.perf_counter() - begun)
    training = sum(count > 0 for count in rounds)
    print(f"  {windows} windows: {training} train, {sum(rounds):,} rounds in all, {min(rounds)} to {max(rounds)} each")
    print(f"  {len(asked)} requests to the server, which takes {100 * part:.1f} % of a processor")


def opened(browser: Browser, address: str) -> Page:
    """A visitor with an open game, in a window of their own."""
    page = browser.new_context().new_page()
    page.set_default_timeout(120_000)  # ms; a whole class on two cores
    page.goto(address)
    page.wait_for_selector("#playground [data-rounds='0']")
    return page


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--windows", type=int, default=0, help="of a class that plays at once; 0 leaves it out")
    options = parser.parse_args()
    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    alone, other = ours(), peer()
    print(f"without a page: {alone:,.0f} rounds/s; torch with autograd: {other:,.0f}; {alone / other:.1f} times")
    for setting, place in (("1", "in the browser"), ("0", "on the server")):
        os.environ[BROWSER] = setting
        with served("app.py") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=["--no-sandbox", "--disable-gpu"],
            )
            print(place)
            play(opened(browser, f"{server.address}/?tab=playground&part=game&data=ring"), options.seconds)
            if options.windows and setting == "1":
                play_class(browser, server.address, server.process, windows=options.windows, seconds=options.seconds)
            browser.close()


if __name__ == "__main__":
    main()
