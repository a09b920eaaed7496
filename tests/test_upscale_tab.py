"""The tab "Upscale": as functions of what is sent, and as a person uses it."""

import base64
import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from PIL import Image, ImageCms
from playwright.sync_api import Page, expect
from skimage.data import astronaut

from media.images import file_of
from media.incoming import read_remarked
from models import load
from models.errors import InvalidInput
from models.super_resolution import SuperResolution, SuperResolutionConfig, interpolated
from models.super_resolution import upscale as enlarge
from server.downloads import Downloads
from server.guard import Values
from tabs.upscale import tab as upscale
from tabs.upscale.archive import safe_stem
from tabs.upscale.networks import name_for
from tabs.upscale.pictures import truth_of
from tabs.upscale.result import spot_of
from tabs.upscale.settings import Setting, to_python, to_query
from tabs.upscale.tab import named
from tests.conftest import Visit
from tests.test_reference_upscalers import published
from tests.test_translate_tab import PHONE, encoded, payload, picture_in, uri

NOISE = np.random.default_rng(0).integers(0, 256, (24, 36, 4), dtype=np.uint8)
SMALL = uri(encoded(Image.fromarray(NOISE[..., :3])))


def collected(answer: Values) -> Values:
    """The result of work, however long it takes."""
    while "job" in answer:
        answer = upscale.follow({"job": answer["job"]})
    return answer


def made(**fields: object) -> Values:
    """What `upscale_picture` comes to."""
    return collected(upscale.upscale_picture(fields))


# --- without a browser -------------------------------------------------------------------------------------------


def test_a_permalink_says_everything_but_the_picture(weights: Path) -> None:
    setting = named({"model": "quality,fast", "scale": "8", "test": "1", "example": "2"})
    assert setting == Setting(("quality", "fast"), 8, True, 2)
    fields = dict(httpx.QueryParams(to_query(setting)))
    assert named(fields) == setting
    assert fields["tab"] == "upscale"
    assert 'load("upscale-x4-quality")' in to_python(setting)


def test_a_strength_lies_between_the_faithful_and_the_sharp_network(weights: Path) -> None:
    faithful, sharp = load("upscale-x4-quality"), load("upscale-x4-sharp")
    assert isinstance(faithful, SuperResolution) and isinstance(sharp, SuperResolution)
    some = interpolated(faithful, sharp, 0.25)
    weight = "upscaler.last.weight"
    expected = 0.75 * faithful.get_parameter(weight) + 0.25 * sharp.get_parameter(weight)
    assert torch.allclose(some.get_parameter(weight), expected, atol=1e-6)
    assert some.config.invents and not interpolated(faithful, sharp, 0).config.invents
    picture = NOISE[..., :3]
    for strength, network in ((0.0, faithful), (1.0, sharp)):
        assert np.array_equal(
            enlarge(interpolated(faithful, sharp, strength), picture, 4), enlarge(network, picture, 4)
        )
    faces = interpolated(load("faces-upscale-x4"), load("faces-upscale-x4-sharp"), 0.25)
    made_face = picture_in(made(model="faces-sharp", image=SMALL, strength=25)["results"][0]["address"])
    assert np.array_equal(made_face, enlarge(faces, picture, 4))
    made_soft = picture_in(made(model="sharp", image=SMALL, strength=25)["results"][0]["address"])
    assert np.array_equal(made_soft, enlarge(some, picture, 4))
    other = SuperResolution(SuperResolutionConfig(width=8, depth=1))
    with pytest.raises(InvalidInput, match="one architecture"):
        interpolated(other, sharp, 0.5)
    with pytest.raises(InvalidInput, match=r"The strength is 1\.5"):
        interpolated(faithful, sharp, 1.5)


def test_a_strength_is_part_of_the_permalink_and_of_the_lines(weights: Path) -> None:
    setting = named({"model": "sharp,fast", "strength": "40"})
    assert setting.strength == 40 and named(dict(httpx.QueryParams(to_query(setting)))) == setting
    assert 'interpolated(load("upscale-x4-quality"), load("upscale-x4-sharp"), 0.4)' in to_python(setting)
    lines = to_python(named({"model": "faces-sharp", "strength": "50"}))
    assert 'interpolated(load("faces-upscale-x4"), load("faces-upscale-x4-sharp"), 0.5)' in lines
    assert "strength" not in to_query(Setting(("fast",), strength=40)) and named({}).strength == 100
    assert named({"model": "sharp", "strength": "0"}).strength == 0
    assert "from 0 to 100" in upscale.open_upscaler({"model": "sharp", "strength": "101"})["notice"]


def test_a_tier_has_a_network_for_each_scale() -> None:
    assert [name_for("fast", scale) for scale in (1.5, 2, 3, 4, 8)] == ["upscale-x2-fast"] * 2 + ["upscale-x4-fast"] * 3
    assert name_for("sharp", 2) == "upscale-x4-sharp"
    assert name_for("someone/network", 2) == "someone/network"


def test_the_stage_is_told_what_it_needs_and_wrong_links_get_the_default(weights: Path) -> None:
    told = upscale.open_upscaler({})
    assert (told["models"], told["scale"], told["test"], told["notice"]) == (["fast"], 4, False, "")
    assert [name for name, *_ in told["offered"]] == ["fast", "quality", "sharp", "faces", "faces-sharp"]
    assert len(told["examples"]) == 5
    for fields, words in (
        ({"scale": "5"}, "The scale is 5; 2, 3, 4, 6, 8 are offered"),
        ({"model": "fast,fast"}, "different networks"),
        ({"model": "a,b,c,d"}, "From 1 to 3"),
        ({"model": "/etc/passwd"}, "There is no network"),
        ({"model": "faces-celeba-64"}, "is a generator, which the tab Sample opens"),
        ({"example": "9"}, "example"),
    ):
        told = upscale.open_upscaler(fields)
        assert words in told["notice"]
        assert told["models"] == ["fast"]


def test_a_picture_is_enlarged_by_several_networks(weights: Path) -> None:
    answer = made(model="fast,sharp", scale=3, image=SMALL)
    assert (answer["width"], answer["height"], answer["from"]) == (108, 72, [36, 24])
    assert [(result["title"], result["invents"]) for result in answer["results"]] == [("Fast", False), ("Sharp", True)]
    expected = enlarge(load("upscale-x4-fast"), NOISE[..., :3], 3)
    assert np.array_equal(picture_in(answer["results"][0]["address"]), expected)
    assert picture_in(answer["results"][0]["invented"]).shape == (24, 36, 3)
    assert answer["results"][0]["off"] > 1
    assert "truth" not in answer and answer["scores"] == []
    assert [result["kept"] for result in answer["results"]] == [None, None]  # the page has every pixel
    saved = upscale.download({"image": answer["results"][0]["address"], "kind": "webp"})
    assert np.array_equal(picture_in(saved["file"]), expected)


def test_what_is_not_shown_whole_is_kept_for_its_file(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.images.LOSSLESS", 72 * 48 - 1)
    answer = made(model="fast", scale=2, image=SMALL)
    assert answer["results"][0]["address"].startswith("data:image/jpeg")
    saved = upscale.download({"kept": answer["results"][0]["kept"], "kind": "png"})
    assert np.array_equal(picture_in(saved["file"]), enlarge(load("upscale-x2-fast"), NOISE[..., :3], 2))


def test_an_honesty_test_compares_with_the_truth(weights: Path) -> None:
    answer = made(model="fast,quality,sharp", scale=4, test=1, example=0)
    assert np.array_equal(picture_in(answer["truth"]), astronaut())
    assert picture_in(answer["small"]).shape == (128, 128, 3)
    assert len(answer["scores"]) == 4
    bicubic = np.asarray(Image.fromarray(picture_in(answer["small"])).resize((512, 512), Image.Resampling.BICUBIC))
    assert np.array_equal(picture_in(answer["bicubic"]), bicubic)
    assert answer["scores"][0] == pytest.approx([27.6, 0.83], abs=1.5)
    assert answer["scores"][1][0] < answer["scores"][0][0]  # untrained


@pytest.mark.parametrize("scale", [2, 3, 4, 6, 8])
def test_the_truth_of_a_test(scale: int) -> None:
    truth = truth_of(np.zeros((203, 305, 4), np.uint8), scale)
    assert truth.shape[2] == 3
    assert truth.shape[0] % scale == truth.shape[1] % scale == 0
    large = truth_of(np.zeros((2500, 4000, 1), np.uint8), scale)
    assert 2_900_000 < large.size <= 3_000_000
    with pytest.raises(InvalidInput, match=f"a test at scale {scale} needs {3 * scale + 11} px"):
        truth_of(np.zeros((3 * scale + 10, 500, 3), np.uint8), scale)


def test_the_spot_is_where_the_difference_is() -> None:
    plain = np.zeros((400, 800, 3), np.uint8)
    changed = plain.copy()
    changed[300:340, 100:140] = 200
    assert spot_of(changed, plain) == [0.15, 0.7]


def test_an_animation_a_profile_and_16_bits_are_remarked_on(weights: Path) -> None:
    frames = [Image.fromarray(NOISE[..., :3]), Image.new("RGB", (36, 24), "red")]
    animation = uri(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]), "image/gif")
    answer = made(model="fast", image=animation)
    assert answer["remark"] == "This is an animation; its first picture was taken."
    assert (answer["width"], answer["height"]) == (144, 96)
    deep = uri(encoded(Image.new("I;16", (30, 20), 40_000)))
    assert "16 bits" in made(model="fast", image=deep)["remark"]
    assert made(model="fast", image=SMALL)["remark"] == ""


def profile(description: bytes = b"Red is green") -> bytes:
    """A colour profile (ICC.1, version 2) with the colours of sRGB, red and green exchanged."""
    primaries = {
        b"rXYZ": (0.3851, 0.7169, 0.0971),
        b"gXYZ": (0.4361, 0.2225, 0.0139),
        b"bXYZ": (0.1431, 0.0606, 0.7141),
    }
    primaries[b"wtpt"] = (0.9642, 1.0, 0.8249)
    parts = {
        name: b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(65536 * number) for number in place))
        for name, place in primaries.items()
    }
    parts |= {
        name: b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(2.2 * 256), 0) for name in (b"rTRC", b"gTRC", b"bTRC")
    }
    text = description + b"\0"
    parts[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)
    parts[b"cprt"] = b"text\0\0\0\0none\0"
    table, body, start = b"", b"", 128 + 4 + 12 * len(parts)
    for name, part in parts.items():
        table += name + struct.pack(">II", start + len(body), len(part))
        body += part + bytes(-len(part) % 4)
    rest = struct.pack(">I", len(parts)) + table + body
    head = struct.pack(">I4sI", 128 + len(rest), b"\0\0\0\0", 0x02100000) + b"mntrRGB XYZ " + bytes(12) + b"acsp"
    return head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061) + bytes(48) + rest


def read_with(content: bytes, picture: Image.Image) -> tuple[np.ndarray, str]:
    """A picture whose file brings a profile, as it is read."""
    address = uri(encoded(picture, icc_profile=content))
    return read_remarked(address, largest_file=2**20, largest_picture=10**6)


def test_colours_of_another_profile_become_srgb() -> None:
    levels = np.zeros((4, 4, 4), np.uint8)
    levels[..., 0], levels[..., 3] = 255, [10, 100, 200, 255]
    picture, remark = read_with(profile(), Image.fromarray(levels[..., :3]))
    assert np.abs(picture.astype(int) - (0, 255, 0)).max() <= 6
    assert remark == "Its colours (Red is green) became sRGB."
    picture, _ = read_with(profile(), Image.fromarray(levels))
    assert np.abs(picture[..., :3].astype(int) - (0, 255, 0)).max() <= 6
    assert np.array_equal(picture[..., 3], levels[..., 3])


def test_a_profile_that_is_srgb_or_broken_changes_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for content in (srgb, b"no profile", profile()[:200], profile(b"sRGB of somebody")):
        picture, remark = read_with(content, Image.fromarray(NOISE[..., :3]))
        assert np.array_equal(picture, NOISE[..., :3])
        assert remark == ""


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (Image.new("RGB", (4000, 1600)), "102.4 million pixels; results of up to 24 million"),
        (Image.new("1", (5000, 3000)), "more than 12.5 million pixels"),
        (Image.new("1", (30_000, 30_000)), "more than 12.5 million pixels"),  # a bomb: 900 megapixels in 110 kB
    ],
)
def test_too_large_pictures(weights: Path, picture: Image.Image, words: str) -> None:
    assert words in made(model="fast", image=uri(encoded(picture)))["notice"]


def test_the_smallest_and_the_narrowest_picture(weights: Path) -> None:
    dot = made(model="fast", scale=8, image=uri(encoded(Image.new("RGB", (1, 1), "teal"))))
    assert picture_in(dot["results"][0]["address"]).shape == (8, 8, 3)
    strip = made(model="fast", scale=8, image=uri(encoded(Image.new("RGB", (10_000, 3), "teal"))))
    assert (strip["width"], strip["height"]) == (80_000, 24)
    assert picture_in(strip["results"][0]["address"]).shape == (5, 16_000, 3)  # what browsers show
    name = strip["results"][0]["kept"]
    assert picture_in(upscale.download({"kept": name, "kind": "png"})["file"]).shape == (24, 80_000, 3)
    for kind in ("webp", "jpeg"):
        assert "choose PNG" in upscale.download({"kept": name, "kind": kind})["notice"]


def test_what_is_no_picture(weights: Path) -> None:
    for image in ("data:,", "nothing", uri(b"GIF89a broken", "image/gif"), 7, ["x"]):
        assert "accepted" in made(model="fast", image=image)["notice"]
    assert "a test at scale 4 needs 23 px" in made(test=1, image=uri(encoded(Image.new("RGB", (9, 9)))))["notice"]
    assert "no longer in memory" in upscale.download({"kept": "x", "kind": "png"})["notice"]
    assert "accepted" in upscale.download({"image": "x", "kind": "png"})["notice"]
    assert "are offered" in upscale.download({"kept": "x", "kind": "exe"})["notice"]


def test_opacity_survives_and_jpeg_is_on_white(weights: Path) -> None:
    clear = np.zeros((10, 10, 4), np.uint8)
    clear[2:8, 2:8] = (200, 30, 30, 255)
    answer = made(model="fast", scale=2, image=uri(encoded(Image.fromarray(clear))))
    result = picture_in(answer["results"][0]["address"])
    assert result.shape == (20, 20, 4)
    assert file_of(result, "webp")[8:12] == b"WEBP"
    on_white = np.asarray(Image.open(io.BytesIO(file_of(np.zeros((16, 16, 4), np.uint8), "jpeg"))))
    assert on_white.shape == (16, 16, 3)
    assert on_white.min() >= 254


def test_several_files_come_back_in_one_archive(weights: Path) -> None:
    files = [["a.png", SMALL], ["b/a.png", SMALL], ["no.png", "data:,x"], "nonsense", ["c.gif", SMALL]]
    answer = collected(upscale.upscale_files({"model": "fast", "scale": 2, "files": files, "kind": "webp"}))
    content = io.BytesIO(base64.b64decode(answer["zip"].partition(",")[2]))
    with zipfile.ZipFile(content) as archive:
        assert archive.namelist() == ["a-x2.webp", "a-2-x2.webp", "c-x2.webp"]
        expected = enlarge(load("upscale-x2-fast"), NOISE[..., :3], 2)
        assert np.array_equal(np.asarray(Image.open(archive.open("a-x2.webp"))), expected)
    assert answer["count"] == 3
    assert answer["skipped"][0].startswith("no.png: ")
    assert len(answer["skipped"]) == 2
    nothing = collected(upscale.upscale_files({"files": [["a", "data:,x"]], "kind": "png"}))
    assert "a: This" in nothing["notice"]
    wrong: list[object] = [[], [["a", SMALL]] * 21, "x", None]
    for several in wrong:
        assert "From 1 to 20 pictures" in upscale.upscale_files({"files": several, "kind": "png"})["notice"]


def test_names_in_an_archive_are_harmless() -> None:
    taken: set[str] = set()
    assert safe_stem("../../etc/passwd", taken) == "passwd"
    assert safe_stem("Grüße an alle.jpeg", taken) == "Grüße-an-alle"
    assert safe_stem("...", taken) == "picture"
    assert safe_stem("", taken) == "picture-2"
    assert len(safe_stem("x" * 500, taken)) == 60


def test_results_are_forgotten_when_there_are_too_many() -> None:
    kept = Downloads(1000)
    names = [kept.keep(np.zeros((10, 40, 1), np.uint8)) for _ in range(3)]
    with pytest.raises(InvalidInput, match="no longer in memory"):
        kept.get(names[0])
    assert kept.get(names[2]).shape == (10, 40, 1)
    large = kept.keep(np.zeros((100, 100, 3), np.uint8))
    assert kept.get(large).size == 30_000


# --- programs ----------------------------------------------------------------------------------------------------


def test_programs_enlarge(address: str, weights: Path) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:

        def call(*data: object) -> tuple[str, Any]:
            event = client.post("/gradio_api/call/upscale", json={"data": data}).json()["event_id"]
            *_, kind, answer = client.get(f"/gradio_api/call/upscale/{event}").text.strip().splitlines()
            return kind.removeprefix("event: "), json.loads(answer.removeprefix("data: "))

        kind, answer = call("upscale-x4-quality", 2.5, uri(encoded(Image.fromarray(NOISE))))
        assert kind == "complete"
        assert np.array_equal(picture_in(answer[0]), enlarge(load("upscale-x4-quality"), NOISE, 2.5))
        assert "from 1 to 8" in call("fast", 9, SMALL)[1]["error"]
        assert "from 1 to 8" in call("fast", None, SMALL)[1]["error"]
        assert "There is no network" in call("/tmp", 2, SMALL)[1]["error"]
        assert "accepted" in call("fast", 2, "data:,x")[1]["error"]


# --- a person ----------------------------------------------------------------------------------------------------


def shown(page: Page) -> str:
    """Waits for a result, and says which one it is."""
    page.locator("#upscale [data-shown]").wait_for()
    return page.locator("#upscale [data-shown]").get_attribute("data-shown") or ""


def next_shown(page: Page, before: str) -> str:
    """Waits for another result."""
    last = "document.querySelector('#upscale [data-shown]').dataset.shown"
    page.wait_for_function(f"(before) => {last} !== before", arg=before)
    return shown(page)


def titles(page: Page) -> list[str]:
    """Of the zoomed pictures."""
    return page.locator("#upscale .up-panels figcaption :is(b, button)").all_inner_texts()


def test_a_visitor_enlarges_compares_and_tests(visit: Visit) -> None:
    page = visit("?tab=upscale")
    first = shown(page)
    expect(page.locator("#upscale .wb-line")).to_have_text("Astronaut: 128 × 128 → 512 × 512")
    assert titles(page) == ["Bicubic", "Fast", "Sharp"]
    page.get_by_role("radio", name="Quality").click()
    second = next_shown(page, first)
    assert titles(page) == ["Bicubic", "Quality", "Sharp"]
    page.get_by_role("radio", name="2×").click()
    third = next_shown(page, second)
    expect(page.locator("#upscale .wb-line")).to_have_text("Astronaut: 128 × 128 → 256 × 256")
    page.get_by_role("checkbox", name="Faces", exact=True).check()
    fourth = next_shown(page, third)
    assert titles(page) == ["Bicubic", "Quality", "Sharp", "Faces"]
    expect(page.get_by_role("checkbox", name="Fast")).to_be_disabled()  # three are compared already
    page.get_by_label("Honesty test").check()
    fifth = next_shown(page, fourth)
    assert titles(page) == ["Given", "Bicubic", "Quality", "Sharp", "Faces", "Truth"]
    expect(page.locator("#upscale .up-panels")).to_contain_text("dB, SSIM")
    expect(page.locator("#upscale .up-panels .best")).to_have_count(1)
    page.get_by_role("button", name="Cat").click()
    next_shown(page, fifth)
    expect(page.locator("#upscale .wb-line")).to_have_text("Cat: 225 × 150 → 450 × 300")
    sixth = shown(page)
    strength = page.get_by_role("slider", name="Strength of the sharp network")
    strength.fill("40")
    next_shown(page, sixth)
    assert titles(page) == ["Given", "Bicubic", "Quality", "Sharp, 40 %", "Faces", "Truth"]
    page.get_by_role("button", name="Sharp, 40 %", exact=True).click()
    expect(page.locator("#upscale .wb-tag-after")).to_have_text("Sharp, 40 %, invents detail")
    page.locator("#upscale .up-invented summary").click()
    expect(page.locator("#upscale .up-maps img")).to_have_count(3)
    expect(page.locator("#upscale .up-maps")).to_contain_text("grey levels off on average")
    page.wait_for_function("() => location.search.includes('strength=40')")  # the address follows a moment later
    page.reload()
    shown(page)
    assert titles(page) == ["Given", "Bicubic", "Quality", "Sharp, 40 %", "Faces", "Truth"]
    expect(strength).to_have_value("40")
    page.get_by_role("checkbox", name="Sharp", exact=True).uncheck()
    expect(strength).to_be_hidden()


def test_nothing_sticks_out_of_the_controls_on_a_phone(visit: Visit) -> None:
    page = visit("?tab=upscale&model=faces-sharp&lang=de", width=360)  # German words are the longest
    shown(page)
    sticking_out = """(panel) => {
      const end = panel.getBoundingClientRect().right - parseFloat(getComputedStyle(panel).paddingRight) + 1;
      return [...panel.querySelectorAll("button, p, label, input")]
        .filter((part) => part.getBoundingClientRect().right > end)
        .map((part) => part.textContent);
    }"""
    assert page.locator("#upscale .wb-controls").evaluate(sticking_out) == []


def test_all_zoomed_pictures_move_together(visit: Visit) -> None:
    page = visit("?tab=upscale")
    shown(page)
    places = "() => [...document.querySelectorAll('.up-window img')].map((image) => image.style.transform)"
    page.locator("#upscale .up-zoom").fill("4")
    before = page.evaluate(places)
    assert len(set(before)) == 1
    box = page.locator("#upscale .up-window").nth(1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 75, steps=4)
    page.mouse.up()
    after = page.evaluate(places)
    assert len(set(after)) == 1
    assert after != before
    page.locator("#upscale .up-spot").press("ArrowRight")
    assert page.evaluate(places) != after
    page.locator("#upscale .up-zoom").fill("1")
    assert page.evaluate("() => document.querySelector('.up-window img').style.width") == "512px"
    slider = page.locator("#upscale .wb-slider")
    slider.focus()
    slider.press("End")
    assert slider.input_value() == "100"


def test_a_visitor_opens_one_picture_and_then_several(visit: Visit) -> None:
    page = visit("?tab=upscale")
    first = shown(page)
    files = page.locator("#upscale .wb-file")
    files.set_input_files(payload("holiday.png", encoded(Image.fromarray(NOISE[..., :3]))))
    next_shown(page, first)
    expect(page.locator("#upscale .wb-line")).to_have_text("holiday.png: 36 × 24 → 144 × 96")
    for kind in ("png", "webp"):
        page.locator("#upscale .wb-kind").select_option(kind)
        with page.expect_download() as download:
            page.locator("#upscale .wb-download").click()
        assert download.value.suggested_filename == f"holiday-x4.{kind}"
        with Image.open(download.value.path()) as saved:
            assert saved.size == (144, 96)
    files.set_input_files(payload("a.png", b"no picture"))
    expect(page.locator("#upscale .wb-notice")).to_contain_text("no picture that can be read")
    expect(page.locator("#upscale .wb-line")).to_have_text("holiday.png: 36 × 24 → 144 × 96")  # nothing is lost
    with page.expect_download() as download:
        files.set_input_files(
            [payload(f"{n}.png", encoded(Image.new("RGB", (20, 10 + n)))) for n in range(3)]
            + [payload("broken.png", b"no")]
        )
    assert download.value.suggested_filename == "latent-lab-x4.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.namelist() == ["0-x4.webp", "1-x4.webp", "2-x4.webp"]
    expect(page.locator("#upscale .wb-warning")).to_contain_text("3 of 4 pictures are in the archive. broken.png:")


def test_a_visitor_stops_long_work(visit: Visit) -> None:
    page = visit("?tab=upscale")
    shown(page)
    page.get_by_role("radio", name="8×").click()
    large = encoded(Image.fromarray(np.tile(NOISE[..., :3], (23, 15, 1))))  # 540 x 552: 19 megapixels out, two passes
    page.locator("#upscale .wb-file").set_input_files(payload("large.png", large))
    page.locator("#upscale .wb-stop").click()
    expect(page.locator("#upscale .wb-notice")).to_have_text("Stopped.")
    expect(page.locator("#upscale .wb-busy")).to_be_hidden()


def test_a_visitor_brings_a_network(visit: Visit, tmp_path: Path) -> None:
    page = visit("?tab=upscale")
    first = shown(page)
    page.locator("#upscale .wb-own summary").click()
    torch.save({"params": published("srvgg", 4)}, tmp_path / "realesr.pth")
    page.locator("#upscale .wb-weights-file").set_input_files(tmp_path / "realesr.pth")
    next_shown(page, first)
    assert titles(page) == ["Bicubic", "Your file", "Sharp"]
    expect(page.locator("#upscale .wb-tag-after")).to_have_text("Your file, invents detail")
    (tmp_path / "wrong.pth").write_bytes(b"something else")
    page.locator("#upscale .wb-weights-file").set_input_files(tmp_path / "wrong.pth")
    expect(page.locator("#upscale .wb-notice")).to_contain_text("wrong.pth is no file of tensors")
    page.locator("#upscale .wb-hub").fill("someone/network")
    page.locator("#upscale .wb-load").click()
    expect(page.locator("#upscale .wb-notice")).to_contain_text("This page runs without a network")
    assert titles(page) == ["Bicubic", "Your file", "Sharp"]  # nothing is lost


def test_two_visitors_do_not_see_each_other(visit: Visit) -> None:
    one, other = visit("?tab=upscale"), visit("?tab=upscale&model=quality")
    first = shown(one)
    shown(other)
    one.locator("#upscale .wb-file").set_input_files(payload("mine.png", encoded(Image.new("RGB", (30, 20), "teal"))))
    next_shown(one, first)
    assert titles(other) == ["Bicubic", "Quality"]
    expect(other.locator("#upscale .wb-line")).to_contain_text("Astronaut")


def test_on_a_phone_everything_fits(visit: Visit) -> None:
    page = visit("?tab=upscale&test=1", width=390, height=844, **PHONE)
    shown(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture, controls = (page.locator(f"#upscale {part}").bounding_box() for part in (".wb-stage", ".wb-controls"))
    assert picture is not None and controls is not None
    assert picture["y"] < controls["y"]
