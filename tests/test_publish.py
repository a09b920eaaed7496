"""Weights folders to the Hub and back, played by a local stand-in, and what is said when it goes wrong."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from models import InvalidInput, LatentLabError, NetworkUnavailable, load
from models.gan import generate
from tests.hub import NOBODY, TOKEN, StandIn, serve_hub, talk_to
from tests.networks import write_tiny_networks
from trainer.__main__ import main
from trainer.export import files_table, refresh_files
from trainer.publish import Fetching, Publishing, fetch, publish

ROOT = Path(__file__).resolve().parent.parent
NAME = "someone/faces"
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")  # huggingface_hub without Xet


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """An empty Hub that this process, which has a token, talks to."""
    with serve_hub(tmp_path / "hub") as hub:
        talk_to(hub.address, monkeypatch)
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield hub


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A weights folder: a generator, its discriminator, two sheets of a ladder, a card that is true."""
    folder = write_tiny_networks(tmp_path / "weights" / "faces", resolution=16, steps=(5, 7))
    card = f"# faces\n\n## Files\n| file | bytes | sha256 |\n|---|---|---|\n{files_table(folder)}\n"
    (folder / "README.md").write_text(card, encoding="utf-8")
    return folder


@pytest.fixture
def published(hub: StandIn, folder: Path) -> StandIn:
    """The Hub with that folder on it."""
    publish(Publishing(folder, NAME))
    return hub


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def refused(action: object, error: type[LatentLabError], says: str, place: Path) -> None:
    """The action fails with one sentence of that kind and leaves nothing at the place, nor beside it."""
    with pytest.raises(error, match=says) as raised:
        action()  # type: ignore[operator]
    assert "\n" not in str(raised.value)
    assert not list(place.parent.glob(f"{place.name}*"))


def test_there_and_back(published: StandIn, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert published.commits == 1  # never half a network
    out = fetch(Fetching(NAME, tmp_path / "fetched" / "faces"))
    assert contents(out) == contents(folder)
    assert len(contents(out)) == 8
    assert (generate(load(out), seed=3, count=2) == generate(load(folder), seed=3, count=2)).all()
    assert [path.name for path in out.parent.iterdir()] == ["faces"]
    assert published.commit_of("models", NAME) in capsys.readouterr().out


def test_a_network_of_the_catalogue_goes_by_its_name(
    hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LATENT_LAB_WEIGHTS", raising=False)
    publish(Publishing(Path("upscale-x2-fast"), "someone/upscaler"))
    out = fetch(Fetching("someone/upscaler", tmp_path / "upscaler"))
    assert contents(out) == contents(ROOT / "weights" / "upscale-x2-fast")


def test_publishing_again_sends_what_changed_and_takes_away_what_is_gone(
    published: StandIn, folder: Path, tmp_path: Path
) -> None:
    (folder / "ladder" / "step-0000005.webp").unlink()
    refresh_files(folder)
    publish(Publishing(folder, NAME))
    assert published.commits == 2
    files = published.files("models", NAME)
    assert "ladder/step-0000005.webp" not in files
    assert ".gitattributes" in files
    assert contents(fetch(Fetching(NAME, tmp_path / "faces"))) == contents(folder)


def test_only_what_the_card_describes_is_published(hub: StandIn, folder: Path) -> None:
    config, tensors, card = folder / "config.json", folder / "model.safetensors", folder / "README.md"
    before = config.read_bytes(), tensors.read_bytes(), card.read_bytes()

    def says(text: str, error: type[LatentLabError] = InvalidInput) -> None:
        refused(lambda: publish(Publishing(folder, NAME)), error, text, hub.root / NAME)
        config.write_bytes(before[0])
        tensors.write_bytes(before[1])
        card.write_bytes(before[2])

    config.write_text(config.read_text() + " ")
    says(r"config\.json in .* is not the file that the card describes")
    tensors.unlink()
    says(r"model\.safetensors is in the card of .* but not in the folder")
    (folder / "notes.json").write_text("{}")
    says(r"notes\.json is in .* but not in its card")
    (folder / "notes.json").unlink()
    card.write_text("# A network\n")
    says("has no table of files", NetworkUnavailable)
    card.unlink()
    says(r"has no README\.md")
    tensors.write_bytes(before[1][:-8])  # broken, and the card says so, too
    refresh_files(folder)
    says(r"cannot be used: The file model\.safetensors", NetworkUnavailable)
    assert hub.asked == []  # nothing was sent


def test_publishing_needs_a_token_that_may_write(hub: StandIn, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def attempt(to: str = NAME) -> None:
        publish(Publishing(folder, to))

    monkeypatch.setenv("HF_TOKEN", "hf_of_somebody_else")
    refused(attempt, NetworkUnavailable, "does not let this token write to someone/faces", hub.root / NAME)
    monkeypatch.delenv("HF_TOKEN")
    refused(attempt, InvalidInput, "no token to publish with; set HF_TOKEN", hub.root / NAME)
    refused(lambda: attempt("faces"), InvalidInput, "it has the form user/repository", hub.root / NAME)


def test_an_upload_that_breaks_off_changes_nothing(hub: StandIn, folder: Path) -> None:
    hub.full = True
    with pytest.raises(NetworkUnavailable, match="did not all reach the Hub, and someone/faces is as it was"):
        publish(Publishing(folder, NAME))
    assert hub.commits == 0
    assert list(hub.files("models", NAME)) == [".gitattributes"]


def test_publishing_to_a_hub_that_is_slow(hub: StandIn, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.publish.COMMIT_TIMEOUT", 0.2)
    hub.slow, hub.prompt = 1.0, 1  # after saying what there is
    with pytest.raises(NetworkUnavailable, match="did not answer in time"):
        publish(Publishing(folder, NAME))
    assert hub.commits == 0


def test_private_stays_private(hub: StandIn, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(Publishing(folder, NAME, private=True))
    out = tmp_path / "faces"
    assert contents(fetch(Fetching(NAME, out))) == contents(folder)
    hub.private.clear()
    with pytest.raises(InvalidInput, match="is public already"):
        publish(Publishing(folder, NAME, private=True))
    hub.private.add(NAME)
    monkeypatch.delenv("HF_TOKEN")
    other = tmp_path / "other"
    refused(
        lambda: fetch(Fetching(NAME, other)), NetworkUnavailable, "no public model someone/faces .* HF_TOKEN", other
    )


def test_revisions(published: StandIn, folder: Path, tmp_path: Path) -> None:
    out, commit = tmp_path / "faces", published.commit_of("models", NAME)
    published.revisions = ("main", "v1")
    for revision in ("v1", commit):
        assert contents(fetch(Fetching(NAME, out, revision, replace=True))) == contents(folder)
    away = tmp_path / "away"
    wrong = Fetching(NAME, away, "v2")
    refused(lambda: fetch(wrong), NetworkUnavailable, "has no revision v2", away)


def test_what_is_there_is_not_overwritten(published: StandIn, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "photographs"
    other.mkdir()
    (other / "me.txt").write_text("keep me")
    before = contents(folder)
    published.asked.clear()
    with pytest.raises(InvalidInput, match="is there already; choose another folder, or add --replace"):
        fetch(Fetching(NAME, folder))
    with pytest.raises(InvalidInput, match="is not a weights folder, so it is not replaced"):
        fetch(Fetching(NAME, other, replace=True))
    assert published.asked == []
    published.cut["model.safetensors"] = 100
    with pytest.raises(NetworkUnavailable):
        fetch(Fetching(NAME, folder, replace=True))
    assert contents(folder) == before  # what was there stays until all has arrived
    assert not folder.with_name("faces.new").exists()
    published.cut.clear()
    (folder / "config.json").write_text("{}")
    assert contents(fetch(Fetching(NAME, folder, replace=True))) == before


def test_what_arrives_has_to_be_what_the_card_says(published: StandIn, tmp_path: Path) -> None:
    shelf, out = published.root / NAME, tmp_path / "faces"
    tensors, card = shelf / "model.safetensors", shelf / "README.md"
    before = tensors.read_bytes(), card.read_text()

    def says(text: str) -> None:
        refused(lambda: fetch(Fetching(NAME, out)), NetworkUnavailable, text, out)
        tensors.write_bytes(before[0])
        card.write_text(before[1])
        published.cut.clear()

    published.cut["model.safetensors"] = 1000
    says(rf"model\.safetensors of someone/faces arrived with 1,000 of {len(before[0]):,} bytes")
    tensors.write_bytes(before[0][:-1] + bytes([before[0][-1] ^ 1]))
    says("does not have the SHA-256 in its card")
    tensors.write_bytes(before[0] + b"more")
    says("longer than it should be")
    tensors.unlink()
    says(r"has no model\.safetensors, so it is not a whole weights folder")
    card.write_text("# Somebody else's network\n")
    says("has no table of files")
    card.unlink()
    says(r"has no README\.md")


@pytest.mark.parametrize("name", ["../config.json", "/etc/config.json", "a/../b.json", "model.bin", ".hidden/a.json"])
def test_a_card_cannot_name_other_places(published: StandIn, tmp_path: Path, name: str) -> None:
    card, out = published.root / NAME / "README.md", tmp_path / "inner" / "faces"
    card.write_text(card.read_text().replace("| config.json |", f"| {name} |"))
    refused(lambda: fetch(Fetching(NAME, out)), NetworkUnavailable, "which is no file of a weights folder", out)


def test_a_card_of_something_that_is_no_network(published: StandIn, tmp_path: Path) -> None:
    shelf, out = published.root / NAME, tmp_path / "faces"
    config = json.dumps({"family": "a-horse"})
    (shelf / "config.json").write_text(config)
    digest = hashlib.sha256(config.encode()).hexdigest()
    (shelf / "README.md").write_text(f"| config.json | {len(config)} | `{digest}` |\n")
    refused(lambda: fetch(Fetching(NAME, out)), NetworkUnavailable, r"someone/faces cannot be used", out)
    (shelf / "README.md").write_text(f"| config.json | 2,000,000,000 | `{digest}` |\n")
    refused(lambda: fetch(Fetching(NAME, out)), NetworkUnavailable, "is 2,000 MB", out)


def test_repositories_that_are_not_for_everybody(published: StandIn, tmp_path: Path) -> None:
    out = tmp_path / "faces"
    refused(lambda: fetch(Fetching("no/body", out)), NetworkUnavailable, "no public model no/body", out)
    published.gated.add(NAME)
    refused(lambda: fetch(Fetching(NAME, out)), NetworkUnavailable, "asks for permission first", out)


def test_a_hub_that_breaks_down_half_way(published: StandIn, tmp_path: Path) -> None:
    published.asked.clear()
    published.answers = 3  # says what there is, sends the card and one file
    out = tmp_path / "faces"
    refused(lambda: fetch(Fetching(NAME, out)), NetworkUnavailable, "cannot be reached .* later", out)
    assert len(published.asked) == 4


def test_a_hub_that_drips(published: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.publish.LONGEST", 0.5)
    published.drip = 0.05
    out = tmp_path / "faces"
    refused(lambda: fetch(Fetching(NAME, out)), NetworkUnavailable, "someone/faces on the Hub arrives too slowly", out)
    published.drip, published.severed = 0.0, {"model.safetensors": 100}
    refused(lambda: fetch(Fetching(NAME, out)), NetworkUnavailable, r"cannot be reached \(RemoteProtocolError\)", out)


def test_a_hub_that_is_down(
    hub: StandIn, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    talk_to(NOBODY, monkeypatch)
    out = tmp_path / "faces"
    for arguments in (["fetch", NAME, "--to", str(out)], ["publish", str(folder), "--to", NAME]):
        assert main(arguments) == 1
        said = capsys.readouterr().err
        assert said.startswith("error: The Hugging Face Hub cannot be reached")
        assert said.count("\n") == 1
    assert not out.exists()


def test_the_command_line_and_a_hub_that_is_slow(published: StandIn, folder: Path, tmp_path: Path) -> None:
    """In a process of its own, which reads the Hub's address and patience from the environment."""
    published.asked.clear()
    published.slow, published.prompt = 6.0, 9  # after what there is and eight files
    out = tmp_path / "faces"
    script = f"""
import sys
from trainer.__main__ import main
sys.exit(main(["fetch", "{NAME}", "--to", "{out}"]) + 2 * main(["fetch", "{NAME}", "--to", "{out}-2"]))
"""
    environment = {"HF_ENDPOINT": published.address, "HF_HUB_OFFLINE": "0", "HF_HUB_ETAG_TIMEOUT": "3"}
    process = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert contents(out) == contents(folder), process.stderr
    assert process.returncode == 2
    assert process.stderr.startswith("error: The Hugging Face Hub did not answer in time (ReadTimeout)")
    assert process.stderr.count("\n") == 1
    assert len(published.asked) == 10
    assert not list(tmp_path.glob("faces-2*"))
