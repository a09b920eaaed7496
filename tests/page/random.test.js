import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ancestors, children, childSeed, drawLatents, interpolate, randomCodes } from "../../page/drawing/latents.js";
import { TorchRandom } from "../../page/drawing/torch-random.js";

const KNOWN = JSON.parse(readFileSync(new URL("random.json", import.meta.url), "utf8")); // drawn by torch and numpy
const SIZE = 20; // of the latents in it

function assertNear(numbers, known) {
  assert.equal(numbers.length, known.length);
  numbers.forEach((number, index) => {
    assert.ok(Math.abs(number - known[index]) < 1e-6, `${index}: ${number}, not ${known[index]}`);
  });
}

test("normal numbers are those of torch, few and many, the first and the second time", () => {
  for (const { count, seed, numbers } of KNOWN.normal) {
    const source = new TorchRandom(seed);
    for (const last of numbers) assertNear([...source.normal(count)].slice(-last.length), last);
  }
});

test("the sliders of a seed stand where torch puts them", () => {
  assertNear(randomCodes(KNOWN.codes.types, KNOWN.codes.seed), KNOWN.codes.codes);
});

test("a lineage has the faces of the server", () => {
  for (const { seed, path, child_seed, picked, children: second } of KNOWN.lineages) {
    assert.equal(childSeed(seed, path), child_seed);
    assertNear(ancestors(SIZE, { seed, path }).at(-1), picked);
    assertNear(children(SIZE, { seed, path, count: 2 })[1], second);
  }
});

test("without picks, a lineage is the latents of its seed", () => {
  assert.deepEqual(children(SIZE, { seed: 3, path: [], count: 2 }), drawLatents(SIZE, 3, 2));
  assert.deepEqual(ancestors(SIZE, { seed: 3, path: [] }), []);
});

test("a morph keeps to the sphere", () => {
  const [[start], [end]] = [1, 2].map((seed) => drawLatents(SIZE, seed, 1));
  const way = interpolate(start, end, KNOWN.way.length);
  way.forEach((latent, step) => {
    assertNear(latent, KNOWN.way[step]);
  });
  assert.deepEqual(interpolate(start, start, 3)[1], start);
});
