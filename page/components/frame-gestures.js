/** How a visitor moves what is in a frame, and the marks on it: drag, pinch, wheel, keys. */

import { afterKey, arrowOf, changed, moved, pinched, SIDE } from "./placement.js";

/** @typedef {import("./placement.js").Placement} Placement */
/** @typedef {import("./placement.js").Point} Point */

const STEP = 1; // frame units that a press of an arrow key moves
const LARGE_STEP = 8; // the same with Shift
const WHEEL = 500; // px of the wheel for a factor of e

/** @param {KeyboardEvent} event */
const stepOf = (event) => (event.shiftKey ? LARGE_STEP : STEP);

/**
 * Where a pointer is on the frame.
 *
 * @param {Element} view of the frame
 * @param {MouseEvent} event
 * @returns {Point}
 */
function pointOf(view, event) {
  const box = view.getBoundingClientRect();
  return { x: ((event.clientX - box.left) / box.width) * SIDE, y: ((event.clientY - box.top) / box.height) * SIDE };
}

/**
 * Lets a visitor move the picture.
 *
 * @param {HTMLElement} view of the frame
 * @param {object} frame
 * @param {() => boolean} frame.isEmpty
 * @param {(make: (placement: Placement) => Placement) => void} frame.change
 */
export function movePicture(view, { isEmpty, change }) {
  /** @type {Map<number, Point>} */
  const fingers = new Map();

  view.addEventListener("pointerdown", (event) => {
    if (isEmpty()) return;
    view.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, pointOf(view, event));
  });
  view.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, pointOf(view, event));
    const after = [...fingers.values()];
    change((placement) =>
      after.length === 1
        ? moved(placement, after[0].x - before[0].x, after[0].y - before[0].y)
        : pinched(placement, before, after),
    );
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    view.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  view.addEventListener(
    "wheel",
    (event) => {
      if (isEmpty()) return;
      event.preventDefault();
      change((placement) => changed(placement, Math.exp(-event.deltaY / WHEEL), 0, pointOf(view, event)));
    },
    { passive: false },
  );
  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    change((placement) => {
      const next = afterKey(placement, event.key, stepOf(event));
      if (next) event.preventDefault();
      return next ?? placement;
    });
  });
}

/**
 * Lets a visitor move a mark.
 *
 * @param {HTMLElement} mark
 * @param {object} use
 * @param {Element} use.view of the frame
 * @param {() => Point} use.at where the mark is
 * @param {(point: Point) => void} use.put puts it elsewhere
 * @param {() => void} use.released it was dragged, and is let go
 * @param {() => void} use.entered
 */
export function moveMark(mark, { view, at, put, released, entered }) {
  /** From the pointer to the mark's middle while it is dragged. @type {Point | null} */
  let offset = null;

  mark.addEventListener("pointerdown", (event) => {
    const from = at();
    const point = pointOf(view, event);
    offset = { x: from.x - point.x, y: from.y - point.y };
    mark.setPointerCapture(event.pointerId);
  });
  mark.addEventListener("pointermove", (event) => {
    if (!offset) return;
    const point = pointOf(view, event);
    put({ x: point.x + offset.x, y: point.y + offset.y });
  });
  mark.addEventListener("pointerup", () => {
    if (offset) released();
    offset = null;
  });
  mark.addEventListener("pointercancel", () => {
    offset = null;
  });
  mark.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = arrowOf(event.key, stepOf(event));
    if (by) put({ x: at().x + by.x, y: at().y + by.y });
    else if (event.key === "Enter") entered();
    else return;
    event.preventDefault();
  });
}
