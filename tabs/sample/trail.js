/** The way to the faces on the stage: all faces of a seed, then each face that was picked. */

import { paint } from "./faces.js";

const THUMBNAIL = 48; // px

/**
 * @param {import("./faces.js").Shown} shown
 * @returns {HTMLElement[]} nothing if no face was picked; buttons tell in data-depth how many picks they keep
 */
export function trailOf(shown) {
  const { path, seed } = shown.answer;
  if (!path.length) return [];
  const step = stepTo(path.length);
  const back = step("Back one step", path.length - 1, "← Back");
  const all = step(`All faces of seed ${seed}`, 0, `Seed ${seed}`);
  back.className = all.className = "small-button";
  const picks = path.flatMap((pick, index) => {
    const thumbnail = document.createElement("canvas");
    paint(thumbnail, shown, index, THUMBNAIL);
    const arrow = document.createElement("span");
    arrow.textContent = "›";
    return [arrow, step(`Face ${pick}, generation ${index + 1}`, index + 1, thumbnail)];
  });
  return [back, all, ...picks];
}

/** @param {number} present how many picks are on the stage */
function stepTo(present) {
  /**
   * @param {string} label
   * @param {number} depth
   * @param {Node | string} content
   */
  return (label, depth, content) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.depth = String(depth);
    button.ariaLabel = label;
    button.title = label;
    button.append(content);
    if (depth === present) button.setAttribute("aria-current", "step");
    return button;
  };
}
