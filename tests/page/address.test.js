import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf, withPageFields } from "../../page/address.js";

test("a permalink keeps its slashes, and what belongs to the page", () => {
  assert.equal(
    withPageFields("tab=sample&model=user/net", "?tab=quiz&lang=de&seed=4"),
    "?tab=sample&model=user/net&lang=de",
  );
  assert.equal(withPageFields("?tab=ask", "?__theme=dark"), "?tab=ask&__theme=dark");
  assert.equal(withPageFields("tab=ask", ""), "?tab=ask");
});

test("an address speaks to one tab", () => {
  assert.deepEqual(fieldsOf("ask", "?tab=ask&floor=3"), { tab: "ask", floor: "3" });
  assert.deepEqual(fieldsOf("ask", "?tab=latent&floor=3"), {});
  assert.deepEqual(fieldsOf("ask", ""), {});
});
