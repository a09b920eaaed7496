import assert from "node:assert/strict";
import { test } from "node:test";
import { drawLatents, interpolate, randomCodes } from "../../page/drawing/latents.js";
import { along, between } from "../../tabs/latent/paths.js";
import { columnsOf, stripSettings } from "../../tabs/latent/strip-sheet.js";
import { cutsOf, stripOf, wayName, widthOf } from "../../tabs/latent/strips.js";

const CIRCLE = ["circular", 0];
const LINE = ["uniform", 0];
const THREE = ["categorical-3", 3];

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

test("a slider runs over its range, around its circle once, through its categories", () => {
  // biome-ignore format: a row for each place
  assert.deepEqual(along(LINE, [0.5, 0], 0, 3), [[-1, 0], [0, 0], [1, 0]]);
  assert.deepEqual(along(CIRCLE, [0], 0, 4), [[-1], [-0.5], [0], [0.5]]);
  assert.deepEqual(along(THREE, [0], 0, 8), [[0], [1], [2]]);
});

test("the way between two places is straight, around a circle the shorter one, and jumps between categories", () => {
  const path = between([LINE, CIRCLE, THREE], [0, 0.75, 0], [1, -0.75, 2], 3);
  // biome-ignore format: a row for each place
  assert.deepEqual(path, [[0, 0.75, 0], [0.5, -1, 2], [1, -0.75, 2]]);
});

const NO_NETWORK = () => null;

test("each slider has a strip over its range, and the last one leads to where the next seed has the sliders", () => {
  const setting = { model: "scenes", set: "", codes: [0.5, 1], seed: 6 };
  const strips = stripSettings(setting, [LINE, THREE], NO_NETWORK);
  assert.deepEqual(
    strips.map((strip) => strip.length),
    [columnsOf(setting), 3, columnsOf(setting)],
  );
  assert.deepEqual(
    strips[1].map(({ codes }) => codes),
    [0, 1, 2].map((category) => [0.5, category]),
  );
  assert.deepEqual(strips[2][0].codes, [0.5, 1]);
  assert.deepEqual(strips[2].at(-1).codes, randomCodes([LINE, THREE], 7));
  for (const one of strips.flat()) assert.equal(one.seed, 6);
});

test("the last strip of faces leads from a seed's latent, or the one that was found, to that of the next seed", () => {
  const network = () => ({ inputs: { latents: { type: "float32", shape: ["count", 16] } } });
  const setting = { model: "faces", set: "sliders", codes: [0.5], seed: 6 };
  const [start, end] = [6, 7].map((seed) => drawLatents(16, seed, 1)[0]);
  const [, way] = stripSettings(setting, [LINE], network);
  assert.deepEqual(
    way.map(({ z }) => z),
    interpolate(start, end, columnsOf(setting)).map((latent) => [...latent]),
  );
  for (const { codes } of way) assert.deepEqual(codes, [0.5]);
  const found = Array.from(start, (number) => number / 2);
  const [, other] = stripSettings({ ...setting, z: found }, [LINE], network);
  assert.deepEqual(other[0].z, [...Float32Array.from(found)]);
});
