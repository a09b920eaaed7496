/** Lists, sliders and captions, as the parts of the playground have them. */

import { part } from "../../page/components/dom.js";

/** @typedef {{ words: string, formula: string }} Caption */

/**
 * Fills a list of choices.
 *
 * @param {HTMLSelectElement} list
 * @param {[string, string][]} choices values and what is shown
 * @param {string} value the chosen one
 */
export function fillList(list, choices, value) {
  list.replaceChildren(...choices.map(([name, title]) => new Option(title, name, false, name === value)));
}

/**
 * Shows where a slider is: fills its track up to its thumb, and writes its value beside its label.
 *
 * @param {HTMLInputElement} slider
 * @param {string} text of its value
 */
export function showPosition(slider, text) {
  const share = (Number(slider.value) - Number(slider.min)) / (Number(slider.max) - Number(slider.min));
  slider.style.setProperty("--range_progress", `${100 * share}%`);
  part(/** @type {HTMLElement} */ (slider.parentElement), ".pg-value").textContent = text;
}

/**
 * Shows captions, each in words and as a formula.
 *
 * @param {HTMLElement} list
 * @param {Caption[]} captions
 */
export function showCaptions(list, captions) {
  while (list.children.length > captions.length) list.lastElementChild?.remove();
  while (list.children.length < captions.length) {
    const line = document.createElement("li");
    line.append(document.createElement("span"), document.createElement("code"));
    list.append(line);
  }
  captions.forEach(({ words, formula }, index) => {
    const [text, code] = list.children[index].children;
    if (text.textContent !== words) text.textContent = words; // what is the same is not read out again
    if (code.textContent !== formula) code.textContent = formula;
  });
}

/** @param {Caption[]} captions */
export const wordsOf = (captions) => captions.map(({ words }) => words).join(" ");

/**
 * A line of a table.
 *
 * @param {(string | Node)[]} head
 * @param {string[]} cells
 */
export function tableLine(head, cells) {
  const line = document.createElement("tr");
  const name = document.createElement("th");
  name.append(...head);
  line.append(name);
  for (const cell of cells) line.insertCell().textContent = cell;
  return line;
}

/**
 * A bar of a colour, as legends have it.
 *
 * @param {string} shade "real", "made" or another of the style sheet
 * @param {string} [className]
 */
export function colourBar(shade, className) {
  const bar = document.createElement("i");
  if (className) bar.className = className;
  bar.style.background = `var(--pg-${shade})`;
  return bar;
}

/**
 * Hands the visitor a file.
 *
 * @param {string} name
 * @param {string} address
 */
export function save(name, address) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
}
