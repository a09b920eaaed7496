"""For everyone: an audit of every tab by axe-core, the keyboard alone, what screen readers hear, reduced motion."""

import io
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.conftest import Visit
from tests.test_playground_tab import recorded  # noqa: F401  # a fixture: a training to replay

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PARTS = ("spam", "densities", "game", "minimax", "replay")
LINKED = "[role=tabpanel] [data-link]:visible"  # the stage says so once its first picture is shown


def settled(page: Page) -> Page:
    """The page, once the first pictures of the open tab are shown."""
    page.locator(f"{LINKED}, .quiz[data-phase=asking]").first.wait_for()
    return page


# --- the audit -----------------------------------------------------------------------------------------------------


def unfold(page: Page) -> None:
    """Opens every fold-out that can be seen: what is closed is not audited."""
    page.wait_for_function(
        """() => {
          for (const button of document.querySelectorAll("[role=tabpanel] .label-wrap:not(.open)")) {
            if (button.checkVisibility()) button.click();  // again, if Gradio was not listening yet
          }
          for (const fold of document.querySelectorAll("[role=tabpanel] details")) fold.open = true;
          const shares = [...document.querySelectorAll("[role=tabpanel] .share .python")];
          return shares.some((share) => share.checkVisibility());
        }""",
        polling=500,
    )


def findings(page: Page, state: str) -> list[str]:
    """What axe-core calls serious or critical: wide and on a phone, and of colours in the dark, too."""
    page.evaluate(f"window.axe || (() => {{ {AXE} }})()")
    found = []
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for dark in (False, True):
            page.evaluate("(dark) => document.body.classList.toggle('dark', dark)", dark)
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            rules = (
                "runOnly: ['color-contrast', 'link-in-text-block'], " if dark else ""
            )  # nothing else is different there
            report: list[dict[str, Any]] = page.evaluate(
                f"axe.run(document, {{ {rules}resultTypes: ['violations'] }}).then((report) => report.violations)"
            )
            found += [
                f"{state}, {width} px, {'dark' if dark else 'light'}: {rule['id']} at {node['target']}: {node['html']}"
                for rule in report
                if rule["impact"] in ("serious", "critical")
                for node in rule["nodes"]
            ]
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


CONTROLS = ("button", "slider", "spinbutton", "radio", "checkbox", "combobox", "textbox", "tab", "radiogroup", "img")


def nameless(page: Page) -> list[str]:
    """Controls and pictures for which a screen reader has no name, of those that can be seen."""
    lines = [line.strip().removeprefix("- ") for line in page.locator("body").aria_snapshot().splitlines()]
    found = [line for line in lines if line.split(":")[0].split(" [")[0] in CONTROLS]
    if page.locator("#network:visible").count():
        found.remove("img")  # the arrow in Gradio's list of networks: decoration
    return found


def test_the_audit_finds_what_is_wrong(visit: Visit) -> None:
    page = settled(visit(reduced_motion="reduce"))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_500)  # the stage is not drawn again after that
    page.evaluate("document.querySelector('.stage').append(document.createElement('button'))")  # without a name
    page.evaluate("document.querySelector('.stage .note').style.color = '#777'")
    assert nameless(page) == ["button"]
    found = findings(page, "broken")
    assert len([line for line in found if "button-name" in line]) == 2  # wide and on a phone
    assert len({line.split(":")[0] for line in found if "color-contrast" in line}) == 4  # in light and dark, too


@pytest.mark.parametrize(
    "query",
    ["sample", "sample&mode=morph", "quiz", "ask", "latent", "translate", "translate&model=streets-labels-photo-256",
     "upscale"],
)  # fmt: skip
def test_no_serious_finding(visit: Visit, query: str) -> None:
    page = settled(visit(f"?tab={query}", reduced_motion="reduce"))
    unfold(page)
    assert nameless(page) == []
    assert findings(page, query) == []


def test_no_serious_finding_after_a_verdict(visit: Visit) -> None:
    page = settled(visit("?tab=quiz"))
    page.locator(".face").first.click()
    page.locator(".quiz[data-phase=told]").wait_for()
    assert findings(page, "verdict") == []


@pytest.mark.usefixtures("recorded")
def test_no_serious_finding_in_the_playground(visit: Visit) -> None:
    page = settled(visit("?tab=playground", reduced_motion="reduce"))
    unfold(page)
    found = []
    for part in PARTS:
        page.locator(f".pg-parts [data-part={part}]").click()
        page.locator(f"[data-part={part}][data-link*='part={part}']").wait_for()
        assert nameless(page) == []
        found += findings(page, part)
    page.evaluate("document.querySelector('.pg-own').showModal()")
    assert found + findings(page, "own points") == []


# --- the keyboard alone ----------------------------------------------------------------------------------------------


def tab_to(page: Page, wanted: Locator, *, most: int = 60) -> None:
    """Presses Tab until an element has the focus; each stop on the way has to show that it has it."""
    wanted.wait_for()
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert page.evaluate(SHOWS_FOCUS), f"the focus is not to be seen at {stop}"
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by {most} times Tab")


# An outline around the element or, where the element itself lies unseen in its label or frame, around that.
SHOWS_FOCUS = """() => {
  const outlined = (element) => element && getComputedStyle(element).outlineStyle !== "none"
    && parseFloat(getComputedStyle(element).outlineWidth) >= 1;
  const focused = document.activeElement;
  if (focused === document.body) return true;  // between the end of the page and its beginning
  const handle = focused.parentElement.querySelector(":scope > .wb-handle");
  if (focused.role === "combobox") return outlined(focused.closest(".wrap"));
  if (getComputedStyle(focused).opacity !== "0") return outlined(focused);
  return outlined(focused.closest("label")) || getComputedStyle(handle, "::after").boxShadow.includes("3px");
}"""


def has_focus(locator: Locator) -> None:
    expect(locator).to_be_focused()


@pytest.mark.parametrize("tab", ["sample", "quiz", "ask", "latent", "translate", "upscale", "playground"])
def test_the_focus_is_seen_at_every_stop_and_leaves_the_page(visit: Visit, tab: str) -> None:
    page = settled(visit(f"?tab={tab}", reduced_motion="reduce"))
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.locator("[role=tabpanel]:visible").get_by_role("heading", level=2).count() == 1
    stops: list[str] = []
    for _ in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if stop.startswith("<body"):
            break
        assert page.evaluate(SHOWS_FOCUS), f"the focus is not to be seen at {stop}"
        assert stops[-1:] != [stop], f"the focus is trapped at {stop}"
        stops.append(stop)
    else:
        raise AssertionError("the focus never leaves the page")
    assert "HTTP API" in stops[-1] or "href" in stops[-1]


def test_arrow_keys_walk_through_the_tabs(visit: Visit) -> None:
    page = settled(visit())
    page.get_by_role("tab", name="Sample").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("tab", name="Which face is real?", selected=True).wait_for()
    has_focus(page.get_by_role("tab", name="Which face is real?"))
    page.locator(".quiz[data-phase=asking]").wait_for()
    page.keyboard.press("ArrowLeft")  # goes back, and does not answer the quiz
    page.get_by_role("tab", name="Sample", selected=True).wait_for()
    assert page.locator(".quiz").get_attribute("data-phase") == "asking"


def test_who_clicks_on_the_quiz_answers_with_the_arrow_keys(visit: Visit) -> None:
    page = settled(visit())
    page.get_by_role("tab", name="Which face is real?").click()
    page.locator(".quiz[data-phase=asking]").wait_for()
    page.wait_for_timeout(300)  # keys rest a little after a change
    page.keyboard.press("ArrowLeft")
    page.locator(".quiz[data-phase=told]").wait_for()


def test_a_tab_of_the_menu_on_a_phone_keeps_the_focus(visit: Visit) -> None:
    page = settled(visit(width=390, height=844))
    tab_to(page, page.get_by_role("button", name="More tabs"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Latent sliders"))
    page.keyboard.press("Enter")
    has_focus(page.get_by_role("tab", name="Latent sliders", selected=True))


def test_faces_by_keyboard(visit: Visit) -> None:
    page = settled(visit())
    tab_to(page, page.get_by_role("button", name="New faces"))
    page.keyboard.press("Enter")
    page.wait_for_function("() => !document.querySelector('#stage [data-link]').dataset.link.includes('seed=1&')")
    page.keyboard.press("Shift+Tab")
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.ariaLabel?.startsWith('Face 6')"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Face 6, generation 1")).to_be_visible()
    has_focus(page.get_by_role("button", name="Face 6 of 6"))
    expect(page.locator("#announcement")).to_contain_text("neighbours")


def test_the_quiz_by_keyboard(visit: Visit) -> None:
    page = settled(visit("?tab=quiz"))
    tab_to(page, page.locator(".steps button").nth(2))
    page.keyboard.press("Space")
    expect(page.locator(".steps button").nth(2)).to_have_attribute("aria-pressed", "true")
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    has_focus(page.get_by_role("button", name="The right face is real"))
    page.keyboard.press("Enter")
    expect(page.locator("h2[aria-live=polite] .question")).to_contain_text("The other one")
    has_focus(page.get_by_role("button", name="Next pair"))
    page.wait_for_timeout(300)  # keys rest a little after a change
    page.keyboard.press("Enter")
    page.locator(".quiz[data-phase=asking]").wait_for()
    page.keyboard.press("Tab")
    has_focus(page.get_by_role("button", name="The left face is real"))


def test_asking_by_keyboard(visit: Visit) -> None:
    page = settled(visit("?tab=ask"))
    tab_to(page, page.get_by_role("radio", name="floor green"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="floor mint")).to_be_checked()
    has_focus(page.get_by_role("radio", name="floor mint"))
    page.keyboard.press("Tab")  # a group is one stop
    has_focus(page.get_by_role("radio", name="wall cyan"))
    expect(page.locator("#announcement")).to_contain_text("on a mint floor")


def test_taking_a_picture_keeps_the_focus(visit: Visit) -> None:
    page = settled(visit("?tab=ask"))
    tab_to(page, page.get_by_role("button", name="Take seed 3"))
    page.keyboard.press("Enter")
    page.locator("[data-link*='seed=3']").wait_for()
    assert page.evaluate("document.activeElement.closest('.ask-strip') !== null")


def test_sliders_by_keyboard(visit: Visit) -> None:
    page = settled(visit("?tab=latent"))
    slider = page.get_by_role("slider", name="Smile", exact=True)
    tab_to(page, slider)
    before = page.locator("[data-codes]").get_attribute("data-codes")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-codes]")).not_to_have_attribute("data-codes", before or "")
    has_focus(slider)
    assert slider.get_attribute("aria-valuetext") == page.locator(".latent-slider output").nth(1).text_content()


def test_translating_by_keyboard(visit: Visit) -> None:
    page = settled(visit("?tab=translate"))
    tab_to(page, page.get_by_role("button", name="A crossing"))
    page.keyboard.press("Enter")
    expect(page.locator("#announcement")).to_have_text("A crossing: day → night")
    tab_to(page, page.get_by_role("radio", name="day → night"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="night → day")).to_be_checked()
    has_focus(page.get_by_role("radio", name="night → day"))
    expect(page.locator("#announcement")).to_contain_text("night → day")


def open_face(page: Page) -> None:
    """Opens a picture in "Translate", so that its face has to be framed."""
    picture = io.BytesIO()
    Image.new("RGB", (600, 400), "tan").save(picture, "PNG")
    page.locator(".wb-file").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    page.locator(".wb-face .frame[data-state=filled]").wait_for()
    expect(page.locator("#translate .wb-before")).to_have_js_property("naturalWidth", 600)


def test_a_face_is_framed_by_keyboard(visit: Visit) -> None:
    page = settled(visit("?tab=translate&model=faces-smile-128", reduced_motion="reduce"))
    open_face(page)
    face, shown = page.locator(".wb-face"), page.locator("#translate [data-shown]")
    before, last = str(face.get_attribute("data-placement")), str(shown.get_attribute("data-shown"))
    tab_to(page, page.get_by_role("application", name="Picture in the frame"))
    for key in ("ArrowRight", "+", "]"):
        page.keyboard.press(key)
    expect(face).not_to_have_attribute("data-placement", before)
    expect(shown).not_to_have_attribute("data-shown", last)  # translated anew
    before = str(face.get_attribute("data-placement"))
    for side, key in (("left", "ArrowDown"), ("right", "ArrowUp")):
        tab_to(page, page.get_by_role("button", name=f"Mark for the eye on the {side}"))
        page.keyboard.press(f"Shift+{key}")
    page.keyboard.press("Enter")  # turned, until the marks are level
    expect(face).not_to_have_attribute("data-placement", before)
    assert nameless(page) == []
    assert findings(page, "framed face") == []


def test_a_map_is_drawn_by_keyboard(visit: Visit) -> None:
    page = settled(visit("?tab=translate&model=streets-labels-photo-256"))
    canvas = page.get_by_role("application", name="Map to draw on")
    colour = "(one) => [...one.getContext('2d').getImageData(176, 128, 1, 1).data].slice(0, 3).join(' ')"
    ink = page.locator(".wb-palette [aria-checked=false]").first
    wanted = [int(str(ink.get_attribute("data-colour"))[at : at + 2], 16) for at in (1, 3, 5)]
    ink.click()
    before = canvas.evaluate(colour)
    assert before != " ".join(map(str, wanted))
    tab_to(page, canvas)
    for _ in range(6):
        page.keyboard.press("ArrowRight")  # from the middle, 128, to 176
    page.keyboard.press("Space")
    assert canvas.evaluate(colour) == " ".join(map(str, wanted))
    expect(page.locator("#announcement")).to_contain_text("Your map")


def test_enlarging_by_keyboard(visit: Visit) -> None:
    page = settled(visit("?tab=upscale"))
    tab_to(page, page.get_by_role("button", name="Coffee"))
    page.keyboard.press("Enter")
    expect(page.locator("#announcement")).to_contain_text("Coffee")
    tab_to(page, page.locator(".up-scales [aria-checked=true]"))
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="3×")).to_be_checked()
    has_focus(page.get_by_role("radio", name="3×"))


def test_the_playground_by_keyboard(visit: Visit) -> None:
    page = settled(visit("?tab=playground", reduced_motion="reduce"))
    tab_to(page, page.get_by_role("tab", name="Spam filter"))
    tab_to(page, page.get_by_role("button", name="Filter learns"))
    page.keyboard.press("Enter")
    page.locator("[data-moves='11']").wait_for()
    page.get_by_role("tab", name="Spam filter").focus()
    page.keyboard.press("ArrowRight")
    has_focus(page.get_by_role("tab", name="Densities", selected=True))
    page.keyboard.press("ArrowRight")
    has_focus(page.get_by_role("tab", name="The game", selected=True))
    page.locator("[data-rounds='600']").wait_for()
    tab_to(page, page.locator(".game-play"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-rounds]")).not_to_have_attribute("data-rounds", "600")
    page.keyboard.press("Enter")
    expect(page.locator(".game-play")).to_have_text("Play")
    has_focus(page.locator(".game-play"))


# --- dialogs ---------------------------------------------------------------------------------------------------------


def test_escape_closes_the_camera_and_gives_the_focus_back(visit: Visit) -> None:
    page = settled(visit("?tab=upscale", permissions=["camera"]))
    tab_to(page, page.get_by_role("button", name="Camera"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Camera")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("(one) => one.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    has_focus(page.get_by_role("button", name="Camera"))


def test_escape_closes_the_drawing_of_points_and_gives_the_focus_back(visit: Visit) -> None:
    page = settled(visit("?tab=playground&part=densities"))
    page.locator(".em-data").focus()
    page.locator(".em-data").select_option(label="your own points …")
    dialog = page.get_by_role("dialog", name="Your own points")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    has_focus(page.locator(".em-data"))


def test_escape_closes_the_list_of_endpoints_and_gives_the_focus_back(visit: Visit) -> None:
    page = settled(visit())
    button = page.get_by_role("button", name="HTTP API")
    button.focus()
    page.keyboard.press("Enter")
    has_focus(page.get_by_role("dialog").get_by_role("button", name="Close"))
    page.keyboard.press("Escape")
    expect(page.locator(".api-docs")).to_have_count(0)
    has_focus(button)
    # Gradio's list asks for figures and tools that this page does not offer
    visit.complaints[:] = [one for one in visit.complaints if not one.startswith("console: Failed to load resource")]


# --- screen readers --------------------------------------------------------------------------------------------------


# eight steps of a slider, 60 ms apart by the browser's own clock
DRAG = """async (slider) => {
  for (let step = 0; step < 8; step++) {
    slider.stepUp();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 60));
  }
}"""


def test_new_pictures_are_told_once_the_slider_rests(visit: Visit) -> None:
    page = settled(visit())
    expect(page.locator("#announcement")).to_have_text("6 faces of seed 1")
    page.evaluate("""() => {
      window.heard = [];
      new MutationObserver(() => heard.push(document.querySelector("#announcement").textContent))
        .observe(document.querySelector("#announcement"), { childList: true });
    }""")
    page.get_by_role("slider", name="Faces").evaluate(DRAG)
    expect(page.locator("#announcement")).to_have_text("14 faces of seed 1")
    heard = page.evaluate("heard")
    assert heard[-1] == "14 faces of seed 1" and len(heard) <= 3  # 1, unless the machine is so busy that it pauses


# --- reduced motion --------------------------------------------------------------------------------------------------


def frames_drawn(page: Page) -> int:
    """How often the plane of the game was drawn before 600 rounds were reached."""
    page.locator("[data-rounds='600']").wait_for()
    return int(page.evaluate("window.frames_drawn"))


COUNT = """() => {
  window.frames_drawn = 0;
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    if (this.canvas.matches?.(".game-plane")) window.frames_drawn++;
    return clear.apply(this, box);
  };
}"""


def test_the_first_game_opens_finished_where_nothing_shall_move(visit: Visit) -> None:
    drawn = {}
    for motion in ("reduce", "no-preference"):
        page = settled(visit("?tab=playground", reduced_motion=motion))
        page.evaluate(COUNT)
        page.get_by_role("tab", name="The game").click()
        drawn[motion] = frames_drawn(page)
    assert drawn["reduce"] <= 3  # empty, finished, and once more if the page's size settles
    assert drawn["no-preference"] >= 8


def test_a_morph_rests_where_nothing_shall_move(visit: Visit) -> None:
    page = settled(visit("?tab=sample&mode=morph", reduced_motion="reduce"))
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    position = page.get_by_label("Position in the morph")
    assert position.input_value() == "0"
    page.wait_for_timeout(400)
    assert position.input_value() == "0"
