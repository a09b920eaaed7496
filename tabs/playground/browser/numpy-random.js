/**
 * NumPy's random numbers: `numpy.random.default_rng`, so that a game that is played here draws what one that is played
 * by Python draws.
 *
 * Seeds are hashed by SeedSequence, bits come from PCG64 (O'Neill, "PCG", 2014: 128-bit linear congruence, XSL RR
 * output), normal numbers from the ziggurat of Marsaglia and Tsang (2000) with 256 layers.
 */

import { seedWords } from "../../../page/drawing/seed-sequence.js";
import { normalOf } from "./ziggurat.js";

const WORD = 2 ** 32;
const MULTIPLIER = [0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05]; // of the congruence, lowest word first

/**
 * The lower word of a product of two words.
 *
 * @param {number} one
 * @param {number} other
 */
const lower = (one, other) => Math.imul(one, other) >>> 0;

/**
 * The upper word. Doubles have 53 bits, which is enough for it once the lower word is off.
 *
 * @param {number} one
 * @param {number} other
 */
const upper = (one, other) => Math.round((one * other - lower(one, other)) / WORD);

/** @param {number} sum */
const carry = (sum) => Math.floor(sum / WORD);

export class NumpyRandom {
  #state = new Uint32Array(4); // lowest word first
  #increment = new Uint32Array(4);
  #high = 0; // words of the last 64 bits that were drawn
  #low = 0;
  #kept = -1; // upper half of 64 bits of which only the lower was asked for; -1: none

  /** @param {number[]} seed whole numbers below 2³²: `default_rng(seed)` */
  constructor(seed) {
    const words = seedWords(seed, 8);
    const [start, stream] = [words.slice(0, 4), words.slice(4)].map(([a, b, c, d]) => [c, d, a, b]);
    for (let k = 0; k < 4; k++) this.#increment[k] = (stream[k] << 1) | (k ? stream[k - 1] >>> 31 : 1);
    this.#advance();
    let sum = 0;
    for (let k = 0; k < 4; k++) {
      sum = carry(sum) + this.#state[k] + start[k];
      this.#state[k] = sum;
    }
    this.#advance();
  }

  /** state ← state · MULTIPLIER + increment, modulo 2¹²⁸ */
  #advance() {
    const [a, b, c, d] = MULTIPLIER;
    const [s, t] = [this.#state, this.#increment];
    const [w, x, y, z] = s;
    const first = t[0] + lower(w, a);
    const second = carry(first) + t[1] + upper(w, a) + lower(w, b) + lower(x, a);
    const third = carry(second) + t[2] + upper(w, b) + upper(x, a) + lower(w, c) + lower(x, b) + lower(y, a);
    let fourth = carry(third) + t[3] + upper(w, c) + upper(x, b) + upper(y, a);
    fourth += lower(w, d) + lower(x, c) + lower(y, b) + lower(z, a);
    s[0] = first;
    s[1] = second;
    s[2] = third;
    s[3] = fourth;
  }

  /** Draws 64 bits, into `#high` and `#low`. */
  #draw() {
    this.#advance();
    const s = this.#state;
    let low = s[0] ^ s[2];
    let high = s[1] ^ s[3];
    const turn = s[3] >>> 26; // 0 to 63, to the right
    if (turn & 32) [low, high] = [high, low];
    const bits = turn & 31;
    this.#low = bits ? ((low >>> bits) | (high << (32 - bits))) >>> 0 : low >>> 0;
    this.#high = bits ? ((high >>> bits) | (low << (32 - bits))) >>> 0 : high >>> 0;
  }

  /** 32 bits, of which two come from each draw. */
  word() {
    if (this.#kept >= 0) {
      const word = this.#kept;
      this.#kept = -1;
      return word;
    }
    this.#draw();
    this.#kept = this.#high;
    return this.#low;
  }

  /** 64 bits: upper and lower word. */
  words() {
    this.#draw();
    return { high: this.#high, low: this.#low };
  }

  /** A number of [0, 1) with 24 bits: `random(dtype=float32)`. */
  single() {
    return (this.word() >>> 8) / 2 ** 24;
  }

  /** A number of [0, 1) with 53 bits: `random()`. */
  double() {
    this.#draw();
    return (this.#high * 2 ** 21 + (this.#low >>> 11)) / 2 ** 53;
  }

  /** A number of the normal distribution: `standard_normal()`. */
  normal() {
    return normalOf(this);
  }

  /**
   * A whole number from 0 on: `integers(0, count)` (Lemire, "Fast NumpyRandom Integer Generation in an Interval", 2019).
   *
   * @param {number} count 1 to 2³² - 1
   */
  below(count) {
    if (count === 1) return 0; // nothing is drawn
    let word = this.word();
    let rest = lower(word, count);
    if (rest < count) {
      const least = (WORD - count) % count;
      while (rest < least) {
        word = this.word();
        rest = lower(word, count);
      }
    }
    return upper(word, count);
  }

  /**
   * Different whole numbers from 0 on: `choice(size, count, replace=False)` (Floyd's way, then a shuffle).
   *
   * @param {number} count
   * @param {number} size up to 10,000, above which NumPy has another way
   */
  distinct(count, size) {
    /** @type {Set<number>} */
    const found = new Set();
    for (let last = size - count; last < size; last++) {
      const one = this.below(last + 1);
      found.add(found.has(one) ? last : one);
    }
    const numbers = [...found];
    for (let k = count - 1; k > 0; k--) {
      const other = this.below(k + 1);
      [numbers[k], numbers[other]] = [numbers[other], numbers[k]];
    }
    return numbers;
  }

  /**
   * Whole numbers from 0 on, some more often than others: `choice(len(shares), count, p=shares)`.
   *
   * @param {number} count
   * @param {number[]} shares how often, relative to each other
   */
  weighted(count, shares) {
    let whole = 0;
    const sums = shares.map((share) => {
      whole += share;
      return whole;
    });
    return Array.from({ length: count }, () => {
      const place = this.double();
      return sums.findIndex((sum) => sum / whole > place);
    });
  }
}
