"""Sheets, archives and films: what comes out is what went in."""

import base64
import io
import zipfile

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from media.film import gif, mp4
from media.images import archive, data_uri, enlarge, png, webp
from models.errors import InvalidInput
from models.pixels import Pictures, tile


def noise(count: int, side: int = 16, channels: int = 3) -> Pictures:
    return np.random.default_rng(0).integers(0, 256, (count, side, side, channels), dtype=np.uint8)


def read(content: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(content)))


def test_a_sheet_holds_every_picture_unchanged() -> None:
    pictures = noise(5)
    sheet = tile(pictures, columns=3, gap=2, background=7)
    assert sheet.shape == (2 * 16 + 2, 3 * 16 + 2 * 2, 3)
    for index, picture in enumerate(pictures):
        top, left = index // 3 * 18, index % 3 * 18
        assert np.array_equal(sheet[top : top + 16, left : left + 16], picture)
    assert (sheet[18:, 36:] == 7).all()  # the sixth place is empty


@pytest.mark.parametrize("channels", [1, 3])
def test_files_are_lossless(channels: int) -> None:
    picture = noise(1, channels=channels)[0]
    assert np.array_equal(read(png(picture)).reshape(picture.shape), picture)
    stored = read(webp(picture))  # WebP knows no grey: three equal channels
    assert np.array_equal(stored, np.broadcast_to(picture, (16, 16, 3)))


def test_enlarging_keeps_what_is_even() -> None:
    even = np.full((2, 4, 4, 1), 90, np.uint8)
    assert np.array_equal(enlarge(even, 4), np.full((2, 16, 16, 1), 90, np.uint8))


def test_an_archive_holds_one_file_per_picture() -> None:
    pictures = noise(10)
    with zipfile.ZipFile(io.BytesIO(archive(pictures, "face"))) as folder:
        assert folder.namelist() == [f"face-{number:02d}.png" for number in range(1, 11)]
        assert np.array_equal(read(folder.read("face-03.png")), pictures[2])


def test_a_data_uri_holds_the_file() -> None:
    head, _, body = data_uri(b"abc", "png").partition(",")
    assert head == "data:image/png;base64" and base64.b64decode(body) == b"abc"


@pytest.mark.parametrize("channels", [1, 3])
def test_films_run_forward_and_back(channels: int) -> None:
    levels = [20, 120, 220]
    frames = np.stack([np.full((32, 32, channels), level, np.uint8) for level in levels])
    with Image.open(io.BytesIO(gif(frames))) as film:
        seen = [np.asarray(frame.convert("L")).mean() for frame in ImageSequence.Iterator(film)]
        assert film.info["loop"] == 0
    assert np.allclose(seen, [20, 120, 220, 120], atol=2)  # an endless film does not show its ends twice
    with av.open(io.BytesIO(mp4(frames))) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264" and stream.codec_context.pix_fmt == "yuv420p"
        shown = [frame.to_ndarray(format="rgb24").mean() for frame in container.decode(stream)]
    assert np.allclose(shown, [20, 120, 220, 120, 20], atol=4)


def test_a_film_needs_two_even_frames() -> None:
    for frames in (noise(1), noise(2, side=15)):
        with pytest.raises(InvalidInput):
            mp4(frames)
        with pytest.raises(InvalidInput):
            gif(frames)
