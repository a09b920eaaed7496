"""The quiz over HTTP: no rule beats it, no shortcut leads to an answer, and every mistake gets a sentence."""

import base64
import io
import json
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from quiz.scores import Store
from quiz.tables import Round
from quiz.tokens import new_token
from tests.quiz_rules import Seen, winning_rules

ROUNDS = 2000
PROGRAMS = 2  # that play at the same time
LEVELS = 3  # of the tiny networks
TIMINGS = ("duration", "average_duration")  # Gradio's own measurements in an answer


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    headers = {"accept-encoding": "identity"}  # the true lengths
    with httpx.Client(base_url=f"{address}/gradio_api", timeout=120, headers=headers) as client:
        yield client


def ask(client: httpx.Client, name: str, *data: object) -> dict[str, Any]:
    """An endpoint for programs: {"data": …} or {"error": …}."""
    return dict(client.post(f"/run/{name}", json={"data": data, "session_hash": "test"}).json())


@pytest.fixture(scope="module")
def components(address: str) -> dict[str, int]:
    """The numbers of the page's parts, as its script knows them."""
    config = httpx.get(f"{address}/config", timeout=60).json()
    return {part["props"].get("elem_id"): part["id"] for part in config["components"]}


def script(client: httpx.Client, components: dict[str, int], part: str, function: str, data: object) -> Any:
    """What the page's own script asks for."""
    request = {"session_hash": "test", "component_id": components[part], "fn_name": function, "data": data}
    return client.post("/component_server", json=request).raise_for_status().json()


def one_sentence(text: str) -> bool:
    """Whether a visitor can read it: not empty, ended by a full stop, no traceback, no path of the server."""
    return text.endswith(".") and len(text) < 300 and "Traceback" not in text and "/tests/" not in text


# --- 2,000 rounds ------------------------------------------------------------------------------------------------


def play(client: httpx.Client, count: int) -> list[tuple[Seen, float]]:
    """Rounds as a program gets them, not answered yet, each with the server's own measurement of its time."""
    rounds = []
    for number in range(count):
        body = {"data": ["portraits", 1 + number % LEVELS], "session_hash": "test"}
        started = time.perf_counter()
        response = client.post("/run/quiz_new", json=body)
        seconds = time.perf_counter() - started
        answer = response.json()
        token, *addresses = answer.pop("data")
        assert all(address.startswith("data:image/png;base64,") for address in addresses)
        left, right = (base64.b64decode(address.partition(",")[2]) for address in addresses)
        duration = answer["duration"]
        rest = {name: value for name, value in answer.items() if name not in TIMINGS}
        headers = {name: value for name, value in response.headers.items() if name not in ("date", "content-length")}
        rounds.append((Seen(token, left, right, seconds, json.dumps([rest, headers]), real_side=""), duration))
    return rounds


def play_together(client: httpx.Client, scores: Path) -> tuple[list[Seen], list[Seen]]:
    """`ROUNDS` rounds by several programs, those of each in order: with the time over HTTP, and with the server's own.

    One round in twenty is answered over HTTP. The truth about the others is read where the server keeps it, which saves
    half of the time.
    """
    with ThreadPoolExecutor(PROGRAMS) as programs:
        played = [*chain.from_iterable(programs.map(play, [client] * PROGRAMS, [ROUNDS // PROGRAMS] * PROGRAMS))]
    store = Store(f"sqlite:///{scores / 'quiz.sqlite3'}")
    with store.engine.connect() as connection:
        truth = dict(connection.execute(select(Round.token, Round.real_side)).tuples().all())
    store.close()
    for seen, _ in played[::20]:
        choice = secrets.choice(["left", "right"])
        (verdict,) = ask(client, "quiz_answer", seen.token, choice, 60)["data"]
        assert verdict["real_side"] == truth[seen.token]
        assert verdict["correct"] == (choice == truth[seen.token])
    told = [replace(seen, real_side=truth[seen.token]) for seen, _ in played]
    return told, [replace(seen, seconds=duration) for seen, (_, duration) in zip(told, played, strict=True)]


def test_no_rule_beats_chance_in_2000_rounds(client: httpx.Client, scores_folder: Path) -> None:
    rounds, timed = play_together(client, scores_folder)
    files = {file for seen in rounds for file in (seen.left, seen.right)}
    assert len(files) == 2 * ROUNDS  # no bytes come twice
    assert len({len(file) for file in files}) == 1
    assert len({seen.token for seen in rounds}) == ROUNDS
    assert len({seen.rest for seen in rounds}) == 1  # nothing else that differs comes along
    winners = winning_rules(rounds).keys() | winning_rules(timed).keys()
    if winners:  # by luck once in a hundred runs: a rule that really works does so again
        rounds, timed = play_together(client, scores_folder)
        again = winning_rules(rounds).keys() | winning_rules(timed).keys()
        assert not winners & again, (winners, again)


def test_pictures_carry_nothing_but_pixels(client: httpx.Client) -> None:
    _, *addresses = ask(client, "quiz_new", "portraits", 1)["data"]
    for address in addresses:
        with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as picture:
            assert (picture.format, picture.size, picture.mode, picture.info) == ("PNG", (256, 256), "L", {})


# --- no shortcut -------------------------------------------------------------------------------------------------


def test_the_answer_says_nothing_before_the_choice(client: httpx.Client) -> None:
    token, *_ = ask(client, "quiz_new", "portraits", 2)["data"]
    mistakes = [("up", None), ("", None), (None, None), ("left", 20), ("left", "sure"), (["left"], None)]
    answers = [ask(client, "quiz_answer", token, *mistake) for mistake in mistakes]
    for answer in answers:
        assert set(answer) == {"error", "duration", "visible", "title"}
        assert one_sentence(answer["error"])
        assert "real" not in answer["error"]
    (verdict,) = ask(client, "quiz_answer", token, "left", 70)["data"]  # none of them used the round up
    assert verdict["real_side"] in ("left", "right")


def test_a_round_is_answered_once(client: httpx.Client) -> None:
    token, *_ = ask(client, "quiz_new", "portraits", 2)["data"]
    assert "data" in ask(client, "quiz_answer", token, "left", None)
    for choice in ("left", "right"):
        assert "the first answer counts" in ask(client, "quiz_answer", token, choice, None)["error"]


@pytest.mark.parametrize("token", ["forged", "x" * 43, "", None, 7, {"round": 1}, "' OR 1=1 --"])
def test_forged_rounds_are_refused(client: httpx.Client, token: object) -> None:
    error = ask(client, "quiz_answer", token, "left", None)["error"]
    assert error == "There is no open round with this id, or it is older than an hour; ask for a new round."


@pytest.mark.parametrize(
    ("deck", "level", "sentence"),
    [
        ("nonsense", 1, "There is no deck 'nonsense'; choose one of portraits-colour, portraits, scenes, folder."),
        (["portraits"], 1, "There is no deck"),
        ("../lfw", 1, "There is no deck"),
        ("lfw", 1, "The deck of press photographs is no longer here; portraits in colour took its place."),
        ("portraits", 0, "The level is 0; it has to be from 1 to 3."),
        ("portraits", 99, "The level is 99; it has to be from 1 to 3."),
        ("portraits", 1.5, "The level is 1.5; it has to be a whole number from 1 to 3."),
        ("portraits", "hard", "The level is 'hard'; it has to be a whole number from 1 to 3."),
        ("portraits", None, "Without a player there is no staircase; choose a level from 1 to 3."),
        ("folder", 1, "No pictures are set for this deck; set LATENT_LAB_DECK_FOLDER"),
    ],
)
def test_wrong_questions_get_a_sentence(client: httpx.Client, deck: object, level: object, sentence: str) -> None:
    assert sentence in ask(client, "quiz_new", deck, level)["error"]


def test_what_everybody_can_read_knows_no_answer(client: httpx.Client, address: str) -> None:
    token, left, _ = ask(client, "quiz_new", "portraits", 2)["data"]
    for path in ("/config", "/gradio_api/info", "/gradio_api/openapi.json", "/?tab=quiz"):
        text = httpx.get(address + path, timeout=60).text
        assert token not in text and left[:200] not in text
        assert "real_side" not in text.replace(VERDICT_FIELD, "")


VERDICT_FIELD = "correct; real_side;"  # the description of /quiz_answer names the field


def test_the_interface_is_documented(client: httpx.Client) -> None:
    endpoints = client.get("/info").json()["named_endpoints"]
    parameters = {name: [part["parameter_name"] for part in end["parameters"]] for name, end in endpoints.items()}
    assert parameters["/quiz_new"] == ["deck", "level", "form"]
    assert parameters["/quiz_answer"] == ["round", "choice", "confidence"]
    assert "50 (guessed) to 100 (certain)" in endpoints["/quiz_answer"]["description"]
    assert len(endpoints["/quiz_new"]["returns"]) == 3


# --- the page's own requests -------------------------------------------------------------------------------------


def test_the_page_gets_a_pair_and_no_answer(client: httpx.Client, components: dict[str, int]) -> None:
    dealt = script(client, components, "quiz", "deal", {})
    assert set(dealt["pair"]) == {"round", "left", "right", "level", "side", "oval"}
    assert dealt["standing"] is None
    assert (dealt["deck"], dealt["level"], dealt["pair"]["level"]) == ("portraits-colour", "adaptive", "Level 2 of 3")
    again = script(client, components, "quiz", "deal", {"player": dealt["player"]})
    assert again["pair"]["round"] == dealt["pair"]["round"]  # nobody shops for an easy pair
    told = script(
        client, components, "quiz", "answer",
        {"player": dealt["player"], "round": dealt["pair"]["round"], "choice": "left", "confidence": 80},
    )  # fmt: skip
    assert set(told) == {"verdict", "standing", "next"}
    assert set(told["next"]) == set(dealt["pair"])
    assert told["next"]["round"] != dealt["pair"]["round"]
    assert told["standing"]["rounds"] == 1


def test_visitors_do_not_see_each_other(client: httpx.Client, components: dict[str, int]) -> None:
    ada, ben = (script(client, components, "quiz", "deal", {}) for _ in range(2))
    assert ada["player"] != ben["player"]
    answer = {"player": ada["player"], "round": ada["pair"]["round"], "choice": "left"}
    script(client, components, "quiz", "answer", answer)
    assert script(client, components, "quiz", "deal", {"player": ben["player"]})["standing"] is None
    crowd = json.dumps(script(client, components, "crowd", "look_around", {"player": ben["player"]}))
    assert ada["player"] not in crowd and ben["player"] not in crowd


@pytest.mark.parametrize("data", [None, [], "x", 5, {"player": 5}, {"player": "x"}, {"deck": {}}, {"level": [1]}])
def test_odd_requests_get_a_sentence(client: httpx.Client, components: dict[str, int], data: object) -> None:
    dealt = script(client, components, "quiz", "deal", data)
    assert dealt["pair"]  # a page with a broken storage or address still opens
    assert one_sentence(dealt.get("notice") or ".")
    for part, function in (("quiz", "answer"), ("crowd", "look_around"), ("crowd", "join"), ("crowd", "forget")):
        assert one_sentence(script(client, components, part, function, data)["notice"])


@pytest.mark.parametrize(
    "nickname",
    ["", "a", "x" * 500, "<script>alert(1)</script>", "<b>Ada</b>", "\u202eadA", "A\u200bda", "ada@example.com",
     "www.example.com", "0176 1234567", "f.u.c.k", "'; DROP TABLE players; --", None, 5, ["Ada"], {"a": 1}],
)  # fmt: skip
def test_hostile_nicknames_are_refused(client: httpx.Client, components: dict[str, int], nickname: object) -> None:
    request = {"player": new_token(), "nickname": nickname}
    answer = script(client, components, "crowd", "join", request)
    assert set(answer) == {"notice"}
    assert one_sentence(answer["notice"])
    assert script(client, components, "crowd", "look_around", request)["nickname"] is None


def test_a_nickname_belongs_to_one_player(client: httpx.Client, components: dict[str, int]) -> None:
    name = "Player " + secrets.token_hex(2).translate(str.maketrans("0123456789", "ghijklmnop"))
    first, second = new_token(), new_token()
    early = script(client, components, "crowd", "join", {"player": first, "nickname": name})
    assert early == {"notice": "A nickname is for those who have played; answer a pair first."}
    for player in (first, second):
        token = script(client, components, "quiz", "deal", {"player": player})["pair"]["round"]
        script(client, components, "quiz", "answer", {"player": player, "round": token, "choice": "left"})
    assert script(client, components, "crowd", "join", {"player": first, "nickname": name})["nickname"] == name
    taken = script(client, components, "crowd", "join", {"player": second, "nickname": name.upper()})
    assert taken["notice"] == f"Somebody else plays as {name.upper()}; choose another nickname."
    assert script(client, components, "crowd", "forget", {"player": first}) == {"forgotten": True}
    assert script(client, components, "crowd", "join", {"player": second, "nickname": name})["nickname"] == name
