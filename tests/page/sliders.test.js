import assert from "node:assert/strict";
import { test } from "node:test";
import { codeText, kindText, rangeOf, shareOf } from "../../tabs/latent/sliders.js";

const AMOUNT = ["uniform", 0];
const HUE = ["circular", 0];
const SHAPE = ["categorical-4", 4];

test("a slider runs from -1 to 1, one of categories over them", () => {
  assert.deepEqual(rangeOf(AMOUNT), { min: -1, max: 1, step: 0.01 });
  assert.deepEqual(rangeOf(HUE), { min: -1, max: 1, step: 0.01 });
  assert.deepEqual(rangeOf(SHAPE), { min: 0, max: 3, step: 1 });
});

test("codes have two decimals, categories count from 1", () => {
  assert.equal(codeText(0.5, AMOUNT), "0.50");
  assert.equal(codeText(-1, HUE), "-1.00");
  assert.equal(codeText(0, SHAPE), "1");
  assert.equal(codeText(3, SHAPE), "4");
});

test("a slider that nobody has named says what kind it is", () => {
  assert.equal(kindText(AMOUNT), "");
  assert.equal(kindText(HUE), "a circle");
  assert.equal(kindText(SHAPE), "one of 4");
});

test("the track is coloured up to the thumb", () => {
  assert.equal(shareOf(-1, AMOUNT), 0);
  assert.equal(shareOf(0, AMOUNT), 50);
  assert.equal(shareOf(1, HUE), 100);
  assert.equal(shareOf(0, SHAPE), 0);
  assert.equal(shareOf(3, SHAPE), 100);
});
