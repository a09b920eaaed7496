"""A visitor's own face: fitted into the frame, found, stopped, and what is said of pictures that do not serve.

All faces are drawn by a tiny network; no photograph is used.
"""

import base64
import io
import math
from pathlib import Path

import numpy as np
import pytest
from gradio.exceptions import Error
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from media.images import data_uri, png
from models import load
from models.faces.encoding import Found
from models.faces.likeness import LEAST
from models.gan import generate
from server.guard import Values, endpoint
from tabs.latent import face
from tests.conftest import Visit

EYES = (38.0, 38.0), (87.0, 38.0)  # of the template
TURN, SCALE, CENTRE = math.radians(20), 2.5, (310.0, 260.0)  # of the face in the picture of `portrait`
PORTRAIT = 700, 500  # px


def drawn_face() -> np.ndarray:
    """A picture of the tiny generator: uint8 (128, 128, 3)."""
    return np.asarray(generate(load(face.MODEL), seed=3, count=1)[0])


def portrait() -> Image.Image:
    """A larger picture in which that face lies turned, enlarged and off the middle."""
    a, b = SCALE * math.cos(TURN), SCALE * math.sin(TURN)
    square = SCALE**2
    inverse = (a / square, b / square, 0.0, -b / square, a / square, 0.0)
    x, y = CENTRE
    inverse = (
        inverse[0], inverse[1], 64 - inverse[0] * x - inverse[1] * y,
        inverse[3], inverse[4], 64 - inverse[3] * x - inverse[4] * y,
    )  # fmt: skip
    whole = Image.fromarray(drawn_face())
    return whole.transform(PORTRAIT, Image.Transform.AFFINE, inverse, Image.Resampling.BICUBIC, fillcolor="gray")


def in_portrait(x: float, y: float) -> tuple[float, float]:
    """Where a point of the template lies in `portrait`."""
    a, b = SCALE * math.cos(TURN), SCALE * math.sin(TURN)
    return a * (x - 64) - b * (y - 64) + CENTRE[0], b * (x - 64) + a * (y - 64) + CENTRE[1]


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def address_of(image: Image.Image, kind: str = "PNG", **options: object) -> str:
    content = base64.b64encode(file_of(image, kind, **options)).decode()
    return f"data:image/{kind.lower()};base64,{content}"


def picture_of(address: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as image:
        return np.asarray(image.convert("RGB"))


def collected(answer: Values) -> Values:
    """The result of work that was started."""
    while "job" in answer:
        answer = face.follow({"job": answer["job"]})
    return answer


# --- as functions ------------------------------------------------------------------------------------------------


def test_a_face_comes_back_as_latent_and_picture(weights: Path) -> None:
    picture = drawn_face()
    answer = collected(face.find_face({"image": data_uri(png(picture), "png")}))
    assert len(answer["latent"]) == load(face.MODEL).config.latent_size
    assert np.array_equal(picture_of(answer["original"]), picture)
    assert picture_of(answer["picture"]).shape == picture.shape


def test_programs_get_the_same(weights: Path) -> None:
    address = data_uri(png(drawn_face()), "png")
    answer = face.encode_face(address)
    found = collected(face.find_face({"image": address}))
    assert answer == {name: found[name] for name in ("latent", "picture", "warning")}


def test_looking_for_a_face_can_be_stopped(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.jobs.PROMPT", 0.0)
    answer = face.find_face({"image": data_uri(png(drawn_face()), "png")})
    assert "job" in answer
    assert face.stop({"job": answer["job"]}) == {"notice": "Stopped."}
    assert "was stopped or has been collected" in face.follow({"job": answer["job"]})["notice"]


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        ("", "This is no file in the form of a data URI"),
        (17, "This is no file in the form of a data URI"),
        ("data:image/png;base64,AAAA", "This file is no picture that can be read"),
        ("data:image/png;base64," + "A" * 6_000_000, "The file is larger than 4 MB"),
        (address_of(Image.new("1", (9000, 9000))), "more than 8 million pixels"),
    ],
)
def test_bad_pictures_get_one_sentence(weights: Path, image: object, sentence: str) -> None:
    assert sentence in face.find_face({"image": image})["notice"]
    with pytest.raises(Error, match=sentence):
        endpoint(face.encode_face)(image)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "image",
    [
        address_of(Image.new("RGB", (1, 1))),
        address_of(Image.new("CMYK", (300, 20)), "JPEG"),
        address_of(Image.new("L", (64, 64), 99), "GIF", save_all=True, append_images=[Image.new("L", (64, 64))]),
        address_of(Image.new("RGBA", (40, 80), (0, 0, 0, 0))),
    ],
    ids=["one pixel", "CMYK", "animation", "transparent"],
)
def test_odd_pictures_are_looked_for_all_the_same(weights: Path, image: str) -> None:
    assert len(collected(face.find_face({"image": image}))["latent"]) > 1


def test_what_is_unlike_a_face_is_said() -> None:
    def told(distance: float, like: float = 0.5) -> str:
        found = Found(np.zeros(8, np.float32), np.zeros((1, 8, 8, 3), np.uint8), 9.0, distance)
        return face.warning_about(found, like)

    assert told(0.05) == ""
    assert "likeness is poor" in told(face.POOR + 0.01)
    assert "does not look like a face" in told(0.05, like=LEAST - 0.01)


# --- as a visitor uses it ----------------------------------------------------------------------------------------


def opened(page: Page) -> None:
    """The dialog, open and without a picture."""
    page.locator("#latent [data-link]").wait_for()
    page.get_by_role("button", name="Your own face").click()
    expect(page.get_by_role("dialog", name="Your own face")).to_be_visible()


def choose(page: Page, name: str, content: bytes) -> None:
    page.locator(".face-file").set_input_files(FilePayload(name=name, mimeType="", buffer=content))


def placement(page: Page) -> list[float]:
    """Where the picture lies in the frame: a, b, x, y of page/components/placement.js."""
    return [float(part) for part in str(page.locator(".face-dialog").get_attribute("data-placement")).split(",")]


def put_mark(page: Page, place: int, onto: tuple[float, float]) -> None:
    """Drags the mark of an eye or the mouth onto a point of `portrait`, in units of the template."""
    a, b, x, y = placement(page)
    u, v = in_portrait(*onto)
    frame = page.locator(".frame-picture").bounding_box()
    mark = page.locator(f".frame-mark[data-mark='{place}']").bounding_box()
    assert frame is not None
    assert mark is not None
    page.mouse.move(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    page.mouse.down()
    to = (a * u - b * v + x) / 128, (b * u + a * v + y) / 128
    page.mouse.move(frame["x"] + to[0] * frame["width"], frame["y"] + to[1] * frame["height"], steps=3)
    page.mouse.up()


def test_a_visitor_fits_a_face_and_it_is_found(visit: Visit) -> None:
    page = visit("?tab=latent")
    opened(page)
    expect(page.get_by_role("button", name="Find this face")).to_be_disabled()
    choose(page, "me.png", file_of(portrait()))
    page.locator(".frame[data-state=filled]").wait_for()
    put_mark(page, 0, EYES[0])
    put_mark(page, 1, EYES[1])
    a, b, x, y = placement(page)
    for eye in EYES:  # the known answer: both eyes lie where the template has them
        u, v = in_portrait(*eye)
        assert (a * u - b * v + x, b * u + a * v + y) == pytest.approx(eye, abs=0.6)
    put_mark(page, 2, (63, 98.5))  # a longer face than the template's: it is made smaller, so that all three fit
    smaller = placement(page)
    assert 0.85 < math.hypot(*smaller[:2]) / math.hypot(a, b) < 0.97
    page.get_by_role("button", name="Find this face").click()
    expect(page.get_by_role("dialog", name="Your own face")).to_be_hidden()
    expect(page.locator(".latent-pictures figcaption")).to_have_text(["In the frame", "Drawn by the network"])


def test_the_frame_obeys_keys_and_sliders(visit: Visit) -> None:
    page = visit("?tab=latent")
    opened(page)
    choose(page, "me.png", file_of(portrait()))
    page.locator(".frame[data-state=filled]").wait_for()
    before = placement(page)
    page.locator(".frame-picture").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert placement(page) == pytest.approx([*before[:2], before[2] + 1, before[3] - 8], abs=1e-3)
    page.keyboard.press("]")
    assert placement(page)[1] > 0
    page.locator(".frame-reset").click()
    assert placement(page) == pytest.approx(before, abs=1e-3)
    page.get_by_role("slider", name="Zoom").fill("60")
    assert placement(page)[0] > before[0]
    page.get_by_role("button", name="Turn by 90°").click()
    assert placement(page)[0] == pytest.approx(0, abs=1e-3)
    page.locator(".frame-reset").click()
    for eye, keys in ((0, ["ArrowDown"] * 3), (1, ["ArrowUp"] * 3)):
        page.locator(f".frame-mark[data-mark='{eye}']").focus()
        for key in keys:
            page.keyboard.press(key)
    page.keyboard.press("Enter")
    assert placement(page)[1] > 0  # the right eye lay higher, so the picture was turned clockwise
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Your own face")).to_be_hidden()


def test_sideways_pictures_stand_upright_and_bad_files_get_a_sentence(visit: Visit) -> None:
    page = visit("?tab=latent")
    opened(page)
    notice = page.locator(".face-notice")
    choose(page, "a.png", b"no picture")
    expect(notice).to_contain_text("no picture that can be read")
    choose(page, "small.png", file_of(Image.new("RGB", (16, 40))))
    expect(notice).to_have_text("The picture is 16 x 40 px; a face needs 32 px or more.")
    sideways = Image.new("RGB", (80, 80), "blue")
    sideways.paste("red", (0, 0, 40, 80))  # the left half, which is above when the picture is upright
    exif = Image.Exif()
    exif[0x0112] = 6
    choose(page, "phone.jpg", file_of(sideways, "JPEG", exif=exif))
    page.locator(".frame[data-state=filled]").wait_for()
    above, below = page.evaluate(
        """() => [100, 540].map((y) =>
          [...document.querySelector(".frame-picture").getContext("2d").getImageData(320, y, 1, 1).data])"""
    )
    assert above[0] > 200 > 60 > above[2]
    assert below[2] > 200 > 60 > below[0]
    expect(notice).to_be_hidden()
    choose(page, "scan.tif", file_of(Image.new("RGB", (90, 60), "lime"), "TIFF"))  # which Chromium cannot open
    page.wait_for_function(
        """() => document.querySelector(".frame-picture").getContext("2d").getImageData(320, 320, 1, 1).data[1] > 200"""
    )
    expect(notice).to_be_hidden()
