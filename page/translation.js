/**
 * The page in the visitor's language: replaces English texts by their translations as they appear and change.
 *
 * The English sentence is the key, as in gettext, so that no tab and no answer of the server knows of languages. Only
 * visitors who need a table fetch it.
 */

import { Sentences, wordless } from "./sentences.js";

const STORE = "latent-lab-language";
const NAMES = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"]; // attributes that are read
const UNTRANSLATED = "code:not(.pg-captions code), pre, script, style, textarea, .katex, [translate=no], .api-docs";
const INLINE = ["A", "B", "CODE", "EM", "I", "STRONG", "SUB", "SUP"]; // parts of a sentence
const FORMULA = ".katex, .katex-display, span:has(> .katex)";

/** @typedef {{ source: string, shown: string }} Shown */
/** @typedef {[Element, [Node, string | undefined][]][]} Contents elements and their children, texts with their words */

/** @type {WeakMap<Text, Shown>} */
const texts = new WeakMap();
/** @type {WeakMap<Element, Record<string, Shown>>} */
const attributes = new WeakMap();
/** Elements with marked words. @type {WeakMap<Element, { source: Contents, shown: Contents, table: Sentences }>} */
const blocks = new WeakMap();
/** Shows an input's value in the present language. @type {WeakMap<HTMLInputElement, () => void>} */
const fields = new WeakMap();
/** Tables that were fetched, by language. @type {Record<string, Promise<Sentences>>} */
const tables = {};

let language = "en";
/** @type {Sentences | null} */
let table = null;
/** @type {MutationObserver | null} */
let observer = null;

/**
 * A sentence in the visitor's language. What the table lacks is noted in `latentLab.missing`, if the tests have put a
 * set there.
 *
 * @param {string} text
 * @returns {string}
 */
export function inLanguage(text) {
  if (!table || !text.trim()) return text;
  const told = table.know(text);
  const missing = /** @type {{ missing?: Set<string> }} */ (window.latentLab)?.missing;
  for (const part of told ? told.unknown : [text.trim()]) missing?.add(part);
  return told ? told.sentence : text;
}

// --- texts and attributes -------------------------------------------------------------------------------------------

/** @param {Text} node */
function sourceOf(node) {
  const known = texts.get(node);
  return known && known.shown === node.data ? known.source : node.data;
}

/** @param {Text} node */
function translateText(node) {
  const source = sourceOf(node);
  const shown = inLanguage(source);
  if (shown !== source || texts.has(node)) texts.set(node, { source, shown });
  if (shown !== node.data) node.data = shown; // in place: scripts hold on to their nodes
}

/**
 * @param {Element} element
 * @param {string} name
 */
function translateAttribute(element, name) {
  const value = element.getAttribute(name);
  if (value === null || element.closest("[translate=no], .api-docs")) return;
  const all = attributes.get(element) ?? {};
  const known = all[name];
  const source = known && known.shown === value ? known.source : value;
  const shown = inLanguage(source);
  if (known || shown !== source) attributes.set(element, { ...all, [name]: { source, shown } });
  if (shown !== value) element.setAttribute(name, shown);
}

/**
 * Translates what the field of a Gradio dropdown shows; scripts that read its value still get the English.
 *
 * @param {HTMLInputElement} input
 */
function translateField(input) {
  const { get, set } = /** @type {{ get: () => string, set: (value: string) => void }} */ (
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")
  );
  let source = get.call(input);
  let shown = source;
  const put = (/** @type {unknown} */ value) => {
    source = String(value);
    shown = inLanguage(source);
    if (get.call(input) !== shown) set.call(input, shown);
  };
  if (!fields.has(input)) {
    fields.set(input, () => put(input.value));
    // a visitor may have typed since
    const typed = () => (get.call(input) === shown ? source : get.call(input));
    Object.defineProperty(input, "value", { configurable: true, set: put, get: typed });
  }
  fields.get(input)?.();
}

// --- sentences with marked-up words, translated as a whole ----------------------------------------------------------

/** @param {Element} node */
const isOpaque = (node) => node.matches(`code, sub, sup, ${FORMULA}`);

/** @param {Element} node */
const isInline = (node) => INLINE.includes(node.nodeName) || node.matches(FORMULA);

/** @param {Element} element */
function isBlock(element) {
  let words = false;
  let marked = false;
  for (const node of element.childNodes) {
    if (node instanceof Text) words ||= !wordless(node.data);
    else if (node instanceof Element) {
      if (!isInline(node)) return false;
      marked ||= node.textContent?.trim() !== "";
    }
  }
  return words && marked;
}

/** @param {Element | null} element */
function blockOf(element) {
  let block = element;
  while (block && INLINE.includes(block.nodeName)) block = block.parentElement;
  return block && isBlock(block) ? block : null;
}

/**
 * "The loss of <0>D</0>", and its elements by number.
 *
 * @param {Element} block
 */
function readBlock(block) {
  /** @type {Element[]} */
  const elements = [];
  /** @type {(parent: Element) => string} */
  const parts = (parent) =>
    [...parent.childNodes]
      .map((node) => {
        if (node instanceof Text) return sourceOf(node);
        if (!(node instanceof Element)) return "";
        const number = elements.push(node) - 1;
        return isOpaque(node) ? `<${number}/>` : `<${number}>${parts(node)}</${number}>`;
      })
      .join("");
  return { sentence: parts(block).trim().replace(/\s+/g, " "), elements };
}

/**
 * @param {Element[]} boxes
 * @param {(node: Text) => string} data
 * @returns {Contents}
 */
function contentsOf(boxes, data) {
  return boxes.map((box) => [
    box,
    [...box.childNodes].map((node) => [node, node instanceof Text ? data(node) : undefined]),
  ]);
}

/** @param {Contents} contents */
function putBack(contents) {
  for (const [box, nodes] of contents) {
    box.replaceChildren(...nodes.map(([node]) => node));
    for (const [node, data] of nodes)
      if (node instanceof Text && data !== undefined && node.data !== data) node.data = data;
  }
}

/** @param {Contents} contents */
function isIntact(contents) {
  return contents.every(
    ([box, nodes]) =>
      box.childNodes.length === nodes.length &&
      nodes.every(
        ([node, data], index) =>
          box.childNodes[index] === node && (node instanceof Text ? node.data : undefined) === data,
      ),
  );
}

/**
 * Translates a block.
 *
 * @param {Element} block
 * @returns {boolean} whether the table knows it
 */
function translateBlock(block) {
  const known = blocks.get(block);
  if (known && isIntact(known.shown)) {
    if (known.table === table) return true;
    putBack(known.source);
  }
  blocks.delete(block);
  if (!table) return false;
  const { sentence, elements } = readBlock(block);
  const told = table.know(sentence);
  if (!told) return false;
  const boxes = [block, ...elements.filter((element) => !isOpaque(element))];
  const source = contentsOf(boxes, sourceOf);
  /** @type {Map<Element, Node[]>} */
  const fresh = new Map(boxes.map((box) => [box, []]));
  /** @type {Map<Element, Text[]>} */
  const spare = new Map(boxes.map((box) => [box, [...box.childNodes].filter((node) => node instanceof Text)]));
  const path = [block];
  for (const piece of told.sentence.split(/(<\/?\d+\/?>)/)) {
    const tag = piece.match(/^<(\/?)(\d+)(\/?)>$/);
    const box = path[path.length - 1];
    if (tag?.[1]) path.pop();
    else if (tag) {
      const element = elements[Number(tag[2])];
      fresh.get(box)?.push(element);
      if (!tag[3]) path.push(element);
    } else if (piece) {
      const node = spare.get(box)?.shift() ?? document.createTextNode("");
      node.data = piece;
      fresh.get(box)?.push(node);
    }
  }
  for (const [box, nodes] of fresh) box.replaceChildren(...nodes);
  blocks.set(block, { source, shown: contentsOf(boxes, (node) => node.data), table });
  return true;
}

// --- the document ---------------------------------------------------------------------------------------------------

/** @param {Element} element */
function walk(element) {
  for (const name of NAMES) if (element.hasAttribute(name)) translateAttribute(element, name);
  if (element.matches('meta[name="description"]')) translateAttribute(element, "content");
  if (element instanceof HTMLInputElement && element.matches("input[role=combobox]")) translateField(element);
  if (element instanceof HTMLElement && element.matches(".api-docs")) element.lang = "en";
  if (element.matches(UNTRANSLATED)) return;
  if (element.matches(".network-card") && isEnglishCard(element)) return;
  if (isBlock(element) && translateBlock(element)) {
    for (const inner of element.querySelectorAll("[title], [aria-label]")) walk(inner);
    return;
  }
  for (const node of element.childNodes) {
    if (node instanceof Text) translateText(node);
    else if (node instanceof Element) walk(node);
  }
}

/**
 * Marks the card of a network, which is English, unless its first paragraph is known.
 *
 * @param {Element} card
 */
function isEnglishCard(card) {
  const first = card.querySelector("p");
  const english = Boolean(table && first && !blocks.has(first) && !table.know(readBlock(first).sentence));
  if (english) card.setAttribute("lang", "en");
  else card.removeAttribute("lang");
  return english;
}

/**
 * Translates what is new or was changed.
 *
 * @param {Node} node
 */
function visit(node) {
  if (!node.isConnected) return;
  const parent = node instanceof Element ? node : node.parentElement;
  if (!parent || parent.closest(UNTRANSLATED)) return;
  const card = parent.closest(".network-card");
  const block = blockOf(node.parentElement);
  if (card) walk(card);
  else if (block) walk(block);
  else if (node instanceof Text) translateText(node);
  else if (node instanceof Element) walk(node);
}

/** Makes Gradio count again how many tabs there is room for: it has measured the English titles. */
const measureTabs = () => dispatchEvent(new Event("resize"));

/** @param {MutationRecord[]} records */
function changed(records) {
  for (const { type, target, attributeName, addedNodes } of records) {
    if (type === "characterData") visit(target);
    else if (type === "childList") {
      addedNodes.forEach(visit);
      if (target instanceof Element && target.querySelector("[role=tablist]")) requestAnimationFrame(measureTabs);
    } else if (target === document.documentElement) document.documentElement.lang = language;
    else if (target instanceof Element && attributeName) translateAttribute(target, attributeName);
  }
  observer?.takeRecords(); // the changes that we made ourselves
}

// --- the choice of a language ---------------------------------------------------------------------------------------

/**
 * @param {string} code
 * @param {string} address of its table
 */
async function fetched(code, address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`The table of ${code} was not sent (${answer.status}).`);
  return new Sentences(await answer.json(), code);
}

/**
 * Chooses a language, shows the page in it, and keeps it so.
 *
 * @param {{ root: string, languages: Record<string, string> }} files where the page's files lie; languages besides
 *   English, with the addresses of their tables
 * @returns {{ say: (text: string) => string, speak: (code: string) => void, markLanguage: () => void }}
 *   for `window.latentLab`: `say` translates a sentence that is drawn on a canvas, `speak` switches the language,
 *   `markLanguage` marks the present one in the switch
 */
export function startTranslating(files) {
  let chosen = null;
  try {
    chosen = localStorage.getItem(STORE);
  } catch {
    // no storage
  }
  const wishes = [chosen, new URLSearchParams(location.search).get("lang"), ...navigator.languages];
  const codes = wishes.map((wish) => String(wish).split("-")[0].toLowerCase());
  language = codes.find((code) => code === "en" || Object.hasOwn(files.languages, code)) ?? "en";
  document.documentElement.lang = language;
  // Gradio's own words are English, and translated like ours
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
  Object.defineProperty(navigator, "languages", { value: ["en"], configurable: true });

  /** @param {string} code */
  async function show(code) {
    let next = null;
    if (code !== "en") {
      try {
        tables[code] ??= fetched(code, files.languages[code]);
        next = await tables[code];
      } catch {
        delete tables[code]; // the server cannot be reached: the page stays as it is
        return;
      }
    }
    if (code !== language) return; // another language was chosen meanwhile
    table = next;
    document.documentElement.lang = code;
    if (!table && !observer) return;
    observer ??= new MutationObserver(changed);
    observer.observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: [...NAMES, "lang"],
    });
    walk(document.documentElement);
    observer.takeRecords();
    measureTabs();
  }

  function markLanguage() {
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === language));
    }
  }

  /** @param {string} code */
  function speak(code) {
    language = code;
    try {
      localStorage.setItem(STORE, code);
    } catch {
      // for as long as the page is open
    }
    const search = new URLSearchParams(location.search);
    if (search.has("lang")) {
      search.set("lang", code);
      history.replaceState(null, "", `?${search.toString().replaceAll("%2F", "/")}`);
    }
    markLanguage();
    show(code);
  }

  if (language !== "en") show(language);
  return { say: inLanguage, speak, markLanguage };
}
