"""Trains a generator that obeys labels, on rendered pictures: `python -m trainer conditional --help`."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from data.grids import GRIDS
from models.conditional import Conditional, ConditionalConfig, held_out_table
from models.pixels import to_network, to_pictures
from models.precision import supports_bfloat16
from trainer.average import GLANCE_BATCHES, STATISTICS_BATCHES, average_of, settle_statistics, update_average
from trainer.cards import RENDERED_CARD
from trainer.export import export_network
from trainer.families.infogan_export import finished
from trainer.families.infogan_start import normalise_spectrally
from trainer.history import FRAMES, frame_schedule
from trainer.losses import GAMES, label_cross_entropy
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
from trainer.runs import Position, randomness_at, stop_requested
from trainer.settings import REQUIRED, setting

WORLD = "scenes"
LABELLED = (0, 1, 2, 4)  # floor, wall and object hue, and shape; scale and orientation are left to the noise
SHEET_COUNT = 64
FRAME_COUNT = 16  # of them in a frame of the history
STATISTICS_BATCH = 128  # labels at a time for the statistics of the averaged generator


@dataclass(frozen=True)
class ConditionalTraining:
    """Settings of one training run."""

    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    run_folder: Path | None = setting(None, "run folder for logs, sheets and the checkpoint (default: runs/NAME)")
    resume: bool = setting(False, "go on from the checkpoint in the run folder")
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(1_500_000, "training length, in rendered pictures shown to the critic", least=1)
    batch: int = setting(64, "pictures per step, over all processes", least=2)
    noise: int = setting(8, "numbers of noise beside the labels", least=0, most=1024)
    width: int = setting(32, "feature maps of the generator at 32 px", least=1)
    critic_width: int = setting(32, "feature maps of the critic at 32 px", least=1)
    reading: float = setting(0.2, "weight of the cross-entropy of the labels read, for both sides", least=0)
    learning_rate: float = setting(1e-3, "of Adam, generator", least=0)
    critic_learning_rate: float = setting(1e-3, "of Adam, critic", least=0)
    decay: float = setting(0.3, "last share of the training over which the learning rates fall to 0", least=0, most=1)
    half_life: float = setting(20_000, "of the moving average of the networks, in pictures", least=0)
    log_every: int = setting(200, "steps between two lines of the log", least=1)
    save_every: int = setting(2_000, "steps between two checkpoints and sheets", least=1)
    frames: int = setting(FRAMES, "frames of the history that is shipped; 0 for none", least=0, most=60)


def seen_labels(sizes: tuple[int, ...], count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Label combinations (count, L) of the training, all equally likely; none of those held out."""
    seen = np.argwhere(~held_out_table(sizes))
    return np.asarray(seen[random.integers(0, len(seen), count)])


def train(settings: ConditionalTraining) -> Path:
    """Trains, or goes on training, and writes the weights folder.

    Returns:
        the weights folder.

    Raises:
        InvalidInput: the settings do not fit together.
        KeyboardInterrupt: asked to stop; the checkpoint is saved.
    """
    accelerator = accelerator_of()
    device = accelerator.device
    part = part_of(accelerator, settings.batch, least=2)
    mine = part.of(settings.batch)
    steps = -(-settings.images // settings.batch)
    bfloat16 = supports_bfloat16(device)
    grid = GRIDS[WORLD]
    sizes = tuple(grid.sizes[k] for k in LABELLED)
    config = ConditionalConfig(
        labels=tuple(grid.factors[k].name for k in LABELLED),
        sizes=sizes,
        channels=grid.channels,
        noise_size=settings.noise,
        width=settings.width,
        critic_width=settings.critic_width,
    )

    torch.manual_seed(settings.seed)  # initial weights
    network = Conditional(config).to(device)
    generator, critic = network.generator, network.critic
    normalise_spectrally(critic)
    average = average_of(network)
    generator_optimiser, critic_optimiser = (
        torch.optim.Adam(side.parameters(), lr=rate, betas=(0.5, 0.999), fused=True)
        for side, rate in ((generator, settings.learning_rate), (critic, settings.critic_learning_rate))
    )
    everything: dict[str, Any] = {
        "network": network,
        "average": average,
        "generator_optimiser": generator_optimiser,
        "critic_optimiser": critic_optimiser,
    }
    game = GAMES["non-saturating"]

    run, position = open_run(accelerator, settings, everything, bfloat16=bfloat16)
    if part.processes > 1:
        share_layers(network)
    generator_shared, critic_shared = accelerator.prepare(generator, critic)
    network.train()

    sheet_labels = torch.from_numpy(seen_labels(sizes, SHEET_COUNT, np.random.default_rng(1))).to(device)
    sheet_noise = torch.randn(SHEET_COUNT, settings.noise, generator=torch.Generator().manual_seed(1)).to(device)
    frames = frame_schedule(steps, settings.frames)
    progress = progress_of(accelerator, settings, position)
    started = time.monotonic() - position.seconds

    def average_batch(number: int) -> None:
        labels = torch.from_numpy(seen_labels(sizes, STATISTICS_BATCH, np.random.default_rng(number)))
        noise = torch.randn(STATISTICS_BATCH, settings.noise, generator=randomness_at(0, number))
        average.generator(labels.to(device), noise.to(device))

    with stop_requested() as stopped:
        while position.step < steps:
            step = position.step
            factor = decayed(step / steps, settings.decay)
            set_rate(generator_optimiser, settings.learning_rate * factor)
            set_rate(critic_optimiser, settings.critic_learning_rate * factor)
            random = np.random.default_rng([settings.seed, step, 0])  # of the whole batch, the same in every process
            factors = grid.random_factors(settings.batch, random)
            factors[:, LABELLED] = seen_labels(sizes, settings.batch, random)
            factors = factors[mine]
            x = to_network(grid.render(factors)).contiguous(memory_format=torch.channels_last).to(device)
            labels = torch.from_numpy(factors[:, LABELLED]).to(device)
            wanted = torch.from_numpy(seen_labels(sizes, settings.batch, random)[mine]).to(device)
            noise = torch.randn(settings.batch, settings.noise, generator=randomness_at(settings.seed, step))
            noise = noise[mine].to(device)

            # the critic judges and reads
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                fake = generator_shared(wanted, noise)
                judged, read = critic_shared(torch.cat([x, fake.detach().float()]), torch.cat([labels, wanted]))
            real_logits, fake_logits = judged.float().chunk(2)
            critic_reading = label_cross_entropy(sizes, read[: len(x)].float(), labels)
            critic_loss = game.discriminator(real_logits, fake_logits) + settings.reading * critic_reading
            critic_optimiser.zero_grad()
            accelerator.backward(critic_loss)
            critic_optimiser.step()

            # the generator
            critic.requires_grad_(False)
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                judged, read = critic(fake, wanted)
            reading = label_cross_entropy(sizes, read.float(), wanted)
            generator_loss = game.generator(real_logits.detach(), judged.float()) + settings.reading * reading
            generator_optimiser.zero_grad()
            accelerator.backward(generator_loss)
            generator_optimiser.step()
            critic.requires_grad_(True)

            position = Position(step + 1, (step + 1) * settings.batch, time.monotonic() - started)
            update_average(average, network, batch=settings.batch, seen=position.images, half_life=settings.half_life)
            progress.update(settings.batch)
            last = position.step == steps
            logging = position.step % settings.log_every == 0 or last
            if logging:
                figures = means(
                    accelerator,
                    {
                        "critic_loss": critic_loss,
                        "generator_loss": generator_loss,
                        "critic_reading": critic_reading,
                        "generator_reading": reading,
                        "real_logit": real_logits.mean(),
                        "fake_logit": fake_logits.mean(),
                    },
                )
            if run and logging:
                figures["images_per_second"] = settings.batch / (position.seconds / position.step)
                run.log(position, figures)
                progress.set_postfix(D=f"{figures['critic_loss']:.3f}", G=f"{figures['generator_loss']:.3f}")
            stopping = any_of(accelerator, bool(stopped))  # asked once, so that what stops here is saved here
            saving = position.step % settings.save_every == 0 or last or stopping
            if run and (saving or position.step in frames):
                thorough = saving
                settle_statistics(average.generator, average_batch, STATISTICS_BATCHES if thorough else GLANCE_BATCHES)
                with torch.no_grad():
                    pictures = to_pictures(average(sheet_labels, sheet_noise))
            if run and position.step in frames:
                run.frame(position, pictures[:FRAME_COUNT])
            if run and saving:
                run.sheet(position, pictures)
                run.save({name: item.state_dict() for name, item in everything.items()}, position)
            if stopping:
                leave(accelerator, position)
    progress.close()
    accelerator.wait_for_everyone()
    if run:
        run.close()
        settle_statistics(average.generator, average_batch)
        export_network(
            settings,
            run.folder,
            position,
            family="conditional",
            network=finished(average),
            template=RENDERED_CARD,
            training=position.images,
            plays=True,
        )
    return settings.out
