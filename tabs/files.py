"""The page's own HTML, styles and scripts that lie beside the modules which use them, as files of these kinds.

Scripts are written as ES modules, so that editors, linters and `node --test` read them. Gradio runs the script of a
component as the body of a function, so that the modules a stage needs are put together here.
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
IMPORT = re.compile(r"^import\b[^;]*;\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function |const |let |class )", re.MULTILINE)
COMMENT = re.compile(r"^ */\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)


@cache
def read_file(name: str) -> str:
    """The text of a file of this folder, for example "frame.html"."""
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def read_script(*modules: str, gives: str) -> str:
    """Modules as a piece of script that declares one name and nothing else.

    Args:
        modules: files of this folder, those that others import first.
        gives: what the last one exports and the script needs.
    """
    bodies = [COMMENT.sub("", EXPORT.sub("", IMPORT.sub("", read_file(name)))) for name in modules]
    return f"const {gives} = (() => {{\n{''.join(bodies)}return {gives};\n}})();\n"
