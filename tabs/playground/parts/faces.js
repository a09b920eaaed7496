/** Faces of a mixture of Gaussians and of a GAN, side by side. */

import { allParts, brushOf, loadImage, part } from "../../../page/components/dom.js";
import { anySeed } from "../numbers.js";

/**
 * @param {HTMLElement} box
 * @param {import("../board.js").Board} board
 * @returns {{ open: () => void }} open: shows them, the first time
 */
export function faces(box, board) {
  const canvases = allParts(box, ".em-faces", HTMLCanvasElement);
  let opened = false;
  let asked = 0;

  /** @param {number} seed */
  async function show(seed) {
    const mine = ++asked;
    const answer = await board.ask("faces", { seed });
    if (!answer?.sheets || mine !== asked) return;
    for (const canvas of canvases) await showSheet(canvas, answer.sheets[String(canvas.dataset.model)]);
    part(box, ".em-faces-note").textContent = answer.note;
    board.element.dataset.faces = String(seed);
  }

  part(box, ".em-faces-dice").addEventListener("click", () => show(anySeed()));

  return {
    open() {
      if (!opened && !box.hidden) show(1);
      opened = true;
    },
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ sheet?: string, title?: string, text: string }} told without a sheet, the text says why
 */
async function showSheet(canvas, { sheet, title, text }) {
  const caption = part(/** @type {HTMLElement} */ (canvas.parentElement), "figcaption");
  if (!sheet || !title) {
    caption.textContent = text;
    return;
  }
  const name = document.createElement("b");
  name.textContent = title;
  caption.replaceChildren(name, `. ${text}`);
  const picture = await loadImage(sheet);
  canvas.width = 2 * picture.naturalWidth;
  canvas.height = 2 * picture.naturalHeight;
  const brush = brushOf(canvas);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
}
