"""The page's own files: how browsers get them, and what they are told to keep."""

from pathlib import Path

import httpx
import pytest

from page import stage


def test_the_document_is_packed_where_the_browser_can_unpack_it(address: str) -> None:
    packed = httpx.get(address, timeout=60, headers={"accept-encoding": "gzip"})
    plain = httpx.get(address, timeout=60, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) * 4 < int(plain.headers["content-length"]) == len(plain.content)
    for answer in (packed, plain):
        assert answer.text.startswith("<!doctype html>") and answer.text.rstrip().endswith("</html>")
        assert answer.text.index("window.latentLabFiles") < answer.text.index("window.gradio_config")


def test_scripts_are_served_for_ever(address: str) -> None:
    answer = httpx.get(f"{address}/{stage.address('page/shell.js')}", timeout=60)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == (stage.ROOT / "page" / "shell.js").read_text(encoding="utf-8")
    plain = httpx.get(
        f"{address}/{stage.address('page/shell.js')}", timeout=60, headers={"accept-encoding": "identity"}
    )
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text
    head = httpx.head(f"{address}/{stage.address('page/shell.js')}")
    assert (head.status_code, head.content) == (200, b"")


def test_an_earlier_page_gets_todays_files_and_does_not_keep_them(address: str) -> None:
    answer = httpx.get(f"{address}/static/000000000000/page/shell.js", timeout=60)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["page/theme.py", "page/../app.py", "tabs/ask/stage.html", "", "page", "../../app.py"])
def test_nothing_else_is_served(address: str, path: str) -> None:
    assert httpx.get(f"{address}/{stage.address(path)}", timeout=60).status_code == 404


def test_every_import_of_a_script_is_served() -> None:
    for name, content in stage.served().items():
        if not name.endswith(".js"):
            continue
        for line in content.decode().splitlines():
            if line.startswith(("import ", "} from ")) and " from " in f" {line}":
                path = line.rpartition(" from ")[2].strip('";')
                target = (stage.ROOT / name).parent / path
                assert target.resolve().relative_to(stage.ROOT).as_posix() in stage.served(), (name, path)


def test_the_version_is_of_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stage.version()
    monkeypatch.setattr(stage, "served", lambda: {"page/shell.js": b"1"})
    stage.version.cache_clear()
    try:
        assert stage.version() != before
    finally:
        stage.version.cache_clear()


def test_style_sheets_are_one() -> None:
    sheets = [file for folder in stage.FOLDERS for file in Path(stage.ROOT / folder).rglob("*.css")]
    assert len(sheets) >= 3
    assert all(sheet.read_text(encoding="utf-8") in stage.styles() for sheet in sheets)


def test_html_that_parts_share_takes_the_place_of_its_marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    components = tmp_path / "page" / "components"
    components.mkdir(parents=True)
    (components / "outer.html").write_text(
        "<div>\n<!-- page/components/inner-part.html -->\n</div>\n", encoding="utf-8"
    )
    (components / "inner-part.html").write_text("<b>there</b>\n", encoding="utf-8")
    (tmp_path / "page" / "whole.html").write_text(
        "<!-- a remark -->\n  <!-- page/components/outer.html -->\n<p><!-- page/components/outer.html --></p>\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(stage, "ROOT", tmp_path)
    assert stage.filled("page/whole.html") == (
        "<!-- a remark -->\n<div>\n<b>there</b>\n</div>\n<p><!-- page/components/outer.html --></p>\n"
    )


def test_no_marker_is_left_in_the_pages_html() -> None:
    for file in stage.files_of(".html"):
        html = stage.filled(file.relative_to(stage.ROOT).as_posix())
        assert "<!-- page/" not in html and "<!-- tabs/" not in html
