"""Untrained networks as weights folders, for tests that need real files but no real faces."""

from pathlib import Path

import torch
from safetensors.torch import save_file

from models.gan import Discriminator, DiscriminatorConfig, Generator, GeneratorConfig, snapshot_file

STEPS = (100, 200, 400, 800, 1600, 3200, 6400, 12800)


def write_tiny_networks(
    folder: Path, *, channels: int = 1, resolution: int = 32, steps: tuple[int, ...] = STEPS
) -> Path:
    """A generator with snapshots that differ, and its discriminator. Returns the folder."""
    torch.manual_seed(0)
    generator = Generator(GeneratorConfig(resolution=resolution, channels=channels, width=4, latent_size=8))
    generator.save_pretrained(folder)
    discriminator = Discriminator(DiscriminatorConfig(resolution=resolution, channels=channels, width=4))
    discriminator.save_pretrained(folder / "discriminator")
    for step in steps:
        file = snapshot_file(folder, step)
        file.parent.mkdir(exist_ok=True)
        for parameter in generator.parameters():
            torch.nn.init.normal_(parameter, std=0.2)
        save_file({name: tensor.contiguous() for name, tensor in generator.state_dict().items()}, file)
    return folder
