/**
 * Where a picture lies in a square frame: a similarity transform, without anything of the page.
 *
 * Frame coordinates run from 0 to SIDE; a picture's coordinates are its pixels. With the placement {a, b, x, y} the
 * point (u, v) of the picture lies at (a u - b v + x, b u + a v + y) of the frame.
 *
 * @typedef {{a: number, b: number, x: number, y: number}} Placement
 * @typedef {{x: number, y: number}} Point
 */

export const SIDE = 128; // px, of the pictures that the network draws
export const EYES = [
  { x: 38, y: 38 },
  { x: 87, y: 38 },
]; // where the eyes are in the training pictures of networks of faces, unless they say otherwise
const MOUTH = { x: 63, y: 88.5 }; // where the middle of the mouth is in these
export const SMALLEST = 0.5; // of the frame's side: the shorter side of a picture when it is farthest away
export const FEWEST = 24; // px of the picture across the frame when it is nearest
export const CENTRE = { x: SIDE / 2, y: SIDE / 2 };
const ENLARGED = 1.05; // by one press of a key
const ARROWS = /** @type {Record<string, Point>} */ ({
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
});

/** @param {Placement} p @param {Point} point of the picture @returns {Point} of the frame */
export function toFrame(p, point) {
  return { x: p.a * point.x - p.b * point.y + p.x, y: p.b * point.x + p.a * point.y + p.y };
}

/** @param {Placement} p @param {Point} point of the frame @returns {Point} of the picture */
export function toPicture(p, point) {
  const [u, v, square] = [point.x - p.x, point.y - p.y, p.a * p.a + p.b * p.b];
  return { x: (p.a * u + p.b * v) / square, y: (p.a * v - p.b * u) / square };
}

/** Frame units for one pixel of the picture. @param {Placement} p */
export function scaleOf(p) {
  return Math.hypot(p.a, p.b);
}

/** How far the picture is turned, in degrees, clockwise. @param {Placement} p */
export function angleOf(p) {
  return (Math.atan2(p.b, p.a) * 180) / Math.PI;
}

/** The middle square of a picture over the whole frame. @param {number} width @param {number} height px */
export function middle(width, height) {
  const scale = SIDE / Math.min(width, height);
  return { a: scale, b: 0, x: (SIDE - scale * width) / 2, y: (SIDE - scale * height) / 2 };
}

/** @param {Point[]} points @returns {Point} */
function mean(points) {
  const sum = points.reduce((one, other) => ({ x: one.x + other.x, y: one.y + other.y }));
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** The similarity that brings points to others with the least squared error; two come to where they belong exactly
 * (Umeyama 1991; in the plane, without mirroring, a regression of complex numbers).
 * @param {Point[]} from two or more points of the picture, not all the same
 * @param {Point[]} to as many points of the frame @returns {Placement} */
export function through(from, to) {
  const [centre, aim] = [mean(from), mean(to)];
  let [a, b, square] = [0, 0, 0];
  from.forEach((point, place) => {
    const [u, v] = [point.x - centre.x, point.y - centre.y];
    const [s, t] = [to[place].x - aim.x, to[place].y - aim.y];
    a += s * u + t * v;
    b += t * u - s * v;
    square += u * u + v * v;
  });
  [a, b] = [a / square, b / square];
  return { a, b, x: aim.x - a * centre.x + b * centre.y, y: aim.y - b * centre.x - a * centre.y };
}

/** Where a network expects the eyes and the mouth, of where it expects the eyes.
 * @param {Point[]} eyes of the frame */
export function expectedAt(eyes) {
  return [...eyes, toFrame(through(EYES, eyes), MOUTH)];
}

/** The placement with points of the picture where a network expects the eyes and, if it is marked, the mouth; null if
 * the eyes are too near each other to say how large the face is.
 * @param {Point[]} marked of the picture: the left eye as it is seen, the right one, and the mouth or nothing
 * @param {Point[]} expected of the frame, in the same order */
export function fitted(marked, expected = EYES) {
  const apart = Math.hypot(marked[1].x - marked[0].x, marked[1].y - marked[0].y);
  const tooNear = (apart * SIDE) / (expected[1].x - expected[0].x) < FEWEST;
  return tooNear ? null : through(marked, expected.slice(0, marked.length));
}

/** The placement for a network that expects the eyes elsewhere: the face stays fitted.
 * @param {Placement} p @param {Point[]} before where they were expected @param {Point[]} after where they are now
 * @returns {Placement} */
export function aimed(p, before, after) {
  const t = through(before, after);
  const { x, y } = toFrame(t, p);
  return { a: t.a * p.a - t.b * p.b, b: t.b * p.a + t.a * p.b, x, y };
}

/** The placement of a picture with other pixels, or from it.
 * @param {Placement} p @param {number} factor pixels of this picture for one of the other @returns {Placement} */
export function ofPixels(p, factor) {
  return { ...p, a: p.a * factor, b: p.b * factor };
}

/** @param {Placement} p @param {number} dx @param {number} dy frame units @returns {Placement} */
export function moved(p, dx, dy) {
  return { ...p, x: p.x + dx, y: p.y + dy };
}

/** Made larger by a factor and turned by degrees about a point of the frame that keeps its place.
 * @param {Placement} p @param {number} factor @param {number} degrees @param {Point} about @returns {Placement} */
export function changed(p, factor, degrees, about) {
  const fixed = toPicture(p, about);
  const turn = (degrees * Math.PI) / 180;
  const [c, s] = [factor * Math.cos(turn), factor * Math.sin(turn)];
  const next = { a: c * p.a - s * p.b, b: s * p.a + c * p.b, x: 0, y: 0 };
  const at = toFrame(next, fixed);
  return { ...next, x: about.x - at.x, y: about.y - at.y };
}

/** What two fingers did: the placement that takes the points under them along.
 * @param {Placement} p @param {Point[]} before of the frame @param {Point[]} after of the frame @returns {Placement} */
export function pinched(p, before, after) {
  if (before[0].x === before[1].x && before[0].y === before[1].y) return p;
  return through(
    before.map((point) => toPicture(p, point)),
    after,
  );
}

/** The nearest and the farthest a picture may be: frame units for one of its pixels.
 * @param {number} width @param {number} height px @returns {[number, number]} smallest, largest */
export function scales(width, height) {
  const smallest = (SMALLEST * SIDE) / Math.min(width, height);
  return [smallest, Math.max(2 * smallest, SIDE / FEWEST)];
}

/** A placement within reach: neither too near nor too far, and the middle of the frame on the picture.
 * @param {Placement} p @param {number} width @param {number} height px @returns {Placement} */
export function within(p, width, height) {
  const [smallest, largest] = scales(width, height);
  const scale = scaleOf(p);
  const factor = Math.min(Math.max(scale, smallest), largest) / scale;
  const next = factor === 1 ? p : changed(p, factor, 0, CENTRE);
  const seen = toPicture(next, CENTRE);
  const kept = { x: Math.min(Math.max(seen.x, 0), width), y: Math.min(Math.max(seen.y, 0), height) };
  if (kept.x === seen.x && kept.y === seen.y) return next;
  const at = toFrame(next, kept);
  return moved(next, CENTRE.x - at.x, CENTRE.y - at.y);
}

/** The place on a slider from 0 to 100 of a scale, and back: every step is the same factor.
 * @param {number} scale @param {[number, number]} range smallest and largest scale */
export function toSlider(scale, [smallest, largest]) {
  return (100 * Math.log(scale / smallest)) / Math.log(largest / smallest);
}

/** @param {number} value 0 to 100 @param {[number, number]} range */
export function fromSlider(value, [smallest, largest]) {
  return smallest * (largest / smallest) ** (value / 100);
}

/** The point of the frame that is nearest to one that may lie outside. @param {Point} point @returns {Point} */
export function intoFrame({ x, y }) {
  return { x: Math.min(Math.max(x, 0), SIDE), y: Math.min(Math.max(y, 0), SIDE) };
}

/** How far an arrow key leads, or null for another key.
 * @param {string} key @param {number} step frame units @returns {Point | null} */
export function arrowOf(key, step) {
  const arrow = ARROWS[key];
  return arrow ? { x: step * arrow.x, y: step * arrow.y } : null;
}

/** What a key makes of a placement, or null if it means nothing: arrows move, plus and minus zoom, brackets turn.
 * @param {Placement} p @param {string} key @param {number} step frame units, of an arrow @returns {Placement | null} */
export function afterKey(p, key, step) {
  const arrow = arrowOf(key, step);
  if (arrow) return moved(p, arrow.x, arrow.y);
  if (key === "+" || key === "=") return changed(p, ENLARGED, 0, CENTRE);
  if (key === "-") return changed(p, 1 / ENLARGED, 0, CENTRE);
  if (key === "[") return changed(p, 1, -1, CENTRE);
  if (key === "]") return changed(p, 1, 1, CENTRE);
  return null;
}
