import {
  angleOf,
  changed,
  EYES,
  fitted,
  fromSlider,
  middle,
  moved,
  pinched,
  SIDE,
  scaleOf,
  scales,
  toFrame,
  toPicture,
  toSlider,
  within,
} from "./placement.js";

const LARGEST_SIDE = 1600; // px, of what is kept of a picture: more is not seen in the frame
const LEAST_SIDE = 32; // px, of a picture
const MARGIN = "#808080"; // where the frame reaches beyond the picture

/** A picture in halves until it is at most so large: averages, so that no pixel is left out.
 * @param {CanvasImageSource} source @param {number} width @param {number} height @param {number} most px */
function reduced(source, width, height, most) {
  let [canvas, w, h] = [source, width, height];
  while (Math.max(w, h) > most) {
    const factor = Math.max(0.5, most / Math.max(w, h));
    const next = document.createElement("canvas");
    next.width = Math.max(1, Math.round(w * factor));
    next.height = Math.max(1, Math.round(h * factor));
    const brush = next.getContext("2d");
    brush.imageSmoothingQuality = "high";
    brush.drawImage(canvas, 0, 0, next.width, next.height);
    [canvas, w, h] = [next, next.width, next.height];
  }
  return { source: canvas, width: w, height: h };
}

/** Draws the frame. @param {HTMLCanvasElement} canvas square @param {object} picture @param {object} placement */
function drawFrame(canvas, picture, placement) {
  const brush = canvas.getContext("2d"),
    unit = canvas.width / SIDE;
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.fillStyle = MARGIN;
  brush.fillRect(0, 0, canvas.width, canvas.height);
  const { a, b, x, y } = placement;
  brush.setTransform(a * unit, b * unit, -b * unit, a * unit, x * unit, y * unit);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture.source, 0, 0);
}

/**
 * Makes a frame work in which a visitor fits a face: drag, pinch, wheel, sliders, keys, and a mark for each eye. Once
 * both marks have been put on the eyes, the picture is moved so that the eyes are where the network expects them.
 *
 * @param {HTMLElement} root with the elements of frame.html
 * @param {{say: (sentence: string) => void}} use
 * @returns {{open: (file: Blob) => Promise<boolean>, crop: () => string, isEmpty: () => boolean}}
 *   open: shows a picture, or says why not; crop: what is in the frame, 128 x 128 px, as a data URI.
 */
export function mountFrame(root, { say }) {
  const [frame, view, canvas, zoom, turn] = [
    ".frame",
    ".frame-view",
    ".frame-picture",
    ".frame-zoom",
    ".frame-turn",
  ].map((name) => root.querySelector(name));
  const marks = [...root.querySelectorAll(".frame-eye")];
  let picture = null,
    placement = null;
  let eyes = [null, null]; // of the picture, where a mark has been moved
  let wasFitted = false;
  const fingers = new Map();

  const markAt = (eye) => (eyes[eye] ? toFrame(placement, eyes[eye]) : EYES[eye]);
  const place = (next) => {
    placement = within(next, picture.width, picture.height);
    show();
  };

  function show() {
    drawFrame(canvas, picture, placement);
    marks.forEach((mark, eye) => {
      const at = markAt(eye);
      mark.style.left = 100 * Math.min(Math.max(at.x / SIDE, 0), 1) + "%";
      mark.style.top = 100 * Math.min(Math.max(at.y / SIDE, 0), 1) + "%";
      mark.classList.toggle("moved", eyes[eye] !== null);
    });
    const range = scales(picture.width, picture.height);
    zoom.value = toSlider(scaleOf(placement), range);
    turn.value = angleOf(placement);
    for (const slider of [zoom, turn]) {
      const share = (slider.value - slider.min) / (slider.max - slider.min);
      slider.style.setProperty("--range_progress", 100 * share + "%");
    }
    zoom.ariaValueText = Math.round((100 * scaleOf(placement)) / scaleOf(middle(picture.width, picture.height))) + " %";
    turn.ariaValueText = Math.round(angleOf(placement)) + "°";
    root.dataset.placement = [placement.a, placement.b, placement.x, placement.y].map((n) => n.toFixed(4)).join(",");
  }

  function reset() {
    eyes = [null, null];
    wasFitted = false;
    place(middle(picture.width, picture.height));
  }

  async function open(file) {
    let bitmap;
    try {
      bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      say("This file is no picture that can be read; PNG, JPEG, WebP, GIF and BMP are accepted.");
      return false;
    }
    if (Math.min(bitmap.width, bitmap.height) < LEAST_SIDE) {
      say(`The picture is ${bitmap.width} x ${bitmap.height} px; a face needs ${LEAST_SIDE} px or more.`);
      return false;
    }
    say("");
    picture = reduced(bitmap, bitmap.width, bitmap.height, LARGEST_SIDE);
    frame.dataset.state = "filled";
    reset();
    return true;
  }

  function crop() {
    const large = document.createElement("canvas");
    large.width = large.height = 4 * SIDE;
    drawFrame(large, picture, placement);
    return reduced(large, large.width, large.height, SIDE).source.toDataURL("image/png");
  }

  function fit() {
    const points = [0, 1].map((eye) => toPicture(placement, markAt(eye)));
    const next = fitted(points);
    if (!next) {
      say("The two marks are too near each other; put one on each eye.");
      return;
    }
    say("");
    eyes = [null, null];
    wasFitted = true;
    place(next);
  }

  function markMoved(eye, point) {
    // to a point of the frame
    const kept = { x: Math.min(Math.max(point.x, 0), SIDE), y: Math.min(Math.max(point.y, 0), SIDE) };
    eyes[eye] = toPicture(placement, kept);
    show();
  }

  const pointOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * SIDE, y: ((event.clientY - box.top) / box.height) * SIDE };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!picture) return;
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, pointOf(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, pointOf(event));
    const after = [...fingers.values()];
    if (after.length === 1) place(moved(placement, after[0].x - before[0].x, after[0].y - before[0].y));
    else place(pinched(placement, before, after));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!picture) return;
      event.preventDefault();
      place(changed(placement, Math.exp(-event.deltaY / 500), 0, pointOf(event)));
    },
    { passive: false },
  );
  canvas.addEventListener("keydown", (event) => {
    if (!picture || event.ctrlKey || event.metaKey || event.altKey) return;
    const centre = { x: SIDE / 2, y: SIDE / 2 },
      step = event.shiftKey ? 8 : 1;
    const next = {
      ArrowLeft: () => moved(placement, -step, 0),
      ArrowRight: () => moved(placement, step, 0),
      ArrowUp: () => moved(placement, 0, -step),
      ArrowDown: () => moved(placement, 0, step),
      "+": () => changed(placement, 1.05, 0, centre),
      "=": () => changed(placement, 1.05, 0, centre),
      "-": () => changed(placement, 1 / 1.05, 0, centre),
      "[": () => changed(placement, 1, -1, centre),
      "]": () => changed(placement, 1, 1, centre),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    place(next());
  });

  marks.forEach((mark, eye) => {
    let offset = null;
    mark.addEventListener("pointerdown", (event) => {
      const at = markAt(eye),
        point = pointOf(event);
      offset = { x: at.x - point.x, y: at.y - point.y };
      mark.setPointerCapture(event.pointerId);
    });
    mark.addEventListener("pointermove", (event) => {
      if (!offset) return;
      const point = pointOf(event);
      markMoved(eye, { x: point.x + offset.x, y: point.y + offset.y });
    });
    mark.addEventListener("pointerup", () => {
      if (offset && eyes[eye] && (wasFitted || eyes[1 - eye])) fit();
      offset = null;
    });
    mark.addEventListener("pointercancel", () => {
      offset = null;
    });
    mark.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 8 : 1,
        at = markAt(eye);
      const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (by) markMoved(eye, { x: at.x + by[0], y: at.y + by[1] });
      else if (event.key === "Enter") fit();
      else return;
      event.preventDefault();
    });
  });

  zoom.addEventListener("input", (event) => {
    event.stopPropagation();
    const scale = fromSlider(+zoom.value, scales(picture.width, picture.height));
    place(changed(placement, scale / scaleOf(placement), 0, { x: SIDE / 2, y: SIDE / 2 }));
  });
  turn.addEventListener("input", (event) => {
    event.stopPropagation();
    place(changed(placement, 1, turn.value - angleOf(placement), { x: SIDE / 2, y: SIDE / 2 }));
  });
  root.querySelector(".frame-quarter").addEventListener("click", () => {
    place(changed(placement, 1, 90, { x: SIDE / 2, y: SIDE / 2 }));
  });
  root.querySelector(".frame-reset").addEventListener("click", reset);

  return { open, crop, view, isEmpty: () => picture === null };
}
