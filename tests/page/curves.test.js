import assert from "node:assert/strict";
import { test } from "node:test";
import { overSteps, scaleOf, spanOf } from "../../tabs/playground/drawing/scale.js";

test("curves span their values and steps", () => {
  assert.deepEqual(overSteps([4, 2]), [
    [0, 4],
    [1, 2],
  ]);
  const curves = [
    overSteps([3, 1, 2]),
    [
      [0, 5],
      [40, Number.NaN],
    ],
  ];
  assert.deepEqual(spanOf(curves), { bottom: 1, top: 5, last: 40 });
  assert.deepEqual(spanOf(curves, { also: [-2], high: 9 }), { bottom: -2, top: 9, last: 40 });
});

test("a single value stands in the middle of a band, and no value spans nothing", () => {
  assert.deepEqual(spanOf([overSteps([2])]), { bottom: 1.5, top: 2.5, last: 1 });
  assert.equal(spanOf([]), null);
  assert.equal(spanOf([overSteps([Number.POSITIVE_INFINITY])], { also: [1] }), null);
});

test("the ends of the span lie at the borders, and what is beyond does, too", () => {
  const scale = scaleOf({ bottom: 0, top: 10, last: 100 }, 456, 128);
  assert.deepEqual([scale.x(0), scale.x(50), scale.x(100)], [48, 248, 448]);
  assert.deepEqual([scale.y(10), scale.y(5), scale.y(0)], [8, 58, 108]);
  assert.deepEqual([scale.y(99), scale.y(-1)], [8, 108]);
});
