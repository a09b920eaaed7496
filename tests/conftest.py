"""What several test files share: tiny networks on disk, the running page, a browser."""

import base64
import fcntl
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect, sync_playwright
from threadpoolctl import threadpool_limits

from models.pixels import Pictures
from quiz.scores import Store
from tests.networks import (
    tiny_mixture,
    write_tiny_encoder,
    write_tiny_networks,
    write_tiny_scene_networks,
    write_tiny_sliders,
    write_tiny_translators,
    write_tiny_upscalers,
)
from tests.pages import PATIENCE, serve_page
from tests.postgresql import PostgreSQL, programs
from trainer.export import save_network

if "PYTEST_XDIST_WORKER" in os.environ:  # several processes share the cores: threads that wait for each other cost more
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # of the pages and trainings that tests start
    torch.set_num_threads(1)
    threadpool_limits(1, user_api="blas")

# the same engine without its windows opens a page with half of the work
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SWITCHES += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # a camera
PORTRAIT_STEPS = (100, 400)  # of the sheets; the finished network has twice as many as the last
CARD = """---
license: other
---
# A tiny network

Drawn by nobody.

| | |
|---|---|
| command | `python -m trainer gan --data tiny.zip --out weights/tiny` |

## Files
config.json
"""


# Modules that train, measure, start other processes or play thousands of rounds; `make quick` leaves them out, and
# every test that opens the page or needs a whole folder of tiny networks.
SLOW = {
    "align", "backup", "browser_game", "canary", "disentanglement", "encoding", "evaluate", "hostile_files",
    "hosting", "hub", "latent_transformer", "limits", "mcp", "memory", "metrics", "migrations", "moments", "onnx",
    "parquet", "playground", "postgres", "projected", "proxy", "publish", "published_fastgan", "quantization",
    "quiz_api", "quiz_decks", "quiz_rounds", "quiz_scores", "quiz_secrecy", "replicas", "replicas_ray", "requests",
    "scene_trainers", "shutdown", "site", "super_resolution_trainer", "trainer", "translation_trainers",
    "two_processes", "watched", "weights",
}  # fmt: skip
# Modules that take longest, the longest first: begun last, they would keep one process busy when the others are done.
LONGEST = [
    "quiz_secrecy", "replicas_ray", "browser_drawing", "playground_tab", "accessibility", "german", "quiz_api",
    "evaluate", "site", "scene_trainers", "two_processes", "backup", "trainer", "browsers", "replicas", "shutdown",
    "projected", "requests", "disentanglement", "proxy", "watched", "mcp", "memory",
]  # fmt: skip
SLOW_FIXTURES = {"address", "browser", "visit", "weights", "start_all"}


def module_of(item: pytest.Item) -> str:
    return item.path.stem.removeprefix("test_")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Modules of slow tests are not even imported where these are left out."""
    left_out = config.option.markexpr == "not slow" and collection_path.stem.removeprefix("test_") in SLOW
    return True if left_out else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks slow tests, and begins with what takes longest."""
    place = {module: number for number, module in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(module_of(item), len(place)))
    for item in items:
        module = module_of(item)
        if module in SLOW or SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first of the test processes makes, for all of them to read."""
    home = factory.getbasetemp()
    home = home.parent if "PYTEST_XDIST_WORKER" in os.environ else home
    folder, unfinished = home / name, home / f"{name}-unfinished"
    with (home / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            make(unfinished)
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_portraits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weights root with tiny networks of the decks of portraits and three levels each, to be read or copied."""

    def make(root: Path) -> None:
        write_tiny_networks(root / "faces-128", channels=3, resolution=128, steps=PORTRAIT_STEPS)
        write_tiny_networks(root / "portraits-128", channels=1, resolution=128, steps=PORTRAIT_STEPS)

    return made_once(tmp_path_factory, "portraits", make)


@pytest.fixture(scope="session")
def weights(tiny_portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A weights root with tiny networks under the names of the catalogue, in use for the whole run."""

    def make(root: Path) -> None:
        shutil.copytree(tiny_portraits, root)
        write_tiny_networks(root / "faces-celeba-64", channels=3, resolution=64, steps=PORTRAIT_STEPS)
        for name in ("faces-celeba-64", "faces-128", "portraits-128"):
            (root / name / "README.md").write_text(CARD, encoding="utf-8")
        save_network(tiny_mixture(resolution=64, channels=3), root / "faces-mixture-64")
        (root / "faces-mixture-64" / "README.md").write_text(
            CARD.replace("trainer gan", "trainer mixture"), encoding="utf-8"
        )
        write_tiny_encoder(root)
        write_tiny_sliders(root / "faces-128")
        write_tiny_scene_networks(root)
        write_tiny_translators(root)
        write_tiny_upscalers(root)

    root = tmp_path_factory.mktemp("weights") / "own"  # tests write into it
    shutil.copytree(made_once(tmp_path_factory, "weights", make), root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LAB_WEIGHTS", str(root))
        patch.setenv("LATENT_LAB_CACHE", str(made_once(tmp_path_factory, "cache", Path.mkdir)))
        yield root


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL of our own. Skips where it is not installed; `make test` installs it."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed")
    server = PostgreSQL(folder)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'quiz.sqlite3'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """The scores in an empty database, of each kind."""
    store = Store(database)
    yield store
    store.close()


@pytest.fixture(scope="session")
def scores_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page keeps the scores of the quiz."""
    return tmp_path_factory.mktemp("scores")


@pytest.fixture(scope="session")
def address(weights: Path, scores_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page, started as its users start it. It has to stop cleanly when told to."""
    settings = {"LATENT_LAB_DATA": str(scores_folder), "LATENT_LAB_RATE": "1000000"}  # all tests come from one address
    with serve_page(tmp_path_factory.mktemp("page"), **settings) as page:
        yield page.address


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, without a window. Its first context has a profile on disk. Skips where it is not installed."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        profile = tmp_path_factory.mktemp("profile")
        kept = playwright.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=SWITCHES)
        assert kept.browser is not None
        yield kept.browser
        kept.close()


class Visit:
    """Opens pages as a visitor, and listens for what a visitor must never cause."""

    def __init__(self, browser: Browser, address: str):
        self.browser = browser
        self.address = address
        self.complaints: list[str] = []

    def __call__(
        self,
        query: str = "",
        *,
        width: int = 1280,
        height: int = 800,
        script: str = "",
        color_scheme: Literal["dark", "light"] | None = None,
        reduced_motion: Literal["reduce", "no-preference"] | None = None,
        **context: Any,
    ) -> Page:
        """A fresh visitor who opens the page with this query and sees the first pictures; `script` runs before it."""
        page = self.context(**context).new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        page.set_default_timeout(PATIENCE)
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("request", self.see)
        if script:
            page.add_init_script(script)
        page.goto(f"{self.address}/{query}")
        return page

    def context(self, **options: Any) -> BrowserContext:
        """A context of its own for each visitor. The one with the profile keeps the page's scripts compiled, which
        halves the time that it takes to open; it is for usual visitors, unless another one is still there."""
        kept, *others = self.browser.contexts
        blank, *opened = kept.pages
        if options or others or opened:
            return self.browser.new_context(**options)
        forget(kept, blank, self.address)
        return kept

    def hear(self, message: ConsoleMessage) -> None:
        """Errors in the console are complaints."""
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def see(self, request: Request) -> None:
        """So are requests to anywhere else."""
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"request: {request.url}")


def pixels_of(canvas: Locator) -> Pictures:
    """What a canvas shows: uint8 (H, W, 3)."""
    address = str(canvas.evaluate("(canvas) => canvas.toDataURL()"))  # PNG: an array of numbers takes seconds
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as picture:
        return np.asarray(picture.convert("RGB"))


@contextmanager
def visiting(browser: Browser, address: str) -> Iterator[Visit]:
    """Opens a page, and closes all that was opened."""
    try:
        yield Visit(browser, address)
    finally:
        kept, *others = browser.contexts
        for context in others:
            context.close()
        for page in kept.pages[1:]:
            page.close()


def forget(context: BrowserContext, page: Page, address: str) -> None:
    """Forgets a visitor: all but what was fetched."""
    context.clear_cookies()
    context.clear_permissions()
    context.set_offline(False)
    context.unroute_all()
    session = context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "local_storage,indexeddb,websql"})
    session.detach()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Opens the page; the test fails if the page logs an error or asks another host for anything."""
    with visiting(browser, address) as visit:
        yield visit
    assert visit.complaints == []
