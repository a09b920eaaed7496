"""Training speed: our loop against a plain float32 loop with the same networks, alternating in one run.

    python -m benchmarks.training [--threads 1] [--width 32] [--rounds 3]
    python -m benchmarks.training --device cuda [--batches 64,128,256,512]

The plain loop is the one of the PyTorch DCGAN example: float32, contiguous tensors, a DataLoader, fakes drawn once and
used for both steps, no augmentation and no average. Ours does more per step (augmentation, moving average, log) and
must still be at least 1.7 times as fast on a CPU that multiplies bfloat16.

With `--device` it is FastGAN against a projected discriminator at 128 px, pictures per second by batch: the loop as it
is, and with both networks compiled, which on CUDA replays graphs in place of launching thousands of kernels.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from data.folders import read_pictures
from models.gan import Discriminator, DiscriminatorConfig, Generator, GeneratorConfig
from models.pixels import to_network
from trainer.families.gan import GANTraining, train

PICTURES, BATCH, STEPS = 512, 32, 60
WARM_UP = 10  # steps that are not counted


def plain_loop(folder: Path, width: int) -> float:
    """Images per second of the plain loop."""
    pictures = to_network(read_pictures(folder, resolution=64, channels=3))
    loader = DataLoader(TensorDataset(pictures), batch_size=BATCH, shuffle=True, drop_last=True)
    generator, discriminator = Generator(GeneratorConfig(width=width)), Discriminator(DiscriminatorConfig(width=width))
    for network in (generator, discriminator):
        network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    optimisers = [torch.optim.Adam(n.parameters(), lr=2e-4, betas=(0.5, 0.999)) for n in (generator, discriminator)]
    loss = nn.BCEWithLogitsLoss()
    real, fake = torch.ones(BATCH), torch.zeros(BATCH)
    done = 0
    while True:
        for (x,) in loader:
            drawn = generator(torch.randn(BATCH, 100))
            optimisers[1].zero_grad()
            loss(discriminator(x), real).backward()
            loss(discriminator(drawn.detach()), fake).backward()
            optimisers[1].step()
            optimisers[0].zero_grad()
            loss(discriminator(drawn), real).backward()
            optimisers[0].step()
            done += 1
            if done == WARM_UP:
                started = time.perf_counter()
            if done == WARM_UP + STEPS:
                return STEPS * BATCH / (time.perf_counter() - started)


def fastgan_loop(folder: Path, batch: int, steps: int, compiled: bool) -> float:
    """Images per second of FastGAN against a projected discriminator, from the log of the trainer."""
    with tempfile.TemporaryDirectory() as place:
        settings = GANTraining(
            data=folder,
            out=Path(place) / "weights",
            run_folder=Path(place) / "run",
            generator="fastgan",
            discriminator="projected",
            loss="hinge",
            augmentation="strong",
            momentum=0.0,
            resolution=128,
            latent_size=128,
            images=2 * steps * batch,
            batch=batch,
            validation=0,
            snapshots=1,
            log_every=steps,
            save_every=10**9,
            frames=0,
            compile=compiled,
        )
        train(settings)
        lines = [json.loads(line) for line in (Path(place) / "run" / "log.jsonl").read_text().splitlines()]
    seconds: dict[int, float] = {line["step"]: line["seconds"] for line in lines}
    return steps * batch / (seconds[2 * steps] - seconds[steps])  # the first half compiles and warms up


def by_batch(device: str, batches: list[int], steps: int) -> None:
    """Prints pictures per second of the loop as it is and compiled."""
    if device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("error: there is no CUDA device here; use --device cpu, or a machine with one.")
    os.environ["ACCELERATE_USE_CPU"] = "true" if device == "cpu" else "false"
    with tempfile.TemporaryDirectory() as folder:
        write_noise(Path(folder), max(PICTURES, *batches), 128)
        print(f"FastGAN and projected discriminator, 128 px, {device}, pictures/s over {steps} steps")
        print("batch      plain   compiled")
        for batch in batches:
            plain, compiled = (fastgan_loop(Path(folder), batch, steps, compiled) for compiled in (False, True))
            print(f"{batch:5} {plain:10.1f} {compiled:10.1f}   {compiled / plain:.2f} times", flush=True)


def write_noise(folder: Path, count: int, side: int) -> None:
    """Pictures of noise as PNG files."""
    randomness = np.random.default_rng(0)
    for number in range(count):
        Image.fromarray(randomness.integers(0, 256, (side, side, 3), dtype=np.uint8)).save(folder / f"{number:04}.png")


def our_loop(folder: Path, width: int) -> float:
    """Images per second of `python -m trainer gan`, from its own log."""
    with tempfile.TemporaryDirectory() as place:
        settings = GANTraining(
            data=folder,
            out=Path(place) / "weights",
            run_folder=Path(place) / "run",
            images=(WARM_UP + STEPS) * BATCH,
            batch=BATCH,
            width=width,
            validation=0,
            snapshots=1,
            log_every=WARM_UP,
            save_every=10**9,
            frames=0,
        )
        train(settings)
        lines = [json.loads(line) for line in (Path(place) / "run" / "log.jsonl").read_text().splitlines()]
    seconds: dict[int, float] = {line["step"]: line["seconds"] for line in lines}
    return STEPS * BATCH / (seconds[WARM_UP + STEPS] - seconds[WARM_UP])


def main() -> None:
    """Prints the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="of torch")
    parser.add_argument("--width", type=int, default=32, help="of both networks")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions of each loop")
    parser.add_argument("--device", choices=("cpu", "cuda"), help="measure FastGAN at 128 px on this device instead")
    parser.add_argument("--batches", default="64,128,256,512", help="with --device, pictures a step")
    parser.add_argument("--steps", type=int, default=50, help="with --device, steps that are counted")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.device:
        by_batch(options.device, [int(batch) for batch in options.batches.split(",")], options.steps)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_noise(Path(folder), PICTURES, 64)
        rates: dict[str, list[float]] = {"plain": [], "ours": []}
        for _ in range(options.rounds):
            rates["plain"].append(plain_loop(Path(folder), options.width))
            rates["ours"].append(our_loop(Path(folder), options.width))
    plain, ours = (statistics.median(rates[name]) for name in ("plain", "ours"))
    print(f"width {options.width}, {options.threads} thread(s), batch {BATCH}, median of {options.rounds}")
    print(f"plain float32 loop  {plain:7.1f} images/s")
    print(f"our loop            {ours:7.1f} images/s   {ours / plain:.2f} times")


if __name__ == "__main__":
    main()
