"""WebKit: WebDriver over HTTP, as Debian's WebKitWebDriver speaks it."""

import base64
import os
import shutil
import socket
import subprocess
from contextlib import ExitStack, suppress
from glob import glob
from pathlib import Path
from typing import Any

import httpx

from tests.browsers.driver import Driver, answer_of, end
from tests.pages import PATIENCE, free_port

PROGRAM = shutil.which("WebKitWebDriver")
BROWSER = next(iter(sorted(glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser"), reverse=True)), None)
DISPLAY = shutil.which("Xvfb")
INSTALLED = bool(PROGRAM and BROWSER and DISPLAY)
START = 60_000  # ms that a window may take to open
STARTS = 3  # attempts
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # by which WebDriver knows an element

LISTEN = """() => {
  window.complaints = [];
  const note = (text) => window.complaints.push(`console: ${text}`);
  addEventListener("error", (event) => note(event.message));
  addEventListener("unhandledrejection", (event) => note(event.reason));
  const { error } = console;
  console.error = (...values) => { note(values.join(" ")); error(...values); };
}"""
"""WebDriver tells nothing of the console, so the page does."""


class WebKit(Driver):
    """WebKitGTK's browser, on a screen that nobody sees."""

    def __init__(self, folder: Path):
        """Starts it; the folder is for its log."""
        self.opened = ExitStack()
        try:
            screen = [str(DISPLAY), "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
            display = subprocess.Popen(screen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.opened.callback(end, display)
            assert display.stdout is not None
            number = self.opened.enter_context(display.stdout).readline().decode().strip()
            self.outside = self.opened.enter_context(socket.create_server(("127.0.0.1", 0)))
            self.session = self.start(folder, f":{number}")
            self.ask("timeouts", script=2 * PATIENCE)
        except BaseException:
            self.opened.close()
            raise

    def start(self, folder: Path, display: str) -> str:
        """Opens the window; a browser that dies before it has one, as happens now and then, is started again."""
        attempts = 0
        while True:
            attempts += 1
            with ExitStack() as started:
                driver, self.client = self.drive(started, folder, display)
                answer_of(driver, lambda: self.client.get("/status"), refusal=httpx.TransportError, seconds=60)
                try:
                    path = self.open_window()
                except httpx.ReadTimeout:
                    if attempts == STARTS:
                        raise
                    continue
                self.client.timeout = httpx.Timeout(2 * PATIENCE / 1000)
                started.callback(self.client.delete, path)
                self.opened.enter_context(started.pop_all())
                return path

    def drive(self, started: ExitStack, folder: Path, display: str) -> tuple[subprocess.Popen[bytes], httpx.Client]:
        """The program that speaks WebDriver, and who asks it."""
        port = free_port()
        with (folder / "log.txt").open("w") as log:
            driver = subprocess.Popen(
                [str(PROGRAM), f"--port={port}"],
                env={**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"},
                stdout=log,
                stderr=log,
            )
        started.callback(end, driver)
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=START / 1000, trust_env=False)
        return driver, started.enter_context(client)

    def open_window(self) -> str:
        """The path of a new session. What is not on this machine is asked of a proxy that never answers, and remembers
        it."""
        nowhere = f"127.0.0.1:{self.outside.getsockname()[1]}"
        wanted = {
            "webkitgtk:browserOptions": {"binary": BROWSER, "args": ["--automation"]},
            "proxy": {"proxyType": "manual", "httpProxy": nowhere, "sslProxy": nowhere, "noProxy": ["127.0.0.1"]},
        }
        answer = self.client.post("/session", json={"capabilities": {"alwaysMatch": wanted}}).json()["value"]
        assert "sessionId" in answer, answer
        return f"/session/{answer['sessionId']}"

    def ask(self, command: str, **parameters: object) -> Any:
        """Sends a command and returns its result."""
        answer = self.client.post(f"{self.session}/{command}", json=parameters).json()["value"]
        assert not (isinstance(answer, dict) and "error" in answer), f"{command}: {answer['message']}"
        return answer

    def open(self, address: str) -> None:
        self.ask("url", url=address)
        self.evaluate(LISTEN)

    def evaluate(self, function: str, *values: object) -> Any:
        script = f"""const [values, done] = arguments;
          (async () => ({function})(...values))()
            .then((answer) => done({{ answer }}), (error) => done({{ failure: String(error) }}));"""
        result = self.ask("execute/async", script=script, args=[values])
        assert "failure" not in result, result["failure"]
        return result.get("answer")

    def act(self, *devices: dict[str, Any]) -> None:
        self.ask("actions", actions=list(devices))

    def upload(self, selector: str, file: Path) -> None:
        element = self.ask("element", using="css selector", value=selector)[ELEMENT]
        self.ask(f"element/{element}/value", text=str(file))

    def resize(self, width: int, height: int) -> None:
        frame = self.evaluate("() => [outerWidth - innerWidth, outerHeight - innerHeight]")
        self.ask("window/rect", width=width + frame[0], height=height + frame[1])

    def screenshot(self) -> bytes:
        return base64.b64decode(self.client.get(f"{self.session}/screenshot").json()["value"])

    def complaints(self) -> list[str]:
        heard: list[str] = self.evaluate("() => window.complaints.splice(0)")
        self.outside.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                visitor, _ = self.outside.accept()
                with visitor:
                    heard.append(f"request: {visitor.recv(200).decode(errors='replace').splitlines()[0]}")
        return heard

    def close(self) -> None:
        self.opened.close()
