/** A morph as a film: it plays forward and back, and can be stopped at any frame. */

import { still } from "../../page/appearance.js";
import { buttonOf, part } from "../../page/components/dom.js";
import { replaceParts } from "../../page/keyboard.js";
import { paint } from "./faces.js";
import { frameIn, nextFrame, pauseOf, stillsOf } from "./layout.js";

const BELOW = 190; // px, of what stands below the frame
const LOWEST = 256; // px

/**
 * @param {HTMLElement} box with frame, slider, button and strip; the film plays while it is not hidden
 * @returns {(shown: import("./faces.js").Shown) => void} shows a morph
 */
export function filmIn(box) {
  const frame = part(box, ".frame", HTMLCanvasElement);
  const position = part(box, ".position", HTMLInputElement);
  const play = part(box, ".play");
  /** @type {import("./faces.js").Shown | null} */
  let shown = null;
  let side = 0;
  let playing = !still;
  let direction = 1;
  let lastTurn = 0; // ms

  /** @param {boolean} go */
  function setPlaying(go) {
    playing = go;
    play.textContent = go ? "Pause" : "Play";
  }

  function showFrame() {
    if (!shown) return;
    const { count } = shown.answer;
    const at = Number(position.value);
    paint(frame, shown, at, side);
    position.style.setProperty("--range_progress", `${(100 * at) / (count - 1)}%`);
    frame.ariaLabel = `Frame ${at + 1} of ${count}`;
  }

  /** @param {number} at */
  function stopAt(at) {
    setPlaying(false);
    position.value = String(at);
    showFrame();
  }

  /** @param {number} time ms */
  function tick(time) {
    if (!box.isConnected) return;
    requestAnimationFrame(tick);
    if (!playing || box.hidden || !shown || time - lastTurn <= pauseOf(shown.answer.count)) return;
    lastTurn = time;
    const next = nextFrame({ position: Number(position.value), direction }, shown.answer.count);
    direction = next.direction;
    position.value = String(next.position);
    showFrame();
  }

  box.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (button === play) setPlaying(!playing);
    else if (button?.dataset.frame) stopAt(Number(button.dataset.frame));
  });
  position.addEventListener("input", (event) => {
    event.stopPropagation();
    stopAt(Number(position.value));
  });
  requestAnimationFrame(tick);

  return (next) => {
    shown = next;
    const { count, size } = next.answer;
    const above = box.getBoundingClientRect().top + scrollY;
    const height = Math.max(LOWEST, innerHeight - above - BELOW);
    const width = box.parentElement?.clientWidth ?? 0;
    side = frameIn({ size, ratio: devicePixelRatio, width, height });
    position.max = String(count - 1);
    if (Number(position.value) > count - 1) position.value = String(count - 1);
    replaceParts(
      part(box, ".strip"),
      stillsOf(count).map((at) => stillButton(next, at)),
    );
    showFrame();
    setPlaying(playing);
  };
}

/**
 * A frame to go to.
 *
 * @param {import("./faces.js").Shown} shown
 * @param {number} at
 */
function stillButton(shown, at) {
  const { count, size } = shown.answer;
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.frame = String(at);
  button.ariaLabel = `Go to frame ${at + 1} of ${count}`;
  const thumbnail = document.createElement("canvas");
  paint(thumbnail, shown, at, size);
  thumbnail.style.width = thumbnail.style.height = ""; // as wide as the strip has room
  button.append(thumbnail);
  return button;
}
