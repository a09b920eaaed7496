"""Writes the site: the page's own modules, styles and languages, the networks that browsers can draw with, and what
Python knows of them as JSON.
"""

import gzip
import hashlib
import html
import json
import shutil
from pathlib import Path
from typing import Any

from models.errors import InvalidInput
from models.loading import weights_root
from page import i18n, stage, theme
from server import browser
from standalone import answers, formulas
from standalone.markdown import to_html

HERE = Path(__file__).resolve().parent
FIRST = "latent"  # the tab that is open at first: its first network is small
MARK = "latent-lab.txt"  # says that a folder was written here, and may be replaced
README = """---
title: Latent Lab
emoji: 🎭
colorFrom: yellow
colorTo: red
sdk: static
short_description: Deep generative models that draw in your browser
license: mit
pinned: false
fullWidth: true
header: mini
---
# Latent Lab, without a server

These files are the tabs Sample, Ask for it, Latent sliders and Playground of Latent Lab. Networks draw and train in the
visitor's browser; nothing is sent anywhere. Any host of files can serve them, below any path; on this machine,
`python -m http.server` can.

"Which face is real?", Translate and Upscale need a server: the whole page is started with `make run` in its repository.
"""


def write_site(folder: Path, *, page: str = "") -> int:
    """Writes the site in place of what a folder holds.

    Args:
        folder: new, empty, or of an earlier site.
        page: the address of the whole page, for what needs a server; none for the site's own README.

    Returns:
        its size in bytes.

    Raises:
        InvalidInput: the folder holds something else.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise InvalidInput(f"{folder} holds something else than this site; name another folder.")
    shutil.rmtree(folder, ignore_errors=True)
    files = {MARK: b"Written by python -m standalone.\n", "README.md": README.encode()}
    offer, drawing = drawing_files()
    known, pictures = answers.known(offer["networks"], page=page)
    files |= drawing | pictures | formulas.files()
    files["browser/networks.json"] = to_json(offer)
    files["known.json"] = to_json(known)
    modules = scripts()
    root = f"static/{digest(modules)}"
    files |= {f"{root}/{name}": content for name, content in modules.items()}
    files["style.css"] = style().encode()
    files["index.html"] = document(root, page).encode()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return sum(map(len, files.values()))


def to_json(value: Any) -> bytes:
    """As JSON, without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def digest(files: dict[str, bytes]) -> str:
    """A name for the content of files."""
    hashed = hashlib.sha256()
    for name, content in sorted(files.items()):
        hashed.update(f"{name} {len(content)} ".encode() + content)
    return hashed.hexdigest()[:12]


def scripts() -> dict[str, bytes]:
    """All modules and languages, by their paths."""
    ours = {f"standalone/{file.name}": file.read_bytes() for file in sorted(HERE.glob("*.js"))}
    unused = tuple(f"tabs/{name}/" for name in ("quiz", "translate", "upscale"))
    shared = {name: content for name, content in stage.served().items() if not name.startswith(unused)}
    return shared | ours


def style() -> str:
    """One style sheet: the theme's colours and sizes, the page's own styles, those of the site."""
    reset, ours = ((HERE / f"{name}.css").read_text(encoding="utf-8") for name in ("reset", "standalone"))
    return "\n".join([theme.theme()._get_theme_css(), reset, stage.styles(), ours])


def drawing_files() -> tuple[dict[str, Any], dict[str, bytes]]:
    """What browsers draw with: the answer of server.browser, as a host of files can give it, and the files it names."""
    offer, files = browser.offered(), {}
    for name, network in offer["networks"].items():
        for kind in ("graph", "tensors"):
            address = network[kind]["address"]
            content = (weights_root() / name / Path(address).name).read_bytes()
            files[address] = content
            # without a checksum, a browser tells how much of a file is here
            network[kind] = {"address": address, "bytes": len(content)}
    for build in offer["runtime"].values():
        script, binary = (Path(build[kind]).name for kind in ("script", "binary"))
        files[build["script"]] = gzip.decompress(browser.runtime_file(script))
        build["binary"] += ".gz"  # hosts of files do not pack what they send
        files[build["binary"]] = browser.runtime_file(binary)
    return offer, files


# --- the document -------------------------------------------------------------------------------------------------


def document(root: str, page: str) -> str:
    """index.html."""
    languages = {language.code: f"{root}/locales/{language.code}.json" for language in i18n.languages()}
    head = {"root": f"{root}/", "browser": True, "alone": True, "first": FIRST, "languages": languages}
    parts = {
        "HEAD": theme.head(),
        "FILES": json.dumps(head),
        "ROOT": root,
        "MASTHEAD": masthead(),
        "BUTTONS": "".join(button(name) for name in answers.TABS),
        "PANELS": "".join(panel(name) for name in answers.TABS),
        "ELSEWHERE": page or "README.md",
    }
    text = (HERE / "index.html").read_text(encoding="utf-8")
    for name, content in parts.items():
        text = text.replace(f"<!-- {name} -->", content).replace(f"@{name}@", content)
    return text


def masthead() -> str:
    """Name, one sentence, and the switches."""
    text = stage.read("page/masthead.html")
    return text.replace("DESCRIPTION", theme.DESCRIPTION).replace("LANGUAGES", i18n.switch())


def button(name: str) -> str:
    """A tab's button."""
    return (
        f'<button type="button" role="tab" id="tab-{name}" data-tab="{name}" aria-controls="panel-{name}" '
        f'aria-selected="false" tabindex="-1">{html.escape(answers.TABS[name].title)}</button>'
    )


def panel(name: str) -> str:
    """A tab: its stage, and its fold-outs."""
    own = HERE / f"{name}.html"
    inside = own.read_text(encoding="utf-8") if own.is_file() else f'<div id="{name}"><!-- STAGE --></div>'
    inside = inside.replace("<!-- STAGE -->", stage.filled(f"tabs/{name}/stage.html"))
    outs = (HERE / "foldouts.html").read_text(encoding="utf-8")
    outs = outs.replace("<!-- HOW_IT_WORKS -->", to_html(answers.TABS[name].how_it_works))
    outs = outs.replace("<!-- SHARE -->", stage.read("page/components/share.html"))
    return (
        f'<div class="tabitem" role="tabpanel" id="panel-{name}" data-panel="{name}" aria-labelledby="tab-{name}" '
        f"hidden>{inside}{outs}</div>\n"
    )
