"""Enlarging: tiles against the whole, any scale, opacity, grey, bounds; by known answers and degenerate cases."""

import numpy as np
import pytest
import torch
from PIL import Image

from models import pixels
from models.errors import InvalidInput
from models.pixels import resize, to_grey, to_network, to_pictures
from models.super_resolution import (
    SuperResolution,
    SuperResolutionConfig,
    filled,
    in_tiles,
    invented,
    passes,
    same_channels,
    upscale,
)
from tests.networks import lively_upscaler, nearest_upscaler

RANDOMNESS = np.random.default_rng(0)


def noise(height: int, width: int, channels: int = 3) -> np.ndarray:
    return np.random.default_rng(height * 1000 + width).integers(0, 256, (height, width, channels), dtype=np.uint8)


def test_tiles_equal_the_whole_bit_for_bit_on_50_random_sizes() -> None:
    network = lively_upscaler()
    for _ in range(50):
        height, width, *tile = (int(side) for side in RANDOMNESS.integers((1, 1, 8, 8), (120, 120, 60, 60)))
        picture = noise(height, width)
        whole = in_tiles(network, picture, tile=(10_000, 10_000))
        assert np.array_equal(in_tiles(network, picture, tile=(tile[0], tile[1])), whole), (height, width, tile)
        assert len(np.unique(whole)) > 100  # it draws something


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_what_runs_is_the_network_within_rounding(scale: int) -> None:
    network = lively_upscaler(scale=scale)
    picture = noise(40, 56)
    exact = to_pictures(network.upscaler(to_network(picture[None])))[0].astype(int)
    difference = np.abs(in_tiles(network, picture) - exact)
    assert difference.mean() < 1.0
    assert np.quantile(difference, 0.99) <= 4


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_a_network_without_weights_repeats_every_pixel(scale: int) -> None:
    picture = noise(7, 5)
    expected = picture.repeat(scale, axis=0).repeat(scale, axis=1)
    assert np.array_equal(upscale(nearest_upscaler(scale=scale), picture, scale), expected)


@pytest.mark.parametrize("scale", [1, 1.5, 2, 2.7, 3, 4, 5, 6.25, 8])
@pytest.mark.parametrize("own", [2, 3, 4])
def test_any_scale_has_its_size_and_keeps_a_flat_colour(scale: float, own: int) -> None:
    picture = np.full((9, 14, 3), (200, 100, 30), np.uint8)
    result = upscale(nearest_upscaler(scale=own), picture, scale)
    assert result.shape == (round(9 * scale), round(14 * scale), 3)
    assert (result == (200, 100, 30)).all()


def test_passes_end_at_the_scale_asked_for() -> None:
    assert passes(4, (100, 60), (400, 240)) == [(400, 240)]
    assert passes(4, (100, 60), (300, 180)) == [(300, 180)]  # one pass, then reduced
    assert passes(4, (100, 60), (800, 480)) == [(200, 120), (800, 480)]
    assert passes(2, (100, 60), (800, 480)) == [(200, 120), (400, 240), (800, 480)]


def test_the_same_scale_in_two_passes_is_the_network_twice() -> None:
    network = lively_upscaler(scale=2)
    picture = noise(20, 30)
    assert np.array_equal(upscale(network, picture, 4), in_tiles(network, in_tiles(network, picture)))


def test_grey_stays_grey() -> None:
    network = lively_upscaler()
    grey = noise(12, 9, 1)
    result = upscale(network, grey, 4)
    assert result.shape == (48, 36, 1)
    as_colour = upscale(network, grey.repeat(3, axis=2), 4)
    assert same_channels(as_colour)
    assert np.array_equal(as_colour[:, :, :1], result)


def test_opaque_pictures_are_drawn_like_those_without_opacity() -> None:
    network = lively_upscaler()
    picture = noise(12, 9)
    opaque = np.concatenate([picture, np.full((12, 9, 1), 255, np.uint8)], axis=2)
    result = upscale(network, opaque, 4)
    assert np.array_equal(result[:, :, :3], upscale(network, picture, 4))
    assert (result[:, :, 3] == 255).all()


def test_hidden_black_makes_no_fringe() -> None:
    """An orange disc on black that nobody sees: every pixel of the result that is seen stays orange."""
    rows, columns = np.mgrid[:40, :40]
    disc = np.hypot(rows - 20, columns - 20) < 14
    picture = np.zeros((40, 40, 4), np.uint8)
    picture[disc] = (240, 130, 20, 255)
    result = upscale(nearest_upscaler(scale=4), picture, 3)  # reduced at the end, so that neighbours mix
    seen = result[:, :, 3] > 0
    assert np.abs(result[seen][:, :3].astype(int) - (240, 130, 20)).max() <= 1
    assert 0 < (result[:, :, 3] % 255 > 0).mean() < 0.2  # its edge is soft
    naive = resize(upscale(nearest_upscaler(scale=4), picture[:, :, :3], 4), 120, 120)
    assert np.abs(naive[seen].astype(int) - (240, 130, 20)).max() > 60  # so this test can fail


def test_colours_behind_transparency() -> None:
    picture = np.zeros((5, 7, 4), np.uint8)
    assert (filled(picture) == 0).all()  # nothing is seen
    picture[2, 3] = (9, 200, 77, 255)
    assert (filled(picture) == (9, 200, 77)).all()
    opaque = noise(5, 7, 4)
    opaque[:, :, 3] = 255
    assert np.array_equal(filled(opaque), opaque[:, :, :3])


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 1, 1), (1, 1, 4), (3, 1000, 3), (1000, 3, 4)])
def test_the_smallest_and_the_narrowest(shape: tuple[int, int, int]) -> None:
    picture = noise(*shape)
    assert upscale(lively_upscaler(), picture, 8).shape == (8 * shape[0], 8 * shape[1], shape[2])


@pytest.mark.parametrize(
    ("picture", "scale", "words"),
    [
        (noise(4, 4), 0.5, "from 1 to 8"),
        (noise(4, 4), 8.5, "from 1 to 8"),
        (noise(4, 4), float("nan"), "from 1 to 8"),
        (noise(4, 4), True, "from 1 to 8"),
        (noise(4, 4), "4", "from 1 to 8"),
        (noise(4, 4, 5), 2, "C from 1 to 4"),
        (noise(4, 4).astype(float), 2, "uint8"),
        (noise(4, 4)[:0], 2, "uint8 picture"),
        (np.broadcast_to(np.uint8(0), (3000, 4000, 3)), 2, "48.0 million pixels; results of up to 24 million"),
    ],
)
def test_what_is_refused(picture: np.ndarray, scale: float, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        upscale(nearest_upscaler(), picture, scale)


def test_progress_rises_to_one_and_stops_the_work() -> None:
    told: list[float] = []
    picture = noise(300, 300, 4)
    upscale(nearest_upscaler(scale=2), picture, 4, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    assert len(told) > 10

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        upscale(nearest_upscaler(scale=2), picture, 4, progress=stop)


def test_what_was_invented() -> None:
    picture = noise(20, 30)
    repeated = upscale(nearest_upscaler(), picture, 4)
    smooth = resize(resize(picture, 5, 8), 20, 30)
    large = resize(smooth, 80, 120)
    assert invented(large, smooth).mean() < 1.5  # consistent: a smooth picture, smoothly enlarged
    assert invented(repeated, picture).mean() > 3 * invented(large, smooth).mean()
    changed = large.copy()
    changed[40:44, 40:44] = 255 - changed[40:44, 40:44]
    where = invented(changed, smooth)
    assert where[10, 10] == where.max()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"scale": 5}, "2, 3, 4 are accepted for plain"),
        ({"architecture": "rrdb", "scale": 3}, "2, 4, 8"),
        ({"architecture": "attention"}, "plain, rrdb, srvgg"),
        ({"width": 0}, "from 1 to 512"),
    ],
)
def test_impossible_architectures(settings: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        SuperResolutionConfig(**settings)  # type: ignore[arg-type]


def test_a_tile_of_a_published_network_looks_far_enough() -> None:
    """A small RRDBNet sees further than it is shown; what is beyond its 24 pixels does not matter to it."""
    torch.manual_seed(0)
    config = SuperResolutionConfig(architecture="rrdb", scale=2, width=8, depth=2, growth=4)
    network = SuperResolution(config).eval().requires_grad_(False)
    picture = noise(61, 47)  # odd: its pixels are packed in twos
    whole = in_tiles(network, picture, tile=(10_000, 10_000))
    assert whole.shape == (122, 94, 3)
    assert np.abs(in_tiles(network, picture, tile=(32, 32)).astype(int) - whole).max() <= 1


@pytest.mark.parametrize("size", [(150, 90), (61, 200), (33, 47)])
def test_resizing_in_bands_is_resizing(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    """As Pillow does it in one piece: the same but for the rounding of single pixels by one level."""
    picture = noise(97, 123)
    whole = np.asarray(Image.fromarray(picture).resize(size[::-1], Image.Resampling.LANCZOS))
    assert np.array_equal(resize(picture, *size, Image.Resampling.LANCZOS), whole)  # one band
    monkeypatch.setattr(pixels, "BAND", 1500)
    difference = np.abs(resize(picture, *size, Image.Resampling.LANCZOS).astype(int) - whole)
    assert difference.max() <= 1
    assert (difference > 0).mean() < 1e-3
    assert np.array_equal(to_grey(picture)[:, :, 0], np.asarray(Image.fromarray(picture).convert("L")))
