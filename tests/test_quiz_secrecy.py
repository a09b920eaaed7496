"""Nothing but the faces tells the classes apart: 2,000 rounds against rules that do not look at faces."""

import base64
import dataclasses
import secrets
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from quiz import secrecy
from quiz.decks import open_deck
from quiz.rounds import new_round
from quiz.scores import Store
from quiz.view import draw_oval, to_address
from tests.quiz_rules import Seen, winning_rules

ROUNDS = 2000


def collect(store: Store, count: int, deck: str, levels: int = 3) -> list[Seen]:
    """Rounds as the page gets them, with the answer from the database."""
    rounds = []
    for number in range(count):
        started = time.perf_counter()
        question = new_round(store, deck, 1 + number % levels)
        seconds = time.perf_counter() - started
        addresses = [to_address(picture) for picture in (question.left, question.right)]
        left, right = (base64.b64decode(address.partition(",")[2]) for address in addresses)
        rest = f"{question.deck} {question.left.shape} {question.right.shape} {len(addresses[0])}"
        rounds.append(
            Seen(question.token, left, right, seconds, rest, real_side=store.find_round(question.token).real_side)
        )
    return rounds


@pytest.mark.parametrize("deck", ["portraits-colour", "portraits"])
def test_no_rule_beats_chance(tmp_path: Path, tiny_portraits: Path, monkeypatch: pytest.MonkeyPatch, deck: str) -> None:
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(tiny_portraits))
    store = Store(f"sqlite:///{tmp_path / 'quiz.sqlite3'}")
    rounds = collect(store, ROUNDS, deck)
    files = {file for seen in rounds for file in (seen.left, seen.right)}
    assert len(files) == 2 * ROUNDS  # no bytes come twice
    assert len({len(file) for file in files}) == 1
    assert len({seen.token for seen in rounds}) == ROUNDS
    winners = winning_rules(rounds)
    if winners:  # by luck once in a hundred runs: a rule that really works does so again
        again = winning_rules(collect(store, ROUNDS, deck))
        assert not winners.keys() & again.keys(), (winners, again)
    store.close()


def leak(seen: Seen, name: str) -> Seen:
    """The same round, with a leak that a careless page could have."""
    real = seen.left if seen.real_side == "left" else seen.right
    leaky = {
        "length": {seen.real_side: real + b"."},
        "metadata": {seen.real_side: b"tEXt photograph" + real},
        "repeated bytes": {seen.real_side: real[:9]},
        "token": {"token": seen.real_side[0] + seen.token},
        "time": {"seconds": 1.01 if seen.real_side == "left" else 1.0},
        "address": {"rest": f"/photographs/{seen.real_side}.png"},
    }
    return dataclasses.replace(seen, **leaky[name])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["length", "metadata", "repeated bytes", "token", "time", "address"])
def test_the_rules_find_leaks(name: str) -> None:
    rounds = [
        Seen(
            token=secrets.token_urlsafe(32),
            left=b"PNG IDAT" + secrets.token_bytes(40),
            right=b"PNG IDAT" + secrets.token_bytes(40),
            seconds=1.0,
            rest="",
            real_side=secrets.choice(["left", "right"]),
        )
        for _ in range(300)
    ]
    assert winning_rules([leak(seen, name) for seen in rounds])


# --- simple statistics of the pixels -------------------------------------------------------------------------------

ALL = np.ones((256, 256), bool)


def noise(deviation: float) -> secrecy.Light:
    return np.asarray(np.random.default_rng(0).normal(128, deviation, (256, 256)), np.float32)


def test_the_statistics_measure_what_they_are_named_after() -> None:
    measures = secrecy.STATISTICS
    across = np.mgrid[:256, :256][1].astype(np.float32)
    ramp = across / 2
    assert measures["mean"](ramp, ALL) == pytest.approx(63.75)
    assert measures["contrast"](ramp, ALL) == pytest.approx(128 / 12**0.5, rel=0.01)
    for name, period in (("sharpness, fine", 5), ("sharpness, middle", 16), ("sharpness, coarse", 32)):
        waves = 128 + 40 * np.sin(2 * np.pi * across / period)
        bands = {other: measures[other](waves, ALL) for other in measures if other.startswith("sharpness")}
        assert max(bands, key=lambda other: bands[other]) == name
    assert measures["noise in flat parts"](noise(6), ALL) > 5 * measures["noise in flat parts"](noise(1), ALL) / 1.2
    oval = draw_oval(256) > 0.99
    rim = gaussian_filter(oval.astype(np.float32), secrecy.RIM) < 0.8
    assert measures["edge of the crop"](np.where(rim, 150, 120).astype(np.float32), oval) == pytest.approx(30)
    assert measures["symmetry"](noise(5) + noise(5)[:, ::-1], ALL) == pytest.approx(1)
    assert abs(measures["symmetry"](noise(5), ALL)) < 0.02
    blocky = np.repeat(np.repeat(noise(20)[:16, :16], 16, axis=0), 16, axis=1)
    assert measures["JPEG traces"](blocky, ALL) > 0.9 and measures["JPEG traces"](noise(20), ALL) < 0.05
    assert measures["histogram gaps"](2 * (noise(20) // 2), ALL) > 5 * measures["histogram gaps"](noise(20), ALL)


def test_the_area_under_the_curve() -> None:
    assert secrecy.area(np.array([2.0, 3.0]), np.array([0.0, 1.0])) == 1
    assert secrecy.area(np.array([0.0, 3.0]), np.array([1.0, 2.0])) == 0.5
    assert secrecy.area(np.array([1.0, 1.0]), np.array([1.0, 1.0])) == 0.5


@pytest.mark.parametrize("name", ["portraits-colour", "portraits"])
def test_no_simple_statistic_tells_the_last_level_from_photographs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the networks of the repository."""
    monkeypatch.delenv("LATENT_LAB_WEIGHTS", raising=False)
    found = secrecy.areas(open_deck(name), showings=1)
    low, high = secrecy.ALLOWED
    assert {name: found[name] for name in secrecy.STATISTICS if not low <= found[name] <= high} == {}
