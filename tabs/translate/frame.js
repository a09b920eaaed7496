/** The frame around a face: dragged, moved with the arrow keys, sized with a slider. */

import { part } from "../../page/components/dom.js";
import { inTheMiddle, movedTo, onScreen, resized } from "./framing.js";

const STEP = 0.02; // share of the picture, of an arrow key
const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
});
const REST = 150; // ms without a change after which the new size is used

/**
 * @param {HTMLElement} element
 * @param {HTMLElement} box where the picture is
 * @param {() => void} changed
 */
export function faceFrameIn(element, box, changed) {
  const mark = part(box, ".wb-frame");
  const sizing = part(element, ".wb-framing");
  const slider = part(sizing, "input", HTMLInputElement);
  /** @type {import("./framing.js").Frame | null} */
  let frame = null;
  /** Where in the frame the pointer holds it, px. @type {[number, number] | null} */
  let grip = null;
  let timer = 0;

  const picture = () => ({ width: box.clientWidth, height: box.clientHeight });

  function show() {
    mark.hidden = sizing.hidden = !frame;
    if (!frame) return;
    const { left, top, side } = onScreen(frame, picture());
    Object.assign(mark.style, { left: `${left}px`, top: `${top}px`, width: `${side}px`, height: `${side}px` });
  }

  /** @param {import("./framing.js").Frame} next */
  function place(next) {
    frame = next;
    show();
  }

  /** @param {import("./framing.js").Size | null} size of a picture, in the middle of which it begins; null for none */
  function restart(size) {
    frame = size && inTheMiddle(size);
    if (frame) slider.value = "100";
  }

  mark.addEventListener("pointerdown", (event) => {
    mark.setPointerCapture(event.pointerId);
    grip = [event.clientX - mark.offsetLeft, event.clientY - mark.offsetTop];
    event.preventDefault();
  });
  mark.addEventListener("pointermove", (event) => {
    if (!grip || !frame) return;
    const { width, height } = picture();
    place(movedTo(frame, (event.clientX - grip[0]) / width, (event.clientY - grip[1]) / height, picture()));
  });
  mark.addEventListener("pointerup", () => {
    if (!grip) return;
    grip = null;
    changed();
  });
  mark.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || !frame) return;
    event.preventDefault();
    place(movedTo(frame, frame[0] + step[0], frame[1] + step[1], picture()));
    changed();
  });
  slider.addEventListener("input", (event) => {
    event.stopPropagation();
    if (!frame) return;
    place(resized(frame, Number(slider.value) / 100, picture()));
    clearTimeout(timer);
    timer = setTimeout(changed, REST);
  });
  return { show, restart, get: () => frame };
}
