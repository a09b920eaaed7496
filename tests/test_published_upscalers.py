"""Upscalers in their authors' layouts, each beside a network that is spelt out here as those authors publish it."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, leaky_relu, pixel_shuffle, pixel_unshuffle

from models import NetworkUnavailable, load
from models.super_resolution import SuperResolution, SuperResolutionConfig, passes, tile_of, upscale

PICTURE = np.random.default_rng(0).integers(0, 256, (12, 20, 3), dtype=np.uint8)


def randomised(network: nn.Module) -> nn.Module:
    """Weights that are not so small that nothing would be seen of a mistake."""
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, part in network.named_parameters():
            spread = 1 / math.sqrt(part[0].numel()) if part.ndim > 1 else 0.1
            middle = 0.5 if part.ndim == 1 and name.endswith("weight") else 0.0  # of gains and slopes
            part.copy_(middle + torch.randn(part.shape, generator=draw) * spread)
    return network.eval()


def read(content: object, file: Path) -> SuperResolution:
    torch.save(content, file)
    network = load(file)
    assert isinstance(network, SuperResolution)
    return network


def check_same(network: SuperResolution, theirs: nn.Module, scale: int) -> None:
    """What ours draws is what theirs draws, as numbers and as a picture."""
    x = torch.from_numpy(PICTURE).permute(2, 0, 1)[None] / 255
    with torch.no_grad():
        expected, found = theirs(x), network.upscaler(x)
    assert found.shape == (1, 3, 12 * scale, 20 * scale)
    assert expected.std() > 0.01
    assert (found - expected).abs().max() < 1e-4 * max(1, float(expected.abs().max()))
    levels = (expected[0].permute(1, 2, 0) * 255).round().clamp(0, 255).numpy()
    assert abs(upscale(network, PICTURE, scale).astype(int) - levels).mean() < 2  # bfloat16, where there is that


# --- ESRGAN's first version, https://github.com/xinntao/ESRGAN/tree/old-arch --------------------------------------


class OldDense(nn.Module):
    def __init__(self, width: int, growth: int):
        super().__init__()
        for number in range(1, 6):
            outputs = width if number == 5 else growth
            layer = nn.Conv2d(width + (number - 1) * growth, outputs, 3, padding=1)
            setattr(self, f"conv{number}", nn.Sequential(layer))

    def forward(self, x: Tensor) -> Tensor:
        known = x
        for number in range(1, 5):
            known = torch.cat([known, leaky_relu(getattr(self, f"conv{number}")(known), 0.2)], 1)
        return x + 0.2 * torch.as_tensor(self.conv5(known))  # type: ignore[operator]


class OldBlock(nn.Module):
    def __init__(self, width: int, growth: int):
        super().__init__()
        self.RDB1, self.RDB2, self.RDB3 = (OldDense(width, growth) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        return x + 0.2 * torch.as_tensor(self.RDB3(self.RDB2(self.RDB1(x))))


class Shortcut(nn.Module):
    def __init__(self, *layers: nn.Module):
        super().__init__()
        self.sub = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return x + torch.as_tensor(self.sub(x))


class OldESRGAN(nn.Module):
    """`model.0`, `model.1.sub.N`, then an enlargement, a convolution and an activation for each doubling."""

    def __init__(self, doublings: int, *, packing: int = 1, width: int = 6, blocks: int = 2):
        super().__init__()

        def convolution(inputs: int, outputs: int) -> nn.Conv2d:
            return nn.Conv2d(inputs, outputs, 3, padding=1)

        w, self.packing = width, packing
        up = [[nn.Upsample(scale_factor=2), convolution(w, w), nn.LeakyReLU(0.2)] for _ in range(doublings)]
        self.model = nn.Sequential(
            convolution(3 * packing**2, w),
            Shortcut(*(OldBlock(w, 4) for _ in range(blocks)), convolution(w, w)),
            *(layer for layers in up for layer in layers),
            convolution(w, w),
            nn.LeakyReLU(0.2),
            convolution(w, 3),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.model(pixel_unshuffle(x, self.packing) if self.packing > 1 else x)
        return y


@pytest.mark.parametrize(("doublings", "packing"), [(0, 1), (1, 1), (2, 1), (3, 1), (2, 2), (2, 4), (1, 2)])
def test_esrgan_in_its_first_names_at_every_scale(tmp_path: Path, doublings: int, packing: int) -> None:
    theirs, scale = randomised(OldESRGAN(doublings, packing=packing)), 2**doublings // packing
    network = read(theirs.state_dict(), tmp_path / f"{scale}x_old.pth")
    assert (network.config.architecture, network.config.scale, network.config.depth) == ("rrdb", scale, 2)
    check_same(network, theirs, scale)


def with_new_names(old: dict[str, Tensor], dense: str, names: dict[str, str]) -> dict[str, Tensor]:
    """Tensors of `OldESRGAN` under other names."""
    renamed = {}
    for key, part in old.items():
        layer, _, kind = key.rpartition(".")
        if ".RDB" in layer:
            _, _, _, block, group, convolution, _ = layer.split(".")
            renamed[dense.format(block, group[3:], convolution) + f".{kind}"] = part
        else:
            renamed[f"{names[layer]}.{kind}"] = part
    return renamed


def test_bsrgan_of_one_up_convolution(tmp_path: Path) -> None:
    """https://github.com/cszn/BSRGAN, models/network_rrdbnet.py: `upconv2` only for a scale of 4."""
    theirs = randomised(OldESRGAN(1))
    names = {"model.0": "conv_first", "model.1.sub.2": "trunk_conv", "model.3": "upconv1"}
    names |= {"model.5": "HRconv", "model.7": "conv_last"}
    tensors = with_new_names(theirs.state_dict(), "RRDB_trunk.{}.RDB{}.{}", names)
    network = read(tensors, tmp_path / "BSRGANx2.pth")
    assert network.config.scale == 2
    check_same(network, theirs, 2)


def test_real_esrgan_of_scale_1_reads_squares_of_four(tmp_path: Path) -> None:
    """https://github.com/xinntao/BasicSR, basicsr/archs/rrdbnet_arch.py: `num_in_ch * 16` for a scale of 1."""
    theirs = randomised(OldESRGAN(2, packing=4))
    names = {"model.0": "conv_first", "model.1.sub.2": "conv_body", "model.3": "conv_up1", "model.6": "conv_up2"}
    names |= {"model.8": "conv_hr", "model.10": "conv_last"}
    tensors = with_new_names(theirs.state_dict(), "body.{}.rdb{}.{}", names)
    network = read({"params-ema": tensors}, tmp_path / "1x_clean.pth")
    assert network.config.scale == 1
    check_same(network, theirs, 1)
    odd = PICTURE[:11, :18]  # sides that are no multiples of four
    assert upscale(network, odd, 1).shape == odd.shape
    assert upscale(network, odd, 2).shape == (22, 36, 3)  # cleaned, and enlarged without a network


# --- SRVGGNetCompact, https://github.com/xinntao/Real-ESRGAN, realesrgan/archs/srvgg_arch.py ----------------------


class Compact(nn.Module):
    def __init__(self, scale: int, *, width: int = 8, depth: int = 2):
        super().__init__()
        self.scale, self.body = scale, nn.ModuleList()
        for inputs in (3, *[width] * depth):
            self.body += [nn.Conv2d(inputs, width, 3, padding=1), nn.PReLU(width)]
        self.body.append(nn.Conv2d(width, 3 * scale**2, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for layer in self.body:
            y = layer(y)
        return pixel_shuffle(y, self.scale) + interpolate(x, scale_factor=self.scale, mode="nearest")


@pytest.mark.parametrize("scale", [1, 2, 3, 4, 8])
def test_compact_at_every_scale(tmp_path: Path, scale: int) -> None:
    theirs = randomised(Compact(scale))
    network = read({"params": theirs.state_dict()}, tmp_path / "compact.pth")
    assert (network.config.architecture, network.config.scale) == ("srvgg", scale)
    check_same(network, theirs, scale)


def test_a_network_of_scale_1_needs_no_further_passes() -> None:
    assert passes(1, (10, 10), (80, 80)) == [(80, 80)]
    assert passes(2, (10, 10), (80, 80)) == [(20, 20), (40, 40), (80, 80)]


# --- SPAN, https://github.com/hongyuanyu/SPAN, basicsr/archs/span_arch.py -----------------------------------------


class Branches(nn.Module):
    """A convolution of 1 x 1 beside three in a row; its authors run `eval_conv`, which they compute from them."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.sk = nn.Conv2d(inputs, outputs, 1)
        self.conv = nn.Sequential(
            nn.Conv2d(inputs, 2 * inputs, 1), nn.Conv2d(2 * inputs, 2 * outputs, 3), nn.Conv2d(2 * outputs, outputs, 1)
        )
        self.eval_conv = nn.Conv2d(inputs, outputs, 3, padding=1)

    def merge(self) -> None:
        """Fills `eval_conv`: what impulses and nothing at all become, far from the border."""
        inputs = self.sk.in_channels
        with torch.no_grad():
            nothing = (self.conv(torch.zeros(1, inputs, 5, 5)) + self.sk(torch.zeros(1, inputs, 3, 3)))[0, :, 1, 1]
            impulses = torch.zeros(inputs, inputs, 5, 5)
            impulses[range(inputs), range(inputs), 2, 2] = 1
            answers = self.conv(impulses) + self.sk(impulses)[:, :, 1:-1, 1:-1] - nothing[:, None, None]
            self.eval_conv.weight.copy_(answers.flip(2, 3).transpose(0, 1))
            self.eval_conv.bias.copy_(nothing)  # type: ignore[union-attr]

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.eval_conv(x)
        return y


class SpanBlock(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.c1_r, self.c2_r, self.c3_r = (Branches(width, width) for _ in range(3))
        self.act1 = nn.SiLU(inplace=True)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        first = self.c1_r(x)
        third = self.c3_r(self.act1(self.c2_r(self.act1(first))))  # in place: `first` is activated, too
        return (third + x) * (torch.sigmoid(third) - 0.5), first


class Span(nn.Module):
    def __init__(self, scale: int, *, width: int, norm: bool):
        super().__init__()
        self.norm = norm
        if not norm:
            self.register_buffer("no_norm", torch.zeros(1))
        self.conv_1 = Branches(3, width)
        self.block_1, self.block_2, self.block_3 = SpanBlock(width), SpanBlock(width), SpanBlock(width)
        self.block_4, self.block_5, self.block_6 = SpanBlock(width), SpanBlock(width), SpanBlock(width)
        self.conv_cat = nn.Conv2d(4 * width, width, 1)
        self.conv_2 = Branches(width, width)
        self.upsampler = nn.Sequential(nn.Conv2d(width, 3 * scale**2, 3, padding=1), nn.PixelShuffle(scale))

    def forward(self, x: Tensor) -> Tensor:
        if self.norm:
            x = (x - torch.tensor([0.4488, 0.4371, 0.4040])[None, :, None, None]) * 255
        start = self.conv_1(x)
        after1, _ = self.block_1(start)
        after5, _ = self.block_5(self.block_4(self.block_3(self.block_2(after1)[0])[0])[0])
        after6, inside6 = self.block_6(after5)
        y: Tensor = self.upsampler(self.conv_cat(torch.cat([start, self.conv_2(after6), after1, inside6], 1)))
        return y


def span(scale: int, *, width: int = 8, norm: bool = True) -> Span:
    network = Span(scale, width=width, norm=norm)
    randomised(network)
    if norm:  # grey levels: the first layer makes them small, as training would have it
        with torch.no_grad():
            network.conv_1.sk.weight.div_(100)
            network.conv_1.get_parameter("conv.0.weight").div_(100)
    for part in network.modules():
        if isinstance(part, Branches):
            part.merge()
    return network


@pytest.mark.parametrize(("scale", "norm"), [(2, True), (4, True), (2, False)])
def test_span(tmp_path: Path, scale: int, norm: bool) -> None:
    theirs = span(scale, norm=norm)
    network = read({"params_ema": theirs.state_dict()}, tmp_path / "4x_span.pth")
    assert (network.config.architecture, network.config.width, network.config.centred) == ("span", 8, norm)
    check_same(network, theirs, scale)


def test_span_with_merged_convolutions_only_is_the_same(tmp_path: Path) -> None:
    theirs = span(2, norm=False)
    merged = {key: part for key, part in theirs.state_dict().items() if ".sk." not in key and ".conv." not in key}
    assert len(merged) < len(theirs.state_dict()) / 3
    check_same(read(merged, tmp_path / "span.pth"), theirs, 2)


def test_the_merged_convolutions_of_a_file_are_not_trusted(tmp_path: Path) -> None:
    """Training leaves `eval_conv` as it was drawn; the branches are what was learned."""
    theirs = span(2, norm=False)
    stale = {key: part * 0 if ".eval_conv." in key else part for key, part in theirs.state_dict().items()}
    check_same(read(stale, tmp_path / "span.pth"), theirs, 2)


def test_tiles_of_span_equal_the_whole(tmp_path: Path) -> None:
    from models.super_resolution import in_tiles

    network = read(span(2, norm=False).state_dict(), tmp_path / "span.pth")
    large = np.random.default_rng(1).integers(0, 256, (60, 70, 3), dtype=np.uint8)
    difference = in_tiles(network, large, tile=(30, 40)).astype(int) - in_tiles(network, large, tile=(60, 70))
    assert abs(difference).max() <= 1


def test_a_span_without_one_branch_is_named(tmp_path: Path) -> None:
    tensors = {key: part for key, part in span(2).state_dict().items() if key != "block_3.c2_r.conv.1.weight"}
    torch.save(tensors, tmp_path / "span.pth")
    with pytest.raises(
        NetworkUnavailable, match=r"span\.pth begins like a network of the kind 'span', but block_3\.c2_r"
    ):
        load(tmp_path / "span.pth")


# --- what the file's name tells, wrappers, one piece --------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "invents"),
    [
        ("RealESRGAN_x4plus.pth", True),
        ("RealESRNet_x4plus.pth", False),
        ("RRDB_PSNR_x4.pth", False),
        ("BSRNet.pth", False),
        ("4x-UltraSharp.pth", True),
    ],
)
def test_networks_that_were_trained_without_a_discriminator_invent_nothing(
    tmp_path: Path, file: str, invents: bool
) -> None:
    assert read(OldESRGAN(2).state_dict(), tmp_path / file).config.invents is invents


@pytest.mark.parametrize("wrapper", ["params-ema", "model", "model_state_dict", "netG_state_dict", "state_dict"])
def test_wrappers_are_looked_into(tmp_path: Path, wrapper: str) -> None:
    theirs = Compact(2)
    tensors = {f"module.{key}": part for key, part in theirs.state_dict().items()}
    network = read({"epoch": 3, "optimizer": {"lr": 0.1}, wrapper: tensors}, tmp_path / "compact.pth")
    check_same(network, theirs, 2)


@pytest.mark.parametrize(
    ("tensors", "reason"),
    [
        ({**OldESRGAN(2).state_dict(), "model.0.weight": torch.zeros(6, 1, 3, 3)}, "it reads 1 channels"),
        (OldESRGAN(4).state_dict(), "it enlarges 16 times"),
        (OldESRGAN(0, packing=2).state_dict(), "it enlarges 0.5 times"),
        ({**Compact(2).state_dict(), "body.0.weight": torch.zeros(8, 1, 3, 3)}, "it reads 1 channels"),
        ({**Compact(2).state_dict(), "body.6.weight": torch.zeros(14, 8, 3, 3)}, "its last layer has 14 channels"),
    ],
)
def test_what_is_no_upscaler_of_ours_is_refused_for_its_reason(
    tmp_path: Path, tensors: dict[str, Tensor], reason: str
) -> None:
    torch.save(tensors, tmp_path / "net.pth")
    with pytest.raises(NetworkUnavailable, match=rf"another architecture \({reason}.*Accepted are RRDBNet"):
        load(tmp_path / "net.pth")


def test_a_small_picture_goes_through_rrdb_in_one_piece() -> None:
    def config(scale: int) -> SuperResolutionConfig:
        return SuperResolutionConfig(architecture="rrdb", scale=scale)

    assert tile_of(config(4), 192, 128) == (192, 128)
    assert tile_of(config(2), 128, 128) == (128, 128)
    assert tile_of(config(4), 193, 128) == (96, 96)
    assert tile_of(config(8), 128, 128) == (96, 96)  # 1,024 px of feature maps
    assert tile_of(SuperResolutionConfig(), 64, 64) == (128, 256)
