/** The plane in which everything here happens, and the square that it is drawn in; y points up. */

export const EXTENT = 1.1; // the plane is shown from -EXTENT to EXTENT, as in playground/views.py
const SCALE = 1000; // points come as whole thousandths, as playground/views.py packs them
const BARB = 2.6; // radians between an arrow and the lines of its head
const LONGEST_BARB = 5; // px

/** @typedef {[number, number]} Point x and y, of the plane or of a drawing in px */

/**
 * The points that the server sent as x and y in turn.
 *
 * @param {number[]} packed
 * @returns {Point[]}
 */
export function unpacked(packed) {
  /** @type {Point[]} */
  const points = [];
  for (let index = 0; index + 1 < packed.length; index += 2) {
    points.push([packed[index] / SCALE, packed[index + 1] / SCALE]);
  }
  return points;
}

/**
 * Where a point of the plane lies on a square drawing.
 *
 * @param {Point} point
 * @param {number} side of the drawing, px
 * @param {number} extent
 * @returns {Point} px
 */
export function onDrawing([x, y], side, extent) {
  const unit = side / 2 / extent;
  return [(x + extent) * unit, (extent - y) * unit];
}

/**
 * The point of the plane that a pointer is at; the inverse of `onDrawing`.
 *
 * @param {{ clientX: number, clientY: number }} pointer
 * @param {{ left: number, top: number, width: number, height: number }} box of the drawing
 * @param {number} extent
 * @returns {Point}
 */
export function pointAt({ clientX, clientY }, { left, top, width, height }, extent) {
  return [extent * ((2 * (clientX - left)) / width - 1), extent * (1 - (2 * (clientY - top)) / height)];
}

/**
 * An arrow on a drawing.
 *
 * @param {Point} start px
 * @param {Point} move its direction, as in the plane; not zero
 * @param {number} reach its length, px
 * @returns {{ tip: Point, barbs: Point[] }} px
 */
export function arrowFrom([left, top], [across, up], reach) {
  const size = Math.hypot(across, up);
  const dx = (across / size) * reach;
  const dy = (-up / size) * reach;
  const angle = Math.atan2(dy, dx);
  const barb = Math.min(LONGEST_BARB, reach / 2);
  /** @type {Point} */
  const tip = [left + dx, top + dy];
  const barbs = [BARB, -BARB].map((turn) => {
    const direction = angle + turn;
    return /** @type {Point} */ ([tip[0] + barb * Math.cos(direction), tip[1] + barb * Math.sin(direction)]);
  });
  return { tip, barbs };
}
