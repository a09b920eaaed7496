/** Buttons of which one is chosen, see keyboard.js for the arrow keys. */

import { check } from "../keyboard.js";

/**
 * @param {string} text
 * @param {boolean} checked
 * @param {Record<string, string>} data what a click finds in the button's dataset
 */
export function radioButton(text, checked, data) {
  const button = document.createElement("button");
  button.type = "button";
  button.role = "radio";
  button.textContent = text;
  check(button, checked);
  Object.assign(button.dataset, data);
  return button;
}
