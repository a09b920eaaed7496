"""The tab "Playground": its server functions, the arena's seats and line, and a visitor who plays."""

import base64
import csv
import io
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from models.errors import InvalidInput
from playground.arena import Arena
from playground.game import GameSettings
from playground.points import RING, draw_points
from tabs.playground import arena, densities
from tabs.playground import tab as playground
from tests.conftest import Visit, visiting
from tests.pages import serve_page
from tests.test_browser_drawing import SHIPPED, THERE, move, open_sliders
from trainer.history import write_history

TOKEN = "a-token-of-a-test"
NO_WORKERS = "delete window.Worker"
KEEP_WORKERS = """
window.Worker = class extends Worker {
  constructor(...given) { super(...given); window.worker = this; }
};
"""
PHONE: dict[str, Any] = {"device_scale_factor": 3, "is_mobile": True, "has_touch": True}


# --- seats and line ----------------------------------------------------------------------------------------------


class Clock:
    """A clock that stands still, or goes on by so many seconds whenever it is looked at."""

    def __init__(self, step: float = 0.0):
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def opened(seats: int = 1, clock: Clock | None = None, tokens: tuple[str, ...] = ("one", "two", "three")) -> Arena:
    """An arena with games under these tokens."""
    found = Arena(seats=seats, lease=0.3, clock=clock or Clock())
    for token in tokens:
        found.open(token, GameSettings(), draw_points("ring"), RING)
    return found


def test_who_comes_when_all_seats_are_taken_is_told_their_place_and_gets_the_next_one() -> None:
    games = opened()
    assert games.play("one", rounds=1)["played"] == 1
    assert games.play("two", rounds=1) == {"line": 1, "seats": 1}
    assert games.play("three", rounds=1) == {"line": 2, "seats": 1}
    assert games.play("two", rounds=1)["line"] == 1
    assert games.running() == 1
    games.pause("one")
    assert games.running() == 0
    assert games.play("three", rounds=1) == {"line": 2, "seats": 1}  # the seat is free, but two came first
    assert games.play("two", rounds=1)["played"] == 1
    assert games.play("three", rounds=1)["line"] == 1


def test_who_leaves_the_page_leaves_the_seat_and_the_line() -> None:
    clock = Clock()
    games = opened(clock=clock)
    games.play("one", rounds=1)
    games.play("two", rounds=1)
    clock.now = 0.29
    assert games.running() == 1
    clock.now = 0.31
    assert games.running() == 0
    assert games.play("three", rounds=1)["played"] == 1


def test_a_request_trains_a_moment_and_no_longer() -> None:
    games = opened(clock=Clock(step=0.02))
    frame = games.play("one", rounds=2000)
    assert frame["played"] == 4  # rounds of 20 ms in 70 ms: the last one goes over
    assert frame["rounds"] == frame["played"]
    assert games.play("one", rounds=2000, until=frame["rounds"])["played"] == 0
    with pytest.raises(InvalidInput, match="rounds is 0"):
        games.play("one", rounds=0)
    with pytest.raises(InvalidInput, match="no longer kept"):
        games.play("nobody", rounds=1)


def test_two_visitors_never_see_each_others_game() -> None:
    games = opened(seats=2)
    alone = opened(tokens=("one",))
    for _ in range(3):
        games.play("one", rounds=2)
        games.play("two", rounds=5)
        alone.play("one", rounds=2)
    frames = [games.play("one", rounds=1), alone.play("one", rounds=1)]
    assert frames[0]["rounds"] == frames[1]["rounds"] == 7
    assert frames[0]["fake"] == frames[1]["fake"]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (("MOST_GAMES", 2), ("MOST_MOMENTS", 8), ("MOST_ROWS", 10)):
        monkeypatch.setattr(f"playground.arena.{name}", most)
    games = opened(tokens=("one", "two", "three"))
    assert list(games.sessions) == ["two", "three"]
    for _ in range(40):
        games.play("three", rounds=1)
    session = games.sessions["three"]
    assert len(session.moments) <= 9
    assert len(session.rows) <= 11
    assert session.rows[-1]["rounds"] == 40
    rounds = [moment[0] for moment in session.moments]
    assert rounds == sorted(set(rounds))


# --- server functions --------------------------------------------------------------------------------------------


def test_a_game_opens_with_what_the_link_says_and_the_python_lines_play_it() -> None:
    asked = {"token": TOKEN, "data": "moons", "loss": "wasserstein", "generator_rate": "0.005", "seed": "3"}
    answer = arena.game_open(asked)
    assert answer["settings"]["loss"] == "wasserstein"
    assert answer["settings"]["generator_rate"] == 0.005
    assert answer["link"] == "tab=playground&part=game&data=moons&loss=wasserstein&generator_rate=0.005&seed=3"
    names: dict[str, Any] = {}
    exec(answer["python"].replace("print(", "found = (").replace("1000", "7"), names)
    frame = arena.game_play({"token": TOKEN, "rounds": 7, "until": 7})
    assert frame["rounds"] == 7
    arena.game_pause({"token": TOKEN})
    session = arena.arena.sessions[TOKEN]
    assert np.allclose(names["found"], session.game.sample(5))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"preset": "chaos"}, "There is no lesson 'chaos'"),
        ({"loss": "hinge"}, "The loss is 'hinge'"),
        ({"data": "circle"}, "There are no points 'circle'"),
        ({"data": "own-0123"}, "no longer in memory"),
        ({"width": "many"}, "The width is 'many'"),
        ({"generator_rate": "nan"}, "learning rate of G is nan"),
    ],
)
def test_a_wrong_link_opens_the_first_lesson_with_one_sentence(asked: dict[str, str], sentence: str) -> None:
    answer = arena.game_open({"token": TOKEN, **asked})
    assert sentence in answer["notice"]
    assert answer["preset"] == "balanced"
    assert answer["frame"]["rounds"] == 0


def test_wrong_requests_get_one_sentence() -> None:
    arena.game_open({"token": TOKEN})
    for function, asked, sentence in (
        (arena.game_play, {"token": TOKEN, "rounds": "x"}, "number of rounds is 'x'"),
        (arena.game_play, {"token": TOKEN, "rounds": 1, "part": "nobody"}, "player is 'nobody'"),
        (arena.game_play, {"token": "unknown-token-of-nobody", "rounds": 1}, "no longer kept"),
        (arena.game_play, {"rounds": 1}, "names no game"),
        (arena.game_file, {"token": TOKEN, "kind": "exe"}, "no such file"),
        (arena.game_file, {"token": TOKEN, "kind": "gif"}, "nothing to film"),
        (arena.take_points, {"csv": "a,b"}, "no line of numbers"),
        (arena.take_points, {"drawn": []}, "Nothing is drawn yet"),
        (arena.take_points, {"drawn": [[0, 1]] * 3}, "There are 3 points"),
        (arena.take_points, {"drawn": [["a", "b"]] * 30}, "not pairs of numbers"),
        (arena.take_points, {"drawn": [[10**400, 1]] * 30}, "not pairs of numbers"),
        (arena.take_points, {"csv": "\n".join(f"{'9' * 5000},{n}" for n in range(20))}, "not finite"),
        (arena.take_points, {"size": 9_000_000}, "has 9,000,000 bytes"),
        (densities.mixture, {"components": 99, "seed": 1}, "There are 99 components"),
        (densities.mixture, {"components": 2, "seed": 1, "step": 10**9}, "step is"),
        (densities.criteria, {"data": "x"}, "no points 'x'"),
        (playground.spam, {"seed": 1, "moves": "fsx"}, "letters f and s"),
        (playground.spam, {"seed": -1}, "seed is -1"),
        (playground.orbits, {"function": "z", "x": 0, "y": 0, "rate": 0.1, "steps": 3}, "There is no 'z'"),
        (playground.orbits, {"x": 0, "y": "inf", "rate": 0.1, "steps": 3}, "The start is"),
        (playground.replay, {"model": "../etc"}, "recorded training"),
    ):
        answer = function(asked)
        text = answer.get("notice") or answer.get("trouble") or ""
        assert sentence in text, (sentence, answer)


def test_settings_can_be_turned_while_a_game_goes_on() -> None:
    arena.game_open({"token": TOKEN})
    arena.game_play({"token": TOKEN, "rounds": 3})
    answer = arena.game_tune({"token": TOKEN, "data": "ring", "discriminator_steps": 4})
    assert answer["settings"]["discriminator_steps"] == 4
    assert answer["preset"] == ""
    other = arena.game_tune({"token": TOKEN, "data": "ring", "discriminator_steps": 4, "noise": 1, "seed": 9})
    assert other["settings"] == answer["settings"]  # what would be another game stays
    assert arena.game_play({"token": TOKEN, "rounds": 1})["rounds"] == 4
    arena.game_pause({"token": TOKEN})


def test_a_game_is_downloaded_as_film_and_as_table() -> None:
    arena.game_open({"token": TOKEN})
    for _ in range(4):
        arena.game_play({"token": TOKEN, "rounds": 2})
    arena.game_pause({"token": TOKEN})
    film, table = (arena.game_file({"token": TOKEN, "kind": kind}) for kind in ("gif", "csv"))
    with Image.open(io.BytesIO(base64.b64decode(film["content"].partition(",")[2]))) as picture:
        assert (picture.format, getattr(picture, "n_frames", 1)) == ("GIF", 5)
    rows = list(csv.DictReader(io.StringIO(base64.b64decode(table["content"].partition(",")[2]).decode())))
    assert [int(row["rounds"]) for row in rows] == [0, 2, 4, 6, 8]
    assert float(rows[-1]["value"]) < 0


def test_a_browser_gets_all_digits_of_points_that_it_cannot_draw() -> None:
    drawn = [[0.1 * math.cos(k), 0.1 * math.sin(k)] for k in range(40)]
    data = arena.take_points({"drawn": drawn})["data"]
    answer = arena.game_read({"data": data, "seed": 5})
    assert np.frombuffer(base64.b64decode(answer["own"])).reshape(40, 2).tolist() == drawn
    assert answer["link"] == f"tab=playground&part=game&data={data}&seed=5"
    assert "own" not in arena.game_read({"data": "moons"})
    assert arena.game_read({"data": "circle"})["preset"] == "balanced"
    assert arena.game_describe({"data": data, "discriminator_steps": 4})["settings"]["discriminator_steps"] == 4
    assert "number of steps of D is 99" in arena.game_describe({"discriminator_steps": 99})["notice"]


def test_a_game_of_the_browser_is_filmed_as_one_of_the_server() -> None:
    arena.game_open({"token": TOKEN})
    for _ in range(2):
        arena.game_play({"token": TOKEN, "rounds": 2})
    arena.game_pause({"token": TOKEN})
    moments = [
        {
            "rounds": rounds,
            "surface": base64.b64encode(shares.tobytes()).decode(),
            "samples": np.rint(1000 * samples.astype(float)).astype(int).ravel().tolist(),
        }
        for rounds, shares, samples in arena.arena.find(TOKEN).moments
    ]
    theirs = arena.game_film({"data": "ring", "moments": moments})
    ours = arena.game_file({"token": TOKEN, "kind": "gif"})
    assert theirs["name"] == ours["name"]
    frames = []
    for film in (theirs, ours):
        with Image.open(io.BytesIO(base64.b64decode(film["content"].partition(",")[2]))) as picture:
            assert getattr(picture, "n_frames", 1) == 3
            frames.append(np.asarray(picture.convert("RGB"), dtype=int))
    assert np.abs(frames[0] - frames[1]).mean() < 0.5
    for wrong in (
        {"surface": "AAAA"},
        {"surface": "?"},
        {"samples": [1, 2]},
        {"samples": ["x"] * 600},
        {"rounds": "x"},
    ):
        answer = arena.game_film({"data": "ring", "moments": [moments[0], {**moments[1], **wrong}]})
        assert list(answer) == ["notice"]
    assert "nothing to film" in arena.game_film({"data": "ring", "moments": moments[:1]})["notice"]
    assert "no moments" in arena.game_film({"data": "ring", "moments": moments * 99})["notice"]


def test_a_fit_is_stepped_sampled_and_repeated() -> None:
    answer = densities.mixture({"data": "grid", "components": 9, "seed": 2, "step": 6, "sample": True})
    assert answer["step"] == 6
    assert len(answer["likelihoods"]) == 7
    assert len(answer["sample"]) == 600
    shares = np.frombuffer(base64.b64decode(answer["responsibilities"]), np.uint8).reshape(1000, 9)
    assert np.abs(shares.astype(int).sum(1) - 255).max() <= 5
    names: dict[str, Any] = {}
    exec(answer["python"].replace("print(", "found = ("), names)
    assert names["found"] == pytest.approx(answer["likelihoods"][-1], abs=1e-4)
    last = densities.mixture({"data": "grid", "components": 2, "seed": 2, "step": 300})
    assert last["ended"]
    assert last["step"] < 300
    assert (
        densities.criteria({"data": "grid"})["criteria"].index(min(densities.criteria({"data": "grid"})["criteria"]))
        == 8
    )


def test_faces_stand_beside_each_other(weights: Path) -> None:
    answer = densities.faces({"seed": 3})
    assert set(answer["sheets"]) == {"faces-mixture-64", "faces-celeba-64"}
    assert all(sheet["sheet"].startswith("data:image/webp") for sheet in answer["sheets"].values())


def test_the_python_lines_of_spam_and_minimax_run() -> None:
    spam = playground.spam({"seed": 2, "moves": "fsfs"})
    printed: dict[str, Any] = {}
    exec(spam["python"].replace("print(", "found = ("), printed)
    assert printed["found"] == tuple(spam["history"][-1].values())
    orbits = playground.orbits({"function": "damped", "x": 1, "y": 0.5, "rate": 0.2, "steps": 9})
    exec(orbits["python"], {"print": lambda *_: None})
    assert all(len(path) == 20 for path in orbits["orbits"].values())


# --- replay -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history of four frames, each of another grey, in the folder of a tiny network."""
    run = tmp_path_factory.mktemp("run")
    (run / "frames").mkdir()
    for number in range(4):
        grey = Image.new("RGB", (96, 64), (60 * number,) * 3)
        grey.save(run / "frames" / f"step-{number + 1:07d}.webp", lossless=True)
    lines = [{"step": step, "images": 10 * step, "generator_loss": 1 / step, "rate": 3} for step in range(1, 5)]
    (run / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    write_history(run, weights / "portraits-128")
    return weights / "portraits-128"


def test_a_recorded_training_is_shown_frame_by_frame(recorded: Path) -> None:
    answer = playground.replay({"model": "portraits-128"})
    assert answer["frames"] == [10, 20, 30, 40]
    assert answer["curves"] == {"generator_loss": [[10, 1.0], [20, 0.5], [30, 0.3333], [40, 0.25]]}
    with Image.open(io.BytesIO(base64.b64decode(answer["strip"].partition(",")[2]))) as strip:
        assert strip.size == (96, 256)


# --- a visitor ----------------------------------------------------------------------------------------------------


def stage(page: Page, name: str) -> Any:
    """What the stage says of itself under a name."""
    return page.locator("#playground [data-link]").get_attribute(f"data-{name}")


SHARED = "new URLSearchParams(data.link).get('steps') === data.rounds"  # a game rests, and its link is of this place


def wait_for(page: Page, condition: str) -> None:
    """Until a condition on the stage's own data holds, for example "+data.rounds > 5"."""
    page.wait_for_function(
        f"() => {{ const data = document.querySelector('#playground [data-link]')?.dataset;"
        f" return data && {condition}; }}"
    )


def test_a_visitor_lets_filter_and_spammer_play(visit: Visit) -> None:
    page = visit("?tab=playground")
    wait_for(page, "data.moves === '10'")
    page.get_by_role("button", name="Restart").first.click()
    wait_for(page, "data.moves === '0'")
    expect(page.locator(".spam-captions")).to_contain_text("knows nothing")
    page.get_by_role("button", name="Filter learns").click()
    wait_for(page, "data.moves === '1'")
    expect(page.locator(".spam-captions")).to_contain_text("stops 100 %")
    page.get_by_role("button", name="Play both").click()
    wait_for(page, "+data.moves > 6")
    page.locator(".spam-play").click()


def test_a_visitor_plays_the_game_pauses_and_shares_it(visit: Visit) -> None:
    page = visit("?tab=playground&part=game")
    wait_for(page, "+data.rounds >= 600")
    expect(page.locator(".game-play")).to_have_text("Play")
    page.locator(".game-play").click()
    wait_for(page, "+data.rounds > 700")
    page.locator(".game-play").click()
    expect(page.locator(".game-play")).to_have_text("Play")
    page.wait_for_timeout(400)
    stopped = page.locator(".game-rounds").text_content()
    page.wait_for_timeout(600)
    assert page.locator(".game-rounds").text_content() == stopped  # a pause pauses
    wait_for(page, SHARED)
    rounds, link = page.locator("#playground [data-rounds]").evaluate("(one) => [one.dataset.rounds, one.dataset.link]")
    numbers = page.locator(".game-table").inner_text()
    page.wait_for_function("(link) => location.search.endsWith(link)", arg=link)
    page.reload()
    wait_for(page, f"data.rounds === '{rounds}'")
    assert page.locator(".game-table").inner_text() == numbers
    with page.expect_download() as download:
        page.locator(".game-file[data-kind=gif]").click()
    assert download.value.suggested_filename == "latent-lab_game.gif"


LATE = """
const { fetch } = window;
window.fetch = async (...request) => {
  const answer = await fetch(...request);
  const late = String(request[1]?.body).includes("game_read");
  while (late && !window.released) await new Promise((go) => setTimeout(go, 30));
  return answer;
};
"""


def test_a_game_that_opens_while_nobody_looks_plays_once_it_is_seen(visit: Visit) -> None:
    page = visit("?tab=playground&part=game", script=LATE)
    with page.expect_response(lambda answer: "game_read" in (answer.request.post_data or "")):
        pass
    page.get_by_role("tab", name="Sample").click()
    page.locator("#playground").wait_for(state="hidden")
    page.evaluate("window.released = true")
    page.locator("#playground [data-link*='part=game']").wait_for(state="attached")
    page.get_by_role("tab", name="Playground").click()
    wait_for(page, "+data.rounds >= 600")


def test_a_visitor_steps_turns_knobs_and_changes_the_lesson(visit: Visit) -> None:
    page = visit("?tab=playground&part=game&data=line&seed=4")
    wait_for(page, "data.rounds === '0'")
    page.get_by_role("button", name="Step D").click()
    wait_for(page, "data.rounds === '1'")
    page.get_by_role("button", name="Step G").click()
    wait_for(page, "data.rounds === '2'")
    page.locator(".game-loss").select_option("least-squares")
    wait_for(page, "data.link.includes('loss=least-squares')")
    expect(page.locator(".game-captions")).to_contain_text("D scores real points")
    page.get_by_text("More settings").click()
    page.get_by_label("Hidden layers").fill("9")
    page.get_by_label("Hidden layers").press("Enter")
    expect(page.locator(".pg-notice")).to_contain_text("number of hidden layers is 9; it has to be from 1 to 4")
    page.locator(".game-preset").select_option("vanishing")
    expect(page.locator(".game-hint")).to_contain_text("log(1 − D) is flat")
    expect(page.locator(".game-captions")).to_contain_text("nearly always right")


def test_a_visitor_brings_points_of_their_own(visit: Visit) -> None:
    page = visit("?tab=playground&part=game&data=ring")
    wait_for(page, "data.rounds === '0'")
    page.locator(".game-data").select_option("")
    page.locator(".pg-use").click()
    expect(page.locator(".pg-own-notice")).to_contain_text("Nothing is drawn yet")
    files = page.locator(".pg-file")
    files.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"x,y\n1,2\n3,inf\n" + b"1,2\n" * 20})
    expect(page.locator(".pg-own-notice")).to_contain_text("not finite")
    files.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"1,2\n" * 300_000})
    expect(page.locator(".pg-own-notice")).to_contain_text("has 1,200,000 bytes")
    box = page.locator(".pg-sketch").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 200, steps=12)
    page.mouse.up()
    page.locator(".pg-use").click()
    wait_for(page, "data.link.includes('data=own-')")
    page.get_by_role("button", name="Both").click()
    wait_for(page, "data.rounds === '1'")
    expect(page.locator(".game-data option:checked")).to_have_text("your own points")


def ends(page: Page) -> bool:
    """Whether the training stands still for a second, at the latest after ten."""
    before = None
    for _ in range(10):
        rounds = stage(page, "rounds")
        if rounds == before:
            return True
        before = rounds
        page.wait_for_timeout(1000)
    return False


@pytest.mark.parametrize("script", ["", NO_WORKERS])
def test_leaving_the_part_or_the_page_ends_the_training(visit: Visit, script: str) -> None:
    page = visit("?tab=playground&part=game&data=ring", script=script)
    wait_for(page, "data.rounds === '0'")
    page.locator(".game-play").click()
    wait_for(page, "+data.rounds > 10")
    page.get_by_role("tab", name="Minimax by hand").click()
    expect(page.locator(".game-play")).to_have_text("Play")
    assert ends(page)
    page.get_by_role("tab", name="The game").click()
    page.locator(".game-play").click()
    wait_for(page, f"+data.rounds > {stage(page, 'rounds')}")
    page.get_by_role("tab", name="Sample").click()
    expect(page.locator(".game-play")).to_have_text("Play")
    assert ends(page)


def test_on_the_server_a_third_visitor_waits_in_line_and_starts_when_one_leaves(visit: Visit) -> None:
    pages = [visit("?tab=playground&part=game&data=ring", script=NO_WORKERS) for _ in range(3)]
    for page in pages:
        wait_for(page, "data.rounds === '0'")
        page.locator(".game-speed").select_option("1")
    for page in pages[:2]:
        page.locator(".game-play").click()
        wait_for(page, "+data.rounds > 0")
    pages[2].locator(".game-play").click()
    expect(pages[2].locator(".pg-notice")).to_contain_text(
        "2 visitors are training already; you are number 1 in line. It starts by itself."
    )
    assert stage(pages[2], "rounds") == "0"
    pages[0].close()
    wait_for(pages[2], "+data.rounds > 0")
    expect(pages[2].locator(".pg-notice")).to_be_hidden()
    pages[1].locator(".game-play").click()


def figures(page: Page) -> str:
    """What the page says of a game."""
    return page.locator(".game-captions").inner_text() + page.locator(".game-table").inner_text()


def test_a_game_in_the_browser_asks_the_server_for_nothing(visit: Visit) -> None:
    page = visit("?tab=playground&part=game")
    wait_for(page, "+data.rounds >= 600")
    expect(page.locator(".game-place")).to_have_text("Trains in your browser")
    page.wait_for_timeout(1500)  # the fold-outs follow
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".game-play").click()
    wait_for(page, "+data.rounds > 900")
    assert asked == []
    page.locator(".game-play").click()


def test_a_class_trains_at_once_and_nobody_sees_another_ones_game(visit: Visit) -> None:
    seeds = (1, 2, 3)
    pages = [visit(f"?tab=playground&part=game&data=ring&seed={seed}") for seed in seeds]
    for page in pages:
        wait_for(page, "data.rounds === '0'")
    for page in pages:
        page.locator(".game-play").click()
    for page in pages:
        wait_for(page, "+data.rounds > 50")
        assert page.locator(".game-play").text_content() == "Pause"
    for page, seed in zip(pages, seeds, strict=True):
        page.locator(".game-play").click()
        wait_for(page, SHARED)
        assert f"seed={seed}" in stage(page, "link") or seed == 1


@pytest.mark.parametrize(
    "query", ["data=spiral&loss=wasserstein&steps=60", "data=moons&noise=1&head_start=50&steps=60"]
)
def test_a_link_shows_the_same_numbers_in_the_browser_and_on_the_server(visit: Visit, query: str) -> None:
    seen = []
    for script, place in (("", "in your browser"), (NO_WORKERS, "on the server")):
        page = visit(f"?tab=playground&part=game&{query}", script=script)
        wait_for(page, "data.rounds === '60'")
        expect(page.locator(".game-play")).to_have_text("Play")
        expect(page.locator(".game-place")).to_have_text(f"Trains {place}")
        seen.append(figures(page))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("failure", ["worker.dispatchEvent(new Event('error'))", "worker.terminate()"])
def test_where_the_browser_gives_up_the_server_goes_on(visit: Visit, failure: str) -> None:
    page = visit("?tab=playground&part=game&data=grid&seed=2", script=KEEP_WORKERS)
    wait_for(page, "data.rounds === '0'")
    page.locator(".game-play").click()
    wait_for(page, "+data.rounds > 100")
    page.evaluate(failure)
    expect(page.locator(".game-place")).to_have_text("Trains on the server")
    before = int(page.locator("#playground [data-rounds]").get_attribute("data-rounds") or 0)
    wait_for(page, f"+data.rounds > {before + 50}")
    expect(page.locator(".game-play")).to_have_text("Pause")
    expect(page.locator(".pg-notice")).to_be_hidden()
    page.locator(".game-play").click()
    wait_for(page, SHARED)
    numbers, link = figures(page), stage(page, "link")
    again = visit(f"?{link}")
    wait_for(again, f"data.rounds === '{stage(page, 'rounds')}'")
    assert figures(again) == numbers


def test_a_pause_while_the_server_catches_up_is_a_pause(visit: Visit) -> None:
    page = visit("?tab=playground&part=game&data=grid&seed=2", script=KEEP_WORKERS)
    wait_for(page, "data.rounds === '0'")
    page.locator(".game-play").click()
    wait_for(page, "+data.rounds > 300")

    def slowly(route: Route) -> None:
        time.sleep(0.5)
        route.continue_()

    page.route("**/component_server**", slowly)
    page.evaluate("worker.dispatchEvent(new Event('error'))")
    wait_for(page, "+data.rounds > 0 && +data.rounds < 200")  # it is played again from its start
    page.locator(".game-play").click()
    assert ends(page)
    expect(page.locator(".game-play")).to_have_text("Play")
    assert 0 < int(stage(page, "rounds")) < 300


@pytest.fixture(scope="module")
def without_browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page whose host lets no browser compute, with the networks that are shipped."""
    with serve_page(tmp_path_factory.mktemp("server"), **SHIPPED, LATENT_LAB_BROWSER="0") as page:
        yield page.address


def test_a_host_may_keep_the_drawing_on_the_server(browser: Browser, without_browsers: str) -> None:
    """Here, since a second page with this setting would take ten seconds more."""
    with visiting(browser, without_browsers) as visit:
        page = open_sliders(visit)
        addresses: list[str] = []
        page.on("request", lambda request: addresses.append(request.url))
        page.wait_for_timeout(2500)
        assert move(page, 0.5) == THERE
        assert not [address for address in addresses if "/browser/" in address]
        assert page.request.get(f"{without_browsers}/browser/networks.json").status == 404


def test_a_host_may_keep_the_game_on_the_server(browser: Browser, without_browsers: str) -> None:
    with visiting(browser, without_browsers) as visit:
        page = visit("?tab=playground&part=game&data=ring", script=KEEP_WORKERS)
        wait_for(page, "data.rounds === '0'")
        expect(page.locator(".game-place")).to_have_text("Trains on the server")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(str(request.post_data)))
        page.locator(".game-play").click()
        wait_for(page, "+data.rounds > 50")
        page.locator(".game-play").click()
        wait_for(page, SHARED)
        assert any("game_play" in body for body in asked)
        assert page.evaluate("window.worker") is None
        rounds, numbers = stage(page, "rounds"), figures(page)
        page.wait_for_function("(link) => location.search.endsWith(link)", arg=stage(page, "link"))
        page.reload()
        wait_for(page, f"data.rounds === '{rounds}'")
        assert figures(page) == numbers
        page.get_by_role("button", name="Step G").click()
        wait_for(page, f"data.rounds === '{int(rounds) + 1}'")
        page.get_by_text("More settings").click()
        page.get_by_label("Steps of D").fill("3")
        page.get_by_label("Steps of D").press("Enter")
        wait_for(page, "data.link.includes('discriminator_steps=3')")
        with page.expect_download() as download:
            page.locator(".game-file[data-kind=csv]").click()
        assert download.value.suggested_filename == "latent-lab_game.csv"
    assert visit.complaints == []


def test_a_game_of_the_browser_is_downloaded_as_a_table(visit: Visit) -> None:
    page = visit("?tab=playground&part=game&data=line&steps=120")
    wait_for(page, "data.rounds === '120'")
    with page.expect_download() as download:
        page.locator(".game-file[data-kind=csv]").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert (rows[0]["rounds"], rows[-1]["rounds"]) == ("0", "120")
    asked = {"token": TOKEN, "data": "line"}
    arena.game_open(asked)
    for until in (60, 120):
        while arena.arena.find(TOKEN).game.rounds < until:
            frame = arena.game_play({**asked, "rounds": 60, "until": until})
    arena.game_pause(asked)
    assert {name: float(value) for name, value in rows[-1].items() if name != "rounds"} == pytest.approx(
        frame["numbers"], abs=1e-4
    )


def test_a_visitor_fits_a_mixture_step_by_step(visit: Visit) -> None:
    page = visit("?tab=playground&part=densities")
    wait_for(page, "data.step === '4'")
    wait_for(page, "data.best === '8'")
    page.locator(".em-step").click()
    wait_for(page, "data.step === '5'")
    before = float(stage(page, "likelihood"))
    page.locator(".em-play").click()
    wait_for(page, "+data.step > 8")
    assert float(stage(page, "likelihood")) >= before
    page.locator(".em-play").click()
    page.get_by_role("button", name="3 Gaussians").click()
    wait_for(page, "data.link.includes('components=3') && data.step === '0'")
    page.locator(".em-faces-dice").click()
    expect(page.locator(".em-faces-note")).not_to_contain_text("Seed 1,")


def test_a_visitor_watches_orbits(visit: Visit) -> None:
    page = visit("?tab=playground&part=minimax")
    wait_for(page, "data.orbits")
    expect(page.locator(".mini-table")).to_contain_text("Extragradient")
    page.locator(".mini-plane").click(position={"x": 50, "y": 50})
    wait_for(page, "data.orbits.includes('x=-1.')")
    page.locator(".mini-function").select_option("bowl")
    wait_for(page, "data.orbits.includes('function=bowl')")
    expect(page.locator(".mini-table tr").nth(1)).to_contain_text("under 0.001")
    page.get_by_label("Start x").fill("99")
    page.get_by_label("Start x").press("Enter")
    expect(page.locator(".pg-notice")).to_contain_text("from -10 to 10")


def test_a_visitor_replays_a_training(visit: Visit, recorded: Path) -> None:
    page = visit("?tab=playground&part=replay&model=portraits-128")
    wait_for(page, "data.frame === '3'")
    expect(page.locator(".replay-time")).to_contain_text("40 training pictures")

    def grey() -> int:
        return int(
            page.locator(".replay-picture").evaluate("(one) => one.getContext('2d').getImageData(9, 9, 1, 1).data[0]")
        )

    assert abs(grey() - 180) < 6
    page.get_by_label("Training time").fill("1")
    wait_for(page, "data.frame === '1'")
    assert abs(grey() - 60) < 6
    page.locator(".replay-play").click()
    wait_for(page, "data.frame === '3'")


@pytest.mark.parametrize("part", ["spam", "densities", "game", "minimax"])
def test_on_a_phone_picture_comes_before_controls(visit: Visit, part: str) -> None:
    page = visit(f"?tab=playground&part={part}", width=390, height=844, **PHONE)
    page.locator("#playground [data-link]").wait_for()
    panel = page.locator(f".pg-part[data-part={part}]")
    tops = []
    for selector in (".pg-plane", ".pg-controls", ".pg-side"):
        box = panel.locator(selector).first.bounding_box()
        assert box is not None
        tops.append(box["y"])
    assert tops == sorted(tops)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
