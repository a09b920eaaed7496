"""The tab "Ask for it": as functions of a wish, and as a person uses it."""

import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from models.conditional import ConditionalConfig, held_out
from models.errors import InvalidInput
from tabs.ask import tab as ask
from tabs.ask.tab import Wish, from_fields, to_python, to_query
from tests.conftest import Visit

PHONE: dict[str, Any] = {"device_scale_factor": 3, "is_mobile": True, "has_touch": True}


def shown(page: Page) -> dict[str, str]:
    """The permalink of what is on the stage."""
    link = page.locator("#ask [data-link]").get_attribute("data-link")
    return dict(httpx.QueryParams(link))


def wait_for(page: Page, **wish: str) -> None:
    """Until the stage shows a wish."""
    for name, value in wish.items():
        page.wait_for_function(
            "([name, value]) => new URLSearchParams(document.querySelector('#ask [data-link]')?.dataset.link).get(name)"
            " === value",
            arg=[name, value],
        )


def test_a_permalink_says_everything() -> None:
    wish = Wish(1, 2, 3, 0, 77)
    assert from_fields(dict(httpx.QueryParams(to_query(wish)))) == wish
    assert from_fields({}) == Wish()


@pytest.mark.parametrize(
    "fields", [{"floor": "10"}, {"wall": "red"}, {"object": "1.5"}, {"shape": "4"}, {"seed": "-1"}, {"seed": "x"}]
)
def test_a_wrong_wish_is_answered_by_a_sentence(weights: Path, fields: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match=r"^The .*\.$"):
        from_fields(fields)
    answer = ask.ask(fields)
    assert answer["notice"].endswith(".")
    assert answer["link"] == to_query(Wish())


def test_the_python_lines_draw_the_same_picture(weights: Path) -> None:
    names: dict[str, Any] = {}
    exec(to_python(Wish(4, 5, 6, 1, 9)), names)
    assert names["picture"].shape == (64, 64, 3)


def test_an_answer_names_what_was_read_and_whether_it_was_ever_shown(weights: Path) -> None:
    sizes = ConditionalConfig().sizes
    unseen = next(combination for combination in np.ndindex(*sizes) if held_out(sizes, [combination])[0])
    for labels, expected in ((unseen, True), ((0, 0, 0, 0), bool(held_out(sizes, [(0, 0, 0, 0)])[0]))):
        answer = ask.ask(dict(zip(ask.LABELS, map(int, labels), strict=True)))
        assert answer["held_out"] is expected
        assert len(answer["read"]) == 4
        assert all(0 <= sure <= 1 for _, sure in answer["read"])


def test_a_table_has_a_cell_for_every_pair(weights: Path) -> None:
    answer = ask.table({"rows": "shape", "columns": "wall"})
    assert (answer["rows"], answer["columns"], len(answer["held_out"])) == (4, 10, 40)
    assert "two different ones" in ask.table({"rows": "wall", "columns": "wall"})["notice"]
    assert "two different ones" in ask.table({"rows": "__class__", "columns": "wall"})["notice"]


def test_the_endpoint_answers_and_refuses(address: str, weights: Path) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:

        def call(*data: object) -> tuple[str, Any]:
            event = client.post("/gradio_api/call/conditional", json={"data": data}).json()["event_id"]
            *_, kind, answer = client.get(f"/gradio_api/call/conditional/{event}").text.strip().splitlines()
            return kind, json.loads(answer.removeprefix("data: "))

        kind, answer = call(1, 2, 3, 0, 5)
        assert kind == "event: complete"
        assert answer[0].startswith("data:image/png;base64,")
        kind, answer = call(11, 2, 3, 0, 5)
        assert kind == "event: error"
        assert "floor colour is 11; it has to be from 0 to 9" in answer["error"]


def test_a_visitor_asks_for_something(visit: Visit) -> None:
    page = visit("?tab=ask")
    wait_for(page, floor="3")
    expect(page.locator(".ask-line")).to_have_text("A red ball on a green floor before a cyan wall")
    page.get_by_role("radio", name="object blue").click()
    wait_for(page, object="7")
    page.get_by_role("radio", name="shape cube").click()
    wait_for(page, shape="0")
    expect(page.locator(".ask-line")).to_have_text("A blue cube on a green floor before a cyan wall")
    expect(page.locator(".ask-obeyed tbody tr")).to_have_count(4)
    page.get_by_role("radio", name="floor orange").click()
    expect(page.locator(".ask-line")).to_have_text("A blue cube on an orange floor before a cyan wall")
    page.locator(".ask-strip button").nth(2).click()
    wait_for(page, seed="4")
    page.wait_for_function("() => location.search.includes('object=7') && location.search.includes('seed=4')")
    page.reload()
    wait_for(page, object="7", shape="0", seed="4")


def test_a_visitor_looks_at_all_values_and_takes_one(visit: Visit) -> None:
    page = visit("?tab=ask")
    wait_for(page, seed="1")
    page.get_by_text("All values of two labels").click()
    page.locator(".ask-table button").nth(99).wait_for()
    page.locator(".rows").select_option("shape")
    expect(page.locator(".ask-table button")).to_have_count(40)
    page.get_by_role("button", name="shape capsule, wall pink").click()
    wait_for(page, shape="3", wall="9")


def test_a_visitor_asks_for_what_it_was_never_shown(visit: Visit) -> None:
    page = visit("?tab=ask")
    wait_for(page, seed="1")
    page.get_by_text("A combination it was never shown").click()
    expect(page.locator(".ask-unseen")).to_have_text("This combination was never shown in the training.")
    wish = [int(shown(page)[name]) for name in ask.LABELS]
    assert held_out(ConditionalConfig().sizes, [wish])[0]


def test_wrong_seeds_and_links_get_a_sentence(visit: Visit) -> None:
    page = visit("?tab=ask&floor=12")
    expect(page.locator(".ask-notice")).to_contain_text("floor colour is 12")
    page.locator(".ask-seed input").fill("-4")
    expect(page.locator(".ask-notice")).to_contain_text("seed is -4")


def test_on_a_phone_the_picture_comes_first(visit: Visit) -> None:
    page = visit("?tab=ask", width=390, height=844, **PHONE)
    wait_for(page, seed="1")
    picture, controls = page.locator(".ask-large").bounding_box(), page.locator(".ask-controls").bounding_box()
    assert picture is not None
    assert controls is not None
    assert picture["y"] + picture["height"] < controls["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
