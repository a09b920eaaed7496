import assert from "node:assert/strict";
import { test } from "node:test";
import { scalesOf, shapeOf } from "../../page/components/chart.js";

/** All shapes of one name, wherever they are in a drawing. */
const all = (shape, name) => [
  ...(shape.name === name ? [shape] : []),
  ...(shape.parts ?? []).flatMap((part) => all(part, name)),
];
const line = (points, more = {}) => ({ label: "", series: [{ kind: "you", points, ...more }] });

test("percentages run up, the axis runs to the right", () => {
  const { across, down } = scalesOf({ from: 10, to: 20 });
  assert.deepEqual([across(10), across(15), across(20)], [44, 246, 448]);
  assert.deepEqual([down(100), down(50), down(0)], [12, 83, 154]);
});

test("a single place on the axis is in the middle", () => {
  assert.equal(scalesOf({ from: 7, to: 7 }).across(7), 246);
});

test("points are joined and marked", () => {
  const chart = shapeOf(
    line([
      [0, 0],
      [1, 100],
    ]),
  );
  assert.deepEqual(
    all(chart, "polyline").map(({ attributes }) => attributes.points),
    ["44,154 448,12"],
  );
  assert.equal(all(chart, "circle").length, 2);
});

test("many points are joined only", () => {
  const chart = shapeOf(line(Array.from({ length: 41 }, (_, x) => [x / 40, 50])));
  assert.equal(all(chart, "polyline").length, 1);
  assert.equal(all(chart, "circle").length, 0);
});

test("the network's marks are squares", () => {
  const chart = shapeOf({ label: "", series: [{ kind: "network", points: [[0, 50]] }] });
  assert.deepEqual(all(chart, "rect")[0].attributes, { x: 40.5, y: 79.5, width: 7, height: 7 });
});

test("bars without a line, along a diagonal", () => {
  const chart = shapeOf({
    ...line([[0.5, 60]], { bars: [[0.5, 40, 80]], line: false }),
    diagonal: [
      [0, 0],
      [1, 100],
    ],
  });
  assert.equal(all(chart, "polyline").length, 0);
  const drawn = all(chart, "line").map(({ attributes }) => attributes);
  assert.deepEqual(
    drawn.filter((one) => one.class === "even"),
    [{ x1: 44, y1: 154, x2: 448, y2: 12, class: "even" }],
  );
  assert.equal(drawn.filter((one) => one.class === "bar").length, 1);
});

test("half is dotted where nothing else is to be followed", () => {
  const even = all(shapeOf(line([[0, 0]])), "line").filter(({ attributes }) => attributes.class === "even");
  assert.deepEqual(
    even.map(({ attributes }) => [attributes.y1, attributes.y2]),
    [[83, 83]],
  );
});

test("a name stands where there is room, and never above the drawing", () => {
  const nameOf = (x, percent) => {
    const chart = shapeOf(line([[x, percent]], { name: "visitors" }));
    return all(chart, "text").find(({ text }) => text === "visitors").attributes;
  };
  assert.deepEqual(nameOf(1, 50), { x: 439, y: 75, "text-anchor": "end", class: "name" });
  assert.deepEqual(nameOf(0, 100), { x: 53, y: 11, "text-anchor": "start", class: "name" });
});
