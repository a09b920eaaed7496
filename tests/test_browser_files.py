"""What the server gives to browsers that draw: the runtime, the networks' graphs and tensors, and nothing else."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from audit import runtime
from models.loading import ROOT
from server.browser import BrowserFiles, offered
from server.static import FOR_EVER

MODEL = "scenes-infogan-cr-64"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Of a server that has these files only, with the networks that are shipped."""
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(ROOT / "weights"))
    with TestClient(Starlette(middleware=[Middleware(BrowserFiles)]), base_url="http://page/behind/a/proxy/") as client:
        yield client


def files_of(answer: dict[str, Any]) -> list[dict[str, str]]:
    return [network[kind] for network in answer["networks"].values() for kind in ("graph", "tensors")]


def test_every_network_is_where_it_is_said_to_be_and_is_what_it_is_said_to_be(client: TestClient) -> None:
    answer = client.get("browser/networks.json")
    assert answer.headers["cache-control"] == "no-cache"
    assert {MODEL, "faces-128", "faces-128/sliders"} <= set(answer.json()["networks"])
    for file in files_of(answer.json()):
        got = client.get(file["address"])
        assert (got.status_code, got.headers["cache-control"]) == (200, FOR_EVER)
        assert "sha256-" + base64.b64encode(hashlib.sha256(got.content).digest()).decode() == file["integrity"]


@pytest.mark.parametrize("device", ["wasm", "webgpu"])
def test_the_runtime_is_served_packed_and_unpacked(client: TestClient, device: str) -> None:
    build = client.get("browser/networks.json").json()["runtime"][device]
    for kind, media_type in (("script", "text/javascript"), ("binary", "application/wasm")):
        name = build[kind].rpartition("/")[2]
        for encoding in ("gzip", "identity"):
            answer = client.get(build[kind], headers={"accept-encoding": encoding})
            assert answer.content == runtime.content_of(runtime.FOLDER, name)  # the client unpacks what is packed
            assert answer.headers["content-type"].startswith(media_type)
            assert answer.headers["cache-control"] == FOR_EVER
            assert answer.headers.get("content-encoding") == (encoding if encoding == "gzip" else None)
    assert client.head(build["script"]).content == b""


def test_nothing_else_is_served(client: TestClient) -> None:
    known = client.get("browser/networks.json").json()
    digest = known["networks"][MODEL]["graph"]["address"].split("/")[1]
    for path in (
        f"browser/{digest}/{MODEL}/config.json",
        f"browser/{digest}/{MODEL}/model.safetensors",  # which has another hash
        f"browser/{'0' * 16}/{MODEL}/network.onnx",
        f"browser/{digest}/..%2F{MODEL}/network.onnx",
        f"browser/{digest}/upscale-x4-quality/model.safetensors",  # has no graph
        f"browser/{digest}/origin.json",
        f"browser/{digest}/",
        "browser/",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post("browser/networks.json").status_code == 404


def test_a_network_that_does_not_fit_its_graph_is_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(tmp_path))
    assert offered()["networks"] == {}
    for file in (ROOT / "weights" / MODEL).iterdir():
        (tmp_path / MODEL).mkdir(exist_ok=True)
        (tmp_path / MODEL / file.name).write_bytes(file.read_bytes())
    assert set(offered()["networks"]) == {MODEL}
    (tmp_path / MODEL / "model.safetensors").write_bytes(b"trained anew")
    assert offered()["networks"] == {}
