"""Translators of others that are built unlike CycleGAN and pix2pix, with the tensor names of their authors' code."""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate


class NearestUNet(nn.Module):
    """pix2pix as PyTorch-GAN and HugGAN have it (https://github.com/eriklindernoren/PyTorch-GAN): eight halvings, a
    last layer that enlarges before it convolves, and instance normalisation without gains. Its dropout is left out: it
    has no tensors, and one request gives one picture."""

    def __init__(self, inputs: int, outputs: int, *, width: int):
        super().__init__()
        widths = [inputs, *(width * factor for factor in (1, 2, 4, 8, 8, 8, 8, 8))]
        for number in range(1, 9):
            plain = number in (1, 8)
            setattr(self, f"down{number}", Halving(widths[number - 1], widths[number], normalised=not plain))
        for number in range(1, 8):
            read = widths[8] if number == 1 else 2 * widths[9 - number]
            setattr(self, f"up{number}", Doubling(read, widths[8 - number]))
        self.final = nn.Sequential(
            nn.Upsample(scale_factor=2),
            nn.ZeroPad2d((1, 0, 1, 0)),
            nn.Conv2d(2 * width, outputs, 4, padding=1),
            nn.Tanh(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, inputs, H, W) in [-1, 1], sides multiples of 256. Returns (N, outputs, H, W) in [-1, 1]."""
        passed = []
        for number in range(1, 9):
            x = getattr(self, f"down{number}")(x)
            passed.append(x)
        passed.pop()
        for number in range(1, 8):
            x = torch.cat([getattr(self, f"up{number}")(x), passed.pop()], dim=1)
        y: Tensor = self.final(x)
        return y


class Halving(nn.Module):
    """One level of `NearestUNet` on the way down."""

    def __init__(self, inputs: int, outputs: int, *, normalised: bool):
        super().__init__()
        norm = [nn.InstanceNorm2d(outputs)] if normalised else []
        self.model = nn.Sequential(
            nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=False), *norm, nn.LeakyReLU(0.2)
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, outputs, H/2, W/2)."""
        y: Tensor = self.model(x)
        return y


class Doubling(nn.Module):
    """One level of `NearestUNet` on the way up."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.model = nn.Sequential(
            nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=False),
            nn.InstanceNorm2d(outputs),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, outputs, 2H, 2W)."""
        y: Tensor = self.model(x)
        return y


# --- AnimeGANv2 --------------------------------------------------------------------------------------------------


def convolution(inputs: int, outputs: int, side: int = 3, *, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Reflected border, convolution, normalisation over all maps together, LeakyReLU."""
    border = (0, 1, 0, 1) if stride == 2 else (side // 2,) * 4
    return nn.Sequential(
        nn.ReflectionPad2d(border),
        nn.Conv2d(inputs, outputs, side, stride=stride, groups=groups, bias=groups > 1),
        nn.GroupNorm(1, outputs),
        nn.LeakyReLU(0.2, inplace=True),
    )


class InvertedResidual(nn.Module):
    """Widens twofold, convolves each map by itself, narrows; and what came in, where the number of maps is the same
    (Sandler et al., "MobileNetV2", 2018)."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        inner = 2 * inputs
        self.layers = nn.Sequential(
            convolution(inputs, inner, 1),
            convolution(inner, inner, groups=inner),
            nn.Conv2d(inner, outputs, 1, bias=False),
            nn.GroupNorm(1, outputs),
        )
        self.adds = inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, outputs, H, W)."""
        y: Tensor = self.layers(x)
        return x + y if self.adds else y


class AnimeGenerator(nn.Module):
    """AnimeGANv2 (Chen, Liu, Chen, 2020) as https://github.com/bryandlee/animegan2-pytorch has it."""

    def __init__(self, *, width: int):
        super().__init__()
        w = width
        self.block_a = nn.Sequential(convolution(3, w, 7), convolution(w, 2 * w, stride=2), convolution(2 * w, 2 * w))
        self.block_b = nn.Sequential(convolution(2 * w, 4 * w, stride=2), convolution(4 * w, 4 * w))
        self.block_c = nn.Sequential(
            convolution(4 * w, 4 * w),
            InvertedResidual(4 * w, 8 * w),
            *(InvertedResidual(8 * w, 8 * w) for _ in range(3)),
            convolution(8 * w, 4 * w),
        )
        self.block_d = nn.Sequential(convolution(4 * w, 4 * w), convolution(4 * w, 4 * w))
        self.block_e = nn.Sequential(convolution(4 * w, 2 * w), convolution(2 * w, 2 * w), convolution(2 * w, w, 7))
        self.out_layer = nn.Sequential(nn.Conv2d(w, 3, 1, bias=False), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 3, H, W) in [-1, 1], sides at least 8. Returns (N, 3, H, W) in [-1, 1]."""
        half = self.block_a(x)  # (N, 2w, H/2, W/2)
        y = self.block_c(self.block_b(half))  # (N, 4w, H/4, W/4)
        y = self.block_d(interpolate(y, half.shape[2:], mode="bilinear", align_corners=True))
        y = self.block_e(interpolate(y, x.shape[2:], mode="bilinear", align_corners=True))
        drawn: Tensor = self.out_layer(y)
        return drawn
