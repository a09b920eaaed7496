"""StyleGAN2 in its authors' layouts, beside a forward pass that is spelt out in tests/stylegan2.py."""

import argparse
import base64
import io
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from models import NetworkUnavailable, load
from models.architectures.stylegan2 import StyleGAN2Generator
from models.checkpoints.published import check_shapes
from models.errors import InvalidInput
from models.faces.steering import Steering, draw_steered
from models.gan import LatentGenerator, draw, draw_latents, generate
from models.pixels import Pictures
from server import jobs
from server.guard import Values
from tabs.sample import downloads, handlers, long, networks, painting, speed
from tabs.sample.drawing import Drawing, from_query, to_python, to_query
from tabs.sample.drawn import Drawn
from tabs.sample.hints import hint
from tabs.sample.painting import paint
from tabs.sample.tab import sample
from tests.stylegan2 import StyleGAN2

SIZES = {64: (24, 20, 16, 12, 8), 256: (16, 12, 8, 8, 6, 6, 4)}
SMALL = (12, 10, 8)  # of 16 px


def read(content: object, file: Path) -> StyleGAN2Generator:
    torch.save(content, file)
    network = load(file)
    assert isinstance(network, StyleGAN2Generator)
    return network


@pytest.mark.parametrize("size", SIZES)
def test_rosinality_draws_the_same(tmp_path: Path, size: int) -> None:
    theirs = StyleGAN2(size, SIZES[size]).eval()
    file = tmp_path / "550000.pt"
    network = read({"g": StyleGAN2(size, SIZES[size], seed=9).state_dict(), "g_ema": theirs.state_dict()}, file)
    config = network.config
    assert (config.resolution, config.latent_size, config.depth, config.widths) == (size, 16, 3, SIZES[size])
    latents = draw_latents(16, seed=3, count=2)
    z = torch.from_numpy(latents)
    with torch.no_grad():
        w = theirs.styles(z)
        expected = theirs(w)
        assert (network(z) - expected).abs().max() < 1e-4 * max(1, float(expected.abs().max()))
        mean = theirs.styles(torch.randn(50_000, 16, generator=torch.Generator().manual_seed(1))).mean(0)
        assert (network.mean - mean).abs().max() < 0.1
        nearer = theirs(network.mean + 0.6 * (w - network.mean))
        assert (network(z, 0.6) - nearer).abs().max() < 1e-4 * max(1, float(nearer.abs().max()))
    levels = ((expected + 1) * 127.5).clamp(0, 255).permute(0, 2, 3, 1).numpy()
    assert abs(draw(network, latents) - levels).max() < 0.6
    check_shapes({key: part.shape for key, part in theirs.state_dict().items()}, file.name)


def test_same_seed_same_pictures_and_the_first_ones_do_not_depend_on_the_count(tmp_path: Path) -> None:
    network = read(StyleGAN2(16, SMALL).state_dict(), tmp_path / "g.pt")
    few, many = generate(network, seed=5, count=2), generate(network, seed=5, count=7)
    assert abs(few.astype(int) - many[:2]).max() <= 1
    assert few.std() > 5
    assert generate(network, seed=5, count=3, truncation=0).std(axis=0).max() <= 1


def test_a_checkpoint_of_the_training_with_its_arguments(tmp_path: Path) -> None:
    """train.py keeps an argparse.Namespace, optimizers and a number beside the networks."""
    theirs = StyleGAN2(16, SMALL)
    optimizer = torch.optim.Adam(theirs.parameters())
    beside = {"args": argparse.Namespace(size=16, lr=0.002, path="faces"), "g_optim": optimizer.state_dict()}
    network = read({"g": StyleGAN2(16, SMALL, seed=1).state_dict(), **beside, "g_ema": theirs.state_dict(),
                    "ada_aug_p": 0.0}, tmp_path / "010000.pt")  # fmt: skip
    z = torch.from_numpy(draw_latents(16, seed=1, count=1))
    with torch.no_grad():
        assert (network(z) - theirs(theirs.styles(z))).abs().max() < 1e-4 * 10


def test_a_file_without_noise_and_with_a_mean(tmp_path: Path) -> None:
    tensors = {key: part for key, part in StyleGAN2(16, SMALL).state_dict().items() if not key.startswith("noises")}
    save_file({**tensors, "latent_avg": torch.full((16,), 0.25)}, tmp_path / "g.safetensors")
    first, second = load(tmp_path / "g.safetensors"), load(tmp_path / "g.safetensors")
    assert torch.equal(first.mean, torch.full((16,), 0.25))
    assert first.layers[4].noise.std() == pytest.approx(1, abs=0.2)
    assert torch.equal(first.layers[4].noise, second.layers[4].noise)


@pytest.mark.parametrize(
    ("missing", "said"),
    [("convs.2.conv.weight", r"layers\.3\.weight is missing"), ("style.1.weight", "another architecture")],
)
def test_what_is_missing_is_named(tmp_path: Path, missing: str, said: str) -> None:
    tensors = {key: part for key, part in StyleGAN2(16, SMALL).state_dict().items() if key != missing}
    torch.save(tensors, tmp_path / "g.pt")
    with pytest.raises(NetworkUnavailable, match=said):
        load(tmp_path / "g.pt")


# --- in the tab Sample -------------------------------------------------------------------------------------------


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StyleGAN2Generator]:
    """A StyleGAN2 that the tab finds under every name of the Hub, and for which a picture takes 4 s."""
    network = read(StyleGAN2(16, SMALL).state_dict(), tmp_path / "550000.pt")
    monkeypatch.setattr(networks, "find_offered", lambda *names: tmp_path / "550000.pt")
    monkeypatch.setitem(speed.measured, network, 4.0)
    yield network


def test_as_many_faces_as_time_allows(offered: StyleGAN2Generator) -> None:
    many = Drawing(model="someone/faces/550000.pt", seed=7, count=64, truncation=0.7)
    pictures, picked = paint(many)
    assert (pictures.shape, len(picked)) == ((60, 16, 16, 3), 0)
    assert abs(pictures.astype(int) - generate(offered, seed=7, count=60, truncation=0.7)).max() <= 1
    weights = sum(part.numel() for part in offered.parameters()) / 1e6
    speed_of = f"16 × 16 px, {weights:.1f} million weights, about 4.0 s a picture here."
    assert hint(many, 60) == (
        f"Click a face to see its neighbours. {speed_of} 60 of 64 are drawn, since drawing may take 4 minutes."
    )
    few = replace(many, count=3)
    assert hint(few, len(paint(few)[0])) == f"Click a face to see its neighbours. {speed_of}"
    film, _ = paint(replace(many, mode="morph", to=9))
    ends = np.concatenate([generate(offered, seed=seed, count=1, truncation=0.7) for seed in (7, 9)])
    assert abs(film[[0, -1]].astype(int) - ends).max() <= 1
    assert len(film) == 32  # there is time for all
    assert networks.offered_steps(many.model) == []


def collected(answer: Values) -> tuple[Values, list[str]]:
    """The result of work, and its parts, however long they take."""
    parts = list(answer.get("parts", []))
    while "job" in answer:
        answer = long.follow_work({"job": answer["job"]})
        parts += answer.get("parts", [])
    return answer, parts


def test_slow_pictures_come_one_after_the_other(offered: StyleGAN2Generator) -> None:
    drawing = Drawing(model="someone/faces", seed=7, count=4, path=(2,))
    stage, _ = handlers.show(drawing)
    assert (stage["sheet"], stage["count"], stage["path"], stage["size"]) == ("", 4, [2], 16)
    assert "about 4.0 s a picture here" in stage["hint"]  # before the first one is drawn
    answer, parts = collected(long.draw_slowly({"link": stage["link"]}))
    pictures, picked = paint(drawing)
    assert answer["drawn"] == len(parts) == 5
    assert np.array_equal(np.stack([unpacked(part) for part in parts]), np.concatenate([picked, pictures]))
    sheet, _ = collected(downloads.download({"link": stage["link"], "kind": "sheet"}))
    assert sheet["name"].endswith("path-2.png") and sheet["content"].startswith("data:image/png")
    assert long.draw_slowly({"link": "seed=x"})["notice"].startswith("The seed is 'x'")


def unpacked(address: str) -> Pictures:
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as picture:
        return np.asarray(picture.convert("RGB"))


def test_styles_and_directions_are_offered_and_kept_in_the_link(offered: StyleGAN2Generator) -> None:
    steering = Steering(fine_seed=9, crossover=2, moves=(0.5, -1))
    drawing = Drawing(model="someone/faces", seed=7, count=2, truncation=0.7, steering=steering)
    link = to_query(drawing)
    assert link.endswith("truncation=0.7&mix=9&crossover=2&sefa=0.5_-1")
    assert from_query(link) == drawing
    value = handlers.show_link(link)[-3]
    assert value == {"classes": 0, "label": 0, "layers": 5, "mix": 9, "crossover": 2, "moves": [0.5, -1, 0, 0, 0]}
    controls = ["someone/faces", 7, 2, 0.7, "gallery", 2, 8, value, None, ""]
    assert handlers.read_controls(*controls).steering == replace(steering, moves=(0.5, -1, 0, 0, 0))
    pictures, _ = paint(drawing)
    names: dict[str, Any] = {"network": offered}
    exec(to_python(drawing).replace('network = load("someone/faces")\n', ""), names)
    assert abs(names["pictures"].astype(int) - pictures).max() <= 1
    assert abs(pictures.astype(int) - paint(replace(drawing, steering=Steering()))[0]).max() > 5
    ours = handlers.rearrange("faces-128", *controls[1:])[-3]
    assert ours == {
        "classes": 0,
        "label": 0,
        "layers": 0,
        "mix": None,
        "crossover": 0,
        "moves": [],
    }  # of ours the tab of sliders has them


def test_drawing_stops_when_told(offered: StyleGAN2Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, told = threading.Event(), threading.Event()

    def slowly(*arguments: Any, **keywords: Any) -> Pictures:
        begun.set()
        assert told.wait(20)
        drawn.append(1)
        return draw_steered(*arguments, **keywords)

    drawn: list[int] = []
    monkeypatch.setattr(painting, "draw", slowly)
    monkeypatch.setattr(jobs, "PROMPT", 0.0)
    answer = long.draw_slowly({"link": "model=someone/faces&seed=11&count=40"})
    assert begun.wait(20)
    long.stop_work({"job": answer["job"]})
    told.set()
    _, parts = collected(long.draw_slowly({"link": "model=someone/faces&seed=12&count=1"}))  # waits for its turn
    assert (len(parts), len(drawn)) == (1, 2)  # of the first drawing the picture that was begun, and no other
    assert "start it again" in long.follow_work({"job": answer["job"]})["notice"]


def test_pictures_are_kept_for_a_while(offered: StyleGAN2Generator) -> None:
    kept = Drawn(most_bytes=3 * 16 * 16 * 3)
    network: LatentGenerator = offered
    keys = [(weakref.ref(network), bytes([number]), 1.0, Steering()) for number in range(4)]
    for number, key in enumerate(keys):
        kept.keep(key, np.full((16, 16, 3), number, np.uint8))
    assert kept.get(keys[0]) is None  # the oldest
    assert [picture.max() for key in keys[1:] if (picture := kept.get(key)) is not None] == [1, 2, 3]


def test_programs_are_told_how_many_they_may_ask_for(offered: StyleGAN2Generator) -> None:
    with pytest.raises(InvalidInput, match="16 pictures of this network take about 64 s here; ask for 5 or fewer"):
        sample(model="someone/faces", count=16)
    assert len(sample(model="someone/faces", count=2)) == 2


def test_the_time_is_measured_once(tmp_path: Path) -> None:
    network = read(StyleGAN2(16, SMALL).state_dict(), tmp_path / "other.pt")
    assert 0 < speed.seconds_a_picture(network) < 20
    assert speed.seconds_a_picture(network) == speed.seconds_a_picture(network)
