import assert from "node:assert/strict";
import { test } from "node:test";

import { UNREACHABLE } from "../../page/components/dom.js";
import { openable } from "../../page/components/openable.js";

const opens = async () => {};
const fails = async () => {
  throw new Error("no picture");
};

test("a picture that the browser opens is not sent", async () => {
  const found = await openable("data:a", fails, opens);
  assert.deepEqual(found, { address: "data:a", notice: "" });
});

test("another one is converted by the server", async () => {
  const convert = async ({ image }) => ({ image: `${image}, converted` });
  assert.deepEqual(await openable("data:a", convert, fails), { address: "data:a, converted", notice: "" });
});

test("why there is none is said", async () => {
  const refuse = async () => ({ notice: "This is no picture." });
  assert.deepEqual(await openable("data:a", refuse, fails), { address: "", notice: "This is no picture." });
  assert.deepEqual(await openable("data:a", fails, fails), { address: "", notice: UNREACHABLE });
  assert.deepEqual(await openable("data:a", undefined, fails), { address: "", notice: UNREACHABLE });
});
