"""Repositories of the Hugging Face Hub: which of their files are a network, here already or still to be fetched."""

import glob
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, get_cached_repo_tree, snapshot_download
from huggingface_hub.errors import (
    CachedRepoTreeNotFoundError,
    LocalEntryNotFoundError,
    NotASafetensorsRepoError,
    SafetensorsParsingError,
)

from models.checkpoints.files import ACCEPTED
from models.checkpoints.published import PUBLISHED, SUFFIXES, check_shapes, only_weights, weights_in
from models.errors import NetworkUnavailable

PARTS = ("discriminator", "sliders", "sefa", "encoder")  # what may lie beside a main network of ours
OUR_FILES = [
    *("config.json", "model.safetensors", "README.md", "ladder/*.webp", "ladder/steps.json"),
    *(f"{part}/*" for part in PARTS),
]
PART = r"[\w(][\w.+() -]{0,95}"  # of a path; none begins with a dot
ADDRESS = re.compile(r"(https?://)?(www\.)?huggingface\.co/")
NAME = re.compile(
    r"(?P<repository>[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96})"
    rf"(?:/(?P<file>(?:{PART}/){{0,4}}{PART}(?:{'|'.join(map(re.escape, SUFFIXES))})))?"
)
SHOWN = 5  # names of files in a sentence
OTHERS = ("architectures", "model_type", "_class_name")  # in the config.json of transformers and diffusers


@dataclass(frozen=True)
class HubName:
    """A repository, or one file in it."""

    repository: str  # user/name
    file: str = ""  # its path in the repository; "" for what there is

    def __str__(self) -> str:
        return f"{self.repository}/{self.file}" if self.file else self.repository


def to_hub_name(text: str) -> HubName | None:
    """What `user/repository` or `user/repository/file` means, also out of the address of its page on huggingface.co;
    None for what has no such form."""
    path = text.strip()
    if address := ADDRESS.match(path):
        path = re.split("[?#]", path[address.end() :])[0]
        path = re.sub(r"^([^/]+/[^/]+)/(blob|resolve|tree)/main(?=/|$)", r"\1", path)
    found = NAME.fullmatch(path.rstrip("/"))
    return HubName(found["repository"], found["file"] or "") if found else None


def published_in(name: HubName, files: Collection[str]) -> list[str]:
    """The files to fetch of a repository that has no network of ours: the one that is named, or those of a network with
    well-known names, or the only one that holds weights. Empty if there is none."""
    if name.file:
        return [name.file] if name.file in files else []
    if {"model.safetensors", "pytorch_model.bin"} <= set(files):  # the same twice; the first tells its shapes early
        return ["model.safetensors"]
    known = next((one for one in PUBLISHED if one[0] in files), None)
    if known:
        return [file for file in known if file in files]
    sole = only_weights(list(files))
    return [sole] if sole else []


def nothing_in(name: HubName, files: Collection[str]) -> NetworkUnavailable:
    """Says that `published_in` found nothing, and what there is."""
    found = weights_in(list(files))
    some = ", ".join(found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
    if name.file:
        return NetworkUnavailable(
            f"There is no file {name.file} in {name.repository} on the Hub; it has {some or 'no files of weights'}."
        )
    if found:
        return NetworkUnavailable(
            f"{name} on the Hub has several files of weights; name one of them, such as {name}/{found[0]}: {some}."
        )
    return NetworkUnavailable(
        f"{name} on the Hub has neither a config.json nor a file of a published network "
        f"({', '.join(SUFFIXES)}), so it cannot be used here."
    )


def size_of(sizes: dict[str, int], patterns: Sequence[str]) -> int:
    """Bytes of the files that match patterns."""
    return sum(size for file, size in sizes.items() if any(fnmatchcase(file, pattern) for pattern in patterns))


def reason_against(config: Path, families: Collection[str]) -> str:
    """Why a config.json is none of a network of ours: "other" where it is one of a known library, "unknown" where a
    published network may lie beside it; "" where it is ours."""
    try:
        settings = json.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return "unknown"
    if not isinstance(settings, dict):
        return "unknown"
    if isinstance(settings.get("family"), str) and settings["family"] in families:
        return ""
    return "other" if any(key in settings for key in OTHERS) else "unknown"


def check_head(api: HfApi, name: HubName, file: str) -> None:
    """Reads names and shapes in the head of a .safetensors file on the Hub, by range. Raises NetworkUnavailable unless
    they are those of a published network."""
    try:
        head = api.parse_safetensors_file_metadata(name.repository, file)
    except (SafetensorsParsingError, NotASafetensorsRepoError):
        raise NetworkUnavailable(f"{file} of {name.repository} is no file of tensors. {ACCEPTED}") from None
    check_shapes({key: tensor.shape for key, tensor in head.tensors.items()}, f"{file} of {name.repository}")


def in_cache(name: HubName, **cache: Any) -> Path | None:
    """The folder of a Hub network of ours, or the folder or file of a published one, where it is on this machine
    already; None where it has to be fetched.

    Args:
        name: of the repository or file.
        cache: `cache_dir` and `token` for huggingface_hub.

    Raises:
        HFValidationError: not a name.
    """
    here = {"cache_dir": cache["cache_dir"]} if "cache_dir" in cache else {}
    try:
        folder = Path(snapshot_download(name.repository, allow_patterns=[], local_files_only=True, **cache))
        try:
            files = {file.path for file in get_cached_repo_tree(name.repository, **here)}
        except CachedRepoTreeNotFoundError:
            files = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
        ours = not name.file and (folder / "config.json").is_file()  # that of another network is not kept
        patterns = OUR_FILES if ours else [glob.escape(file) for file in published_in(name, files - {"config.json"})]
        if not patterns:
            return None
        snapshot_download(name.repository, allow_patterns=patterns, local_files_only=True, **cache)
    except LocalEntryNotFoundError:
        return None
    found = folder if ours else place_of(folder, published_in(name, files - {"config.json"}))
    return found if found.exists() else None


def place_of(folder: Path, files: Sequence[str]) -> Path:
    """What to read of a published network: its only file, or the folder of several."""
    return folder / files[0] if len(files) == 1 else folder
