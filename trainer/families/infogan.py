"""Trains an InfoGAN or an InfoGAN-CR on rendered pictures: `python -m trainer infogan --help`.

The contrastive regularizer is a setting; without it, everything else is the same, draw by draw.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy, l1_loss
from torch.utils.data import DataLoader, Dataset

from data.grids import GRIDS, Grid
from models.errors import InvalidInput
from models.infogan.codes import draw_codes, draw_pairs, from_features, to_features, widths
from models.infogan.network import InfoGAN, InfoGANConfig, encode
from models.infogan.palette import PaletteGenerator, blocks
from models.pixels import to_network
from models.precision import supports_bfloat16
from trainer.average import GLANCE_BATCHES, STATISTICS_BATCHES, average_of, settle_statistics, update_average
from trainer.cards import RENDERED_CARD
from trainer.export import export_network
from trainer.families.infogan_export import SHEET_STEPS, finished, seams, traversals
from trainer.families.infogan_start import contrastive_network, load_start, normalise_spectrally
from trainer.history import FRAMES, frame_schedule
from trainer.losses import GAMES, information
from trainer.processes import (
    Part,
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

SHOWN = ("critic_loss", "information_loss", "reconstruction_loss")  # beside the bar
STATISTICS_BATCH = 128  # codes at a time for the statistics of the averaged generator
SEAM_PICTURES = 4096  # rendered pictures by which the seams of circular codes are chosen
BRANCH = "before-contrastive.pt"  # the state just before the regularizer sets in


@dataclass(frozen=True)
class InfoGANTraining:
    """Settings of one training run."""

    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    world: Literal["scenes", "sprites"] = setting("scenes", "what is rendered")
    run_folder: Path | None = setting(None, "run folder for logs, sheets and the checkpoint (default: runs/NAME)")
    resume: bool = setting(False, "go on from the checkpoint in the run folder")
    fork: Path | None = setting(
        None, "before-contrastive.pt of a run that differs in the regularizer only; saves repeating what they share"
    )
    start: Path | None = setting(
        None, "weights folder to go on training from, with the same codes; layers of another width begin anew"
    )
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(1_500_000, "training length, in rendered pictures shown to the discriminator", least=1)
    batch: int = setting(64, "pictures per step, over all processes", least=2)
    codes: str = setting("uniform*6", "types of the codes, for example circular*3,categorical-4,uniform*2")
    paints: bool = setting(False, "circular codes are colours of parts of the picture and nothing else")
    moves: bool = setting(
        False, "the first three uniform codes and the first circular one shift, size and turn what the others draw"
    )
    coarse: float = setting(
        0.0,
        "with --paints, first share of the training: pictures go from coarse to fine and other codes are silent",
        least=0,
        most=0.6,
    )
    coarse_boost: float = setting(1.0, "the generator's learning rate meanwhile, relative to later", least=0)
    noise: int = setting(5, "numbers of noise beside the codes", least=0, most=1024)
    width: int = setting(32, "feature maps of the generator at 32 px", least=1)
    critic_width: int = setting(32, "feature maps of discriminator and encoder at 32 px", least=1)
    information: float = setting(0.05, "weight λ of the encoder's loss, for both sides", least=0)
    others: float = setting(1.0, "weight of codes that are not circular, relative to those that are", least=0)
    reconstruction: float = setting(
        0.0, "weight of the mean absolute error of rendered pictures drawn again from the codes read in them", least=0
    )
    redraw_first: float = setting(
        0.0,
        "with --start and --reconstruction, first share of the training in which the generator learns from nothing "
        "else and the critic rests",
        least=0,
        most=1,
    )
    contrastive: float = setting(0.0, "weight α of the contrastive regularizer; 0 is InfoGAN", least=0)
    contrastive_from: float = setting(0.8, "share of the training after which it sets in", least=0, most=1)
    gap: float = setting(0.0, "least distance of the codes in which a contrastive pair differs", least=0, most=1.99)
    gap_until: float = setting(1.0, "share of the training after which the gap is 0", least=0, most=1)
    restart: bool = setting(False, "start the contrastive network anew when the gap ends")
    learning_rate: float = setting(1e-3, "of Adam, generator", least=0)
    critic_learning_rate: float = setting(1e-3, "of Adam, discriminator, encoder and contrastive network", least=0)
    decay: float = setting(0.2, "last share of the training over which the learning rates fall to 0", least=0, most=1)
    half_life: float = setting(20_000, "of the moving averages of all networks, in pictures", least=0)
    workers: int = setting(0, "processes that render ahead", least=0)
    precision: Literal["auto", "bf16", "fp32"] = setting("auto", "auto: bf16 where the device multiplies it")
    log_every: int = setting(200, "steps between two lines of the log", least=1)
    save_every: int = setting(2_000, "steps between two checkpoints and sheets", least=1)
    frames: int = setting(FRAMES, "frames of the history that is shipped; 0 for none", least=0, most=60)


def parse_codes(text: str) -> tuple[str, ...]:
    """`circular*3,uniform` as three circular codes and a uniform one. Raises InvalidInput."""
    codes: list[str] = []
    for word in text.split(","):
        kind, _, count = word.strip().partition("*")
        if count and not count.isdigit():
            raise InvalidInput(f"--codes {text} is not a list such as circular*3,categorical-4,uniform*2.")
        codes += [kind] * int(count or 1)
    return tuple(codes)


class Rendered(Dataset[NDArray[np.uint8]]):
    """The pictures of one part of every step's batch: uint8 (n, 64, 64, channels), a function of seed and step."""

    def __init__(self, grid: Grid, batch: int, *, seed: int, part: Part):
        self.grid, self.batch, self.seed, self.part = grid, batch, seed, part

    def __getitem__(self, step: int) -> NDArray[np.uint8]:
        factors = self.grid.random_factors(self.batch, np.random.default_rng([self.seed, step, 0]))
        return self.grid.render(factors[self.part.of(self.batch)])


def square_of(share: float, coarse: float) -> int:
    """Pixels that are painted alike after a share of the training: squares of 4, then 2 until `coarse` is over."""
    return (4, 4, 2)[int(3 * share / coarse)] if share < coarse else 1


def weight_of_forms(share: float, coarse: float) -> float:
    """Weight of the codes that are no colours, 0 to 1: 0 until `coarse`, 1 from 1.5 times that on."""
    return min(1.0, max(0.0, 2 * share / coarse - 2)) if coarse else 1.0


def train(settings: InfoGANTraining) -> Path:
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
    if settings.coarse and not settings.paints:
        raise InvalidInput(
            "--coarse goes with --paints: without paints nothing would vary while other codes are silent."
        )
    if settings.redraw_first and not (settings.start and settings.reconstruction):
        raise InvalidInput("--redraw-first goes with --start, whose encoder it relies on, and --reconstruction.")
    steps = -(-settings.images // settings.batch)
    contrastive_start = round(settings.contrastive_from * steps)
    gap_end = max(contrastive_start, round(settings.gap_until * steps))
    bfloat16 = settings.precision == "bf16" or (settings.precision == "auto" and supports_bfloat16(device))
    grid = GRIDS[settings.world]
    config = InfoGANConfig(
        world=settings.world,
        channels=grid.channels,
        codes=parse_codes(settings.codes),
        paints=settings.paints,
        moves=settings.moves,
        noise_size=settings.noise,
        width=settings.width,
        critic_width=settings.critic_width,
    )
    types = config.codes

    torch.manual_seed(settings.seed)  # initial weights
    network = InfoGAN(config).to(device)
    if settings.start:
        load_start(settings.start, network)
        network.turns.zero_()  # the seams are chosen anew at the end
    generator, critic = network.generator, network.critic
    normalise_spectrally(critic)
    contrast = contrastive_network(grid.channels, settings.critic_width, len(types), seed=settings.seed).to(device)
    average = average_of(network)
    rates = (settings.learning_rate, settings.critic_learning_rate, settings.critic_learning_rate)
    generator_optimiser, critic_optimiser, contrast_optimiser = (
        torch.optim.Adam(side.parameters(), lr=rate, betas=(0.5, 0.999), fused=True)
        for side, rate in zip((generator, critic, contrast), rates, strict=True)
    )
    everything: dict[str, Any] = {
        "network": network,
        "contrast": contrast,
        "average": average,
        "generator_optimiser": generator_optimiser,
        "critic_optimiser": critic_optimiser,
        "contrast_optimiser": contrast_optimiser,
    }
    game = GAMES["non-saturating"]
    colours = torch.tensor([float(settings.paints and kind == "circular") for kind in (*types, "noise")])
    colours = colours.repeat_interleave(torch.tensor([*widths(types), settings.noise])).to(
        device
    )  # 1 for numbers of a paint

    revivals = [round(third / 3 * settings.coarse * steps) for third in (2, 3, 4, 5)] if settings.coarse else []

    run, position = open_run(accelerator, settings, everything, bfloat16=bfloat16, fork=settings.fork)
    if settings.fork and not settings.resume and position.step != contrastive_start:
        raise InvalidInput(f"{settings.fork} is of step {position.step:,}, not {contrastive_start:,}.")
    if part.processes > 1:
        share_layers(network)
        share_layers(contrast)
    # the same objects, wrapped so that several processes average their gradients
    generator_shared, critic_shared, contrast_shared = accelerator.prepare(generator, critic, contrast)
    network.train()

    frames = frame_schedule(steps, settings.frames)
    progress = progress_of(accelerator, settings, position)
    started = time.monotonic() - position.seconds
    rendered = iter(
        DataLoader(
            Rendered(grid, settings.batch, seed=settings.seed, part=part),
            batch_size=None,
            sampler=range(position.step, steps),
            num_workers=settings.workers,
            generator=torch.Generator(),
        )
    )

    def inputs(codes: Tensor, noise: Tensor) -> Tensor:
        weights = colours + (1 - colours) * weight_of_forms(position.step / steps, settings.coarse)
        return torch.cat([to_features(types, codes.to(device)), noise.to(device)], dim=1) * weights

    def redraw_error(x: Tensor, read: Tensor, noise: Tensor) -> Tensor:
        """Mean absolute error of pictures drawn again from the codes read in x, as features (N, F)."""
        codes = from_features(types, read.float())
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            again = generator_shared(inputs(codes, noise))
        return l1_loss(again.float(), x)

    def average_batch(number: int) -> None:
        randomness = randomness_at(0, number)
        codes = draw_codes(types, count=STATISTICS_BATCH, randomness=randomness)
        noise = torch.randn(STATISTICS_BATCH, settings.noise, generator=randomness)
        average.generator(inputs(codes, noise))

    with stop_requested() as stopped:
        while position.step < steps:
            step = position.step
            factor = decayed(step / steps, settings.decay)
            for optimiser, rate in zip((generator_optimiser, critic_optimiser, contrast_optimiser), rates, strict=True):
                set_rate(optimiser, rate * factor)
            if step < settings.coarse * steps:
                set_rate(generator_optimiser, settings.learning_rate * factor * settings.coarse_boost)
            contrasting = settings.contrastive > 0 and step >= contrastive_start
            if contrasting and settings.restart and step == gap_end and step > contrastive_start:
                fresh = contrastive_network(grid.channels, settings.critic_width, len(types), seed=settings.seed + 1)
                contrast.load_state_dict(fresh.state_dict())
                contrast_optimiser.state.clear()
            randomness = randomness_at(settings.seed, step)  # of the whole batch, the same in every process
            x = to_network(next(rendered).numpy()).contiguous(memory_format=torch.channels_last).to(device)
            gap = settings.gap if contrasting and step < gap_end else 0.0
            drawn = draw_pairs(types, count=settings.batch, gap=gap, randomness=randomness)
            codes, other_codes, shared = (column[mine] for column in drawn)
            noise = torch.randn(settings.batch, settings.noise, generator=randomness)[mine]
            codes_there = codes.to(device)

            # from coarse to fine: first where colours lie, then forms
            if isinstance(generator, PaletteGenerator):
                generator.square = average.generator.square = square_of(step / steps, settings.coarse)
                if step in revivals:
                    everywhere = draw_codes(types, count=STATISTICS_BATCH, randomness=randomness_at(0, step))
                    generator.revive(inputs(everywhere, torch.zeros(STATISTICS_BATCH, settings.noise)))
                x = blocks(x, generator.square)

            generator_optimiser.zero_grad()
            critic_optimiser.zero_grad()
            if step < settings.redraw_first * steps:  # rendered pictures, by the encoder as it is
                with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    _, read = critic(x)
                reconstruction = redraw_error(x, read, noise)
                accelerator.backward(settings.reconstruction * reconstruction)
                generator_optimiser.step()
                measured = {"reconstruction_loss": reconstruction}
            else:
                # discriminator and encoder
                with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    fake = generator_shared(inputs(codes, noise))
                    judged, read = critic_shared(torch.cat([x, fake.detach().float()]))
                real_logits, fake_logits = judged.float().chunk(2)
                critic_information = information(types, read[len(x) :].float(), codes_there, others=settings.others)
                critic_loss = game.discriminator(real_logits, fake_logits) + settings.information * critic_information
                if settings.reconstruction:  # through the encoder: both sides learn from it
                    reconstruction = redraw_error(x, read[: len(x)], noise)
                    critic_loss = critic_loss + settings.reconstruction * reconstruction
                accelerator.backward(critic_loss)
                critic_optimiser.step()

                # the generator, and with it the contrastive network: both minimise the same cross-entropy
                critic.requires_grad_(False)
                with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    judged, read = critic(fake)
                adversarial = game.generator(real_logits.detach(), judged.float())
                generator_information = information(types, read.float(), codes_there, others=settings.others)
                generator_loss = adversarial + settings.information * generator_information
                if contrasting:
                    with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                        other = generator_shared(inputs(other_codes, noise))
                        guess = contrast_shared(torch.cat([fake, other], dim=1)).float()
                    shared_there = shared.to(device)
                    contrastive_loss = cross_entropy(guess, shared_there)
                    generator_loss = generator_loss + settings.contrastive * contrastive_loss
                    guessed_right = (guess.argmax(1) == shared_there).float().mean()
                    contrast_optimiser.zero_grad()
                accelerator.backward(generator_loss)
                generator_optimiser.step()
                critic.requires_grad_(True)
                measured = {
                    "critic_loss": critic_loss,
                    "generator_loss": generator_loss,
                    "information_loss": generator_information,
                    "real_logit": real_logits.mean(),
                    "fake_logit": fake_logits.mean(),
                }
                if settings.reconstruction:
                    measured["reconstruction_loss"] = reconstruction
                if contrasting:
                    contrast_optimiser.step()
                    measured["contrastive_accuracy"] = guessed_right

            position = Position(step + 1, (step + 1) * settings.batch, time.monotonic() - started)
            update_average(average, network, batch=settings.batch, seen=position.images, half_life=settings.half_life)
            progress.update(settings.batch)
            last = position.step == steps
            logging = position.step % settings.log_every == 0 or last
            if logging:
                figures = means(accelerator, measured)
            if run and logging:
                figures["images_per_second"] = settings.batch / (position.seconds / position.step)
                run.log(position, figures)
                progress.set_postfix({name: f"{value:.3f}" for name, value in figures.items() if name in SHOWN})
            stopping = any_of(accelerator, bool(stopped))  # asked once, so that what stops here is saved here
            saving = position.step % settings.save_every == 0 or last or stopping
            if run and (saving or position.step in frames):
                thorough = saving
                settle_statistics(average.generator, average_batch, STATISTICS_BATCHES if thorough else GLANCE_BATCHES)
                pictures = traversals(average, draw=average.generator, inputs=inputs)
            if run and position.step in frames:
                run.frame(position, pictures, SHEET_STEPS)
            if run and saving:
                run.sheet(position, pictures, SHEET_STEPS)
                run.save({name: item.state_dict() for name, item in everything.items()}, position)
            if run and position.step == contrastive_start and not settings.contrastive:
                run.save({name: item.state_dict() for name, item in everything.items()}, position, BRANCH)
            if stopping:
                leave(accelerator, position)
    progress.close()
    accelerator.wait_for_everyone()
    if run:
        run.close()
        settle_statistics(average.generator, average_batch)
        shipped = finished(average)
        pictures = grid.render(grid.random_factors(SEAM_PICTURES, np.random.default_rng(settings.seed)))
        shipped.turns.copy_(torch.from_numpy(seams(types, encode(shipped, pictures))))
        export_network(
            settings,
            run.folder,
            position,
            family="infogan",
            network=shipped,
            template=RENDERED_CARD,
            training=position.images,
        )
    return settings.out
