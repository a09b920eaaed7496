"""What every family's training shares: the run folder, its log, checkpoints, the order of pictures, randomness.

A run folder describes itself: `config.json` (all settings), `environment.json` (machine and packages), `log.jsonl` and
TensorBoard files (figures over time), `sheets/` and, smaller and more often at the beginning,
`frames/` (the same latents over time), `checkpoint.pt` (to go on from).
"""

import contextlib
import json
import os
import platform
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.utils.tensorboard import SummaryWriter

from models.errors import InvalidInput
from models.pixels import Pictures

CHECKPOINT = "checkpoint.pt"
PACKAGES = ("torch", "accelerate", "numpy", "pillow", "safetensors", "huggingface_hub")


@dataclass(frozen=True)
class Position:
    """How far a training is."""

    step: int = 0
    images: int = 0  # training pictures shown
    seconds: float = 0.0  # spent training, over all sessions


class Run:
    """A run folder that is written to. Only the main process of several has one."""

    def __init__(self, folder: Path, settings: Any, *, resume: bool, precision: str):
        """Opens the folder, or makes it.

        Raises:
            InvalidInput: it holds another run and `resume` is false, or nothing to resume, or other settings.
        """
        self.folder = folder
        self.checkpoint = folder / CHECKPOINT
        described = json.loads(json.dumps(asdict(settings), default=str))
        config = folder / "config.json"
        if resume and not self.checkpoint.is_file():
            raise InvalidInput(f"{folder} has no checkpoint to resume; start without --resume.")
        if config.is_file() and not resume:
            raise InvalidInput(
                f"{folder} holds a run already; {'add --resume to go on, or ' if 'resume' in described else ''}"
                "name another with --run-folder."
            )
        if resume:
            before = json.loads(config.read_text())
            changed = [key for key in described if key != "resume" and described[key] != before.get(key)]
            if changed:
                names = ", ".join(f"--{key.replace('_', '-')} {before.get(key)}" for key in changed)
                raise InvalidInput(f"{folder} was started with other settings; repeat them to resume: {names}.")
        else:
            for name in ("sheets", "frames"):
                (folder / name).mkdir(parents=True, exist_ok=True)
            write_text(config, json.dumps(described, indent=2) + "\n")
            write_text(folder / "environment.json", json.dumps(describe_environment(precision), indent=2) + "\n")
        self.board = SummaryWriter(str(folder / "tensorboard"))

    def log(self, position: Position, figures: dict[str, float]) -> None:
        """Appends one line of figures."""
        line = {**asdict(position), **{name: round(value, 5) for name, value in figures.items()}}
        with open(self.folder / "log.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        for name, value in figures.items():
            self.board.add_scalar(name, value, position.images)

    def sheet(self, position: Position, pictures: Pictures, columns: int | None = None) -> None:
        """Saves the pictures of the fixed latents as one sheet, nearly square if no number of columns is given."""
        arrange(pictures, columns).save(self.folder / "sheets" / f"step-{position.step:07d}.webp", lossless=True)

    def frame(self, position: Position, pictures: Pictures, columns: int | None = None) -> None:
        """Saves a few pictures of the fixed latents for the history that is shipped, see trainer.history."""
        arrange(pictures, columns).save(self.folder / "frames" / f"step-{position.step:07d}.webp", lossless=True)

    def save(self, state: dict[str, Any], position: Position, name: str = CHECKPOINT) -> None:
        """Replaces the checkpoint, or another file of its kind, in one move."""
        beside = (self.folder / name).with_suffix(".new")
        torch.save({**state, "position": asdict(position)}, beside)
        os.replace(beside, self.folder / name)

    def forget_after(self, position: Position) -> None:
        """Takes back what was logged after the checkpoint, since it will be logged again."""
        log = self.folder / "log.jsonl"
        if log.is_file():
            lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
            write_text(log, "".join(line for line in lines if kept(line, position.step)))

    def close(self) -> None:
        """Flushes what TensorBoard holds back."""
        self.board.close()


def restore(path: Path) -> tuple[dict[str, Any], Position]:
    """The state in a run folder's checkpoint, or in a file of that kind, and how far the training was.

    Raises:
        InvalidInput: there is none.
    """
    file = path / CHECKPOINT if path.is_dir() else path
    if not file.is_file():
        raise InvalidInput(f"{path} is no checkpoint; give a run folder or a .pt file of one.")
    state = torch.load(file, weights_only=True, map_location="cpu")
    return state, Position(**state.pop("position"))


def kept(line: str, step: int) -> bool:
    """Whether a line of the log belongs to the training up to a step (a line cut off by a kill does not)."""
    try:
        return bool(json.loads(line)["step"] <= step)
    except (ValueError, KeyError):
        return False


def write_text(file: Path, text: str) -> None:
    """Writes beside and renames into place, so that a reader never sees half a file."""
    beside = file.with_name(file.name + ".new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, file)


def arrange(pictures: Pictures, columns: int | None = None) -> Image.Image:
    """Pictures (N, H, W, C) as one sheet, without gaps."""
    count, height, width, channels = pictures.shape
    columns = columns or round(count**0.5)
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, height, width, channels), dtype=np.uint8)
    sheet[:count] = pictures
    sheet = sheet.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    return Image.fromarray(sheet.reshape(rows * height, columns * width, channels).squeeze())


def describe_environment(precision: str) -> dict[str, Any]:
    """Machine, packages, precision and command, for the run folder and the card."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else processor()
    processes = int(os.environ.get("WORLD_SIZE", "1"))  # from torchrun
    if processes > 1:
        device += f", {processes} processes"
    return {
        "command": "python -m trainer " + " ".join(sys.argv[1:]),
        "device": device,
        "precision": precision,
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }


def processor() -> str:
    """The name of the CPU."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return f"{line.split(':')[1].strip()}, {os.cpu_count()} cores"
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"


# --- order and randomness: functions of (seed, step), so that a resumed run needs no state for them -----------------


def randomness_at(seed: int, step: int) -> torch.Generator:
    """The source of all random draws of one step, the same in every process."""
    mixed = np.random.SeedSequence([seed, step, 0]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(mixed) % 2**63)


class Order:
    """Which pictures make up a batch: every picture once per pass, in a new order each pass."""

    def __init__(self, count: int, *, seed: int):
        self.count, self.seed = count, seed
        self.passes: dict[int, NDArray[np.int64]] = {}

    def batch(self, start: int, size: int) -> NDArray[np.int64]:
        """Indices (size,) of the pictures from position `start` of the endless sequence of passes."""
        positions = np.arange(start, start + size)
        numbers = positions // self.count
        self.passes = {n: self.passes[n] if n in self.passes else self.shuffled(n) for n in np.unique(numbers).tolist()}
        return np.array([self.passes[n][p % self.count] for n, p in zip(numbers.tolist(), positions, strict=True)])

    def shuffled(self, number: int) -> NDArray[np.int64]:
        """The order of one pass."""
        return np.random.default_rng([self.seed, number]).permutation(self.count)


@contextlib.contextmanager
def stop_requested() -> Iterator[list[int]]:
    """A list that becomes non-empty when Ctrl-C or a termination signal arrives, so that a step is finished first."""
    signals: list[int] = []
    handled = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda received, _: signals.append(received)) for number in handled]
    try:
        yield signals
    finally:
        for number, handler in zip(handled, before, strict=True):
            signal.signal(number, handler)
