"""Server functions answered directly, and what a session holds."""

import json
from collections.abc import Callable
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio.state_holder import SessionState

import app
from models.errors import InvalidInput
from server.functions import StageFunctions, stage_functions_of
from server.guard import OUR_FAULT, Page, Values, stage_function
from tests.coroutines import Answer, finished


@stage_function
def double(fields: Values) -> Values:
    """Twice the number."""
    if fields.get("number") is None:
        raise InvalidInput("There is no number.")
    return {"twice": 2 * fields["number"]}


def broken(_fields: Values) -> Values:
    """What no JSON can say."""
    return {"far": float("nan")}


def unseen(_fields: Values) -> Values:
    """No server function."""
    return {"secret": 1}


def built(make: Callable[[], Answer]) -> Answer:
    """What makes pages, called where Gradio finds an event loop; it would leave one of its own open."""

    async def made() -> Answer:
        return make()

    return finished(made())


@pytest.fixture(scope="module")
def page() -> gr.Blocks:
    def make() -> gr.Blocks:
        with Page() as page:
            gr.HTML("<p></p>", server_functions=[double, broken], elem_id="doubling")
            gr.HTML("<p></p>")
        return page

    return built(make)


def ask(page: gr.Blocks, body: Any, path: str = "/gradio_api/component_server/", method: str = "POST") -> Any:
    """The answer to a request; 299 where it is handed on."""

    async def behind(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = httpx.ASGITransport(app=StageFunctions(behind, stage_functions_of(page)))
    content = body if isinstance(body, bytes) else json.dumps(body)

    async def asked() -> Any:
        async with httpx.AsyncClient(transport=transport, base_url="http://page") as client:
            return await client.request(method, path, content=content)

    return finished(asked())


def number_of(page: gr.Blocks) -> int:
    return next(int(number) for number, block in page.blocks.items() if block.elem_id == "doubling")


def test_an_answer_is_what_the_function_returns(page: gr.Blocks) -> None:
    request = {"component_id": number_of(page), "fn_name": "double", "data": {"number": 21}, "session_hash": "any"}
    for path in ("/gradio_api/component_server", "/gradio_api/component_server/"):
        answer = ask(page, request, path)
        assert (answer.status_code, answer.json()) == (200, {"twice": 42})
    assert ask(page, {**request, "data": {}}).json() == {"notice": "There is no number."}
    assert "notice" in ask(page, {**request, "data": [1]}).json()


def test_an_error_of_ours_is_a_sentence(page: gr.Blocks, caplog: pytest.LogCaptureFixture) -> None:
    answer = ask(page, {"component_id": number_of(page), "fn_name": "broken", "data": {}})
    assert (answer.status_code, answer.json()) == (500, {"detail": OUR_FAULT})
    assert "unexpected error" in caplog.text


@pytest.mark.parametrize("name", ["unseen", "get_config", "__init__", "postprocess", ""])
def test_nothing_else_can_be_called(page: gr.Blocks, name: str) -> None:
    answer = ask(page, {"component_id": number_of(page), "fn_name": name, "data": {}})
    assert answer.status_code == 404
    assert ask(page, {"component_id": number_of(page) + 1, "fn_name": "double", "data": {}}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b"1", b'"text"', b"null", b"{}", b'{"component_id": 1}', b"[" * 100_000,
     b'{"component_id": [], "fn_name": "double"}', b'{"component_id": {}, "fn_name": {}}'],
    ids=range(11),
)  # fmt: skip
def test_what_is_no_request_is_answered_by_a_sentence(page: gr.Blocks, body: bytes) -> None:
    answer = ask(page, body)
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith("open the page again.")


def test_other_requests_are_handed_on(page: gr.Blocks) -> None:
    assert ask(page, {}, "/gradio_api/call/sample").status_code == 299
    assert ask(page, b"", method="GET").status_code == 299


def test_all_functions_of_the_page_are_found() -> None:
    names = {name for _, name in stage_functions_of(built(app.build))}
    assert {"move", "deal", "answer", "upscale_picture", "game_play", "ask"} <= names


def test_a_session_holds_no_copy_of_the_page() -> None:
    def filled(blocks: type[gr.Blocks]) -> SessionState:
        with blocks() as page:
            for number in range(50):
                gr.HTML(f"<p>{number}</p>" * 100)
        page.queue()
        return SessionState(page)

    lean, plain = built(lambda: (filled(Page), filled(gr.Blocks)))
    assert len(json.dumps(plain.config_values)) > 50_000
    assert not any(lean.config_values.values())
    assert len(lean.blocks_config.blocks) == len(plain.blocks_config.blocks) == 50
