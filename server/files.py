"""Files of programs, in the form in which Gradio's clients send and get them.

What a program uploads is read once and then deleted; what it is given stays for some minutes. Both lie in Gradio's
folder of uploads, under names that nobody can guess, and only what lies there is ever read. No address is fetched.
"""

import contextlib
import logging
import os
import secrets
import shutil
import stat
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Literal
from urllib.parse import unquote

from gradio.route_utils import MultiPartException, upload_fn
from gradio.utils import get_upload_folder
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import NotRequired, TypedDict

from models.errors import InvalidInput
from server.guard import CLIENT_CLOSED, FULL, LARGEST_FILE, MALFORMED, UPLOADS, readable, refuse
from server.limits import visitor

ROUTE = "/gradio_api/file="  # what stands before a file's path in its address
RESULTS = "results"  # the folder of what was answered, beside those of uploads
KEPT = 600.0  # seconds for which a result can be fetched
MOST_BYTES = 2**29  # of all results together; the newest one is kept, whatever its size
NO_UPLOAD = "There is no such upload: a file is deleted once it was used, or after some minutes; upload it again."
NO_FETCHING = (
    "This page fetches nothing from addresses, only what was uploaded to it is read; send the file itself, as an "
    "upload or as a data URI."
)

log = logging.getLogger("latent-lab")


class File(TypedDict):
    """A file as Gradio's clients know it, gradio.FileData."""

    path: str  # on the server
    url: NotRequired[str | None]
    size: NotRequired[int | None]  # bytes
    orig_name: NotRequired[str | None]
    mime_type: NotRequired[str | None]
    is_stream: NotRequired[bool]
    meta: NotRequired[dict[Literal["_type"], Literal["gradio.FileData"]]]


def folder() -> Path:
    """Where all of them lie."""
    return Path(get_upload_folder()).resolve()


def named(value: object) -> str | None:
    """What a program names a file by, its path or its address; None where a value is no name of a file."""
    if isinstance(value, dict):
        value = value.get("path") or value.get("url")
    return value if isinstance(value, str) and value and not value.startswith("data:") else None


def located(name: str) -> Path | None:
    """The file of a path or of an address of this page; None for everything else: what lies elsewhere, folders, links,
    and what is no file any more."""
    address = name.partition(ROUTE)[2]
    if address:  # wherever the page is: only the path counts
        name = unquote(address.partition("?")[0].partition("#")[0])
    try:
        home, path = folder(), Path(name)
        outer = next(place for place in (home, Path(get_upload_folder())) if path.is_relative_to(place))
        file = home / path.relative_to(outer)
        return file if file.resolve(strict=True) == file and stat.S_ISREG(file.lstat().st_mode) else None
    except (StopIteration, ValueError, OSError, RuntimeError):  # also what no file can be called
        return None


def open_sent(value: object) -> Any:
    """What a program sent as a file, to be read by `media.incoming`: the open file, or the value as it is if it names
    none, such as a data URI. Raises InvalidInput."""
    name = named(value)
    if name is None:
        return value.get("path") or value.get("url") if isinstance(value, dict) else value
    file = located(name)
    if file is None:
        raise InvalidInput(NO_FETCHING if "://" in name and ROUTE not in name else NO_UPLOAD)
    try:
        return open_plain(file)
    except OSError:  # it has just been deleted
        raise InvalidInput(NO_UPLOAD) from None


def open_plain(file: Path) -> BinaryIO:
    """A file that is no link, for reading. Raises OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(file, flags), "rb")


def discard(value: object) -> None:
    """Deletes the upload that a value names, if it does; results stay for the next request."""
    name = named(value)
    file = located(name) if name else None
    if file is None or file.is_relative_to(folder() / RESULTS):
        return
    with contextlib.suppress(OSError):
        file.unlink()
        for emptied in file.parents:
            if emptied == folder():
                break
            emptied.rmdir()


class Results:
    """Files that were answered, each for KEPT seconds. If they take too much room, the address that holds most loses
    its oldest. Those that are left when nothing is answered any more are swept, see server.scratch."""

    def __init__(self, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.monotonic):
        self.most_bytes, self.clock = most_bytes, clock
        self.kept: OrderedDict[Path, tuple[float, int, str]] = OrderedDict()  # since when (s), bytes, address
        self.held: Counter[str] = Counter()  # bytes by address
        self.lock = threading.Lock()

    def keep(self, content: bytes, name: str, kind: str) -> File:
        """Keeps a file under a new path.

        Args:
            content: of the file.
            name: what it is called, "picture.png"; visitors may read it.
            kind: its MIME type.
        """
        file = folder() / RESULTS / secrets.token_urlsafe(16) / name
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
        with self.lock:
            while self.kept and self.clock() - next(iter(self.kept.values()))[0] > KEPT:
                self.forget(next(iter(self.kept)))
            while self.kept and self.held.total() + len(content) > self.most_bytes:
                most = self.held.most_common(1)[0][0]
                self.forget(next(file for file, (*_, address) in self.kept.items() if address == most))
            address = visitor()
            self.kept[file] = self.clock(), len(content), address
            self.held[address] += len(content)
        return {
            "path": str(file),
            "url": None,  # Gradio puts it in
            "size": len(content),
            "orig_name": name,
            "mime_type": kind,
            "is_stream": False,
            "meta": {"_type": "gradio.FileData"},
        }

    def forget(self, file: Path) -> None:
        """Deletes a file. To be called with the lock held."""
        _, size, address = self.kept.pop(file)
        self.held[address] -= size
        if not self.held[address]:
            del self.held[address]
        shutil.rmtree(file.parent, ignore_errors=True)


class Uploads:
    """ASGI middleware: takes uploads in place of Gradio, which puts the same file of two visitors into one place, where
    the first to use it would delete the other's."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].rstrip("/").endswith(UPLOADS):
            answer = await self.answer(Request(scope, receive))
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """The paths of the files in a request, as JSON; or a sentence."""
        place = Path(get_upload_folder()) / secrets.token_urlsafe(16)
        complete = False
        try:
            files, _, _ = await upload_fn(request, place, LARGEST_FILE, None)
            complete = True
            return JSONResponse([str(file) for file in files])
        except MultiPartException as error:
            return refuse(readable(error.message), 413 if "maximum" in error.message else 400)
        except HTTPException as error:
            return refuse(readable(str(error.detail)), error.status_code)
        except (TypeError, ValueError, LookupError):  # a form without files, or one that cannot be read
            return refuse(MALFORMED, 400)
        except ClientDisconnect:
            return Response(status_code=CLIENT_CLOSED)
        except OSError as error:
            log.error("an upload could not be stored: %s", type(error).__name__)
            return refuse(FULL, 503, 300)
        finally:
            if not complete:
                shutil.rmtree(place, ignore_errors=True)
