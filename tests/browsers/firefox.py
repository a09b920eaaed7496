"""Firefox: WebDriver BiDi, JSON over the socket that Firefox opens by itself."""

import base64
import json
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.browsers.driver import Driver, answer_of, end
from tests.pages import PATIENCE, free_port

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
INSTALLED = PROGRAM is not None
PREFERENCES = {  # beside those that Firefox sets by itself once it is driven
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.server": "data:,",
}
HERE = ("http://127.0.0.1:", "data:", "blob:", "about:")


class Firefox(Driver):
    """Debian's Firefox, without a window."""

    def __init__(self, folder: Path):
        """Starts it; the folder, an empty one, is for its profile."""
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
        (folder / "user.js").write_text("".join(lines), encoding="utf-8")
        port = free_port()
        command = [str(PROGRAM), "--headless", "--no-remote", "--profile", str(folder)]
        with (folder / "log.txt").open("w") as log:
            self.process = subprocess.Popen([*command, "--remote-debugging-port", str(port)], stdout=log, stderr=log)
        self.opened = ExitStack()
        self.opened.callback(end, self.process)
        self.asked = 0
        self.heard: list[str] = []
        try:
            address = f"ws://127.0.0.1:{port}/session"
            channel = answer_of(
                self.process, lambda: connect(address, max_size=None, proxy=None), refusal=OSError, seconds=60
            )
            self.socket = self.opened.enter_context(channel)
            self.ask("session.new", capabilities={})
            self.window = self.ask("browsingContext.getTree")["contexts"][0]["context"]
            self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        except BaseException:
            self.opened.close()
            raise

    def ask(self, method: str, **parameters: object) -> Any:
        """Sends a command and returns its result; events that come in between are noted."""
        self.asked += 1
        self.socket.send(json.dumps({"id": self.asked, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=2 * PATIENCE / 1000))
            if message.get("id") == self.asked:
                assert message["type"] == "success", f"{method}: {message['message']}"
                return message["result"]
            self.note(message.get("method"), message["params"])

    def note(self, event: str, told: dict[str, Any]) -> None:
        """Keeps what a visitor must never cause."""
        if event == "log.entryAdded" and told["level"] == "error":
            self.heard.append(f"console: {told['text']}")
        if event == "network.beforeRequestSent" and not told["request"]["url"].startswith(HERE):
            self.heard.append(f"request: {told['request']['url']}")

    def open(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self.window, url=address, wait="interactive")

    def call(self, function: str, *values: object) -> Any:
        """What a function returns, as BiDi writes it. The values go in as one JSON text."""
        result = self.ask(
            "script.callFunction",
            functionDeclaration=f"(values) => ({function})(...JSON.parse(values))",
            arguments=[{"type": "string", "value": json.dumps(values)}],
            target={"context": self.window},
            awaitPromise=True,
            userActivation=False,
        )
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return result["result"]

    def evaluate(self, function: str, *values: object) -> Any:
        text = self.call(f"async (...values) => JSON.stringify((await ({function})(...values)) ?? null)", *values)[
            "value"
        ]
        return json.loads(text)

    def act(self, *devices: dict[str, Any]) -> None:
        self.ask("input.performActions", context=self.window, actions=list(devices))

    def upload(self, selector: str, file: Path) -> None:
        element = self.call("(selector) => document.querySelector(selector)", selector)
        self.ask("input.setFiles", context=self.window, element={"sharedId": element["sharedId"]}, files=[str(file)])

    def resize(self, width: int, height: int) -> None:
        self.ask("browsingContext.setViewport", context=self.window, viewport={"width": width, "height": height})

    def screenshot(self) -> bytes:
        return base64.b64decode(self.ask("browsingContext.captureScreenshot", context=self.window)["data"])

    def complaints(self) -> list[str]:
        self.evaluate("() => null")  # events come before the answers to later commands
        heard, self.heard = self.heard, []
        return heard

    def close(self) -> None:
        self.opened.close()
