import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo } from "../../page/components/answers.js";

test("an answer stays as it is", async () => {
  assert.deepEqual(await answerTo(Promise.resolve({ pictures: [] })), { pictures: [] });
});

test("a server that cannot be reached is told in a sentence, whether its client throws or is silent", async () => {
  const unreachable = { notice: "The server could not be reached; please try again." };
  assert.deepEqual(await answerTo(Promise.resolve(undefined)), unreachable);
  assert.deepEqual(await answerTo(Promise.reject(new Error("gone"))), unreachable);
  assert.deepEqual(await answerTo(Promise.resolve(undefined), "Try a smaller file."), {
    notice: "Try a smaller file.",
  });
});
