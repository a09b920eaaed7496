/**
 * Mixtures of Gaussians fitted by expectation maximisation, as in playground/mixtures.py: the same fit, step by step.
 *
 * Points are (N, 2), one after the other.
 */

import { meanOf } from "./losses.js";
import { NumpyRandom } from "./numpy-random.js";

export const MOST_COMPONENTS = 12;
export const MOST_STEPS = 300; // of one fit
const FLOOR = 1e-5; // added to all variances, so that no component shrinks to a point
export const ENOUGH = 1e-4; // rise of the mean log-likelihood, in nats, under which a fit has ended
const NONZERO = 10 * Number.EPSILON; // added to the points of a component, as scikit-learn does

/** @typedef {[number, number]} Pair */

/**
 * The entries xx, xy and yy of a symmetric matrix.
 *
 * @typedef {[number, number, number]} Symmetric
 */

/** @typedef {{ weights: number[], means: Pair[], covariances: Symmetric[] }} Mixture of K components each */

/**
 * Where a fit begins: means at points drawn at random, equal weights, round Gaussians as wide as half the data.
 *
 * @param {Float64Array} points
 * @param {number} components 1 to MOST_COMPONENTS, and at most half as many as there are points
 * @param {number} seed
 * @returns {Mixture}
 */
export function start(points, components, seed) {
  const chosen = new NumpyRandom([seed]).distinct(components, points.length / 2);
  const spread = (varianceOf(points, 0) + varianceOf(points, 1)) / 8 + FLOOR;
  return {
    weights: chosen.map(() => 1 / components),
    means: chosen.map((index) => [points[2 * index], points[2 * index + 1]]),
    covariances: chosen.map(() => [spread, 0, spread]),
  };
}

/**
 * @param {Float64Array} points
 * @param {number} axis 0 or 1
 */
function varianceOf(points, axis) {
  const places = points.filter((_, index) => index % 2 === axis);
  const middle = meanOf(places);
  return meanOf(places, (place) => (place - middle) ** 2);
}

/**
 * One iteration of EM: responsibilities, then weights, means and covariances that fit them best.
 *
 * @param {Float64Array} points
 * @param {Mixture} mixture
 * @returns {Mixture}
 */
export function step(points, mixture) {
  const components = mixture.weights.length;
  const shares = responsibilities(points, mixture);
  const fitted = mixture.weights.map((_, k) => fittedTo(points, shares, k, components));
  const whole = fitted.reduce((sum, { count }) => sum + count, 0);
  return {
    weights: fitted.map(({ count }) => count / whole),
    means: fitted.map(({ mean }) => mean),
    covariances: fitted.map(({ covariance }) => covariance),
  };
}

/**
 * The Gaussian that fits points best of which one component has its shares.
 *
 * @param {Float64Array} points
 * @param {Float64Array} shares (N, components)
 * @param {number} component
 * @param {number} components
 * @returns {{ count: number, mean: Pair, covariance: Symmetric }} count: sum of the shares
 */
function fittedTo(points, shares, component, components) {
  let [count, across, up] = [NONZERO, 0, 0];
  for (let at = component, from = 0; at < shares.length; at += components, from += 2) {
    count += shares[at];
    across += shares[at] * points[from];
    up += shares[at] * points[from + 1];
  }
  const [middle, height] = [across / count, up / count];
  let [xx, xy, yy] = [0, 0, 0];
  for (let at = component, from = 0; at < shares.length; at += components, from += 2) {
    const [x, y] = [points[from] - middle, points[from + 1] - height];
    xx += shares[at] * x * x;
    xy += shares[at] * x * y;
    yy += shares[at] * y * y;
  }
  return {
    count,
    mean: [middle, height],
    covariance: [xx / count + FLOOR, xy / count, yy / count + FLOOR],
  };
}

/**
 * The lower triangle whose product with its transpose is a covariance (Cholesky).
 *
 * @param {Symmetric} covariance
 * @returns {Symmetric}
 */
function rootOf([xx, xy, yy]) {
  const first = Math.sqrt(xx);
  return [first, xy / first, Math.sqrt(yy - (xy / first) ** 2)];
}

/**
 * Log of weight times density of each component at each point (N, K).
 *
 * @param {Float64Array} points
 * @param {Mixture} mixture
 */
function logDensities(points, { weights, means, covariances }) {
  const components = weights.length;
  const logs = new Float64Array((points.length / 2) * components);
  for (let k = 0; k < components; k++) {
    const [xx, xy, yy] = rootOf(covariances[k]);
    const [middle, height] = means[k];
    const most = Math.log(weights[k]) - Math.log(xx * yy) - Math.log(2 * Math.PI);
    for (let at = k, from = 0; at < logs.length; at += components, from += 2) {
      const x = (points[from] - middle) / xx;
      const y = (points[from + 1] - height - xy * x) / yy;
      logs[at] = most - (x * x + y * y) / 2;
    }
  }
  return logs;
}

/**
 * Log-density of each point (N,), in nats, and the log-densities of the components there (N, K).
 *
 * @param {Float64Array} points
 * @param {Mixture} mixture
 */
function logsAt(points, mixture) {
  const components = mixture.weights.length;
  const logs = logDensities(points, mixture);
  const sums = new Float64Array(points.length / 2);
  for (let index = 0; index < sums.length; index++) {
    const [first, end] = [index * components, (index + 1) * components];
    let most = logs[first];
    for (let at = first + 1; at < end; at++) if (logs[at] > most) most = logs[at];
    let sum = 0; // of exponentials of which the largest is 1
    for (let at = first; at < end; at++) sum += Math.exp(logs[at] - most);
    sums[index] = most + Math.log(sum);
  }
  return { logs, sums };
}

/**
 * Mean log-density of points, in nats.
 *
 * @param {Float64Array} points
 * @param {Mixture} mixture
 */
export const logLikelihood = (points, mixture) => meanOf(logsAt(points, mixture).sums);

/**
 * The probability that each point came from each component (N, K), which the E step computes.
 *
 * @param {Float64Array} points
 * @param {Mixture} mixture
 */
export function responsibilities(points, mixture) {
  const { logs, sums } = logsAt(points, mixture);
  return logs.map((log, at) => Math.exp(log - sums[Math.floor(at / mixture.weights.length)]));
}

/**
 * Points drawn from a mixture (count, 2).
 *
 * @param {Mixture} mixture
 * @param {number} count
 * @param {number} seed
 */
export function sample(mixture, count, seed) {
  const random = new NumpyRandom([seed]);
  const chosen = random.weighted(count, mixture.weights); // all of them before the first normal number, as in Python
  const roots = mixture.covariances.map(rootOf);
  const drawn = new Float64Array(2 * count);
  for (const [index, k] of chosen.entries()) {
    const [xx, xy, yy] = roots[k];
    const [x, y] = [random.normal(), random.normal()];
    drawn[2 * index] = mixture.means[k][0] + xx * x;
    drawn[2 * index + 1] = mixture.means[k][1] + xy * x + yy * y;
  }
  return drawn;
}

/**
 * For drawing: the half axes of one standard deviation, longest first, and the angle of the longest.
 *
 * @param {Symmetric} covariance
 * @returns {[number, number, number]}
 */
export function ellipseOf([xx, xy, yy]) {
  const [middle, reach] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  const longest = middle + reach;
  return [Math.sqrt(longest), Math.sqrt((xx * yy - xy * xy) / longest), Math.atan2(2 * xy, xx - yy) / 2];
}
