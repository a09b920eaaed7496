import assert from "node:assert/strict";
import { test } from "node:test";
import {
  frameIn,
  gridIn,
  linkAlong,
  linkOfFewer,
  nextFrame,
  pauseOf,
  stillsOf,
  widthOf,
} from "../../tabs/sample/layout.js";

const DESK = { ratio: 1, width: 900, height: 650 };

test("faces are enlarged by a whole number, the larger the fewer there are", () => {
  assert.deepEqual(gridIn({ ...DESK, count: 1, size: 128 }), { side: 384, columns: 1 });
  assert.deepEqual(gridIn({ ...DESK, count: 6, size: 128 }), { side: 256, columns: 3 });
  assert.deepEqual(gridIn({ ...DESK, count: 6, size: 64 }), { side: 256, columns: 3 });
});

test("rows are as even as can be", () => {
  assert.deepEqual(gridIn({ count: 4, size: 128, ratio: 1, width: 900, height: 600 }), { side: 256, columns: 2 });
});

test("many faces are scrolled before they are too small to be seen well", () => {
  const { side } = gridIn({ ...DESK, count: 64, size: 128 });
  assert.equal(side, 256);
  const sharp = gridIn({ ...DESK, ratio: 2, count: 64, size: 128 });
  assert.equal(sharp.side, 192); // 3 x 128 screen pixels; 128 CSS pixels would be less than 148
});

test("on a phone with fine pixels there are two columns", () => {
  assert.deepEqual(gridIn({ count: 6, size: 128, ratio: 3, width: 358, height: 600 }), {
    side: 512 / 3,
    columns: 2,
  });
});

test("a face that fits nowhere is shown all the same", () => {
  assert.deepEqual(gridIn({ count: 3, size: 512, ratio: 1, width: 300, height: 300 }), { side: 512, columns: 1 });
});

test("a row is as wide as its faces and the gaps between them", () => {
  assert.equal(widthOf({ side: 256, columns: 3 }), 3 * 256 + 2 * 8);
});

test("a frame has whole screen pixels", () => {
  assert.equal(frameIn({ size: 128, ratio: 1, width: 900, height: 900 }), 384);
  assert.equal(frameIn({ size: 128, ratio: 1, width: 300, height: 900 }), 256);
  assert.equal(frameIn({ size: 64, ratio: 1.5, width: 300, height: 900 }), (7 * 64) / 1.5);
  assert.equal(frameIn({ size: 512, ratio: 1, width: 300, height: 300 }), 512);
});

test("stills of a morph, both ends among them", () => {
  assert.deepEqual(stillsOf(32), [0, 4, 8, 12, 16, 19, 23, 27, 31]);
  assert.deepEqual(stillsOf(3), [0, 1, 2]);
  assert.deepEqual(stillsOf(1), [0]);
});

test("a film turns round at its ends", () => {
  const seen = [];
  let now = { position: 0, direction: 1 };
  for (let step = 0; step < 5; step++) {
    now = nextFrame(now, 3);
    seen.push(now.position);
  }
  assert.deepEqual(seen, [1, 2, 1, 0, 1]);
});

test("short films are slower", () => {
  assert.equal(pauseOf(32), 80);
  assert.equal(pauseOf(2), 830);
});

test("neighbours of a face have a permalink, drawn by the finished network", () => {
  const link = "tab=sample&model=user/net&seed=1&step=400";
  assert.equal(linkAlong(link, [4, 2]), "tab=sample&model=user%2Fnet&seed=1&path=4-2");
  assert.equal(linkAlong("tab=sample&seed=1&path=4", []), "tab=sample&seed=1");
});

test("of a drawing that was stopped there is a link to what had come", () => {
  const link = "tab=sample&model=user/net/a.pt&seed=1&count=48&truncation=0.8&mix=9";
  assert.equal(linkOfFewer(link, 5), link.replace("48", "5"));
});
