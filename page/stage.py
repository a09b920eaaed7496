"""The page's own HTML, style sheets and scripts: files beside the modules that use them.

Scripts are ES modules, and browsers import them as they are: nothing is built. All lie under one folder whose name is a
hash of their content, so that browsers may keep them for ever and never mix two versions.
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from page import i18n

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("page", "tabs")

PARTS = re.compile(r"^[ \t]*<!-- ((?:page|tabs)/[\w/-]+\.html) -->\n", re.MULTILINE)

# Gradio runs this as the body of a function. If the import fails, the message takes the place of the tab.
LOADER = """
import(new URL("ADDRESS", location.href.split(/[?#]/)[0])).then(
  ({ mount }) => mount(element, { server, trigger, props, watch }),
  () => { element.textContent = "This part of the page could not be loaded; please open the page again."; },
);
"""


def files_of(suffix: str) -> list[Path]:
    """All files of one kind, those of the page before those of the tabs."""
    return [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob(f"*{suffix}"))]


@functools.cache
def read(path: str) -> str:
    """The text of a file, for example "page/masthead.html"."""
    return (ROOT / path).read_text(encoding="utf-8")


@functools.cache
def filled(path: str) -> str:
    """The text of an HTML file in which each line like `<!-- page/components/NAME.html -->` gives way to that file."""
    return PARTS.sub(lambda marker: filled(marker[1]), read(path))


@functools.cache
def served() -> dict[str, bytes]:
    """What browsers fetch: path below the folder of this version, and content."""
    files = {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files_of(".js")}
    return files | {f"locales/{language.code}.json": language.content for language in i18n.languages()}


@functools.cache
def version() -> str:
    """A hash of everything that browsers fetch."""
    digest = hashlib.sha256()
    for path, content in sorted(served().items()):
        digest.update(f"{path} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def address(path: str) -> str:
    """Where a file is served, relative to the page."""
    return f"static/{version()}/{path}"


def styles() -> str:
    """All style sheets as one: the page's, those of its components, those of the tabs."""
    return "".join(file.read_text(encoding="utf-8") for file in files_of(".css"))


def head(*, browser: bool) -> str:
    """What stands first in the document's head: where files are, the script that runs before Gradio's, and the icon,
    which browsers would look for at the root of the host.

    Args:
        browser: whether browsers may draw, see server.browser.
    """
    files = {
        "root": address(""),
        "browser": browser,
        "languages": {language.code: address(f"locales/{language.code}.json") for language in i18n.languages()},
    }
    return (
        f"<script>window.latentLabFiles = {json.dumps(files)};</script>"
        f'<script type="module" src="{address("page/shell.js")}"></script>'
        '<link rel="icon" href="favicon.ico">'
    )


def component(
    name: str, *, html: str | None = None, functions: Sequence[Callable[[Any], Any]] = (), **settings: Any
) -> gr.HTML:
    """A part of the page made of files: its HTML, and the script whose `mount` makes it work.

    Args:
        name: path of the files without their ending, such as "tabs/ask/stage"; for the HTML see `filled`.
        html: used in place of the HTML file.
        functions: that the script may call as `server.NAME(fields)`: each takes a dictionary and returns another.
        settings: for gr.HTML; those it does not know reach the script as `props`.
    """
    return gr.HTML(
        html_template=filled(f"{name}.html") if html is None else html,
        js_on_load=LOADER.replace("ADDRESS", address(f"{name}.js")),
        apply_default_css=False,
        server_functions=[*functions] or None,
        **settings,
    )
