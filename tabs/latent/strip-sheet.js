/** Draws the strips in the browser, as `strips` in handlers.py does on the server. */

import { brushOf } from "../../page/components/dom.js";
import { placeOn } from "../../page/components/sheet.js";
import { drawLatents, interpolate, randomCodes } from "../../page/drawing/latents.js";
import { stepsOf } from "./drawing.js";
import { along, between } from "./paths.js";

const STRIP = 8; // pictures in a strip
const STRIP_OF_FACES = 5; // the same where there are many strips, and larger pictures

/** @typedef {import("./stage.js").Setting} Setting */
/** @typedef {import("./sliders.js").CodeType} CodeType */
/** @typedef {{ sheet: HTMLCanvasElement, columns: number, counts: number[] }} Sheet counts: the pictures of each strip */

/** @param {Setting} setting */
export const columnsOf = ({ set }) => (set ? STRIP_OF_FACES : STRIP);

/**
 * The settings of all pictures: a strip for each slider over its range, and one to the picture of the next seed.
 *
 * @param {Setting} setting
 * @param {CodeType[]} types
 * @param {import("./drawing.js").Describe} describe
 * @returns {Setting[][]}
 */
export function stripSettings(setting, types, describe) {
  const steps = columnsOf(setting);
  const strips = types.map((type, code) =>
    along(type, setting.codes, code, steps).map((codes) => ({ ...setting, codes })),
  );
  return [...strips, wayOf(setting, types, describe)];
}

/**
 * @param {Setting} setting
 * @param {CodeType[]} types
 * @param {import("./drawing.js").Describe} describe
 * @returns {Setting[]}
 */
function wayOf(setting, types, describe) {
  const steps = columnsOf(setting);
  const next = setting.seed + 1;
  if (!setting.set) {
    return between(types, setting.codes, randomCodes(types, next), steps).map((codes) => ({ ...setting, codes }));
  }
  const size = Number(describe(setting.model)?.inputs.latents.shape[1] ?? 0);
  const start = Float32Array.from(setting.z ?? drawLatents(size, setting.seed, 1)[0]);
  return interpolate(start, drawLatents(size, next, 1)[0], steps).map((z) => ({ ...setting, z: [...z] }));
}

/**
 * Draws all strips below each other, one picture at a time with as long a pause after it, so that a slider that moves
 * meanwhile waits for one picture at most, and half of the times for none.
 *
 * @param {Setting} setting
 * @param {CodeType[]} types
 * @param {object} use
 * @param {import("./drawing.js").Describe} use.describe
 * @param {(steps: import("../../page/drawing/worker.js").Step[]) => Promise<import("../../page/drawing/drawing.js").Drawn | null>} use.draw
 * @param {() => boolean} use.isWanted whether the strips are still of what is shown
 * @returns {Promise<Sheet | null>} null if a picture cannot be drawn here or the strips are not wanted any more
 */
export async function drawStripSheet(setting, types, { describe, draw, isWanted }) {
  const columns = columnsOf(setting);
  const strips = stripSettings(setting, types, describe);
  const sheet = document.createElement("canvas");
  for (const [row, strip] of strips.entries()) {
    for (const [column, one] of strip.entries()) {
      const steps = isWanted() && stepsOf(one, describe);
      const started = performance.now();
      const drawn = steps ? await draw(steps) : null;
      if (!drawn) return null;
      await pause(performance.now() - started);
      if (!row && !column) {
        sheet.width = columns * drawn.side;
        sheet.height = strips.length * drawn.side;
      }
      const { left, top } = placeOn(row * columns + column, columns, drawn.side);
      brushOf(sheet).drawImage(drawn.sheet, left, top);
    }
  }
  return { sheet, columns, counts: strips.map((strip) => strip.length) };
}

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
