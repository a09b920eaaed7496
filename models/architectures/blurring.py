"""Layers that halve and double the sides of feature maps without aliasing (Zhang, "Making Convolutional Networks
Shift-Invariant Again", 2019), as CUT's generators have them: their filters are saved with the weights."""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, pad


def binomial(taps: int, features: int) -> Tensor:
    """The square of a row of Pascal's triangle, of sum 1, for each feature map: (features, 1, taps, taps)."""
    row = torch.tensor({3: [1.0, 2.0, 1.0], 4: [1.0, 3.0, 3.0, 1.0]}[taps])
    square = row[:, None] * row
    return (square / square.sum()).repeat(features, 1, 1, 1)


class BlurredHalving(nn.Module):
    """Blurs with three taps, reflecting at the border, and keeps every second pixel."""

    filt: Tensor

    def __init__(self, features: int):
        super().__init__()
        self.register_buffer("filt", binomial(3, features))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, ⌈H/2⌉, ⌈W/2⌉)."""
        return conv2d(pad(x, (1, 1, 1, 1), mode="reflect"), self.filt, stride=2, groups=x.shape[1])


class BlurredDoubling(nn.Module):
    """Doubles the sides with four taps, repeating the border."""

    filt: Tensor

    def __init__(self, features: int):
        super().__init__()
        self.register_buffer("filt", binomial(4, features) * 4)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, 2H, 2W)."""
        padded = pad(x, (1, 1, 1, 1), mode="replicate")
        return conv_transpose2d(padded, self.filt, stride=2, padding=2, groups=x.shape[1])[:, :, 1:-1, 1:-1]
