"""Networks from the Hugging Face Hub, played by a local stand-in for its HTTP interface."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

from tests.networks import tiny_generator
from tests.test_reference import resnet
from tests.test_reference_upscalers import published
from trainer.export import save_network

ROOT = Path(__file__).resolve().parent.parent
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SCRIPT = """
import json, sys
from models import NetworkUnavailable, load
from models.gan import Generator, generate
from models.super_resolution import SuperResolution
from models.translation import directions
answers = []
for name in sys.argv[1:]:
    try:
        network = load(name)
        if isinstance(network, Generator):
            answers.append(list(generate(network, count=2).shape))
        elif isinstance(network, SuperResolution):
            answers.append([network.config.architecture, network.config.scale])
        else:
            answers.append(directions(network))
    except NetworkUnavailable as error:
        answers.append(str(error))
print(json.dumps(answers))
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    """A Hub with five repositories: a network of ours, a published translator, published upscalers, something else, and
    a network that is far too large."""
    save_network(tiny_generator(), tmp_path / "someone" / "faces")
    (tmp_path / "someone" / "horses").mkdir()
    parts = {"G_A": resnet(blocks=9, width=2, prefix=""), "G_B": resnet(blocks=9, width=2, prefix="")}
    tensors = {f"{name}.{key}": tensor for name, part in parts.items() for key, tensor in part.items()}
    torch.save(tensors, tmp_path / "someone" / "horses" / "pytorch_model.bin")
    (tmp_path / "someone" / "photos").mkdir()
    for scale in (2, 4):
        torch.save(
            {"params_ema": published("rrdb", scale)}, tmp_path / "someone" / "photos" / f"RealESRGAN_x{scale}.pth"
        )
    (tmp_path / "someone" / "novel").mkdir()
    (tmp_path / "someone" / "novel" / "chapter.txt").write_text("It was a dark and stormy night.")
    sizes = {"someone/huge": {"config.json": 20, "model.safetensors": 10**9}}

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            parts = self.path.split("?")[0].strip("/").split("/")
            if parts[:2] == ["api", "models"]:
                self.describe("/".join(parts[2:4]), tree="tree" in parts[4:5])
            elif parts[2] == "resolve":
                self.send_file(tmp_path / parts[0] / parts[1] / "/".join(parts[4:]))

        def describe(self, repository: str, tree: bool) -> None:
            folder = tmp_path / repository
            files = sizes.get(repository) or {f.name: f.stat().st_size for f in sorted(folder.glob("*")) if f.is_file()}
            if not files:
                self.answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})
            elif tree:
                rows = [{"type": "file", "path": name, "size": size, "oid": "0" * 40} for name, size in files.items()]
                self.answer(200, json.dumps(rows).encode(), {})
            else:
                siblings = [{"rfilename": name, "size": size} for name, size in files.items()]
                body = {"_id": "1", "id": repository, "sha": COMMIT, "siblings": siblings, "private": False}
                self.answer(200, json.dumps(body).encode(), {})

        def send_file(self, file: Path) -> None:
            if not file.is_file():
                self.answer(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
                return
            content = file.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()}"'
            self.answer(200, content, {"ETag": etag, "X-Repo-Commit": COMMIT})

        def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def ask(endpoint: str, cache: Path, *names: str, **environment: str) -> list[object]:
    """What a fresh process, which reads the Hub's address when it starts, says of each name."""
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT, *names],
        cwd=ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "0", "HF_ENDPOINT": endpoint, "HF_HOME": str(cache), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    answers: list[object] = json.loads(process.stdout.splitlines()[-1])
    return answers


def test_networks_come_from_the_hub_and_stay(hub: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    names = ["someone/faces", "someone/horses", "someone/photos", "no/body", "someone/novel", "someone/huge"]
    found, translator, upscaler, missing, novel, huge = ask(hub, cache, *names)
    assert translator == ["a-to-b", "b-to-a"]
    assert upscaler == ["rrdb", 4]
    assert not list(cache.rglob("RealESRGAN_x2.pth"))  # one file is enough
    assert found == [2, 16, 16, 1]
    assert missing == "There is no public model no/body on the Hugging Face Hub; check the name."
    assert isinstance(novel, str)
    assert novel.startswith("someone/novel on the Hub has neither a config.json nor a file of a published network")
    assert huge == "someone/huge is 954 MB; networks of up to 300 MB are loaded."
    nowhere = "http://127.0.0.1:9"  # a port where nobody answers
    kept, unreachable = ask(nowhere, cache, "someone/faces", "someone/else")
    assert kept == [2, 16, 16, 1]
    assert str(unreachable).startswith("The Hugging Face Hub cannot be reached")
    kept, offline = ask(nowhere, cache, "someone/faces", "someone/else", HF_HUB_OFFLINE="1")
    assert kept == [2, 16, 16, 1]
    assert str(offline).startswith("This page runs without a network, and someone/else is not on this machine")
