"""Where the page is hosted: a Hugging Face Space by the README's front matter, ZeroGPU, and the Dockerfile."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextvars import ContextVar
from fnmatch import fnmatch
from pathlib import Path

import httpx
import pytest

from server.jobs import Jobs
from tests.pages import free_port, wait_for_page
from tests.test_imports import ALLOWED, imported

ROOT = Path(__file__).resolve().parent.parent
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
ZEROGPU_TORCH = {"2.8.0", "2.9.1", "2.10.0", "2.11.0"}  # with Python 3.12, by the documentation of 2026-08
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOSTING = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")


def front_matter() -> dict[str, str]:
    """The README's front matter, which has nothing but lines of a name and a value."""
    begin, matter, _ = README.split("---\n", 2)
    assert begin == ""
    pairs = [line.split(": ", 1) for line in matter.splitlines()]
    assert all(len(pair) == 2 for pair in pairs)
    return {name: value.strip('"') for name, value in pairs}


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions: name and the rest of the line."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def argument(name: str) -> str:
    """Of the only instruction of that name."""
    (found,) = (rest for instruction, rest in instructions() if instruction == name)
    return found


def sources() -> list[str]:
    """What the Dockerfile copies."""
    return [source.rstrip("/") for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]]


def left_out(path: str) -> bool:
    """Whether .dockerignore keeps a path out of the image: of its lines, the last that matches counts."""
    out = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!")
            parts = path.split("/")
            if pattern.startswith("**/"):
                matches = any(fnmatch(part, pattern[3:]) for part in parts)
            else:
                matches = fnmatch(parts[0], pattern)
            out = not line.startswith("!") if matches else out
    return out


# --- a Space -----------------------------------------------------------------------------------------------------


def test_the_front_matter_is_what_a_space_reads() -> None:
    matter = front_matter()
    assert matter["sdk"] == "gradio"
    assert f"\ngradio=={matter['sdk_version']}\n" in REQUIREMENTS  # the Space installs both, so they have to agree
    assert matter["python_version"] == "3.12"
    assert (ROOT / matter["app_file"]).is_file()
    assert matter["suggested_hardware"] == "cpu-basic"
    assert {matter["colorFrom"], matter["colorTo"]} <= COLOURS
    assert 0 < len(matter["short_description"]) <= 60
    assert len(matter["emoji"]) == 1
    assert re.fullmatch(r"\d+m", matter["startup_duration_timeout"])
    assert "suggested_storage" not in matter  # is ignored today
    assert README.split("---\n", 2)[2].startswith("# Latent Lab\n")  # what GitHub shows below the table


def test_a_space_gets_a_torch_that_zerogpu_takes() -> None:
    pins = dict(re.findall(r"^torch==([\d.]+) ; python_full_version ([<>=]+ '3\.12')", REQUIREMENTS, re.MULTILINE))
    wanted = {condition: version for version, condition in pins.items()}
    assert wanted.keys() == {"< '3.12'", ">= '3.12'"}
    assert wanted[">= '3.12'"] in ZEROGPU_TORCH
    assert not re.search(r"^spaces\b", REQUIREMENTS, re.MULTILINE)  # part of a ZeroGPU Space already


# --- ZeroGPU -----------------------------------------------------------------------------------------------------

SPACES = """
import multiprocessing, os, pathlib, time

def GPU(duration):  # as the package has it: arguments and results are copied to another process and back
    def lent(work):
        def call(*arguments):
            pathlib.Path(os.environ["LENDINGS"]).open("a").write(f"{work.__name__} {duration}\\n")
            if os.environ.get("NO_CARD"):
                raise RuntimeError("You have exceeded your ZeroGPU quota")
            time.sleep(0.2)
            context = multiprocessing.get_context("fork")
            ours, theirs = context.Pipe()
            def run():
                theirs.send((os.getpid(), work(*arguments)))
            process = context.Process(target=run, daemon=True)
            process.start()
            pid, result = ours.recv()
            assert pid != os.getpid()
            return result
        return call
    return lent
"""
SCRIPT = """
import json, os, sys, threading
import numpy as np
import torch
torch.set_num_threads(1)
from models import super_resolution
from serving import inference, zerogpu
from serving.inference import upscale
from tests.networks import lively_upscaler

network, told = lively_upscaler(), []
picture = np.random.default_rng(0).integers(0, 256, (24, 32, 4), np.uint8)
answers = {"here": zerogpu.HERE, "spaces": "spaces" in sys.modules}
answers["light"] = upscale(network, picture, 4).tobytes().hex()
inference.HEAVY = super_resolution.multiplications(network, picture) - 1
answers["heavy"] = upscale(network, picture, 4, progress=told.append).tobytes().hex()
answers["told"] = told
os.environ["NO_CARD"] = "1"
answers["alone"] = upscale(network, picture, 4).tobytes().hex()
del os.environ["NO_CARD"]
class Stopped(Exception): pass
def stop(share): raise Stopped
try:
    upscale(network, picture, 4, progress=stop)
except Stopped:
    answers["stopped"] = True
for thread in threading.enumerate():
    if thread.name == "zerogpu":
        thread.join()
print(json.dumps(answers))
"""


@pytest.mark.parametrize("space", [True, False])
def test_only_heavy_work_borrows_a_card_and_only_on_zerogpu(space: bool, tmp_path: Path) -> None:
    """Played by a stand-in for the package `spaces`, whose real self needs CUDA to be imported."""
    (tmp_path / "spaces.py").write_text(SPACES)
    lendings = tmp_path / "lendings.txt"
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "LENDINGS": str(lendings)}
    environment |= {"SPACES_ZERO_GPU": "true"} if space else {}
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert process.returncode == 0, process.stderr
    answers = json.loads(process.stdout)
    assert (answers["here"], answers["spaces"]) == (space, space)
    assert answers["light"] == answers["heavy"] == answers["alone"]  # the same picture wherever it is made
    assert answers["stopped"]
    if space:
        assert lendings.read_text().splitlines() == ["upscale_on_card 20"] * 3  # not for the light one
        assert answers["told"].count(0.0) > 3  # others had their turn meanwhile
        assert answers["told"][-1] == 1.0
        assert process.stderr == "no card from ZeroGPU (RuntimeError), so the processor does it\n"
    else:
        assert not lendings.exists()
        assert process.stderr == ""


def test_work_in_line_is_its_visitors() -> None:
    """ZeroGPU counts a card to the visitor whose request it finds in the context."""
    visitor = ContextVar("visitor", default="nobody")
    visitor.set("somebody")
    assert Jobs().start(lambda progress: {"whose": visitor.get()}) == {"whose": "somebody"}


def test_nothing_else_knows_of_spaces() -> None:
    files = [ROOT / "app.py", *(file for package in ALLOWED for file in (ROOT / package).rglob("*.py"))]
    assert [file.name for file in files if "spaces" in imported(file)] == ["zerogpu.py"]


# --- the Dockerfile, which is read here and not built --------------------------------------------------------------


def test_everything_copied_is_there_and_nothing_else_gets_in() -> None:
    assert [source for source in sources() if not (ROOT / source).exists() or left_out(source)] == []
    needed = {name for name in ALLOWED if name not in ("app", "trainer", "audit", "standalone")} | {"app.py", "weights"}
    needed |= {"requirements.txt", "requirements-newer.txt"}
    assert needed <= set(sources())
    for path in (".git", ".venv", "runs", "shared", "tests", "trainer", "runs/quiz.sqlite3", "quiz/quiz.sqlite3-wal"):
        assert left_out(path), path
    assert left_out("models/__pycache__/gan.cpython-311.pyc")
    assert not left_out("models/gan.py")
    assert not left_out("weights/portraits-128/model.safetensors")


def test_the_image_installs_what_the_documentation_says_and_runs_as_nobody_special() -> None:
    assert re.fullmatch(r"python:3\.(10|11|12)-slim-bookworm", argument("FROM"))
    runs = [rest for name, rest in instructions() if name == "RUN"]
    installs = [rest.replace(" --no-cache-dir", "") for rest in runs if "pip install" in rest]
    tools, page, optional, cluster, newer = installs
    assert f"`{page}`" in README
    tested = (ROOT / "requirements-test.txt").read_text(encoding="utf-8")
    assert f"\n{shlex.split(tools)[-1]}\n" in tested
    assert optional == "pip install -r requirements-hosts.txt"
    assert newer == "pip install --no-deps -r requirements-newer.txt"
    assert f"`{newer}`" in README and f"`{newer}`" in HOSTING
    assert cluster == 'if [ -n "$RAY" ]; then pip install -r requirements-ray.txt; fi'
    assert "`docker build --build-arg RAY=1`" in HOSTING
    order = [name for name, _ in instructions()]
    assert order.index("USER") > max(number for number, name in enumerate(order) if name in ("COPY", "RUN"))
    user, place = argument("USER"), argument("VOLUME")
    assert any(f"useradd --create-home --uid 1000 {user}" in run and f"chown {user} {place}" in run for run in runs)
    settings = dict(word.split("=", 1) for word in shlex.split(argument("ENV")))
    for name in ("LATENT_LAB_DATA", "LATENT_LAB_CACHE", "SCIKIT_LEARN_DATA", "HF_HOME"):
        assert settings[name].startswith(f"{place}/")  # outside of it nothing can be written
    port = argument("EXPOSE")
    assert settings["GRADIO_SERVER_PORT"] == port
    start = f"docker run -p {port}:{port} -v latent-lab:{place} --stop-timeout 60 latent-lab"
    assert f"\n{start}\n" in README and f"`{start}`" in HOSTING


def test_the_page_runs_from_what_is_copied_alone(tmp_path: Path) -> None:
    """The Dockerfile's copies, settings, command and health check, without its container."""
    app, place = tmp_path / "app", tmp_path / "data"
    app.mkdir()
    place.mkdir()
    for source in sources():
        if source == "weights":
            (app / source).symlink_to(ROOT / source)
        elif (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, app / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, app / source)
    before = sorted(app.rglob("*"))
    volume = argument("VOLUME")
    settings = dict(word.split("=", 1) for word in shlex.split(argument("ENV")))
    settings = {name: value.replace(volume, str(place), 1) for name, value in settings.items()}
    port = free_port()
    settings |= {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port), "HOME": str(place)}
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "OMP_NUM_THREADS")}
    environment = {**kept, **settings, "HF_HUB_OFFLINE": "1", "TMPDIR": str(place)}
    health = json.loads(argument("HEALTHCHECK").split(" CMD ", 1)[1])
    command = json.loads(argument("CMD"))

    def healthy() -> bool:
        return subprocess.run([sys.executable, *health[1:]], env=environment, capture_output=True).returncode == 0

    assert (health[0], command[0]) == ("python", "python")
    assert not healthy()  # nobody listens yet
    with (tmp_path / "log.txt").open("w") as log:
        page = subprocess.Popen([sys.executable, *command[1:]], cwd=app, env=environment, stdout=log, stderr=log)
    try:
        wait_for_page(f"http://127.0.0.1:{port}", page)
        assert healthy()
        answer = httpx.get(f"http://127.0.0.1:{port}/gradio_api/info", timeout=30)
        assert {"/sample", "/upscale", "/translate"} <= answer.json()["named_endpoints"].keys()
    finally:
        page.terminate()
        code = page.wait(timeout=60)
    assert code == 0, (tmp_path / "log.txt").read_text()
    assert "Traceback" not in (tmp_path / "log.txt").read_text()
    assert sorted(app.rglob("*")) == before  # it wrote nothing beside its code
