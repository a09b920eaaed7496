/** Of positions that come faster than the server answers, only the last one matters. */

/**
 * Makes a function that asks for one position at a time: those that were passed meanwhile are never asked for, the last
 * one always is, and its answer is shown last.
 *
 * @template Answer
 * @param {object} use
 * @param {() => Promise<Answer>} use.ask asks for the present position
 * @param {(answer: Answer) => Promise<void> | void} use.show shows an answer, unless another position is wanted by then
 * @param {() => void} use.failed tells that there is no answer
 * @returns {() => Promise<void>} to be called whenever the position changed
 */
export function latest({ ask, show, failed }) {
  let asking = false;
  let changed = false;
  return async () => {
    changed = true;
    if (asking) return;
    asking = true;
    while (changed) {
      changed = false;
      try {
        const answer = await ask();
        if (!changed) await show(answer);
      } catch {
        failed();
      }
    }
    asking = false;
  };
}
