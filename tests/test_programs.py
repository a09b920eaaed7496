"""The endpoints as programs use them: the documentation's examples, Gradio's client, an app that loads the page."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import numpy as np
import pytest
from gradio.external import from_spaces_blocks
from gradio_client import Client, handle_file
from PIL import Image

from media.formats import readable
from models import load
from models.gan import generate
from models.super_resolution import upscale
from server.files import NO_FETCHING, NO_UPLOAD
from tests.coroutines import finished
from tests.pages import ROOT

NOISE = np.random.default_rng(3).integers(0, 256, (12, 16, 3), dtype=np.uint8)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a program runs, beside its photograph."""
    monkeypatch.chdir(tmp_path)
    Image.fromarray(NOISE).save(tmp_path / "photo.png")
    shutil.copy(tmp_path / "photo.png", tmp_path / "photo.jpg")  # what a file is, its content says
    return tmp_path


def pixels(file: str | Path) -> np.ndarray[Any, Any]:
    """Of a picture."""
    with Image.open(file) as picture:
        return np.asarray(picture)


def enlarged() -> np.ndarray[Any, Any]:
    """The photograph, twice as large."""
    return upscale(load("upscale-x2-fast"), NOISE, 2)


def example(language: str, address: str) -> str:
    """The lines of docs/api.md in one language, for the page of the tests."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    assert "http://127.0.0.1:7860" in blocks[0]
    return str(blocks[0].replace("http://127.0.0.1:7860", address))


def run(folder: Path, *command: str) -> str:
    """What a program prints, which has to succeed."""
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(folder / "downloads")}
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=environment)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


# --- examples ----------------------------------------------------------------------------------------------------


def test_the_example_for_python(address: str, folder: Path) -> None:
    large, picture = run(folder, sys.executable, "-c", example("python", address)).split()[-2:]
    assert np.array_equal(pixels(large), enlarged())
    assert pixels(picture).shape == (128, 128, 3)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("language", ["js", "javascript"])  # without a package, and with Gradio's
def test_the_examples_for_javascript(address: str, folder: Path, language: str) -> None:
    if language == "javascript" and not (ROOT / "node_modules" / "@gradio" / "client").is_dir():
        pytest.skip("@gradio/client is not installed; `npm ci` installs it")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    (folder / "example.mjs").write_text(example(language, address))
    assert run(folder, "node", "example.mjs").startswith(f"{address}/gradio_api/file=")
    assert np.array_equal(pixels(folder / "larger.png"), upscale(load("upscale-x2-fast"), enlarged(), 2))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_example_for_curl(address: str, folder: Path) -> None:
    run(folder, "sh", "-euc", example("sh", address))
    assert np.array_equal(pixels(folder / "large.png"), enlarged())
    (faces,) = json.loads((folder / "faces.json").read_text())["data"]
    assert [face[:22] for face in faces] == ["data:image/png;base64,"]


# --- Gradio's client ---------------------------------------------------------------------------------------------


def test_files_pass_from_one_endpoint_to_the_next(address: str, folder: Path) -> None:
    client = Client(address, verbose=False, download_files=False)
    faces = client.predict(count=2, seed=7, api_name="/sample")
    for face, expected in zip(faces, generate(load("faces-128"), seed=7, count=2), strict=True):
        (folder / "face.png").write_bytes(httpx.get(face["url"], timeout=60).content)
        assert np.array_equal(pixels(folder / "face.png"), expected)
    sizes = []
    for sent in (faces[0], faces[0]["url"], handle_file(faces[0]["url"])):  # it stays, and goes by each of its names
        sizes.append(client.predict(image=sent, scale=2, api_name="/upscale")["size"])
    inline = client.predict(count=1, seed=7, form="data", api_name="/sample")[0]
    sizes.append(client.predict(image=inline, scale=2, api_name="/upscale")["size"])
    assert len(set(sizes)) == 1
    token, left, right = client.predict(deck="portraits", api_name="/quiz_new")
    assert left["path"] != right["path"] and left["orig_name"] == right["orig_name"]
    assert client.predict(round=token, choice="left", api_name="/quiz_answer")["real_side"] in ("left", "right")
    drawn = client.predict(api_name="/conditional")
    codes = client.predict(model="scenes-infogan-64", image=drawn, api_name="/encode")
    assert all(isinstance(code, float | int) for code in codes)


@pytest.mark.parametrize(("kind", "name"), [("AVIF", "photo.avif"), ("HEIF", "photo.heic")])
def test_every_endpoint_takes_what_phones_take(address: str, folder: Path, kind: str, name: str) -> None:
    assert kind in readable()
    photo = np.indices((128, 128)).transpose(1, 2, 0) @ np.array([[1, 0, 1], [0, 1, 1]]) % 256
    Image.fromarray(photo.astype(np.uint8)).save(folder / name, kind, quality=95)
    client, sent = Client(address, verbose=False, download_files=str(folder)), handle_file(folder / name)
    large = pixels(client.predict(image=sent, scale=2, api_name="/upscale")).astype(int)
    assert np.abs(large - upscale(load("upscale-x2-fast"), pixels(folder / name), 2)).mean() < 1
    assert pixels(client.predict(image=sent, api_name="/translate")).shape == photo.shape
    codes = client.predict(model="scenes-infogan-64", image=sent, api_name="/encode")
    assert all(isinstance(code, float | int) for code in codes)
    assert pixels(client.predict(image=sent, api_name="/encode_face")["picture"]).shape == (128, 128, 3)


def test_an_upload_is_read_once_and_by_its_name_only(address: str, folder: Path) -> None:
    with httpx.Client(base_url=f"{address}/gradio_api", timeout=60) as client:

        def uploaded() -> str:
            with (folder / "photo.jpg").open("rb") as file:
                return str(client.post("/upload", files={"files": ("photo.jpg", file)}).json()[0])

        def ask(sent: object) -> Any:
            answer = client.post("/run/upscale", json={"data": ["fast", 2, sent]}).json()
            return answer["data"][0] if "data" in answer else answer["error"]

        path, other = uploaded(), uploaded()
        assert path != other
        assert ask({"path": path, "meta": {"_type": "gradio.FileData"}})["mime_type"] == "image/png"
        assert ask(path) == NO_UPLOAD
        assert client.get(f"/file={path}").status_code == 403
        for place in (
            "/etc/passwd",
            f"{path}/../../../..",
            str(Path(other).parent),
            str(ROOT / "docs" / "upscale.webp"),
        ):
            assert ask(place) == ask({"path": place, "meta": {"_type": "gradio.FileData"}}) == NO_UPLOAD
        for place in (f"{address}/favicon.ico", "file:///etc/passwd"):
            assert ask(place) == ask({"path": place, "url": place, "meta": {"_type": "gradio.FileData"}}) == NO_FETCHING
        assert ask(f"{address}/gradio_api/file={other}")["size"] > 0


def test_an_app_that_loads_the_page(address: str, folder: Path) -> None:
    async def loaded() -> tuple[Any, Any]:
        with pytest.warns(UserWarning, match="moved from the Blocks constructor"):  # Gradio's own
            app = gr.load(address, src=from_spaces_blocks)
        upscaling = next(event for event in app.fns.values() if event.api_name == "upscale")
        first = (
            await app.process_api(
                upscaling, ["fast", 2, handle_file("photo.jpg"), "file", 100], None, explicit_call=True
            )
        )["data"][0]
        second = (await app.process_api(upscaling, ["fast", 2, first, "file", 100], None))["data"][0]
        return first, second

    first, second = finished(loaded())
    assert first["url"].endswith(f"{address}/gradio_api/file={first['path']}")
    (folder / "larger.png").write_bytes(httpx.get(f"{address}/gradio_api/file={second['path']}", timeout=60).content)
    assert np.array_equal(pixels(folder / "larger.png"), upscale(load("upscale-x2-fast"), enlarged(), 2))
