"""Files of programs: what is read, what is refused in one sentence, what is deleted when."""

import base64
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.middleware import Middleware

from media.incoming import read_address, read_content
from models.errors import InvalidInput
from server import files, guard
from server.files import NO_FETCHING, NO_UPLOAD, Results, Uploads, discard, located, open_sent
from tabs import programs
from tabs.programs import Given, Sent, given, publish, without_traces
from tests.coroutines import finished

META = {"_type": "gradio.FileData"}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Gradio's folder of uploads."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    return folder


@pytest.fixture
def photo(cache: Path) -> Path:
    """A red picture of 8 x 8 px that was uploaded."""
    file = cache / "token" / "hash" / "my photo?.png"
    file.parent.mkdir(parents=True)
    Image.new("RGB", (8, 8), (255, 0, 0)).save(file)
    return file


def named(path: object, **further: object) -> dict[str, object]:
    """A file as clients send it."""
    return {"path": str(path), "meta": META, **further}


# --- what is read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        str,
        named,
        lambda path: {"path": None, "url": f"/gradio_api/file={path}".replace("?", "%3F")},
        lambda path: f"http://127.0.0.1:7860/gradio_api/file={path}".replace(" ", "%20").replace("?", "%3F"),
        lambda path: named(f"https://example.org/lab/gradio_api/file={path}".replace("?", "%3F") + "?x=1#y"),
        lambda path: {"path": "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()},
        lambda path: "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode(),
    ],
    ids=["path", "file", "url alone", "own address", "address as a file", "data in a file", "data"],
)
def test_an_upload_is_read_whatever_it_is_named_by(photo: Path, form: Callable[[Path], object]) -> None:
    levels = read_address(open_sent(form(photo)), side=8, channels=3)
    assert levels.reshape(-1, 3).tolist() == [[255, 0, 0]] * 64


def test_an_upload_is_found_through_a_folder_that_is_a_link(
    photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "cache")  # as /tmp is on a Mac
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "link"))
    assert located(str(tmp_path / "link" / photo.relative_to(tmp_path / "cache"))) == photo.resolve()
    assert located(str(photo)) == photo.resolve()


# --- what is refused ---------------------------------------------------------------------------------------------


def outside(photo: Path) -> list[str]:
    """Paths that are no upload."""
    cache = photo.parent.parent.parent
    secret = cache.parent / "secret.png"
    secret.write_bytes(photo.read_bytes())
    (cache / "link.png").symlink_to(secret)
    (cache / "folder").symlink_to(cache.parent)
    (cache / "near.png").symlink_to(photo)
    os.mkfifo(cache / "pipe.png")
    return [
        "/etc/passwd", "/dev/zero", str(secret), str(cache), str(photo.parent), str(cache / "link.png"),
        str(cache / "near.png"), str(cache / "folder" / "secret.png"), str(cache / "pipe.png"),
        str(cache / "token" / ".." / ".." / "secret.png"), f"{photo}\0.png", "my photo?.png", "../secret.png",
        str(cache / ("0" * 43) / "hash" / "my photo?.png"), "~/secret.png", "x" * 10_000, "\ud800",
        f"/gradio_api/file={secret}", f"http://127.0.0.1:7860/gradio_api/file={cache}/../secret.png",
        "http://127.0.0.1:7860/gradio_api/file=http://127.0.0.1:22/", "/gradio_api/file=/etc/passwd",
        f"http://127.0.0.1:7860/gradio_api/file={cache}/%2e%2e/secret.png",
    ]  # fmt: skip


def test_what_lies_elsewhere_is_no_upload(photo: Path) -> None:
    for path in outside(photo):
        for form in (path, named(path), {"url": path}, named("", url=path)):
            with pytest.raises(InvalidInput) as error:
                open_sent(form)
            assert str(error.value) in (NO_UPLOAD, NO_FETCHING), path
        discard(path)
    assert photo.exists() and (photo.parent.parent.parent.parent / "secret.png").exists()


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:22/", "https://example.org/photo.jpg", "file:///etc/passwd", "ftp://x/y", "gopher://x"],
)
def test_nothing_is_fetched(cache: Path, address: str) -> None:
    for form in (address, named(address), named(address, url=address, orig_name="photo.jpg")):
        with pytest.raises(InvalidInput, match="fetches nothing"):
            open_sent(form)


@pytest.mark.parametrize("value", [None, "", 7, 1.5, True, [], ["data:,"], {}, {"path": 7}, {"path": {"path": "x"}}])
def test_what_is_no_file_at_all(cache: Path, value: object) -> None:
    with pytest.raises(InvalidInput, match="This is no file in the form of a data URI or an upload; PNG"):
        read_address(open_sent(value), side=8, channels=3)


def test_a_huge_file_is_not_read_whole(photo: Path) -> None:
    with photo.open("wb") as file:
        file.truncate(2**30)
    tracemalloc.start()
    with pytest.raises(InvalidInput, match="The file is larger than 4 MB; PNG"):
        read_address(open_sent(str(photo)), side=8, channels=3)
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


def test_a_file_that_is_no_picture(photo: Path) -> None:
    photo.write_text("no picture")
    with pytest.raises(InvalidInput, match="This file is no picture that can be read; PNG"):
        read_address(open_sent(str(photo)), side=8, channels=3)


def test_files_are_closed(photo: Path) -> None:
    file = open_sent(str(photo))
    assert read_content(file, 1000, "") == photo.read_bytes()
    assert file.closed


# --- what is deleted ---------------------------------------------------------------------------------------------


def test_an_upload_is_gone_after_the_request(photo: Path) -> None:
    def answered(image: Sent = "", form: str = "file") -> bytes:
        return read_content(open_sent(image), 10_000, "")

    def failing(image: Sent = "") -> bytes:
        raise InvalidInput("The scale is 9.")

    content = photo.read_bytes()
    assert without_traces(answered)(image=str(photo)) == content
    assert not photo.exists() and not photo.parent.parent.exists()
    for sent in (str(photo), f"http://127.0.0.1:1/gradio_api/file={photo}".replace("?", "%3F"), named(photo)):
        photo.parent.mkdir(parents=True)
        photo.write_bytes(content)
        with pytest.raises(InvalidInput):
            without_traces(failing)(sent)  # type: ignore[arg-type]
        assert not photo.exists()
    with pytest.raises(InvalidInput, match="The form of the answer is 'zip'; file and data are accepted"):
        without_traces(answered)("", "zip")


def test_a_result_is_given_to_the_next_request(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "results", Results())
    file = given(b"content", "png", "file")
    assert isinstance(file, dict) and file["meta"] == META and file["mime_type"] == "image/png" and file["size"] == 7
    for _ in range(2):  # it stays
        assert read_content(open_sent(file), 100, "") == b"content"
        discard(file)
    assert Path(file["path"]).name == "picture.png"
    assert given(b"content", "mp4", "file")["path"].endswith("/clip.mp4")  # type: ignore[index]


def test_the_form_of_an_answer(cache: Path) -> None:
    uri = "data:image/png;base64,Y29udGVudA=="

    def form_of(*arguments: object) -> str:
        answer = given(b"content", "png", *arguments)  # type: ignore[arg-type]
        return "file" if isinstance(answer, dict) else answer

    assert form_of(None) == form_of(None, "") == form_of(None, uri) == uri  # as before there were files
    assert form_of(None, named("/tmp/x")) == form_of(None, "/tmp/x") == "file"
    assert form_of("file", uri) == form_of("file") == "file"
    assert form_of("data", named("/tmp/x")) == form_of("data") == uri


def test_results_are_kept_for_a_while_and_nobody_crowds_out_others(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    results = Results(1000, lambda: now[0])

    def kept(size: int, address: str) -> Path:
        monkeypatch.setattr(files, "visitor", lambda: address)
        return Path(results.keep(bytes(size), "picture.png", "image/png")["path"])

    modest = kept(100, "a")
    greedy = [kept(300, "b") for _ in range(4)]
    assert [file.exists() for file in (modest, *greedy)] == [True, False, True, True, True]
    assert len({file.parent for file in (modest, *greedy)}) == 5
    now[0] = files.KEPT + 1
    large = kept(2000, "c")
    assert list(cache.rglob("*.png")) == [large]  # the newest, whatever its size
    assert results.held == {"c": 2000}


# --- uploads and events ------------------------------------------------------------------------------------------


def uploading(*requests: dict[str, object]) -> list[httpx.Response]:
    """The answers to uploads."""
    app = Starlette(middleware=[Middleware(Uploads)])

    async def send() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://page") as client:
            return [await client.post("/gradio_api/upload", **request) for request in requests]  # type: ignore[arg-type]

    return finished(send())


def test_the_same_file_of_two_visitors_is_two_files(cache: Path) -> None:
    request: dict[str, object] = {"files": [("files", ("../../photo.jpg", b"x")), ("files", ("photo.jpg", b"y"))]}
    first, second = ([Path(path) for path in answer.json()] for answer in uploading(request, request))
    assert len({*first, *second}) == 4
    assert all(file.is_relative_to(cache) and file.name == "photo.jpg" for file in (*first, *second))
    discard(str(first[0]))
    assert [file.read_bytes() for file in (first[1], *second)] == [b"y", b"x", b"y"]


def test_uploads_that_are_none_leave_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 1000)
    boundary = {"headers": {"content-type": "multipart/form-data; boundary=x"}}
    text, large, field, broken = uploading(
        {"content": b"x"},
        {"files": [("files", ("large.bin", bytes(1001)))]},
        {"content": b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\n/etc/passwd\r\n--x--\r\n', **boundary},
        {"content": b"--x\r\nX", **boundary},
    )
    assert [answer.status_code for answer in (text, large, field)] == [400, 413, 400]
    assert large.json() == {"detail": "File size exceeded maximum allowed size of 1000 bytes."}
    assert broken.status_code in (200, 400)
    assert [*cache.rglob("*.*")] == []


def test_an_upload_that_breaks_off_leaves_nothing_and_is_no_error(cache: Path) -> None:
    head = [(b"content-type", b"multipart/form-data; boundary=x")]
    scope = {"type": "http", "method": "POST", "path": "/gradio_api/upload", "headers": head, "query_string": b""}
    parts: list[dict[str, object]] = [
        {"type": "http.request", "body": b'--x\r\nContent-Disposition: form-data; name="f"', "more_body": True},
        {"type": "http.disconnect"},
    ]
    told: list[object] = []

    async def receive() -> Any:
        return parts.pop(0)

    async def send(message: Any) -> None:
        told.append(message.get("status"))

    finished(Uploads(Starlette())(scope, receive, send))
    assert told[0] == 499
    assert [*cache.rglob("*.*")] == []


def test_gradio_sees_no_file_and_short_requests_have_defaults(cache: Path) -> None:
    """Gradio fetches the address of a file before a function is called."""
    seen = []

    def echo(model: str = "fast", image: Sent = "", form: programs.Form = None) -> Given:
        """Nothing."""
        seen.append((model, image, form))
        return "x"

    async def call() -> list[object]:
        with guard.Page() as page:
            publish(echo, api_name="echo")
        event = next(iter(page.fns.values()))
        for inputs in ([], ["sharp", named("http://127.0.0.1:1/x")], ["sharp", named("/etc/passwd"), "data"]):
            await page.process_api(event, inputs, None)
        parameters = page.get_api_info()["named_endpoints"]["/echo"]["parameters"]
        return [(part["parameter_name"], part["python_type"]["type"], part["parameter_default"]) for part in parameters]

    assert finished(call()) == [
        ("model", "str", "fast"),
        ("image", "filepath", None),
        ("form", "Literal['file', 'data']", "file"),
    ]
    assert seen == [
        ("fast", None, None),
        ("sharp", {"path": "http://127.0.0.1:1/x"}, None),
        ("sharp", {"path": "/etc/passwd"}, "data"),
    ]
