"""Networks from the Hugging Face Hub, played by a local stand-in for its HTTP interface."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from huggingface_hub import constants

from models import NetworkUnavailable, load, loading
from models.gan import Generator
from tests.hub import NOBODY, StandIn, serve_hub, talk_to
from tests.networks import tiny_generator
from tests.test_reference import resnet
from tests.test_reference_upscalers import published
from trainer.export import save_network

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
import json, sys
from models import NetworkUnavailable, load
from models.gan import Generator, generate
from models.super_resolution import SuperResolution
from models.translation import directions
answers = []
for name in sys.argv[1:]:
    try:
        network = load(name)
        if isinstance(network, Generator):
            answers.append(list(generate(network, count=2).shape))
        elif isinstance(network, SuperResolution):
            answers.append([network.config.architecture, network.config.scale])
        else:
            answers.append(directions(network))
    except NetworkUnavailable as error:
        answers.append(str(error))
print(json.dumps(answers))
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[StandIn]:
    """A Hub with five repositories: a network of ours, a published translator, published upscalers, something else, and
    a network that is far too large."""
    root = tmp_path / "hub"
    save_network(tiny_generator(), root / "someone" / "faces")
    (root / "someone" / "horses").mkdir()
    parts = {"G_A": resnet(blocks=9, width=2, prefix=""), "G_B": resnet(blocks=9, width=2, prefix="")}
    tensors = {f"{name}.{key}": tensor for name, part in parts.items() for key, tensor in part.items()}
    torch.save(tensors, root / "someone" / "horses" / "pytorch_model.bin")
    (root / "someone" / "photos").mkdir()
    for scale in (2, 4):
        torch.save({"params_ema": published("rrdb", scale)}, root / "someone" / "photos" / f"RealESRGAN_x{scale}.pth")
    (root / "someone" / "novel").mkdir()
    (root / "someone" / "novel" / "chapter.txt").write_text("It was a dark and stormy night.")
    with serve_hub(root) as hub:
        hub.sizes["someone/huge"] = {"config.json": 20, "model.safetensors": 10**9}
        yield hub


def ask(endpoint: str, cache: Path, *names: str, **environment: str) -> list[object]:
    """What a fresh process, which reads the Hub's address when it starts, says of each name."""
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT, *names],
        cwd=ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "0", "HF_ENDPOINT": endpoint, "HF_HOME": str(cache), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    answers: list[object] = json.loads(process.stdout.splitlines()[-1])
    return answers


def test_networks_come_from_the_hub_and_stay(hub: StandIn, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    names = ["someone/faces", "someone/horses", "someone/photos", "no/body", "someone/novel", "someone/huge"]
    found, translator, upscaler, missing, novel, huge = ask(hub.address, cache, *names)
    assert translator == ["a-to-b", "b-to-a"]
    assert upscaler == ["rrdb", 4]
    assert not list(cache.rglob("RealESRGAN_x2.pth"))  # one file is enough
    assert found == [2, 16, 16, 1]
    assert missing == "There is no public model no/body on the Hugging Face Hub; check the name."
    assert isinstance(novel, str)
    assert novel.startswith("someone/novel on the Hub has neither a config.json nor a file of a published network")
    assert huge == "someone/huge is 954 MB; networks of up to 300 MB are loaded."
    kept, unreachable = ask(NOBODY, cache, "someone/faces", "someone/else")
    assert kept == [2, 16, 16, 1]
    assert str(unreachable).startswith("The Hugging Face Hub cannot be reached")
    kept, offline = ask(NOBODY, cache, "someone/faces", "someone/else", HF_HUB_OFFLINE="1")
    assert kept == [2, 16, 16, 1]
    assert str(offline).startswith("This page runs without a network, and someone/else is not on this machine")


def test_networks_of_a_hub_that_misbehaves(hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    talk_to(hub.address, monkeypatch)

    def says() -> str:
        with pytest.raises(NetworkUnavailable) as raised:
            load("someone/faces")
        return str(raised.value)

    hub.slow = 1.0
    with monkeypatch.context() as impatient:
        impatient.setattr(loading, "TIMEOUT", 0.2)
        assert says().startswith("The Hugging Face Hub did not answer in time")
    hub.slow = 0.0
    hub.gated.add("someone/faces")
    assert says() == "someone/faces on the Hub asks for permission first; choose an open one."
    hub.gated.clear()
    hub.private.add("someone/faces")
    assert says() == "There is no public model someone/faces on the Hugging Face Hub; check the name."
    hub.private.clear()
    hub.cut["model.safetensors"] = 100
    assert says().startswith("A file of someone/faces on the Hub arrived cut off")
    assert says().startswith("A file of someone/faces on the Hub arrived cut off")  # and is not taken from the cache
    hub.cut.clear()
    assert isinstance(load("someone/faces"), Generator)
