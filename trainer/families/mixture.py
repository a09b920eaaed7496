"""Fits a mixture of Gaussians to pictures: `python -m trainer mixture --data celeba64.zip --out weights/NAME`.

Principal components first, then expectation maximisation (Dempster, Laird, Rubin, "Maximum Likelihood from Incomplete
Data via the EM Algorithm", 1977) among them. Every picture counts together with its mirror image.
"""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from data.folders import read_pictures, split
from models.errors import UnusableData
from models.gan import draw, draw_latents
from models.mixture import GREY_LEVEL, MixtureConfig, MixtureOfGaussians, bits_per_dimension
from models.pixels import Pictures, to_network
from trainer.cards import FILES, MACHINE
from trainer.export import export_network
from trainer.history import FRAMES, frame_schedule
from trainer.runs import Position, Run
from trainer.settings import REQUIRED, setting

BATCH = 2_000  # pictures at a time
SHEET_SEED = 1  # of the fixed latents on every sheet
SHEET_COUNT = 64
FRAME_COUNT = 16  # of them in a frame of the history
FLATTEST = 1e-4  # deviation of a principal component over that of the first, below which it is rounding
LEAST_NOISE = GREY_LEVEL / 12**0.5  # what rounding to grey levels alone leaves
CARD = (
    """\
---
library_name: latent-lab
license: other
license_name: see-data-and-terms
pipeline_tag: unconditional-image-generation
tags: [mixture-of-gaussians, eigenfaces, faces]
---
# {name}

{summary}. {mixture_size} Gaussians over {principal} principal components: {size:.2f} million numbers. Tensors are
stored as 16-bit floats and computed with as 32-bit ones, the likelihood with 64-bit ones.

```python
from models import load
from models.gan import generate
from models.mixture import bits_per_dimension, log_likelihood

network = load("{name}")
pictures = generate(network, seed=1, count=16)  # uint8 (16, {resolution}, {resolution}, {channels})
bits = bits_per_dimension(log_likelihood(network, pictures), network.config.dimensions)  # (16,)
```

## Data and terms
Trained on {data}. Terms: {terms}. The people in the training pictures are real and were not asked; the people drawn by
the network do not exist. What is kept of the pictures are means and covariances of hundreds of them together.

## Training
| | |
|---|---|
| command | `{command}` |
| seed | {seed} |
| length | {steps} iterations of expectation maximisation over {training:,} pictures, half of them mirror images |
| held out | {validation:,} pictures, the last by file name |
| time | {minutes:.1f} minutes, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`.

## Figures
{begin}
Not measured yet: `python -m trainer evaluate weights/{name} --data {data_file}`.
{end}

## Limits
- Its faces are blurred, with ghosts of hair and background: sums of {principal} components cannot draw an edge at any
  place it may have. The noise that the density has instead of fine detail is left out of what is drawn.
- The likelihood is that of this density, exactly; it says how well the density predicts pixels, most of which are skin
  and background. It does not say how good the pictures look: one that predicts better may draw worse, and the reverse.
- A high likelihood does not mean a face: even and soft pictures have a higher one than photographs.
- It draws what its data show, with all their gaps. It says nothing about anyone who is not in such pictures, and must
  not be used to identify or judge people.

"""
    + FILES
)


@dataclass(frozen=True)
class MixtureTraining:
    """Settings of one training run."""

    data: Path = setting(REQUIRED, "folder or zip archive of pictures")
    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    run_folder: Path | None = setting(None, "run folder for the log, sheets and frames (default: runs/NAME)")
    seed: int = setting(0, "of all random draws", least=0)
    resolution: int = setting(64, "side of the pictures, px", least=1)
    channels: int = setting(3, "1 for grey, 3 for colour")
    principal: int = setting(400, "principal components", least=1)
    mixture_size: int = setting(8, "Gaussians", least=1)
    prior: float = setting(
        1_000.0, "weight of the covariance of all pictures in that of each Gaussian, in pictures", least=1
    )
    iterations: int = setting(40, "of expectation maximisation", least=1)
    skip_unreadable: bool = setting(False, "go on without pictures that cannot be read, and list them")
    validation: int = setting(1_500, "pictures held out, the last by file name", least=1)


@torch.no_grad()
def train(settings: MixtureTraining) -> Path:
    """Fits a mixture and writes its weights folder.

    Returns:
        the weights folder.

    Raises:
        UnusableData: the pictures do not serve.
        InvalidInput: the settings do not fit together.
    """
    config = MixtureConfig(
        resolution=settings.resolution,
        channels=settings.channels,
        principal=settings.principal,
        mixture_size=settings.mixture_size,
    )
    least = settings.validation + max(settings.principal, settings.mixture_size)
    pictures = read_pictures(
        settings.data,
        resolution=config.resolution,
        channels=config.channels,
        least=least,
        skip_unreadable=settings.skip_unreadable,
    )
    training, held_out = split(pictures, settings.validation)
    training = np.concatenate([training, training[:, :, ::-1]])
    folder = settings.run_folder or Path("runs") / settings.out.name
    run = Run(folder, settings, resume=False, precision="fp64")
    latents = draw_latents(config.latent_size, seed=SHEET_SEED, count=SHEET_COUNT)
    frames = frame_schedule(settings.iterations, FRAMES)

    started = time.monotonic()
    network, exact = MixtureOfGaussians(config).eval(), MixtureOfGaussians(config).double()
    find_components(exact, training, settings.seed)
    seen, unseen = split_all(exact, training), split_all(exact, held_out)  # components (N, K), rests (N,)
    shares = first_shares(exact, seen[0], settings.seed)  # (N, M)
    progress = tqdm(range(1, settings.iterations + 1), unit=" iterations", dynamic_ncols=True)
    for step in progress:
        maximise(exact, *seen, shares, prior=settings.prior)
        logs = {"training_loss": log_densities(exact, *seen), "held_out_loss": log_densities(exact, *unseen)}  # (N, M)
        shares = logs["training_loss"].softmax(1)
        position = Position(step, step * len(training), time.monotonic() - started)
        figures = {
            name: float(bits_per_dimension(each.logsumexp(1).numpy(), config.dimensions).mean())
            for name, each in logs.items()
        }
        run.log(position, figures)
        progress.set_postfix({name: f"{figure:.4f}" for name, figure in figures.items()})
        network.load_state_dict(exact.state_dict())
        if step in frames:
            run.frame(position, draw(network, latents[:FRAME_COUNT]))
    run.sheet(position, draw(network, latents))
    run.close()
    export_network(
        settings,
        folder,
        position,
        family="mixture",
        network=network,
        template=CARD,
        training=len(training),
        principal=config.principal,
        mixture_size=config.mixture_size,
        resolution=config.resolution,
        channels=config.channels,
        minutes=position.seconds / 60,
        data_file=settings.data.name,
    )
    return settings.out


def find_components(network: MixtureOfGaussians, pictures: Pictures, seed: int) -> None:
    """Sets a network's average and basis to the mean and the first principal components of pictures (N, H, W, C), which
    come with their mirror images.

    Raises:
        UnusableData: they vary in fewer ways.
    """
    from sklearn.utils.extmath import randomized_svd  # loaded here, since every other command would wait for it

    count = network.config.principal
    x = to_network(pictures)  # (N, C, H, W)
    average = x.mean(0)
    left, right = (x - average).chunk(2, dim=3)
    halves, parities = [], []
    for parity in (1.0, -1.0):  # what is the same in a picture and its mirror image, and what changes its sign
        points = (left + parity * right.flip(3)).flatten(1).numpy() / 2  # (N, D / 2)
        _, sizes, directions = randomized_svd(points, min(count, *points.shape), random_state=seed)
        halves.append(directions * sizes[:, None] / len(points) ** 0.5)
        parities += [parity] * len(halves[-1])
    found = np.concatenate(halves)  # (2 K, D / 2), a standard deviation of each
    deviations = np.linalg.norm(found, axis=1)
    order = np.argsort(-deviations, kind="stable")[:count]
    if not deviations[order[-1]] > FLATTEST * deviations[order[0]]:
        raise UnusableData(f"The pictures do not vary in {count} ways; add pictures or ask for fewer --principal.")
    network.average.copy_(average)
    network.halves.copy_(torch.from_numpy(found[order]).view(network.halves.shape))
    network.parities.copy_(torch.tensor(parities)[order])


def split_all(network: MixtureOfGaussians, pictures: Pictures) -> tuple[Tensor, Tensor]:
    """`MixtureOfGaussians.split` for any number of pictures uint8 (N, H, W, C): (N, K) and (N,)."""
    parts = np.array_split(pictures, -(-len(pictures) // BATCH))
    components, rests = zip(*(network.split(to_network(part).to(network.average)) for part in parts), strict=True)
    return torch.cat(components), torch.cat(rests)


def log_densities(network: MixtureOfGaussians, components: Tensor, rests: Tensor) -> Tensor:
    """`MixtureOfGaussians.log_densities` for any number of pictures: (N, M)."""
    parts = zip(components.split(BATCH), rests.split(BATCH), strict=True)
    return torch.cat([network.log_densities(*part) for part in parts])


def first_shares(network: MixtureOfGaussians, components: Tensor, seed: int) -> Tensor:
    """How much of each picture each Gaussian answers for at first, 0 or 1: (N, M), from k-means among the components in
    the unit of pixels. The clusters come in the order of the first component, so that neighbours in number are alike
    in what varies most."""
    from sklearn.cluster import KMeans

    points = components * network.basis().norm(dim=1)  # (N, K)
    clusters = KMeans(network.config.mixture_size, n_init=1, random_state=seed).fit(points.numpy())
    order = clusters.cluster_centers_[:, 0].argsort()  # (M,)
    return torch.from_numpy(clusters.labels_[:, None] == order).to(components)


def maximise(network: MixtureOfGaussians, components: Tensor, rests: Tensor, shares: Tensor, *, prior: float) -> None:
    """The M step: sets every Gaussian to the moments of the pictures it answers for.

    The covariances are the most probable ones under an inverse Wishart prior with its mode at the covariance of all
    pictures, which is I (Fraley, Raftery, "Bayesian Regularization for Normal Mixture Estimation and Model-Based
    Clustering", 2007).

    Args:
        network: changed in place.
        components, rests: (N, K) and (N,), see `MixtureOfGaussians.split`.
        shares: (N, M), how much of each picture each Gaussian answers for; rows sum to 1.
        prior: its weight, in pictures.
    """
    free = network.config.dimensions - network.config.principal
    counts = shares.sum(0).clamp_min(1e-9)  # (M,)
    network.weights.copy_(counts / counts.sum())
    network.means.copy_(shares.T @ components / counts[:, None])
    network.noise.copy_((shares.T @ rests / counts / free).sqrt().clamp_min(LEAST_NOISE))
    eye = torch.eye(network.config.principal).to(components)
    for m, count in enumerate(counts):
        centred = components - network.means[m]  # (N, K)
        scatter = (shares[:, m, None] * centred).T @ centred
        network.factors[m].copy_(torch.linalg.cholesky((scatter + prior * eye) / (count + prior)))
