/** The losses of both players and their derivatives by the logits, as in playground/game.py: larger is more real. */

/** @typedef {{ value: number, real: Float64Array, fake: Float64Array }} DiscriminatorLoss slopes by both logits (N) */

/** The losses whose D is a probability. */
export const PROBABILITIES = ["non-saturating", "minimax"];

/** @param {number} x */
export const sigmoid = (x) => (1 + Math.tanh(x / 2)) / 2;

/**
 * log(1 + e^x), without overflow.
 *
 * @param {number} x
 */
export const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * The mean of a function of numbers and their places.
 *
 * @param {ArrayLike<number>} values
 * @param {(value: number, index: number) => number} [of]
 */
export function meanOf(values, of = (value) => value) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += of(values[i], i);
  return sum / values.length;
}

/**
 * What D minimises. minimax and non-saturating: -V(G, D) (Goodfellow et al. 2014, eq. 1); least-squares: Mao et al.
 * 2017, eq. 9; wasserstein: Arjovsky et al. 2017, eq. 2 (the penalty is added apart); relativistic: Jolicoeur-Martineau
 * 2018, 4.2.
 *
 * @param {string} loss
 * @param {Float64Array} real logits of real points (N)
 * @param {Float64Array} fake of generated ones
 * @returns {DiscriminatorLoss}
 */
export function discriminatorLoss(loss, real, fake) {
  const n = real.length;
  if (loss === "least-squares") {
    const value = (meanOf(real, (x) => (x - 1) ** 2) + meanOf(fake, (x) => x ** 2)) / 2;
    return { value, real: real.map((x) => (x - 1) / n), fake: fake.map((x) => x / n) };
  }
  if (loss === "wasserstein") {
    return { value: meanOf(fake) - meanOf(real), real: real.map(() => -1 / n), fake: fake.map(() => 1 / n) };
  }
  if (loss === "relativistic") {
    const slope = fake.map((x, i) => sigmoid(x - real[i]) / n);
    return { value: meanOf(fake, (x, i) => softplus(x - real[i])), real: slope.map((x) => -x), fake: slope };
  }
  const value = meanOf(real, (x) => softplus(-x)) + meanOf(fake, softplus);
  return { value, real: real.map((x) => -sigmoid(-x) / n), fake: fake.map((x) => sigmoid(x) / n) };
}

/**
 * What G minimises, and its derivative by the logits of generated points (N); sources as above.
 *
 * @param {string} loss
 * @param {Float64Array} real logits (N)
 * @param {Float64Array} fake
 * @returns {{ value: number, fake: Float64Array }}
 */
export function generatorLoss(loss, real, fake) {
  const n = fake.length;
  switch (loss) {
    case "minimax":
      return { value: -meanOf(fake, softplus), fake: fake.map((x) => -sigmoid(x) / n) };
    case "least-squares":
      return { value: meanOf(fake, (x) => (x - 1) ** 2), fake: fake.map((x) => (2 * (x - 1)) / n) };
    case "wasserstein":
      return { value: -meanOf(fake), fake: fake.map(() => -1 / n) };
    case "relativistic": {
      const ahead = fake.map((x, i) => real[i] - x);
      return { value: meanOf(ahead, softplus), fake: ahead.map((x) => -sigmoid(x) / n) };
    }
    default:
      return { value: meanOf(fake, (x) => softplus(-x)), fake: fake.map((x) => -sigmoid(-x) / n) };
  }
}
