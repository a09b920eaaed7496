"""Reading pictures to train on, and what is said about pictures that cannot be used."""

import dataclasses
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.folders import LARGEST_FILE, archives, read_photographs, read_pictures, read_splits, split
from models.errors import UnusableData
from trainer.__main__ import COMMANDS, main


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


# --- what systems leave behind, and what cannot be read ----------------------------------------------------------


def mac_archive(path: Path, count: int = 40) -> Path:
    """Pictures as macOS and Windows pack them: with shadow files and files of their own."""
    members = {f"photos/IMG {number}.jpg": encoded(5 * number, form="JPEG") for number in range(count)}
    members |= {f"__MACOSX/photos/._IMG {number}.jpg": b"\0\5\x16\7" + bytes(100) for number in range(count)}
    members |= {"photos/.DS_Store": bytes(50), "photos/Thumbs.db": b"\xd0\xcf", "photos/desktop.ini": b"[ViewState]"}
    members |= {"photos/.trash/old.jpg": b"no picture", "photos/._IMG 0.jpg": b"\0\5\x16\7"}
    return archive(path, members)


def test_what_systems_leave_behind_is_passed_over_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = mac_archive(tmp_path / "mac_photos.zip")
    for _ in range(2):
        levels = read_pictures(file, resolution=16, channels=1)[:, 0, 0, 0].tolist()
        assert len(levels) == 40 and sorted(levels) == pytest.approx([5 * n for n in range(40)], abs=2)
    said = f"{file}: 45 files were passed over that a system left there, or that are hidden."
    assert [record.getMessage() for record in caplog.records] == [said]
    with zipfile.ZipFile(file) as packed:
        packed.extractall(tmp_path / ".hidden" / "unpacked")  # hidden as a whole, which was asked for
    assert len(read_pictures(tmp_path / ".hidden" / "unpacked", resolution=16, channels=1)) == 40
    assert caplog.records[-1].getMessage().startswith(f"{tmp_path / '.hidden' / 'unpacked'}: 45 files were passed over")
    assert len(read_pictures(file / "photos", resolution=16, channels=3)) == 40


def test_other_processes_of_a_training_say_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "1")
    read_pictures(mac_archive(tmp_path / "p.zip", 2), resolution=16, channels=3)
    assert caplog.records == []


def test_pictures_of_new_formats_are_read(tmp_path: Path) -> None:
    members = {f"{number}.avif": encoded(10 * number, form="AVIF") for number in range(4)}
    members |= {"4.tif": encoded(40, form="TIFF"), "5.JP2": encoded(50, form="JPEG2000")}
    levels = read_pictures(archive(tmp_path / "p.zip", members), resolution=16, channels=1)[:, 0, 0, 0]
    assert np.abs(levels.astype(int) - [0, 10, 20, 30, 40, 50]).max() <= 2
    deep = io.BytesIO()
    Image.fromarray(np.full((16, 16), 200 * 257, np.uint16)).save(deep, "PNG")
    (tmp_path / "deep.png").write_bytes(deep.getvalue())
    Image.new("RGBA", (16, 16), (255, 0, 0, 0)).save(tmp_path / "transparent.png")
    assert read_pictures(tmp_path, resolution=16, channels=3)[:, 0, 0].tolist() == [[200] * 3, [255] * 3]


def test_unreadable_pictures_can_be_passed_over_and_are_listed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    members = {f"{number}.png": encoded(10 * number) for number in range(5)}
    members |= {"broken.png": encoded(1)[:40], "none.jpg": b"<html>", "vast.png": encoded(0, (9000, 9000), mode="L")}
    file = archive(tmp_path / "p.zip", members)
    damaged = file.read_bytes().replace(b"<html>", b"<HTML>")  # its checksum is that of before
    file.write_bytes(damaged)
    for name, content in members.items():
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(content)
    for path in (file, tmp_path / "folder"):
        with pytest.raises(UnusableData):
            read_pictures(path, resolution=16, channels=1)
        caplog.clear()
        levels = read_pictures(path, resolution=16, channels=1, skip_unreadable=True)[:, 0, 0, 0].tolist()
        assert levels == [0, 10, 20, 30, 40]
        (record,) = caplog.records
        head, *listed = record.getMessage().splitlines()
        assert head == f"{path}: 3 pictures were passed over that cannot be read:"
        assert sorted(Path(line.split(" (")[0].strip()).name for line in listed) == [
            "broken.png",
            "none.jpg",
            "vast.png",
        ]
        assert "9000 x 9000 pixels" in record.getMessage()
        assert len(dict(read_photographs(path, skip_unreadable=True))) == 5
    with pytest.raises(UnusableData, match="holds 5 pictures and 6 are needed"):
        read_pictures(file, resolution=16, channels=1, least=6, skip_unreadable=True)


@pytest.mark.parametrize("command", ["gan", "rival", "moments", "cyclegan", "super-resolution", "mixture", "encoder"])
def test_trainings_have_the_option(command: str) -> None:
    settings, *_ = COMMANDS[command]
    (option,) = [field for field in dataclasses.fields(settings) if field.name == "skip_unreadable"]
    assert option.default is False


def test_the_option_reaches_the_reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = {f"{number}.png": encoded(10 * number) for number in range(5)} | {"broken.png": encoded(1)[:40]}
    data = archive(tmp_path / "p.zip", members)
    command = ["mixture", "--data", str(data), "--out", str(tmp_path / "out"), "--resolution", "16", "--channels", "1"]
    command += ["--principal", "9", "--mixture-size", "2"]
    assert main(command) == 1
    assert "broken.png cannot be read as a picture" in capsys.readouterr().err
    assert main([*command, "--skip-unreadable"]) == 1
    assert "holds 5 pictures and" in capsys.readouterr().err
