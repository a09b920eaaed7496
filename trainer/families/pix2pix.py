"""Trains a translator from pairs: `python -m trainer pix2pix --help`.

Isola, Zhu, Zhou, Efros, "Image-to-Image Translation with Conditional Adversarial Networks", 2017. With a palette the
first domain are maps of labels; then the way back, from a photograph to its map, is learned beside it from the same
pairs, by cross-entropy and without an adversary: it never sees a generated photograph, so that it can judge them.

With `--discriminator projected` there are two games. The discriminator of patches sees the pair, input and result
together, and so is the one that asks whether the result fits. The projected one (trainer.pretrained) sees the result
alone, since features pretrained on photographs mean nothing on maps of labels, and asks whether such a picture exists.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy, l1_loss

from data.domains import domains_of
from data.folders import read_domains, split
from data.palettes import PALETTES
from models.architectures.translators import PatchDiscriminator
from models.errors import InvalidInput, UnusableData
from models.loading import load
from models.pixels import Pictures, to_network
from models.precision import supports_bfloat16
from models.translation import Translation, TranslationConfig, one_hot, snap, to_output
from trainer.average import average_of, update_average
from trainer.cards import TRANSLATION_CARD
from trainer.export import export_network
from trainer.families.cyclegan import cut
from trainer.losses import GAMES
from trainer.pretrained.opponent import opponents
from trainer.pretrained.perceptual import at_random_offset, perceptual_loss
from trainer.processes import accelerator_of, any_of, leave, means, open_run, part_of, progress_of
from trainer.rates import decayed, set_rate
from trainer.runs import Order, Position, randomness_at, stop_requested
from trainer.settings import REQUIRED, setting

SHEET_COLUMNS = 8  # held-out pairs on a sheet: input, result, truth; and with a palette the map of the truth


@dataclass(frozen=True)
class Pix2PixTraining:
    """Settings of one training run."""

    data: Path = setting(
        REQUIRED, "folder or zip archive with two folders of pictures, pairs having the same file name"
    )
    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    domains: str = setting(REQUIRED, "names of the two folders, input first, for example labels,photos")
    palette: Literal["none", "cityscapes"] = setting("none", "classes of the first domain, if it is maps of labels")
    run_folder: Path | None = setting(None, "run folder for logs, sheets and the checkpoint (default: runs/NAME)")
    start: Path | None = setting(None, "weights folder to go on from; it may have more blocks, the first are taken")
    resume: bool = setting(False, "go on from the checkpoint in the run folder")
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(40_000, "training length, in pairs", least=1)
    batch: int = setting(4, "pairs per step, over all processes", least=1)
    height: int = setting(256, "of the pictures, px", least=24)
    width: int = setting(256, "of the pictures, px", least=24)
    crop: int = setting(0, "side of the random squares that are trained on, px; 0 for whole pictures", least=0)
    channels: int = setting(3, "1 for grey, 3 for colour")
    noise: int = setting(0, "numbers in z", least=0)
    features: int = setting(32, "feature maps of the generator at its first layer", least=1)
    blocks: int = setting(6, "residual blocks of the generator", least=0)
    halvings: int = setting(3, "of the generator, after its first", least=0)
    critic_features: int = setting(32, "feature maps of the discriminator at its first layer", least=1)
    discriminator: Literal["patch", "projected"] = setting(
        "patch", "projected: beside that of patches one on frozen features of a network pretrained on ImageNet"
    )
    reconstruction: float = setting(50.0, "weight λ of the L1 distance to the truth", least=0)
    perceptual: float = setting(0.0, "weight of the distance to the truth in features of that network", least=0)
    matching: float = setting(5.0, "weight of the L1 distance of what the discriminator notices", least=0)
    learning_rate: float = setting(2e-4, "of Adam, generator and way back", least=0)
    critic_learning_rate: float = setting(2e-4, "of Adam, discriminator", least=0)
    decay: float = setting(0.5, "last share of the training over which the learning rates fall to 0", least=0, most=1)
    half_life: float = setting(2_000, "of the moving average of the generators, in pairs", least=0)
    validation: int = setting(100, "pairs held out, the last by file name", least=SHEET_COLUMNS)
    precision: Literal["auto", "bf16", "fp32"] = setting("auto", "auto: bf16 where the device multiplies it")
    log_every: int = setting(100, "steps between two lines of the log", least=1)
    save_every: int = setting(500, "steps between two checkpoints and sheets", least=1)


def read_pairs(settings: Pix2PixTraining, config: TranslationConfig) -> Pictures:
    """Pairs as one array uint8 (N, H, W, F + C): the input, its classes as numbers (F = 1) with a palette, and the
    truth. Raises UnusableData."""
    shape: dict[str, Any] = {"height": settings.height, "width": settings.width, "channels": settings.channels}
    least = settings.validation + settings.batch
    names = (config.domains[0], config.domains[1])
    first, second = read_domains(settings.data, names, **shape, least=least)
    if len(first) != len(second):
        raise UnusableData(
            f"{settings.data} holds {len(first):,} pictures in {names[0]} and {len(second):,} in {names[1]}; "
            "every picture needs its counterpart of the same name."
        )
    if config.palette:
        first = np.stack([snap(config, picture)[:, :, None] for picture in first])
    return np.concatenate([first, second], axis=3)


def train(settings: Pix2PixTraining) -> Path:
    """Trains, or goes on training, and writes the weights folder.

    Returns:
        the weights folder.

    Raises:
        UnusableData: the pictures do not serve.
        InvalidInput: the settings do not fit together.
        KeyboardInterrupt: asked to stop; the checkpoint is saved.
    """
    accelerator = accelerator_of()
    device = accelerator.device
    part = part_of(accelerator, settings.batch)
    mine = part.of(settings.batch)
    steps = -(-settings.images // settings.batch)
    bfloat16 = settings.precision == "bf16" or (settings.precision == "auto" and supports_bfloat16(device))
    palette = PALETTES.get(settings.palette, ())
    domains = domains_of(settings.domains)
    if domains[0].column:
        raise InvalidInput(f"--domains {settings.domains}: pairs lie in two folders; name these, as labels,photos.")
    config = TranslationConfig(
        domains=tuple(domain.name for domain in domains),
        both=bool(palette),
        paired=True,
        palette=palette,
        channels=settings.channels,
        width=settings.features,
        blocks=settings.blocks,
        halvings=settings.halvings,
        keeps=False,
        noise_size=settings.noise,
        critic_width=settings.critic_features,
        pixels=settings.height * settings.width,
    )
    if any(side % config.step for side in (settings.height, settings.width, settings.crop)):
        raise InvalidInput(f"--height, --width and --crop have to be multiples of {config.step} for this generator.")
    if settings.crop > min(settings.height, settings.width) or 0 < settings.crop < 24:
        raise InvalidInput(f"--crop {settings.crop} has to be 0, or from 24 px to the shorter side.")

    training, held_out = split(read_pairs(settings, config), settings.validation)
    order = Order(len(training), seed=settings.seed)

    torch.manual_seed(settings.seed)  # initial weights
    network = Translation(config).to(device)
    if settings.start:
        load_start(settings.start, network)
    generator, critic = network.generators[0], network.critics[0]
    assert isinstance(critic, PatchDiscriminator)
    average = average_of(network.generators)
    generator_optimiser, critic_optimiser = (
        torch.optim.Adam(side.parameters(), lr=rate, betas=(0.5, 0.999), fused=True)
        for side, rate in ((network.generators, settings.learning_rate), (critic, settings.critic_learning_rate))
    )
    projected = opponents(
        1 if settings.discriminator == "projected" else 0,
        settings.crop or settings.height,
        settings.crop or settings.width,
        seed=settings.seed,
        learning_rate=settings.critic_learning_rate,
        bfloat16=bfloat16,
        device=device,
    )
    perceptual = perceptual_loss(settings.perceptual, device)
    everything: dict[str, Any] = {
        "network": network,
        "average": average,
        "generator_optimiser": generator_optimiser,
        "critic_optimiser": critic_optimiser,
    }
    everything |= dict(zip(("opponent",), projected, strict=False))
    game = GAMES["least-squares"]

    run, position = open_run(accelerator, settings, everything, bfloat16=bfloat16)
    # the same objects, wrapped so that several processes average their gradients
    generator_shared, critic_shared = accelerator.prepare(generator, critic)
    mapper_shared = accelerator.prepare(network.generators[1]) if palette else None
    for opponent in projected:
        opponent.share(accelerator, part)
    network.train()

    progress = progress_of(accelerator, settings, position)
    started = time.monotonic() - position.seconds

    with stop_requested() as stopped:
        while position.step < steps:
            step = position.step
            factor = decayed(step / steps, settings.decay)
            set_rate(generator_optimiser, settings.learning_rate * factor)
            set_rate(critic_optimiser, settings.critic_learning_rate * factor)
            randomness = randomness_at(settings.seed, step)  # of the whole batch, the same in every process
            chosen = order.batch(step * settings.batch, settings.batch)[mine]
            pairs = cut(training[chosen], settings.crop, randomness, part)
            x, truth = (tensor.to(device) for tensor in as_tensors(config, pairs))
            z = None
            if settings.noise:
                z = torch.randn(settings.batch, settings.noise, generator=randomness)[mine].to(device)

            # the generator: fool the discriminator and stay near the truth; beside it, the way back
            critic.requires_grad_(False)
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                drawn = generator_shared(x, z).float()
                noticed = critic.notice(torch.cat([x, drawn], dim=1))
                judged = critic.judge(noticed).float()
                noticed_truth = critic.notice(torch.cat([x, truth], dim=1)).detach()
            reconstruction = l1_loss(drawn, truth)
            matching = l1_loss(noticed.float(), noticed_truth.float())
            adversarial = game.generator(judged, judged)
            generator_loss = adversarial + settings.reconstruction * reconstruction + settings.matching * matching
            measured = {
                "adversarial_loss": adversarial,
                "reconstruction_loss": reconstruction,
                "matching_loss": matching,
            }
            looks = [opponent.look(truth, drawn, randomness) for opponent in projected]
            for opponent, look in zip(projected, looks, strict=True):
                measured["projected_loss"] = opponent.generator_loss(look)
                generator_loss = generator_loss + measured["projected_loss"]
            if perceptual is not None:
                with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    moved = at_random_offset(drawn, truth, seed=settings.seed, step=step)
                    measured["perceptual_loss"] = perceptual(*moved)
                generator_loss = generator_loss + settings.perceptual * measured["perceptual_loss"]
            mapping = drawn.new_zeros(())
            if mapper_shared is not None:
                with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    logits = mapper_shared(truth).float()
                mapping = cross_entropy(logits, x.argmax(1))
                generator_loss = generator_loss + mapping  # no parameter is shared
            generator_optimiser.zero_grad()
            accelerator.backward(generator_loss)
            generator_optimiser.step()

            # the discriminator
            critic.requires_grad_(True)
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                seen = torch.cat([torch.cat([x, truth], dim=1), torch.cat([x, drawn.detach()], dim=1)])
                real_logits, fake_logits = critic_shared(seen).float().chunk(2)
            critic_loss = game.discriminator(real_logits, fake_logits)
            critic_optimiser.zero_grad()
            accelerator.backward(critic_loss)
            critic_optimiser.step()
            measured |= {"mapping_loss": mapping, "critic_loss": critic_loss}
            for opponent, look in zip(projected, looks, strict=True):
                measured["opponent_loss"] = opponent.learn(look, accelerator, rate=factor)

            position = Position(step + 1, (step + 1) * settings.batch, time.monotonic() - started)
            update_average(
                average, network.generators, batch=settings.batch, seen=position.images, half_life=settings.half_life
            )
            progress.update(settings.batch)
            last = position.step == steps
            logging = position.step % settings.log_every == 0 or last
            if logging:
                figures = means(accelerator, measured)
            if run and logging:
                figures["images_per_second"] = settings.batch / (position.seconds / position.step)
                run.log(position, figures)
                progress.set_postfix(G=f"{figures['adversarial_loss']:.3f}", L1=f"{figures['reconstruction_loss']:.3f}")
            stopping = any_of(accelerator, bool(stopped))  # asked once, so that what stops here is saved here
            if run and (position.step % settings.save_every == 0 or last or stopping):
                run.sheet(position, sheet(config, average, held_out[:SHEET_COLUMNS]), SHEET_COLUMNS)
                run.save({name: item.state_dict() for name, item in everything.items()}, position)
            if stopping:
                leave(accelerator, position)
    progress.close()
    accelerator.wait_for_everyone()
    if run:
        run.close()
        network.generators.load_state_dict(average.state_dict())
        export_network(
            settings,
            run.folder,
            position,
            family="pix2pix",
            network=network.cpu().eval(),
            template=TRANSLATION_CARD,
            domains=f"pairs of {config.domains[0]} and {config.domains[1]}",
            training=len(training),
        )
    return settings.out


def load_start(folder: Path, network: Translation) -> None:
    """Gives a network the weights of a folder, without the blocks that it has none of. Raises NetworkUnavailable,
    InvalidInput (another architecture)."""
    found = load(folder)
    if replace(found.config, blocks=network.config.blocks) != network.config:
        raise InvalidInput(f"{folder} holds {found.config}, and the options ask for {network.config}; make them equal.")
    ours = network.state_dict()
    network.load_state_dict({name: tensor for name, tensor in found.state_dict().items() if name in ours})


def as_tensors(config: TranslationConfig, pairs: Pictures) -> tuple[Tensor, Tensor]:
    """Pairs from `read_pairs` for the networks: input (N, K or C, H, W) and truth (N, C, H, W)."""
    first, second = pairs[..., : -config.channels], pairs[..., -config.channels :]
    x = one_hot(first[..., 0], len(config.palette)) if config.palette else to_network(first)
    return x, to_network(second)


@torch.no_grad()
def sheet(config: TranslationConfig, generators: Any, pairs: Pictures) -> NDArray[np.uint8]:
    """Held-out inputs, results, truths and, with a palette, the maps read in the truths, row by row: (4 n, H, W, C)."""
    device = next(generators.parameters()).device
    x, truth = (part.to(device) for part in as_tensors(config, pairs))
    asked = config.colours[pairs[..., 0]] if config.palette else pairs[..., : config.channels]
    rows = [asked, to_output(config, generators[0](x), 0), pairs[..., -config.channels :]]
    if config.palette:
        rows.append(to_output(config, generators[1](truth), 1))
    return np.concatenate(rows)
