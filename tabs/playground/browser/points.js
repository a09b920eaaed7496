/** The presets of playground/points.py: the same points. */

import { NumpyRandom } from "./numpy-random.js";

export const WIDTH = 0.04; // standard deviation of one Gaussian of ring and grid, and of the noise around a curve
const COUNT = 1000;

/** @typedef {import("../drawing/geometry.js").Point} Point */

/**
 * Points to draw, and the centres of their modes where they have some.
 *
 * @typedef {{ places: (random: NumpyRandom) => Point[], centres: Point[] | null }} Preset
 */

/** @type {Point[]} */
const RING = Array.from({ length: 8 }, (_, k) => [
  0.72 * Math.cos((Math.PI * k) / 4),
  0.72 * Math.sin((Math.PI * k) / 4),
]);

/** @type {Point[]} */
const GRID = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => /** @type {Point} */ ([0.62 * x, 0.62 * y])));

/** @type {Record<string, Preset>} */
const PRESETS = {
  ring: around(RING),
  grid: around(GRID),
  line: along((place) => [1.4 * place - 0.7, 0.9 * place - 0.45]),
  moons: along((place) => {
    const angle = 2 * Math.PI * place;
    const [right, up] = place < 0.5 ? [-0.5, -0.25] : [0.5, 0.25];
    return [0.55 * (Math.cos(angle) + right), 0.55 * (Math.sin(angle) + up)];
  }),
  spiral: along((place) => {
    const alongArm = Math.sqrt(place); // evenly spread over the arm's length
    const angle = 3 * Math.PI * alongArm;
    return [0.8 * alongArm * Math.cos(angle), 0.8 * alongArm * Math.sin(angle)];
  }),
};

/**
 * Equal Gaussians around centres.
 *
 * @param {Point[]} centres
 * @returns {Preset}
 */
function around(centres) {
  return { centres, places: (random) => Array.from({ length: COUNT }, () => centres[random.below(centres.length)]) };
}

/**
 * Points around a curve whose places are given by numbers of [0, 1).
 *
 * @param {(place: number) => Point} curve
 * @returns {Preset}
 */
function along(curve) {
  return { centres: null, places: (random) => Array.from({ length: COUNT }, () => curve(random.double())) };
}

/** @param {string} name */
const isPreset = (name) => Object.hasOwn(PRESETS, name);

/** @param {string} name of a preset */
export const centresOf = (name) => (isPreset(name) ? PRESETS[name].centres : null);

/**
 * Points of a preset, (COUNT, 2).
 *
 * @param {string} name
 * @param {number} seed
 */
export function drawPoints(name, seed = 0) {
  const random = new NumpyRandom([seed]);
  const places = PRESETS[name].places(random).flat(); // all of them before the first noise, as Python draws them
  return Float64Array.from(places, (place) => place + WIDTH * random.normal());
}
