"""The audit of dependencies: known answers, what it makes of OSV's records, and a stand-in of osv.dev."""

import json
import re
import threading
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from audit import __main__ as command
from audit import live
from audit.__main__ import HERE, age, check, installed, main, pinned
from audit.accepted import ACCEPTED, Accepted
from audit.advisories import KEPT, Advisory, Book, parse, read_book, rewrite
from tests.hub import NOBODY

DAY = date(2026, 11, 1)


def record(number: str, package: str, *events: dict[str, str], **more: Any) -> dict[str, Any]:
    """An OSV record."""
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    affected = {"package": {"ecosystem": "PyPI", "name": package}, "ranges": ranges, **more.pop("affected", {})}
    return {"id": number, "summary": "Too  bad", "affected": [affected], **more}


def book(*records: dict[str, Any]) -> Book:
    return Book(DAY, "here", tuple(advisory for entry in records for advisory in parse(entry)))


@pytest.mark.parametrize(
    ("package", "version", "known"),
    [
        ("gradio", "3.13.0", {"PYSEC-2023-16", "CVE-2023-51449", "CVE-2023-6572", "CVE-2026-59806"}),
        ("Pillow", "9.5.0", {"CVE-2023-44271", "PYSEC-2023-175", "CVE-2026-112403"}),
        ("starlette", "1.0.0", {"CVE-2026-48710", "PYSEC-2026-248", "PYSEC-2026-249"}),
        ("python_multipart", "0.0.25", {"CVE-2026-40347"}),
        ("pip", "23.2.1", {"CVE-2023-5752", "CVE-2026-13346"}),
        ("torch", "2.5.1+cu124", {"CVE-2025-2953", "CVE-2026-4538"}),
    ],
)
def test_versions_that_are_known_to_be_unsafe(package: str, version: str, known: set[str]) -> None:
    found = read_book().about(package, version)
    assert known <= {name for advisory in found for name in (advisory.id, *advisory.aliases)}


@pytest.mark.parametrize(
    ("package", "version"),
    [("gradio", "6.32.0"), ("pillow", "13.0.0"), ("torch", "2.13.0+cpu"), ("starlette", "1.10.0")],
)
def test_versions_without_an_advisory(package: str, version: str) -> None:
    assert read_book().about(package, version) == []


def test_what_is_pinned_and_what_is_installed_passes() -> None:
    """But for the tools that `make` brings up to date before it asks."""
    wanted = [entry for entry in (*pinned(), *installed()) if entry[0] not in ("pip", "setuptools", "pillow")]
    findings, _ = check(wanted, read_book())
    assert findings == []
    pins = {(name, version) for name, version, _ in wanted}
    assert {("gradio", metadata.version("gradio")), ("torch", "2.11.0"), ("torch", "2.13.0")} <= pins  # of all Pythons
    assert {"starlette", "h11", "jinja2"} <= {name for name, _, place in wanted if place == HERE}


def test_every_pin_of_every_file_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(
        '# text\n-r other.txt\na==1.0; python_version < "3"  # why\nb[x]==2.0\nc>=3\nd\n\n'
    )
    (tmp_path / "requirements-more.txt").write_text("E.e==4\n")
    assert list(pinned(tmp_path)) == [
        ("e-e", "4", "requirements-more.txt"),
        ("a", "1.0", "requirements.txt"),
        ("b", "2.0", "requirements.txt"),
    ]


def test_findings_and_what_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    records = book(
        record("PYSEC-1", "thing", {"introduced": "0"}, {"fixed": "2"}, aliases=["CVE-1"]),
        record("GHSA-1", "thing", {"introduced": "0"}, {"fixed": "2"}, aliases=["CVE-1"]),
        record("CVE-2", "thing", {"introduced": "1"}),
    )
    monkeypatch.setattr(command, "ACCEPTED", {})
    findings, accepted = check([("thing", "1.5", "requirements.txt"), ("thing", "1.5", HERE)], records)
    assert findings == [
        "thing 1.5 (requirements.txt, installed): CVE-1 PYSEC-1: Too bad; fixed in 2.",
        "thing 1.5 (requirements.txt, installed): CVE-2: Too bad; no version is known to be fixed.",
    ]
    assert accepted == []
    monkeypatch.setattr(
        command,
        "ACCEPTED",
        {"CVE-1": Accepted("thing", "1.5", "Because."), "CVE-2": Accepted("thing", "1.5", "So.", pinned_only=True)},
    )
    findings, accepted = check([("thing", "1.5", "requirements.txt")], records)
    assert (len(findings), len(accepted)) == (0, 2)
    assert accepted[0].endswith("fixed in 2. Accepted: Because.")
    assert len(check([("thing", "1.5", HERE)], records)[0]) == 1  # accepted as a pin only
    assert len(check([("thing", "1.6", "requirements.txt")], records)[0]) == 2  # another version is looked at anew


def test_what_is_accepted_has_a_reason_and_is_kept() -> None:
    known = {name: advisory.package for advisory in read_book().advisories for name in (advisory.id, *advisory.aliases)}
    for number, entry in ACCEPTED.items():
        assert known[number] == entry.package
        assert len(entry.reason) > 20


@pytest.mark.parametrize(
    ("events", "inside", "outside"),
    [
        ([{"introduced": "0"}, {"fixed": "1.2"}], ["0.1", "1.2rc1", "1.1.9"], ["1.2", "1.2.0", "1.2+cpu", "2"]),
        ([{"introduced": "1.0"}, {"last_affected": "1.4"}], ["1.0", "1.4", "1.4+cu124"], ["0.9", "1.4.1"]),
        ([{"introduced": "0"}, {"last_affected": "2.6.0-cu124"}], ["2.6.0", "1"], ["2.6.1"]),
        (
            [{"introduced": "3"}, {"fixed": "3.5"}, {"introduced": "1"}, {"fixed": "1.5"}],
            ["1", "3.4"],
            ["0.5", "1.5", "2", "3.5"],
        ),
        ([{"introduced": "10.0"}, {"fixed": "10.10"}], ["10.9"], ["9.9", "10.10"]),  # numbers, not text
    ],
)
def test_ranges(events: list[dict[str, str]], inside: list[str], outside: list[str]) -> None:
    records = book(record("X", "thing", *events))
    assert all(records.about("thing", version) for version in [*inside, "unreadable"])
    assert not any(records.about("thing", version) for version in outside)


def test_records_of_other_forms() -> None:
    assert list(parse(record("X", "thing", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"))) == []
    other = {"package": {"ecosystem": "npm", "name": "thing"}}
    assert list(parse(record("X", "thing", {"introduced": "0"}, affected=other))) == []
    git = {"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}], "versions": ["1.0", "1.1"]}
    single = book(record("X", "My_Thing", affected=git))
    assert [bool(single.about("my.thing", version)) for version in ("1.0", "1.1", "1.2")] == [True, True, False]
    words = record("X", "thing", {"introduced": "0"}, summary="", details="First line\nmore " + "x" * 500)
    assert next(parse(words)).summary == "First line"
    assert len(next(parse(record("X", "thing", summary="y" * 500))).summary) <= 160


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_the_kept_file_is_made_of_records(tmp_path: Path, form: str) -> None:
    records = [
        record("B", "thing", {"introduced": "0"}, {"fixed": "2"}, aliases=["CVE-9"]),
        record("A", "Other-Thing", {"introduced": "0"}, {"fixed": "3"}),
        record("C", "somebody-elses", {"introduced": "0"}),
    ]
    source = tmp_path / ("all.zip" if form == "zip" else "all")
    if form == "zip":
        with zipfile.ZipFile(source, "w") as archive:
            for entry in records:
                archive.writestr(f"{entry['id']}.json", json.dumps(entry))
    else:
        source.mkdir()
        for entry in records:
            (source / f"{entry['id']}.json").write_text(json.dumps(entry))
    written = rewrite(source, ["Thing", "other_thing"], path=tmp_path / "kept.json", day=DAY)
    assert (written.date, written.source) == (DAY, source.name)
    assert [(advisory.id, advisory.package) for advisory in written.advisories] == [
        ("A", "other-thing"),
        ("B", "thing"),
    ]
    assert written.about("thing", "1.9") and not written.about("thing", "2")
    before = (tmp_path / "kept.json").read_bytes()
    with pytest.raises(ValueError, match="has no OSV record on any of the 1 packages"):
        rewrite(source, ["nothing"], path=tmp_path / "kept.json", day=DAY)
    assert (tmp_path / "kept.json").read_bytes() == before


def test_old_advisories_are_called_old() -> None:
    kept = read_book()
    assert age(kept, kept.date + timedelta(days=90)) == ""
    assert age(kept, kept.date + timedelta(days=91)).startswith("The kept advisories are 91 days old;")
    assert KEPT.stat().st_size < 2**20


class StandIn(BaseHTTPRequestHandler):
    """osv.dev, as far as it is asked."""

    records: dict[str, dict[str, Any]]

    def do_POST(self) -> None:
        assert self.path == "/v1/querybatch"
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        assert all(query["package"]["ecosystem"] == "PyPI" and "+" not in query["version"] for query in queries)
        self.reply(
            {
                "results": [
                    {
                        "vulns": [
                            {"id": number}
                            for number, entry in self.records.items()
                            if entry["affected"][0]["package"]["name"] == query["package"]["name"]
                        ]
                    }
                    for query in queries
                ]
            }
        )

    def do_GET(self) -> None:
        self.reply(self.records[self.path.rpartition("/")[2]])

    def reply(self, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def osv() -> Iterator[str]:
    """The address of a stand-in that knows of one thing."""
    handler = type("Bound", (StandIn,), {"records": {"N-1": record("N-1", "gradio", {"introduced": "0"})}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_todays_advisories_count_where_they_can_be_had(
    osv: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = live.ask([("gradio", "6.31.0"), ("torch", "2.13.0+cpu")], address=osv)
    assert found is not None
    assert [advisory.id for advisory in found["gradio", "6.31.0"]] == ["N-1"]
    assert found["torch", "2.13.0+cpu"] == []
    assert live.ask([("gradio", "6.31.0")], address=NOBODY) is None

    def ask(pairs: list[tuple[str, str]]) -> dict[tuple[str, str], list[Advisory]] | None:
        return real(pairs, address=osv)

    real = live.ask
    monkeypatch.setattr(live, "ask", ask)
    assert main(["--live"]) == 1
    told = capsys.readouterr()
    assert re.search(r"FOUND gradio 6\.31\.0 \(.*requirements\.txt, installed\): N-1: Too bad", told.err)
    assert "and osv.dev, today" in told.out


def test_records_are_downloaded_whole(osv: str) -> None:
    path = live.download(f"{osv}/v1/vulns/N-1")
    assert json.loads(path.read_bytes())["id"] == "N-1"
    path.unlink()
    path.parent.rmdir()
