/** Where the frame around a face is. */

/** @typedef {[left: number, top: number, side: number]} Frame shares of the picture's width, height and shorter side */
/** @typedef {{ width: number, height: number }} Size */

/**
 * The largest frame, in the middle of a picture.
 *
 * @param {Size} picture
 * @returns {Frame}
 */
export function inTheMiddle({ width, height }) {
  const short = Math.min(width, height) || 1;
  return [(1 - short / width) / 2, (1 - short / height) / 2, 1];
}

/**
 * A frame with its corner elsewhere, within the picture.
 *
 * @param {Frame} frame
 * @param {number} left share
 * @param {number} top share
 * @param {Size} picture
 * @returns {Frame}
 */
export function movedTo([, , side], left, top, { width, height }) {
  const length = side * Math.min(width, height);
  return [Math.max(0, Math.min(left, 1 - length / width)), Math.max(0, Math.min(top, 1 - length / height)), side];
}

/**
 * A frame of another size around the same middle, within the picture.
 *
 * @param {Frame} frame
 * @param {number} side share
 * @param {Size} picture
 * @returns {Frame}
 */
export function resized([left, top, before], side, picture) {
  const half = ((before - side) * Math.min(picture.width, picture.height)) / 2;
  return movedTo([left, top, side], left + half / picture.width, top + half / picture.height, picture);
}

/**
 * @param {Frame} frame
 * @param {Size} shown the picture on the screen, px
 */
export function onScreen([left, top, side], { width, height }) {
  return { left: left * width, top: top * height, side: side * Math.min(width, height) };
}
