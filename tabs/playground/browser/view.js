/** What the page shows of a game, as in playground/views.py: samples, D's surface, G's grid, arrows, numbers. */

import { comment } from "./commentary.js";
import { discriminatorLoss, meanOf, PROBABILITIES, sigmoid, softplus } from "./losses.js";
import { modesCovered, offTheData } from "./measures.js";
import { WIDTH } from "./points.js";

const SAMPLES = 1000; // generated points that are measured
const SHOWN = 300; // and drawn
const ARROWS = 60; // of them that have an arrow
const CELLS = 48; // of the surface, in each direction
const LINES = 9; // of the generator's grid, in each direction
const PLACES = 25; // on each of them
const EXTENT = 1.1; // the plane is shown from -EXTENT to EXTENT
const REACH = 0.12; // how near a data point a sample has to be, to be on the data
const SCALE = 1000; // points travel as whole thousandths
const FARTHEST = 50; // that a page can draw

/** @typedef {import("./game.js").Game} Game */
/** @typedef {Record<string, number>} Numbers */

/**
 * One frame.
 *
 * @typedef {object} Frame
 * @property {number} rounds
 * @property {boolean} lost whether the weights have run away; then there is nothing else to see
 * @property {import("../controls.js").Caption[]} captions
 * @property {number[]} [fake]
 * @property {number[]} [arrows]
 * @property {Uint8Array} [surface]
 * @property {number[][]} [grid]
 * @property {Numbers} [numbers]
 */

/**
 * @param {Game} game
 * @param {import("../drawing/geometry.js").Point[] | null} centres of the modes of its points
 * @returns {Frame}
 */
export function viewOf(game, centres) {
  const { rounds, settings, lost } = game;
  if (lost) return { rounds, lost, captions: comment(settings, null) };
  const samples = game.sample(SAMPLES);
  const { numbers, pull } = numbersOf(game, samples, centres);
  return {
    rounds,
    lost,
    fake: packed(samples.subarray(0, 2 * SHOWN)),
    arrows: packed(pull.subarray(0, 2 * ARROWS)),
    surface: surfaceOf(game),
    grid: warpedGrid(game).map(packed),
    numbers: Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, rounded(value, 1e4)])),
    captions: comment(settings, numbers),
  };
}

/**
 * @param {number} value
 * @param {number} scale
 */
const rounded = (value, scale) => Math.round(value * scale) / scale;

/**
 * Points (N, 2) as whole thousandths, x and y in turn.
 *
 * @param {ArrayLike<number>} points
 */
export const packed = (points) =>
  Array.from(points, (place) => Math.round(SCALE * Math.min(Math.max(place, -FARTHEST), FARTHEST)));

/**
 * The figures of a game, and where its samples are pulled.
 *
 * @param {Game} game
 * @param {Float64Array} samples (N, 2)
 * @param {import("../drawing/geometry.js").Point[] | null} centres
 */
function numbersOf(game, samples, centres) {
  const { loss } = game.settings;
  const [real, fake] = [game.logits(game.points.subarray(0, samples.length)), game.logits(samples)];
  const count = Math.min(real.length, fake.length);
  const { value, pull } = game.pull(samples);
  const [realLog, fakeLog] = [-meanOf(real, (x) => softplus(-x)), -meanOf(fake, softplus)];
  const shown = PROBABILITIES.includes(loss) ? sigmoid : (/** @type {number} */ x) => x;
  let length = 0;
  for (let i = 0; i < pull.length; i += 2) length += Math.hypot(pull[i], pull[i + 1]);
  /** @type {Numbers} */
  const numbers = {
    discriminator_loss: discriminatorLoss(loss, real.subarray(0, count), fake.subarray(0, count)).value,
    generator_loss: value,
    value: realLog + fakeLog,
    real_log: realLog,
    fake_log: fakeLog,
    real: meanOf(real, shown),
    fake: meanOf(fake, shown),
    pull: length / (pull.length / 2),
    off: offTheData(samples, game.points, REACH),
    reached: 1 - offTheData(game.points, samples, REACH),
  };
  if (centres) numbers.modes = modesCovered(samples, centres, WIDTH);
  return { numbers, pull };
}

/**
 * Evenly spread numbers.
 *
 * @param {number} extent from -extent to extent
 * @param {number} count
 */
const spread = (extent, count) =>
  Float64Array.from({ length: count }, (_, k) => (2 * extent * k) / (count - 1) - extent);

/**
 * How real D takes every place of the plane for, 0 to 255, (CELLS, CELLS), rows from top to bottom. For losses whose D
 * is no probability, 0 to 255 span its values on real and generated points.
 *
 * @param {Game} game
 */
function surfaceOf(game) {
  const axis = spread(EXTENT, CELLS);
  const places = Float64Array.from([...axis].flatMap((_, row) => [...axis].flatMap((x) => [x, axis[CELLS - 1 - row]])));
  const logits = game.logits(places);
  if (PROBABILITIES.includes(game.settings.loss)) return Uint8Array.from(logits, (x) => Math.round(255 * sigmoid(x)));
  const known = Float64Array.from([...game.logits(game.points), ...game.logits(game.sample(SHOWN))]).sort();
  const [low, high] = [0.02, 0.98].map((share) => quantile(known, share));
  const span = Math.max(high - low, 1e-6);
  return Uint8Array.from(logits, (x) => Math.round(255 * Math.min(Math.max((x - low) / span, 0), 1)));
}

/**
 * @param {Float64Array} sorted
 * @param {number} share 0 to 1
 */
function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const before = Math.floor(place);
  const next = sorted[Math.min(before + 1, sorted.length - 1)];
  return sorted[before] + (place - before) * (next - sorted[before]);
}

/**
 * Where G takes the lines of an even grid in z: curves (PLACES, 2); a single curve for one number of noise.
 *
 * @param {Game} game
 */
function warpedGrid(game) {
  if (game.settings.noise === 1) return [game.generator.forward(spread(1, 8 * PLACES)).outputs];
  const places = [...spread(1, PLACES)];
  const lines = [...spread(1, LINES)].flatMap((fixed) => [
    places.flatMap((place) => [place, fixed]),
    places.flatMap((place) => [fixed, place]),
  ]);
  const curves = game.generator.forward(Float64Array.from(lines.flat())).outputs;
  return lines.map((_, k) => curves.subarray(2 * PLACES * k, 2 * PLACES * (k + 1)));
}
