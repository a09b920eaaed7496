import assert from "node:assert/strict";
import { test } from "node:test";
import { factorFor } from "../../page/components/compare.js";

const room = { width: 900, height: 600 };

test("a picture is as large as there is room for", () => {
  assert.equal(factorFor({ width: 1800, height: 600 }, room, { small: 128 }), 0.5);
  assert.equal(factorFor({ width: 400, height: 400 }, room, { small: 128 }), 1.5);
});

test("a small picture is enlarged by a whole number of the screen's own pixels", () => {
  assert.equal(factorFor({ width: 110, height: 110 }, room, { small: 128 }), 5);
  assert.equal(factorFor({ width: 110, height: 110 }, room, { small: 128, ratio: 2 }), 5);
  assert.equal(factorFor({ width: 104, height: 110 }, { width: 900, height: 580 }, { small: 128, ratio: 4 }), 5.25);
});

test("a small picture is never shown smaller than it may be", () => {
  const picture = { width: 100, height: 100 };
  assert.equal(factorFor(picture, { width: 120, height: 120 }, { small: 128, ratio: 1.5 }), 1 / 1.5);
  assert.equal(factorFor(picture, { width: 120, height: 120 }, { small: 128, ratio: 1.5, least: 1 }), 1);
});

test("a dot does not fill the page", () => {
  assert.equal(factorFor({ width: 1, height: 1 }, room, { small: 128 }), 6);
});
