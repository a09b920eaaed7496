"""The scores in a data set on the Hub, played by a local stand-in: what is sent, what comes back, and that the game
goes on without it."""

import json
import logging
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from huggingface_hub import HfApi

from models.errors import InvalidInput
from quiz.backup import BACKUP, Backup, open_scores, parse, play_back
from quiz.records import Score
from quiz.scores import Event, Store
from quiz.tokens import digest, new_token
from tests.faults.conftest import Target
from tests.faults.test_shutdown import begin
from tests.hub import NOBODY, TOKEN, StandIn, serve_hub
from tests.pages import serve_page
from tests.test_quiz_scores import make_round, play

DATA_SET = "somebody/scores"
FIELDS = {
    "kind", "at", "token", "player", "deck", "level", "step", "edition", "fake", "real", "real_side", "created_ms",
    "choice", "confidence", "correct", "streak", "left_logit", "right_logit", "discriminator_correct", "answered_ms",
}  # fmt: skip


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[StandIn]:
    with serve_hub(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
def new_store(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Makes empty stores, as a host without a disk has them after every start."""
    stores: list[Store] = []

    def make() -> Store:
        stores.append(Store(f"sqlite:///{tmp_path / f'{len(stores)}.sqlite3'}"))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@contextmanager
def backed_up(store: Store, address: str, *, every: float = 60, token: str = TOKEN) -> Iterator[Backup]:
    backup = Backup(store, DATA_SET, api=HfApi(endpoint=address, token=token), every=every)
    yield backup
    backup.close()
    assert not backup.worker.is_alive()


def until(condition: Callable[[], object]) -> None:
    """Waits for something that happens in another thread."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 30 seconds"
        time.sleep(0.02)


def files(hub: StandIn) -> dict[str, str]:
    """What the data set holds."""
    folder = hub.root / "datasets" / DATA_SET
    return {file.name: file.read_text() for file in sorted(folder.glob("scores/*"))}


def told(hub: StandIn) -> list[dict[str, object]]:
    return [json.loads(line) for text in files(hub).values() for line in text.splitlines()]


def test_what_was_played_is_there_after_a_start_with_an_empty_database(
    hub: StandIn, new_store: Callable[[], Store]
) -> None:
    ada = new_token()
    first = new_store()
    with backed_up(first, hub.address):
        for number in range(20):
            play(first, ada, number != 5, confidence=70)
        play(first, None, False, fake=3)
        first.set_nickname(ada, "Ada")
    second = new_store()
    with backed_up(second, hub.address) as backup:
        until(lambda: backup.restored)
        play(second, ada, True)
    for store, more in ((first, 0), (second, 1)):
        assert store.score(ada) == Score(20 + more, 19 + more, 20 + more)
        assert store.score().rounds == 21 + more
        assert store.fooled("portraits", "0123456789ab", 3) == (1, 1)
        (place,) = store.leaderboard("portraits")
        assert (place.nickname, place.rounds, place.best_streak) == ("Ada", 20 + more, 14 + more)
    rows = [store.history(ada)[:20] for store in (first, second)]
    same = ("token", "player", "confidence", "left_logit", "created_ms", "answered_ms", "streak")
    assert [[getattr(row, name) for name in same] for row in rows[0]] == [
        [getattr(row, name) for name in same] for row in rows[1]
    ]
    with pytest.raises(InvalidInput, match="answered before"):
        second.find_round(rows[0][0].token)
    third = new_store()
    with backed_up(third, hub.address) as backup:  # from the files of two processes
        until(lambda: backup.restored)
    assert third.score(ada) == second.score(ada)
    assert len(files(hub)) == 2
    assert DATA_SET in hub.private


def test_nothing_else_is_sent(hub: StandIn, new_store: Callable[[], Store]) -> None:
    ada = new_token()
    store = new_store()
    with backed_up(store, hub.address):
        play(store, ada, True)
        waiting = store.add_round(make_round(ada))
        store.set_nickname(ada, "Ada")
    answer, nickname = told(hub)
    assert answer.keys() == FIELDS
    assert nickname.keys() == {"kind", "at", "player", "nickname", "key"}
    assert answer["player"] == nickname["player"] == digest(ada)
    text = "".join(files(hub).values())
    assert ada not in text  # nobody can play as Ada
    assert waiting.token not in text and waiting.secret not in text  # nor know an answer before it is given


def test_nothing_is_sent_where_nothing_happened(hub: StandIn, new_store: Callable[[], Store]) -> None:
    store = new_store()
    with backed_up(store, hub.address, every=0.05) as backup:
        until(lambda: backup.restored)
        assert hub.commits == 0
        play(store, None, True)
        until(lambda: hub.commits == 1)
        time.sleep(0.3)
        assert hub.commits == 1
    assert hub.commits == 1


def test_who_is_forgotten_is_taken_out_of_all_files(hub: StandIn, new_store: Callable[[], Store]) -> None:
    ada, eve = new_token(), new_token()
    first = new_store()
    with backed_up(first, hub.address):
        play(first, ada, True)
        play(first, eve, True)
        first.set_nickname(ada, "Ada")
    second = new_store()
    with backed_up(second, hub.address) as backup:
        until(lambda: backup.restored)
        play(second, ada, False)
        assert hub.squashed == []
        second.forget(ada)
    text = "".join(files(hub).values())
    assert "Ada" not in text
    assert [line["kind"] for line in told(hub) if line["player"] == digest(ada)] == ["forget"] * 2
    assert sum(line["player"] is None for line in told(hub)) == 2
    assert hub.squashed == [DATA_SET]  # older versions of the files are gone, too
    third = new_store()
    with backed_up(third, hub.address) as backup:
        until(lambda: backup.restored)
    assert third.history(ada) == []
    assert third.nickname(ada) is None
    assert (third.score().rounds, third.score(eve).rounds) == (3, 1)


def test_the_hub_may_be_down_at_the_start(
    hub: StandIn, new_store: Callable[[], Store], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, eve = new_token(), new_token()
    first = new_store()
    with backed_up(first, hub.address):
        play(first, ada, True)
        play(first, eve, True)
    second = new_store()
    api = HfApi(endpoint=NOBODY, token=TOKEN)
    started = time.monotonic()
    backup = Backup(second, DATA_SET, api=api, every=0.1)
    assert time.monotonic() - started < 1  # the page does not wait for it
    until(lambda: "cannot be reached" in caplog.text)
    play(second, ada, False)  # the game goes on
    assert second.score(ada).rounds == 1
    play(second, eve, False)
    second.forget(eve)
    monkeypatch.setattr(api, "endpoint", hub.address)  # the Hub is back
    until(lambda: backup.restored and hub.commits >= 2)
    backup.close()
    assert second.score(ada) == Score(2, 1, 2)
    assert second.score().rounds == 4
    assert second.score(eve).rounds == 0  # nor do her earlier answers come back under her name
    assert len(told(hub)) == 5
    assert {record.levelno for record in caplog.records if record.name == "latent-lab"} <= {
        logging.INFO,
        logging.WARNING,
    }


def test_what_the_hub_does_not_take_is_sent_later(
    hub: StandIn, new_store: Callable[[], Store], caplog: pytest.LogCaptureFixture
) -> None:
    store = new_store()
    with backed_up(store, hub.address, every=0.05) as backup:
        play(store, None, True)
        until(lambda: len(told(hub)) == 1)
        backup.api.token = "hf_expired"
        for _ in range(3):
            play(store, None, True)
        until(lambda: "Backup of the scores" in caplog.text)
        assert len(told(hub)) == 1
        backup.api.token = TOKEN
        until(lambda: len(told(hub)) == 4)


def test_without_permission_the_game_goes_on(
    hub: StandIn, new_store: Callable[[], Store], caplog: pytest.LogCaptureFixture
) -> None:
    store = new_store()
    with backed_up(store, hub.address, token="hf_wrong"):
        play(store, None, True)
        until(lambda: "Backup of the scores" in caplog.text)
    assert store.score().rounds == 1
    assert not files(hub)


def test_a_database_is_filled_once(hub: StandIn, new_store: Callable[[], Store]) -> None:
    """Also one that has scores by then, as after a start while the Hub was down; and not again at each start."""
    first, second = new_store(), new_store()
    with backed_up(first, hub.address):
        play(first, None, True)
    play(second, None, False)
    with backed_up(second, NOBODY, every=0.1) as backup:
        assert not backup.restored
    with backed_up(second, hub.address) as backup:
        until(lambda: backup.restored)
        assert second.score() == Score(2, 1, 2)
    hub.asked.clear()
    with backed_up(second, hub.address) as backup:
        assert backup.restored
        play(second, None, True)
    assert hub.commits and not any(request.startswith("GET /datasets/") for request in hub.asked)  # no file
    assert second.score().rounds == 3


def test_who_was_forgotten_stays_so_in_a_database_of_before(hub: StandIn, new_store: Callable[[], Store]) -> None:
    ada, eve = new_token(), new_token()
    first, old = new_store(), new_store()
    told: list[Event] = []
    first.listeners.append(told.append)
    with backed_up(first, hub.address):
        for player, name in ((ada, "Ada"), (eve, "Eve")):
            play(first, player, True)
            first.set_nickname(player, name)
        answers, players, _ = play_back(told)
        first.forget(ada)
    old.add_kept(answers, players, source="a copy of the disk")
    assert (old.nickname(ada), old.score(ada).rounds) == ("Ada", 1)
    with backed_up(old, hub.address) as backup:
        until(lambda: backup.restored)
    assert (old.nickname(ada), old.score(ada).rounds) == (None, 0)
    assert (old.nickname(eve), old.score(eve).rounds) == ("Eve", 1)
    assert old.score().rounds == 2


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """The scores as two processes have them open that share one database."""
    both = Store(f"sqlite:///{tmp_path / 'shared.sqlite3'}"), Store(f"sqlite:///{tmp_path / 'shared.sqlite3'}")
    yield both
    for store in both:
        store.close()


def test_no_other_page_brings_back_who_is_forgotten(hub: StandIn, pages: tuple[Store, Store]) -> None:
    """Neither what it sent before nor what it had not sent yet, whoever heard of it."""
    here, there = pages
    ada = new_token()
    with backed_up(here, hub.address) as sender:
        with backed_up(there, hub.address) as hearer:
            until(lambda: sender.restored and hearer.restored)
            play(here, ada, True)
            here.set_nickname(ada, "Ada")
            sender.wake.set()
            until(lambda: len(told(hub)) == 2)
            play(here, ada, False)  # waits to be sent
            there.forget(ada)
            hearer.wake.set()
            until(lambda: hub.squashed)
            assert "Ada" not in "".join(files(hub).values())
        play(here, None, True)
    lines = told(hub)
    assert "Ada" not in "".join(files(hub).values())
    assert [line["kind"] for line in lines if line["player"] == digest(ada)] == ["forget"]
    assert sum(line["kind"] == "answer" for line in lines) == 3


def test_of_two_deliveries_at_once_the_later_one_looks_again(
    hub: StandIn, pages: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = pages
    ada = new_token()
    with backed_up(here, hub.address) as sender, backed_up(there, hub.address) as hearer:
        until(lambda: sender.restored and hearer.restored)
        play(here, ada, True)
        true = sender.still_true
        late: list[list[Event]] = []

        def look(events: Iterable[Event]) -> list[Event]:
            kept = true(events)
            if not late:
                late.append(kept)
                there.forget(ada)
                hearer.wake.set()
                until(lambda: hub.squashed)
            return kept

        monkeypatch.setattr(sender, "still_true", look)
        sender.wake.set()
        until(lambda: sender.sent)
    assert late[0][0]["player"] == digest(ada)  # it would have been sent
    assert [line["kind"] for line in told(hub) if line["player"] == digest(ada)] == ["forget"]
    assert sum(line["kind"] == "answer" for line in told(hub)) == 1


def test_nobody_is_forgotten_in_vain_while_a_copy_is_read_back(
    hub: StandIn, new_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = new_token()
    first, second = new_store(), new_store()
    with backed_up(first, hub.address):
        play(first, ada, True)
        first.set_nickname(ada, "Ada")
    add = second.add_kept
    with ThreadPoolExecutor(1) as threads:
        wishes = []

        def add_late(*rows: Any, **more: Any) -> None:
            wishes.append(threads.submit(second.forget, ada))
            wait(wishes, 0.3)
            add(*rows, **more)

        monkeypatch.setattr(second, "add_kept", add_late)
        with backed_up(second, hub.address) as backup:
            until(lambda: backup.restored and wishes[0].done())
    assert second.score().rounds == 1
    assert (second.nickname(ada), second.score(ada).rounds) == (None, 0)
    assert "Ada" not in "".join(files(hub).values())


def test_of_many_names_the_last_one_is_sent(hub: StandIn, new_store: Callable[[], Store]) -> None:
    store, ada = new_store(), new_token()
    with backed_up(store, hub.address):
        play(store, ada, True)
        for name in ("Ada", "Bea", "Cleo"):
            store.set_nickname(ada, name)
    assert [line["nickname"] for line in told(hub) if line["kind"] == "nickname"] == ["Cleo"]


def test_it_hurries_once_the_page_is_told_to_stop(
    hub: StandIn, new_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.backup.ENDING", 0.1)
    store = new_store()
    with backed_up(store, hub.address, every=300) as backup:
        until(lambda: backup.restored)
        play(store, None, True)
        for send in store.before_end:
            send()
        until(lambda: len(told(hub)) == 1)
        play(store, None, True)  # in the time that work is given to end
        until(lambda: len(told(hub)) == 2)


def test_a_long_file_is_followed_by_another(
    hub: StandIn, new_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.backup.LONGEST", 3)
    store = new_store()
    with backed_up(store, hub.address, every=0.05):
        for number in range(1, 8):
            play(store, None, True)
            until(lambda: len(told(hub)) == number)  # noqa: B023
    assert [text.count("\n") for text in files(hub).values()] == [3, 3, 1]


def test_foreign_and_broken_lines_are_passed_over(hub: StandIn, new_store: Callable[[], Store]) -> None:
    store = new_store()
    with backed_up(store, hub.address):
        play(store, None, True)
    (name, text), *_ = files(hub).items()
    good = json.loads(text)
    broken = [
        {**good, "token": "short"},
        {**good, "level": "8"},
        {**good, "deck": None},
        {**good, "player": "p" * 44},
        {**good, "answered_ms": None},
        {"kind": "answer"},
        [],
        7,
    ]
    lines = [*(json.dumps(line) for line in broken), "{cut o", "", text.strip(), text.strip()]
    (hub.root / "datasets" / DATA_SET / "scores" / name).write_text("\n".join(lines))
    again = new_store()
    with backed_up(again, hub.address) as backup:
        until(lambda: backup.restored)
    assert again.score().rounds == 1


def test_a_nickname_that_changed_hands() -> None:
    ada, eve = digest("ada"), digest("eve")
    named = {"kind": "nickname", "nickname": "Ada", "key": "ada"}
    events = [
        {**named, "at": 3, "player": eve},
        {"kind": "nickname", "at": 2, "player": ada, "nickname": "Bea", "key": "bea"},
        {**named, "at": 1, "player": ada},
    ]
    _, players, _ = play_back(events)
    assert {(row["player"], row["nickname"]) for row in players} == {(ada, "Bea"), (eve, "Ada")}
    _, players, forgotten = play_back([*events, {"kind": "forget", "at": 4, "player": eve}])
    assert [row["nickname"] for row in players] == ["Bea"]
    assert forgotten == {eve: 4}
    assert parse(json.dumps(events[0])) == events[0]


def test_many_who_are_forgotten_are_played_back_in_one_pass() -> None:
    """20,000 answers of 2,000 players, half of whom ask to be forgotten in the middle."""
    answers = [
        {"kind": "answer", "at": number, "token": f"{number}", "player": f"{number % 2000}", "answered_ms": number}
        for number in range(20_000)
    ]
    wishes = [{"kind": "forget", "at": 10_000, "player": f"{number}"} for number in range(1000)]
    started = time.monotonic()
    rounds, players, forgotten = play_back([*answers, *wishes])
    assert time.monotonic() - started < 5
    assert players == [] and len(forgotten) == 1000
    nobodys = {row["token"] for row in rounds if row["player"] is None}
    assert nobodys == {str(number) for number in range(10_001) if number % 2000 < 1000}


def test_rows_are_added_once(store: Store) -> None:
    ada, eve = new_token(), new_token()
    play(store, ada, True)
    store.set_nickname(ada, "Ada")
    told: list[Event] = []
    store.listeners.append(told.append)
    play(store, eve, False)
    rounds, _, _ = play_back(told)
    players = [{"player": digest("somebody else"), "nickname": "Ada", "key": "ada"}]
    players += [{"player": digest(eve), "nickname": "Eve", "key": "eve"}]
    players += [{"player": digest("never played"), "nickname": "Bea", "key": "bea"}]
    rounds += [{**rounds[0], "token": "x" * 43}, {**rounds[0], "token": "y" * 43, "player": digest("somebody else")}]
    assert not store.was_read_back(DATA_SET)
    for _ in range(2):
        store.add_kept(rounds, players, source=DATA_SET)
        assert store.score() == Score(4, 1, 4)
        assert store.was_read_back(DATA_SET)
    assert not store.was_read_back("another/copy")
    assert store.names([digest(player) for player in (ada, eve, "somebody else", "never played")]) == {
        digest(ada): "Ada",
        digest(eve): "Eve",
    }
    assert store.owners([*(row["token"] for row in rounds), "z" * 43]) == {
        row["token"]: row["player"] for row in rounds
    }
    play(store, None, True)  # the numbers of the rows go on


def test_off_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'quiz.sqlite3'}")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    for name in (BACKUP, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    store = open_scores()
    assert store.listeners == []
    assert caplog.text == ""
    store.close()
    monkeypatch.setenv(BACKUP, DATA_SET)
    monkeypatch.setattr("quiz.backup.get_token", lambda: None)
    store = open_scores()
    assert store.listeners == []
    assert "LATENT_LAB_BACKUP is set, but no HF_TOKEN; the scores are not backed up." in caplog.text
    store.close()


def test_a_page_that_is_told_to_stop_sends_what_is_left(hub: StandIn, weights: Path, tmp_path: Path) -> None:
    settings = {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path / "home"), "HF_TOKEN": TOKEN}
    with serve_page(tmp_path, **settings, **{BACKUP: DATA_SET}) as page:
        run = f"{page.address}/gradio_api/run"
        token, *_ = httpx.post(f"{run}/quiz_new", json={"data": ["portraits", 1]}, timeout=60).json()["data"]
        answer = {"data": [token, "left", 70]}
        assert httpx.post(f"{run}/quiz_answer", json=answer, timeout=60).json()["data"]
        assert told(hub) == []  # the next delivery is minutes away
    (line,) = told(hub)
    assert (line["token"], line["choice"], line["player"]) == (token, "left", None)


def test_a_page_with_work_on_its_hands_sends_at_once(hub: StandIn, weights: Path, tmp_path: Path) -> None:
    """A host may not wait until that work is done."""
    settings = {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path / "home"), "HF_TOKEN": TOKEN}
    page = Target(tmp_path, LATENT_LAB_GRACE="100", **settings, **{BACKUP: DATA_SET})
    page.wait()
    try:
        token, *_ = page.send("POST", "/gradio_api/run/quiz_new", json={"data": ["portraits", 1]}).json()["data"]
        assert "data" in page.send("POST", "/gradio_api/run/quiz_answer", json={"data": [token, "left", 70]}).json()
        component, answer = begin(page)
        assert told(hub) == []
        page.process.send_signal(signal.SIGTERM)
        until(lambda: told(hub))
        assert "job" in page.ask(component, "follow", {"job": answer["job"]}).json()  # it goes on
        assert told(hub)[0]["token"] == token
    finally:
        page.client.close()
        page.kill()
