"""Decks: what is offered, what a deck holds, and what is said when one cannot be played."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.errors import InvalidInput, NetworkUnavailable, UnusableData
from quiz.decks import DECKS, obstacle, open_deck
from tests.networks import STEPS, write_tiny_networks, write_tiny_scene_networks


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
    assert (deck.levels, deck.steps) == (8, STEPS)
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
    shutil.copy(
        weights / "faces-lfw-64/snapshots/step-0000100.safetensors",
        weights / "faces-lfw-64/snapshots/step-0012800.safetensors",
    )
    assert open_deck("lfw").fakes(8).edition != before.edition


def test_the_hosts_own_photographs(weights: Path, photographs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny_networks(weights / "faces-celeba-64", channels=3, steps=(5, 7))
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(photographs))
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-celeba-64")
    deck = open_deck("folder")
    assert deck.reals.shape == (256, 32, 32, 3)  # of 300, as many as one pool may hold
    assert deck.levels == 2
    assert deck.fakes(2).pictures.shape == deck.reals.shape
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-lfw-64")
    assert open_deck("folder").reals.shape == (256, 32, 32, 1)


def test_too_few_photographs(weights: Path, photographs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in sorted(photographs.iterdir())[19:]:
        file.unlink()
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(photographs))
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-lfw-64")
    with pytest.raises(UnusableData, match="19"):
        open_deck("folder")


def test_decks_that_need_something_first_say_what(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATENT_LAB_DECK_FOLDER", raising=False)
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
    shutil.rmtree(weights / "faces-lfw-64" / "snapshots")
    write_tiny_networks(weights / "faces-lfw-64", steps=())
    with pytest.raises(NetworkUnavailable, match="no snapshots"):
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
