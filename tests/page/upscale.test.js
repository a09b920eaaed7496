import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest, panelsOf } from "../../tabs/upscale/panels.js";
import { refusalOf } from "../../tabs/upscale/refused.js";
import { firstZoom, moved, outlineOf } from "../../tabs/upscale/spot.js";

const results = [
  { title: "Fast", address: "f", invents: false },
  { title: "Sharp", address: "s", invents: true },
];

test("results stand beside the bicubic picture", () => {
  const panels = panelsOf({ from: [8, 4], bicubic: "b", results, scores: [] });
  assert.deepEqual(
    panels.map(({ title, words, index }) => [title, words, index]),
    [
      ["Bicubic", "no network", undefined],
      ["Fast", "faithful", 0],
      ["Sharp", "invents detail", 1],
    ],
  );
});

test("in a test they stand between what was given and the truth, the nearest one marked", () => {
  const scores = [
    [27, 0.8],
    [29.456, 0.9],
    [26, 0.95],
  ];
  const panels = panelsOf({ from: [8, 4], bicubic: "b", small: "g", truth: "t", results, scores });
  assert.deepEqual(
    panels.map(({ title, words }) => `${title}: ${words}`),
    [
      "Given: 8 × 4",
      "Bicubic: 27.00 dB, SSIM 0.800",
      "Fast: 29.46 dB, SSIM 0.900 (nearest)",
      "Sharp: 26.00 dB, SSIM 0.950",
      "Truth: what was there",
    ],
  );
  assert.deepEqual(
    panels.map(({ best }) => Boolean(best)),
    [false, false, true, false, false],
  );
});

test("of equal scores the first one is the nearest", () => {
  assert.equal(
    nearest([
      [20, 1],
      [20, 1],
      [10, 1],
    ]),
    0,
  );
  assert.equal(nearest([]), -1);
});

test("small results begin enlarged", () => {
  assert.equal(firstZoom(512, 512), 2);
  assert.equal(firstZoom(4000, 3000), 1);
  assert.equal(firstZoom(32, 32), 4);
});

test("the spot moves by pixels and stays within the picture", () => {
  assert.deepEqual(moved([0.5, 0.5], [10, -20], [200, 100], 50), [0.55, 0.3]);
  assert.deepEqual(moved([0.5, 0.5], [1000, -1000], [200, 100], 50), [0.875, 0.25]);
  assert.deepEqual(moved([0.2, 0.9], [5, 5], [40, 40], 50), [0.5, 0.5]); // all of it is in view
});

test("the spot's outline is hidden where all is in view", () => {
  assert.deepEqual(outlineOf([0.5, 0.5], [200, 100], 50), { left: 37.5, top: 25, width: 25, height: 50 });
  assert.equal(outlineOf([0.5, 0.5], [40, 40], 50), null);
});

const NAMES = "PNG and TIFF";

test("files that are too many or too large are refused", () => {
  const megabytes = (count) => ({ size: count * 2 ** 20 });
  assert.equal(refusalOf([megabytes(16)], 20, NAMES), "");
  assert.match(refusalOf([megabytes(17)], 20, NAMES), /larger than 16 MB; PNG and TIFF up/);
  assert.match(refusalOf([megabytes(9), megabytes(9)], 20, NAMES), /^Together/);
  assert.match(refusalOf(Array(21).fill(megabytes(0)), 20, NAMES), /^21 pictures are too many; choose up to 20/);
});
