import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { densitiesServer } from "../../standalone/densities.js";
import {
  ellipseOf,
  logLikelihood,
  responsibilities,
  sample,
  start,
  step,
} from "../../tabs/playground/browser/mixtures.js";
import { NumpyRandom } from "../../tabs/playground/browser/numpy-random.js";
import { drawPoints } from "../../tabs/playground/browser/points.js";

// what Python comes to, see tests/known_mixtures.py
const KNOWN = JSON.parse(readFileSync(new URL("mixtures.json", import.meta.url), "utf-8"));
const AGREED = 1e-6;
const CRITERIA = { ring: [3, 1, 2], grid: [2, 1] };
const DATASETS = [["ring", "Ring"]];

/** Fails unless all numbers are nearly the same. */
function agree(ours, theirs, most = AGREED) {
  const [left, right] = [[...ours].flat(), [...theirs].flat()];
  assert.equal(left.length, right.length);
  left.forEach((one, index) => {
    assert.ok(Math.abs(one - right[index]) <= most, `number ${index}: ${one}, but in Python ${right[index]}`);
  });
}

for (const known of KNOWN.choices) {
  test(`${known.count} of ${known.size} are chosen as NumPy does, seed ${known.seed}`, () => {
    const random = new NumpyRandom([known.seed]);
    const distinct = random.distinct(known.count, known.size);
    assert.equal(new Set(distinct).size, known.count);
    assert.deepEqual(distinct.slice(-20), known.distinct);
    assert.deepEqual(random.weighted(known.weighted.length, known.shares), known.weighted);
    assert.equal(random.double(), known.next);
  });
}

for (const known of KNOWN.fits) {
  test(`the same fit as in Python: ${known.components} Gaussians, points "${known.data}"`, () => {
    const points = drawPoints(known.data);
    let mixture = start(points, known.components, known.seed);
    const likelihoods = [logLikelihood(points, mixture)];
    for (let k = 0; k < known.steps; k++) {
      mixture = step(points, mixture);
      likelihoods.push(logLikelihood(points, mixture));
    }
    agree([...likelihoods.slice(0, 5), likelihoods.at(-1)], known.likelihoods);
    for (const name of ["weights", "means", "covariances"]) agree(mixture[name], known[name]);
    agree(responsibilities(points.subarray(0, 2 * known.responsibilities.length), mixture), known.responsibilities);
    agree(sample(mixture, known.sample.length, known.seed), known.sample);
  });
}

for (const known of KNOWN.answers) {
  test(`the same answer as the server's: ${JSON.stringify(known.asked)}`, async () => {
    const server = densitiesServer({ criteria: CRITERIA, datasets: DATASETS });
    const told = await server.mixture(known.asked);
    for (const name of ["data", "step", "ended", "captions", "link"]) assert.deepEqual(told[name], known[name]);
    for (const name of ["means", "weights"]) agree(told[name], known[name], 1.01e-4); // rounded to four digits
    agree(told.likelihoods, known.likelihoods, 1.01e-5);
    if (known.sample) agree(told.sample.slice(0, known.sample.length), known.sample, 1); // thousandths
    assert.equal(told.sample?.length, known.sample ? 600 : undefined);
    assert.equal(told.notice, undefined);
    assert.deepEqual([told.criteria, told.datasets], [CRITERIA[told.data], DATASETS]);
    const shares = Buffer.from(told.responsibilities, "base64");
    assert.equal(shares.length, 1000 * known.asked.components);
    assert.equal(told.points.length, 2000);
  });
}

test("a visitor who steps sees what one sees who comes by a link, and may go back", async () => {
  const server = densitiesServer({ criteria: CRITERIA, datasets: DATASETS });
  const asked = { data: "ring", components: 3, seed: "7" };
  const steps = [];
  for (const at of [0, 1, 2, 3, 1]) steps.push(await server.mixture({ ...asked, step: at }));
  const other = densitiesServer({ criteria: CRITERIA, datasets: DATASETS });
  assert.deepEqual(await other.mixture({ ...asked, step: 3 }), steps[3]);
  assert.deepEqual(steps[4], steps[1]);
  assert.ok(steps[3].likelihoods.every((value, index, all) => !index || value >= all[index - 1]));
});

test("what cannot be fitted is said in a sentence, unknown points are those of the ring", async () => {
  const server = densitiesServer({ criteria: CRITERIA, datasets: DATASETS });
  const right = { data: "ring", components: 2, seed: 1, step: 0 };
  const wrong = [
    ...[{ components: 0 }, { components: 13 }, { components: 1.5 }, { components: "" }, { components: "x" }],
    ...[{ seed: -1 }, { seed: 2 ** 31 }, { seed: "" }, { seed: undefined }, { step: 301 }, { step: -1 }, { step: "x" }],
  ];
  for (const fields of wrong) {
    assert.deepEqual(await server.mixture({ ...right, ...fields }), { notice: "A number is out of its range." });
  }
  for (const data of ["own-0123", "constructor"]) {
    const { notice, ...told } = await server.mixture({ ...right, data });
    assert.equal(notice, "There are no such points here; these are the first ones.");
    assert.deepEqual(told, await server.mixture(right));
  }
});

test("an ellipse has the axes of its covariance, turned", () => {
  agree(ellipseOf([4, 0, 1]), [2, 1, 0]);
  agree(ellipseOf([1, 0, 4]), [2, 1, Math.PI / 2]);
  agree(ellipseOf([2.5, 1.5, 2.5]), [2, 1, Math.PI / 4]);
  agree(ellipseOf([2.5, -1.5, 2.5]), [2, 1, -Math.PI / 4]);
});
