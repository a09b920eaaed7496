"""A page that is told to stop, with work on its hands."""

import base64
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from server import scratch
from server.jobs import CLOSING
from tests.faults.conftest import Starters, Target
from tests.pages import ROOT


@pytest.fixture(scope="module")
def pages(start_all: Starters) -> list[Target]:
    """One that waits for its work, and one that does not."""
    return start_all(*({"LATENT_LAB_PROXIES": "1", "LATENT_LAB_GRACE": seconds} for seconds in ("120", "0")))


def large_picture() -> str:
    """A picture that takes a second to enlarge, as a data URI."""
    file = io.BytesIO()
    Image.effect_noise((1_000, 1_000), 40).convert("RGB").save(file, "JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


def begin(page: Target) -> tuple[int, dict[str, Any]]:
    """Starts a long enlargement; the component that follows it, and its first answer, which has "job"."""
    component = next(number for number, names in page.stages().items() if "upscale_picture" in names)
    files = [[f"{number}.jpg", large_picture()] for number in range(12)]
    fields = {"files": files, "kind": "jpeg", "model": "quality", "scale": 4}
    answer = page.ask(component, "upscale_files", fields).json()
    assert "job" in answer, "the work was done before it could be interrupted"
    return component, answer


def follow(page: Target, component: int, answer: dict[str, Any]) -> dict[str, Any]:
    """Waits for the end of work, as a stage does."""
    deadline = time.monotonic() + 100
    while "job" in answer:
        assert time.monotonic() < deadline
        time.sleep(0.1)
        answer = page.ask(component, "follow", {"job": answer["job"]}).json()
    return answer


def test_running_work_is_finished_and_new_work_refused(pages: list[Target]) -> None:
    page = pages[0]
    component, answer = begin(page)
    page.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 60
    while page.client.get("/health").json()["status"] != "stopping":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert page.client.get("/health").status_code == 503
    assert page.ask(component, "upscale_picture", {"example": 0}).json() == {"notice": CLOSING}
    kind, told = page.call("/upscale", ["fast", 2, large_picture()])
    assert (kind, told["error"]) == ("error", CLOSING)
    done = follow(page, component, answer)
    assert (done["count"], done["skipped"]) == (12, [])
    assert page.process.wait(timeout=20) == 0
    assert not page.complaints()


def test_work_that_takes_too_long_is_told_so(pages: list[Target]) -> None:
    page = pages[1]
    component, answer = begin(page)
    page.process.send_signal(signal.SIGTERM)
    assert follow(page, component, answer) == {"notice": CLOSING}
    assert page.process.wait(timeout=20) == 0
    assert not page.complaints()


def test_folders_of_killed_pages_are_removed_and_those_of_others_are_not(tmp_path: Path) -> None:
    script = "from server import scratch\nprint(scratch.claim(), flush=True)\ninput()"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def claim() -> tuple[subprocess.Popen[str], Path]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-c", script], cwd=ROOT, env=environment, **pipes
        )  # type: ignore[call-overload]
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip()).parent

    killed, orphan = claim()
    (orphan / scratch.CACHE / "upload").write_bytes(b"x")
    killed.kill()
    killed.communicate()
    assert orphan.is_dir()
    alive, kept = claim()
    assert kept.is_dir() and not orphan.exists()
    other, third = claim()
    assert kept.is_dir() and third.is_dir()
    for process in (alive, other):
        process.communicate("\n")
    assert not kept.exists() and not third.exists()  # they stopped by themselves
