"""StyleGAN2's generator as rosinality publishes it (https://github.com/rosinality/stylegan2-pytorch, model.py), spelt
out plainly: weights modulated for each picture, one picture at a time, filters by their definition."""

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn import functional


def filtered(x: Tensor, kernel: Tensor, up: int, pad: tuple[int, int]) -> Tensor:
    """upfirdn2d: zeros between pixels, zeros around, then a convolution with the flipped kernel."""
    count, channels, height, width = x.shape
    spread = x.new_zeros(count, channels, height * up, width * up)
    spread[:, :, ::up, ::up] = x
    spread = functional.pad(spread, (*pad, *pad))
    flat = spread.reshape(-1, 1, *spread.shape[2:])
    y = functional.conv2d(flat, kernel.flip(0, 1)[None, None])
    return y.reshape(count, channels, *y.shape[2:])


def four_taps(gain: float) -> Tensor:
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
    kernel = taps[None, :] * taps[:, None]
    return kernel / kernel.sum() * gain


class Kernel(nn.Module):
    """Blur and Upsample, which keep a kernel in the file."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kernel", four_taps(4))
        self.kernel: Tensor


class EqualLinear(nn.Module):
    def __init__(self, inputs: int, outputs: int, rate: float = 1.0, start: float = 0.0):
        super().__init__()
        self.rate = rate
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / rate)
        self.bias = nn.Parameter(torch.full((outputs,), start) + torch.randn(outputs) * 0.1 / rate)

    def forward(self, x: Tensor) -> Tensor:
        scale = self.rate / math.sqrt(self.weight.shape[1])
        return functional.linear(x, self.weight * scale, self.bias * self.rate)


class Modulated(nn.Module):
    def __init__(self, inputs: int, outputs: int, size: int, style: int, *, demodulate: bool, up: bool):
        super().__init__()
        self.demodulate, self.up = demodulate, up
        self.weight = nn.Parameter(torch.randn(1, outputs, inputs, size, size))
        self.modulation = EqualLinear(style, inputs, start=1.0)
        if up:
            self.blur = Kernel()

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        drawn = []
        for picture, style in zip(x, self.modulation(w), strict=True):
            weight = self.weight[0] / math.sqrt(self.weight[0, 0].numel()) * style[None, :, None, None]
            if self.demodulate:
                weight = weight * torch.rsqrt(weight.square().sum((1, 2, 3), keepdim=True) + 1e-8)
            if self.up:
                larger = functional.conv_transpose2d(picture[None], weight.transpose(0, 1), stride=2)
                drawn.append(filtered(larger, self.blur.kernel, 1, (1, 1)))
            else:
                drawn.append(functional.conv2d(picture[None], weight, padding=weight.shape[2] // 2))
        return torch.cat(drawn)


class Holder(nn.Module):
    """A parameter or buffer under a name."""

    def __init__(self, name: str, value: Tensor):
        super().__init__()
        self.register_parameter(name, nn.Parameter(value))

    def value(self) -> Tensor:
        return next(self.parameters())


class Styled(nn.Module):
    def __init__(self, inputs: int, outputs: int, style: int, *, up: bool = False):
        super().__init__()
        self.conv = Modulated(inputs, outputs, 3, style, demodulate=True, up=up)
        self.noise = Holder("weight", torch.tensor([0.3]))
        self.activate = Holder("bias", torch.randn(outputs) * 0.2)

    def forward(self, x: Tensor, w: Tensor, noise: Tensor) -> Tensor:
        x = self.conv(x, w)
        x = x + self.noise.value() * noise
        return functional.leaky_relu(x + self.activate.value()[:, None, None], 0.2) * math.sqrt(2)


class ToRGB(nn.Module):
    def __init__(self, inputs: int, style: int, *, up: bool):
        super().__init__()
        if up:
            self.upsample = Kernel()
        self.conv = Modulated(inputs, 3, 1, style, demodulate=False, up=False)
        self.bias = nn.Parameter(torch.randn(1, 3, 1, 1) * 0.1)

    def forward(self, x: Tensor, w: Tensor, skip: Tensor | None = None) -> Tensor:
        drawn: Tensor = self.conv(x, w) + self.bias
        return drawn if skip is None else drawn + filtered(skip, self.upsample.kernel, 2, (2, 1))


class StyleGAN2(nn.Module):
    """`g_ema`."""

    def __init__(self, size: int, widths: tuple[int, ...], *, style: int = 16, depth: int = 3, seed: int = 0):
        super().__init__()
        torch.manual_seed(seed)
        self.style = nn.Sequential(nn.Identity(), *(EqualLinear(style, style, 0.01) for _ in range(depth)))
        self.input = Holder("input", torch.randn(1, widths[0], 4, 4))
        self.conv1 = Styled(widths[0], widths[0], style)
        self.to_rgb1 = ToRGB(widths[0], style, up=False)
        self.convs, self.to_rgbs, self.noises = nn.ModuleList(), nn.ModuleList(), nn.Module()
        for number in range(2 * len(widths) - 1):
            side = 4 * 2 ** ((number + 1) // 2)
            self.noises.register_buffer(f"noise_{number}", torch.randn(1, 1, side, side))
        for before, width in itertools.pairwise(widths):
            self.convs += [Styled(before, width, style, up=True), Styled(width, width, style)]
            self.to_rgbs += [ToRGB(width, style, up=True)]
        assert side == size

    def styles(self, z: Tensor) -> Tensor:
        w = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        for layer in list(self.style)[1:]:
            w = functional.leaky_relu(layer(w), 0.2) * math.sqrt(2)
        return w

    def forward(self, w: Tensor, fine: Tensor | None = None, inject_index: int = 0) -> Tensor:
        """w: (N, style). fine: the styles from `inject_index` on."""
        count = 2 * len(self.to_rgbs) + 2
        latent = [w if fine is None or number < inject_index else fine for number in range(count)]
        noise = dict(self.noises.named_buffers())
        x = self.conv1(self.input.value().expand(len(w), -1, -1, -1), latent[0], noise["noise_0"])
        drawn: Tensor = self.to_rgb1(x, latent[1])
        i = 1
        for conv1, conv2, to_rgb in zip(self.convs[::2], self.convs[1::2], self.to_rgbs, strict=True):
            x = conv1(x, latent[i], noise[f"noise_{i}"])
            x = conv2(x, latent[i + 1], noise[f"noise_{i + 1}"])
            drawn = to_rgb(x, latent[i + 2], drawn)
            i += 2
        return drawn
