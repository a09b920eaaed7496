"""Sliders without labels for a generator of faces: `python -m trainer sefa weights/NAME`.

SeFa (Shen, Zhou, "Closed-Form Factorization of Latent Semantics in GANs", 2021): the directions of z that the
generator's first layer amplifies most are the eigenvectors of AᵀA, A its weights. What they do is measured afterwards,
and that is their name.
"""

import time
from dataclasses import dataclass
from pathlib import Path

import torch

from models.faces.attributes import NETWORK
from models.faces.effects import FACES, measure
from models.faces.latent_transformer import LatentTransformer, LatentTransformerConfig
from models.faces.steering import directions_of
from trainer.evaluation.effects import SCORE_SEED, UNNAMED_PART, networks, write_part
from trainer.settings import REQUIRED, setting


@dataclass(frozen=True)
class SefaSettings:
    """Settings of sliders without labels."""

    network: Path = setting(REQUIRED, "weights folder of a FastGAN generator of faces, weights/NAME", first=True)
    reader: str = setting(NETWORK, "network that reads faces and so names the sliders, name or folder")
    count: int = setting(8, "sliders", least=1, most=40)
    length: float = setting(0.8, "of a slider's way to one end, of the length of z", least=0.01, most=4)
    seed: int = setting(0, "unused: the directions are computed", least=0)


def sefa(settings: SefaSettings) -> Path:
    """Computes sliders without labels and writes them into the generator's folder, as its part `sefa`.

    Returns:
        the folder of the part.

    Raises:
        InvalidInput: no generator of faces.
    """
    generator, reader = networks(settings.network, settings.reader)
    started = time.monotonic()
    directions = directions_of(generator, settings.count) * settings.length * generator.config.latent_size**0.5
    names = tuple(f"direction {number + 1}" for number in range(settings.count))
    config = LatentTransformerConfig(latent_size=generator.config.latent_size, names=names, width=0)
    network = LatentTransformer(config).eval().requires_grad_(False)
    network.ways.copy_(torch.stack([directions, -directions], dim=1).flatten(0, 1))
    effects = measure(generator, network, reader, seed=SCORE_SEED, count=FACES)
    text = (
        "Sliders that nobody named: the directions of z that the generator's first layer amplifies most (SeFa), in "
        f"order. What they do was read by `{NETWORK}` afterwards."
    )
    length = "computed, not trained"
    return write_part(
        network, settings, "sefa", UNNAMED_PART, effects, text=text, length=length, seconds=time.monotonic() - started
    )
