/** Draws what a tab asks for, after its networks have come. */

import { browser } from "../page/drawing/drawing.js";

const KEPT = 5000; // ms for which networks stay after a drawing, by when the tab has said that it shows it

const CANNOT_DRAW =
  "No picture: this browser has no WebAssembly, or a network could not be fetched. Please try again, or take another browser.";

/** An answer where there is no picture. */
export class NoPicture extends Error {}

/**
 * Draws with networks that are opened for it.
 *
 * @param {object} user who asks, see `use` in page/drawing/drawing.js
 * @param {string[]} networks
 * @param {() => import("../page/drawing/worker.js").Step[] | null} steps made once the networks are known
 * @param {number} [columns]
 * @returns {Promise<import("../page/drawing/drawing.js").Drawn>} rejected with NoPicture where that cannot be
 */
export async function drawWith(user, networks, steps, columns) {
  const opened = await browser.opened(user, networks);
  const wanted = opened && steps();
  const drawn = wanted ? await browser.draw(wanted, columns) : null;
  setTimeout(() => browser.use(user, []), KEPT);
  if (!drawn) throw new NoPicture(CANNOT_DRAW);
  return drawn;
}

/**
 * A function of the server, answered here; where it cannot draw, with a sentence.
 *
 * @param {(fields: any) => Promise<any>} answer
 * @returns {(fields: any) => Promise<any>}
 */
export const answering = (answer) => async (fields) => {
  try {
    return await answer(fields);
  } catch (error) {
    if (error instanceof NoPicture) return { trouble: error.message };
    throw error;
  }
};

/**
 * A sheet as an address, for what loads pictures from one.
 *
 * @param {HTMLCanvasElement} sheet
 */
export const addressOf = (sheet) => sheet.toDataURL("image/png");
