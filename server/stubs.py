"""Gradio, imported without what it does for editors: stub files of all its components, compared with those that lie
there and written anew, at every start (1.8 s). `app.py` imports this first.
"""

import inspect
from typing import Any

getfile = inspect.getfile


def getfile_of_others(object: Any) -> str:
    """`inspect.getfile`, but classes of Gradio have no file: for these it writes nothing."""
    if isinstance(object, type) and object.__module__.startswith("gradio."):
        raise OSError(f"{object.__name__} needs no stub file")
    return getfile(object)


inspect.getfile = getfile_of_others
try:
    import gradio  # noqa: F401
finally:
    inspect.getfile = getfile
