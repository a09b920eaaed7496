/** What screen readers hear. */

const REST = 700; // ms without a change: nothing is said while a slider is dragged
let timer = 0;

/**
 * Says a sentence once nothing has changed for a while.
 *
 * @param {string} sentence
 */
export function announce(sentence) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const place = document.querySelector("#announcement");
    if (place) place.textContent = sentence;
  }, REST);
}
