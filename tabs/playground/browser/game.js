/**
 * A GAN in the plane that trains in the visitor's browser: playground/game.py once more, with the same numbers.
 *
 * The same settings and points give the same game there and here: random numbers are NumPy's, and after 200 rounds the
 * weights differ by less than 1e-4 (tests/page/game.test.js).
 */

import { discriminatorLoss, generatorLoss } from "./losses.js";
import { Network } from "./network.js";
import { NumpyRandom } from "./numpy-random.js";

const BATCH = 128; // points of each kind in one step
const FAR = 1e6; // a weight that large has run away

/**
 * Everything that decides how a game goes, but for its points: the fields of GameSettings in playground/game.py.
 *
 * @typedef {object} GameSettings
 * @property {string} loss
 * @property {string} optimiser
 * @property {number} discriminator_rate
 * @property {number} generator_rate
 * @property {number} discriminator_steps
 * @property {number} generator_steps
 * @property {number} layers
 * @property {number} width
 * @property {number} noise
 * @property {number} head_start
 * @property {number} seed
 */

/** @typedef {"both" | "discriminator" | "generator"} Part */

export class Game {
  rounds = 0;

  /**
   * @param {GameSettings} settings
   * @param {Float64Array} points (N, 2), within -1 to 1
   * @param {() => void} [alive] called after every step of the head start, which may take seconds
   */
  constructor(settings, points, alive = () => {}) {
    this.settings = settings;
    this.points = points;
    const random = new NumpyRandom([settings.seed, 0]);
    const hidden = Array(settings.layers).fill(settings.width);
    this.generator = new Network([settings.noise, ...hidden, 2], random);
    this.discriminator = new Network([2, ...hidden, 1], random);
    for (let step = 0; step < settings.head_start; step++) {
      this.#stepDiscriminator(random);
      alive();
    }
  }

  /** Whether weights have run away. */
  get lost() {
    return ![this.generator, this.discriminator].every(({ values }) => values.every((one) => Math.abs(one) < FAR));
  }

  /**
   * One round: the discriminator's steps, then the generator's, or those of one of them.
   *
   * @param {Part} part
   */
  play(part = "both") {
    const random = new NumpyRandom([this.settings.seed, this.rounds + 1]);
    const least = part === "both" ? 0 : 1;
    if (part !== "generator") {
      for (let k = Math.max(this.settings.discriminator_steps, least); k > 0; k--) this.#stepDiscriminator(random);
    }
    if (part !== "discriminator") {
      for (let k = Math.max(this.settings.generator_steps, least); k > 0; k--) this.#stepGenerator(random);
    }
    this.rounds++;
  }

  /** @param {NumpyRandom} random */
  #stepDiscriminator(random) {
    const { loss, optimiser, discriminator_rate: rate } = this.settings;
    const real = this.#batch(random);
    const fake = this.generator.forward(this.#noise(random)).outputs;
    const { outputs, given } = this.discriminator.forward(joined(real, fake));
    const slopes = discriminatorLoss(loss, outputs.subarray(0, BATCH), outputs.subarray(BATCH));
    this.discriminator.backward(given, joined(slopes.real, slopes.fake));
    if (loss === "wasserstein") this.discriminator.penalise(between(real, fake, random));
    this.discriminator.update(optimiser, rate);
  }

  /** @param {NumpyRandom} random */
  #stepGenerator(random) {
    const { loss, optimiser, generator_rate: rate } = this.settings;
    const made = this.generator.forward(this.#noise(random));
    const { outputs, given } = this.discriminator.forward(made.outputs);
    const real = this.#batch(random);
    const { fake } = generatorLoss(loss, this.#compared(real, outputs), outputs);
    this.generator.backward(made.given, this.discriminator.backward(given, fake, { learn: false }));
    this.generator.update(optimiser, rate);
  }

  /**
   * The logits of real points for G's loss, of which only one takes them.
   *
   * @param {Float64Array} real (N, 2)
   * @param {Float64Array} instead
   */
  #compared(real, instead) {
    return this.settings.loss === "relativistic" ? this.logits(real) : instead;
  }

  /**
   * Some of the real points, (BATCH, 2).
   *
   * @param {NumpyRandom} random
   */
  #batch(random) {
    const chosen = new Float64Array(2 * BATCH);
    for (let i = 0; i < chosen.length; i += 2) {
      const from = 2 * random.below(this.points.length / 2);
      chosen[i] = this.points[from];
      chosen[i + 1] = this.points[from + 1];
    }
    return chosen;
  }

  /**
   * z, (count, noise).
   *
   * @param {NumpyRandom} random
   * @param {number} count
   */
  #noise(random, count = BATCH) {
    return Float64Array.from({ length: count * this.settings.noise }, () => 2 * random.single() - 1);
  }

  /**
   * Generated points (count, 2), always of the same z.
   *
   * @param {number} count
   */
  sample(count) {
    return this.generator.forward(this.#noise(new NumpyRandom([0, count]), count)).outputs;
  }

  /**
   * D of points (N, 2), (N), larger = more real.
   *
   * @param {Float64Array} points
   */
  logits(points) {
    return this.discriminator.forward(points).outputs;
  }

  /**
   * G's loss on generated points (N, 2), and where they are pulled, (N, 2): the loss's negative gradient by each point,
   * N times as large as in the mean.
   *
   * @param {Float64Array} points
   */
  pull(points) {
    const { outputs, given } = this.discriminator.forward(points);
    const real = points.map((_, i) => this.points[i % this.points.length]);
    const { value, fake } = generatorLoss(this.settings.loss, this.#compared(real, outputs), outputs);
    const slope = this.discriminator.backward(given, fake, { learn: false });
    return { value, pull: slope.map((one) => (-points.length / 2) * one) };
  }
}

/**
 * @param {Float64Array} first
 * @param {Float64Array} second
 */
function joined(first, second) {
  const both = new Float64Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/**
 * Points somewhere between real and generated ones, (N, 2).
 *
 * @param {Float64Array} real
 * @param {Float64Array} fake
 * @param {NumpyRandom} random
 */
function between(real, fake, random) {
  const points = new Float64Array(real.length);
  for (let i = 0; i < points.length; i += 2) {
    const share = random.single();
    points[i] = share * real[i] + (1 - share) * fake[i];
    points[i + 1] = share * real[i + 1] + (1 - share) * fake[i + 1];
  }
  return points;
}
