"""Fits that are found once, one at a time, and for only so many who wait."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from models import InvalidInput
from tabs.playground.fits import MOST_KEPT, MOST_WAITING, found_once, places


def test_visitors_who_ask_at_once_share_one_answer() -> None:
    asked = list[str]()
    go = threading.Event()

    @found_once
    def find(data: str) -> str:
        asked.append(data)
        assert go.wait(10)
        return data.upper()

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(find, "ring") for _ in range(8)]
        go.set()
        assert {answer.result() for answer in answers} == {"RING"}
    assert asked == ["ring"]


def test_own_points_hold_up_neither_presets_nor_the_page() -> None:
    begun, go = threading.Event(), threading.Event()

    @found_once
    def find(data: str) -> str:
        if data.startswith("own-"):
            begun.set()
            assert go.wait(10)
        return data.upper()

    with ThreadPoolExecutor(MOST_WAITING) as pool:
        waiting = [pool.submit(find, f"own-{number}") for number in range(MOST_WAITING)]
        assert begun.wait(10)
        assert find("ring") == "RING"
        while places._value:  # until all have theirs
            time.sleep(0.01)
        with pytest.raises(InvalidInput, match="points of several others are being fitted"):
            find("own-more")
        go.set()
        assert [answer.result() for answer in waiting] == [f"OWN-{number}" for number in range(MOST_WAITING)]
    assert find("own-more") == "OWN-MORE"  # the places are free again


def test_the_oldest_own_answer_is_forgotten_and_presets_stay() -> None:
    asked = list[str]()

    @found_once
    def find(data: str) -> str:
        asked.append(data)
        return data

    names = ["ring", *[f"own-{number}" for number in range(MOST_KEPT + 1)]]
    for name in names:
        find(name)
    asked.clear()
    for name in ("ring", f"own-{MOST_KEPT}", "own-1", "own-0"):
        find(name)
    assert asked == ["own-0"]


def test_a_failure_is_not_kept() -> None:
    tries = list[int]()

    @found_once
    def find(data: str) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise InvalidInput("These points are gone.")
        return data

    with pytest.raises(InvalidInput, match="gone"):
        find("own-a")
    assert find("own-a") == "own-a"
