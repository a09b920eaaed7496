/** What the server answers, also when it does not. */

import { UNREACHABLE } from "./dom.js";

/**
 * An answer of the server. Gradio's client neither throws nor answers anything when the server cannot be reached.
 *
 * @param {Promise<any>} request
 * @param {string} [otherwise] the notice of the answer if there is none
 * @returns {Promise<any>}
 */
export async function answerTo(request, otherwise = UNREACHABLE) {
  const answer = await request.catch(() => null);
  return answer ?? { notice: otherwise };
}
