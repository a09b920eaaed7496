/** What the server answers to the tab "Ask for it", answered in the browser. */

import { browser } from "../page/drawing/drawing.js";
import { TorchRandom } from "../page/drawing/torch-random.js";
import { answerOf, isWish, NETWORKS, stepsOf } from "../tabs/ask/drawing.js";
import { isHeldOut, LABELS } from "../tabs/ask/labels.js";
import { addressOf, answering, drawWith } from "./drawing.js";

const COLUMNS = 8; // of the sheet of a wish
const [MODEL] = NETWORKS;

/** @typedef {import("../tabs/ask/labels.js").Labels & { seed: number }} Wish */

/**
 * The wish that a link or a script names.
 *
 * @param {Wish} first
 * @param {Record<string, unknown>} fields
 * @returns {{ wish: Wish, notice: string }}
 */
export function wishOf(first, fields) {
  const given = Object.keys(first).filter((name) => ![undefined, null, ""].includes(/** @type {any} */ (fields[name])));
  const wish = { ...first, ...Object.fromEntries(given.map((name) => [name, Number(fields[name])])) };
  if (isWish(wish)) return { wish, notice: "" };
  return { wish: first, notice: "There is no such scene; this is another one." };
}

/**
 * All values of two labels against each other.
 *
 * @param {Wish} wish
 * @param {string} down
 * @param {string} across
 * @returns {{ labels: number[][], columns: number }} labels row by row
 */
export function tableOf(wish, down, across) {
  const [rows, columns] = [down, across].map((label) => (label === "shape" ? 4 : 10));
  const labels = Array.from({ length: rows * columns }, (_, index) => {
    const changed = { ...wish, [down]: Math.floor(index / columns), [across]: index % columns };
    return LABELS.map((label) => changed[label]);
  });
  return { labels, columns };
}

/**
 * @param {any} known see `known` in answers.py
 * @returns {Record<string, (fields: any) => Promise<any>>}
 */
export function askServer(known) {
  const user = {};
  let tables = 0;

  return {
    ask: answering(async (fields) => {
      const { wish, notice } = wishOf(known.first, fields);
      const drawn = await drawWith(user, NETWORKS, () => stepsOf(wish, browser.describe), COLUMNS);
      const factors = browser.describe(NETWORKS[1])?.factors ?? [];
      return { ...answerOf(wish, drawn, { factors, heldOut: known.held_out }), notice };
    }),

    table: answering(async (fields) => {
      const mine = ++tables;
      const { wish } = wishOf(known.first, fields);
      const { rows: down, columns: across } = fields;
      if (down === across) return { notice: "Rows and columns have to be two different labels." };
      const { labels, columns } = tableOf(wish, down, across);
      const { sheet } = await drawWith(user, NETWORKS, () => stepsOfTable(labels, wish.seed), columns);
      if (mine !== tables) return { notice: "" };
      const heldOut = labels.map(([floor, wall, object, shape]) =>
        isHeldOut(known.held_out, { floor, wall, object, shape }),
      );
      return { sheet: addressOf(sheet), columns, rows: labels.length / columns, held_out: heldOut };
    }),

    obedience: async () => known.obedience,
  };
}

/**
 * @param {number[][]} rows of labels
 * @param {number} seed of all pictures
 * @returns {import("../page/drawing/worker.js").Step[]}
 */
function stepsOfTable(rows, seed) {
  const size = Number(browser.describe(MODEL)?.inputs.noise.shape[1]);
  const noise = new TorchRandom(seed).normal(size);
  const data = new Float32Array(rows.length * size);
  for (const row of rows.keys()) data.set(noise, row * size);
  return [
    {
      network: MODEL,
      inputs: {
        labels: { type: "float32", data: Float32Array.from(rows.flat()), dims: [rows.length, LABELS.length] },
        noise: { type: "float32", data, dims: [rows.length, size] },
      },
    },
  ];
}
