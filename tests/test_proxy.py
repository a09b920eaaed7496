"""The page below a path of another site, behind nginx with the lines of docs/hosting.md: no request leads elsewhere."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from gradio_client import Client, handle_file
from PIL import Image
from playwright.sync_api import Browser

from tests.networks import write_host_deck
from tests.pages import PATIENCE, ROOT, free_port, serve_page, wait_for_page

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SETTINGS = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    {location}
  }}
}}
"""


def documented() -> str:
    """The lines that hosts copy."""
    blocks = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    return str(blocks[0])


@pytest.fixture(scope="module")
def site(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page, below a path, with a deck of the host's."""
    if not Path(NGINX).is_file():
        pytest.skip("nginx is not installed")
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    deck = write_host_deck(folder / "deck")
    with serve_page(folder, GRADIO_ROOT_PATH="/lab", LATENT_LAB_PROXIES="1", **deck) as page:
        location = documented().replace("127.0.0.1:7860", f"127.0.0.1:{page.port}")
        user = "user root;" if os.geteuid() == 0 else ""
        settings = folder / "nginx.conf"
        settings.write_text(SETTINGS.format(folder=folder, user=user, port=port, location=location))
        with subprocess.Popen([NGINX, "-p", str(folder), "-c", str(settings)]) as nginx:
            try:
                wait_for_page(f"http://127.0.0.1:{port}/lab/", nginx)
                yield f"http://127.0.0.1:{port}/lab/"
            finally:
                nginx.terminate()


def test_no_request_fails(site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    requested, failed = [], []
    page.on("request", lambda request: requested.append(request.url))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    page.goto(site)
    page.locator("#stage [data-link]").wait_for()
    page.get_by_role("tab", name="Upscale").click()
    page.locator("#upscale [data-shown]").wait_for()
    page.wait_for_load_state("networkidle")
    page.close()
    assert failed == []
    assert [url for url in requested if not url.startswith((site, "data:", "blob:"))] == []
    assert any("component_server" in url for url in requested)


def test_the_hosts_deck_has_one_level_and_no_rival(site: str, browser: Browser) -> None:
    """Photographs against a StyleGAN2, which comes without its discriminator (tests/test_quiz_published.py)."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    quiz = page.locator("#quiz")
    asking, drawing = quiz.locator("[data-phase=asking]"), page.get_by_text("The pictures of this deck are being drawn")
    while True:  # the page says so and asks to try again
        page.goto(f"{site}?tab=quiz&deck=folder&level=1")
        asking.or_(drawing.first).first.wait_for()
        if asking.is_visible():
            break
        page.wait_for_timeout(1_000)
    assert quiz.locator(".level option").all_inner_texts() == ["1 of 1: finished"]
    assert quiz.locator(".level").is_disabled()
    quiz.locator("[data-side=left] .face").click()
    quiz.locator("[data-phase=told]").wait_for()
    assert quiz.locator(".tell").inner_text().startswith("This network came without its discriminator")
    assert sorted(quiz.locator(".caption").all_inner_texts()) == ["◌ Generated", "● Photograph"]
    assert quiz.locator(".score-you b").inner_text() in ("0 of 1", "1 of 1")
    for gone in (".spot", ".score-network", ".lead b"):
        assert quiz.locator(gone).first.is_hidden()
    page.locator("#crowd .board-rule").scroll_into_view_if_needed()
    page.locator("#crowd [data-shown=folder]").wait_for()
    assert "discriminator" not in page.locator("#crowd .total").inner_text()
    page.close()


def test_the_icon_is_there(site: str) -> None:
    icons = re.findall(r'<link rel="icon" href="([^"]+)">', httpx.get(site, timeout=60).text)
    assert icons == ["favicon.ico"]
    assert httpx.get(site + icons[0], timeout=60).headers["content-type"].startswith("image/")


def test_programs_find_it_and_its_files(site: str, tmp_path: Path) -> None:
    Image.new("RGB", (20, 10), "red").save(tmp_path / "photo.png")
    client = Client(site, verbose=False, download_files=False)
    first = client.predict(image=handle_file(tmp_path / "photo.png"), scale=2, api_name="/upscale")
    assert first["url"].startswith(f"{site}gradio_api/file=")
    second = client.predict(image=first["url"], scale=2, api_name="/upscale")
    fetched = tmp_path / "larger.png"
    fetched.write_bytes(httpx.get(second["url"], timeout=60).content)
    with Image.open(fetched) as larger:
        assert larger.size == (80, 40)
