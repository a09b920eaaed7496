"""Nothing outside the cache is readable: files that nobody may see are named in every way there is, and no answer has
anything of them, nor tells whether they are there."""

import base64
import http.client
import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image

from tests.faults.conftest import JSON, Target
from tests.networks import write_tiny_networks

FIELDS = ("path", "image", "clip", "file", "files", "data", "csv", "beside", "to", "example", "preset", "link", "deck")


@dataclass(frozen=True)
class Canary:
    """Files that nobody may see, and what gives them away."""

    text: str
    places: list[Path]  # with the text: in the page's folders, in the weights, beside them

    def heard(self, answer: bytes) -> str:
        """What an answer has of them; empty if nothing."""
        signs = [self.text.encode(), b"SQLite format 3", b"root:x:0:0", b"def prepare_environment"]
        for sign in list(signs):  # in base64 a text has three forms, by where it begins
            signs += [base64.b64encode(b"x" * shift + sign)[4:-4] for shift in range(3)]
        return next((repr(sign) for sign in signs if sign in answer), "")


@pytest.fixture(scope="module")
def canary(target: Target, weights: Path) -> Iterator[Canary]:
    """In the folder of the scores and temporary files, beside the cache, and among the networks."""
    text = f"canary-{secrets.token_hex(12)}"
    (scratch,) = target.folder.glob("latent-lab-*")
    folders = [target.folder, scratch, scratch / "others", weights, weights / "faces-celeba-64", weights.parent]
    places = []
    for folder in folders:
        for ending in ("txt", "json", "safetensors"):
            place = folder / f"canary.{ending}"
            place.write_text(text)
            places.append(place)
        picture = folder / "canary.png"
        Image.fromarray(np.full((64, 64, 3), 77, np.uint8)).save(picture)
        picture.write_bytes(picture.read_bytes() + text.encode())
        places.append(picture)
    network = weights.parent / "canary-network"
    write_tiny_networks(network, channels=3, resolution=64, steps=(1,))
    yield Canary(text, places)
    missing = [place for place in places if not place.is_file()]
    for place in places:
        place.unlink(missing_ok=True)
    shutil.rmtree(network)
    assert not missing, "what `adopt` reads, it deletes"


def forms(target: Target, file: Path) -> list[str]:
    """Ways to name a file outside the cache."""
    (scratch,) = target.folder.glob("latent-lab-*")
    climbing = "../" * 12 + str(file).lstrip("/")
    return [
        str(file),
        f"file://{file}",
        climbing,
        f"{scratch}/cache/{climbing}",
        f"{scratch}/cache/../{file.name}",
        f"{scratch}/cache/upload/../../../{file.name}",
        f"{file}\x00.png",
        f"~/../..{file}",
    ]


def test_routes_of_files(target: Target, canary: Canary) -> None:
    """As bytes on the line, because clients tidy addresses up."""
    host, port = target.address.removeprefix("http://").split(":")
    files = [*canary.places, target.folder / "quiz.sqlite3", target.folder / "log.txt", Path("/etc/passwd")]
    routes = (
        "/gradio_api/file=", "/gradio_api/file/", "/file=", "/static/", "/assets/", "/svelte/", "/gradio_api/stream/",
        "/custom_component/", "/gradio_api/deep_link?session_hash=", "/?deep_link=", "/theme.css?v=",
        "/gradio_api/app_id/", "//",
    )  # fmt: skip
    line = http.client.HTTPConnection(host, int(port), timeout=30)
    statuses = set()
    for number, file in enumerate(files):
        for form in forms(target, file):
            ways = [quote(form), quote(form, safe=""), quote(form).replace(".", "%2e"), form.replace("/", "\\").strip()]
            for turn, route in enumerate(routes if number < 2 else routes[:1]):
                way = ways[turn % len(ways)] if route != routes[0] else ways[(number + len(form)) % len(ways)]
                if any(character in way for character in "\x00 \n"):
                    way = quote(way)
                line.putrequest("GET", route + way, skip_host=False)
                line.putheader("X-Forwarded-For", f"10.9.{number}.{turn}")
                line.endheaders()
                answer = line.getresponse()
                body = answer.read()
                assert not canary.heard(body), (route, way)
                if route == routes[0]:
                    statuses.add(answer.status)
    line.close()
    assert statuses <= {403, 404, 422}, statuses


def test_server_functions(target: Target, canary: Canary) -> None:
    stages = target.stages()
    assert sum(map(len, stages.values())) >= 30
    for file in (canary.places[0], canary.places[3]):
        absent = file.with_name(file.name.replace("canary", "canarx"))
        ways = list(zip(forms(target, file), forms(target, absent), strict=True))[::2]
        for number, (form, other) in enumerate(ways):
            for component, functions in stages.items():
                for function in functions:
                    for fields in (FIELDS, ("model", *FIELDS)) if number == 0 else (FIELDS,):
                        answers = []
                        for name in (form, other):
                            told = target.ask(component, function, dict.fromkeys(fields, name))
                            assert not canary.heard(told.content), (function, name)
                            answers.append(told)
                        there, away = answers
                        if refused(away):  # then it does not say whether the file is there, either
                            assert there.content == away.content.replace(b"canarx", b"canary"), (function, form)
    assert not target.complaints()


def refused(answer: Any) -> bool:
    """Whether an answer is a sentence."""
    if answer.status_code >= 400:
        return True
    value = answer.json()
    return isinstance(value, dict) and not value.keys() - {"notice", "trouble"}


def test_endpoints_and_events(target: Target, canary: Canary) -> None:
    """Programs send files as structures with a path; so do the events that are not published."""
    file = str(canary.places[3])
    shapes: list[Any] = [
        file,
        {"path": file, "meta": {"_type": "gradio.FileData"}},
        {"path": file, "url": f"file://{file}", "orig_name": "x.png", "meta": {"_type": "gradio.FileData"}},
        {"url": f"/gradio_api/file={file}", "meta": {"_type": "gradio.FileData"}},
        [[{"image": {"path": file, "meta": {"_type": "gradio.FileData"}}, "caption": None}]],
    ]
    endpoints = target.client.get("/gradio_api/info").json()["named_endpoints"]
    for name, endpoint in endpoints.items():
        defaults = [argument.get("parameter_default") for argument in endpoint["parameters"]]
        for position in range(len(defaults)):
            for shape in shapes:
                row = [*defaults[:position], shape, *defaults[position + 1 :]]
                body = json.dumps({"data": row})
                answer = target.send("POST", f"/gradio_api/run{name}", content=body, headers=JSON)
                assert not canary.heard(answer.content), (name, row)
    for function in target.client.get("/config").json()["dependencies"]:
        for shape in shapes:
            body = json.dumps(
                {
                    "data": [shape] * 6,
                    "fn_index": function["id"],
                    "session_hash": "canary",
                    "event_data": {"link": shape},
                }
            )
            answer = target.send("POST", "/gradio_api/run/predict", content=body, headers=JSON)
            assert not canary.heard(answer.content), function["id"]
    assert not target.complaints()


def test_names_of_networks(target: Target, canary: Canary, weights: Path) -> None:
    """A network that lies on this machine and is not offered."""
    endpoints = target.client.get("/gradio_api/info").json()["named_endpoints"]
    naming = 0
    for endpoint, description in endpoints.items():
        arguments = description["parameters"]
        defaults = [argument.get("parameter_default") for argument in arguments]
        for position, argument in enumerate(arguments):
            if argument["parameter_name"] != "model":
                continue
            naming += 1
            for name in (
                str(weights.parent / "canary-network"), "../canary-network", "canary-network", "./faces-celeba-64", ".",
                "faces-celeba-64/../../canary-network", str(weights / "faces-celeba-64"), "..", "faces-celeba-64/",
            ):  # fmt: skip
                row = [*defaults[:position], name, *defaults[position + 1 :]]
                answer = target.send(
                    "POST", f"/gradio_api/run{endpoint}", content=json.dumps({"data": row}), headers=JSON
                )
                assert answer.status_code == 422, (endpoint, name, answer.text[:300])
                assert not canary.heard(answer.content)
    assert naming >= 4, endpoints.keys()


def test_links_out_of_the_cache_are_not_followed(target: Target, canary: Canary) -> None:
    """No visitor can make one; if one were there, nothing would come through."""
    (scratch,) = target.folder.glob("latent-lab-*")
    link = scratch / "cache" / "link.txt"
    link.symlink_to(canary.places[0])
    try:
        answer = target.send("GET", f"/gradio_api/file={link}")
        assert answer.status_code in (403, 404), answer.text
        assert not canary.heard(answer.content)
        functions = {name: part for part, names in target.stages().items() for name in names}
        told = target.ask(functions["adopt"], "adopt", {"path": str(link)})
        assert not canary.heard(told.content)
    finally:
        link.unlink()
    assert canary.places[0].is_file()


def test_uploads_cannot_name_where_they_go(target: Target, canary: Canary) -> None:
    """Under whatever name a file comes, nothing is written outside the cache."""
    (scratch,) = target.folder.glob("latent-lab-*")

    def outside() -> set[Path]:
        return {file for file in target.folder.rglob("*") if not file.is_relative_to(scratch / "cache")}

    before = outside()
    for place in canary.places[:8]:
        for name in forms(target, place)[:6]:
            head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
            body = head.encode() + b"overwritten\r\n--x--\r\n"
            headers = {"content-type": "multipart/form-data; boundary=x"}
            answer = target.send("POST", "/gradio_api/upload", content=body, headers=headers)
            assert answer.status_code < 500
            for path in answer.json() if answer.status_code == 200 else []:
                assert Path(path).resolve().is_relative_to(scratch / "cache")
                Path(path).unlink()
    assert {file for file in outside() - before if file.is_file()} <= {target.folder / "quiz.sqlite3-wal"}
    assert all(canary.text in place.read_bytes().decode("latin-1") for place in canary.places)
