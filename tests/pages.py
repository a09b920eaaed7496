"""The page in a process of its own, as a host runs it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
NO_TLS = False  # `verify` of httpx where a test asks often: reading all certificates takes 40 ms each time
PATIENCE = 180_000  # ms that a test waits for a state of the page: machines that build can be far slower than a desk's


class RunningPage:
    """A page that was started, and what is known of its process."""

    def __init__(self, folder: Path, *, python: str | Path = sys.executable, **settings: str):
        """Args:
        folder: for its scores, its temporary files and its log.
        python: that runs it.
        settings: further ones of its environment, and others than these.
        """
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log = folder / "log.txt"
        environment = {
            **os.environ,
            "GRADIO_SERVER_PORT": str(self.port),
            "GRADIO_SERVER_NAME": "127.0.0.1",
            "HF_HUB_OFFLINE": "1",
            "LATENT_LAB_DATA": str(folder),
            "DATABASE_URL": "",
            "OMP_NUM_THREADS": "1",
            "TMPDIR": str(folder),
            **settings,
        }
        with self.log.open("w") as log:
            self.process = subprocess.Popen([python, "app.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)

    def wait(self) -> None:
        """Until it answers; one that does not is killed."""
        try:
            wait_for_page(self.address, self.process)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> int:
        """Ends it as a host does. Returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        """Ends it at once, if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=60)

    def complaints(self) -> str:
        """What the log says of things that must not happen."""
        text = self.log.read_text()
        return text[-3000:] if "Traceback" in text or "unexpected error" in text else ""

    def check_end(self, code: int) -> None:
        """After it has stopped: that it did so by itself, without an unexpected error, and left nothing behind."""
        assert code == 0, self.log.read_text()[-3000:]
        assert not self.complaints(), self.complaints()
        assert not list(self.folder.glob("latent-lab-*")), "the temporary folder was left behind"


@contextmanager
def serve_page(folder: Path, *, python: str | Path = sys.executable, **settings: str) -> Iterator[RunningPage]:
    """A page for the time of this block, see RunningPage. It has to stop cleanly."""
    page = RunningPage(folder, python=python, **settings)
    page.wait()
    try:
        yield page
        code = page.stop()
    finally:
        page.kill()
    page.check_end(code)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_page(address: str, page: subprocess.Popen[bytes]) -> None:
    """Until the page answers. Three minutes are for busy machines; alone it takes five seconds."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert page.poll() is None, "the page stopped while it was starting"
        try:
            httpx.get(address, timeout=30, verify=NO_TLS).raise_for_status()
            return
        except httpx.TransportError:
            time.sleep(0.3)
    raise TimeoutError("the page did not answer within three minutes")
