/** The stage of the tab "Upscale": a picture, networks that enlarge it, and what they made of it. */

import { fieldsOf } from "../../page/address.js";
import { buttonOf, part, UNREACHABLE } from "../../page/components/dom.js";
import { dataUriOf, save } from "../../page/components/files.js";
import { foldOutsBelow } from "../../page/components/foldouts.js";
import { savingIn } from "../../page/components/saving.js";
import { whenSeen } from "../../page/components/seen.js";
import { workbenchIn } from "../../page/components/workbench.js";
import { remember } from "../../page/history.js";
import { controlsIn } from "./controls.js";
import { refusalOf } from "./refused.js";
import { resultIn } from "./result.js";

/**
 * What is enlarged: an example of ours, or a visitor's picture.
 *
 * @typedef {{ example?: number, image?: string, name?: string }} Source image: data URI; name: of the file
 */

/** @typedef {import("../../page/components/source-buttons.js").Opened} Opened */

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio its properties: most_networks compared at a time,
 *   most_files in one archive, pictures (`accept` of the file field, `names` of the formats)
 */
export function mount(element, { server, trigger, props }) {
  const follow = foldOutsBelow(element, trigger);
  const bench = workbenchIn(element, {
    server,
    open: takeFiles,
    shot: (image) => take({ image, name: "Your picture" }),
    change,
  });
  const { say, warn } = bench;
  part(element, ".wb-file", HTMLInputElement).accept = props.pictures.accept;
  const controls = controlsIn(element, props.most_networks);
  const result = resultIn(element, bench);
  const saving = savingIn(element, props.pictures.saved);
  /** @type {import("./controls.js").State | null} */
  let state = null;
  /** @type {Source | null} */
  let source = null;
  let shows = 0;

  // --- the networks ---------------------------------------------------------------------------------------------------

  /**
   * Opens networks; what goes wrong is said.
   *
   * @param {object} fields
   * @returns {Promise<any>} the server's answer; null if they are not open, or something else was begun meanwhile
   */
  async function choose(fields) {
    const current = bench.watch();
    const answer = await server.open_upscaler(fields);
    if (!current()) return null;
    if (answer.trouble || !answer.models) {
      say(answer.trouble || answer.notice);
      return null;
    }
    say(answer.notice);
    const offered = /** @type {import("./controls.js").Offer[]} */ (answer.offered);
    const brought = (state?.offered ?? []).filter(([name]) => !offered.some(([other]) => other === name));
    state = { ...answer, offered: [...offered, ...brought] };
    controls.offerExamples(answer.examples);
    showControls();
    return answer;
  }

  function showControls() {
    if (state) controls.show(state, source?.example);
  }

  /** @param {string} model the network that is looked at from now on */
  const withMain = (model) => [model, ...(state?.models ?? []).slice(1).filter((name) => name !== model)];

  /** @param {string} model another network; the others stay */
  async function change(model) {
    if (!state) return;
    const before = state;
    say("");
    const fields = { ...setting(), model: withMain(model).join(","), example: source?.example ?? 0 };
    const answer = await choose(fields);
    if (!answer) return;
    if (!answer.notice) {
      await run();
      return;
    }
    state = before; // it was refused, and the server told why and fell back
    showControls();
  }

  // --- enlarging ------------------------------------------------------------------------------------------------------

  function setting() {
    const { models, scale, test, strength } = state ?? {};
    return { model: models?.join(","), scale, test: test ? 1 : 0, strength };
  }

  /** @param {Source} given */
  const nameOf = (given) => (given.image ? given.name || "Your picture" : state?.examples[given.example ?? 0]) ?? "";

  async function run() {
    const given = source;
    if (!state || !given) return;
    showControls();
    const picture = given.image ? { image: given.image } : { example: given.example };
    const answer = await bench.run(() => server.upscale_picture({ ...setting(), ...picture }));
    if (!answer || !(await result.show(answer, nameOf(given), bench.watch()))) return;
    element.dataset.link = answer.link;
    element.dataset.shown = `${setting().model} ${state.scale} ${++shows}`;
    if (given.example !== undefined) remember("upscale", answer.link, false);
    follow({ ...setting(), example: given.example ?? 0 });
  }

  /** @param {Partial<import("./controls.js").State>} changes */
  function adjust(changes) {
    if (state) state = { ...state, ...changes };
    run();
  }

  // --- where pictures come from ---------------------------------------------------------------------------------------

  /** @param {Source} next another source */
  async function take(next) {
    source = next;
    bench.comparison.halve();
    await run();
  }

  /** @param {Opened[]} files */
  async function takeFiles(files) {
    if (!files.length || !state) return;
    const refusal = refusalOf(files, props.most_files, props.pictures.names);
    if (refusal) {
      say(refusal);
      return;
    }
    let addresses;
    try {
      addresses = await Promise.all(files.map(dataUriOf));
    } catch {
      say("The file could not be read; choose it again.");
      return;
    }
    if (files.length === 1) await take({ image: addresses[0], name: files[0].name });
    else await makeArchive(files.map((file, index) => [file.name ?? "", addresses[index]]));
  }

  /** @param {[name: string, address: string][]} files are enlarged one after the other, into one archive */
  async function makeArchive(files) {
    if (!state) return;
    const { models, scale } = state;
    const fields = { ...setting(), model: models[0], files, kind: saving.kind() };
    const answer = await bench.run(() => server.upscale_files(fields));
    if (!answer) return;
    save(answer.zip, `latent-lab-x${scale}.zip`);
    warn(`${answer.count} of ${files.length} pictures are in the archive. ${answer.skipped.join(" ")}`);
  }

  async function download() {
    if (!state || !source) return;
    const stem = source.image ? (source.name || "picture").replace(/\.[^.]*$/, "") : nameOf(source);
    const name = `${stem}-x${state.scale}.${saving.ending()}`;
    saving.button.disabled = true;
    try {
      const answer = await saving.fileOf(result.looked(), server.download);
      if (answer.file) save(answer.file, name);
      else say(answer.notice || answer.trouble);
    } catch {
      say(UNREACHABLE);
    } finally {
      saving.button.disabled = false;
    }
  }

  // --- what visitors do -----------------------------------------------------------------------------------------------

  element.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button || !state) return;
    const { example, model, scale, look } = button.dataset;
    if (example !== undefined) take({ example: Number(example) });
    else if (model) adjust({ models: withMain(model) });
    else if (scale) adjust({ scale: Number(scale) });
    else if (look !== undefined) result.look(Number(look));
    else if (button === saving.button) download();
  });
  element.addEventListener("input", (event) => {
    event.stopPropagation();
    const { target } = event;
    if (!(target instanceof HTMLInputElement) || !state) return;
    const { other } = target.dataset;
    if (other) {
      const [main, ...others] = state.models.filter((name) => name !== other);
      adjust({ models: target.checked ? [main, ...others, other] : [main, ...others] });
    } else if (target.matches(".up-testing")) adjust({ test: target.checked });
    else if (target.matches(".up-strength input")) controls.showStrength(target.value);
  });
  part(element, ".up-strength input").addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) adjust({ strength: Number(target.value) });
  });
  whenSeen(element, async () => {
    const answer = await choose({ model: "fast,sharp", ...fieldsOf("upscale", location.search) });
    if (!answer) return;
    await take({ example: answer.example });
    if (answer.notice && shows === 1) say(answer.notice); // what is wrong with the link stays
  });
}
