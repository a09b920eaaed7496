/** The keys that play the quiz. */

/** @typedef {"left" | "right"} Side */
/** @typedef {{ answer: Side } | { sure: number } | { next: true }} Action */

export const SURE = [50, 60, 70, 80, 90, 100]; // percent
/** @type {Map<string, Side>} */
const ARROWS = new Map([
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
]);
const GO_ON = ["Enter", " "];

/**
 * What a key does.
 *
 * @param {string} phase of the game
 * @param {string} key
 * @param {boolean} onControl whether the focus is on something that has its own use of Enter and Space
 * @returns {Action | null}
 */
export function actionOf(phase, key, onControl) {
  const side = ARROWS.get(key);
  if (phase === "asking") {
    const sure = SURE.find((percent) => keyOf(percent) === key);
    if (side) return { answer: side };
    return sure ? { sure } : null;
  }
  const goesOn = Boolean(side) || (GO_ON.includes(key) && !onControl);
  return phase === "told" && goesOn ? { next: true } : null;
}

/**
 * The key that says how sure one is: 5 for 50 %, 0 for 100 %.
 *
 * @param {number} percent
 */
const keyOf = (percent) => String((percent / 10) % 10);

/**
 * What a button that says how sure one is has as its title.
 *
 * @param {number} percent
 */
export function titleOf(percent) {
  if (percent === 50) return "guessed (key 5)";
  return percent === 100 ? "certain (key 0)" : `key ${percent / 10}`;
}
