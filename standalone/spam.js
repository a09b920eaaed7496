/** A spam filter that learns, and a spammer who rewrites: playground/spam.py in the browser. */

import { meanOf, sigmoid, softplus } from "../tabs/playground/browser/losses.js";
import { NumpyRandom } from "../tabs/playground/browser/numpy-random.js";
import { packed } from "../tabs/playground/browser/view.js";
import { fixed, roundedEvenly, textOf } from "../tabs/playground/numbers.js";

const MESSAGES = 80; // of each kind
const RATE = 2; // of the filter's steps
const FILTER_STEPS = 5; // in one move
const STRETCH = 0.12; // how far a message moves in one move of the spammer
const LOYALTY = 0.08; // share of the way back to its first text
const MOST_MOVES = 200;
const CELLS = 48; // of the filter's surface, in each direction
const REACH = 0.98; // messages lie between minus this and this

/** @typedef {[number, number]} Message */
/** @typedef {{ first: Message[], messages: Message[], weights: [number, number, number] }} Duel the first half is honest */

/** @param {number} value */
const cut = (value) => Math.min(REACH, Math.max(-REACH, value));

/**
 * Honest mail and spam that differ plainly.
 *
 * @param {number} seed
 * @returns {Duel}
 */
export function begin(seed) {
  const random = new NumpyRandom([seed]);
  /**
   * @param {Message} middle
   * @param {Message} spread
   */
  const around = (middle, spread) =>
    Array.from({ length: MESSAGES }, () => {
      const across = cut(middle[0] + random.normal() * spread[0]);
      return /** @type {Message} */ ([across, cut(middle[1] + random.normal() * spread[1])]);
    });
  const first = [...around([-0.34, -0.26], [0.2, 0.22]), ...around([0.36, 0.32], [0.17, 0.19])];
  return { first, messages: first, weights: [0, 0, 0] };
}

/** @param {Duel} duel @returns {(message: Message) => number} larger: more like spam */
const judge =
  ({ weights: [w1, w2, b] }) =>
  ([m1, m2]) =>
    w1 * m1 + w2 * m2 + b;

const isSpam = (/** @type {number} */ index) => Number(index >= MESSAGES);

/**
 * A few steps of gradient descent of the logistic regression.
 *
 * @param {Duel} duel
 * @returns {Duel}
 */
export function moveFilter(duel) {
  let { weights } = duel;
  for (let step = 0; step < FILTER_STEPS; step++) {
    const logit = judge({ ...duel, weights });
    const wrong = duel.messages.map((message, index) => sigmoid(logit(message)) - isSpam(index));
    const slope = (/** @type {(message: Message) => number} */ of) =>
      meanOf(wrong.map((error, index) => error * of(duel.messages[index])));
    weights = [
      weights[0] - RATE * slope(([m1]) => m1),
      weights[1] - RATE * slope(([, m2]) => m2),
      weights[2] - RATE * slope(() => 1),
    ];
  }
  return { ...duel, weights };
}

/**
 * Every spam message moves against w, most where the filter is sure, and is pulled back to its first text.
 *
 * @param {Duel} duel
 * @returns {Duel}
 */
export function moveSpammer(duel) {
  const [w1, w2] = duel.weights;
  const length = Math.hypot(w1, w2);
  const away = length > 1e-9 ? [-w1 / length, -w2 / length] : [0, 0];
  const logit = judge(duel);
  const messages = duel.messages.map((message, index) => {
    if (!isSpam(index)) return message;
    const sure = sigmoid(logit(message));
    const moved = message.map((part, k) =>
      cut(part + STRETCH * sure * away[k] + LOYALTY * (duel.first[index][k] - part)),
    );
    return /** @type {Message} */ (moved);
  });
  return { ...duel, messages };
}

/** @param {Duel} duel what the filter stops */
export function sharesOf(duel) {
  const stopped = duel.messages.map((message) => Number(judge(duel)(message) > 0));
  return { spam_stopped: meanOf(stopped.slice(MESSAGES)), honest_stopped: meanOf(stopped.slice(0, MESSAGES)) };
}

/**
 * What the server's `spam` answers.
 *
 * @param {string[]} features names of the axes
 * @param {any} fields
 */
export function spamOf(features, fields) {
  const seed = Number(fields.seed);
  const moves = String(fields.moves ?? "");
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31 || moves.length > MOST_MOVES || /[^fs]/.test(moves)) {
    return { notice: "A number is out of its range." };
  }
  let duel = begin(seed);
  const history = [sharesOf(duel)];
  for (const move of moves) {
    duel = move === "f" ? moveFilter(duel) : moveSpammer(duel);
    history.push(sharesOf(duel));
  }
  const axis = Array.from({ length: CELLS }, (_, index) => 1.1 * ((2 * index) / (CELLS - 1) - 1));
  const places = axis.toReversed().flatMap((up) => axis.map((across) => /** @type {Message} */ ([across, up])));
  return {
    honest: packed(duel.messages.slice(0, MESSAGES).flat()),
    spam: packed(duel.messages.slice(MESSAGES).flat()),
    first: packed(duel.first.slice(MESSAGES).flat()),
    surface: textOf(Uint8Array.from(places, (place) => Math.round(255 * sigmoid(judge(duel)(place))))),
    cells: CELLS,
    captions: captionsOf(duel, moves, sharesOf(duel)),
    ...{ history, features },
    link: new URLSearchParams({ tab: "playground", part: "spam", seed: String(seed), moves }).toString(),
    python: "",
  };
}

/**
 * What the last move did, in words and numbers.
 *
 * @param {Duel} duel
 * @param {string} moves
 * @param {ReturnType<typeof sharesOf>} now
 */
function captionsOf(duel, moves, now) {
  const [w1, w2, b] = duel.weights;
  const words = {
    "": "Nothing has happened yet: the filter knows nothing and stops nothing. Let it learn.",
    f: "The filter learned: it moved its border to where it is wrong least often.",
    s: "The spammer rewrote: every message moved against w, as far as it still says what it has to say.",
  }[moves.slice(-1)];
  const term = (/** @type {number} */ value) => `${value < 0 ? "−" : "+"} ${Math.abs(value).toFixed(2)}`;
  const loss = meanOf(duel.messages.map(judge(duel)).map((logit, index) => softplus(logit) - isSpam(index) * logit));
  const [spam, honest] = [now.spam_stopped, now.honest_stopped].map((share) => roundedEvenly(100 * share));
  return [
    { words, formula: `D(m) = σ(${fixed(w1, 2)} m₁ ${term(w2)} m₂ ${term(b)})` },
    {
      words: `It stops ${spam} % of the spam, and ${honest} % of the honest mail by mistake.`,
      formula: `loss = −mean log P(right) = ${fixed(loss, 2)}; the filter wants it small, the spammer large`,
    },
  ];
}
