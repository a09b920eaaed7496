"""A face in a photograph: cut out, translated, and put back without an edge."""

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from models import InvalidInput
from models.faces.similarity import TEMPLATE, inverse, moved
from models.merging import luma
from models.translation import (
    Picture,
    Placement,
    TranslationConfig,
    cut_face,
    landmarks_of,
    placement_of,
    put_back,
    translate_face,
)
from tests.networks import tiny_translation

GREY = TranslationConfig(domains=("neutral", "smiling"), channels=1, pixels=64 * 64, merge="difference")
COLOUR = TranslationConfig(domains=("neutral", "smiling"), channels=3, pixels=128 * 128, merge="difference")


def placed(scale: float, degrees: float, x: float, y: float) -> Placement:
    """A frame whose middle lies at (x, y) of the picture, which is `scale` times as large in it, and turned."""
    turn = np.deg2rad(degrees)
    a, b = scale * np.cos(turn), scale * np.sin(turn)
    return Placement(a, b, 64 - (a * x - b * y), 64 - (b * x + a * y))


TURNED = [placed(0.4, 25, 260, 200), placed(1.1, -70, 300, 140), placed(0.31, 180, 256, 256), placed(3, 8, 100, 90)]
PHOTOGRAPH = np.ascontiguousarray(astronaut()[:480])


def in_frame(placement: Placement, picture: Picture) -> tuple[np.ndarray, np.ndarray]:
    """Where the middle of every pixel of a picture lies in the frame, x and y, 0 to 128."""
    rows, columns = np.indices(picture.shape[:2]) + 0.5
    there = moved(np.column_stack([columns.ravel(), rows.ravel()]), placement.matrix)
    x, y = there.T.reshape(2, *picture.shape[:2])
    return x, y


def smooth(side: int, channels: int) -> Picture:
    """A cut that fades from black to white."""
    ramp = np.linspace(0, 155, side)
    return np.repeat((ramp[:, None] / 2 + ramp / 2)[..., None], channels, 2).astype(np.uint8)


@pytest.mark.parametrize("placement", TURNED)
@pytest.mark.parametrize(("config", "channels"), [(GREY, 3), (COLOUR, 3), (COLOUR, 1), (COLOUR, 4), (GREY, 2)])
def test_no_change_gives_the_photograph_back_exactly(
    config: TranslationConfig, channels: int, placement: Placement
) -> None:
    photograph = np.ascontiguousarray(np.concatenate([PHOTOGRAPH, PHOTOGRAPH[..., :1]], 2)[..., :channels])
    face = cut_face(config, photograph, placement)
    assert face.shape[2] == config.channels
    assert np.array_equal(put_back(photograph, face, face, placement), photograph)


@pytest.mark.parametrize("placement", TURNED)
def test_a_change_is_there_in_the_middle_and_nothing_outside_the_frame(placement: Placement) -> None:
    photograph = (PHOTOGRAPH // 2).copy()
    face = cut_face(COLOUR, photograph, placement)
    result = put_back(photograph, face, face + np.uint8(60), placement).astype(int)
    x, y = in_frame(placement, photograph)
    border = np.minimum(np.minimum(x, 128 - x), np.minimum(y, 128 - y))
    assert np.array_equal(result[border < 0], photograph[border < 0])
    assert np.abs(result[border > 24] - photograph[border > 24] - 60).max() <= 1
    assert (result >= photograph).all()


@pytest.mark.parametrize("placement", TURNED[:3])
def test_there_is_no_step_anywhere(placement: Placement) -> None:
    photograph = np.full((480, 512, 1), 20, np.uint8)
    face = np.full((64, 64, 1), 20, np.uint8)
    added = put_back(photograph, face, face + np.uint8(200), placement)[..., 0].astype(int) - 20
    scale = np.hypot(placement.a, placement.b)
    steepest = 200 * 1.5 / (0.15 * 128) * scale  # grey levels from pixel to pixel, of a cubic that rises over 15 %
    assert added.max() == pytest.approx(200, abs=2)  # cubic interpolation overshoots
    for axis in (0, 1):
        assert np.abs(np.diff(added, axis=axis)).max() <= 1.2 * steepest + 1
    x, y = in_frame(placement, photograph)
    border = np.minimum(np.minimum(x, 128 - x), np.minimum(y, 128 - y))
    assert added[np.abs(border) < 1].max() <= 1  # at the border itself


@pytest.mark.parametrize("placement", TURNED[:2])
def test_what_was_drawn_is_what_a_cut_of_the_result_shows(placement: Placement) -> None:
    photograph = (PHOTOGRAPH // 2 + 30).astype(np.uint8)
    face = cut_face(GREY, photograph, placement)
    drawn = (face + smooth(64, 1) / 3).astype(np.uint8)
    again = cut_face(GREY, put_back(photograph, face, drawn, placement), placement)
    assert np.abs(again.astype(int) - drawn)[14:-14, 14:-14].max() <= 2


def test_a_grey_change_keeps_the_colours() -> None:
    photograph = (PHOTOGRAPH // 2 + 40).astype(np.uint8)
    face = cut_face(GREY, photograph, TURNED[0])
    result = put_back(photograph, face, face + np.uint8(40), TURNED[0])
    for one, other in ((0, 1), (1, 2)):
        difference, before = (part[..., one].astype(int) - part[..., other] for part in (result, photograph))
        assert np.abs(difference - before).max() <= 1
    assert (luma(result) - luma(photograph)).max() == pytest.approx(40, abs=0.6)


def test_fine_detail_goes_with_what_it_belonged_to_and_stays_elsewhere() -> None:
    rows, columns = np.indices((512, 512))
    fine = np.where((rows + columns) % 2 == 0, 30, -30)  # the network sees nothing of it
    teeth = (abs(rows - 256) < 16) & (abs(columns - 256) < 80)
    photograph = (np.where(teeth, 200, 100) + fine).astype(np.uint8)[..., None]
    placement = placed(0.25, 0, 256, 256)
    face = cut_face(GREY, photograph, placement)
    closed = np.full_like(face, 100)
    result = put_back(photograph, face, closed, placement)[..., 0].astype(int)
    inside, cheek = result[250:262, 200:312], result[150:200, 150:360]
    assert np.abs(inside - 100).mean() < 10  # where only the change is added, it is 30
    assert np.abs(cheek - photograph[150:200, 150:360, 0]).max() <= 1


def test_a_face_comes_to_where_the_network_expects_it() -> None:
    tight = TranslationConfig(**{**GREY.__dict__, "eyes": (0.26, 0.25, 0.74, 0.25)})
    assert np.allclose(landmarks_of(COLOUR), TEMPLATE)
    assert np.allclose(landmarks_of(tight)[:2] / 128, [[0.26, 0.25], [0.74, 0.25]])
    known = placed(0.7, 33, 150, 120)
    found = placement_of(tight, moved(landmarks_of(tight), inverse(known.matrix)))
    assert np.allclose(found, known)
    points = moved(np.array([[0.26, 0.25], [0.74, 0.25]]) * 128, inverse(known.matrix))
    rows, columns = np.indices((240, 300)) + 0.5
    eyes = np.any([np.hypot(columns - x, rows - y) < 6 for x, y in points], axis=0)
    face = cut_face(tight, (eyes * 255).astype(np.uint8)[..., None], found)[..., 0].astype(float)
    for half, x in ((slice(0, 32), 0.26), (slice(32, 64), 0.74)):
        rows, columns = np.indices((64, 64))[:, :, half] + 0.5
        mass = face[:, half]
        assert (mass * columns).sum() / mass.sum() == pytest.approx(64 * x, abs=0.2)
        assert (mass * rows).sum() / mass.sum() == pytest.approx(64 * 0.25, abs=0.2)


def test_a_large_photograph_is_cut_as_a_small_one() -> None:
    large = np.asarray(Image.fromarray(PHOTOGRAPH).resize((512 * 4, 480 * 4), Image.Resampling.BICUBIC))
    small = cut_face(COLOUR, PHOTOGRAPH, placed(0.3, 10, 230, 200))
    assert np.abs(cut_face(COLOUR, large, placed(0.075, 10, 920, 800)).astype(int) - small).mean() < 1.5


def test_strips_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    face = cut_face(GREY, PHOTOGRAPH, TURNED[0])
    whole = put_back(PHOTOGRAPH, face, 255 - face, TURNED[0])
    monkeypatch.setattr("models.translation.faces.STRIP", 37)
    shares: list[float] = []
    assert np.array_equal(put_back(PHOTOGRAPH, face, 255 - face, TURNED[0], shares.append), whole)
    assert shares == sorted(shares) and shares[-1] == 1


def test_a_network_changes_the_face_alone() -> None:
    network = tiny_translation(domains=("neutral", "smiling"), channels=1, pixels=64 * 64, merge="difference")
    placement = placed(1.5, 20, 200, 150)
    translated = translate_face(network, PHOTOGRAPH, "neutral-to-smiling", placement)
    assert translated.cut.shape == translated.drawn.shape == (64, 64, 1)
    changed = (translated.photograph != PHOTOGRAPH).any(2)
    x, y = in_frame(placement, PHOTOGRAPH)
    inside = (x > 0) & (x < 128) & (y > 0) & (y < 128)
    assert changed[inside].any() and not changed[~inside].any()


@pytest.mark.parametrize(
    ("placement", "sentence"),
    [
        (Placement(0, 0, 0, 0), "sides of the frame are inf px"),
        (Placement(100, 0, 0, 0), "sides of the frame are 1 px long in the picture; 8 to 1920 px"),
        (Placement(1e-3, 0, 0, 0), "sides of the frame are 128000 px"),
        (Placement(1, float("nan"), 0, 0), "have to be finite"),
        (Placement(1, 0, 900, 0), r"middle of the frame is at \(-836, 64\), outside"),
    ],
)
def test_frames_that_do_not_lie_on_the_photograph_are_refused(placement: Placement, sentence: str) -> None:
    network = tiny_translation(domains=("neutral", "smiling"), channels=1, pixels=64 * 64, merge="difference")
    with pytest.raises(InvalidInput, match=sentence):
        translate_face(network, PHOTOGRAPH, "neutral-to-smiling", placement)


def test_a_frame_is_for_networks_of_faces() -> None:
    with pytest.raises(InvalidInput, match="a frame is for networks of faces"):
        translate_face(tiny_translation(), PHOTOGRAPH, "day-to-night", TURNED[0])
