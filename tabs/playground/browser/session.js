/** A visitor's game, and what is kept of it for its table and its film, as in playground/arena.py. */

import { Game } from "./game.js";
import { centresOf, drawPoints } from "./points.js";
import { viewOf } from "./view.js";

const CHUNK = 70; // ms of training until the next frame
const MOST_ROWS = 1000; // of the table; then every other one goes
const MOST_MOMENTS = 120; // of the film; likewise

/** @typedef {import("./game.js").GameSettings} GameSettings */
/** @typedef {{ rounds: number, surface: Uint8Array, samples: number[] }} Moment samples: thousandths */

export class Session {
  /** @type {Record<string, number>[]} the figures over time */
  rows = [];
  /** @type {Moment[]} */
  moments = [];
  #every = 1; // frames between two moments that are kept
  #frames = 0;
  #game;
  #centres;

  /**
   * @param {object} wanted
   * @param {string} wanted.data name of the points
   * @param {Float64Array} [wanted.own] the points (N, 2), where they are a visitor's own
   * @param {GameSettings} wanted.settings
   * @param {() => void} [alive] called now and then while this takes long
   */
  constructor({ data, own, settings }, alive) {
    this.#game = new Game(settings, own ?? drawPoints(data), alive);
    this.#centres = centresOf(data);
  }

  /** A frame, written down for the table and the film. */
  show() {
    const frame = viewOf(this.#game, this.#centres);
    const { rounds, surface, fake } = frame;
    if (!surface || !fake) return frame;
    this.rows.push({ rounds, ...frame.numbers });
    if (this.rows.length > MOST_ROWS) this.rows = everyOther(this.rows);
    if (this.#frames++ % this.#every === 0) this.moments.push({ rounds, surface, samples: fake });
    if (this.moments.length > MOST_MOMENTS) {
      this.moments = everyOther(this.moments);
      this.#every *= 2;
    }
    return frame;
  }

  /**
   * Plays up to so many rounds, or as many as fit into CHUNK milliseconds.
   *
   * @param {object} wanted
   * @param {number} wanted.rounds
   * @param {import("./game.js").Part} [wanted.part] who plays
   * @param {number | null} [wanted.until] a number of rounds of the game at which it stops
   */
  play({ rounds, part = "both", until }) {
    const game = this.#game;
    const end = performance.now() + CHUNK;
    for (let played = 0; played < rounds && !game.lost && game.rounds < (until ?? Infinity); played++) {
      game.play(part);
      if (performance.now() > end) break;
    }
    return this.show();
  }

  /**
   * Other learning rates or numbers of steps for the game that goes on.
   *
   * @param {GameSettings} settings
   */
  tune(settings) {
    this.#game.settings = settings;
  }
}

/**
 * @template T
 * @param {T[]} list
 */
const everyOther = (list) => list.filter((_, index) => index % 2 === 0);
