"""StyleGAN2 in its authors' layouts, beside a forward pass that is spelt out in tests/stylegan2.py."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from models import NetworkUnavailable, load
from models.architectures.stylegan2 import StyleGAN2Generator
from models.checkpoints.published import check_shapes
from models.errors import InvalidInput
from models.gan import draw, draw_latents, generate
from tabs.sample import networks, speed
from tabs.sample.drawing import Drawing
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
    assert (pictures.shape, len(picked)) == ((5, 16, 16, 3), 0)
    assert np.array_equal(pictures, generate(offered, seed=7, count=5, truncation=0.7))
    assert hint(many, 5) == (
        "Click a face to see its neighbours. 16 x 16 px, about 4.0 s a picture here. 5 of 64 are drawn, since an "
        "answer takes up to 20 s."
    )
    few = replace(many, count=3)
    assert hint(few, len(paint(few)[0])).endswith("neighbours. 16 x 16 px, about 4.0 s a picture here.")
    film, _ = paint(replace(many, mode="morph", to=9))
    assert np.array_equal(film[[0, -1]], np.concatenate([generate(offered, seed=s, count=1, truncation=0.7)
                                                         for s in (7, 9)]))  # fmt: skip
    assert len(film) == 5
    assert networks.offered_steps(many.model) == []


def test_programs_are_told_how_many_they_may_ask_for(offered: StyleGAN2Generator) -> None:
    with pytest.raises(InvalidInput, match="16 pictures of this network take about 64 s here; ask for 5 or fewer"):
        sample(model="someone/faces", count=16)
    assert len(sample(model="someone/faces", count=2)) == 2


def test_the_time_is_measured_once(tmp_path: Path) -> None:
    network = read(StyleGAN2(16, SMALL).state_dict(), tmp_path / "other.pt")
    assert 0 < speed.seconds_a_picture(network) < 20
    assert speed.seconds_a_picture(network) == speed.seconds_a_picture(network)
