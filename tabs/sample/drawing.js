/** What the controls of the tab "Sample" ask for, as steps that a browser can draw, and as the server would answer. */

import { ancestors, children, drawLatents, interpolate } from "../../page/drawing/latents.js";

const COLUMNS = 8; // of a sheet, at most
const LARGEST_SEED = 2 ** 31 - 1;
const MOST_PICTURES = 64;

/**
 * @typedef {object} Drawing of the finished network
 * @property {string} model
 * @property {number} seed
 * @property {number} count of pictures, or of frames
 * @property {number} truncation
 * @property {"gallery" | "morph"} mode
 * @property {number} to the seed where a morph ends
 * @property {number[]} path picked faces, counted from 1
 */

/**
 * @param {unknown} value
 * @param {number} least
 * @param {number} most
 */
const isWhole = (value, least, most) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

/** @param {string} text "5-3" @returns {number[]} */
const toPath = (text) => (text ? text.split("-").map(Number) : []);

/**
 * A drawing, if that is one and the finished network of the catalogue draws it.
 *
 * @param {any} fields
 * @returns {Drawing | null}
 */
export function checked({ model, seed, count, truncation, mode, to, path }) {
  const right =
    isWhole(seed, 0, LARGEST_SEED) &&
    isWhole(to, 0, LARGEST_SEED) &&
    isWhole(count, mode === "morph" ? 2 : 1, MOST_PICTURES) &&
    truncation >= 0 &&
    truncation <= 1 &&
    ["gallery", "morph"].includes(mode) &&
    path.every((/** @type {number} */ pick) => isWhole(pick, 1, MOST_PICTURES));
  return right ? { model, seed, count, truncation, mode, to, path } : null;
}

/**
 * What the controls ask for.
 *
 * @param {any[]} controls as `read_controls` in tab.py takes them
 * @returns {Drawing | null}
 */
export function drawingOf([network, seed, count, truncation, mode, to, frames, steering, ladder, path]) {
  if (ladder?.step != null || steering?.mix != null || steering?.moves?.some(Boolean)) return null;
  const morph = mode === "morph";
  return checked({ model: network, seed, count: morph ? frames : count, truncation, mode, to, path: toPath(path) });
}

/**
 * What a permalink with all fields asks for.
 *
 * @param {string} link
 * @returns {Drawing | null}
 */
export function drawingOfLink(link) {
  const fields = new URLSearchParams(link);
  if (["step", "mix", "sefa", "class"].some((name) => fields.has(name))) return null;
  const mode = fields.get("mode") ?? "gallery";
  const [seed, count, truncation, to] = ["seed", mode === "morph" ? "frames" : "count", "truncation", "to"].map(
    (name) => Number(fields.get(name) ?? Number.NaN),
  );
  const path = toPath(fields.get("path") ?? "");
  return checked({ model: fields.get("model"), seed, count, truncation, mode, to: to || 0, path });
}

/**
 * The permalink, as `to_query` in drawing.py writes it.
 *
 * @param {Drawing} drawing
 */
export function linkOf({ model, seed, count, truncation, mode, to, path }) {
  const what = mode === "morph" ? `mode=morph&to=${to}&frames=${count}` : `count=${count}`;
  const link = `tab=sample&model=${model}&seed=${seed}&${what}&truncation=${Number(truncation.toPrecision(6))}`;
  return path.length ? `${link}&path=${path.join("-")}` : link;
}

/**
 * What the network has to do: draw the picked faces, then all others.
 *
 * @param {Drawing} drawing
 * @param {import("../latent/drawing.js").Describe} describe
 * @returns {import("../../page/drawing/worker.js").Step[] | null} null if the network is not ready
 */
export function stepsOf({ model, seed, count, truncation, mode, to, path }, describe) {
  const inputs = describe(model)?.inputs;
  if (!inputs) return null;
  const size = Number(inputs.latents.shape[1]);
  const latents =
    mode === "morph"
      ? interpolate(drawLatents(size, seed, 1)[0], drawLatents(size, to, 1)[0], count)
      : [...ancestors(size, { seed, path }), ...children(size, { seed, path, count })];
  const data = new Float32Array(latents.flatMap((latent) => [...latent]));
  return [
    {
      network: model,
      inputs: {
        latents: { type: "float32", data, dims: [latents.length, size] },
        truncation: { type: "float32", data: new Float32Array([truncation]), dims: [] },
      },
    },
  ];
}

/**
 * How many pictures lie side by side.
 *
 * @param {Drawing} drawing
 */
export const columnsOf = ({ count, mode, path }) => Math.min(COLUMNS, count + (mode === "morph" ? 0 : path.length));

/**
 * What the server's `show` answers.
 *
 * @param {Drawing} drawing
 * @param {import("../../page/drawing/drawing.js").Drawn} drawn
 * @returns {import("./faces.js").Answer}
 */
export function answerOf(drawing, { sheet, side }) {
  const { seed, count, mode, to, path } = drawing;
  const more = path.length ? "Neighbours of the last face. Click one to go on." : "Click a face to see its neighbours.";
  return {
    mode,
    sheet,
    columns: columnsOf(drawing),
    count,
    size: side,
    seed,
    path: mode === "morph" ? [] : path,
    hint: mode === "morph" ? `From seed ${seed} to seed ${to}.` : more,
    link: linkOf(drawing),
  };
}
