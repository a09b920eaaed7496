/** Strips of pictures: one for each slider over its range, the last one to the face of another seed. */

import { brushOf, copyOf, part } from "../../page/components/dom.js";
import { placeOn } from "../../page/components/sheet.js";

const CELL = 128; // px, of a picture in a strip
const GAP = 8; // px, between two pictures

/** @typedef {{ left: number, top: number, side: number, at: number }} Cut of the sheet, and where it lies in a strip; px */

/**
 * The width of a strip in px.
 *
 * @param {number} columns pictures for which there is room
 */
export function widthOf(columns) {
  return columns * (CELL + GAP) - GAP;
}

/**
 * Where the pictures of a strip lie on the sheet of all strips, and where in the strip.
 *
 * @param {number} row of the strip
 * @param {number} count of its pictures
 * @param {{ columns: number, width: number }} sheet its pictures a row, and its width in px
 * @returns {Cut[]}
 */
export function cutsOf(row, count, { columns, width }) {
  const side = width / columns;
  return Array.from({ length: count }, (_, index) => {
    return { ...placeOn(row * columns + index, columns, side), side, at: index * (CELL + GAP) };
  });
}

/**
 * The name of the strip that leads to the next seed.
 *
 * @param {number} seed
 * @param {boolean} found whether it starts from a face that was found, not from the seed's
 */
export function wayName(seed, found) {
  return found ? `This face to seed ${seed + 1}` : `Seed ${seed} to seed ${seed + 1}`;
}

/**
 * What a strip shows: a slider's range, or in the last row the way to the next seed.
 *
 * @param {number} row
 * @param {number} rows of the sheet
 * @param {{ names: string[], effects: string[], seed: number, found: boolean }} told names of the sliders and what they
 *   do; found: see `wayName`
 * @returns {{ name: string, effect: string, film: string }} film: what the server calls its film
 */
export function stripOf(row, rows, { names, effects, seed, found }) {
  if (row === rows - 1) return { name: wayName(seed, found), effect: "", film: "to" };
  return { name: names[row], effect: effects[row] || "", film: String(row) };
}

/**
 * A strip with its name and a button for its film.
 *
 * @param {HTMLImageElement | HTMLCanvasElement} sheet
 * @param {ReturnType<typeof stripOf>} strip
 * @param {object} cut
 * @param {number} cut.columns pictures for which there is room
 * @param {Cut[]} cut.cuts of the sheet
 * @param {boolean} cut.smooth not in squares
 */
export function stripLine(sheet, { name, effect, film }, { columns, cuts, smooth }) {
  const line = copyOf(document, ".latent-strip-line");
  part(line, "span").prepend(name);
  part(line, "small").textContent = effect;
  const button = part(line, "button", HTMLButtonElement);
  button.ariaLabel = `GIF: ${name}`;
  button.dataset.film = film;
  const canvas = part(line, "canvas", HTMLCanvasElement);
  canvas.ariaLabel = `${name}, ${cuts.length} pictures`;
  canvas.width = widthOf(columns);
  canvas.height = CELL;
  const brush = brushOf(canvas);
  brush.imageSmoothingEnabled = smooth;
  brush.imageSmoothingQuality = "high";
  for (const { left, top, side, at } of cuts) brush.drawImage(sheet, left, top, side, side, at, 0, CELL, CELL);
  return line;
}
