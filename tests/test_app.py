"""The shell: limits, the programs' interface, and what holds for every tab."""

import inspect
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from PIL import Image

import app
from models.errors import InvalidInput
from server import guard, stubs
from tests.conftest import Visit


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


def call(client: httpx.Client, name: str, *data: object) -> dict[str, Any]:
    """An endpoint as a program calls it: {"data": …} or {"error": …}."""
    event = client.post(f"/gradio_api/call/{name}", json={"data": data}).raise_for_status().json()["event_id"]
    *_, kind, answer = client.get(f"/gradio_api/call/{name}/{event}").text.strip().splitlines()
    value = json.loads(answer.removeprefix("data: "))
    return {"data": value[0]} if kind == "event: complete" else dict(value)


# --- limits ------------------------------------------------------------------------------------------------------


def test_large_requests_are_refused(client: httpx.Client) -> None:
    body = b"x" * (guard.LARGEST_BODY + 1)
    headers = {"content-type": "application/json"}
    announced = client.post("/gradio_api/call/sample", content=body, headers=headers)
    chunked = client.post("/gradio_api/call/sample", content=iter([body[:-2], body[-2:]]), headers=headers)
    for answer in (announced, chunked):
        assert answer.status_code == 413
        assert answer.json() == {"detail": "The request is too large; up to 22 MB are accepted."}


def test_image_bombs_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    Image.new("1", (4000, 4000)).save(bomb)  # 2 KB on disk, 16 million pixels
    largest = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        guard.limit_images()
        try:
            with pytest.raises((Image.DecompressionBombError, Image.DecompressionBombWarning)):
                Image.open(bomb).load()
        finally:
            Image.MAX_IMAGE_PIXELS = largest


def test_what_is_not_for_strangers_is_closed(client: httpx.Client, weights: Path) -> None:
    assert client.get("/monitoring/summary").status_code == 403
    card = weights / "faces-celeba-64" / "README.md"
    assert client.get(f"/gradio_api/file={card}").status_code == 403
    assert client.get(f"/gradio_api/file={Path(app.__file__)}").status_code == 403
    assert str(weights) not in client.get("/config").text


def test_our_errors_are_told_and_others_are_not(caplog: pytest.LogCaptureFixture) -> None:
    assert guard.sentence(InvalidInput("The seed is -1; it has to be more.")) == "The seed is -1; it has to be more."
    assert guard.sentence(RuntimeError("/home/secret/path")) == guard.OUR_FAULT
    assert "/home/secret/path" in caplog.text  # written down for us


# --- endpoints for programs --------------------------------------------------------------------------------------


def test_the_interface_is_documented(client: httpx.Client) -> None:
    endpoints = client.get("/gradio_api/info").json()["named_endpoints"]
    names = {name: [argument["parameter_name"] for argument in end["parameters"]] for name, end in endpoints.items()}
    assert names["/sample"] == ["model", "count", "seed", "truncation", "form"]
    assert names["/morph"] == ["model", "seed_a", "seed_b", "frames", "form"]
    assert "1 to 64" in endpoints["/sample"]["description"]


def test_same_seed_same_faces(client: httpx.Client) -> None:
    few = call(client, "sample", "faces-celeba-64", 2, 7, 1.0)["data"]
    many = call(client, "sample", "faces-celeba-64", 5, 7, 1.0)["data"]
    assert len(few) == 2 and len(many) == 5
    assert all(picture.startswith("data:image/png;base64,") for picture in many)
    assert few == many[:2] and len(set(many)) == 5
    assert call(client, "sample", "faces-celeba-64", 2, 8, 1.0)["data"] != few


def test_a_morph_begins_and_ends_with_the_faces_of_its_seeds(client: httpx.Client) -> None:
    frames = call(client, "morph", "portraits-128", 3, 4, 5)["data"]
    start, end = (call(client, "sample", "portraits-128", 1, seed, 1.0)["data"][0] for seed in (3, 4))
    assert len(frames) == 5
    assert frames[0] == start and frames[-1] == end


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("faces-celeba-64", 0, 1, 1.0), "The number of pictures is 0; it has to be from 1 to 64."),
        (("faces-celeba-64", 10_000, 1, 1.0), "The number of pictures is 10,000; it has to be from 1 to 64."),
        (("faces-celeba-64", 1.5, 1, 1.0), "The number of pictures is 1.5; it has to be a whole number from 1 to 64."),
        (("faces-celeba-64", 1, "abc", 1.0), "The seed is 'abc'; it has to be a whole number from 0 to 2,147,483,647."),
        (("faces-celeba-64", 1, -1, 1.0), "The seed is -1; it has to be from 0 to 2,147,483,647."),
        (("faces-celeba-64", 1, 1, 1.1), "The variety (truncation) is 1.1; it has to be from 0 to 1."),
        (("faces-celeba-64", 1, 1, None), "The variety (truncation) is None; it has to be a number from 0 to 1."),
        ((["faces"], 1, 1, 1.0), "The network is ['faces']; it has to be a name."),
        (("faces-features-64", 1, 1, 1.0), "faces-features-64 has no config.json"),
    ],
)
def test_bad_input_is_answered_by_a_sentence(client: httpx.Client, arguments: tuple[Any, ...], sentence: str) -> None:
    assert sentence in call(client, "sample", *arguments)["error"]


def test_paths_of_the_server_are_no_networks(client: httpx.Client, weights: Path) -> None:
    for name in (str(weights / "faces-celeba-64"), "../weights/faces-celeba-64", ".", "/etc/passwd"):
        assert "There is no network" in call(client, "sample", name, 1, 1, 1.0)["error"]


# --- for every tab -----------------------------------------------------------------------------------------------


def test_every_tab_opens_by_its_address_and_names_it(visit: Visit) -> None:
    for tab in app.TABS:
        page = visit(f"?tab={tab.name}")
        page.get_by_role("tab", name=tab.title, selected=True).wait_for()
        page.close()
    page = visit("?tab=nonsense")
    page.get_by_role("tab", name=app.TABS[0].title, selected=True).wait_for()


def test_the_address_follows_who_is_faster_than_the_page(visit: Visit) -> None:
    page = visit()
    page.route("**/gradio_api/run/predict**", lambda _route: None)  # the page never hears which tab to open
    page.reload()
    page.get_by_role("tab", name="Ask for it").click()
    page.wait_for_function("() => location.search.startsWith('?tab=ask&')")


def test_light_and_dark_are_remembered(visit: Visit) -> None:
    page = visit(color_scheme="light")
    page.locator("#stage [data-link]").wait_for()
    assert not page.evaluate("document.body.classList.contains('dark')")
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_function("document.body.classList.contains('dark')")


@pytest.mark.parametrize("query", ["", "?__theme=dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_nothing_sticks_out(visit: Visit, query: str, width: int, height: int) -> None:
    page = visit(query, width=width, height=height)
    page.locator("#stage [data-link]").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(19, 17, 16)" if query else "rgb(244, 242, 239)")


def test_gradio_writes_no_stubs() -> None:
    with pytest.raises(OSError, match="needs no stub file"):
        stubs.getfile_of_others(gr.HTML)
    for other in (Path, app.Tab, inspect, test_gradio_writes_no_stubs):
        assert stubs.getfile_of_others(other) == inspect.getfile(other)
    assert inspect.getfile is stubs.getfile  # all others find theirs again
    assert inspect.getfile(gr.HTML).endswith("html.py")
