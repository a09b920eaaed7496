"""Faces cut to the template: the geometry against known answers, what is left out and why, and dlib's landmarks."""

import csv
import importlib.util
import io
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from data import align, landmarks
from data.align import (
    LeftOut,
    align_folder,
    aligned,
    difference_hash,
    main,
    open_photograph,
    sharpness,
)
from data.folders import read_pictures
from data.landmarks import dlib_finder
from media.formats import NAMES
from models.errors import InvalidInput, UnusableData
from models.faces.similarity import TEMPLATE, Points, cut, inverse, moved, outside, scale_of, similarity

dlib_installed = importlib.util.find_spec("dlib") and importlib.util.find_spec("face_recognition_models")
needs_dlib = pytest.mark.skipif(not dlib_installed, reason="dlib is missing: pip install -r requirements-align.txt")


def matrix(scale: float, degrees: float, x: float, y: float) -> Points:
    turn = np.deg2rad(degrees)
    return np.array([[np.cos(turn), -np.sin(turn), x / scale], [np.sin(turn), np.cos(turn), y / scale]]) * scale


def texture(seed: int, side: int = 256) -> Image.Image:
    """A picture like no other, with coarse and fine structure."""
    source = np.random.default_rng(seed)
    coarse = Image.fromarray(source.integers(0, 256, (9, 9, 3), dtype=np.uint8)).resize((side, side))
    fine = source.normal(0, 20, (side, side, 1))
    return Image.fromarray(np.clip(np.asarray(coarse) + fine, 0, 255).astype(np.uint8))


def whole(picture: Image.Image) -> Points:
    """Landmarks such that the whole picture is the crop."""
    return TEMPLATE * picture.width / 128


def encoded(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


# --- geometry ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scale", "degrees"), [(1, 0), (0.3, 25), (7, -170), (2, 90)])
def test_a_known_similarity_is_found_again(scale: float, degrees: float) -> None:
    known = matrix(scale, degrees, 12, -700)
    found = similarity(TEMPLATE, moved(TEMPLATE, known))
    assert np.allclose(found, known)
    assert scale_of(found) == pytest.approx(scale)
    assert np.allclose(moved(moved(TEMPLATE, found), inverse(found)), TEMPLATE)


def test_among_noise_it_is_the_least_squares_solution() -> None:
    source = np.random.default_rng(1).normal(0, 50, (5, 2))
    target = moved(source, matrix(0.7, 20, 5, 9)) + np.random.default_rng(2).normal(0, 4, (5, 2))
    # linear in a, b, x, y: (a x - b y + x0, b x + a y + y0)
    rows = np.concatenate([np.column_stack([source[:, 0], -source[:, 1], np.ones(5), np.zeros(5)]),
                           np.column_stack([source[:, 1], source[:, 0], np.zeros(5), np.ones(5)])])  # fmt: skip
    a, b, x, y = np.linalg.lstsq(rows, np.concatenate([target[:, 0], target[:, 1]]), rcond=None)[0]
    assert np.allclose(similarity(source, target), [[a, -b, x], [b, a, y]])


def test_it_never_mirrors() -> None:
    assert np.linalg.det(similarity(TEMPLATE, TEMPLATE * [-1, 1])[:, :2]) > 0


def test_landmarks_at_one_place() -> None:
    with pytest.raises(InvalidInput, match="at one place"):
        similarity(np.ones((5, 2)), TEMPLATE)


def test_the_eyes_of_a_turned_picture_come_to_their_places() -> None:
    to_picture = matrix(3.3, 22, 200, -30)  # from the template
    rows, columns = np.indices((700, 800)) + 0.5
    discs = [np.hypot(columns - x, rows - y) < 10 for x, y in moved(TEMPLATE[:2], to_picture)]
    picture = Image.fromarray((np.any(discs, axis=0) * 255).astype(np.uint8)).convert("RGB")
    crop = np.asarray(cut(picture, inverse(to_picture), 128).convert("L"), np.float64)
    x, y = np.meshgrid(np.arange(128), np.arange(128))
    for half, place in ((x < 64, (38, 38)), (x >= 64, (87, 38))):
        mass = crop * half
        assert ((mass * x).sum() / mass.sum(), (mass * y).sum() / mass.sum()) == pytest.approx(place, abs=0.05)


@pytest.mark.parametrize("scale", [0.5, 1, 2, 5])
def test_a_ramp_stays_a_ramp(scale: float) -> None:
    ramp = np.linspace(0, 255, round(128 * scale) + 1)[None, :-1] + 255 / (256 * scale)  # at the centres of pixels
    picture = Image.fromarray(np.repeat(np.round(ramp)[..., None].astype(np.uint8), 3, 2).repeat(ramp.shape[1], 0))
    crop = np.asarray(cut(picture, matrix(1 / scale, 0, 0, 0), 128))[:, :, 0].astype(np.float64)
    assert np.abs(crop[:, 4:-4] - ((np.arange(128) + 0.5) * 255 / 128)[4:-4]).max() < 2.1


@pytest.mark.parametrize("scale", [2, 3, 8, 20])
def test_fine_patterns_do_not_alias(scale: int) -> None:
    board = (np.indices((128 * scale, 128 * scale)).sum(axis=0) % 2 * 255).astype(np.uint8)
    crop = np.asarray(cut(Image.fromarray(board).convert("RGB"), matrix(1 / scale, 7, 0, 0), 128), np.float64)
    assert np.abs(crop[20:-20, 20:-20] - 127.5).max() < 6


def test_beyond_the_edge_the_picture_is_mirrored() -> None:
    picture = texture(0, 128).filter(ImageFilter.GaussianBlur(0.7))
    assert outside(matrix(1, 0, 0, 0), 128, 128) == 0
    assert outside(matrix(1, 0, 32, 0), 128, 128) == pytest.approx(0.25)
    assert outside(matrix(1, 0, 0, 500), 128, 128) == 1
    crop = np.asarray(cut(picture, matrix(1, 0, 32, 0), 128), np.int64)  # 32 columns come from beyond
    assert np.abs(crop[:, 28:32] - crop[:, 32:36][:, ::-1]).max() < 12
    assert np.abs(crop[:, 40:] - np.asarray(picture, np.int64)[:, 8:96]).max() < 12


def test_an_aligned_picture_stays_as_it_is() -> None:
    picture = texture(3, 128).filter(ImageFilter.GaussianBlur(0.7))
    assert np.abs(np.asarray(aligned(picture, whole), np.int64) - np.asarray(picture)).mean() < 1.5


# --- one photograph ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_upright_by_its_exif(orientation: int) -> None:
    upright = texture(1, 96).resize((96, 64))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's numbers for what a camera did
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert np.array_equal(np.asarray(open_photograph(encoded(stored, exif=exif))), np.asarray(upright))


def test_every_kind_of_picture_becomes_rgb() -> None:
    for mode in ("L", "1", "CMYK", "P", "LA", "RGBA", "I;16"):
        form = "TIFF" if mode in ("CMYK", "I;16") else "PNG"
        picture = open_photograph(encoded(Image.new(mode, (16, 12)), form))
        assert (picture.mode, picture.size) == ("RGB", (16, 12))
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert open_photograph(encoded(clear)).getpixel((0, 0)) == (255, 255, 255)
    deep = Image.fromarray(np.full((4, 4), 40_000, np.uint16))
    assert open_photograph(encoded(deep)).getpixel((0, 0)) == (156, 156, 156)
    film = encoded(Image.new("RGB", (8, 8), "red"), "GIF", save_all=True, append_images=[Image.new("RGB", (8, 8))])
    assert open_photograph(film).getpixel((0, 0)) == (255, 0, 0)


def test_large_photographs_are_reduced_and_huge_ones_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(align, "LARGEST_PICTURE", 10**7)
    assert open_photograph(encoded(Image.new("L", (6000, 3000)), "JPEG")).size == (2560, 1280)  # unpacks reduced
    assert open_photograph(encoded(Image.new("L", (3000, 3000)))).size == (2560, 2560)
    with pytest.raises(LeftOut, match=r"^has 4000 x 3000 pixels; at most 10 million are read, so reduce it\.$"):
        open_photograph(encoded(Image.new("1", (4000, 3000))))
    with pytest.raises(LeftOut, match="far too many pixels"):
        open_photograph(encoded(Image.new("1", (14_000, 14_000))))


@pytest.mark.parametrize("content", [b"", b"hello", encoded(texture(0))[:3000], b"\xff\xd8\xff\xe0 nothing"])
def test_a_file_that_is_no_picture(content: bytes) -> None:
    with pytest.raises(LeftOut, match=r"cannot be read as a picture; PNG, JPEG, .* HEIC and JPEG XL can"):
        open_photograph(content)


def found(points: Points | None) -> landmarks.Finder:
    return lambda picture: points


TURNED = TEMPLATE + np.array([[0, 0], [0, 0], [14, 0], [4, 0], [4, 0]])
STRETCHED = TEMPLATE * [1, 2.4] - [0, 60]


@pytest.mark.parametrize(
    ("landmarks", "kind", "sentence"),
    [
        (None, "without a face", "shows no face; one that looks into the camera and fills 6 % of it is needed."),
        (TURNED, "turned away", "shows a face that is turned away or half hidden; choose one from the front."),
        (STRETCHED, "turned away", "shows a face that is turned away or half hidden; choose one from the front."),
        (
            TEMPLATE / 2,
            "too small",
            "shows a face of 24 px from eye to eye where 33 are needed; choose a larger picture.",
        ),
        (
            TEMPLATE + np.array([30, 0]),
            "cut off",
            "shows a face that the edge cuts off; choose a photograph with more around it.",
        ),
    ],
)
def test_faces_that_cannot_be_used(landmarks: Points | None, kind: str, sentence: str) -> None:
    with pytest.raises(LeftOut) as error:
        aligned(texture(0, 140).crop((0, 0, 128, 128)), found(landmarks))
    assert (error.value.kind, str(error.value)) == (kind, sentence)


def test_blurred_faces_cannot_be_used() -> None:
    sharp = texture(0, 512)
    assert aligned(sharp, whole).size == (128, 128)
    with pytest.raises(LeftOut, match=r"^shows a blurred face"):
        aligned(sharp.filter(ImageFilter.GaussianBlur(12)), whole)


def test_a_larger_size_asks_for_a_larger_face() -> None:
    assert aligned(texture(0, 256), whole, 256).size == (256, 256)
    assert aligned(texture(0, 256), whole, 64).size == (64, 64)
    with pytest.raises(LeftOut, match="49 px from eye to eye where 65 are"):
        aligned(texture(0, 128), whole, 256)


def test_sharpness_of_a_known_pattern() -> None:
    assert sharpness(Image.new("RGB", (128, 128), "grey")) == 0
    board = Image.fromarray((np.indices((128, 128)).sum(axis=0) % 2 * 10).astype(np.uint8))
    assert sharpness(board) == pytest.approx(40)  # each pixel differs by 10 from its four neighbours


def test_hashes_tell_pictures_apart_and_not_encodings() -> None:
    for seed in range(10):
        picture = texture(seed)
        again = Image.open(io.BytesIO(encoded(picture.resize((180, 180)), "JPEG", quality=60)))
        assert np.count_nonzero(difference_hash(picture) != difference_hash(again)) <= align.MOST_ALIKE / 2
        other = difference_hash(texture(seed + 100))
        assert np.count_nonzero(difference_hash(picture) != other) > 3 * align.MOST_ALIKE


# --- a folder ----------------------------------------------------------------------------------------------------


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Six that can be used, and five that cannot."""
    folder = tmp_path / "photographs"
    (folder / "more").mkdir(parents=True)
    for seed in range(5):
        texture(seed).save(folder / f"{seed}.png")
    texture(9).convert("L").save(folder / "more" / "grey.png")
    shutil.copy(folder / "0.png", folder / "copy.png")
    texture(1, 256).resize((200, 200)).save(folder / "smaller.jpg", quality=80)
    texture(2).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "mirrored.webp")
    texture(7, 60).save(folder / "tiny.png")
    (folder / "notes.txt").write_text("Aunt Anna, 1987")
    (folder / ".hidden.png").write_bytes(b"no")
    return folder


def test_a_folder_is_aligned_in_order_and_all_left_out_are_listed(photographs: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    to = tmp_path / "new" / "deck"
    run = align_folder(photographs, to, find=whole, report=lines.append)
    names = [f"face-000{number}.webp" for number in range(1, 7)]
    origins = ["0.png", "1.png", "2.png", "3.png", "4.png", "more/grey.png"]
    assert run.kept == list(zip(names, origins, strict=True))
    assert sorted(file.name for file in to.iterdir()) == [*names, "origins.csv"]
    with open(to / "origins.csv", encoding="utf-8", newline="") as table:
        assert list(csv.reader(table)) == [["file", "origin"], *map(list, run.kept)]
    assert lines == [
        "left out: copy.png is a copy of 0.png.",
        "left out: mirrored.webp is the same photograph as 2.png.",
        f"left out: notes.txt cannot be read as a picture; {NAMES} can.",
        "left out: smaller.jpg is the same photograph as 1.png.",
        "left out: tiny.png shows a face of 23 px from eye to eye where 33 are needed; choose a larger picture.",
    ]
    assert run.summary(Path("deck"), 128) == (
        "6 of 11 files became pictures of 128 px in deck; left out: 3 duplicate, 1 unreadable, 1 too small; "
        "1 are grey and the others are not, which players will notice."
    )
    pictures = read_pictures(to, resolution=128, channels=3)
    expected = np.asarray(aligned(Image.open(photographs / "3.png"), whole))
    assert np.array_equal(pictures[3], expected)  # lossless


def test_the_same_photographs_give_the_same_files(photographs: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    align_folder(photographs, first, find=whole, report=lambda line: None)
    time.sleep(0.01)
    align_folder(photographs, second, find=whole, report=lambda line: None)
    for file in first.iterdir():
        assert file.read_bytes() == (second / file.name).read_bytes()
    with Image.open(first / "face-0001.webp") as picture:
        assert not {"exif", "xmp", "icc_profile"} & set(picture.info)


def test_nothing_is_overwritten_unless_asked(photographs: Path, tmp_path: Path) -> None:
    to = photographs / "deck"  # within the folder: it is not read again
    align_folder(photographs, to, find=whole, report=lambda line: None)
    with pytest.raises(InvalidInput, match="holds the results of an earlier run; add --force"):
        align_folder(photographs, to, find=whole)
    (photographs / "4.png").unlink()
    (to / "mine.txt").write_text("stays")
    run = align_folder(photographs, to, find=whole, force=True, report=lambda line: None)
    assert len(run.kept) == 5 and run.kept[-1] == ("face-0005.webp", "more/grey.png")
    assert not (to / "face-0006.webp").exists()
    assert (to / "mine.txt").read_text() == "stays"
    strange = tmp_path / "strange"
    strange.mkdir()
    shutil.copy(photographs / "0.png", strange / "face-0001.webp")
    with pytest.raises(InvalidInput, match="holds files that this command did not write"):
        align_folder(photographs, strange, find=whole, force=True)


def test_folders_that_cannot_be_used(photographs: Path, tmp_path: Path) -> None:
    with pytest.raises(UnusableData, match="nowhere does not exist; give a folder"):
        align_folder(tmp_path / "nowhere", tmp_path / "to", find=whole)
    with pytest.raises(UnusableData, match="is no folder; give a folder"):
        align_folder(photographs / "0.png", tmp_path / "to", find=whole)
    with pytest.raises(InvalidInput, match="cannot share a folder"):
        align_folder(photographs, photographs, find=whole)
    with pytest.raises(InvalidInput, match="is no folder; name a new one"):
        align_folder(photographs, photographs / "0.png", find=whole)
    with pytest.raises(InvalidInput, match="--size is 4; 64 to 512 px"):
        align_folder(photographs, tmp_path / "to", side=4, find=whole)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnusableData, match="holds no files"):
        align_folder(tmp_path / "empty", tmp_path / "to", find=whole)
    with pytest.raises(UnusableData, match="None of the 11 files"):
        align_folder(photographs, tmp_path / "to", find=found(None), report=lambda line: None)
    assert list((tmp_path / "to").iterdir()) == []


def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([str(tmp_path / "nowhere"), "--to", str(tmp_path / "to")]) == 1
    assert (
        capsys.readouterr().err == f"error: {tmp_path}/nowhere does not exist; give a folder with photographs in it.\n"
    )


def test_without_dlib_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UnusableData, match="install them with: pip install -r requirements-align"):
        dlib_finder.__wrapped__()


# --- landmarks ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def astronaut() -> Image.Image:
    """Eileen Collins, photographed by NASA (public domain); her eyes are at (205, 102) and (247, 105)."""
    from skimage.data import astronaut

    return Image.fromarray(astronaut())


@needs_dlib
def test_landmarks_of_a_known_photograph(astronaut: Image.Image) -> None:
    landmarks = dlib_finder()(astronaut)
    assert landmarks is not None
    assert np.abs(landmarks - [[205, 102], [247, 105], [226, 128], [201, 140], [246, 142]]).max() < 4


@needs_dlib
@pytest.mark.parametrize(("scale", "degrees"), [(0.9, 0), (1.5, 12), (2.2, -20), (1, 90), (1.3, 180), (1.2, -90)])
def test_a_photograph_that_was_moved_gives_the_same_crop(astronaut: Image.Image, scale: float, degrees: float) -> None:
    landmarks = dlib_finder()(astronaut)
    assert landmarks is not None
    straight = similarity(landmarks, TEMPLATE)
    around = matrix(scale, degrees, 0, 0)
    around[:, 2] = (
        np.array([350, 350]) - moved(np.array([[226.0, 122]]), around)[0] + around[:, 2]
    )  # the face at 350, 350
    back = tuple(inverse(around).ravel().tolist())
    picture = astronaut.transform((700, 700), Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    there = dlib_finder()(picture)
    assert there is not None
    eyes = np.array([[38.5, 38.5], [87.5, 38.5]])
    again = moved(moved(moved(eyes, inverse(straight)), around), similarity(there, TEMPLATE))
    assert np.linalg.norm(again - eyes, axis=1).max() < 1.6  # px of 128


@needs_dlib
def test_the_largest_of_several_faces_counts(astronaut: Image.Image) -> None:
    picture = Image.new("RGB", (1000, 600), "grey")
    picture.paste(astronaut.resize((300, 300)), (650, 100))
    picture.paste(astronaut, (50, 50))
    landmarks = dlib_finder()(picture)
    assert landmarks is not None
    assert np.abs(landmarks[0] - [255, 152]).max() < 4


@needs_dlib
def test_pictures_without_a_face() -> None:
    from skimage.data import chelsea, coffee

    for picture in (chelsea(), coffee()):  # a cat, a cup
        with pytest.raises(LeftOut, match=r"^shows no face"):
            aligned(Image.fromarray(picture), dlib_finder())


@needs_dlib
def test_the_command_makes_pictures_for_a_deck(
    astronaut: Image.Image, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "photographs"
    folder.mkdir()
    astronaut.save(folder / "collins.jpg", quality=92)
    astronaut.transpose(Image.Transpose.ROTATE_90).save(folder / "sideways.png")
    Image.new("RGB", (300, 300)).save(folder / "wall.png")
    assert main([str(folder), "--to", str(tmp_path / "deck")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "left out: sideways.png is the same photograph as collins.jpg."
    assert told[-1].startswith("1 of 3 files became pictures of 128 px")
    assert read_pictures(tmp_path / "deck", resolution=128, channels=3).shape == (1, 128, 128, 3)
