/** Contact sheets: the server sends many small pictures as one, which is cut here. */

import { brushOf } from "./dom.js";

/**
 * Where a picture lies on a sheet.
 *
 * @param {number} index of the picture, row by row
 * @param {number} columns of the sheet
 * @param {number} side of a picture, px
 * @returns {{ left: number, top: number }} px
 */
export function placeOn(index, columns, side) {
  return { left: (index % columns) * side, top: Math.floor(index / columns) * side };
}

/**
 * Draws one picture of a sheet on a canvas, enlarged.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasImageSource} sheet
 * @param {object} cut
 * @param {number} cut.index
 * @param {number} cut.columns
 * @param {number} cut.side of a picture on the sheet, px
 * @param {number} cut.shown of the canvas, px
 * @param {boolean} [cut.smooth] not in squares
 */
export function drawFromSheet(canvas, sheet, { index, columns, side, shown, smooth = true }) {
  const { left, top } = placeOn(index, columns, side);
  const alone = document.createElement("canvas"); // so that no neighbour shines through at the border
  alone.width = alone.height = side;
  brushOf(alone).drawImage(sheet, left, top, side, side, 0, 0, side, side);
  canvas.width = canvas.height = shown;
  const brush = brushOf(canvas);
  brush.imageSmoothingEnabled = smooth;
  brush.imageSmoothingQuality = "high";
  brush.drawImage(alone, 0, 0, shown, shown);
}
