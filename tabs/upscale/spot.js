/** The spot of a picture that is looked at closely. */

/** @typedef {[x: number, y: number]} Pair */

const FILLED = 600; // px of the result that the zoomed pictures have room for, about

/**
 * How much a result is enlarged at first.
 *
 * @param {number} width px
 * @param {number} height px
 * @returns {number} 1 to 4, in halves
 */
export function firstZoom(width, height) {
  return Math.max(1, Math.min(4, Math.round((FILLED / Math.min(width, height)) * 2) / 2 + 1));
}

/**
 * The middle of the spot after a move: not beyond the border, unless all of the picture is in view.
 *
 * @param {Pair} centre shares of width and height
 * @param {Pair} by px of the picture
 * @param {Pair} size of the picture, px
 * @param {number} seen side of the spot, px of the picture
 * @returns {Pair}
 */
export function moved(centre, by, size, seen) {
  const along = (/** @type {0 | 1} */ axis) => {
    const half = Math.min(0.5, seen / size[axis] / 2);
    return Math.max(half, Math.min(1 - half, centre[axis] + by[axis] / size[axis]));
  };
  return [along(0), along(1)];
}

/**
 * Where the spot lies on the whole picture.
 *
 * @param {Pair} centre shares
 * @param {Pair} size px
 * @param {number} seen side of the spot, px
 * @returns {{ left: number, top: number, width: number, height: number } | null} in percent; null if it is all of it
 */
export function outlineOf(centre, size, seen) {
  const [width, height] = size.map((length) => Math.min(1, seen / length));
  if (width === 1 && height === 1) return null;
  const [left, top] = [centre[0] - width / 2, centre[1] - height / 2];
  return { left: 100 * left, top: 100 * top, width: 100 * width, height: 100 * height };
}
