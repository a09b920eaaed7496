import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { explainRefusals } from "../../page/refusals.js";

const STAGE = "http://page/gradio_api/component_server";
const UNREACHABLE = { notice: "The server could not be reached; please try again.", unanswered: true };
let answer = async () => new Response();
let told = [];

globalThis.window = globalThis;
globalThis.dispatchEvent = (event) => told.push([event.type, event.detail]);
globalThis.fetch = (...request) => answer(...request);
explainRefusals();

/** What the server answers from now on. */
function answering(status, body, url = STAGE) {
  answer = async () => Object.defineProperty(new Response(body, { status }), "url", { value: url });
}

const asked = async (address = STAGE) => (await fetch(address)).json();

beforeEach(() => {
  told = [];
});

test("an answer stays as it is", async () => {
  answering(200, '{"pictures": []}');
  assert.deepEqual(await asked(), { pictures: [] });
  assert.deepEqual(await asked(new Request(STAGE)), { pictures: [] });
});

test("a stage is told of every failure in a sentence, and that it is one", async () => {
  answer = async () => {
    throw new TypeError("Failed to fetch");
  };
  assert.deepEqual(await asked(), UNREACHABLE);
  assert.deepEqual(await asked(new Request(STAGE)), UNREACHABLE);
  for (const status of [404, 422, 429, 500, 503]) {
    answering(status, '{"detail": "Too many requests."}');
    assert.deepEqual(await asked(), { notice: "Too many requests.", unanswered: true });
  }
  for (const body of ["<h1>Bad gateway</h1>", '{"detail": [1]}', ""]) {
    answering(502, body);
    assert.deepEqual(await asked(), UNREACHABLE);
  }
  assert.deepEqual(told, []);
});

test("a refusal of Gradio's own events is an event, and its answer stays; what fails elsewhere fails", async () => {
  const queue = "http://page/gradio_api/queue/join";
  answering(429, '{"detail": "Too many requests."}', queue);
  assert.equal((await fetch(queue)).status, 429);
  assert.deepEqual(told, [["latent-lab-refused", "Too many requests."]]);
  answering(404, '{"detail": "Not found"}', queue);
  assert.equal((await fetch(queue)).status, 404);
  answering(503, '{"detail": "Elsewhere"}', "http://page/other");
  assert.equal((await fetch("http://page/other")).status, 503);
  assert.equal(told.length, 1);
  answer = async () => {
    throw new TypeError("Failed to fetch");
  };
  await assert.rejects(fetch(queue), TypeError);
});
