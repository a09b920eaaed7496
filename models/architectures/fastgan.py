"""The generator of FastGAN: few layers, sharp pictures after little training.

Liu, Zhu, Song, Elgammal, "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image Synthesis", 2021,
in its light form as used by Sauer, Chitta, Müller, Geiger, "Projected GANs Converge Faster", 2021: nearest-neighbour
enlargement and a 3x3 convolution per doubling, gated linear units, and skip-layer excitation, by which a small feature
map scales the channels of a large one.
"""

import copy
import math
import weakref
from dataclasses import dataclass

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_weights

from models.errors import InvalidInput
from models.precision import supports_bfloat16
from models.quantization import Network

SMALLEST = 4  # px, side of the first feature map
LEAST_CHANNELS = 2  # feature maps of a layer
QUADRATURE = 32  # points of Gauss and Hermite's rule; twice as many change the mean by less than 1e-5
EXCITED = 16  # from the feature map of one side to that of 16 times the side, as in FastGAN's figure 3


@dataclass(frozen=True)
class FastGANConfig:
    """Architecture of a FastGAN generator."""

    family: str = "fastgan-generator"
    resolution: int = 128  # px, side of the square picture: 64, 128 or 256
    channels: int = 3  # 1 grey, 3 RGB
    latent_size: int = 128  # numbers in z, drawn from N(0, 1)
    widths: str = "256,256,256,128,64,32"  # feature maps at 4, 8, 16, ... px
    second: str = "8,16,32,64"  # sides, px, at which a second convolution follows

    def __post_init__(self) -> None:
        if self.resolution not in (64, 128, 256):
            raise InvalidInput(f"The resolution is {self.resolution} px; 64, 128 and 256 are accepted.")
        if self.channels not in (1, 3):
            raise InvalidInput(f"The pictures have {self.channels} channels; 1 (grey) and 3 (colour) are accepted.")
        if self.latent_size < 1:
            raise InvalidInput(f"The latent has {self.latent_size} numbers; it needs at least 1.")
        widths, sides = numbers_of(self.widths, "widths"), self.sides
        if len(widths) != len(sides) or min(widths) < LEAST_CHANNELS:
            raise InvalidInput(
                f"The widths are {self.widths}; a {self.resolution} px network has {len(sides)}, each at least "
                f"{LEAST_CHANNELS}."
            )
        if not set(numbers_of(self.second, "second")) <= set(sides[1:]):
            raise InvalidInput(f"A second convolution is asked for at {self.second} px; sides are {sides[1:]}.")

    @property
    def sides(self) -> list[int]:
        """The sides of the feature maps, px: 4, 8, ... up to the resolution."""
        return [SMALLEST << n for n in range((self.resolution // SMALLEST).bit_length())]


def numbers_of(text: str, name: str) -> list[int]:
    """ "8,16" → [8, 16]; "" → []. Raises InvalidInput."""
    try:
        return [int(word) for word in text.split(",") if word]
    except (ValueError, AttributeError):
        raise InvalidInput(f"The {name} are {text!r}; whole numbers with commas between them are expected.") from None


class UpsampledConvolution(nn.Module):
    """Nearest-neighbour enlargement by 2 and a 3x3 convolution without bias, as one transposed convolution.

    Every second row of the enlarged map is a copy, so that two taps of the kernel meet the same number and can be
    added beforehand: four taps over the small map in place of nine over the large one, and the same result.
    """

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, 3, 3))
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)  # as nn.Conv2d
        taps = torch.tensor([[0.0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]])  # (4, 3)
        self.register_buffer("taps", taps, persistent=False)
        self.taps: Tensor

    def kernel(self) -> Tensor:
        """The kernel of the transposed convolution with stride 2 and padding 1: (inputs, outputs, 4, 4)."""
        return torch.einsum("ar,oirs,bs->ioab", self.taps, self.weight, self.taps)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, 2H, 2W)."""
        return functional.conv_transpose2d(x, self.kernel(), stride=2, padding=1)


def convolution(inputs: int, outputs: int) -> nn.Conv2d:
    """3x3, without bias."""
    return nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)


class Excitation(nn.Module):
    """Skip-layer excitation (FastGAN, section 3.1): a small feature map → a factor in (0, 1) for each channel of a
    large one."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.AdaptiveAvgPool2d(SMALLEST),
            nn.Conv2d(inputs, outputs, SMALLEST),
            nn.SiLU(),
            nn.Conv2d(outputs, outputs, 1),
            nn.Sigmoid(),
        )

    def forward(self, small: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, 1, 1)."""
        factors: Tensor = self.layers(small)
        return factors


class FastGANGenerator(Network, PyTorchModelHubMixin, library_name="latent-lab", tags=["gan", "image-generation"]):
    """z → picture."""

    def __init__(self, config: FastGANConfig):
        super().__init__()
        self.config = config
        widths, second = numbers_of(config.widths, "widths"), numbers_of(config.second, "second")
        self.first = nn.Sequential(  # (N, latent_size, 1, 1) → (N, 2w, 4, 4); GLU halves the channels
            nn.ConvTranspose2d(config.latent_size, 2 * widths[0], SMALLEST),
            nn.BatchNorm2d(2 * widths[0]),
        )
        self.blocks = nn.ModuleList()
        self.excitations = nn.ModuleDict()
        for number, side in enumerate(config.sides[1:], start=1):
            before, width = widths[number - 1], widths[number]
            layers = [UpsampledConvolution(before, 2 * width), nn.BatchNorm2d(2 * width), nn.GLU(1)]
            if side in second:
                layers += [convolution(width, 2 * width), nn.BatchNorm2d(2 * width), nn.GLU(1)]
            self.blocks.append(nn.Sequential(*layers))
            if side // EXCITED >= SMALLEST:
                source = config.sides.index(side // EXCITED)
                self.excitations[str(side)] = Excitation(widths[source], width)
        self.to_picture = nn.Conv2d(widths[-1], config.channels, 3, padding=1)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, z: Tensor, truncation: float = 1.0) -> Tensor:
        """Draws.

        Args:
            z: (N, latent_size), nominally N(0, 1); only its direction counts, as in StyleGAN's mapping network.
            truncation: 0 (all alike) to 1 (full variety): the first feature map is pulled to its mean, see
                models.gan.Generator.

        Returns:
            (N, channels, resolution, resolution) in [-1, 1].
        """
        x = self.start(z)  # (N, w, 4, 4)
        if truncation < 1:
            x = torch.lerp(self.centre().to(x.dtype), x, truncation)
        return self.finish(x)

    def start(self, z: Tensor) -> Tensor:
        """z → the first feature map (N, w, 4, 4)."""
        unit = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        return functional.glu(self.first(unit[:, :, None, None]), 1)

    def finish(self, x: Tensor) -> Tensor:
        """The first feature map (N, w, 4, 4) → pictures (N, channels, resolution, resolution)."""
        maps = {SMALLEST: x}
        for side, block in zip(self.config.sides[1:], self.blocks, strict=True):
            x = block(x)
            if str(side) in self.excitations:
                x = x * self.excitations[str(side)](maps[side // EXCITED])
            maps[side] = x
        return torch.tanh(self.to_picture(x))

    @torch.no_grad()
    def centre(self) -> Tensor:
        """The mean first feature map over z ~ N(0, 1), in evaluation mode: (w, 4, 4).

        What enters a gated linear unit is Gaussian but for the length of z, which `start` takes away: a value a and
        its gate b, with means and covariances that follow from the weights. By Stein's lemma
        E a σ(b) = E a E σ(b) + cov(a, b) E σ'(b), and the rule of Gauss and Hermite gives both means of b.
        """
        convolution = folded(self.first)[0]
        assert isinstance(convolution, nn.ConvTranspose2d) and convolution.bias is not None
        value, gate = convolution.weight.double().chunk(2, 1)  # (latent_size, w, 4, 4) each
        mean, gate_mean = convolution.bias.double()[:, None, None].chunk(2)  # (w, 1, 1)
        points, weights = (torch.from_numpy(part).to(value) for part in np.polynomial.hermite_e.hermegauss(QUADRATURE))
        gates = torch.sigmoid(gate_mean[..., None] + gate.square().sum(0).sqrt()[..., None] * points)  # (w, 4, 4, Q)
        weights = weights / math.sqrt(2 * math.pi)
        centre: Tensor = mean * (gates @ weights) + (value * gate).sum(0) * ((gates * (1 - gates)) @ weights)
        return centre.to(convolution.weight.dtype)


class DrawingForm(FastGANGenerator):
    """A generator as it draws fastest: batch norms folded into the convolutions before them, kernels of enlargements
    made once. Draws the same pictures within rounding."""

    def __init__(self, network: FastGANGenerator, number_type: torch.dtype):
        nn.Module.__init__(self)
        self.config = network.config
        self.first = folded(network.first)
        self.blocks = nn.ModuleList(folded(block) for block in network.blocks)
        self.excitations = copy.deepcopy(network.excitations)
        self.to_picture = copy.deepcopy(network.to_picture)
        self.mean = network.centre()  # (w, 4, 4)
        self.eval().requires_grad_(False).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.to(number_type)

    def centre(self) -> Tensor:
        """As of the generator, computed once."""
        return self.mean

    def forward(self, z: Tensor, truncation: float = 1.0) -> Tensor:
        """As of the generator; z is float32."""
        return super().forward(z.to(self.to_picture.weight.dtype), truncation)


def folded(layers: nn.Module) -> nn.Sequential:
    """A sequence of layers in evaluation mode without its batch norms."""
    result: list[nn.Module] = []
    for layer in layers.children():
        if not isinstance(layer, nn.BatchNorm2d):
            result.append(with_kernel(layer) if isinstance(layer, UpsampledConvolution) else copy.deepcopy(layer))
            continue
        before = result[-1]
        assert isinstance(before, (nn.Conv2d, nn.ConvTranspose2d))
        assert layer.running_mean is not None and layer.running_var is not None
        before.weight, before.bias = fuse_conv_bn_weights(
            before.weight,
            before.bias,
            layer.running_mean,
            layer.running_var,
            layer.eps,
            layer.weight,
            layer.bias,
            transpose=isinstance(before, nn.ConvTranspose2d),
        )
    return nn.Sequential(*result)


def with_kernel(layer: UpsampledConvolution) -> nn.ConvTranspose2d:
    """The transposed convolution that an enlargement with a convolution is."""
    outputs, inputs = layer.weight.shape[:2]
    result = nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=False, device=layer.weight.device)
    result.weight = nn.Parameter(layer.kernel().detach())
    return result


forms: weakref.WeakKeyDictionary[FastGANGenerator, tuple[int, DrawingForm]] = weakref.WeakKeyDictionary()


def drawing_form(network: FastGANGenerator) -> DrawingForm:
    """The drawing form of a network in evaluation mode, in bfloat16 where its device multiplies that; made anew when
    the weights have changed."""
    version = sum(tensor._version for tensor in (*network.parameters(), *network.buffers()))
    kept = forms.get(network)
    if kept is None or kept[0] != version:
        with torch.inference_mode(False), torch.no_grad():
            fast = supports_bfloat16(next(network.parameters()).device)
            kept = version, DrawingForm(network, torch.bfloat16 if fast else torch.float32)
        forms[network] = kept
    return kept[1]
