import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOfWork, progressText } from "../../page/components/work.js";

test("progress in words", () => {
  assert.equal(progressText({ ahead: 3, share: 0, left: null }), "3 before you");
  assert.equal(progressText({ ahead: 0, share: 0.456, left: null }), "46 %");
  assert.equal(progressText({ ahead: 0, share: 0.5, left: 0.2 }), "50 %, about 1 s left");
});

/** A server whose work takes `steps` questions; notes what it is asked. */
function server(steps) {
  const asked = [];
  let left = steps;
  return {
    asked,
    follow: async ({ job }) => {
      asked.push(`follow ${job}`);
      return --left ? { job, ahead: 0, share: 1 - left / steps, left: null } : { done: job };
    },
    stop: async ({ job }) => asked.push(`stop ${job}`),
  };
}
const begun = (job) => async () => ({ job, ahead: 0, share: 0, left: null });

test("work is followed to its end", async () => {
  const shown = [];
  const there = server(2);
  const work = lineOfWork({ server: there, show: (progress) => shown.push(progress?.text ?? null) });
  assert.deepEqual(await work.run(begun("a")), { done: "a" });
  assert.deepEqual(shown, [null, "0 %", "50 %", null]);
});

test("parts of the result are taken as they come", async () => {
  const told = [
    { job: "a", ahead: 0, share: 0.5, left: null, parts: ["second"] },
    { done: true, parts: ["third"] },
  ];
  const there = { follow: async () => told.shift(), stop: async () => {} };
  const taken = [];
  const start = async () => ({ job: "a", ahead: 0, share: 0.2, left: null, parts: ["first"] });
  const work = lineOfWork({ server: there, show: () => {} });
  assert.equal((await work.run(start, (part) => taken.push(part))).done, true);
  assert.deepEqual(taken, ["first", "second", "third"]);
});

test("one lost answer ends no work", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const lost = { notice: "The server could not be reached.", unanswered: true };
  const told = [lost, lost, { job: "a", ahead: 0, share: 0.5, left: null, parts: ["second"] }, lost, { done: true }];
  const stopped = [];
  const there = { follow: async () => told.shift() ?? lost, stop: async ({ job }) => stopped.push(job) };
  const taken = [];
  const work = lineOfWork({ server: there, show: () => {} });
  const start = async () => ({ job: "a", ahead: 0, share: 0.2, left: null, parts: ["first"] });
  const finished = async (running) => {
    let answer;
    running.then((found) => {
      answer = found;
    });
    while (answer === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      context.mock.timers.tick(1000);
    }
    return answer;
  };
  assert.deepEqual(await finished(work.run(start, (part) => taken.push(part))), { done: true });
  assert.deepEqual(taken, ["first", "second"]);
  assert.deepEqual(await finished(work.run(start)), lost); // for ever
  assert.deepEqual(stopped, ["a"]);
});

test("what is started anew takes the place of what is going on", async () => {
  const there = server(1);
  const work = lineOfWork({ server: there, show: () => {} });
  const first = work.run(begun("a"));
  await Promise.resolve();
  await Promise.resolve();
  const second = work.run(begun("b"));
  assert.equal(await first, null);
  assert.deepEqual(await second, { done: "b" });
  assert.ok(there.asked.includes("stop a"));
  assert.ok(!there.asked.includes("follow a"));
});

test("a stop ends it, also before the server has given it a number", async () => {
  const there = server(1);
  const work = lineOfWork({ server: there, show: () => {} });
  const early = work.run(begun("a"));
  work.stop();
  assert.equal(await early, null);
  assert.deepEqual(there.asked, ["stop a"]);
});

test("a server that cannot be reached is told in a sentence", async () => {
  const work = lineOfWork({ server: server(1), show: () => {} });
  const answer = await work.run(() => Promise.reject(new Error("gone")));
  assert.match(answer.notice, /could not be reached/);
});
