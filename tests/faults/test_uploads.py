"""Five hundred files that nobody should send, through the upload route and as data URIs."""

import base64
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from server import guard
from tests.faults.conftest import Target
from tests.faults.test_requests import check
from tests.pages import ROOT

NAMES = (
    "../../../etc/passwd", "/etc/passwd", "..\\..\\windows\\win.ini", "a\x00.png", "con.png", "." * 300, "é" * 200,
    "a/b/c.png", ".htaccess", "-rf", "%2e%2e%2fpasswd", "x.png/../../y", "\u202egnp.exe", "", " ", "x" * 4_000,
    "<script>.svg", "a\r\nSet-Cookie: a=b.png", "$(id).png", "~/.ssh/id_rsa",
)  # fmt: skip
KINDS = ("image/png", "text/html", "image/svg+xml", "application/x-sh", "", "image/png\x00", "multipart/form-data")
PICKLE = b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94."  # runs a command
MOST_GROWTH = 900.0  # MB of memory that all of it together may cost for a while; a single bomb unpacked is 2,000


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    """A file as it should be."""
    file = io.BytesIO()
    generator = np.random.default_rng(0)
    bands = len(Image.new(mode, (1, 1)).getbands())
    Image.frombytes(mode, size, generator.bytes(size[0] * size[1] * bands)).save(file, kind)
    return file.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG file."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bomb(side: int, depth: int = 1) -> bytes:
    """A small PNG file that says it is large, and is: `side` px a side, black or white."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, depth, 0, 0, 0, 0))
    row = bytes(1 + (side * depth + 7) // 8)
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG file whose comment unpacks to 64 MB."""
    comment = b"Comment\x00\x00" + zlib.compress(bytes(64 * 2**20), 9)
    return picture()[:33] + chunk(b"zTXt", comment) + picture()[33:]


def archive(names: list[str]) -> bytes:
    """An archive with files of these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        for name in names:
            folder.writestr(name, bytes(2**20))
    return file.getvalue()


def hostile() -> list[bytes]:
    """What no page should choke on."""
    whole = {kind: picture(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP")}
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>'
    entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
    return [
        bomb(13_000), bomb(4_000), text_bomb(), svg, entity, b"", b"\x00", b"\xff" * 1000, b"GIF89a" + svg,
        whole["PNG"] + b"<script>alert(1)</script>", b"GIF89a/*" + whole["GIF"][8:] + b"*/=alert(1)",
        whole["JPEG"] + archive(["../evil.py"]), archive(["../../evil.py", "/etc/cron.d/x"]), b"%PDF-1.4\n" + svg,
        PICKLE,
        b"#!/bin/sh\nid\n",
        b"\x1f\x8b" + bytes(50), b"PK\x03\x04" + bytes(60), b"RIFF\xff\xff\xff\xffWEBPVP8X" + bytes(30),
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 16, 6, 0, 0, 0)),
        struct.pack("<Q", 2**62) + b"{}", struct.pack("<Q", 20) + b'{"a":{"dtype":"F32",',
        *[content[: len(content) * part // 4] for content in whole.values() for part in (1, 2, 3)],
    ]  # fmt: skip


def damaged(count: int) -> Iterator[bytes]:
    """Pictures in which some bytes are others."""
    generator = random.Random(1)
    wholes = [picture(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP")]
    for number in range(count):
        content = bytearray(wholes[number % len(wholes)])
        for _ in range(generator.choice((1, 4, 40))):
            content[generator.randrange(len(content))] = generator.randrange(256)
        yield bytes(content)


def sent(target: Target, content: bytes, name: str, kind: str) -> httpx.Response:
    """A file through the upload route; the head of its part is written by hand, as an attacker does."""
    head = (
        f'--frontier\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    )
    body = head.encode("utf-8", "replace") + content + b"\r\n--frontier--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=frontier"}
    return target.send("POST", "/gradio_api/upload", content=body, headers=headers)


def stage_functions_of(target: Target) -> dict[str, int]:
    """The component that has a server function, by the function's name."""
    return {name: component for component, names in target.stages().items() for name in names}


def test_hostile_uploads(target: Target) -> None:
    stages = target.stages()
    adopting = [component for component, names in stages.items() if "adopt" in names]
    assert len(adopting) == 3  # Sample, Translate and Upscale take networks of visitors
    before = target.memory()
    contents = [*hostile(), *damaged(230)]
    for number, content in enumerate(contents):
        name, kind = NAMES[number % len(NAMES)], KINDS[number % len(KINDS)]
        answer = sent(target, content, name, kind)
        assert answer.status_code < 500, (name, answer.text)
        if answer.status_code != 200:
            continue
        for path in answer.json():
            assert Path(path).resolve().is_relative_to(target.folder), path
            served = target.send("GET", f"/gradio_api/file={path}")
            assert served.status_code < 500
            if served.status_code == 200 and served.headers["content-type"].startswith(("text/html", "image/svg")):
                assert "attachment" in served.headers["content-disposition"]
            told = check(target.ask(adopting[number % len(adopting)], "adopt", {"path": path}))
            assert "notice" in told or "trouble" in told, told  # none of them is a network
            assert not Path(path).exists()  # and none of them stays
    assert target.memory(peak=True) - before < MOST_GROWTH
    assert not target.complaints()


def test_hostile_pictures_in_requests(target: Target) -> None:
    functions = stage_functions_of(target)
    takers: dict[str, dict[str, str]] = {"upscale_picture": {}, "translate_picture": {}, "translate_film": {}}
    takers["read_picture"] = {"model": "scenes-infogan-64"}
    before = target.memory()
    contents = [*hostile(), *damaged(230)]
    for number, content in enumerate(contents):
        name = [*takers][number % len(takers)]
        kind = ("image/png", "image/svg+xml", "text/html", "video/mp4", "x" * 300)[number % 5]
        address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
        field = "clip" if name == "translate_film" else "image"
        told = check(target.ask(functions[name], name, {**takers[name], field: address}))
        if "job" in told:
            target.ask(functions[name], "stop", {"job": told["job"]})
    assert target.memory(peak=True) - before < MOST_GROWTH
    assert not target.complaints()


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "app.py", "server/guard.py", "weights", "../../etc/passwd", ".git/config"]
)
def test_nothing_outside_the_cache_is_read(target: Target, path: str) -> None:
    functions = stage_functions_of(target)
    for place in (path, f"{ROOT}/{path}", f"//{path}", f"{target.folder}/log.txt", f"{target.folder}/quiz.sqlite3"):
        assert target.send("GET", f"/gradio_api/file={place}").status_code in (403, 404, 422), place
        for name in ("adopt", "upscale_picture", "read_picture"):
            fields = {"path": place, "image": place, "model": "scenes-infogan-64"}
            told = check(target.ask(functions[name], name, fields))
            assert "notice" in told or "trouble" in told
    assert Path("app.py").exists()  # what `adopt` reads, it deletes


def test_pages_of_others_are_not_fetched(target: Target) -> None:
    other = "https://example.com/x"
    for name in ("file=http://127.0.0.1:1/x", f"file={other}", f"file/{other}", f"proxy={other}", "dev/reload"):
        assert target.send("GET", f"/gradio_api/{name}").status_code == 403
    assert target.send("POST", "/gradio_api/process_recording", content=b"x").status_code == 403


def test_huge_uploads_are_refused(target: Target) -> None:
    assert sent(target, bytes(guard.LARGEST_FILE + 2**19), "large.bin", "image/png").status_code == 413
    assert sent(target, bytes(guard.LARGEST_FILE + 2**21), "large.bin", "image/png").status_code == 413
    form = b"multipart/form-data"
    for kind in (
        b"text/plain",
        form,
        form + b"; boundary=",
        form + b"; boundary=" + b"x" * 300,
        form + b"; boundary=\xe9",
    ):
        answer = target.send("POST", "/gradio_api/upload", content=b"--x\r\n\r\n", headers={"content-type": kind})
        assert answer.status_code == 400
    left = [file for file in target.folder.glob("latent-lab-*/**/*") if file.is_file() and file.stat().st_size > 2**20]
    assert not left, left
