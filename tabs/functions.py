"""What the stages' scripts ask of the server (`server.move(fields)`), answered without a detour, and lean sessions.

Gradio's own route for it makes a session with a copy of the whole page for everybody who asks, and costs several times
as much as drawing a small picture. No function of ours needs a session: what decides an answer comes with the request.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from gradio.blocks import Blocks, BlocksConfig
from gradio.context import LocalContext
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tabs.guard import MALFORMED, Values, refuse

ROUTE = "/gradio_api/component_server"

Functions = Mapping[tuple[int, str], Callable[[Any], Values]]  # by component and name


def functions_of(page: Blocks) -> Functions:
    """All server functions of a page."""
    return {
        (number, function.__name__): function
        for number, block in page.blocks.items()
        for function in getattr(block, "server_fns", ())
    }


@dataclass(frozen=True)
class Route:
    """What answered, for the figures of tabs.health, which find it where FastAPI puts its own."""

    path: str


class Direct:
    """ASGI middleware: answers requests for server functions, which never reach Gradio.

    A request is JSON: "component_id" and "fn_name" name the function, "data" is what it is given; the answer is what it
    returns. 400 is answered to what is no such request, 404 where there is no such function.
    """

    def __init__(self, app: ASGIApp, functions: Functions):
        self.app = app
        self.functions = functions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"].rstrip("/") != ROUTE:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        LocalContext.request.set(request)  # where ZeroGPU looks for whose share it is
        try:
            response = await anyio.to_thread.run_sync(self.answer, await request.body(), scope)
        except ClientDisconnect:
            return  # nobody is left to be answered
        await response(scope, receive, send)

    def answer(self, body: bytes, scope: Scope) -> Response:
        """The answer to a request's body; its function, or nothing, goes into the scope."""
        try:
            asked = json.loads(body)
            name = asked["component_id"], asked["fn_name"]
            data = asked.get("data")
            function = self.functions.get(name)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return refuse(MALFORMED, 400)
        if function is None:
            return refuse("The page has no such function; open it again.", 404)
        scope["route"] = Route(f"{ROUTE}/{name[1]}")
        return Response(json.dumps(function(data), allow_nan=False), media_type="application/json")


# --- sessions ----------------------------------------------------------------------------------------------------


class SessionConfig(BlocksConfig):  # type: ignore[misc]  # gradio has no types
    """The components of one visitor's session. Gradio would keep a copy of each one's settings and last value, 0.3 MB
    and 20 ms of work, for deep links, which this page does not offer: its permalinks say all by themselves."""

    @staticmethod
    def config_for_block(*_arguments: Any, **_keywords: Any) -> Values:
        """Nothing."""
        return {}


class PageConfig(BlocksConfig):  # type: ignore[misc]
    """The components of a page, of which every session gets a lean copy."""

    def __copy__(self) -> SessionConfig:
        session: SessionConfig = super().__copy__()
        session.__class__ = SessionConfig
        return session
