"""From a finished run to a weights folder: the networks, the ladder of the training, and the card."""

import contextlib
import dataclasses
import hashlib
import json
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import torch
from huggingface_hub import PyTorchModelHubMixin
from safetensors.torch import save_file
from torch import Tensor, nn

from models.catalogue import CATALOGUE
from models.graphs import remove_graph
from models.ladder import (
    draw_ladder,
    drawn_by,
    finished_step,
    ladder_file,
    ladder_steps,
    write_finished,
    write_ladder,
)
from models.loading import read
from models.quantization import quantized, stored_in_8_bits
from trainer.cards import GAN_CARD, STORED, pretrained_lines
from trainer.history import write_history
from trainer.runs import Position, write_text

FIGURES_BEGIN = "<!-- figures: written by `python -m trainer evaluate` -->"
FIGURES_END = "<!-- end of figures -->"
FIGURES_FILE = "figures.json"

Storage = Literal["fp16", "int8"]  # of weights on the disk, see `compact` and models.quantization


def compact(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Tensors for the disk: weights as float16, which costs nothing visible; gains, biases and statistics untouched."""
    return {
        name: tensor.detach().cpu().to(torch.float16 if tensor.ndim >= 2 else tensor.dtype).contiguous()
        for name, tensor in state.items()
    }


def write_tensors(network: nn.Module, file: Path, storage: Storage = "fp16") -> None:
    """Writes a network's tensors, readable by everyone (safetensors leaves them to their owner alone), and takes away
    the graph of those that were there before."""
    remove_graph(file.parent)
    stored = quantized(network.state_dict()) if storage == "int8" else compact(network.state_dict())
    save_file(stored, file, metadata={"format": "pt"})
    file.chmod(0o644)


def storage_of(folder: Path) -> Storage:
    """How the tensors of a network's folder are stored."""
    return "int8" if stored_in_8_bits(folder / "model.safetensors") else "fp16"


def save_network(network: nn.Module, folder: Path, storage: Storage = "fp16") -> None:
    """Writes config.json and model.safetensors, the form that `models.load` and the Hub read."""
    assert isinstance(network, PyTorchModelHubMixin)
    network.save_pretrained(folder)
    write_tensors(network, folder / "model.safetensors", storage)
    (folder / "README.md").unlink()  # the mixin's; ours covers all parts


@contextlib.contextmanager
def folder_beside(settings: Any, network: nn.Module, storage: Storage = "fp16") -> Iterator[Path]:
    """A weights folder with a network and the settings of its training, to be given its card; it is moved into its
    place afterwards, unless something failed."""
    beside: Path = settings.out.with_name(settings.out.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    save_network(network, beside, storage)
    write_text(beside / "training.json", json.dumps(describe(settings), indent=2) + "\n")
    yield beside
    put_in_place(beside, settings.out)


def export(
    settings: Any,
    run_folder: Path,
    position: Position,
    *,
    training: int,
    generator: nn.Module,
    discriminator: nn.Module,
) -> None:
    """Writes the weights folder of a GAN beside the place it is for, then moves it there.

    Args:
        settings: a trainer.families.gan.GANTraining.
        run_folder: of the run; its ladder and environment are taken.
        position: at the end of the training.
        training: how many pictures it was trained on.
        generator: the network to ship.
        discriminator: shipped, too, unless it is a projected one, which needs pretrained features to decide.
    """
    with folder_beside(settings, generator, settings.storage) as folder:
        if isinstance(discriminator, PyTorchModelHubMixin):
            save_network(discriminator, folder / "discriminator", settings.storage)
        before = continue_ladder(settings.start, folder) if settings.start else 0
        for step in ladder_steps(run_folder):
            copy_sheet(ladder_file(run_folder, step), ladder_file(folder, before + step))
        write_finished(folder, before + position.step)
        write_history(run_folder, folder, before=settings.start)
        environment = json.loads((run_folder / "environment.json").read_text(encoding="utf-8"))
        networks = {"generator": generator, "discriminator": discriminator}
        text = card(settings, folder, environment, position, training=training, **networks)
        write_text(folder / "README.md", text)


def export_network(
    settings: Any,
    run_folder: Path,
    position: Position,
    *,
    family: str,
    network: nn.Module,
    template: str,
    training: int,
    limits: str = "",
    plays: bool = False,
    **more: Any,
) -> None:
    """Writes the weights folder of a network with its card, then moves it into its place.

    Args:
        settings: of its training.
        run_folder: of the run; its environment is taken.
        position: at the end of the training.
        family: the trainer's command.
        network: to ship.
        template: of the card.
        training: how many pictures it was trained on.
        limits: lines for the card.
        plays: say after how many steps the network was finished, which makes it a level of the game.
        more: for the template.
    """
    with folder_beside(settings, network) as folder:
        if plays:
            write_finished(folder, position.step)
        start = getattr(settings, "start", None)  # of the families that can go on from a network
        write_history(run_folder, folder, before=start if start and same_network(start, folder) else None)
        environment = json.loads((run_folder / "environment.json").read_text(encoding="utf-8"))
        text = template.format(
            **facts(settings, family, environment, training=training, summary="Pictures, drawn anew"),
            **more,
            size=size(network),
            module=family,
            source="infogan.network" if family == "infogan" else family,
            steps=position.step,
            images=position.images,
            start=f"\n| started from | {started_from(start)} |" if start else "",
            pretrained=pretrained_lines(settings),
            hours=position.seconds / 3600,
            rate=position.images / position.seconds,
            begin=FIGURES_BEGIN,
            end=FIGURES_END,
            limits=limits,
            files=files_table(folder),
        )
        write_text(folder / "README.md", text)


def continue_ladder(start: Path, folder: Path) -> int:
    """Gives a weights folder the ladder of the training before it, so that there is one from the first weights to the
    end: its sheets, and one of its finished network. Nothing where it has none, or draws pictures of another kind.

    Returns:
        the steps of that training, which those of the next are counted from; 0 where nothing was taken over.
    """
    finished = finished_step(start)
    if finished is None or drawn_by(start) != drawn_by(folder):
        return 0
    for step in ladder_steps(start):
        copy_sheet(ladder_file(start, step), ladder_file(folder, step))
    write_ladder(draw_ladder(read(start)), ladder_file(folder, finished))
    return finished


def copy_sheet(source: Path, target: Path) -> None:
    """Copies one file, making the folder if need be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def same_network(a: Path, b: Path) -> bool:
    """Whether two weights folders hold networks of one architecture, so that the pictures of their trainings follow one
    another."""
    configs = [folder / "config.json" for folder in (a, b)]
    if not all(config.is_file() for config in configs):
        return False
    first, second = (json.loads(config.read_text(encoding="utf-8")) for config in configs)
    return bool(first == second)


def describe(settings: Any) -> dict[str, Any]:
    """The settings without what only this machine knows."""
    described = {
        name: value for name, value in dataclasses.asdict(settings).items() if name not in ("run_folder", "resume")
    }
    for name in ("out", "network"):
        if described.get(name):
            described[name] = f"weights/{described[name].name}"
    if described.get("data"):
        described["data"] = archive_name(settings.data)
    if described.get("more_data"):
        described["more_data"] = ",".join(archive_name(Path(name.strip())) for name in settings.more_data.split(","))
    if described.get("start_run"):
        described["start_run"] = f"runs/{settings.start_run.name}"
    if described.get("start"):
        described["start"] = f"weights/{settings.start.name}"
    if described.get("fork"):
        described["fork"] = str(Path(*settings.fork.parts[-3:]))
    return {name: value.name if isinstance(value, Path) else value for name, value in described.items()}


def archive_name(path: Path) -> str:
    """A folder or archive without where it lies on this machine: `faces.zip`, `faces.zip/train`."""
    archives = [number for number, part in enumerate(path.parts) if part.endswith(".zip")]
    return "/".join(path.parts[archives[0] :]) if archives else path.name


def command_of(settings: Any, family: str) -> str:
    """The command that repeats a training: the options that differ from the defaults."""
    words = [f"python -m trainer {family}"]
    for field in dataclasses.fields(settings):
        value = describe(settings).get(field.name, field.default)
        if field.metadata.get("first"):
            words.append(str(value))
        elif value != field.default:
            words.append(f"--{field.name.replace('_', '-')}" + ("" if value is True else f" {shlex.quote(str(value))}"))
    return " ".join(words)


def card(
    settings: Any,
    folder: Path,
    environment: dict[str, Any],
    position: Position,
    *,
    training: int,
    generator: nn.Module,
    discriminator: nn.Module,
) -> str:
    """The text of the card of a GAN."""
    summary = f"{settings.resolution} x {settings.resolution} pictures"
    return GAN_CARD.format(
        **facts(settings, "gan", environment, training=training, summary=summary),
        architecture=settings.generator,
        generator_size=size(generator),
        discriminator=(
            f"its discriminator of {size(discriminator):.2f} million (`discriminator/`)"
            if isinstance(discriminator, PyTorchModelHubMixin)
            else "the small discriminator that plays against visitors (`discriminator/`, see its card)"
        ),
        opponent=pretrained_lines(settings),
        sheets=len(ladder_steps(folder)),
        stored=STORED[settings.storage],
        resolution=settings.resolution,
        channels=settings.channels,
        steps=position.step,
        images=position.images,
        passes=position.images / training,
        start=f"\n| started from | {started_from(settings.start)} |" if settings.start else "",
        hours=position.seconds / 3600,
        rate=position.images / position.seconds,
        begin=FIGURES_BEGIN,
        end=FIGURES_END,
        data_file=archive_name(settings.data),
        files=files_table(folder),
    )


def started_from(start: Path) -> str:
    """The training before this one, in one line of the card."""
    words = f"`weights/{start.name}`"
    with contextlib.suppress(OSError, ValueError, KeyError):
        described = json.loads((start / "training.json").read_text(encoding="utf-8"))
        words += f", after {described['images']:,} pictures; its settings: `{json.dumps(described)}`"
    return words


def facts(settings: Any, family: str, environment: dict[str, Any], *, training: int, summary: str) -> dict[str, Any]:
    """What every card says, for its template.

    Args:
        settings: of the training; they have `data`, `out`, `seed` and `validation`.
        family: the trainer's command.
        environment: from the run folder.
        training: how many pictures it was trained on.
        summary: of a network that is not in the catalogue.
    """
    entry, described = CATALOGUE.get(settings.out.name), describe(settings)
    source = described.get("data", described.get("world"))
    return {
        "name": settings.out.name,
        "summary": entry.summary if entry else summary,
        "data": entry.data if entry else f"{training:,} pictures from {source}",
        "terms": entry.terms if entry else "those of the training pictures, which the person who trained it knows",
        "command": command_of(settings, family),
        "seed": settings.seed,
        "training": training,
        "validation": described.get("validation", 0),
        "device": environment["device"],
        "threads": environment["threads"],
        "precision": environment["precision"],
        "python": environment["python"],
        "packages": ", ".join(f"{package} {version}" for package, version in environment["packages"].items()),
        "settings": json.dumps(described),
    }


def files_table(folder: Path) -> str:
    """Every file of a weights folder with its size and checksum, as the lines of a Markdown table."""
    return "\n".join(
        f"| {file.relative_to(folder)} | {file.stat().st_size:,} | `{hashlib.sha256(file.read_bytes()).hexdigest()}` |"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    )


def put_in_place(beside: Path, out: Path) -> None:
    """Replaces a weights folder by the one written beside it."""
    shutil.rmtree(out, ignore_errors=True)
    beside.rename(out)


def size(network: nn.Module) -> float:
    """Parameters, in millions."""
    return sum(parameter.numel() for parameter in network.parameters()) / 1e6


def write_figures(card: Path, text: str) -> None:
    """Puts the figures between the marks in a card; a card without marks gets them at its end."""
    before = card.read_text(encoding="utf-8") if card.is_file() else ""
    if FIGURES_BEGIN in before and FIGURES_END in before:
        head, tail = before.split(FIGURES_BEGIN)[0], before.split(FIGURES_END)[-1]
    else:
        head, tail = f"{before.rstrip()}\n\n## Figures\n", "\n"
    write_text(card, f"{head}{FIGURES_BEGIN}\n{text.rstrip()}\n{FIGURES_END}{tail}")


def refresh_files(folder: Path) -> None:
    """Brings the table of files in a card up to date."""
    card = folder / "README.md"
    head, mark, _ = card.read_text(encoding="utf-8").partition("| file | bytes | sha256 |\n|---|---|---|\n")
    if mark:
        lines = [line for line in files_table(folder).splitlines() if not line.split()[1].endswith("README.md")]
        write_text(card, head + mark + "\n".join(lines) + "\n")
