/** Two pictures of one size, the first over the second, divided by a slider. */

import { part } from "./dom.js";

const LARGEST = 6; // times that a small picture is enlarged

/** @typedef {{ width: number, height: number }} Size */

/**
 * How many times larger a picture is shown: as large as there is room for, a small one by a whole number of the
 * screen's own pixels, so that its pixels stay sharp squares.
 *
 * @param {Size} picture px
 * @param {Size} room CSS px
 * @param {object} use
 * @param {number} use.small px; a picture is small if both sides are shorter
 * @param {number} [use.least] times that a small picture is shown larger at least
 * @param {number} [use.ratio] the screen's own pixels in a CSS pixel
 */
export function factorFor(picture, room, { small, least = 0, ratio = 1 }) {
  let factor = Math.min(room.width / picture.width, room.height / picture.height);
  if (factor > 1 && Math.max(picture.width, picture.height) < small) {
    factor = Math.max(least, Math.floor(factor * ratio) / ratio);
  }
  return Math.min(LARGEST, factor);
}

/**
 * Shows a picture in an image, and waits until it can be drawn; a broken one stays broken.
 *
 * @param {HTMLImageElement} image
 * @param {string} address
 */
export async function showDecoded(image, address) {
  image.src = address;
  await image.decode().catch(() => {});
}

/**
 * @param {ParentNode} root with .wb-compare
 */
export function comparisonIn(root) {
  const box = part(root, ".wb-compare");
  const before = part(box, ".wb-before", HTMLImageElement);
  const after = part(box, ".wb-after", HTMLImageElement);
  const slider = part(box, ".wb-slider", HTMLInputElement);

  const divide = () => box.style.setProperty("--at", `${slider.value}%`);

  function halve() {
    slider.value = "50";
    divide();
  }

  /**
   * @param {Size} picture px
   * @param {number} factor CSS px of one of its pixels
   */
  function resize({ width, height }, factor) {
    box.style.width = `${Math.max(1, Math.round(width * factor))}px`;
    box.style.height = `${Math.max(1, Math.round(height * factor))}px`;
  }

  slider.addEventListener("input", divide);
  divide();
  return { box, before, after, halve, resize };
}
