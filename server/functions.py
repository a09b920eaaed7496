"""Answers the calls that the stages' scripts make to the server (`server.move(fields)`), bypassing Gradio.

Gradio's own route for them makes a session with a copy of the whole page for every caller, which costs several times
as much as drawing a small picture. Our functions need no session: all that an answer depends on is in the request.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio
import anyio.to_thread
from gradio.blocks import Blocks
from gradio.context import LocalContext
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.guard import MALFORMED, SMALL, Values, explain, refuse

ROUTE = "/gradio_api/component_server"

MOST_LARGE = 8  # large requests that are parsed at a time; the others wait unparsed

Functions = Mapping[tuple[int, str], Callable[[Any], Values]]  # by component and name


def stage_functions_of(page: Blocks) -> Functions:
    """All server functions of a page."""
    return {
        (number, function.__name__): function
        for number, block in page.blocks.items()
        for function in getattr(block, "server_fns", ())
    }


@dataclass(frozen=True)
class Route:
    """The route that answered. It goes where FastAPI puts its own, so that server.health can count by it."""

    path: str


class StageFunctions:
    """ASGI middleware: answers requests for server functions, which never reach Gradio.

    A request is JSON: "component_id" and "fn_name" name the function, "data" is its argument; the answer is what it
    returns. A malformed request is answered with 400, an unknown function with 404.
    """

    def __init__(self, app: ASGIApp, functions: Functions):
        self.app = app
        self.functions = functions
        self.large_requests = anyio.CapacityLimiter(MOST_LARGE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"].rstrip("/") != ROUTE:
            await self.app(scope, receive, send)
            return
        request, parts = Request(scope, receive), []
        LocalContext.request.set(request)  # where ZeroGPU and server.limits look for whose it is
        try:
            async for part in request.stream():
                parts.append(part)
        except ClientDisconnect:
            return  # nobody is left to be answered
        limiter = self.large_requests if sum(map(len, parts)) > SMALL else None
        response = await anyio.to_thread.run_sync(self.answer, parts, scope, limiter=limiter)
        await response(scope, receive, send)

    def answer(self, parts: list[bytes], scope: Scope) -> Response:
        """The answer to a request's body. The list of parts is emptied, so that a large body does not stay in memory;
        the function's route, if there is one, is put into the scope."""
        body = b"".join(parts)
        parts.clear()
        try:
            asked = json.loads(body)
            del body
            name = asked["component_id"], asked["fn_name"]
            data = asked.pop("data", None)
            function = self.functions.get(name)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return refuse(MALFORMED, 400)
        if function is None:
            return refuse("The page has no such function; open it again.", 404)
        scope["route"] = Route(f"{ROUTE}/{name[1]}")
        try:
            return Response(json.dumps(function(data), allow_nan=False), media_type="application/json")
        except Exception as error:
            return refuse(*explain(error))
