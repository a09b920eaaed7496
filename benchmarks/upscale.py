"""How fast and how small upscaling is: `python -m benchmarks.upscale`.

256 x 256 to 1024 x 1024 on one thread, bfloat16 and channels-last where the processor multiplies it, against three
published architectures with random weights in the same run: FSRCNN (Dong et al. 2016), PlainUSR-T (Wang et al. 2024),
and IMDN (Hui et al. 2019). Then megapixels a second through `upscale`, and the memory that 24 megapixels take.
"""

import copy
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, pixel_shuffle, sigmoid

from models import load
from models.catalogue import names_of
from models.loading import weights_root
from models.precision import supports_bfloat16
from models.super_resolution import SuperResolution, upscale

SIDE, SCALE = 256, 4
ROUNDS = 40
LARGE = (1000, 1500)  # px, four times each side are 24 million


class FSRCNN(nn.Sequential):
    """d = 56, s = 12, m = 4 (2016, section 3); brightness alone, as its authors run it."""

    def __init__(self) -> None:
        layers: list[nn.Module] = [nn.Conv2d(1, 56, 5, padding=2), nn.PReLU(56), nn.Conv2d(56, 12, 1), nn.PReLU(12)]
        for _ in range(4):
            layers += [nn.Conv2d(12, 12, 3, padding=1), nn.PReLU(12)]
        layers += [nn.Conv2d(12, 56, 1), nn.PReLU(56)]
        super().__init__(*layers, nn.ConvTranspose2d(56, 1, 9, stride=SCALE, padding=4, output_padding=SCALE - 1))


def pair(width: int) -> nn.Sequential:
    """Two convolutions and what is between them, a block of PlainUSR as it runs."""
    return nn.Sequential(
        nn.Conv2d(width, width, 3, padding=1), nn.LeakyReLU(0.05, inplace=True), nn.Conv2d(width, width, 3, padding=1)
    )


class PlainUSRT(nn.Module):
    """PlainUSR's tiny version as it runs: 32 feature maps, 16 in the middle block, which is gated; 60 thousand
    parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Conv2d(3, 35, 3, padding=1)
        self.first, self.middle, self.second = pair(32), pair(16), pair(32)
        self.attention = nn.Conv2d(16, 16, 3, padding=1)
        self.tail = nn.Conv2d(35, 3 * SCALE**2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, 3, H, W) to (N, 3, 4H, 4W)."""
        x = self.head(x)
        x[:, :32] = self.first(x[:, :32])
        y = self.middle(x[:, :16])
        x[:, :16] = y * sigmoid(y[:, :1]) * sigmoid(self.attention(y))
        x[:, :32] = self.second(x[:, :32])
        return pixel_shuffle(self.tail(x), SCALE)


class Distillation(nn.Module):
    """IMDN's block: three times a quarter of the features is set aside; contrast-aware attention at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv2d(inputs, 64, 3, padding=1) for inputs in (64, 48, 48))
        self.last = nn.Conv2d(48, 16, 3, padding=1)
        self.attention = nn.Sequential(nn.Conv2d(64, 4, 1), nn.ReLU(inplace=True), nn.Conv2d(4, 64, 1), nn.Sigmoid())
        self.join = nn.Conv2d(64, 64, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, 64, H, W) to the same shape."""
        aside, y = [], x
        for layer in self.layers:
            kept, y = leaky_relu(layer(y), 0.05).split((16, 48), dim=1)
            aside.append(kept)
        y = torch.cat([*aside, self.last(y)], dim=1)
        contrast = y.std(dim=(2, 3), keepdim=True) + y.mean(dim=(2, 3), keepdim=True)
        joined: Tensor = self.join(y * self.attention(contrast)) + x
        return joined


class IMDN(nn.Module):
    """Six blocks of 64 feature maps, 715 thousand parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Conv2d(3, 64, 3, padding=1)
        self.blocks = nn.ModuleList(Distillation() for _ in range(6))
        self.join = nn.Conv2d(6 * 64, 64, 1)
        self.smooth = nn.Conv2d(64, 64, 3, padding=1)
        self.tail = nn.Conv2d(64, 3 * SCALE**2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, 3, H, W) to (N, 3, 4H, 4W)."""
        start = y = self.head(x)
        results = []
        for block in self.blocks:
            y = block(y)
            results.append(y)
        y = self.smooth(leaky_relu(self.join(torch.cat(results, dim=1)), 0.05)) + start
        return pixel_shuffle(self.tail(y), SCALE)


def alone(network: nn.Module, channels: int, dtype: torch.dtype) -> Callable[[], object]:
    """One run of a network from a tensor to a tensor, without the way from pixels and to pixels."""
    network = copy.deepcopy(network).to(dtype).to(memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    x = torch.rand(1, channels, SIDE, SIDE, dtype=dtype).contiguous(memory_format=torch.channels_last)
    return lambda: network(x)


def offered() -> dict[str, SuperResolution]:
    """The shipped networks that are there."""
    return {name: load(name) for name in names_of("super-resolution") if (weights_root() / name).is_dir()}


def compare() -> None:
    """Prints times of all networks, interleaved, and their ratios to the stand-ins."""
    torch.manual_seed(0)
    dtype = torch.bfloat16 if supports_bfloat16(torch.device("cpu")) else torch.float32
    picture = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    peers = {"FSRCNN": alone(FSRCNN(), 1, dtype), "PlainUSR-T": alone(PlainUSRT(), 3, dtype)}
    peers["IMDN"] = alone(IMDN(), 3, dtype)
    runs = dict(peers)
    runs |= {name: alone(network.upscaler, 3, dtype) for name, network in offered().items()}
    whole = {name: partial(upscale, network, picture, network.config.scale) for name, network in offered().items()}
    runs |= {f"{name}, upscale": run for name, run in whole.items()}
    best = dict.fromkeys(runs, float("inf"))
    with torch.inference_mode():
        for _ in range(ROUNDS):
            for name, run in runs.items():
                started = time.perf_counter()
                run()
                best[name] = min(best[name], time.perf_counter() - started)
    print(
        f"{SIDE} x {SIDE} times 4 (x2: times 2), one thread, {dtype}, best of {ROUNDS}; networks alone, then `upscale`"
    )
    print(f"{'':28}{'ms':>8}" + "".join(f"{'/ ' + name:>14}" for name in peers))
    for name, seconds in best.items():
        print(f"{name:28}{1000 * seconds:8.1f}" + "".join(f"{seconds / best[other]:14.2f}" for other in peers))


def throughput() -> None:
    """Prints megapixels of result a second through `upscale`, beside Pillow's Lanczos."""
    picture = np.random.default_rng(0).integers(0, 256, (512, 512, 3), dtype=np.uint8)
    image = Image.fromarray(picture)

    def speed(work: Callable[[], object], area: float) -> float:
        taken = []
        for _ in range(5):
            started = time.perf_counter()
            work()
            taken.append(time.perf_counter() - started)
        return area / 1e6 / min(taken)

    lanczos = speed(lambda: image.resize((2048, 2048), Image.Resampling.LANCZOS), 2048**2)
    print(f"\nmegapixels of result a second, {torch.get_num_threads()} thread(s), from 512 x 512")
    print(f"{'Pillow, Lanczos x4':22}{lanczos:8.1f}")
    for name, network in offered().items():
        scale = network.config.scale
        found = speed(partial(upscale, network, picture, scale), (512 * scale) ** 2)
        print(f"{name:22}{found:8.1f}   {found / lanczos:.2f} of Lanczos")


def memory() -> None:
    """Prints what 24 megapixels take, in a process of its own."""
    for name in offered():
        subprocess.run([sys.executable, "-m", "benchmarks.upscale", name], check=True)


def large(name: str) -> None:
    """Enlarges to 24 megapixels and prints time and the most memory that this process ever had."""
    network = load(name)
    picture = np.random.default_rng(0).integers(0, 256, (*LARGE, 3), dtype=np.uint8)
    started = time.perf_counter()
    result = upscale(network, picture, SCALE)
    taken = time.perf_counter() - started
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name:22}{result.shape[0] * result.shape[1] / 1e6:.0f} megapixels: {taken:.1f} s, {most:.2f} GB in all")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        large(sys.argv[1])
    else:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        compare()
        torch.set_num_threads(threads)
        throughput()
        print(f"\nmemory, {os.cpu_count()} processors")
        memory()
