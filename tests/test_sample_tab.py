"""The Sample tab: as a function of a drawing, and as a person uses it."""

import base64
import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

from models.errors import InvalidInput
from models.ladder import read_ladder
from models.pixels import Pictures
from page.foldouts import describe_network, made_by
from server.guard import OUR_FAULT
from tabs.sample import downloads
from tabs.sample import handlers as sample
from tabs.sample.drawing import Drawing, from_query, to_python, to_query
from tabs.sample.networks import GENERATORS
from tabs.sample.painting import paint
from tests.conftest import Visit

PHONE: dict[str, Any] = {"device_scale_factor": 3, "is_mobile": True, "has_touch": True}


# --- drawings ----------------------------------------------------------------------------------------------------


@given(
    some.builds(
        Drawing,
        model=some.sampled_from([*GENERATORS, "user/net.work_1"]),
        seed=some.integers(0, 2**31 - 1),
        count=some.integers(1, 64),
        truncation=some.integers(0, 100).map(lambda hundredths: hundredths / 100),
        path=some.lists(some.integers(1, 64), max_size=32).map(tuple),
    )
)
def test_a_permalink_says_everything(drawing: Drawing) -> None:
    assert from_query(to_query(drawing)) == drawing
    assert from_query("?" + to_query(drawing)) == drawing


def test_a_permalink_of_a_morph() -> None:
    drawing = Drawing(mode="morph", seed=4, to=9, frames=12, truncation=0.5)
    assert to_query(drawing) == "tab=sample&model=faces-128&seed=4&mode=morph&to=9&frames=12&truncation=0.5"
    assert from_query(to_query(drawing)) == drawing


def test_a_permalink_of_an_earlier_step_shows_what_the_ladder_keeps() -> None:
    kept = Drawing(seed=1, count=3, truncation=1.0, step=400)
    assert from_query(to_query(kept)) == kept
    assert from_query("seed=5&count=3&truncation=0.5&path=2-7&step=400") == kept
    assert from_query("mode=morph&seed=5&step=400") == Drawing(mode="morph", seed=5)


WRONG = """seed=abc seed=1.5 seed=-1 seed=inf count=0 count=10000 truncation=2 truncation=nan truncation=x mode=film
path=1-x path=0 path=1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1 step=x frames=1 to=x"""


@pytest.mark.parametrize("query", WRONG.split())
def test_a_wrong_permalink_is_answered_by_a_sentence(query: str) -> None:
    with pytest.raises(InvalidInput, match=r"^The .*\.$"):
        from_query(query)


@pytest.mark.parametrize(
    "drawing",
    [
        Drawing(seed=5, count=3, truncation=0.7),
        Drawing(seed=1, count=3, truncation=1.0, step=400),
        Drawing(seed=5, to=6, frames=4, mode="morph"),
        Drawing(model="faces-mixture-64", seed=5, count=3, path=(2, 7)),
    ],
)
def test_the_python_lines_draw_the_same_pictures(weights: Path, drawing: Drawing) -> None:
    names: dict[str, Any] = {}
    exec(to_python(drawing), names)
    pictures, picked = paint(drawing)
    assert np.array_equal(names["pictures"], pictures)
    assert len(picked) == len(drawing.path)


def test_the_ladder_shows_what_was_kept(weights: Path) -> None:
    early, picked = paint(Drawing(count=3, truncation=1.0, step=100))
    assert np.array_equal(early, read_ladder(weights / "faces-128", 100)[:3])
    assert len(picked) == 0
    with pytest.raises(InvalidInput, match="no pictures of training step 101; it has: 100, 400"):
        paint(Drawing(step=101))


def test_a_picked_face_is_the_one_that_was_clicked(weights: Path) -> None:
    shown, _ = paint(Drawing(count=6))
    _, picked = paint(Drawing(count=2, path=(5,)))
    assert np.abs(picked[0].astype(int) - shown[4]).max() <= 1  # batches of another size round differently


def unpack(stage: dict[str, Any]) -> Pictures:
    """The pictures on a stage, the picked ones first."""
    sheet = read(stage["sheet"])
    size, columns = stage["size"], stage["columns"]
    places = [divmod(index, columns) for index in range(len(stage["path"]) + stage["count"])]
    return np.stack([sheet[y * size : (y + 1) * size, x * size : (x + 1) * size] for y, x in places])


def read(data_uri: str) -> NDArray[np.uint8]:
    content = base64.b64decode(data_uri.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def test_the_stage_holds_exactly_what_was_drawn(weights: Path) -> None:
    drawing = Drawing(count=11, path=(4, 2))
    stage, code = sample.show(drawing)
    pictures, picked = paint(drawing)
    assert np.array_equal(unpack(stage), np.concatenate([picked, pictures]))
    assert code["link"] == "?" + stage["link"]


def test_a_missing_network_is_a_state_and_names_its_command(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(weights / "nowhere"))
    stage, _ = sample.show(Drawing())
    assert stage["mode"] == "trouble"
    assert "faces-128 has no config.json" in stage["text"]
    assert "python -m trainer gan" in stage["text"]


def test_a_broken_network_is_a_state(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(weights / "faces-128", tmp_path / "faces-128")
    (tmp_path / "faces-128" / "model.safetensors").write_bytes(b"not a network")
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(tmp_path))
    stage, _ = sample.show(Drawing())
    assert stage["mode"] == "trouble"
    assert "model.safetensors of faces-128 is broken" in stage["text"]


def test_what_goes_wrong_inside_is_not_shown(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(drawing: Drawing) -> None:
        raise RuntimeError("/secret")

    for module in (sample, downloads):
        monkeypatch.setattr(module, "paint", fail)
    assert sample.start_over()[0] == {"mode": "notice", "notice": OUR_FAULT}
    assert "secret" not in str(downloads.download({"kind": "zip", "link": to_query(Drawing())}))


def test_cards(weights: Path) -> None:
    assert describe_network("faces-celeba-64").startswith("# A tiny network")
    assert "Files" not in describe_network("faces-celeba-64")
    assert made_by("faces-celeba-64") == "python -m trainer gan --data tiny.zip --out weights/tiny"
    assert "huggingface.co/user/repository" in describe_network("user/repository")


# --- as a person uses it -----------------------------------------------------------------------------------------


def wait_for(page: Page, fragment: str) -> None:
    """Until the stage shows what a permalink with this fragment describes."""
    page.locator(f'#stage [data-link*="{fragment}"]').wait_for()


def faces(page: Page) -> Pictures:
    """The pictures in the grid."""
    files = page.evaluate("[...document.querySelectorAll('#stage .grid canvas')].map(c => c.toDataURL())")
    return np.stack([read(file) for file in files])


def alike(some: Pictures, others: Pictures) -> bool:
    """The same pictures, but for the browser's rounding, which changes when canvases are read."""
    return some.shape == others.shape and np.abs(some.astype(int) - others).max() <= 4


def test_it_opens_on_faces_that_are_large_and_whole_numbered(visit: Visit) -> None:
    page = visit()
    wait_for(page, "seed=1&count=6")
    assert len({face.tobytes() for face in faces(page)}) == 6
    sides = page.evaluate("[...document.querySelectorAll('#stage .grid canvas')].map(c => c.clientWidth)")
    assert set(sides) == {256}  # 128 px, enlarged twice
    last = page.locator("#stage .grid button").last.bounding_box()
    dice = page.locator("#dice").bounding_box()
    assert last and last["y"] + last["height"] < 800 and dice and dice["y"] < 800
    assert page.locator("#stage .note").inner_text() == "128 × 128 px, enlarged"


def test_knobs_change_the_pictures_and_the_address(visit: Visit) -> None:
    page = visit()
    wait_for(page, "seed=1&")
    first = faces(page)
    page.locator("#seed input").fill("77")
    wait_for(page, "seed=77&")
    assert not alike(faces(page), first)
    page.locator("#count input[type=number]").fill("3")
    wait_for(page, "count=3&")
    assert len(faces(page)) == 3
    knob = page.locator("#truncation input[type=range]")
    box = knob.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in range(80, 0, -4):
        page.mouse.move(box["x"] + part / 100 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] - 5, box["y"] + box["height"] / 2)
    page.mouse.up()
    wait_for(page, "truncation=0")
    expect(page).to_have_url(re.compile(r"seed=77&count=3&truncation=0$"))
    average = faces(page)
    assert alike(average, average[[0, 0, 0]])  # no variety: the average face three times
    page.locator("#reset").click()
    wait_for(page, "seed=1&count=6&truncation=0.8")
    assert alike(faces(page), first)


def test_breeding_and_the_way_back(visit: Visit) -> None:
    page = visit()
    wait_for(page, "seed=1&")
    first = faces(page)
    page.get_by_role("button", name="Face 4 of 6").click()
    wait_for(page, "path=4")
    litter = faces(page)
    assert not alike(litter, first)
    page.get_by_role("button", name="Face 2 of 6").click()
    wait_for(page, "path=4-2")
    expect(page).to_have_url(re.compile("path=4-2$"))
    assert page.locator("#stage .trail canvas").count() == 2
    page.go_back()
    page.wait_for_function("!document.querySelector('#stage [data-link]').dataset.link.includes('4-2')")
    assert alike(faces(page), litter)
    page.get_by_role("button", name="Back one step").click()
    page.wait_for_function("!document.querySelector('#stage [data-link]').dataset.link.includes('path')")
    assert alike(faces(page), first)
    expect(page.locator("#stage .trail")).to_be_hidden()


def test_a_permalink_opens_what_it_says(visit: Visit) -> None:
    page = visit("?tab=sample&model=portraits-128&seed=9&count=2&truncation=0.5&path=3-1")
    wait_for(page, "path=3-1")
    expect(page.locator("#seed input")).to_have_value("9")
    expect(page.locator("#count input[type=number]")).to_have_value("2")
    expect(page.locator("#ladder output")).to_have_text("finished")
    expect(page.locator("#network input")).to_have_value("Studio portraits in grey, 128 px")
    assert len(faces(page)) == 2 and page.locator("#stage .trail canvas").count() == 2
    page.get_by_role("button", name="Share and code").click()
    expect(page.locator(".share .link")).to_have_text(page.url)
    expect(page.locator(".share .python")).to_contain_text('load("portraits-128")')


def test_a_permalink_of_an_earlier_step_opens(visit: Visit, weights: Path) -> None:
    page = visit("?tab=sample&seed=9&count=2&step=400")
    wait_for(page, "step=400")
    expect(page.locator("#seed input")).to_have_value("1")
    expect(page.locator("#ladder output")).to_have_text("400")
    assert len(faces(page)) == 2
    page.get_by_role("button", name="Share and code").click()
    expect(page.locator(".share .python")).to_contain_text("read_ladder(folder, step=400)[:2]")


def test_the_mixture_draws_faces_and_has_no_ladder(visit: Visit) -> None:
    page = visit()
    wait_for(page, "seed=1&")
    expect(page.locator("#ladder .ladder")).to_be_visible()
    first = faces(page)
    page.locator("#network input").click()
    page.get_by_role("option", name="Faces, mixture of Gaussians").click()
    wait_for(page, "model=faces-mixture-64")
    assert not alike(faces(page), first)
    assert len({face.tobytes() for face in faces(page)}) == 6
    expect(page.locator("#ladder .ladder")).to_be_hidden()
    page.get_by_role("button", name="Face 4 of 6").click()
    wait_for(page, "path=4")
    page.get_by_role("button", name="This network").click()
    expect(page.get_by_role("heading", name="A tiny network")).to_be_visible()
    page.get_by_role("button", name="Share and code").click()
    expect(page.locator(".share .command")).to_contain_text("python -m trainer mixture")
    page.get_by_role("radio", name="Morph").check(force=True)
    wait_for(page, "mode=morph")
    expect(page.locator("#stage .hint")).to_contain_text("with a jump wherever the Gaussian changes")


def test_the_training_ladder(visit: Visit) -> None:
    page = visit("?seed=7&truncation=0.5")
    wait_for(page, "seed=7&")
    knob = page.locator("#ladder input")
    knob.focus()
    for step in ("400", "100"):
        knob.press("ArrowLeft")
        wait_for(page, f"step={step}")
        expect(page.locator("#ladder output")).to_have_text(step)
        expect(page.locator("#seed input")).to_have_value("1")  # whose faces the ladder keeps
        expect(page.locator("#stage .hint")).to_contain_text(f"Kept after {step} training steps")
    early = faces(page)
    knob.press("End")
    expect(page.locator("#ladder output")).to_have_text("finished")
    page.locator("#stage [data-link*='seed=1&count=6&truncation=1']:not([data-link*=step])").wait_for()
    assert not alike(faces(page), early)
    knob.press("Home")
    wait_for(page, "step=100")
    assert alike(faces(page), early)
    page.get_by_role("button", name="Face 2 of 6").click()  # its neighbours are drawn by the finished network
    wait_for(page, "seed=1&count=6&truncation=1&path=2")
    expect(page.locator("#ladder output")).to_have_text("finished")
    knob.press("Home")
    wait_for(page, "step=100")
    page.locator("#seed input").fill("77")
    wait_for(page, "seed=77&")
    expect(page.locator("#ladder output")).to_have_text("finished")


def test_morph_and_downloads(visit: Visit, tmp_path: Path) -> None:
    page = visit("?seed=3&count=4")
    wait_for(page, "seed=3&")

    def fetch(kind: str) -> bytes:
        with page.expect_download() as download:
            page.locator(f"#stage [data-kind={kind}]").click()
        assert download.value.suggested_filename.startswith("latent-lab_faces-128_seed-3")
        download.value.save_as(tmp_path / kind)
        return (tmp_path / kind).read_bytes()

    with Image.open(io.BytesIO(fetch("sheet"))) as sheet:
        assert sheet.size == (2 * 256 + 8, 2 * 256 + 8)  # 2 x 2 faces of 128 px, enlarged twice
    with zipfile.ZipFile(io.BytesIO(fetch("zip"))) as folder:
        assert len(folder.namelist()) == 4
    page.get_by_role("radio", name="Morph").check(force=True)
    wait_for(page, "mode=morph")
    expect(page.locator("#stage .film")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    page.locator("#frames input[type=number]").fill("8")
    wait_for(page, "frames=8")
    page.get_by_role("button", name="Go to frame 8 of 8").click()
    expect(page.locator("#stage .position")).to_have_value("7")
    with Image.open(io.BytesIO(fetch("gif"))) as film:
        assert getattr(film, "n_frames", 1) == 14  # forward and back
    assert fetch("mp4")[4:8] == b"ftyp"


def test_bad_input_gets_a_sentence_and_the_pictures_stay(visit: Visit) -> None:
    page = visit()
    wait_for(page, "seed=1&")
    before = faces(page)
    for knob, value, sentence in (
        ("#count input[type=number]", "10000", "The number of pictures is 10,000; it has to be from 1 to 64."),
        ("#count input[type=number]", "0", "The number of pictures is 0; it has to be from 1 to 64."),
        ("#seed input", "", "The seed is empty; it has to be a number."),
        ("#seed input", "-4", "The seed is -4; it has to be from 0 to 2,147,483,647."),
        ("#truncation input[type=number]", "3", "The variety (truncation) is 3; it has to be from 0 to 1."),
    ):
        page.locator(knob).fill(value)
        expect(page.locator("#stage .notice")).to_have_text(sentence)
        assert alike(faces(page), before)
        page.locator("#reset").click()
        expect(page.locator("#stage .notice")).to_be_hidden()


def test_a_wrong_permalink_shows_faces_and_a_sentence(visit: Visit) -> None:
    page = visit("?seed=abc")
    wait_for(page, "seed=1&")
    expect(page.locator("#stage .notice")).to_have_text("The seed is 'abc'; it has to be a number.")


def test_an_unknown_network_is_a_state_and_the_page_lives(visit: Visit) -> None:
    page = visit("?model=../../etc")
    expect(page.locator("#stage .trouble")).to_contain_text("There is no network '../../etc'")
    page.locator("#reset").click()
    wait_for(page, "seed=1&")
    expect(page.locator("#stage .trouble")).to_be_hidden()


def test_on_a_phone_faces_come_first_in_two_columns(visit: Visit) -> None:
    page = visit(width=390, height=844, **PHONE)
    wait_for(page, "seed=1&")
    boxes = [button.bounding_box() for button in page.locator("#stage .grid button").all()]
    dice = page.locator("#dice").bounding_box()
    assert dice and all(box and box["y"] + box["height"] < dice["y"] for box in boxes)
    assert len({round(box["x"]) for box in boxes if box}) == 2
    page.get_by_role("button", name="New faces").tap()
    page.wait_for_function("!document.querySelector('#stage [data-link]').dataset.link.includes('seed=1&')")
