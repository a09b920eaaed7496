"""Generators after DCGAN in their layouts, each beside a network that is spelt out here as its authors publish it."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from models import NetworkUnavailable, load
from models.checkpoints.published import check_shapes, read_published, read_reference
from models.gan import Generator, draw, draw_latents
from tests.test_published_upscalers import randomised


class Examples(nn.Module):
    """https://github.com/pytorch/examples/blob/main/dcgan/main.py: `main`, 64 px."""

    def __init__(self, channels: int = 3, latent_size: int = 10, width: int = 4, *, last_bias: bool = False):
        super().__init__()
        layers: list[nn.Module] = []
        sizes = [latent_size, 8 * width, 4 * width, 2 * width, width]
        for number, (before, after) in enumerate(itertools.pairwise(sizes)):
            step, padding = (2, 1) if number else (1, 0)
            layers += [nn.ConvTranspose2d(before, after, 4, step, padding, bias=False)]
            layers += [nn.BatchNorm2d(after), nn.ReLU(True)]
        layers += [nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=last_bias), nn.Tanh()]
        self.main = nn.Sequential(*layers)

    def forward(self, z: Tensor) -> Tensor:
        drawn: Tensor = self.main(z[:, :, None, None])
        return drawn


class Spelt(nn.Module):
    """As beginners write it: layers with names, with biases everywhere; 32 px, grey."""

    def __init__(self) -> None:
        super().__init__()
        self.deconv1 = nn.ConvTranspose2d(6, 16, 4, 1, 0)
        self.deconv2 = nn.ConvTranspose2d(16, 8, 4, 2, 1)
        self.deconv3 = nn.ConvTranspose2d(8, 4, 4, 2, 1)
        self.deconv4 = nn.ConvTranspose2d(4, 1, 4, 2, 1)
        self.bn1, self.bn2, self.bn3 = (nn.BatchNorm2d(width) for width in (16, 8, 4))

    def forward(self, z: Tensor) -> Tensor:
        x = torch.relu(self.bn1(self.deconv1(z[:, :, None, None])))
        x = torch.relu(self.bn2(self.deconv2(x)))
        x = torch.relu(self.bn3(self.deconv3(x)))
        return torch.tanh(self.deconv4(x))


def lively(network: nn.Module) -> nn.Module:
    """With weights and statistics that show in the picture."""
    randomised(network)
    with torch.no_grad():
        [layer for layer in network.modules() if isinstance(layer, nn.ConvTranspose2d)][-1].weight.mul_(10)
    source = torch.Generator().manual_seed(2)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            assert layer.running_mean is not None and layer.running_var is not None
            layer.running_mean.normal_(0, 0.2, generator=source)
            layer.running_var.uniform_(0.3, 2, generator=source)
    return network.eval()


def under(prefix: str) -> Callable[[str], str]:
    return lambda key: prefix + key.partition(".")[2]


@pytest.mark.parametrize(
    ("theirs", "rename", "suffix"),
    [
        (Examples(), str, ".pth"),
        (Examples(last_bias=True), under("model."), ".bin"),  # HugGAN's, huggan/pytorch/dcgan/modeling_dcgan.py
        (Examples(channels=1), under("network."), ".safetensors"),
        (Examples(), under(""), ".pt"),  # the layers alone
        (Examples(), under("module.main."), ".pth"),  # of several cards
        (Spelt(), str, ".pth"),
        (Spelt(), str, ".safetensors"),  # has them by the alphabet
    ],
)
def test_each_layout_draws_what_its_authors_draw(
    tmp_path: Path, theirs: nn.Module, rename: Callable[[str], str], suffix: str
) -> None:
    lively(theirs)
    tensors = {rename(key): part for key, part in theirs.state_dict().items()}
    file = tmp_path / f"netG_epoch_24{suffix}"
    save_file(tensors, file) if suffix == ".safetensors" else torch.save(tensors, file)
    network = load(file)
    assert isinstance(network, Generator)
    latents = draw_latents(network.config.latent_size, seed=1, count=3)
    z = torch.from_numpy(latents)
    with torch.no_grad():
        expected = theirs(z)
        assert (network(z) - expected).abs().max() < 1e-4
    assert expected.std() > 0.1
    assert expected.shape[2] == network.config.resolution
    levels = ((expected + 1) * 127.5).permute(0, 2, 3, 1).numpy()
    assert abs(draw(network, latents) - levels).max() < 0.6
    assert draw(network, latents, truncation=0).std(axis=0).max() == 0  # all alike
    check_shapes({key: part.shape for key, part in tensors.items()}, file.name)


def test_layers_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """`main.12` stands before `main.3` in the alphabet, and so do the tensors of a safetensors file."""
    theirs = lively(Examples())
    save_file(theirs.state_dict(), tmp_path / "g.safetensors")
    network = read_published(tmp_path / "g.safetensors")
    assert isinstance(network, Generator)
    assert (network.config.resolution, network.config.latent_size, network.config.width) == (64, 10, 4)


def test_half_precision_is_read(tmp_path: Path) -> None:
    theirs = lively(Examples())
    half = {key: part.half() if part.is_floating_point() else part for key, part in theirs.state_dict().items()}
    torch.save({"generator_state_dict": half}, tmp_path / "checkpoint.pth")
    network = load(tmp_path / "checkpoint.pth")
    z = torch.from_numpy(draw_latents(10, seed=1, count=2))
    with torch.no_grad():
        assert (network(z) - theirs(z)).abs().max() < 0.02


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (Examples(channels=4), "The pictures have 4 channels"),
        (Examples(channels=2), "The pictures have 2 channels"),
    ],
)
def test_what_cannot_be_drawn_is_named(tmp_path: Path, theirs: nn.Module, said: str) -> None:
    torch.save(theirs.state_dict(), tmp_path / "g.pth")
    with pytest.raises(NetworkUnavailable, match=rf"g\.pth holds another architecture \({said}.*Accepted are"):
        load(tmp_path / "g.pth")


def test_widths_that_are_not_halved_are_named(tmp_path: Path) -> None:
    theirs = Spelt()
    theirs.deconv2, theirs.bn2 = nn.ConvTranspose2d(16, 10, 4, 2, 1), nn.BatchNorm2d(10)
    theirs.deconv3 = nn.ConvTranspose2d(10, 4, 4, 2, 1)
    torch.save(theirs.state_dict(), tmp_path / "g.pth")
    with pytest.raises(NetworkUnavailable, match="but of 16, 10, 4 feature maps, where each has to have half as many"):
        load(tmp_path / "g.pth")


def test_its_discriminator_is_no_generator(tmp_path: Path) -> None:
    layers: list[nn.Module] = [nn.Conv2d(3, 4, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
    for width in (4, 8, 16):
        layers += [nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2)]
    layers += [nn.Conv2d(32, 1, 4, 1, 0, bias=False), nn.Sigmoid()]
    torch.save(nn.ModuleDict({"main": nn.Sequential(*layers)}).state_dict(), tmp_path / "netD_epoch_24.pth")
    with pytest.raises(NetworkUnavailable, match=r"netD_epoch_24\.pth holds another architecture\. Accepted are"):
        load(tmp_path / "netD_epoch_24.pth")


def test_a_generator_is_no_translator(tmp_path: Path) -> None:
    torch.save(Examples().state_dict(), tmp_path / "g.pth")
    with pytest.raises(NetworkUnavailable, match=r"g\.pth holds a generator, no translator"):
        read_reference(tmp_path / "g.pth")
