/** The fold-outs below a tab: how it works with its formulas, the network's card, permalink and command. */

import { part } from "../page/components/dom.js";
import { mount as mountShare } from "../page/components/share.js";
import { host } from "./host.js";

/** @type {Promise<any> | null} */
let katex = null;

/** @returns {Promise<{ render: (formula: string, box: Element, options: object) => void }>} */
function loadKatex() {
  katex ??= new Promise((resolve, reject) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = "katex/katex.css";
    document.head.append(style);
    import(new URL("katex/katex.js", document.baseURI).href).then((module) => resolve(module.default), reject);
  });
  return katex;
}

/**
 * Typesets the formulas that stand in a text.
 *
 * @param {HTMLElement} box
 */
async function typeset(box) {
  const places = [...box.querySelectorAll("[data-formula]")];
  if (!places.length) return;
  const { render } = await loadKatex();
  for (const place of places) {
    const displayMode = place.hasAttribute("data-display");
    render(String(place.getAttribute("data-formula")), place, { displayMode, throwOnError: false });
    place.removeAttribute("data-formula");
  }
}

/**
 * @param {HTMLElement} panel of a tab
 * @param {any} known see `known` in answers.py
 * @returns {(shown: { model?: string, query: string, about?: string }) => void} fills the fold-outs
 */
export function foldOuts(panel, known) {
  for (const box of panel.querySelectorAll(".alone-foldouts details")) {
    box.addEventListener("toggle", () => typeset(/** @type {HTMLElement} */ (box)));
  }
  const card = part(panel, ".network-card");
  const share = host({ server: {} });
  mountShare(part(panel, ".share-box"), share);
  part(panel, ".share-box section:has(.python)").hidden = true;
  return ({ model = "", query, about }) => {
    const html = known.cards[model] ?? `<p>${about ?? ""}</p>`;
    if (card.dataset.model !== (model || about)) card.innerHTML = html;
    card.dataset.model = model || about;
    if (card.closest("details")?.open) typeset(card);
    share.set({ link: `?${query}`, command: known.commands[model] ?? "It learns on this page, live." });
  };
}
