"""Decks: what is offered, what a deck holds, and what is said when one cannot be played."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants
from PIL import Image

import models.hub
from data import datasets
from models.errors import InvalidInput, NetworkUnavailable, UnusableData
from models.ladder import ladder_file
from quiz.decks import DECKS, obstacle, open_deck
from tests.hub import NOBODY, StandIn, serve_hub, talk_to
from tests.networks import (
    STEPS,
    tiny_generator,
    tiny_mixture,
    write_tiny_networks,
    write_tiny_scene_networks,
    write_tiny_upscalers,
)
from tests.tables import write_table
from trainer.export import save_network


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "weights"
    write_tiny_networks(folder / "faces-lfw-64")
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(folder))
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "nothing"))
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    folder = tmp_path / "photographs"
    folder.mkdir()
    source = np.random.default_rng(0)
    for number in range(300):
        Image.fromarray(source.integers(0, 256, (40, 48, 3), np.uint8)).save(folder / f"{number:03d}.png")
    return folder


def test_the_deck_that_works_offline(weights: Path) -> None:
    deck = open_deck("lfw")
    assert deck.reals.shape == (100, 18, 18, 1)
    assert (deck.levels, deck.steps) == (8, (*STEPS, 12800))
    first, last = deck.fakes(1), deck.fakes(8)
    assert first.pictures.shape == last.pictures.shape == deck.reals.shape  # as many of each class
    assert not np.array_equal(first.pictures, last.pictures)
    assert first.edition != last.edition
    assert deck.fakes(1) is first  # kept
    assert len(np.unique(last.pictures.reshape(100, -1), axis=0)) == 100


@pytest.mark.parametrize("level", [0, 9, -1, 1.5, True, "1", None])
def test_levels_out_of_range(weights: Path, level: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 8"):
        open_deck("lfw").fakes(level)


def test_a_new_network_makes_a_new_edition(weights: Path) -> None:
    before = open_deck("lfw").fakes(8)
    early = open_deck("lfw").fakes(7)
    save_network(tiny_generator(resolution=32, seed=5), weights / "faces-lfw-64")
    assert open_deck("lfw").fakes(8).edition != before.edition
    assert open_deck("lfw").fakes(7) is early
    shutil.copy(ladder_file(weights / "faces-lfw-64", 100), ladder_file(weights / "faces-lfw-64", 6400))
    assert open_deck("lfw").fakes(7).edition != early.edition


def test_the_hosts_own_photographs(weights: Path, photographs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny_networks(weights / "faces-celeba-64", channels=3, steps=(5, 7))
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(photographs))
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-celeba-64")
    deck = open_deck("folder")
    assert deck.reals.shape == (256, 32, 32, 3)  # of 300, as many as one pool may hold
    assert deck.levels == 3
    assert deck.fakes(2).pictures.shape == deck.reals.shape
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-lfw-64")
    assert open_deck("folder").reals.shape == (256, 32, 32, 1)


@pytest.mark.parametrize("network", ["faces-mixture-64", "scenes-conditional-64", "upscale-x2-fast"])
def test_a_network_that_cannot_play(
    weights: Path, photographs: Path, network: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_network(tiny_mixture(), weights / "faces-mixture-64")
    write_tiny_scene_networks(weights)
    write_tiny_upscalers(weights)
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(photographs))
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", network)
    assert obstacle("folder") == (
        f"The network {network} cannot play: the game needs a discriminator and the ladder of a training. Set "
        "LATENT_LAB_DECK_NETWORK to one of faces-celeba-64, faces-lfw-64, or make one with: python -m trainer gan"
    )


def test_too_few_photographs(weights: Path, photographs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in sorted(photographs.iterdir())[19:]:
        file.unlink()
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(photographs))
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-lfw-64")
    with pytest.raises(UnusableData, match="19"):
        open_deck("folder")


@pytest.fixture
def hub(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A Hub with a data set of 30 photographs in two folders, which this host names."""
    shelf, source = tmp_path / "hub" / "datasets" / "someone" / "people", np.random.default_rng(0)
    for number in range(30):
        file = shelf / ("train" if number % 2 else "test") / f"{number:03d}.{'png' if number % 3 else 'PNG'}"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(source.integers(0, 256, (40, 40, 3), np.uint8)).save(file)
    (shelf / "README.md").write_text("# People")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(datasets.errands, "errands", {})
    monkeypatch.setattr(datasets, "PROMPT", 60.0)  # for busy machines
    monkeypatch.setenv("LATENT_LAB_DECK_DATASET", "someone/people")
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-lfw-64")
    with serve_hub(tmp_path / "hub") as hub:
        talk_to(hub.address, monkeypatch)
        yield hub


def restart() -> None:
    """What a fresh process knows of data sets: nothing but the cache."""
    datasets.errands.errands.clear()


def test_photographs_of_a_data_set(hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = open_deck("folder")
    assert deck.reals.shape == (30, 32, 32, 1)
    asked = len(hub.asked)
    assert open_deck("folder").photographs is deck.photographs
    assert len(hub.asked) == asked  # once for each start
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(hub.root / "datasets" / "someone" / "people"))
    assert "Both LATENT_LAB_DECK_FOLDER and LATENT_LAB_DECK_DATASET are set" in obstacle("folder")
    monkeypatch.delenv("LATENT_LAB_DECK_DATASET")
    assert open_deck("folder").photographs.digest == deck.photographs.digest  # the very same pictures
    assert not list((tmp_path / "cache").rglob("README.md"))


def test_a_pinned_data_set_that_is_here_needs_no_hub(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = hub.commit_of("datasets", "someone/people")
    monkeypatch.setenv("LATENT_LAB_DECK_DATASET", f"someone/people@{commit}")
    digest = open_deck("folder").photographs.digest
    restart()
    hub.asked.clear()
    assert open_deck("folder").photographs.digest == digest
    assert hub.asked == []


def test_a_data_set_that_is_here_is_played_while_the_hub_is_down(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = open_deck("folder").photographs.digest
    for address, offline in ((NOBODY, False), (hub.address, True)):
        restart()
        talk_to(address, monkeypatch)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
        assert open_deck("folder").photographs.digest == digest


def test_a_data_set_that_cannot_be_fetched_says_why(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def says(name: str = "someone/people") -> str:
        restart()
        monkeypatch.setenv("LATENT_LAB_DECK_DATASET", name)
        return obstacle("folder")

    assert says("no/body") == "There is no public data set no/body on the Hugging Face Hub; check the name."
    assert says("someone/people@v9") == "someone/people on the Hub has no revision v9; check its name."
    assert says("people/") == "people/ is not a name on the Hub; it has the form user/repository."
    hub.gated.add("someone/people")
    assert "asks for permission first" in says()
    hub.gated.clear()
    hub.sizes["someone/novel"] = {"chapter.txt": 10}
    assert "has no pictures as files" in says("someone/novel")
    hub.sizes["someone/crowd"] = {f"{number}.jpg": 10**6 for number in range(1000)}
    assert "has 1,000 pictures of 954 MB; up to 2,000 of 500 MB" in says("someone/crowd")
    hub.cut["train/001.png"] = 50
    assert says() == "A file of someone/people on the Hub arrived cut off; try again later."
    hub.cut.clear()
    hub.severed["train/001.png"] = 50
    monkeypatch.setattr(models.hub, "ATTEMPTS", 1)
    assert says() == "someone/people on the Hub broke off again and again; try again later."
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert says().startswith("This page runs without a network")  # nothing half of which is here
    talk_to(NOBODY, monkeypatch)
    assert "cannot be reached (ConnectError)" in says()


@pytest.mark.parametrize("branch", ["main", datasets.CONVERTED])
def test_photographs_in_parquet_files(hub: StandIn, branch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the data set, or where the Hub itself puts what it converted."""
    pictures = [
        file.read_bytes()
        for file in sorted((hub.root / "datasets/someone/people").rglob("*.[pP]*"), key=lambda file: file.name)
    ]
    shelf = hub.root / "datasets" / "someone" / "tables"
    if branch != "main":
        hub.branches[branch] = hub.root / "converted"
        shelf.mkdir()
        (shelf / "people.arrow").write_text("another form")
    where = shelf if branch == "main" else hub.branches[branch] / "datasets" / "someone" / "tables"
    write_table(where / "data" / "train-00000-of-00002.parquet", pictures[:20])
    write_table(where / "data" / "train-00001-of-00002.parquet", pictures[20:])
    expected = open_deck("folder").photographs.digest
    monkeypatch.setenv("LATENT_LAB_DECK_DATASET", "someone/tables")
    assert open_deck("folder").photographs.digest == expected  # the very same pictures
    restart()
    talk_to(NOBODY, monkeypatch)
    assert open_deck("folder").photographs.digest == expected
    restart()
    talk_to(hub.address, monkeypatch)
    monkeypatch.setattr(datasets, "MOST_PICTURES", 29)
    assert "someone/tables has 30 pictures of 0 MB; up to 29 of 500 MB" in obstacle("folder")
    restart()
    monkeypatch.setattr(datasets, "LARGEST_DATASET", 2**10)
    assert "someone/tables has 2 files of pictures of 0 MB; up to 29 of 0 MB" in obstacle("folder")


def test_nobody_waits_for_a_slow_hub(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "PROMPT", 0.1)
    hub.slow = 1.0
    assert obstacle("folder").startswith("The photographs are being fetched from someone/people on the Hub")
    assert obstacle("folder").startswith("The photographs are being fetched")
    hub.slow = 0.0
    assert datasets.errands.errands["someone/people"].done.wait(60)
    assert open_deck("folder").reals.shape == (30, 32, 32, 1)
    assert hub.asked.count("GET /api/datasets/someone/people") == 1  # one thread fetched for all


def test_a_hub_that_failed_is_asked_again_after_a_while(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    talk_to(NOBODY, monkeypatch)
    assert "cannot be reached" in obstacle("folder")
    talk_to(hub.address, monkeypatch)
    assert "cannot be reached" in obstacle("folder")
    assert hub.asked == []  # not yet
    monkeypatch.setattr(datasets.errands, "retry", 0.0)
    assert obstacle("folder") == ""


def test_decks_that_need_something_first_say_what(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATENT_LAB_DECK_FOLDER", raising=False)
    monkeypatch.delenv("LATENT_LAB_DECK_DATASET", raising=False)
    with pytest.raises(UnusableData, match=r"python -m data\.faces"):
        open_deck("lfw-full")
    with pytest.raises(UnusableData, match="LATENT_LAB_DECK_FOLDER"):
        open_deck("folder")
    with pytest.raises(InvalidInput, match="lfw, lfw-full, scenes, folder"):
        open_deck("casino")
    assert obstacle("lfw") == ""
    assert "LATENT_LAB_DECK_FOLDER" in obstacle("folder")
    assert all(offer.title and offer.summary for offer in DECKS.values())


def test_networks_that_do_not_fit(weights: Path) -> None:
    write_tiny_networks(weights / "faces-lfw-64", channels=3)
    with pytest.raises(NetworkUnavailable, match="3 channels"):
        open_deck("lfw")
    write_tiny_networks(weights / "faces-lfw-64", resolution=16)
    with pytest.raises(NetworkUnavailable, match="16 px"):
        open_deck("lfw")
    shutil.rmtree(weights / "faces-lfw-64" / "ladder")
    write_tiny_networks(weights / "faces-lfw-64", steps=())
    with pytest.raises(NetworkUnavailable, match="no ladder"):
        open_deck("lfw")
    shutil.rmtree(weights / "faces-lfw-64")
    with pytest.raises(NetworkUnavailable, match="faces-lfw-64"):
        open_deck("lfw")


def test_rendered_scenes_play_against_the_network_that_draws_to_order(weights: Path) -> None:
    write_tiny_scene_networks(weights)
    deck = open_deck("scenes")
    assert (deck.levels, deck.steps) == (1, (9,))
    assert deck.reals.shape == deck.fakes(1).pictures.shape
    assert deck.reals.shape[1:] == (64, 64, 3)
    side, judge = deck.opponent()
    assert side == 64
    assert judge(deck.reals[:3]).shape == (3,)
    assert np.abs(deck.fakes(1).pictures[0].astype(int) - deck.fakes(1).pictures[1]).mean() > 1
