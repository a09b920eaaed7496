"""Drawing in the visitor's browser, with the networks that are shipped: as a person uses it, and where it fails."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from models import load
from models.faces.lineage import children
from models.gan import draw
from models.infogan.network import InfoGAN
from models.loading import ROOT
from models.pixels import Pictures
from models.sliders import Numbers, along, between, paint, random_codes
from tests.conftest import Visit, pixels_of, visiting
from tests.pages import serve_page

MODEL = "scenes-infogan-cr-64"
HERE, THERE = "Drawn in your browser", "Drawn on the server"
PHONE: dict[str, Any] = {"device_scale_factor": 3, "is_mobile": True, "has_touch": True}
SHIPPED = {"LATENT_LAB_WEIGHTS": str(ROOT / "weights"), "LATENT_LAB_RATE": "1000000"}
STAGE = "document.querySelector('#latent [data-codes]')"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page with the networks that are shipped."""
    with serve_page(tmp_path_factory.mktemp("shipped"), **SHIPPED) as page:
        yield page.address


@pytest.fixture
def stroll(browser: Browser, shipped: str) -> Iterator[Visit]:
    """Opens that page, as `visit` opens the one with tiny networks; complaints are for tests to look at."""
    with visiting(browser, shipped) as stroll:
        yield stroll


def first_slider(page: Page) -> Any:
    return page.locator("#latent input[type=range]").first


def open_sliders(visit: Visit, model: str = MODEL, **how: Any) -> Page:
    """The tab with its first picture, which is the server's."""
    page = visit(f"?tab=latent&model={model}", **how)
    page.locator("#latent [data-meter]").wait_for()
    return page


def move(page: Page, value: float) -> str:
    """Moves the first slider, waits for its picture, and returns where it was drawn."""
    first_slider(page).fill(str(value))
    page.wait_for_function(
        "value => Math.abs(document.querySelector('#latent [data-codes]').dataset.codes.split(',')[0] - value) < 1e-6",
        arg=value,
    )
    return page.locator("#latent .drawn-where").text_content() or ""


def wait_until_drawn(page: Page, where: str) -> None:
    """Moves the slider now and then, until its pictures come from there."""
    for attempt in range(200):
        if move(page, round(-0.9 + 0.01 * (attempt % 100), 2)) == where:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never {where}")


def asked(page: Page) -> list[str]:
    """The server's functions that are asked for pictures of the sliders from now on."""
    found: list[str] = []

    def listen(request: Request) -> None:
        if "component_server" in request.url:
            found.append((request.post_data_json or {})["fn_name"])

    page.on("request", listen)
    return found


def shown(page: Page) -> Pictures:
    """What is on the first canvas: uint8 (H, W, 3)."""
    return pixels_of(page.locator(".latent-pictures canvas").first)


def standing(page: Page) -> Numbers:
    """Where the sliders stand: (1, K)."""
    codes = page.locator("#latent [data-codes]").get_attribute("data-codes") or ""
    return np.array([[float(code) for code in codes.split(",")]], np.float32)


def strip_of(canvas: Locator) -> Numbers:
    """The pictures of a strip at the size at which they were drawn: float32 (8, 64, 64, 3)."""
    halved = pixels_of(canvas).astype(np.float32).reshape(64, 2, -1, 2, 3).mean((1, 3))
    return np.stack([halved[:, start : start + 64] for start in range(0, halved.shape[1], 68)])


def expected(page: Page, model: str) -> Pictures:
    """What Python draws where the sliders stand."""
    picture = paint(load(ROOT / "weights" / model), standing(page), seed=1)[0]
    return np.broadcast_to(picture, (*picture.shape[:2], 3))


def same(one: Pictures, other: Pictures) -> bool:
    """Whether pictures are equal to within one grey level in 99.9 % of their numbers."""
    return bool((np.abs(one.astype(int) - other) <= 1).mean() >= 0.999)


def test_a_drag_draws_here_and_asks_the_server_for_nothing(stroll: Visit) -> None:
    page = open_sliders(stroll)
    assert page.locator("#latent .drawn-where").text_content() == THERE  # the first picture
    wait_until_drawn(page, HERE)
    functions = asked(page)
    box = first_slider(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(box["x"] + 5 + step * (box["width"] - 10) / 39, box["y"] + box["height"] / 2)
    value = float(first_slider(page).input_value())
    page.mouse.up()
    assert value > 0.9
    page.wait_for_function(
        "value => document.querySelector('#latent [data-codes]').dataset.codes.startsWith(value)", arg=f"{value:g},"
    )
    page.wait_for_function(f"() => {{ const {{ strips, codes }} = {STAGE}.dataset; return strips === codes; }}")
    assert functions == []
    assert same(shown(page), expected(page, MODEL))
    network = load(ROOT / "weights" / MODEL)
    assert isinstance(network, InfoGAN)
    ways = [along(network, standing(page)[0], code, 8) for code in range(len(network.config.codes))]
    ways.append(between(network, standing(page)[0], random_codes(network, 2), 8))
    for line, way in zip(page.locator(".latent-strips canvas").all(), ways, strict=True):
        pictures = paint(network, way, seed=1).astype(float)
        differences = np.abs(strip_of(line) - pictures).mean((1, 2, 3))
        assert differences.max() < 3  # the canvas smooths; neighbours in the strip are further apart
    assert stroll.complaints == []


@pytest.mark.parametrize("model", [MODEL, "scenes-infogan-64", "sprites-infogan-cr-64", "faces-celeba-64"])
def test_pictures_are_those_of_python(stroll: Visit, model: str) -> None:
    page = open_sliders(stroll, model)
    wait_until_drawn(page, HERE)
    for value in (-1.0, -0.35, 0.2, 0.81):
        assert move(page, value) == HERE
        assert same(shown(page), expected(page, model))
    assert stroll.complaints == []


def test_the_address_of_a_picture_drawn_here_shows_it_again(stroll: Visit) -> None:
    page = open_sliders(stroll)
    wait_until_drawn(page, HERE)
    assert move(page, -1) == HERE
    before = shown(page)
    link = page.locator("#latent [data-link]").get_attribute("data-link") or ""
    page.wait_for_function("link => decodeURIComponent(location.search).endsWith(link)", arg=link)
    page.reload()
    page.locator("#latent [data-meter]").wait_for()
    assert page.locator("#latent [data-link]").get_attribute("data-link") == link  # as the server writes it
    assert page.locator("#latent .drawn-where").text_content() == THERE
    assert same(shown(page), before)
    wait_until_drawn(page, HERE)
    assert stroll.complaints == []


def test_two_windows_draw_each_for_itself(stroll: Visit) -> None:
    one = open_sliders(stroll)
    other = one.context.new_page()
    other.goto(one.url)
    other.locator("#latent [data-meter]").wait_for()
    for page in (one, other):
        wait_until_drawn(page, HERE)
    one.close()
    assert move(other, 0.5) == HERE


def test_a_worker_that_is_gone_is_not_missed_and_comes_back(stroll: Visit) -> None:
    page = open_sliders(stroll)
    wait_until_drawn(page, HERE)
    page.workers[0].evaluate("() => close()")
    assert move(page, 0.95) == THERE
    assert same(shown(page), expected(page, MODEL))
    wait_until_drawn(page, HERE)
    expect(page.locator(".latent-notice")).to_be_hidden()
    assert stroll.complaints == []


def refuse(route: Route) -> None:
    route.abort()


def spoil(route: Route) -> None:
    route.fulfill(body=b"something else", content_type="application/octet-stream")


@pytest.mark.parametrize(
    ("files", "answer"),
    [
        ("**/browser/networks.json", refuse),
        ("**/*.wasm", refuse),
        ("**/*.mjs", refuse),
        ("**/page/drawing/worker.js", refuse),
        ("**/network.onnx", refuse),
        ("**/network.onnx", spoil),
        ("**/model.safetensors", spoil),
        ("**/*.wasm", spoil),
        ("**/browser/networks.json", spoil),
    ],
)
def test_without_a_file_the_server_draws_and_nobody_is_told(stroll: Visit, files: str, answer: Any) -> None:
    page = stroll()
    tried: list[str] = []

    def try_it(route: Route) -> None:
        tried.append(route.request.url)
        answer(route)

    page.context.route(files, try_it)
    page.goto(f"{stroll.address}/?tab=latent&model={MODEL}")
    page.locator("#latent [data-meter]").wait_for()
    for _ in range(200):
        if tried:
            break
        page.wait_for_timeout(50)
    assert tried
    for value in (0.1, 0.2, 0.3, 0.4):
        assert move(page, value) == THERE
        page.wait_for_timeout(100)
    expect(page.locator(".latent-notice")).to_be_hidden()
    assert not [complaint for complaint in stroll.complaints if complaint.startswith("page error")]


def test_no_network_is_needed_once_everything_is_there(stroll: Visit) -> None:
    page = open_sliders(stroll)
    wait_until_drawn(page, HERE)
    page.context.set_offline(True)
    for value in (-0.5, 0.0, 0.5):
        assert move(page, value) == HERE
    assert same(shown(page), expected(page, MODEL))


def test_on_a_phone(stroll: Visit) -> None:
    page = open_sliders(stroll, width=390, height=844, **PHONE)
    wait_until_drawn(page, HERE)
    expect(page.locator("#latent .drawn-where")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    "script",
    [
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })",
        "delete globalThis.WebAssembly",
    ],
)
def test_a_browser_that_saves_or_cannot_is_sent_nothing(stroll: Visit, script: str) -> None:
    page = stroll(script=script)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(f"{stroll.address}/?tab=latent&model={MODEL}")
    page.locator("#latent [data-meter]").wait_for()
    page.wait_for_timeout(2500)  # longer than a busy browser waits
    assert move(page, 0.5) == THERE
    assert not [address for address in addresses if "/browser/" in address]


def test_the_first_picture_waits_for_nothing_and_a_card_is_not_needed(stroll: Visit) -> None:
    page = stroll()
    events: list[str] = []
    page.on("requestfinished", lambda done: events.append("answer") if "component_server" in done.url else None)
    page.on("request", lambda request: events.append(request.url) if "/browser/" in request.url else None)
    page.goto(f"{stroll.address}/?tab=latent&model={MODEL}")
    page.locator("#latent [data-meter]").wait_for()
    wait_until_drawn(page, HERE)
    assert events[0] == "answer"  # the server's first picture
    assert [event for event in events if "simd-threaded.wasm" in event]
    assert not [event for event in events if "jspi" in event]


# --- "Ask for it" ------------------------------------------------------------------------------------------------


def take(page: Page, label: str, value: int) -> str:
    """Asks for a label's value, waits for the picture, and returns where it was drawn."""
    page.locator(f".ask-pickers [data-label={label}][data-value='{value}']").click()
    page.locator(f"#ask [data-link*='&{label}={value}&']").wait_for()
    return page.locator("#ask .drawn-where").text_content() or ""


def test_a_wish_is_drawn_and_read_here_as_on_the_server(stroll: Visit) -> None:
    page = stroll("?tab=ask&floor=1&seed=3")
    page.locator("#ask [data-link]").wait_for()
    for attempt in range(100):
        if take(page, "wall", attempt % 10) == HERE:
            break
        page.wait_for_timeout(100)
    functions = asked(page)
    assert take(page, "object", 7) == HERE
    assert take(page, "floor", 4) == HERE
    assert "ask" not in functions
    link = page.locator("#ask [data-link]").get_attribute("data-link") or ""
    obeyed, pictures = page.locator(".ask-obeyed").inner_text(), canvases(page)
    page.goto(f"{stroll.address}/?{link}")
    page.locator(f"#ask [data-link='{link}']").wait_for()
    assert page.locator("#ask .drawn-where").text_content() == THERE
    assert page.locator(".ask-obeyed").inner_text() == obeyed
    assert same(canvases(page), pictures)
    assert stroll.complaints == []


def canvases(page: Page) -> Pictures:
    """The numbers of the large picture and of those of other seeds, one after the other."""
    return np.concatenate([pixels_of(canvas).ravel() for canvas in page.locator("#ask canvas").all()[:8]])


# --- "Sample" ----------------------------------------------------------------------------------------------------


def wait_for_faces(page: Page, fragment: str) -> str:
    """Until the stage shows what a permalink with this fragment describes. Returns where it was drawn."""
    page.locator(f'#stage [data-link*="{fragment}"]').wait_for()
    return page.locator("#stage .drawn-where").text_content() or ""


def expected_faces(seed: int, count: int, truncation: float, path: tuple[int, ...] = ()) -> Pictures:
    """What Python draws: uint8 (count, H, W, 3)."""
    network = load(ROOT / "weights" / "faces-128")
    latents = children(network.config.latent_size, seed=seed, path=path, count=count)
    return draw(network, latents, truncation=truncation)


def shown_face(page: Page) -> Pictures:
    """The first face of the grid at its own size; it is enlarged by a whole number."""
    enlarged = pixels_of(page.locator("#stage .grid canvas").first)
    every = len(enlarged) // 128
    return enlarged[every // 2 :: every, every // 2 :: every]


def test_faces_are_drawn_and_bred_here_where_the_server_is_far(stroll: Visit) -> None:
    page = stroll("?tab=sample&count=1&seed=5")
    assert wait_for_faces(page, "seed=5&count=1") == THERE
    page.wait_for_timeout(3000)
    slow = {"offline": False, "latency": 4000, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    for attempt in range(40):
        truncation = f"{0.5 + 0.05 * (attempt % 5):g}"
        page.locator("#truncation input[type=number]").fill(truncation)
        if wait_for_faces(page, f"truncation={truncation}") == HERE:
            break
    assert page.locator("#stage .drawn-where").text_content() == HERE
    picture = expected_faces(5, 1, float(truncation))[0]
    assert np.abs(shown_face(page).astype(int) - picture).mean() < 2  # but for the canvas's smoothing
    for where in (THERE, HERE):  # it is known by then how long the server takes for as many pictures
        page.locator("#stage .grid button").first.click()
        assert wait_for_faces(page, "path=1") == where
        bred = expected_faces(5, 1, float(truncation), path=(1,))[0]
        assert np.abs(shown_face(page).astype(int) - bred).mean() < 2
        page.wait_for_timeout(5000)  # until the server has heard of it
        assert "path=1" in (page.locator("#stage [data-link]").get_attribute("data-link") or "")
        if where == THERE:
            page.get_by_role("button", name="Back one step").click()
            page.locator("#stage [data-link]:not([data-link*=path])").wait_for()
    expect(page.locator("#stage .notice")).to_be_hidden()
