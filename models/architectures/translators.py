"""The networks of picture-to-picture translation: a light generator of ours, and those of CycleGAN and pix2pix.

Isola, Zhu, Zhou, Efros, "Image-to-Image Translation with Conditional Adversarial Networks", 2017; Zhu, Park, Isola,
Efros, "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", 2017. Those of the papers have
the tensor names of their authors' code, so that published checkpoints load; the light one is made for two CPU cores.
"""

import itertools

import torch
from torch import Tensor, nn

from models.architectures.blurring import BlurredDoubling, BlurredHalving

KEEPING = 2.0  # bias of the mask: an untrained light generator leaves 88 % of its input as it is


def normalisation(kind: str, features: int) -> nn.Module:
    """A layer of the reference code: "instance" has no parameters; "batch" always uses the statistics of the batch, so
    that a picture alone is normalised by itself, as pix2pix does it (2017, section 3.3); "none" does nothing."""
    if kind == "none":
        return nn.Identity()
    return nn.InstanceNorm2d(features) if kind == "instance" else nn.BatchNorm2d(features, track_running_stats=False)


class Residual(nn.Module):
    """x + f(x), two convolutions, side kept."""

    def __init__(self, features: int):
        super().__init__()
        self.layers = nn.Sequential(*convolution(features, features), *convolution(features, features)[:-1])

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) → (N, C, H, W)."""
        result: Tensor = x + self.layers(x)
        return result


def convolution(inputs: int, outputs: int, *, stride: int = 1) -> list[nn.Module]:
    """Convolution, instance normalisation with gain and bias, ReLU."""
    return [
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.InstanceNorm2d(outputs, affine=True),
        nn.ReLU(inplace=True),
    ]


class LightGenerator(nn.Module):
    """Works at half the resolution and below; what is left as it is passes by at full resolution.

    With `keeps`, y = m x + (1 - m) tanh(c): the network draws a mask m and new content c. Where m is 1, nothing can
    spill (Mejjati et al., "Unsupervised Attention-guided Image-to-Image Translation", 2018), and colours start as they
    were.
    """

    def __init__(
        self, inputs: int, outputs: int, *, width: int, blocks: int, halvings: int, keeps: bool, noise_size: int
    ):
        super().__init__()
        widths = [width * 2**level for level in range(halvings + 1)]
        self.keeps = keeps
        self.stem = nn.Sequential(
            nn.PixelUnshuffle(2), nn.Conv2d(4 * inputs, width, 3, padding=1), nn.ReLU(inplace=True)
        )  # (N, w, H/2, W/2), not normalised, so that absolute brightness is known
        self.down = nn.ModuleList(
            nn.Sequential(*convolution(above, below, stride=2)) for above, below in itertools.pairwise(widths)
        )
        self.noise = nn.Linear(noise_size, widths[-1]) if noise_size else None
        self.middle = nn.Sequential(*(Residual(widths[-1]) for _ in range(blocks)))
        self.up = nn.ModuleList(
            nn.Sequential(nn.Conv2d(below, 4 * above, 3, padding=1), nn.PixelShuffle(2), nn.ReLU(inplace=True))
            for above, below in reversed(list(itertools.pairwise(widths)))
        )
        self.join = nn.ModuleList(nn.Sequential(*convolution(2 * above, above)) for above in reversed(widths[:-1]))
        self.finish = nn.Sequential(nn.Conv2d(width, 4 * (outputs + keeps), 3, padding=1), nn.PixelShuffle(2))
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def draw(self, x: Tensor, z: Tensor | None = None) -> Tensor:
        """x: (N, inputs, H, W). Returns (N, outputs + keeps, H, W), not yet limited to [-1, 1]."""
        features = [self.stem(x.contiguous(memory_format=torch.channels_last))]  # (N, w, H/2, W/2)
        for layer in self.down:
            features.append(layer(features[-1]))
        below = features.pop()
        if self.noise is not None:
            z = torch.zeros(len(x), self.noise.in_features, device=x.device) if z is None else z
            below = below + self.noise(z)[:, :, None, None]
        below = self.middle(below)
        for up, join in zip(self.up, self.join, strict=True):
            below = join(torch.cat([up(below), features.pop()], dim=1))
        drawn: Tensor = self.finish(below)
        return drawn

    def forward(self, x: Tensor, z: Tensor | None = None) -> Tensor:
        """x: (N, inputs, H, W), sides multiples of 2 ** (halvings + 1); z: (N, noise_size), 0 if None.

        Returns (N, outputs, H, W) in [-1, 1].
        """
        drawn = self.draw(x, z)
        if not self.keeps:
            return torch.tanh(drawn)
        mask = torch.sigmoid(drawn[:, -1:].float() + KEEPING)
        return mask * x + (1 - mask) * torch.tanh(drawn[:, :-1].float())


class Mapper(LightGenerator):
    """A light generator whose outputs are logits of classes: photograph → map of labels."""

    def forward(self, x: Tensor, z: Tensor | None = None) -> Tensor:
        """x: (N, C, H, W) in [-1, 1]. Returns logits (N, K, H, W)."""
        return self.draw(x, z)


class ResNetBlock(nn.Module):
    """One residual block of the reference, its layers named `conv_block.N`."""

    def __init__(self, features: int, norm: str):
        super().__init__()
        bias = norm == "instance"
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(features, features, 3, bias=bias),
            normalisation(norm, features),
            nn.ReLU(inplace=True),
            nn.ReflectionPad2d(1),
            nn.Conv2d(features, features, 3, bias=bias),
            normalisation(norm, features),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) → (N, C, H, W)."""
        result: Tensor = x + self.conv_block(x)
        return result


class ResNetGenerator(nn.Module):
    """The generator of CycleGAN (2017, appendix 7.2): c7s1-64, d128, d256, R256 × 6 or 9, u128, u64, c7s1-3; and two
    others that part from it in how sides are halved and doubled."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int,
        blocks: int,
        norm: str,
        halving: str = "strided",
        doubling: str = "transposed",
    ):
        """halving: "strided" or, as CUT does it, "blurred". doubling: "transposed", "blurred" or, as HugGAN does it,
        "nearest"."""
        super().__init__()
        w, bias = width, norm == "instance"
        layers: list[nn.Module] = [
            nn.ReflectionPad2d(3),
            nn.Conv2d(inputs, w, 7, bias=bias),
            normalisation(norm, w),
            nn.ReLU(inplace=True),
        ]
        for features in (w, 2 * w):
            stride = 2 if halving == "strided" else 1
            layers += [
                nn.Conv2d(features, 2 * features, 3, stride=stride, padding=1, bias=bias),
                normalisation(norm, 2 * features),
                nn.ReLU(inplace=True),
            ]
            if halving == "blurred":
                layers.append(BlurredHalving(2 * features))
        layers += [ResNetBlock(4 * w, norm) for _ in range(blocks)]
        for features in (4 * w, 2 * w):
            half = features // 2
            if doubling == "transposed":
                layers.append(nn.ConvTranspose2d(features, half, 3, stride=2, padding=1, output_padding=1, bias=bias))
            else:
                layers.append(BlurredDoubling(features) if doubling == "blurred" else nn.Upsample(scale_factor=2))
                layers.append(nn.Conv2d(features, half, 3, padding=1, bias=bias))
            layers += [normalisation(norm, half), nn.ReLU(inplace=True)]
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(w, outputs, 7), nn.Tanh()]
        self.model = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, inputs, H, W) in [-1, 1], sides multiples of 4. Returns (N, outputs, H, W) in [-1, 1]."""
        y: Tensor = self.model(x)
        return y


class UNetLevel(nn.Module):
    """One level of the reference's U-Net: down, what lies below, up, and the input beside the result."""

    def __init__(self, outer: int, inner: int, below: "UNetLevel | None", norm: str, outputs: int = 0, inputs: int = 0):
        super().__init__()
        bias = norm == "instance"
        self.outermost = bool(outputs)
        down = nn.Conv2d(inputs or outer, inner, 4, stride=2, padding=1, bias=bias)
        from_below = inner if below is None else 2 * inner
        if self.outermost:
            assert below is not None
            last = nn.ConvTranspose2d(from_below, outputs, 4, stride=2, padding=1)
            self.model = nn.Sequential(down, below, nn.ReLU(inplace=True), last, nn.Tanh())
            return
        up = nn.ConvTranspose2d(from_below, outer, 4, stride=2, padding=1, bias=bias)
        start: list[nn.Module] = [nn.LeakyReLU(0.2, inplace=True), down]  # in place: what is passed by, too
        if below is not None:
            start += [normalisation(norm, inner), below]
        self.model = nn.Sequential(*start, nn.ReLU(inplace=True), up, normalisation(norm, outer))

    def forward(self, x: Tensor) -> Tensor:
        """(N, outer, H, W) → (N, 2 outer, H, W); the outermost level → (N, outputs, H, W)."""
        y: Tensor = self.model(x)
        return y if self.outermost else torch.cat([x, y], dim=1)


class UNetGenerator(nn.Module):
    """The generator of pix2pix (2017, appendix 6.1): a skip at each of eight halvings, or of seven for sides of 128.
    Its dropout, which stands in for z, is left out: it has no tensors, and one request gives one picture."""

    def __init__(self, inputs: int, outputs: int, *, width: int, halvings: int, norm: str):
        super().__init__()
        w = width
        level = UNetLevel(8 * w, 8 * w, None, norm)
        for outer, inner in (*[(8, 8)] * (halvings - 5), (4, 8), (2, 4), (1, 2)):
            level = UNetLevel(outer * w, inner * w, level, norm)
        self.model = UNetLevel(outputs, w, level, norm, outputs=outputs, inputs=inputs)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, inputs, H, W) in [-1, 1], sides multiples of 2 ** halvings. Returns (N, outputs, H, W) in [-1, 1]."""
        y: Tensor = self.model(x)
        return y


class PatchDiscriminator(nn.Module):
    """Judges every 70 x 70 patch (2017, appendix 6.1.2): C64-C128-C256-C512, named as in the reference."""

    def __init__(self, inputs: int, *, width: int, norm: str = "instance"):
        super().__init__()
        w, bias = width, norm == "instance"
        layers: list[nn.Module] = [nn.Conv2d(inputs, w, 4, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True)]
        for before, after, stride in ((w, 2 * w, 2), (2 * w, 4 * w, 2), (4 * w, 8 * w, 1)):
            layers += [
                nn.Conv2d(before, after, 4, stride=stride, padding=1, bias=bias),
                normalisation(norm, after),
                nn.LeakyReLU(0.2, inplace=True),
            ]
        self.model = nn.Sequential(*layers, nn.Conv2d(self.features(w), 1, 4, padding=1))
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @staticmethod
    def features(width: int) -> int:
        """Feature maps before the last layer."""
        return 8 * width

    def notice(self, x: Tensor) -> Tensor:
        """What the last layer judges by: (N, features, H/8 - 1, W/8 - 1)."""
        features: Tensor = self.model[:-1](x.contiguous(memory_format=torch.channels_last))
        return features

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, inputs, H, W) in [-1, 1], sides at least 24. Returns (N, 1, H/8 - 2, W/8 - 2), larger = more real."""
        return self.judge(self.notice(x))

    def judge(self, features: Tensor) -> Tensor:
        """The last layer alone, on what `notice` returned."""
        logits: Tensor = self.model[-1](features)
        return logits
