/** Orbits of two players, as far as they are played. */

import { fixed } from "../numbers.js";

const RAN_AWAY = 999; // a distance from which on nobody wants to read it
const SMALLEST = 0.001; // of a distance that is written as a number

/** The ways to step, as the server names them, with their colours. */
export const SHADES = {
  simultaneous: "made",
  alternating: "real",
  extragradient: "third",
  optimistic: "fourth",
};

/** @typedef {keyof typeof SHADES} Way */

export const WAYS = /** @type {Way[]} */ (Object.keys(SHADES));

/**
 * The places up to a step.
 *
 * @template Place
 * @param {Place[]} orbit its start, and where it is after each step
 * @param {number | null} step null: all
 */
export const upTo = (orbit, step) => (step === null ? orbit : orbit.slice(0, step + 1));

/**
 * A distance from the solution, in words or as a number.
 *
 * @param {number} distance
 */
export function distanceText(distance) {
  if (distance > RAN_AWAY) return "ran away";
  return distance < SMALLEST ? "under 0.001" : fixed(distance, 3);
}

/**
 * Distances, cut so that an orbit that runs away leaves the others to be seen.
 *
 * @param {number[]} distances
 * @param {number} most
 */
export const atMost = (distances, most) => distances.map((distance) => Math.min(distance, most));
