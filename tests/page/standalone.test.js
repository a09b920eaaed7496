import assert from "node:assert/strict";
import { test } from "node:test";
import { tableOf, wishOf } from "../../standalone/ask.js";
import { described, gameOf } from "../../standalone/games.js";
import { settingOf } from "../../standalone/latent.js";
import { orbit } from "../../standalone/minimax.js";
import { fieldsOfLink } from "../../standalone/permalinks.js";
import { begin, moveFilter, moveSpammer, sharesOf } from "../../standalone/spam.js";

const LINE = ["uniform", 0];
const THREE = ["categorical-3", 3];

const SLIDERS = {
  first: "scenes",
  networks: ["scenes", "faces"],
  sliders: { "scenes/": { types: [LINE, THREE] }, "faces/sliders": { types: [LINE] }, "faces/sefa": { types: [LINE] } },
};

test("sliders stand as an address says, faces at rest, and elsewhere where the seed has them", () => {
  const fields = { model: "scenes", codes: "0.25,2", seed: "7" };
  assert.deepEqual(settingOf(SLIDERS, fields), { model: "scenes", set: "", codes: [0.25, 2], seed: 7, notice: "" });
  const face = settingOf(SLIDERS, { model: "faces", set: "sefa" });
  assert.deepEqual([face.set, face.codes, face.seed], ["sefa", [0], 1]);
  assert.equal(settingOf(SLIDERS, { model: "faces" }).set, "sliders");
  assert.notDeepEqual(settingOf(SLIDERS, { seed: 4 }).codes, settingOf(SLIDERS, { seed: 5 }).codes);
});

test("a wrong address shows the first network, and says why", () => {
  for (const fields of [{ model: "cats" }, { codes: "2,0" }, { codes: "0" }, { codes: "0,1.5" }, { seed: "-1" }]) {
    const { model, notice } = settingOf(SLIDERS, fields);
    assert.equal(model, "scenes");
    assert.notEqual(notice, "");
  }
});

test("a wish is what the address says, and its table has every pair of values", () => {
  const first = { floor: 3, wall: 5, object: 0, shape: 2, seed: 1 };
  assert.deepEqual(wishOf(first, { shape: "0" }), { wish: { ...first, shape: 0 }, notice: "" });
  assert.deepEqual(wishOf(first, { shape: "4" }).wish, first);
  assert.notEqual(wishOf(first, { shape: "4" }).notice, "");
  const { labels, columns } = tableOf(first, "object", "shape");
  assert.equal(columns, 4);
  assert.equal(labels.length, 40);
  assert.deepEqual(labels[4 * 7 + 3], [3, 5, 7, 3]);
});

test("a permalink of faces is read, one that cannot be drawn here says so", () => {
  const first = { model: "faces", seed: 1, count: 6, truncation: 0.8, mode: "gallery", to: 2, frames: 32 };
  const { fields, notice } = fieldsOfLink(first, ["faces"], { seed: "9", path: "5-3", count: "4" });
  assert.deepEqual([fields.seed, fields.count, fields.path, notice], [9, 4, [5, 3], ""]);
  assert.equal(fieldsOfLink(first, ["faces"], { mode: "morph", frames: "1" }).fields.mode, "gallery");
  for (const wrong of [{ step: "100" }, { seed: "x" }, { model: "cats" }, { path: "0" }]) {
    assert.notEqual(fieldsOfLink(first, ["faces"], wrong).notice, "");
  }
});

const DEFAULTS = {
  ...{ loss: "minimax", optimiser: "adam", discriminator_steps: 1, generator_steps: 1, layers: 2, width: 32 },
  ...{ noise: 2, head_start: 0, seed: 1 },
};
const GAMES = {
  data: { ring: {}, line: {} },
  first: "ring",
  defaults: DEFAULTS,
  ranges: { width: [2, 64, "number of units"] },
  losses: [["minimax", ""]],
  optimisers: [["adam", ""]],
  lessons: { wide: { title: "Wide", data: "line", settings: { ...DEFAULTS, width: 64 }, hint: "Look." } },
};

test("a game is a lesson's or an address's, and knows its lesson and its permalink", () => {
  const game = gameOf(GAMES, { data: "line", width: "64" });
  assert.deepEqual([game.data, game.settings.width, game.notice], ["line", 64, ""]);
  const { preset, hint, link } = described(GAMES, game);
  assert.deepEqual([preset, hint, link], ["wide", "Look.", "tab=playground&part=game&data=line&width=64"]);
  assert.deepEqual(gameOf(GAMES, { preset: "wide" }).settings, game.settings);
  for (const wrong of [{ data: "mine" }, { width: "65" }, { loss: "best" }, { seed: "1.5" }]) {
    assert.deepEqual(gameOf(GAMES, wrong).settings, DEFAULTS);
    assert.notEqual(gameOf(GAMES, wrong).notice, "");
  }
});

test("plain steps on x y leave the solution, looking ahead comes nearer", () => {
  const turn = (x, y) => [-y, x];
  const lastOf = (way) => Math.hypot(...orbit(turn, way, { x: 1, y: 0, rate: 0.1, steps: 50 }).at(-1));
  assert.ok(Math.abs(lastOf("simultaneous") - Math.sqrt(1.01) ** 50) < 1e-9);
  assert.ok(lastOf("extragradient") < 1 && lastOf("optimistic") < 1);
});

test("the filter learns to stop spam, and the spammer gets through it again", () => {
  const start = begin(1);
  assert.deepEqual(sharesOf(start), { spam_stopped: 0, honest_stopped: 0 });
  let duel = moveFilter(start);
  const learned = sharesOf(duel).spam_stopped;
  assert.ok(learned > 0.9);
  for (let move = 0; move < 10; move++) duel = moveSpammer(duel);
  assert.ok(sharesOf(duel).spam_stopped < learned);
  assert.deepEqual(duel.messages.slice(0, 80), start.messages.slice(0, 80));
});
