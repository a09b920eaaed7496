"""Reading pictures to train on, and what is said about pictures that cannot be used."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.folders import LARGEST_FILE, archives, read_pictures, read_splits, split
from models.errors import UnusableData


def encoded(value: int, size: tuple[int, int] = (16, 16), mode: str = "RGB", form: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, value if mode in ("L", "P", "I;16") else (value,) * len(mode)).save(buffer, form)
    return buffer.getvalue()


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_a_folder_and_an_archive_of_it_read_alike_and_by_file_name(tmp_path: Path) -> None:
    members = {"b/1.png": encoded(10), "a/2.png": encoded(20), "b/3.jpg": encoded(30, form="JPEG"), "notes.txt": b"no"}
    for name, content in members.items():
        file = tmp_path / "pictures" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    from_folder = read_pictures(tmp_path / "pictures", resolution=16, channels=3)
    from_archive = read_pictures(archive(tmp_path / "p.zip", members), resolution=16, channels=3)
    assert np.array_equal(from_folder, from_archive)
    assert from_folder[:, 0, 0, 0].tolist() == [10, 20, 30]


def test_larger_pictures_are_cut_to_the_middle_and_reduced(tmp_path: Path) -> None:
    wide = np.zeros((32, 96, 3), np.uint8)
    wide[:, 32:64] = 200
    Image.fromarray(wide).save(tmp_path / "wide.png")
    picture = read_pictures(tmp_path, resolution=16, channels=3)
    assert picture.shape == (1, 16, 16, 3)
    assert picture.min() > 180  # the black sides are gone


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "I;16", "1"])
def test_every_mode_becomes_grey_or_colour(tmp_path: Path, mode: str) -> None:
    Image.new(mode, (16, 16)).save(tmp_path / ("x.jpg" if mode == "CMYK" else "x.png"))
    assert read_pictures(tmp_path, resolution=16, channels=1).shape == (1, 16, 16, 1)
    assert read_pictures(tmp_path, resolution=16, channels=3).shape == (1, 16, 16, 3)


def test_the_validation_pictures_are_the_last(tmp_path: Path) -> None:
    pictures = np.arange(10, dtype=np.uint8).reshape(10, 1, 1, 1)
    training, held_out = split(pictures, 3)
    assert training.ravel().tolist() == list(range(7))
    assert held_out.ravel().tolist() == [7, 8, 9]
    with pytest.raises(UnusableData, match="Of 10 pictures, 10 cannot be held out"):
        split(pictures, 10)


def test_held_out_pictures_can_be_spread_over_all(tmp_path: Path) -> None:
    pictures = np.arange(10, dtype=np.uint8).reshape(10, 1, 1, 1)
    training, held_out = split(pictures, 3, spread=True)
    assert held_out.ravel().tolist() == [1, 5, 8]
    assert training.ravel().tolist() == [0, 2, 3, 4, 6, 7, 9]
    for number in range(4):
        for folder, level in (("a", 10), ("b", 20)):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / f"{number}.png").write_bytes(encoded(level + number))
    paths = archives(tmp_path / "a", f"{tmp_path / 'b'}, ")
    training, held_out = read_splits(paths, resolution=16, channels=1, validation=1, spread=False, least=1)
    assert training[:, 0, 0, 0].tolist() == [10, 11, 12, 20, 21, 22]
    assert held_out[:, 0, 0, 0].tolist() == [13, 23]


def test_a_folder_in_an_archive_is_read_alone(tmp_path: Path) -> None:
    members = {
        f"{folder}/{n}.png": encoded(level + n) for folder, level in (("deck", 100), ("deck2", 200)) for n in (0, 1)
    }
    file = archive(tmp_path / "p.zip", members)
    levels = read_pictures(file / "deck", resolution=16, channels=1)[:, 0, 0, 0].tolist()
    assert levels == [100, 101]
    with pytest.raises(UnusableData, match="holds no pictures"):
        read_pictures(file / "nowhere", resolution=16, channels=1)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableData, match=r"does not exist; give a folder or a zip"):
        read_pictures(tmp_path / "nowhere", resolution=16, channels=3)
    with pytest.raises(UnusableData, match="holds no pictures"):
        read_pictures(tmp_path, resolution=16, channels=3)
    (tmp_path / "x.txt").write_text("text")
    with pytest.raises(UnusableData, match="neither a folder nor a zip archive"):
        read_pictures(tmp_path / "x.txt", resolution=16, channels=3)


def test_too_few_too_small_and_unreadable_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded(1))
    with pytest.raises(UnusableData, match="holds 1 pictures and 5 are needed"):
        read_pictures(tmp_path, resolution=16, channels=3, least=5)
    with pytest.raises(UnusableData, match=r"a.png is 16 x 16 px, smaller than the 32 px"):
        read_pictures(tmp_path, resolution=32, channels=3)
    (tmp_path / "b.png").write_bytes(encoded(1)[:40])
    with pytest.raises(UnusableData, match=r"b.png cannot be read as a picture"):
        read_pictures(tmp_path, resolution=16, channels=3)
    (tmp_path / "b.png").write_text("<svg/>")
    with pytest.raises(UnusableData, match=r"b.png cannot be read as a picture"):
        read_pictures(tmp_path, resolution=16, channels=3)


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    bomb = archive(tmp_path / "bomb.zip", {"a.png": b"\0" * (LARGEST_FILE + 1)})
    assert bomb.stat().st_size < 100_000
    with pytest.raises(UnusableData, match="unpacks to more than 50 MB"):
        read_pictures(bomb, resolution=16, channels=3)


def test_a_picture_bomb_is_refused_undecoded(tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(encoded(0, (12_000, 12_000), mode="L"))
    with pytest.raises(UnusableData, match=r"bomb\.png (has 12000 x 12000 pixels|cannot be read)"):
        read_pictures(tmp_path, resolution=16, channels=3)


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    file = archive(tmp_path / "p.zip", {"a.png": encoded(1, (64, 64))})
    content = bytearray(file.read_bytes())
    content[60] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(UnusableData, match=r"a.png (in .* cannot be unpacked|cannot be read)"):
        read_pictures(file, resolution=16, channels=3)
