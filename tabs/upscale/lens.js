/** The same spot of every picture, enlarged, side by side: all move together. */

import { part } from "../../page/components/dom.js";
import { replaceParts } from "../../page/keyboard.js";
import { panelsOf } from "./panels.js";
import { firstZoom, moved, outlineOf } from "./spot.js";

const STEP = 0.03; // share of the picture, of an arrow key
const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
});

/** @typedef {import("./spot.js").Pair} Pair */

/**
 * @param {HTMLElement} element
 * @param {HTMLElement} box where the whole picture is
 */
export function lensIn(element, box) {
  const lens = part(element, ".up-lens");
  const panels = part(lens, ".up-panels");
  const zoom = part(lens, ".up-zoom", HTMLInputElement);
  const outline = part(box, ".up-spot");
  /** Of the results, px. @type {Pair | null} */
  let size = null;
  /** Of the spot, shares. @type {Pair} */
  let centre = [0.5, 0.5];
  /** Where the pointer was, and how many pixels of the result one of its pixels is. */
  let grip = /** @type {{ x: number, y: number, scale: number } | null} */ (null);

  /**
   * @param {any} answer of the server's `upscale_picture`
   */
  function show(answer) {
    const another = size?.[0] !== answer.width || size?.[1] !== answer.height;
    size = [answer.width, answer.height];
    if (another) {
      const [x, y] = answer.spot;
      centre = [x, y];
      zoom.value = String(firstZoom(...size));
    }
    replaceParts(panels, panelsOf(answer).map(panelOf));
    lens.hidden = false;
    move([0, 0]);
  }

  /** @param {Pair} by px of the result */
  function move(by) {
    if (!size) return;
    const [width, height] = size;
    const side = part(panels, ".up-window").clientWidth;
    const factor = Number(zoom.value) / devicePixelRatio;
    centre = moved(centre, by, size, side / factor);
    const [left, top] = [side / 2 - centre[0] * width * factor, side / 2 - centre[1] * height * factor];
    for (const image of panels.querySelectorAll("img")) {
      image.style.width = `${width * factor}px`;
      image.style.height = `${height * factor}px`;
      image.style.transform = `translate(${left}px, ${top}px)`;
    }
    const seen = outlineOf(centre, size, side / factor);
    outline.hidden = !seen;
    for (const [name, share] of Object.entries(seen ?? {})) outline.style.setProperty(name, `${share}%`);
  }

  /**
   * Lets the pointer move the spot.
   *
   * @param {HTMLElement} target
   * @param {() => number} scale pixels of the result that one of the pointer's pixels is
   */
  function drag(target, scale) {
    const release = () => {
      grip = null;
    };
    target.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary) return;
      if (!(event.target instanceof Element) || !event.target.closest(".up-window, .up-spot")) return;
      target.setPointerCapture(event.pointerId);
      grip = { x: event.clientX, y: event.clientY, scale: scale() };
      event.preventDefault();
    });
    target.addEventListener("pointermove", ({ clientX, clientY, isPrimary }) => {
      if (!grip || !isPrimary) return;
      move([(clientX - grip.x) * grip.scale, (clientY - grip.y) * grip.scale]);
      grip = { ...grip, x: clientX, y: clientY };
    });
    target.addEventListener("pointerup", release);
    target.addEventListener("pointercancel", release);
  }

  drag(panels, () => -devicePixelRatio / Number(zoom.value));
  drag(outline, () => (size ? size[0] / box.clientWidth : 0));
  outline.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (!step || !size) return;
    event.preventDefault();
    move([step[0] * size[0], step[1] * size[1]]);
  });
  zoom.addEventListener("input", () => move([0, 0]));
  return { show, update: () => move([0, 0]) };
}

/**
 * @param {import("./panels.js").Panel} panel
 */
function panelOf({ title, address, words, index, best }) {
  const image = document.createElement("img");
  image.src = address;
  image.alt = `${title}, the same spot`;
  const window = document.createElement("div");
  window.className = "up-window";
  window.append(image);
  const told = document.createElement("span");
  told.textContent = words;
  told.classList.toggle("best", Boolean(best));
  const caption = document.createElement("figcaption");
  caption.append(index === undefined ? boldOf(title) : lookButton(title, index), told);
  const made = document.createElement("figure");
  made.append(window, caption);
  return made;
}

/** @param {string} title */
function boldOf(title) {
  const bold = document.createElement("b");
  bold.textContent = title;
  return bold;
}

/**
 * @param {string} title
 * @param {number} index
 */
function lookButton(title, index) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = title;
  button.dataset.look = String(index);
  button.title = "Show on the large picture";
  return button;
}
