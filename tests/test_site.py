"""The page without a server: with the networks that are shipped, served as plain files, used as a person does."""

import functools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

import numpy as np
import pytest
from huggingface_hub import SpaceCard
from playwright.sync_api import Browser, Page, expect

from models import load
from models.errors import InvalidInput
from models.faces.lineage import children
from models.gan import draw
from models.loading import ROOT
from models.sliders import paint
from playground.points import PRESETS
from standalone.markdown import to_html
from standalone.site import write_site
from tabs.playground import densities
from tabs.playground import tab as playground
from tests.conftest import Visit, pixels_of, visiting

MEGABYTE = 10**6
BEFORE_THE_FIRST_PICTURE, IN_ALL = 6 * MEGABYTE, 40 * MEGABYTE
BELOW = "some/folder"  # of the address
PHONE: dict[str, Any] = {"width": 390, "height": 844, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
TABS = {"latent": "scenes-infogan-cr-64", "sample": "faces-celeba-64", "ask": "", "playground": ""}
REFUSED = "Object.defineProperty(window, 'WebAssembly', { value: undefined });"
ANSWER = """async ([file, name, known, fields]) => {
  const module = await import(new URL(`${latentLabFiles.root}standalone/${file}.js`, location.href));
  return module[name](known, fields);
}"""


class Files(SimpleHTTPRequestHandler):
    """Serves files as they are, and notes how many bytes it sent."""

    sent: ClassVar[list[tuple[str, int]]] = []

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Notes, then sends."""
        Files.sent.append((self.path, os.fstat(source.fileno()).st_size))
        super().copyfile(source, outputfile)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, written by its command."""
    folder = tmp_path_factory.mktemp("site") / BELOW
    environment = {**os.environ, "LATENT_LAB_WEIGHTS": str(ROOT / "weights")}
    command = [sys.executable, "-m", "standalone", "--out", str(folder)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """Its address, below a path."""
    root = site.parents[len(Path(BELOW).parts) - 1]
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{BELOW}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def look(browser: Browser, served: str) -> Iterator[Visit]:
    """Opens the site; the test fails if it logs an error or asks for anything outside of its folder."""
    with visiting(browser, served) as visit:
        yield visit
    assert visit.complaints == []


def open_tab(look: Visit, tab: str, query: str = "", **how: Any) -> Page:
    """A tab with what it shows first."""
    model = f"&model={TABS[tab]}" if TABS[tab] and "model=" not in query else ""
    page = look(f"?tab={tab}{model}{query}", **how)
    page.locator(f"#{tab}[data-link]").wait_for()
    return page


# --- what is written ---------------------------------------------------------------------------------------------


def test_it_is_small_and_names_no_place(site: Path) -> None:
    files = [file for file in site.rglob("*") if file.is_file()]
    assert 10 * MEGABYTE < sum(file.stat().st_size for file in files) <= IN_ALL
    document = (site / "index.html").read_text(encoding="utf-8")
    assert "<!-- " not in document and 'src="/' not in document and 'href="/' not in document
    assert str(ROOT) not in (site / "known.json").read_text(encoding="utf-8")


def test_it_is_a_static_space(site: Path) -> None:
    front, _, text = (site / "README.md").read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    settings = SpaceCard(f"---\n{front}\n---\n").data.to_dict()
    assert settings["sdk"] == "static" and settings["title"] == "Latent Lab"
    assert "make run" in text


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InvalidInput, match="something else"):
        write_site(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_markdown_keeps_formulas_as_they_are() -> None:
    text = to_html("A **latent** $z_1 * z_2$ and `$HOME`.\n\n$$\\min_G a < b$$")
    assert '<span class="katex" data-formula="z_1 * z_2"></span>' in text
    assert '<span class="katex" data-formula="\\min_G a &lt; b" data-display="true"></span>' in text
    assert "<strong>latent</strong>" in text and "<code>$HOME</code>" in text


# --- what a visitor sees -----------------------------------------------------------------------------------------


def test_the_first_picture_costs_little_and_is_the_servers(look: Visit) -> None:
    Files.sent.clear()
    page = look()
    page.locator("#latent[data-link]").wait_for()
    assert sum(size for _, size in Files.sent) <= BEFORE_THE_FIRST_PICTURE
    codes = json.loads(f"[{page.locator('#latent').get_attribute('data-codes')}]")
    expected = paint(load(ROOT / "weights" / TABS["latent"]), np.array([codes], np.float32), seed=1)[0]
    shown = pixels_of(page.locator(".latent-pictures canvas").first)
    assert np.abs(shown.astype(int) - expected).max() <= 2
    expect(page.locator(".latent-strip")).to_have_count(7)  # six codes, and the way to another seed


def test_a_slider_draws_and_the_address_shows_it_again(look: Visit) -> None:
    page = open_tab(look, "latent")
    before = pixels_of(page.locator(".latent-pictures canvas").first)
    page.locator("#latent input[type=range]").first.fill("-0.5")
    page.wait_for_function("document.querySelector('#latent').dataset.codes.startsWith('-0.5,')")
    moved = pixels_of(page.locator(".latent-pictures canvas").first)
    assert (moved != before).mean() > 0.2
    page.wait_for_function("location.search.includes('codes=-0.5')")
    again = look(page.url.partition("/?")[2].join(["?", ""]))
    again.locator("#latent[data-link]").wait_for()
    assert (pixels_of(again.locator(".latent-pictures canvas").first) == moved).all()


def test_sample_draws_galleries_neighbours_and_morphs(look: Visit) -> None:
    page = open_tab(look, "sample", "&seed=5&count=3&truncation=0.8")
    expect(page.locator("#sample .grid button")).to_have_count(3)
    page.locator("#sample .grid button").nth(1).click()
    page.wait_for_function("document.querySelector('#sample').dataset.link.endsWith('path=2')")
    expect(page.locator("#sample .trail")).to_be_visible()
    network = load(ROOT / "weights" / TABS["sample"])
    expected = draw(network, children(100, seed=5, path=(2,), count=3), truncation=0.8)[0].mean((0, 1))
    assert np.abs(pixels_of(page.locator("#sample .grid canvas").first).mean((0, 1)) - expected).max() < 2
    page.locator("input[value=morph]").check(force=True)
    expect(page.locator("#sample .film")).to_be_visible()
    page.locator(".alone-dice").click()
    page.wait_for_function("!document.querySelector('#sample').dataset.link.includes('seed=5&')")


def test_ask_obeys(look: Visit) -> None:
    page = open_tab(look, "ask")
    page.locator("[data-label=shape][data-value='0']").click()
    expect(page.locator(".ask-line")).to_have_text("A red cube on a green floor before a cyan wall")
    expect(page.locator(".ask-obeyed tbody tr:not(.wrong)")).to_have_count(4)
    page.locator(".ask-more summary").first.click()
    expect(page.locator(".ask-table button")).to_have_count(100)


def test_the_playground_trains(look: Visit) -> None:
    page = open_tab(look, "playground", "&part=game")
    page.locator(".game-play").click()
    page.wait_for_function("/[1-9]\\d+ rounds/.test(document.querySelector('.playground').textContent)")
    expect(page.locator(".game-place")).to_have_text("Trains in your browser")
    page.locator("button[data-part=replay]").click()
    expect(page.locator(".pg-part[data-part=replay] canvas").first).to_be_visible()


def test_densities_are_fitted_as_on_the_server(look: Visit) -> None:
    asked = {"data": "grid", "components": 5, "seed": 3, "step": 6}
    page = open_tab(look, "playground", f"&part=densities&{urlencode(asked)}")
    stage = page.locator("#playground")
    for step in (6, 7):
        expect(stage).to_have_attribute("data-step", str(step))
        there = densities.mixture({**asked, "step": step})
        expect(stage).to_have_attribute("data-link", there["link"])
        assert float(str(stage.get_attribute("data-likelihood"))) == pytest.approx(there["likelihoods"][-1], abs=1.1e-5)
        expect(page.locator(".em-captions")).to_contain_text(there["captions"][1]["formula"])
        page.locator(".em-step").click()
    expect(stage).to_have_attribute("data-best", "9")
    expect(page.locator(".em-pictures")).to_be_hidden()


def test_points_of_somebody_elses_are_not_here(look: Visit) -> None:
    page = open_tab(look, "playground", "&part=densities&data=own-0123")
    expect(page.locator(".pg-notice")).to_contain_text("There are no such points here")
    expect(page.locator(".em-data")).to_have_value("ring")
    expect(page.locator("#playground")).to_have_attribute("data-best", "8")


def test_bic_is_the_servers(site: Path) -> None:
    known = json.loads((site / "known.json").read_text(encoding="utf-8"))["playground"]["densities"]
    assert list(known["criteria"]) == [name for name, _ in known["datasets"]] == list(PRESETS)
    assert known["criteria"]["ring"] == densities.criteria({"data": "ring"})["criteria"]


def test_spam_and_minimax_are_the_servers(look: Visit) -> None:
    page = open_tab(look, "playground", "&part=spam")
    asked = {"seed": 3, "moves": "fsfsffs"}
    there = playground.spam(asked)
    here = page.evaluate(ANSWER, ["spam", "spamOf", there["features"], asked])
    for name in ("honest", "spam", "first"):
        assert np.abs(np.subtract(here[name], there[name])).max() <= 1  # thousandths
    assert here["captions"] == there["captions"] and here["history"] == there["history"]
    for function in ("product", "bowl", "damped", "dirac", "forsaken"):
        wanted = {"function": function, "rate": 0.3, "steps": 90, "x": 0.9, "y": -0.4}
        there = playground.orbits(wanted)
        told = {name: there[name] for name in ("lesson", "extent", "solution")}
        known = {"ways": there["ways"], "functions": {function: {"title": "", **told}}}
        here = page.evaluate(ANSWER, ["minimax", "orbitsOf", known, wanted])
        for way, path in there["orbits"].items():
            assert np.abs(np.subtract(here["orbits"][way], path)).max() <= 1
        assert np.abs(np.subtract(here["field"], there["field"])).max() <= 1


def test_the_maths_is_set(look: Visit) -> None:
    page = open_tab(look, "latent")
    page.locator("[data-panel=latent] summary", has_text="How it works").click()
    page.locator("[data-panel=latent] .how .katex-display .katex-html").first.wait_for()
    assert page.locator("[data-panel=latent] .how [data-formula]").count() == 0
    assert page.locator("[data-panel=latent] .katex-error").count() == 0
    spoken = page.locator("[data-panel=latent] .how .katex-mathml").first  # for screen readers, over the drawn one
    assert spoken.evaluate("box => getComputedStyle(box).position") == "absolute"


def test_it_speaks_german(look: Visit) -> None:
    page = open_tab(look, "ask")
    page.locator("[data-language=de]").click()
    expect(page.locator(".ask-line")).to_have_text("Kugel (rot), Boden grün, Wand cyan")
    expect(page.locator(".colophon p").first).to_contain_text("die vollständige Seite")


@pytest.mark.parametrize("tab", TABS)
def test_nothing_is_wider_than_a_phone(look: Visit, tab: str) -> None:
    page = open_tab(look, tab, **PHONE)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("[role=tab][aria-selected=true]").first.is_visible()


@pytest.mark.parametrize(
    ("tab", "place"), [("latent", ".latent-notice"), ("sample", ".trouble p"), ("ask", ".ask-notice")]
)
def test_a_browser_that_cannot_draw_says_so_once(look: Visit, tab: str, place: str) -> None:
    page = look(f"?tab={tab}", script=REFUSED)
    expect(page.locator(place)).to_contain_text("this browser has no WebAssembly")
    assert page.get_by_text("this browser has no WebAssembly").filter(visible=True).count() == 1
