"""Networks from the Hugging Face Hub, played by a local stand-in for its HTTP interface."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import load_file, save_file

from models import NetworkUnavailable, load, loading
from models import hub as hub_module
from models.architectures.stylegan2 import StyleGAN2Generator
from models.gan import Generator
from models.hub import MARK, BackgroundFetches
from models.loading import errands, find_offered
from models.origins import origins
from models.super_resolution import SuperResolution
from models.translation import directions
from tests.hub import NOBODY, TOKEN, StandIn, serve_hub, talk_to
from tests.networks import tiny_generator
from tests.stylegan2 import StyleGAN2
from tests.test_published_dcgan import Examples
from tests.test_reference import resnet
from tests.test_reference_upscalers import published
from trainer.export import save_network

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
import json, sys
from models import NetworkUnavailable, load, loading
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
        impatient.setattr(hub_module, "TIMEOUT", 0.2)
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


@pytest.fixture
def asked(hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The Hub as this process asks it, with an empty cache. It tires in the end, so that nothing here can hang."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(errands, "errands", {})
    monkeypatch.setattr(hub_module, "ATTEMPTS", 2)
    talk_to(hub.address, monkeypatch)
    hub.answers = 30
    return hub


def test_generators_of_others_come_by_their_names(asked: StandIn) -> None:
    folder = asked.root / "someone" / "dcgan"
    folder.mkdir()
    torch.save(Examples().state_dict(), folder / "netG_epoch_24.pth")
    assert isinstance(loading.read(find_offered("someone/dcgan")), Generator)
    save_file(StyleGAN2(16, (6, 5, 4)).state_dict(), folder / "stylegan2.safetensors")
    network = loading.read(find_offered("someone/dcgan/stylegan2.safetensors"))
    assert isinstance(network, StyleGAN2Generator)
    assert ("someone/dcgan/stylegan2.safetensors", "bytes=0-100000") in asked.ranges  # its head was looked at first


def test_a_file_that_breaks_off_again_and_again_is_given_up(asked: StandIn) -> None:
    asked.severed["model.safetensors"] = 100
    with pytest.raises(NetworkUnavailable) as raised:
        load("someone/faces")
    assert str(raised.value) == (
        "someone/faces on the Hub broke off again and again; try again later or choose a built-in network."
    )
    assert (
        asked.asked.count(
            "GET /someone/faces/resolve/" + asked.commit_of("models", "someone/faces") + "/model.safetensors"
        )
        == 2
    )
    asked.severed.clear()
    asked.answers = 0
    assert isinstance(load("someone/faces"), Generator)
    assert MARK not in asked.headers  # the note between us and huggingface_hub's client stays here


def test_a_file_that_drips_is_given_up(asked: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "LONGEST", 0.8)
    asked.drip = 0.05  # 5 s a file, without ever being silent for long
    begun = time.monotonic()
    with pytest.raises(NetworkUnavailable) as raised:
        load("someone/faces")
    assert str(raised.value) == (
        "someone/faces on the Hub arrives too slowly; try again later or choose a built-in network."
    )
    assert time.monotonic() - begun < 4


def test_strangers_who_wait_for_a_slow_hub_are_sent_on(asked: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """And each thing is fetched once, in the background."""
    monkeypatch.setattr(loading, "PATIENCE", 0.1)
    asked.slow = 0.7
    for _ in range(3):
        with pytest.raises(NetworkUnavailable, match="someone/faces is being fetched from the Hub"):
            find_offered("someone/faces")
    asked.slow = 0.0
    assert errands.errands["someone/faces"].done.wait(60)
    assert isinstance(loading.read(find_offered("someone/faces")), Generator)
    assert asked.asked.count("GET /api/models/someone/faces") == 1  # for all three
    with pytest.raises(NetworkUnavailable, match="There is no public model no/body"):
        monkeypatch.setattr(loading, "PATIENCE", 60.0)
        find_offered("no/body")


def test_strangers_do_not_reach_what_the_host_may(asked: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the host's token in the environment, as a backup needs it."""
    asked.answers = 0
    asked.private.add("someone/faces")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr(loading, "PATIENCE", 60.0)
    with pytest.raises(NetworkUnavailable, match="There is no public model someone/faces"):
        find_offered("someone/faces")
    assert isinstance(load("someone/faces"), Generator)  # the host, by a command
    monkeypatch.setattr(errands, "errands", {})
    with pytest.raises(NetworkUnavailable, match="There is no public model someone/faces"):
        find_offered("someone/faces")  # nor from the host's cache
    asked.private.clear()
    monkeypatch.setattr(errands, "errands", {})
    assert isinstance(loading.read(find_offered("someone/faces")), Generator)


def test_what_is_no_network_of_ours_is_not_fetched(asked: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.answers = 0
    folder, before = asked.root / "someone" / "other", loading.fetched
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(bytes(100_000))
    monkeypatch.setattr(loading, "PATIENCE", 60.0)
    for config in ("{}", "[]", '{"family": "bert"}', '{"family": []}', "no JSON"):
        (folder / "config.json").write_text(config)
        monkeypatch.setattr(errands, "errands", {})
        with pytest.raises(NetworkUnavailable, match="someone/other on the Hub is not a network of ours"):
            find_offered("someone/other")
    whole = [path for path in asked.asked if path.startswith("GET") and path.endswith("model.safetensors")]
    assert len(whole) == len(asked.ranges)  # only its head was asked for
    assert {span for _, span in asked.ranges} == {"bytes=0-100000"}
    assert loading.fetched == before  # and does not count


def test_strangers_do_not_fill_the_disk(asked: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.answers = 0
    monkeypatch.setattr(loading, "PATIENCE", 60.0)
    monkeypatch.setattr(loading, "fetched", loading.MOST_FETCHED - 100)
    with pytest.raises(NetworkUnavailable, match="There is no room for someone/faces on this machine"):
        find_offered("someone/faces")
    monkeypatch.setattr(loading, "fetched", 0)
    monkeypatch.setattr(loading, "LEAST_FREE", 2**60)
    monkeypatch.setattr(errands, "errands", {})
    with pytest.raises(NetworkUnavailable, match="There is no room"):
        find_offered("someone/faces")
    assert isinstance(load("someone/faces"), Generator)  # the host may


def test_what_could_not_be_fetched_does_not_count(asked: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.answers = 0
    monkeypatch.setattr(loading, "PATIENCE", 60.0)
    monkeypatch.setattr(loading, "fetched", 0)

    def broken(*_: object, **__: object) -> None:
        assert loading.fetched > 0
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(loading, "snapshot_download", broken)
        with pytest.raises(NetworkUnavailable):
            find_offered("someone/faces")
    assert loading.fetched == 0


def test_errands_are_few_and_so_are_those_who_wait(tmp_path: Path) -> None:
    go_on = threading.Event()

    def fetch(name: str) -> Path:
        assert go_on.wait(60)
        return tmp_path

    slow = BackgroundFetches(
        fetch, raises=NetworkUnavailable, waiting="{name} is on its way.", retry=0, most=2, waiters=1
    )
    patient = [threading.Thread(target=slow.bring, args=("a", 60)) for _ in range(1)]
    patient[0].start()
    while "a" not in slow.errands:
        time.sleep(0.01)
    time.sleep(0.1)
    begun = time.monotonic()
    for name in ("a", "b"):  # nobody may wait any more, so the answer comes at once
        with pytest.raises(NetworkUnavailable, match=f"{name} is on its way"):
            slow.bring(name, 60)
    with pytest.raises(NetworkUnavailable, match="is fetching others from the Hub right now"):
        slow.bring("c", 60)
    assert time.monotonic() - begun < 10
    go_on.set()
    patient[0].join(60)
    assert slow.bring("a", 60) == slow.bring("c", 60) == tmp_path


def test_a_network_that_is_read_slowly_holds_up_no_other(
    asked: StandIn, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun, go_on = load_file, threading.Event(), threading.Event()

    def slowly(file: Path) -> dict[str, torch.Tensor]:
        if "portraits-128" in str(file):
            begun.set()
            assert go_on.wait(60)
        return dict(real(file))

    monkeypatch.setattr(loading, "load_file", slowly)
    loading.read_own.cache_clear()
    slow = threading.Thread(target=load, args=("portraits-128",))
    slow.start()
    assert begun.wait(60)
    try:
        other = threading.Thread(target=load, args=("faces-celeba-64",), daemon=True)
        other.start()
        other.join(20)
        assert not other.is_alive()
    finally:
        go_on.set()
        slow.join(60)


# --- files of others by name ---------------------------------------------------------------------------------------


@pytest.fixture
def others(asked: StandIn) -> StandIn:
    """A Hub with repositories of upscalers as people publish them."""
    asked.answers = 0
    for repository, scales in (("someone/sharp", [4]), ("someone/many", [2, 4])):
        folder = asked.root / repository / "weights"
        folder.mkdir(parents=True)
        (folder.parent / "README.md").write_text("# Upscalers")
        for scale in scales:
            save_file(contiguous(published("srvgg", scale)), folder / f"{scale}x-Sharp.safetensors")
    return asked


def contiguous(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {key: part.contiguous() for key, part in tensors.items()}


def scale_of(name: str) -> int:
    network = loading.read(find_offered(name))
    assert isinstance(network, SuperResolution)
    return network.config.scale


def refused(name: str, patch: pytest.MonkeyPatch) -> str:
    patch.setattr(errands, "errands", {})
    with pytest.raises(NetworkUnavailable) as raised:
        find_offered(name)
    return str(raised.value)


def test_one_file_of_a_repository_by_its_name(others: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PATIENCE", 60.0)
    second = "someone/many/weights/2x-Sharp.safetensors"
    assert scale_of(second) == 2
    assert origins[loading.read(find_offered(second))].name == second  # by which other machines find it
    assert not [path for path in others.asked if "4x-Sharp" in path]
    assert scale_of("someone/many/weights/4x-Sharp.safetensors") == 4
    assert refused("someone/many", monkeypatch) == (
        "someone/many on the Hub has several files of weights; name one of them, such as someone/many/weights/2x-Sharp."
        "safetensors: weights/2x-Sharp.safetensors, weights/4x-Sharp.safetensors."
    )
    assert refused("someone/many/8x.pth", monkeypatch) == (
        "There is no file 8x.pth in someone/many on the Hub; it has weights/2x-Sharp.safetensors, "
        "weights/4x-Sharp.safetensors."
    )
    assert refused("no/body/8x.pth", monkeypatch).startswith("There is no public model no/body on the Hugging Face Hub")


def test_the_only_file_of_weights_is_taken_and_kept(others: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PATIENCE", 60.0)
    assert scale_of("someone/sharp") == 4
    assert scale_of("someone/many/weights/2x-Sharp.safetensors") == 2
    before = len(others.asked)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert scale_of("someone/sharp") == 4
    assert scale_of("someone/many/weights/2x-Sharp.safetensors") == 2
    assert len(others.asked) == before
    for name in ("someone/many", "someone/many/weights/4x-Sharp.safetensors"):
        assert refused(name, monkeypatch) == (
            f"This page runs without a network, and {name} is not on this machine; choose a built-in network."
        )


def test_a_file_of_another_layout_is_refused_by_its_head(others: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PATIENCE", 60.0)
    folder, before = others.root / "someone" / "language", loading.fetched
    folder.mkdir()
    save_file({"h.0.attn.weight": torch.zeros(500, 600)}, folder / "model.safetensors")
    told = refused("someone/language", monkeypatch)
    assert told.startswith("model.safetensors of someone/language holds another architecture. Accepted are generators")
    spoilt = contiguous(published("rrdb", 4)) | {"conv_hr.weight": torch.zeros(1)}
    save_file(spoilt, folder / "model.safetensors")
    told = refused("someone/language/model.safetensors", monkeypatch)
    assert "begins like a network of the kind 'rrdb', but conv_hr.weight is missing or differs" in told
    assert [name for name, _ in others.ranges] == ["someone/language/model.safetensors"] * 2
    assert others.asked.count("GET /someone/language/resolve/main/model.safetensors") == 2  # its head, each time
    assert loading.fetched == before
    (folder / "config.json").write_text('{"architectures": ["GPT2LMHeadModel"]}')
    assert refused("someone/language", monkeypatch).startswith("someone/language on the Hub is not a network of ours")
    assert len(others.ranges) == 2  # what is of another library is not even looked at


def test_a_published_network_beside_a_config_of_its_own(others: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """As HugGAN's mixin leaves it: the arguments of its class as config.json."""
    monkeypatch.setattr(loading, "PATIENCE", 60.0)
    folder = others.root / "huggan" / "horses"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"input_shape": [3, 256, 256], "num_residual_blocks": 9}')
    torch.save(resnet(blocks=9, width=2), folder / "pytorch_model.bin")
    for _ in range(2):  # fetched, and from the cache
        assert directions(loading.read(find_offered("huggan/horses"))) == ["a-to-b"]
    assert directions(load(folder)) == ["a-to-b"]


@pytest.mark.parametrize("name", ["a/b/c", "a/b/../x.pth", "a/b/.hidden.pth", "a/b//x.pth", "a/b/x.exe", "/a/b/x.pth"])
def test_what_names_no_file_of_weights(name: str) -> None:
    with pytest.raises(NetworkUnavailable, match="There is no network"):
        find_offered(name)
