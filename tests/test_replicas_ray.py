"""Heavy work on replicas: a real Ray cluster of this machine, the real deployment, and what becomes of work when any of
it fails. Pictures drawn there are those drawn here within one grey level; networks are tiny."""

import ast
import base64
import contextlib
import copy
import io
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from media.images import data_uri, png
from models import load
from models.errors import InvalidInput
from models.loading import ROOT
from models.origins import Origin, origins
from models.super_resolution import TILES
from models.translation import draw_pictures
from serving import replicas
from serving.inference import generate, morph, translate, upscale
from serving.replicas import Cluster
from tests.networks import tiny_translation, write_tiny_networks, write_tiny_upscalers
from tests.pages import NO_TLS, RunningPage, free_port
from tests.ray_head import RayHead
from trainer.export import save_network

FACES, STREETS = "faces-celeba-64", "streets-day-night-256"
FAST, QUALITY, SHARP = "upscale-x4-fast", "upscale-x4-quality", "upscale-x4-sharp"
HEIGHT, WIDTH = 300, 600  # px, three by three tiles
PARTS = 9
SOON = 150.0  # seconds within which a cluster is expected to be ready, on a busy machine

Picture = NDArray[np.uint8]


def noise(height: int, width: int, seed: int = 0) -> Picture:
    """A picture that no two tiles share anything of."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def wait_until(met: Callable[[], object], seconds: float = SOON) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def assert_same(drawn: NDArray[np.uint8], expected: NDArray[np.uint8]) -> None:
    """Within rounding: a replica may stack what is drawn singly here."""
    assert drawn.shape == expected.shape
    assert np.abs(drawn.astype(int) - expected).max() <= 1


# --- without a cluster -------------------------------------------------------------------------------------------


def test_without_an_address_nothing_of_ray_is_imported_or_started() -> None:
    script = (
        "import sys\nfrom media import clips\nfrom serving import replicas\nreplicas.cluster.start()\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'ray'], replicas.cluster.keeper)"
    )
    environment = {name: value for name, value in os.environ.items() if name != replicas.ADDRESS}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout == "[] None\n", done.stderr


def test_only_the_deployment_and_the_courier_know_of_ray() -> None:
    knowing = set()
    for file in [
        ROOT / "app.py",
        *(file for folder in ("models", "serving", "server", "tabs") for file in (ROOT / folder).rglob("*.py")),
    ]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [str(node.module)]
                knowing |= {file.name for name in names if name.partition(".")[0] == "ray"}
    assert knowing == {"ray_client.py", "deployment.py"}


def test_messages_arrive_as_they_were_sent() -> None:
    array = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    message = replicas.pack({"number": 7, "settings": {"way": 0, "seed": None}}, array.transpose(2, 0, 1))
    line, content = replicas.HEAD.unpack(message[: replicas.HEAD.size])
    body = message[replicas.HEAD.size :]
    fields, arrived = replicas.unpack(body[:line], body[line : line + content])
    assert (fields["number"], fields["settings"]) == (7, {"way": 0, "seed": None})
    assert arrived is not None and arrived.dtype == np.float32
    assert np.array_equal(arrived, array.transpose(2, 0, 1))


def test_fingerprints_tell_networks_apart() -> None:
    network = tiny_translation()
    same, other = copy.deepcopy(network), copy.deepcopy(network)
    next(other.parameters()).mul_(1.001)
    assert replicas.fingerprint(network) == replicas.fingerprint(same) != replicas.fingerprint(other)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"RAY_ADDRESS": "127.0.0.1:1"}, "The Ray cluster at 127.0.0.1:1 cannot be reached."),
        ({"LATENT_LAB_REPLICAS": "many"}, "LATENT_LAB_REPLICAS is 'many'; a number from 0 to 1,000 is accepted."),
    ],
)
def test_the_command_says_what_is_missing(settings: dict[str, str], sentence: str) -> None:
    command = [sys.executable, "-m", "serving.deployment"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{sentence}\n")


# --- with one ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A weights root of networks that are tiny, and at work on pictures that are large enough for a replica."""
    root = tmp_path_factory.mktemp("weights")
    write_tiny_networks(root / FACES, channels=3, resolution=64, steps=(100,))
    save_network(tiny_translation(pixels=256 * 144), root / STREETS)
    write_tiny_upscalers(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LAB_WEIGHTS", str(root))
        yield root


class Site:
    """A page that was started before its cluster, and the cluster."""

    def __init__(self, root: Path, folder: Path):
        self.head = RayHead(free_port(), processors=2, LATENT_LAB_WEIGHTS=str(root))
        settings = {"LATENT_LAB_METRICS": "1", "LATENT_LAB_REPLICAS": "1", "RAY_ADDRESS": self.head.address}
        self.page = RunningPage(folder, **settings)

    def figure(self, name: str) -> float:
        """A number of the page's /metrics."""
        text = httpx.get(f"{self.page.address}/metrics", timeout=30, verify=NO_TLS).text
        return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(f"latent_lab_{name} "))

    def upscale(self, picture: Picture) -> Picture:
        """What the page's endpoint makes of a picture."""
        data = [FAST, 4, data_uri(png(picture), "png")]
        answer = httpx.post(f"{self.page.address}/gradio_api/run/upscale", json={"data": data}, timeout=60).json()
        with Image.open(io.BytesIO(base64.b64decode(answer["data"][0].partition(",")[2]))) as image:
            return np.asarray(image)


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(root, tmp_path_factory.mktemp("page"))
    with contextlib.ExitStack() as stack:
        stack.callback(site.head.remove)
        stack.callback(site.page.kill)
        site.page.wait()
        yield site
        code = site.page.stop()
    site.page.check_end(code)
    assert site.head.processes() == []


@pytest.fixture(scope="module")
def cluster(site: Site) -> Iterator[Cluster]:
    """The way of this process to the cluster, which it looks for at the same time as the page does."""
    cluster = Cluster(site.head.address)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LAB_REPLICAS", "1")
        patch.setattr(replicas, "cluster", cluster)
        patch.setattr(replicas, "AGAIN", 0.5)
        patch.setattr(replicas, "PATIENCE", 60.0)  # s; for busy machines
        cluster.start()
        yield cluster
        cluster.close()
    assert cluster.client is not None and cluster.client.returncode is not None


@pytest.fixture
def ready(cluster: Cluster) -> Cluster:
    """The same once it works."""
    wait_until(cluster.ready)
    return cluster


def here(work: Callable[[], NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The same work in this process alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replicas, "cluster", Cluster(""))
        return work()


def test_a_page_starts_without_its_cluster_and_finds_it_later(site: Site, cluster: Cluster) -> None:
    expected = here(lambda: upscale(load(FAST), noise(HEIGHT, WIDTH), 4))
    assert np.array_equal(site.upscale(noise(HEIGHT, WIDTH)), expected)
    assert (site.figure("parts_on_replicas"), site.figure("parts_not_on_replicas")) == (0, PARTS)
    site.head.start()
    wait_until(lambda: site.figure("replicas_at_hand"))
    assert_same(site.upscale(noise(HEIGHT, WIDTH)), expected)
    assert (site.figure("parts_on_replicas"), site.figure("parts_not_on_replicas")) == (PARTS, PARTS)
    log = site.page.log.read_text()
    assert log.count(f"the Ray cluster at {site.head.address} cannot be reached, so this process does its work") == 1
    wait_until(cluster.ready)  # this process found it, too, and did not need another deployment
    assert len(site.head.processes("ray::ServeReplica")) == 1


def test_pictures_are_the_same_wherever_they_are_drawn(ready: Cluster) -> None:
    faces, streets, fast = load(FACES), load(STREETS), load(FAST)
    photograph = noise(HEIGHT, WIDTH)
    works: dict[str, tuple[int, Callable[[], NDArray[np.uint8]]]] = {  # parts for replicas, and the work
        "gallery": (3, lambda: generate(faces, seed=3, count=40, truncation=0.7)),
        "morph": (1, lambda: morph(faces, seed_a=1, seed_b=2, frames=16)),
        "a few": (0, lambda: generate(faces, seed=3, count=15)),
        "picture": (1, lambda: translate(streets, photograph, "night-to-day")),
        "small picture": (0, lambda: translate(streets, photograph[:100, :100], "night-to-day")),
        "tiles": (PARTS, lambda: upscale(fast, photograph, 4)),
        "one tile": (0, lambda: upscale(fast, photograph[:100, :200], 4)),
    }
    for name, (parts, work) in works.items():
        expected, done = here(work), ready.done
        assert_same(work(), expected)
        assert ready.done - done == parts, name
    assert ready.done_here == 0


def test_requests_of_one_network_and_shape_are_stacked(site: Site, ready: Cluster) -> None:
    rows, columns = TILES["plain"]
    names = (SHARP, SHARP, SHARP, QUALITY)  # used in no other test
    pictures = [noise(rows, 8 * columns, seed) for seed in range(4)]  # eight tiles each

    def drawn(name: str, picture: Picture) -> Picture:
        return upscale(load(name), picture, 4)

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(drawn, names, pictures))
    for name, picture, result in zip(names, pictures, results, strict=True):
        assert_same(result, here(partial(drawn, name, picture)))
    passes = site.head.ask("last_passes")
    stacked = {name: [rows for _, network, rows in passes if network == name] for name in (SHARP, QUALITY)}
    assert (sum(stacked[SHARP]), sum(stacked[QUALITY])) == (3 * 8, 8)  # every tile once
    assert 2 <= max(stacked[SHARP]) <= replicas.BATCH
    assert len(stacked[SHARP]) + len(stacked[QUALITY]) < 32


@pytest.mark.parametrize("cut", [3, replicas.HEAD.size + 5, -7])
def test_a_client_that_is_killed_while_it_speaks_is_lost(cut: int) -> None:
    message = replicas.pack({"number": 1}, np.zeros((2, 3), np.uint8))
    ours, theirs = socket.socketpair()
    with ours:
        theirs.sendall(replicas.pack({"replicas": 1}) + message[:cut])
        theirs.close()
        with pytest.raises(replicas.ClusterLost, match="is gone"):
            Cluster("nowhere:1").take(ours, threading.Timer(60, lambda: None))


def test_what_is_wrong_is_said_in_the_same_words(ready: Cluster) -> None:
    streets, floats = load(STREETS), np.zeros((1, 144, 160, 3), np.float32)
    with pytest.raises(InvalidInput) as expected:
        draw_pictures(streets, floats, way=0, seed=None)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as said:
        list(replicas.spread(draw_pictures, streets, [floats], remote=True, way=0, seed=None))
    assert str(said.value) == str(expected.value)
    assert ready.ready()


def test_networks_that_replicas_do_not_have_are_used_here(ready: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    own = tiny_translation(pixels=256 * 144)  # of no name, such as a visitor's file
    assert not ready.takes(own)
    changed = copy.deepcopy(load(STREETS))
    assert not ready.takes(changed)
    next(changed.parameters()).mul_(1.01)
    origins[changed] = Origin(STREETS)  # as if this machine had other weights
    picture, done = noise(144, 160), ready.done
    with caplog.at_level(logging.WARNING):
        drawn = translate(changed, picture, "day-to-night")
    assert np.array_equal(drawn, here(lambda: translate(changed, picture, "day-to-night")))
    assert ready.done == done
    assert [record.getMessage() for record in caplog.records] == [
        f"replicas cannot take {STREETS}, so this process does: {STREETS} is another one there; all machines need the "
        "same weights."
    ]
    assert ready.ready()  # for all other networks
    assert ready.takes(load(FACES))


def test_a_stop_ends_the_work(ready: Cluster) -> None:
    class Stopped(Exception):
        pass

    def stop(share: float) -> None:
        if share > 0.1:
            raise Stopped

    picture = noise(TILES["plain"][0], 100 * TILES["plain"][1])
    done = ready.done
    with pytest.raises(Stopped):
        upscale(load(FAST), picture, 1.0, progress=stop)
    assert 10 <= ready.done - done <= 12
    wait_until(lambda: not ready.waiting)  # what was under way comes back, and nothing is kept
    assert_same(generate(load(FACES), count=16), here(lambda: generate(load(FACES), count=16)))


def test_a_replica_that_hangs_holds_nobody_up(
    site: Site, ready: Cluster, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(replicas, "PATIENCE", 1.0)
    picture = noise(HEIGHT, WIDTH)
    (replica,) = site.head.processes("ray::ServeReplica")
    told: list[float] = []
    os.kill(replica, signal.SIGSTOP)
    try:
        with caplog.at_level(logging.WARNING):
            begun = time.monotonic()
            drawn = upscale(load(FAST), picture, 4, progress=told.append)
            assert time.monotonic() - begun < 20
    finally:
        os.kill(replica, signal.SIGCONT)
    assert np.array_equal(drawn, here(lambda: upscale(load(FAST), picture, 4)))
    assert told.count(0.0) > 5  # others had their turn meanwhile
    assert [record.getMessage() for record in caplog.records] == [
        f"the Ray cluster at {site.head.address} gave no answer within 1 seconds, so this process does its work for now"
    ]
    wait_until(ready.ready)
    done = ready.done
    assert_same(upscale(load(FAST), picture, 4), drawn)
    assert ready.done - done == PARTS


def test_a_cluster_that_dies_takes_no_work_with_it(
    site: Site, ready: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    picture = noise(TILES["plain"][0], 40 * TILES["plain"][1])
    killed = threading.Event()

    def tell(share: float) -> None:
        if share > 0.3 and not killed.is_set():
            killed.set()
            site.head.kill()

    done = ready.done
    with caplog.at_level(logging.INFO):
        drawn = upscale(load(FAST), picture, 1.0, progress=tell)
        assert_same(drawn, here(lambda: upscale(load(FAST), picture, 1.0)))
        assert 12 <= ready.done - done < 40
        wait_until(lambda: not ready.window)  # at the latest when it is looked after
        before = ready.done
        assert np.array_equal(upscale(load(FAST), picture, 1.0), here(lambda: upscale(load(FAST), picture, 1.0)))
        assert ready.done == before
        assert site.upscale(noise(100, 300)).shape == (400, 1200, 3)  # the page goes on, too
        site.head.start()  # somebody starts it again; nothing is deployed there any more
        wait_until(ready.ready)
        assert_same(upscale(load(FAST), picture, 1.0), drawn)
    assert ready.done - before == 40
    messages = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(messages) == 1 and messages[0].startswith(f"the Ray cluster at {site.head.address} ")
    assert caplog.records[-1].getMessage() == f"the Ray cluster at {site.head.address} does the heavy work"
