/** Normal numbers of random bits: the ziggurat of Marsaglia and Tsang (2000), as NumPy has it. */

const LAYERS = 256; // of the same area
const EDGE = 3.654152885361009; // where the tail begins
const AREA = 0.004928673233974655; // of each layer
const STEPS = 2 ** 52; // places within a layer

/** @param {number} x */
const density = (x) => Math.exp((-x * x) / 2);

const { sure, unit, height } = layers();

/**
 * Of each layer: places below `sure` lie under the curve, `unit` is the distance of two, `height` the curve at its end.
 */
function layers() {
  const ends = new Float64Array(LAYERS);
  ends[LAYERS - 1] = EDGE;
  for (let k = LAYERS - 2; k > 0; k--) ends[k] = Math.sqrt(-2 * Math.log(AREA / ends[k + 1] + density(ends[k + 1])));
  const unit = ends.map((end) => end / STEPS);
  const sure = ends.map((end, k) => (k > 1 ? Math.floor((ends[k - 1] / end) * STEPS) : 0));
  unit[0] = AREA / density(EDGE) / STEPS; // the lowest layer has the tail in it
  sure[0] = Math.floor(((EDGE * density(EDGE)) / AREA) * STEPS);
  return { sure, unit, height: ends.map(density) };
}

/**
 * @param {{ words: () => { high: number, low: number }, double: () => number }} random
 * @returns {number}
 */
export function normalOf(random) {
  for (;;) {
    const { high, low } = random.words(); // from the lowest bit on: 8 of the layer, one sign, 52 of the place
    const layer = low & 255;
    const place = ((high >>> 9) & 0xfffff) * 2 ** 32 + (((low >>> 9) | (high << 23)) >>> 0);
    const sign = low & 256 ? -1 : 1;
    const x = place * unit[layer];
    if (place < sure[layer]) return sign * x;
    if (!layer) return tailOf(random, place % 512 >= 256);
    const between = height[layer] + (height[layer - 1] - height[layer]) * random.double();
    if (between < density(x)) return sign * x;
  }
}

/**
 * A number beyond EDGE (Marsaglia 1964).
 *
 * @param {{ double: () => number }} random
 * @param {boolean} negative
 */
function tailOf(random, negative) {
  for (;;) {
    const beyond = -Math.log1p(-random.double()) / EDGE;
    const bound = -Math.log1p(-random.double());
    if (2 * bound > beyond * beyond) return negative ? -EDGE - beyond : EDGE + beyond;
  }
}
