import assert from "node:assert/strict";
import { test } from "node:test";
import { barsOf, UNKNOWN } from "../../tabs/latent/meter.js";
import { rowText } from "../../tabs/latent/scores.js";

const EFFECTS = {
  names: ["mostly age", "mostly smile"],
  factors: ["age", "smile", "light"],
  movements: [
    [0.5, 0, 0.125],
    [0.25, 1, 0.009],
  ],
};

test("one bar for each factor, as long as it moves", () => {
  assert.deepEqual(barsOf(EFFECTS, 0), [
    { factor: "age", width: "50%", text: "0.50" },
    { factor: "smile", width: "0%", text: "0.00" },
    { factor: "light", width: "12.5%", text: "0.13" },
  ]);
  assert.deepEqual(
    barsOf(EFFECTS, 1).map(({ text }) => text),
    ["0.25", "1.00", "0.01"],
  );
});

test("a network about which nothing is known has no bars", () => {
  assert.deepEqual(barsOf(UNKNOWN, 0), []);
});

test("scores have two decimals", () => {
  assert.deepEqual(rowText(["Sprites", 0.8, 1, 0.125]), ["Sprites", "0.80", "1.00", "0.13"]);
});
