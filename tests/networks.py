"""Tiny untrained networks whose pictures nevertheless differ, in memory and as weights folders."""

from pathlib import Path

import torch
from torch import nn

from models.gan import Discriminator, DiscriminatorConfig, Generator, GeneratorConfig
from trainer.export import save_network, save_snapshot

STEPS = (100, 200, 400, 800, 1600, 3200, 6400, 12800)


def tiny_generator(
    *, resolution: int = 16, channels: int = 1, latent_size: int = 8, width: int = 4, seed: int = 0
) -> Generator:
    """A generator whose batch-norm statistics fit its random weights, so that z shows in the picture."""
    torch.manual_seed(seed)
    generator = Generator(
        GeneratorConfig(resolution=resolution, channels=channels, latent_size=latent_size, width=width)
    )
    last = generator.layers[-2]
    assert isinstance(last, nn.ConvTranspose2d)
    nn.init.normal_(last.weight, 0.0, 0.3)
    with torch.no_grad():
        for _ in range(30):
            generator.train()(torch.randn(64, latent_size))
    return generator.eval()


def write_tiny_networks(
    folder: Path, *, channels: int = 1, resolution: int = 32, steps: tuple[int, ...] = STEPS
) -> Path:
    """A generator with snapshots that differ, and its discriminator. Returns the folder."""
    save_network(tiny_generator(resolution=resolution, channels=channels), folder)
    torch.manual_seed(0)
    discriminator = Discriminator(DiscriminatorConfig(resolution=resolution, channels=channels, width=4)).eval()
    save_network(discriminator, folder / "discriminator")
    for number, step in enumerate(steps, start=1):
        save_snapshot(tiny_generator(resolution=resolution, channels=channels, seed=number), folder, step)
    return folder
