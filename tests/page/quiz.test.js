import assert from "node:assert/strict";
import { test } from "node:test";
import { calibrationOf, curveOf, daysOf } from "../../tabs/quiz/charts.js";
import { actionOf, SURE, titleOf } from "../../tabs/quiz/keys.js";
import { onForgotten, onGame, tellForgotten, tellGame } from "../../tabs/quiz/signals.js";

test("arrows choose and go on, digits say how sure one is", () => {
  assert.deepEqual(actionOf("asking", "ArrowLeft", false), { answer: "left" });
  assert.deepEqual(actionOf("asking", "ArrowRight", true), { answer: "right" });
  assert.deepEqual(
    ["5", "6", "7", "8", "9", "0"].map((key) => actionOf("asking", key, false)),
    SURE.map((sure) => ({ sure })),
  );
  assert.deepEqual(actionOf("told", "ArrowRight", true), { next: true });
  assert.deepEqual(actionOf("told", "Enter", false), { next: true });
  assert.deepEqual(actionOf("told", " ", false), { next: true });
});

test("Enter and Space stay with what has the focus, and other keys do nothing", () => {
  assert.equal(actionOf("told", "Enter", true), null);
  assert.equal(actionOf("told", "7", false), null);
  for (const key of ["Enter", "4", "ArrowUp", "toString"]) assert.equal(actionOf("asking", key, false), null);
  for (const phase of ["loading", "sending", "trouble"]) assert.equal(actionOf(phase, "ArrowLeft", false), null);
});

test("buttons name their key", () => {
  assert.deepEqual([50, 80, 100].map(titleOf), ["guessed (key 5)", "key 8", "certain (key 0)"]);
});

test("the running accuracy ends at the last round", () => {
  const chart = curveOf([0.4, 0.6, 0.75], 22);
  assert.deepEqual(chart.ends, ["round 20", "round 22"]);
  assert.deepEqual(chart.series[0].points.at(-1), [2, 75]);
  assert.equal(chart.label, "Share of right answers among the last 20, now 75 %");
  assert.equal(curveOf([0.4], 20), null);
});

test("calibration says what the chart shows", () => {
  const chart = calibrationOf([
    { said: 50, true: 48.7, low: 30, high: 70 },
    { said: 90, true: 80, low: 60, high: 95 },
  ]);
  assert.equal(chart.label, "50 % sure: right in 49 %; 90 % sure: right in 80 %");
  assert.deepEqual(chart.series[0].bars, [
    [50, 30, 70],
    [90, 60, 95],
  ]);
  assert.equal(calibrationOf([]), null);
});

test("of two lines, the upper one has its name above", () => {
  const day = (date, visitors, discriminator) => ({ date, visitors, discriminator });
  const chart = daysOf([day("2026-01-01", 60, 90), day("2026-01-11", 70, 80)]);
  assert.equal(chart.to - chart.from, 10);
  assert.deepEqual(
    chart.series.map(({ name, nameAt }) => [name, nameAt]),
    [
      ["visitors", 18],
      ["discriminator", -8],
    ],
  );
  assert.equal(chart.label, "Accuracy by day; latest: visitors 70 %, discriminator 80 %");
});

test("who comes late hears of the game that goes on already", () => {
  const heard = [];
  const game = (level) => ({ player: "p", deck: "portraits", level });
  onGame(({ level }) => heard.push(`early ${level}`));
  tellGame(game("1"));
  onGame(({ level }) => heard.push(`late ${level}`));
  tellGame(game("2"));
  onForgotten(() => heard.push("forgotten"));
  tellForgotten();
  assert.deepEqual(heard, ["early 1", "late 1", "early 2", "late 2", "forgotten"]);
});
