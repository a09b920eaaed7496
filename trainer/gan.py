"""Trains a generator and a discriminator of faces (or of any aligned pictures): `python -m trainer gan --help`."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from data.folders import read_pictures, split
from models.errors import InvalidInput
from models.gan import (
    Discriminator,
    DiscriminatorConfig,
    Generator,
    GeneratorConfig,
    draw,
    draw_latents,
    judge,
)
from models.ladder import draw_ladder, ladder_file, write_ladder
from models.loading import load
from models.pixels import Pictures, to_network
from models.precision import supports_bfloat16
from trainer.augmentation import augment
from trainer.average import GLANCE_BATCHES, STATISTICS_BATCHES, average_of, settle_statistics, update_average
from trainer.export import export
from trainer.history import FRAMES, frame_schedule
from trainer.losses import GAMES, gradient_penalty
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
from trainer.runs import Order, Position, randomness_at, stop_requested
from trainer.settings import REQUIRED, setting

SHEET_SEED = 1  # of the fixed latents on every sheet
SHEET_COUNT = 64
FRAME_COUNT = 16  # of them in a frame of the history
HELD_OUT_PROBE = 256  # pictures on which overfitting is watched
STATISTICS_BATCH = 64  # latents at a time for the statistics of the average
PENALTY_INTERVAL = 16  # steps between two gradient penalties ("lazy" R1, Karras et al. 2020, appendix B)


@dataclass(frozen=True)
class GANTraining:
    """Settings of one training run."""

    data: Path = setting(REQUIRED, "folder or zip archive of pictures")
    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    run_folder: Path | None = setting(None, "run folder for logs, sheets and the checkpoint (default: runs/NAME)")
    start: Path | None = setting(None, "weights folder to go on training from (default: random weights)")
    resume: bool = setting(False, "go on from the checkpoint in the run folder")
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(1_500_000, "training length, in pictures shown to the discriminator", least=1)
    batch: int = setting(32, "pictures per step, over all processes", least=2)
    resolution: int = setting(64, "side of the pictures, px: 16, 32, 64, 128 or 256")
    channels: int = setting(3, "1 for grey, 3 for colour")
    latent_size: int = setting(100, "numbers in a latent", least=1)
    width: int = setting(32, "feature maps at half resolution; doubled at every halving of the side", least=1)
    discriminator_width: int | None = setting(None, "the same of the discriminator (default: as --width)", least=1)
    loss: Literal["minimax", "non-saturating", "relativistic"] = setting("non-saturating", "the adversarial game")
    learning_rate: float = setting(2e-4, "of Adam, both networks", least=0)
    decay: float = setting(0.3, "last share of the training over which the learning rate falls to 0", least=0, most=1)
    penalty: float = setting(0.0, "weight γ of the R1 gradient penalty, applied every 16 steps", least=0)
    half_life: float = setting(10_000, "of the moving average of the generator, in pictures", least=0)
    augment: float = setting(0.5, "probability of brightness, contrast and shift each, per picture", least=0, most=1)
    low_resolution: float = setting(0.0, "probability that D sees a batch at low resolution", least=0, most=1)
    validation: int = setting(1_500, "pictures held out, the last by file name", least=0)
    snapshots: int = setting(
        8, "levels of the ladder: pictures kept during the training, each twice as late, and the end", least=1
    )
    precision: Literal["auto", "bf16", "fp32"] = setting("auto", "auto: bf16 where the device multiplies it")
    log_every: int = setting(200, "steps between two lines of the log", least=1)
    save_every: int = setting(2_000, "steps between two checkpoints and sheets", least=1)
    frames: int = setting(FRAMES, "frames of the history that is shipped; 0 for none", least=0, most=60)


def ladder_schedule(steps: int, levels: int) -> list[int]:
    """The steps at which a sheet of the ladder is kept: half-way, and each time half as far before that. The last level
    is the finished network, which is not among them."""
    return sorted({max(1, steps >> back) for back in range(1, levels)} - {steps})


def load_start(folder: Path, generator: Generator, discriminator: Discriminator) -> None:
    """Gives both networks the weights of a folder. Raises NetworkUnavailable, InvalidInput (another architecture)."""
    for network, part in ((generator, ""), (discriminator, "discriminator")):
        found = load(folder, part=part)
        if found.config != network.config:
            raise InvalidInput(
                f"{folder} holds {found.config}, and the options ask for {network.config}; make them equal."
            )
        network.load_state_dict(found.state_dict())


def memorised(discriminator: Discriminator, training: Pictures, held_out: Pictures) -> dict[str, float]:
    """Mean logits on pictures that the discriminator was trained on and on held-out ones: a growing gap is
    overfitting (Karras et al., "Training Generative Adversarial Networks with Limited Data", 2020, section 2)."""
    discriminator.eval()
    samples = {"training_logit": training, "held_out_logit": held_out}
    figures = {
        name: float(judge(discriminator, pictures[:: max(1, len(pictures) // HELD_OUT_PROBE)]).mean())
        for name, pictures in samples.items()
        if len(pictures)
    }
    discriminator.train()
    return figures


def train(settings: GANTraining) -> Path:
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
    part = part_of(accelerator, settings.batch, least=2)
    mine = part.of(settings.batch)
    steps = -(-settings.images // settings.batch)
    bfloat16 = settings.precision == "bf16" or (settings.precision == "auto" and supports_bfloat16(device))

    generator_config = GeneratorConfig(
        resolution=settings.resolution,
        channels=settings.channels,
        latent_size=settings.latent_size,
        width=settings.width,
    )
    discriminator_config = DiscriminatorConfig(
        resolution=settings.resolution,
        channels=settings.channels,
        width=settings.discriminator_width or settings.width,
    )

    least = settings.validation + settings.batch
    pictures = read_pictures(settings.data, resolution=settings.resolution, channels=settings.channels, least=least)
    training, held_out = split(pictures, settings.validation)
    order = Order(len(training), seed=settings.seed)

    torch.manual_seed(settings.seed)  # initial weights
    generator = Generator(generator_config).to(device)
    discriminator = Discriminator(discriminator_config).to(device)
    if settings.start:
        load_start(settings.start, generator, discriminator)
    average = average_of(generator)
    generator_optimiser, discriminator_optimiser = (
        torch.optim.Adam(network.parameters(), lr=settings.learning_rate, betas=(0.5, 0.99), fused=True)
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
    generator.train()
    discriminator.train()

    sheet_latents = draw_latents(settings.latent_size, seed=SHEET_SEED, count=SHEET_COUNT)
    schedule, frames = ladder_schedule(steps, settings.snapshots), frame_schedule(steps, settings.frames)
    progress = progress_of(accelerator, settings, position)
    started = time.monotonic() - position.seconds

    def augmented(x: Tensor, randomness: torch.Generator) -> Tensor:
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
            for optimiser in (generator_optimiser, discriminator_optimiser):
                set_rate(optimiser, settings.learning_rate * decayed(step / steps, settings.decay))
            randomness = randomness_at(settings.seed, step)  # of the whole batch, the same in every process
            indices = order.batch(step * settings.batch, settings.batch)
            batch = training[indices[mine]]  # (n, H, W, C)
            flipped = (torch.rand(settings.batch, generator=randomness) < 0.5).numpy()[mine]
            batch[flipped] = batch[flipped, :, ::-1]
            x = to_network(batch).to(device)  # (n, C, H, W)
            z = torch.randn(settings.batch, settings.latent_size, generator=randomness)[mine].to(device)

            # the discriminator's step
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                fake = generator_shared(z)
                fake_seen = augmented(fake.float(), randomness)
                real_logits = discriminator_shared(augmented(x, randomness)).float()
                fake_logits = discriminator_shared(fake_seen.detach()).float()
            discriminator_loss = game.discriminator(real_logits, fake_logits)
            if settings.penalty > 0 and step % PENALTY_INTERVAL == 0:
                x_seen = augmented(x, randomness).requires_grad_(True)
                penalty = gradient_penalty(discriminator_shared(x_seen), x_seen)
                discriminator_loss = discriminator_loss + settings.penalty * PENALTY_INTERVAL * penalty
            discriminator_optimiser.zero_grad()
            accelerator.backward(discriminator_loss)
            discriminator_optimiser.step()

            # the generator's step, on the same pictures
            discriminator.requires_grad_(False)
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                fake_logits = discriminator(fake_seen).float()
            generator_loss = game.generator(real_logits.detach(), fake_logits)
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
                        "real_logit": real_logits.mean(),
                        "fake_logit": fake_logits.mean(),
                    },
                )
            if run and logging:
                figures["images_per_second"] = settings.batch / (position.seconds / position.step)
                run.log(position, figures)
                progress.set_postfix(D=f"{figures['discriminator_loss']:.3f}", G=f"{figures['generator_loss']:.3f}")
            stopping = any_of(accelerator, bool(stopped))  # asked once, so that what stops here is saved here
            saving = position.step % settings.save_every == 0 or last or stopping
            if run and (saving or position.step in schedule or position.step in frames):
                thorough = saving or position.step in schedule
                settle_statistics(average, average_batch, STATISTICS_BATCHES if thorough else GLANCE_BATCHES)
            if run and position.step in frames:
                run.frame(position, draw(average, sheet_latents[:FRAME_COUNT]))
            if run and position.step in schedule:
                write_ladder(draw_ladder(average), ladder_file(run.folder, position.step))
            if run and saving:
                run.log(position, memorised(discriminator, training, held_out))
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
