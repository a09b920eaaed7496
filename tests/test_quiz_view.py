"""One path for both classes: same size, same bytes, same brightness; what differs is the face."""

import dataclasses
import io
import itertools

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from models.pixels import Pictures
from quiz.collection import read_collection
from quiz.decks import COLOUR_VIEW, GREY_VIEW
from quiz.view import (
    GROUND,
    MEAN,
    PLAIN,
    SHOWN,
    SIGMAS,
    Variation,
    View,
    deviation,
    draw_oval,
    draw_variation,
    frame,
    luminance,
    reduce,
    show,
    to_address,
    to_png,
)

SMALL = View(side=18)


def noise(*shape: int, seed: int = 0) -> Pictures:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def ramp(side: int, channels: int) -> Pictures:
    """A face that is darker on its left."""
    return np.broadcast_to(np.linspace(60, 200, side)[None, :, None], (side, side, channels)).astype(np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_shown_picture_has_one_size_and_length(channels: int) -> None:
    faces_shown = [
        show(noise(18, 18, channels, seed=seed), draw_variation(str(seed), "left"), SMALL) for seed in range(5)
    ]
    faces_shown.append(show(np.zeros((18, 18, channels), np.uint8), PLAIN, SMALL))  # flat: nothing to stretch
    assert {picture.shape for picture in faces_shown} == {(256, 256, channels)}
    assert {picture.dtype for picture in faces_shown} == {np.dtype(np.uint8)}
    assert len({len(to_png(picture)) for picture in faces_shown}) == 1
    assert len({len(to_address(picture)) for picture in faces_shown}) == 1


def test_the_file_holds_the_picture_and_nothing_else() -> None:
    picture = show(noise(18, 18, 3), PLAIN, SMALL)
    file = to_png(picture)
    with Image.open(io.BytesIO(file)) as read_back:
        assert np.array_equal(np.asarray(read_back), picture)
        assert read_back.info == {}
    kinds, at = [], 8
    while at < len(file):
        kinds.append(file[at + 4 : at + 8])
        at += 12 + int.from_bytes(file[at : at + 4], "big")
    assert set(kinds) == {b"IHDR", b"raNd", b"IDAT", b"IEND"}
    assert to_png(picture) != file  # never the same bytes twice


def test_variation_comes_from_the_secret_alone() -> None:
    assert draw_variation("secret", "left") == draw_variation("secret", "left")
    assert draw_variation("secret", "left") != draw_variation("secret", "right")
    drawn = [draw_variation(str(number), "left") for number in range(400)]
    assert 150 < sum(variation.flipped for variation in drawn) < 250
    face = noise(18, 18, 1)
    assert len({show(face, variation, SMALL).tobytes() for variation in drawn[:50]}) == 50


def test_flip_and_shift_do_what_they_say() -> None:
    variation = dataclasses.replace(PLAIN, zoom=1.09)
    plain = show(ramp(18, 1), variation, SMALL).astype(int)
    flipped = show(ramp(18, 1), dataclasses.replace(variation, flipped=True), SMALL).astype(int)
    assert np.array_equal(plain[:, ::-1], flipped)
    face = np.zeros((18, 18, 1), np.uint8)
    face[9, 9] = 255
    at = [
        np.argmax(show(face, dataclasses.replace(variation, across=across), SMALL).max(axis=0)) for across in (0.0, 1.0)
    ]
    assert at[0] - at[1] == pytest.approx(256 * 0.09, abs=2)  # the window moves by 9 % of its side


def test_brightness_and_contrast_are_drawn_not_inherited() -> None:
    """A dark, flat picture and a bright, harsh one come out alike."""
    target = Variation(False, 1.0, 0.0, 0.0, mean=130.0, contrast=35.0)
    for face in (ramp(18, 3) // 4, ramp(18, 3), 255 - ramp(18, 3)):
        shown = show(face, target, SMALL)
        assert shown.mean() == pytest.approx(130, abs=1)
        assert shown.std() == pytest.approx(35, abs=1)
    means = [draw_variation(str(number), "right").mean for number in range(200)]
    assert MEAN[0] <= min(means) < np.mean(MEAN) < max(means) <= MEAN[1]


def test_other_pictures_than_portraits_stay_as_they_are() -> None:
    picture = noise(64, 64, 3)
    assert np.array_equal(frame(picture, View(side=64)), picture)


def portrait(kind: str, index: int = 3) -> Pictures:
    return np.asarray(read_collection(kind).pictures[index])


@pytest.mark.parametrize(("kind", "view"), [("portraits-colour", COLOUR_VIEW), ("portraits", GREY_VIEW)])
def test_of_a_portrait_only_the_face_is_shown(kind: str, view: View) -> None:
    """Two photographs that differ in their ground alone come out the same."""
    face = portrait(kind)
    other = face.copy()
    other[draw_oval(128) == 0] = 255 - other[draw_oval(128) == 0]
    other[:, :8] = (40, 80, 200)[: face.shape[2]]
    variation = draw_variation("secret", "left")
    shown, changed = (show(frame(picture, view), variation, view).astype(int) for picture in (face, other))
    outside = draw_oval(SHOWN) == 0
    assert outside.mean() > 0.35
    assert np.all(shown[outside] == round(GROUND))
    inside = draw_oval(SHOWN) > 0.9  # the edge of the oval is soft, and blurs reach over it
    assert np.abs(shown - changed)[inside].mean() < 2


@pytest.mark.parametrize(("kind", "view"), [("portraits-colour", COLOUR_VIEW), ("portraits", GREY_VIEW)])
def test_sharp_and_soft_portraits_become_alike(kind: str, view: View) -> None:
    """The three bands of a portrait, and of the same one enlarged from 90 px, are brought to the same amounts."""
    assert view.bands is not None
    sharp = portrait(kind)
    image = Image.fromarray(sharp.squeeze())
    soft = np.asarray(image.resize((90, 90), Image.Resampling.BOX).resize((128, 128))).reshape(sharp.shape)
    found = []
    for picture in (sharp, soft):
        light = luminance(frame(picture, view))
        blurs = [light, *(gaussian_filter(light, sigma) for sigma in SIGMAS[1:])]
        bands = [deviation(a - b, draw_oval(128)) for a, b in itertools.pairwise(blurs)]
        found.append(bands)
    assert found[0] == pytest.approx(found[1], rel=0.12)
    assert found[0][0] == pytest.approx(view.bands[0], rel=0.35)


def test_the_tint_of_a_portrait_is_drawn_not_inherited() -> None:
    """A greenish and a reddish portrait come out with the same mean tint, and no brighter."""
    face = portrait("portraits-colour").astype(float)
    inside = draw_oval(SHOWN) > 0.99
    found = []
    for green in (-12, 12):
        picture = np.clip(face + np.array([0, green, 0]), 0, 255).astype(np.uint8)
        shown = show(frame(picture, COLOUR_VIEW), dataclasses.replace(PLAIN, tint=-15), COLOUR_VIEW)
        red, green_mean, blue = shown[inside].mean(axis=0)
        assert green_mean - (red + blue) / 2 == pytest.approx(-15, abs=2)
        found.append(luminance(shown)[inside].mean())
    assert found[0] == pytest.approx(found[1], abs=2)


def test_every_round_has_its_own_grain_and_sharpness() -> None:
    face = frame(portrait("portraits"), GREY_VIEW)
    one, other = (show(face, dataclasses.replace(PLAIN, grain=seed), GREY_VIEW).astype(int) for seed in (1, 2))
    inside = draw_oval(SHOWN) > 0.99
    assert (one - other)[inside].std() == pytest.approx(2**0.5 * 2.5, rel=0.1)
    soft, sharp = (show(face, dataclasses.replace(PLAIN, fine=gain, middle=gain), GREY_VIEW) for gain in (0.78, 1.28))
    fine = [(luminance(shown) - gaussian_filter(luminance(shown), 3))[inside].std() for shown in (soft, sharp)]
    assert fine[1] > 1.15 * fine[0]


def test_the_discriminator_gets_what_was_shown() -> None:
    picture = show(ramp(64, 3), PLAIN, View(side=64))
    small = reduce(picture, 64)
    assert small.shape == (64, 64, 3)
    assert np.abs(small.astype(int) - picture[2::4, 2::4].astype(int)).max() <= 1
