import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { general } from "../../tabs/playground/browser/commentary.js";
import { Game } from "../../tabs/playground/browser/game.js";
import { modesCovered, offTheData } from "../../tabs/playground/browser/measures.js";
import { NumpyRandom } from "../../tabs/playground/browser/numpy-random.js";
import { centresOf, drawPoints } from "../../tabs/playground/browser/points.js";
import { viewOf } from "../../tabs/playground/browser/view.js";

// what Python comes to, see tests/known_games.py
const KNOWN = JSON.parse(readFileSync(new URL("games.json", import.meta.url), "utf-8"));
const AGREED = 1e-4; // between weights and numbers after 200 rounds

/** Numbers of 32 bits that came as text. */
const unpacked = (text) => new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);

const times = (count, draw) => Array.from({ length: count }, draw);

/** Fails unless all numbers are nearly the same. */
function agree(ours, theirs, most, what) {
  assert.equal(ours.length, theirs.length, what);
  ours.forEach((one, index) => {
    const same = Math.abs(one - theirs[index]) <= most || (Number.isNaN(one) && Number.isNaN(theirs[index]));
    assert.ok(same, `${what}, number ${index}: ${one}, but in Python ${theirs[index]}`);
  });
}

/** Every number of which Python keeps one. */
const kept = (values) => values.filter((_, index) => index % KNOWN.every === 0);

for (const known of KNOWN.streams) {
  test(`random numbers of the seed ${known.seed} are NumPy's`, () => {
    const random = new NumpyRandom(known.seed);
    assert.deepEqual(
      times(known.singles.length, () => random.single()),
      known.singles,
    );
    assert.deepEqual(
      times(known.doubles.length, () => random.double()),
      known.doubles,
    );
    assert.deepEqual(
      times(known.below.length, () => random.below(1000)),
      known.below,
    );
    assert.equal(random.single(), known.single);
    const normal = times(100 * known.normal.length, () => random.normal()).filter((_, index) => index % 100 === 0);
    agree(normal, known.normal, 1e-12, "normal numbers"); // of the tables that NumPy has, the last digit may differ
    assert.deepEqual(
      times(known.far.length, () => random.below(3 * 2 ** 30)),
      known.far,
    );
  });
}

for (const [name, points] of Object.entries(KNOWN.points)) {
  test(`the points "${name}" are those of Python`, () => {
    const drawn = drawPoints(name);
    assert.equal(drawn.length, 2000);
    agree(kept(drawn), unpacked(points), 1e-7, name);
  });
}

for (const played of KNOWN.games) {
  test(`the same game as in Python: ${played.title}`, { skip: Boolean(process.env.QUICK) }, () => {
    const game = new Game(played.settings, drawPoints(played.data));
    for (let round = 0; round < played.rounds; round++) {
      if (played.later && round === Math.floor(played.rounds / 2)) game.settings = played.later;
      game.play(played.parts[round % played.parts.length]);
    }
    const frame = viewOf(game, centresOf(played.data));
    assert.equal(frame.lost, !played.numbers);
    if (played.numbers) {
      agree(kept(game.generator.values), unpacked(played.generator), AGREED, "weights of G");
      agree(kept(game.discriminator.values), unpacked(played.discriminator), AGREED, "weights of D");
      assert.deepEqual(Object.keys(frame.numbers), Object.keys(played.numbers));
      agree(Object.values(frame.numbers), Object.values(played.numbers), AGREED, "numbers");
    }
    if (!played.frame) return;
    assert.deepEqual(frame.captions, played.frame.captions);
    if (frame.lost) return;
    agree(frame.fake, played.frame.fake, 1, "samples"); // thousandths
    agree(frame.arrows, played.frame.arrows, 1, "arrows");
    agree([...frame.surface], [...Buffer.from(played.frame.surface, "base64")], 1, "surface");
    const lines = frame.grid.filter((_, index) => index % 6 === 0);
    agree(lines.flat(), played.frame.grid.flat(), 1, "grid");
  });
}

test("every loss is played with every optimiser, and all points", () => {
  const played = new Set(KNOWN.games.map(({ settings }) => `${settings.loss} ${settings.optimiser}`));
  assert.equal(played.size, 10);
  assert.deepEqual(Object.keys(KNOWN.points).sort(), [...new Set(KNOWN.games.map(({ data }) => data))].sort());
});

test("points of a visitor's own are played, and have no modes", () => {
  const drawn = Float64Array.from({ length: 24 }, (_, index) => Math.sin(index));
  const [settings] = KNOWN.games.map((one) => one.settings);
  const [one, other] = [new Game(settings, drawn), new Game(settings, drawn)];
  for (const game of [one, other, other]) game.play();
  assert.equal(viewOf(one, centresOf("own-0123")).numbers.modes, undefined);
  assert.equal(viewOf(one, null).rounds, 1);
  assert.notDeepEqual(viewOf(one, null).fake, viewOf(other, null).fake);
});

test("a head start says that it is alive", () => {
  let steps = 0;
  new Game({ ...KNOWN.games[0].settings, head_start: 7 }, drawPoints("ring"), () => steps++);
  assert.equal(steps, 7);
});

test("a mode is covered by a quarter of its share, and by no sample beside it", () => {
  const centres = [
    [0, 0],
    [1, 0],
  ];
  const samples = (second) =>
    Float64Array.from([...times(16 - second, () => [0, 0.02]), ...times(second, () => [1.02, 0])].flat());
  assert.equal(modesCovered(samples(0), centres, 0.04), 1);
  assert.equal(modesCovered(samples(1), centres, 0.04), 1);
  assert.equal(modesCovered(samples(2), centres, 0.04), 2);
  assert.equal(modesCovered(samples(2), centres, 0.005), 0);
});

test("samples are off the data where no point is within reach", () => {
  const data = Float64Array.from([0, 0, 1, 1]);
  assert.equal(offTheData(Float64Array.from([0, 0.1, 1, 0.9, 0.5, 0.5, 0, 0.2]), data, 0.12), 0.5);
  assert.equal(offTheData(data, data, 0.12), 0);
});

test("two digits as Python writes them", () => {
  const known = { 0.0123: "0.012", 0.96: "0.96", 0.999: "1", 1.04: "1", 12.3: "12", 123: "1.2e+02", 0.00001: "1e-05" };
  for (const [value, text] of Object.entries(known)) assert.equal(general(Number(value)), text);
  assert.equal(general(0), "0");
});
