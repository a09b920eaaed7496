import assert from "node:assert/strict";
import { test } from "node:test";
import { anySeed, bytes, fixed, percent } from "../../tabs/playground/numbers.js";
import { dropsAround } from "../../tabs/playground/own.js";
import { barsOf } from "../../tabs/playground/parts/criterion.js";
import { atMost, distanceText, upTo } from "../../tabs/playground/parts/orbits.js";
import * as rounds from "../../tabs/playground/parts/rounds.js";

test("numbers as visitors read them", () => {
  assert.equal(fixed(-1.386, 2), "−1.39");
  assert.equal(fixed(0.5, 3), "0.500");
  assert.equal(percent(0.456), "46 %");
  assert.deepEqual([...bytes("AAH/")], [0, 1, 255]);
  for (let time = 0; time < 100; time++) assert.ok(anySeed() >= 1 && anySeed() <= 99998);
});

// --- the game ---------------------------------------------------------------------------------------------------------

test("the first game plays by itself, that of a link as far as the link says", () => {
  assert.equal(rounds.roundsToPlay({}), 600);
  assert.equal(rounds.roundsToPlay({ tab: "playground", part: "game" }), 600);
  assert.equal(rounds.roundsToPlay({ tab: "playground", part: "game", data: "ring" }), 0);
  assert.equal(rounds.roundsToPlay({ tab: "playground", part: "game", data: "ring", steps: "730" }), 730);
});

test("a link is reached quickly, else the visitor chooses the speed", () => {
  assert.equal(rounds.roundsAtOnce(0, 25), 25);
  assert.equal(rounds.roundsAtOnce(600, 25), 60);
  assert.equal(rounds.roundsAtOnce(1501, 1), 2000);
});

test("rates and numbers of steps change while the game goes on, all else begins anew", () => {
  assert.ok(rounds.mayChangeMeanwhile(["generator_rate"]));
  assert.ok(rounds.mayChangeMeanwhile(["discriminator_steps", "generator_steps"]));
  assert.ok(!rounds.mayChangeMeanwhile(["loss"]));
  assert.ok(!rounds.mayChangeMeanwhile(["generator_rate", "seed"]));
});

test("a link says the rounds, unless it could not play them again", () => {
  assert.equal(rounds.linkOf("tab=playground", 0, false), "tab=playground");
  assert.equal(rounds.linkOf("tab=playground", 40, false), "tab=playground&steps=40");
  assert.equal(rounds.linkOf("tab=playground", 40, true), "tab=playground");
  assert.equal(rounds.roundsText(1), "1 round");
  assert.equal(rounds.roundsText(1234), "1,234 rounds");
});

test("of many moments every other one goes", () => {
  let moments = [];
  for (let round = 0; round < 601; round++) moments = rounds.withMoment(moments, { rounds: round });
  assert.equal(moments.length, 301);
  assert.deepEqual(
    moments.slice(-2).map((one) => one.rounds),
    [598, 600],
  );
});

test("the value is a curve only where D tells a probability", () => {
  const moments = [{ rounds: 5, discriminator_loss: 1.2, generator_loss: 0.7, value: -1.3 }];
  assert.deepEqual(rounds.curvesOf(moments, "minimax"), [
    { shade: "real", points: [[5, 1.2]] },
    { shade: "made", points: [[5, 0.7]] },
    { shade: "third", points: [[5, -1.3]] },
  ]);
  assert.equal(rounds.curvesOf(moments, "wasserstein").length, 2);
});

test("the game's measures stand beside those of the mixture", () => {
  const mixture = { modes: 8, off: 0.02, reached: 1, log_likelihood: -0.125 };
  const measures = [
    ["samples off the data", "50 %", "2 %"],
    ["data reached", "90 %", "100 %"],
    ["log-likelihood", "has none", "−0.13 nats a point"],
  ];
  assert.deepEqual(rounds.measuresOf({ off: 0.5, reached: 0.9 }, null, mixture), measures);
  assert.deepEqual(rounds.measuresOf({ off: 0.5, reached: 0.9, modes: 7 }, 8, mixture), [
    ["modes covered", "7 of 8", "8 of 8"],
    ...measures,
  ]);
});

// --- the other parts --------------------------------------------------------------------------------------------------

test("the bar of the best number of Gaussians is the lowest", () => {
  const bars = barsOf([3000.4, 1000, 2000.2]);
  assert.deepEqual(
    bars.map(({ height }) => Math.round(height)),
    [70, 8, 39],
  );
  assert.deepEqual(
    bars.map(({ label }) => label),
    ["1 Gaussian, BIC 3,000", "2 Gaussians, BIC 1,000, the best", "3 Gaussians, BIC 2,000"],
  );
  assert.deepEqual(barsOf([5, 5])[0], {
    count: 1,
    height: 8,
    value: "5",
    label: "1 Gaussian, BIC 5, the best",
    best: true,
  });
});

test("an orbit is shown up to the step that is played", () => {
  assert.deepEqual(upTo([5, 6, 7], null), [5, 6, 7]);
  assert.deepEqual(upTo([5, 6, 7], 0), [5]);
  assert.deepEqual(upTo([5, 6, 7], 9), [5, 6, 7]);
  assert.deepEqual(atMost([1, 8], 4), [1, 4]);
  assert.deepEqual(
    [distanceText(1200), distanceText(0.00001), distanceText(1.25)],
    ["ran away", "under 0.001", "1.250"],
  );
});

test("drops fall around the pointer", () => {
  assert.deepEqual(
    dropsAround([0.2, -0.3], () => 0.5),
    Array(3).fill([0.2, -0.3]),
  );
  for (const [x, y] of dropsAround([0, 0], Math.random)) assert.ok(Math.abs(x) <= 0.05 && Math.abs(y) <= 0.05);
});
