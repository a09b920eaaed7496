"""The line of long work: order, progress, stop, who may see what, what is abandoned."""

import sys
import threading
import time
from collections.abc import Callable

import pytest

from models import InvalidInput
from models.merging import Progress
from server import jobs as module
from server.guard import OUR_FAULT, Values
from server.jobs import CLOSING, Jobs


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Jobs:
    monkeypatch.setattr(module, "PROMPT", 0.2)
    return Jobs()


def endless(seen: list[float], gate: threading.Event) -> Callable[[Progress], Values]:
    """Work that tells its progress until it is stopped."""

    def work(progress: Progress) -> Values:
        for step in range(10_000):
            progress(step / 10_000)
            seen.append(step)
            gate.set()
            time.sleep(0.005)
        return {"done": True}

    return work


def until(check: Callable[[], bool]) -> None:
    """Waits for something that happens soon."""
    deadline = time.monotonic() + 20
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_short_work_is_answered_at_once(jobs: Jobs) -> None:
    assert jobs.start(lambda progress: {"answer": 42}) == {"answer": 42}
    assert jobs.unfinished() == 0
    assert jobs.jobs == {}  # collected and forgotten


def test_long_work_tells_how_far_it_is_and_stops_when_told(jobs: Jobs) -> None:
    seen: list[float] = []
    gate = threading.Event()
    answer = jobs.start(endless(seen, gate))
    assert gate.wait(10)
    assert answer["ahead"] == 0
    until(lambda: jobs.follow(answer["job"])["share"] > 0)
    assert jobs.follow(answer["job"])["left"] > 0
    jobs.stop(answer["job"])
    until(lambda: jobs.unfinished() == 0)
    count = len(seen)
    time.sleep(0.1)
    assert len(seen) <= count + 1
    with pytest.raises(InvalidInput, match="was stopped or has been collected already"):
        jobs.follow(answer["job"])


def test_work_waits_its_turn_and_knows_its_place(jobs: Jobs) -> None:
    gate = threading.Event()
    first = jobs.start(endless([], gate))
    assert gate.wait(10)
    second = jobs.start(lambda progress: {"answer": 2})
    assert (first["ahead"], second["ahead"]) == (0, 1)
    assert second["left"] is None
    jobs.stop(first["job"])
    until(lambda: "answer" in jobs.follow(second["job"]))


def test_names_cannot_be_guessed_and_are_of_no_use_to_others(jobs: Jobs) -> None:
    gate = threading.Event()
    names = {jobs.start(endless([], gate))["job"] for _ in range(3)}
    assert len(names) == 3
    assert min(map(len, names)) >= 20
    with pytest.raises(InvalidInput):
        jobs.follow("0")
    jobs.stop("0")  # nothing happens
    assert jobs.unfinished() == 3
    for name in names:
        jobs.stop(name)


def test_errors_become_a_sentence_and_the_line_goes_on(jobs: Jobs) -> None:
    def wrong(progress: Progress) -> Values:
        raise InvalidInput("The picture is upside down.")

    def broken(progress: Progress) -> Values:
        raise ZeroDivisionError

    assert jobs.start(wrong) == {"notice": "The picture is upside down."}
    assert jobs.start(broken) == {"notice": OUR_FAULT}
    assert jobs.start(lambda progress: {"answer": 1}) == {"answer": 1}


def test_what_nobody_asks_about_is_stopped(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ABANDONED", 0.3)
    gate = threading.Event()
    answer = jobs.start(endless([], gate))
    assert gate.wait(10)
    time.sleep(0.4)
    assert jobs.start(lambda progress: {"answer": 1}) == {"answer": 1}  # the line is free
    with pytest.raises(InvalidInput):
        jobs.follow(answer["job"])


def test_a_full_line_says_so(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    gate = threading.Event()
    names = [jobs.start(endless([], gate))["job"] for _ in range(2)]
    with pytest.raises(InvalidInput, match="2 others are waiting already"):
        jobs.start(lambda progress: {})
    for name in names:
        jobs.stop(name)


def test_large_pictures_that_wait_take_a_bounded_memory(jobs: Jobs) -> None:
    gate = threading.Event()
    names = [jobs.start(endless([], gate), module.MOST_HELD // 2 + part)["job"] for part in (0, -1)]
    with pytest.raises(InvalidInput, match="Many large pictures are waiting just now"):
        jobs.start(lambda progress: {}, 2)
    for name in names:
        jobs.stop(name)
    until(lambda: not jobs.jobs)
    assert jobs.start(lambda progress: {"answer": 5}, 2 * module.MOST_HELD) == {"answer": 5}  # alone, all is taken


def test_results_that_nobody_collects_count_too(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PROMPT", 0.0)
    monkeypatch.setattr(module, "MOST_HELD", 1000)
    go = threading.Event()
    held = [bytearray(10)]

    def work(progress: Progress) -> Values:
        go.wait(10)
        return {"film": "x" * 600, "parts": [{"address": "y" * 300}], "count": len(held)}

    name = jobs.start(work)["job"]
    references = sys.getrefcount(work)
    go.set()
    until(lambda: jobs.unfinished() == 0)
    assert sys.getrefcount(work) < references  # and what it holds
    with pytest.raises(InvalidInput, match="Many large pictures"):
        jobs.start(lambda progress: {}, 101)
    assert jobs.follow(name)["count"] == 1
    assert "job" in jobs.start(lambda progress: {}, 101)


def test_everybody_comes_before_anybody_s_second_piece(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, order, go = "", list[str](), threading.Event()
    monkeypatch.setattr(module, "visitor", lambda: owner)
    monkeypatch.setattr(module, "PROMPT", 0.0)

    def piece(name: str) -> Callable[[Progress], Values]:
        def work(progress: Progress) -> Values:
            go.wait(10)
            order.append(name)
            return {}

        return work

    places = []
    for name in ("a1", "a2", "a3", "b1", "c1", "b2"):
        owner = name[0]
        answer = jobs.start(piece(name))
        places.append(answer["ahead"])
        if name == "a1":
            until(lambda: jobs.active() == 1)
    assert places == [0, 1, 2, 1, 2, 4]
    go.set()
    until(lambda: jobs.unfinished() == 0)
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_one_address_cannot_fill_the_line(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = "1.2.3.4"
    monkeypatch.setattr(module, "visitor", lambda: owner)
    monkeypatch.setattr(module, "PROMPT", 0.0)
    gate = threading.Event()
    names = [jobs.start(endless([], gate))["job"] for _ in range(module.MOST_EACH)]
    with pytest.raises(InvalidInput, match="5 pictures from your address wait already"):
        jobs.start(lambda progress: {})
    owner = "5.6.7.8"
    names.append(jobs.start(endless([], gate))["job"])
    for name in names:
        jobs.stop(name)


def test_work_that_takes_too_long_is_stopped(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.1)
    seen: list[float] = []
    sentence = "This took longer than 0 seconds and was stopped; try a smaller picture."
    assert jobs.start(endless(seen, threading.Event())) == {"notice": sentence}
    assert 1 < len(seen) < 100
    assert jobs.start(lambda progress: {"answer": 1}) == {"answer": 1}  # the line goes on


def test_programs_wait_in_the_same_line(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ABANDONED", 1.5)  # a program asks nothing, and is not taken for gone

    def slow(progress: Progress) -> Values:
        for _ in range(40):
            time.sleep(0.05)
            progress(0.5)
        return {"answer": 3}

    gate = threading.Event()
    answer = jobs.start(endless([], gate))
    assert gate.wait(10)
    threading.Timer(0.2, jobs.stop, [answer["job"]]).start()
    assert jobs.run_and_wait(slow) == {"answer": 3}

    def wrong(progress: Progress) -> Values:
        raise InvalidInput("The picture is upside down.")

    with pytest.raises(InvalidInput, match="upside down"):
        jobs.run_and_wait(wrong)


def test_a_line_that_closes_finishes_what_it_took(jobs: Jobs) -> None:
    go = threading.Event()

    def work(progress: Progress) -> Values:
        go.wait(10)
        return {"answer": 4}

    answer = jobs.start(work)
    closing = threading.Thread(target=jobs.close, args=(30.0,))
    closing.start()
    until(lambda: jobs.closed)
    with pytest.raises(InvalidInput, match="being restarted"):
        jobs.start(lambda progress: {})
    with pytest.raises(InvalidInput, match="being restarted"):
        jobs.run_and_wait(lambda progress: {})
    go.set()
    until(lambda: jobs.unfinished() == 0)
    assert closing.is_alive()  # the visitor does not have it yet
    assert jobs.follow(answer["job"]) == {"answer": 4}
    closing.join(10)
    assert not closing.is_alive()


def test_a_line_that_closes_does_not_wait_for_ever(jobs: Jobs) -> None:
    gate = threading.Event()
    answer = jobs.start(endless([], gate))
    assert gate.wait(10)
    closing = threading.Thread(target=jobs.close, args=(0.1,))
    closing.start()
    until(lambda: "job" not in (told := jobs.follow(answer["job"])) and told == {"notice": CLOSING})
    closing.join(10)
    assert not closing.is_alive()
