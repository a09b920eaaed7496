"""Budgets of addresses, who is who behind proxies, the most at a time, and what a visitor reads."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from models.errors import LatentLabError
from server import garbage, guard, limits, scratch
from server.limits import (
    MOST_ADDRESSES,
    RATE_NAME,
    Budgets,
    Limits,
    address_of,
    cost_of,
    network_of,
)
from server.settings import flag_setting, whole_setting
from tests.conftest import Visit
from tests.coroutines import finished

POST = "/gradio_api/component_server/"


class Clock:
    """Time that passes when it is told to, s."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def scope(path: str = POST, method: str = "POST", client: tuple[str, int] = ("1.2.3.4", 5), **headers: str) -> Any:
    """A request, as ASGI describes it."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "path": path, "method": method, "client": client, "headers": raw}


def page(*, seconds: float = 0.0) -> Starlette:
    """What stands behind the limits: it reads the request and answers how many bytes it has."""

    async def answer(request: Request) -> Response:
        size = len(await request.body())
        await asyncio.sleep(seconds)
        return JSONResponse({"size": size})

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


def visitor(app: ASGIApp) -> httpx.AsyncClient:
    """A client of an app, without a network."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=("1.2.3.4", 5)), base_url="http://page")


# --- budgets -----------------------------------------------------------------------------------------------------


def test_a_budget_is_a_token_bucket() -> None:
    clock = Clock()
    budgets = Budgets(rate=10.0, burst=5.0, clock=clock)
    assert [budgets.take("a") for _ in range(5)] == [0.0] * 5
    assert budgets.take("a") == pytest.approx(0.1)  # one request comes back in a tenth of a second
    assert budgets.take("b") == 0.0  # somebody else
    clock.now = 0.09
    assert budgets.take("a") == pytest.approx(0.01)
    clock.now = 0.1
    assert budgets.take("a") == 0.0
    clock.now = 1000.0  # never more than the burst
    assert [budgets.take("a") for _ in range(6)] == [0.0] * 5 + [pytest.approx(0.1)]
    clock.now = 2000.0
    assert budgets.take("a", 100.0) == 0.0  # costs more than there can be: needs all of it
    assert budgets.take("a") == pytest.approx(0.1)


def test_sliders_and_classes_pass() -> None:
    clock = Clock()
    budgets = Budgets(clock=clock)
    for request in range(60 * 5):  # one visitor drags for five seconds, 60 requests in each
        clock.now = request / 60
        assert budgets.take("visitor") == 0.0
    for request in range(30 * 3 * 60):  # thirty visitors, each with three requests a second, for a minute
        clock.now = 100 + request / (30 * 3)
        assert budgets.take("class") == 0.0
    refused = sum(budgets.take("flood") > 0 for _ in range(2_000))
    assert refused == 1_400


def test_few_bytes_are_remembered_of_many_addresses() -> None:
    budgets = Budgets()
    for number in range(MOST_ADDRESSES + 100):
        budgets.take(str(number))
    assert len(budgets.left) == MOST_ADDRESSES
    assert "0" not in budgets.left and str(MOST_ADDRESSES) in budgets.left


def test_what_a_request_costs() -> None:
    assert cost_of(scope("/assets/index.js", "GET")) == 0  # files of the page
    assert cost_of(scope("/theme.css", "GET")) == 0
    assert cost_of(scope("/", "GET")) == 1
    for path in ("call/sample", "run/sample", "queue/join", "component_server/", "upload"):
        assert cost_of(scope(f"/gradio_api/{path}", content_length="200")) == 1
        assert cost_of(scope(f"/lab/gradio_api/{path}", content_length="200")) == 1  # below a path of a proxy
    assert cost_of(scope(content_length=str(22 * 2**20))) == 89
    assert cost_of(scope()) == cost_of(scope(content_length="x")) == cost_of(scope(content_length="9" * 99)) == 88


# --- who is who --------------------------------------------------------------------------------------------------


def test_forwarded_addresses_count_only_behind_proxies() -> None:
    forged = scope(x_forwarded_for="6.6.6.6, 7.7.7.7, 8.8.8.8")
    assert address_of(forged, 0) == "1.2.3.4"
    assert address_of(forged, 1) == "8.8.8.8"
    assert address_of(forged, 2) == "7.7.7.7"
    assert address_of(forged, 4) == "1.2.3.4"  # it did not come through all of them
    assert address_of(scope(), 1) == "1.2.3.4"
    assert address_of(scope(client=("9.9.9.9", 0), x_forwarded_for="9.9.9.9"), 0) == "a proxy"  # uvicorn believed it


def test_a_network_of_ipv6_is_one_visitor() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:1.2.3.4") == network_of("1.2.3.4") == "1.2.3.4"
    assert network_of("[fe80::1%eth0]") == network_of("fe80::2")
    assert len(network_of("x" * 10_000)) < 50


def test_ports_that_proxies_add_do_not_count() -> None:
    assert network_of("1.2.3.4:5678") == "1.2.3.4"
    assert network_of("[2001:db8:1:2::9]:443") == network_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"


def test_settings_are_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RATE_NAME, raising=False)
    assert whole_setting(RATE_NAME, 100, 1) == 100
    monkeypatch.setenv(RATE_NAME, "250")
    assert whole_setting(RATE_NAME, 100, 1) == 250
    for wrong in ("0", "-1", "1.5", "many"):
        monkeypatch.setenv(RATE_NAME, wrong)
        with pytest.raises(LatentLabError, match=f"{RATE_NAME} is '{wrong}'; it has to be a whole number from 1 on"):
            whole_setting(RATE_NAME, 100, 1)


# --- answers -----------------------------------------------------------------------------------------------------


def test_an_address_over_its_budget_is_told_when_to_come_back() -> None:
    async def flood() -> list[httpx.Response]:
        async with visitor(Limits(page(), budgets=Budgets(rate=0.5, burst=3.0))) as client:
            answers = [await client.post(POST, content=b"{}") for _ in range(4)]
            return [*answers, await client.get("/assets/index.js")]

    *passed, refused, file = finished(flood())
    assert [answer.status_code for answer in passed] == [200] * 3
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "2"
    assert refused.json() == {"detail": "Too many requests came from your address; please try again in 2 seconds."}
    assert file.status_code == 200


def test_too_much_at_a_time_is_said_at_once() -> None:
    async def crowd() -> list[httpx.Response]:
        limited = Limits(page(seconds=0.2), budgets=Budgets(rate=1e6), most_at_once=5)
        async with visitor(limited) as client:
            answers = await asyncio.gather(*[client.post(POST, content=b"{}") for _ in range(8)])
            return [*answers, await client.post(POST, content=b"{}")]

    *together, after = finished(crowd())
    assert sorted(answer.status_code for answer in together) == [200] * 5 + [503] * 3
    refused = next(answer for answer in together if answer.status_code == 503)
    assert refused.headers["retry-after"] == "3"
    assert refused.json()["detail"].startswith("The page is busy: 5 requests are being answered;")
    assert after.status_code == 200  # it is over when it is over


def test_all_requests_together_take_a_bounded_memory() -> None:
    async def crowd() -> list[httpx.Response]:
        async with visitor(guard.BodyLimit(page(seconds=0.2), largest=1_000, together=2_500, small=100)) as client:
            large = [client.post(POST, content=bytes(1_000)) for _ in range(4)]
            return [*await asyncio.gather(*large), await client.post(POST, content=bytes(1_000))]

    *together, after = finished(crowd())
    assert sorted(answer.status_code for answer in together) == [200, 200, 503, 503]
    refused = next(answer for answer in together if answer.status_code == 503)
    assert refused.json() == {"detail": guard.CROWDED} and refused.headers["retry-after"] == "5"
    assert after.json() == {"size": 1_000}


def test_nobody_shuts_out_the_small_requests_of_others() -> None:
    async def crowd() -> list[httpx.Response]:
        behind = guard.BodyLimit(page(seconds=0.2), largest=1_000, together=2_500, each=1_500, small=100)
        limited = Limits(behind, proxies=1, budgets=Budgets(rate=1e6))
        async with visitor(limited) as client:

            async def ask(address: str, size: int) -> httpx.Response:
                return await client.post(POST, content=bytes(size), headers={"X-Forwarded-For": address})

            asked = [("1.1.1.1", 900), ("1.1.1.1", 900), ("2.2.2.2", 900), ("3.3.3.3", 900), ("3.3.3.3", 100)]
            return await asyncio.gather(*[ask(*one) for one in asked])

    answers = finished(crowd())
    assert [answer.status_code for answer in answers] == [200, 503, 200, 503, 200]  # its own share, the whole, small


def test_a_full_disk_takes_no_uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "FRESH", 0.0)
    room = scratch.Room(tmp_path, most=1_000, least_free=1)

    async def upload() -> int:
        async with visitor(guard.BodyLimit(page(), room=room)) as client:
            assert (await client.post(POST, content=b"{}")).status_code == 200
            return (await client.post(f"{guard.UPLOADS}", content=b"x")).status_code

    assert finished(upload()) == 200
    (tmp_path / "abc").mkdir()
    (tmp_path / "abc" / "file").write_bytes(bytes(1_001))
    assert finished(upload()) == 503
    assert scratch.Room(tmp_path, most=10**6, least_free=1)()
    assert not scratch.Room(tmp_path, most=10**6, least_free=10**18)()


def test_open_streams_of_one_address_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_STREAMS", 3)

    async def watch() -> list[int]:
        async with visitor(Limits(page(seconds=0.2), budgets=Budgets(rate=1e6))) as client:
            together = await asyncio.gather(*[client.get("/gradio_api/heartbeat/x") for _ in range(5)])
            return [answer.status_code for answer in (*together, await client.get("/gradio_api/heartbeat/x"))]

    *together, after = finished(watch())
    assert sorted(together) == [200, 200, 200, 429, 429] and after == 200


def test_what_never_arrives_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LONGEST_ARRIVAL", 0.2)

    async def ask() -> httpx.Response:
        parts, sent = [b"{"], list[Any]()

        async def drip() -> Any:
            if not parts:
                await asyncio.sleep(30)
            return {"type": "http.request", "body": parts.pop(), "more_body": True}

        async def send(message: Any) -> None:
            sent.append(message)

        request = scope() | {"query_string": b"", "root_path": "", "http_version": "1.1"}
        await guard.BodyLimit(page())(request, drip, send)
        return httpx.Response(sent[0]["status"], content=sent[1]["body"])

    begun = time.monotonic()
    answer = finished(ask())
    assert time.monotonic() - begun < 10
    assert answer.status_code == 408
    assert answer.json() == {"detail": "The request took too long to arrive; please try again."}


@pytest.mark.parametrize(
    ("tab", "ready", "act"),
    [
        ("latent", "#latent [data-meter]", "#latent input[type=range]"),
        ("quiz", "#quiz [data-round]", "#quiz .face"),
        ("sample", "#stage [data-link]", "#dice"),
        ("upscale", "#upscale [data-link]", "#upscale .wb-examples button"),
    ],
)
def test_the_stage_shows_why_it_was_refused(visit: Visit, tab: str, ready: str, act: str) -> None:
    page = visit(f"?tab={tab}")
    page.locator(ready).first.wait_for()
    sentence = "Too many requests came from your address; please try again in 2 seconds."
    page.route("**/gradio_api/**", lambda route: route.fulfill(status=429, json={"detail": sentence}))
    control = page.locator(act).first
    if tab == "latent":
        control.press("ArrowRight")
    else:
        control.click()
    page.get_by_text(sentence).locator("visible=true").first.wait_for()
    page.wait_for_timeout(300)  # ms; what the page would complain of
    visit.complaints = [line for line in visit.complaints if "429" not in line]  # the browser's own lines


# --- answers that nobody fetches ---------------------------------------------------------------------------------


def test_answers_that_nobody_fetches_are_forgotten() -> None:
    queue = SimpleNamespace(
        pending_messages_per_session={"running": 1, "done": 2, "new": 3},
        pending_event_ids_session={"running": {"a"}, "done": {"b"}, "fetched": set[str]()},
        event_ids_to_events={"a": SimpleNamespace(session_hash="running")},
    )
    kept = garbage.Uncollected(queue)
    kept.sweep(0.0)
    queue.pending_messages_per_session["newer"] = 4
    kept.sweep(garbage.KEPT - 1)
    assert set(queue.pending_messages_per_session) == {"running", "done", "new", "newer"}
    kept.sweep(garbage.KEPT)
    assert queue.pending_messages_per_session == {"running": 1, "newer": 4}
    assert queue.pending_event_ids_session == {"running": {"a"}}
    queue.event_ids_to_events.clear()
    kept.sweep(garbage.KEPT + 1)  # the last one is done only now
    assert "running" in queue.pending_messages_per_session
    kept.sweep(2 * garbage.KEPT + 1)
    assert not queue.pending_messages_per_session and not queue.pending_event_ids_session


# --- temporary files ---------------------------------------------------------------------------------------------


def test_old_files_and_folders_left_empty_are_swept(tmp_path: Path) -> None:
    cache, others = tmp_path / scratch.CACHE, tmp_path / scratch.OTHERS
    upload = cache / "abc" / "picture.png"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"x")
    others.mkdir()
    (tmp_path / scratch.IN_USE).touch()
    now = time.time()
    scratch.sweep(tmp_path, now + scratch.OLDEST - 60)
    assert upload.exists()
    scratch.sweep(tmp_path, now + scratch.OLDEST + 60)
    assert not upload.exists()
    scratch.sweep(tmp_path, time.time() + scratch.OLDEST_EMPTY + 60)
    assert sorted(path.name for path in tmp_path.iterdir()) == [scratch.IN_USE, scratch.CACHE, scratch.OTHERS]
    assert not list(cache.iterdir())  # the folder that Gradio would leave behind


@pytest.mark.parametrize(("text", "asked"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("", False)])
def test_a_flag_of_the_host_is_understood(monkeypatch: pytest.MonkeyPatch, text: str, asked: bool) -> None:
    monkeypatch.setenv("LATENT_LAB_MCP", text)
    assert flag_setting("LATENT_LAB_MCP") is asked


def test_a_flag_that_is_on_unless_the_host_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, on in (("", True), ("1", True), ("0", False), ("off", False)):
        monkeypatch.setenv("LATENT_LAB_BROWSER", text)
        assert flag_setting("LATENT_LAB_BROWSER", default=True) is on
    monkeypatch.delenv("LATENT_LAB_BROWSER")
    assert flag_setting("LATENT_LAB_BROWSER", default=True)


def test_a_flag_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_LAB_MCP", "maybe")
    with pytest.raises(LatentLabError, match="LATENT_LAB_MCP is 'maybe'; 1 and 0 are accepted"):
        flag_setting("LATENT_LAB_MCP")
