import assert from "node:assert/strict";
import test from "node:test";
import * as placement from "../../page/components/placement.js";

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);
const same = (a, b) => {
  near(a.x, b.x);
  near(a.y, b.y);
};
const some = { a: 0.4, b: -0.3, x: 12, y: 70 };

test("a point of the frame comes back from the picture", () => {
  same(placement.toFrame(some, placement.toPicture(some, { x: 5, y: 99 })), { x: 5, y: 99 });
});

test("the middle square of a wide picture fills the frame", () => {
  const p = placement.middle(400, 200);
  same(placement.toFrame(p, { x: 100, y: 0 }), { x: 0, y: 0 });
  same(placement.toFrame(p, { x: 300, y: 200 }), { x: 128, y: 128 });
});

const eyes = [
  { x: 300, y: 210 },
  { x: 360, y: 240 },
];
const tight = [
  { x: 33, y: 32 },
  { x: 95, y: 32 },
]; // where another network expects them

test("marked eyes come to where a network expects them", () => {
  const p = placement.fitted(eyes, tight);
  for (const eye of [0, 1]) same(placement.toFrame(p, eyes[eye]), tight[eye]);
});

test("a fitted face stays fitted for a network that expects the eyes elsewhere", () => {
  const p = placement.aimed(placement.fitted(eyes), placement.EYES, tight);
  for (const eye of [0, 1]) same(placement.toFrame(p, eyes[eye]), tight[eye]);
  const back = placement.aimed(p, tight, placement.EYES);
  for (const key of ["a", "b", "x", "y"]) near(back[key], placement.fitted(eyes)[key]);
});

test("a marked mouth takes part: all three come as near as they can", () => {
  const expected = placement.expectedAt(tight);
  near(expected[2].x, 33 + (62 / 49) * 25); // as far from the eyes as in the template, 62 / 49 times as large
  near(expected[2].y, 32 + (62 / 49) * 50.5);
  const [turned, shift] = [
    { a: 0.6, b: 0.8, x: 7, y: -3 },
    { x: 0, y: 6 },
  ];
  const at = expected.map((point) => placement.toPicture(turned, point));
  for (const key of ["a", "b", "x", "y"]) near(placement.fitted(at, expected)[key], turned[key]); // no error left
  at[2] = placement.toPicture(turned, { x: expected[2].x + shift.x, y: expected[2].y + shift.y }); // a longer face
  const three = placement.fitted(at, expected);
  const error = (p) =>
    at.reduce((sum, point, k) => {
      const { x, y } = placement.toFrame(p, point);
      return sum + (x - expected[k].x) ** 2 + (y - expected[k].y) ** 2;
    }, 0);
  assert.ok(placement.scaleOf(three) < 1); // the eyes alone would leave it at 1
  for (const key of ["a", "b", "x", "y"])
    for (const by of [-1e-3, 1e-3]) assert.ok(error({ ...three, [key]: three[key] + by }) > error(three));
  assert.equal(placement.fitted([at[0], at[0], at[2]], expected), null);
});

test("a placement in the pixels of a picture four times as large shows the same", () => {
  const large = placement.ofPixels(some, 1 / 4);
  same(placement.toFrame(large, { x: 400, y: 80 }), placement.toFrame(some, { x: 100, y: 20 }));
});

test("marked eyes come to the template, whatever the face's size and turn", () => {
  for (const eyes of [
    [
      { x: 40, y: 50 },
      { x: 89, y: 50 },
    ],
    [
      { x: 900, y: 300 },
      { x: 1000, y: 420 },
    ],
    [
      { x: 80, y: 10 },
      { x: 20, y: 10 },
    ],
  ]) {
    // the last one upside down
    const p = placement.fitted(eyes);
    same(placement.toFrame(p, eyes[0]), placement.EYES[0]);
    same(placement.toFrame(p, eyes[1]), placement.EYES[1]);
  }
  const moved = placement.fitted([
    { x: 40, y: 50 },
    { x: 89, y: 50 },
  ]);
  near(placement.scaleOf(moved), 1);
  near(placement.angleOf(moved), 0);
  near(
    Math.abs(
      placement.angleOf(
        placement.fitted([
          { x: 80, y: 10 },
          { x: 20, y: 10 },
        ]),
      ),
    ),
    180,
  );
});

test("eyes at one place say nothing", () => {
  assert.equal(
    placement.fitted([
      { x: 5, y: 5 },
      { x: 5, y: 5 },
    ]),
    null,
  );
  assert.equal(
    placement.fitted([
      { x: 5, y: 5 },
      { x: 9, y: 5 },
    ]),
    null,
  );
});

test("zoom and turn keep the point under the pointer", () => {
  const about = { x: 100, y: 20 };
  const fixed = placement.toPicture(some, about);
  const next = placement.changed(some, 1.5, 30, about);
  same(placement.toFrame(next, fixed), about);
  near(placement.scaleOf(next), 1.5 * placement.scaleOf(some));
  near(placement.angleOf(next), placement.angleOf(some) + 30);
});

test("two fingers take along what is under them", () => {
  const before = [
    { x: 10, y: 10 },
    { x: 50, y: 10 },
  ];
  const after = [
    { x: 20, y: 30 },
    { x: 20, y: 110 },
  ];
  const next = placement.pinched(some, before, after);
  for (const [n, point] of before.entries()) same(placement.toFrame(next, placement.toPicture(some, point)), after[n]);
  assert.deepEqual(placement.pinched(some, [before[0], before[0]], after), some);
});

test("a picture cannot be lost", () => {
  const lost = placement.within(placement.moved(placement.middle(300, 200), 5000, -5000), 300, 200);
  const seen = placement.toPicture(lost, { x: 64, y: 64 });
  near(seen.x, 0);
  near(seen.y, 200);
  const [smallest, largest] = placement.scales(300, 200);
  near(placement.scaleOf(placement.within(placement.changed(lost, 1e6, 0, { x: 0, y: 0 }), 300, 200)), largest);
  near(placement.scaleOf(placement.within(placement.changed(lost, 1e-6, 0, { x: 0, y: 0 }), 300, 200)), smallest);
});

test("the slider's ends are the smallest and the largest scale", () => {
  const range = placement.scales(640, 480);
  for (const value of [0, 37, 100]) near(placement.toSlider(placement.fromSlider(value, range), range), value);
  near(placement.fromSlider(0, range), range[0]);
  near(placement.fromSlider(100, range), range[1]);
});

test("a mark cannot leave the frame", () => {
  assert.deepEqual(placement.intoFrame({ x: -3, y: 200 }), { x: 0, y: 128 });
  assert.deepEqual(placement.intoFrame({ x: 5, y: 128 }), { x: 5, y: 128 });
});

test("keys move, zoom and turn about the middle", () => {
  const centre = { x: 64, y: 64 };
  const fixed = placement.toPicture(some, centre);
  assert.deepEqual(placement.afterKey(some, "ArrowLeft", 8), { ...some, x: some.x - 8 });
  assert.deepEqual(placement.afterKey(some, "ArrowDown", 1), { ...some, y: some.y + 1 });
  near(placement.scaleOf(placement.afterKey(some, "+", 1)), 1.05 * placement.scaleOf(some));
  near(placement.scaleOf(placement.afterKey(some, "-", 1)), placement.scaleOf(some) / 1.05);
  near(placement.angleOf(placement.afterKey(some, "]", 1)), placement.angleOf(some) + 1);
  for (const key of ["+", "=", "-", "[", "]"]) same(placement.toFrame(placement.afterKey(some, key, 1), fixed), centre);
  assert.equal(placement.afterKey(some, "Tab", 1), null);
  assert.equal(placement.arrowOf("Enter", 1), null);
});
