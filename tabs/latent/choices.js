/** What a visitor may choose beside the sliders: network, set of sliders, another network beside it. */

import { part } from "../../page/components/dom.js";

/** @typedef {[name: string, title: string]} Choice */

/**
 * Shows the choices of a network, and hides what it does not have.
 *
 * @param {HTMLElement} element of the stage
 * @param {any} answer of the server's `open_sliders`
 * @param {string} beside the network that stands beside, or nothing
 */
export function showChoices(element, answer, beside) {
  fill(element, ".network", answer.models, answer.model);
  fill(element, ".set", answer.sets, answer.set);
  fill(element, ".beside", [["", "nothing"], ...answer.beside], beside);
  part(element, ".latent-besides").hidden = answer.beside.length === 0;
  part(element, ".latent-sets").hidden = answer.sets.length === 0;
  part(element, ".latent-rest").hidden = !answer.set;
  part(element, ".latent-encode").hidden = !answer.reads;
  part(element, ".seed", HTMLInputElement).value = answer.seed;
}

/**
 * @param {HTMLElement} element
 * @param {string} selector of the list
 * @param {Choice[]} choices
 * @param {string} chosen
 */
function fill(element, selector, choices, chosen) {
  const options = choices.map(([name, title]) => new Option(title, name, false, name === chosen));
  part(element, selector, HTMLSelectElement).replaceChildren(...options);
}
