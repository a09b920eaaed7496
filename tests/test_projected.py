"""Pretrained features and the projected discriminator: what they see, what learns, and the training with them."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from skimage import data

from models import load
from models.errors import UnusableData
from models.gan import generate, judge
from models.pixels import Pictures, to_network
from models.quantization import stored_in_8_bits
from trainer.__main__ import main
from trainer.augmentation import strong_augment
from trainer.evaluation.judge import lite0_distances
from trainer.losses import discriminator_hinge, generator_hinge
from trainer.pretrained import lite0
from trainer.pretrained.projected import ProjectedDiscriminator, ProjectedFeatures, head

TABBY_TO_EGYPTIAN = range(281, 286)  # ImageNet's cats
ESPRESSO = 967


def square(picture: Pictures, side: int = 224) -> Pictures:
    """The middle of a picture (H, W, 3), reduced: (1, side, side, 3)."""
    least = min(picture.shape[:2])
    top, left = (picture.shape[0] - least) // 2, (picture.shape[1] - least) // 2
    cut = Image.fromarray(picture[top : top + least, left : left + least]).resize((side, side))
    return np.asarray(cut, dtype=np.uint8)[None]


def named(picture: Pictures) -> int:
    """ImageNet's class of a picture, by our features and the classifier of the package."""
    published = torch.load(lite0.weights_file(), weights_only=True)
    with torch.no_grad():
        maps = lite0.lite0()(to_network(square(picture)))
        x = torch.nn.functional.conv2d(maps[-1], published["_conv_head.weight"])
        mean, variance, gain, bias = (
            published[f"_bn1.{name}"] for name in ("running_mean", "running_var", "weight", "bias")
        )
        x = torch.nn.functional.batch_norm(x, mean, variance, gain, bias, eps=lite0.EPSILON)
        pooled = torch.nn.functional.relu6(x).mean((2, 3))
        return int((pooled @ published["_fc.weight"].T + published["_fc.bias"]).argmax())


def test_the_pretrained_features_know_a_cat_and_an_espresso() -> None:
    assert named(data.chelsea()) in TABBY_TO_EGYPTIAN
    assert named(data.coffee()) == ESPRESSO


def test_without_the_package_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lite0, "PACKAGE", "no_such_package")
    with pytest.raises(UnusableData, match=r"requirements-train\.txt"):
        lite0.lite0()


def test_what_is_in_pictures_is_the_mean_of_the_last_map() -> None:
    network, cat = lite0.lite0(), data.chelsea()
    pictures = np.stack([cat[:96, :128], cat[100:196, 40:168]])
    found = lite0.last_features(network, pictures)
    last = network(to_network(pictures))[-1]
    assert found.shape == (2, 320) and np.allclose(found, last.mean((2, 3)).numpy(), atol=1e-4)
    grey = pictures[..., :1]
    assert np.allclose(
        lite0.last_features(network, grey), lite0.last_features(network, grey.repeat(3, axis=3)), atol=1e-5
    )
    real = np.concatenate([pictures, pictures[:, ::-1]])
    same, others = lite0_distances(real, real, pictures)
    assert same < 1e-3 < others


def test_features_are_frozen_repeatable_and_take_grey() -> None:
    features, again = ProjectedFeatures(seed=1), ProjectedFeatures(seed=1)
    assert not any(parameter.requires_grad for parameter in features.parameters())
    x = torch.rand(2, 1, 128, 128) * 2 - 1
    x.requires_grad_(True)
    maps = features(x)
    assert [tuple(m.shape[1:]) for m in maps] == [(64, 48, 48), (128, 24, 24), (256, 12, 12), (512, 6, 6)]
    with torch.no_grad():
        assert all(torch.equal(a, b) for a, b in zip(maps, again(x.expand(-1, 3, -1, -1)), strict=True))
        assert not torch.equal(maps[0], ProjectedFeatures(seed=2)(x)[0])
    maps[0].sum().backward()  # the way back to the generator is open
    assert x.grad is not None and float(x.grad.abs().sum()) > 0


def test_every_head_decides_at_nine_places() -> None:
    torch.manual_seed(0)
    discriminator = ProjectedDiscriminator()
    maps = [torch.randn(2, width, side, side) for width, side in ((64, 48), (128, 24), (256, 12), (512, 6))]
    assert [tuple(logits.shape) for logits in discriminator(maps)] == [(2, 9)] * 4
    assert head(8, 4)(torch.randn(2, 8, 4, 4)).shape == (2, 1, 1, 1)


def test_hinge_losses_of_known_logits() -> None:
    real, fake = torch.tensor([2.0, 0.0]), torch.tensor([-3.0, 1.0])
    assert float(discriminator_hinge(real, fake)) == pytest.approx(0.5 + 1.0)  # (0 + 1) / 2 + (0 + 2) / 2
    assert float(generator_hinge(real, fake)) == pytest.approx(1.0)


def test_strong_augmentation_moves_and_hides_known_amounts() -> None:
    x = torch.ones(64, 3, 32, 32, requires_grad=True)
    seen = strong_augment(x, randomness=torch.Generator().manual_seed(0))
    assert seen.shape == x.shape
    hidden = (seen == 0).all(1).float().mean((1, 2))  # share of each picture
    assert float(hidden.max()) < 0.6 and float(hidden.mean()) > 0.1
    levels = torch.stack([picture[picture != 0].unique().median() for picture in seen.detach()])
    assert float(levels.min()) > 0.4 and float(levels.max()) < 1.6  # brightness by up to a half
    seen.sum().backward()
    assert x.grad is not None and (x.grad.abs().sum((1, 2, 3)) > 0).all()
    again = strong_augment(x, randomness=torch.Generator().manual_seed(0))
    assert torch.equal(seen, again)


def test_translation_moves_whole_pixels_and_fills_with_grey() -> None:
    ramp = (torch.arange(32.0) + 1).expand(128, 1, 32, 32)  # every row 1 … 32
    flat = torch.zeros(128, 7, 1, 1, 1)
    seen = strong_augment(ramp, randomness=torch.Generator().manual_seed(1))
    assert flat.shape[0] == len(seen)
    for picture in seen[:, 0]:
        row = next((line for line in picture if (line != 0).sum() > 10), None)
        if row is not None:  # differences between neighbours that are both shown are all alike: contrast and no more
            steps = (row[1:] - row[:-1])[(row[1:] != 0) & (row[:-1] != 0)]
            assert float(steps.max() - steps.min()) < 1e-4


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    randomness = np.random.default_rng(0)
    for number in range(12):
        colour, rows = randomness.integers(0, 256, 3), np.mgrid[:64, :64][0][..., None]
        Image.fromarray((colour * rows / 63).astype(np.uint8)).save(folder / f"{number:03}.png")
    return folder


def arguments(pictures: Path, place: Path, *more: object) -> list[str]:
    words = ["gan", "--data", pictures, "--more-data", pictures, "--out", place / "weights" / "colours"]
    words += ["--run-folder", place / "run", "--generator", "fastgan", "--discriminator", "projected"]
    words += ["--loss", "hinge", "--augmentation", "strong", "--momentum", 0, "--resolution", 64, "--latent-size", 8]
    words += ["--batch", 4, "--images", 16, "--validation", 4, "--hold-out", "spread", "--log-every", 1]
    words += ["--widths", "8,8,6,4,4", "--second", "8,16", "--save-every", 2, "--frames", 1, "--warm-up", 4]
    return [str(word) for word in [*words, *more]]


def tensors(place: Path) -> dict[str, torch.Tensor]:
    return load_file(place / "weights" / "colours" / "model.safetensors")


@pytest.fixture(scope="module")
def trained(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("trained")
    assert main(arguments(pictures, place)) == 0
    return place


def test_from_command_to_pictures(trained: Path) -> None:
    folder = trained / "weights" / "colours"
    assert generate(load(folder), seed=1, count=2).shape == (2, 64, 64, 3)
    assert not (folder / "discriminator").exists()  # it needs the pretrained features, and plays no games
    lines = [json.loads(line) for line in (trained / "run" / "log.jsonl").read_text().splitlines()]
    losses = [line["generator_loss"] for line in lines if "generator_loss" in line]
    assert losses[0] == 0 and all(loss != 0 for loss in losses[1:])  # the first batch is the discriminator's alone
    card = (folder / "README.md").read_text()
    assert "EfficientNet-Lite0" in card and "Apache" in card and "projected" in card


def test_a_stopped_training_goes_on_exactly(pictures: Path, trained: Path, tmp_path: Path) -> None:
    state = torch.load(trained / "run" / "checkpoint.pt", weights_only=True)
    assert state["position"]["step"] == 4
    assert main(arguments(pictures, tmp_path)) == 0
    again = tensors(tmp_path)
    assert all(torch.equal(again[name], tensor) for name, tensor in tensors(trained).items())


def test_a_training_goes_on_from_another_run(pictures: Path, trained: Path, tmp_path: Path) -> None:
    assert main(arguments(pictures, tmp_path, "--start-run", trained / "run", "--learning-rate", 0)) == 0
    before = torch.load(trained / "run" / "checkpoint.pt", weights_only=True)["generator"]
    after = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)["generator"]
    assert torch.equal(before["to_picture.weight"], after["to_picture.weight"])


def test_what_does_not_go_together_is_said(
    pictures: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(pictures, tmp_path, "--warm-up", 16)) == 1
    assert "--warm-up 16 leaves none of the 16 pictures" in capsys.readouterr().err
    assert main(arguments(pictures, tmp_path, "--penalty", 1)) == 1
    assert "--penalty" in capsys.readouterr().err
    assert main(arguments(pictures, tmp_path / "b", "--start-run", trained / "run", "--latent-size", 9)) == 1
    assert "other networks" in capsys.readouterr().err


def test_a_rival_is_trained_against_a_finished_generator(pictures: Path, trained: Path) -> None:
    folder = trained / "weights" / "colours"
    words = ["rival", folder, "--data", pictures, "--images", 640, "--batch", 16, "--drawn", 256, "--validation", 4]
    assert main([str(word) for word in [*words, "--width", 8, "--learning-rate", 0.002, "--more-data", pictures]]) == 1
    words[words.index("--batch") + 1] = 8
    assert main([str(word) for word in [*words, "--width", 8, "--learning-rate", 0.002, "--storage", "int8"]]) == 0
    assert stored_in_8_bits(folder / "discriminator" / "model.safetensors")
    rival = load(folder, part="discriminator")
    real = np.stack([np.asarray(Image.open(file)) for file in sorted(pictures.glob("*.png"))])
    fake = generate(load(folder), seed=5, count=12)
    assert judge(rival, real).mean() > judge(rival, fake).mean() + 1
    assert "names the photograph in" in (folder / "discriminator" / "README.md").read_text()
