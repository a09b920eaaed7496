"""The tab "Translate": as functions of what is sent, and as a person uses it."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from data.landmarks import is_installed
from media.formats import ACCEPT, SAVED
from models.checkpoints.published import read_reference
from models.faces.similarity import moved
from models.translation import Picture, Placement
from server.guard import Values
from server.uploads import UploadedNetworks
from tabs.translate import tab as translate
from tabs.translate.frames import placement_in, read_frame
from tabs.translate.settings import to_python, to_query
from tabs.translate.tab import named
from tests.conftest import Visit
from tests.films import film, gif, moving_square
from tests.networks import tiny_translation
from tests.test_reference import resnet

STREETS, MAPS, FACES = "streets-day-night-256", "streets-labels-photo-256", "faces-smile-128"
PHONE: dict[str, Any] = {"device_scale_factor": 3, "is_mobile": True, "has_touch": True}
needs_dlib = pytest.mark.skipif(not is_installed(), reason="dlib is missing: pip install -r requirements-align.txt")
NOISE = np.random.default_rng(0).integers(0, 256, (90, 130, 4), dtype=np.uint8)


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def uri(content: bytes, kind: str = "image/png") -> str:
    """A file as an address."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def picture_in(address: str) -> Picture:
    """The pixels of a picture in an address."""
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as opened:
        return np.array(opened)


def payload(name: str, content: bytes, kind: str = "image/png") -> FilePayload:
    """A file as a visitor chooses it."""
    return {"name": name, "mimeType": kind, "buffer": content}


def shown(page: Page) -> str:
    """Waits for a result, and says which one it is."""
    page.locator("#translate [data-shown]").wait_for()
    return page.locator("#translate [data-shown]").get_attribute("data-shown") or ""


def next_shown(page: Page, before: str) -> str:
    """Waits for another result."""
    last = "document.querySelector('#translate [data-shown]').dataset.shown"
    page.wait_for_function(f"(before) => {last} !== before", arg=before)
    return shown(page)


def collected(answer: Values) -> Values:
    """The result of work, however long it takes."""
    while "job" in answer:
        answer = translate.follow({"job": answer["job"]})
    return answer


# --- without a browser -------------------------------------------------------------------------------------------


def test_a_permalink_says_network_direction_and_example(weights: Path) -> None:
    _, setting = named({"model": STREETS, "direction": "night-to-day", "example": "2"})
    fields = dict(httpx.QueryParams(to_query(setting)))
    assert named(fields)[1] == setting
    assert fields["tab"] == "translate"
    assert 'translate(network, picture, "night-to-day")' in to_python(setting)


def test_the_stage_is_told_what_it_needs(weights: Path) -> None:
    streets, maps, faces = (translate.open_translator({"model": name}) for name in (STREETS, MAPS, FACES))
    assert streets["directions"] == ["day-to-night", "night-to-day"]
    assert (streets["palette"], streets["framing"], maps["framing"]) == ([], {}, {})
    assert faces["framing"] == {"eyes": [{"x": 38.5, "y": 38.5}, {"x": 87.5, "y": 38.5}], "finds": is_installed()}
    assert ["road", "#804080"] in maps["palette"]
    assert maps["further"] == STREETS
    assert [len(told["examples"]) for told in (streets, maps, faces)] == [3, 3, 3]
    wrong = translate.open_translator({"model": STREETS, "direction": "up"})
    assert wrong["direction"] == "day-to-night"
    assert "this network goes day-to-night or night-to-day" in wrong["notice"]
    assert "There is no network" in translate.open_translator({"model": "/etc/passwd"})["trouble"]


@pytest.mark.parametrize("name", [STREETS, MAPS, FACES])
def test_every_example_of_every_direction_is_translated(weights: Path, name: str) -> None:
    told = translate.open_translator({"model": name})
    for direction in told["directions"]:
        seen = []
        for number in range(len(translate.open_translator({"model": name, "direction": direction})["examples"])):
            answer = collected(translate.translate_picture({"model": name, "direction": direction, "example": number}))
            assert picture_in(answer["after"]).shape == picture_in(answer["before"]).shape
            assert {"again", "error", "missed"} <= answer.keys()
            assert ("xray" in answer) == (direction != "photos-to-labels")
            seen.append(answer["before"])
        assert len(set(seen)) == 3
    assert "no example 7" in collected(translate.translate_picture({"model": name, "example": 7}))["notice"]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_comes_back_at_its_own_size(weights: Path, mode: str) -> None:
    levels = Image.fromarray(NOISE[..., :3])
    picture = Image.new("I;16", (130, 90), 40_000) if mode == "I;16" else levels.convert(mode)
    content = encoded(picture, "JPEG" if mode == "CMYK" else "PNG")
    answer = collected(translate.translate_picture({"model": STREETS, "image": uri(content)}))
    result = picture_in(answer["after"])
    assert result.shape[:2] == (90, 130)
    assert (answer["height"], answer["width"]) == (90, 130)
    assert result.ndim == (2 if mode in ("1", "L", "I;16") else 3)
    assert result.ndim == 2 or result.shape[2] == {"LA": 2, "RGBA": 4}.get(mode, 3)


def test_a_photograph_is_turned_upright_and_an_animation_shows_its_first_frame(weights: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    content = encoded(Image.fromarray(NOISE[..., :3]), "JPEG", exif=exif)
    answer = collected(translate.translate_picture({"model": STREETS, "image": uri(content)}))
    assert (answer["height"], answer["width"]) == (130, 90)
    moving = gif(moving_square(3), [50] * 3)
    answer = collected(translate.translate_picture({"model": STREETS, "image": uri(moving, "image/gif")}))
    assert (answer["height"], answer["width"]) == (48, 64)


def test_twelve_megapixels_come_back_as_such(weights: Path) -> None:
    content = encoded(Image.new("RGB", (4000, 3000), "grey"), "JPEG")
    answer = collected(translate.translate_picture({"model": STREETS, "image": uri(content, "image/jpeg")}))
    assert answer["after"].startswith("data:image/jpeg")
    assert picture_in(answer["after"]).shape == (3000, 4000, 3)
    assert answer["worked"][0] * answer["worked"][1] < 64 * 36 * 1.1


@pytest.mark.parametrize("frame", [[0.5, 0.2, 0.4], [2.4, 1.2, -140.0, -100.0]])
def test_a_face_in_a_frame_is_changed_and_nothing_around_it(weights: Path, frame: list[float]) -> None:
    content = encoded(Image.fromarray(NOISE[..., :3]))
    fields = {"model": FACES, "image": uri(content), "frame": frame}
    answer = collected(translate.translate_picture(fields))
    read = read_frame(frame)
    assert read is not None
    rows, columns = np.indices(NOISE.shape[:2]) + 0.5
    x, y = moved(np.column_stack([columns.ravel(), rows.ravel()]), placement_in(NOISE, read).matrix).T
    inside = ((x > 0) & (x < 128) & (y > 0) & (y < 128)).reshape(NOISE.shape[:2])
    changed = (picture_in(answer["after"]) != NOISE[..., :3]).any(2)
    assert changed[inside].any() and not changed[~inside].any()
    assert answer["worked"] == [64, 64]
    assert picture_in(answer["small"]).shape == picture_in(answer["small_after"]).shape == (64, 64, 3)


def test_frames_of_three_and_of_four_numbers(weights: Path) -> None:
    assert read_frame(None) is None
    assert read_frame([1, "0.5", 3, -4]) == (1, 0.5, 3, -4)
    assert placement_in(NOISE, (0.5, 0.2, 0.4)) == pytest.approx((128 / 36, 0, -65 * 128 / 36, -18 * 128 / 36))
    assert placement_in(NOISE, (1.0, 1.0, 1.0)) == pytest.approx((128 / 90, 0, -40 * 128 / 90, 0))  # moved into it
    fields = {"model": FACES, "image": uri(encoded(Image.fromarray(NOISE[..., :3])))}
    for wrong in ([0, 0], [0, 0, 2], ["a", 0, 1], 5, [0, 0, 0], [1, 2, 3, 4, 5], [1, 0, 0, float("nan")]):
        assert "A frame is four numbers" in translate.translate_picture({**fields, "frame": wrong})["notice"]
    answer = collected(translate.translate_picture({**fields, "frame": [1, 0, 900, 0]}))
    assert "outside of the picture" in answer["notice"]
    answer = collected(translate.translate_picture({**fields, "model": STREETS, "frame": [0, 0, 1]}))
    assert "a frame is for networks of faces" in answer["notice"]


@needs_dlib
def test_a_face_is_found(weights: Path) -> None:
    from skimage.data import astronaut

    picture = Image.fromarray(astronaut())  # her eyes are at (205, 102) and (247, 105), see tests/test_align.py
    answer = collected(translate.find_face({"model": FACES, "image": uri(encoded(picture))}))
    eyes = moved(np.array([[205.0, 102], [247, 105]]), Placement(*answer["frame"]).matrix)
    assert np.abs(eyes - [[38.5, 38.5], [87.5, 38.5]]).max() < 6
    answer = collected(translate.find_face({"model": FACES, "image": uri(encoded(Image.new("RGB", (90, 90))))}))
    assert answer["notice"] == "No face was found in this picture; put the marks on the eyes instead."


@pytest.mark.parametrize(
    "fields,sentence",
    [
        ({"image": "data:,hello"}, "no picture that can be read; PNG, JPEG"),
        ({"image": "http://example.org/a.png"}, "data URI"),
        ({"image": uri(encoded(Image.new("RGB", (3, 900))))}, "from 8 px a side"),
        ({"image": uri(encoded(Image.new("1", (4000, 4000))))}, "more than 12.5 million pixels"),
        ({"image": uri(encoded(Image.fromarray(NOISE))[:900])}, "no picture that can be read"),
        ({"direction": "up"}, "this network goes day-to-night or night-to-day"),
        ({"example": "x"}, "has to be a number"),
        ({"example": 1.5}, "has to be a whole number"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_translated_gets_one_sentence(weights: Path, fields: Values, sentence: str) -> None:
    assert sentence in collected(translate.translate_picture({"model": STREETS, **fields}))["notice"]


def test_clips_come_back_and_others_are_refused(weights: Path) -> None:
    content = film(moving_square(6))
    answer = collected(translate.translate_film({"model": STREETS, "clip": uri(content, "video/mp4")}))
    assert answer["film"].startswith("data:video/mp4;base64,")
    answer = collected(translate.translate_film({"model": STREETS, "clip": uri(gif(moving_square(3), [50] * 3))}))
    assert answer["kind"] == "gif"
    for clip in (uri(b"hello"), "data:,%%%", None):
        answer = collected(translate.translate_film({"model": STREETS, "clip": clip}))
        assert "MP4, WebM, MOV and GIF" in answer["notice"]


def test_a_strange_picture_is_called_strange(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabs.translate.result.outlier_score", lambda *_: 1.7)
    answer = collected(translate.translate_picture({"model": STREETS, "example": 0}))
    assert answer["warning"].startswith("This picture is unlike the day pictures that the network learned from (1.7")
    photograph = uri(encoded(Image.fromarray(NOISE[..., :3])))
    monkeypatch.undo()
    answer = collected(translate.translate_picture({"model": MAPS, "image": photograph}))
    assert answer["warning"].startswith("This picture is unlike the labels pictures")


def test_networks_of_visitors_are_theirs_and_few() -> None:
    adopted = UploadedNetworks(read_reference, 2)
    names = [adopted.keep(tiny_translation()) for _ in range(3)]
    assert len(set(names)) == 3
    with pytest.raises(Exception, match="no longer in memory"):
        adopted.get(names[0])
    assert adopted.get(names[2]) is not adopted.get(names[1])


# --- programs ----------------------------------------------------------------------------------------------------


def test_programs_translate(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:

        def call(name: str, *data: object) -> tuple[str, Any]:
            event = client.post(f"/gradio_api/call/{name}", json={"data": data}).json()["event_id"]
            *_, kind, answer = client.get(f"/gradio_api/call/{name}/{event}").text.strip().splitlines()
            return kind.removeprefix("event: "), json.loads(answer.removeprefix("data: "))

        kind, answer = call("translate", STREETS, "day-to-night", uri(encoded(Image.fromarray(NOISE))))
        assert kind == "complete"
        result = picture_in(answer[0])
        assert result.shape == NOISE.shape
        assert np.array_equal(result[..., 3], NOISE[..., 3])
        framed = (FACES, "neutral-to-smiling", uri(encoded(Image.fromarray(NOISE))), "data", [2.4, 1.2, -140, -100])
        kind, answer = call("translate", *framed)
        assert kind == "complete"
        assert np.array_equal(picture_in(answer[0])[:, :15], NOISE[:, :15])
        assert not np.array_equal(picture_in(answer[0]), NOISE)
        assert "A frame is four numbers" in call("translate", *framed[:4], [1])[1]["error"]
        kind, answer = call("translate_clip", STREETS, "night-to-day", uri(film(moving_square(4)), "video/mp4"))
        assert (kind, answer[0][:20]) == ("complete", "data:video/mp4;base6")
        assert "this network goes" in call("translate", STREETS, "up", uri(encoded(Image.fromarray(NOISE))))[1]["error"]
        assert "There is no network" in call("translate", "/tmp", "up", "")[1]["error"]
        assert "MP4, WebM" in call("translate_clip", STREETS, "day-to-night", "data:,x")[1]["error"]


# --- a person ----------------------------------------------------------------------------------------------------


def test_a_visitor_compares_before_and_after(visit: Visit) -> None:
    page = visit("?tab=translate")
    first = shown(page)
    expect(page.locator(".wb-line")).to_have_text("A street in town: day → night")
    box = page.locator(".wb-compare").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert 70 < float(page.locator(".wb-slider").input_value()) < 90
    page.get_by_role("radio", name="night → day").click()
    second = next_shown(page, first)
    expect(page.locator(".wb-line")).to_have_text("A street in town: night → day")
    page.get_by_role("button", name="A crossing").click()
    next_shown(page, second)
    page.locator(".wb-round summary").click()
    expect(page.locator(".wb-four img")).to_have_count(4)
    expect(page.locator(".wb-missed")).to_contain_text("grey levels on average")
    page.locator(".wb-xray summary").click()
    expect(page.locator(".wb-convinced")).to_contain_text("% convinced")
    page.wait_for_function("() => location.search.includes('example=2')")
    page.reload()
    shown(page)
    expect(page.locator(".wb-line")).to_have_text("A crossing: night → day")


def test_a_visitor_opens_a_picture_of_their_own(visit: Visit) -> None:
    page = visit("?tab=translate")
    first = shown(page)
    page.locator(".wb-file").set_input_files(payload("mine.png", encoded(Image.fromarray(NOISE[..., :3]))))
    second = next_shown(page, first)
    expect(page.locator(".wb-line")).to_have_text("Your picture: day → night")
    expect(page.locator(".wb-note").first).to_contain_text("130 × 90 px; worked out at")
    assert page.locator(".wb-kind option").all_inner_texts() == list(SAVED.values())
    for kind, name in SAVED.items():
        page.locator(".wb-kind").select_option(kind)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download").click()
        assert download.value.suggested_filename == f"latent-lab-day-to-night.{kind.replace('jpeg', 'jpg')}"
        with Image.open(download.value.path()) as saved:
            assert (saved.size, saved.format) == ((130, 90), name.upper())
    page.get_by_role("radio", name="night → day").click()  # the picture stays
    next_shown(page, second)
    expect(page.locator(".wb-line")).to_have_text("Your picture: night → day")
    page.locator(".wb-file").set_input_files(payload("a.png", b"no picture"))
    expect(page.locator(".wb-notice")).to_contain_text("no picture that can be read")
    expect(page.locator(".wb-line")).to_have_text("Your picture: night → day")  # nothing is lost
    third = shown(page)
    files = page.locator(".wb-file")
    assert str(files.get_attribute("accept")).startswith(ACCEPT)
    files.set_input_files(payload("mine.tif", encoded(Image.fromarray(NOISE[..., :3]), "TIFF")))  # Chromium knows none
    next_shown(page, third)
    assert page.locator(".wb-before").evaluate("image => image.naturalWidth") == 130


def test_a_visitor_pastes_and_drops_a_picture(visit: Visit) -> None:
    page = visit("?tab=translate")
    before = shown(page)
    content = base64.b64encode(encoded(Image.fromarray(NOISE[..., :3]))).decode()
    for make, event in (("clipboardData", "paste"), ("dataTransfer", "drop")):
        page.evaluate(
            """([content, make, kind]) => {
              const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
              const data = new DataTransfer();
              data.items.add(new File([bytes], "a.png", { type: "image/png" }));
              const Kind = kind === "paste" ? ClipboardEvent : DragEvent;
              const target = kind === "paste" ? document.body : document.querySelector(".wb-stage");
              target.dispatchEvent(new Kind(kind, { [make]: data, bubbles: true, cancelable: true }));
            }""",
            [content, make, event],
        )
        before = next_shown(page, before)
        expect(page.locator(".wb-line")).to_have_text("Your picture: day → night")


def test_a_visitor_takes_a_picture_with_the_camera(visit: Visit) -> None:
    page = visit("?tab=translate", permissions=["camera"])
    first = shown(page)
    page.get_by_role("button", name="Camera").click()
    page.wait_for_function("() => document.querySelector('.wb-dialog video').videoWidth > 0")
    page.get_by_role("button", name="Take the picture").click()
    next_shown(page, first)
    expect(page.locator(".wb-line")).to_have_text("Your picture: day → night")
    expect(page.locator(".wb-dialog")).to_be_hidden()


def test_a_visitor_draws_a_street_and_turns_it_into_night(visit: Visit) -> None:
    page = visit(f"?tab=translate&model={MAPS}")
    first = shown(page)
    page.get_by_role("radio", name="sky").click()
    box = page.locator(".wb-canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.9
    page.mouse.move(x - 40, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=6)
    page.mouse.up()
    second = next_shown(page, first)
    expect(page.locator(".wb-line")).to_have_text("Your map: labels → photos")
    colour = "() => [...document.querySelector('.wb-canvas').getContext('2d').getImageData(128, 230, 1, 1).data]"
    assert page.evaluate(colour)[:3] == pytest.approx([0x46, 0x82, 0xB4], abs=2)
    page.get_by_role("button", name="Undo").click()
    third = next_shown(page, second)
    assert page.evaluate(colour)[:3] == pytest.approx([0x80, 0x40, 0x80], abs=2)  # road again
    page.get_by_role("button", name="Fill areas").click()
    page.locator(".wb-canvas").click(position={"x": box["width"] / 2, "y": box["height"] * 0.9})
    fourth = next_shown(page, third)
    assert page.evaluate(colour)[:3] == pytest.approx([0x46, 0x82, 0xB4], abs=2)
    page.get_by_role("button", name="Turn this street into night").click()
    next_shown(page, fourth)
    expect(page.locator(".wb-line")).to_have_text("Your street, on a bright day: day → night")


def placement_on(page: Page) -> list[float]:
    """Where the picture lies in the frame: a, b, x, y of page/components/placement.js."""
    return [float(part) for part in str(page.locator(".wb-face").get_attribute("data-placement")).split(",")]


def drag(page: Page, part: str, x: float, y: float) -> None:
    """Drags a part of the frame by px."""
    box = page.locator(part).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + x, middle[1] + y, steps=4)
    page.mouse.up()


def test_a_visitor_frames_a_face(visit: Visit) -> None:
    page = visit(f"?tab=translate&model={FACES}")
    first = shown(page)
    expect(page.locator(".wb-face")).to_be_hidden()
    page.locator(".wb-file").set_input_files(payload("me.png", encoded(Image.new("RGB", (2400, 2000), "tan"))))
    second = next_shown(page, first)
    expect(page.locator(".wb-face")).to_be_visible()
    assert placement_on(page) == pytest.approx([0.096, 0, -12.8, 0], abs=0.05)  # of 1,600 px; the middle square
    drag(page, ".frame-picture", 40, 0)
    third = next_shown(page, second)
    assert placement_on(page)[2] > -12.8
    page.locator(".frame-turn").fill("20")
    fourth = next_shown(page, third)
    for eye, x in ((0, 25), (1, -25)):  # nearer to each other: the face was too small
        drag(page, f".frame-mark[data-mark='{eye}']", x, 0)
    fifth = next_shown(page, fourth)
    a, b, *_ = fitted = placement_on(page)
    assert np.hypot(a, b) > 0.12
    assert page.locator(".wb-before").evaluate("image => image.naturalWidth") == 2400  # the whole photograph
    expect(page.locator(".wb-note").first).to_contain_text("2400 × 2000 px; worked out at 64 × 64")
    page.get_by_role("radio", name="smiling → neutral").click()
    sixth = next_shown(page, fifth)
    assert placement_on(page) == fitted  # the face stays where it is
    page.get_by_role("button", name="A face that never existed (2)").click()
    next_shown(page, sixth)
    expect(page.locator(".wb-face")).to_be_hidden()


@needs_dlib
def test_a_visitor_has_the_face_found(visit: Visit) -> None:
    from skimage.data import astronaut

    page = visit(f"?tab=translate&model={FACES}")
    first = shown(page)
    page.locator(".wb-file").set_input_files(payload("me.png", encoded(Image.fromarray(astronaut()))))
    second = next_shown(page, first)
    page.get_by_role("button", name="Find the face").click()
    third = next_shown(page, second)
    eyes = moved(np.array([[205.0, 102], [247, 105]]), Placement(*placement_on(page)).matrix)
    assert np.abs(eyes - [[38.5, 38.5], [87.5, 38.5]]).max() < 6
    page.locator(".wb-file").set_input_files(payload("wall.png", encoded(Image.new("RGB", (200, 200)))))
    next_shown(page, third)
    page.get_by_role("button", name="Find the face").click()
    expect(page.locator(".wb-notice")).to_contain_text("No face was found")


def test_a_visitor_translates_a_clip_and_stops_another(visit: Visit) -> None:
    page = visit("?tab=translate")
    first = shown(page)
    page.locator(".wb-file").set_input_files(payload("a.mp4", film(moving_square(8)), "video/mp4"))
    second = next_shown(page, first)
    page.wait_for_function("() => document.querySelector('.wb-film').videoWidth === 64")
    expect(page.locator(".wb-line")).to_have_text("Your clip: day → night")
    page.locator(".wb-file").set_input_files(payload("a.gif", gif(moving_square(4), [60] * 4), "image/gif"))
    next_shown(page, second)
    page.wait_for_function("() => document.querySelector('.wb-gif').naturalWidth === 64")
    long = film(moving_square(20, height=720, width=1280) * 14, sound=None)
    page.locator(".wb-file").set_input_files(payload("long.mp4", long, "video/mp4"))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".wb-notice")).to_have_text("Stopped.")
    expect(page.locator("#translate .wb-busy")).to_be_hidden()
    page.locator(".wb-file").set_input_files(payload("a.mp4", b"no film", "video/mp4"))
    expect(page.locator(".wb-notice")).to_contain_text("no film that can be read")


def test_a_visitor_brings_a_network(visit: Visit, tmp_path: Path) -> None:
    page = visit("?tab=translate")
    first = shown(page)
    page.locator(".wb-file").set_input_files(payload("mine.png", encoded(Image.fromarray(NOISE[..., :3]))))
    second = next_shown(page, first)
    page.locator("#translate .wb-own summary").click()
    torch.save(resnet(blocks=6, width=2), tmp_path / "latest_net_G_A.pth")
    page.locator("#translate .wb-weights-file").set_input_files(tmp_path / "latest_net_G_A.pth")
    next_shown(page, second)
    expect(page.locator(".wb-line")).to_have_text("Your picture: a → b")
    expect(page.locator(".wb-network")).to_contain_text("Your own file")
    (tmp_path / "wrong.pth").write_bytes(b"something else")
    page.locator("#translate .wb-weights-file").set_input_files(tmp_path / "wrong.pth")
    expect(page.locator(".wb-notice")).to_contain_text("wrong.pth is no file of tensors")
    page.locator("#translate .wb-hub").fill("someone/network")
    page.locator("#translate .wb-load").click()
    expect(page.locator(".wb-notice")).to_contain_text("This page runs without a network")
    expect(page.locator(".wb-network")).to_contain_text("Your own file")  # nothing is lost


def test_on_a_phone_everything_fits(visit: Visit) -> None:
    for name in (STREETS, MAPS):
        page = visit(f"?tab=translate&model={name}", width=390, height=844, **PHONE)
        shown(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        picture, controls = (page.locator(part).bounding_box() for part in (".wb-stage", ".wb-controls"))
        assert picture is not None and controls is not None
        assert picture["y"] < controls["y"]
