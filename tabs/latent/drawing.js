/** Where the sliders stand, as steps that a browser can draw, and as a permalink. */

import { drawLatents } from "../../page/drawing/latents.js";
import { TorchRandom } from "../../page/drawing/torch-random.js";

/** @typedef {import("./stage.js").Setting} Setting */
/** @typedef {(name: string) => import("../../page/drawing/worker.js").Network["description"] | null} Describe */

/**
 * The networks that draw a setting, each after the one before.
 *
 * @param {{ model: string, set: string }} setting
 * @returns {string[]}
 */
export const networksOf = ({ model, set }) => (set ? [`${model}/${set}`, model] : [model]);

/**
 * @param {Iterable<number>} numbers
 * @returns {import("../../page/drawing/worker.js").Numbers} of one picture
 */
export function row(numbers) {
  const data = Float32Array.from(numbers);
  return { type: "float32", data, dims: [1, data.length] };
}

/** @returns {import("../../page/drawing/worker.js").Numbers} */
export const scalar = (/** @type {number} */ number) => ({
  type: "float32",
  data: new Float32Array([number]),
  dims: [],
});

/**
 * What the networks have to do for a setting: what `paint` in models/sliders.py does.
 *
 * @param {Setting} setting
 * @param {Describe} describe
 * @returns {import("../../page/drawing/worker.js").Step[] | null} null if a network is not ready
 */
export function stepsOf({ model, set, codes, seed, z }, describe) {
  const network = describe(model);
  const inputs = network?.inputs;
  if (!inputs || (set && !describe(`${model}/${set}`))) return null;
  if (inputs.codes) {
    const noise = inputs.noise && { noise: row(new TorchRandom(seed).normal(Number(inputs.noise.shape[1]))) };
    return [{ network: model, inputs: { codes: row(codes), ...noise } }];
  }
  const size = Number(inputs.latents.shape[1]);
  const start = Float32Array.from(z ?? drawLatents(size, seed, 1)[0]);
  const truncation = inputs.truncation && { truncation: scalar(1) };
  if (!set) {
    if (!network.plain_sliders) return null;
    const { count, reach } = network.plain_sliders;
    start.set(codes.slice(0, count).map((code) => reach * Math.fround(code))); // the first numbers of the latent
    return [{ network: model, inputs: { latents: row(start), ...truncation } }];
  }
  return [
    { network: `${model}/${set}`, inputs: { latents: row(start), amounts: row(codes) } },
    { network: model, inputs: { latents: { from: "moved", rows: 0 }, ...truncation } },
  ];
}

/**
 * The permalink of a setting, as `to_query` in permalink.py writes it.
 *
 * @param {Setting} setting
 */
export function linkOf({ model, set, codes, seed, z }) {
  const fields = [
    ["tab", "latent"],
    ["model", model],
    ...(set ? [["set", set]] : []),
    ["codes", codes.join()],
    ["seed", seed],
    ...(z?.length ? [["z", z.join()]] : []),
  ];
  return fields.map((field) => field.join("=")).join("&");
}
