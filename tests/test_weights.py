"""The networks in the repository: complete, as their cards say, small enough, and not collapsed."""

import hashlib
import itertools
import json
import re
import shlex
import subprocess
from pathlib import Path

import numpy as np
import pytest

from models.catalogue import CATALOGUE, names_of
from models.faces.attributes import readings
from models.features import features
from models.gan import generate, judge
from models.ladder import draw_ladder, finished_step, ladder_steps, read_ladder
from models.loading import ROOT, read
from models.translation import cut_face, translate
from tabs.translate.examples import example, example_frame
from trainer.__main__ import command_line

WEIGHTS = ROOT / "weights"
LARGEST_FILE = 10_000_000  # bytes, so that a Space takes the repository as it is
LARGEST_REPOSITORY = 60_000_000  # bytes of all tracked files together
LARGEST_ARCHIVE = 64 * 2**20  # bytes of `git archive HEAD`
SECTIONS = ("## Data and terms", "| command |", "| seed |", "| hardware |", "## Figures", "## Limits", "## Files")


@pytest.fixture(autouse=True)
def the_networks_of_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the tiny ones, which other tests of the same run have put in use."""
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(WEIGHTS))


def of_git(*words: str) -> bytes:
    """What git answers. Skips where the code is no repository."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git repository")
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout


def test_the_repository_is_small() -> None:
    names = of_git("ls-files", "-z").decode().split("\0")[:-1]
    sizes = {name: (ROOT / name).stat().st_size for name in names if (ROOT / name).is_file()}
    assert max(sizes.values()) <= LARGEST_FILE
    assert sum(sizes.values()) <= LARGEST_REPOSITORY


def test_a_space_takes_the_repository_at_once() -> None:
    assert len(of_git("archive", "HEAD")) <= LARGEST_ARCHIVE


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_folder_is_complete_and_its_card_true(name: str) -> None:
    folder = WEIGHTS / name
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert [part for part in SECTIONS if part not in card] == []
    assert "Not measured yet" not in card
    listed = dict(re.findall(r"^\| (\S+) \| [\d,]+ \| `(\w{64})` \|$", card, re.MULTILINE))
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "README.md"]
    assert listed == {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }
    assert max(file.stat().st_size for file in files) < LARGEST_FILE
    assert json.loads((folder / "config.json").read_text())["family"] == CATALOGUE[name].family


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_commands_of_card_and_catalogue_can_be_typed(name: str) -> None:
    card = (WEIGHTS / name / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"`python -m trainer ([^`]*--out [^`]*)`", card)
    commands += re.findall(r"python -m trainer ([^&]*)", CATALOGUE[name].command)
    assert len(commands) >= 2
    for command in commands:
        command_line().parse_args(shlex.split(command))  # exits where an option is wrong


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_last_command_of_the_catalogue_is_the_one_that_was_run(name: str) -> None:
    command = CATALOGUE[name].command.split("&&")[-1]
    record = "moments.json" if "trainer moments" in command else "training.json"
    recorded = json.loads((WEIGHTS / name / record).read_text(encoding="utf-8"))
    options = re.findall(r"--([a-z-]+) ('[^']*'|[^-\s]\S*)", command)
    assert len(options) == len(re.findall(r"--[a-z-]+ [^-]", command)) >= 1
    for option, value in options:
        was = recorded.get(option.replace("-", "_"))
        if was is not None and option != "start":  # newer than this training; a place that may have been another
            assert value.strip("'") == str(was) or float(value) == float(was), option


@pytest.mark.parametrize("name", names_of("fastgan-generator", "gan-generator", "mixture"))
def test_a_generator_draws_many_different_faces(name: str) -> None:
    folder: Path = WEIGHTS / name
    pictures = generate(read(folder), seed=3, count=64)
    points = features(read(WEIGHTS / "faces-features-64"), pictures)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)[np.triu_indices(64, k=1)]
    assert distances.min() > 0.2 * np.median(distances)  # no two alike


@pytest.mark.parametrize(
    "direction,attribute,low,high,grows",
    [
        ("neutral-to-smiling", "smile", 0, 0.2, True),
        ("smiling-to-neutral", "smile", 0.9, 1, False),
        ("young-to-old", "age", 0, 0.5, True),
        ("old-to-young", "age", 0.5, 1, False),
    ],
)
def test_the_faces_to_translate_are_what_their_buttons_say(
    direction: str, attribute: str, low: float, high: float, grows: bool
) -> None:
    """And become what the network says."""
    name = "faces-smile-128" if attribute == "smile" else "faces-age-128"
    network, reader = read(WEIGHTS / name), read(WEIGHTS / "faces-attributes-128")
    pictures = [example(name, network, direction, number) for number in range(3)]
    frames = [example_frame(network, direction, number) for number in range(3)]
    faces = [
        cut_face(network.config, picture, frame) if frame else picture
        for picture, frame in zip(pictures, frames, strict=True)
    ]
    drawn = [translate(network, face, direction) for face in faces]
    before, after = (readings(reader, part, (attribute,))[:, 0] for part in (np.stack(faces), np.stack(drawn)))
    assert ((low <= before) & (before <= high)).all()
    assert ((after > before) == grows).all()


@pytest.mark.parametrize("name", names_of("fastgan-generator", "gan-generator"))
def test_the_ladder_ends_at_the_finished_network(name: str) -> None:
    folder: Path = WEIGHTS / name
    steps = ladder_steps(folder)
    assert len(steps) >= 7
    assert steps[-1] < (finished_step(folder) or 0)
    drawn = [read_ladder(folder, step).astype(int) for step in steps] + [draw_ladder(read(folder)).astype(int)]
    changes = [np.abs(before - after).mean() for before, after in itertools.pairwise(drawn)]
    assert min(changes) > 2  # grey levels
    assert judge(read(folder, part="discriminator"), generate(read(folder), count=4)).shape == (4,)
