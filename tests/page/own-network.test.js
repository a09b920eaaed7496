import assert from "node:assert/strict";
import { test } from "node:test";
import { hubName } from "../../page/components/own-network.js";

test("names of the Hub, and addresses of its pages", () => {
  const known = [
    ["  someone/sharp ", "someone/sharp"],
    ["someone/sharp/4x.pth", "someone/sharp/4x.pth"],
    ["https://huggingface.co/someone/sharp", "someone/sharp"],
    ["https://huggingface.co/someone/sharp/", "someone/sharp"],
    ["https://huggingface.co/someone/sharp/tree/main", "someone/sharp"],
    ["https://huggingface.co/someone/sharp/blob/main/sub/4x.pth", "someone/sharp/sub/4x.pth"],
    ["https://huggingface.co/someone/sharp/resolve/main/4x.pth?download=true", "someone/sharp/4x.pth"],
    ["someone/main/main/4x.pth", "someone/main/main/4x.pth"],
    ["", ""],
  ];
  for (const [text, name] of known) assert.equal(hubName(text), name);
});
