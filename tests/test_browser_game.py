"""The known answers for the game that browsers play: they are what Python plays today."""

import base64
import json

import numpy as np
import pytest

from playground.points import PRESETS, draw_points
from tests.known_games import EVERY, FILE, SEEDS, Played, games, packed, play, stream

KNOWN = json.loads(FILE.read_text(encoding="utf-8"))
PLAYED = {known["title"]: known for known in KNOWN["games"]}
LARGEST = 200_000  # bytes of the file


def unpacked(text: str) -> np.ndarray:
    """Numbers of 32 bits that were written as text."""
    return np.frombuffer(base64.b64decode(text), "<f4")


def test_random_numbers_and_points_are_those_of_today() -> None:
    assert KNOWN["every"] == EVERY
    assert KNOWN["streams"] == [stream(seed) for seed in SEEDS]
    assert set(KNOWN["points"]) == set(PRESETS)
    for name, points in KNOWN["points"].items():
        assert np.allclose(unpacked(points), unpacked(packed(draw_points(name))), atol=1e-7)
    assert FILE.stat().st_size < LARGEST


def test_no_other_games_are_kept() -> None:
    assert [known["title"] for known in KNOWN["games"]] == [played.title for played in games()]


@pytest.mark.parametrize("played", [pytest.param(played, id=played.title) for played in games()])
def test_a_known_game_goes_as_it_does_today(played: Played) -> None:
    """Other processors round other last digits, hence nearly."""
    known, today = PLAYED[played.title], json.loads(json.dumps(play(played)))
    for name in ("data", "settings", "later", "parts", "rounds"):
        assert known[name] == today[name]
    assert (known["numbers"] is None) == (today["numbers"] is None)
    if known["numbers"] is None:
        return
    for name in ("generator", "discriminator"):
        assert np.allclose(unpacked(known[name]), unpacked(today[name]), atol=1e-4)
    assert known["numbers"] == pytest.approx(today["numbers"], abs=2e-4)
    if known["frame"]:
        assert known["frame"]["captions"] == today["frame"]["captions"]
