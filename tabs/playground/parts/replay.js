/** The part "Training replay": what a network drew at moments of its training. */

import { brushOf, loadImage, part } from "../../../page/components/dom.js";
import { announce } from "../../../page/speech.js";
import { colourBar, fillList, showPosition } from "../controls.js";
import { drawCurves } from "../drawing/curves.js";
import { counted } from "../numbers.js";
import { player } from "../player.js";

const SHADES = ["real", "made", "third", "fourth"]; // of the curves
const REST = 350; // ms between two frames

/**
 * @param {HTMLElement} panel
 * @param {import("../board.js").Board} board
 * @returns {import("../board.js").Part}
 */
export function replay(panel, board) {
  const canvas = part(panel, ".replay-picture", HTMLCanvasElement);
  const list = part(panel, ".replay-model", HTMLSelectElement);
  const slider = part(panel, ".replay-frame", HTMLInputElement);
  const time = part(panel, ".replay-time");
  /** @type {any} */
  let film = null; // the server's answer
  /** @type {HTMLImageElement | null} */
  let strip = null; // all frames, one below the other
  let at = 0; // the frame
  let asked = 0;

  const last = () => film.frames.length - 1;

  function draw() {
    if (!film || !strip) return;
    drawFrame(strip);
    const images = film.frames[at];
    const rest = document.createElement("small");
    rest.textContent = `${film.unit}, of ${counted(film.frames[last()])}`;
    time.replaceChildren(`${counted(images)} `, rest);
    slider.max = String(last());
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", `${counted(images)} ${film.unit}`);
    showPosition(slider, `${at + 1} of ${film.frames.length}`);
    drawLosses(images);
    board.element.dataset.frame = String(at);
  }

  /** @param {HTMLImageElement} frames one below the other */
  function drawFrame(frames) {
    const width = frames.naturalWidth;
    const height = frames.naturalHeight / film.frames.length;
    canvas.classList.toggle("crisp", film.crisp);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    brushOf(canvas).drawImage(frames, 0, at * height, width, height, 0, 0, width, height);
  }

  /** @param {number} images of the training so far */
  function drawLosses(images) {
    const names = Object.keys(film.curves);
    const curves = names.map((name, k) => ({ shade: SHADES[k], points: film.curves[name] }));
    drawCurves(part(panel, ".replay-chart", HTMLCanvasElement), curves, { unit: film.unit, mark: images });
    part(panel, ".replay-legend").replaceChildren(
      ...names.map((name, k) => legend(name.replaceAll("_", " "), SHADES[k])),
    );
  }

  /**
   * @param {string} model
   * @param {number | null} frame null: the last
   */
  async function openFilm(model, frame = null) {
    played.stop();
    const mine = ++asked;
    const answer = await board.ask("replay", { model });
    if (mine !== asked || !answer?.frames) return;
    const picture = await loadImage(answer.strip);
    if (mine !== asked) return;
    film = answer;
    strip = picture;
    at = Math.min(Math.max(0, frame ?? last()), last());
    fillList(list, film.models, film.model);
    part(panel, ".replay-note").textContent = film.note;
    part(panel, ".replay-lesson").textContent = film.lesson;
    show();
  }

  function share() {
    board.share(`tab=playground&part=replay&model=${film.model}&frame=${at}`, { part: "replay", model: film.model });
    announce(time.textContent ?? "");
  }

  function show() {
    draw();
    share();
  }

  const played = player(part(panel, ".replay-play"), {
    rest: REST,
    begin() {
      if (film && at === last()) at = -1; // once more, from the first
    },
    more: () => film && board.shows("replay") && at < last(),
    step() {
      at++;
      draw();
    },
    ended() {
      if (film) share();
    },
  });

  list.addEventListener("change", () => openFilm(list.value));
  slider.addEventListener("input", () => {
    played.stop();
    at = Number(slider.value);
    show();
  });

  return {
    open(fields) {
      if (film && !Object.keys(fields).length) show();
      else openFilm(fields.model || "", fields.frame === undefined ? null : Number(fields.frame));
    },
    close: played.stop,
    draw,
  };
}

/**
 * A line of the legend.
 *
 * @param {string} name
 * @param {string} shade
 */
function legend(name, shade) {
  const line = document.createElement("span");
  line.append(colourBar(shade, "bar"), name);
  return line;
}
