/** What the server refuses for now. */

const STATUSES = [408, 413, 429, 503];

/**
 * Makes a refusal a sentence that reaches the stage like every other notice; of Gradio's own events, which only the
 * Sample tab has, an event "latent-lab-refused".
 */
export function explainRefusals() {
  const plain = window.fetch;
  window.fetch = async (...request) => {
    const answer = await plain(...request);
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
