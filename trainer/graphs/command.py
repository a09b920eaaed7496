"""The drawing part of a network for browsers: `python -m trainer onnx weights/NAME`."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import InvalidInput
from models.graphs import DESCRIPTION, GRAPH, TENSORS, summary_of
from models.loading import find, read
from trainer.export import refresh_files
from trainer.runs import write_text
from trainer.settings import REQUIRED, setting

PARTS = ("sliders", "sefa")  # beside a main network; what else lies there draws nothing


@dataclass(frozen=True)
class Graphing:
    """What graphs are written of."""

    folder: Path = setting(REQUIRED, "weights folder or name", first=True)


def write_graphs(settings: Graphing) -> list[Path]:
    """Writes the graphs of a network and of its sliders, and brings the table of files in the card up to date.

    Returns:
        the files of the graphs.

    Raises:
        NetworkUnavailable: no weights folder, or a broken one; nothing was written.
        InvalidInput: a family without a graph, or packages are missing.
    """
    folder = find(settings.folder if settings.folder.is_dir() else str(settings.folder))
    homes = [folder, *(folder / part for part in PARTS if (folder / part / "config.json").is_file())]
    contents = [graph_of(home) for home in homes]
    for home, (content, description) in zip(homes, contents, strict=True):
        replace(home / GRAPH, content)
        description["graph"] = summary_of(home / GRAPH)
        write_text(home / DESCRIPTION, json.dumps(description, indent=2) + "\n")
        print(f"{home / GRAPH}: {len(content):,} bytes")
    for home in reversed(homes):
        if (home / "README.md").is_file():
            refresh_files(home)
    return [home / GRAPH for home in homes]


def graph_of(folder: Path) -> tuple[bytes, dict[str, Any]]:
    """The graph of one network, and its description without the graph's own checksum. Raises InvalidInput,
    NetworkUnavailable."""
    network = read(folder)
    try:
        from trainer.graphs.builder import Graph
        from trainer.graphs.families import WRITERS
    except ImportError:
        raise InvalidInput(
            "The package onnx is missing; install it with: pip install -r requirements-train.txt"
        ) from None
    if type(network) not in WRITERS:
        family = network.config.family
        known = ", ".join(sorted(kind.__init__.__annotations__["config"].family for kind in WRITERS))
        raise InvalidInput(f"{folder.name} is of the family {family}, which has no graph; those that have are {known}.")
    graph = Graph(network, folder / TENSORS)
    facts = WRITERS[type(network)](graph, network)
    description = {
        "family": network.config.family,
        **facts,
        "inputs": graph.shapes(graph.inputs),
        "outputs": graph.shapes(graph.outputs),
        "tensors": summary_of(folder / TENSORS),
    }
    return graph.model(), description


def replace(file: Path, content: bytes) -> None:
    """Writes a file in one move."""
    beside = file.with_suffix(".new")
    beside.write_bytes(content)
    os.replace(beside, file)
