"""Wrong types, ranges and sizes, to every endpoint that is published and every server function of every stage."""

import json
import re
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from server.guard import MALFORMED, OUR_FAULT
from tests.faults.conftest import JSON, Target
from tests.pages import ROOT

LONGEST = 20.0  # s, for one answer; machines that test are busy
FEW = settings(
    max_examples=5,  # of which each has a request or more for every function
    deadline=None,
    database=None,
    phases=(Phase.generate,),  # making an example smaller takes longer than reading it
    suppress_health_check=list(HealthCheck),
)
NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**40, 10**400, 1e308, -0.0, 1.5, "", " ", "0", "-1",
    "1e999", "nan", "NaN", "Infinity", "null", "\x00", "\ud800", "\u202e", "a" * 10_000, "../../etc/passwd",
    "/etc/passwd", "file:///etc/passwd", "own-", "own-x", "x/y", "http://127.0.0.1:1/x", "data:",
    "data:image/png;base64,",
    "data:image/png;base64,AAAA", "data:;base64,%%%", "{}", "[]", "<script>alert(1)</script>", "'; DROP TABLE rounds",
    "{0.__class__}", "%s%n", [], [[]], [None], [1, 2, 3], list(range(5_000)), {}, {"a": {}}, {"path": "/etc/passwd"},
    {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}, {"__type__": "update"}, [{"url": "http://127.0.0.1"}],
)  # fmt: skip
nasty = st.one_of(
    st.sampled_from(NASTY),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=5,
    ),
)
FIELDS = (  # of all stages; a script sends some of them, an attacker any
    "model", "seed", "codes", "beside", "code", "to", "render", "image", "deck", "level", "player", "round",
    "choice", "confidence", "floor", "wall", "object", "shape", "rows", "columns", "direction", "example", "frame",
    "daylight", "clip", "job", "path", "scale", "test", "files", "kind", "kept", "link", "token", "preset", "data",
    "rounds", "part", "until", "csv", "drawn", "size", "moves", "function", "rate", "steps", "x", "y", "components",
    "nickname", "count", "k", "noise", "batch", "optimiser", "loss", "width", "latent",
)  # fmt: skip
PLAUSIBLE = {
    "token": "t" * 20,
    "rounds": 3,
    "seed": 1,
    "rate": 0.1,
    "steps": 5,
    "x": 0.5,
    "y": 0.5,
    "preset": "balanced",
}


def is_sentence(text: object) -> bool:
    """Whether a visitor can read it: one or two sentences, without a path of ours or a line of code.

    (Hypothesis sends short words of this file, too, and sentences quote what was sent: the signs are longer.)
    """
    return (
        isinstance(text, str)
        and text != OUR_FAULT
        and 0 < len(text) < 1200
        and str(ROOT) not in text
        and not re.search(
            r'Traceback \(most recent call last\)|File "[^"]+", line [0-9]+|object at 0x[0-9a-f]{8}', text
        )
    )


def check(answer: httpx.Response) -> Any:
    """The value of an answer, which has to be a result or a sentence."""
    assert answer.status_code < 500, (answer.status_code, answer.text[:500])
    value = answer.json()
    if answer.status_code >= 400:
        detail = value.get("detail", value.get("error"))
        assert is_sentence(detail), value
        return detail
    if isinstance(value, dict):
        for kind in ("notice", "trouble"):
            assert not value.get(kind) or is_sentence(value[kind]), value[kind]
    return value


def published(target: Target) -> dict[str, list[Any]]:
    """The endpoints and their default arguments."""
    endpoints = target.client.get("/gradio_api/info").json()["named_endpoints"]
    return {
        name: [argument.get("parameter_default") for argument in endpoint["parameters"]]
        for name, endpoint in endpoints.items()
    }


def timed(function: Callable[[], Any]) -> Any:
    """What a function returns, which has to be soon."""
    begun = time.monotonic()
    value = function()
    assert time.monotonic() - begun < LONGEST
    return value


@FEW
@seed(7)
@given(data=st.data())
def test_endpoints_answer_whatever_programs_send(target: Target, data: st.DataObject) -> None:
    endpoints = published(target)
    assert len(endpoints) >= 10
    for name, defaults in endpoints.items():
        rows: list[list[Any]] = []
        for position in range(len(defaults)):  # each argument wrong by itself, the others as they should be
            rows.append([*defaults[:position], data.draw(nasty), *defaults[position + 1 :]])
        rows.append(data.draw(st.lists(nasty, max_size=len(defaults) + 3)))
        for row in rows:
            kind, answer = timed(partial(target.call, name, row))
            if kind == "error":
                assert is_sentence(answer["error"]), (name, row, answer)
            elif kind == "refused":
                assert is_sentence(answer), (name, row, answer)
            else:
                assert kind == "complete" and answer, (name, row, answer)
    assert not target.complaints()


def test_all_that_is_nasty_reaches_every_argument(target: Target) -> None:
    for name, defaults in published(target).items():
        for number, value in enumerate(NASTY):
            position = number % len(defaults)
            row = [*defaults[:position], value, *defaults[position + 1 :]]
            body = json.dumps({"data": row})
            check(timed(partial(target.send, "POST", f"/gradio_api/run{name}", content=body, headers=JSON)))
    assert not target.complaints()


@FEW
@seed(8)
@given(data=st.data())
def test_stages_answer_whatever_scripts_send(target: Target, data: st.DataObject) -> None:
    stages = target.stages()
    assert sum(map(len, stages.values())) >= 30
    for component, functions in stages.items():
        for function in functions:
            fields = st.dictionaries(st.sampled_from(FIELDS), nasty, max_size=12)
            some = data.draw(fields)
            for value in (data.draw(nasty), some, {**PLAUSIBLE, **some}):
                check(timed(partial(target.ask, component, function, value)))
    assert not target.complaints()


def test_requests_that_name_nothing_get_a_sentence(target: Target) -> None:
    component, functions = next(iter(target.stages().items()))
    for wrong in (None, -1, 10**9, "x", [1], {"a": 1}, 1.5):
        assert target.ask(wrong, functions[0], {}).status_code in (400, 404)
        assert target.ask(component, wrong, {}).status_code in (400, 404)
        check(target.ask(component, functions[0], {}, session_hash=wrong))
    for name in ("__class__", "preprocess", "launch", "__init__", ""):
        assert target.ask(component, name, {}).status_code in (400, 404)
    for path in (
        "call/nothing",
        "run/nothing",
        "run/predict",
        "api/x",
        "call/v2/nothing",
        "queue/join",
        "cancel",
        "reset",
    ):
        for body in ('{"data": []}', "{}", "[]", "null", "1", "", "{", '{"data": [], "fn_index": 9999}',
                     '{"data": null, "fn_index": "x"}', '{"data": [], "session_hash": {}, "fn_index": 0}',
                     "[" * 100_000, '{"data": [' + "1" * 5_000 + "]}", '{"data": [NaN, Infinity]}'):  # fmt: skip
            check(target.send("POST", f"/gradio_api/{path}", content=body, headers=JSON))
    assert not target.complaints()


def test_private_events_get_a_sentence_for_wrong_arguments(target: Target) -> None:
    functions = target.client.get("/config").json()["dependencies"]
    events: tuple[Any, ...] = (None, {}, [], "x", {"link": 5}, {"link": "?seed=x"}, {"model": []}, {"deck": {}})
    assert functions
    for function in functions:
        for data in ([], [None], [1] * 30, ["x", {}, [], 10**30], [{"path": "/etc/passwd"}] * 10):
            for event in events:
                body = {"data": data, "fn_index": function["id"], "session_hash": "faults", "event_data": event}
                answer = target.send("POST", "/gradio_api/run/predict", content=json.dumps(body), headers=JSON)
                if answer.status_code != 200:
                    assert check(answer) == MALFORMED or is_sentence(answer.json().get("error")), answer.text
    assert not target.complaints()


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "99999999999999999999", "٣"])
def test_lengths_that_are_none_are_refused(target: Target, length: str) -> None:
    request = (
        f"POST /gradio_api/run/sample HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}"
        "\r\nConnection: close\r\n\r\n{}"
    )
    host, port = target.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request.encode())
        status = connection.recv(200).split()[1:2]
    assert status in ([b"400"], [b"413"])
