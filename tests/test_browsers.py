"""The main way through every tab in Firefox and in WebKit; in Chromium, all other tests of the page go there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models import load
from models.loading import ROOT
from models.pixels import Pictures
from models.sliders import paint
from tests.browsers import firefox, webkit
from tests.browsers.driver import Driver, in_pixels
from tests.browsers.firefox import Firefox
from tests.browsers.webkit import WebKit
from tests.pages import serve_page

DRAWN_HERE = "scenes-infogan-cr-64"  # the one network that is not tiny: its graph for browsers is shipped
FACE = "#stage .grid canvas"
DRAW_HERE = r"""async (model, codes) => {
  const [root] = performance.getEntriesByType("resource").flatMap(({ name }) => name.match(/^.*\/static\/\w+\//) ?? []);
  window.latentLabFiles.alone = true; // as on the site without a server
  const { browser } = await import(`${root}page/drawing/drawing.js?alone`);
  window.latentLabFiles.alone = false;
  const { stepsOf } = await import(`${root}tabs/latent/drawing.js`);
  await browser.opened({}, [model]);
  const { sheet } = await browser.draw(stepsOf({ model, codes, seed: 1, set: "" }, browser.describe));
  return sheet.toDataURL();
}"""
"""Draws in the browser also where the server is faster, as it may be on a busy machine."""

KINDS = [
    pytest.param(
        kind, id=kind.__name__, marks=pytest.mark.skipif(not there, reason=f"{kind.__name__} is missing: make browsers")
    )
    for kind, there in ((Firefox, firefox.INSTALLED), (WebKit, webkit.INSTALLED))
]


@pytest.fixture(scope="module")
def page(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page whose networks are tiny, but for one."""
    networks = tmp_path_factory.mktemp("networks") / "some"
    shutil.copytree(weights, networks)
    shutil.copytree(ROOT / "weights" / DRAWN_HERE, networks / DRAWN_HERE, dirs_exist_ok=True)
    settings = {"LATENT_LAB_WEIGHTS": str(networks), "LATENT_LAB_RATE": "1000000"}
    with serve_page(tmp_path_factory.mktemp("page"), **settings) as served:
        yield served.address


@pytest.fixture(scope="module", params=KINDS)
def window(request: pytest.FixtureRequest, page: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """Each of the browsers, with the page."""
    opened: Driver = request.param(tmp_path_factory.mktemp("browser"))
    try:
        opened.resize(1280, 800)
        opened.open(f"{page}/?tab=latent&model={DRAWN_HERE}")
        opened.wait_for_any("#latent [data-meter]")  # the address names this network for as long as its tab is open
        yield opened
    finally:
        opened.close()


@pytest.fixture
def visitor(window: Driver) -> Iterator[Driver]:
    """Somebody in front of it, who must never see an error in the console, nor a request to anywhere else."""
    yield window
    assert window.complaints() == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photograph to open: 36 x 24 px of noise."""
    file = tmp_path / "holiday.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (24, 36, 3), np.uint8)).save(file)
    return file


def open_tab(visitor: Driver, title: str) -> None:
    visitor.click("#tabs button[role=tab]", title)


def linked(visitor: Driver, tab: str, part: str) -> None:
    """Until the permalink of what is on the stage has a part."""
    visitor.wait_for_any(f"#{tab} [data-link*='{part}']")


def test_faces_are_drawn_anew_and_bred(visitor: Driver) -> None:
    open_tab(visitor, "Sample")
    linked(visitor, "stage", "seed=1&count=6")
    first = visitor.pixels(FACE)
    assert first.std() > 5
    visitor.click("#dice")
    visitor.wait_for_any("#stage [data-link]:not([data-link*='seed=1&'])")
    second = visitor.pixels(FACE)
    assert (second != first).mean() > 0.05
    visitor.click("#stage .grid button:nth-child(4)")
    linked(visitor, "stage", "path=4")
    assert (visitor.pixels(FACE) != second).mean() > 0.05
    visitor.click("#mode label", "Morph")
    linked(visitor, "stage", "mode=morph")
    visitor.wait_for("#stage .film canvas")


def test_a_round_of_the_quiz(visitor: Driver) -> None:
    open_tab(visitor, "Which face is real?")
    visitor.wait_for(".quiz[data-phase=asking]")
    visitor.wait("() => [...document.querySelectorAll('.face img')].every((face) => face.naturalWidth > 0)")
    visitor.click(".side[data-side=left] .face:enabled")
    visitor.wait_for(".quiz[data-phase=told]")
    real = visitor.attribute("[data-side=left] .face", "data-truth") == "real"
    assert visitor.text(".quiz .mark") == ("✓ Right" if real else "✗ Wrong")
    assert visitor.text(".score-you b") == f"{int(real)} of 1"
    visitor.click(".quiz .next")
    visitor.wait_for(".quiz[data-phase=asking]")


def test_a_wish_is_drawn(visitor: Driver) -> None:
    open_tab(visitor, "Ask for it")
    linked(visitor, "ask", "floor=3")
    visitor.wait_for(".ask-strip button")
    before = visitor.pixels(".ask-large canvas")
    visitor.click("#ask [role=radio][aria-label='object blue']")
    linked(visitor, "ask", "object=7")
    visitor.click("#ask [role=radio][aria-label='shape cube']")
    linked(visitor, "ask", "shape=0")
    assert visitor.text(".ask-line") == "A blue cube on a green floor before a cyan wall"
    assert (visitor.pixels(".ask-large canvas") != before).mean() > 0.1


def test_sliders_are_drawn_on_the_server_and_in_the_browser_as_by_python(visitor: Driver) -> None:
    open_tab(visitor, "Latent sliders")
    visitor.wait_for_any("#latent [data-meter]")
    canvas, slider = ".latent-pictures canvas", ".latent-sliders input[type=range]"
    first = visitor.pixels(canvas)
    visitor.drag(slider, 0.5, 0.99)
    standing = "() => document.querySelector('#latent [data-codes]').dataset.codes.split(',').map(Number)"
    visitor.wait(f"() => ({standing})()[0] > 0.9")
    assert (visitor.pixels(canvas) != first).mean() > 0.1
    codes = visitor.evaluate(standing)
    expected = paint(load(ROOT / "weights" / DRAWN_HERE), np.array([codes], np.float32), seed=1)[0]
    assert same(visitor.pixels(canvas), expected)
    assert visitor.text("#latent .drawn-where") in ("Drawn in your browser", "Drawn on the server")  # whoever is faster
    assert same(in_pixels(visitor.evaluate(DRAW_HERE, DRAWN_HERE, codes)), expected)


def test_a_picture_is_translated(visitor: Driver, picture: Path) -> None:
    open_tab(visitor, "Translate")
    visitor.wait_for_any("#translate [data-shown]")
    assert visitor.text("#translate .wb-line") == "A street in town: day → night"
    visitor.drag("#translate .wb-slider", 0.5, 0.8)
    assert 70 < float(visitor.evaluate("() => document.querySelector('#translate .wb-slider').value")) < 90
    visitor.upload("#translate .wb-file", picture)
    visitor.wait_for("#translate .wb-line", "Your picture: day → night")
    assert size_of(visitor, "#translate .wb-after") == [36, 24]


def test_a_picture_is_enlarged(visitor: Driver, picture: Path) -> None:
    open_tab(visitor, "Upscale")
    visitor.wait_for_any("#upscale [data-shown]")
    assert visitor.text("#upscale .wb-line") == "Astronaut: 128 × 128 → 512 × 512"
    visitor.upload("#upscale .wb-file", picture)
    visitor.wait_for("#upscale .wb-line", "holiday.png: 36 × 24 → 144 × 96")
    assert size_of(visitor, "#upscale .wb-after") == [144, 96]


def test_filter_and_spammer_play(visitor: Driver) -> None:
    open_tab(visitor, "Playground")
    moves = "(most) => document.querySelector('#playground [data-moves]')?.dataset.moves === most"
    visitor.wait(moves, "10")
    visitor.click(".pg-part[data-part=spam] button", "Restart")
    visitor.wait(moves, "0")
    before = visitor.pixels(".pg-part[data-part=spam] canvas")
    visitor.click(".pg-part[data-part=spam] button", "Filter learns")
    visitor.wait(moves, "1")
    assert "stops 100 %" in visitor.text(".spam-captions")
    assert (visitor.pixels(".pg-part[data-part=spam] canvas") != before).mean() > 0.1


def same(one: Pictures, other: Pictures) -> bool:
    """Whether pictures are equal to within one grey level in 99.9 % of their numbers."""
    return bool((np.abs(one.astype(int) - other) <= 1).mean() >= 0.999)


def size_of(visitor: Driver, image: str) -> list[int]:
    """Of a picture that is shown, once it is there: width and height, px."""
    sides = f"(({{ naturalWidth, naturalHeight }}) => [naturalWidth, naturalHeight])(document.querySelector('{image}'))"
    return list(visitor.wait(f"() => {sides}"))
