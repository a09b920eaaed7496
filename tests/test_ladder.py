"""The ladder of a training: sheets of pictures."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.errors import InvalidInput, NetworkUnavailable
from models.gan import draw, draw_latents
from models.ladder import (
    AIM,
    LADDER_COUNT,
    LADDER_SEED,
    LARGEST_SHEET,
    draw_ladder,
    finished_step,
    ladder_file,
    ladder_steps,
    read_ladder,
    write_finished,
    write_ladder,
)
from models.pixels import Pictures
from tests.networks import tiny_generator
from trainer.export import save_network


def smooth(side: int, channels: int) -> Pictures:
    """256 pictures (side, side, channels), each a gradient of its own."""
    ramp = np.linspace(0, 100, side)
    levels = ramp[:, None] + ramp[None] / 2 + np.linspace(0, 100, LADDER_COUNT)[:, None, None]  # (256, side, side)
    shifted = [levels + 20 * number for number in range(channels)]
    return np.stack(shifted, axis=-1).astype(np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A weights folder of a grey generator of 16 px, without a ladder."""
    save_network(tiny_generator(), tmp_path / "tiny")
    return tmp_path / "tiny"


@pytest.mark.parametrize("channels", [1, 3])
def test_a_sheet_comes_back_in_order(tmp_path: Path, channels: int) -> None:
    save_network(tiny_generator(channels=channels), tmp_path)
    pictures = smooth(16, channels)
    write_ladder(pictures, ladder_file(tmp_path, 40))
    found = read_ladder(tmp_path, 40)
    assert found.shape == (LADDER_COUNT, 16, 16, channels)
    assert np.abs(found.astype(int) - pictures).mean() < 3
    assert not found.flags.writeable
    assert ladder_steps(tmp_path) == [40]


def test_what_is_drawn_for_a_sheet_are_the_latents_that_anybody_can_draw() -> None:
    generator = tiny_generator()
    latents = draw_latents(generator.config.latent_size, seed=LADDER_SEED, count=LADDER_COUNT)
    np.testing.assert_array_equal(draw_ladder(generator), draw(generator, latents))


def test_noise_stays_under_the_limit_and_smooth_pictures_under_the_aim(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (LADDER_COUNT, 64, 64, 3), dtype=np.uint8)
    write_ladder(noise, tmp_path / "noise.webp")
    write_ladder(smooth(64, 3), tmp_path / "smooth.webp")
    assert (tmp_path / "noise.webp").stat().st_size <= LARGEST_SHEET
    assert (tmp_path / "smooth.webp").stat().st_size <= AIM


def test_a_folder_without_a_ladder_has_no_steps(folder: Path) -> None:
    assert ladder_steps(folder) == []
    assert finished_step(folder) is None
    with pytest.raises(NetworkUnavailable, match="tiny has no pictures of training step 7; it has: none"):
        read_ladder(folder, 7)


def test_steps_come_in_order_and_other_files_do_not_count(folder: Path) -> None:
    for step in (900, 100, 12_345_678):
        write_ladder(smooth(16, 1), ladder_file(folder, step))
    (folder / "ladder" / "notes.txt").write_text("", encoding="utf-8")
    write_finished(folder, 20_000_000)
    assert ladder_steps(folder) == [100, 900, 12_345_678]
    assert finished_step(folder) == 20_000_000


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"finished": "7"}', '{"finished": 0}', '{"finished": true}'])
def test_a_broken_list_of_steps_is_named(folder: Path, content: str) -> None:
    write_finished(folder, 7)
    (folder / "ladder" / "steps.json").write_text(content, encoding="utf-8")
    with pytest.raises(NetworkUnavailable, match=r"ladder/steps\.json of tiny is broken"):
        finished_step(folder)


def test_a_broken_sheet_is_named(folder: Path) -> None:
    file = ladder_file(folder, 5)
    write_ladder(smooth(16, 1), file)
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(NetworkUnavailable, match=r"ladder/step-0000005\.webp of tiny is broken"):
        read_ladder(folder, 5)


def test_a_picture_of_another_kind_is_no_sheet(folder: Path) -> None:
    file = ladder_file(folder, 5)
    file.parent.mkdir()
    Image.new("L", (256, 256)).save(file, format="PNG")
    with pytest.raises(NetworkUnavailable, match="is broken"):
        read_ladder(folder, 5)


def test_a_sheet_of_another_size_is_named(folder: Path) -> None:
    write_ladder(smooth(32, 1), ladder_file(folder, 5))
    with pytest.raises(NetworkUnavailable, match="has 512 x 512 px; a sheet of 256 pictures of 16 px has 256 x 256"):
        read_ladder(folder, 5)


def test_a_sheet_that_is_too_large_is_not_unpacked(folder: Path) -> None:
    write_ladder(smooth(16, 1), ladder_file(folder, 5))
    with ladder_file(folder, 5).open("ab") as file:
        file.write(bytes(LARGEST_SHEET))
    with pytest.raises(NetworkUnavailable, match="is larger than 1 MB"):
        read_ladder(folder, 5)


def test_a_network_of_another_kind_has_no_ladder(folder: Path) -> None:
    write_ladder(smooth(16, 1), ladder_file(folder, 5))
    (folder / "config.json").write_text('{"family": "translation"}', encoding="utf-8")
    with pytest.raises(NetworkUnavailable, match="does not describe a generator with a ladder"):
        read_ladder(folder, 5)


@pytest.mark.parametrize(
    "pictures",
    [
        np.zeros((255, 16, 16, 3), np.uint8),
        np.zeros((256, 16, 16, 3), np.float32),
        np.zeros((256, 16, 8, 3), np.uint8),
        np.zeros((256, 16, 16, 4), np.uint8),
    ],
)
def test_other_pictures_make_no_sheet(tmp_path: Path, pictures: Pictures) -> None:
    with pytest.raises(InvalidInput, match="A sheet holds"):
        write_ladder(pictures, tmp_path / "sheet.webp")
