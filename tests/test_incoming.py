"""Pictures of strangers: what is accepted, what becomes of it, what is refused in one sentence."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from media.incoming import read_address
from models.errors import InvalidInput


def address(picture: Image.Image, kind: str = "PNG", **options: object) -> str:
    """A picture as a data URI."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(file.getvalue()).decode()}"


def test_a_picture_of_the_right_size_comes_through_untouched() -> None:
    levels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert np.array_equal(read_address(address(Image.fromarray(levels)), side=64, channels=3)[0], levels)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_colour_mode_is_read(mode: str) -> None:
    picture = (
        Image.new("I;16", (50, 70), 40_000) if mode == "I;16" else Image.new("RGB", (50, 70), "white").convert(mode)
    )
    for channels in (1, 3):
        read = read_address(address(picture), side=64, channels=channels)
        assert read.shape == (1, 64, 64, channels)
        assert read.dtype == np.uint8
        assert mode == "I;16" or read.min() == 255


def test_the_middle_square_counts_and_transparency_is_white() -> None:
    wide = Image.new("RGBA", (300, 100), (255, 0, 0, 255))
    wide.paste((0, 0, 255, 255), (100, 0, 200, 100))
    assert read_address(address(wide), side=64, channels=3).reshape(-1, 3).tolist() == [[0, 0, 255]] * 4096
    assert read_address(address(Image.new("RGBA", (9, 9), (0, 0, 0, 0))), side=64, channels=1).min() == 255


def test_a_photograph_on_its_side_is_turned() -> None:
    picture = Image.new("RGB", (64, 64), "black")
    picture.paste("white", (0, 0, 64, 32))  # the upper half
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    read = read_address(address(picture, "JPEG", exif=exif, quality=95), side=64, channels=1)[0, :, :, 0]
    assert read[:, 40:].mean() > 240
    assert read[:, :24].mean() < 15


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        None,
        7,
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "data:image/png;base64,@@",
        "data:image/png;base64,aGFsbG8=",
        "data:image/png;base64,é",
    ],
)
def test_what_is_no_picture_gets_one_sentence(wrong: object) -> None:
    with pytest.raises(InvalidInput, match=r"PNG, JPEG, .* HEIC and JPEG XL up to 4 MB"):
        read_address(wrong, side=64, channels=3)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(InvalidInput, match="more than 8 million pixels"):
        read_address(address(Image.new("1", (9000, 9000))), side=64, channels=3)
    with pytest.raises(InvalidInput, match="larger than 4 MB"):
        read_address("data:image/png;base64," + "A" * 6_000_000, side=64, channels=3)


def test_a_file_that_was_cut_off_gets_one_sentence() -> None:
    whole = address(Image.effect_noise((200, 200), 50), "JPEG")
    cut = whole[: len(whole) // 2 // 4 * 4 + len("data:image/jpeg;base64,") % 4]
    with pytest.raises(InvalidInput):
        read_address(cut, side=64, channels=3)
