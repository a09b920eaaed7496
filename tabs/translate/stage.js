/** The stage of the tab "Translate": a network and a direction, a picture, a clip or a map, and what it becomes. */

import { fieldsOf } from "../../page/address.js";
import { showDecoded } from "../../page/components/compare.js";
import { buttonOf, loadImage, part, UNREACHABLE } from "../../page/components/dom.js";
import { examplesIn } from "../../page/components/examples.js";
import { dataUriOf } from "../../page/components/files.js";
import { foldOutsBelow } from "../../page/components/foldouts.js";
import { openable } from "../../page/components/openable.js";
import { radioButton } from "../../page/components/radios.js";
import { savingIn } from "../../page/components/saving.js";
import { whenSeen } from "../../page/components/seen.js";
import { workbenchIn } from "../../page/components/workbench.js";
import { remember } from "../../page/history.js";
import { replaceParts } from "../../page/keyboard.js";
import { faceIn } from "./face.js";
import { mapIn } from "./map.js";
import { isAnimated } from "./moving.js";
import { resultIn } from "./result.js";
import { arrow, distinct, nameOf } from "./words.js";

const LARGEST_FILE = 16 * 2 ** 20; // bytes

/** @typedef {import("./words.js").Source} Source */

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio
 */
export function mount(element, { server, trigger, props }) {
  const videos = "video/mp4,video/webm,video/quicktime";
  part(element, ".wb-file", HTMLInputElement).accept = `${props.pictures.accept},${videos}`;
  const follow = foldOutsBelow(element, trigger);
  const bench = workbenchIn(element, {
    server,
    open: ([file]) => takeFile(file),
    shot: (address) => takePicture(address),
    change: (model) => change({ model }),
  });
  const { say, comparison } = bench;
  const examples = examplesIn(element);
  const saving = savingIn(element, props.pictures.saved);
  const result = resultIn(element, bench, saving);
  const map = mapIn(element, drawn);
  const face = faceIn(element, { say, names: props.pictures.names, moved: run });
  const list = part(element, ".wb-network", HTMLSelectElement);
  /** What the server told of the network. @type {any} */
  let network = null;
  /** @type {Source | null} */
  let source = null;
  let shows = 0;

  const isDrawing = () => network?.palette.length > 0 && network.direction === network.directions[0];

  // --- the network ----------------------------------------------------------------------------------------------------

  /**
   * Opens a network; what goes wrong is said.
   *
   * @param {object} fields
   * @returns {Promise<boolean>} whether it is open
   */
  async function choose(fields) {
    say("");
    const current = bench.begin();
    const answer = await server.open_translator(fields);
    if (!current()) return false;
    if (answer.trouble || !answer.model) {
      say(answer.trouble || answer.notice);
      return false;
    }
    say(answer.notice);
    network = answer;
    showNetwork();
    return true;
  }

  function showNetwork() {
    const { model, models, directions, direction, palette } = network;
    /** @type {[string, string][]} */
    const offered = [...models];
    if (!offered.some(([name]) => name === model)) {
      offered.push([model, model.startsWith("own-") ? "Your own file" : model]);
    }
    list.replaceChildren(...offered.map(([name, title]) => new Option(title, name, false, name === model)));
    replaceParts(
      part(element, ".wb-directions"),
      /** @type {string[]} */ (directions).map((name) =>
        radioButton(arrow(name), name === direction, { direction: name }),
      ),
    );
    examples.offer(distinct(network.examples));
    face.offer(network.framing);
    const drawing = isDrawing();
    part(element, ".wb-draw").hidden = part(element, ".wb-tools").hidden = !drawing;
    comparison.box.classList.toggle("single", drawing);
    if (drawing) map.offer(palette);
  }

  /**
   * Another network or direction; the picture stays where it can.
   *
   * @param {object} fields
   */
  async function change(fields) {
    const own = source?.image || source?.clip ? source : null;
    if (!(await choose(fields))) {
      if (network) list.value = network.model;
      return;
    }
    const drawing = isDrawing();
    if (own && !(own.clip && drawing)) {
      if (drawing) await putOnMap(own.image ?? "");
      else await take(own);
    } else if (network.examples.length) {
      await takeExample(Math.min(network.examples.length - 1, source?.example ?? 0));
    } else {
      source = null;
      result.clear();
    }
  }

  // --- translating ----------------------------------------------------------------------------------------------------

  const setting = () => ({ model: network.model, direction: network.direction });

  /** @param {Source} given */
  function pictureOf(given) {
    if (given.drawn) return { image: map.address() };
    return given.image ? { image: given.image } : { example: given.example };
  }

  async function run() {
    const given = source;
    if (!network || !given) return;
    const answer = await bench.run(() =>
      given.clip
        ? server.translate_film({ ...setting(), clip: given.clip })
        : server.translate_picture({
            ...setting(),
            ...pictureOf(given),
            frame: given.image ? face.placement() : null,
            daylight: Boolean(given.daylight),
          }),
    );
    if (answer) await show(answer, given);
  }

  /**
   * @param {any} answer
   * @param {Source} given
   */
  async function show(answer, given) {
    const { direction } = network;
    const drawing = isDrawing();
    if (answer.film) result.showClip(answer, direction);
    else {
      const what = nameOf(given, network.examples);
      const address = given.image ?? "";
      const further = drawing && Boolean(network.further);
      const current = bench.watch();
      if (!(await result.showPicture(answer, { what, direction, address, drawn: drawing, further, current }))) return;
    }
    element.dataset.link = answer.link;
    element.dataset.shown = `${direction} ${++shows}`;
    if (given.example !== undefined) remember("translate", answer.link, false);
    follow({ ...setting(), example: given.example ?? 0 });
  }

  // --- where pictures come from ---------------------------------------------------------------------------------------

  /** @param {Source} next another source */
  async function take(next) {
    source = next;
    await face.open(next.image ?? null);
    if (source !== next) return; // something else was opened meanwhile
    examples.mark(next.example);
    comparison.halve();
    await run();
  }

  /**
   * An example; while a map is drawn, it is the map from which the drawing goes on.
   *
   * @param {number} example
   */
  async function takeExample(example) {
    if (!isDrawing()) {
      await take({ example });
      return;
    }
    source = { example };
    examples.mark(example);
    const answer = await bench.run(() => server.translate_picture({ ...setting(), example }));
    if (!answer) return;
    const image = new Image();
    await showDecoded(image, answer.before);
    map.restart(image);
    await show(answer, { example });
  }

  async function findFace() {
    const image = source?.image;
    if (!image) return;
    const answer = await bench.run(() => server.find_face({ model: network.model, image }));
    if (!answer) return;
    face.place(answer.frame);
    await run();
  }

  /** @param {import("../../page/components/source-buttons.js").Opened} [file] */
  async function takeFile(file) {
    if (!file) return;
    if (file.size > LARGEST_FILE) {
      say(`The file is larger than 16 MB; MP4, WebM, MOV, ${props.pictures.names} up to 16 MB are accepted.`);
      return;
    }
    let address;
    try {
      address = await dataUriOf(file);
    } catch {
      say("The file could not be read; choose it again.");
      return;
    }
    const moves = file.type === "image/gif" && isAnimated(new Uint8Array(await file.arrayBuffer()));
    if (!moves && !file.type.startsWith("video/")) await takeAddress(address);
    else if (isDrawing()) say("A clip cannot be read as a map; choose a picture.");
    else await take({ clip: address });
  }

  /** @param {string} given data URI of a file that the browser may not be able to open */
  async function takeAddress(given) {
    const current = bench.begin();
    const { address, notice } = await openable(given, server.show_picture);
    if (!current()) return;
    if (notice) say(notice);
    else await takePicture(address);
  }

  /** @param {string} image data URI */
  async function takePicture(image) {
    if (isDrawing()) await putOnMap(image);
    else await take({ image });
  }

  /** @param {string} address data URI of a visitor's own map */
  async function putOnMap(address) {
    let image;
    try {
      image = await loadImage(address);
    } catch {
      say("This file is no picture that the browser can show.");
      return;
    }
    map.put(image);
    source = { drawn: true };
    examples.mark();
    await run();
  }

  function drawn() {
    source = { drawn: true };
    examples.mark();
    run();
  }

  /** The street that was made of a map becomes what is translated. */
  async function goFurther() {
    const street = result.address();
    if (!(await choose({ model: network.further, direction: "day-to-night" }))) return;
    await take({ image: street, daylight: true });
  }

  async function download() {
    saving.button.disabled = true;
    try {
      const reason = await result.download(server.download);
      if (reason) say(reason);
    } catch {
      say(UNREACHABLE);
    } finally {
      saving.button.disabled = false;
    }
  }

  // --- what visitors do -----------------------------------------------------------------------------------------------

  element.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button) return;
    const { direction, example } = button.dataset;
    if (direction) change({ model: network.model, direction });
    else if (example !== undefined) takeExample(Number(example));
    else if (button === saving.button) download();
    else if (button.matches(".wb-further")) goFurther();
    else if (button === face.find) findFace();
  });
  element.addEventListener("input", (event) => {
    event.stopPropagation();
    if (event.target === list) change({ model: list.value });
  });
  addEventListener("resize", () => {
    if (element.clientWidth) result.fit();
  });
  whenSeen(element, async () => {
    if (!(await choose(fieldsOf("translate", location.search)))) return;
    if (!network.examples.length) return;
    const { notice, example, examples: titles } = network;
    await takeExample(Math.min(example, titles.length - 1));
    if (notice && shows === 1) say(notice); // what is wrong with the link stays
  });
}
