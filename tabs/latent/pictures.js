/** The large pictures: one, or two side by side with what each of them is. */

import { brushOf, part, write } from "../../page/components/dom.js";

const SMALL = 64; // px, the side up to which a picture is shown smaller

/** An empty figure. */
function makeFigure() {
  const figure = document.createElement("figure");
  const canvas = document.createElement("canvas");
  canvas.role = "img";
  figure.append(canvas, document.createElement("figcaption"));
  return figure;
}

/**
 * Shows pictures in the figures that are there, so that nothing flickers while a slider is dragged.
 *
 * @param {HTMLElement} box
 * @param {(HTMLImageElement | HTMLCanvasElement)[]} pictures decoded
 * @param {string[]} captions
 * @param {boolean} smooth not in squares
 */
export function showPictures(box, pictures, captions, smooth) {
  while (box.children.length > pictures.length) box.lastElementChild?.remove();
  while (box.children.length < pictures.length) box.append(makeFigure());
  pictures.forEach((picture, index) => {
    const figure = box.children[index];
    const canvas = part(figure, "canvas", HTMLCanvasElement);
    const side = picture.width;
    // as it is: the style enlarges it, which costs the page's script no time
    if (canvas.width !== side) canvas.width = canvas.height = side;
    brushOf(canvas).drawImage(picture, 0, 0);
    if (canvas.ariaLabel !== captions[index]) canvas.ariaLabel = captions[index];
    canvas.className = smooth ? "" : "crisp";
    figure.className = side > SMALL ? "large" : "";
    write(part(figure, "figcaption"), pictures.length > 1 ? captions[index] : "");
  });
}
