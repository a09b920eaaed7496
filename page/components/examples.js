/** Pictures of ours that a visitor may try: a button each. */

import { part } from "./dom.js";

/**
 * @param {ParentNode} root with .wb-examples
 * @returns {{ offer: (titles: string[]) => void, mark: (index?: number) => void }} mark: shows which one is taken, if any
 */
export function examplesIn(root) {
  const box = part(root, ".wb-examples");

  /** @param {string[]} titles */
  function offer(titles) {
    const buttons = titles.map((title, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.example = String(index);
      button.textContent = title;
      return button;
    });
    box.replaceChildren(...buttons);
  }

  /** @param {number} [taken] */
  function mark(taken) {
    [...box.children].forEach((button, index) => {
      button.setAttribute("aria-pressed", String(index === taken));
    });
  }

  return { offer, mark };
}
