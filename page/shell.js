/**
 * The page around the tabs. It is the first script of the document, so it runs before Gradio's own.
 *
 * Other modules import what they need; `window.latentLab` is for Gradio's one-line scripts and for HTML attributes.
 */

import { applyTheme, still } from "./appearance.js";
import { openTab, remember, state } from "./history.js";
import { check, listen, openEndpoints, replaceParts } from "./keyboard.js";
import { explainRefusals } from "./refusals.js";
import { announce } from "./speech.js";
import { startTranslating } from "./translation.js";

export const latentLab = {
  open: openTab,
  theme: applyTheme,
  programs: openEndpoints,
  settle() {
    state.settled = true;
  },
  announce,
  remember,
  check,
  still,
  replace: replaceParts, // TRANSITION: for stages that are strings still
  ...startTranslating(window.latentLabFiles),
};
window.latentLab = latentLab;
explainRefusals();
listen();
