/** A square frame in which a visitor fits a face: by hand, or by marks put on the eyes and the mouth. */

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
  expectedAt,
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
 * Makes a frame work: drag, pinch, wheel, sliders, keys, and marks for the eyes and the mouth. Once both eyes are
 * marked, the picture is moved so that they are where the network expects them. If the mouth is marked, too, all three
 * come as near as they can: by its eyes alone, a turned face becomes too large.
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
  const marks = [0, 1, 2].map((place) => part(root, `.frame-mark[data-mark="${place}"]`)); // eyes, mouth
  /** @type {Content | null} */
  let content = null;
  /** Where the marks are on the picture, if they were moved. @type {(Point | null)[]} */
  let marked = [null, null, null];
  /** Where eyes and mouth have to be. */
  let expected = expectedAt(EYES);

  /** How many pictures were opened, so that a slow one does not come after a newer one. */
  let opened = 0;

  const isEmpty = () => content === null;

  /** @param {number} place */
  function markAt(place) {
    const point = marked[place];
    return content && point ? toFrame(content.placement, point) : expected[place];
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
    marks.forEach((mark, place) => {
      const { x, y } = intoFrame(markAt(place));
      mark.style.left = `${(100 * x) / SIDE}%`;
      mark.style.top = `${(100 * y) / SIDE}%`;
      mark.classList.toggle("moved", marked[place] !== null);
    });
    const whole = scaleOf(middle(picture.width, picture.height));
    putSlider(zoom, toSlider(scaleOf(placement), scales(picture.width, picture.height)));
    putSlider(turn, angleOf(placement));
    zoom.ariaValueText = `${Math.round((100 * scaleOf(placement)) / whole)} %`;
    turn.ariaValueText = `${Math.round(angleOf(placement))}°`;
    root.dataset.placement = [placement.a, placement.b, placement.x, placement.y].map((n) => n.toFixed(4)).join(",");
  }

  function takeMarksBack() {
    marked = [null, null, null];
  }

  function reset() {
    if (!content) return;
    const { width, height } = content.picture;
    takeMarksBack();
    change(() => middle(width, height));
  }

  /** Frees the memory of what is no longer shown. @param {Content["picture"] | undefined} picture */
  function close(picture) {
    if (picture instanceof ImageBitmap) picture.close();
  }

  /** @param {Blob} file */
  async function open(file) {
    const mine = ++opened;
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
        if (mine === opened) say(notice || `This file is no picture that can be read; ${names} are accepted.`);
        return false;
      }
    }
    if (mine !== opened) {
      close(bitmap);
      return false;
    }
    if (Math.min(bitmap.width, bitmap.height) < LEAST_SIDE) {
      say(`The picture is ${bitmap.width} x ${bitmap.height} px; a face needs ${LEAST_SIDE} px or more.`);
      return false;
    }
    say("");
    const picture = reduced(bitmap, LARGEST_SIDE);
    const placement = middle(picture.width, picture.height);
    close(content?.picture);
    content = { picture, placement, reduction: picture.width / bitmap.width };
    if (picture !== bitmap) close(bitmap);
    frame.dataset.state = "filled";
    takeMarksBack();
    show(content);
    return true;
  }

  function clear() {
    opened++;
    close(content?.picture);
    content = null;
    frame.dataset.state = "empty";
  }

  /** @param {Point[]} eyes */
  function aim(eyes) {
    const before = expected;
    expected = expectedAt(eyes);
    const { a, b, x, y } = through(EYES, eyes);
    part(root, ".frame-guide g", SVGGElement).setAttribute("transform", `matrix(${[a, b, -b, a, x, y]})`);
    put((placement) => aimed(placement, before, expected));
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
    const eyes = [0, 1].map((eye) => toPicture(placement, markAt(eye)));
    const next = fitted(marked[2] ? [...eyes, marked[2]] : eyes, expected);
    if (!next) {
      say("The marks of the eyes are too near each other; put one on each eye.");
      return;
    }
    say("");
    change(() => next);
  }

  /**
   * @param {number} place
   * @param {Point} point of the frame
   */
  function putMark(place, point) {
    if (!content) return;
    marked[place] = toPicture(content.placement, intoFrame(point));
    show(content);
  }

  movePicture(canvas, { isEmpty, change });
  marks.forEach((mark, place) => {
    moveMark(mark, {
      view: canvas,
      at: () => markAt(place),
      put: (point) => putMark(place, point),
      released: () => {
        if (marked[0] && marked[1]) fit();
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
