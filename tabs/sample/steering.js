/** Fine styles of another face and directions, where a network of others has them. All faces on the stage follow. */

import { allParts, part } from "../../page/components/dom.js";

/**
 * @typedef {object} Steering
 * @property {number} classes that the network draws; 0 if it knows none
 * @property {number} label the class, from 0
 * @property {number} layers that may take fine styles; 0 if there are no styles
 * @property {number | null} mix the seed of the fine styles
 * @property {number} crossover the first layer that takes them
 * @property {number[]} moves where the sliders of the directions stand, -1 to 1; empty if there are none
 */

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio its value: Steering
 */
export function mount(element, { trigger, props, watch }) {
  const mix = part(element, ".mix", HTMLInputElement);
  const kind = part(element, ".label", HTMLInputElement);
  const crossover = part(element, ".crossover", HTMLInputElement);
  const moves = part(element, ".moves");

  function show() {
    /** @type {Steering} */
    const now = { classes: 0, label: 0, layers: 0, mix: null, crossover: 1, moves: [], ...props.value };
    part(element, ".steering").hidden = !now.classes && !now.layers && !now.moves.length;
    part(element, ".kind").hidden = !now.classes;
    part(element, ".kind output").textContent = now.classes ? `0 to ${now.classes - 1}` : "";
    kind.max = String(now.classes - 1);
    kind.value = String(now.label);
    part(element, ".mixing").hidden = !now.layers;
    part(element, ".directions").hidden = !now.moves.length;
    mix.value = now.mix === null ? "" : String(now.mix);
    crossover.max = String(now.layers);
    crossover.value = String(now.crossover);
    while (moves.children.length > now.moves.length) moves.lastElementChild?.remove();
    while (moves.children.length < now.moves.length) moves.append(slider(moves.children.length + 1));
    allParts(moves, "input", HTMLInputElement).forEach((range, index) => {
      range.value = String(now.moves[index]);
    });
    label();
  }

  function label() {
    part(element, ".mixing output").textContent = `${crossover.value} of ${crossover.max}`;
    crossover.ariaValueText = `${crossover.value} of ${crossover.max}`;
    for (const range of [crossover, ...allParts(moves, "input", HTMLInputElement)]) {
      const [least, most] = [Number(range.min), Number(range.max)];
      range.style.setProperty(
        "--range_progress",
        `${(100 * (Number(range.value) - least)) / Math.max(1e-9, most - least)}%`,
      );
    }
  }

  function tell() {
    props.value = {
      ...props.value,
      label: Number(kind.value),
      mix: mix.value === "" ? null : Number(mix.value),
      crossover: Number(crossover.value),
      moves: allParts(moves, "input", HTMLInputElement).map((range) => Number(range.value)),
    };
    trigger("input", {});
  }

  element.addEventListener("input", (event) => {
    event.stopPropagation();
    label();
  });
  element.addEventListener("change", (event) => {
    event.stopPropagation(); // not while a slider is dragged: a picture may take seconds
    tell();
  });
  part(element, ".rest").addEventListener("click", () => {
    for (const range of allParts(moves, "input", HTMLInputElement)) range.value = "0";
    label();
    tell();
  });
  watch("value", show);
  show();
}

/** @param {number} number */
function slider(number) {
  const label = document.createElement("label");
  const range = document.createElement("input");
  range.type = "range";
  range.min = "-1";
  range.max = "1";
  range.step = "0.05";
  label.append(`Direction ${number}`, range);
  return label;
}
