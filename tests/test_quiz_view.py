"""One path for both classes: same size, same bytes, same brightness; what differs is the face."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from data import faces
from models.pixels import Pictures
from quiz.view import (
    MEAN,
    PLAIN,
    SUBSET_VIEW,
    Variation,
    View,
    draw_variation,
    frame_generated,
    frame_photographs,
    reduce,
    show,
    to_address,
    to_png,
)


def noise(*shape: int, seed: int = 0) -> Pictures:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def ramp(side: int, channels: int) -> Pictures:
    """A face that is darker on its left."""
    return np.broadcast_to(np.linspace(60, 200, side)[None, :, None], (side, side, channels)).astype(np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_shown_picture_has_one_size_and_length(channels: int) -> None:
    faces_shown = [show(noise(18, 18, channels, seed=seed), draw_variation(str(seed), "left")) for seed in range(5)]
    faces_shown.append(show(np.zeros((18, 18, channels), np.uint8), PLAIN))  # flat: nothing to stretch
    assert {picture.shape for picture in faces_shown} == {(256, 256, channels)}
    assert {picture.dtype for picture in faces_shown} == {np.dtype(np.uint8)}
    assert len({len(to_png(picture)) for picture in faces_shown}) == 1
    assert len({len(to_address(picture)) for picture in faces_shown}) == 1


def test_the_file_holds_the_picture_and_nothing_else() -> None:
    picture = show(noise(18, 18, 3), PLAIN)
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
    assert len({show(face, variation).tobytes() for variation in drawn[:50]}) == 50


def test_flip_and_shift_do_what_they_say() -> None:
    variation = dataclasses.replace(PLAIN, zoom=1.09)
    plain = show(ramp(18, 1), variation).astype(int)
    flipped = show(ramp(18, 1), dataclasses.replace(variation, flipped=True)).astype(int)
    assert np.array_equal(plain[:, ::-1], flipped)
    face = np.zeros((18, 18, 1), np.uint8)
    face[9, 9] = 255
    at = [np.argmax(show(face, dataclasses.replace(variation, across=across)).max(axis=0)) for across in (0.0, 1.0)]
    assert at[0] - at[1] == pytest.approx(256 * 0.09, abs=2)  # the window moves by 9 % of its side


def test_brightness_and_contrast_are_drawn_not_inherited() -> None:
    """A dark, flat picture and a bright, harsh one come out alike."""
    target = Variation(False, 1.0, 0.0, 0.0, mean=130.0, contrast=35.0)
    for face in (ramp(18, 3) // 4, ramp(18, 3), 255 - ramp(18, 3)):
        shown = show(face, target)
        assert shown.mean() == pytest.approx(130, abs=1)
        assert shown.std() == pytest.approx(35, abs=1)
    means = [draw_variation(str(number), "right").mean for number in range(200)]
    assert MEAN[0] <= min(means) < np.mean(MEAN) < max(means) <= MEAN[1]


def test_framing_cuts_photographs_without_resampling() -> None:
    pictures = noise(3, 25, 25, 1)
    view = View(side=18, corner=(2, 4))
    assert np.array_equal(frame_photographs(pictures, view), pictures[:, 4:22, 2:20])
    assert np.array_equal(frame_generated(pictures, View(side=25)), pictures)  # nothing to reduce


def test_framing_samples_single_pixels_of_generated_pictures() -> None:
    pictures = np.full((1, 36, 36, 1), 50, np.uint8)
    pictures[0, 1, 1] = 200  # the nearest pixel to the centre of the first of 18
    framed = frame_generated(pictures, View(side=18))
    assert framed[0, 0, 0, 0] == 200
    assert np.all(framed[0, 1:] == 50)


def test_both_classes_are_softened_alike() -> None:
    view = dataclasses.replace(SUBSET_VIEW, corner=(0, 0))
    pictures = noise(2, 18, 18, 1)
    assert np.array_equal(frame_photographs(pictures, view), frame_generated(pictures, view))


def test_the_discriminator_gets_what_was_shown() -> None:
    picture = show(ramp(64, 3), PLAIN)
    small = reduce(picture, 64)
    assert small.shape == (64, 64, 3)
    assert np.abs(small.astype(int) - picture[2::4, 2::4].astype(int)).max() <= 1


def test_simple_statistics_do_not_separate_two_sets_of_photographs() -> None:
    """The photographs against themselves, mirrored, through the other class's path from the view's resolution on."""
    photographs = frame_photographs(faces.subset(), SUBSET_VIEW)
    one = np.stack([show(face, draw_variation(f"a{i}", "left")) for i, face in enumerate(photographs)])
    other = np.stack([show(face[:, ::-1], draw_variation(f"b{i}", "right")) for i, face in enumerate(photographs)])
    for statistic in (np.mean, np.std, lambda picture: np.diff(picture.astype(float), axis=0).var()):
        a, b = (np.array([statistic(picture) for picture in pictures]) for pictures in (one, other))
        area = (a[:, None] > b[None, :]).mean()  # AUC, 0.5 = not separable
        assert 0.4 < area < 0.6
