/** The leak meter: how far everything moves when one slider moves. */

import { part } from "../../page/components/dom.js";

/**
 * @typedef {object} Effects of all sliders of a network
 * @property {string[]} names what each slider does, in a few words; empty where nobody knows
 * @property {string[]} factors what can move
 * @property {number[][]} movements of the factors for each slider: 0 (still) to 1
 */

/** Of a network about which nothing is known. @type {Effects} */
export const UNKNOWN = { names: [], factors: [], movements: [] };

/**
 * The bars for one slider.
 *
 * @param {Effects} effects
 * @param {number} slider
 * @returns {{ factor: string, width: string, text: string }[]} width: as in CSS
 */
export function barsOf({ factors, movements }, slider) {
  return factors.map((factor, k) => {
    const moved = movements[slider][k];
    return { factor, width: `${100 * moved}%`, text: moved.toFixed(2) };
  });
}

/**
 * Shows what moves when one slider does; hidden where nobody knows.
 *
 * @param {HTMLElement} box
 * @param {Effects} effects
 * @param {object} slider
 * @param {number} slider.number from 0
 * @param {string} slider.name
 * @param {boolean} slider.ofFaces
 */
export function showMeter(box, effects, { number, name, ofFaces }) {
  box.hidden = effects.movements.length === 0;
  if (box.hidden) return;
  part(box, ".latent-which").textContent = name;
  part(box, ".latent-meter-note").hidden = !ofFaces;
  const cells = barsOf(effects, number).flatMap(({ factor, width, text }) => {
    const [label, bar, value] = ["span", "i", "span"].map((tag) => document.createElement(tag));
    label.textContent = factor;
    bar.style.width = width;
    value.textContent = text;
    return [label, bar, value];
  });
  part(box, ".latent-bars").replaceChildren(...cells);
}
