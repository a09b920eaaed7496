import assert from "node:assert/strict";
import { test } from "node:test";
import { latest } from "../../page/components/latest.js";

/** A server that answers when it is told to. */
function slowServer() {
  const open = [];
  return {
    asked: [],
    ask(position) {
      this.asked.push(position);
      return new Promise((resolve, reject) => open.push({ resolve: () => resolve(position), reject }));
    },
    answer: () => open.shift().resolve(),
    fail: () => open.shift().reject(new Error("gone")),
  };
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

test("positions that were passed are never asked for, the last one is shown", async () => {
  const server = slowServer();
  const shown = [];
  let position = 1;
  const update = latest({
    ask: () => server.ask(position),
    show: (answer) => {
      shown.push(answer);
    },
    failed: assert.fail,
  });
  update();
  for (position of [2, 3, 4]) update();
  server.answer();
  await turn();
  assert.deepEqual(server.asked, [1, 4]);
  assert.deepEqual(shown, []);
  server.answer();
  await turn();
  assert.deepEqual(shown, [4]);
});

test("a position that comes while the last answer is being shown is asked for", async () => {
  const server = slowServer();
  let position = 1;
  let finish;
  const shown = [];
  const show = (answer) => {
    shown.push(answer);
    return new Promise((resolve) => {
      finish = resolve;
    });
  };
  const update = latest({ ask: () => server.ask(position), show, failed: assert.fail });
  update();
  server.answer();
  await turn();
  position = 2;
  update();
  finish();
  await turn();
  server.answer();
  await turn();
  assert.deepEqual(shown, [1, 2]);
});

test("after a failure the next position is asked for again", async () => {
  const server = slowServer();
  let failures = 0;
  const shown = [];
  const update = latest({
    ask: () => server.ask(1),
    show: (answer) => {
      shown.push(answer);
    },
    failed: () => {
      failures++;
    },
  });
  update();
  server.fail();
  await turn();
  assert.equal(failures, 1);
  update();
  server.answer();
  await turn();
  assert.deepEqual(shown, [1]);
});

test("a position that comes while the last one fails is asked for", async () => {
  const server = slowServer();
  let position = 1;
  const shown = [];
  const update = latest({
    ask: () => server.ask(position),
    show: (answer) => {
      shown.push(answer);
    },
    failed: () => {},
  });
  update();
  position = 2;
  update();
  server.fail();
  await turn();
  assert.deepEqual(server.asked, [1, 2]);
  server.answer();
  await turn();
  assert.deepEqual(shown, [2]);
});
