"""What a person does in a browser, whichever it is."""

import base64
import io
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from models.pixels import Pictures
from tests.pages import PATIENCE

KEYS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Enter": "\ue007", "Tab": "\ue004"}  # as WebDriver writes them

WAIT = """(patience, ...values) => new Promise((resolve, reject) => {
  const late = performance.now() + patience;
  const holds = CONDITION;
  (function look() {
    const answer = holds(...values);
    if (answer) resolve(answer);
    else if (performance.now() > late) reject(new Error(`never: ${holds} of ${JSON.stringify(values)}`));
    else setTimeout(look, 30);
  })();
})"""
"""Asks a page again and again until its answer is true."""

SEEN = """(selector, text = "") => [...document.querySelectorAll(selector)].find(
  (one) => one.checkVisibility({ visibilityProperty: true }) && (!text || one.innerText.trim() === text))"""

PLACE = """(selector, text, across) => {
  const one = (SEEN)(selector, text);
  if (!one) return null;
  const { top, bottom } = one.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) one.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, width, y, height } = one.getBoundingClientRect();
  const place = [Math.round(left + across * width), Math.round(y + height / 2)];
  const hit = document.elementFromPoint(...place);
  const before = one.dataset.place;
  one.dataset.place = place;
  return before === one.dataset.place && (one.contains(hit) || hit?.contains(one)) ? place : null;
}""".replace("SEEN", SEEN)
"""Where the pointer goes for an element that is seen: CSS pixels, once it lies still and nothing lies over it."""

PRESS, RELEASE = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}


T = TypeVar("T")


def answer_of(process: subprocess.Popen[Any], ask: Callable[[], T], *, refusal: type[Exception], seconds: float) -> T:
    """What a program answers once it has started.

    Args:
        process: that was started.
        ask: asks it.
        refusal: what asking raises until then.
        seconds: after which it is not waited for any longer.
    """
    late = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except refusal:
            if process.poll() is not None or time.monotonic() > late:
                raise
            time.sleep(0.05)


def end(process: subprocess.Popen[Any]) -> None:
    """Ends a program, and waits until it is gone."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=20)


class Driver(ABC):
    """A browser with one window, and a person in front of it."""

    @abstractmethod
    def open(self, address: str) -> None:
        """Opens an address."""

    @abstractmethod
    def evaluate(self, function: str, *values: object) -> Any:
        """What a JavaScript function returns, or what its promise becomes; as JSON."""

    @abstractmethod
    def act(self, *devices: dict[str, Any]) -> None:
        """Moves pointer and keys; `devices` as WebDriver has them in "Perform Actions"."""

    @abstractmethod
    def upload(self, selector: str, file: Path) -> None:
        """Chooses a file."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Size of what is seen of the page, CSS pixels."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """What is seen of the page: PNG."""

    @abstractmethod
    def complaints(self) -> list[str]:
        """Errors in the console, and requests that left the machine, since the last call."""

    @abstractmethod
    def close(self) -> None:
        """Ends the browser."""

    def wait(self, condition: str, *values: object) -> Any:
        """Until a JavaScript function is true of its values. Returns what it says then."""
        return self.evaluate(WAIT.replace("CONDITION", condition), PATIENCE, *values)

    def wait_for(self, selector: str, text: str = "") -> None:
        """Until an element with this text, or any, is seen."""
        self.wait(f"(...values) => ({SEEN})(...values) !== undefined", selector, text)

    def wait_for_any(self, selector: str) -> None:
        """Until there is such an element, whether it is seen or not."""
        self.wait("(selector) => document.querySelector(selector) !== null", selector)

    def place(self, selector: str, text: str = "", across: float = 0.5) -> dict[str, Any]:
        """Moves the pointer there, once the element has come and lies still.

        Args:
            selector: CSS.
            text: that the element has; "" for any.
            across: share of its width.
        """
        x, y = self.wait(PLACE, selector, text, across)
        return {"type": "pointerMove", "x": x, "y": y}

    def click(self, selector: str, text: str = "") -> None:
        """Clicks the first element with this text, or any, that is seen."""
        self.point(self.place(selector, text), PRESS, RELEASE)

    def drag(self, selector: str, start: float, end: float, steps: int = 10) -> None:
        """Drags a slider from one share of its width to another."""
        there = self.place(selector, across=end)
        here = self.place(selector, across=start)
        way = [
            {**here, "x": round(here["x"] + step / steps * (there["x"] - here["x"])), "duration": 20}
            for step in range(1, steps + 1)
        ]
        self.point(here, PRESS, *way, RELEASE)

    def point(self, *actions: dict[str, Any]) -> None:
        """What the mouse does."""
        self.act({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": list(actions)})

    def press(self, *keys: str) -> None:
        """Presses keys one after another: names of `KEYS`, or letters."""
        actions = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self.act({"type": "key", "id": "keyboard", "actions": actions})

    def type(self, selector: str, text: str) -> None:
        """Types into a field in place of what is there."""
        self.click(selector)
        self.evaluate("(selector) => document.querySelector(selector).select()", selector)
        self.press(*text)

    def text(self, selector: str) -> str:
        """What is written in the first visible element."""
        return str(self.wait(f"(...values) => ({SEEN})(...values)?.innerText", selector))

    def attribute(self, selector: str, name: str) -> str:
        """An attribute of the first element."""
        return str(
            self.evaluate("(selector, name) => document.querySelector(selector).getAttribute(name)", selector, name)
        )

    def pixels(self, canvas: str) -> Pictures:
        """What a canvas shows: uint8 (H, W, 3)."""
        return in_pixels(str(self.wait("(selector) => document.querySelector(selector)?.toDataURL()", canvas)))


def in_pixels(address: str) -> Pictures:
    """The picture that is the content of a data URI: uint8 (H, W, 3)."""
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as picture:
        return np.asarray(picture.convert("RGB"))
