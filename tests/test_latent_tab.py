"""The tab "Latent sliders": as functions of where the sliders stand, and as a person uses it."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from models.errors import InvalidInput
from models.gan import LARGEST_SEED
from models.sliders import FaceSliders, paint
from tabs.latent import handlers
from tabs.latent.permalink import to_python, to_query
from tabs.latent.settings import OFFERED, Setting, opened, rows
from tests.conftest import Visit

MODEL = "scenes-infogan-cr-64"
FACES = "faces-128"
PHONE: dict[str, Any] = {"device_scale_factor": 3, "is_mobile": True, "has_touch": True}


def ready(page: Page) -> None:
    """Until picture, meter and strips of what is asked for are there."""
    page.locator("#latent [data-meter]").wait_for()
    page.locator(".latent-strip").last.wait_for()


def codes_of(page: Page) -> list[float]:
    """The codes of the picture that is shown."""
    text = page.locator("#latent [data-codes]").get_attribute("data-codes") or ""
    return [float(part) for part in text.split(",")]


def page_link(page: Page) -> str:
    """The permalink of the picture that is shown."""
    return page.locator("#latent [data-link]").get_attribute("data-link") or ""


def wait_for_code(page: Page, number: int, value: float) -> None:
    """Until the picture shown has a code at a value."""
    page.wait_for_function(
        "([k, value]) => Math.abs(document.querySelector('#latent [data-codes]').dataset.codes.split(',')[k] - value)"
        " < 1e-6",
        arg=[number, value],
    )


def hold(page: Page, function: str) -> list[Route]:
    """From now on what the stage asks one function of the server waits, until a test lets it go on."""
    held: list[Route] = []

    def pass_or_hold(route: Route) -> None:
        if (route.request.post_data_json or {}).get("fn_name") == function:
            held.append(route)
        else:
            route.continue_()

    page.route("**/component_server/**", pass_or_hold)
    return held


def wait_for_held(page: Page, held: list[Route]) -> Route:
    """The next request that waits."""
    for _ in range(100):
        if held:
            return held.pop(0)
        page.wait_for_timeout(50)
    raise AssertionError("nothing was asked")


def picture_file(colour: str = "red", size: tuple[int, int] = (80, 50), kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


FOUND = [round(0.1 * (number % 7) - 0.3, 2) for number in range(8)]  # the latent of a face of the tiny network


@pytest.mark.parametrize(
    "asked",
    [
        {"model": MODEL, "codes": [0.25, -1, 0.5, 2, 0.1, -0.99], "seed": 4},
        {"model": FACES, "set": "sefa", "seed": 4},
        {"model": FACES, "z": FOUND},
    ],
)
def test_a_permalink_says_everything(weights: Path, asked: dict[str, Any]) -> None:
    _, setting = opened(asked)
    fields = dict(httpx.QueryParams(to_query(setting)))
    assert opened(fields)[1] == setting
    assert fields["tab"] == "latent"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"model": "../etc"}, "There are no sliders for"),
        ({"model": "faces-features-64"}, "There are no sliders for"),
        ({"model": MODEL, "codes": "1,2"}, "There are 2 codes; this network has 6"),
        ({"model": MODEL, "codes": "9,0,0,0,0,0"}, "Code 1 is 9; it has to be from -1 to 1"),
        ({"model": MODEL, "codes": "a,b"}, "not numbers"),
        ({"codes": "a,b"}, "not numbers"),
        ({"codes": "1,2"}, "The codes have to be"),
        ({"set": "unheard"}, "There is no set of sliders 'unheard'; choose one of sliders, sefa"),
        ({"z": "1,2"}, "has to be 8 numbers from -20 to 20"),
        ({"z": ",".join(["99"] * 8)}, "has to be 8 numbers from -20 to 20"),
        ({"z": ["nan"] * 8}, "has to be 8 numbers from -20 to 20"),
        ({"seed": "x"}, "seed"),
        ({"model": "faces-celeba-64", "codes": "2,0,0,0,0,0"}, "from -1 to 1"),
    ],
)
def test_wrong_settings_get_one_sentence(weights: Path, fields: dict[str, str], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        opened(fields)
    for answer in (handlers.move(fields), handlers.open_sliders(fields), handlers.strips(fields)):
        assert sentence in answer["notice"]


@pytest.mark.parametrize("model", OFFERED)
def test_the_python_lines_draw_the_same_picture(weights: Path, model: str) -> None:
    for more in ({}, {"set": "sefa", "z": FOUND}):
        network, setting = opened({"model": model, "seed": 3, **more})
        names: dict[str, Any] = {}
        exec(to_python(setting).replace("print(", "("), names)
        assert (names["picture"] == paint(network, rows(setting), seed=setting.base)).all()


def test_sliders_of_faces_are_at_rest_for_a_seed_and_move_what_they_start_from(weights: Path) -> None:
    network, setting = opened({"seed": 5})
    assert isinstance(network, FaceSliders)
    assert set(setting.codes) == {0.0}
    smile = network.transformer.config.names.index("smile")
    codes = [float(number == smile) for number in range(len(setting.codes))]
    assert handlers.move({"seed": 5, "codes": codes})["pictures"] != handlers.move({"seed": 5})["pictures"]
    assert handlers.move({"z": FOUND})["pictures"] != handlers.move({"seed": 5})["pictures"]


@pytest.mark.parametrize("kind", ["sliders", "sefa"])
def test_sliders_of_faces_say_what_they_do(weights: Path, kind: str) -> None:
    opening = handlers.open_sliders({"set": kind})
    told = handlers.meter({"set": kind})
    assert len(opening["titles"]) == len(told["names"]) == len(told["movements"]) == len(opening["types"]) >= 8
    assert [name for name, _ in opening["sets"]] == ["sliders", "sefa"]
    assert all(len(row) == len(told["factors"]) for row in told["movements"])
    if kind == "sefa":
        assert all(name.startswith(("mostly ", "little ")) for name in told["names"])
    else:
        assert {"Age", "Smile", "Glasses"} <= set(opening["titles"])


def test_networks_with_the_same_sliders_can_stand_beside_each_other(weights: Path) -> None:
    answer = handlers.open_sliders({"model": MODEL})
    assert [name for name, _ in answer["beside"]] == ["scenes-infogan-64"]
    assert len(handlers.move({"model": MODEL, "beside": "scenes-infogan-64"})["pictures"]) == 2
    assert "other sliders" in handlers.move({"model": MODEL, "beside": "portraits-128"})["notice"]
    assert handlers.open_sliders({"model": "faces-celeba-64"})["beside"] == []
    assert handlers.open_sliders({"model": FACES})["beside"] == []


def test_a_film_and_the_strips_cover_every_code(weights: Path) -> None:
    strips = handlers.strips({"model": MODEL})
    assert strips["counts"] == [8, 8, 8, 4, 8, 8, 8]
    for code in (0, 3, "to"):
        film = handlers.film({"model": MODEL, "code": code})
        with Image.open(io.BytesIO(base64.b64decode(film["content"].partition(",")[2]))) as picture:
            assert picture.format == "GIF"
            assert picture.size == (256, 256)
    assert "code is 6" in handlers.film({"model": MODEL, "code": 6})["notice"]


def test_strips_and_films_of_faces(weights: Path) -> None:
    strips = handlers.strips({"set": "sefa"})
    assert strips["columns"] == 5
    assert set(strips["counts"]) == {5}
    for code in (0, "to"):
        film = handlers.film({"set": "sefa", "code": code})
        with Image.open(io.BytesIO(base64.b64decode(film["content"].partition(",")[2]))) as picture:
            assert picture.size == (256, 256)
            assert getattr(picture, "n_frames", 1) == 2 * handlers.FILM - 2  # there and back


def test_a_picture_is_read_whatever_its_size_and_a_stranger_one_is_named(weights: Path) -> None:
    address = "data:image/png;base64," + base64.b64encode(picture_file()).decode()
    answer = handlers.read_picture({"model": MODEL, "image": address})
    assert len(answer["codes"]) == 6
    assert answer["warning"].startswith("This does not look like a scene")
    assert handlers.read_picture({"model": MODEL, "render": 5})["original"] != answer["original"]
    assert "cannot read a picture" in handlers.read_picture({"model": "faces-celeba-64", "image": address})["notice"]
    assert "no picture" in handlers.read_picture({"model": MODEL, "image": "data:,x"})["notice"]


def test_a_second_seed_may_be_0_and_comes_round_after_the_last() -> None:
    assert handlers.other_seed({"to": 0}, Setting(MODEL, (), 7)) == 0
    assert handlers.other_seed({}, Setting(MODEL, (), 7)) == 8
    assert handlers.other_seed({}, Setting(MODEL, (), LARGEST_SEED)) == 0


def test_the_endpoints_answer_and_refuse(address: str, weights: Path) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:

        def call(name: str, *data: object) -> tuple[str, Any]:
            event = client.post(f"/gradio_api/call/{name}", json={"data": data}).json()["event_id"]
            *_, kind, answer = client.get(f"/gradio_api/call/{name}/{event}").text.strip().splitlines()
            return kind.removeprefix("event: "), json.loads(answer.removeprefix("data: "))

        kind, answer = call("latent", MODEL, [0, 0, 0, 1, 0, 0], 1, "sliders", None)
        assert kind == "complete"
        assert answer[0].startswith("data:image/png;base64,")
        kind, read = call("encode", MODEL, answer[0])
        assert kind == "complete"
        assert len(read[0]) == 6
        kind, strip = call("traverse", MODEL, 3, 1, "sliders")
        assert (kind, len(strip[0])) == ("complete", 4)
        kind, face = call("latent", FACES, None, 3, "sliders", FOUND)
        assert face[0].startswith("data:image/png;base64,")
        assert len(call("traverse", FACES, 0, 3, "sefa")[1][0]) == 8
        assert "Code 1 is 3" in call("latent", MODEL, [3, 0, 0, 0, 0, 0], 1, "sliders", None)[1]["error"]
        assert "code is 17" in call("traverse", MODEL, 17, 1, "sliders")[1]["error"]
        assert "data URI" in call("encode", MODEL, "http://example.org/a.png")[1]["error"]


SIXTY_POSITIONS = """slider => {
  for (let step = 0; step < 60; step++) {
    slider.value = 0.28 - 0.02 * step;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


def test_a_visitor_drags_a_slider_and_the_last_position_is_shown(visit: Visit) -> None:
    page = visit(f"?tab=latent&model={MODEL}")
    ready(page)
    slider = page.get_by_role("slider", name="Code 1")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(box["x"] + 5 + step * (box["width"] - 10) / 59, box["y"] + box["height"] / 2)
    page.mouse.up()
    value = float(slider.input_value())
    assert value > 0.9
    wait_for_code(page, 0, value)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or "") if request.method == "POST" else None)
    slider.evaluate(SIXTY_POSITIONS)  # faster than any server answers
    wait_for_code(page, 0, -0.9)
    moves = [request for request in asked if '"move"' in request]
    assert 1 <= len(moves) < 20  # positions that were passed meanwhile are not asked for
    before = codes_of(page)
    page.wait_for_function("(link) => decodeURIComponent(location.search).endsWith(link)", arg=page_link(page))
    page.reload()
    ready(page)
    assert codes_of(page) == before


def test_a_picture_of_an_earlier_network_is_not_shown(visit: Visit) -> None:
    page = visit(f"?tab=latent&model={MODEL}&seed=4")
    ready(page)
    held = hold(page, "move")
    page.get_by_role("slider", name="Code 1").press("ArrowRight")
    late = wait_for_held(page, held)
    page.locator(".network").select_option("scenes-infogan-64")
    page.locator("[data-link*='model=scenes-infogan-64&']").wait_for()
    before = codes_of(page)
    with page.expect_response("**/component_server/**"):
        late.continue_()
    page.wait_for_timeout(300)
    assert "model=scenes-infogan-64&" in page_link(page)
    assert codes_of(page) == before


def test_sliders_that_move_while_a_network_is_opened_do_not_call_it_off(visit: Visit) -> None:
    page = visit(f"?tab=latent&model={MODEL}&seed=4")
    ready(page)
    held = hold(page, "open_sliders")
    slider = page.get_by_role("slider", name="Code 1")
    page.locator(".network").select_option("scenes-infogan-64")
    first = wait_for_held(page, held)
    slider.press("ArrowRight")
    wait_for_code(page, 0, float(slider.input_value()))
    first.fulfill(json={"notice": "Too much for now."})
    expect(page.locator(".latent-notice")).to_have_text("Too much for now.")
    page.locator(".network").select_option("faces-celeba-64")
    second = wait_for_held(page, held)
    slider.press("ArrowRight")
    second.continue_()
    page.locator("[data-link*='model=faces-celeba-64&']").wait_for()


def test_the_meter_comes_also_when_a_slider_moved_before(visit: Visit) -> None:
    page = visit(f"?tab=latent&model={MODEL}")
    ready(page)
    held = hold(page, "meter")
    page.locator(".network").select_option("scenes-infogan-64")
    waiting = wait_for_held(page, held)
    expect(page.locator(".latent-meter")).to_be_hidden()
    page.get_by_role("slider", name="Code 2").press("ArrowRight")
    waiting.continue_()
    expect(page.locator(".latent-meter")).to_be_visible()
    expect(page.locator(".latent-which")).to_have_text("code 2")


def test_a_visitor_compares_networks_and_reads_the_meter(visit: Visit) -> None:
    page = visit(f"?tab=latent&model={MODEL}")
    ready(page)
    expect(page.locator(".latent-bars i")).to_have_count(6)
    page.locator(".beside").select_option("scenes-infogan-64")
    expect(page.locator(".latent-pictures figure")).to_have_count(2)
    page.get_by_role("slider", name="Code 4").press("ArrowRight")
    expect(page.locator(".latent-which")).to_have_text("code 4")
    page.locator(".network").select_option("faces-celeba-64")
    expect(page.locator(".latent-encode")).to_be_hidden()
    expect(page.locator(".latent-meter")).to_be_hidden()
    expect(page.locator(".latent-slider")).to_have_count(6)


def test_a_visitor_reads_a_picture_and_changes_it(visit: Visit) -> None:
    page = visit(f"?tab=latent&model={MODEL}")
    ready(page)
    page.locator(".latent-render").click()
    expect(page.locator(".latent-pictures figcaption").first).to_have_text("What the network saw")
    before = codes_of(page)
    slider = page.get_by_role("slider", name="Code 5")
    slider.press("ArrowLeft" if before[4] > 0 else "ArrowRight")
    expect(page.locator(".latent-pictures figure")).to_have_count(1)
    page.locator(".latent-file").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": picture_file("navy", (300, 200))}
    )
    expect(page.locator(".latent-notice")).to_contain_text("This does not look like a scene")
    page.locator(".latent-file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.locator(".latent-notice")).to_contain_text("no picture that can be read")


def test_a_visitor_changes_a_face_by_name(visit: Visit) -> None:
    page = visit("?tab=latent")
    ready(page)
    slider = page.get_by_role("slider", name="Smile", exact=True)
    slider.press("ArrowRight")
    expect(page.locator(".latent-which")).to_have_text("Smile")
    page.wait_for_function("document.querySelector('#latent [data-codes]').dataset.codes.includes('0.01')")
    assert page.locator(".latent-pictures canvas").evaluate("canvas => canvas.clientWidth") >= 320
    page.locator(".latent-rest").click()
    page.wait_for_function("!document.querySelector('#latent [data-codes]').dataset.codes.includes('0.01')")
    page.locator("#latent .set").select_option("sefa")
    expect(page.locator(".latent-slider").first).to_contain_text("Direction 1")
    expect(page.locator(".latent-strip").last).to_contain_text("Seed 1 to seed 2")
    page.locator(".latent-dice").click()
    page.wait_for_function("!/seed=1(&|$)/.test(document.querySelector('#latent [data-link]').dataset.link)")
    assert "set=sefa" in page_link(page)


def test_a_visitor_downloads_a_film(visit: Visit) -> None:
    page = visit(f"?tab=latent&model={MODEL}")
    ready(page)
    with page.expect_download() as download:
        page.locator(".latent-strip button").first.click()
    assert download.value.suggested_filename == f"latent-lab_{MODEL}_code-1.gif"


def test_on_a_phone_sliders_follow_the_picture(visit: Visit) -> None:
    page = visit(f"?tab=latent&model={MODEL}", width=390, height=844, **PHONE)
    ready(page)
    tops = []
    for part in (".latent-show", ".latent-controls", ".latent-meter", ".latent-below"):
        box = page.locator(part).bounding_box()
        assert box is not None
        tops.append(box["y"])
    assert tops == sorted(tops)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
