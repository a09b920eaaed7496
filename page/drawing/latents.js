/** Latents and codes of a seed, their neighbours, and the way between two: what models/gan.py, models/faces/lineage.py
 * and models/sliders.py compute on the server. */

import { seedWords } from "./seed-sequence.js";
import { TorchRandom } from "./torch-random.js";

const SPREAD = 0.5; // how far neighbours lie, see models/faces/lineage.py
const LARGEST_SEED = 2 ** 31 - 1;

/**
 * Latents of a seed; the first ones do not depend on `count`.
 *
 * @param {number} size numbers in one
 * @param {number} seed
 * @param {number} count
 * @returns {Float32Array[]}
 */
export function drawLatents(size, seed, count) {
  const source = new TorchRandom(seed);
  return Array.from({ length: count }, () => source.normal(size));
}

/**
 * Where the sliders of a seed stand.
 *
 * @param {import("../../tabs/latent/sliders.js").CodeType[]} types
 * @param {number} seed
 */
export function randomCodes(types, seed) {
  const source = new TorchRandom(seed);
  return types.map(([, categories]) => (categories ? source.whole(categories, 1)[0] : source.uniform(1)[0] * 2 - 1));
}

/**
 * The faces at the end of a lineage: those of the seed, or neighbours of the last one that was picked.
 *
 * @param {number} size numbers in a latent
 * @param {{ seed: number, path: number[], count: number }} lineage picks count from 1
 * @returns {Float32Array[]}
 */
export function children(size, { seed, path, count }) {
  if (path.length === 0) return drawLatents(size, seed, count);
  const parent = ancestors(size, { seed, path })[path.length - 1];
  const keeps = Math.sqrt(1 - SPREAD ** 2);
  return drawLatents(size, childSeed(seed, path), count).map((noise) =>
    noise.map((number, index) => keeps * parent[index] + SPREAD * number),
  );
}

/**
 * The picked faces of a lineage, eldest first.
 *
 * @param {number} size numbers in a latent
 * @param {{ seed: number, path: number[] }} lineage
 * @returns {Float32Array[]}
 */
export function ancestors(size, { seed, path }) {
  return path.map((pick, generation) => {
    const siblings = children(size, { seed, path: path.slice(0, generation), count: pick });
    return siblings[pick - 1];
  });
}

/**
 * The seed of the noise at the end of a path, as numpy.random.SeedSequence([seed, *path]) has it.
 *
 * @param {number} seed
 * @param {number[]} path
 */
export const childSeed = (seed, path) => seedWords([seed, ...path], 1)[0] & LARGEST_SEED;

/**
 * Latents along the great circle from one to another, lengths interpolated linearly.
 *
 * @param {Float32Array} start
 * @param {Float32Array} end
 * @param {number} steps both ends included
 * @returns {Float32Array[]}
 */
export function interpolate(start, end, steps) {
  const lengths = [Math.hypot(...start), Math.hypot(...end)];
  const product = start.reduce((sum, number, index) => sum + number * end[index], 0);
  const angle = Math.acos(Math.min(1, Math.max(-1, product / Math.max(lengths[0] * lengths[1], 1e-12))));
  return Array.from({ length: steps }, (_, step) => {
    const share = step / (steps - 1);
    if (Math.sin(angle) < 1e-4) return start.map((number, index) => (1 - share) * number + share * end[index]);
    const length = (1 - share) * lengths[0] + share * lengths[1];
    const first = (length * Math.sin((1 - share) * angle)) / Math.sin(angle) / lengths[0];
    const second = (length * Math.sin(share * angle)) / Math.sin(angle) / lengths[1];
    return start.map((number, index) => first * number + second * end[index]);
  });
}
