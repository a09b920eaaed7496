/** A visitor's own points: drawn with the pointer, or read from a file. */

import { part } from "../../page/components/dom.js";
import { noticeIn } from "../../page/components/notice.js";
import { pointAt } from "./drawing/geometry.js";
import { Plane } from "./drawing/plane.js";

const MOST_DRAWN = 2000;
const DROPS = 3; // points at each place of the pointer: a brush, not a line
const SPREAD = 0.05; // how far they are from it at the most
const LARGEST_FILE = 1_000_000; // bytes; of a larger one only the size is sent, so that the server says what is accepted

/** @typedef {import("./drawing/geometry.js").Point} Point */

/**
 * Points around a place, the nearer the more.
 *
 * @param {Point} place
 * @param {() => number} random 0 to 1
 * @returns {Point[]}
 */
export function dropsAround([x, y], random) {
  const off = () => SPREAD * (random() + random() - 1);
  return Array.from({ length: DROPS }, () => [x + off(), y + off()]);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {import("../../page/components/dom.js").Gradio["server"]} server
 * @returns {(take: (data: string) => void) => void} opens the dialog; take: gets the name of the points that the server
 *   then has
 */
export function ownPoints(dialog, server) {
  const canvas = part(dialog, ".pg-sketch", HTMLCanvasElement);
  const file = part(dialog, ".pg-file", HTMLInputElement);
  const say = noticeIn(part(dialog, ".pg-own-notice"));
  /** @type {Point[]} */
  let drawn = [];
  /** @type {(data: string) => void} */
  let taken = () => {};

  function draw() {
    const plane = new Plane(canvas, 1);
    plane.circles(drawn, plane.colour("real"), { radius: 3 });
  }

  function clear() {
    drawn = [];
    draw();
  }

  /** @param {object} fields of the server's `take_points` */
  async function offer(fields) {
    const answer = await server.take_points(fields);
    say(answer.notice);
    if (!answer.data) return;
    dialog.close();
    taken(answer.data);
  }

  /** @param {PointerEvent} event */
  function sketch(event) {
    if (!event.buttons || drawn.length >= MOST_DRAWN) return;
    drawn.push(...dropsAround(pointAt(event, canvas.getBoundingClientRect(), 1), Math.random));
    draw();
  }

  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointerdown", sketch);
  canvas.addEventListener("pointermove", sketch);
  part(dialog, ".pg-clear").addEventListener("click", clear);
  part(dialog, ".pg-close").addEventListener("click", () => dialog.close());
  part(dialog, ".pg-use").addEventListener("click", () => offer({ drawn }));
  part(dialog, ".pg-csv").addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    file.value = ""; // so that the same file can be chosen again
    if (chosen) offer(chosen.size > LARGEST_FILE ? { size: chosen.size } : { csv: await chosen.text() });
  });

  return (take) => {
    taken = take;
    say();
    dialog.showModal();
    clear(); // drawn when the dialog has a size
  };
}
