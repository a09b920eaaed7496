"""Files of HTML, style and script beside the tabs: how they are put together, and their scripts by themselves."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tabs.files import FOLDER, read_script

TESTS = Path(__file__).resolve().parent
MODULES = 20, 19  # the first Node that reads a .js file as a module without being told


def node() -> str:
    """Node, which the page itself never needs. Skips where it is missing or too old."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node is not installed")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = (int(number) for number in re.findall(r"\d+", version)[:2])
    if (major, minor) < MODULES:
        pytest.skip(f"Node {major}.{minor} reads no modules in .js files")
    return program


def test_modules_become_one_name(tmp_path: Path) -> None:
    script = read_script("placement.js", "frame.js", gives="mountFrame")
    assert "import " not in script
    assert "export " not in script
    assert script.startswith("const mountFrame = ")
    file = tmp_path / "script.js"
    file.write_text(script + "if (typeof mountFrame !== 'function' || typeof moved !== 'undefined') process.exit(1);")
    assert subprocess.run([node(), str(file)], check=False).returncode == 0


@pytest.mark.parametrize("file", sorted(TESTS.glob("*.test.mjs")), ids=lambda file: file.name)
def test_scripts_have_known_answers(file: Path) -> None:
    process = subprocess.run([node(), "--test", str(file)], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.js")), ids=lambda file: file.name)
def test_scripts_are_modules(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / file.with_suffix(".mjs").name
    copy.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    process = subprocess.run([node(), "--check", str(copy)], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
