"""A local stand-in for the Hugging Face Hub's HTTP interface: repositories are folders, commits are counted, and it can
be told to misbehave."""

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from huggingface_hub import constants

TOKEN = "hf_stand_in"  # may write, and read what is private
NOBODY = "http://127.0.0.1:9"  # a port where nobody answers: the Hub is down
KINDS = ("models", "datasets")


@dataclass
class StandIn:
    """The Hub. Model `user/name` lies in `root/user/name`, data set `user/name` in `root/datasets/user/name`."""

    root: Path
    address: str = ""
    revisions: tuple[str, ...] = ("main",)  # names of the newest commit; its hash is one, too
    branches: dict[str, Path] = field(default_factory=dict)  # roots of what other revisions hold
    private: set[str] = field(default_factory=set)  # repositories that only TOKEN may see
    gated: set[str] = field(default_factory=set)  # repositories that ask for permission first
    sizes: dict[str, dict[str, int]] = field(default_factory=dict)  # said of repositories that have no files here
    cut: dict[str, int] = field(default_factory=dict)  # file name: bytes that are sent of it
    severed: dict[str, int] = field(default_factory=dict)  # file name: bytes after which each answer breaks off
    drip: float = 0.0  # seconds after each hundredth part of a file
    slow: float = 0.0  # seconds before every answer
    prompt: int = 0  # answers that come at once before
    full: bool = False  # takes no files any more
    answers: int = 0  # after this many answers (0: never) the Hub answers 500
    asked: list[str] = field(default_factory=list)  # method and path of every request so far
    ranges: list[tuple[str, str]] = field(default_factory=list)  # file and bytes of requests for a part
    headers: set[str] = field(default_factory=set)  # names, in small letters, of all headers so far
    commits: int = 0
    uploads: dict[str, bytes] = field(default_factory=dict)  # by SHA-256, before they are committed
    squashed: list[str] = field(default_factory=list)  # repositories whose history was squashed

    def folder(self, kind: str, repository: str) -> Path:
        """Where a repository lies."""
        return self.root / "datasets" / repository if kind == "datasets" else self.root / repository

    def files(self, kind: str, repository: str) -> dict[str, int]:
        """Sizes of all files of a repository, bytes."""
        folder = self.folder(kind, repository)
        listed = {
            file.relative_to(folder).as_posix(): file.stat().st_size
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
        return listed or self.sizes.get(repository, {})

    def commit_of(self, kind: str, repository: str) -> str:
        """The hash of the newest commit: 40 hex digits that change with the files."""
        folder = self.folder(kind, repository)
        seen = hashlib.sha1(usedforsecurity=False)
        for name in self.files(kind, repository):
            seen.update(name.encode() + ((folder / name).read_bytes() if folder.is_dir() else b""))
        return seen.hexdigest()

    def at(self, kind: str, repository: str, revision: str) -> "StandIn | None":
        """The Hub as it is at a revision of a repository; None where there is no such revision."""
        if revision in (*self.revisions, self.commit_of(kind, repository)):
            return self
        for name, root in self.branches.items():
            other = replace(self, root=root)
            if revision in (name, other.commit_of(kind, repository)) and other.files(kind, repository):
                return other
        return None


class Handler(BaseHTTPRequestHandler):
    """One request."""

    hub: StandIn

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = self.begin()
        if not parts:
            return
        if parts[0] == "api" and parts[1] in KINDS:
            kind, repository, rest = parts[1], "/".join(parts[2:4]), parts[4:]
            if self.visible(kind, repository):
                self.describe(kind, repository, rest[1] if len(rest) > 1 else "main", tree=rest[:1] == ["tree"])
        else:
            kind = "datasets" if parts[0] == "datasets" else "models"
            parts = parts[1:] if kind == "datasets" else parts
            repository, revision, name = "/".join(parts[:2]), parts[3], "/".join(parts[4:])
            if self.visible(kind, repository):
                self.send_file(kind, repository, revision, name)

    def do_POST(self) -> None:
        parts = self.begin()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not parts:
            return
        if parts[:2] == ["api", "validate-yaml"]:
            self.reply({"errors": [], "warnings": []})
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.answer(401, b'{"error": "Invalid username or password."}', {})
        elif parts[:3] == ["api", "repos", "create"]:
            self.create(json.loads(body))
        elif parts[-3:] == ["lfs", "objects", "batch"]:
            self.offer_upload(json.loads(body))
        elif parts[4] == "preupload":
            self.choose_ways(json.loads(body))
        elif parts[4] == "commit":
            self.commit(parts[1], "/".join(parts[2:4]), body)
        elif parts[4] == "super-squash":
            self.hub.squashed.append("/".join(parts[2:4]))
            self.answer(200, b"", {})

    def do_PUT(self) -> None:
        parts = self.begin()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if parts and self.hub.full:
            self.answer(403, b"", {})
        elif parts:
            self.hub.uploads[parts[-1]] = body
            self.answer(200, b"", {})

    def begin(self) -> list[str]:
        """The path's parts; empty where the Hub has answered already, with an error."""
        parts = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
        path = "/" + "/".join(parts)
        if path == "/api/agent-harnesses":  # huggingface_hub asks once a day
            self.answer(404, b"{}", {})
            return []
        self.hub.asked.append(f"{self.command} {path}")
        self.hub.headers |= {name.lower() for name in self.headers}
        time.sleep(self.hub.slow if len(self.hub.asked) > self.hub.prompt else 0)
        if self.hub.answers and len(self.hub.asked) > self.hub.answers:
            self.answer(500, b"{}", {})
            return []
        return parts

    def visible(self, kind: str, repository: str) -> bool:
        """Whether this visitor may see a repository; answers if not."""
        mine = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if not self.hub.files(kind, repository) or (repository in self.hub.private and not mine):
            self.answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})
        elif repository in self.hub.gated:
            self.answer(403, b"{}", {"X-Error-Code": "GatedRepo"})
        else:
            return True
        return False

    def known(self, kind: str, repository: str, revision: str) -> StandIn | None:
        """The Hub at a revision of a repository; answers if there is none."""
        hub = self.hub.at(kind, repository, revision)
        if hub is None:
            self.answer(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
        return hub

    def describe(self, kind: str, repository: str, revision: str, *, tree: bool) -> None:
        hub = self.known(kind, repository, revision)
        if hub is None:
            return
        files = hub.files(kind, repository)
        if tree:
            self.reply([{"type": "file", "path": name, "size": size, "oid": "0" * 40} for name, size in files.items()])
        else:
            siblings = [{"rfilename": name, "size": size} for name, size in files.items()]
            commit = hub.commit_of(kind, repository)
            private = repository in hub.private
            self.reply({"_id": "1", "id": repository, "sha": commit, "siblings": siblings, "private": private})

    def send_file(self, kind: str, repository: str, revision: str, name: str) -> None:
        """A file, in full or, where it is to be cut, its beginning; HEAD always announces the full length."""
        hub = self.known(kind, repository, revision)
        if hub is None:
            return
        commit = {"X-Repo-Commit": hub.commit_of(kind, repository)}
        file = hub.folder(kind, repository) / name
        if not file.is_file():
            self.answer(404, b"", {"X-Error-Code": "EntryNotFound", **commit})
            return
        content = file.read_bytes()
        headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', **commit}
        if asked := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")):
            self.hub.ranges.append((f"{repository}/{name}", asked[0]))
            self.answer(206, content[int(asked[1]) : int(asked[2]) + 1], headers)
            return
        if self.command == "GET" and name in self.hub.cut:
            content = content[: self.hub.cut[name]]
        if self.command == "GET" and (name in self.hub.severed or self.hub.drip):
            self.answer(200, b"", {**headers, "Content-Length": str(len(content))})
            for part in range(100):
                piece = content[len(content) * part // 100 : len(content) * (part + 1) // 100]
                if len(content) * part // 100 >= self.hub.severed.get(name, len(content)):
                    return  # the connection ends here
                self.wfile.write(piece)
                time.sleep(self.hub.drip)
            return
        self.answer(200, content, headers)

    def create(self, asked: dict[str, str]) -> None:
        repository = f"{asked['organization']}/{asked['name']}"
        kind = f"{asked.get('type', 'model')}s"
        if asked.get("visibility") == "private" or asked.get("private"):
            self.hub.private.add(repository)
        if self.hub.files(kind, repository):
            self.answer(409, json.dumps({"url": f"{self.hub.address}/{repository}"}).encode(), {})
            return
        folder = self.hub.folder(kind, repository)
        folder.mkdir(parents=True, exist_ok=True)  # somebody else may make it at the same moment
        (folder / ".gitattributes").write_text("*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
        self.reply({"url": f"{self.hub.address}/{repository}"})

    def choose_ways(self, asked: dict[str, list[dict[str, str]]]) -> None:
        self.reply(
            {
                "files": [
                    {
                        "path": file["path"],
                        "uploadMode": "lfs" if file["path"].endswith((".safetensors", ".webp")) else "regular",
                        "shouldIgnore": False,
                    }
                    for file in asked["files"]
                ]
            }
        )

    def offer_upload(self, asked: dict[str, list[dict[str, str]]]) -> None:
        objects = [
            {**wanted, "actions": {"upload": {"href": f"{self.hub.address}/storage/{wanted['oid']}"}}}
            for wanted in asked["objects"]
        ]
        self.reply({"objects": objects, "transfer": "basic"})

    def commit(self, kind: str, repository: str, body: bytes) -> None:
        folder, newest = self.hub.folder(kind, repository), self.hub.commit_of(kind, repository)
        for line in body.splitlines():
            key, value = json.loads(line).values()
            if key == "header" and value.get("parentCommit", newest) != newest:
                self.answer(412, b'{"error": "A commit has happened since. Please refresh and try again."}', {})
                return
            file = folder / str(value.get("path", ""))
            if key == "deletedFile":
                file.unlink()
            elif key in ("file", "lfsFile"):
                file.parent.mkdir(parents=True, exist_ok=True)
                content = base64.b64decode(value["content"]) if key == "file" else self.hub.uploads[value["oid"]]
                file.write_bytes(content)
        self.hub.commits += 1
        commit = self.hub.commit_of(kind, repository)
        self.reply({"commitUrl": f"{self.hub.address}/{repository}/commit/{commit}", "commitOid": commit})

    def reply(self, answer: object) -> None:
        self.answer(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


def talk_to(address: str, patch: pytest.MonkeyPatch) -> None:
    """Makes huggingface_hub in this process, which read its environment long ago, talk to a stand-in."""
    patch.setattr(constants, "ENDPOINT", address)
    patch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    patch.setattr(constants, "HF_HUB_OFFLINE", False)
    patch.setattr(constants, "HF_HUB_DISABLE_XET", True)


@contextmanager
def serve_hub(root: Path) -> Iterator[StandIn]:
    """A Hub that serves the repositories in a folder until the block ends."""
    hub = StandIn(root)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hung up
    hub.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
