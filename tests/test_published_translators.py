"""Translators in their authors' layouts, each beside a network that is spelt out here as those authors publish it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, interpolate, pad

from models import NetworkUnavailable, load
from models.translation import Translation, directions, translate
from tests.test_published_upscalers import Compact, randomised
from tests.test_reference import unet

W = 4  # feature maps
PICTURE = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)


def read(content: object, file: Path) -> Translation:
    torch.save(content, file)
    network = load(file)
    assert isinstance(network, Translation)
    return network


def check_same(network: Translation, theirs: nn.Module, *, way: int = 0, shape: tuple[int, int] = (24, 32)) -> None:
    """What ours draws is what theirs draws, as numbers."""
    x = torch.rand(1, network.config.reads, *shape, generator=torch.Generator().manual_seed(2)) * 2 - 1
    with torch.no_grad():
        expected, found = theirs(x), network.generators[way](x)
    assert expected.shape == (1, network.config.channels, *shape)
    assert expected.std() > 0.02
    assert torch.allclose(found, expected, atol=1e-4)


# --- ResNets: pytorch-CycleGAN-and-pix2pix, UPIT, CUT, HugGAN ------------------------------------------------------


class Block(nn.Module):
    """`conv_block` with dropout, or HugGAN's `block`."""

    def __init__(self, features: int, *, dropout: bool, name: str = "conv_block"):
        super().__init__()
        parts: list[nn.Module] = []
        for number in range(2):
            parts += [nn.ReflectionPad2d(1), nn.Conv2d(features, features, 3), nn.InstanceNorm2d(features)]
            if number == 0:
                parts += [nn.ReLU(), *([nn.Dropout(0.5)] if dropout else [])]
        self.name = name
        setattr(self, name, nn.Sequential(*parts))

    def forward(self, x: Tensor) -> Tensor:
        return x + torch.as_tensor(getattr(self, self.name)(x))


class Blur(nn.Module):
    """CUT's Downsample and Upsample: a filter that is saved for each feature map."""

    def __init__(self, features: int, taps: list[float], *, up: bool):
        super().__init__()
        row = torch.tensor(taps)
        square = row[:, None] * row / row.sum() ** 2 * (4 if up else 1)
        self.register_buffer("filt", square.repeat(features, 1, 1, 1))
        self.up = up

    def forward(self, x: Tensor) -> Tensor:
        filt = self.filt
        assert isinstance(filt, Tensor)
        if self.up:
            y = conv_transpose2d(pad(x, (1, 1, 1, 1), mode="replicate"), filt, stride=2, padding=2, groups=x.shape[1])
            return y[:, :, 1:, 1:][:, :, :-1, :-1]
        return conv2d(pad(x, (1, 1, 1, 1), mode="reflect"), filt, stride=2, groups=x.shape[1])


class Wrapped(nn.Module):
    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.model(x)
        return y


def layer(inputs: int, outputs: int, side: int = 3, *, stride: int = 1, padding: int = 1) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, side, stride=stride, padding=padding)
    return [convolution, nn.InstanceNorm2d(outputs), nn.ReLU()]


def transposed(inputs: int, outputs: int) -> list[nn.Module]:
    return [
        nn.ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1, output_padding=1),
        nn.InstanceNorm2d(outputs),
        nn.ReLU(),
    ]


Layers = Callable[[int, int], list[nn.Module]]


def resnet(blocks: list[nn.Module], *, down: Layers, up: Layers) -> nn.Sequential:
    return nn.Sequential(
        *[nn.ReflectionPad2d(3), *layer(3, W, 7, padding=0)],
        *[*down(W, 2 * W), *down(2 * W, 4 * W), *blocks, *up(4 * W, 2 * W), *up(2 * W, W)],
        *[nn.ReflectionPad2d(3), nn.Conv2d(W, 3, 7), nn.Tanh()],
    )


def strided(inputs: int, outputs: int) -> list[nn.Module]:
    return layer(inputs, outputs, stride=2)


def blurred(inputs: int, outputs: int) -> list[nn.Module]:
    return [*layer(inputs, outputs), Blur(outputs, [1.0, 2.0, 1.0], up=False)]


def blurred_up(inputs: int, outputs: int) -> list[nn.Module]:
    return [Blur(inputs, [1.0, 3.0, 3.0, 1.0], up=True), *layer(inputs, outputs)]


def nearest_up(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Upsample(scale_factor=2), *layer(inputs, outputs)]


@pytest.mark.parametrize("blocks", [6, 9])
def test_a_resnet_with_dropout(tmp_path: Path, blocks: int) -> None:
    """models/networks.py of pytorch-CycleGAN-and-pix2pix: the second convolution is `conv_block.6`."""
    inner: list[nn.Module] = [Block(4 * W, dropout=True) for _ in range(blocks)]
    theirs = randomised(Wrapped(resnet(inner, down=strided, up=transposed)))
    assert "model.10.conv_block.6.weight" in theirs.state_dict()
    network = read(theirs.state_dict(), tmp_path / "latest_net_G_A.pth")
    assert network.config.blocks == blocks
    check_same(network, theirs)


def test_batch_normalisation_with_dropout(tmp_path: Path) -> None:
    from tests.test_reference import resnet as saved

    moved = {}
    for key, part in saved(blocks=6, bias=False).items():
        key = key.replace("conv_block.6.", "conv_block.7.").replace("conv_block.5.", "conv_block.6.")
        moved[key] = part
    network = read(moved, tmp_path / "g.pth")
    assert network.config.norm == "batch"
    assert torch.equal(
        network.generators[0].state_dict()["model.10.conv_block.5.weight"], moved["model.10.conv_block.6.weight"]
    )


def test_upit_with_dropout(tmp_path: Path) -> None:
    """upit/models/cyclegan.py of https://github.com/tmabraham/UPIT, drop=.5: no module around the layers."""
    ways = []
    for _ in range(2):
        blocks: list[nn.Module] = [Block(4 * W, dropout=True) for _ in range(3)]
        ways.append(randomised(resnet(blocks, down=strided, up=transposed)))
    with torch.no_grad():
        ways[1].get_parameter("1.bias").add_(1)
    tensors = {
        f"{name}.{key}": part for name, way in zip("BA", ways, strict=True) for key, part in way.state_dict().items()
    }
    network = read({f"G_{key}": part for key, part in tensors.items()}, tmp_path / "pytorch_model.bin")
    assert directions(network) == ["a-to-b", "b-to-a"]
    for way, theirs in enumerate(ways):
        check_same(network, theirs, way=way)


@pytest.mark.parametrize(
    ("down", "up"), [(blurred, blurred_up), (blurred, transposed), (strided, blurred_up)], ids=["both", "down", "up"]
)
def test_cut_with_its_filters(tmp_path: Path, down: Layers, up: Layers) -> None:
    """models/networks.py of https://github.com/taesungp/contrastive-unpaired-translation; FastCUT is the same."""
    blocks: list[nn.Module] = [Block(4 * W, dropout=False) for _ in range(9)]
    theirs = randomised(Wrapped(resnet(blocks, down=down, up=up)))
    network = read(theirs.state_dict(), tmp_path / "latest_net_G.pth")
    assert network.config.halving == ("blurred" if down is blurred else "strided")
    assert network.config.doubling == ("blurred" if up is blurred_up else "transposed")
    check_same(network, theirs)
    assert translate(network, PICTURE, "a-to-b").shape == PICTURE.shape


def test_huggan_cyclegan(tmp_path: Path) -> None:
    """huggan/pytorch/cyclegan/modeling_cyclegan.py of https://github.com/huggingface/community-events."""
    blocks: list[nn.Module] = [Block(4 * W, dropout=False, name="block") for _ in range(9)]
    theirs = randomised(Wrapped(resnet(blocks, down=strided, up=nearest_up)))
    assert "model.10.block.1.weight" in theirs.state_dict()
    network = read(theirs.state_dict(), tmp_path / "pytorch_model.bin")
    assert (network.config.blocks, network.config.doubling) == (9, "nearest")
    check_same(network, theirs)


# --- U-Nets: HugGAN, and pix2pix without normalisation -------------------------------------------------------------


class HugDown(nn.Module):
    def __init__(self, inputs: int, outputs: int, norm: bool):
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False)]
        self.model = nn.Sequential(*layers, *([nn.InstanceNorm2d(outputs)] if norm else []), nn.LeakyReLU(0.2))


class HugUp(nn.Module):
    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.model = nn.Sequential(
            nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), nn.InstanceNorm2d(outputs), nn.ReLU()
        )


class HugUNet(nn.Module):
    """huggan/pytorch/pix2pix/modeling_pix2pix.py of https://github.com/huggingface/community-events."""

    def __init__(self, inputs: int, outputs: int, w: int = 2):
        super().__init__()
        for number, (read_, made) in enumerate(
            [(inputs, w), (w, 2 * w), (2 * w, 4 * w), (4 * w, 8 * w), *[(8 * w, 8 * w)] * 4], start=1
        ):
            setattr(self, f"down{number}", HugDown(read_, made, number not in (1, 8)))
        ups = [(8 * w, 8 * w), *[(16 * w, 8 * w)] * 3, (16 * w, 4 * w), (8 * w, 2 * w), (4 * w, w)]
        for number, (read_, made) in enumerate(ups, start=1):
            setattr(self, f"up{number}", HugUp(read_, made))
        self.final = nn.Sequential(
            nn.Upsample(scale_factor=2), nn.ZeroPad2d((1, 0, 1, 0)), nn.Conv2d(2 * w, outputs, 4, padding=1), nn.Tanh()
        )

    def forward(self, x: Tensor) -> Tensor:
        down = [x]
        for number in range(1, 9):
            down.append(getattr(self, f"down{number}").model(down[-1]))
        y = down[8]
        for number in range(1, 8):
            y = torch.cat((getattr(self, f"up{number}").model(y), down[8 - number]), 1)
        drawn: Tensor = self.final(y)
        return drawn


def test_huggan_pix2pix(tmp_path: Path) -> None:
    theirs = randomised(HugUNet(3, 3))
    network = read(theirs.state_dict(), tmp_path / "pytorch_model.bin")
    assert network.config.architecture == "nearest-unet"
    check_same(network, theirs, shape=(256, 256))
    assert translate(network, PICTURE, "a-to-b").shape == PICTURE.shape


class PlainUNet(nn.Module):
    """U-Net 256 of pytorch-CycleGAN-and-pix2pix with --norm none, from tensors: convolutions without bias."""

    def __init__(self, tensors: dict[str, Tensor]):
        super().__init__()
        self.tensors = tensors

    def forward(self, x: Tensor) -> Tensor:
        down, prefix = [x], "model.model."
        for level in range(8):
            y = down[-1] if level == 0 else nn.functional.leaky_relu(down[-1], 0.2)
            if level:
                down[-1] = y  # the activation works in place, so that it is passed by, too
            down.append(conv2d(y, self.tensors[f"{prefix}{1 if level else 0}.weight"], stride=2, padding=1))
            prefix += "3.model." if level else "1.model."
        y = down.pop()
        for level in range(7, -1, -1):
            name = "model.model." + "1.model." * (level > 0) + "3.model." * (level - 1)
            up = 3 if level in (0, 7) else 5
            bias = self.tensors.get(f"{name}{up}.bias")
            y = conv_transpose2d(y.relu(), self.tensors[f"{name}{up}.weight"], bias, stride=2, padding=1)
            if level:
                y = torch.cat([down.pop(level), y], 1)
        return y.tanh()


def plain_unet(inputs: int, outputs: int) -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(3)
    tensors = {key: part for key, part in unet(8, 2).items() if part.ndim == 4}
    tensors |= {
        "model.model.0.weight": torch.zeros(2, inputs, 4, 4),
        "model.model.3.weight": torch.zeros(4, outputs, 4, 4),
    }
    scaled = {key: torch.randn(part.shape, generator=draw) / part[0].numel() ** 0.5 for key, part in tensors.items()}
    return {**scaled, "model.model.3.bias": torch.zeros(outputs)}


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 3), (1, 3), (3, 1)])
def test_pix2pix_without_normalisation_and_with_other_channels(tmp_path: Path, inputs: int, outputs: int) -> None:
    tensors = plain_unet(inputs, outputs)
    network = read(tensors, tmp_path / "latest_net_G.pth")
    assert (network.config.norm, network.config.reads, network.config.channels) == ("none", inputs, outputs)
    check_same(network, PlainUNet(tensors), shape=(256, 256))


def test_a_grey_picture_comes_back_in_colour(tmp_path: Path) -> None:
    network = read(plain_unet(1, 3), tmp_path / "colours.pth")
    grey = PICTURE[:, :, :1]
    drawn = translate(network, grey, "a-to-b")
    assert drawn.shape == (24, 32, 3)
    assert (drawn[:, :, 0] != drawn[:, :, 1]).any()
    assert np.array_equal(drawn, translate(network, grey.repeat(3, axis=2), "a-to-b"))
    opaque = np.concatenate([grey.repeat(3, axis=2), grey], axis=2)
    assert np.array_equal(translate(network, opaque, "a-to-b"), np.concatenate([drawn, grey], axis=2))


def test_a_picture_in_colour_comes_back_as_a_grey_drawing(tmp_path: Path) -> None:
    network = read(plain_unet(3, 1), tmp_path / "edges.pth")
    drawn = translate(network, PICTURE, "a-to-b")
    assert drawn.shape == PICTURE.shape
    assert np.array_equal(drawn[:, :, 0], drawn[:, :, 2])
    assert translate(network, PICTURE[:, :, :1], "a-to-b").shape == (24, 32, 1)


# --- AnimeGANv2 ----------------------------------------------------------------------------------------------------


def normalised(inputs: int, outputs: int, side: int = 3, *, stride: int = 1, groups: int = 1) -> nn.Sequential:
    around = (0, 1, 0, 1) if stride == 2 else (side // 2,) * 4
    return nn.Sequential(
        nn.ReflectionPad2d(around),
        nn.Conv2d(inputs, outputs, side, stride=stride, groups=groups, bias=groups > 1),
        nn.GroupNorm(1, outputs),
        nn.LeakyReLU(0.2),
    )


class Inverted(nn.Module):
    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.layers = nn.Sequential(
            normalised(inputs, 2 * inputs, 1),
            normalised(2 * inputs, 2 * inputs, groups=2 * inputs),
            nn.Conv2d(2 * inputs, outputs, 1, bias=False),
            nn.GroupNorm(1, outputs),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layers(x)
        return y + x if y.shape == x.shape else y


class Anime(nn.Module):
    """model.py of https://github.com/bryandlee/animegan2-pytorch."""

    def __init__(self, w: int = 2):
        super().__init__()
        self.block_a = nn.Sequential(normalised(3, w, 7), normalised(w, 2 * w, stride=2), normalised(2 * w, 2 * w))
        self.block_b = nn.Sequential(normalised(2 * w, 4 * w, stride=2), normalised(4 * w, 4 * w))
        middle = [Inverted(4 * w, 8 * w), *(Inverted(8 * w, 8 * w) for _ in range(3))]
        self.block_c = nn.Sequential(normalised(4 * w, 4 * w), *middle, normalised(8 * w, 4 * w))
        self.block_d = nn.Sequential(normalised(4 * w, 4 * w), normalised(4 * w, 4 * w))
        self.block_e = nn.Sequential(normalised(4 * w, 2 * w), normalised(2 * w, 2 * w), normalised(2 * w, w, 7))
        self.out_layer = nn.Sequential(nn.Conv2d(w, 3, 1, bias=False), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        half = self.block_a(x)
        y = self.block_c(self.block_b(half))
        y = self.block_d(interpolate(y, half.size()[-2:], mode="bilinear", align_corners=True))
        y = self.block_e(interpolate(y, x.size()[-2:], mode="bilinear", align_corners=True))
        drawn: Tensor = self.out_layer(y)
        return drawn


@pytest.mark.parametrize("shape", [(24, 32), (25, 31), (8, 8)])
def test_animegan(tmp_path: Path, shape: tuple[int, int]) -> None:
    theirs = randomised(Anime())
    assert "block_a.0.1.weight" in theirs.state_dict()
    network = read(theirs.state_dict(), tmp_path / "face_paint_512_v2.pt")
    assert network.config.architecture == "anime"
    check_same(network, theirs, shape=shape)
    assert translate(network, PICTURE, "a-to-b").shape == PICTURE.shape


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (plain_unet(1, 2), "it makes 2 channels from 1, where 1 or 3 are needed on either side"),
        (HugUNet(6, 3).state_dict(), "it makes 3 channels from 6"),
    ],
)
def test_channels_that_no_picture_has_are_the_reason(tmp_path: Path, content: object, reason: str) -> None:
    torch.save(content, tmp_path / "g.pth")
    with pytest.raises(NetworkUnavailable, match=rf"another architecture \({reason}"):
        load(tmp_path / "g.pth")


def test_each_tab_names_the_one_that_takes_a_network(tmp_path: Path) -> None:
    from models.checkpoints.published import read_published
    from tabs.translate.networks import as_translator
    from tabs.upscale.networks import as_upscaler

    torch.save(Compact(2).state_dict(), tmp_path / "up.pth")
    torch.save(plain_unet(3, 3), tmp_path / "g.pth")
    upscaler, translator = read_published(tmp_path / "up.pth"), read_published(tmp_path / "g.pth")
    assert as_upscaler(upscaler, "This file") is upscaler
    assert as_translator(translator, "This file") is translator
    with pytest.raises(NetworkUnavailable, match="This file is an upscaler, which the tab Upscale opens"):
        as_translator(upscaler, "This file")
    with pytest.raises(NetworkUnavailable, match="This file is a translator, which the tab Translate opens"):
        as_upscaler(translator, "This file")
