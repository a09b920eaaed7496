"""Tiny untrained networks whose pictures nevertheless differ, for tests."""

import torch

from models.gan import Generator, GeneratorConfig


def tiny_generator(
    *, resolution: int = 16, channels: int = 1, latent_size: int = 8, width: int = 4, seed: int = 0
) -> Generator:
    """A generator whose batch-norm statistics fit its random weights, so that z shows in the picture."""
    torch.manual_seed(seed)
    generator = Generator(
        GeneratorConfig(resolution=resolution, channels=channels, latent_size=latent_size, width=width)
    )
    torch.nn.init.normal_(generator.layers[-2].weight, 0.0, 0.3)
    with torch.no_grad():
        for _ in range(30):
            generator.train()(torch.randn(64, latent_size))
    return generator.eval()
