"""A page under attack: its process, its log and its memory."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from tests.conftest import ROOT, free_port, wait_for_page

Starter: TypeAlias = Callable[..., "Target"]


class Target:
    """A running page that believes each request comes from somebody else."""

    def __init__(self, folder: Path, **settings: str):
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.folder = folder
        self.log = folder / "log.txt"
        environment = {
            **os.environ,
            "GRADIO_SERVER_PORT": str(port),
            "GRADIO_SERVER_NAME": "127.0.0.1",
            "HF_HUB_OFFLINE": "1",
            "LATENT_LAB_DATA": str(folder),
            "DATABASE_URL": "",
            "OMP_NUM_THREADS": "1",
            "TMPDIR": str(folder),
            **settings,
        }
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        try:
            wait_for_page(self.address, self.process)
        except BaseException:
            self.process.kill()
            raise
        self.client = httpx.Client(base_url=self.address, timeout=30)
        self.visitors = 0

    def stop(self) -> int:
        """Ends the page as a host does, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def memory(self, peak: bool = False) -> float:
        """Memory of the process now, or at its peak, MB."""
        name = "VmHWM" if peak else "VmRSS"
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """A request from a visitor who was never here before."""
        self.visitors += 1
        visitor = f"10.{self.visitors >> 16 & 255}.{self.visitors >> 8 & 255}.{self.visitors & 255}"
        headers = {**request.pop("headers", {}), "X-Forwarded-For": visitor}
        return self.client.request(method, path, headers=headers, **request)

    def ask(self, component: object, function: object, data: object, **more: object) -> httpx.Response:
        """A server function of a stage."""
        body = {"data": data, "component_id": component, "fn_name": function, "session_hash": "faults", **more}
        return self.send("POST", "/gradio_api/component_server/", content=json.dumps(body), headers=JSON)

    def call(self, endpoint: str, data: object) -> tuple[str, Any]:
        """An endpoint, as a program calls it: ("complete" or "error", what came), or ("refused", its sentence)."""
        answer = self.send("POST", f"/gradio_api/call{endpoint}", content=json.dumps({"data": data}), headers=JSON)
        if answer.status_code != 200:
            assert answer.status_code < 500, answer.text
            return "refused", answer.json()["detail"]
        path = f"/gradio_api/call{endpoint}/{answer.json()['event_id']}"
        *_, kind, value = self.send("GET", path).text.strip().splitlines()
        return kind.removeprefix("event: "), json.loads(value.removeprefix("data: "))

    def stages(self) -> dict[int, list[str]]:
        """The server functions by the component that has them."""
        components = self.client.get("/config").json()["components"]
        found = {component["id"]: component["props"].get("server_fns") or [] for component in components}
        return {number: names for number, names in found.items() if names}

    def complaints(self) -> str:
        """What the log says of things that must not happen."""
        text = self.log.read_text()
        return text[-3000:] if "Traceback" in text or "unexpected error" in text else ""


JSON = {"content-type": "application/json"}


@pytest.fixture(scope="session")
def start(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starter]:
    """Starts a page of its own, with settings of the environment."""
    pages: list[Target] = []

    def begin(**settings: str) -> Target:
        pages.append(Target(tmp_path_factory.mktemp("target"), **settings))
        return pages[-1]

    yield begin
    for page in pages:
        page.client.close()
        if page.process.poll() is None:
            page.process.kill()
            page.process.wait()


@pytest.fixture(scope="session")
def target(start: Starter) -> Iterator[Target]:
    """The page that is attacked. In the end it has to stop cleanly, and its log must be without a traceback."""
    page = start(LATENT_LAB_PROXIES="1")
    try:
        yield page
    finally:
        code = page.stop()
    assert code == 0
    assert not page.complaints()
    assert not list(page.folder.glob("latent-lab-*")), "the temporary folder was left behind"
