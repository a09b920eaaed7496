"""The direction of imports, who may use what, and how large folders and modules may be: docs/architecture.md."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {  # package: the packages of ours that it may import
    "app": {"tabs", "page", "server", "serving", "models"},
    "tabs": {"tabs", "page", "server", "serving", "media", "quiz", "playground", "models", "metrics", "data"},
    "page": {"page", "models"},
    "server": {"server", "serving", "models"},
    "serving": {"serving", "models"},
    "media": {"media", "models"},
    "quiz": {"quiz", "models", "data", "metrics"},
    "playground": {"playground", "models"},
    "trainer": {"trainer", "models", "data", "metrics", "quiz"},
    "metrics": {"metrics", "models", "data"},
    "data": {"data", "media", "models"},
    "models": {"models"},
    "audit": {"audit"},
    "standalone": {"standalone", "tabs", "page", "server", "playground", "models"},
}
ONLY_IN = {  # library: the packages of ours that may import it
    "gradio": {"app", "tabs", "page", "server"},
    "argparse": {"app", "trainer", "audit", "data", "quiz", "standalone"},
    "accelerate": {"trainer"},
    "onnx": {"trainer"},
}
NEVER_IN = {"torch": {"tabs", "page", "server", "standalone"}}
FORBIDDEN_FILES = {"utils.py", "common.py", "base.py", "helpers.py"}


def modules() -> Iterator[tuple[str, Path]]:
    """(package, file) of all code that ships."""
    for package in ALLOWED:
        files = [ROOT / "app.py"] if package == "app" else sorted((ROOT / package).rglob("*.py"))
        yield from ((package, file) for file in files)


def imported(file: Path) -> set[str]:
    """The top-level names that a file imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name} has a relative import"
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    ("package", "file"), [pytest.param(*pair, id=str(pair[1].relative_to(ROOT))) for pair in modules()]
)
def test_imports_go_one_way(package: str, file: Path) -> None:
    names = imported(file)
    assert names & set(ALLOWED) <= ALLOWED[package]
    for library, packages in ONLY_IN.items():
        assert library not in names or package in packages, f"{library} is for {packages}"
    for library, packages in NEVER_IN.items():
        assert library not in names or package not in packages, f"{library} is not for {packages}"
    assert file.name not in FORBIDDEN_FILES


# --- sizes -------------------------------------------------------------------------------------------------------

MOST_MODULES = 20  # in a folder
MOST_LINES = 400  # of a module
MOST_PAGE_CODE = 15  # lines of HTML, CSS or JavaScript in a Python file
SCRIPTS = ("*.js", "*.css", "*.html")
PAGE_CODE = re.compile(
    r"^\s*(</?[a-z][\w-]*[ >/]|[.#@]?[\w\s.:#>~,()\[\]=*-]+\{.*|\}.*|(const|let|function|return)\b.*;)", re.M
)


def test_folders_and_modules_are_small() -> None:
    files = [file for _, file in modules()]
    files += [
        file
        for folder in ("page", "tabs", "standalone")
        for kind in SCRIPTS
        for file in sorted((ROOT / folder).rglob(kind))
    ]
    long = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8").count("\n") for file in files}
    assert {name: count for name, count in long.items() if count > MOST_LINES} == {}
    folders = Counter(file.parent for package, file in modules() if package != "app")
    assert {str(folder): count for folder, count in folders.items() if count > MOST_MODULES} == {}


WITH_PAGE_CODE = [file for _, file in modules()]
WITH_PAGE_CODE += [file for folder in ("benchmarks", "docs") for file in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("file", [pytest.param(file, id=str(file.relative_to(ROOT))) for file in WITH_PAGE_CODE])
def test_page_code_stands_in_files_of_its_own(file: Path) -> None:
    """Strings of several lines that hold markup, styles or scripts; Markdown and sentences are none."""
    strings = [
        node.value
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count("\n") > 2
    ]
    lines = sum(len(PAGE_CODE.findall(text)) for text in strings if "</" in text or ";\n" in text)
    assert lines <= MOST_PAGE_CODE
