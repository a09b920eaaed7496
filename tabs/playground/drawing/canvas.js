/** Canvases that are as sharp as the screen. */

import { brushOf } from "../../../page/components/dom.js";

export const FONT = "12px system-ui, sans-serif";

/**
 * Clears a canvas, and makes it have as many pixels as the screen has where it is shown.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D} draws in CSS pixels
 */
export function clearedBrush(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const brush = brushOf(canvas);
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  brush.clearRect(0, 0, width, height);
  return brush;
}
