/** What the server refuses, or does not answer at all. */

import { UNREACHABLE } from "./components/dom.js";

const REFUSALS = [408, 413, 429, 503];

/** @param {Parameters<typeof fetch>} request */
const addressOf = ([asked]) => (asked instanceof Request ? asked.url : String(asked));

/**
 * The sentence in an answer; null if there is none.
 *
 * @param {Response} answer
 * @returns {Promise<string | null>}
 */
async function sentenceIn(answer) {
  const told = await answer
    .clone()
    .json()
    .catch(() => null);
  return typeof told?.detail === "string" ? told.detail : null;
}

/**
 * What a function of a stage answers. Gradio's client would swallow a failure; a stage gets it as a "notice", like every
 * other sentence, and as "unanswered".
 *
 * @param {Promise<Response>} request
 */
async function answerOf(request) {
  const answer = await request.catch(() => null);
  if (answer?.ok) return answer;
  const notice = (answer && (await sentenceIn(answer))) || UNREACHABLE;
  return new Response(JSON.stringify({ notice, unanswered: true }), {
    headers: { "Content-Type": "application/json" },
  });
}

/**
 * Wraps `fetch` so that refusals and failures reach the stages as sentences. A refusal of Gradio's own events, which
 * only the Sample tab uses, becomes an event "latent-lab-refused".
 */
export function explainRefusals() {
  const originalFetch = window.fetch;
  window.fetch = async (...request) => {
    if (/component_server/.test(addressOf(request))) return answerOf(originalFetch(...request));
    const answer = await originalFetch(...request);
    if (REFUSALS.includes(answer.status) && /gradio_api/.test(answer.url)) {
      const told = await sentenceIn(answer);
      if (told) dispatchEvent(new CustomEvent("latent-lab-refused", { detail: told }));
    }
    return answer;
  };
}
