import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { Companion } from "../../tabs/playground/browser/companion.js";
import { Session } from "../../tabs/playground/browser/session.js";
import { bytes, textOf } from "../../tabs/playground/numbers.js";
import { inBrowser, tableFile } from "../../tabs/playground/parts/training.js";

const SETTINGS = {
  loss: "non-saturating",
  optimiser: "adam",
  discriminator_rate: 0.002,
  generator_rate: 0.001,
  discriminator_steps: 1,
  generator_steps: 1,
  layers: 1,
  width: 4,
  noise: 2,
  head_start: 0,
  seed: 1,
};
const RING = { data: "ring", settings: SETTINGS };

/**
 * A thread that does what it is told with what comes, over a channel that copies like that of a worker.
 *
 * @param {(message: any, say: (message: any) => void) => void} hear
 */
function thread(hear) {
  const { port1, port2 } = new MessageChannel();
  port2.on("message", (message) => hear(message, (answer) => port2.postMessage(answer)));
  return Object.assign(port1, { terminate: () => port1.close() });
}

/** A thread with a game, as worker.js has it. */
function gameThread() {
  let session;
  return thread(({ number, name, fields }, say) => {
    if (name === "open") session = new Session(fields, () => say({}));
    const answer = name === "open" ? session.show() : session[name];
    say({ number, answer: typeof answer === "function" ? answer.call(session, fields) : answer });
  });
}

// --- the game of a visitor --------------------------------------------------------------------------------------------

test("a game plays as many rounds as are wanted, and stops at those of a link", () => {
  const session = new Session(RING);
  assert.equal(session.show().rounds, 0);
  assert.equal(session.play({ rounds: 3 }).rounds, 3);
  assert.equal(session.play({ rounds: 10, until: 5 }).rounds, 5);
  assert.equal(session.play({ rounds: 10, until: 5 }).rounds, 5);
  assert.equal(session.play({ rounds: 1, part: "generator", until: null }).rounds, 6);
  assert.deepEqual(
    session.rows.map(({ rounds }) => rounds),
    [0, 3, 5, 5, 6],
  );
  assert.equal(session.moments[1].samples.length, 600);
  assert.equal(session.moments[1].surface.length, 48 * 48);
});

test("a question plays for a moment and no longer", () => {
  const session = new Session({ data: "ring", settings: { ...SETTINGS, width: 64, layers: 4 } });
  const began = performance.now();
  const { rounds } = session.play({ rounds: 2000 });
  assert.ok(rounds >= 1 && rounds < 2000);
  assert.ok(performance.now() - began < 5000); // 0.07 s of training on a free machine; the rest is for busy ones
});

test("what is kept for film and table is bounded, and evenly spread", () => {
  const session = new Session({ ...RING, own: Float64Array.from({ length: 40 }, (_, k) => Math.sin(k)) });
  for (let frame = 0; frame < 300; frame++) session.show();
  assert.equal(session.rows.length, 300);
  assert.ok(session.moments.length <= 121 && session.moments.length >= 60);
});

test("a game that goes on takes other rates", () => {
  const [slow, fast] = [new Session(RING), new Session(RING)];
  fast.tune({ ...SETTINGS, generator_rate: 0.1 });
  assert.notDeepEqual(slow.play({ rounds: 2 }).fake, fast.play({ rounds: 2 }).fake);
});

test("weights that run away end the game", () => {
  const session = new Session({
    data: "ring",
    settings: { ...SETTINGS, loss: "least-squares", optimiser: "sgd", generator_rate: 1 },
  });
  session.tune({ ...SETTINGS, loss: "least-squares", optimiser: "sgd", generator_rate: 1, discriminator_rate: 1 });
  let frame = session.show();
  for (let time = 0; time < 50 && !frame.lost; time++) frame = session.play({ rounds: 20 });
  assert.ok(frame.lost);
  assert.match(frame.captions[0].words, /ran away/);
  const { rounds } = frame;
  assert.equal(session.play({ rounds: 5 }).rounds, rounds);
});

// --- the worker -------------------------------------------------------------------------------------------------------

test("a worker answers every question", async () => {
  const companion = new Companion(gameThread());
  const frames = await Promise.all([companion.ask("open", RING), companion.ask("play", { rounds: 2 })]);
  assert.deepEqual(
    frames.map(({ rounds }) => rounds),
    [0, 2],
  );
  assert.deepEqual(frames[1].fake, new Session(RING).play({ rounds: 2 }).fake);
  companion.close();
  await assert.rejects(companion.ask("rows"), /unanswered/);
});

test("a worker that fails answers nobody any more", async () => {
  const failing = thread(() => {});
  const companion = new Companion(failing);
  const asked = companion.ask("open", RING);
  failing.dispatchEvent(new Event("error"));
  await assert.rejects(asked, /unanswered/);
});

test("a worker that is silent for eight seconds is given up, one that says that it is busy is not", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const word = (message) => new Promise((resolve) => setImmediate(resolve, message));
  let say = () => {};
  const companion = new Companion(thread((_, answer) => (say = answer)));
  let given = "";
  const asked = companion.ask("open").catch(() => (given = "up"));
  while (say.length === 0) await word();
  for (let time = 0; time < 3; time++) {
    context.mock.timers.tick(7000);
    say({});
    for (let turn = 0; turn < 20; turn++) await word();
  }
  assert.equal(given, "");
  context.mock.timers.tick(8000);
  await asked;
  assert.equal(given, "up");
});

// --- between page and worker ------------------------------------------------------------------------------------------

/** The part of a board that training needs. */
const board = (answers, asked = []) => ({
  ask: async (name, fields) => {
    asked.push([name, fields]);
    return answers[name];
  },
});

test("a game is opened with what the server knows of it, and then needs no server", async () => {
  const asked = [];
  const companion = new Companion(gameThread());
  const own = textOf(new Uint8Array(Float64Array.from({ length: 40 }, (_, k) => Math.sin(k)).buffer));
  const training = inBrowser(
    board({ game_read: { data: "own-1", settings: SETTINGS, own, link: "x" } }, asked),
    companion,
  );
  const answer = await training.open({ data: "own-1" });
  assert.equal(answer.link, "x");
  assert.equal(answer.frame.rounds, 0);
  assert.ok(!("own" in answer));
  assert.equal((await training.play({ rounds: 4 })).rounds, 4);
  const { content } = await training.file("csv");
  const lines = atob(content.split(",")[1]).split("\r\n");
  assert.deepEqual(
    lines.map((line) => line.split(",")[0]),
    ["rounds", "0", "4", ""],
  );
  assert.deepEqual(asked, [["game_read", { data: "own-1" }]]);
  companion.close();
});

test("a film is made by the server, of what it is sent", async () => {
  const asked = [];
  const companion = new Companion(gameThread());
  const answers = { game_read: { data: "ring", settings: SETTINGS }, game_film: { name: "film" } };
  const training = inBrowser(board(answers, asked), companion);
  await training.open({});
  assert.deepEqual(await training.file("gif"), { name: "film" });
  const [, { data, moments }] = asked[1];
  assert.equal(data, "ring");
  assert.equal(bytes(moments[0].surface).length, 48 * 48);
  companion.close();
});

test("of two games that are opened at once the later one is played", async () => {
  const companion = new Companion(gameThread());
  let answerFirst = () => {};
  const answers = [
    new Promise((resolve) => {
      answerFirst = resolve;
    }),
    { data: "grid", settings: SETTINGS },
  ];
  const training = inBrowser({ ask: async () => answers.shift() }, companion);
  const [first, second] = [training.open({}), training.open({})];
  assert.equal((await second).data, "grid");
  answerFirst({ data: "line", settings: SETTINGS });
  assert.equal(await first, null);
  const wanted = new Session({ data: "grid", settings: SETTINGS }).play({ rounds: 1 });
  assert.deepEqual((await training.play({ rounds: 1 })).numbers, wanted.numbers);
  companion.close();
});

test("a game without a frame is an empty table", () => {
  assert.equal(atob(tableFile([]).content.split(",")[1]), "rounds\r\n");
});
