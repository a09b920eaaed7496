"""The quiz on several machines: two pages behind nginx, which sends every request to the other one than the last, and
one PostgreSQL. No visitor is tied to a page."""

import base64
import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, expect

from quiz.scores import Store
from quiz.tokens import new_token
from tests.conftest import visiting
from tests.pages import NO_TLS, RunningPage, free_port, wait_for_page
from tests.postgresql import PostgreSQL
from tests.test_quiz_tab import ASKING, TOLD

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SETTINGS = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_max_body_size 70m;
  upstream pages {{  # in turn; neither ip_hash nor a cookie
    server 127.0.0.1:{first};
    server 127.0.0.1:{second};
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://pages;
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_connect_timeout 2s;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      add_header X-Page $upstream_addr always;
    }}
  }}
}}
"""


@dataclass
class Site:
    """Two pages behind one address."""

    address: str
    pages: list[subprocess.Popen[bytes]]
    store: Store  # the same database, seen from outside
    played: int = 0  # rounds answered so far


@pytest.fixture(scope="module")
def site(weights: Path, postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not Path(NGINX).is_file():
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("site")
    database = postgresql.new_database()
    user = "user root;" if os.geteuid() == 0 else ""
    with contextlib.ExitStack() as stack:
        pages = []
        for name in ("first", "second"):
            (folder / name).mkdir()
            page = RunningPage(folder / name, DATABASE_URL=database, LATENT_LAB_PROXIES="1")
            stack.callback(page.process.wait, timeout=60)
            stack.callback(page.process.terminate)
            pages.append(page)
        for page in pages:
            page.wait()
        port, (first, second) = free_port(), [page.port for page in pages]
        settings = SETTINGS.format(folder=folder, user=user, first=first, second=second, port=port)
        (folder / "nginx.conf").write_text(settings)
        nginx = stack.enter_context(subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]))
        stack.callback(nginx.terminate)
        wait_for_page(f"http://127.0.0.1:{port}", nginx)
        store = Store(database)
        stack.callback(store.close)
        yield Site(f"http://127.0.0.1:{port}", [page.process for page in pages], store)
    for page in pages:
        assert not page.complaints()


def ask(site: Site, name: str, *data: object) -> tuple[dict[str, Any], str]:
    """What an endpoint for programs answers, and the page that answered."""
    response = httpx.post(f"{site.address}/gradio_api/run/{name}", json={"data": data}, timeout=60, verify=NO_TLS)
    return response.json(), response.headers["X-Page"]


def script(site: Site, part: int, function: str, data: object) -> tuple[Any, str]:
    """What the page's own script asks for."""
    request = {"session_hash": "test", "component_id": part, "fn_name": function, "data": data}
    response = httpx.post(f"{site.address}/gradio_api/component_server", json=request, timeout=60, verify=NO_TLS)
    return response.raise_for_status().json(), response.headers["X-Page"]


def part_of_page(site: Site, name: str) -> int:
    config = httpx.get(f"{site.address}/config", timeout=60).json()
    return next(int(part["id"]) for part in config["components"] if part["props"].get("elem_id") == name)


def pixels(address: str) -> NDArray[np.uint8]:
    """A picture in a data URI."""
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as picture:
        return np.asarray(picture)


def test_every_answer_counts_once_whichever_page_it_reaches(site: Site) -> None:
    ways = set()
    for number in range(24):
        dealt, first = ask(site, "quiz_new", "portraits", 1 + number % 3)
        token = dealt["data"][0]
        for _ in range(number % 2):  # something in between, so that the answer reaches the page that asked, too
            ask(site, "quiz_new", "portraits", 1)
        told, second = ask(site, "quiz_answer", token, "left", 80)
        (verdict,) = told["data"]
        assert verdict["correct"] == (verdict["real_side"] == "left")
        ways.add((first, second))
        again, third = ask(site, "quiz_answer", token, "right", 80)
        assert third != second
        assert "the first answer counts" in again["error"]
        site.played += 1
        assert site.store.score().rounds == site.played
    pages = {page for way in ways for page in way}
    assert len(pages) == 2
    assert len(ways) == 4  # asked and answered: here and here, here and there, there and here, there and there


def test_of_answers_to_both_pages_at_once_one_counts(site: Site) -> None:
    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            token = ask(site, "quiz_new", "portraits", 1)[0]["data"][0]
            choices = ["left", "right"] * 4
            answers = list(threads.map(lambda choice: ask(site, "quiz_answer", token, choice, None), choices))  # noqa: B023
            assert len({page for _, page in answers}) == 2
            assert sum("data" in answer for answer, _ in answers) == 1
            assert sum("the first answer counts" in answer.get("error", "") for answer, _ in answers) == 7
            site.played += 1
    assert site.store.score().rounds == site.played


def test_a_visitor_plays_on_both_pages(site: Site) -> None:
    quiz, crowd = part_of_page(site, "quiz"), part_of_page(site, "crowd")
    player = new_token()
    seen = set()
    for number in range(1, 7):
        dealt, first = script(site, quiz, "deal", {"player": player})
        again, second = script(site, quiz, "deal", {"player": player})
        assert first != second
        pair = dealt["pair"]
        assert again["pair"]["round"] == pair["round"]
        for side in ("left", "right"):
            assert np.array_equal(pixels(again["pair"][side]), pixels(pair[side]))
        request = {"player": player, "round": pair["round"], "choice": "left", "confidence": 60}
        if number % 2:
            script(site, quiz, "list_decks", {})  # the other page's turn
        told, third = script(site, quiz, "answer", request)
        seen.add(third)
        assert told["standing"]["rounds"] == number
        assert told["next"]["round"] != pair["round"]
        site.played += 1
    assert len(seen) == 2
    joined, here = script(site, crowd, "join", {"player": player, "nickname": "Both sides"})
    looked, there = script(site, crowd, "look_around", {"player": player, "deck": "portraits"})
    assert here != there
    assert joined["nickname"] == looked["nickname"] == "Both sides"
    assert site.store.score(player).rounds == 6


def test_a_visitor_with_a_browser_notices_nothing(site: Site, browser: Browser) -> None:
    with visiting(browser, site.address) as visit:
        page = visit("?tab=quiz")
        page.locator(ASKING).wait_for()
        for number in range(1, 4):
            page.get_by_role("button", name="The left face is real").click()
            page.locator(TOLD).wait_for()
            expect(page.locator(".score-you b")).to_have_text(re.compile(f" of {number}$"))
            page.get_by_role("button", name="Next pair").click()
            page.locator(ASKING).wait_for()
            site.played += 1
            assert site.store.score().rounds == site.played
    assert visit.complaints == []


def test_a_page_that_is_killed_takes_no_answer_with_it(site: Site) -> None:
    tokens = [ask(site, "quiz_new", "portraits", 1)[0]["data"][0] for _ in range(6)]
    for token in tokens[:3]:
        assert "data" in ask(site, "quiz_answer", token, "left", None)[0]
    site.pages[0].send_signal(signal.SIGKILL)
    site.pages[0].wait(timeout=60)
    started = time.monotonic()
    for token in tokens[3:]:  # those that the other page had dealt among them
        assert "data" in ask(site, "quiz_answer", token, "left", None)[0]
    assert time.monotonic() - started < 30
    site.played += len(tokens)
    assert site.store.score().rounds == site.played
    for token in tokens:
        assert "the first answer counts" in ask(site, "quiz_answer", token, "left", None)[0]["error"]
