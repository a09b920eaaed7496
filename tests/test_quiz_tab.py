"""The quiz as a person plays it, and its words as functions of an answer."""

import dataclasses
import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import event, text

from data import scenes
from data.scenes import cast_layers
from models.pixels import Pictures
from quiz.collection import Credit
from quiz.decks import open_deck, read_photographs
from quiz.rounds import Verdict
from quiz.scores import OPEN_FOR, now
from quiz.statistics import accuracy
from quiz.tables import Round
from quiz.tokens import digest, new_token
from tabs.quiz import crowd, game
from tabs.quiz import tab as quiz
from tabs.quiz.game import (
    Game,
    bounded,
    describe_lead,
    describe_verdict,
    figures,
    from_fields,
    to_python,
    to_query,
)
from tests.conftest import Visit

PHONE: dict[str, Any] = {"device_scale_factor": 3, "is_mobile": True, "has_touch": True}
ASKING, TOLD = ".quiz[data-phase=asking]", ".quiz[data-phase=told]"
REST = 350  # ms; keys rest a little after every change


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [Game(), Game("portraits", 3), Game("portraits-colour", 8), Game("folder", None)])
def test_a_permalink_says_everything(wanted: Game) -> None:
    fields = dict(httpx.QueryParams(to_query(wanted)))
    assert from_fields(fields) == wanted
    assert fields["tab"] == "quiz"


VERDICT = Verdict(
    correct=True, real_side="left", deck="portraits", level=2, levels=8, step=1500, left_logit=2.0, right_logit=0.0,
    left_is_real=0.88, discriminator_correct=True, tell="Look at the mouth.", spot=(0.49, 0.71, 0.2, 0.09),
    credit=Credit("A1.webp", "Public domain (work of a government)", "Office", "https://a.b/A1", "c", "d"),
    shown=4, fooled=1, score=None,
    response=3.0,
)  # fmt: skip


def test_a_verdict_in_words() -> None:
    words = describe_verdict(VERDICT)
    assert words["headline"] == "Real. The other one was generated."
    assert (words["word"], words["choice"], words["real"]) == ("Right", "left", "left")
    assert words["discriminator"] == "The discriminator was right, too."
    assert words["crowd"] == "1 of 4 answers took this generated face for real."
    assert words["origin"] == "The face on the right was drawn after 1,500 steps of training (level 2 of 8)."
    assert words["probabilities"] == {"left": "88 %", "right": "12 %"}
    assert words["spot"] == (0.49, 0.71, 0.2, 0.09)
    assert words["credit"] == {"author": "Office", "licence": "Public domain", "url": "https://a.b/A1"}
    other = describe_verdict(dataclasses.replace(VERDICT, step=0, level=8, credit=None))
    assert other["origin"] == "The face on the right was drawn by the finished network (level 8 of 8)."
    assert other["credit"] is None


def test_probabilities_never_claim_certainty() -> None:
    assert [bounded(p) for p in (0.0, 0.004, 0.5, 0.996, 1.0)] == [
        "under 1 %", "under 1 %", "50 %", "over 99 %", "over 99 %"
    ]  # fmt: skip


def test_who_is_ahead() -> None:
    assert describe_lead(2) == "You are ahead by 2."
    assert describe_lead(0) == "You and the discriminator are level."
    assert describe_lead(-1) == "The discriminator is ahead by 1."


def test_figures_of_a_perfect_player_and_of_a_guesser() -> None:
    perfect = {line["name"]: line["value"] for line in figures([(100, True)] * 30, [(100, True)] * 30)}
    assert perfect["Sensitivity d′"].endswith("or more)")
    assert perfect["It fooled you"] == "not yet"
    assert perfect["Calibration (Brier score)"] == "0.00"
    guesser = {line["name"]: line for line in figures([(100, True), (900, False)] * 15, [(50, True)] * 3)}
    assert guesser["Sensitivity d′"]["value"].startswith("0.0 (")
    assert guesser["It fooled you"]["value"] == "from step 100 on"
    assert guesser["Calibration"]["meaning"] == "say how sure you are in 17 rounds more"
    assert game.with_interval(accuracy(7, 10)) == "70 % (40 to 89 %)"


# --- the tab's functions, with scores of their own ---------------------------------------------------------------


@pytest.fixture
def scores(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty store in place of the host's."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LATENT_LAB_DATA", str(tmp_path))
    game.opened.cache_clear()
    yield
    game.store().close()
    game.opened.cache_clear()


def remember_answer(player: str | None, *, level: int, fake: int, correct: bool, days_ago: int = 0) -> None:
    """An answered round of today or before, as `quiz.rounds` would leave it."""
    deck = open_deck("portraits")
    when = now() - days_ago * 86_400_000
    with game.store().engine.begin() as connection:
        row = {
            "token": new_token(), "player": player and digest(player), "deck": "portraits", "level": level,
            "step": deck.step(level), "edition": deck.fakes(level).edition,
            "fake": fake, "real": 0, "real_side": "left", "secret": new_token(),
            "created_ms": when, "choice": "left" if correct else "right", "correct": correct, "streak": int(correct),
            "left_logit": 1.0, "right_logit": 0.0, "discriminator_correct": True, "answered_ms": when,
        }  # fmt: skip
        connection.execute(Round.__table__.insert().values(**row))  # type: ignore[attr-defined]


def test_the_python_lines_play_a_round(scores: None) -> None:
    names: dict[str, Any] = {}
    lines = to_python(Game("portraits", 2))
    assert lines.splitlines()[1] == "from quiz.scores import Store"
    exec(lines, names)
    assert names["verdict"].level == 2
    names["store"].close()


def test_an_old_pair_gives_way_to_a_new_one(scores: None) -> None:
    dealt = quiz.deal({})
    with game.store().engine.begin() as connection:
        connection.execute(text(f"UPDATE rounds SET created_ms = created_ms - {(OPEN_FOR + 60) * 1000}"))
    reply = quiz.answer({"player": dealt["player"], "round": dealt["pair"]["round"], "choice": "left"})
    assert reply == {"notice": "This round is older than an hour and can no longer be answered; ask for a new round."}
    assert quiz.deal({"player": dealt["player"]})["pair"]["round"] != dealt["pair"]["round"]


def test_the_level_follows_the_visitor(scores: None) -> None:
    player = quiz.deal({})["player"]
    for _ in range(3):
        remember_answer(player, level=2, fake=0, correct=True)
    assert quiz.deal({"player": player, "deck": "portraits"})["pair"]["level"] == "Level 3 of 3"
    assert quiz.deal({"player": player, "deck": "portraits", "level": "1"})["pair"]["level"] == "Level 1 of 3"


def test_a_standing(scores: None) -> None:
    player = new_token()
    assert game.standing(player, "portraits") is None
    for number in range(20):
        remember_answer(player, level=1, fake=number, correct=number % 4 != 0)
    standing = game.standing(player, "portraits")
    assert standing is not None
    assert (standing["you"], standing["discriminator"]) == ("15 of 20", "20 of 20")
    assert standing["you_share"] == "75 % (53 to 89 %)"
    assert standing["ahead"] == "The discriminator is ahead by 5."
    assert standing["streak"] == "Streak 3, best 3"
    assert len(standing["figures"]) == 3 and standing["wait"] == ""
    assert standing["curve"][-1] == pytest.approx(0.75)


class Turn:
    """A lock that tells when it was taken."""

    def __init__(self) -> None:
        self.lock, self.taken, self.returned = threading.Lock(), 0, threading.Event()

    def __enter__(self) -> None:
        self.lock.acquire()
        self.taken += 1

    def __exit__(self, *_: object) -> None:
        self.lock.release()
        self.returned.set()


@pytest.mark.parametrize("level", [1e30, -1, 100, "1e9"])
def test_levels_that_no_deck_has_are_refused(scores: None, level: object) -> None:
    kept = dict(crowd.recent.counted)
    answer = crowd.look_around({"player": new_token(), "deck": "portraits", "level": level})
    assert "it has to be from 1 to 99" in answer["notice"]
    assert crowd.recent.counted == kept  # nothing is kept for it


def test_nobody_else_waits_while_the_database_does(
    scores: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = quiz.deal({"level": 2})["player"]
    token = quiz.deal({"level": 2, "player": player})["pair"]["round"]
    turn = Turn()
    monkeypatch.setattr(game, "drawing_lock", turn)
    other = sqlite3.connect(tmp_path / "quiz.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(2) as threads:
        try:
            verdict = threads.submit(game.judge, token, "left", None)
            assert turn.returned.wait(30)  # the discriminator has judged
            assert turn.taken == 1 and not turn.lock.locked()
            pair = threads.submit(game.new_pair, Game("portraits", 1), player)
            time.sleep(0.3)
            assert turn.taken == 1  # nothing is drawn of a round that is not there yet
            assert not verdict.done() and not pair.done()
        finally:
            other.execute("ROLLBACK")
            other.close()
        assert verdict.result().shown == 1
        assert pair.result()["side"] == 128
    assert turn.taken == 2


def count_queries() -> list[str]:
    """What the scores' database is asked from now on."""
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(game.store().engine, "before_cursor_execute", hear)
    return asked


def test_everybody_is_counted_once_for_all_who_look(scores: None, monkeypatch: pytest.MonkeyPatch) -> None:
    remember_answer(None, level=1, fake=0, correct=True)
    asked = count_queries()
    first = crowd.look_around({"player": new_token(), "deck": "portraits"})
    asked.clear()
    with ThreadPoolExecutor(8) as threads:
        looks = list(threads.map(lambda _: crowd.look_around({"player": new_token(), "deck": "portraits"}), range(16)))
    assert looks == [first] * 16
    assert len(asked) == 16 and not any("rounds" in query for query in asked)  # only their own nicknames
    remember_answer(None, level=1, fake=0, correct=True)
    assert crowd.look_around({"player": new_token(), "deck": "portraits"})["total"] == first["total"]
    monkeypatch.setattr(crowd, "KEPT_FOR", 0.0)
    assert crowd.look_around({"player": new_token(), "deck": "portraits"})["total"].startswith("2 answers so far")


def test_while_it_is_counted_anew_the_others_get_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    recent, key = crowd.Recent(), ("scores", "deck", "portraits", None)
    counting, go_on = threading.Event(), threading.Event()

    def count() -> str:
        counting.set()
        assert go_on.wait(30)
        return "new"

    assert recent.get(key, lambda: "old") == "old"
    monkeypatch.setattr(crowd, "KEPT_FOR", 0.0)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(recent.get, key, count)
        assert counting.wait(30)
        assert recent.get(key, lambda: "newer") == "old"
        go_on.set()
        assert answer.result() == "new"


def test_a_new_name_stands_on_the_board_at_once(scores: None) -> None:
    ada = new_token()
    request = {"player": ada, "deck": "portraits", "nickname": "Ada"}
    assert "answer a pair first" in crowd.join(request)["notice"]
    for number in range(20):
        remember_answer(ada, level=2, fake=number, correct=True)
    assert crowd.look_around(request)["board"] == []
    assert [place["nickname"] for place in crowd.join(request)["board"]] == ["Ada"]
    assert crowd.forget(request) == {"forgotten": True}
    assert crowd.look_around(request)["board"] == []


def test_everybody(scores: None) -> None:
    ada = new_token()
    for number in range(24):
        remember_answer(ada, level=2, fake=number % 2, correct=number % 2 == 0, days_ago=number % 3)
    game.store().set_nickname(ada, "Ada")
    request = {"player": new_token(), "deck": "portraits"}
    seen = crowd.look_around(request)
    assert seen["total"] == (
        "24 answers so far: visitors were right in 50 % (31 to 69 %), the discriminator in 100 % (86 to 100 %)."
    )
    assert [face["title"] for face in seen["wall"]] == ["Fooled 12 of 12", "Fooled 0 of 12"]
    assert seen["wall"][0]["picture"].startswith("data:image/webp;base64,")
    assert [day["rounds"] for day in seen["days"]] == [8, 8, 8]
    assert seen["board"] == [{"nickname": "Ada", "share": "50 % (31 to 69 %)", "rounds": 24, "streak": 1}]
    assert crowd.look_around({**request, "level": 1})["board"] == []
    assert crowd.look_around({**request, "player": ada})["nickname"] == "Ada"


def test_a_missing_network_is_a_state(scores: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(tmp_path / "nowhere"))
    dealt = quiz.deal({})
    assert "Make it with: python -m trainer gan" in dealt["trouble"]
    assert "pair" not in dealt
    reasons = {deck["name"]: deck["reason"] for deck in quiz.list_decks({})}
    assert "Make it with" in reasons["portraits-colour"] and "LATENT_LAB_DECK_FOLDER" in reasons["folder"]


# --- in the browser ----------------------------------------------------------------------------------------------


def open_quiz(visit: Visit, query: str = "?tab=quiz", **context: Any) -> Page:
    page = visit(query, **context)
    page.locator(ASKING).wait_for()
    page.wait_for_timeout(REST)
    return page


def go_on(page: Page, key: str, phase: str) -> None:
    page.keyboard.press(key)
    page.locator(phase).wait_for()
    page.wait_for_timeout(REST)


def current_round(page: Page) -> str | None:
    return page.locator("#quiz [data-round]").get_attribute("data-round")


def test_one_round_with_the_mouse(visit: Visit) -> None:
    page = open_quiz(visit)
    expect(page.locator(".quiz h2")).to_have_text("Which face is real?")
    expect(page.locator(".quiz .board")).to_be_hidden()
    first = current_round(page)
    page.get_by_role("button", name="The left face is real").click()
    page.locator(TOLD).wait_for()
    real_left = page.locator("[data-side=left] .face").get_attribute("data-truth") == "real"
    expect(page.locator(".quiz .mark")).to_have_text("✓ Right" if real_left else "✗ Wrong")
    expect(page.locator("[data-side=left] .caption b")).to_have_text("● Photograph" if real_left else "◌ Generated")
    expect(page.locator("[data-side=right] .caption b")).to_have_text("◌ Generated" if real_left else "● Photograph")
    shares = [int(re.sub(r"\D", "", caption)) for caption in page.locator(".quiz .caption span").all_text_contents()]
    assert sum(shares) == pytest.approx(100, abs=1)
    expect(page.locator(".quiz .tell")).to_have_text(re.compile(r"\.$"))
    expect(page.locator(".score-you b")).to_have_text(f"{int(real_left)} of 1")
    page.get_by_role("button", name="Next pair").click()
    page.locator(ASKING).wait_for()
    assert current_round(page) != first
    expect(page.locator(".quiz .mark")).to_be_hidden()


def test_a_game_with_the_keyboard(visit: Visit) -> None:
    page = open_quiz(visit)
    rounds = {current_round(page)}
    for choose, proceed in (("ArrowLeft", "Enter"), ("ArrowRight", " "), ("ArrowLeft", "ArrowRight")):
        page.keyboard.press("8")
        expect(page.locator(".steps [data-sure='80']")).to_have_attribute("aria-pressed", "true")
        go_on(page, choose, TOLD)
        go_on(page, proceed, ASKING)
        rounds.add(current_round(page))
        expect(page.locator(".steps [aria-pressed=true]")).to_have_count(0)  # not said, unless said again
    assert len(rounds) == 4
    page.keyboard.press("7")
    page.keyboard.press("7")  # taken back
    expect(page.locator(".steps [aria-pressed=true]")).to_have_count(0)
    expect(page.locator(".score-you b")).to_have_text(re.compile(" of 3$"))


def test_the_next_pair_is_there_at_once(visit: Visit) -> None:
    page = open_quiz(visit)
    go_on(page, "ArrowLeft", TOLD)
    asked: list[str] = []

    def hear(request: Request) -> None:
        if "component_server" in request.url:
            asked.append(json.loads(request.post_data or "{}")["fn_name"])

    page.on("request", hear)
    go_on(page, "Enter", ASKING)
    assert "deal" not in asked


def test_nothing_on_the_page_tells_the_faces_apart(visit: Visit) -> None:
    page = open_quiz(visit)
    sides = page.evaluate(
        "[...document.querySelectorAll('.quiz .side')].map((side) => side.outerHTML"
        ".replace(/src=\"[^\"]*\"/, 'src').replace(/left|right|\\u2190|\\u2192/g, 'side'))"
    )
    key = re.compile(r"(<kbd>side</kbd>)(This one)")
    assert key.sub(r"\2\1", sides[0]) == sides[1]
    lengths = page.evaluate("[...document.querySelectorAll('.quiz .face img')].map((image) => image.src.length)")
    assert lengths[0] == lengths[1]


def test_the_score_survives_and_belongs_to_one_visitor(visit: Visit) -> None:
    page = open_quiz(visit)
    go_on(page, "ArrowLeft", TOLD)
    page.reload()
    page.locator(ASKING).wait_for()
    expect(page.locator(".score-you b")).to_have_text(re.compile(" of 1$"))
    token = page.evaluate("localStorage.getItem('latent-lab-player')")
    assert token not in page.url and token not in page.content()
    expect(open_quiz(visit).locator(".quiz .board")).to_be_hidden()


def test_a_permalink_opens_what_it_says(visit: Visit) -> None:
    page = open_quiz(visit, "?tab=quiz&deck=portraits&level=3")
    expect(page.locator(".quiz select.level")).to_have_value("3")
    expect(page.locator(".quiz .size")).to_have_text("Level 3 of 3, 128 × 128 pixels, enlarged")
    page.locator(".quiz select.level").select_option("1")
    expect(page.locator(".quiz .size")).to_contain_text("Level 1 of 3")
    expect(page).to_have_url(re.compile(r"\?tab=quiz&deck=portraits&level=1$"))
    page.get_by_role("button", name="Share and code").click()
    expect(page.locator(".share .link")).to_have_text(page.url)
    expect(page.locator(".share .python")).to_contain_text('new_round(store, "portraits", level=1)')
    page.get_by_role("tab", name="Sample").click()
    page.locator("#stage [data-link]").wait_for()
    page.get_by_role("tab", name="Which face is real?").click()
    expect(page).to_have_url(re.compile(r"\?tab=quiz&deck=portraits&level=1$"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("deck=nonsense", "There is no deck 'nonsense'; choose one of portraits-colour, portraits, scenes, folder."),
        (
            "deck=lfw&level=8&enlarged=1",
            "The deck of press photographs is no longer here; portraits in colour took its place.",
        ),
        ("level=9", "The level is 9; it has to be from 1 to 3."),
        ("level=abc", "The level is 'abc'; it has to be a number."),
    ],
)
def test_a_wrong_permalink_shows_a_pair_and_a_sentence(visit: Visit, query: str, sentence: str) -> None:
    page = open_quiz(visit, f"?tab=quiz&{query}")
    expect(page.locator(".quiz .notice")).to_have_text(sentence)


def test_where_the_discriminator_objects_is_marked(visit: Visit) -> None:
    page = open_quiz(visit, "?tab=quiz&level=1")
    for _ in range(6):  # there is not always a single spot
        assert page.locator(".quiz .spot:visible").count() == 0
        go_on(page, "ArrowLeft", TOLD)
        named = "Look at" in (page.locator(".quiz .tell").text_content() or "")
        assert page.locator(".quiz .face[data-truth=generated] .spot:visible").count() == int(named)
        assert page.locator(".quiz .face[data-truth=real] .spot:visible").count() == 0
        expect(page.locator(".quiz .credit")).to_contain_text("Public domain")
        expect(page.locator(".quiz .credit a")).to_have_attribute("href", re.compile("^https://bioguide.congress.gov/"))
        if named:
            break
        go_on(page, "Enter", ASKING)
    box = page.locator(".quiz .spot:visible").bounding_box()
    face = page.locator(".quiz .face[data-truth=generated]").bounding_box()
    assert box and face
    assert face["x"] <= box["x"] and box["x"] + box["width"] <= face["x"] + face["width"]


def test_a_deck_that_is_not_here_says_why(visit: Visit) -> None:
    page = visit("?tab=quiz&deck=folder")
    expect(page.locator(".quiz .trouble")).to_contain_text("set LATENT_LAB_DECK_FOLDER to a folder")
    expect(page.locator(".quiz .pair")).to_be_hidden()
    expect(page.locator(".quiz .reasons summary")).to_be_visible()  # after all decks were looked at
    page.locator(".quiz select.deck").select_option("portraits")
    page.locator(ASKING).wait_for()
    expect(page.locator(".quiz .trouble")).to_be_hidden()


BUSY_ONCE = """
const { fetch } = window;
let refused = false;
window.fetch = async (...request) => {
  if (refused || !String(request[1]?.body).includes("list_decks")) return fetch(...request);
  refused = true;
  const answer = new Response('{"detail": "The page is busy."}', { status: 503 });
  Object.defineProperty(answer, "url", { value: "http://127.0.0.1/gradio_api/component_server" });
  return answer;
};
"""


def test_decks_are_asked_for_again_where_the_page_was_busy(visit: Visit) -> None:
    page = visit("?tab=quiz", script=BUSY_ONCE)
    page.locator(ASKING).wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator(".quiz select.deck option").count() == 1
    page.locator(".quiz select.level").select_option("2")
    page.locator(".quiz select.deck option[value=scenes]").wait_for(state="attached")


def test_the_scenes_are_offered_before_they_are_rendered(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del weights
    read_photographs.cache_clear()
    rendered: list[int] = []

    def cast(geometry: int) -> Pictures:
        rendered.append(geometry)
        return cast_layers(geometry)

    monkeypatch.setattr(scenes, "cast_layers", cast)
    assert {deck["name"]: deck["reason"] for deck in quiz.list_decks({})}["scenes"] == ""
    assert len(rendered) <= 1  # of 200; the first one tells how many channels they have


def test_a_place_on_the_leaderboard(visit: Visit) -> None:
    page = open_quiz(visit)
    go_on(page, "ArrowLeft", TOLD)
    field = page.get_by_label("Nickname")
    field.scroll_into_view_if_needed()
    page.locator("#crowd [data-shown]").wait_for(state="attached")
    field.fill("<img src=x onerror=alert(1)>")
    page.get_by_role("button", name="Join").click()
    expect(page.locator(".crowd .notice")).to_have_text(re.compile("^The nickname has 28 characters; use 2 to 20.$"))
    field.fill("Grace H.")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("button", name="Rename")).to_be_visible()
    expect(page.locator(".crowd .notice")).to_be_hidden()
    token = page.evaluate("localStorage.getItem('latent-lab-player')")
    forget = page.locator(".crowd .forget")
    forget.click()
    expect(forget).to_have_text("Really? Your score will be gone.")
    forget.click()
    page.wait_for_function("(old) => localStorage.getItem('latent-lab-player') !== old", arg=token)
    expect(page.get_by_role("button", name="Join")).to_be_visible()


@pytest.mark.parametrize("theme", ["", "&__theme=dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_all_that_is_needed_is_in_sight(visit: Visit, theme: str, width: int, height: int) -> None:
    context = PHONE if width == 390 else {}
    page = open_quiz(visit, "?tab=quiz" + theme, width=width, height=height, **context)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    before = [face.bounding_box() for face in page.locator(".quiz .face").all()]
    for box in before:
        assert box and box["width"] == pytest.approx(0.82 * box["height"], abs=1) and box["width"] >= 160
    (page.locator(".quiz .face").first.tap if context else page.locator(".quiz .face").first.click)()
    page.locator(TOLD).wait_for()
    button = page.get_by_role("button", name="Next pair").bounding_box()
    assert button and button["y"] + button["height"] <= height
    after = [face.bounding_box() for face in page.locator(".quiz .face").all()]
    assert after == before  # nothing jumps
    assert page.evaluate("scrollY") == 0
