import assert from "node:assert/strict";
import { test } from "node:test";
import { drawingWith } from "../../page/drawing/drawing.js";
import { toSheet } from "../../page/drawing/pixels.js";
import { answerOf, isWish, linkOf as linkOfWish, readingOf, seedsOf } from "../../tabs/ask/drawing.js";
import { linkOf, networksOf, stepsOf } from "../../tabs/latent/drawing.js";
import * as sample from "../../tabs/sample/drawing.js";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
const network = (name) => ({ graph: name, tensors: name, description: { inputs: { codes: { shape: ["N", 2] } } } });
const OFFER = { runtime: {}, networks: { scenes: network("scenes"), sprites: network("sprites") } };
const STEPS = [{ network: "scenes", inputs: {} }];

/** A page whose worker answers at once, unless it is told otherwise. */
function surroundings({ offer = OFFER, failing = () => false, answers = () => true, alone = false } = {}) {
  const page = { workers: [], asked: [], idle: [], fetched: [], time: 0, takes: 5, ms: 2 };
  page.drawing = drawingWith({
    fetchOffer: async () => offer,
    startWorker: () => {
      const worker = {
        terminated: false,
        terminate: () => {
          worker.terminated = true;
        },
        postMessage: ({ id, ...request }) => {
          page.asked.push(request);
          page.time += page.takes;
          if (!answers(request)) return;
          const error = failing(request) ? "refused" : undefined;
          queueMicrotask(() =>
            worker.onmessage({ data: { id, error, sheet: "sheet", side: 64, numbers: {}, ms: page.ms } }),
          );
        },
      };
      page.workers.push(worker);
      return worker;
    },
    whenIdle: (start) => page.idle.push(start),
    now: () => page.time,
    paint: (sheet) => sheet,
    alone,
    report: (fetched) => page.fetched.push(fetched),
  });
  page.rest = async () => {
    while (page.idle.length) {
      page.idle.shift()();
      for (let count = 0; count < 20; count++) await turn();
    }
  };
  page.opened = () => page.asked.filter(({ kind }) => kind === "open").map(({ name }) => name);
  return page;
}

test("nothing is fetched before the browser is idle, and the server draws until then", async () => {
  const page = surroundings();
  page.drawing.use(page, ["scenes"]);
  assert.equal(await page.drawing.draw(STEPS), null);
  assert.equal(page.workers.length, 0);
  await page.rest();
  assert.deepEqual(page.opened(), ["scenes"]);
  assert.deepEqual(await page.drawing.draw(STEPS), { sheet: "sheet", side: 64, numbers: {} });
  assert.ok(page.drawing.describe("scenes"));
  assert.equal(page.drawing.describe("sprites"), null);
});

test("a network that is left gives its memory back, the last one the worker", async () => {
  const page = surroundings();
  page.drawing.use(page, ["scenes"]);
  await page.rest();
  page.drawing.use(page, ["sprites"]);
  await page.rest();
  assert.deepEqual(page.asked.at(-1), { kind: "keep", names: ["sprites"] });
  assert.equal(await page.drawing.draw(STEPS), null);
  page.drawing.use(page, []);
  await page.rest();
  assert.equal(page.workers[0].terminated, true);
});

test("no worker is started for networks that browsers are not given", async () => {
  for (const offer of [null, { runtime: {}, networks: {} }]) {
    const page = surroundings({ offer });
    page.drawing.use(page, ["scenes"]);
    await page.rest();
    assert.equal(page.workers.length, 0);
    assert.equal(await page.drawing.draw(STEPS), null);
  }
});

test("a network that cannot be opened is not tried again, the others are", async () => {
  const page = surroundings({ failing: ({ kind, name }) => kind === "open" && name === "scenes" });
  page.drawing.use(page, ["scenes", "sprites"]);
  await page.rest();
  page.drawing.use(page, ["scenes", "sprites"]);
  await page.rest();
  assert.deepEqual(page.opened(), ["scenes", "sprites"]);
  assert.equal(await page.drawing.draw(STEPS), null);
});

test("a drawing that fails is the server's, and so are all that follow", async () => {
  const page = surroundings({ failing: ({ kind }) => kind === "draw" });
  page.drawing.use(page, ["scenes"]);
  await page.rest();
  assert.equal(await page.drawing.draw(STEPS), null);
  const count = page.asked.length;
  assert.equal(await page.drawing.draw(STEPS), null);
  assert.equal(page.asked.length, count);
});

test("a worker that breaks is started once more, not for ever", async () => {
  const page = surroundings();
  page.drawing.use(page, ["scenes"]);
  await page.rest();
  for (let broken = 0; broken < 2; broken++) {
    page.workers.at(-1).onerror({ preventDefault: () => {} });
    assert.equal(await page.drawing.draw(STEPS), null);
    await page.rest();
  }
  assert.equal(page.workers.length, 2);
  assert.ok(page.workers.every(({ terminated }) => terminated));
});

test("a worker that does not answer is given up, and the server draws", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const page = surroundings({ answers: ({ kind }) => kind !== "draw" });
  const wait = () => new Promise((resolve) => setImmediate(resolve));
  page.drawing.use(page, ["scenes"]);
  page.idle.shift()();
  for (let count = 0; count < 20; count++) await wait();
  const drawn = page.drawing.draw(STEPS);
  context.mock.timers.tick(3100);
  assert.equal(await drawn, null);
  assert.equal(page.workers[0].terminated, true);
});

test("networks that are slower here than on the server are left to it", async () => {
  for (const [takes, left] of [
    [5, false],
    [300, true],
  ]) {
    const page = surroundings();
    page.takes = takes;
    page.drawing.use(page, ["scenes"]);
    await page.rest();
    const answer = page.drawing.timed(["scenes"], turn());
    page.time += 20;
    await answer;
    for (let count = 0; count < 20; count++) assert.ok(await page.drawing.draw(STEPS));
    assert.equal((await page.drawing.draw(STEPS)) === null, left);
  }
});

test("a network whose passes alone take longer than the server is not drawn with at all", async () => {
  const page = surroundings();
  page.ms = 200;
  page.drawing.use(page, ["scenes"]);
  await page.rest();
  page.drawing.note(["scenes"], 100);
  for (let doubts = 0; doubts < 3; doubts++) {
    assert.equal(await page.drawing.draw(STEPS), null);
    await page.rest();
    assert.deepEqual(page.asked.at(-1), { kind: "time", name: "scenes" });
  }
  assert.equal(await page.drawing.draw(STEPS), null);
  assert.deepEqual(page.asked.at(-1), { kind: "keep", names: [] });
  page.drawing.note(["scenes"], 1000);
  assert.equal(await page.drawing.draw(STEPS), null);
});

test("a network that has become faster since it was opened is drawn with", async () => {
  const page = surroundings();
  page.ms = 200;
  page.drawing.use(page, ["scenes"]);
  await page.rest();
  assert.equal(await page.drawing.draw(STEPS), null);
  page.ms = 20;
  await page.rest();
  assert.ok(await page.drawing.draw(STEPS));
});

test("pictures lie on a sheet row by row, grey ones in all three colours", () => {
  const grey = toSheet(new Uint8Array([1, 2, 3]), [3, 1, 1, 1], 2);
  assert.deepEqual([grey.width, grey.height], [2, 2]);
  assert.deepEqual([...grey.data.slice(0, 12)], [1, 1, 1, 255, 2, 2, 2, 255, 3, 3, 3, 255]);
  const coloured = toSheet(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), [1, 2, 2, 3], 8);
  assert.deepEqual([coloured.width, coloured.height], [2, 2]);
  assert.deepEqual([...coloured.data], [1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255]);
});

test("a setting of sliders has a permalink and the steps that draw it", () => {
  const setting = { model: "scenes", set: "", codes: [0.25, -1], seed: 3 };
  assert.equal(linkOf(setting), "tab=latent&model=scenes&codes=0.25,-1&seed=3");
  assert.equal(
    linkOf({ ...setting, set: "sefa", z: [0.5, 1] }),
    "tab=latent&model=scenes&set=sefa&codes=0.25,-1&seed=3&z=0.5,1",
  );
  assert.deepEqual(networksOf({ model: "faces-128", set: "sefa" }), ["faces-128/sefa", "faces-128"]);
  const describe = () => ({ inputs: { codes: { type: "float32", shape: ["N", 2] } } });
  const codes = { type: "float32", data: new Float32Array([0.25, -1]), dims: [1, 2] };
  assert.deepEqual(stepsOf(setting, describe), [{ network: "scenes", inputs: { codes } }]);
  assert.equal(
    stepsOf(setting, () => null),
    null,
  );
});

test("faces are moved first and drawn then; those that were found start from their latent", () => {
  const describe = (name) =>
    name === "faces"
      ? { inputs: { latents: { shape: ["N", 3] }, truncation: { shape: [] } } }
      : { inputs: { latents: { shape: ["N", 3] }, amounts: { shape: ["N", 1] } } };
  const [move, draw] = stepsOf({ model: "faces", set: "sefa", codes: [1], seed: 3, z: [1, 2, 3] }, describe);
  assert.equal(move.network, "faces/sefa");
  assert.deepEqual([...move.inputs.latents.data], [1, 2, 3]);
  assert.deepEqual(draw.inputs.latents, { from: "moved", rows: 0 });
  assert.deepEqual(draw.inputs.truncation.dims, []);
});

test("a wish is drawn here only if it is whole and in range", () => {
  const wish = { floor: 3, wall: 5, object: 0, shape: 2, seed: 2 ** 31 - 1 };
  assert.ok(isWish(wish));
  for (const wrong of [{ shape: 4 }, { floor: "3" }, { wall: -1 }, { seed: 2 ** 31 }, { object: undefined }]) {
    assert.ok(!isWish({ ...wish, ...wrong }));
  }
  assert.deepEqual(seedsOf(wish).slice(0, 3), [2 ** 31 - 1, 0, 1]);
  assert.equal(linkOfWish({ ...wish, seed: 1 }), "tab=ask&floor=3&wall=5&object=0&shape=2&seed=1");
});

test("what is read of a picture is the likeliest value of each label", () => {
  const factors = [
    { name: "floor hue", size: 2 },
    { name: "wall hue", size: 2 },
    { name: "object hue", size: 2 },
    { name: "scale", size: 2 },
    { name: "shape", size: 3 },
  ];
  const probabilities = new Float32Array([0.1, 0.9, 0.75, 0.25, 0.5, 0.5, 1, 0, 0.2, 0.3, 0.5]);
  const read = [
    [1, 0.9],
    [0, 0.75],
    [0, 0.5],
    [2, 0.5],
  ];
  assert.deepEqual(readingOf(probabilities, factors), read);
  const wish = { floor: 0, wall: 0, object: 0, shape: 1, seed: 1 };
  const answer = answerOf(wish, { sheet: "sheet", numbers: { probabilities } }, { factors, heldOut: "0100" });
  assert.deepEqual([answer.read, answer.held_out, answer.sheet], [read, true, "sheet"]);
});

test("the controls of Sample ask for a gallery, a lineage or a morph of the finished network", () => {
  const controls = ["faces", 7, 3, 0.8, "gallery", 2, 8, { mix: null, moves: [] }, { steps: [], step: null }, "5-3"];
  const lineage = sample.drawingOf(controls);
  assert.equal(sample.linkOf(lineage), "tab=sample&model=faces&seed=7&count=3&truncation=0.8&path=5-3");
  assert.deepEqual(sample.drawingOfLink(sample.linkOf(lineage)), { ...lineage, to: 0 });
  const morph = sample.drawingOf(controls.with(4, "morph").with(9, ""));
  assert.equal(sample.linkOf(morph), "tab=sample&model=faces&seed=7&mode=morph&to=2&frames=8&truncation=0.8");
  assert.deepEqual(sample.drawingOfLink(sample.linkOf(morph)), morph);
  for (const [index, wrong] of [
    [1, -1],
    [2, 65],
    [3, 1.5],
    [7, { mix: 9, moves: [] }],
    [7, { mix: null, moves: [0, 0.5] }],
    [8, { steps: [100], step: 100 }],
    [9, "0"],
    [9, "a"],
  ]) {
    assert.equal(sample.drawingOf(controls.with(index, wrong)), null, String(wrong));
  }
  assert.equal(sample.drawingOfLink("tab=sample&model=faces&seed=1&count=6&truncation=1&step=400"), null);
  assert.equal(sample.drawingOfLink("tab=sample&model=faces&seed=1"), null);
});

test("picked faces are drawn before their neighbours, frames of a morph in order", () => {
  const describe = () => ({ inputs: { latents: { shape: ["N", 20] }, truncation: { shape: [] } } });
  const lineage = { model: "faces", seed: 7, count: 3, truncation: 0.5, mode: "gallery", to: 2, path: [5, 3] };
  const [{ inputs }] = sample.stepsOf(lineage, describe);
  assert.deepEqual(inputs.latents.dims, [5, 20]);
  assert.deepEqual([...inputs.truncation.data], [0.5]);
  assert.equal(sample.columnsOf(lineage), 5);
  const [{ inputs: frames }] = sample.stepsOf({ ...lineage, mode: "morph", count: 12 }, describe);
  assert.deepEqual(frames.latents.dims, [12, 20]);
  const drawn = { sheet: "sheet", side: 128, numbers: {} };
  assert.deepEqual(sample.answerOf({ ...lineage, mode: "morph", count: 12 }, drawn).path, []);
  assert.equal(sample.answerOf(lineage, drawn).hint, "Neighbours of the last face. Click one to go on.");
});

test("without a server, a page waits for its networks and draws with slow ones, too", async () => {
  const page = surroundings({ alone: true });
  page.ms = 5000; // for a picture, which a server would draw in its place
  assert.equal(await page.drawing.opened(page, ["scenes"]), true);
  assert.deepEqual(page.opened(), ["scenes"]);
  assert.deepEqual(await page.drawing.draw(STEPS), { sheet: "sheet", side: 64, numbers: {} });
  page.workers[0].onmessage({ data: { id: 1, fetched: { name: "scenes", bytes: 1, of: 2 } } });
  assert.deepEqual(page.fetched, [{ name: "scenes", bytes: 1, of: 2 }]);
});

test("whoever waits for a network is told where there is none", async () => {
  assert.equal(await surroundings({ alone: true }).drawing.opened({}, ["unknown"]), false);
  assert.equal(await surroundings({ offer: null, alone: true }).drawing.opened({}, ["scenes"]), false);
  assert.equal(await surroundings({ failing: () => true, alone: true }).drawing.opened({}, ["scenes"]), false);
});
