"""Protects the server from strangers: limits what they send, and decides what they read when something fails."""

import asyncio
import functools
import logging
import os
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from fastapi.exceptions import RequestValidationError
from PIL import Image
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import InvalidInput, LatentLabError, NetworkUnavailable
from server import scratch
from server.sessions import PageConfig

LARGEST_FILE = 64 * 2**20  # bytes of one upload: a network
LARGEST_BODY = 22 * 2**20  # bytes of one request: a picture or clip of 16 MB as text
UPLOADS = "/gradio_api/upload"  # goes to the disk as it comes, so it may be larger
LARGEST_TOGETHER = 256 * 2**20  # bytes of all requests that are in memory at a time, uploads excepted
LARGEST_EACH = LARGEST_TOGETHER // 4  # the same for one address
SMALL = 2**18  # bytes of every request that are accepted in any case, so that nobody can shut out all others
LONGEST_ARRIVAL = 30.0  # seconds that a request's body may take to arrive, and for each SLOWEST_ARRIVAL bytes one more
SLOWEST_ARRIVAL = 2**16  # bytes per second
ROOM = 2 * 2**30, 2**29  # bytes of uploads that are kept, and that they leave free on the disk
LARGEST_IMAGE = 12_500_000  # pixels of one uploaded picture
# what Gradio offers and this page does not need
CLOSED = ("file=http:", "file=https:", "file/", "proxy=", "process_recording", "dev/")
REQUIRED = object()  # in place of an input's default
OUR_FAULT = "Something went wrong on our side; it was written down. Please try again."
CROWDED = "Many large pictures are being received just now; please try again in a few seconds."
CLIENT_CLOSED = 499  # status of a request whose visitor went away before the answer, as nginx counts it
FULL = "There is no room for uploads just now; please try again in some minutes."
MALFORMED = "This is no request that the page could have sent; open the page again."

log = logging.getLogger("latent-lab")

Values = dict[str, Any]  # what goes to a script as JSON

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def sentence(error: Exception) -> str:
    """What a visitor reads about an error: our own errors as they are; any other is logged and called our fault."""
    if isinstance(error, LatentLabError):
        return readable(str(error))
    log.error("unexpected error", exc_info=error)
    return OUR_FAULT


def readable(text: str) -> str:
    """Text that can be sent: lone surrogates, which JSON can bring in, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def endpoint(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """An endpoint whose errors reach the caller as one sentence."""

    @functools.wraps(function)
    def answered(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Answer:
        try:
            return function(*arguments, **keywords)
        except Exception as error:
            raise gr.Error(sentence(error), print_exception=False) from error

    return answered


def read_fields(request: object) -> Values:
    """What a script sent, as its fields. Raises InvalidInput."""
    if not isinstance(request, dict):
        raise InvalidInput("This request has no fields; open the page again.")
    return request


def stage_function(handler: Any) -> Any:
    """A server function whose errors become one sentence: {"notice": ...}, or {"trouble": ...} about a network."""

    @functools.wraps(handler)
    def answered(request: Values) -> Values:
        try:
            return dict(handler(read_fields(request)))
        except Exception as error:
            kind = "trouble" if isinstance(error, NetworkUnavailable) else "notice"
            return {kind: sentence(error)}

    return answered


# --- errors outside of our own functions -------------------------------------------------------------------------


def is_ours(error: BaseException) -> bool:
    """Whether code of this repository is in an error's traceback; if not, Gradio was given a request that it cannot
    read."""
    here = Path(__file__).resolve()
    root, packages = here.parent.parent, ("site-packages", "dist-packages")
    files = [Path(frame.filename).resolve() for frame in traceback.extract_tb(error.__traceback__)]
    return any(file.is_relative_to(root) and file != here and not set(packages) & set(file.parts) for file in files)


def explain(error: Exception) -> tuple[str, int]:
    """A sentence and a status for an error that no handler caught."""
    if is_ours(error):
        return sentence(error), 422 if isinstance(error, LatentLabError) else 500
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.warning("malformed request: %s at %s:%d", type(error).__name__, Path(place.filename).name, place.lineno or 0)
    return MALFORMED, 400


def unmarked(value: Any) -> Any:
    """JSON without the mark by which Gradio knows a file."""
    if isinstance(value, dict):
        return {key: unmarked(part) for key, part in value.items() if key != "meta" or "path" not in value}
    return [unmarked(part) for part in value] if isinstance(value, list) else value


class Page(gr.Blocks):  # type: ignore[misc]  # gradio has no types
    """A page with lean sessions, on which a malformed request is answered with one sentence and leaves no traceback in
    the log."""

    def __init__(self, **settings: Any):
        super().__init__(**settings)
        self.default_config = PageConfig(self)

    async def preprocess_data(self, block_fn: Any, inputs: list[Any], *others: Any, **keywords: Any) -> Any:
        """As Gradio's, which would fetch the addresses of files: here it does not see them, and server.files reads the
        files. What a request leaves out at its end has its default."""
        left_out = [getattr(block, "left_out", REQUIRED) for block in block_fn.inputs[len(inputs) :]]
        if REQUIRED not in left_out:
            inputs = [*inputs, *left_out]
        return await super().preprocess_data(block_fn, unmarked(inputs), *others, **keywords)

    async def process_api(self, *arguments: Any, **keywords: Any) -> Any:
        """As Gradio's. Raises gr.Error."""
        event = keywords.get("event_data")
        if event is not None and not isinstance(event._data, dict):  # handlers ask it for fields
            event._data = {}
        try:
            return await super().process_api(*arguments, **keywords)
        except gr.Error as error:
            error.print_exception = False  # Gradio's own are about what the visitor sent, too
            raise
        except Exception as error:
            raise gr.Error(explain(error)[0], print_exception=False) from None


async def answer_ill_formed(_request: Request, error: Exception) -> Response:
    """Handles malformed request bodies in place of FastAPI: answers with one sentence instead of a list of errors."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])[:80]
    return refuse(readable(f"The request is not understood; {place}: {first['msg']}."), 422)


class ErrorAnswers:
    """ASGI middleware, next to Gradio: turns its errors into answers, and blocks the routes that no tab needs.

    Gradio answers 500 to every failed event, even if the visitor's input is at fault; 422 takes its place.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        _, _, name = scope["path"].partition("/gradio_api/")
        if name.startswith(CLOSED):
            await refuse("This page does not offer that.", 403)(scope, receive, send)
            return
        event, begun = name.startswith(("run/", "api/")), False

        async def corrected(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                if event and message["status"] == 500:
                    message = {**message, "status": 422}
            await send(message)

        try:
            await self.app(scope, receive, corrected)
        except Exception as error:
            text, status = explain(error)
            if not begun:
                await refuse(text, status)(scope, receive, send)


def refuse(text: str, status: int, wait: int = 0) -> JSONResponse:
    """An answer that is one sentence, in the field in which Gradio's script, ours and programs look for it.

    Args:
        text: the sentence.
        status: of HTTP.
        wait: seconds after which to try again; 0 for never.
    """
    headers = {"Retry-After": str(wait)} if wait else None
    return JSONResponse({"detail": text}, status_code=status, headers=headers)


# --- sizes -------------------------------------------------------------------------------------------------------


class BodyLimit:
    """ASGI middleware: answers 413 to a request that is larger than `largest` bytes, announced or not; 503 if all
    requests together would take more than `together` bytes, or those of one address more than `each`; and 408 to a
    request that does not arrive in time. The first `small` bytes of each request are always accepted. Uploads go to the
    disk, and are answered with 503 while it has no `room` for them."""

    def __init__(
        self,
        app: ASGIApp,
        largest: int = LARGEST_BODY,
        together: int = LARGEST_TOGETHER,
        each: int = LARGEST_EACH,
        small: int = SMALL,
        room: Callable[[], bool] = lambda: True,
    ):
        self.app = app
        self.largest, self.together, self.each, self.small = largest, together, each, small
        self.room = room
        self.held: Counter[str] = Counter()  # bytes of the requests that are being read or answered, by address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        upload = scope["path"].rstrip("/").endswith(UPLOADS)
        largest = LARGEST_FILE + 2**20 if upload else self.largest
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > largest:
            await refuse(self.refusal, 413)(scope, receive, send)
            return
        if upload and not await asyncio.to_thread(self.room):
            await refuse(FULL, 503, 300)(scope, receive, send)
            return
        visitor = scope.get("visitor", "")  # see server.limits
        received = held = 0
        arrived, refusal = False, None
        begun = asyncio.get_running_loop().time()

        async def counted() -> Message:
            nonlocal received, held, arrived, refusal
            if arrived:  # the next message is that the visitor has left, which may come at any time
                return await receive()
            left = begun + LONGEST_ARRIVAL + received / SLOWEST_ARRIVAL - asyncio.get_running_loop().time()
            try:
                message = await asyncio.wait_for(receive(), left)
            except asyncio.TimeoutError:
                refusal = refuse("The request took too long to arrive; please try again.", 408)
                raise ClientDisconnect from None
            size = len(message.get("body", b""))
            arrived = not message.get("more_body", False)
            received += size
            if received > largest:
                refusal = refuse(self.refusal, 413)
                raise ClientDisconnect
            if not upload:
                held += size
                self.held[visitor] += size
                if held > self.small and (self.held.total() > self.together or self.held[visitor] > self.each):
                    refusal = refuse(CROWDED, 503, 5)
                    raise ClientDisconnect
            return message

        async def told(message: Message) -> None:
            if refusal is None:  # else whatever came of the request that was cut off
                await send(message)

        try:
            await self.app(scope, counted, told)
        except Exception:
            if refusal is None:
                raise
        finally:
            self.held[visitor] -= held
            if not self.held[visitor]:
                del self.held[visitor]
        if refusal is not None:
            await refusal(scope, receive, send)

    @property
    def refusal(self) -> str:
        """What the sender of too large a request reads."""
        return f"The request is too large; up to {self.largest / 2**20:.0f} MB are accepted."


def limit_images() -> None:
    """Makes Pillow refuse a small file that unpacks to a huge picture, before it unpacks it."""
    Image.MAX_IMAGE_PIXELS = LARGEST_IMAGE
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def prepare_environment() -> None:
    """Settings that Gradio reads from the environment when a page is built."""
    os.environ["GRADIO_TEMP_DIR"] = str(scratch.claim())
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "100000")  # else every event costs more than the last
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "50")
