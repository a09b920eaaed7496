/** Pictures made smaller without leaving out a pixel. */

import { brushOf } from "./dom.js";

/**
 * The sizes through which a picture is made smaller, each at least half of the one before: so a browser averages over
 * all pixels.
 *
 * @param {number} width px
 * @param {number} height px
 * @param {number} most px, of the longer side in the end
 * @returns {{ width: number, height: number }[]} none if it is small enough
 */
export function stepsTo(width, height, most) {
  const steps = [];
  let size = { width, height };
  while (Math.max(size.width, size.height) > most) {
    const factor = Math.max(0.5, most / Math.max(size.width, size.height));
    size = {
      width: Math.max(1, Math.round(size.width * factor)),
      height: Math.max(1, Math.round(size.height * factor)),
    };
    steps.push(size);
  }
  return steps;
}

/**
 * @template {HTMLCanvasElement | ImageBitmap} Source
 * @param {Source} source
 * @param {number} most px, of the longer side
 * @returns {Source | HTMLCanvasElement}
 */
export function reduced(source, most) {
  /** @type {Source | HTMLCanvasElement} */
  let picture = source;
  for (const { width, height } of stepsTo(source.width, source.height, most)) {
    const next = document.createElement("canvas");
    next.width = width;
    next.height = height;
    const brush = brushOf(next);
    brush.imageSmoothingQuality = "high";
    brush.drawImage(picture, 0, 0, width, height);
    picture = next;
  }
  return picture;
}
