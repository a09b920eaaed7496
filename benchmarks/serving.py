"""Pages started as their users start them, for the other benchmarks."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")
PATIENCE = 180.0  # seconds that a page may take to start

# The least that a Gradio page can be: one endpoint that answers with what it was given at its start.
FLOOR = """
import json, sys
import gradio as gr
answer = json.load(open(sys.argv[1])) if len(sys.argv) > 1 else []
def sample() -> list[str]:
    return answer
with gr.Blocks(analytics_enabled=False) as page:
    gr.Markdown("floor")
    gr.api(sample, api_name="sample")
page.queue().launch(quiet=True, ssr_mode=False)
"""


class Served(NamedTuple):
    """A page that runs."""

    address: str
    seconds: float  # from the start of the process to its first answer
    process: int  # its number


def work(process: int) -> float:
    """Of a process so far, seconds of its processors."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def served(*command: str, **settings: str) -> Iterator[Served]:
    """A page for the time of this block; `settings` are of its environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as place:
        environment = {
            **os.environ,
            "GRADIO_SERVER_PORT": str(port),
            "GRADIO_SERVER_NAME": "127.0.0.1",
            "GRADIO_ANALYTICS_ENABLED": "False",
            "HF_HUB_OFFLINE": "1",
            "LATENT_LAB_DATA": place,
            **settings,
        }
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    httpx.get(address, timeout=PATIENCE).raise_for_status()
                    break
                if process.poll() is not None or time.perf_counter() - started > PATIENCE:
                    raise RuntimeError(f"{' '.join(command)[:60]} did not start")
                time.sleep(0.02)
            yield Served(address, time.perf_counter() - started, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=60)


def call(client: httpx.Client, address: str, name: str, arguments: list[Any]) -> Any:
    """One call of an endpoint, as a program makes it. Returns what the endpoint returned."""
    asked = client.post(f"{address}/gradio_api/call/{name}", json={"data": arguments})
    asked.raise_for_status()
    lines = client.get(f"{address}/gradio_api/call/{name}/{asked.json()['event_id']}").text.splitlines()
    events = dict(zip(lines[::3], lines[1::3], strict=False))
    return json.loads(events["event: complete"].removeprefix("data: "))[0]
