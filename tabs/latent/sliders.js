/** Sliders: one for each code of a network, or for each attribute of a face. */

import { copyOf, part, write } from "../../page/components/dom.js";

/** @typedef {[kind: string, categories: number]} CodeType of a code; categories: 0 if it has none */

const MANY = 8; // sliders; where there are more, they stand closer

/**
 * Where a slider may stand: from -1 to 1, or on one of its categories.
 *
 * @param {CodeType} type
 */
export function rangeOf([, categories]) {
  return categories ? { min: 0, max: categories - 1, step: 1 } : { min: -1, max: 1, step: 0.01 };
}

/**
 * Where a slider stands, in words: categories count from 1.
 *
 * @param {number} code
 * @param {CodeType} type
 */
export function codeText(code, [, categories]) {
  return categories ? String(code + 1) : code.toFixed(2);
}

/**
 * What is said of a slider while nobody knows what it does.
 *
 * @param {CodeType} type
 */
export function kindText([kind, categories]) {
  if (categories) return `one of ${categories}`;
  return kind === "circular" ? "a circle" : "";
}

/**
 * How much of a slider's track lies before its thumb.
 *
 * @param {number} code
 * @param {CodeType} type
 * @returns {number} percent
 */
export function shareOf(code, type) {
  const { min, max } = rangeOf(type);
  return (100 * (code - min)) / (max - min);
}

/**
 * Makes a slider for each code.
 *
 * @param {HTMLElement} box
 * @param {CodeType[]} types
 * @param {string[]} names
 */
export function makeSliders(box, types, names) {
  box.classList.toggle("many", types.length > MANY);
  box.replaceChildren(
    ...types.map((type, code) => {
      const line = copyOf(document, ".latent-slider-line");
      part(line, "b").prepend(`${names[code]} `);
      const input = part(line, "input", HTMLInputElement);
      const { min, max, step } = rangeOf(type);
      Object.assign(input, { min, max, step });
      input.dataset.code = String(code);
      return line;
    }),
  );
}

/**
 * Puts a slider where its code is, and says what it does.
 *
 * @param {Element} line of `makeSliders`
 * @param {object} slider
 * @param {number} slider.code its value
 * @param {CodeType} slider.type
 * @param {string} slider.name
 * @param {string} slider.effect a few words, or nothing
 */
export function placeSlider(line, { code, type, name, effect }) {
  const input = part(line, "input", HTMLInputElement);
  const text = codeText(code, type);
  const does = effect || kindText(type);
  const title = name + (does ? `, ${does}` : "");
  if (Number(input.value) !== code) input.value = String(code);
  write(part(line, "output"), text);
  write(part(line, "small"), does);
  if (input.ariaValueText !== text) input.ariaValueText = text;
  if (input.ariaLabel !== title) input.ariaLabel = title;
  input.style.setProperty("--range_progress", `${shareOf(code, type)}%`);
}
