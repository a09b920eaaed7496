"""The page in German: every sentence of the sources is in the table, and no visitor in Germany reads English."""

import re
from collections import Counter
from typing import Any

import httpx
import polib
import pytest
from playwright.sync_api import Page, expect

from page import stage
from page.i18n import LOCALES, Language, languages, to_tags
from quiz.decks import DECKS
from tests.conftest import Visit
from tests.sentences import WORDS, Text, of_weights, texts
from tests.test_accessibility import PARTS, findings, nameless, open_face, settled, tab_to, unfold
from tests.test_playground_tab import recorded  # noqa: F401  # a fixture: a training to replay

SOURCES = texts()

# Names, which are the same in both languages.
NAMES = {
    "AVIF", "Adam", "DCI", "DE", "Dirac-GAN", "EN", "FactorVAE", "GIF", "InfoGAN", "JPEG", "Latent Lab", "MIG", "MP4",
    "PNG", "Python", "SGD", "WebP", "user/repository",
}  # fmt: skip
GERMAN = next(language.table for language in languages() if language.code == "de")
PEOPLE = "Labeled Faces in the Wild"
FORMULAS = ("γ_nk = w_k N(x_n; μ_k, Σ_k) / Σ_j w_j N(x_n; μ_j, Σ_j)",)
REFERENCE = re.compile(r"\*, (19|20)\d\d")  # a paragraph of literature, which may stay as it is
UNSEEN = {"Gradio footer navigation", "Use via API", "logo", "Stop Recording"}  # Gradio's, hidden by our style
GRADIO = {  # Gradio's own words, which no source of ours contains
    "More tabs", "range slider for {}", "number input for {}", "Reset to default value", "Error", "Loading...",
    "Connection to the server was lost. Attempting reconnection...", "Connection re-established.", "Connection Lost",
    "Reconnected",
}  # fmt: skip
# Errors that only our own code, a trainer or the host's console can meet; no visitor reads them.
INTERNAL = (
    "data/scenes.py", "data/sprites.py", "data/grids.py", "media/film.py", "models/pixels.py", "quiz/statistics.py",
    "media/colours.py", "media/jpeg_xl.py", "serving/deployment.py",
    "data/align.py", "data/domains.py", "data/labels.py", "data/landmarks.py", "models/faces/similarity.py",
)  # fmt: skip
INTERNAL_TEXTS = {
    "a scale of 8-bit weights is not finite",
    "an empty picture",
    "{} needs no stub file",
    "a kind of TIFF that is not read",
    "more data than pixels",
    "{} is stored in 8 bits without a scale of floats",
    "A sheet holds {} uint8 pictures, got {} {}.",
    "A sheet holds square pictures of up to {} px with 1 or 3 channels, got {}.",
    "This critic judges pictures of {}, got {}.",
    "This discriminator judges pictures of {}, got {}.",
    "There are {} seeds for {} rows of labels; give one each, or one for all.",
    "It reads pictures of {}, got {}.",
    "This mixture knows pictures of {}, got {}.",
    "Expected a uint8 picture (H, W, C), C from 1 to 4; got {} {}.",
    "The folder {} in {} holds {} pictures and {} are needed; add pictures, hold out fewer, or name other folders.",
    "Of {} pictures, {} cannot be held out; hold out fewer.",
}
MEASURERS = ("features", "Features", "Factors")  # networks that are not offered anywhere: in their titles


# --- the table -----------------------------------------------------------------------------------------------------


def is_known(text: str) -> bool:
    """Whether the table has a text, or a sentence into which it fits."""
    text = re.sub(r"\{\}(?=[A-Z])", "", text)  # a sentence that may be missing
    if text in GERMAN or not WORDS.search(text.replace("{}", "")):
        return True
    for english in GERMAN:
        literals = english.split("{}")
        if len(literals) > 1 and sum(map(len, literals)) > 8:
            found = re.fullmatch("(.*?)".join(map(re.escape, literals)), text)
            if found and all(is_known(part.strip()) for part in found.groups()):
                return True
    return False


def is_kept(text: Text) -> bool:
    """Whether a text is a name, or nothing that a visitor reads."""
    return (
        text.text in NAMES
        or text.text in ("DESCRIPTION", "LANGUAGES")  # filled in
        or REFERENCE.search(text.text) is not None
        or text.text in INTERNAL_TEXTS
        or text.text in {offer.summary for offer in DECKS.values()}  # in cards only, which are English
        or text.place.startswith(INTERNAL)
        or (text.place.startswith("page/foldouts.py") and text.kind == "markdown")  # a card, which is English
        or (text.place.startswith("models/catalogue.py") and any(word in text.text for word in MEASURERS))
    )


@pytest.mark.parametrize("kind", ["error", "label", "html", "markdown"])
def test_every_sentence_of_the_sources_has_its_german(kind: str) -> None:
    some = [text for text in SOURCES if text.kind == kind]
    assert len(some) > 40, "the scan finds nothing any more"
    assert [f"{text.place}: {text.text}" for text in some if not is_known(text.text) and not is_kept(text)] == []


# What looks like words for a visitor among the other strings: a capital and then words, or several words.
SPOKEN = re.compile(r"[A-Z][a-z]{2,}([ ,:;][^<>=_#]*)?|[^<>=_#()\[\].:/;]*[a-z]{2,} [a-z]{2,}[^<>=_#()\[\]/]*")
CODE = {  # strings that only look like words: of scripts, types, fonts and other libraries
    "Content-Type", "Vary", "POST", "Tab", "Enter", "Escape", "Backspace", "Space", "NoMatch", "ArrowLeft",
    "ArrowRight", "ArrowUp", "ArrowDown", "PageDown", "PageUp", "Home", "End", "Delete", "form input", "light dark",
    "Segoe UI",
    "Roboto", "Menlo", "Consolas", "Array", "Pool", "Arguments", "Answer", "Timeout", "Consistency check failed",
    "There is no {} as it should be.", "The table of {} was not sent ({}).",  # mistakes of ours, in the console
    "real, of the training", "real, held out", "{} is not in the cache", "{} files of",
}  # fmt: skip
SILENT = (  # sources that speak to the host, to a trainer or to programs
    "models/__init__.py", "models/catalogue.py", "models/graphs.py", "serving/ray_client.py", "serving/replicas.py",
    "quiz/collection.py", "quiz/fingerprints.py", "quiz/matching.py", "quiz/pairs.py", "quiz/secrecy.py",
    "data/turns.py", "quiz/backup.py", "quiz/migrations", "server/mcp.py", "server/health.py", "page/foldouts.py",
)  # fmt: skip


def parts_left(text: str) -> list[str]:
    """The pieces of a text, between placeholders and sentences, that no entry contains."""
    known = "\n".join(GERMAN).casefold()
    pieces = [part.strip(" ,;:.").casefold() for part in re.split(r"\{\}|(?<=[.?!]) ", text)]
    return [
        part
        for part in pieces
        if WORDS.search(part) and "px" not in part and "sans-serif" not in part
        if not re.search(rf"(?<!\w){re.escape(part)}(?!\w)", known)
    ]


@pytest.mark.parametrize("kind", ["script", "other"])
def test_no_other_sentence_is_left_out(kind: str) -> None:
    left = [
        f"{text.place}: {text.text}"
        for text in SOURCES
        if text.kind == kind and SPOKEN.fullmatch(text.text.strip()) and not text.place.startswith(SILENT)
        if text.text not in CODE
        and not text.text.startswith(("from ", "import ", "for "))
        and not is_kept(text)
        and not is_known(text.text)
        and parts_left(text.text)
    ]
    assert left == []


def clauses(text: str) -> list[str]:
    """The words of a text between its stops, placeholders and marks, each stretch as one string."""
    stretches = re.split(r"[^\w\s'’-]|\d+", text.casefold().replace("_", " "))
    return [" ".join(stretch.split()) for stretch in stretches if WORDS.search(stretch)]


def test_no_entry_is_dead() -> None:
    corpus = "\n".join("\n".join(clauses(text)) for text in [*(text.text for text in SOURCES), *of_weights()])

    def stands_somewhere(clause: str) -> bool:
        words = clause.split()
        halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
        return clause in corpus or any(start in corpus and end in corpus for start, end in halves)

    dead = {
        english: gone for english in GERMAN if (gone := [one for one in clauses(english) if not stands_somewhere(one)])
    }
    assert {english: gone for english, gone in dead.items() if english not in GRADIO} == {}


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.name)
def test_placeholders_and_marked_words_agree(language: Language) -> None:
    assert set(language.table) == set(GERMAN)
    for english, other in language.table.items():
        english, german = to_tags(english, other)  # raises where a marked word, a formula or a code is missing
        count, used = english.count("{}"), re.findall(r"\{(\d*)\}", german)
        if all(place == "" for place in used):
            assert len(used) == count, english
        else:
            assert all(place != "" and int(place) < count for place in used), english


def test_no_entry_stands_twice_and_none_is_english() -> None:
    entries = polib.pofile(str(LOCALES / "de.po"))
    assert [key for key, count in Counter(entry.msgid for entry in entries).items() if count > 1] == []
    assert [entry.msgid for entry in entries if not entry.translated()] == []
    plain = {
        key: re.sub(r"\*[^*]+\*|`[^`]*`|\$[^$]*\$|[\w.]+-and-[\w.]+", "", german) for key, german in GERMAN.items()
    }
    assert [key for key, german in plain.items() if ENGLISH.search(german.replace(PEOPLE, ""))] == []


def test_marked_words_become_tags() -> None:
    english, german = "A **new** $x$ of *old* `y`, see [here](http://b).", "`y`, alt: *alt*, **neu** $x$; [dort](c)."
    assert to_tags(english, german) == (
        "A <0>new</0> <1/> of <2>old</2> <3/>, see <4>here</4>.",
        "<3/>, alt: <2>alt</2>, <0>neu</0> <1/>; <4>dort</4>.",
    )
    with pytest.raises(ValueError, match="lacks a span"):
        to_tags("A **b** c", "A b c")
    with pytest.raises(ValueError, match="is not in"):
        to_tags("A $x$", "A $y$")


# --- what is served ------------------------------------------------------------------------------------------------


def test_the_table_is_served_once_and_for_ever(address: str) -> None:
    answer = httpx.get(f"{address}/{stage.address('locales/de.json')}", timeout=60)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    table = answer.json()
    assert len(table) == len(GERMAN) and table["New faces"] == "Neue Gesichter"
    assert int(answer.headers["content-length"]) < 48 * 1024  # gzipped


def test_the_choice_stands_before_everything_else(address: str) -> None:
    answer = httpx.get(address, timeout=60, headers={"accept-encoding": "identity"})
    assert len(answer.content) == int(answer.headers["content-length"])
    head = answer.text.partition("<head>")[2].lstrip()
    assert head.startswith("<script>window.latentLabFiles") and answer.text.count("window.latentLabFiles") == 1
    assert stage.address("locales/de.json") in head[:400]


# --- the page in a browser -----------------------------------------------------------------------------------------

LISTEN = """Object.defineProperty(window, "latentLab", { configurable: true, set(value) {
  value.missing = new Set();
  Object.defineProperty(window, "latentLab", { value, writable: true, configurable: true });
} });"""
# Words that German does not have, in what can be seen or heard.
ENGLISH = re.compile(r"\b(the|of|and|is|are|with|your?|this|from|that|which|what|how|click|not|picture|please)\b", re.I)
SEEN = """() => {
  const left = (node) => node.closest("code, pre, script, style, .katex, [lang=en]:not(html), .api-docs");
  const seen = [];
  for (const element of document.querySelectorAll("body *")) {
    if (left(element) || !element.checkVisibility()) continue;
    for (const node of element.childNodes) if (node.nodeType === 3 && node.data.trim()) seen.push(node.data.trim());
    for (const name of ["aria-label", "aria-valuetext", "title", "placeholder", "alt"]) {
      if (element.getAttribute(name)) seen.push(element.getAttribute(name));
    }
    if (element.matches("input[role=combobox]")) {
      seen.push(Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").get.call(element));
    }
  }
  return seen.map((text) => text.replace(/\\s+/g, " "));
}"""


def literature() -> str:
    """All paragraphs of literature, without marks."""
    return " ".join(text.text.replace("*", "") for text in SOURCES if REFERENCE.search(text.text))


def english_left(page: Page) -> list[str]:
    """What is not German: what the script did not find in the table, and every text with an English word in it."""
    books = literature()
    missing = [" ".join(text.split()) for text in page.evaluate("[...latentLab.missing]")]
    seen = [text for text in page.evaluate(SEEN) if ENGLISH.search(text.replace(PEOPLE, ""))]
    return [
        text
        for text in [*missing, *seen]
        if text not in NAMES | UNSEEN and text not in FORMULAS and text not in books and not is_a_name(text)
    ]


def is_a_name(text: str) -> bool:
    """Names of networks, such as faces-celeba-64 or one of the Hub, alone or in a row."""
    return all(re.fullmatch(r"[\w.]+([-/][\w.]+)+", name) for name in re.split(r",? ", text))


def german(visit: Visit, query: str, **context: Any) -> Page:
    """The page in a German browser that notes what it could not translate, once its first pictures are shown."""
    return settled(visit(query, **{"locale": "de-DE", "reduced_motion": "reduce", "script": LISTEN, **context}))


@pytest.mark.parametrize(
    "query",
    ["sample", "sample&mode=morph", "ask", "latent", "translate", "translate&model=streets-labels-photo-256",
     "translate&model=faces-smile-128", "upscale"],
)  # fmt: skip
def test_every_text_of_a_tab_is_german(visit: Visit, query: str) -> None:
    page = german(visit, f"?tab={query}")
    unfold(page)
    page.wait_for_load_state("networkidle")
    assert english_left(page) == []
    assert page.locator("html").get_attribute("lang") == "de"
    assert nameless(page) == []


def test_a_face_and_its_neighbours_in_german(visit: Visit) -> None:
    page = german(visit, "")
    expect(page.locator("meta[name=description]")).to_have_attribute("content", re.compile("zum Anfassen"))
    value = "document.querySelector('#network input').value"
    assert page.evaluate(value) == "Faces in colour, 128 px"  # what Gradio reads
    assert page.evaluate(SEEN).count("Gesichter in Farbe, 128 px") == 1
    page.locator("#network input").click()
    page.get_by_role("option", name="Studioporträts in Grau, 128 px").click()
    page.locator("[data-link*='portraits-128']").wait_for()
    assert page.evaluate(value) == "Studio portraits in grey, 128 px"
    assert "Studioporträts in Grau, 128 px" in page.evaluate(SEEN)
    page.get_by_role("button", name="Gesicht 3 von 6: seine Nachbarn zeigen").click()
    expect(page.locator("#announcement")).to_have_text("6 Nachbarn des gewählten Gesichts")
    page.locator("#seed input").fill("-3")
    expect(page.get_by_text(re.compile("Seed: -3 ist nicht möglich; nötig ist ein Wert von 0 bis 2"))).to_be_visible()
    assert english_left(page) == []


def test_the_quiz_in_german(visit: Visit) -> None:
    page = german(visit, "?tab=quiz")
    unfold(page)
    expect(page.locator(".question")).to_have_text("Welches Gesicht ist echt?")
    for _ in range(3):
        page.locator(".face").first.click()
        page.locator(".quiz[data-phase=told]").wait_for()
        expect(page.locator(".mark")).to_have_text(re.compile("Richtig|Falsch"))
        page.wait_for_timeout(300)  # keys and clicks rest a little after a change
        page.get_by_role("button", name="Nächstes Paar").click()
        page.locator(".quiz[data-phase=asking]").wait_for()
    page.get_by_label("Spitzname").fill("x")
    page.get_by_role("button", name="Mitmachen").click()
    expect(page.get_by_text("Der Spitzname hat 1 Zeichen; möglich sind 2 bis 20.")).to_be_visible()
    page.locator(".deck").select_option("scenes")
    expect(page.locator(".question")).to_have_text("Welches Bild ist echt?")
    assert english_left(page) == []


@pytest.mark.usefixtures("recorded")
def test_the_playground_in_german(visit: Visit) -> None:
    page = german(visit, "?tab=playground")
    unfold(page)
    left = []
    for part in PARTS:
        page.locator(f".pg-parts [data-part={part}]").click()
        page.locator(f"[data-part={part}][data-link*='part={part}']").wait_for()
        if part == "game":
            page.locator("[data-rounds='600']").wait_for()
        left += english_left(page)
    page.locator(".pg-parts [data-part=spam]").click()
    page.get_by_role("button", name="Filter lernt").click()
    expect(page.get_by_text("Der Filter hat gelernt: Er hat seine Grenze dorthin verschoben")).to_be_visible()
    page.get_by_role("button", name="Spammer schreibt um").click()
    expect(page.get_by_text("Der Spammer hat umgeschrieben")).to_be_visible()
    assert left + english_left(page) == []


def test_a_game_of_all_losses_in_german(visit: Visit) -> None:
    page = german(visit, "?tab=playground&part=game")
    page.locator("[data-rounds='600']").wait_for()
    for loss in ("minimax", "least-squares", "wasserstein", "relativistic"):
        page.locator(".game-loss").select_option(loss)
        page.locator(f"[data-link*='loss={loss}']").wait_for()
        before = page.locator("[data-rounds]").get_attribute("data-rounds") or ""
        page.get_by_role("button", name="Beide", exact=True).click()
        expect(page.locator("[data-rounds]")).not_to_have_attribute("data-rounds", before)
    assert english_left(page) == []


def test_a_wrong_link_is_answered_in_german(visit: Visit) -> None:
    page = german(visit, "?tab=sample&seed=abc")
    expect(page.get_by_text("Seed: 'abc' ist nicht möglich; nötig ist eine Zahl.")).to_be_visible()
    page = german(visit, "?tab=quiz&deck=nowhere")
    expect(page.get_by_text("Einen Bildersatz 'nowhere' gibt es nicht; möglich sind")).to_be_visible()


def test_sentences_are_put_together(visit: Visit) -> None:
    page = german(visit, "")
    said = {
        "12 others are waiting already; please try again in a minute.":
            "Es warten schon 12 andere; bitte in einer Minute noch einmal versuchen.",
        "  Frame 3 of 1,234 ": "  Bild 3 von 1.234 ",
        "moves wall hue, scale and shape": "bewegt Farbe der Wand, Größe und Form",
        "A red ball on an orange floor before a pink wall": "Kugel (rot), Boden orange, Wand rosa",
        "You are ahead by 2. Streak 3, best 5": "Der Mensch führt mit 2. Serie 3, beste 5",
        "0.85": "0,85",
        "−1,234.5 (0.2, 0.35)": "−1.234,5 (0,2, 0,35)",
        "127.0.0.1": "127.0.0.1",
        "The file is larger than 16 MB; PNG, JPEG, WebP, GIF, BMP, AVIF, TIFF, JPEG 2000, HEIC and JPEG XL up to 16 MB "
        "are accepted.":
            "Die Datei ist größer als 16 MB. Möglich sind PNG, JPEG, WebP, GIF, BMP, AVIF, TIFF, JPEG 2000, HEIC und "
            "JPEG XL bis 16 MB.",
        "There is no network $&; choose one of a, b or a Hub id such as user/repository.":
            "Ein Netz $& gibt es nicht; möglich sind a, b oder ein Name auf dem Hub wie user/repository.",
        "nothing that anybody wrote": "nothing that anybody wrote",
    }  # fmt: skip
    assert page.evaluate("(all) => all.map((one) => latentLab.say(one))", list(said)) == list(said.values())


# --- the choice ----------------------------------------------------------------------------------------------------


def chosen(page: Page, code: str) -> None:
    """The page is in this language, and says so."""
    expect(page.get_by_role("button", name={"de": "Deutsch", "en": "English"}[code], pressed=True)).to_be_visible()
    expect(page.get_by_role("tab", name={"de": "Spielwiese", "en": "Playground"}[code])).to_be_visible()
    assert page.locator("html").get_attribute("lang") == code


def test_the_switch_works_in_place_and_is_remembered(visit: Visit) -> None:
    page = settled(visit("?tab=latent", reduced_motion="reduce"))
    unfold(page)
    page.locator("[data-meter=told]").wait_for()
    page.locator("[data-strips]").wait_for()
    page.wait_for_load_state("networkidle")
    chosen(page, "en")
    english = page.evaluate(SEEN)
    page.evaluate("window.same = document")  # a reload would forget it
    tab_to(page, page.get_by_role("button", name="Deutsch"))
    page.keyboard.press("Enter")
    chosen(page, "de")
    assert not [text for text in page.evaluate(SEEN) if "Surprise" in text or "latent sliders" in text]
    page.get_by_role("button", name="English").click()
    chosen(page, "en")
    assert page.evaluate(SEEN) == english
    page.get_by_role("button", name="Deutsch").click()
    chosen(page, "de")
    assert page.evaluate("window.same === document")
    settled(page).reload()
    chosen(settled(page), "de")
    assert "lang=" not in page.url


def test_an_english_visitor_fetches_no_table(visit: Visit) -> None:
    asked: list[str] = []
    page = visit(locale="en-GB")
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    chosen(settled(page), "en")
    assert asked and not [url for url in asked if "/locales/" in url]


def test_the_address_may_name_the_language(visit: Visit) -> None:
    page = settled(visit("?tab=sample&lang=de", locale="en-GB"))
    chosen(page, "de")
    page.get_by_role("button", name="Neue Gesichter").click()
    page.wait_for_function("() => /seed=(?!1&)/.test(location.search)")
    assert "lang=de" in page.url
    page.get_by_role("tab", name="Auf Wunsch").click()
    page.locator(".ask [data-link]:visible, .ask:visible").first.wait_for()
    page.wait_for_function("() => location.search.includes('tab=ask') && location.search.includes('lang=de')")
    page.get_by_role("button", name="English").click()
    page.wait_for_function("() => location.search.includes('lang=en')")
    page.reload()
    chosen(settled(page), "en")
    page = settled(visit("?lang=en", locale="de-AT"))
    chosen(page, "en")
    assert page.evaluate("navigator.language") == "en"  # so that Gradio's own words are like ours


REMEMBER = """async (script) => {
  const { remember } = await import(script);
  remember("sample", "tab=sample&seed=9", false);
  document.querySelector("[data-language=en]").click();
}"""


def test_the_switch_is_not_undone_by_an_address_that_follows_a_moment_later(visit: Visit) -> None:
    page = settled(visit("?tab=sample&lang=de", locale="en-GB"))
    chosen(page, "de")
    page.evaluate(REMEMBER, f"{visit.address}/{stage.address('page/history.js')}")
    page.wait_for_function("() => location.search.includes('seed=9')")
    assert "lang=en" in page.url


def test_a_browser_in_another_language_gets_english(visit: Visit) -> None:
    page = settled(visit("?lang=constructor", locale="fr-FR", width=390, height=844))
    expect(page.get_by_role("button", name="More tabs")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"


# --- for everyone --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["sample", "upscale", "playground"])
def test_no_serious_finding_in_german(visit: Visit, query: str) -> None:
    page = german(visit, f"?tab={query}")
    unfold(page)
    assert findings(page, query) == []


@pytest.mark.parametrize("tab", ["sample", "quiz", "ask", "latent", "translate", "upscale", "playground"])
def test_nothing_is_too_wide_on_a_phone(visit: Visit, tab: str) -> None:
    page = german(visit, f"?tab={tab}", width=390, height=844)
    expect(page.get_by_role("button", name="Weitere Reiter")).to_be_visible()
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
    page.wait_for_function(CUT_OFF)


def test_a_framed_face_in_german_on_a_phone(visit: Visit) -> None:
    page = german(visit, "?tab=translate&model=faces-smile-128", width=390, height=844)
    open_face(page)
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
    page.wait_for_function(CUT_OFF)
    assert english_left(page) == []


CUT_OFF = """() => [...document.querySelectorAll("button:not(.label-wrap), select, th, td, [role=tab]")].every((one) =>
  !one.checkVisibility() || !one.clientWidth || one.scrollWidth <= one.clientWidth + 1)"""


def test_the_card_of_a_network_is_marked_as_english(visit: Visit) -> None:
    page = german(visit, "")
    unfold(page)
    card = page.locator(".network-card:visible [lang=en], .network-card[lang=en]:visible").first
    expect(card).to_contain_text("Drawn by nobody.")
