"""The three fold-outs below every tab: how it works, this network, share and code."""

import functools
import json
import re
from typing import Any

import gradio as gr
from huggingface_hub import RepoCard

from models.catalogue import CATALOGUE
from models.loading import weights_root
from page import stage

LATEX: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]


def fold_outs(how_it_works: str) -> tuple[gr.Markdown, gr.HTML]:
    """The fold-outs, closed.

    Args:
        how_it_works: Markdown with $…$ and $$…$$ for formulas.

    Returns:
        what shows a network's card, and what shows permalink and code; see `describe_network` and `share`.
    """
    with gr.Accordion("How it works", open=False):
        gr.Markdown(how_it_works, latex_delimiters=LATEX)
    with gr.Accordion("This network", open=False):
        card = gr.Markdown(elem_classes="network-card")
    with gr.Accordion("Share and code", open=False):
        code = stage.component("page/components/share")
    return card, code


def share(query: str, python: str, model: str = "") -> dict[str, str]:
    """The value of the share fold-out: permalink, Python lines, trainer command; none for a tab without a network."""
    return {"link": f"?{query}", "python": python, "command": made_by(model) if model else ""}


def made_by(model: str) -> str:
    """The trainer command that made a network: from its card, else the catalogue's."""
    entry = CATALOGUE.get(model)
    if entry is None:
        return f"see its card: {on_the_hub(model)}"
    written = re.search(r"python -m trainer [^`]*--out [^`]*", read_card(model))
    return written[0] if written else entry.command


def on_the_hub(model: str) -> str:
    """The address of a repository, also for a name of one of its files."""
    return f"https://huggingface.co/{'/'.join(model.split('/')[:2])}"


def read_card(model: str) -> str:
    """The card of a built-in network as Markdown, without its YAML block; empty where there is none."""
    card = weights_root() / model / "README.md"
    return RepoCard.load(card).text.strip() if card.is_file() else ""


def describe_network(model: str) -> str:
    """What the fold-out says about a network. Strangers' cards are linked, not shown: they may load other files."""
    entry = CATALOGUE.get(model)
    if entry is None:
        return (
            f"This network is kept on the Hugging Face Hub: [{model}]({on_the_hub(model)}).\n\n"
            "What it was trained on, how good it is and what may be done with it is not known here; that page may tell."
        )
    card, _, _ = read_card(model).partition("\n## Files")  # checksums are for those who have the files
    return card or f"**{entry.title}**: {entry.summary}.\n\nTrained on {entry.data}.\n\nTerms: {entry.terms}."


def figures_of(model: str) -> dict[str, Any]:
    """What `python -m trainer score` measured of a built-in network; empty if it has not been measured."""
    file = weights_root() / model / "figures.json"
    return read_figures(str(file), file.stat().st_mtime_ns if file.is_file() else 0)


@functools.cache
def read_figures(file: str, changed: int) -> dict[str, Any]:
    """A file of figures; `changed` (ns) only tells its versions apart."""
    try:
        with open(file, encoding="utf-8") as figures:
            return dict(json.load(figures))
    except (OSError, ValueError):
        return {}
