/** What a visitor chooses: the network, the scale, what it is compared with, a test, an example. */

import { part } from "../../page/components/dom.js";
import { examplesIn } from "../../page/components/examples.js";
import { radioButton } from "../../page/components/radios.js";
import { replaceParts } from "../../page/keyboard.js";

/** @typedef {[name: string, title: string, does: string]} Offer */

/**
 * @typedef {object} State
 * @property {string[]} models the first one is looked at
 * @property {number} scale
 * @property {boolean} test
 * @property {number} example with which the tab begins
 * @property {number} strength percent, of the networks that have one
 * @property {string[]} graded these networks
 * @property {Offer[]} offered
 * @property {number[]} scales
 * @property {string[]} examples titles
 */

/**
 * @param {HTMLElement} element
 * @param {number} most networks that are compared at a time
 */
export function controlsIn(element, most) {
  const examples = examplesIn(element);
  const others = part(element, ".up-others");
  const legend = part(others, "legend");
  const grade = part(element, ".up-strength");

  /**
   * @param {State} state
   * @param {number} [example] that is shown, if any
   */
  function show({ models, scale, test, offered, scales, strength, graded }, example) {
    const [main, ...compared] = models;
    replaceParts(
      part(element, ".up-tiers"),
      offered.map(([name, title]) => radioButton(title, name === main, { model: name })),
    );
    part(element, ".up-does").textContent = offered.find(([name]) => name === main)?.[2] ?? "";
    grade.hidden = !models.some((name) => graded.includes(name));
    showStrength(strength);
    replaceParts(
      part(element, ".up-scales"),
      scales.map((each) => radioButton(`${each}×`, each === scale, { scale: String(each) })),
    );
    const full = compared.length >= most - 1;
    const boxes = offered
      .filter(([name]) => name !== main)
      .map(([name, title]) => otherBox(name, title, compared.includes(name), full));
    replaceParts(others, [legend, ...boxes]);
    part(element, ".up-testing", HTMLInputElement).checked = test;
    examples.mark(example);
  }

  /** @param {number | string} strength percent */
  function showStrength(strength) {
    const input = part(grade, "input", HTMLInputElement);
    input.value = String(strength);
    input.style.setProperty("--range_progress", `${strength}%`);
    part(grade, "output").textContent = `${strength} %`;
  }

  return { show, showStrength, offerExamples: examples.offer };
}

/**
 * @param {string} name
 * @param {string} title
 * @param {boolean} checked
 * @param {boolean} full whether no other can be chosen
 */
function otherBox(name, title, checked, full) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "box";
  box.dataset.other = name;
  box.checked = checked;
  box.disabled = !checked && full;
  const label = document.createElement("label");
  label.append(box, title);
  return label;
}
