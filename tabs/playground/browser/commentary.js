/** What just happened in a game, in words and in the formula with the current numbers, as in playground/commentary.py. */

import { fixed } from "../numbers.js";
import { PROBABILITIES } from "./losses.js";

const BOUND = -Math.log(4); // of V where the discriminator cannot tell anything apart

/** @type {Record<string, [string, string]>} */
const FORMULAS = {
  // loss: what D and G minimise
  "non-saturating": ["−mean log D(x) − mean log(1 − D(G(z)))", "−mean log D(G(z))"],
  minimax: ["−mean log D(x) − mean log(1 − D(G(z)))", "mean log(1 − D(G(z)))"],
  "least-squares": ["½ mean (D(x) − 1)² + ½ mean D(G(z))²", "mean (D(G(z)) − 1)²"],
  wasserstein: ["mean D(G(z)) − mean D(x) + mean (‖∇D‖ − 1)²", "−mean D(G(z))"],
  relativistic: ["−mean log σ(D(x) − D(G(z)))", "−mean log σ(D(G(z)) − D(x))"],
};

/** @typedef {import("../controls.js").Caption} Caption */
/** @typedef {import("./view.js").Numbers} Numbers */

/**
 * @param {import("./game.js").GameSettings} settings
 * @param {Numbers | null} numbers null: the weights have run away
 * @returns {Caption[]}
 */
export function comment(settings, numbers) {
  if (!numbers) {
    const words =
      "The weights ran away to infinity: a step was larger than the slope allowed. Restart with smaller rates.";
    return [{ words, formula: "w ← w − η ∇L, η too large" }];
  }
  const captions = [aboutDiscriminator(settings, numbers), aboutGenerator(settings, numbers)];
  return PROBABILITIES.includes(settings.loss) ? [...captions, aboutValue(numbers)] : captions;
}

/** @param {number} value */
const signed = (value) => fixed(value, 2);

/**
 * Two digits, as Python's format ".2g" writes them.
 *
 * @param {number} value
 */
export function general(value) {
  const exponent = Number(value.toExponential(1).split("e")[1]);
  if (exponent >= -4 && exponent < 2) return String(Number(value.toPrecision(2)));
  const [digits, power] = value.toExponential(1).split("e");
  return `${Number(digits)}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/**
 * What D sees.
 *
 * @param {import("./game.js").GameSettings} settings
 * @param {Numbers} numbers
 * @returns {Caption}
 */
function aboutDiscriminator({ loss }, numbers) {
  const [real, fake] = [numbers.real.toFixed(2), numbers.fake.toFixed(2)];
  const words = PROBABILITIES.includes(loss)
    ? `D gives real points a probability of ${real} of being real, generated ones ${fake}.`
    : `D scores real points ${real} on average, generated ones ${fake}; larger means more real.`;
  return { words, formula: `L_D = ${FORMULAS[loss][0]} = ${signed(numbers.discriminator_loss)}` };
}

/** @param {number} pull mean length of the arrows */
function strengthOf(pull) {
  if (pull < 0.05) return "hardly at all: its gradient has vanished";
  if (pull < 1) return "gently";
  return pull < 8 ? "clearly" : "hard, and may overshoot";
}

/**
 * How strongly G is pulled.
 *
 * @param {import("./game.js").GameSettings} settings
 * @param {Numbers} numbers
 * @returns {Caption}
 */
function aboutGenerator({ loss }, { pull, generator_loss: value }) {
  const strength = strengthOf(pull);
  const words = `G pulls its points along the arrows, up the slope of D: ${strength} (mean length ${general(pull)}).`;
  return { words, formula: `L_G = ${FORMULAS[loss][1]} = ${signed(value)}` };
}

/** @param {number} value of the game */
function situationAt(value) {
  if (value < BOUND - 0.1) return "D is worse than a coin for the moment: G has moved faster than D could follow.";
  if (value < BOUND + 0.12) return "D can hardly tell the two apart: the value is near its bound.";
  if (value > -0.25) return "D is nearly always right; G is losing.";
  return "D is ahead, and G still has something to learn from it.";
}

/**
 * How far the game is from the end.
 *
 * @param {Numbers} numbers
 * @returns {Caption}
 */
function aboutValue({ value, real_log: real, fake_log: fake }) {
  const sum = `${signed(real)} ${fake < 0 ? "−" : "+"} ${Math.abs(fake).toFixed(2)} = ${signed(value)}`;
  return {
    words: situationAt(value),
    formula: `V = mean log D(x) + mean log(1 − D(G(z))) = ${sum}; bound −log 4 = ${signed(BOUND)}`,
  };
}
