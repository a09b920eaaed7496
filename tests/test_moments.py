"""Matching of moments: the transport map, what the learned change is in the weights, and the command."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.architectures.fastgan import FastGANGenerator
from models.features import FeatureNetwork, FeaturesConfig
from models.gan import draw_latents, generate
from models.loading import read
from models.pixels import to_image
from tests.test_fastgan import tiny
from trainer.__main__ import main
from trainer.export import save_network
from trainer.families.moments import RIDGE, Window, adjust, adjustable, distance, moments_of, transport

CARD = "# tiny\n\n## Training\n\n## Figures\n\n## Files\n| file | bytes | sha256 |\n|---|---|---|\n"


def random_covariance(seed: int, size: int = 5) -> Tensor:
    roots = torch.randn(size, 3 * size, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return roots @ roots.T / (3 * size)


def test_the_transport_map_gives_points_another_covariance() -> None:
    covariance, wanted = random_covariance(1), random_covariance(2)
    ridge = RIDGE * wanted.diagonal().mean() * torch.eye(5)
    found = transport(covariance, wanted)
    assert torch.allclose(found, found.T)  # of all such maps, this one moves the points least
    assert torch.linalg.eigvalsh(found).min() > 0
    assert torch.allclose(found @ (covariance + ridge) @ found, wanted + ridge)
    scaled = transport(torch.diag(torch.tensor([4.0, 1.0, 0.25]).double()), torch.eye(3).double())
    assert torch.allclose(scaled.diagonal(), torch.tensor([0.5, 1.0, 2.0]).double(), rtol=0.02)


def test_the_distance_of_moments() -> None:
    features = torch.randn(500, 6, generator=torch.Generator().manual_seed(0))
    real = moments_of(features, components=6)
    assert distance(features, real) == pytest.approx(0, abs=1e-5)
    assert distance(features + 2, real) * real.variance == pytest.approx(6 * 2**2, rel=1e-3)
    # twice the deviation in every direction: the trace of C + 4 C - 2 · 2 C
    centred = features - features.mean(0)
    assert distance(features.mean(0) + 2 * centred, real) == pytest.approx(1, rel=1e-3)


def test_descending_the_loss_brings_mean_and_covariance_near() -> None:
    randomness = torch.Generator().manual_seed(0)
    real = moments_of(torch.randn(2_000, 4, generator=randomness) * torch.tensor([1.0, 2, 3, 4]) + 5, components=4)
    points = torch.randn(400, 4, generator=randomness).requires_grad_()
    before = distance(points.detach(), real)
    for _ in range(60):
        (gradient,) = torch.autograd.grad(Window(points.detach(), real).loss(points), points)
        with torch.no_grad():
            points.sub_(10 * real.variance * gradient)
    assert distance(points.detach(), real) < 0.01 < 0.5 < before


def test_what_is_learned_is_taken_into_the_weights() -> None:
    network = tiny(3)
    form, learned = adjustable(network)
    z = torch.from_numpy(draw_latents(8, seed=1, count=6))
    assert torch.allclose(form(z), network(z), atol=1e-5)  # nothing learned yet
    randomness = torch.Generator().manual_seed(4)
    with torch.no_grad():
        for parameter in learned.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=randomness))
    changed = form(z)
    assert (changed - network(z)).abs().mean() > 0.02
    adjust(network, learned)
    assert torch.allclose(changed, network(z), atol=1e-5)


def another(network: FastGANGenerator) -> FastGANGenerator:
    """What moments can turn a network into: other latents, gains and shifts. Changes it in place."""
    _, learned = adjustable(network)
    randomness = torch.Generator().manual_seed(4)
    with torch.no_grad():
        for parameter in learned.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=randomness))
    adjust(network, learned)
    return network


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Pictures of such a network."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    for number, picture in enumerate(generate(another(tiny(2)), seed=9, count=60)):
        to_image(picture).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    save_network(FeatureNetwork(FeaturesConfig(width=4, feature_size=10)).eval(), tmp_path / "reader")
    return tmp_path / "reader"


def finished(folder: Path, network: nn.Module) -> Path:
    """A weights folder with a card and a graph."""
    save_network(network, folder)
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    (folder / "network.onnx").write_bytes(b"")
    return folder


def test_a_generator_comes_closer_and_says_so(
    tmp_path: Path, photographs: Path, reader: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data", photographs, "--reader", reader, "--validation", 0, "--images", 256, "--batch", 8]
    words += ["--window", 48, "--components", 4, "--learning-rate", 0.01]
    folders = [finished(tmp_path / name / "tiny", tiny(2)) for name in "ab"]
    (folders[1] / "README.md").unlink()  # which gets a card then
    for folder in folders:
        assert main(["moments", str(folder), *map(str, words)]) == 0
        assert "## Moments" in (folder / "README.md").read_text(encoding="utf-8")
    drawn = [generate(read(folder), seed=1, count=16) for folder in folders]
    assert np.array_equal(drawn[0], drawn[1])  # the same seed, the same pictures

    folder = folders[0]
    assert isinstance(read(folder), FastGANGenerator)
    assert not (folder / "network.onnx").exists()  # it was that of the weights before
    assert json.loads((folder / "moments.json").read_text())["images"] == 256
    card = (folder / "README.md").read_text()
    assert card.index("## Moments") < card.index("## Figures") < card.index("| moments.json |")
    assert "`python -m trainer moments weights/tiny --data photographs" in card
    said = capsys.readouterr().out.splitlines()[-1]
    distances = [float(number) for number in said.replace(",", "").split() if number[0].isdigit()]
    assert len(distances) == 6 and sum(distances[3:]) < 0.6 * sum(distances[:3])

    assert main(["moments", str(folder), *map(str, words)]) == 1
    assert "were matched before" in capsys.readouterr().err


def test_what_does_not_serve_is_said(
    tmp_path: Path, photographs: Path, reader: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generator = finished(tmp_path / "tiny", tiny())
    for folder, other, words in (
        (reader, reader, "give the folder of a FastGAN generator"),
        (generator, generator, "reads no features"),
    ):
        assert main(["moments", str(folder), "--data", str(photographs), "--reader", str(other)]) == 1
        error = capsys.readouterr().err
        assert words in error and error.count("\n") == 1
    command = ["moments", str(generator), "--data", str(photographs), "--reader", str(reader), "--validation", "59"]
    assert main(command) == 1
    assert "photographs holds 60 pictures" in capsys.readouterr().err
