/** The slider along the training: one place for every step that a network keeps, and one for the finished network. */

import { part } from "../../page/components/dom.js";

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio its value: steps, and the step that is shown, null for
 *   the finished network
 */
export function mount(element, { trigger, props, watch }) {
  const range = part(element, "input", HTMLInputElement);

  /** @param {number | null} step */
  function label(step) {
    const words = step === null ? "finished" : step.toLocaleString("en");
    part(element, "output").textContent = range.ariaValueText = words;
    const share = Number(range.value) / Math.max(1, Number(range.max));
    range.style.setProperty("--range_progress", `${100 * share}%`);
  }

  function show() {
    const { steps = [], step = null } = props.value || {};
    part(element, ".ladder").hidden = steps.length === 0;
    range.max = steps.length; // one past the last step: the finished network
    range.value = step === null ? steps.length : steps.indexOf(step);
    label(step);
  }

  range.addEventListener("input", (event) => {
    event.stopPropagation();
    const { steps } = props.value;
    const step = Number(range.value) < steps.length ? steps[Number(range.value)] : null;
    props.value = { steps, step };
    label(step);
    trigger("input", { step });
  });
  watch("value", show);
  show();
}
