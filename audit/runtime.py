"""Renews the vendored onnxruntime-web, which draws in the visitors' browsers: `python -m audit.runtime [VERSION]`.

npm's package is compared with the checksum in `origin.json`; for another version, with the one that npm's registry
states, which is then noted. Of its files only those are kept that the page needs, packed with xz. What is
there already stays untouched, since every other version of a large file makes the repository larger for ever.
"""

import argparse
import base64
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "page" / "vendor" / "onnxruntime-web"
PACKAGE = "onnxruntime-web"
WANTED = (  # for WebAssembly, and for WebGPU
    "ort.wasm.bundle.min.mjs",
    "ort-wasm-simd-threaded.wasm",
    "ort.jspi.bundle.min.mjs",
    "ort-wasm-simd-threaded.jspi.wasm",
)

Origin = dict[str, Any]


def read_origin(folder: Path = FOLDER) -> Origin:
    """What origin.json says: "package", "version", "licence", "address", "integrity" of the package, and "files": the
    SHA-256 of each, unpacked."""
    origin: Origin = json.loads((folder / "origin.json").read_text(encoding="utf-8"))
    return origin


def integrity(content: bytes) -> str:
    """A checksum as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def stored(folder: Path, name: str) -> Path:
    """Where a file lies, packed."""
    return folder / f"{name}.xz"


def content_of(folder: Path, name: str) -> bytes:
    """A file's content, unpacked; nothing if it is not there."""
    file = stored(folder, name)
    return lzma.decompress(file.read_bytes()) if file.is_file() else b""


def unpack(package: bytes, folder: Path) -> dict[str, str]:
    """Writes the wanted files of a package, those that are other than before. Returns the SHA-256 of each."""
    sums = {}
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for name in WANTED:
            member = archive.extractfile(f"package/dist/{name}")
            assert member is not None, f"The package has no file {name}."
            content = member.read()
            sums[name] = hashlib.sha256(content).hexdigest()
            if content_of(folder, name) != content:
                stored(folder, name).write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
    return sums


def fetch(version: str) -> tuple[bytes, str]:
    """npm's package of a version, and the checksum that the registry states."""
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "pack", f"{PACKAGE}@{version}", "--json", "--pack-destination", place]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)[0]
        return Path(place, told["filename"]).read_bytes(), str(told["integrity"])


def main() -> None:
    """Fetches, compares, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", nargs="?", help="another one than now")
    origin = read_origin()
    version = parser.parse_args().version or origin["version"]
    package, stated = fetch(version)
    expected = origin["integrity"] if version == origin["version"] else stated
    if integrity(package) != expected:
        sys.exit(f"{PACKAGE} {version} is not what it was: its checksum is {integrity(package)}, not {expected}.")
    origin |= {
        "version": version,
        "address": f"https://registry.npmjs.org/{PACKAGE}/-/{PACKAGE}-{version}.tgz",
        "integrity": expected,
        "files": unpack(package, FOLDER),
    }
    (FOLDER / "origin.json").write_text(json.dumps(origin, indent=2) + "\n", encoding="utf-8")
    print(f"{PACKAGE} {version} is in {FOLDER.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
