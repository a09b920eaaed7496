/** What the server refuses for now. */

const STATUSES = [408, 413, 429, 503];

/**
 * Wraps `fetch` so that a refusal reaches the stage as a sentence, like every other notice. A refusal of Gradio's own
 * events, which only the Sample tab uses, becomes an event "latent-lab-refused".
 */
export function explainRefusals() {
  const originalFetch = window.fetch;
  window.fetch = async (...request) => {
    const answer = await originalFetch(...request);
    if (!STATUSES.includes(answer.status) || !/gradio_api/.test(answer.url)) return answer;
    const told = await answer
      .clone()
      .json()
      .catch(() => null);
    if (typeof told?.detail !== "string") return answer;
    if (!/component_server/.test(answer.url)) {
      dispatchEvent(new CustomEvent("latent-lab-refused", { detail: told.detail }));
      return answer;
    }
    return new Response(JSON.stringify({ notice: told.detail }), { headers: { "Content-Type": "application/json" } });
  };
}
