import assert from "node:assert/strict";
import { test } from "node:test";
import { Sentences } from "../../page/sentences.js";

const table = new Sentences(
  {
    "New faces": "Neue Gesichter",
    "Face {}": "Gesicht {}",
    "wall hue": "Farbe der Wand",
    shape: "Form",
    "{} and {}": "{} und {}",
    "moves {}": "bewegt {}",
    "The {} is {}; it has to be {}.": "{}: {1} ist nicht möglich; nötig ist {2}.",
    "a number": "eine Zahl",
    "Please try again.": "Bitte noch einmal.",
    "{} ahead": "{} voraus",
    "The loss of <0>D</0>": "Der Verlust von <0>D</0>",
  },
  "de",
);
const say = (text) => table.know(text)?.sentence ?? null;

test("exact sentences, spaces around them kept", () => {
  assert.equal(say("New faces"), "Neue Gesichter");
  assert.equal(say("  New\n faces "), "  Neue Gesichter ");
});

test("places are filled, in another order where the table says so", () => {
  assert.equal(say("Face 3"), "Gesicht 3");
  assert.equal(say("moves wall hue and shape"), "bewegt Farbe der Wand und Form");
  assert.equal(say("The seed is 'x'; it has to be a number."), "seed: 'x' ist nicht möglich; nötig ist eine Zahl.");
  assert.equal(say("3 ahead"), "3 voraus");
});

test("what a table lacks is told", () => {
  assert.equal(say("nothing that anybody wrote"), null);
  assert.deepEqual(table.know("The seed is 4; it has to be something.")?.unknown, ["seed", "something"]);
});

test("several sentences follow each other", () => {
  assert.equal(say("New faces. Please try again."), null); // "New faces." is another sentence than "New faces"
  assert.equal(say("Please try again. Please try again."), "Bitte noch einmal. Bitte noch einmal.");
});

test("numbers as the language writes them, addresses as they are", () => {
  assert.equal(say("1,234.5"), "1.234,5");
  assert.equal(say("0.85"), "0,85");
  assert.equal(say("127.0.0.1"), "127.0.0.1");
  assert.equal(say("1,23"), "1,23");
});

test("tags of marked words stay", () => {
  assert.equal(say("The loss of <0>D</0>"), "Der Verlust von <0>D</0>");
});

test("what fills a place is not read as a replacement", () => {
  assert.equal(say("Face $&"), "Gesicht $&");
});
