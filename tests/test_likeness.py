"""What counts as a face: known answers on patterns, and on photographs with and without one."""

import numpy as np
import pytest
from PIL import Image

from models import load
from models.architectures.fastgan import FastGANGenerator
from models.faces.likeness import LEAST, SIDE, likeness, mean_face, patterns
from models.gan import generate
from models.loading import ROOT
from models.pixels import Pictures


@pytest.fixture(scope="module")
def generator() -> FastGANGenerator:
    network: FastGANGenerator = load(ROOT / "weights" / "faces-128")
    return network


def square(picture: Pictures) -> Pictures:
    """The middle of a picture as (1, 128, 128, 3)."""
    image = Image.fromarray(picture).convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return np.asarray(image.crop((left, top, left + side, top + side)).resize((128, 128)), np.uint8)[None]


def test_patterns_know_no_colour_light_or_contrast() -> None:
    source = np.random.default_rng(0).integers(0, 256, (1, SIDE, SIDE, 1), dtype=np.uint8)
    pattern = patterns(source)
    assert np.linalg.norm(pattern) == pytest.approx(1)
    brighter = patterns((source * 0.6 + 90).astype(np.uint8))
    assert (pattern * brighter).sum() > 0.99
    assert (pattern * patterns(255 - source)).sum() == pytest.approx(-1, abs=0.01)
    assert (patterns(np.repeat(source, 3, axis=3)) * pattern).sum() == pytest.approx(1, abs=0.01)
    assert np.allclose(patterns(np.full((2, 64, 64, 3), 77, np.uint8)), 0, atol=1e-6)


def test_the_mean_face_is_even_and_of_length_1(generator: FastGANGenerator) -> None:
    mean = mean_face(generator)
    assert np.linalg.norm(mean) == pytest.approx(1)
    assert np.allclose(mean, mean[:, ::-1])


def test_generated_faces_are_faces(generator: FastGANGenerator) -> None:
    faces = generate(generator, seed=99, count=32)
    assert np.mean(likeness(generator, faces) > LEAST) > 0.9
    assert (likeness(generator, faces[:, ::-1]) < LEAST).mean() > 0.5  # upside down
    assert (likeness(generator, np.roll(faces, 20, axis=1)) < LEAST).mean() > 0.9  # out of place


def test_a_photograph_counts_once_its_face_is_in_place(generator: FastGANGenerator) -> None:
    from skimage.data import astronaut

    picture = Image.fromarray(astronaut())
    eyes = np.array([[204, 102], [247, 104.5]])  # at (38, 38) and (87, 38) once it is cut
    scale = np.hypot(*(eyes[1] - eyes[0])) / 49
    left, top = eyes[0] - 38 * scale
    cut = picture.resize((128, 128), box=(left, top, left + 128 * scale, top + 128 * scale))
    assert likeness(generator, np.asarray(cut)[None])[0] > LEAST
    assert likeness(generator, square(astronaut()))[0] < LEAST


@pytest.mark.parametrize("name", ["chelsea", "coffee", "coins", "brick", "rocket", "moon"])
def test_other_photographs_show_no_face(generator: FastGANGenerator, name: str) -> None:
    import skimage.data

    assert likeness(generator, square(getattr(skimage.data, name)()))[0] < LEAST
