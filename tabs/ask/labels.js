/** The labels of a scene, in words. */

/** @typedef {{ floor: number, wall: number, object: number, shape: number }} Labels */
/** @typedef {{ hues: string[], shapes: string[] }} Words names of the values */

export const LABELS = /** @type {const} */ (["floor", "wall", "object", "shape"]);

/** @param {string} words */
const withArticle = (words) => (/^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`);

/**
 * The name of a label's value.
 *
 * @param {Words} words
 * @param {string} label
 * @param {number} value
 */
export function nameOf(words, label, value) {
  return (label === "shape" ? words.shapes : words.hues)[value];
}

/**
 * "A red ball on a green floor before a cyan wall".
 *
 * @param {Words} words
 * @param {Labels} labels
 */
export function describe(words, { floor, wall, object, shape }) {
  const thing = withArticle(`${words.hues[object]} ${words.shapes[shape]}`);
  const upper = thing[0].toUpperCase() + thing.slice(1);
  return `${upper} on ${withArticle(words.hues[floor])} floor before ${withArticle(words.hues[wall])} wall`;
}

/**
 * Whether a combination was held out of the training.
 *
 * @param {string} heldOut "0" or "1" for each of 10 x 10 x 10 x 4 combinations
 * @param {Labels} labels
 */
export function isHeldOut(heldOut, { floor, wall, object, shape }) {
  return heldOut[((floor * 10 + wall) * 10 + object) * 4 + shape] === "1";
}
