"""A page under attack: its process, its log and its memory."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from tests.pages import RunningPage

Starter: TypeAlias = Callable[..., "Target"]
Starters: TypeAlias = Callable[..., list["Target"]]


class Target(RunningPage):
    """A running page that believes each request comes from somebody else."""

    def __init__(self, folder: Path, **settings: str):
        super().__init__(folder, **settings)
        self.client = httpx.Client(base_url=self.address, timeout=30)
        self.visitors = 0

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


JSON = {"content-type": "application/json"}


@pytest.fixture(scope="session")
def start_all(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starters]:
    """Starts pages of their own, one for each of these settings of the environment: at the same time, which takes less
    than one after the other."""
    pages: list[Target] = []

    def begin(*settings: dict[str, str]) -> list[Target]:
        begun = [Target(tmp_path_factory.mktemp("target"), **each) for each in settings]
        pages.extend(begun)
        for page in begun:
            page.wait()
        return begun

    yield begin
    for page in pages:
        page.client.close()
        page.kill()


@pytest.fixture(scope="session")
def start(start_all: Starters) -> Starter:
    """Starts a page of its own, with settings of the environment."""
    return lambda **settings: start_all(settings)[0]


@pytest.fixture(scope="session")
def target(start: Starter) -> Iterator[Target]:
    """The page that is attacked. In the end it has to stop cleanly, and its log must be without a traceback."""
    page = start(LATENT_LAB_PROXIES="1")
    yield page
    page.check_end(page.stop())
