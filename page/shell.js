/**
 * The page around the tabs. It is the first script of the document, so it runs before Gradio's own.
 *
 * Other modules import what they need; `window.latentLab` is for Gradio's one-line scripts and for HTML attributes.
 */

import { applyTheme } from "./appearance.js";
import { openTab, state } from "./history.js";
import { listen, openEndpoints } from "./keyboard.js";
import { explainRefusals } from "./refusals.js";
import { startTranslating } from "./translation.js";

export const latentLab = {
  open: openTab,
  theme: applyTheme,
  endpoints: openEndpoints,
  settle() {
    state.settled = true;
  },
  ...startTranslating(window.latentLabFiles),
};
window.latentLab = latentLab;

/**
 * Who chooses a tab does not wait until Gradio has opened the one that the address names.
 *
 * @param {Event} event
 */
function noteChoice({ target }) {
  if (target instanceof Element && target.closest("#tabs .tab-wrapper")) state.settled = true;
}

explainRefusals();
listen();
addEventListener("click", noteChoice, { capture: true });
