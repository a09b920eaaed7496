/**
 * A line for what a visitor should know, hidden while there is nothing to say.
 *
 * @param {HTMLElement} line
 * @returns {(sentence?: string) => void}
 */
export function noticeIn(line) {
  return (sentence) => {
    line.textContent = sentence || "";
    line.hidden = !sentence;
  };
}
