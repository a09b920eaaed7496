/** How many Gaussians fit best: a bar for each number of them, and its Bayesian information criterion. */

import { replaceParts } from "../../../page/keyboard.js";
import { counted } from "../numbers.js";

const LOWEST = 8; // px, of the lowest bar
const HIGHEST = 70;

/** @typedef {{ count: number, height: number, value: string, label: string, best: boolean }} Bar height: px */

/**
 * @param {number[]} criteria of 1, 2, ... Gaussians; lower is better
 * @returns {Bar[]}
 */
export function barsOf(criteria) {
  const low = Math.min(...criteria);
  const span = Math.max(...criteria) - low || 1;
  const lowest = criteria.indexOf(low);
  return criteria.map((criterion, index) => {
    const count = index + 1;
    const value = counted(Math.round(criterion));
    const best = index === lowest;
    return {
      count,
      height: LOWEST + ((HIGHEST - LOWEST) * (criterion - low)) / span,
      value,
      label: `${count} Gaussian${count === 1 ? "" : "s"}, BIC ${value}${best ? ", the best" : ""}`,
      best,
    };
  });
}

/**
 * Shows the bars, each a button that takes its number.
 *
 * @param {HTMLElement} box
 * @param {Bar[]} bars
 * @param {number} chosen number of Gaussians
 * @param {(count: number) => void} take
 */
export function showBars(box, bars, chosen, take) {
  const buttons = bars.map(({ count, height, value, label, best }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = best ? "best" : "";
    button.ariaLabel = label;
    button.ariaPressed = String(count === chosen);
    button.title = value;
    const bar = document.createElement("i");
    bar.style.height = `${height}px`;
    button.append(bar, String(count));
    button.addEventListener("click", () => take(count));
    return button;
  });
  replaceParts(box, buttons);
}
