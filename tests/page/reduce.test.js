import assert from "node:assert/strict";
import { test } from "node:test";
import { stepsTo } from "../../page/components/reduce.js";

test("a small picture stays", () => {
  assert.deepEqual(stepsTo(128, 100, 128), []);
});

test("a large one is halved until the rest is less than a half", () => {
  assert.deepEqual(stepsTo(512, 512, 128), [
    { width: 256, height: 256 },
    { width: 128, height: 128 },
  ]);
  assert.deepEqual(stepsTo(6000, 4000, 1600), [
    { width: 3000, height: 2000 },
    { width: 1600, height: 1067 },
  ]);
});

test("a thin one keeps a pixel", () => {
  assert.deepEqual(stepsTo(400, 1, 100).at(-1), { width: 100, height: 1 });
});
