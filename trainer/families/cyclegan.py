"""Trains translators between two domains without pairs: `python -m trainer cyclegan --help`.

Zhu, Park, Isola, Efros, "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", 2017. With
`--discriminator projected` each generator also plays against a projected discriminator (trainer.pretrained), and with
`--perceptual` the picture that comes back is compared with the first one by pretrained features, too. The
discriminators of patches learn in any case: the page's warning of unlikely pictures reads them.
"""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import l1_loss

from data.domains import domains_of, read_both
from data.folders import split
from models.errors import InvalidInput
from models.pixels import Pictures, to_network, to_pictures
from models.precision import supports_bfloat16
from models.translation import Translation, TranslationConfig, discriminator_features, distances
from trainer.average import average_of, update_average
from trainer.cards import TRANSLATION_CARD
from trainer.export import export_network
from trainer.losses import GAMES
from trainer.pretrained.opponent import opponents
from trainer.pretrained.perceptual import at_random_offset, perceptual_loss
from trainer.processes import (
    WHOLE,
    Part,
    accelerator_of,
    any_of,
    leave,
    means,
    open_run,
    part_of,
    progress_of,
)
from trainer.rates import decayed, set_rate
from trainer.replay import ReplayBuffer
from trainer.runs import Order, Position, randomness_at, stop_requested
from trainer.settings import REQUIRED, setting

SHEET_ROWS = 6  # held-out pictures of each domain on a sheet: x, G(x), F(G(x))
USUAL = 0.97  # share of the held-out pictures that are to count as usual


@dataclass(frozen=True)
class CycleGANTraining:
    """Settings of one training run."""

    data: Path = setting(
        REQUIRED, "folder or zip archive of pictures: a folder for each domain, or a table beside them"
    )
    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    domains: str = setting(
        REQUIRED, "the two folders, day,night, or choices by a column of a table, young=age:18-30,old=age:55-"
    )
    run_folder: Path | None = setting(None, "run folder for logs, sheets and the checkpoint (default: runs/NAME)")
    resume: bool = setting(False, "go on from the checkpoint in the run folder")
    seed: int = setting(0, "of all random draws", least=0)
    images: int = setting(200_000, "training length, in pictures of each domain", least=1)
    batch: int = setting(4, "pictures of each domain per step, over all processes", least=1)
    height: int = setting(256, "of the pictures, px", least=24)
    width: int = setting(256, "of the pictures, px", least=24)
    crop: int = setting(0, "side of the random squares that are trained on, px; 0 for whole pictures", least=0)
    channels: int = setting(3, "1 for grey, 3 for colour")
    architecture: Literal["light", "resnet"] = setting("light", "of the generators; resnet is the paper's")
    features: int = setting(32, "feature maps of the generators at their first layer", least=1)
    blocks: int = setting(6, "residual blocks of the generators", least=0)
    halvings: int = setting(1, "of the light generator, after its first", least=0)
    critic_features: int = setting(32, "feature maps of the discriminators at their first layer", least=1)
    merge: Literal["guided", "difference"] = setting("guided", "how results fit larger pictures, see models.merging")
    eyes: str = setting("", "of faces: X,Y,X,Y of the eyes, shares of the sides (default: as in faces128.zip)")
    discriminator: Literal["patch", "projected"] = setting(
        "patch", "projected: beside that of patches one on frozen features of a network pretrained on ImageNet"
    )
    cycle: float = setting(10.0, "weight λ of the cycle loss", least=0)
    perceptual: float = setting(0.0, "weight of the cycle's distance in features of that network", least=0)
    identity: float = setting(0.5, "weight of the identity loss, relative to the cycle loss", least=0)
    identity_every: int = setting(
        1, "steps from one identity loss to the next, which is as many times heavier", least=1
    )
    replay: int = setting(50, "earlier pictures kept for each discriminator", least=0)
    learning_rate: float = setting(2e-4, "of Adam, generators", least=0)
    critic_learning_rate: float = setting(2e-4, "of Adam, discriminators", least=0)
    decay: float = setting(0.5, "last share of the training over which the learning rates fall to 0", least=0, most=1)
    half_life: float = setting(5_000, "of the moving average of the generators, in pictures", least=0)
    without_discriminators: bool = setting(
        False, "leave them out of the weights folder, which is smaller then: no X-ray, no warning of unlikely pictures"
    )
    skip_unreadable: bool = setting(False, "go on without pictures that cannot be read, and list them")
    validation: int = setting(100, "pictures of each domain held out, the last by file name", least=SHEET_ROWS)
    precision: Literal["auto", "bf16", "fp32"] = setting("auto", "auto: bf16 where the device multiplies it")
    log_every: int = setting(100, "steps between two lines of the log", least=1)
    save_every: int = setting(500, "steps between two checkpoints and sheets", least=1)


def cut(pictures: Pictures, side: int, randomness: torch.Generator, part: Part = WHOLE) -> Pictures:
    """Pictures (N, H, W, C), each mirrored by chance and, with a side, cut to a random square. They are one part of a
    batch, and the draws are made for all of it."""
    height, width = pictures.shape[1:3]
    batch = len(pictures) * part.processes
    draws = torch.rand(batch, 3, generator=randomness)[part.of(batch)].tolist()
    parts = []
    for picture, (mirror, down, right) in zip(pictures, draws, strict=True):
        if side:
            top, left = int(down * (height - side + 1)), int(right * (width - side + 1))
            picture = picture[top : top + side, left : left + side]
        parts.append(picture[:, ::-1] if mirror < 0.5 else picture)
    return np.stack(parts)


def drawn_by(
    generator: Callable[[Tensor], Tensor], x: Tensor, other: Tensor, *, compares: bool
) -> tuple[Tensor, Tensor]:
    """What a generator makes of pictures of the first kind, and how far it changes those of the other kind, which are
    what it draws already (the identity loss; 0 unless asked for)."""
    if not compares:
        return generator(x).float(), x.new_zeros(())
    drawn, same = generator(torch.cat([x, other])).float().chunk(2)
    return drawn, l1_loss(same, other)


def numbers_of(eyes: str) -> tuple[float, ...]:
    """What `--eyes` says. Raises InvalidInput for other than numbers; how many there are is checked by the config."""
    try:
        return tuple(float(number) for number in eyes.split(",")) if eyes else ()
    except ValueError:
        raise InvalidInput(f"--eyes {eyes} are not numbers such as 0.26,0.25,0.74,0.25.") from None


def train(settings: CycleGANTraining) -> Path:
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
    asked = domains_of(settings.domains)
    domains = (asked[0].name, asked[1].name)
    config = TranslationConfig(
        domains=domains,
        architecture=settings.architecture,
        channels=settings.channels,
        width=settings.features,
        blocks=settings.blocks,
        halvings=settings.halvings,
        keeps=settings.architecture == "light",
        critic_width=settings.critic_features,
        pixels=settings.height * settings.width,
        merge=settings.merge,
        eyes=numbers_of(settings.eyes),
    )
    if any(side % config.step for side in (settings.height, settings.width, settings.crop)):
        raise InvalidInput(f"--height, --width and --crop have to be multiples of {config.step} for these generators.")
    if settings.crop > min(settings.height, settings.width) or 0 < settings.crop < 24:
        raise InvalidInput(f"--crop {settings.crop} has to be 0, or from 24 px to the shorter side.")

    least = settings.validation + settings.batch
    shape: dict[str, Any] = {"height": settings.height, "width": settings.width, "channels": settings.channels}
    pictures = read_both(settings.data, asked, **shape, least=least, skip_unreadable=settings.skip_unreadable)
    training, held_out = zip(*(split(domain, settings.validation) for domain in pictures), strict=True)
    orders = [Order(len(domain), seed=settings.seed + number) for number, domain in enumerate(training)]

    torch.manual_seed(settings.seed)  # initial weights
    network = Translation(config).to(device)
    there, back = network.generators
    second_critic, first_critic = network.critics  # each judges what the generator of the same place drew
    average = average_of(network.generators)
    generator_optimiser, critic_optimiser = (
        torch.optim.Adam(side.parameters(), lr=rate, betas=(0.5, 0.999), fused=True)
        for side, rate in (
            (network.generators, settings.learning_rate),
            (network.critics, settings.critic_learning_rate),
        )
    )
    buffers = [ReplayBuffer(settings.replay), ReplayBuffer(settings.replay)]
    projected = opponents(
        2 if settings.discriminator == "projected" else 0,
        settings.crop or settings.height,
        settings.crop or settings.width,
        seed=settings.seed,
        learning_rate=settings.critic_learning_rate,
        bfloat16=bfloat16,
        device=device,
    )  # of the first domain and of the second
    perceptual = perceptual_loss(settings.perceptual, device)
    everything: dict[str, Any] = {
        "network": network,
        "average": average,
        "generator_optimiser": generator_optimiser,
        "critic_optimiser": critic_optimiser,
        "first_buffer": buffers[0],
        "second_buffer": buffers[1],
    }
    everything |= dict(zip(("first_opponent", "second_opponent"), projected, strict=False))
    game = GAMES["least-squares"]

    run, position = open_run(accelerator, settings, everything, bfloat16=bfloat16)
    # the same objects, wrapped so that several processes average their gradients
    there_shared, back_shared, first_shared, second_shared = accelerator.prepare(
        there, back, first_critic, second_critic
    )
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
            chosen = [order.batch(step * settings.batch, settings.batch)[mine] for order in orders]
            first, second = (
                to_network(cut(domain[indices], settings.crop, randomness, part)).to(device)
                for domain, indices in zip(training, chosen, strict=True)
            )

            compares = settings.identity > 0 and (step + 1) % settings.identity_every == 0

            # both generators: fool the discriminators, come back, leave alone what is there already
            network.critics.requires_grad_(False)
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                drawn_second, changed_second = drawn_by(there_shared, first, second, compares=compares)
                drawn_first, changed_first = drawn_by(back_shared, second, first, compares=compares)
                again_first, again_second = back_shared(drawn_second).float(), there_shared(drawn_first).float()
                judged_first, judged_second = first_critic(drawn_first).float(), second_critic(drawn_second).float()
            adversarial = game.generator(judged_first, judged_first) + game.generator(judged_second, judged_second)
            cycle = l1_loss(again_first, first) + l1_loss(again_second, second)
            identity = (changed_first + changed_second) * settings.identity_every
            generator_loss = adversarial + settings.cycle * (cycle + settings.identity * identity)
            measured = {"adversarial_loss": adversarial, "cycle_loss": cycle, "identity_loss": identity}
            looks = [
                opponent.look(real, drawn, randomness)
                for opponent, real, drawn in zip(projected, (first, second), (drawn_first, drawn_second), strict=False)
            ]
            if looks:
                fooling = [opponent.generator_loss(look) for opponent, look in zip(projected, looks, strict=True)]
                measured["projected_loss"] = torch.stack(fooling).sum()
                generator_loss = generator_loss + measured["projected_loss"]
            if perceptual is not None:
                with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    seen = at_random_offset(again_first, first, again_second, second, seed=settings.seed, step=step)
                    measured["perceptual_loss"] = perceptual(*seen[:2]) + perceptual(*seen[2:])
                generator_loss = generator_loss + settings.perceptual * measured["perceptual_loss"]
            generator_optimiser.zero_grad()
            accelerator.backward(generator_loss)
            generator_optimiser.step()

            # both discriminators, on what was drawn now and earlier
            network.critics.requires_grad_(True)
            shown_first, shown_second = (
                buffer.exchange(accelerator.gather(drawn.detach()), randomness)[mine]  # the same in every process
                for buffer, drawn in zip(buffers, (drawn_first, drawn_second), strict=True)
            )
            critic_losses = []
            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                for critic, real, shown in (
                    (first_shared, first, shown_first),
                    (second_shared, second, shown_second),
                ):
                    real_logits, fake_logits = critic(torch.cat([real, shown])).float().chunk(2)
                    critic_losses.append(game.discriminator(real_logits, fake_logits))
            critic_optimiser.zero_grad()
            accelerator.backward(sum(critic_losses))
            critic_optimiser.step()
            measured |= {f"{domain}_critic_loss": loss for domain, loss in zip(domains, critic_losses, strict=True)}
            for domain, opponent, look in zip(domains, projected, looks, strict=False):
                measured[f"{domain}_opponent_loss"] = opponent.learn(look, accelerator, rate=factor)

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
                progress.set_postfix(G=f"{figures['adversarial_loss']:.3f}", cycle=f"{figures['cycle_loss']:.3f}")
            stopping = any_of(accelerator, bool(stopped))  # asked once, so that what stops here is saved here
            if run and (position.step % settings.save_every == 0 or last or stopping):
                run.sheet(position, sheet(average, held_out), 2 * SHEET_ROWS)
                run.save({name: item.state_dict() for name, item in everything.items()}, position)
            if stopping:
                leave(accelerator, position)
    progress.close()
    accelerator.wait_for_everyone()
    if run:
        run.close()
        network.generators.load_state_dict(average.state_dict())
        shipped = network.cpu().eval()
        if settings.without_discriminators:
            shipped = generators_alone(shipped)
        else:
            measure_likeness(shipped, training, held_out)
        export_network(
            settings,
            run.folder,
            position,
            family="cyclegan",
            network=shipped,
            template=TRANSLATION_CARD,
            domains=f"{domains[0]} and {domains[1]}, unpaired",
            training=sum(map(len, training)),
        )
    return settings.out


def generators_alone(network: Translation) -> Translation:
    """A network without its discriminators."""
    alone = Translation(replace(network.config, critic_width=0)).eval()
    alone.generators.load_state_dict(network.generators.state_dict())
    return alone


@torch.no_grad()
def sheet(generators: Any, held_out: tuple[Pictures, ...]) -> NDArray[np.uint8]:
    """Held-out pictures of both domains, what becomes of them, and what of that on the way back: three rows of
    columns (36, H, W, C)."""
    device = next(generators.parameters()).device
    rows = []
    for pictures, way in zip(held_out, itertools.permutations(generators), strict=True):
        x = to_network(pictures[:SHEET_ROWS]).to(device)
        y = way[0](x)
        rows.append(np.stack([pictures[:SHEET_ROWS], to_pictures(y), to_pictures(way[1](y))]))  # (3, n, H, W, C)
    together = np.concatenate(rows, axis=1)  # (3, 2n, H, W, C)
    return together.reshape(-1, *together.shape[2:])


def measure_likeness(network: Translation, training: tuple[Pictures, ...], held_out: tuple[Pictures, ...]) -> None:
    """Fills in what `models.translation.outlier_score` compares with: what is usual, from the training pictures, and
    where it ends, from the held-out ones."""
    for way, (seen, unseen) in enumerate(zip(training, held_out, strict=True)):
        features = torch.cat(
            [discriminator_features(network, seen[start : start + 32], way) for start in range(0, len(seen), 32)]
        )
        network.likeness_mean[way] = features.mean(0)
        network.likeness_deviation[way] = features.std(0).clamp_min(1e-4)
        network.likeness_limit[way] = distances(network, discriminator_features(network, unseen, way), way).quantile(
            USUAL
        )
