"""Tiny untrained networks whose pictures nevertheless differ, in memory and as weights folders."""

from dataclasses import replace
from pathlib import Path

import torch
from PIL import Image
from torch import nn

from data.palettes import PALETTES
from models.architectures.translators import LightGenerator
from models.catalogue import names_of
from models.conditional import Conditional, ConditionalConfig
from models.faces.attributes import NAMED
from models.faces.effects import SliderEffect, write_effects
from models.faces.encoding import LatentEncoder, LatentEncoderConfig
from models.faces.latent_transformer import LatentTransformer, LatentTransformerConfig
from models.factors import FactorNetwork, FactorsConfig
from models.features import FeatureNetwork, FeaturesConfig
from models.gan import Discriminator, DiscriminatorConfig, Generator, GeneratorConfig, generate
from models.infogan.codes import widths
from models.infogan.decoder import Decoder
from models.infogan.network import InfoGAN, InfoGANConfig
from models.ladder import draw_ladder, ladder_file, write_finished, write_ladder
from models.loading import load
from models.mixture import MixtureConfig, MixtureOfGaussians
from models.super_resolution import SuperResolution, SuperResolutionConfig
from models.translation import Translation, TranslationConfig
from tests.stylegan2 import StyleGAN2
from trainer.export import save_network, write_tensors

STEPS = (100, 200, 400, 800, 1600, 3200, 6400)  # of the sheets; the finished network has twice as many as the last


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
            generator.train()(torch.randn(min(64, 4096 // resolution), latent_size))
    return generator.eval()


def write_tiny_networks(
    folder: Path, *, channels: int = 1, resolution: int = 32, steps: tuple[int, ...] = STEPS
) -> Path:
    """A generator with a ladder of sheets that differ, and its discriminator. Returns the folder."""
    save_network(tiny_generator(resolution=resolution, channels=channels), folder)
    torch.manual_seed(0)
    discriminator = Discriminator(DiscriminatorConfig(resolution=resolution, channels=channels, width=4)).eval()
    save_network(discriminator, folder / "discriminator")
    for number, step in enumerate(steps, start=1):
        drawn = draw_ladder(tiny_generator(resolution=resolution, channels=channels, seed=number))
        write_ladder(drawn, ladder_file(folder, step))
    if steps:
        write_finished(folder, 2 * steps[-1])
    return folder


def tiny_mixture(
    *, resolution: int = 16, channels: int = 1, principal: int = 6, mixture_size: int = 3, seed: int = 0
) -> MixtureOfGaussians:
    """A mixture of random Gaussians over directions that are not at right angles, which show in the picture."""
    torch.manual_seed(seed)
    config = MixtureConfig(resolution=resolution, channels=channels, principal=principal, mixture_size=mixture_size)
    mixture = MixtureOfGaussians(config).eval().requires_grad_(False)
    mixture.average.normal_(0, 0.1)
    mixture.halves.normal_(0, 0.1)
    mixture.parities.copy_(torch.arange(principal) % 2 * 2 - 1)
    mixture.weights.copy_(torch.rand(mixture_size).softmax(0))
    mixture.means.normal_(0, 2)
    mixture.factors.copy_(torch.eye(principal) + 0.3 * torch.randn(mixture_size, principal, principal).tril(-1))
    mixture.noise.uniform_(0.05, 0.1)
    return mixture


TYPED = ("circular", "circular", "circular", "categorical-4", "uniform", "uniform")


def liven(decoder: Decoder) -> None:
    """Gives an untrained decoder weights and statistics with which its numbers show in the picture."""
    for modulation in decoder.modulations:
        nn.init.normal_(modulation.gain.weight, 0, 0.3)  # type: ignore[union-attr,arg-type]
    nn.init.normal_(decoder.finish.weight, 0, 0.3)
    decoder.train()
    with torch.no_grad():
        for _ in range(20):
            decoder(torch.randn(32, sum(decoder.groups)))
    decoder.eval()


def tiny_infogan(*, seed: int = 0, **changes: object) -> InfoGAN:
    """An untrained InfoGAN whose codes show."""
    torch.manual_seed(seed)
    settings = {"codes": TYPED, "width": 4, "critic_width": 4, "noise_size": 2, **changes}
    network = InfoGAN(InfoGANConfig(**settings))  # type: ignore[arg-type]
    assert sum(network.generator.groups) == sum(widths(network.config.codes)) + network.config.noise_size
    generator = network.generator
    liven(generator if isinstance(generator, Decoder) else generator.decoder)
    return network.eval().requires_grad_(False)


def tiny_conditional() -> Conditional:
    """An untrained conditional generator whose labels and noise show."""
    torch.manual_seed(0)
    network = Conditional(ConditionalConfig(width=4, critic_width=4))
    liven(network.generator.decoder)
    return network.eval().requires_grad_(False)


def tiny_translation(**changes: object) -> Translation:
    """An untrained translator that changes pictures visibly."""
    torch.manual_seed(0)
    settings = {"width": 4, "blocks": 1, "critic_width": 4, "pixels": 64 * 36, **changes}
    network = Translation(TranslationConfig(**settings)).eval()  # type: ignore[arg-type]
    for generator in network.generators:
        if isinstance(generator, LightGenerator):
            nn.init.normal_(generator.finish[0].weight, 0, 0.3)  # type: ignore[arg-type]
    return network.requires_grad_(False)


def tiny_mapper(**changes: object) -> Translation:
    """The same from maps of labels to photographs and back."""
    settings = {"domains": ("labels", "photos"), "paired": True, "palette": PALETTES["cityscapes"], "keeps": False}
    return tiny_translation(**{**settings, "pixels": 64 * 64, **changes})


def write_tiny_translators(root: Path) -> None:
    """All translators that the catalogue names, untrained."""
    save_network(tiny_translation(), root / "streets-day-night-256")
    save_network(tiny_mapper(), root / "streets-labels-photo-256")
    faces = {"pixels": 64 * 64, "merge": "difference"}
    save_network(tiny_translation(domains=("young", "old"), **faces), root / "faces-age-128")
    save_network(tiny_translation(domains=("neutral", "smiling"), **faces), root / "faces-smile-128")


def write_tiny_scene_networks(root: Path) -> None:
    """All networks of scenes that the catalogue names, untrained."""
    save_network(tiny_conditional(), root / "scenes-conditional-64")
    write_finished(root / "scenes-conditional-64", 9)
    save_network(tiny_infogan(), root / "scenes-infogan-64")
    save_network(tiny_infogan(seed=1), root / "scenes-infogan-cr-64")
    sprites = tiny_infogan(codes=("uniform",) * 5, world="sprites", channels=1)
    save_network(sprites, root / "sprites-infogan-cr-64")
    torch.manual_seed(0)
    save_network(FactorNetwork(FactorsConfig(width=4)).eval(), root / "scenes-factors-64")
    sprite_factors = FactorsConfig(
        world="sprites",
        channels=1,
        names=("shape", "scale", "orientation", "x", "y"),
        sizes=(3, 6, 40, 32, 32),
        width=4,
    )
    save_network(FactorNetwork(sprite_factors).eval(), root / "sprites-factors-64")


def nearest_upscaler(*, scale: int = 4) -> SuperResolution:
    """An upscaler whose last layer writes nothing: every pixel is repeated."""
    network = lively_upscaler(scale=scale)
    for part in network.upscaler.last.parameters():  # type: ignore[union-attr]
        part.zero_()
    return network


def lively_upscaler(*, scale: int = 4, seed: int = 0) -> SuperResolution:
    """An untrained upscaler that changes its pictures visibly."""
    torch.manual_seed(seed)
    network = SuperResolution(SuperResolutionConfig(scale=scale, width=16, depth=2)).eval().requires_grad_(False)
    for name, part in network.named_parameters():
        if name.endswith("weight"):
            nn.init.kaiming_normal_(part).mul_(0.3 if "last" in name else 1)
    return network


def write_tiny_upscalers(root: Path) -> None:
    """Upscalers under the names of the catalogue, each of which draws something else."""
    for number, name in enumerate(names_of("super-resolution")):
        network = lively_upscaler(scale=2 if "-x2-" in name else 4, seed=number)
        network.config = replace(network.config, invents="sharp" in name)
        save_network(SuperResolution(network.config), root / name)
        write_tensors(network, root / name / "model.safetensors")


def write_tiny_encoder(root: Path) -> None:
    """What finds faces in the latent space of the tiny faces-128: its encoder, and a reader of faces."""
    torch.manual_seed(0)
    encoder = LatentEncoder(LatentEncoderConfig(latent_size=8, width=4, hidden_size=16)).eval()
    save_network(encoder, root / "faces-128" / "encoder")
    if not (root / "faces-attributes-128").exists():
        save_network(FeatureNetwork(FeaturesConfig(width=4, feature_size=10)).eval(), root / "faces-attributes-128")


def write_tiny_sliders(folder: Path, *, latent_size: int = 8) -> None:
    """Sliders of a generator of faces, with names and without labels, and what they are said to do."""
    for part, names, width in (("sliders", NAMED, 4), ("sefa", tuple(f"direction {k}" for k in range(1, 9)), 0)):
        torch.manual_seed(0)
        sliders = LatentTransformer(LatentTransformerConfig(latent_size=latent_size, names=names, width=width)).eval()
        with torch.no_grad():
            sliders.ways.normal_()
        save_network(sliders, folder / part)
        changes = tuple(0.8 - 0.1 * abs(number - 3) for number in range(len(NAMED)))
        effects = tuple(
            SliderEffect(name, 0.7 if part == "sliders" else None, 0.1, changes, tuple(map(abs, changes)))
            for name in names
        )
        write_effects(folder / part, effects, seed=1, count=2)


def write_host_deck(folder: Path, count: int = 24) -> dict[str, str]:
    """The photographs and the StyleGAN2 of 32 px of a host, whose photographs another such network drew; the settings
    of the page with them."""
    photographs = folder / "photographs"
    photographs.mkdir(parents=True)
    (folder / "network").mkdir()
    for seed in (0, 1):
        torch.save(StyleGAN2(32, (12, 10, 8, 6), seed=seed).state_dict(), folder / f"{seed}.pt")
    for number, picture in enumerate(generate(load(folder / "1.pt"), seed=3, count=count, truncation=0.7)):
        Image.fromarray(picture).save(photographs / f"{number:03d}.png")
    (folder / "0.pt").rename(folder / "network" / "550000.pt")
    (folder / "1.pt").unlink()
    network = str(folder / "network" / "550000.pt")
    return {"LATENT_LAB_DECK_FOLDER": str(photographs), "LATENT_LAB_DECK_NETWORK": network}
