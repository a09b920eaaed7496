"""The drawing part of a network as an ONNX graph, for a visitor's browser and for every other onnxruntime.

`python -m trainer onnx weights/NAME` writes two small files into a weights folder. The tensors stay where they are: the
graph refers to places in `model.safetensors` (ONNX's external data), so that one file of weights serves both.
"""

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

GRAPH = "network.onnx"
DESCRIPTION = "network.json"  # what a page has to know of it: inputs, outputs, sizes, checksums
TENSORS = "model.safetensors"


def description_of(folder: Path) -> dict[str, Any] | None:
    """What is written about a network's graph (docs/training.md says what that is); None where there is no graph, or
    one of other weights than those in the folder."""
    files = [folder / name for name in (DESCRIPTION, GRAPH, TENSORS)]
    try:
        return read_description(*files, tuple(file.stat().st_mtime_ns for file in files))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@functools.lru_cache(maxsize=64)
def read_description(file: Path, graph: Path, tensors: Path, changed: tuple[int, ...]) -> dict[str, Any] | None:
    """As `description_of`; `changed` (ns) only tells versions of the files apart."""
    description: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    fits = description["graph"] == summary_of(graph) and description["tensors"] == summary_of(tensors)
    return description if fits else None


def summary_of(file: Path) -> dict[str, Any]:
    """Name, size in bytes and SHA-256 of a file."""
    content = file.read_bytes()
    return {"file": file.name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def remove_graph(folder: Path) -> None:
    """Takes the graph out of a folder whose weights change: its places in the file would be those of other tensors."""
    if (folder / GRAPH).exists():
        print(f"{folder / GRAPH} was that of other weights and is gone; write it again: python -m trainer onnx")
    for name in (GRAPH, DESCRIPTION):
        (folder / name).unlink(missing_ok=True)
