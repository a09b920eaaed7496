"""The page in other languages: what their tables say is put over the English texts, in the browser.

The English sentence is the key, as in gettext, so that no tab and no answer of the server knows of languages. A table
is fetched only by visitors who read it. To add a language: a file like `german.py` and a line in LANGUAGES.
"""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tabs.german import GERMAN

SPAN = re.compile(
    r"\*\*(?P<strong>.+?)\*\*|\*(?P<em>.+?)\*|`(?P<code>[^`]+)`|\$(?P<math>[^$]+)\$|\[(?P<a>.+?)\]\(.+?\)"
)
OPAQUE = ("code", "math")  # the same in all languages


@dataclass(frozen=True)
class Language:
    """One language besides English."""

    code: str  # of ISO 639-1
    name: str  # in itself
    table: dict[str, str]  # English -> this language, see `german`

    @cached_property
    def file(self) -> bytes:
        """The table as the page's script reads it: JSON, gzipped."""
        tagged = dict(to_tags(english, other) for english, other in self.table.items())
        text = json.dumps(tagged, ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode("utf-8"), 9, mtime=0)

    @cached_property
    def path(self) -> str:
        """Where it is served; another table has another path, so that browsers may keep it."""
        return f"language/{self.code}-{hashlib.sha256(self.file).hexdigest()[:12]}.json"


LANGUAGES = (Language("de", "Deutsch", GERMAN),)


def to_tags(english: str, other: str) -> tuple[str, str]:
    """A sentence and its translation with numbered tags in place of Markdown: "of **D**" becomes "of <0>D</0>".

    Args:
        english: its spans get the numbers 0, 1, ... in the order in which they begin.
        other: the same spans in any order; formulas and code have to be the same.

    Raises:
        ValueError: a span is missing or too much.
    """
    spans: list[tuple[str, str]] = []

    def tag(found: re.Match[str], number: int, tagged: str) -> str:
        return f"<{number}/>" if found.lastgroup in OPAQUE else f"<{number}>{tagged}</{number}>"

    def number_english(found: re.Match[str]) -> str:
        kind = str(found.lastgroup)
        inner = found[kind]
        spans.append((kind, inner if kind in OPAQUE else ""))
        number = len(spans) - 1
        return tag(found, number, inner if kind in OPAQUE else SPAN.sub(number_english, inner))

    def number_other(found: re.Match[str]) -> str:
        kind = str(found.lastgroup)
        inner = found[kind]
        span = (kind, inner if kind in OPAQUE else "")
        if span not in left:
            raise ValueError(f"{found[0]!r} is not in {english!r}")
        number = left.index(span)
        left[number] = ("", "")
        return tag(found, number, inner if kind in OPAQUE else SPAN.sub(number_other, inner))

    key = SPAN.sub(number_english, english)
    left = list(spans)
    value = SPAN.sub(number_other, other)
    if any(kind for kind, _ in left):
        raise ValueError(f"{other!r} lacks a span of {english!r}")
    return key, value


class Languages:
    """ASGI middleware: serves the tables, and puts the script that chooses a language first into the page's head."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.files = {language.path.rpartition("/")[2]: language.file for language in LANGUAGES}
        paths = json.dumps({language.code: language.path for language in LANGUAGES})
        self.script = CHOICE.replace("PATHS", paths).encode("utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
        elif (file := self.file_at(scope["path"])) is not None:
            headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}
            await Response(file, media_type="application/json", headers=headers)(scope, receive, send)
        else:
            await self.app(scope, receive, self.with_script(send))

    def file_at(self, path: str) -> bytes | None:
        """The table at an address, which may lie below a proxy's."""
        folder, _, name = path.rpartition("/")
        return self.files.get(name) if folder.endswith("/language") else None

    def with_script(self, send: Send) -> Send:
        """Sends the page's document with the script after its <head>; anything else as it is."""
        start: Message = {}

        async def altered(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html"):
                    start = message  # waits for the document
                    return
            elif start:
                body, head = message.get("body", b""), b"<head>"
                if head in body and b"window.gradio_config" in body:
                    message = {**message, "body": body.replace(head, head + self.script, 1)}
                    headers = [
                        (name, str(int(value) + len(self.script)).encode() if name == b"content-length" else value)
                        for name, value in start["headers"]
                    ]
                    start = {**start, "headers": headers}
                await send(start)
                start = {}
            await send(message)

        return altered


def switch() -> str:
    """The choice of a language, as HTML for the masthead."""
    buttons = "".join(
        f'<button type="button" lang="{code}" data-language="{code}" aria-label="{name}" title="{name}" '
        f'aria-pressed="false" onclick="latentLab.speak(\'{code}\')">{code.upper()}</button>'
        for code, name in [*((language.code, language.name) for language in LANGUAGES), ("en", "English")]
    )
    return f'<div class="languages" role="group" aria-label="Language"><span translate="no">{buttons}</span></div>'


# Runs before anything else of the page: Gradio asks the browser for its language as soon as it starts.
CHOICE = """
<script>
  window.languages = { paths: PATHS, tables: {} };
  languages.table = (code) => languages.tables[code] ||= fetch(languages.paths[code]).then((answer) => answer.json());
  {
    let chosen = null;
    try { chosen = localStorage.getItem("latent-lab-language"); } catch { /* no storage */ }
    const wishes = [chosen, new URLSearchParams(location.search).get("lang"), ...navigator.languages];
    languages.chosen = wishes.map((wish) => String(wish).split("-")[0].toLowerCase())
      .find((wish) => wish === "en" || Object.hasOwn(languages.paths, wish)) || "en";
    document.documentElement.lang = languages.chosen;
    if (languages.chosen !== "en") languages.table(languages.chosen).catch(() => {});
    // Gradio's own words are English, and translated like ours
    Object.defineProperty(navigator, "language", { value: "en", configurable: true });
    Object.defineProperty(navigator, "languages", { value: ["en"], configurable: true });
  }
</script>
"""

SCRIPT = r"""
<script>
  (() => {
    const NAMES = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
    const LEFT = "code:not(.pg-captions code), pre, script, style, textarea, .katex, [translate=no], .api-docs";
    const INLINE = ["A", "B", "CODE", "EM", "I", "STRONG", "SUB", "SUP"];  // parts of a sentence
    const texts = new WeakMap();  // text node -> { source, shown }
    const attributes = new WeakMap();  // element -> { name: { source, shown } }
    const blocks = new WeakMap();  // element with marked words -> its English parts and those shown
    const fields = new WeakMap();  // input -> what shows its value anew
    const learned = {};  // language -> its table, made ready
    let table = null, observer = null;

    // --- sentences -------------------------------------------------------------------------------------------------

    const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&");

    function prepare(entries, language) {  // sentences with {} are found by their first word, else by their last one
      const parts = new Intl.NumberFormat(language, { useGrouping: "always" }).formatToParts(1234.5);
      const sign = (type) => parts.find((part) => part.type === type)?.value || "";
      const ready = { exact: new Map(), first: new Map(), last: new Map(), others: [], answers: new Map(),
        group: sign("group"), decimal: sign("decimal") };
      const add = (map, word, pattern) => map.set(word, [...(map.get(word) || []), pattern]);
      const patterns = [];
      for (const [english, other] of Object.entries(entries)) {
        if (!english.includes("{}")) { ready.exact.set(english, other); continue; }
        const literals = english.split("{}");
        const letters = literals.join("").replace(/<[^>]*>|[^\p{L}]/gu, "").length;
        patterns.push({ literals, other, letters,
          form: new RegExp("^" + literals.map(escaped).join("(.*?)") + "$") });
      }
      patterns.sort((a, b) => b.letters - a.letters);
      for (const pattern of patterns) {
        const start = pattern.literals[0].match(/^(\S+) /), end = pattern.literals.at(-1).match(/ (\S+)$/);
        if (start) add(ready.first, start[1], pattern);
        else if (end) add(ready.last, end[1], pattern);
        else ready.others.push(pattern);
      }
      return ready;
    }

    const numbers = (text) => text.replace(
      /(?<![\d.,\w])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\d.\w]|,\d)/g,
      (number) => number.replace(/[.,]/g, (sign) => sign === "," ? table.group : table.decimal));
    const wordless = (text) => !/\p{L}{2}/u.test(text);

    // Sentences are answered by { sentence, unknown }, the parts of them that the table does not know; or by null.

    function fill(pattern, found) {
      const told = found.slice(1).map((part) => know(part) ?? { sentence: part, unknown: [part.trim()] });
      let next = 0;
      return { unknown: told.flatMap((part) => part.unknown), letters: pattern.letters, sentence: pattern.other
        .replace(/\{(\d*)\}/g, (_, place) => told[place === "" ? next++ : +place].sentence) };
    }

    function match(text) {  // the sentence of which all parts are known, else the one with the most words of its own
      const space = text.indexOf(" "), last = text.slice(text.lastIndexOf(" ") + 1);
      let best = null;
      for (const list of [space > 0 && table.first.get(text.slice(0, space)), table.last.get(last), table.others]) {
        for (const pattern of list || []) {
          if (!pattern.literals.every((literal) => text.includes(literal))) continue;
          const found = pattern.form.exec(text), told = found && fill(pattern, found);
          if (told && !told.unknown.length) return told;
          if (told && told.letters > (best ? best.letters : 9)) best = told;
        }
      }
      return best;
    }

    function look(text) {
      const exact = table.exact.get(text);
      if (exact !== undefined) return { sentence: exact, unknown: [] };
      const whole = text.length < 700 ? match(text) : null;
      if (whole && !whole.unknown.length) return whole;
      const sentences = text.split(/(?<=[.!?\u2026]) /);
      for (let count = 1; count < Math.min(sentences.length, 12); count++) {
        const start = know(sentences.slice(0, count).join(" "));
        const rest = start && know(sentences.slice(count).join(" "));
        if (rest) {
          return { sentence: `${start.sentence} ${rest.sentence}`, unknown: [...start.unknown, ...rest.unknown] };
        }
      }
      return whole;
    }

    function know(text) {
      const core = text.trim();
      if (wordless(core)) return { sentence: numbers(text), unknown: [] };
      const key = core.replace(/\s+/g, " ");
      let told = table.answers.get(key);
      if (told === undefined) {
        told = look(key);
        if (table.answers.size > 1000) table.answers.clear();
        table.answers.set(key, told);
      }
      if (!told || core === text) return told;
      const at = text.indexOf(core);
      return { ...told, sentence: text.slice(0, at) + told.sentence + text.slice(at + core.length) };
    }

    function inLanguage(text) {
      if (!table || !text.trim()) return text;
      const told = know(text);
      for (const part of told ? told.unknown : [text.trim()]) latentLab.missing?.add(part);  // the tests ask for it
      return told ? told.sentence : text;
    }

    // --- what is on the page -----------------------------------------------------------------------------------------

    function sourceOf(node) {
      const known = texts.get(node);
      return known && known.shown === node.data ? known.source : node.data;
    }

    function text(node) {
      const source = sourceOf(node), shown = inLanguage(source);
      if (shown !== source || texts.has(node)) texts.set(node, { source, shown });
      if (shown !== node.data) node.data = shown;  // in place: scripts hold on to their nodes
    }

    function attribute(element, name) {
      const value = element.getAttribute(name);
      if (value === null || element.closest("[translate=no], .api-docs")) return;
      const all = attributes.get(element) || {}, known = all[name];
      const source = known && known.shown === value ? known.source : value;
      const shown = inLanguage(source);
      if (known || shown !== source) attributes.set(element, { ...all, [name]: { source, shown } });
      if (shown !== value) element.setAttribute(name, shown);
    }

    function field(input) {  // the value of Gradio's list of choices, which is one of the sentences
      const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
      let source = get.call(input), shown = source;
      const put = (value) => {
        source = String(value);
        shown = inLanguage(source);
        if (get.call(input) !== shown) set.call(input, shown);
      };
      if (!fields.has(input)) {  // a visitor may have typed since
        fields.set(input, () => put(input.value));
        Object.defineProperty(input, "value", { configurable: true, set: put,
          get: () => (get.call(input) === shown ? source : get.call(input)) });
      }
      fields.get(input)();
    }

    const FORMULA = ".katex, .katex-display, span:has(> .katex)";
    const opaque = (node) => node.matches("code, sub, sup, " + FORMULA);
    const isInline = (node) => INLINE.includes(node.nodeName) || node.matches(FORMULA);

    function isBlock(element) {  // a sentence some words of which are marked: it is translated as a whole
      let words = false, marked = false;
      for (const node of element.childNodes) {
        if (node.nodeType === 3) words ||= !wordless(node.data);
        else if (node.nodeType === 1) {
          if (!isInline(node)) return false;
          marked ||= node.textContent.trim() !== "";
        }
      }
      return words && marked;
    }

    function blockOf(element) {
      while (element && INLINE.includes(element.nodeName)) element = element.parentElement;
      return element && isBlock(element) ? element : null;
    }

    function read(block) {  // "The loss of <0>D</0>", and its elements by number
      const elements = [];
      const parts = (parent) => [...parent.childNodes].map((node) => {
        if (node.nodeType === 3) return sourceOf(node);
        if (node.nodeType !== 1) return "";
        const number = elements.push(node) - 1;
        return opaque(node) ? `<${number}/>` : `<${number}>${parts(node)}</${number}>`;
      }).join("");
      return { sentence: parts(block).trim().replace(/\s+/g, " "), elements };
    }

    const state = (boxes, data) => boxes.map((box) => [box, [...box.childNodes].map((node) =>
      [node, node.nodeType === 3 ? data(node) : undefined])]);
    const put = (boxes) => {
      for (const [box, nodes] of boxes) {
        box.replaceChildren(...nodes.map(([node]) => node));
        for (const [node, data] of nodes) if (node.nodeType === 3 && node.data !== data) node.data = data;
      }
    };
    const intact = (boxes) => boxes.every(([box, nodes]) => box.childNodes.length === nodes.length &&
      nodes.every(([node, data], index) => box.childNodes[index] === node && node.data === data));

    function wholeBlock(block) {  // whether the table knows it
      const known = blocks.get(block);
      if (known && intact(known.shown)) {
        if (known.table === table) return true;
        put(known.source);
      }
      blocks.delete(block);
      if (!table) return false;
      const { sentence, elements } = read(block);
      const told = know(sentence);
      if (!told) return false;
      const boxes = [block, ...elements.filter((element) => !opaque(element))];
      const source = state(boxes, sourceOf), fresh = new Map(boxes.map((box) => [box, []])), path = [block];
      const spare = new Map(boxes.map((box) => [box, [...box.childNodes].filter((node) => node.nodeType === 3)]));
      for (const piece of told.sentence.split(/(<\/?\d+\/?>)/)) {
        const tag = piece.match(/^<(\/?)(\d+)(\/?)>$/), box = path.at(-1);
        if (tag?.[1]) path.pop();
        else if (tag) {
          fresh.get(box).push(elements[tag[2]]);
          if (!tag[3]) path.push(elements[tag[2]]);
        } else if (piece) {
          const node = spare.get(box).shift() || document.createTextNode("");
          node.data = piece;
          fresh.get(box).push(node);
        }
      }
      for (const [box, nodes] of fresh) box.replaceChildren(...nodes);
      blocks.set(block, { source, shown: state(boxes, (node) => node.data), table });
      return true;
    }

    function walk(element) {
      for (const name of NAMES) if (element.hasAttribute(name)) attribute(element, name);
      if (element.matches('meta[name="description"]')) attribute(element, "content");
      if (element.matches("input[role=combobox]")) field(element);
      if (element.matches(".api-docs")) element.lang = "en";
      if (element.matches(LEFT)) return;
      if (element.matches(".network-card")) {  // the cards of networks are English
        const first = element.querySelector("p");
        const english = table && first && !blocks.has(first) && !know(read(first).sentence);
        if (english) element.setAttribute("lang", "en"); else element.removeAttribute("lang");
        if (english) return;
      }
      if (isBlock(element) && wholeBlock(element)) {
        for (const inner of element.querySelectorAll("[title], [aria-label]")) walk(inner);
        return;
      }
      for (const node of element.childNodes) {
        if (node.nodeType === 3) text(node);
        else if (node.nodeType === 1) walk(node);
      }
    }

    function visit(node) {  // what is new or was changed
      if (!node.isConnected) return;
      const parent = node.nodeType === 1 ? node : node.parentElement;
      if (!parent || parent.closest(LEFT)) return;
      const card = parent.closest(".network-card"), block = blockOf(node.parentElement);
      if (card) walk(card);
      else if (block) walk(block);
      else if (node.nodeType === 3) text(node);
      else if (node.nodeType === 1) walk(node);
    }

    // Gradio has counted by the English titles how many tabs there is room for
    const measure = () => dispatchEvent(new Event("resize"));

    function changed(records) {
      for (const { type, target, attributeName, addedNodes } of records) {
        if (type === "characterData") visit(target);
        else if (type === "childList") {
          addedNodes.forEach(visit);
          if (target.querySelector("[role=tablist]")) requestAnimationFrame(measure);
        }
        else if (target === document.documentElement) target.lang = latentLab.language;
        else attribute(target, attributeName);
      }
      observer.takeRecords();  // our own
    }

    async function show(language) {
      let next = null;
      if (language !== "en") {
        try {
          learned[language] ||= prepare(await languages.table(language), language);
          next = learned[language];
        } catch {  // the server cannot be reached: the page stays as it is
          delete languages.tables[language];
          return;
        }
      }
      if (language !== latentLab.language) return;  // chosen anew meanwhile
      table = next;
      document.documentElement.lang = language;
      if (!table && !observer) return;
      observer ||= new MutationObserver(changed);
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true,
        attributeFilter: [...NAMES, "lang"] });
      walk(document.documentElement);
      observer.takeRecords();
      measure();
    }

    function mark() {  // in the switch
      for (const button of document.querySelectorAll("[data-language]")) {
        button.setAttribute("aria-pressed", String(button.dataset.language === latentLab.language));
      }
    }

    // --- which language ----------------------------------------------------------------------------------------------

    latentLab.language = languages.chosen;
    latentLab.markLanguage = mark;
    latentLab.say = inLanguage;  // for what is drawn, not written
    latentLab.speak = (language) => {
      latentLab.language = language;
      try { localStorage.setItem("latent-lab-language", language); } catch { /* for as long as the page is open */ }
      const search = new URLSearchParams(location.search);
      if (search.has("lang")) {
        search.set("lang", language);
        history.replaceState(null, "", "?" + search.toString().replaceAll("%2F", "/"));
      }
      mark();
      show(language);
    };
    if (latentLab.language !== "en") show(latentLab.language);
  })();
</script>
"""
