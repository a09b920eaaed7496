/** The stage of the tab "Latent sliders": pictures and sliders, leak meter, strips, a picture read into codes. */

import { fieldsOf } from "../../page/address.js";
import { still } from "../../page/appearance.js";
import { buttonOf, loadImage, part, UNREACHABLE, write } from "../../page/components/dom.js";
import { foldOutsBelow } from "../../page/components/foldouts.js";
import { latest } from "../../page/components/latest.js";
import { noticeIn } from "../../page/components/notice.js";
import { whenSeen } from "../../page/components/seen.js";
import { browser, drawnWhere, keepReady } from "../../page/drawing/drawing.js";
import { remember } from "../../page/history.js";
import { replaceParts } from "../../page/keyboard.js";
import { announce } from "../../page/speech.js";
import { showChoices } from "./choices.js";
import { linkOf, networksOf, stepsOf } from "./drawing.js";
import { mountFace } from "./face.js";
import { showMeter, UNKNOWN } from "./meter.js";
import { showPictures } from "./pictures.js";
import { scoresTable } from "./scores.js";
import { makeSliders, placeSlider } from "./sliders.js";
import { drawStripSheet } from "./strip-sheet.js";
import { cutsOf, stripLine, stripOf } from "./strips.js";

const REST = 300; // ms without a change after which the fold-outs and the strips follow
const LARGEST_SEED = 99999; // that "Surprise me" chooses
const LARGEST_FILE = 4 * 2 ** 20; // bytes
const FOUND = ["In the frame", "Drawn by the network"];
const READ = ["What the network saw", "Drawn from the codes it read"];

/**
 * Where all sliders stand.
 *
 * @typedef {object} Setting
 * @property {string} model
 * @property {string} set of sliders; empty for a network with one set
 * @property {number[]} codes
 * @property {number} seed
 * @property {number[]} [z] the latent of a face that was found, in place of the seed's
 */

/**
 * @param {any} answer of the server
 * @returns {Setting}
 */
const settingOf = ({ model, set, codes, seed, z }) => ({ model, set, codes, seed, ...(z?.length ? { z } : {}) });

/** @param {string | HTMLCanvasElement} source an address, or what was drawn here */
const loadPicture = (source) => (typeof source === "string" ? loadImage(source) : source);

const anySeed = () => 1 + Math.floor(Math.random() * LARGEST_SEED);

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio
 */
export function mount(element, { server, trigger, props }) {
  const say = noticeIn(part(element, ".latent-notice"));
  const sliders = part(element, ".latent-sliders");
  const networks = part(element, ".network", HTMLSelectElement);
  const sets = part(element, ".set", HTMLSelectElement);
  const besides = part(element, ".beside", HTMLSelectElement);
  const seedField = part(element, ".seed", HTMLInputElement);
  const file = part(element, ".latent-file", HTMLInputElement);
  const pictures = { accept: "image/*", names: "", ...props.pictures }; // without a server there are none
  file.accept = part(element, ".face-file", HTMLInputElement).accept = pictures.accept;
  const scores = part(element, ".latent-scores", HTMLDetailsElement);
  /** @type {Setting} */
  let state; // as shown
  /** @type {Setting} */
  let wanted; // where the sliders stand
  /** @type {import("./sliders.js").CodeType[]} */
  let types = [];
  /** @type {string[]} */
  let names = []; // of the sliders
  /** @type {Record<string, string>} */
  const titles = {}; // of the networks
  let effects = UNKNOWN;
  let beside = ""; // the network whose picture stands beside
  let selected = 0; // the slider that the meter is about
  /** A face that was found: its latent, and what was in the frame. @type {{ z: string, original: string } | null} */
  let own = null;
  let asked = 0; // for networks, faces and pictures to be read: what comes of the last one is shown
  let opening = false; // the last one is a network or a face, so that sliders are going to be others
  let shown = 0; // how many of them were shown: answers about what was shown before are dropped
  let drawn = 0; // pictures: those that come while others are decoded are shown instead
  let strips = 0; // asked for: those of what is shown no more are neither drawn nor shown
  let timer = 0;

  const keep = keepReady(element);
  const follow = foldOutsBelow(element, trigger);

  const isSmooth = () => !state.model.startsWith("sprites");

  // --- pictures ------------------------------------------------------------------------------------------------------

  const update = latest({
    ask: async () => {
      const about = shown;
      const setting = { ...wanted, codes: [...wanted.codes] };
      const here = await drawHere(setting);
      return { about, answer: here ?? (await browser.timed(networksShown(), server.move({ ...setting, beside }))) };
    },
    show: async ({ about, answer }) => {
      if (about !== shown) return;
      say(answer.notice || answer.trouble);
      if (answer.pictures) await show(answer);
    },
    failed: () => say(UNREACHABLE),
  });

  /** The networks that draw what is shown. */
  const networksShown = () => [...networksOf(wanted), ...(beside ? [beside] : [])];

  /**
   * Draws in the browser.
   *
   * @param {Setting} setting
   * @returns {Promise<any>} what the server's `move` returns, with canvases for pictures; null if the server has to draw
   */
  async function drawHere(setting) {
    const models = [setting.model, ...(beside ? [beside] : [])];
    const steps = models.map((model) => stepsOf({ ...setting, model }, browser.describe));
    const drawn = await Promise.all(steps.map((each) => each && browser.draw(each)));
    if (!drawn.every((each) => each !== null)) return null;
    return { ...setting, pictures: drawn.map(({ sheet }) => sheet), side: drawn[0].side, link: linkOf(setting) };
  }

  /**
   * Shows an answer of the server.
   *
   * @param {any} answer its setting, pictures and link
   * @param {string} [read] the picture that was read into the sliders, which then stands beside
   */
  async function show(answer, read) {
    const mine = ++drawn;
    stopRest();
    state = settingOf(answer);
    const framed = own && state.z?.join() === own.z ? own.original : "";
    const first = read || framed;
    const sources = first ? [first, ...answer.pictures] : answer.pictures;
    const pictures = await Promise.all(sources.map(loadPicture));
    if (mine !== drawn) return;
    const captions = read ? READ : framed ? FOUND : [titles[state.model], titles[beside] || ""];
    write(part(element, ".latent-note"), `${answer.side} × ${answer.side} px, enlarged`);
    write(part(element, ".drawn-where"), drawnWhere(answer.pictures[0] instanceof HTMLCanvasElement));
    showPictures(part(element, ".latent-pictures"), pictures, captions, isSmooth());
    element.dataset.link = answer.link;
    element.dataset.codes = answer.codes.join(",");
    remember("latent", answer.link, false);
    keep(networksShown());
    timer = setTimeout(() => {
      follow(state);
      drawStrips();
    }, REST);
  }

  /** What follows at rest does not follow, and strips that are being drawn here make way for the next picture. */
  function stopRest() {
    clearTimeout(timer);
    strips++;
  }

  async function drawStrips() {
    const mine = strips;
    const setting = state;
    const isWanted = () => mine === strips;
    const here = await drawStripSheet(setting, types, { describe: browser.describe, draw: browser.draw, isWanted });
    if (!here && !isWanted()) return;
    const answer = here ?? (await server.strips(setting));
    if (!isWanted() || !answer.sheet) return;
    const sheet = await loadPicture(answer.sheet);
    if (!isWanted()) return;
    const { columns } = answer;
    const told = { names, effects: effects.names, seed: state.seed, found: Boolean(state.z) };
    const lines = /** @type {number[]} */ (answer.counts).map((count, row, { length }) => {
      const cuts = cutsOf(row, count, { columns, width: sheet.width });
      return stripLine(sheet, stripOf(row, length, told), { columns, cuts, smooth: isSmooth() });
    });
    replaceParts(part(element, ".latent-strips"), lines);
    element.dataset.strips = setting.codes.join(",");
  }

  // --- sliders -------------------------------------------------------------------------------------------------------

  function showSliders() {
    const kind = state.model + state.set;
    if (sliders.children.length !== types.length || sliders.dataset.model !== kind) {
      sliders.dataset.model = kind;
      makeSliders(sliders, types, names);
    }
    placeSliders();
  }

  function placeSliders() {
    for (const code of types.keys()) place(code);
  }

  /** @param {number} code its number */
  function place(code) {
    const slider = { code: wanted.codes[code], type: types[code], name: names[code], effect: effects.names[code] };
    placeSlider(sliders.children[code], slider);
  }

  /** @param {number} code its number */
  function select(code) {
    selected = code;
    const name = state.set ? names[code] : `code ${code + 1}`;
    showMeter(part(element, ".latent-meter"), effects, { number: code, name, ofFaces: Boolean(state.set) });
  }

  /** The sliders move: a picture that is being read comes too late; another network or face does not. */
  function overtakeReading() {
    if (!opening) asked++;
  }

  /** @param {HTMLInputElement} input */
  function moveSlider(input) {
    const code = Number(input.dataset.code);
    overtakeReading();
    stopRest();
    wanted.codes[code] = Number(input.value);
    update(); // first, so that the server works while the page is brought up to date
    place(code);
    if (code !== selected) select(code);
  }

  function putToRest() {
    overtakeReading();
    wanted.codes = wanted.codes.map(() => 0); // where the face is as it was
    placeSliders();
    update();
  }

  // --- networks, faces, pictures to be read --------------------------------------------------------------------------

  /**
   * Opens a network, or another face.
   *
   * @param {object} fields of a link; what is missing stands at its default
   */
  async function open(fields) {
    const mine = ++asked;
    opening = true;
    const started = performance.now();
    const answer = await server.open_sliders(fields);
    const taken = performance.now() - started;
    if (mine !== asked) return;
    opening = false;
    say(answer.notice || answer.trouble);
    if (!answer.pictures) {
      if (state) networks.value = state.model;
      if (state?.set) sets.value = state.set;
      return;
    }
    const about = ++shown;
    state = settingOf(answer);
    wanted = { ...state, codes: [...answer.codes] };
    browser.note(networksOf(state), taken);
    types = answer.types;
    names = answer.titles;
    effects = UNKNOWN;
    for (const [name, title] of answer.models) titles[name] = title;
    if (!answer.beside.some((/** @type {[string]} */ [name]) => name === beside)) beside = "";
    showChoices(element, answer, beside);
    showSliders();
    select(0);
    await show(answer);
    if (about === shown) announce(`${titles[state.model]}: the picture of seed ${state.seed}`);
    await measure(answer.model, answer.set);
  }

  /**
   * Asks what the sliders of a network do.
   *
   * @param {string} model
   * @param {string} set
   */
  async function measure(model, set) {
    const told = await server.meter({ model, set });
    if (!told.names || state.model !== model || state.set !== set) return;
    effects = told;
    element.dataset.meter = told.names.length ? "told" : "none";
    placeSliders();
    select(selected);
  }

  /** @param {number | string} seed */
  const openFace = (seed) => open({ model: state.model, set: state.set, seed });

  /** @param {{ image: string } | { render: number }} source the picture, or the seed of one that is rendered */
  async function read(source) {
    const mine = ++asked;
    opening = false;
    say("");
    const fields = { model: state.model, seed: state.seed, ...source };
    const answer = await server.read_picture(fields);
    if (mine !== asked) return;
    if (answer.notice || answer.trouble) {
      say(answer.notice || answer.trouble);
      return;
    }
    shown++;
    wanted = { ...settingOf(answer), codes: [...answer.codes] };
    await show(answer, answer.original);
    element.dataset.far = answer.far;
    say(answer.warning);
    announce("The picture was read, and drawn from the codes");
    placeSliders();
  }

  function readFile() {
    const picture = file.files?.[0];
    file.value = "";
    if (!picture) return;
    if (picture.size > LARGEST_FILE) {
      say(`The file is larger than 4 MB; ${pictures.names} up to 4 MB are accepted.`);
      return;
    }
    const reader = new FileReader();
    reader.onload = () => read({ image: String(reader.result) });
    reader.readAsDataURL(picture);
  }

  const face = mountFace(element, { server, found, names: pictures.names });

  /** @param {any} answer of the server's `find_face` */
  async function found(answer) {
    own = { z: answer.latent.join(), original: answer.original };
    if (titles[answer.model]) await open({ model: answer.model, set: state.set, z: answer.latent });
    else {
      const pictures = await Promise.all([answer.original, answer.picture].map(loadImage));
      showPictures(part(element, ".latent-pictures"), pictures, FOUND, true);
    }
    if (answer.warning) say(answer.warning);
    part(element, ".latent-show").scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
    announce("A face like yours was found");
  }

  // --- films and scores ----------------------------------------------------------------------------------------------

  /** @param {HTMLButtonElement} button */
  async function downloadFilm(button) {
    button.disabled = true;
    const film = await server.film({ ...state, code: button.dataset.film });
    button.disabled = false;
    if (!film.content) {
      say(film.notice || film.trouble);
      return;
    }
    const anchor = document.createElement("a");
    anchor.href = film.content;
    anchor.download = film.name;
    anchor.click();
  }

  async function showScores() {
    const { rows, notice } = await server.scores({});
    part(element, ".latent-scores div").replaceChildren(rows ? scoresTable(rows) : notice);
  }

  // --- what visitors do ----------------------------------------------------------------------------------------------

  element.addEventListener("input", (event) => {
    event.stopPropagation();
    const { target } = event;
    if (!state) return;
    if (target instanceof HTMLInputElement && target.dataset.code !== undefined) moveSlider(target);
    else if (target === networks) open({ model: networks.value });
    else if (target === sets) open({ ...state, codes: null, set: sets.value });
    else if (target === besides) {
      beside = besides.value;
      update();
    } else if (target === seedField && seedField.value !== "") openFace(seedField.value);
    else if (target === file) readFile();
  });
  element.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && target.dataset.code !== undefined) select(Number(target.dataset.code));
  });
  element.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button || !state) return;
    if (button.matches(".latent-dice")) openFace(anySeed());
    else if (button.matches(".latent-rest")) putToRest();
    else if (button.matches(".latent-render")) read({ render: anySeed() });
    else if (button.matches(".latent-open")) file.click();
    else if (button.matches(".latent-face")) face.show();
    else if (button.dataset.film !== undefined) downloadFilm(button);
  });
  scores.addEventListener("toggle", () => {
    if (scores.open) showScores();
  });
  whenSeen(element, () => open(fieldsOf("latent", location.search)));
}
