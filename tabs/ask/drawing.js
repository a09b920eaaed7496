/** A wish as steps that a browser can draw, and what the server would answer to it. */

import { TorchRandom } from "../../page/drawing/torch-random.js";
import { isHeldOut, LABELS } from "./labels.js";

const MODEL = "scenes-conditional-64";
const READER = "scenes-factors-64";
const LARGEST_SEED = 2 ** 31 - 1;
const PICTURES = 8; // the wish, then other seeds

/** What draws a wish and reads it. */
export const NETWORKS = [MODEL, READER];

/** @typedef {import("./labels.js").Labels & { seed: number }} Wish */

/**
 * Whether these are the fields of a wish, whole and in their ranges.
 *
 * @param {any} fields
 * @returns {fields is Wish}
 */
export function isWish(fields) {
  /** @type {[string, number][]} */
  const most = [...LABELS.map((label) => /** @type {[string, number]} */ ([label, label === "shape" ? 3 : 9]))];
  most.push(["seed", LARGEST_SEED]);
  return most.every(
    ([name, largest]) => Number.isInteger(fields[name]) && fields[name] >= 0 && fields[name] <= largest,
  );
}

/**
 * The seeds of the pictures of a wish, its own first.
 *
 * @param {Wish} wish
 */
export const seedsOf = ({ seed }) => Array.from({ length: PICTURES }, (_, step) => (seed + step) % (LARGEST_SEED + 1));

/**
 * What the networks have to do for a wish: draw it with its seed and with others, read the first picture.
 *
 * @param {Wish} wish
 * @param {import("../latent/drawing.js").Describe} describe
 * @returns {import("../../page/drawing/worker.js").Step[] | null} null if a network is not ready
 */
export function stepsOf(wish, describe) {
  const inputs = describe(MODEL)?.inputs;
  if (!inputs || !describe(READER)) return null;
  const seeds = seedsOf(wish);
  const size = Number(inputs.noise.shape[1]);
  const labels = new Float32Array(seeds.flatMap(() => LABELS.map((label) => wish[label])));
  const noise = new Float32Array(seeds.flatMap((seed) => [...new TorchRandom(seed).normal(size)]));
  return [
    {
      network: MODEL,
      inputs: {
        labels: { type: "float32", data: labels, dims: [seeds.length, LABELS.length] },
        noise: { type: "float32", data: noise, dims: [seeds.length, size] },
      },
    },
    { network: READER, inputs: { pictures: { from: "pictures", rows: 1 } } },
  ];
}

/**
 * For each label the value that the reader finds likeliest, and its probability.
 *
 * @param {Float32Array} probabilities of all values of all factors
 * @param {{ name: string, size: number }[]} factors
 * @returns {[number, number][]}
 */
export function readingOf(probabilities, factors) {
  return LABELS.map((label) => {
    const index = factors.findIndex(({ name }) => name === label || name === `${label} hue`);
    const start = factors.slice(0, index).reduce((sum, { size }) => sum + size, 0);
    const told = [...probabilities.slice(start, start + factors[index].size)];
    const best = Math.max(...told);
    return [told.indexOf(best), Math.round(1000 * best) / 1000];
  });
}

/**
 * The permalink of a wish, as `to_query` in tab.py writes it.
 *
 * @param {Wish} wish
 */
export const linkOf = (wish) =>
  [`tab=ask`, ...[...LABELS, "seed"].map((name) => `${name}=${/** @type {any} */ (wish)[name]}`)].join("&");

/**
 * What the server's `ask` answers.
 *
 * @param {Wish} wish
 * @param {import("../../page/drawing/drawing.js").Drawn} drawn
 * @param {{ factors: { name: string, size: number }[], heldOut: string }} known of the reader, and of the training
 */
export function answerOf(wish, { sheet, numbers }, { factors, heldOut }) {
  return {
    ...wish,
    sheet,
    seeds: seedsOf(wish),
    read: readingOf(numbers.probabilities, factors),
    held_out: isHeldOut(heldOut, wish),
    link: linkOf(wish),
  };
}
