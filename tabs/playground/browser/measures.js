/** How well generated points fit, as in playground/game.py. */

const NEAR = 3; // standard deviations: a sample nearer than that is on the data
const FAIR = 0.25; // of its fair share of samples makes a mode covered

/** @typedef {import("../drawing/geometry.js").Point} Point */

/**
 * How many equal Gaussians have at least FAIR of their share of the samples within NEAR standard deviations.
 *
 * @param {Float64Array} samples (N, 2)
 * @param {Point[]} centres
 * @param {number} width standard deviation
 */
export function modesCovered(samples, centres, width) {
  const counts = centres.map(() => 0);
  for (let i = 0; i < samples.length; i += 2) {
    const distances = centres.map(([x, y]) => Math.hypot(samples[i] - x, samples[i + 1] - y));
    const nearest = Math.min(...distances);
    if (nearest < NEAR * width) counts[distances.indexOf(nearest)]++;
  }
  return counts.filter((count) => count >= (FAIR * samples.length) / 2 / centres.length).length;
}

/**
 * Share of samples with no data point within reach.
 *
 * @param {Float64Array} samples (N, 2)
 * @param {Float64Array} data (M, 2)
 * @param {number} reach
 */
export function offTheData(samples, data, reach) {
  let off = 0;
  for (let i = 0; i < samples.length; i += 2) if (!isNear(samples[i], samples[i + 1], data, reach ** 2)) off++;
  return off / (samples.length / 2);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {Float64Array} data (M, 2)
 * @param {number} most square of the distance
 */
function isNear(x, y, data, most) {
  for (let k = 0; k < data.length; k += 2) {
    const [right, up] = [data[k] - x, data[k + 1] - y];
    if (right * right + up * up <= most) return true;
  }
  return false;
}
