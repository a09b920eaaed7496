/** The two faces: to choose from, then with what they were. */

import { loadImage, part } from "../../page/components/dom.js";

/** @typedef {import("./keys.js").Side} Side */

/**
 * @typedef {object} Pair
 * @property {string} round by which it is answered
 * @property {string} left
 * @property {string} right
 * @property {string} level
 * @property {number} side px
 * @property {boolean} oval whether there is only ground beside the faces
 */

/**
 * @typedef {object} Verdict as `describe_verdict` has it, in part
 * @property {Side} real
 * @property {Side} choice
 * @property {string} real_name
 * @property {Record<Side, string> | null} probabilities the discriminator's, of being real; null where there is none
 * @property {[number, number, number, number] | null} spot centre and radii across and down, as shares of the side
 */

const SIDES = /** @type {const} */ (["left", "right"]);

/** @typedef {Pair & { pictures: Record<Side, HTMLImageElement> }} DecodedPair held on to, so that it stays decoded */

/**
 * A pair that can be shown at once.
 *
 * @param {Pair} pair
 * @returns {Promise<DecodedPair>}
 */
export async function decoded(pair) {
  const [left, right] = await Promise.all([loadImage(pair.left), loadImage(pair.right)]);
  return { ...pair, pictures: { left, right } };
}

/** @param {HTMLElement} element of the stage */
export function facesIn(element) {
  const sides = SIDES.map((name) => {
    const side = part(element, `[data-side=${name}]`);
    return {
      name,
      face: part(side, ".face", HTMLButtonElement),
      picture: part(side, "img", HTMLImageElement),
      chosen: part(side, ".chosen"),
      spot: part(side, ".spot"),
      caption: part(side, ".caption"),
    };
  });

  /** @param {boolean} open whether a face can be chosen */
  function enable(open) {
    for (const { face } of sides) face.disabled = !open;
  }

  /** @param {DecodedPair} pair */
  function show(pair) {
    for (const { name, face, picture, chosen, spot, caption } of sides) {
      picture.src = pair.pictures[name].src;
      chosen.hidden = spot.hidden = true;
      spot.removeAttribute("style");
      delete face.dataset.truth;
      delete face.dataset.chosen;
      const key = document.createElement("kbd");
      key.textContent = name === "left" ? "←" : "→";
      caption.replaceChildren(...(name === "left" ? [key, "This one"] : ["This one", key]));
    }
  }

  /** @param {Side | null} choice that was sent to the server; null if none was */
  function mark(choice) {
    for (const { name, face } of sides) {
      if (name === choice) face.dataset.chosen = "";
      else delete face.dataset.chosen;
    }
  }

  /** @param {Verdict} verdict */
  function tell(verdict) {
    for (const { name, face, chosen, spot, caption } of sides) {
      const real = name === verdict.real;
      face.dataset.truth = real ? "real" : "generated";
      chosen.hidden = name !== verdict.choice;
      const title = document.createElement("b");
      title.textContent = real ? `● ${verdict.real_name}` : "◌ Generated";
      const opinion = document.createElement("span");
      if (verdict.probabilities) opinion.textContent = `Discriminator: ${verdict.probabilities[name]} real`;
      caption.replaceChildren(title, ...(verdict.probabilities ? [opinion] : []));
      if (!real) ring(spot, verdict.spot);
    }
  }

  return { enable, show, mark, tell };
}

/**
 * Rings what the discriminator objects to most; the sentence of the verdict says it, too.
 *
 * @param {HTMLElement} spot
 * @param {Verdict["spot"]} place
 */
function ring(spot, place) {
  spot.hidden = !place;
  if (!place) return;
  const [left, top, width, height] = place.map((share) => `${100 * share}%`);
  Object.assign(spot.style, { left, top, width: `calc(2 * ${width})`, height: `calc(2 * ${height})` });
}
