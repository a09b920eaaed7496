"""Trains an upscaler: `python -m trainer super-resolution --help`.

Faithful ones by the distance to the true picture (L1, then MSE). `--adversarial` goes on from a faithful one as SRGAN
does (Ledig et al., "Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network", 2017): a
discriminator asks for detail that looks real, what it notices is the feature loss, so that nothing has to be
downloaded, and the result, reduced again, has to be what was given. With `--discriminator projected` there is a second
game, against a projected discriminator, and with `--perceptual` a distance to the truth that weighs texture (Johnson et
al. 2016), both on features of a pretrained network, see trainer.pretrained.
"""

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, l1_loss, mse_loss

from data.degradation import cut_to_multiple, degrade, degraded, random_degradation
from data.folders import read_photographs
from metrics.restoration import psnr
from models.architectures.translators import PatchDiscriminator
from models.architectures.upscalers import PlainUpscaler
from models.errors import InvalidInput, UnusableData
from models.merging import LUMA
from models.pixels import Pictures, resize, to_network, to_pictures
from models.precision import supports_bfloat16
from models.super_resolution import SuperResolution, SuperResolutionConfig
from trainer.average import average_of, update_average
from trainer.cards import SUPER_RESOLUTION_CARD
from trainer.collapsible import Collapsible
from trainer.export import export_network
from trainer.families.super_resolution_start import add_identity, load_start
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
from trainer.rates import set_rate
from trainer.runs import Position, randomness_at, stop_requested
from trainer.settings import REQUIRED, setting

SHEET = 6  # held-out pictures on a sheet
SHEET_SIDE = 96  # px, of their middle squares
LAST_RATE = 0.02  # share of the learning rate at the end of its decay
LARGEST_NORM = 0.5  # of the gradient


@dataclass(frozen=True)
class SuperResolutionTraining:
    """Settings of one training run."""

    data: Path = setting(REQUIRED, "folder or zip archive of sharp pictures")
    out: Path = setting(REQUIRED, "weights folder to write, weights/NAME")
    run_folder: Path | None = setting(None, "run folder for logs, sheets and the checkpoint (default: runs/NAME)")
    start: Path | None = setting(None, "weights folder to go on from; it may be narrower, shallower, of another scale")
    resume: bool = setting(False, "go on from the checkpoint in the run folder")
    seed: int = setting(0, "of all random draws", least=0)
    scale: int = setting(4, "how many times larger, each side")
    features: int = setting(32, "feature maps", least=3)
    depth: int = setting(6, "convolutions between the first and the last", least=0)
    inner: int = setting(128, "feature maps inside the collapsible blocks; 0 for plain convolutions", least=0)
    images: int = setting(1_000_000, "training length, in random parts of pictures", least=1)
    batch: int = setting(16, "parts per step, over all processes", least=1)
    part: int = setting(48, "side of the small parts, px; 0 for whole pictures of one size", least=0)
    degradation: Literal["classic", "mixed", "twice"] = setting(
        "classic", "mixed: half of the parts with blur, noise and JPEG; twice: half of these once more"
    )
    luma: float = setting(1.0, "weight of the error in brightness, beside that of the colours", least=0)
    squared_from: float = setting(0.85, "share of the training after which errors are squared", least=0, most=1)
    adversarial: float = setting(0.0, "weight of the game against a discriminator; 0 for a faithful network", least=0)
    discriminator: Literal["patch", "projected"] = setting(
        "patch", "projected: beside that of patches one on frozen features of a network pretrained on ImageNet"
    )
    perceptual: float = setting(0.0, "weight of the distance to the truth in features of that network", least=0)
    matching: float = setting(0.0, "weight of the L1 distance of what the discriminator notices", least=0)
    consistency: float = setting(0.0, "weight of the L1 distance of the result, reduced again, to the input", least=0)
    critic_features: int = setting(32, "feature maps of the discriminator at its first layer", least=1)
    learning_rate: float = setting(1e-3, "of Adam", least=0)
    critic_learning_rate: float = setting(2e-4, "of Adam, discriminator", least=0)
    warm_up: int = setting(50, "steps over which the learning rate rises", least=0)
    decay: float = setting(0.4, "last share of the training over which the learning rate falls", least=0, most=1)
    half_life: float = setting(11_000, "of the moving average of the network, in parts", least=0)
    skip_unreadable: bool = setting(False, "go on without pictures that cannot be read, and list them")
    validation: int = setting(24, "pictures held out, the last by file name", least=SHEET)
    precision: Literal["auto", "bf16", "fp32"] = setting("auto", "auto: bf16 where the device multiplies it")
    log_every: int = setting(200, "steps between two lines of the log", least=1)
    save_every: int = setting(1000, "steps between two checkpoints and sheets", least=1)


def train(settings: SuperResolutionTraining) -> Path:
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
    invents = settings.adversarial > 0 or settings.perceptual > 0  # what such a network draws is no longer the mean
    config = SuperResolutionConfig(scale=settings.scale, width=settings.features, depth=settings.depth, invents=invents)
    if settings.discriminator == "projected" and not settings.adversarial:
        raise InvalidInput("--discriminator projected plays with a weight of 0; give it one with --adversarial.")
    training, held_out = read_sharp(settings)
    small = [degrade(picture, settings.scale) for picture in training]

    torch.manual_seed(settings.seed)  # initial weights
    shipped = SuperResolution(config)
    assert isinstance(shipped.upscaler, PlainUpscaler)
    if settings.start:
        load_start(settings.start, shipped.upscaler)
    else:
        add_identity(shipped.upscaler)
    network = Collapsible(shipped.upscaler, settings.inner).to(device)
    shipped.to(device)
    current, average = average_of(shipped.upscaler), average_of(shipped.upscaler)
    critic = PatchDiscriminator(3, width=settings.critic_features).to(device) if settings.adversarial else None
    optimiser = torch.optim.Adam(network.parameters(), lr=settings.learning_rate, fused=True)
    everything: dict[str, Any] = {"network": network, "average": average, "optimiser": optimiser}
    if critic is not None:
        critic_optimiser = torch.optim.Adam(
            critic.parameters(), lr=settings.critic_learning_rate, betas=(0.5, 0.999), fused=True
        )
        everything |= {"critic": critic, "critic_optimiser": critic_optimiser}
    height, width = (settings.part * settings.scale,) * 2 if settings.part else training[0].shape[:2]
    projected = opponents(
        1 if settings.discriminator == "projected" else 0,
        height,
        width,
        seed=settings.seed,
        learning_rate=settings.critic_learning_rate,
        bfloat16=bfloat16,
        device=device,
    )
    everything |= dict(zip(("opponent",), projected, strict=False))
    perceptual = perceptual_loss(settings.perceptual, device)
    game = GAMES["least-squares"]

    run, position = open_run(accelerator, settings, everything, bfloat16=bfloat16)
    # the same objects, wrapped so that several processes average their gradients
    shared = accelerator.prepare(network)
    critic_shared = accelerator.prepare(critic) if critic is not None else None
    for opponent in projected:
        opponent.share(accelerator, part)

    progress = progress_of(accelerator, settings, position, unit=" parts")
    started = time.monotonic() - position.seconds

    with stop_requested() as stopped:
        while position.step < steps:
            step = position.step
            rate = rate_at(step, steps, settings)
            set_rate(optimiser, settings.learning_rate * rate)
            randomness = np.random.default_rng([settings.seed, step, 0])  # of the whole batch, the same everywhere
            drawn = draw_parts(settings, training, small, settings.batch, randomness, part)
            x, truth, classic = (tensor.to(device) for tensor in drawn)

            with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                y = shared(x).float()
            squared = step >= settings.squared_from * steps
            error = distance(y, truth, luma=settings.luma, squared=squared)
            loss = error
            measured = {"error": error}
            if critic is not None and critic_shared is not None:
                critic.requires_grad_(False)
                with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    noticed = critic.notice(y)
                    judged = critic.judge(noticed).float()
                    noticed_truth = critic.notice(truth).detach()
                adversarial = game.generator(judged, judged)
                matching = l1_loss(noticed.float(), noticed_truth.float())
                loss = loss + settings.adversarial * adversarial + settings.matching * matching
                measured |= {"adversarial_loss": adversarial, "matching_loss": matching}
            looks = [opponent.look(truth, y, randomness_at(settings.seed, step)) for opponent in projected]
            for opponent, look in zip(projected, looks, strict=True):
                measured["projected_loss"] = opponent.generator_loss(look)
                loss = loss + settings.adversarial * measured["projected_loss"]
            if perceptual is not None:
                with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    seen = at_random_offset(y, truth, seed=settings.seed, step=step)
                    measured["perceptual_loss"] = perceptual(*seen)
                loss = loss + settings.perceptual * measured["perceptual_loss"]
            if config.invents:
                consistency = inconsistency(y, x, settings.scale)[classic[mine]].sum() * part.processes
                consistency = consistency / max(1, int(classic.sum()))
                loss = loss + settings.consistency * consistency
                measured["inconsistency"] = consistency
            optimiser.zero_grad()
            accelerator.backward(loss)
            accelerator.clip_grad_norm_(network.parameters(), LARGEST_NORM)
            optimiser.step()

            if critic is not None and critic_shared is not None:
                critic.requires_grad_(True)
                set_rate(critic_optimiser, settings.critic_learning_rate * rate)
                with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
                    real, fake = critic_shared(torch.cat([truth, y.detach()])).float().chunk(2)
                critic_loss = game.discriminator(real, fake)
                critic_optimiser.zero_grad()
                accelerator.backward(critic_loss)
                critic_optimiser.step()
                measured["critic_loss"] = critic_loss
            for opponent, look in zip(projected, looks, strict=True):
                measured["opponent_loss"] = opponent.learn(look, accelerator, rate=rate)

            position = Position(step + 1, (step + 1) * settings.batch, time.monotonic() - started)
            network.collapse(current)
            update_average(average, current, batch=settings.batch, seen=position.images, half_life=settings.half_life)
            progress.update(settings.batch)
            last = position.step == steps
            stopping = any_of(accelerator, bool(stopped))  # asked once, so that what stops here is saved here
            saving = position.step % settings.save_every == 0 or last or stopping
            logging = position.step % settings.log_every == 0 or saving
            if logging:
                figures = means(accelerator, measured)
            if run and logging:
                figures["images_per_second"] = settings.batch / (position.seconds / position.step)
                if saving:
                    figures["validation_psnr"] = validate(average, held_out, settings.scale, device)
                    progress.set_postfix(psnr=f"{figures['validation_psnr']:.3f}")
                run.log(position, figures)
            if run and saving:
                run.sheet(position, sheet(average, held_out, settings.scale, device), SHEET)
                run.save({name: item.state_dict() for name, item in everything.items()}, position)
            if stopping:
                leave(accelerator, position)
    progress.close()
    accelerator.wait_for_everyone()
    if run:
        run.close()
        shipped.upscaler.load_state_dict(average.state_dict())
        export_network(
            settings,
            run.folder,
            position,
            family="super-resolution",
            network=shipped.cpu().eval(),
            template=SUPER_RESOLUTION_CARD,
            training=len(training),
        )
    return settings.out


def read_sharp(settings: SuperResolutionTraining) -> tuple[list[Pictures], list[Pictures]]:
    """Training and held-out pictures, the last by file name. Raises UnusableData."""
    least = max(settings.part, 1) * settings.scale
    pictures = [
        cut_to_multiple(picture, settings.scale)
        for _, picture in read_photographs(settings.data, skip_unreadable=settings.skip_unreadable)
        if min(picture.shape[:2]) >= least
    ]
    if len(pictures) <= settings.validation:
        raise UnusableData(
            f"{settings.data} holds {len(pictures):,} pictures of at least {least} px a side, and "
            f"{settings.validation + 1:,} are needed; add pictures or hold out fewer."
        )
    if not settings.part and len({picture.shape for picture in pictures}) > 1:
        raise UnusableData(f"The pictures in {settings.data} differ in size; give the side of parts by --part.")
    return pictures[: -settings.validation], pictures[-settings.validation :]


def rate_at(step: int, steps: int, settings: SuperResolutionTraining) -> float:
    """The learning rate of a step relative to the highest: a rise, a plain, and half a cosine down."""
    rising = min(1.0, (step + 1) / max(1, settings.warm_up))
    falling = max(0.0, 1 - (1 - step / steps) / settings.decay) if settings.decay else 0.0  # 0 to 1
    return rising * (LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * falling)) / 2)


def draw_parts(
    settings: SuperResolutionTraining,
    training: list[Pictures],
    small: list[Pictures],
    count: int,
    randomness: np.random.Generator,
    part: Part = WHOLE,
) -> tuple[Tensor, Tensor, Tensor]:
    """Random parts of pictures, turned and mirrored.

    Args:
        settings: of the training.
        training, small: all sharp pictures, and the same reduced.
        count: how many are drawn, for all processes.
        randomness: of all of them.
        part: of those drawn that are made: n.

    Returns:
        small (n, 3, p, p), true (n, 3, sp, sp), and which of all are classic, bool (count,).
    """
    scale, mine = settings.scale, range(count)[part.of(count)]
    areas = np.array([picture.shape[0] * picture.shape[1] for picture in small], dtype=np.float64)
    pairs, classic = [], []
    for place, number in enumerate(randomness.choice(len(training), count, p=areas / areas.sum())):
        given, truth = small[number], training[number]
        if settings.part:
            top, left = (randomness.integers(side - settings.part + 1) for side in given.shape[:2])
            given = given[top : top + settings.part, left : left + settings.part]
            bottom, right = scale * (top + settings.part), scale * (left + settings.part)
            truth = truth[scale * top : bottom, scale * left : right]
        classic.append(settings.degradation == "classic" or randomness.random() < 0.5)
        first = None if classic[-1] else random_degradation(given.shape[0], given.shape[1], scale, randomness)
        twice = first is not None and settings.degradation == "twice" and randomness.random() < 0.5
        again = random_degradation(given.shape[0], given.shape[1], 1, randomness) if twice else None
        turns, mirrored = int(randomness.integers(4)) if settings.part else 0, randomness.random() < 0.5
        if place in mine:
            if first:
                given = degraded(np.ascontiguousarray(truth), scale, first)
            if again:
                given = degraded(given, 1, again)
            pairs.append([np.rot90(side[:, ::-1] if mirrored else side, turns) for side in (given, truth)])
    x, y = (to_network(np.stack(side)) for side in zip(*pairs, strict=True))
    return x, y, torch.tensor(classic)


def distance(y: Tensor, truth: Tensor, *, luma: float, squared: bool) -> Tensor:
    """L1 distance, or MSE, of colours plus `luma` times that of brightness; (N, 3, H, W) to a scalar."""
    measure = mse_loss if squared else l1_loss
    loss = measure(y, truth)
    if luma:
        weights = y.new_tensor(LUMA).view(3, 1, 1)
        loss = loss + luma * measure((y * weights).sum(1), (truth * weights).sum(1))
    return loss


def inconsistency(y: Tensor, x: Tensor, scale: int) -> Tensor:
    """Mean distance of each result (N, 3, sH, sW), reduced again, to what was given (N, 3, H, W): (N,)."""
    again = interpolate(y, scale_factor=1 / scale, mode="bicubic", antialias=True)
    return (again - x).abs().mean(dim=(1, 2, 3))


@torch.inference_mode()
def enlarge(network: nn.Module, picture: Pictures, device: torch.device) -> Pictures:
    """A small picture (H, W, 3) in one piece and in float32: (sH, sW, 3)."""
    result: Pictures = to_pictures(network(to_network(picture[None]).to(device)))[0]
    return result


def validate(network: nn.Module, held_out: list[Pictures], scale: int, device: torch.device) -> float:
    """Mean PSNR of luma over the held-out pictures, classic protocol, dB."""
    values = [psnr(enlarge(network, degrade(picture, scale), device), picture, border=scale) for picture in held_out]
    return float(np.mean(values))


def sheet(network: nn.Module, held_out: list[Pictures], scale: int, device: torch.device) -> Pictures:
    """Middle squares of held-out pictures: enlarged bicubically, by the network, and the truth: (3 n, S, S, 3)."""
    side = min(SHEET_SIDE, *(min(picture.shape[:2]) for picture in held_out[:SHEET]))
    rows: list[list[Pictures]] = [[], [], []]
    for picture in held_out[:SHEET]:
        given = degrade(picture, scale)
        height, width = picture.shape[:2]
        top, left = (height - side) // 2, (width - side) // 2
        kinds = (resize(given, height, width), enlarge(network, given, device), picture)
        for row, kind in zip(rows, kinds, strict=True):
            row.append(kind[top : top + side, left : left + side])
    return np.stack([picture for row in rows for picture in row])
