/** The settings of a game: lists, sliders and numbers. */

import { allParts, part } from "../../../page/components/dom.js";
import { fillList, showPosition } from "../controls.js";

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/**
 * A learning rate that a slider says, in powers of ten.
 *
 * @param {string} position
 */
const rateAt = (position) => 10 ** Number(position);

/** @param {number} rate */
const rounded = (rate) => Number(rate.toPrecision(2));

/** @param {Field} field */
function chosenIn(field) {
  if (field.type === "range") return rounded(rateAt(field.value));
  return field.type === "number" ? Number(field.value) : field.value;
}

/**
 * @param {HTMLElement} panel
 * @param {object} use
 * @param {(changes: Record<string, string | number>) => void} use.change takes what the visitor changed
 * @param {(preset: string) => void} use.begin begins a lesson
 * @param {(take: (data: string) => void) => void} use.askForPoints
 */
export function gameSettings(panel, { change, begin, askForPoints }) {
  const [presets, data, losses] = [".game-preset", ".game-data", ".game-loss"].map((name) =>
    part(panel, name, HTMLSelectElement),
  );
  const optimisers = part(panel, "[data-name=optimiser]", HTMLSelectElement);
  const inputs = allParts(panel, "input[data-name]", HTMLInputElement);
  let shownData = "";

  /** @param {any} answer of the server's `game_open` */
  function show(answer) {
    const { settings } = answer;
    fillList(presets, [...answer.presets, ["", "your own settings"]], answer.preset);
    part(panel, ".game-hint").textContent = answer.hint;
    fillList(data, [...answer.datasets, ["", "your own points …"]], answer.data);
    shownData = answer.data;
    fillList(losses, answer.losses, settings.loss);
    fillList(optimisers, answer.optimisers, settings.optimiser);
    for (const input of inputs) {
      const value = settings[String(input.dataset.name)];
      input.value = String(input.type === "range" ? Math.log10(value) : value);
      if (input.type === "range") showPosition(input, String(rounded(value)));
    }
  }

  presets.addEventListener("change", () => presets.value && begin(presets.value));
  data.addEventListener("change", () => {
    if (data.value) {
      change({ data: data.value });
      return;
    }
    data.value = shownData;
    askForPoints((own) => change({ data: own }));
  });
  losses.addEventListener("change", () => change({ loss: losses.value }));
  for (const input of inputs) {
    if (input.type !== "range") continue;
    input.addEventListener("input", () => showPosition(input, String(rounded(rateAt(input.value)))));
  }
  for (const field of [...inputs, optimisers]) {
    field.addEventListener("change", () => {
      if (field.value !== "") change({ [String(field.dataset.name)]: chosenIn(field) });
    });
  }

  return {
    show,
    preset: () => presets.value,
    /** Shows that the settings are those of no lesson any more. */
    leavePreset() {
      presets.value = "";
    },
  };
}
