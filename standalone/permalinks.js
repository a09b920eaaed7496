/** Permalinks of the tab "Sample" as the fields of its form. */

import { checked } from "../tabs/sample/drawing.js";

/** @typedef {import("../tabs/sample/drawing.js").Drawing} Drawing */
/** @typedef {Drawing & { frames: number }} Fields of the form: `count` faces of a gallery, `frames` of a morph */

/**
 * What the fields of a permalink ask for; what it leaves out stands at its default.
 *
 * @param {any} first the defaults
 * @param {string[]} networks that can be drawn with
 * @param {Record<string, string>} link
 * @returns {{ fields: Fields, notice: string }}
 */
export function fieldsOfLink(first, networks, link) {
  const wanted = { ...first, path: [] };
  for (const name of ["seed", "count", "truncation", "to", "frames"]) {
    if (link[name] !== undefined) wanted[name] = Number(link[name]);
  }
  if (link.mode) wanted.mode = link.mode;
  if (link.model) wanted.model = link.model;
  if (link.path) wanted.path = link.path.split("-").map(Number);
  const known = networks.includes(wanted.model);
  if (known && !link.step && checked(drawingOf(wanted))) return { fields: wanted, notice: "" };
  const notice = link.step
    ? "The steps of a training are on the whole page only."
    : "This page cannot draw what its address asks for.";
  return { fields: { ...first, path: [], ...(known ? { model: wanted.model } : {}) }, notice };
}

/** @param {Fields} fields @returns {Drawing} */
export const drawingOf = ({ frames, ...fields }) => ({
  ...fields,
  count: fields.mode === "morph" ? frames : fields.count,
});
