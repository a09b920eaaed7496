"""PSNR and SSIM of the classic protocol, degradation, and what `evaluate` writes about an upscaler."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut, chelsea

from data.degradation import cut_to_multiple, degrade, degrade_at_random
from metrics.restoration import luma_601, psnr, ssim
from models.errors import InvalidInput
from models.faces.attributes import NETWORK, readings
from models.loading import load
from models.pixels import resize
from tests.networks import nearest_upscaler
from trainer.__main__ import main
from trainer.export import save_network


def test_psnr_of_a_known_error() -> None:
    truth = np.full((40, 40, 3), 100, np.uint8)
    other = truth + np.uint8(10)  # 10 levels of R, G and B are 10 * 219/255 of Y
    assert psnr(other, truth, border=4) == pytest.approx(20 * math.log10(255 / (10 * 219.0 / 255)), abs=0.01)
    assert psnr(truth, truth, border=4) == math.inf
    assert ssim(truth, truth, border=4) == pytest.approx(1)


def test_the_border_is_left_out_and_grey_is_read_as_colour() -> None:
    truth = astronaut()[:64, :64]
    spoilt = truth.copy()
    spoilt[:4], spoilt[:, -4:] = 0, 255
    assert psnr(spoilt, truth, border=4) == math.inf
    assert psnr(spoilt, truth, border=3) < 40
    grey = truth[:, :, :1]
    assert np.allclose(luma_601(grey), luma_601(grey.repeat(3, axis=2)))
    assert luma_601(np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)).round(1).tolist() == [[16.0, 235.0]]


def test_ssim_in_strips_is_that_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    truth = random.integers(0, 256, (97, 60, 3), dtype=np.uint8)
    result = np.clip(truth + random.normal(0, 30, truth.shape), 0, 255).astype(np.uint8)
    whole = ssim(result, truth, border=2)
    for rows in (1, 7, 40, 83):  # 83 places lie inside
        monkeypatch.setattr("metrics.restoration.STRIP", rows)
        assert ssim(result, truth, border=2) == pytest.approx(whole, abs=1e-12)


def test_ssim_falls_with_noise_and_with_blur() -> None:
    truth = chelsea()[:120, :160]
    noise = np.random.default_rng(0).normal(0, 1, truth.shape)
    noisy = [(truth + deviation * noise).clip(0, 255).astype(np.uint8) for deviation in (4, 16, 64)]
    values = [ssim(picture, truth, border=0) for picture in noisy]
    assert 1 > values[0] > values[1] > values[2] > 0
    assert ssim(resize(degrade(truth, 4), 120, 160), truth, border=4) < ssim(
        resize(degrade(truth, 2), 120, 160), truth, border=4
    )


def test_pictures_that_cannot_be_compared() -> None:
    truth = np.zeros((40, 40, 3), np.uint8)
    with pytest.raises(InvalidInput, match="one size"):
        psnr(truth[:-1], truth, border=4)
    with pytest.raises(InvalidInput, match="19 a side are needed"):
        ssim(truth[:18], truth[:18], border=4)


def test_degradation() -> None:
    picture = astronaut()[:101, :83]
    assert cut_to_multiple(picture, 4).shape == (100, 80, 3)
    assert degrade(picture, 4).shape == (25, 20, 3)
    flat = np.full((32, 48, 3), (3, 90, 250), np.uint8)
    assert (degrade(flat, 4) == (3, 90, 250)).all()
    stripes = np.zeros((32, 32, 3), np.uint8)
    stripes[:, ::2] = 255
    assert np.abs(degrade(stripes, 4)[2:-2, 2:-2].astype(int) - 127).max() <= 2  # antialiased: grey, no moiré


def test_the_world_is_rougher_and_seeded() -> None:
    picture = np.ascontiguousarray(astronaut()[:128, :128])
    classic = degrade(picture, 4).astype(int)
    drawn = [degrade_at_random(picture, 4, np.random.default_rng(seed)) for seed in range(12)]
    assert all(one.shape == (32, 32, 3) for one in drawn)
    away = [float(np.abs(one - classic).mean()) for one in drawn]
    assert min(away) > 0.2
    assert 1 < np.mean(away) < 12
    assert np.array_equal(drawn[3], degrade_at_random(picture, 4, np.random.default_rng(3)))


def photographs(folder: Path, sizes: dict[str, tuple[int, int]]) -> Path:
    for number, (name, (height, width)) in enumerate(sizes.items()):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(astronaut()[20 * number : 20 * number + height, :width]).save(file)
    return folder


def test_evaluate_writes_the_table_into_the_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "tiny"
    save_network(nearest_upscaler(scale=2), folder)
    (folder / "README.md").write_text("# tiny\n")
    data = photographs(tmp_path / "sets", {"one/a.png": (60, 80), "one/b.png": (61, 81), "two/c.png": (80, 60)})
    assert main(["evaluate", str(folder), "--data", str(data)]) == 0
    card = (folder / "README.md").read_text()
    assert "| one | 2 | " in card
    assert "| two | 1 | " in card
    figures = json.loads((folder / "figures.json").read_text())
    assert figures["scale"] == 2
    truth = np.asarray(Image.open(data / "two/c.png"))
    repeated = degrade(truth, 2).repeat(2, axis=0).repeat(2, axis=1)
    assert figures["two"]["psnr"] == pytest.approx(psnr(repeated, truth, border=2), abs=1e-3)
    assert figures["two"]["bicubic_psnr"] > figures["two"]["psnr"]
    assert figures["two"]["psnr"] > 15


def test_evaluate_measures_held_out_pictures_of_the_training(tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    save_network(nearest_upscaler(scale=2), folder)
    (folder / "training.json").write_text(json.dumps({"data": "photos", "validation": 2}))
    data = photographs(tmp_path / "photos", {f"{number}.png": (50, 50) for number in range(5)})
    assert main(["evaluate", str(folder), "--data", str(data)]) == 0
    assert "| the last 2 of photos, held out | 2 |" in (folder / "README.md").read_text()


def test_evaluate_compares_what_is_read_in_faces(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LATENT_LAB_WEIGHTS", raising=False)  # the reader is the repository's
    for name, upscaler in (("tiny", nearest_upscaler(scale=2)), ("other", nearest_upscaler(scale=2))):
        save_network(upscaler, tmp_path / name)
        (tmp_path / name / "README.md").write_text("# a network\n")
    faces = photographs(tmp_path / "faces", {f"{number}.png": (128, 128) for number in range(3)})
    command = ["evaluate", str(tmp_path / "tiny"), "--data", str(faces), "--faces", str(faces)]
    assert main([*command, "--beside", str(tmp_path / "other")]) == 0
    card = (tmp_path / "tiny" / "README.md").read_text()
    assert "the last 3 of `faces`" in card
    truths = np.stack([np.asarray(Image.open(file)) for file in sorted(faces.iterdir())])
    repeated = np.stack([degrade(truth, 2).repeat(2, axis=0).repeat(2, axis=1) for truth in truths])
    reader = load(NETWORK)
    distance = np.abs(readings(reader, repeated) - readings(reader, truths)).mean()
    assert distance > 0.001
    assert f"| `tiny` | {distance:.4f} |" in card
    assert f"other` | {distance:.4f} |" in card  # draws the same
    assert "| bicubic | " in card
    save_network(nearest_upscaler(scale=3), tmp_path / "other")
    assert main([*command, "--beside", str(tmp_path / "other")]) == 1
    assert "is no upscaler of scale 2" in capsys.readouterr().err
    photographs(faces, {"9.png": (60, 60)})
    assert main(command) == 1
    assert "no faces of one size" in capsys.readouterr().err
