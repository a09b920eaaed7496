import assert from "node:assert/strict";
import { test } from "node:test";
import { channels, flood } from "../../tabs/translate/flood.js";
import { isAnimated } from "../../tabs/translate/moving.js";
import { arrow, distinct, ends, nameOf, noteOn } from "../../tabs/translate/words.js";

test("directions in words", () => {
  assert.equal(arrow("day-to-night"), "day → night");
  assert.equal(arrow("dry-land-to-wet-land"), "dry land → wet land");
  assert.deepEqual(ends("dry-land-to-sea"), ["dry land", "sea"]);
});

test("examples with one title get numbers", () => {
  assert.deepEqual(distinct(["A face", "A face"]), ["A face (1)", "A face (2)"]);
  assert.deepEqual(distinct(["A town", "A crossing"]), ["A town", "A crossing"]);
  assert.deepEqual(distinct(["A town", "A face", "A face"]), ["A town", "A face (1)", "A face (2)"]);
  assert.deepEqual(distinct([]), []);
});

test("what is translated has a name", () => {
  assert.equal(nameOf({ example: 1 }, ["A town", "A crossing"]), "A crossing");
  assert.equal(nameOf({ drawn: true }, []), "Your map");
  assert.equal(nameOf({ image: "data:,", daylight: true }, []), "Your street, on a bright day");
  assert.equal(nameOf({ image: "data:," }, []), "Your picture");
});

test("the note says at which size the network worked, unless it is the picture's own", () => {
  assert.equal(noteOn({ width: 256, height: 144, worked: [144, 256] }), "256 × 144 px. What is new here is generated.");
  assert.equal(
    noteOn({ width: 130, height: 90, worked: [36, 52] }),
    "130 × 90 px; worked out at 52 × 36 and carried over. What is new here is generated.",
  );
});

test("a GIF with two pictures moves", () => {
  const introduction = [0x21, 0xf9, 4, 0, 0];
  assert.equal(isAnimated(new Uint8Array([1, ...introduction, 2])), false);
  assert.equal(isAnimated(new Uint8Array([1, ...introduction, 2, ...introduction])), true);
  assert.equal(isAnimated(new Uint8Array([])), false);
});

test("a colour in its channels", () => {
  assert.deepEqual(channels("#4682b4"), [0x46, 0x82, 0xb4]);
});

/** A row of grey pixels. */
const row = (levels) => ({
  data: new Uint8ClampedArray(levels.flatMap((level) => [level, level, level, 255])),
  width: levels.length,
  height: 1,
});

test("an area of nearly one colour is filled, and what lies behind another one is not", () => {
  const picture = row([10, 20, 30, 200, 10]);
  flood(picture, [1.7, 0], [1, 2, 3]);
  const reds = [...picture.data].filter((_, at) => at % 4 === 0);
  assert.deepEqual(reds, [1, 1, 1, 200, 10]);
  assert.deepEqual([...picture.data.slice(0, 4)], [1, 2, 3, 255]);
});

test("filling goes down and up, too, and ends where all has that colour", () => {
  const picture = { ...row([5, 5, 250, 5, 5, 5]), width: 3, height: 2 };
  flood(picture, [0, 0], [5, 5, 5]);
  flood(picture, [0, 0], [9, 9, 9]);
  const reds = [...picture.data].filter((_, at) => at % 4 === 0);
  assert.deepEqual(reds, [9, 9, 250, 9, 9, 9]);
});
