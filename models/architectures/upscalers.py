"""The networks that enlarge pictures: ours, and those of Real-ESRGAN, ESRGAN and SPAN, with their tensors' names.

Ours is plain 3 x 3 convolutions at the small size (Wang et al., "PlainUSR", 2024), the form to which a stack of linear
blocks collapses (Bhardwaj et al., "Collapsible Linear Blocks for Super-Efficient Super Resolution", 2022): no
normalisation and no attention, so that every pixel depends on its surroundings alone and tiles equal the whole.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, leaky_relu, pixel_shuffle, pixel_unshuffle, relu, silu

MEAN = (0.4488, 0.4371, 0.4040)  # of the colours of DIV2K, 0 to 1


class PlainUpscaler(nn.Module):
    """Convolutions with ReLU, a skip from the first to the last, and the picture itself added before the shuffle."""

    def __init__(self, scale: int, *, width: int, depth: int):
        super().__init__()
        self.scale = scale
        self.first = nn.Conv2d(3, width, 3, padding=1)
        self.body = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(depth))
        self.last = nn.Conv2d(width, 3 * scale**2, 3, padding=1)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def radius(self) -> int:
        """How far a pixel looks, px of the small picture."""
        return len(self.body) + 2

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 3, H, W) in [-1, 1]. Returns (N, 3, sH, sW), nominally in [-1, 1]."""
        x = x.contiguous(memory_format=torch.channels_last)
        start = y = relu(self.first(x), inplace=True)  # (N, width, H, W)
        for layer in self.body:
            y = relu(layer(y), inplace=True)
        y = self.last(y + start)  # (N, 3 s², H, W)
        # each pixel for each of its sub-pixels, fast as the last dimension; in float32, whatever the layers' precision
        pixels = x.permute(0, 2, 3, 1).repeat_interleave(self.scale**2, dim=3).permute(0, 3, 1, 2)
        return pixel_shuffle(y + pixels, self.scale)


class DenseBlock(nn.Module):
    """ESRGAN's block of five convolutions, each reading all before it (Wang et al., "ESRGAN", 2018, section 3.1)."""

    def __init__(self, width: int, growth: int):
        super().__init__()
        for number in range(4):
            setattr(self, f"conv{number + 1}", nn.Conv2d(width + number * growth, growth, 3, padding=1))
        self.conv5 = nn.Conv2d(width + 4 * growth, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, width, H, W) to the same shape."""
        parts = [x]
        for layer in (self.conv1, self.conv2, self.conv3, self.conv4):
            parts.append(leaky_relu(layer(torch.cat(parts, dim=1)), 0.2))  # type: ignore[operator]
        y: Tensor = self.conv5(torch.cat(parts, dim=1)) * 0.2 + x
        return y


class ResidualDenseBlock(nn.Module):
    """Three dense blocks in a row, and what came in (2018, section 3.1)."""

    def __init__(self, width: int, growth: int):
        super().__init__()
        self.rdb1, self.rdb2, self.rdb3 = (DenseBlock(width, growth) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        """(N, width, H, W) to the same shape."""
        y: Tensor = self.rdb3(self.rdb2(self.rdb1(x))) * 0.2 + x
        return y


class RRDBNet(nn.Module):
    """ESRGAN's generator with Real-ESRGAN's names (Wang et al., "Real-ESRGAN", 2021): it reads the picture, perhaps
    with its pixels packed into channels, and doubles what it reads until the scale is reached."""

    def __init__(self, scale: int, *, width: int, blocks: int, growth: int, packing: int = 1):
        """packing: side of the squares of pixels that are packed into channels."""
        super().__init__()
        self.scale, self.packing = scale, packing
        self.doublings = (scale * packing).bit_length() - 1
        self.conv_first = nn.Conv2d(3 * packing**2, width, 3, padding=1)
        self.body = nn.Sequential(*(ResidualDenseBlock(width, growth) for _ in range(blocks)))
        self.conv_body = nn.Conv2d(width, width, 3, padding=1)
        for number in range(1, self.doublings + 1):
            setattr(self, f"conv_up{number}", nn.Conv2d(width, width, 3, padding=1))
        self.conv_hr = nn.Conv2d(width, width, 3, padding=1)
        self.conv_last = nn.Conv2d(width, 3, 3, padding=1)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def radius(self) -> int:
        """How far a pixel looks, px of the small picture; far more than what matters to it."""
        return (15 * len(self.body) + 6) * self.packing

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 3, H, W) in [0, 1], sides multiples of `packing`. Returns (N, 3, sH, sW), nominally in [0, 1]."""
        x = x.contiguous(memory_format=torch.channels_last)
        x = self.conv_first(pixel_unshuffle(x, self.packing) if self.packing > 1 else x)
        x = x + self.conv_body(self.body(x))
        for number in range(1, self.doublings + 1):
            x = leaky_relu(getattr(self, f"conv_up{number}")(interpolate(x, scale_factor=2, mode="nearest")), 0.2)
        x = leaky_relu(self.conv_hr(x), 0.2)
        with torch.autocast(x.device.type, enabled=False):  # the only layer whose rounding would be seen
            y: Tensor = self.conv_last(x.to(self.conv_last.weight.dtype))
        return y


class SRVGGNetCompact(nn.Module):
    """Real-ESRGAN's small network: convolutions with PReLU, and the enlarged picture itself added at the end."""

    def __init__(self, scale: int, *, width: int, depth: int):
        super().__init__()
        self.scale = scale
        layers: list[nn.Module] = [nn.Conv2d(3, width, 3, padding=1), nn.PReLU(width)]
        for _ in range(depth):
            layers += [nn.Conv2d(width, width, 3, padding=1), nn.PReLU(width)]
        self.body = nn.ModuleList([*layers, nn.Conv2d(width, 3 * scale**2, 3, padding=1)])
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def radius(self) -> int:
        """How far a pixel looks, px of the small picture."""
        return len(self.body) // 2 + 1

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 3, H, W) in [0, 1]. Returns (N, 3, sH, sW), nominally in [0, 1]."""
        y = x.contiguous(memory_format=torch.channels_last)
        for layer in self.body:
            y = layer(y)
        return pixel_shuffle(y, self.scale) + interpolate(x, scale_factor=self.scale, mode="nearest")


class AttentionBlock(nn.Module):
    """SPAN's block: three convolutions, and attention that is a function of their result (2024, section 3.2)."""

    def __init__(self, width: int):
        super().__init__()
        self.c1_r, self.c2_r, self.c3_r = (nn.Conv2d(width, width, 3, padding=1) for _ in range(3))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(N, width, H, W) to the same shape, and what the first convolution found."""
        first = silu(self.c1_r(x))
        last = self.c3_r(silu(self.c2_r(first)))
        return (last + x) * (torch.sigmoid(last) - 0.5), first


class SPAN(nn.Module):
    """Wan et al., "Swift Parameter-free Attention Network for Efficient Super-Resolution", 2024, as it runs: each of
    the convolutions that were trained as several branches is one."""

    def __init__(self, scale: int, *, width: int, centred: bool = True):
        """centred: whether colours are taken relative to those of DIV2K, and in grey levels."""
        super().__init__()
        self.scale, self.centred = scale, centred
        self.conv_1 = nn.Conv2d(3, width, 3, padding=1)
        for number in range(1, 7):
            setattr(self, f"block_{number}", AttentionBlock(width))
        self.conv_cat = nn.Conv2d(4 * width, width, 1)
        self.conv_2 = nn.Conv2d(width, width, 3, padding=1)
        self.upsampler = nn.Sequential(nn.Conv2d(width, 3 * scale**2, 3, padding=1), nn.PixelShuffle(scale))
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def radius(self) -> int:
        """How far a pixel looks, px of the small picture."""
        return 3 * 6 + 3

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 3, H, W) in [0, 1]. Returns (N, 3, sH, sW), nominally in [0, 1]."""
        x = x.contiguous(memory_format=torch.channels_last)
        start = y = self.conv_1((x - x.new_tensor(MEAN).reshape(1, 3, 1, 1)) * 255 if self.centred else x)
        kept = []
        for number in range(1, 7):
            y, first = getattr(self, f"block_{number}")(y)
            kept.append((y, first))
        y = self.conv_cat(torch.cat([start, self.conv_2(y), kept[0][0], kept[5][1]], dim=1))
        with torch.autocast(x.device.type, enabled=False):  # the only layer whose rounding would be seen
            drawn: Tensor = self.upsampler(y.to(self.conv_cat.weight.dtype))
        return drawn
