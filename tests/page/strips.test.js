import assert from "node:assert/strict";
import { test } from "node:test";
import { cutsOf, stripOf, wayName, widthOf } from "../../tabs/latent/strips.js";

test("between the pictures of a strip there are gaps, and none after the last", () => {
  assert.equal(widthOf(1), 128);
  assert.equal(widthOf(8), 8 * 128 + 7 * 8);
});

test("a strip is a row of the sheet, whose pictures lie side by side without gaps", () => {
  assert.deepEqual(cutsOf(2, 3, { columns: 8, width: 512 }), [
    { left: 0, top: 128, side: 64, at: 0 },
    { left: 64, top: 128, side: 64, at: 136 },
    { left: 128, top: 128, side: 64, at: 272 },
  ]);
  assert.deepEqual(cutsOf(0, 0, { columns: 8, width: 512 }), []);
});

test("the pictures of a full strip fill it", () => {
  const cuts = cutsOf(1, 5, { columns: 5, width: 640 });
  assert.equal(cuts[4].at + 128, widthOf(5));
  assert.equal(cuts[4].left + cuts[4].side, 640);
});

test("the last strip leads to the next seed, all others are of sliders", () => {
  const told = { names: ["Age", "Smile"], effects: ["", "moves shape"], seed: 4, found: false };
  assert.deepEqual(stripOf(0, 3, told), { name: "Age", effect: "", film: "0" });
  assert.deepEqual(stripOf(1, 3, told), { name: "Smile", effect: "moves shape", film: "1" });
  assert.deepEqual(stripOf(2, 3, told), { name: "Seed 4 to seed 5", effect: "", film: "to" });
  assert.equal(stripOf(0, 3, { ...told, effects: [] }).effect, "");
});

test("a face that was found has no seed", () => {
  assert.equal(wayName(1, true), "This face to seed 2");
});
