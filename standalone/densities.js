/** What the server answers to the part "Densities" of the playground: tabs/playground/densities.py in the browser. */

import {
  ENOUGH,
  ellipseOf,
  logLikelihood,
  MOST_COMPONENTS,
  MOST_STEPS,
  responsibilities,
  sample,
  start,
  step,
} from "../tabs/playground/browser/mixtures.js";
import { drawPoints } from "../tabs/playground/browser/points.js";
import { packed } from "../tabs/playground/browser/view.js";
import { fixed, roundedEvenly, textOf } from "../tabs/playground/numbers.js";

const DRAWN = 300; // new points from a fit
const LARGEST_SEED = 2 ** 31 - 1;

/** @typedef {import("../tabs/playground/browser/mixtures.js").Mixture} Mixture */
/** @typedef {{ data: string, components: number, seed: number }} Begun what decides a fit */

/**
 * A fit as far as it has been asked for: the mixtures and mean log-likelihoods at the start and after each step.
 *
 * @typedef {{ name: string, points: Float64Array, mixtures: Mixture[], likelihoods: number[] }} Path
 */

/** @param {Begun} begun @returns {Path} */
function begin({ data, components, seed }) {
  const points = drawPoints(data);
  const first = start(points, components, seed);
  const name = [data, components, seed].join();
  return { name, points, mixtures: [first], likelihoods: [logLikelihood(points, first)] };
}

/**
 * Whether the last step hardly changed anything, or the number of steps is used up.
 *
 * @param {number[]} likelihoods
 */
function ended(likelihoods) {
  const [before, last] = likelihoods.slice(-2);
  return likelihoods.length > MOST_STEPS || (likelihoods.length > 1 && last - before < ENOUGH / 10);
}

/**
 * Goes on up to a step, or to the end of the fit.
 *
 * @param {Path} path
 * @param {number} wanted
 * @returns {number} the step that it reached
 */
function goOn({ points, mixtures, likelihoods }, wanted) {
  while (likelihoods.length <= wanted && !ended(likelihoods)) {
    const next = step(points, mixtures[mixtures.length - 1]);
    mixtures.push(next);
    likelihoods.push(logLikelihood(points, next));
  }
  return Math.min(wanted, likelihoods.length - 1);
}

/**
 * @param {any} known see `fits` in answers.py
 * @returns {Record<string, (fields: any) => Promise<any>>}
 */
export function densitiesServer(known) {
  /** @type {Path | null} */
  let path = null; // the last that was asked for: a visitor steps along it

  return {
    async mixture(fields) {
      const [components, seed, wanted] = [fields.components, fields.seed ?? "", fields.step || 0].map(wholeOf);
      if (!(components >= 1 && components <= MOST_COMPONENTS && seed <= LARGEST_SEED && wanted <= MOST_STEPS)) {
        return { notice: "A number is out of its range." };
      }
      const given = fields.data || "ring";
      const data = Object.hasOwn(known.criteria, given) ? given : "ring";
      if (path?.name !== [data, components, seed].join()) path = begin({ data, components, seed });
      const reached = goOn(path, wanted);
      const begun = { data, components, seed };
      const answer = { ...answerOf(begun, path, reached), datasets: known.datasets, criteria: known.criteria[data] };
      if (fields.sample) answer.sample = packed(sample(path.mixtures[reached], DRAWN, seed));
      if (data === given) return answer;
      return { ...answer, notice: "There are no such points here; these are the first ones." };
    },
  };
}

/**
 * @param {unknown} value that somebody typed
 * @returns {number} whole and not negative; NaN for any other
 */
function wholeOf(value) {
  const number = value === "" ? Number.NaN : Number(value);
  return Number.isInteger(number) && number >= 0 ? number : Number.NaN;
}

/**
 * @param {Begun} begun
 * @param {Path} path
 * @param {number} reached the step that is shown
 * @returns {any}
 */
function answerOf({ data, components, seed }, path, reached) {
  const model = path.mixtures[reached];
  const likelihoods = path.likelihoods.slice(0, reached + 1);
  const shares = responsibilities(path.points, model);
  const query = { tab: "playground", part: "densities", data, components, seed, step: reached };
  return {
    data,
    points: packed(path.points),
    responsibilities: textOf(Uint8Array.from(shares, (share) => Math.round(255 * share))),
    means: model.means.map((mean) => mean.map((place) => rounded(place, 4))),
    weights: model.weights.map((weight) => rounded(weight, 4)),
    ellipses: model.covariances.map((covariance) => ellipseOf(covariance).map((value) => rounded(value, 4))),
    likelihoods: likelihoods.map((value) => rounded(value, 5)),
    step: reached,
    ended: ended(likelihoods),
    captions: captionsOf(shares, components, likelihoods),
    sample: null,
    link: new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString(),
    python: "",
  };
}

/**
 * @param {number} value
 * @param {number} digits behind the point
 */
const rounded = (value, digits) => Number(value.toFixed(digits));

/**
 * What the last step did, in words and numbers.
 *
 * @param {Float64Array} shares responsibilities (N, components)
 * @param {number} components
 * @param {number[]} likelihoods
 * @returns {import("../tabs/playground/controls.js").Caption[]}
 */
function captionsOf(shares, components, likelihoods) {
  // more than .9 of one point can only be the share of one Gaussian
  const sure = shares.filter((share) => share > 0.9).length / (shares.length / components);
  const expectation = {
    words: `E step: which Gaussian did each point come from? ${roundedEvenly(100 * sure)} % of the points are over 90 % sure.`,
    formula: "γ_nk = w_k N(x_n; μ_k, Σ_k) / Σ_j w_j N(x_n; μ_j, Σ_j)",
  };
  const [before, last] = likelihoods.slice(-2);
  const now = `mean log p(x) = ${fixed(last ?? before, 2)} nats`;
  if (likelihoods.length === 1) {
    const words = "M step, next: each Gaussian moves to the mean and covariance of the points that it answers for.";
    return [expectation, { words, formula: `w_k, μ_k, Σ_k ← those of the points, weighted by γ_nk; ${now}` }];
  }
  const rise = ended(likelihoods) ? "hardly rose: the fit has ended" : "rose";
  const words = `M step: each Gaussian took the mean and covariance of the points that it answers for, and the likelihood ${rise}.`;
  return [expectation, { words, formula: `${now}, before ${fixed(before, 2)}` }];
}
