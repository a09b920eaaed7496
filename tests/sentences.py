"""What a visitor may read, as it stands in the sources: strings of Python, Markdown, HTML and scripts of the tabs."""

import ast
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("models", "data", "media", "serving", "server", "quiz", "playground", "page", "tabs")
LABELS = {"label", "info", "placeholder"}  # keywords of Gradio's components
NAMED = {"Button", "Tab", "Accordion"}  # whose first argument is written on them
RAISED = {"InvalidInput", "NetworkUnavailable", "UnusableData", "Stopped", "refuse"}
LOGGED = {"debug", "info", "warning", "error", "exception"}  # for the host
TITLED = {"Entry", "Offer", "Lesson", "Preset", "Function"}  # rows of tables that visitors read
WORDS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Text:
    """One piece of text; `{}` stands for what is put in."""

    text: str
    place: str  # file:line
    kind: str  # error, label, markdown, html, script, log, other


def template(node: ast.expr) -> str | None:
    """A string as Python builds it, with {} for its variables; None if it is no string."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [template(node.left), template(node.right)]
        return None if parts == [None, None] else "".join("{}" if part is None else part for part in parts)
    return None


def texts() -> list[Text]:
    """Every text of the packages that the page is made of."""
    found = [text for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")) for text in of_file(file)]
    return [*found, *of_page_files(), *app_titles()]


def of_page_files() -> Iterator[Text]:
    """Every text of the HTML files and scripts of the page, its tabs and the page without a server."""
    for file in sorted(file for folder in ("page", "tabs", "standalone") for file in (ROOT / folder).rglob("*")):
        if file.suffix == ".html":
            yield from (Text(part, str(file.relative_to(ROOT)), "html") for part in of_html(file.read_text("utf-8")))
        elif file.suffix == ".js":
            script = re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL)
            yield from (Text(part, str(file.relative_to(ROOT)), "script") for part in of_script(script))


def app_titles() -> Iterator[Text]:
    """The titles of the tabs."""
    for node in ast.walk(ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Tab":
            yield Text(str(template(node.args[1])), f"app.py:{node.lineno}", "label")


def of_file(file: Path) -> Iterator[Text]:
    """Every text of one Python file, docstrings and endpoints' descriptions aside."""
    if file.name == "i18n.py":
        return
    tree, name_of_file = ast.parse(file.read_text(encoding="utf-8")), file.relative_to(ROOT)
    nodes = list(ast.walk(tree))
    described = {id(one.value) for one in nodes if isinstance(one, ast.Expr) and template(one.value)}
    types = [getattr(one, field, None) for one in nodes for field in ("annotation", "returns")]
    described |= {id(part) for kind in types if kind for part in ast.walk(kind)}
    kinds: dict[int, str] = {}
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in RAISED and node.args:
            kinds[id(node.args[0])] = "error"
        if name in LOGGED and node.args and isinstance(node.func, ast.Attribute):
            kinds[id(node.args[0])] = "log"
        if name in NAMED and node.args:
            kinds[id(node.args[0])] = "label"
        for keyword in node.keywords:
            if keyword.arg in LABELS or (name in TITLED and keyword.arg in ("title", "hint", "lesson")):
                kinds[id(keyword.value)] = "label"

    def walk(node: ast.AST) -> Iterator[Text]:
        if id(node) in described:
            return
        text = template(node) if isinstance(node, ast.expr) else None
        if text is not None:
            place = f"{name_of_file}:{getattr(node, 'lineno', 0)}"
            yield from pieces(text, place, kinds.get(id(node), "other"))
        if text is None or not isinstance(node, ast.Constant):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.Constant) and isinstance(node, ast.JoinedStr):
                    continue
                yield from walk(child)

    yield from walk(tree)


def pieces(text: str, place: str, kind: str) -> Iterator[Text]:
    """A string of Python: one text, or the texts in what it holds."""
    if "=>" in text and (";" in text or "{}" not in text):
        yield from (Text(part, place, "script") for part in of_script(text))
    elif re.search(r"</\w|<\w+ [a-z-]+=", text):
        yield from (Text(part, place, "html") for part in of_html(text))
    elif text.strip().count("\n") and "**" in text:
        yield from (Text(part, place, "markdown") for part in of_markdown(text))
    elif not text.strip().count("\n") or "{" not in text.replace("{}", ""):  # not a style sheet
        yield Text(plain(text), place, kind)


def plain(text: str) -> str:
    """One line, with {} for {name} outside of formulas."""
    line = " ".join(text.split())
    return re.sub(r"\$[^$]*\$|\{[a-z]+\}", lambda found: found[0] if found[0].startswith("$") else "{}", line)


def of_markdown(text: str) -> Iterator[str]:
    """Paragraphs and items, without formulas that stand alone."""
    text = re.sub(r"\$\$.*?\$\$", "\n\n", text, flags=re.DOTALL)
    for block in re.split(r"\n\s*\n|\n(?=- )", text):
        if WORDS.search(block):
            yield plain(block.strip().removeprefix("- "))


def of_html(text: str) -> Iterator[str]:
    """What is written between tags, with marked words as in Markdown, and the names in attributes."""
    text = re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL)
    text = re.sub(r"<(b|strong)>(.*?)</\1>", r"**\2**", text, flags=re.DOTALL)
    for tag in re.findall(r"<[^>]*>", text):
        for _, value in re.findall(r'\b(aria-label|title|alt|placeholder)="([^"]*)"', tag):
            yield plain(html.unescape(value))
    for part in re.split(r"<[^>]*>", text):
        yield plain(html.unescape(part))


def of_script(script: str) -> Iterator[str]:
    """The string literals of a script, with {} for ${...}; HTML in them as of_html."""
    for literal in literals(re.sub(r"(?m)(^|\s)//.*$", "", script)):
        yield from of_html(literal) if "<" in literal else [plain(literal)]


def literals(script: str) -> Iterator[str]:
    """The string literals of a script, those within ${...} too."""
    at = 0
    while at < len(script):
        quote = script[at]
        if quote in "\"'`":
            text, at, inner = literal(script, at + 1, quote)
            yield text
            for part in inner:
                yield from literals(part)
        else:
            at += 1


def literal(script: str, at: int, quote: str) -> tuple[str, int, list[str]]:
    """One literal that begins before `at`: its text, where it ends, and the code in its ${...}."""
    text, inner = "", []
    while at < len(script) and script[at] != quote and not (script[at] == "\n" and quote != "`"):
        if script[at] == "\\":
            escape = re.match(r"\\u([0-9a-f]{4})", script[at : at + 6])
            text += chr(int(escape[1], 16)) if escape else script[at + 1]
            at += 6 if escape else 2
        elif quote == "`" and script.startswith("${", at):
            start, depth, at = at + 2, 1, at + 2
            while depth and at < len(script):
                if script[at] in "\"'`":
                    _, at, _ = literal(script, at + 1, script[at])
                    continue
                depth += {"{": 1, "}": -1}.get(script[at], 0)
                at += 1
            inner.append(script[start : at - 1])
            text += "{}"
        else:
            text += script[at]
            at += 1
    return text, at + 1, inner


def of_weights() -> Iterator[str]:
    """What recorded trainings bring with them: a note, and the names of their curves."""
    for file in sorted((ROOT / "weights").glob("*/history.json")):
        history = json.loads(file.read_text(encoding="utf-8"))
        yield plain(history.get("note", ""))
        yield from (name.replace("_", " ") for name in history["curves"])
