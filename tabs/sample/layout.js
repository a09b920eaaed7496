/** How large faces and frames are, and in what order they come. */

const GAP = 8; // px between faces
const LARGEST = 384; // px, the side of a face or a frame
const WELL_SEEN = 148; // px: faces do not get smaller than this to fit on the screen
const STILLS = 9; // of a morph, below its film

/**
 * The side of the faces in CSS pixels, a whole number of screen pixels per pixel: the largest that needs no scrolling,
 * unless they would be too small to be seen well.
 *
 * @param {object} room
 * @param {number} room.count of faces
 * @param {number} room.size of a face, in its own pixels
 * @param {number} room.ratio screen pixels per CSS pixel
 * @param {number} room.width px
 * @param {number} room.height px down to the end of the screen
 * @returns {{ side: number, columns: number }} columns: so that rows are as even as can be
 */
export function gridIn({ count, size, ratio, width, height }) {
  const smallest = Math.min(Math.max(256 / ratio, WELL_SEEN), width);
  let best = { side: size / ratio, columns: 1 };
  let found = false;
  for (let factor = Math.floor((LARGEST * ratio) / size); factor >= 1; factor--) {
    const side = (factor * size) / ratio;
    if (side > width) continue;
    if (found && side < smallest) break;
    const most = Math.max(1, Math.floor((width + GAP) / (side + GAP)));
    const rows = Math.ceil(count / most);
    best = { side, columns: Math.ceil(count / rows) };
    found = true;
    if (rows * (side + GAP) - GAP <= height || side < smallest) break;
  }
  return best;
}

/**
 * The width of a row of faces.
 *
 * @param {{ side: number, columns: number }} grid
 */
export const widthOf = ({ side, columns }) => columns * (side + GAP) - GAP;

/**
 * The side of a morph's frame in CSS pixels, a whole number of screen pixels per pixel.
 *
 * @param {{ size: number, ratio: number, width: number, height: number }} room as of `gridIn`
 */
export function frameIn({ size, ratio, width, height }) {
  const largest = Math.min(LARGEST, width, height) * ratio;
  return (Math.max(1, Math.floor(largest / size)) * size) / ratio;
}

/**
 * Frames of a morph that stand for all, both ends among them.
 *
 * @param {number} count of frames
 * @returns {number[]}
 */
export function stillsOf(count) {
  const stills = Math.min(STILLS, count);
  return Array.from({ length: stills }, (_, index) => Math.round((index * (count - 1)) / Math.max(1, stills - 1)));
}

/**
 * The frame after this one; a film turns round at its ends.
 *
 * @param {{ position: number, direction: number }} now direction: 1 forward, -1 back
 * @param {number} count of frames
 */
export function nextFrame({ position, direction }, count) {
  const next = position + direction;
  if (next >= 0 && next < count) return { position: next, direction };
  return { position: position - direction, direction: -direction };
}

/**
 * How long a frame stays, in ms: short films are slower.
 *
 * @param {number} count of frames
 */
export const pauseOf = (count) => 1600 / count + 30;

/**
 * The permalink of the same faces' neighbours.
 *
 * @param {string} link
 * @param {number[]} path picked faces, counted from 1
 */
export function linkAlong(link, path) {
  const search = new URLSearchParams(link);
  if (path.length) search.set("path", path.join("-"));
  else search.delete("path");
  search.delete("step"); // neighbours are drawn by the finished network
  return search.toString();
}

/**
 * The permalink of the first of the same faces.
 *
 * @param {string} link
 * @param {number} count of faces
 */
export function linkOfFewer(link, count) {
  const search = new URLSearchParams(link);
  search.set("count", String(count));
  return search.toString().replaceAll("%2F", "/");
}
