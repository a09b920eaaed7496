"""The vendored onnxruntime-web: what is kept of npm's package, and that it is what it was."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from audit import runtime


def package(**contents: bytes) -> bytes:
    """A package of npm with the wanted files; what is not named holds its own name."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name in [*runtime.WANTED, "ort.webgl.min.js"]:
            content = contents.get(name, name.encode())
            entry = tarfile.TarInfo(f"package/dist/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


@pytest.mark.parametrize("name", runtime.WANTED)
def test_a_vendored_file_is_what_npm_has(name: str) -> None:
    content = runtime.content_of(runtime.FOLDER, name)
    assert hashlib.sha256(content).hexdigest() == runtime.read_origin()["files"][name]


def test_nothing_else_is_vendored_and_the_licence_is_there() -> None:
    files = {runtime.stored(runtime.FOLDER, name).name for name in runtime.WANTED}
    assert {file.name for file in runtime.FOLDER.iterdir()} == {*files, "LICENSE", "origin.json"}
    assert "MIT License" in (runtime.FOLDER / "LICENSE").read_text(encoding="utf-8")


def test_only_wanted_files_are_unpacked_and_only_changed_ones_written(tmp_path: Path) -> None:
    sums = runtime.unpack(package(), tmp_path)
    assert set(sums) == set(runtime.WANTED)
    for name in runtime.WANTED:
        assert runtime.content_of(tmp_path, name) == name.encode()
        assert sums[name] == hashlib.sha256(name.encode()).hexdigest()
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    script, *same = runtime.WANTED
    runtime.unpack(package(**{script: b"another version"}), tmp_path)
    assert runtime.content_of(tmp_path, script) == b"another version"
    for name in same:
        file = runtime.stored(tmp_path, name)
        assert file.stat().st_mtime_ns == before[file]


def test_a_package_with_another_checksum_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "origin.json").write_text(json.dumps(runtime.read_origin()), encoding="utf-8")
    monkeypatch.setattr(runtime, "fetch", lambda version: (package(), "sha512-of-the-registry"))
    monkeypatch.setattr(runtime, "FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["runtime"])
    with pytest.raises(SystemExit, match="is not what it was"):
        runtime.main()
    assert [file.name for file in tmp_path.iterdir()] == ["origin.json"]
