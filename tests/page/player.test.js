import assert from "node:assert/strict";
import { test } from "node:test";
import { pause, player } from "../../tabs/playground/player.js";

const buttonNamed = (textContent) => Object.assign(new EventTarget(), { textContent });
const press = (button) => button.dispatchEvent(new Event("click"));

test("plays until there is nothing more", async () => {
  const button = buttonNamed("Play both");
  const heard = [];
  let left = 3;
  await new Promise((ended) => {
    player(button, {
      title: "Play both",
      rest: 1,
      begin: () => {
        heard.push("begin");
      },
      more: () => left > 0,
      step: () => {
        heard.push(left--);
      },
      ended,
    });
    press(button);
    assert.equal(button.textContent, "Pause");
  });
  assert.deepEqual(heard, ["begin", 3, 2, 1]);
  assert.equal(button.textContent, "Play both");
});

test("a second press pauses, a third goes on, and never do two run at once", async () => {
  const button = buttonNamed("Play");
  let steps = 0;
  player(button, {
    rest: 20,
    more: () => true,
    step: () => {
      steps++;
    },
  });
  press(button);
  await pause(5);
  press(button);
  assert.equal(button.textContent, "Play");
  press(button);
  await pause(5);
  const before = steps;
  await pause(105);
  assert.ok(steps - before <= 6, `${steps - before} steps in the time of five`);
  press(button);
  await pause(25);
  const stopped = steps;
  await pause(50);
  assert.equal(steps, stopped);
});

test("a step that fails ends it", async () => {
  const button = buttonNamed("Play");
  let steps = 0;
  const { stop } = player(button, {
    rest: 1,
    more: () => true,
    step: async () => {
      steps++;
      return false;
    },
  });
  press(button);
  await pause(20);
  assert.equal(steps, 1);
  assert.equal(button.textContent, "Play");
  stop(); // does no harm
  assert.equal(button.textContent, "Play");
});
