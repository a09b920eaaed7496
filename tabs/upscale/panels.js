/** What is shown of the same spot side by side: each network's result, and what it is to be compared with. */

/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} address of the picture
 * @property {string} words about it
 * @property {number} [index] of the network's result; none if no network drew it
 * @property {boolean} [best] nearest to the truth
 */

/**
 * @typedef {object} Result
 * @property {string} title of the network
 * @property {string} address
 * @property {boolean} invents
 */

/** @typedef {[psnr: number, ssim: number]} Score dB, and from 0 to 1 */

/**
 * @typedef {object} Answer of the server's `upscale_picture`, what the panels need of it
 * @property {[number, number]} from width and height of the small picture, px
 * @property {string} bicubic address
 * @property {string} [small] address; in a test only
 * @property {string} [truth] address; in a test only
 * @property {Result[]} results
 * @property {Score[]} scores of the bicubic picture and of the results; none without a test
 */

/**
 * Which score is the highest one.
 *
 * @param {Score[]} scores
 * @returns {number} -1 if there is none
 */
export function nearest(scores) {
  return scores.reduce((top, score, index) => (top < 0 || score[0] > scores[top][0] ? index : top), -1);
}

/**
 * @param {Score | undefined} score
 * @param {boolean} best
 * @param {string} otherwise what is said where there is no score
 */
function words(score, best, otherwise) {
  const told = score ? `${score[0].toFixed(2)} dB, SSIM ${score[1].toFixed(3)}` : otherwise;
  return best ? `${told} (nearest)` : told;
}

/**
 * @param {Answer} answer
 * @returns {Panel[]}
 */
export function panelsOf({ from, bicubic, small, truth, results, scores }) {
  const best = nearest(scores);
  /** @type {Panel[]} */
  const panels = [
    { title: "Bicubic", address: bicubic, words: words(scores[0], best === 0, "no network"), best: best === 0 },
    ...results.map(({ title, address, invents }, index) => {
      const isBest = best === index + 1;
      const told = words(scores[index + 1], isBest, invents ? "invents detail" : "faithful");
      return { title, address, words: told, index, best: isBest };
    }),
  ];
  if (small) panels.unshift({ title: "Given", address: small, words: from.join(" × ") });
  if (truth) panels.push({ title: "Truth", address: truth, words: "what was there" });
  return panels;
}
