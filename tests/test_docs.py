"""What the documentation names is there: files, functions, links, settings, commands, endpoints, networks."""

import ast
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from models.catalogue import CATALOGUE
from tests.test_imports import ALLOWED
from trainer.__main__ import COMMANDS, command_line

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FILE = re.compile(r"`([\w/.-]+/[\w.-]+\.(?:py|js|css|html|po|ts))`")
PLACEHOLDERS = re.compile(r"NAME|XX|HASH")
NAMED = re.compile(r"`(\w+)`(?:\s+\(| in\s+| of\s+)`(app\.py|\w+/[\w/.-]*)`")  # `function` (`file`), or in a folder
SETTING = re.compile(r'"(LATENT_LAB_[A-Z_]+|DATABASE_URL|RAY_ADDRESS)"')


def read(page: str) -> str:
    """The text of one page."""
    return (ROOT / page).read_text(encoding="utf-8")


def sources() -> Iterator[Path]:
    """The Python code that ships."""
    yield ROOT / "app.py"
    for package in ALLOWED:
        yield from (ROOT / package).rglob("*.py")


def anchors(page: Path) -> set[str]:
    """What links may name within a page, as GitHub makes it of the headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def defines(place: Path, name: str) -> bool:
    """Whether a file, or one in a folder, defines a name of Python or of a script."""
    files = [place] if place.is_file() else [*place.rglob("*.py"), *place.rglob("*.js")]
    statement = rf"(?:export )?(?:async )?(?:def|class|function|const) {name}\b|{name}\b.* = "
    form = re.compile(rf"^\s*(?:{statement})", re.MULTILINE)
    return any(form.search(file.read_text(encoding="utf-8")) for file in files)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http", "…")):
            name, _, anchor = target.partition("#")
            linked = (page.parent / name).resolve() if name else page
            assert linked.exists(), target
            assert not anchor or anchor in anchors(linked), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_functions_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    files = [file for file in FILE.findall(text) if not PLACEHOLDERS.search(file) and "*" not in file]
    assert [file for file in files if not (ROOT / file).exists()] == []
    named = [(name, place) for name, place in NAMED.findall(text) if not PLACEHOLDERS.search(place)]
    assert [(name, place) for name, place in named if not defines(ROOT / place, name)] == []


def test_the_functions_of_the_architecture_are_found() -> None:
    assert len(NAMED.findall(read("docs/architecture.md"))) > 20, "the pattern finds nothing any more"


def test_every_setting_is_explained() -> None:
    names = {name for file in sources() for name in SETTING.findall(file.read_text(encoding="utf-8"))}
    assert {"DATABASE_URL", "LATENT_LAB_LOG"} <= names
    assert [name for name in names if f"`{name}`" not in read("docs/hosting.md")] == []


def test_every_training_command_is_explained_and_can_be_typed() -> None:
    text = read("docs/training.md").replace("\\\n", " ")
    assert [name for name in COMMANDS if not re.search(rf"^\| `{name}\b|trainer {name} ", text, re.MULTILINE)] == []
    for page in PAGES:
        lines = re.findall(r"^python -m trainer ([^#\n]+)", page.read_text(encoding="utf-8").replace("\\\n", " "), re.M)
        for line in lines:
            command_line().parse_args(shlex.split(line))  # exits where an option is wrong


def test_every_endpoint_and_network_is_listed() -> None:
    text = read("docs/using.md")
    endpoints = [name for file in sources() for name in re.findall(r'api_name="(\w+)"', file.read_text("utf-8"))]
    assert len(endpoints) > 10
    assert [name for name in endpoints if f"`/{name}`" not in text] == []
    assert [name for name in CATALOGUE if f"(../weights/{name}/README.md)" not in text] == []


def test_the_imports_for_programs_work() -> None:
    lines = re.findall(r"`(from models[^`]+)`", read("docs/using.md"))
    assert len(lines) > 5
    exec("\n".join(lines), {})


CARDS = sorted((ROOT / "weights").rglob("README.md"))


@pytest.mark.parametrize("page", [*PAGES, *CARDS], ids=lambda page: str(page.relative_to(ROOT)))
def test_what_python_lines_import_is_there(page: Path) -> None:
    """Cards and pages show lines to copy."""
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for statement in ast.walk(ast.parse(dedent(block).replace("…", "..."))):
            if isinstance(statement, ast.ImportFrom) and (statement.module or "").split(".")[0] in ALLOWED:
                module = importlib.import_module(statement.module or "")
                for name in statement.names:
                    assert hasattr(module, name.name), f"{statement.module} has no {name.name}"
