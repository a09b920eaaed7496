"""The direction of imports, who may use what, and how large folders and modules may be: docs/architecture.md."""

import ast
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
}
ONLY_IN = {  # library: the packages of ours that may import it
    "gradio": {"app", "tabs", "page", "server"},
    "argparse": {"app", "trainer", "audit", "data", "quiz"},
    "accelerate": {"trainer"},
}
NEVER_IN = {"torch": {"tabs", "page", "server"}}
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
