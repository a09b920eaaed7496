import assert from "node:assert/strict";
import { test } from "node:test";
import { channelsOf, mixedColour, pixelsBetween } from "../../tabs/playground/drawing/colours.js";
import { arrowFrom, onDrawing, pointAt, unpacked } from "../../tabs/playground/drawing/geometry.js";

function near(found, wanted) {
  found.flat().forEach((value, index) => {
    assert.ok(Math.abs(value - wanted.flat()[index]) < 1e-9, `${found} is not ${wanted}`);
  });
}

test("the server's thousandths are points", () => {
  assert.deepEqual(unpacked([]), []);
  assert.deepEqual(unpacked([1000, -500, 0, 1]), [
    [1, -0.5],
    [0, 0.001],
  ]);
});

test("the middle of the plane lies in the middle, and y points up", () => {
  assert.deepEqual(onDrawing([0, 0], 220, 1.1), [110, 110]);
  near(onDrawing([-1.1, 1.1], 220, 1.1), [0, 0]);
  near(onDrawing([1, -1], 220, 1.1), [210, 210]);
});

test("a pointer is where a point would be drawn", () => {
  const box = { left: 30, top: 40, width: 220, height: 220 };
  for (const point of [
    [0, 0],
    [0.4, -0.9],
    [-1.1, 1.1],
  ]) {
    const [left, top] = onDrawing(point, 220, 1.1);
    near(pointAt({ clientX: 30 + left, clientY: 40 + top }, box, 1.1), point);
  }
});

test("an arrow is as long as it is told, and points upwards for a positive y", () => {
  const { tip, barbs } = arrowFrom([100, 100], [0, 3], 20);
  near(tip, [100, 80]);
  assert.equal(barbs.length, 2);
  for (const [left, top] of barbs) {
    near([Math.hypot(left - tip[0], top - tip[1])], [5]);
    assert.ok(top > 80 && top < 100); // back along the shaft
  }
  near([barbs[0][0] + barbs[1][0]], [200]); // on both sides alike
});

test("the head of a short arrow is half its length", () => {
  const { tip, barbs } = arrowFrom([0, 0], [1, 0], 4);
  near(tip, [4, 0]);
  near([Math.hypot(barbs[0][0] - 4, barbs[0][1])], [2]);
});

test("a surface goes from one colour to the other", () => {
  assert.deepEqual(channelsOf("#2f6fb3"), [47, 111, 179]);
  const pixels = pixelsBetween(Uint8Array.of(0, 255, 51), "#000064", "#ff0000");
  assert.deepEqual([...pixels], [0, 0, 100, 255, 255, 0, 0, 255, 51, 0, 80, 255]);
});

test("colours are mixed by their shares", () => {
  const colours = [
    [255, 0, 0],
    [0, 0, 100],
    [9, 9, 9],
  ];
  assert.equal(mixedColour([255], colours), "rgb(255 0 0)");
  assert.equal(mixedColour([1, 3], colours), "rgb(64 0 75)");
  assert.equal(mixedColour([0, 0], colours), "rgb(0 0 0)");
});
