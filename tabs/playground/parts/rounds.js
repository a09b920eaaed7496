/** What is known of a game without looking at the page: its rounds, its numbers, its links. */

import { fixed, percent } from "../numbers.js";

const FIRST = 600; // rounds that the first game plays by itself
const FAR = 1500; // rounds of a link that are played as fast as it goes
const MOST_AT_ONCE = 2000; // rounds of a request, see playground/arena.py
const TOWARDS_LINK = 60;
const MOST_KEPT = 600; // moments of the curves; then every other one goes

/** @typedef {import("../drawing/geometry.js").Point} Point */
/** @typedef {Record<string, number>} Numbers of a frame, and its "rounds" */
/** @typedef {{ modes: number | null, off: number, reached: number, log_likelihood: number }} Mixture beside the game */

/**
 * How many rounds a game plays by itself when it is opened.
 *
 * @param {Record<string, string>} fields of an address: a link to a game says more than its tab and its part
 */
export function roundsToPlay(fields) {
  if (fields.steps) return Number(fields.steps);
  return Object.keys(fields).length > 2 ? 0 : FIRST;
}

/**
 * How many rounds to ask for.
 *
 * @param {number} until the round of a link, which is reached quickly; 0: there is none
 * @param {number} speed that the visitor chose
 */
export function roundsAtOnce(until, speed) {
  if (!until) return speed;
  return until > FAR ? MOST_AT_ONCE : TOWARDS_LINK;
}

/**
 * Whether settings may change while a game goes on: learning rates and numbers of steps; all else begins anew.
 *
 * @param {string[]} names
 */
export const mayChangeMeanwhile = (names) => names.every((name) => /_rate$|_steps$/.test(name));

/**
 * The query that plays the game up to where it is.
 *
 * @param {string} query of its settings
 * @param {number} rounds
 * @param {boolean} touched whether something was done that the query does not say
 */
export const linkOf = (query, rounds, touched) => (touched || !rounds ? query : `${query}&steps=${rounds}`);

/** @param {number} rounds */
export const roundsText = (rounds) => `${rounds.toLocaleString("en")} ${rounds === 1 ? "round" : "rounds"}`;

/**
 * Notes another moment.
 *
 * @param {Numbers[]} moments
 * @param {Numbers} moment
 */
export function withMoment(moments, moment) {
  const all = [...moments, moment];
  return all.length > MOST_KEPT ? all.filter((_, index) => index % 2 === 0) : all;
}

/** @param {string} loss */
export const hasValue = (loss) => loss === "non-saturating" || loss === "minimax"; // whose D tells a probability

/**
 * The curves of a game.
 *
 * @param {Numbers[]} moments
 * @param {string} loss
 * @returns {import("../drawing/curves.js").Curve[]}
 */
export function curvesOf(moments, loss) {
  const shown = [
    ["discriminator_loss", "real"],
    ["generator_loss", "made"],
  ];
  if (hasValue(loss)) shown.push(["value", "third"]);
  return shown.map(([name, shade]) => ({ shade, points: moments.map((one) => [one.rounds, one[name]]) }));
}

/**
 * The game's measures beside those of a mixture of Gaussians.
 *
 * @param {Numbers} numbers
 * @param {number | null} modes how many the points have
 * @param {Mixture} mixture
 * @returns {string[][]} name, of the game, of the mixture
 */
export function measuresOf(numbers, modes, mixture) {
  const lines = [
    ["samples off the data", percent(numbers.off), percent(mixture.off)],
    ["data reached", percent(numbers.reached), percent(mixture.reached)],
    ["log-likelihood", "has none", `${fixed(mixture.log_likelihood, 2)} nats a point`],
  ];
  if (numbers.modes === undefined) return lines;
  return [["modes covered", `${numbers.modes} of ${modes}`, `${mixture.modes} of ${modes}`], ...lines];
}
