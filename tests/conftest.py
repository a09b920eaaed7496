"""What several test files share: tiny networks on disk, the running page, a browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from quiz.scores import Store
from tests.networks import (
    tiny_mixture,
    write_tiny_networks,
    write_tiny_scene_networks,
    write_tiny_translators,
    write_tiny_upscalers,
)
from tests.postgresql import PostgreSQL, programs
from trainer.export import save_network

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SWITCHES += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # a camera
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


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A weights root with tiny networks under the names of the catalogue, in use for the whole run."""
    root = tmp_path_factory.mktemp("weights")
    for name, channels in (("faces-celeba-64", 3), ("faces-lfw-64", 1)):
        write_tiny_networks(root / name, channels=channels, resolution=64, steps=(100, 400, 900))
        (root / name / "README.md").write_text(CARD, encoding="utf-8")
    save_network(tiny_mixture(resolution=64, channels=3), root / "faces-mixture-64")
    (root / "faces-mixture-64" / "README.md").write_text(
        CARD.replace("trainer gan", "trainer mixture"), encoding="utf-8"
    )
    write_tiny_scene_networks(root)
    write_tiny_translators(root)
    write_tiny_upscalers(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LAB_WEIGHTS", str(root))
        patch.setenv("LATENT_LAB_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield root


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    folder = tmp_path_factory.mktemp("page")
    port = free_port()
    environment = {
        **os.environ,
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "HF_HUB_OFFLINE": "1",
        "LATENT_LAB_DATA": str(scores_folder),
        "DATABASE_URL": "",
        "OMP_NUM_THREADS": "1",
        "LATENT_LAB_RATE": "1000000",  # all tests come from one address
        "TMPDIR": str(folder),
    }
    with (folder / "log.txt").open("w") as log:
        page = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for_page(f"http://127.0.0.1:{port}", page)
        yield f"http://127.0.0.1:{port}"
    finally:
        page.send_signal(signal.SIGTERM)
        code = page.wait(timeout=60)
    assert code == 0
    assert not list(folder.glob("latent-lab-*")), "the temporary folder was left behind"
    assert "Traceback" not in (folder / "log.txt").read_text()


def wait_for_page(address: str, page: subprocess.Popen[bytes]) -> None:
    """Until the page answers. Three minutes are for busy machines; alone it takes five seconds."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert page.poll() is None, "the page stopped while it was starting"
        try:
            httpx.get(address, timeout=30).raise_for_status()
            return
        except httpx.TransportError:
            time.sleep(0.3)
    raise TimeoutError("the page did not answer within three minutes")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window. Skips where it is not installed."""
    if not Path(CHROMIUM).is_file():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        expect.set_options(timeout=30_000)  # ms; for busy machines
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


class Visit:
    """Opens pages as a visitor, and listens for what a visitor must never cause."""

    def __init__(self, browser: Browser, address: str):
        self.browser = browser
        self.address = address
        self.complaints: list[str] = []

    def __call__(self, query: str = "", *, width: int = 1280, height: int = 800, **context: Any) -> Page:
        """A fresh visitor who opens the page with this query and sees the first pictures."""
        page = self.browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
        page.set_default_timeout(60_000)  # ms; for busy machines
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("request", self.see)
        page.goto(f"{self.address}/{query}")
        return page

    def hear(self, message: ConsoleMessage) -> None:
        """Errors in the console are complaints."""
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def see(self, request: Request) -> None:
        """So are requests to anywhere else."""
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"request: {request.url}")


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Opens the page; the test fails if the page logs an error or asks another host for anything."""
    visit = Visit(browser, address)
    yield visit
    for context in browser.contexts:
        context.close()
    assert visit.complaints == []
