"""What a visitor's browser needs to draw by itself: onnxruntime-web and the networks of the catalogue."""

import asyncio
import base64
import functools
import gzip
import json
import lzma
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from models.catalogue import CATALOGUE
from models.checkpoints.repository import PARTS
from models.graphs import GRAPH, TENSORS, description_of
from models.loading import ROOT, weights_root
from server.static import FOR_EVER

RUNTIME = ROOT / "page" / "vendor" / "onnxruntime-web"
BUILDS = {  # of the runtime, by the device they draw on: script and WebAssembly
    "wasm": ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"),
    "webgpu": ("ort.jspi.bundle.min.mjs", "ort-wasm-simd-threaded.jspi.wasm"),
}
TYPES = {"mjs": "text/javascript", "wasm": "application/wasm"}


class BrowserFiles:
    """ASGI middleware: answers GET and HEAD for `browser/networks.json`, which says what there is and where, and for
    `browser/HASH/NAME`, the runtime and the networks' files. Their addresses change with their content, so browsers
    keep them for ever."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.unpacking = asyncio.Lock()  # of the runtime, which takes a second, and happens once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["path"].partition("/browser/")[2] if scope["type"] == "http" else ""
        if not asked or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        answer = await self.answer(asked, "gzip" in Request(scope).headers.get("accept-encoding", ""))
        await answer(scope, receive, send)

    async def answer(self, asked: str, packed: bool) -> Response:
        """The answer to what stands in the address after `browser/`."""
        if asked == "networks.json":
            return JSONResponse(await asyncio.to_thread(offered), headers={"Cache-Control": "no-cache"})
        digest, _, name = asked.partition("/")
        if name in runtime() and digest == short(runtime()[name]):
            async with self.unpacking:
                content = await asyncio.to_thread(runtime_file, name)
            headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
            if packed:
                headers["Content-Encoding"] = "gzip"
            else:
                content = await asyncio.to_thread(gzip.decompress, content)
            return Response(content, media_type=TYPES[name.rpartition(".")[2]], headers=headers)
        file = await asyncio.to_thread(network_file, digest, name)
        if file is None:
            return Response(status_code=404)
        return FileResponse(file, media_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})


def short(digest: str) -> str:
    """A SHA-256 as it stands in addresses."""
    return digest[:16]


@functools.cache
def runtime() -> dict[str, str]:
    """The SHA-256 of each file of the runtime, unpacked."""
    files: dict[str, str] = json.loads((RUNTIME / "origin.json").read_text(encoding="utf-8"))["files"]
    return files


@functools.cache
def runtime_file(name: str) -> bytes:
    """A file of the runtime, packed with gzip."""
    content = lzma.decompress((RUNTIME / f"{name}.xz").read_bytes())
    return gzip.compress(content, 6, mtime=0)


def drawable() -> dict[str, dict[str, Any]]:
    """What is known of each network that browsers can draw (models.graphs), by the names that scripts use: "faces-128",
    and for a part "faces-128/sliders"."""
    names = [f"{name}/{part}" if part else name for name in CATALOGUE for part in ("", *PARTS)]
    known = {name: description_of(weights_root() / name) for name in names if (weights_root() / name / GRAPH).is_file()}
    return {name: description for name, description in known.items() if description}


def network_file(digest: str, name: str) -> Path | None:
    """The file of a network, for example "faces-128/network.onnx", if that is its content; None for everything else."""
    network, _, file = name.rpartition("/")
    kind = {GRAPH: "graph", TENSORS: "tensors"}.get(file)
    description = drawable().get(network)
    if not kind or not description or digest != short(description[kind]["sha256"]):
        return None
    return weights_root() / network / file


def offered() -> dict[str, Any]:
    """What networks.json says. Addresses are relative to the page.

    Returns:
        "runtime": of each build the addresses of "script" and "binary"; "networks": of each the "graph" and the
        "tensors", with "address" and "integrity" (as in Subresource Integrity), and its "description".
    """
    builds = {
        device: {kind: address(runtime()[name], name) for kind, name in zip(("script", "binary"), names, strict=True)}
        for device, names in BUILDS.items()
    }
    networks = {
        name: {
            "graph": described(name, description["graph"]),
            "tensors": described(name, description["tensors"]),
            "description": {key: value for key, value in description.items() if key not in ("graph", "tensors")},
        }
        for name, description in drawable().items()
    }
    return {"runtime": builds, "networks": networks}


def address(digest: str, name: str) -> str:
    """Where a file is served."""
    return f"browser/{short(digest)}/{name}"


def described(network: str, file: dict[str, Any]) -> dict[str, str]:
    """Where a network's file is served, and its checksum."""
    checksum = base64.b64encode(bytes.fromhex(file["sha256"])).decode()
    return {"address": address(file["sha256"], f"{network}/{file['file']}"), "integrity": f"sha256-{checksum}"}
