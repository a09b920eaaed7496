"""The page's own files on their way to browsers, and what stands first in its document's head."""

import gzip
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {"js": "text/javascript", "json": "application/json"}


class Static:
    """ASGI middleware: answers GET and HEAD for `static/VERSION/PATH`, wherever a proxy puts the page.

    A page that was open before the server was renewed asks for an earlier version. It gets today's, which its browser
    does not keep.
    """

    def __init__(self, app: ASGIApp, files: Mapping[str, bytes], version: str):
        """files: content by path."""
        self.app = app
        self.version = version
        self.files = files
        self.packed = {path: gzip.compress(content, 9, mtime=0) for path, content in files.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["path"].partition("/static/")[2] if scope["type"] == "http" else ""
        version, _, path = asked.partition("/")
        if path not in self.files or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = {"Cache-Control": FOR_EVER if version == self.version else "no-store", "Vary": "Accept-Encoding"}
        content = self.files[path]
        if "gzip" in Request(scope).headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            content = self.packed[path]
        kind = TYPES[path.rpartition(".")[2]]
        await Response(content, media_type=kind, headers=headers)(scope, receive, send)


class Head:
    """ASGI middleware: puts text first into the head of the page's document, and packs it, to a fifth of its bytes."""

    def __init__(self, app: ASGIApp, text: str):
        self.app = app
        self.text = text.encode("utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        document = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        packed = document and "gzip" in Request(scope).headers.get("accept-encoding", "")
        await self.app(scope, receive, self.altering(send, packed) if document else send)

    def altering(self, send: Send, packed: bool) -> Send:
        """Sends the page's document with the text after its <head>; anything else as it is. packed: with gzip."""
        start: Message = {}

        async def altered(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html"):
                    start = message  # waits for the document
                    return
            elif start:
                body, head = message.get("body", b""), b"<head>"
                if head in body and b"window.gradio_config" in body:
                    body = body.replace(head, head + self.text, 1)
                    headers = [(b"vary", b"Accept-Encoding")]
                    if packed:
                        body = gzip.compress(body, 5, mtime=0)
                        headers.append((b"content-encoding", b"gzip"))
                    headers.append((b"content-length", str(len(body)).encode()))
                    kept = [pair for pair in start["headers"] if pair[0] != b"content-length"]
                    message, start = {**message, "body": body}, {**start, "headers": kept + headers}
                await send(start)
                start = {}
            await send(message)

        return altered
