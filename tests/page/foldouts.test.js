import assert from "node:assert/strict";
import { test } from "node:test";
import { following } from "../../page/components/foldouts.js";

/** Fold-outs that are opened and closed by the test. */
function foldOuts() {
  const boxes = {
    open: false,
    told: [],
    isOpen: () => boxes.open,
    onOpen: (opened) => {
      boxes.set = (open) => {
        boxes.open = open;
        opened();
      };
    },
    tell: (shown) => boxes.told.push(shown),
  };
  return boxes;
}

test("an open fold-out hears of everything that is shown, at once", () => {
  const boxes = foldOuts();
  const follow = following(boxes);
  boxes.set(true);
  follow({ seed: 1 });
  follow({ seed: 2 });
  assert.deepEqual(boxes.told, [{ seed: 1 }, { seed: 2 }]);
});

test("closed ones hear of nothing, and of the last that was shown when one is opened", () => {
  const boxes = foldOuts();
  const follow = following(boxes);
  follow({ seed: 1 });
  follow({ seed: 2 });
  assert.deepEqual(boxes.told, []);
  boxes.set(true);
  assert.deepEqual(boxes.told, [{ seed: 2 }]);
});

test("what was told is not told again", () => {
  const boxes = foldOuts();
  const follow = following(boxes);
  follow({ seed: 1 });
  boxes.set(true);
  boxes.set(false);
  boxes.set(true);
  assert.deepEqual(boxes.told, [{ seed: 1 }]);
});
