/** Draws curves over steps. */

import { inLanguage } from "../../../page/translation.js";
import { counted, fixed } from "../numbers.js";
import { clearedBrush, FONT } from "./canvas.js";
import { colourOf, writingColourOf } from "./colours.js";
import { scaleOf, spanOf } from "./scale.js";

const DIGITS = 2; // of the values beside the lines

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {{ shade: string, points: Point[] }} Curve shade: see `colourOf` */
/** @typedef {{ value: number, label: string }} Limit that is drawn as a dashed line */
/** @typedef {ReturnType<typeof scaleOf>} Scale */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Curve[]} curves
 * @param {object} [options]
 * @param {Limit[]} [options.limits]
 * @param {number | null} [options.mark] a step that is marked
 * @param {string} [options.unit] of the steps
 * @param {number | null} [options.low] see `spanOf`
 * @param {number | null} [options.high]
 */
export function drawCurves(
  canvas,
  curves,
  { limits = [], mark = null, unit = "rounds", low = null, high = null } = {},
) {
  const brush = clearedBrush(canvas);
  const span = spanOf(
    curves.map(({ points }) => points),
    { also: limits.map(({ value }) => value), low, high },
  );
  if (!span) return;
  const scale = scaleOf(span, canvas.clientWidth, canvas.clientHeight);
  const writing = writingColourOf(canvas);
  brush.font = FONT;
  brush.fillStyle = writing;
  brush.textAlign = "right";
  brush.strokeStyle = colourOf(canvas, "line");
  brush.lineWidth = 1;
  for (const value of [span.bottom, (span.bottom + span.top) / 2, span.top]) {
    drawLevel(brush, scale, value);
    brush.fillText(inLanguage(fixed(value, DIGITS)), scale.left - 6, scale.y(value) + 4);
  }
  brush.fillText(inLanguage(`${counted(span.last)} ${unit}`), scale.right, canvas.clientHeight - 5);
  brush.strokeStyle = writing;
  brush.setLineDash([5, 4]);
  for (const { value, label } of limits) {
    drawLevel(brush, scale, value);
    brush.fillText(inLanguage(label), scale.right, scale.y(value) - 4);
  }
  brush.setLineDash([]);
  brush.lineWidth = 1.8;
  for (const { shade, points } of curves) {
    brush.strokeStyle = colourOf(canvas, shade);
    drawCurve(brush, scale, points);
  }
  if (mark !== null) {
    brush.strokeStyle = colourOf(canvas, "ink");
    brush.lineWidth = 1;
    brush.beginPath();
    brush.moveTo(scale.x(mark), scale.upper);
    brush.lineTo(scale.x(mark), scale.lower);
    brush.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {Scale} scale
 * @param {number} value
 */
function drawLevel(brush, scale, value) {
  brush.beginPath();
  brush.moveTo(scale.left, scale.y(value));
  brush.lineTo(scale.right, scale.y(value));
  brush.stroke();
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {Scale} scale
 * @param {Point[]} points
 */
function drawCurve(brush, scale, points) {
  brush.beginPath();
  points.forEach(([step, value], index) => {
    if (!Number.isFinite(value)) return;
    if (index) brush.lineTo(scale.x(step), scale.y(value));
    else brush.moveTo(scale.x(step), scale.y(value));
  });
  brush.stroke();
}
