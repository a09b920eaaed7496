"""Dynamic batching: who asks at the same time is answered from one pass, and errors reach only whom they concern."""

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

from models import load, sliders
from models.errors import InvalidInput
from models.sliders import paint, random_codes, types_of
from serving.batching import Batched
from serving.inference import paint_one


class Slow:
    """Work that writes down its passes, and waits in the first one until it is let go."""

    def __init__(self) -> None:
        self.passes: list[tuple[str, list[int]]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, network: str, rows: list[int]) -> list[int]:
        self.passes.append((network, rows))
        self.begun.set()
        assert self.go.wait(10)
        if any(row < 0 for row in rows):
            raise InvalidInput(f"{min(rows)} is too small.")
        return [10 * row for row in rows]


def ask(slow: Slow, batched: Batched[str, int, int], asked: list[tuple[str, int]]) -> list[Future[int]]:
    """Asks for one row, which is held up, and meanwhile for others, each from a thread of its own; then lets all go."""
    with ThreadPoolExecutor(len(asked)) as pool:
        futures = []
        for number, (network, row) in enumerate(asked):
            futures.append(pool.submit(batched, network, row))
            if number == 0:
                assert slow.begun.wait(10)
            else:
                while len(batched.waiting) < number:
                    pass
        slow.go.set()
    return futures


def test_what_waits_for_one_network_is_done_in_one_pass() -> None:
    slow = Slow()
    asked = [("a", 1), ("a", 2), ("b", 3), ("a", 4), ("a", 5), ("a", 6)]
    futures = ask(slow, Batched(slow, most=3), asked)
    assert [future.result() for future in futures] == [10, 20, 30, 40, 50, 60]
    assert slow.passes == [("a", [1]), ("a", [2, 4, 5]), ("b", [3]), ("a", [6])]  # the oldest row says which network


def test_only_the_wrong_row_fails() -> None:
    slow = Slow()
    futures = ask(slow, Batched(slow), [("a", 1), ("a", 2), ("a", -3), ("a", 4)])
    assert [future.result() for future in futures if future is not futures[2]] == [10, 20, 40]
    with pytest.raises(InvalidInput, match="-3 is too small"):
        futures[2].result()


@pytest.mark.parametrize("results", [[], [1, 2], ["x"]])
def test_a_faulty_answer_reaches_the_one_who_asked(results: list[Any]) -> None:
    """Also one that fails while it is handed out; the thread goes on."""

    def work(network: str, rows: list[int]) -> Iterator[int]:
        return (int(result) for result in (results if network == "bad" else rows))

    batched: Batched[str, int, int] = Batched(work)
    with pytest.raises((RuntimeError, ValueError)):
        batched("bad", 1)
    assert batched("good", 7) == 7


def test_nothing_is_held_after_it_is_done() -> None:
    class Network:
        pass

    network = Network()
    batched: Batched[Network, int, int] = Batched(lambda _, rows: rows)
    assert batched(network, 7) == 7
    alive = weakref.ref(network)
    del network
    for _ in range(1000):
        gc.collect()
        if alive() is None:
            return
    pytest.fail("the network is still held")


@pytest.mark.parametrize("name", ["scenes-infogan-cr-64", "sprites-infogan-cr-64", "faces-celeba-64"])
def test_pictures_of_one_pass_are_those_drawn_alone(name: str) -> None:
    """Within rounding: the order of sums may depend on the number of rows."""
    network = load(name)
    codes = [random_codes(network, seed) for seed in range(5)]
    together = sliders.paint_rows(network, [(tuple(row), seed) for seed, row in enumerate(codes)])
    alone = np.concatenate([paint(network, row[None], seed=seed) for seed, row in enumerate(codes)])
    assert together.shape == alone.shape
    off = np.abs(together.astype(int) - alone)
    assert off.max() <= 1 and (off > 0).mean() < 0.001
    assert (paint_one(network, (tuple(codes[3]), 3)) == alone[3]).all()


def test_small_networks_leave_other_processors_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(*_: object, **__: object) -> list[int]:
        return [torch.get_num_threads()]

    monkeypatch.setattr(sliders, "paint", counted)

    def fresh(work: Callable[[], list[int]]) -> int:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(work).result()[0]

    network = load("scenes-infogan-cr-64")
    rows = [((0.0,) * len(types_of(network)), 1)]
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        assert fresh(lambda: list(sliders.paint_rows(network, rows))) == 1
        assert fresh(lambda: list(sliders.paint_rows(load("faces-celeba-64"), rows))) == 2
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
