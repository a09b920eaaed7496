"""What stands between strangers and the server: limits on what they send, and what they read when something fails."""

import atexit
import functools
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from fastapi import HTTPException
from PIL import Image
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import InvalidInput, LatentLabError, NetworkUnavailable

LARGEST_FILE = 64 * 2**20  # bytes of one upload: a network
LARGEST_BODY = 22 * 2**20  # bytes of one request: a picture or clip of 16 MB as text
UPLOADS = "/gradio_api/upload"  # goes to the disk as it comes, so it may be larger
LARGEST_IMAGE = 12_500_000  # pixels of one uploaded picture
OUR_FAULT = "Something went wrong on our side; it was written down. Please try again."

log = logging.getLogger("latent-lab")

Values = dict[str, Any]  # what goes to a script as JSON

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def sentence(error: Exception) -> str:
    """What a visitor reads about an error: ours as they are, all others are written down and named our fault."""
    if isinstance(error, LatentLabError):
        return str(error)
    log.error("unexpected error", exc_info=error)
    return OUR_FAULT


def spoken(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """An endpoint whose errors reach the caller as one sentence."""

    @functools.wraps(function)
    def careful(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Answer:
        try:
            return function(*arguments, **keywords)
        except Exception as error:
            raise gr.Error(sentence(error), print_exception=False) from error

    return careful


def read_fields(request: object) -> Values:
    """What a script sent, as its fields. Raises InvalidInput."""
    if not isinstance(request, dict):
        raise InvalidInput("This request has no fields; open the page again.")
    return request


def careful(handler: Any) -> Any:
    """A server function whose errors become a sentence: {"notice": ...}."""

    @functools.wraps(handler)
    def answered(request: Values) -> Values:
        try:
            return dict(handler(read_fields(request)))
        except Exception as error:
            kind = "trouble" if isinstance(error, NetworkUnavailable) else "notice"
            return {kind: sentence(error)}

    return answered


class BodyLimit:
    """ASGI middleware: answers 413 to a request that is larger than `largest` bytes, announced or not."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY):
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        largest = LARGEST_FILE + 2**20 if scope["path"].rstrip("/").endswith(UPLOADS) else self.largest
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > largest:
            await JSONResponse({"detail": self.refusal}, status_code=413)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > largest:
                raise HTTPException(413, self.refusal)
            return message

        await self.app(scope, counted, send)

    @property
    def refusal(self) -> str:
        """What the sender reads."""
        return f"The request is too large; up to {self.largest / 2**20:.0f} MB are accepted."


def limit_images() -> None:
    """A small file that unpacks to a huge picture is refused before it is unpacked."""
    Image.MAX_IMAGE_PIXELS = LARGEST_IMAGE
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def prepare_environment() -> None:
    """Settings that Gradio reads from the environment when a page is built."""
    folder = tempfile.mkdtemp(prefix="latent-lab-")  # fresh at every start: uploads are never kept
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GRADIO_TEMP_DIR"] = folder
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "100000")  # else every event costs more than the last
