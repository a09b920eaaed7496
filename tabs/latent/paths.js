/** Slider positions along a path, as models/sliders.py has them. */

/** @typedef {import("./sliders.js").CodeType} CodeType */

/**
 * Positions in which one slider runs over its range and the others stay.
 *
 * @param {CodeType} type of that slider
 * @param {number[]} codes
 * @param {number} code its number
 * @param {number} steps where it has no categories
 * @returns {number[][]}
 */
export function along([kind, categories], codes, code, steps) {
  const last = kind === "circular" ? steps : steps - 1; // the ends of a circle are one place
  const values = Array.from({ length: categories || steps }, (_, step) => (categories ? step : (2 * step) / last - 1));
  return values.map((value) => codes.map((other, k) => (k === code ? value : other)));
}

/**
 * Positions from one to another: straight, around a circle the shorter way, between categories with a jump in the middle.
 *
 * @param {CodeType[]} types
 * @param {number[]} start
 * @param {number[]} end
 * @param {number} steps both ends included
 * @returns {number[][]}
 */
export function between(types, start, end, steps) {
  return Array.from({ length: steps }, (_, step) => {
    const share = step / (steps - 1);
    return types.map(([kind, categories], k) => {
      if (categories) return share < 0.5 ? start[k] : end[k];
      if (kind === "circular") return onCircle(start[k] + share * onCircle(end[k] - start[k]));
      return start[k] + share * (end[k] - start[k]);
    });
  });
}

/** @param {number} code @returns {number} the same place of the circle, in [-1, 1) */
const onCircle = (code) => ((((code + 1) % 2) + 2) % 2) - 1;
