/** The stage of the tab "Playground": five parts, one of which is open. */

import { fieldsOf } from "../../page/address.js";
import { allParts, buttonOf, part } from "../../page/components/dom.js";
import { whenWidthChanges } from "../../page/components/seen.js";
import { boardOf } from "./board.js";
import { densities } from "./parts/densities.js";
import { game } from "./parts/game.js";
import { minimax } from "./parts/minimax.js";
import { replay } from "./parts/replay.js";
import { spam } from "./parts/spam.js";

const PARTS = { spam, densities, game, minimax, replay };

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio
 */
export function mount(element, gradio) {
  const root = part(element, ".playground");
  const buttons = allParts(root, ".pg-parts button");
  const panels = allParts(root, ".pg-part");
  const board = boardOf(element, gradio);
  /** @type {Record<string, import("./board.js").Part>} */
  const parts = {};
  for (const [name, make] of Object.entries(PARTS))
    parts[name] = make(part(root, `.pg-part[data-part=${name}]`), board);

  /**
   * @param {string} wanted
   * @param {Record<string, string>} fields of an address
   */
  function openPart(wanted, fields = {}) {
    const offered = buttons.filter((button) => !button.hidden).map((button) => String(button.dataset.part));
    const name = offered.includes(wanted) ? wanted : offered[0];
    if (board.part && board.part !== name) parts[board.part].close();
    board.part = name;
    board.say();
    for (const button of buttons) {
      const selected = button.dataset.part === name;
      button.ariaSelected = String(selected);
      button.tabIndex = selected ? 0 : -1;
    }
    for (const panel of panels) panel.hidden = panel.dataset.part !== name;
    element.dataset.part = name;
    parts[name].open(fields);
  }

  part(root, ".pg-parts").addEventListener("click", (event) => {
    const name = buttonOf(event)?.dataset.part;
    if (name && name !== board.part) openPart(name);
  });

  const drawAgain = () => {
    if (board.part) parts[board.part].draw();
  };
  whenWidthChanges(root, () => {
    if (board.part) drawAgain();
    else {
      const fields = fieldsOf("playground", location.search);
      openPart(fields.part, fields);
    }
  });
  document.addEventListener("visibilitychange", () => document.hidden || drawAgain());
  // drawings follow the page's colours and language
  const watcher = new MutationObserver(drawAgain);
  watcher.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
}
