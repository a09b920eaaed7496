/** The stage of the Sample tab: faces to click, a morph to play, downloads. Faces stay until new ones are there. */

import { buttonOf, loadImage, part, UNREACHABLE } from "../../page/components/dom.js";
import { noticeIn } from "../../page/components/notice.js";
import { whenWidthChanges } from "../../page/components/seen.js";
import { browser, drawnWhere, keepReady } from "../../page/drawing/drawing.js";
import { isOpen, remember } from "../../page/history.js";
import { replaceParts } from "../../page/keyboard.js";
import { announce } from "../../page/speech.js";
import { answerOf, columnsOf, drawingOf, drawingOfLink, stepsOf } from "./drawing.js";
import { describe, paint } from "./faces.js";
import { filmIn } from "./film.js";
import { gridIn, linkAlong, widthOf } from "./layout.js";
import { slowDrawingIn } from "./slow.js";
import { trailOf } from "./trail.js";

const BELOW = 56; // px, of what stands below the faces

/** @typedef {import("./faces.js").Answer} Answer */
/** @typedef {{ mode: "trouble", text: string, notice?: string }} Trouble there is no picture, and why */
/** @typedef {{ mode: "notice", notice: string }} Notice what was there stays */
/** @typedef {{ mode: "here", link: string, notice?: string }} Here it was drawn in the browser already */

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio its value is what the server's `show` returns
 */
export function mount(element, { server, trigger, props, watch }) {
  const stage = part(element, ".stage");
  const [grid, film, trail, hint, size, trouble, downloads] = [
    ".grid",
    ".film",
    ".trail",
    ".hint",
    ".note",
    ".trouble",
    ".downloads",
  ].map((selector) => part(element, selector));
  const setNotice = noticeIn(part(element, ".notice"));
  const showFilm = filmIn(film);
  /** @type {import("./faces.js").Shown | null} */
  let shown = null;
  let newest = 0; // so that an answer which was overtaken is dropped
  let pushing = false; // the next answer is a step that can be taken back
  let asked = 0; // ms, when the server was asked last; 0 if it has answered
  const keep = keepReady(element);
  const slow = slowDrawingIn(element, { server, say, preview, present });

  /** @param {string} [sentence] in the place of the hint, so that nothing moves */
  function say(sentence) {
    setNotice(sentence);
    hint.hidden = Boolean(sentence);
  }

  // --- what is shown ------------------------------------------------------------------------------------------------

  function arrange() {
    if (!shown || !element.clientWidth) return;
    const { mode } = shown.answer;
    stage.dataset.mode = mode;
    grid.hidden = mode === "morph";
    film.hidden = mode !== "morph";
    const steps = mode === "morph" ? [] : trailOf(shown);
    trail.hidden = steps.length === 0;
    replaceParts(trail, steps);
    if (mode === "morph") showFilm(shown);
    else showGrid(shown);
  }

  /** @param {import("./faces.js").Shown} faces */
  function showGrid(faces) {
    const { count, size, path } = faces.answer;
    const above = grid.getBoundingClientRect().top + scrollY;
    const layout = gridIn({
      count,
      size,
      ratio: devicePixelRatio,
      width: stage.clientWidth,
      height: innerHeight - above - BELOW,
    });
    grid.style.gridTemplateColumns = `repeat(${layout.columns}, ${layout.side}px)`;
    stage.style.setProperty("--grid-width", `${widthOf(layout)}px`);
    while (grid.children.length > count) grid.lastElementChild?.remove();
    while (grid.children.length < count) grid.append(faceButton());
    [...grid.children].forEach((button, index) => {
      button.ariaLabel = `Face ${index + 1} of ${count}: show its neighbours`;
      paint(part(button, "canvas", HTMLCanvasElement), faces, path.length + index, layout.side);
    });
  }

  /** @param {string} reason */
  function showTrouble(reason) {
    part(trouble, "p").textContent = reason;
    shown = null;
    for (const box of [grid, film, trail, downloads]) box.hidden = true;
    hint.textContent = size.textContent = part(element, ".drawn-where").textContent = "";
  }

  async function show() {
    const answer = /** @type {Answer | Trouble | Notice | Here | null} */ (props.value);
    if (!answer?.mode) return;
    if (answer.mode === "here") {
      if (answer.link !== element.dataset.link) trigger("input", { link: answer.link }); // something else was drawn
      return;
    }
    say(answer.notice);
    if (answer.mode === "notice") return;
    if (asked && "count" in answer) note(answer);
    const mine = ++newest;
    slow.stop();
    part(element, ".waiting").hidden = true;
    trouble.hidden = answer.mode !== "trouble";
    if (answer.mode === "trouble") {
      showTrouble(answer.text);
      return;
    }
    if (!answer.sheet) {
      hint.textContent = answer.hint; // how long it takes is told before
      downloads.hidden = true;
      await slow.draw(answer);
      return;
    }
    const sheet = typeof answer.sheet === "string" ? await loadImage(answer.sheet) : answer.sheet;
    if (mine !== newest) return;
    present(answer, sheet);
  }

  /**
   * @param {Answer} answer
   * @param {HTMLImageElement | HTMLCanvasElement} sheet
   */
  function preview(answer, sheet) {
    shown = { answer, sheet };
    hint.textContent = answer.hint;
    size.textContent = `${answer.size} × ${answer.size} px, enlarged`;
    const here = sheet instanceof HTMLCanvasElement && answer.sheet !== "";
    part(element, ".drawn-where").textContent = drawnWhere(here);
    arrange();
  }

  /**
   * @param {Answer} answer
   * @param {HTMLImageElement | HTMLCanvasElement} sheet
   */
  function present(answer, sheet) {
    preview(answer, sheet);
    downloads.hidden = false;
    for (const button of downloads.querySelectorAll("button")) {
      button.hidden = answer.mode !== "morph" && ["gif", "mp4"].includes(String(button.dataset.kind));
    }
    element.dataset.link = answer.link; // what is on the stage now, for whoever waits for it
    remember("sample", answer.link, pushing);
    announce(describe(answer));
    pushing = false;
  }

  // --- drawing in the browser ---------------------------------------------------------------------------------------

  /** @param {Answer} answer of the server */
  function note(answer) {
    const drawing = drawingOfLink(answer.link);
    if (drawing) browser.note([drawing.model], performance.now() - asked, answer.count + answer.path.length);
    asked = 0;
  }

  /**
   * @param {import("./drawing.js").Drawing | null} drawing
   * @returns {Promise<boolean>} whether it is drawn and shown
   */
  async function drawHere(drawing) {
    if (drawing) keep([drawing.model]); // not before, since it is large and many visitors only pass through
    const steps = drawing && stepsOf(drawing, browser.describe);
    const mine = ++newest;
    slow.stop();
    const drawn = steps ? await browser.draw(steps, columnsOf(drawing)) : null;
    if (drawn && drawing && mine === newest) {
      say();
      present(answerOf(drawing, drawn), drawn.sheet);
    } else asked = performance.now();
    return drawn !== null;
  }

  /**
   * Before the server hears of the controls, the browser draws what they ask for, if it can.
   *
   * @param {any[]} controls as `read_controls` in tab.py takes them
   * @param {boolean} anew without the faces that were picked
   * @returns {Promise<any[]>} the controls, of which the ladder says whether it is drawn
   */
  window.latentLabSample = async (controls, anew) => {
    const [ladder, path] = controls.slice(-2);
    const here = await drawHere(drawingOf([...controls.slice(0, -2), ladder, anew ? "" : path])).catch(() => false);
    return [...controls.slice(0, -2), { ...ladder, here }, path];
  };

  // --- what visitors do ---------------------------------------------------------------------------------------------

  /**
   * @param {Answer} answer on the stage
   * @param {number[]} path
   */
  async function go(answer, path) {
    pushing = true;
    const link = linkAlong(answer.link, path);
    trigger("input", { link, here: await drawHere(drawingOfLink(link)) });
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {string} link
   */
  async function download(button, link) {
    button.disabled = true;
    try {
      const file = await slow.run(() => server.download({ kind: button.dataset.kind, link }));
      if (file?.notice) say(file.notice);
      else if (file) save(file);
    } catch {
      say(UNREACHABLE);
    } finally {
      button.disabled = false;
    }
  }

  element.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button || !shown) return;
    const { answer } = shown;
    if (button.dataset.kind) download(button, answer.link);
    else if (button.parentElement === grid) go(answer, [...answer.path, [...grid.children].indexOf(button) + 1]);
    else if (button.dataset.depth) go(answer, answer.path.slice(0, Number(button.dataset.depth)));
  });
  addEventListener("popstate", () => {
    if (element.isConnected && isOpen("sample")) trigger("input", { link: location.search });
  });
  addEventListener("latent-lab-refused", (event) => {
    if (element.isConnected && event instanceof CustomEvent) say(event.detail);
  });
  whenWidthChanges(element, arrange);
  watch("value", show);
  show();
}

function faceButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.append(document.createElement("canvas"));
  return button;
}

/**
 * Hands a file to the browser.
 *
 * @param {{ name: string, content: string }} file its content as a data URI
 */
function save({ name, content }) {
  const anchor = document.createElement("a");
  anchor.href = content;
  anchor.download = name;
  anchor.click();
}
