"""Markdown with formulas as HTML. Formulas stay as they are written, in spans that the site's script fills."""

import html
import re

from markdown_it import MarkdownIt

FORMULA = re.compile(r"\$\$(?P<block>.+?)\$\$|\$(?P<inline>[^$\n]+(?:\n[^$\n]+)?)\$", re.DOTALL)
MARK = re.compile(r"⟦(\d+)⟧")

reader = MarkdownIt("commonmark", {"html": False}).enable("table")


def to_html(text: str) -> str:
    """Args:
    text: Markdown with $…$ and $$…$$ for formulas, which are none inside `code`.
    """
    formulas: list[str] = []

    def keep(found: re.Match[str]) -> str:
        block = found["block"]
        formula = " ".join((block or found["inline"]).split())
        kind = ' data-display="true"' if block else ""
        formulas.append(f'<span class="katex" data-formula="{html.escape(formula)}"{kind}></span>')
        return f"⟦{len(formulas) - 1}⟧"

    parts = re.split(r"(```.*?```|`[^`]*`)", text, flags=re.DOTALL)  # code is every other one
    marked = "".join(part if number % 2 else FORMULA.sub(keep, part) for number, part in enumerate(parts))
    return MARK.sub(lambda mark: formulas[int(mark[1])], reader.render(marked))
