/** Faces of one answer: the server sends them as one lossless picture, from which each is cut. */

import { drawFromSheet } from "../../page/components/sheet.js";

/**
 * @typedef {object} Answer what the server's `show` returns of a drawing
 * @property {"gallery" | "morph"} mode
 * @property {string | HTMLCanvasElement} sheet all pictures as one, those of the picked faces first; an address, or what
 *   was drawn here
 * @property {number} columns of the sheet
 * @property {number} count of pictures, without the picked faces
 * @property {number} size of a picture, px
 * @property {number} seed
 * @property {number[]} path picked faces, counted from 1
 * @property {string} hint
 * @property {string} link the permalink's query
 * @property {string} [notice]
 */
/** @typedef {{ answer: Answer, sheet: HTMLImageElement | HTMLCanvasElement }} Shown */

/**
 * Draws a face at a whole number of screen pixels per pixel.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Shown} shown
 * @param {number} index of the face on the sheet
 * @param {number} side CSS pixels
 */
export function paint(canvas, { answer, sheet }, index, side) {
  const { columns, size } = answer;
  drawFromSheet(canvas, sheet, { index, columns, side: size, shown: Math.round(side * devicePixelRatio) });
  canvas.style.width = canvas.style.height = `${side}px`;
}

/**
 * What screen readers hear of an answer.
 *
 * @param {Answer} answer
 */
export function describe({ mode, count, hint, path, seed }) {
  if (mode === "morph") return `A morph of ${count} frames. ${hint}`;
  return `${count} ${path.length ? "neighbours of the face that was picked" : `faces of seed ${seed}`}`;
}
