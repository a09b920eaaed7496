"""The weights that an upscaler starts from: near the identity, or another upscaler's."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from models.architectures.upscalers import PlainUpscaler
from models.errors import InvalidInput
from models.loading import load
from models.super_resolution import SuperResolution


def add_identity(network: PlainUpscaler) -> None:
    """Lets every convolution of the body start near the identity, as the residuals of SESR do."""
    with torch.no_grad():
        for layer in network.body:
            assert isinstance(layer, nn.Conv2d)
            noise = torch.randn_like(layer.weight) * (0.3 / layer.weight[0].numel() ** 0.5)
            nn.init.dirac_(layer.weight).add_(noise)


@torch.no_grad()
def load_start(folder: Path, network: PlainUpscaler) -> None:
    """Gives a network what another one does, where it is as wide and deep or more (Chen, Goodfellow, Shlens, "Net2Net",
    2016): new feature maps start unread, new layers as the identity; between scales, sub-pixels are averaged.

    Raises:
        NetworkUnavailable: no such folder.
        InvalidInput: not such a network, or a wider or deeper one.
    """
    found = load(folder)
    if not isinstance(found, SuperResolution) or not isinstance(found.upscaler, PlainUpscaler):
        raise InvalidInput(f"{folder} holds no upscaler of ours; give a folder that this command has written.")
    old = found.upscaler
    width = old.first.out_channels
    if width > network.first.out_channels or len(old.body) > len(network.body):
        raise InvalidInput(
            f"{folder} has {width} feature maps and a depth of {len(old.body)}; --features and --depth have to be at "
            "least that."
        )
    ours = dict(network.named_parameters())
    for name, parameter in ours.items():
        if not name.startswith("first."):
            parameter[: parameter.shape[0] if name.startswith("last.") else width] = 0
    for name, parameter in old.named_parameters():
        last = name.startswith("last.")
        given = resample_subpixels(parameter, old.scale, network.scale) if last else parameter
        ours[name][tuple(slice(size) for size in given.shape)] = given
    for number in range(len(old.body), len(network.body)):
        nn.init.dirac_(ours[f"body.{number}.weight"][:width, :width])


def resample_subpixels(weights: Tensor, scale: int, new: int) -> Tensor:
    """The last layer's weights (3 s², …) for another scale: each kernel's grid of s x s sub-pixels, resampled."""
    if scale == new:
        return weights
    grids = weights.reshape(3, scale, scale, -1).permute(0, 3, 1, 2)  # (3, …, s, s)
    resampled = interpolate(grids, size=(new, new), mode="area").permute(0, 2, 3, 1)
    return resampled.reshape(3 * new**2, *weights.shape[1:])
