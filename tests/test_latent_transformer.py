"""Sliders of faces: the latent transformer, what is measured of it, SeFa, and the trainer."""

import json
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch

from models.architectures.fastgan import FastGANConfig, FastGANGenerator
from models.errors import InvalidInput
from models.faces.attributes import NAMED
from models.faces.effects import SliderEffect, describe, effect, read_effects, write_effects
from models.faces.latent_transformer import LatentTransformer, LatentTransformerConfig, moved
from models.faces.steering import directions_of
from models.features import FeatureNetwork, FeaturesConfig
from models.gan import draw_latents, generate
from models.loading import read
from models.quantization import stored_in_8_bits
from models.sliders import FaceSliders, paint, random_codes
from trainer.__main__ import main
from trainer.evaluation.effects import save_sliders
from trainer.export import save_network
from trainer.families.sliders import Bank, go_on_from, linear_ways


def tiny_generator() -> FastGANGenerator:
    torch.manual_seed(0)
    return FastGANGenerator(FastGANConfig(resolution=64, latent_size=6, widths="4,4,4,4,4", second="")).eval()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A weights folder of a tiny generator, and beside it a reader."""
    save_network(tiny_generator(), tmp_path / "tiny")
    torch.manual_seed(1)
    reader = FeatureNetwork(FeaturesConfig(outputs=len(NAMED), width=4, feature_size=8, names=NAMED)).eval()
    save_network(reader, tmp_path / "reader")
    return tmp_path / "tiny"


# --- the network -------------------------------------------------------------------------------------------------


def test_a_face_at_rest_is_itself_and_ends_are_reached_by_shares() -> None:
    torch.manual_seed(0)
    network = LatentTransformer(LatentTransformerConfig(latent_size=6, names=("smile", "age"), width=8)).eval()
    torch.nn.init.normal_(network.last.weight)
    z = np.random.default_rng(0).standard_normal((3, 6)).astype(np.float32)
    unit = z / np.sqrt((z**2).mean(1, keepdims=True))
    assert np.allclose(moved(network, z, np.zeros((3, 2), np.float32)), unit, atol=1e-5)
    far = moved(network, z, np.tile(np.array([1, 0], dtype=np.float32), (3, 1)))
    assert np.allclose((far**2).mean(1), 1, atol=1e-4)
    assert np.abs(far - unit).max() > 0.01
    assert np.allclose(moved(network, 7 * z, np.zeros((3, 2), np.float32)), unit, atol=1e-5)


def test_a_reach_lengthens_a_slider() -> None:
    settings = {"latent_size": 2, "names": ("smile",), "width": 0}
    near = LatentTransformer(LatentTransformerConfig(**settings)).eval()  # type: ignore[arg-type]
    torch.nn.init.normal_(near.ways)
    far = LatentTransformer(LatentTransformerConfig(**settings, reach=(2.0,))).eval()  # type: ignore[arg-type]
    far.load_state_dict(near.state_dict())
    z = np.array([[1, -1]], dtype=np.float32)
    assert np.allclose(
        moved(far, z, np.array([[0.4]], dtype=np.float32)),
        moved(near, z, np.array([[0.8]], dtype=np.float32)),
        atol=1e-6,
    )


def test_ways_without_a_width_are_the_same_everywhere() -> None:
    network = LatentTransformer(LatentTransformerConfig(latent_size=2, names=("smile",), width=0)).eval()
    with torch.no_grad():
        network.ways.copy_(torch.tensor([[0.0, 1.0], [0.0, -1.0]]))
    z = np.array([[2**0.5, 0]], dtype=np.float32)
    for amount, expected in ((1.0, 1.0), (-0.5, -0.5)):
        result = moved(network, z, np.array([[amount]], dtype=np.float32))[0]
        assert abs(result[1] / result[0] - expected / 2**0.5) < 1e-5


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"names": ()}, "There are 0 sliders"),
        ({"width": -1}, "a width of -1"),
        ({"reach": (1, 2)}, "The reach of 1 sliders"),
    ],
)
def test_wrong_settings_get_one_sentence(settings: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        LatentTransformerConfig(**settings)  # type: ignore[arg-type]


def test_faces_at_rest_are_those_of_the_seed() -> None:
    generator = tiny_generator()
    with torch.no_grad():
        generator.to_picture.weight.mul_(100)  # untrained, it draws next to nothing
    transformer = LatentTransformer(LatentTransformerConfig(latent_size=6, names=("smile", "age"), width=0)).eval()
    torch.nn.init.normal_(transformer.ways)
    sliders = FaceSliders(generator, transformer)
    at_rest = paint(sliders, np.zeros((1, 2), np.float32), seed=5)
    assert np.abs(at_rest.astype(int) - generate(generator, seed=5, count=1)).max() <= 4
    assert (random_codes(sliders, 5) == 0).all()
    found = tuple(map(float, draw_latents(6, seed=5, count=1)[0]))
    assert (paint(sliders, np.zeros((1, 2), np.float32), seed=found) == at_rest).all()
    assert (paint(sliders, np.array([[1, 0]], dtype=np.float32), seed=5) != at_rest).any()


# --- what is measured --------------------------------------------------------------------------------------------


def test_an_effect_counts_faces_that_pass_both_marks() -> None:
    low, high = np.full((4, len(NAMED)), 0.5, np.float32), np.full((4, len(NAMED)), 0.5, np.float32)
    own = NAMED.index("smile")
    low[:, own], high[:, own] = [0.1, 0.1, 0.3, 0.2], [0.9, 0.7, 0.9, 0.8]
    high[:, NAMED.index("age")] = 0.72
    told = effect("smile", low, high)
    assert told.reached == 0.5
    assert told.others == pytest.approx(0.22 / (len(NAMED) - 1), abs=1e-4)
    assert describe(told) == "mostly smile +"
    nameless = effect("direction 1", low, high)
    assert nameless.reached is None


def test_effects_are_kept(tmp_path: Path) -> None:
    changes = tuple(0.01 for _ in NAMED)
    kept = (SliderEffect("smile", 0.7, 0.1, changes, changes), SliderEffect("direction 1", None, 0.2, changes, changes))
    assert describe(kept[0]) == "little that has a name"
    write_effects(tmp_path, kept, seed=1, count=2)
    assert read_effects(tmp_path) == kept
    assert read_effects(tmp_path / "nowhere") == ()
    (tmp_path / "figures.json").write_text(json.dumps({"readings": ["x"], "sliders": []}))
    assert read_effects(tmp_path) == ()


# --- the trainer -------------------------------------------------------------------------------------------------


def test_the_linear_start_finds_the_number_that_is_read() -> None:
    latents = torch.randn(500, 5, generator=torch.Generator().manual_seed(0))
    logits = torch.stack([latents[:, 0], latents[:, 3] + 0.5 * latents[:, 0]], dim=1)
    ways = linear_ways(Bank(latents, logits, latents, latents), [0, 1])
    assert abs(float(ways[2, 3] / ways[2].norm())) > 0.99  # what the second shares with the first is left to the first
    assert torch.equal(ways[0], -ways[1])


def test_sefa_finds_what_the_first_layer_amplifies() -> None:
    generator = tiny_generator()
    first = generator.first[0]
    assert isinstance(first, torch.nn.ConvTranspose2d)
    with torch.no_grad():
        first.weight.mul_(torch.tensor([1.0, 1, 9, 1, 4, 1])[:, None, None, None])
    directions = directions_of(generator, 2)
    assert directions.shape == (2, 6)
    assert int(directions[0].abs().argmax()) == 2
    assert int(directions[1].abs().argmax()) == 4
    assert torch.allclose(directions @ directions.T, torch.eye(2), atol=1e-5)


def test_sliders_go_on_from_those_that_a_folder_has(tmp_path: Path) -> None:
    torch.manual_seed(0)
    old = LatentTransformer(LatentTransformerConfig(latent_size=6, names=("smile", "age"), width=4, reach=(2, 3)))
    old.ways.data.normal_()
    old.last.weight.data.normal_()
    save_network(old, tmp_path)
    old = read(tmp_path)  # in 16 bits
    new = LatentTransformer(LatentTransformerConfig(latent_size=6, names=("age", "glasses"), width=4))
    new.ways.data.normal_()
    glasses = new.ways[2:].clone()
    with torch.no_grad():
        go_on_from(tmp_path, new)
    assert torch.equal(new.ways[:2], old.ways[2:])
    assert torch.equal(new.which[:2], old.which[2:])
    assert torch.equal(new.ways[2:], glasses)  # the folder has no such slider
    z = torch.randn(3, 6)
    assert torch.equal(new.to_ends(z)[:, :2], old.to_ends(z)[:, 2:])


@pytest.mark.parametrize("storage", ["fp16", "int8"])
def test_sliders_stay_in_as_many_bits(tmp_path: Path, storage: Literal["fp16", "int8"]) -> None:
    network = LatentTransformer(LatentTransformerConfig(latent_size=128, names=("smile", "age"), width=128))
    save_network(network, tmp_path, storage)
    (tmp_path / "README.md").write_text("a card", encoding="utf-8")
    save_sliders(network, tmp_path)
    assert stored_in_8_bits(tmp_path / "model.safetensors") == (storage == "int8")
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "a card"


def test_sliders_are_written_into_the_folder_of_the_generator(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reader = str(folder.parent / "reader")
    command = ["sliders", str(folder), "--reader", reader, "--names", "smile,age"]
    assert main([*command, "--bank", "64", "--steps", "2", "--batch", "2", "--width", "4"]) == 0
    network = read(folder, part="sliders")
    assert network.config.names == ("smile", "age")
    assert [one.name for one in read_effects(folder / "sliders")] == ["smile", "age"]
    card = (folder / "sliders" / "README.md").read_text(encoding="utf-8")
    assert "| smile | " in card
    assert "python -m trainer sliders weights/tiny" in card
    again = ["--start", str(folder / "sliders"), "--bank", "64", "--steps", "1", "--batch", "2"]
    assert main([*command, *again, "--width", "4"]) == 0
    assert main([*command, *again, "--width", "5"]) == 1
    assert "does not hold sliders of width 5" in capsys.readouterr().err
    assert main([*command[:-1], "beauty"]) == 1
    assert "beauty is no reading" in capsys.readouterr().err
    before = read(folder, part="sliders")
    effects = ["effects", str(folder), "--reader", reader]
    assert main([*effects, "--keep", "age", "--reach", "1.5"]) == 0
    kept = read(folder, part="sliders")
    assert (kept.config.names, kept.config.reach) == (("age",), (1.5,))
    assert torch.equal(kept.ways, before.ways[2:])
    assert "| smile | " not in (folder / "sliders" / "README.md").read_text(encoding="utf-8")
    for wrong in (["--keep", "beauty"], ["--reach", "1,2"], ["--reach", "far"]):
        assert main([*effects, *wrong]) == 1
    assert main(["sefa", str(folder), "--reader", reader, "--count", "3"]) == 0
    assert len(read_effects(folder / "sefa")) == 3
    capsys.readouterr()
    assert main(["effects", str(folder), "--reader", reader, "--part", "sefa"]) == 0
    assert capsys.readouterr().out.strip() in (folder / "sefa" / "README.md").read_text(encoding="utf-8")
    assert main(["sefa", str(folder.parent / "reader"), "--reader", reader]) == 1
    assert "a FastGAN generator in colour is needed" in capsys.readouterr().err
