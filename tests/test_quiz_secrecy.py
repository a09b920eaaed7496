"""Nothing but the faces tells the classes apart: 2,000 rounds against rules that do not look at faces."""

import dataclasses
import secrets
import time
from pathlib import Path

import pytest

from quiz.rounds import new_round
from quiz.scores import Store
from quiz.view import to_address, to_png
from tests.networks import write_tiny_networks, write_tiny_upscalers
from tests.quiz_rules import Seen, winning_rules

ROUNDS = 2000


def collect(store: Store, count: int, *, enlarged: bool = False) -> list[Seen]:
    """Rounds as the page gets them, with the answer from the database."""
    rounds = []
    for number in range(count):
        started = time.perf_counter()
        question = new_round(store, "lfw", 1 + number % 8, enlarged=enlarged)
        seconds = time.perf_counter() - started
        left, right = to_png(question.left), to_png(question.right)
        rest = f"{question.deck} {question.left.shape} {question.right.shape} {len(to_address(question.left))}"
        rounds.append(
            Seen(question.token, left, right, seconds, rest, real_side=store.find_round(question.token).real_side)
        )
    return rounds


@pytest.mark.parametrize("enlarged", [False, True])
def test_no_rule_beats_chance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, enlarged: bool) -> None:
    write_tiny_networks(tmp_path / "faces-lfw-64")
    write_tiny_upscalers(tmp_path)
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(tmp_path))
    store = Store(f"sqlite:///{tmp_path / 'quiz.sqlite3'}")
    rounds = collect(store, ROUNDS, enlarged=enlarged)
    files = {file for seen in rounds for file in (seen.left, seen.right)}
    assert len(files) == 2 * ROUNDS  # no bytes come twice
    assert len({len(file) for file in files}) == 1
    assert len({seen.token for seen in rounds}) == ROUNDS
    winners = winning_rules(rounds)
    if winners:  # by luck once in a hundred runs: a rule that really works does so again
        again = winning_rules(collect(store, ROUNDS, enlarged=enlarged))
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
