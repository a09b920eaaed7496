/** The map that a visitor draws: brush, filled areas, undo, by pointer or by keys. */

import { buttonOf, part } from "../../page/components/dom.js";
import { check, replaceParts } from "../../page/keyboard.js";
import { channels, flood } from "./flood.js";

const MOST_UNDONE = 30; // steps
const STEP = 8; // px, of an arrow key
const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
});

/** @typedef {[x: number, y: number]} Point px */

/**
 * @param {HTMLElement} element
 * @param {() => void} drawn is called when something was drawn
 */
export function mapIn(element, drawn) {
  const canvas = part(element, ".wb-canvas", HTMLCanvasElement);
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  const thickness = part(element, ".wb-brush", HTMLInputElement);
  const undoButton = part(element, ".wb-undo", HTMLButtonElement);
  const fillButton = part(element, ".wb-fill", HTMLButtonElement);
  const palette = part(element, ".wb-palette");
  const spot = part(element, ".wb-cursor");
  let ink = "";
  let filling = false;
  /** The map before each step. @type {ImageData[]} */
  let steps = [];
  /** Where the stroke is that is being drawn. @type {Point | null} */
  let last = null;
  /** Where the keyboard draws. @type {Point} */
  let cursor = [canvas.width / 2, canvas.height / 2];

  function note() {
    steps.push(brush.getImageData(0, 0, canvas.width, canvas.height));
    if (steps.length > MOST_UNDONE) steps.shift();
    undoButton.disabled = false;
  }

  function undo() {
    const before = steps.pop();
    if (before) brush.putImageData(before, 0, 0);
    undoButton.disabled = steps.length === 0;
    drawn();
  }

  /**
   * @param {Point} from
   * @param {Point} to
   */
  function stroke(from, to) {
    brush.strokeStyle = brush.fillStyle = ink;
    brush.lineWidth = Number(thickness.value);
    brush.lineCap = brush.lineJoin = "round";
    brush.beginPath();
    brush.moveTo(...from);
    brush.lineTo(to[0] + 0.01, to[1]); // a dot is a line, too
    brush.stroke();
  }

  /** @param {Point} at */
  function fill(at) {
    const picture = brush.getImageData(0, 0, canvas.width, canvas.height);
    flood(picture, at, channels(ink));
    brush.putImageData(picture, 0, 0);
  }

  /**
   * @param {PointerEvent} event
   * @returns {Point}
   */
  function place({ clientX, clientY }) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((clientX - left) * canvas.width) / width, ((clientY - top) * canvas.height) / height];
  }

  function showCursor() {
    [spot.style.left, spot.style.top] = cursor.map((at) => `${(100 * (at + 0.5)) / canvas.width}%`);
  }

  /** @param {Point} step */
  function moveCursor(step) {
    const within = (/** @type {number} */ at) => Math.max(0, Math.min(canvas.width - 1, at));
    cursor = [within(cursor[0] + step[0]), within(cursor[1] + step[1])];
    showCursor();
  }

  function drawWithKey() {
    note();
    if (filling) fill(cursor);
    else stroke(cursor, cursor);
    drawn();
  }

  /**
   * Offers the colours of a network.
   *
   * @param {[name: string, colour: string][]} colours
   */
  function offer(colours) {
    ink ||= colours[0][1];
    const buttons = colours.map(([name, colour]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.role = "radio";
      button.dataset.colour = colour;
      const dot = document.createElement("i");
      dot.style.background = colour;
      button.append(dot, name);
      check(button, colour === ink);
      return button;
    });
    replaceParts(palette, buttons);
  }

  /**
   * Takes an example as the map; nothing before it can come back.
   *
   * @param {CanvasImageSource} image
   */
  function restart(image) {
    steps = [];
    undoButton.disabled = true;
    brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  }

  /**
   * Takes a visitor's own picture as the map.
   *
   * @param {CanvasImageSource} image
   */
  function put(image) {
    note();
    brush.imageSmoothingEnabled = false;
    brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  }

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    if (step) moveCursor(step);
    else drawWithKey();
  });
  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary) return; // a second finger would draw a line across the map
    canvas.setPointerCapture(event.pointerId);
    note();
    const at = place(event);
    if (filling) {
      fill(at);
      drawn();
      return;
    }
    stroke(at, at);
    last = at;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last || !event.isPrimary) return;
    const at = place(event);
    stroke(last, at);
    last = at;
  });
  for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
    canvas.addEventListener(name, () => {
      if (!last) return;
      last = null;
      drawn();
    });
  }
  palette.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button?.dataset.colour) return;
    ink = button.dataset.colour;
    for (const one of palette.querySelectorAll("button")) check(one, one === button);
  });
  undoButton.addEventListener("click", undo);
  fillButton.addEventListener("click", () => {
    filling = !filling;
    fillButton.setAttribute("aria-pressed", String(filling));
  });
  showCursor();
  return { offer, restart, put, address: () => canvas.toDataURL("image/png") };
}
