"""A training on two processes is the training on one: the same batch, the same losses, the same networks."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from models.loading import ROOT
from tests.test_trainer import arguments, logged, tensors
from trainer.augmentation import augment
from trainer.processes import Part

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
OPTIONS = "--images 48 --log-every 1 --validation 4 --width 2 --augment 0.9 --precision fp32 --learning-rate 0.003"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 pictures of noise of different brightness."""
    folder = tmp_path_factory.mktemp("noise")
    randomness = np.random.default_rng(0)
    for number in range(24):
        noise = randomness.integers(0, 60, (16, 16)) + randomness.integers(0, 190)
        Image.fromarray(noise.astype(np.uint8)).save(folder / f"{number:02}.png")
    return folder


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A command on processors, with one thread each."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def places(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same training by one process, and by two."""
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    run(sys.executable, "-m", "trainer", *arguments(pictures, one, *OPTIONS.split()))
    run(*TORCHRUN, "-m", "trainer", *arguments(pictures, two, *OPTIONS.split()))
    return one, two


def test_the_losses_are_the_same(places: tuple[Path, Path]) -> None:
    one, two = (logged(place) for place in places)
    assert [line["step"] for line in one] == [line["step"] for line in two] == [1, 2, 3, 4, 5, 5, 6, 6]
    for name in ("discriminator_loss", "generator_loss", "real_logit", "fake_logit"):
        alone, together = (np.array([line[name] for line in log if name in line]) for log in (one, two))
        assert np.ptp(alone) > 0.05  # it learns
        assert np.abs(alone - together).max() < 1e-4, (name, alone, together)  # logged with five places


def test_the_networks_are_the_same(places: tuple[Path, Path]) -> None:
    one, two = (tensors(place) for place in places)
    assert one.keys() == two.keys()
    farthest = max(float((one[name].float() - two[name].float()).abs().max()) for name in one)
    assert farthest < 1e-4


def test_scenes_to_order_are_learned_alike(tmp_path: Path) -> None:
    small = ["--images", "40", "--batch", "8", "--width", "2", "--critic-width", "2", "--noise", "2", "--frames", "0"]
    places = [tmp_path / name for name in ("one", "two")]
    for place, command in zip(places, ([sys.executable], TORCHRUN), strict=True):
        folders = ["--out", str(place / "weights" / "scenes"), "--run-folder", str(place / "run")]
        run(*command, "-m", "trainer", "conditional", *small, "--log-every", "1", *folders)
    one, two = (logged(place) for place in places)
    assert len(one) == len(two) == 5
    for name in one[0].keys() - {"step", "images"}:
        alone, together = (np.array([line[name] for line in log]) for log in (one, two))
        assert np.abs(alone - together).max() < 0.02 * np.ptp(alone), (name, alone, together)  # bfloat16 may be in use


def test_a_part_is_augmented_as_in_the_whole_batch() -> None:
    x = torch.rand(8, 3, 16, 16, generator=torch.Generator().manual_seed(0))

    def augmented(part: Part, seed: int) -> torch.Tensor:
        randomness = torch.Generator().manual_seed(seed)
        return augment(x[part.of(8)], probability=0.7, low_resolution=0.7, randomness=randomness, part=part)

    for seed in range(5):
        halves = [augmented(part, seed) for part in (Part(0, 2), Part(1, 2))]
        assert torch.equal(torch.cat(halves), augmented(Part(0, 1), seed))
        assert not torch.equal(halves[0], halves[1])


NORMALISE = """
import torch
from accelerate import Accelerator
from torch import nn
from trainer.processes import Part, share_statistics

accelerator = Accelerator()
part = Part(accelerator.process_index, accelerator.num_processes)
assert part.processes == 2
x = torch.randn(6, 3, 4, 4, generator=torch.Generator().manual_seed(0)) * 2 + 5
target = torch.randn(6, 3, 4, 4, generator=torch.Generator().manual_seed(1))

def measure(norm, x, target):
    x.requires_grad_(True)
    y = norm(x)
    (slope,) = torch.autograd.grad(((y - target) ** 2 * y).sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.square().sum(), x)
    return [y.detach(), slope.detach(), bend, norm.running_mean.clone(), norm.running_var.clone()]

def fresh():
    norm = nn.BatchNorm2d(3)
    with torch.no_grad():
        norm.weight.copy_(torch.tensor([1.0, 2.0, 3.0]))
        norm.bias.copy_(torch.tensor([0.0, 0.5, 1.0]))
    return nn.Sequential(norm)

alone = measure(fresh()[0], x.clone(), target)
shared = fresh()
share_statistics(shared)
mine = part.of(6)
together = measure(shared[0], x[mine].clone(), target[mine])
for number, (whole, ours) in enumerate(zip(alone, together)):
    expected = whole[mine] if number < 3 else whole
    scale = expected.abs().max()
    assert torch.allclose(ours / scale, expected / scale, atol=1e-5), (number, (ours - expected).abs().max(), scale)
shared.eval()
if part.process == 0:
    shared(x[:1])  # does not wait for the others
accelerator.end_training()
"""


def test_shared_statistics_normalise_as_the_whole_batch_does(tmp_path: Path) -> None:
    """Values, first and second derivative, running statistics."""
    script = tmp_path / "normalise.py"
    script.write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{NORMALISE}")
    run(*TORCHRUN, str(script))
