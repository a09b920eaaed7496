/** A square frame in which a visitor fits a face: by hand, or by a mark put on each eye. */

import { brushOf, part } from "./dom.js";
import { dataUriOf } from "./files.js";
import { moveMark, movePicture } from "./frame-gestures.js";
import { openable } from "./openable.js";
import {
  aimed,
  angleOf,
  CENTRE,
  changed,
  EYES,
  fitted,
  fromSlider,
  intoFrame,
  middle,
  ofPixels,
  SIDE,
  scaleOf,
  scales,
  through,
  toFrame,
  toPicture,
  toSlider,
  within,
} from "./placement.js";
import { reduced } from "./reduce.js";

/** @typedef {import("./placement.js").Placement} Placement */
/** @typedef {import("./placement.js").Point} Point */
/**
 * What is in a frame. `reduction`: pixels of it for one of the picture that was opened.
 *
 * @typedef {{ picture: ImageBitmap | HTMLCanvasElement, placement: Placement, reduction: number }} Content
 */

const LARGEST_SIDE = 1600; // px, of what is kept of a picture: more is not seen in the frame
const LEAST_SIDE = 32; // px, of a picture
const MARGIN = "#808080"; // where the frame reaches beyond the picture

/**
 * Draws what is in the frame.
 *
 * @param {HTMLCanvasElement} canvas square
 * @param {Pick<Content, "picture" | "placement">} content
 */
function drawFrame(canvas, { picture, placement: { a, b, x, y } }) {
  const brush = brushOf(canvas);
  const unit = canvas.width / SIDE;
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.fillStyle = MARGIN;
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.setTransform(a * unit, b * unit, -b * unit, a * unit, x * unit, y * unit);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture, 0, 0);
}

/** @param {Blob} file */
const bitmapOf = (file) => createImageBitmap(file, { imageOrientation: "from-image" });

/**
 * Puts a slider somewhere, and colours its track up to there.
 *
 * @param {HTMLInputElement} slider
 * @param {number} value
 */
function putSlider(slider, value) {
  slider.value = String(value);
  const [least, most] = [slider.min, slider.max].map(Number);
  const share = (Number(slider.value) - least) / (most - least);
  slider.style.setProperty("--range_progress", `${100 * share}%`);
}

/**
 * Makes a frame work: drag, pinch, wheel, sliders, keys, and a mark for each eye. Once both marks have been put on the
 * eyes, the picture is moved so that the eyes are where the network expects them.
 *
 * @param {HTMLElement} root with the elements of frame.html
 * @param {object} use
 * @param {(sentence: string) => void} use.say
 * @param {string} use.names of the formats that are read
 * @param {(fields: { image: string }) => Promise<any>} [use.convert] the server's `show_picture`, for what the browser
 *   cannot open
 * @param {() => void} [use.moved] called whenever the visitor has moved the picture
 * @returns {{ open: (file: Blob) => Promise<boolean>, clear: () => void, crop: () => string, view: HTMLElement,
 *   isEmpty: () => boolean, aim: (eyes: Point[]) => void, placement: () => Placement | null,
 *   place: (placement: Placement) => void }} open: shows a picture, or says why not; crop: what is in the frame,
 *   128 x 128 px, as a data URI; view: where pictures may be dropped; aim: says where the eyes have to be; placement,
 *   place: of the picture that was opened, in its own pixels
 */
export function mountFrame(root, { say, names, convert, moved = () => {} }) {
  const frame = part(root, ".frame");
  const view = part(root, ".frame-view");
  const canvas = part(root, ".frame-picture", HTMLCanvasElement);
  const zoom = part(root, ".frame-zoom", HTMLInputElement);
  const turn = part(root, ".frame-turn", HTMLInputElement);
  const marks = [0, 1].map((eye) => part(root, `.frame-eye[data-eye="${eye}"]`));
  /** @type {Content | null} */
  let content = null;
  /** Where the marks are on the picture, if they were moved. @type {(Point | null)[]} */
  let eyes = [null, null];
  let wasFitted = false;
  /** Where the eyes have to be. */
  let expected = EYES;

  const isEmpty = () => content === null;

  /** @param {number} eye */
  function markAt(eye) {
    const marked = eyes[eye];
    return content && marked ? toFrame(content.placement, marked) : expected[eye];
  }

  /** @param {(placement: Placement) => Placement} make */
  function put(make) {
    if (!content) return;
    const { picture, placement } = content;
    content.placement = within(make(placement), picture.width, picture.height);
    show(content);
  }

  /** What a visitor does. @param {(placement: Placement) => Placement} make */
  function change(make) {
    if (!content) return;
    put(make);
    moved();
  }

  /** @param {Content} content */
  function show({ picture, placement }) {
    drawFrame(canvas, { picture, placement });
    marks.forEach((mark, eye) => {
      const { x, y } = intoFrame(markAt(eye));
      mark.style.left = `${(100 * x) / SIDE}%`;
      mark.style.top = `${(100 * y) / SIDE}%`;
      mark.classList.toggle("moved", eyes[eye] !== null);
    });
    const whole = scaleOf(middle(picture.width, picture.height));
    putSlider(zoom, toSlider(scaleOf(placement), scales(picture.width, picture.height)));
    putSlider(turn, angleOf(placement));
    zoom.ariaValueText = `${Math.round((100 * scaleOf(placement)) / whole)} %`;
    turn.ariaValueText = `${Math.round(angleOf(placement))}°`;
    root.dataset.placement = [placement.a, placement.b, placement.x, placement.y].map((n) => n.toFixed(4)).join(",");
  }

  function takeMarksBack() {
    eyes = [null, null];
    wasFitted = false;
  }

  function reset() {
    if (!content) return;
    const { width, height } = content.picture;
    takeMarksBack();
    change(() => middle(width, height));
  }

  /** @param {Blob} file */
  async function open(file) {
    let bitmap;
    try {
      bitmap = await bitmapOf(file);
    } catch {
      const { address, notice } = await openable(await dataUriOf(file).catch(() => ""), convert, () =>
        Promise.reject(),
      );
      try {
        if (!notice) bitmap = await bitmapOf(await (await fetch(address)).blob());
      } catch {}
      if (!bitmap) {
        say(notice || `This file is no picture that can be read; ${names} are accepted.`);
        return false;
      }
    }
    if (Math.min(bitmap.width, bitmap.height) < LEAST_SIDE) {
      say(`The picture is ${bitmap.width} x ${bitmap.height} px; a face needs ${LEAST_SIDE} px or more.`);
      return false;
    }
    say("");
    const picture = reduced(bitmap, LARGEST_SIDE);
    const placement = middle(picture.width, picture.height);
    content = { picture, placement, reduction: picture.width / bitmap.width };
    frame.dataset.state = "filled";
    takeMarksBack();
    show(content);
    return true;
  }

  function clear() {
    content = null;
    frame.dataset.state = "empty";
  }

  /** @param {Point[]} next */
  function aim(next) {
    const before = expected;
    expected = next;
    const { a, b, x, y } = through(EYES, next);
    part(root, ".frame-guide g", SVGGElement).setAttribute("transform", `matrix(${[a, b, -b, a, x, y]})`);
    put((placement) => aimed(placement, before, next));
  }

  function crop() {
    const large = document.createElement("canvas");
    large.width = large.height = 4 * SIDE;
    if (content) drawFrame(large, content);
    return reduced(large, SIDE).toDataURL("image/png");
  }

  function fit() {
    if (!content) return;
    const { placement } = content;
    const marked = [0, 1].map((eye) => toPicture(placement, markAt(eye)));
    const next = fitted(marked, expected);
    if (!next) {
      say("The two marks are too near each other; put one on each eye.");
      return;
    }
    say("");
    eyes = [null, null];
    wasFitted = true;
    change(() => next);
  }

  /**
   * @param {number} eye
   * @param {Point} point of the frame
   */
  function putMark(eye, point) {
    if (!content) return;
    eyes[eye] = toPicture(content.placement, intoFrame(point));
    show(content);
  }

  movePicture(canvas, { isEmpty, change });
  marks.forEach((mark, eye) => {
    moveMark(mark, {
      view: canvas,
      at: () => markAt(eye),
      put: (point) => putMark(eye, point),
      released: () => {
        if (eyes[eye] && (wasFitted || eyes[1 - eye])) fit();
      },
      entered: fit,
    });
  });
  zoom.addEventListener("input", (event) => {
    event.stopPropagation();
    if (!content) return;
    const scale = fromSlider(Number(zoom.value), scales(content.picture.width, content.picture.height));
    change((placement) => changed(placement, scale / scaleOf(placement), 0, CENTRE));
  });
  turn.addEventListener("input", (event) => {
    event.stopPropagation();
    change((placement) => changed(placement, 1, Number(turn.value) - angleOf(placement), CENTRE));
  });
  part(root, ".frame-quarter").addEventListener("click", () =>
    change((placement) => changed(placement, 1, 90, CENTRE)),
  );
  part(root, ".frame-reset").addEventListener("click", reset);

  return {
    open,
    clear,
    crop,
    view,
    isEmpty,
    aim,
    placement: () => content && ofPixels(content.placement, content.reduction),
    place: (placement) => {
      const { reduction } = content ?? { reduction: 1 };
      takeMarksBack();
      put(() => ofPixels(placement, 1 / reduction));
    },
  };
}
