"""Tools for assistants: what an MCP client finds and gets, and what the log says where they cannot be had."""

import base64
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from models import load
from models.gan import generate
from server.files import NO_FETCHING, NO_UPLOAD
from tests.films import film, moving_square
from tests.pages import ROOT, serve_page

EQUIPPED = Path(sys.prefix) / "mcp" / "bin" / "python"  # with the packages of requirements-mcp.txt; `make` builds it


def ask(address: str, *calls: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """What the official client finds and gets; see tests/mcp_client.py."""
    client = [str(EQUIPPED), str(ROOT / "tests" / "mcp_client.py"), address]
    answer = subprocess.run(client, input=json.dumps(calls), capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr
    return dict(json.loads(answer.stdout))


def picture(part: dict[str, Any]) -> np.ndarray[Any, Any]:
    """The pixels of an image part."""
    assert (part["type"], part["mimeType"]) == ("image", "image/png")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(part["data"]))))


def addresses(answer: dict[str, Any]) -> list[str]:
    """What an answer says other tools may take."""
    head, _, listed = answer["content"][-1]["text"].partition(": ")
    assert head == "Files for other tools"
    return list(listed.split())


def test_an_assistant_uses_the_tools(weights: Path, tmp_path: Path) -> None:
    if not EQUIPPED.is_file():
        pytest.skip("the packages of requirements-mcp.txt are not installed; `make test` installs them")
    with serve_page(tmp_path, python=EQUIPPED, LATENT_LAB_MCP="1") as page:
        address = page.address
        endpoints = httpx.get(f"{address}/gradio_api/info", timeout=60).json()["named_endpoints"]
        black = "data:image/png;base64," + base64.b64encode(png(np.zeros((8, 8, 3), np.uint8))).decode()
        told = ask(
            address,
            ("sample", {"count": 2, "seed": 7}),
            ("sample", {"count": 0}),
            ("conditional", {"floor": 1}),
            ("upscale", {"image": black, "scale": 2}),
            ("quiz_new", {}),
            ("encode", {"model": "scenes-infogan-cr-64", "image": black}),
            ("sample", {"model": "/etc/passwd"}),
            ("encode_face", {"image": black}),
            ("upscale", {"image": "http://127.0.0.1:1/photo.jpg"}),
            ("upscale", {"image": "/etc/passwd"}),
            ("upscale", {"image": {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}}),
        )
        pair = told["results"][4]["content"]
        clip = "data:video/mp4;base64," + base64.b64encode(film(moving_square(3))).decode()
        further = ask(
            address,
            ("quiz_answer", {"round": pair[0]["text"], "choice": "left"}),
            ("quiz_answer", {"round": pair[0]["text"], "choice": "right"}),
            ("translate_clip", {"clip": clip}),
            ("upscale", {"image": addresses(told["results"][3])[0], "scale": 2}),
            ("upscale", {"image": addresses(told["results"][0])[1], "scale": 2, "form": "data"}),
        )
        kept = [file.relative_to(tmp_path).parts for file in tmp_path.glob("latent-lab-*/**/*") if file.is_file()]
    assert set(told["tools"]) == {name.removeprefix("/") for name in endpoints}
    assert {"sample", "morph", "quiz_new", "quiz_answer", "translate", "upscale"} <= set(told["tools"])
    for name, tool in told["tools"].items():
        assert tool["description"] == endpoints[f"/{name}"]["description"]
        assert "Returns:" in tool["description"]
        assert all(argument["description"] for argument in tool["schema"]["properties"].values())
        assert "$defs" not in json.dumps(tool["schema"])
    assert {kind["type"] for kind in told["tools"]["upscale"]["schema"]["properties"]["image"]["anyOf"]} == {
        "string", "object"
    }  # fmt: skip

    faces, none, scene, larger, _, codes, outside, found, *refused = told["results"]
    expected = generate(load("faces-128"), seed=7, count=2)
    assert not faces["error"]
    assert np.array_equal([picture(part) for part in faces["content"][:-1]], expected)
    assert len(addresses(faces)) == 2
    assert none["error"] and none["content"][0]["text"] == "The number of pictures is 0; it has to be from 1 to 64."
    assert picture(scene["content"][0]).shape == (64, 64, 3)
    assert picture(larger["content"][0]).shape == (16, 16, 3)
    assert [part["type"] for part in pair] == ["text", "image", "image", "text"]
    assert all(isinstance(code, (int, float)) for code in json.loads(codes["content"][0]["text"]))
    assert outside["error"] and "There is no network" in outside["content"][0]["text"]
    assert set(json.loads(found["content"][0]["text"])) == {"latent", "warning"}
    assert picture(found["content"][1]).shape == (128, 128, 3)
    assert [answer["error"] for answer in refused] == [True] * 3
    assert [answer["content"][0]["text"].strip("'") for answer in refused] == [NO_FETCHING, NO_UPLOAD, NO_UPLOAD]

    verdict, second, translated, again, inline = further["results"]
    assert picture(again["content"][0]).shape == (32, 32, 3)  # what one tool gave, another took
    assert [part["type"] for part in inline["content"]] == ["image"]
    assert picture(inline["content"][0]).shape == (256, 256, 3)
    assert {parts[1:3] for parts in kept if parts[1] == "cache"} == {("cache", "results")}  # nothing that was sent
    assert json.loads(verdict["content"][0]["text"])["real_side"] in ("left", "right")
    assert second["error"]  # one answer to a round
    resource = translated["content"][0]["resource"]
    assert resource["mimeType"] == "video/mp4"
    assert base64.b64decode(resource["blob"])[4:8] == b"ftyp"  # an MP4 file begins so


def png(pixels: np.ndarray[Any, Any]) -> bytes:
    """A PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


def test_tools_that_were_asked_for_and_are_missing_are_in_the_log(weights: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "mcp.py").write_text("raise ImportError('not installed')\n")
    paths = os.pathsep.join([str(blocked), os.environ.get("PYTHONPATH", "")])
    with serve_page(tmp_path, LATENT_LAB_MCP="1", PYTHONPATH=paths) as page:
        address = page.address
        assert httpx.get(address, timeout=60).status_code == 200  # the page itself is there
        answer = httpx.post(f"{address}/gradio_api/mcp/", json={}, timeout=60, follow_redirects=True)
        assert answer.status_code in (404, 405)
    sentence = "LATENT_LAB_MCP is 1, but there are no tools for assistants; run: pip install -r requirements-mcp.txt"
    assert sentence in page.log.read_text()


def test_without_the_setting_there_are_no_tools(address: str) -> None:
    answer = httpx.post(f"{address}/gradio_api/mcp/", json={}, timeout=60, follow_redirects=True)
    assert answer.status_code in (404, 405)
