"""Brings the pictures of a finished generator closer to its training pictures, taken all together: `python -m trainer
moments weights/NAME --data …`.

A discriminator sees pictures one by one, and hardly notices that too few of the faces are old. Here the mean and the
covariance of pretrained features over many generated pictures are brought to those of photographs: moment matching (Li,
Swersky, Zemel, "Generative Moment Matching Networks", 2015), with features as in dos Santos et al., "Learning Implicit
Generative Models by Matching Perceptual Features", 2019. Only a linear map of the latents and the batch norms' gains
and biases learn. So a latent keeps its face, and sliders and encoders that were trained before keep their meaning.

It needs thousands of pictures. With the 607 of portraits-128, the share of portraits that are unusually near to one of
the training rose from 4.0 to 5.5 %, and no distance to held-out pictures fell by it but that in `faces-features-64`.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from metrics.fidelity import covariance_distance
from models import load
from models.architectures.fastgan import DrawingForm, FastGANGenerator
from models.errors import InvalidInput
from models.faces.attributes import NETWORK
from models.features import FeatureNetwork
from models.loading import read
from models.pixels import to_network
from trainer.average import average_of, update_average
from trainer.cards import MACHINE
from trainer.export import command_of, describe, refresh_files, storage_of, write_tensors
from trainer.pretrained.lite0 import Lite0, lite0
from trainer.rates import decayed, set_rate
from trainer.runs import describe_environment, randomness_at, write_text
from trainer.settings import REQUIRED, setting
from trainer.splits import pictures_of

RECORD = "moments.json"  # the settings, beside training.json
FIGURES = "## Figures\n"
LARGEST_NUMBER = 4_000  # training pictures of which mean and covariance are taken, with as many mirror images
BATCH = 32  # pictures at a time where nothing is learned
RIDGE = 0.01  # of the mean variance, added to covariances before they are inverted
RENEWED = 4  # steps between two computations of the transport map
SECTION = (
    """\
## Moments
Finished by matching moments: a linear map of the latents and the gains and biases of the batch norms were trained on,
until mean and covariance of the features of generated pictures came near those of {real:,} training pictures and their
mirror images. Features: EfficientNet-Lite0's third map in quarters of the picture and its last one, and what the
convolutions of `{reader}` see. Fréchet distances in these three, as parts of the training pictures' variance, over the
first {window} pictures that were drawn: {before}; over the last: {after}.

| | |
|---|---|
| command | `{command}` |
| seed | {seed} |
| length | {steps:,} steps, {images:,} pictures drawn |
| time | {minutes:.0f} minutes, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`.

"""
)


@dataclass(frozen=True)
class MomentsTraining:
    """Settings of one matching of moments."""

    network: Path = setting(REQUIRED, "weights folder of a finished FastGAN generator, weights/NAME", first=True)
    data: Path = setting(REQUIRED, "folder or zip archive of the pictures it was trained on")
    more_data: str = setting("", "further folders or archives, with commas between them")
    reader: str = setting(NETWORK, "network that reads faces, whose features are compared, too: name or folder")
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(8_000, "length, in pictures drawn", least=1)
    batch: int = setting(16, "pictures per step", least=2)
    window: int = setting(768, "latest pictures over which mean and covariance are taken", least=8)
    components: int = setting(48, "principal components of the features whose covariance counts", least=1, most=128)
    learning_rate: float = setting(2e-4, "of Adam, the linear map; half of it the batch norms", least=0)
    decay: float = setting(0.5, "last share over which the learning rate falls to 0", least=0, most=1)
    half_life: float = setting(200, "of the moving average of what is learned, in pictures", least=0)
    skip_unreadable: bool = setting(False, "go on without pictures that cannot be read, and list them")
    validation: int = setting(1_000, "pictures held out of each archive", least=0)
    hold_out: Literal["last", "spread"] = setting("last", "spread: every so many pictures, if their order tells")


class Adjustment(nn.Module):
    """A gain and a shift for each channel, after a convolution that the batch norm is folded into."""

    def __init__(self, channels: int):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels, 1, 1))
        self.shift = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, H, W), the same shape."""
        return x * self.gain + self.shift


class Learned(nn.Module):
    """All that learns: a linear map of the latents (a 1x1 convolution, which changes nothing at first) and an
    adjustment for each batch norm of the generator, in their order."""

    def __init__(self, latent_size: int):
        super().__init__()
        self.latent_map = nn.Conv2d(latent_size, latent_size, 1, bias=False)
        nn.init.dirac_(self.latent_map.weight)
        self.adjustments = nn.ModuleList()


def adjustable(generator: FastGANGenerator) -> tuple[DrawingForm, Learned]:
    """The generator in the form that draws fastest, with what learns set in."""
    form, learned = DrawingForm(generator, torch.float32), Learned(generator.config.latent_size)

    def adjusted(layers: nn.Module) -> list[nn.Module]:
        result: list[nn.Module] = []
        for layer in layers.children():
            result.append(layer)
            if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
                learned.adjustments.append(Adjustment(layer.out_channels))
                result.append(learned.adjustments[-1])
        return result

    form.first = nn.Sequential(learned.latent_map, *adjusted(form.first))
    form.blocks = nn.ModuleList(nn.Sequential(*adjusted(block)) for block in form.blocks)
    return form, learned


@torch.no_grad()
def adjust(generator: FastGANGenerator, learned: Learned) -> None:
    """Takes what was learned into the generator's own weights."""
    kernel = generator.first[0].weight  # (latent_size, channels, 4, 4)
    assert isinstance(kernel, nn.Parameter)
    kernel.copy_(torch.einsum("ochw,ol->lchw", kernel, learned.latent_map.weight[:, :, 0, 0]))
    norms = [layer for layer in generator.modules() if isinstance(layer, nn.BatchNorm2d)]
    for norm, adjustment in zip(norms, learned.adjustments, strict=True):
        assert isinstance(adjustment, Adjustment)
        gain, shift = adjustment.gain.flatten(), adjustment.shift.flatten()
        norm.weight.mul_(gain)
        norm.bias.mul_(gain).add_(shift)


@dataclass(frozen=True)
class Moments:
    """Of features of photographs."""

    mean: Tensor  # (F,)
    basis: Tensor  # (F, k), the first principal components
    covariance: Tensor  # (k, k), of what lies in them, float64
    variance: float  # of all features together


def moments_of(features: Tensor, components: int) -> Moments:
    """Mean and covariance of features (N, F)."""
    covariance = torch.cov(features.double().T)
    basis = torch.linalg.eigh(covariance).eigenvectors[:, -components:]
    return Moments(features.mean(0), basis.float(), basis.T @ covariance @ basis, float(covariance.trace()))


def root(matrix: Tensor) -> Tensor:
    """The square root of a symmetric matrix without negative eigenvalues."""
    values, vectors = torch.linalg.eigh(matrix)
    result: Tensor = vectors * values.clamp(min=0).sqrt() @ vectors.T
    return result


def transport(covariance: Tensor, wanted: Tensor) -> Tensor:
    """The linear map that gives points of one covariance another one and moves them least: the optimal transport of
    Gaussians (Peyré, Cuturi, "Computational Optimal Transport", 2019, remark 2.31).

    Args:
        covariance, wanted: (k, k), float64.

    Returns:
        (k, k), symmetric.
    """
    ridge = RIDGE * wanted.diagonal().mean() * torch.eye(len(wanted), dtype=wanted.dtype)
    half = root(covariance + ridge)
    inverse = torch.linalg.inv(half)
    result: Tensor = inverse @ root(half @ (wanted + ridge) @ half) @ inverse
    return result


def distance(drawn: Tensor, real: Moments) -> float:
    """The Fréchet distance of features (N, F) to moments, as a part of the variance of the latter."""
    covariance = torch.cov((drawn.double() @ real.basis.double()).T)
    shift = float((drawn.mean(0) - real.mean).square().sum())
    return (shift + covariance_distance(real.covariance.numpy(), covariance.numpy())) / real.variance


class Window:
    """Features of the latest pictures, and where they have to go."""

    def __init__(self, features: Tensor, real: Moments):
        """features: (N, F), of the pictures before the first step."""
        self.features, self.real, self.next = features.clone(), real, 0
        self.renew()

    def add(self, features: Tensor) -> None:
        """Takes in a batch (n, F) for the oldest ones."""
        places = (self.next + torch.arange(len(features))) % len(self.features)
        self.features[places] = features.detach()
        self.next += len(features)

    def renew(self) -> None:
        """Computes the transport map anew."""
        part = (self.features @ self.real.basis).double()
        self.centre = part.mean(0).float()
        self.map = transport(torch.cov(part.T), self.real.covariance).float()

    def loss(self, features: Tensor) -> Tensor:
        """A scalar whose gradient is that of the Fréchet distance with respect to these features (n, F): the mean is
        pulled to the mean of photographs, and each picture to where the transport map takes it."""
        apart = self.features.mean(0) - self.real.mean
        part = features @ self.real.basis
        wanted = self.centre + (part.detach() - self.centre) @ self.map
        return ((2 * features @ apart).mean() + (part - wanted).square().sum(1).mean()) / self.real.variance


def features_of(pretrained: Lite0, reader: FeatureNetwork, x: Tensor) -> list[Tensor]:
    """What is compared of pictures (N, 1 or 3, H, W) in [-1, 1]: what Lite0 sees in each quarter of the picture, (N,
    448), and in all of it, (N, 320), and what the reader's convolutions see, (N, 16 width)."""
    colour = x.expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
    *_, middle, last = pretrained(colour)
    return [functional.adaptive_avg_pool2d(middle, 2).flatten(1), last.mean((2, 3)), reader.convolved(x)]


def train(settings: MomentsTraining) -> Path:
    """Changes the generator in a weights folder, and says so in its card.

    Returns:
        the weights folder.

    Raises:
        NetworkUnavailable, UnusableData.
        InvalidInput: no FastGAN generator, or one that this was done to.
    """
    folder, generator = settings.network, read(settings.network)
    if not isinstance(generator, FastGANGenerator):
        raise InvalidInput(
            f"{folder} holds a {generator.config.family}; give the folder of a FastGAN generator: trainer gan "
            "--generator fastgan writes such ones."
        )
    if (folder / RECORD).exists():
        raise InvalidInput(f"The moments of {folder} were matched before, see its {RECORD}; train the network anew.")
    reader = load(settings.reader)
    if not isinstance(reader, FeatureNetwork):
        raise InvalidInput(f"{settings.reader} reads no features of pictures; leave out --reader.")
    config = generator.config
    training, _ = pictures_of(settings, config, least=settings.batch)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    pretrained = lite0()
    for network in (generator, pretrained, reader):
        network.to(device).eval().requires_grad_(False)
    started = time.monotonic()

    training = np.random.default_rng(settings.seed).permutation(training)[:LARGEST_NUMBER]
    both = to_network(np.concatenate([training, training[:, :, ::-1]]))  # (2 N, C, H, W)
    with torch.no_grad():
        real = [features_of(pretrained, reader, x.to(device)) for x in tqdm(both.split(BATCH), "photographs")]
    moments = [moments_of(torch.cat(parts).cpu(), settings.components) for parts in zip(*real, strict=True)]

    form, learned = adjustable(generator)
    form.to(device)
    average = average_of(learned)
    map_optimiser = torch.optim.Adam(learned.latent_map.parameters(), betas=(0.5, 0.99))
    norm_optimiser = torch.optim.Adam(learned.adjustments.parameters(), betas=(0.5, 0.99))

    def drawn(count: int, step: int) -> list[Tensor]:
        z = torch.randn(count, config.latent_size, generator=randomness_at(settings.seed, step))
        return [part.cpu() for part in features_of(pretrained, reader, form(z.to(device)))]

    steps = -(-settings.images // settings.batch)
    with torch.no_grad():
        first = [drawn(settings.batch, steps + n) for n in range(-(-settings.window // settings.batch))]
    windows = [Window(torch.cat(parts), known) for parts, known in zip(zip(*first, strict=True), moments, strict=True)]
    before = [distance(window.features, window.real) for window in windows]
    progress = tqdm(range(steps), unit=" steps", dynamic_ncols=True)
    for step in progress:
        share = decayed(step / steps, settings.decay)
        set_rate(map_optimiser, settings.learning_rate * share)
        set_rate(norm_optimiser, settings.learning_rate / 2 * share)
        features = drawn(settings.batch, step)
        loss = torch.stack([window.loss(part) for window, part in zip(windows, features, strict=True)]).sum()
        map_optimiser.zero_grad()
        norm_optimiser.zero_grad()
        loss.backward()
        map_optimiser.step()
        norm_optimiser.step()
        images = (step + 1) * settings.batch
        update_average(average, learned, batch=settings.batch, seen=images, half_life=settings.half_life)
        for window, part in zip(windows, features, strict=True):
            window.add(part)
            if step % RENEWED == 0:
                window.renew()
        if step % 20 == 0:
            progress.set_postfix_str(
                "distances " + ", ".join(f"{distance(window.features, window.real):.4f}" for window in windows)
            )
    after = [distance(window.features, window.real) for window in windows]
    adjust(generator.cpu(), average.cpu())

    write_tensors(generator, folder / "model.safetensors", storage_of(folder))
    write_text(folder / RECORD, json.dumps(describe(settings), indent=2) + "\n")
    environment = describe_environment("fp32")
    text = SECTION.format(
        real=len(training),
        reader=settings.reader,
        window=settings.window,
        before=figures(before),
        after=figures(after),
        command=command_of(settings, "moments"),
        seed=settings.seed,
        steps=steps,
        images=steps * settings.batch,
        minutes=(time.monotonic() - started) / 60,
        **{name: environment[name] for name in ("device", "threads", "precision", "python")},
        packages=", ".join(f"{package} {version}" for package, version in environment["packages"].items()),
        settings=json.dumps(describe(settings)),
    )
    card = folder / "README.md"
    head, mark, tail = (card.read_text(encoding="utf-8") if card.is_file() else "").partition(FIGURES)
    write_text(card, f"{head}{text}{mark}{tail}")
    refresh_files(folder)
    print(f"Fréchet distances: {figures(before)} before, {figures(after)} now")
    return folder


def figures(distances: list[float]) -> str:
    """Distances in the three kinds of features."""
    return " / ".join(f"{number:.3f}" for number in distances)
