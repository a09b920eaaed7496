"""A host's photographs against a published generator, which comes without discriminator and ladder and draws slowly."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants
from PIL import Image

from data.folders import cut_out
from models import load
from models.gan import draw, draw_latents
from models.pixels import Pictures, to_image
from quiz import decks
from quiz.decks import POOL_SEED, PUBLISHED_TRUNCATION, Deck, obstacle, open_deck
from quiz.hosts import DrawnAhead
from quiz.rounds import answer, choose_pair, new_round
from quiz.scores import Store
from quiz.tokens import new_token
from tabs.quiz import game
from tests.hub import serve_hub, talk_to
from tests.networks import write_host_deck
from tests.quiz_rules import winning_rules
from tests.test_quiz_secrecy import collect

ROUNDS = 200
DRAWING = re.compile(
    r"The pictures of this deck are being drawn: \d+ are there, and 20 are needed; try again in a minute\."
)


@pytest.fixture
def hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a host who has 24 photographs and a StyleGAN2 of 32 px, set as their deck."""
    for name, value in write_host_deck(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LATENT_LAB_CACHE", str(tmp_path / "cache"))
    yield tmp_path
    decks.drawn_ahead.cache_clear()


@pytest.fixture
def scores(tmp_path: Path) -> Iterator[Store]:
    """Scores of its own, in SQLite."""
    store = Store(f"sqlite:///{tmp_path / 'quiz.sqlite3'}")
    yield store
    store.close()


def opened() -> Deck:
    """The deck once all is drawn; whatever it says before is that it draws."""
    reason = obstacle("folder")
    assert not reason or DRAWING.fullmatch(reason), reason
    for thread in threading.enumerate():
        if thread.name == "ahead":
            thread.join()
    return open_deck("folder")


def drawn(network: Path, count: int = 24) -> Pictures:
    """What a published generator draws for a deck."""
    generator = load(network)
    latents = draw_latents(generator.config.latent_size, seed=POOL_SEED, count=count)
    return np.concatenate([draw(generator, z[None], truncation=PUBLISHED_TRUNCATION) for z in latents])


@pytest.mark.parametrize("named", ["file", "folder"])
def test_a_published_generator_plays_alone_at_one_level(
    hosts: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    file = hosts / "network" / "550000.pt"
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", str(file if named == "file" else file.parent))
    deck = opened()
    assert (deck.levels, deck.steps, deck.rival, deck.reals.count) == (1, (0,), False, 24)
    assert deck.fakes(1) is open_deck("folder").fakes(1)
    assert np.array_equal(deck.fakes(1).pictures, drawn(file))
    assert deck.reals.picture(0).shape == deck.fakes(1).picture(0).shape == (32, 32, 3)


def test_what_was_drawn_is_there_after_a_restart(hosts: Path) -> None:
    first = opened().fakes(1)
    files = {file: file.stat().st_mtime_ns for file in (hosts / "cache" / "quiz" / first.edition).iterdir()}
    assert len(files) == 24
    decks.drawn_ahead.cache_clear()
    again = open_deck("folder").fakes(1)  # at once
    assert (again.ready(), again.edition) == (24, first.edition)
    assert np.array_equal(again.pictures, first.pictures)
    assert {file: file.stat().st_mtime_ns for file in files} == files


def test_both_kinds_are_reduced_by_one_function_where_the_network_draws_larger(
    hosts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decks, "SHOWN", 20)
    deck = opened()
    assert deck.view.side == 20
    reduced = [cut_out(to_image(picture), "it", height=20, width=20) for picture in drawn(hosts / "network/550000.pt")]
    assert np.array_equal(deck.fakes(1).pictures, reduced)
    with Image.open(sorted((hosts / "photographs").iterdir())[3]) as photograph:
        assert np.array_equal(deck.reals.picture(3), cut_out(photograph.copy(), "it", height=20, width=20))


def test_a_generator_of_the_hub(hosts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = hosts / "hub" / "someone" / "faces"
    shelf.parent.mkdir(parents=True)
    (hosts / "network").rename(shelf)
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "someone/faces/550000.pt")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(hosts / "cache"))
    with serve_hub(hosts / "hub") as hub:
        talk_to(hub.address, monkeypatch)
        game.open_hosts_deck()  # as the start of the page does, which waits for the Hub
        assert np.array_equal(opened().fakes(1).pictures, drawn(shelf / "550000.pt"))


def test_as_many_photographs_take_part_as_faces_are_drawn(hosts: Path, scores: Store) -> None:
    deck = opened()
    faces = deck.fakes(1)
    for index in range(21, 24):
        del faces.kept[index]  # as if the network still drew these
    player = new_token()
    pairs = [choose_pair(scores, deck, 1, player) for _ in range(150)]
    assert {real for real, _ in pairs} == {fake for _, fake in pairs} == set(range(21))


def test_a_round_without_a_rival(hosts: Path, scores: Store) -> None:
    opened()
    player = new_token()
    question = new_round(scores, "folder", None, player)
    assert (question.level, question.left.shape, question.right.shape) == (1, (256, 256, 3), (256, 256, 3))
    verdict = answer(scores, question.token, scores.find_round(question.token).real_side, 80)
    assert (verdict.left_logit, verdict.right_logit, verdict.left_is_real) == (None, None, None)
    assert (verdict.discriminator_correct, verdict.spot, verdict.levels) == (None, None, 1)
    assert verdict.tell.startswith("This network came without its discriminator")
    assert verdict.score is not None and (verdict.score.rounds, verdict.score.unjudged) == (1, 1)
    (day,) = scores.by_day("folder")
    assert (day.score.rounds, day.score.correct, day.score.unjudged) == (1, 1, 1)


def test_no_rule_beats_chance(hosts: Path, scores: Store) -> None:
    """The photographs of this deck were drawn by a network of the same architecture: only a leak tells them apart."""
    opened()
    rounds = collect(scores, ROUNDS, "folder", levels=1)
    assert len({len(file) for seen in rounds for file in (seen.left, seen.right)}) == 1
    if winners := winning_rules(rounds):  # by luck once in a hundred runs: a rule that really works does so again
        assert not winners.keys() & winning_rules(collect(scores, ROUNDS, "folder", levels=1)).keys()


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        ("nowhere.pkl", "There is no network 'nowhere.pkl'; choose one of "),
        ("novel.pt", "novel.pt is no file of tensors"),
        ("upscale-x2-fast", "The network upscale-x2-fast has no config.json"),
    ],
)
def test_a_wrong_network_is_said_at_the_start(
    hosts: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, network: str, sentence: str
) -> None:
    monkeypatch.chdir(hosts)
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(hosts / "weights"))
    (hosts / "novel.pt").write_text("Call me Ishmael.")
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", network)
    game.open_hosts_deck()
    (told,) = caplog.messages
    assert told.startswith(f"The deck of your own photographs: {sentence}")


def test_a_picture_that_cannot_be_drawn_leaves_a_word_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(index: int) -> Pictures:
        raise MemoryError(index)

    ahead = DrawnAhead(tmp_path / "cache", fail)
    ahead.work(range(3), ahead.picture)
    assert caplog.messages == ["the pictures of the host's deck cannot be drawn"]


def test_a_broken_file_is_drawn_again(tmp_path: Path) -> None:
    ahead = DrawnAhead(tmp_path, lambda index: np.full((4, 4, 1), index, np.uint8))
    ahead.picture(7)
    (tmp_path / "007.png").write_bytes((tmp_path / "007.png").read_bytes()[:40])
    assert ahead.picture(7).tolist() == np.full((4, 4, 1), 7).tolist()
    assert ahead.read(tmp_path / "007.png") is not None


def test_a_process_ends_between_two_pictures(tmp_path: Path) -> None:
    """Within one it would abort."""
    ahead, asked = DrawnAhead(tmp_path, lambda _: np.zeros((4, 4, 1), np.uint8)), threading.Event()
    drawn: list[int] = []

    def show(index: int) -> None:
        drawn.append(index)
        asked.set()
        ahead.ending.wait(60)

    worker = threading.Thread(target=ahead.work, args=(range(3), show))
    worker.start()
    assert asked.wait(60)
    ahead.end(worker)
    assert drawn == [0] and not worker.is_alive()
