"""/health, /metrics and the log of JSON lines: what they tell, and what they must not."""

import functools
import json
import logging
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from models.errors import LatentLabError
from server import health as module
from server.health import Figures, Health, RequestLog, start_log
from tests.coroutines import finished

SECRETS = ("secret-name", "secret-prompt", "secret-token", "203.0.113.77")


def page() -> Starlette:
    """Something to watch."""

    async def greet(request: Request) -> Response:
        if request.path_params["name"] == "broken":
            raise RuntimeError("secret-prompt")
        return PlainTextResponse("hello")

    return Starlette(routes=[Route("/call/{name}", greet, methods=["GET", "POST"])])


def watched(*, metrics: bool = True, **checks: object) -> tuple[TestClient, Figures, Health]:
    """A client of a page that is watched. checks: what each raises, or None."""

    def check(error: object) -> None:
        if isinstance(error, Exception):
            raise error

    figures = Figures()
    health = Health({name: functools.partial(check, error) for name, error in checks.items()})
    app = RequestLog(page(), health, figures, metrics)
    return TestClient(app, raise_server_exceptions=False), figures, health


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is written, as the host of a page that wants JSON lines sees it."""
    written: list[str] = []
    loggers = [logging.getLogger(name) for name in ("latent-lab", "uvicorn")]
    before = [(logger, logger.handlers, logger.propagate, logger.level) for logger in loggers]
    monkeypatch.setenv(module.LOG, "json")
    start_log()
    handler = logging.getLogger("latent-lab").handlers[0]
    monkeypatch.setattr(handler, "emit", lambda record: written.append(handler.format(record)))
    yield written
    for logger, handlers, propagate, level in before:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


# --- health ------------------------------------------------------------------------------------------------------


def test_a_page_that_can_draw_and_keep_scores_is_well() -> None:
    client, _, health = watched(drawing=None, scores=None)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "drawing": True, "scores": True})
    health.stopping = True
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "stopping")


def test_one_that_cannot_is_not(caplog: pytest.LogCaptureFixture) -> None:
    client, _, _ = watched(drawing=None, scores=LatentLabError("The scores cannot be reached."))
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "drawing": True, "scores": False})
    assert "scores" in caplog.text  # written down for the host
    assert client.post("/health").status_code == 404


def test_what_hangs_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    health = Health({"drawing": lambda: time.sleep(1.0)})
    client = TestClient(RequestLog(page(), health, Figures()))
    assert client.get("/health").status_code == 503


def test_asking_often_costs_little() -> None:
    looked: list[int] = []
    health = Health({"drawing": lambda: looked.append(1)})
    client = TestClient(RequestLog(page(), health, Figures()))
    assert {client.get("/health").status_code for _ in range(50)} == {200}
    assert len(looked) == 1


# --- metrics -----------------------------------------------------------------------------------------------------


def test_requests_are_counted_by_route_and_status_and_timed() -> None:
    client, figures, _ = watched()
    for name in ("secret-name", "other", "broken"):
        client.post(f"/call/{name}")
    client.get("/nowhere/secret-name")
    figures.watch("jobs_waiting", "Waiting", lambda: 3)
    figures.rounds.inc()
    text = client.get("/metrics").text
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["latent_lab_requests_total", "/call/{name}", "200", "POST"] == 2
    assert samples["latent_lab_requests_total", "/call/{name}", "500", "POST"] == 1
    assert samples["latent_lab_requests_total", "404", "GET", "none"] == 1
    assert samples["latent_lab_request_seconds_count", "/call/{name}", "POST"] == 3
    assert samples["latent_lab_request_seconds_bucket", "+Inf", "/call/{name}", "POST"] == 3
    assert samples["latent_lab_jobs_waiting",] == 3
    assert samples["latent_lab_rounds_dealt_total",] == 1
    assert samples["process_resident_memory_bytes",] > 1e6
    assert not any(secret in text for secret in SECRETS)


def test_a_visitor_who_went_away_is_no_fault_of_ours() -> None:
    _, figures, health = watched()

    async def nobody(*_: Any) -> Any:
        """Answers nothing, as after a disconnection."""

    async def broken(*_: Any) -> None:
        raise RuntimeError

    async def ask(app: Any) -> None:
        scope = {"type": "http", "method": "POST", "path": "/x"}
        await RequestLog(app, health, figures, True)(scope, nobody, nobody)

    finished(ask(nobody))
    with pytest.raises(RuntimeError):
        finished(ask(broken))
    text = figures.text().decode()
    assert 'status="499"} 1.0' in text and 'status="500"} 1.0' in text


def test_metrics_are_closed_unless_the_host_opens_them() -> None:
    client, _, _ = watched(metrics=False)
    assert client.get("/metrics").status_code == 404


# --- log ---------------------------------------------------------------------------------------------------------


def test_requests_are_logged_without_what_visitors_sent(lines: list[str]) -> None:
    client, _, _ = watched()
    client.post("/call/secret-name?q=secret-prompt", content="secret-token", headers={"x-forwarded-for": SECRETS[3]})
    client.post("/call/broken")
    first, second = (json.loads(line) for line in lines)
    assert {name: first[name] for name in ("level", "event", "method", "route", "status", "bytes")} == {
        "level": "info", "event": "request", "method": "POST", "route": "/call/{name}", "status": 200, "bytes": 5,
    }  # fmt: skip
    assert 0 <= first["ms"] < 10_000 and first["time"].endswith("+00:00")
    assert second["status"] == 500
    assert not any(secret in line for line in lines for secret in SECRETS)


def test_errors_are_logged_by_kind_and_place(lines: list[str]) -> None:
    try:
        raise ValueError("secret-prompt in /home/secret-name")
    except ValueError:
        logging.getLogger("latent-lab").error("unexpected error", exc_info=sys.exc_info())
    line = json.loads(lines[0])
    assert (line["level"], line["event"], line["error"]) == ("error", "unexpected error", "ValueError")
    assert line["at"][0].startswith("test_health.py:")
    assert not any(secret in lines[0] for secret in SECRETS)


def test_an_unknown_kind_of_log_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(module.LOG, "xml")
    with pytest.raises(LatentLabError, match="LATENT_LAB_LOG is 'xml'; json is known, or nothing"):
        start_log()
