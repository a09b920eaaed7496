"""Trains a generator and a discriminator of faces (or of any aligned pictures): `python -m trainer gan --help`.

The generator is DCGAN's or FastGAN's, the discriminator DCGAN's or a projected one. Both discriminators are a network
that learns on top of features that do not: DCGAN's features are the pictures themselves.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from models.architectures.fastgan import FastGANConfig, FastGANGenerator
from models.errors import InvalidInput
from models.gan import Discriminator, DiscriminatorConfig, Generator, GeneratorConfig, draw, draw_latents
from models.ladder import draw_ladder, ladder_file, write_ladder
from models.loading import load
from models.pixels import Pictures, from_levels, to_network
from models.precision import supports_bfloat16
from trainer.augmentation import augment, strong_augment
from trainer.average import GLANCE_BATCHES, STATISTICS_BATCHES, average_of, settle_statistics, update_average
from trainer.export import export
from trainer.history import FRAMES, frame_schedule
from trainer.losses import GAMES, gradient_penalty
from trainer.pretrained.projected import ProjectedDiscriminator, ProjectedFeatures, detached, logits_of
from trainer.processes import (
    accelerator_of,
    any_of,
    leave,
    means,
    open_run,
    part_of,
    progress_of,
    share_layers,
)
from trainer.rates import decayed, set_rate
from trainer.runs import Order, Position, randomness_at, restore, stop_requested
from trainer.settings import REQUIRED, setting
from trainer.splits import pictures_of

SHEET_SEED = 1  # of the fixed latents on every sheet
SHEET_COUNT = 64
FRAME_COUNT = 16  # pictures of the sheet in a frame of the history
HELD_OUT_PROBE = 256  # pictures on which overfitting is watched
STATISTICS_BATCH = 64  # latents at a time for the statistics of the average
BATCH = 64  # pictures at a time where nothing is learned
PENALTY_INTERVAL = 16  # steps between two gradient penalties ("lazy" R1, Karras et al. 2020, appendix B)


@dataclass(frozen=True)
class GANTraining:
    """Settings of one training run."""

    data: Path = setting(REQUIRED, "folder or zip archive of pictures")
    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    more_data: str = setting("", "further folders or archives, with commas between them")
    run_folder: Path | None = setting(None, "run folder for logs, sheets and the checkpoint (default: runs/NAME)")
    start: Path | None = setting(None, "weights folder to go on training from (default: random weights)")
    start_run: Path | None = setting(None, "run folder whose players to go on training; --start has precedence")
    warm_up: int = setting(0, "pictures at the beginning with which only the discriminator learns", least=0)
    generator: Literal["dcgan", "fastgan"] = setting("dcgan", "architecture of the generator")
    discriminator: Literal["dcgan", "projected"] = setting(
        "dcgan", "dcgan, or projected: on frozen features of a network pretrained on ImageNet"
    )
    resume: bool = setting(False, "go on from the checkpoint in the run folder")
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(1_500_000, "training length, in pictures shown to the discriminator", least=1)
    batch: int = setting(32, "pictures per step, over all processes", least=2)
    resolution: int = setting(64, "side of the pictures, px: 16, 32, 64, 128 or 256; fastgan from 64")
    channels: int = setting(3, "1 for grey, 3 for colour")
    latent_size: int = setting(100, "numbers in a latent", least=1)
    width: int = setting(32, "feature maps at half resolution; doubled at every halving of the side", least=1)
    widths: str = setting("256,256,256,128,64,32", "of fastgan: feature maps at 4, 8, 16, ... px")
    second: str = setting("8,16,32,64", "of fastgan: sides, px, at which a second convolution follows")
    discriminator_width: int | None = setting(None, "the same of the discriminator (default: as --width)", least=1)
    loss: Literal["minimax", "non-saturating", "relativistic", "hinge"] = setting(
        "non-saturating", "the adversarial game"
    )
    learning_rate: float = setting(2e-4, "of Adam, both networks", least=0)
    discriminator_learning_rate: float | None = setting(None, "of the discriminator (default: the same)", least=0)
    momentum: float = setting(0.5, "Adam's first beta", least=0, most=1)
    decay: float = setting(0.3, "last share of the training over which the learning rate falls to 0", least=0, most=1)
    penalty: float = setting(0.0, "weight γ of the R1 gradient penalty, applied every 16 steps", least=0)
    half_life: float = setting(10_000, "of the moving average of the generator, in pictures", least=0)
    augment: float = setting(0.5, "probability of brightness, contrast and shift each, per picture", least=0, most=1)
    augmentation: Literal["light", "strong"] = setting(
        "light", "strong: DiffAugment's colour, translation and cut-out on every picture; --augment is of light"
    )
    low_resolution: float = setting(0.0, "probability that D sees a batch at low resolution", least=0, most=1)
    skip_unreadable: bool = setting(False, "go on without pictures that cannot be read, and list them")
    validation: int = setting(1_500, "pictures held out of each archive, the last by file name", least=0)
    hold_out: Literal["last", "spread"] = setting("last", "spread: every so many pictures, if their order tells")
    snapshots: int = setting(
        8, "levels of the ladder: pictures kept during the training, each twice as late, and the end", least=1
    )
    precision: Literal["auto", "bf16", "fp32"] = setting("auto", "auto: bf16 where the device multiplies it")
    compile: bool = setting(False, "compile both networks (torch.compile), on CUDA as graphs")
    storage: Literal["fp16", "int8"] = setting("fp16", "of the weights that are shipped: 16-bit floats, or 8 bits")
    log_every: int = setting(200, "steps between two lines of the log", least=1)
    save_every: int = setting(2_000, "steps between two checkpoints and sheets", least=1)
    frames: int = setting(FRAMES, "frames of the history that is shipped; 0 for none", least=0, most=60)


def ladder_schedule(steps: int, levels: int) -> list[int]:
    """The steps at which a sheet of the ladder is kept: at half of the training, a quarter, an eighth and so on. The
    last level is the finished network, which is not among them."""
    return sorted({max(1, steps >> back) for back in range(1, levels)} - {steps})


def networks_of(settings: GANTraining) -> tuple[Generator | FastGANGenerator, nn.Module, nn.Module]:
    """Generator, features and discriminator that the settings name, with random weights. Raises UnusableData."""
    generator: Generator | FastGANGenerator
    if settings.generator == "fastgan":
        generator = FastGANGenerator(
            FastGANConfig(
                resolution=settings.resolution,
                channels=settings.channels,
                latent_size=settings.latent_size,
                widths=settings.widths,
                second=settings.second,
            )
        )
    else:
        generator = Generator(
            GeneratorConfig(
                resolution=settings.resolution,
                channels=settings.channels,
                latent_size=settings.latent_size,
                width=settings.width,
            )
        )
    if settings.discriminator == "projected":
        return generator, ProjectedFeatures(settings.seed), ProjectedDiscriminator()
    width = settings.discriminator_width or settings.width
    config = DiscriminatorConfig(resolution=settings.resolution, channels=settings.channels, width=width)
    return generator, nn.Identity(), Discriminator(config)


def load_start(folder: Path, generator: nn.Module, discriminator: nn.Module) -> None:
    """Loads the weights of a folder into the networks, except into a projected discriminator, which no folder holds.
    Raises NetworkUnavailable, InvalidInput (another architecture)."""
    parts = {"": generator}
    if isinstance(discriminator, Discriminator):
        parts["discriminator"] = discriminator
    for part, network in parts.items():
        found = load(folder, part=part)
        if found.config != network.config:
            raise InvalidInput(
                f"{folder} holds {found.config}, and the options ask for {network.config}; make them equal."
            )
        network.load_state_dict(found.state_dict())


def load_run(folder: Path, generator: nn.Module, discriminator: nn.Module) -> None:
    """Loads the weights of a run's checkpoint into the networks. Raises InvalidInput (another architecture)."""
    state, _ = restore(folder)
    try:
        generator.load_state_dict(state["generator"])
        discriminator.load_state_dict(state["discriminator"])
    except (KeyError, RuntimeError) as error:
        raise InvalidInput(f"The run in {folder} trained other networks than the options ask for.") from error


@torch.no_grad()
def memorised(
    features: nn.Module, discriminator: nn.Module, training: Pictures, held_out: Pictures
) -> dict[str, float]:
    """Mean logits on pictures that the discriminator was trained on and on held-out ones: a growing gap is
    overfitting (Karras et al., "Training Generative Adversarial Networks with Limited Data", 2020, section 2)."""
    discriminator.eval()
    device = next(discriminator.parameters()).device
    figures = {}
    for name, pictures in (("training_logit", training), ("held_out_logit", held_out)):
        if len(pictures):
            probe = to_network(pictures[:: max(1, len(pictures) // HELD_OUT_PROBE)])
            logits = [
                torch.cat([head.flatten(1) if head.ndim > 1 else head[:, None] for head in heads], 1)
                for heads in (logits_of(discriminator, features(part.to(device))) for part in probe.split(BATCH))
            ]
            figures[name] = float(torch.cat(logits).mean())
    discriminator.train()
    return figures


def train(settings: GANTraining) -> Path:
    """Trains, or goes on training, and writes the weights folder.

    Returns:
        the weights folder.

    Raises:
        UnusableData: the pictures cannot be used.
        InvalidInput: the settings do not fit together.
        KeyboardInterrupt: asked to stop; the checkpoint is saved.
    """
    accelerator = accelerator_of()
    device = accelerator.device
    part = part_of(accelerator, settings.batch, least=2)
    mine = part.of(settings.batch)
    steps = -(-settings.images // settings.batch)
    bfloat16 = settings.precision == "bf16" or (settings.precision == "auto" and supports_bfloat16(device))

    if settings.warm_up >= settings.images:
        raise InvalidInput(
            f"--warm-up {settings.warm_up} leaves none of the {settings.images} pictures for the generator; lower it."
        )
    if settings.penalty > 0 and settings.discriminator == "projected":
        raise InvalidInput("--penalty is of the dcgan discriminator; a projected one has none.")

    torch.manual_seed(settings.seed)  # initial weights
    generator, features, discriminator = networks_of(settings)
    training, held_out = pictures_of(settings, settings, least=settings.batch)
    order = Order(len(training), seed=settings.seed)
    pool = torch.from_numpy(training).to(device)  # all of it on the device: moving batch by batch takes longer

    for network in (generator, features, discriminator):
        network.to(device)
    if settings.start_run:
        load_run(settings.start_run, generator, discriminator)
    if settings.start:
        load_start(settings.start, generator, discriminator)
    average = average_of(generator)
    generator_optimiser, discriminator_optimiser = (
        torch.optim.Adam(network.parameters(), lr=settings.learning_rate, betas=(settings.momentum, 0.99), fused=True)
        for network in (generator, discriminator)
    )
    everything: dict[str, Any] = {
        "generator": generator,
        "discriminator": discriminator,
        "average": average,
        "generator_optimiser": generator_optimiser,
        "discriminator_optimiser": discriminator_optimiser,
    }
    game = GAMES[settings.loss]

    run, position = open_run(accelerator, settings, everything, bfloat16=bfloat16)
    if part.processes > 1:
        share_layers(generator)
        share_layers(discriminator)
    # the same objects, wrapped so that several processes average their gradients
    generator_shared, discriminator_shared = accelerator.prepare(generator, discriminator)
    features_shared: Callable[[Tensor], Any] = features
    if settings.compile:
        mode = "reduce-overhead" if device.type == "cuda" else "default"
        generator_shared, discriminator_shared, features_shared = (
            torch.compile(network, mode=mode) for network in (generator_shared, discriminator_shared, features)
        )
    generator.train()
    discriminator.train()

    sheet_latents = draw_latents(settings.latent_size, seed=SHEET_SEED, count=SHEET_COUNT)
    schedule, frames = ladder_schedule(steps, settings.snapshots), frame_schedule(steps, settings.frames)
    progress = progress_of(accelerator, settings, position)
    started = time.monotonic() - position.seconds

    def augmented(x: Tensor, randomness: torch.Generator) -> Tensor:
        if settings.augmentation == "strong":
            x = strong_augment(x, randomness=randomness, part=part)
        else:
            x = augment(
                x,
                probability=settings.augment,
                low_resolution=settings.low_resolution,
                randomness=randomness,
                part=part,
            )
        return x.contiguous(memory_format=torch.channels_last)

    def average_batch(number: int) -> None:
        latents = draw_latents(settings.latent_size, seed=number, count=STATISTICS_BATCH)
        average(torch.from_numpy(latents).to(device))

    with stop_requested() as stopped:
        while position.step < steps:
            step = position.step
            if settings.compile and device.type == "cuda":
                torch.compiler.cudagraph_mark_step_begin()
            share = decayed(step / steps, settings.decay)
            set_rate(generator_optimiser, settings.learning_rate * share)
            set_rate(discriminator_optimiser, (settings.discriminator_learning_rate or settings.learning_rate) * share)
            randomness = randomness_at(settings.seed, step)  # of the whole batch, the same in every process
            indices = torch.from_numpy(order.batch(step * settings.batch, settings.batch)[mine])
            batch = pool[indices.to(device)]  # (n, H, W, C)
            flipped = (torch.rand(settings.batch, generator=randomness) < 0.5)[mine].to(device)
            x = from_levels(torch.where(flipped[:, None, None, None], batch.flip(2), batch))  # (n, C, H, W)
            z = torch.randn(settings.batch, settings.latent_size, generator=randomness)[mine].to(device)

            # the discriminator's step
            warming = step * settings.batch < settings.warm_up
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16), torch.set_grad_enabled(not warming):
                fake = generator_shared(z)
                fake_points = features_shared(augmented(fake.float(), randomness))
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                with torch.no_grad():
                    real_points = features_shared(augmented(x, randomness))
                real_logits = logits_of(discriminator_shared, real_points)
                fake_logits = logits_of(discriminator_shared, detached(fake_points))
            heads = list(zip(real_logits, fake_logits, strict=True))
            discriminator_loss = torch.stack([game.discriminator(real, fake) for real, fake in heads]).sum()
            if settings.penalty > 0 and step % PENALTY_INTERVAL == 0:
                x_seen = augmented(x, randomness).requires_grad_(True)
                penalty = gradient_penalty(discriminator_shared(x_seen), x_seen)
                discriminator_loss = discriminator_loss + settings.penalty * PENALTY_INTERVAL * penalty
            discriminator_optimiser.zero_grad()
            accelerator.backward(discriminator_loss)
            discriminator_optimiser.step()

            # the generator's step, on the same pictures
            generator_loss = torch.zeros(())
            if not warming:
                discriminator.requires_grad_(False)
                with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    judged = logits_of(discriminator, fake_points)
                pairs = zip(real_logits, judged, strict=True)
                generator_loss = torch.stack([game.generator(real.detach(), fake) for real, fake in pairs]).sum()
                generator_optimiser.zero_grad()
                accelerator.backward(generator_loss)
                generator_optimiser.step()
                discriminator.requires_grad_(True)

            position = Position(step + 1, (step + 1) * settings.batch, time.monotonic() - started)
            update_average(average, generator, batch=settings.batch, seen=position.images, half_life=settings.half_life)
            progress.update(settings.batch)
            last = position.step == steps
            logging = position.step % settings.log_every == 0 or last
            if logging:
                figures = means(
                    accelerator,
                    {
                        "discriminator_loss": discriminator_loss,
                        "generator_loss": generator_loss,
                        "real_logit": torch.stack([logits.mean() for logits in real_logits]).mean(),
                        "fake_logit": torch.stack([logits.mean() for logits in fake_logits]).mean(),
                    },
                )
            if run and logging:
                figures["images_per_second"] = settings.batch / (position.seconds / position.step)
                run.log(position, figures)
                progress.set_postfix(D=f"{figures['discriminator_loss']:.3f}", G=f"{figures['generator_loss']:.3f}")
            stopping = any_of(accelerator, bool(stopped))  # asked once a step, so that a step that stops also saves
            saving = position.step % settings.save_every == 0 or last or stopping
            if run and (saving or position.step in schedule or position.step in frames):
                settle_statistics(average, average_batch, STATISTICS_BATCHES if saving else GLANCE_BATCHES)
            if run and position.step in frames:
                run.frame(position, draw(average, sheet_latents[:FRAME_COUNT]))
            if run and position.step in schedule:
                write_ladder(draw_ladder(average), ladder_file(run.folder, position.step))
            if run and saving:
                run.log(position, memorised(features, discriminator, training, held_out))
                run.sheet(position, draw(average, sheet_latents))
                run.save({name: item.state_dict() for name, item in everything.items()}, position)
            if stopping:
                leave(accelerator, position)
    progress.close()
    accelerator.wait_for_everyone()
    if run:
        run.close()
        discriminator.eval()
        settle_statistics(average, average_batch)
        export(settings, run.folder, position, training=len(training), generator=average, discriminator=discriminator)
    return settings.out
