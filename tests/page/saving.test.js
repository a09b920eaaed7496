import assert from "node:assert/strict";
import { test } from "node:test";
import { Window } from "happy-dom";

const window = new Window();
Object.assign(globalThis, {
  HTMLElement: window.HTMLElement,
  HTMLSelectElement: window.HTMLSelectElement,
  HTMLButtonElement: window.HTMLButtonElement,
  Option: /** @type {any} */ (
    function Option(name, value) {
      const option = window.document.createElement("option");
      option.textContent = name;
      option.value = value;
      return option;
    }
  ),
});
const { savingIn } = await import("../../page/components/saving.js");

test("a picture is asked for only in another format than its address has, or where that lost pixels", async () => {
  const stage = window.document.createElement("div");
  stage.innerHTML = '<select class="wb-kind"></select><button class="wb-download" hidden></button>';
  const saving = savingIn(/** @type {any} */ (stage), { png: "PNG", webp: "WebP", jpeg: "JPEG", avif: "AVIF" });
  const asked = [];
  const ask = async (fields) => {
    asked.push(fields);
    return { file: "made" };
  };
  const list = stage.querySelector("select");
  assert.deepEqual(
    [...list.options].map((option) => option.textContent),
    ["PNG", "WebP", "JPEG", "AVIF"],
  );
  const png = { address: "data:image/png;base64,AA" };
  assert.deepEqual(await saving.fileOf(png, ask), { file: png.address });
  assert.deepEqual(asked, []);
  list.value = "jpeg";
  assert.equal(saving.ending(), "jpg");
  assert.deepEqual(await saving.fileOf(png, ask), { file: "made" });
  assert.deepEqual(await saving.fileOf({ kept: "name", address: "data:image/jpeg;base64,AA" }, ask), { file: "made" });
  assert.deepEqual(asked, [
    { image: png.address, kind: "jpeg" },
    { kept: "name", kind: "jpeg" },
  ]);
  saving.offer(false); // a clip, in its own format
  assert.deepEqual([list.hidden, saving.button.hidden], [true, false]);
});
