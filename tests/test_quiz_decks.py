"""Decks: what is offered, what a deck holds, and what is said when one cannot be played."""

import csv
import hashlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants
from PIL import Image

import models.hub
from data import datasets
from models.catalogue import names_of
from models.errors import InvalidInput, NetworkUnavailable, UnusableData
from models.gan import draw, draw_latents
from models.ladder import ladder_file
from models.loading import read
from quiz import decks, fingerprints, matching, pairs
from quiz.collection import HOME as COLLECTIONS
from quiz.collection import PUBLIC_DOMAIN, read_collection
from quiz.decks import DECKS, obstacle, open_deck
from quiz.view import draw_variation, show
from tests.hub import NOBODY, StandIn, serve_hub, talk_to
from tests.networks import (
    tiny_generator,
    tiny_mixture,
    write_tiny_networks,
    write_tiny_scene_networks,
    write_tiny_upscalers,
)
from tests.tables import write_table
from trainer.export import save_network


@pytest.fixture
def weights(tmp_path: Path, tiny_portraits: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tiny networks of the decks of portraits, and one that draws grey pictures of 32 px for those of hosts."""
    folder = tmp_path / "weights"
    shutil.copytree(tiny_portraits, folder)
    write_tiny_networks(folder / "faces-celeba-64", steps=(5, 7))
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(folder))
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    folder = tmp_path / "photographs"
    folder.mkdir()
    source = np.random.default_rng(0)
    for number in range(300):
        Image.fromarray(source.integers(0, 256, (40, 48, 3), np.uint8)).save(folder / f"{number:03d}.png")
    return folder


@pytest.mark.parametrize(("name", "channels"), [("portraits-colour", 3), ("portraits", 1)])
def test_the_decks_that_work_offline(weights: Path, name: str, channels: int) -> None:
    deck = open_deck(name)
    assert deck.reals.count == len(deck.credits) == 200
    assert deck.reals.picture(0).shape == (128, 128, channels)
    assert (deck.levels, deck.steps) == (3, (100, 400, 800))
    first, last = deck.fakes(1), deck.fakes(3)
    assert first.count == last.count == 200  # as many of each class
    assert first.picture(7).shape == last.picture(7).shape == (128, 128, channels)
    assert not np.array_equal(first.picture(7), last.picture(7))
    assert not np.array_equal(last.picture(6), last.picture(7))
    assert first.edition != last.edition
    assert deck.fakes(1) is first and first.picture(7) is first.picture(7)  # kept


@pytest.mark.parametrize(("name", "channels"), [("portraits-colour", 3), ("portraits", 1)])
def test_photographs_have_a_licence_an_author_and_a_source(name: str, channels: int) -> None:
    collection = read_collection(name)
    assert collection.pictures.shape == (200, 128, 128, channels)
    assert len({credit.url for credit in collection.credits}) == 200  # nobody twice
    for credit in collection.credits:
        assert credit.licence == PUBLIC_DOMAIN
        assert credit.author and credit.source and credit.url.endswith(credit.file.removesuffix(".webp"))
        content = (COLLECTIONS / name / credit.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == credit.sha256
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.info.keys() & {"exif", "xmp", "icc_profile"}) == ("WEBP", set())
    size = sum(file.stat().st_size for file in (COLLECTIONS / name).iterdir())
    assert size <= 1_500_000


@pytest.mark.parametrize("level", [0, 4, -1, 1.5, True, "1", None])
def test_levels_out_of_range(weights: Path, level: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 3"):
        open_deck("portraits").fakes(level)


def test_a_new_network_makes_a_new_edition(weights: Path) -> None:
    last, early = (open_deck("portraits").fakes(level) for level in (3, 2))
    save_network(tiny_generator(resolution=128, seed=5), weights / "portraits-128")
    assert open_deck("portraits").fakes(3).edition != last.edition
    assert open_deck("portraits").fakes(2) is early
    shutil.copy(ladder_file(weights / "portraits-128", 100), ladder_file(weights / "portraits-128", 400))
    assert open_deck("portraits").fakes(2).edition != early.edition


def test_the_seeds_that_were_chosen_are_drawn(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = open_deck("portraits").fakes(3)
    monkeypatch.setattr(matching, "HOME", tmp_path)
    digest = hashlib.sha256((weights / "portraits-128/model.safetensors").read_bytes()).hexdigest()
    for first in ("0" * 64, digest):  # of other weights, then of these
        matching.chosen_seeds.cache_clear()
        decks.drawn_live.cache_clear()
        (tmp_path / "portraits.txt").write_text("\n".join([first, *map(str, range(7, 207))]))
        chosen = open_deck("portraits").fakes(3)
        assert (chosen.edition == plain.edition) == (first != digest)
    matching.chosen_seeds.cache_clear()
    network = read(weights / "portraits-128")
    expected = draw(network, draw_latents(network.config.latent_size, seed=9, count=1))[0]
    assert np.array_equal(chosen.source(2), expected)


def test_each_photograph_gets_its_nearest_neighbour() -> None:
    source = np.random.default_rng(0)
    photographs, strangers = source.normal(size=(30, 6)), source.normal(size=(50, 6)) + 20
    order = source.permutation(30)
    generated = np.concatenate([strangers, photographs[order] + 0.01])
    assert np.array_equal(generated[matching.match(photographs, generated)].round(1), (photographs + 0.01).round(1))


def test_the_hosts_own_photographs(weights: Path, photographs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny_networks(weights / "someones", channels=3, steps=())  # without a ladder
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(photographs))
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", str(weights / "someones"))
    deck = open_deck("folder")
    assert deck.reals.pictures.shape == (256, 32, 32, 3)  # of 300, as many as one deck may hold
    assert (deck.levels, deck.steps, deck.credits) == (1, (0,), ())
    assert deck.fakes(1).picture(255).shape == (32, 32, 3)
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-celeba-64")
    deck = open_deck("folder")
    assert deck.reals.pictures.shape == (256, 32, 32, 1)
    assert (deck.levels, deck.steps) == (3, (5, 7, 14))


@pytest.mark.parametrize("network", ["faces-mixture-64", "scenes-conditional-64", "upscale-x2-fast"])
def test_a_network_that_cannot_play(
    weights: Path, photographs: Path, network: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_network(tiny_mixture(), weights / "faces-mixture-64")
    write_tiny_scene_networks(weights)
    write_tiny_upscalers(weights)
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(photographs))
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", network)
    assert obstacle("folder") == (
        f"The network {network} cannot play: the game needs a generator, with a discriminator or as others publish "
        f"theirs. Set LATENT_LAB_DECK_NETWORK to one of {', '.join(names_of(*decks.PLAYERS))} or to the file of a "
        "StyleGAN2, or make one with: python -m trainer gan"
    )


def test_too_few_photographs(weights: Path, photographs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in sorted(photographs.iterdir())[19:]:
        file.unlink()
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(photographs))
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-celeba-64")
    with pytest.raises(UnusableData, match="holds 19 pictures and 20 are needed"):
        open_deck("folder")


def write_portraits(folder: Path, pictures: np.ndarray) -> None:
    """Pictures as a host has them, (N, H, W, C)."""
    folder.mkdir(exist_ok=True)
    for number, picture in enumerate(pictures):
        Image.fromarray(picture.squeeze()).save(folder / f"{number:03d}.png")


def test_a_hosts_portraits(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Aligned photographs play against faces-128 as the page's own do; others, copies and known ones are refused."""
    folder = tmp_path / "people"
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(folder))
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-128")
    portraits = read_collection("portraits-colour").pictures[:30]
    write_portraits(folder, portraits)
    deck = open_deck("folder")
    assert deck.reals.count == 30 and deck.view == decks.COLOUR_VIEW

    write_portraits(folder, portraits[[*range(25), 3, 1, 27, 28, 29]])
    decks.read_photographs.cache_clear()
    assert "holds 2 photographs twice, such as 003.png and 025.png" in obstacle("folder")
    write_portraits(folder, portraits)
    Image.fromarray(portraits[0]).resize((300, 200)).save(folder / "012.png")
    assert "012.png is 300 x 200 px, and the portraits of this deck have to be 128 x 128 px" in obstacle("folder")

    write_portraits(folder, portraits)
    monkeypatch.setattr(fingerprints, "HOME", tmp_path)
    file = tmp_path / "faces-128.npz"
    kept = fingerprints.write(fingerprints.fingerprint(portraits[[11, 10, 11]]), file)
    fingerprints.known.cache_clear()
    assert len(kept) == 2 and np.array_equal(fingerprints.known("faces-128"), kept)
    assert "faces-128 was trained on 2 of the 30 photographs" in obstacle("folder")
    assert "such as 010.png" in obstacle("folder")
    whole = file.read_bytes()
    for broken in (b"", whole[: len(whole) // 2], b"\x93NUMPY" + whole[6:]):
        file.write_bytes(broken)
        fingerprints.known.cache_clear()
        with pytest.raises(UnusableData, match="of quiz/known is broken"):
            fingerprints.known("faces-128")
    fingerprints.known.cache_clear()


def test_a_fingerprint_knows_a_copy_and_no_stranger() -> None:
    portraits = read_collection("portraits").pictures
    prints = fingerprints.fingerprint(portraits)
    assert prints.shape == (200, 18)
    saved_again = io.BytesIO()
    Image.fromarray(portraits[5].squeeze()).resize((256, 256)).save(saved_again, "JPEG", quality=70)
    with Image.open(saved_again) as image:
        copy = np.asarray(image.resize((128, 128)))[..., None]
    (found,) = fingerprints.fingerprint(copy[None])
    apart = fingerprints.distances(found, prints)
    assert int(apart.argmin()) == 5 and apart[5] <= fingerprints.NEAREST
    strangers = [fingerprints.distances(one, np.delete(prints, at, axis=0)).min() for at, one in enumerate(prints)]
    assert min(strangers) > fingerprints.NEAREST


@pytest.fixture
def hub(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A Hub with a data set of 30 photographs in two folders, which this host names."""
    shelf, source = tmp_path / "hub" / "datasets" / "someone" / "people", np.random.default_rng(0)
    for number in range(30):
        file = shelf / ("train" if number % 2 else "test") / f"{number:03d}.{'png' if number % 3 else 'PNG'}"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(source.integers(0, 256, (40, 40, 3), np.uint8)).save(file)
    (shelf / "README.md").write_text("# People")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(datasets.errands, "errands", {})
    monkeypatch.setattr(datasets, "PROMPT", 60.0)  # for busy machines
    monkeypatch.setenv("LATENT_LAB_DECK_DATASET", "someone/people")
    monkeypatch.setenv("LATENT_LAB_DECK_NETWORK", "faces-celeba-64")
    with serve_hub(tmp_path / "hub") as hub:
        talk_to(hub.address, monkeypatch)
        yield hub


def restart() -> None:
    """What a fresh process knows of data sets: nothing but the cache."""
    datasets.errands.errands.clear()


def test_photographs_of_a_data_set(hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = open_deck("folder")
    assert deck.reals.pictures.shape == (30, 32, 32, 1)
    asked = len(hub.asked)
    assert open_deck("folder").reals is deck.reals
    assert len(hub.asked) == asked  # once for each start
    monkeypatch.setenv("LATENT_LAB_DECK_FOLDER", str(hub.root / "datasets" / "someone" / "people"))
    assert "Both LATENT_LAB_DECK_FOLDER and LATENT_LAB_DECK_DATASET are set" in obstacle("folder")
    monkeypatch.delenv("LATENT_LAB_DECK_DATASET")
    assert open_deck("folder").reals.edition == deck.reals.edition  # the very same pictures
    assert not list((tmp_path / "cache").rglob("README.md"))


def test_a_pinned_data_set_that_is_here_needs_no_hub(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = hub.commit_of("datasets", "someone/people")
    monkeypatch.setenv("LATENT_LAB_DECK_DATASET", f"someone/people@{commit}")
    digest = open_deck("folder").reals.edition
    restart()
    hub.asked.clear()
    assert open_deck("folder").reals.edition == digest
    assert hub.asked == []


def test_a_data_set_that_is_here_is_played_while_the_hub_is_down(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = open_deck("folder").reals.edition
    for address, offline in ((NOBODY, False), (hub.address, True)):
        restart()
        talk_to(address, monkeypatch)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
        assert open_deck("folder").reals.edition == digest


def test_a_data_set_that_cannot_be_fetched_says_why(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def says(name: str = "someone/people") -> str:
        restart()
        monkeypatch.setenv("LATENT_LAB_DECK_DATASET", name)
        return obstacle("folder")

    assert says("no/body") == "There is no public data set no/body on the Hugging Face Hub; check the name."
    assert says("someone/people@v9") == "someone/people on the Hub has no revision v9; check its name."
    assert says("people/") == "people/ is not a name on the Hub; it has the form user/repository."
    hub.gated.add("someone/people")
    assert "asks for permission first" in says()
    hub.gated.clear()
    hub.sizes["someone/novel"] = {"chapter.txt": 10}
    assert "has no pictures as files" in says("someone/novel")
    hub.sizes["someone/crowd"] = {f"{number}.jpg": 10**6 for number in range(1000)}
    assert "has 1,000 pictures of 954 MB; up to 2,000 of 500 MB" in says("someone/crowd")
    hub.cut["train/001.png"] = 50
    assert says() == "A file of someone/people on the Hub arrived cut off; try again later."
    hub.cut.clear()
    hub.severed["train/001.png"] = 50
    monkeypatch.setattr(models.hub, "ATTEMPTS", 1)
    assert says() == "someone/people on the Hub broke off again and again; try again later."
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert says().startswith("This page runs without a network")  # nothing half of which is here
    talk_to(NOBODY, monkeypatch)
    assert "cannot be reached (ConnectError)" in says()


@pytest.mark.parametrize("branch", ["main", datasets.CONVERTED])
def test_photographs_in_parquet_files(hub: StandIn, branch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the data set, or where the Hub itself puts what it converted."""
    pictures = [
        file.read_bytes()
        for file in sorted((hub.root / "datasets/someone/people").rglob("*.[pP]*"), key=lambda file: file.name)
    ]
    shelf = hub.root / "datasets" / "someone" / "tables"
    if branch != "main":
        hub.branches[branch] = hub.root / "converted"
        shelf.mkdir()
        (shelf / "people.arrow").write_text("another form")
    where = shelf if branch == "main" else hub.branches[branch] / "datasets" / "someone" / "tables"
    write_table(where / "data" / "train-00000-of-00002.parquet", pictures[:20])
    write_table(where / "data" / "train-00001-of-00002.parquet", pictures[20:])
    expected = open_deck("folder").reals.edition
    monkeypatch.setenv("LATENT_LAB_DECK_DATASET", "someone/tables")
    assert open_deck("folder").reals.edition == expected  # the very same pictures
    restart()
    talk_to(NOBODY, monkeypatch)
    assert open_deck("folder").reals.edition == expected
    restart()
    talk_to(hub.address, monkeypatch)
    monkeypatch.setattr(datasets, "MOST_PICTURES", 29)
    assert "someone/tables has 30 pictures of 0 MB; up to 29 of 500 MB" in obstacle("folder")
    restart()
    monkeypatch.setattr(datasets, "LARGEST_DATASET", 2**10)
    assert "someone/tables has 2 files of pictures of 0 MB; up to 29 of 0 MB" in obstacle("folder")


def test_nobody_waits_for_a_slow_hub(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "PROMPT", 0.1)
    hub.slow = 1.0
    assert obstacle("folder").startswith("The photographs are being fetched from someone/people on the Hub")
    assert obstacle("folder").startswith("The photographs are being fetched")
    hub.slow = 0.0
    assert datasets.errands.errands["someone/people"].done.wait(60)
    assert open_deck("folder").reals.pictures.shape == (30, 32, 32, 1)
    assert hub.asked.count("GET /api/datasets/someone/people") == 1  # one thread fetched for all


def test_a_hub_that_failed_is_asked_again_after_a_while(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    talk_to(NOBODY, monkeypatch)
    assert "cannot be reached" in obstacle("folder")
    talk_to(hub.address, monkeypatch)
    assert "cannot be reached" in obstacle("folder")
    assert hub.asked == []  # not yet
    monkeypatch.setattr(datasets.errands, "retry", 0.0)
    assert obstacle("folder") == ""


def test_decks_that_need_something_first_say_what(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATENT_LAB_DECK_FOLDER", raising=False)
    monkeypatch.delenv("LATENT_LAB_DECK_DATASET", raising=False)
    with pytest.raises(UnusableData, match="LATENT_LAB_DECK_FOLDER"):
        open_deck("folder")
    with pytest.raises(InvalidInput, match="portraits-colour, portraits, scenes, folder"):
        open_deck("casino")
    assert obstacle("portraits-colour") == ""
    assert "LATENT_LAB_DECK_FOLDER" in obstacle("folder")
    assert all(offer.title and offer.summary for offer in DECKS.values())


def test_networks_that_do_not_fit(weights: Path) -> None:
    write_tiny_networks(weights / "portraits-128", channels=3, resolution=128, steps=())
    with pytest.raises(NetworkUnavailable, match="3 channels"):
        open_deck("portraits")
    write_tiny_networks(weights / "portraits-128", resolution=16, steps=())
    with pytest.raises(NetworkUnavailable, match="16 px"):
        open_deck("portraits")
    shutil.rmtree(weights / "portraits-128")
    with pytest.raises(NetworkUnavailable, match="portraits-128"):
        open_deck("portraits")


def test_rendered_scenes_play_against_the_network_that_draws_to_order(weights: Path) -> None:
    write_tiny_scene_networks(weights)
    deck = open_deck("scenes")
    assert (deck.levels, deck.steps) == (1, (9,))
    assert deck.reals.pictures.shape == deck.fakes(1).pictures.shape == (200, 64, 64, 3)
    side, judge = deck.opponent()
    assert side == 64
    assert judge(deck.reals.pictures[:3]).shape == (3,)
    assert np.abs(deck.fakes(1).pictures[0].astype(int) - deck.fakes(1).pictures[1]).mean() > 1


def test_pairs_for_a_blind_look(weights: Path, tmp_path: Path) -> None:
    """The sheet shows at the places that the key names what the game would show there."""
    assert pairs.main(["portraits", "--count", "5", "--seed", "3", "--to", str(tmp_path)]) == 0
    deck = open_deck("portraits")
    with (tmp_path / "key.csv").open() as file:
        answers = list(csv.DictReader(file))
    assert [answer["number"] for answer in answers] == ["1", "2", "3", "4", "5"]
    assert {answer["photograph"] for answer in answers} <= {"left", "right"}
    with Image.open(tmp_path / "pairs.png") as sheet:
        fifth = answers[4]
        place = 0 if fifth["photograph"] == "left" else 1
        corner = (pairs.GAP + place * 256, 256 + 2 * pairs.TITLE)
        found = np.asarray(sheet.crop((*corner, corner[0] + 256, corner[1] + 256)))[..., :1]
    variation = draw_variation("3/4", fifth["photograph"])
    assert np.array_equal(found, show(deck.reals.picture(int(fifth["real"])), variation, deck.view))
    with pytest.raises(SystemExit):
        pairs.main(["portraits", "--count", "201", "--to", str(tmp_path)])
