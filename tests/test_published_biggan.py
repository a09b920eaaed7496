"""BigGAN-deep in the layout of huggingface/pytorch-pretrained-BigGAN, beside a forward pass that is spelt out here."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import spectral_norm

from models import NetworkUnavailable, load
from models.architectures.biggan import BigGANGenerator
from models.checkpoints.published import check_shapes
from models.errors import InvalidInput
from models.faces.steering import Steering, class_count, draw_steered
from models.gan import draw, draw_latents, generate
from tabs.sample import handlers, networks
from tabs.sample.drawing import from_query, to_query
from tabs.sample.painting import paint

LAYERS = [(False, 4, 4), (True, 4, 4), (False, 4, 4), (True, 4, 2)]
SIZE, WIDTH, CLASSES, STATISTICS, EPSILON = 8, 8, 5, 51, 1e-4


class Norm(nn.Module):
    def __init__(self, width: int, condition: int = 0):
        super().__init__()
        self.register_buffer("running_means", torch.randn(STATISTICS, width) * 0.1)
        self.register_buffer("running_vars", torch.rand(STATISTICS, width) + 0.5)
        if condition:
            self.scale = spectral_norm(nn.Linear(condition, width, bias=False))
            self.offset = spectral_norm(nn.Linear(condition, width, bias=False))
        else:
            self.weight, self.bias = nn.Parameter(torch.randn(width)), nn.Parameter(torch.randn(width))

    def forward(self, x: Tensor, place: int, condition: Tensor | None = None) -> Tensor:
        """place: of the statistics, truncation times 50."""
        mean, variance = (part[place][None, :, None, None] for part in self.buffers(recurse=False))
        if condition is None:
            gain, shift = self.weight[None, :, None, None], self.bias[None, :, None, None]
        else:
            gain, shift = (1 + self.scale(condition))[..., None, None], self.offset(condition)[..., None, None]
        drawn: Tensor = (x - mean) / torch.sqrt(variance + EPSILON) * gain + shift
        return drawn


class GenBlock(nn.Module):
    def __init__(self, up: bool, inputs: int, outputs: int):
        super().__init__()
        self.up, middle = up, inputs // 4
        self.bn_0, self.conv_0 = Norm(inputs, 2 * SIZE), spectral_norm(nn.Conv2d(inputs, middle, 1))
        self.bn_1, self.conv_1 = Norm(middle, 2 * SIZE), spectral_norm(nn.Conv2d(middle, middle, 3, padding=1))
        self.bn_2, self.conv_2 = Norm(middle, 2 * SIZE), spectral_norm(nn.Conv2d(middle, middle, 3, padding=1))
        self.bn_3, self.conv_3 = Norm(middle, 2 * SIZE), spectral_norm(nn.Conv2d(middle, outputs, 1))

    def forward(self, x: Tensor, place: int, condition: Tensor) -> Tensor:
        y = self.conv_0(torch.relu(self.bn_0(x, place, condition)))
        y = torch.relu(self.bn_1(y, place, condition))
        y = self.conv_1(functional.interpolate(y, scale_factor=2) if self.up else y)
        y = self.conv_2(torch.relu(self.bn_2(y, place, condition)))
        y = self.conv_3(torch.relu(self.bn_3(y, place, condition)))
        if x.shape[1] != y.shape[1]:
            x = x[:, : x.shape[1] // 2]
        drawn: Tensor = y + (functional.interpolate(x, scale_factor=2) if self.up else x)
        return drawn


class SelfAttn(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.snconv1x1_theta = spectral_norm(nn.Conv2d(width, width // 8, 1, bias=False))
        self.snconv1x1_phi = spectral_norm(nn.Conv2d(width, width // 8, 1, bias=False))
        self.snconv1x1_g = spectral_norm(nn.Conv2d(width, width // 2, 1, bias=False))
        self.snconv1x1_o_conv = spectral_norm(nn.Conv2d(width // 2, width, 1, bias=False))
        self.gamma = nn.Parameter(torch.tensor([0.7]))

    def forward(self, x: Tensor) -> Tensor:
        """Place by place."""
        theta = self.snconv1x1_theta(x)
        phi, g = (functional.max_pool2d(layer(x), 2).flatten(2) for layer in (self.snconv1x1_phi, self.snconv1x1_g))
        taken = x.new_zeros(len(x), g.shape[1], *x.shape[2:])
        for row in range(x.shape[2]):
            for column in range(x.shape[3]):
                weights = torch.softmax((theta[:, :, row, column, None] * phi).sum(1), 1)  # (N, places)
                taken[:, :, row, column] = (g * weights[:, None]).sum(2)
        drawn: Tensor = x + self.gamma * self.snconv1x1_o_conv(taken)
        return drawn


class Generator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gen_z = spectral_norm(nn.Linear(2 * SIZE, 16 * 4 * WIDTH))
        layers: list[nn.Module] = [GenBlock(up, WIDTH * before, WIDTH * after) for up, before, after in LAYERS]
        layers.insert(2, SelfAttn(WIDTH * 4))
        self.layers = nn.ModuleList(layers)
        self.bn = Norm(WIDTH * 2)
        self.conv_to_rgb = spectral_norm(nn.Conv2d(WIDTH * 2, WIDTH * 2, 3, padding=1))

    def forward(self, condition: Tensor, place: int) -> Tensor:
        x = self.gen_z(condition).view(-1, 4, 4, 4 * WIDTH).permute(0, 3, 1, 2)
        for layer in self.layers:
            x = layer(x) if isinstance(layer, SelfAttn) else layer(x, place, condition)
        return torch.tanh(self.conv_to_rgb(torch.relu(self.bn(x, place)))[:, :3])


class BigGAN(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embeddings = nn.Linear(CLASSES, SIZE, bias=False)
        self.generator = Generator()

    def forward(self, z: Tensor, label: int, place: int) -> Tensor:
        kind = self.embeddings(functional.one_hot(torch.full((len(z),), label), CLASSES).float())
        drawn: Tensor = self.generator(torch.cat([z, kind], 1), place)
        return drawn


@pytest.fixture(scope="module")
def theirs() -> BigGAN:
    network = BigGAN()
    with torch.no_grad():
        for _ in range(3):
            network(torch.randn(2, SIZE), 0, 50)  # so that the vectors of spectral normalisation settle
    return network.eval().requires_grad_(False)


def read(tensors: dict[str, Tensor], file: Path) -> BigGANGenerator:
    torch.save(tensors, file)
    network = load(file)
    assert isinstance(network, BigGANGenerator)
    return network


def cut(latents: np.ndarray) -> Tensor:
    """N(0, 1) as the normal distribution between -2 and 2, by its distribution function."""
    inside = math.erf(2 / math.sqrt(2))
    share = [0.5 * (1 + math.erf(z / math.sqrt(2))) for z in latents.ravel()]
    normal = torch.distributions.Normal(0.0, 1.0)
    z: Tensor = normal.icdf(torch.tensor([(1 - inside) / 2 + one * inside for one in share])).reshape(latents.shape)
    return z


@pytest.mark.parametrize(("truncation", "place", "label"), [(1.0, 50, 0), (0.5, 25, 3)])
def test_it_draws_the_same(tmp_path: Path, theirs: BigGAN, truncation: float, place: int, label: int) -> None:
    network = read(theirs.state_dict(), tmp_path / "pytorch_model.bin")
    assert (network.config.resolution, network.config.latent_size, class_count(network)) == (16, SIZE, CLASSES)
    latents = draw_latents(SIZE, seed=4, count=2)
    expected = theirs(cut(latents) * truncation, label, place)
    assert (network(torch.from_numpy(latents), truncation, label) - expected).abs().max() < 1e-4
    levels = ((expected + 1) * 127.5).permute(0, 2, 3, 1).numpy()
    drawn = draw_steered(network, latents, Steering(label=label), truncation=truncation)
    assert abs(drawn - levels).max() < 0.6
    if not label:
        assert np.array_equal(drawn, draw(network, latents))
    check_shapes({key: part.shape for key, part in theirs.state_dict().items()}, "pytorch_model.bin")


def test_files_without_the_second_vector(tmp_path: Path, theirs: BigGAN) -> None:
    tensors = {key: part for key, part in theirs.state_dict().items() if not key.endswith("weight_v")}
    less = read(tensors, tmp_path / "less.bin")
    whole = read(theirs.state_dict(), tmp_path / "whole.bin")
    assert (less.first.weight - whole.first.weight).abs().max() < 0.02 * whole.first.weight.abs().max()


def test_classes_and_what_is_missing(tmp_path: Path, theirs: BigGAN) -> None:
    network = read(theirs.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(InvalidInput, match="The class is 5; it has to be from 0 to 4"):
        draw_steered(network, draw_latents(SIZE, seed=1, count=1), Steering(label=5))
    with pytest.raises(InvalidInput, match="no layer whose directions"):
        draw_steered(network, draw_latents(SIZE, seed=1, count=1), Steering(moves=(1,)))
    assert generate(network, seed=1, count=3, truncation=0).std(axis=0).max() == 0  # all alike
    tensors = {key: part for key, part in theirs.state_dict().items() if key != "generator.layers.1.bn_2.running_vars"}
    with pytest.raises(NetworkUnavailable, match="holds another architecture"):
        read(tensors, tmp_path / "cut.bin")


def test_sample_offers_the_classes(tmp_path: Path, theirs: BigGAN, monkeypatch: pytest.MonkeyPatch) -> None:
    network = read(theirs.state_dict(), tmp_path / "pytorch_model.bin")
    monkeypatch.setattr(networks, "find_offered", lambda *names: tmp_path / "pytorch_model.bin")
    drawing = from_query("model=someone/biggan&seed=4&count=2&truncation=0.5&class=3")
    assert to_query(drawing).endswith("&class=3") and from_query(to_query(drawing)) == drawing
    value = handlers.show_link(to_query(drawing))[-3]
    assert (value["classes"], value["label"], value["layers"], value["moves"]) == (CLASSES, 3, 0, [])
    latents = draw_latents(SIZE, seed=4, count=2)
    expected = draw_steered(network, latents, Steering(label=3), truncation=0.5)
    assert abs(paint(drawing)[0].astype(int) - expected).max() <= 1
