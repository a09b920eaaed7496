/** The page without a server: opens its tabs, and gives each what answers in the server's place. */

import { applyTheme } from "../page/appearance.js";
import { allParts, part, write } from "../page/components/dom.js";
import { linkOf, openTab, state } from "../page/history.js";
import { askServer } from "./ask.js";
import { foldOuts } from "./foldouts.js";
import { host } from "./host.js";
import { latentServer } from "./latent.js";
import { playgroundServer } from "./playground.js";
import { mountSample } from "./sample.js";

const MEGABYTE = 2 ** 20;
const LIVE =
  "Learned while you watch. Points, settings and seed decide everything, so the permalink plays the same game again.";

const buttons = allParts(document, "[data-tab]", HTMLButtonElement);
const panels = allParts(document, "[data-panel]");

/** @param {string} tab */
const panelOf = (tab) => part(document, `[data-panel=${tab}]`);

/** What Gradio does where a visitor's system is dark. */
function followSystem() {
  const wish = new URLSearchParams(location.search).get("__theme");
  const dark = wish ? wish === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.classList.toggle("dark", dark);
  applyTheme(false);
}

/** @param {string} tab */
function select(tab) {
  for (const button of buttons) {
    const chosen = button.dataset.tab === tab;
    button.ariaSelected = String(chosen);
    button.tabIndex = chosen ? 0 : -1;
    button.classList.toggle("selected", chosen);
    const list = button.parentElement;
    if (chosen && list) list.scrollLeft = button.offsetLeft - (list.clientWidth - button.offsetWidth) / 2;
  }
  for (const panel of panels) panel.hidden = panel.dataset.panel !== tab;
}

/** Says how much of a network has come. */
function reportFetching() {
  const box = part(document, ".alone-fetching");
  let timer = 0;
  addEventListener("latent-lab-fetched", (event) => {
    const { bytes, of } = /** @type {CustomEvent} */ (event).detail;
    box.hidden = bytes >= of;
    write(
      part(box, "span"),
      `Fetching the network: ${(bytes / MEGABYTE).toFixed(1)} of ${(of / MEGABYTE).toFixed(1)} MB`,
    );
    part(box, "progress", HTMLProgressElement).value = bytes / of;
    clearTimeout(timer);
    timer = setTimeout(() => {
      box.hidden = true;
    }, 20_000);
  });
}

/**
 * @param {string} tab
 * @param {any} known see `known` in answers.py
 */
async function fill(tab, known) {
  const panel = panelOf(tab);
  const tell = foldOuts(panel, known);
  const element = part(panel, `#${tab}`);
  if (tab === "sample") {
    mountSample(panel, known.sample, known.titles, tell);
    return;
  }
  const { mount } = await import(`../tabs/${tab}/stage.js`);
  const share = (/** @type {any} */ shown = {}) =>
    tell({ model: shown.model, query: shown.query ?? linkOf(tab), about: LIVE });
  if (tab === "ask") {
    const input = () => share({ model: "scenes-conditional-64" });
    mount(element, host({ server: askServer(known.ask), props: known.ask, input }));
  } else if (tab === "latent") {
    mount(element, host({ server: latentServer(known.latent, known.titles), input: share }));
  } else {
    part(element, ".em-pictures").hidden = true; // of networks that are drawn on a server
    mount(
      element,
      host({ server: playgroundServer(known.playground, known.titles), props: { browser: true }, input: share }),
    );
  }
}

async function start() {
  followSystem();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", followSystem);
  reportFetching();
  window.latentLab.markLanguage();
  const asked = new URLSearchParams(location.search).get("tab") ?? "";
  const first = buttons.some(({ dataset }) => dataset.tab === asked) ? asked : String(window.latentLabFiles.first);
  select(first);
  state.settled = true;
  openTab(first);
  const answer = await fetch("known.json");
  const known = await answer.json();
  /** @type {Set<string>} */
  const filled = new Set();
  const open = (/** @type {string} */ tab) => {
    if (filled.has(tab)) return;
    filled.add(tab);
    fill(tab, known);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const tab = String(button.dataset.tab);
      select(tab);
      openTab(tab);
      open(tab);
    });
  }
  open(first);
}

start();
