/** The tab "Sample" with plain fields in place of Gradio's, drawn in the browser. */

import { fieldsOf } from "../page/address.js";
import { allParts, buttonOf, part } from "../page/components/dom.js";
import { whenSeen } from "../page/components/seen.js";
import { browser } from "../page/drawing/drawing.js";
import { isOpen } from "../page/history.js";
import { answerOf, checked, columnsOf, drawingOfLink, linkOf, stepsOf } from "../tabs/sample/drawing.js";
import { mount } from "../tabs/sample/stage.js";
import { addressOf, drawWith, NoPicture } from "./drawing.js";
import { host } from "./host.js";
import { drawingOf, fieldsOfLink } from "./permalinks.js";

const DICE = 99_999; // largest seed that the dice show

/** @typedef {import("./permalinks.js").Fields} Fields */

const anySeed = () => 1 + Math.floor(Math.random() * DICE);

/**
 * @param {HTMLElement} panel
 * @param {any} known see `known` in answers.py
 * @param {Record<string, string>} titles of the networks
 * @param {(shown: { model: string, query: string }) => void} share fills the fold-outs
 */
export function mountSample(panel, known, titles, share) {
  const form = part(panel, "form", HTMLFormElement);
  const user = {};
  const first = {
    ...known.first,
    model: known.networks.includes(known.first.model) ? known.first.model : known.networks[0],
  };
  const inputs = allParts(form, "input:not([type=radio])", HTMLInputElement);
  const networks = part(form, "select", HTMLSelectElement);
  networks.replaceChildren(...known.networks.map((/** @type {string} */ name) => new Option(titles[name], name)));
  /** @type {Fields} */
  let fields = { ...first, path: [] };
  let newest = 0;

  /** @param {Fields} other */
  function put(other) {
    fields = other;
    for (const input of inputs)
      if (document.activeElement !== input || input.type === "range") {
        input.value = String(fields[/** @type {"seed"} */ (input.name)]);
      }
    networks.value = fields.model;
    for (const radio of allParts(form, "[name=mode]", HTMLInputElement)) {
      radio.checked = radio.value === fields.mode;
      radio.parentElement?.classList.toggle("selected", radio.checked);
    }
    for (const box of allParts(form, "[data-mode]")) box.hidden = box.dataset.mode !== fields.mode;
    for (const input of inputs.filter(({ type }) => type === "range")) {
      const share = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min));
      input.style.setProperty("--range_progress", `${100 * share}%`);
      part(/** @type {HTMLElement} */ (input.parentElement), "output").textContent = input.value;
    }
  }

  /**
   * @param {Fields} wanted
   * @param {string} [notice]
   */
  async function show(wanted, notice = "") {
    put(wanted);
    const mine = ++newest;
    const drawing = checked(drawingOf(wanted));
    if (!drawing) {
      stage.set({ mode: "notice", notice: "A number is out of its range." });
      return;
    }
    try {
      const drawn = await drawWith(user, [drawing.model], () => stepsOf(drawing, browser.describe), columnsOf(drawing));
      if (mine !== newest) return;
      stage.set({ ...answerOf(drawing, drawn), notice });
      share({ model: drawing.model, query: linkOf(drawing) });
    } catch (error) {
      if (!(error instanceof NoPicture)) throw error;
      if (mine === newest) stage.set({ mode: "trouble", text: error.message });
    }
  }

  /** @param {Record<string, string>} link */
  function open(link) {
    const { fields: wanted, notice } = fieldsOfLink(first, known.networks, link);
    show(wanted, notice);
  }

  const stage = host({
    server: { download: async ({ link }) => sheetOf(link) },
    input: ({ link, here }) => {
      const drawing = drawingOfLink(link);
      if (!here) open(Object.fromEntries(new URLSearchParams(link)));
      else if (drawing) {
        put({ ...fields, path: drawing.path });
        share({ model: drawing.model, query: linkOf(drawing) });
      }
    },
  });

  /** @param {string} link */
  async function sheetOf(link) {
    const drawing = drawingOfLink(link);
    if (!drawing) return {};
    const { sheet } = await drawWith(
      user,
      [drawing.model],
      () => stepsOf(drawing, browser.describe),
      columnsOf(drawing),
    );
    return { name: `latent-lab_${drawing.model}_seed-${drawing.seed}.png`, content: addressOf(sheet) };
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement) || target.value === "") return;
    const value = target.name === "model" || target.name === "mode" ? target.value : Number(target.value);
    const anew = ["seed", "model"].includes(target.name) || target.name === "mode" ? { path: [] } : {};
    show({ ...fields, [target.name]: value, ...anew });
  });
  form.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (button?.matches(".alone-dice")) show({ ...fields, seed: anySeed(), to: anySeed(), path: [] });
    else if (button?.matches(".alone-reset")) show({ ...first, path: [] });
  });
  put(fields);
  mount(part(panel, "#sample"), stage);
  whenSeen(panel, () => open(isOpen("sample") ? fieldsOf("sample", location.search) : {}));
}
