/** Below the faces: the choice of deck and level, and why some decks cannot be played here. */

import { part } from "../../page/components/dom.js";

/** @typedef {{ deck: string, title: string, level?: string, levels?: string[] }} Setting levels: none where the deck
 *   cannot be played */
/** @typedef {{ name: string, title: string, reason: string }} Deck reason: why it cannot be played; empty if it can */

/**
 * @param {HTMLElement} element of the stage
 * @param {{ deck: (name: string) => void, level: (name: string) => void }} choose what a visitor's choice leads to
 */
export function settingsIn(element, choose) {
  const decks = part(element, ".deck", HTMLSelectElement);
  const levels = part(element, ".level", HTMLSelectElement);

  decks.addEventListener("input", (event) => {
    event.stopPropagation();
    choose.deck(decks.value);
  });
  levels.addEventListener("input", (event) => {
    event.stopPropagation();
    choose.level(levels.value);
  });

  /** @param {Setting} setting */
  function show({ deck, title, level, levels: steps }) {
    if (steps) {
      const options = steps.map((step, index) => {
        const number = index + 1;
        return new Option(`${number} of ${steps.length}: ${step}`, String(number));
      });
      levels.replaceChildren(...(options.length > 1 ? [new Option("follows you", "adaptive")] : []), ...options);
    }
    levels.disabled = !steps || steps.length < 2;
    if (![...decks.options].some((option) => option.value === deck)) decks.add(new Option(title, deck));
    decks.value = deck;
    if (level && steps && steps.length > 1) levels.value = level;
  }

  /**
   * @param {Deck[]} list all decks
   * @param {string} present the one that is played
   */
  function list(list, present) {
    const options = list.map(({ name, title, reason }) => {
      const option = new Option(reason ? `${title} (not here)` : title, name);
      option.disabled = Boolean(reason);
      return option;
    });
    decks.replaceChildren(...options);
    decks.value = present;
    explain(list.filter(({ reason }) => reason));
  }

  /** @param {Deck[]} missing */
  function explain(missing) {
    const box = part(element, ".reasons");
    box.hidden = missing.length === 0;
    part(box, "summary").textContent =
      missing.length === 1 ? "Why one deck cannot be played here" : `Why ${missing.length} decks cannot be played here`;
    const lines = missing.map(({ title, reason }) => {
      const line = document.createElement("li");
      line.append(title, ": ", reason);
      return line;
    });
    part(box, "ul").replaceChildren(...lines);
  }

  return { show, list };
}
