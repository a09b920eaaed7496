"""KaTeX, which typesets formulas: the site takes the one that Gradio's own page brings."""

import re
from importlib.resources import files as package_files
from pathlib import Path

from models.errors import LatentLabError

FONT = re.compile(r"url\(\.?/?([\w.-]+\.woff2)\)")
SCOPE = re.compile(r"\.gradio-container-[\d-]+ ")  # of the page that Gradio writes
OTHER_FONTS = re.compile(r",url\([^)]+\.(?:woff|ttf)\) ?format\([^)]*\)")


def files() -> dict[str, bytes]:
    """Script, style and fonts, by their paths in the site. Raises LatentLabError."""
    assets = Path(str(package_files("gradio"))) / "templates" / "frontend" / "assets"
    scripts, styles = sorted(assets.glob("katex-*.js")), sorted(assets.glob("katex-*.css"))
    if len(scripts) != 1 or len(styles) != 1:
        raise LatentLabError(f"KaTeX is not where it was in {assets}; this Gradio may be another version than pinned.")
    style = SCOPE.sub("", OTHER_FONTS.sub("", styles[0].read_text(encoding="utf-8")))
    found = {f"katex/{name}": (assets / name).read_bytes() for name in set(FONT.findall(style))}
    return found | {"katex/katex.js": scripts[0].read_bytes(), "katex/katex.css": style.encode()}
