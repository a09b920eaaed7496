"""Training upscalers: collapsible blocks, growth, schedules, the command from pictures to a folder that enlarges."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from skimage.data import astronaut
from torch.nn.functional import conv2d

from models import load
from models.architectures.upscalers import PlainUpscaler
from models.errors import InvalidInput
from models.super_resolution import upscale
from tests.networks import lively_upscaler
from trainer.__main__ import main
from trainer.collapsible import Collapsible
from trainer.export import save_network
from trainer.families.super_resolution import (
    SuperResolutionTraining,
    distance,
    draw_parts,
    inconsistency,
    rate_at,
)
from trainer.families.super_resolution_start import load_start, resample_subpixels

OPTIONS = ["--features", "8", "--depth", "1", "--inner", "12", "--part", "12", "--batch", "4", "--validation", "6"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sharp")
    for number in range(10):
        Image.fromarray(astronaut()[30 * number : 30 * number + 96, 100:200]).save(folder / f"{number}.png")
    return folder


def command(data: Path, home: Path, name: str, *more: str) -> list[str]:
    folders = ["--data", str(data), "--out", str(home / name), "--run-folder", str(home / "runs" / name)]
    return ["super-resolution", *folders, *OPTIONS, *more]


def test_a_product_of_kernels_is_one_kernel() -> None:
    """3 x 3 to many feature maps, then 1 x 1, plus the base: the same as the collapsed convolution."""
    torch.manual_seed(0)
    network = PlainUpscaler(2, width=4, depth=1)
    blocks = Collapsible(network, inner=20)
    for projection in blocks.projections:
        torch.nn.init.normal_(projection)
    x = torch.randn(1, 4, 9, 9)
    expansion, projection, base = blocks.expansions[1].double(), blocks.projections[1].double(), blocks.base[2].double()
    both = conv2d(conv2d(x.double(), expansion), projection[:, :, None, None]) + conv2d(x.double(), base)
    kernel = blocks.collapsed()["body.0.weight"]
    assert torch.allclose(conv2d(x, kernel), both.float(), atol=1e-4)
    collapsed = PlainUpscaler(2, width=4, depth=1)
    blocks.collapse(collapsed)
    pictures = torch.rand(1, 3, 6, 6)
    assert torch.allclose(collapsed(pictures), blocks(pictures))
    assert not torch.allclose(collapsed(pictures), network(pictures))


def test_it_starts_as_the_network_it_was_given_and_trains_every_part() -> None:
    network = lively_upscaler(scale=2).upscaler
    assert isinstance(network, PlainUpscaler)
    blocks = Collapsible(network, inner=8)
    x = torch.rand(2, 3, 8, 8)
    assert torch.allclose(blocks(x), network(x), atol=1e-6)
    optimiser = torch.optim.Adam(blocks.parameters(), lr=1e-2)
    before = [parameter.detach().clone() for parameter in blocks.parameters()]
    for _ in range(2):
        optimiser.zero_grad()
        blocks(x).square().mean().backward()
        optimiser.step()
    assert all(not torch.equal(*pair) for pair in zip(before, blocks.parameters(), strict=True))


def test_a_grown_network_does_what_the_smaller_one_does(tmp_path: Path) -> None:
    small = lively_upscaler(scale=3)
    save_network(small, tmp_path / "small")
    torch.manual_seed(5)
    grown = PlainUpscaler(3, width=24, depth=4)
    load_start(tmp_path / "small", grown)
    x = torch.rand(1, 3, 10, 10) * 2 - 1
    assert torch.allclose(grown(x), small.upscaler(x), atol=2e-3)  # float16 on the disk
    assert float(grown.first.weight.detach()[16:].abs().min()) > 0  # the new feature maps are there to be read
    with pytest.raises(InvalidInput, match="have to be at least that"):
        load_start(tmp_path / "small", PlainUpscaler(3, width=8, depth=2))


def test_sub_pixels_between_scales() -> None:
    bias = torch.arange(12.0)  # R, G, B times 2 x 2
    assert torch.equal(resample_subpixels(bias, 2, 2), bias)
    assert resample_subpixels(bias, 2, 4).reshape(3, 4, 4)[1].tolist() == [[4, 4, 5, 5]] * 2 + [[6, 6, 7, 7]] * 2
    assert torch.equal(resample_subpixels(resample_subpixels(bias, 2, 4), 4, 2), bias)
    assert resample_subpixels(torch.zeros(12, 5, 3, 3), 2, 3).shape == (27, 5, 3, 3)


def test_distances() -> None:
    truth = torch.zeros(1, 3, 4, 4)
    y = truth.clone()
    y[:, 1] = 0.3  # green
    assert float(distance(y, truth, luma=0, squared=False)) == pytest.approx(0.1)
    assert float(distance(y, truth, luma=2, squared=False)) == pytest.approx(0.1 + 2 * 0.3 * 0.587)
    assert float(distance(y, truth, luma=0, squared=True)) == pytest.approx(0.03)
    x = torch.rand(2, 3, 5, 5)
    flat = torch.full((2, 3, 20, 20), 0.25)
    assert inconsistency(flat, torch.full((2, 3, 5, 5), 0.25), 4).tolist() == pytest.approx([0, 0], abs=1e-6)
    assert (inconsistency(flat, x, 4) > 0.1).all()


def test_the_learning_rate_rises_stays_and_falls() -> None:
    settings = SuperResolutionTraining(data=Path("x"), out=Path("y"), warm_up=10, decay=0.5)
    rates = [rate_at(step, 1000, settings) for step in range(1000)]
    assert rates[0] == pytest.approx(0.1)
    assert set(rates[10:500]) == {1.0}
    assert rates[750] == pytest.approx(0.51, abs=0.01)
    assert rates[999] == pytest.approx(0.02, abs=0.001)
    assert rates[500:] == sorted(rates[500:], reverse=True)


def test_parts_fit_each_other() -> None:
    """Reduced, the true part is nearly the given one, whatever way both are turned; borders differ a little."""
    settings = SuperResolutionTraining(data=Path("x"), out=Path("y"), scale=2, part=16)
    training = [np.ascontiguousarray(astronaut()[:100, :120])]
    small = [np.asarray(Image.fromarray(training[0]).resize((60, 50), Image.Resampling.BICUBIC))]
    x, truth, classic = draw_parts(settings, training, small, 8, np.random.default_rng(0))
    assert x.shape == (8, 3, 16, 16)
    assert truth.shape == (8, 3, 32, 32)
    assert classic.all()
    assert float(inconsistency(truth, x, 2).max()) < 0.02
    assert float(inconsistency(truth, x.flip(3), 2).min()) > 0.02
    mixed = dataclasses.replace(settings, degradation="mixed")
    classics = draw_parts(mixed, training, small, 60, np.random.default_rng(0))[2]
    assert 15 < int(classics.sum()) < 45
    twice = dataclasses.replace(settings, degradation="twice")
    once, more = (draw_parts(kind, training, small, 60, np.random.default_rng(0)) for kind in (mixed, twice))
    assert once[0].shape == more[0].shape and 15 < int(more[2].sum()) < 45
    errors = [inconsistency(y, x, 2)[~classic].mean() for x, y, classic in (once, more)]
    assert errors[1] > 1.05 * errors[0]  # a second round takes them further from what is true
    assert float(inconsistency(more[1], more[0], 2)[more[2]].max()) < 0.02  # classic ones are left alone


def test_from_pictures_to_a_folder_that_enlarges(data: Path, tmp_path: Path) -> None:
    assert main(command(data, tmp_path, "faithful", "--images", "240", "--scale", "2")) == 0
    network = load(tmp_path / "faithful")
    assert upscale(network, np.zeros((5, 6, 3), np.uint8), 2).shape == (10, 12, 3)
    log = [json.loads(line) for line in (tmp_path / "runs/faithful/log.jsonl").read_text().splitlines()]
    assert log[-1]["validation_psnr"] > 20
    card = (tmp_path / "faithful/README.md").read_text()
    assert "python -m trainer super-resolution --data" in card
    assert "--features 8" in card
    assert len(list((tmp_path / "runs/faithful/sheets").iterdir())) == 1

    more = ["--images", "16", "--adversarial", "0.01", "--matching", "0.1", "--consistency", "1"]
    start = ["--start", str(tmp_path / "faithful"), "--scale", "4", "--degradation", "mixed", "--critic-features", "4"]
    assert main(command(data, tmp_path, "sharp", *more, *start)) == 0
    sharp = load(tmp_path / "sharp")
    assert sharp.config.invents
    assert not network.config.invents
    assert sharp.config.scale == 4


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(data: Path, tmp_path: Path) -> None:
    """Half of a plan whose learning rate stays the same, then all of it: the same weights as in one go."""
    plain = ["--save-every", "8", "--precision", "fp32", "--decay", "0", "--squared-from", "0"]
    assert main(command(data, tmp_path, "whole", "--images", "64", *plain)) == 0
    assert main(command(data, tmp_path, "parts", "--images", "32", *plain)) == 0
    assert not same(tmp_path, "whole", "parts")
    config = tmp_path / "runs/parts/config.json"
    config.write_text(config.read_text().replace('"images": 32', '"images": 64'))
    assert main(command(data, tmp_path, "parts", "--images", "64", *plain, "--resume")) == 0
    assert same(tmp_path, "whole", "parts")


def test_pretrained_features_take_part_and_stay_outside(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both games and the perceptual distance, at a constant rate: stopped, it goes on exactly."""
    monkeypatch.setattr("trainer.pretrained.projected.SEEN_AT", 32)  # px: parts of 48 are seen at 64
    words = ["--adversarial", "0.1", "--discriminator", "projected", "--perceptual", "0.5", "--consistency", "1"]
    words += ["--critic-features", "4", "--precision", "fp32", "--decay", "0", "--squared-from", "1"]
    assert main(command(data, tmp_path, "whole", "--images", "16", *words)) == 0
    assert main(command(data, tmp_path, "parts", "--images", "8", *words)) == 0
    config = tmp_path / "runs/parts/config.json"
    config.write_text(config.read_text().replace('"images": 8', '"images": 16'))
    assert main(command(data, tmp_path, "parts", "--images", "16", *words, "--resume")) == 0
    assert same(tmp_path, "whole", "parts")
    state = torch.load(tmp_path / "runs/whole/checkpoint.pt", weights_only=True)
    assert all(name.startswith("heads.") for name in state["opponent"]["heads"])
    log = json.loads((tmp_path / "runs/whole/log.jsonl").read_text().splitlines()[-1])
    assert {"projected_loss", "opponent_loss", "perceptual_loss", "inconsistency", "critic_loss"} <= log.keys()
    assert (tmp_path / "whole/README.md").read_text().count("EfficientNet-Lite0") == 2

    texture = ["--perceptual", "0.5", "--images", "4", "--precision", "fp32"]
    assert main(command(data, tmp_path, "texture", *texture)) == 0
    assert load(tmp_path / "texture").config.invents
    assert "opponent" not in torch.load(tmp_path / "runs/texture/checkpoint.pt", weights_only=True)


def same(home: Path, one: str, other: str) -> bool:
    """Whether two weights folders hold the same numbers."""
    first, second = (load_file(home / name / "model.safetensors") for name in (one, other))
    return all(torch.equal(first[key], second[key]) for key in first)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--validation", "10"], "11 are needed"),
        (["--part", "30"], "at least 120 px a side"),
        (["--part", "0", "--scale", "3"], ""),
        (["--scale", "5"], "The scale is 5"),
        (["--discriminator", "projected"], "give it one with --adversarial"),
    ],
)
def test_what_does_not_serve(
    data: Path, tmp_path: Path, more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(command(data, tmp_path, "x", "--images", "8", *more))
    assert status == (1 if words else 0)
    assert words in capsys.readouterr().err
