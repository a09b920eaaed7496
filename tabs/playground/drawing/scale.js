/** Where the values of curves over steps lie on a drawing. */

const MARGIN = { left: 48, right: 8, top: 8, bottom: 20 }; // px, with room for numbers
const LEAST = 1e-6; // values that lie closer together are one

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {{ bottom: number, top: number, last: number }} Span of values; steps go from 0 to `last` */

/**
 * A curve of what there was at the start and after each step.
 *
 * @param {number[]} values
 * @returns {Point[]}
 */
export const overSteps = (values) => values.map((value, step) => [step, value]);

/**
 * What curves span.
 *
 * @param {Point[][]} curves steps and values; a value may be missing or infinite
 * @param {object} [within]
 * @param {number[]} [within.also] other values that have to be seen
 * @param {number | null} [within.low] the lowest value, if it does not follow from the curves
 * @param {number | null} [within.high] the highest
 * @returns {Span | null} null if there is no value
 */
export function spanOf(curves, { also = [], low = null, high = null } = {}) {
  const points = curves.flat();
  const values = points.map(([, value]) => value).filter(Number.isFinite);
  if (!values.length) return null;
  const bottom = low ?? Math.min(...values, ...also);
  const top = high ?? Math.max(...values, ...also);
  const half = top - bottom < LEAST ? 0.5 : 0; // of a band around a single value
  return { bottom: bottom - half, top: top + half, last: Math.max(1, ...points.map(([step]) => step)) };
}

/**
 * Where they lie.
 *
 * @param {Span} span
 * @param {number} width of the drawing, px
 * @param {number} height
 */
export function scaleOf({ bottom, top, last }, width, height) {
  const left = MARGIN.left;
  const right = width - MARGIN.right;
  const upper = MARGIN.top;
  const lower = height - MARGIN.bottom;
  return {
    left,
    right,
    upper,
    lower,
    /** @param {number} step */
    x: (step) => left + ((right - left) * step) / last,
    /** @param {number} value what is beyond the span lies on its border */
    y: (value) => lower - ((lower - upper) * (Math.min(top, Math.max(bottom, value)) - bottom)) / (top - bottom),
  };
}
