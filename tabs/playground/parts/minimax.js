/** The part "Minimax by hand": where two players go, by four ways to step. */

import { allParts, part, UNREACHABLE } from "../../../page/components/dom.js";
import { latest } from "../../../page/components/latest.js";
import { announce } from "../../../page/speech.js";
import { colourBar, fillList, showPosition, tableLine } from "../controls.js";
import { drawCurves } from "../drawing/curves.js";
import { pointAt, unpacked } from "../drawing/geometry.js";
import { Plane } from "../drawing/plane.js";
import { overSteps } from "../drawing/scale.js";
import { player } from "../player.js";
import { atMost, distanceText, SHADES, upTo, WAYS } from "./orbits.js";

const REST = 40; // ms between two steps
const ARROW = 13; // px
// biome-ignore format: each farther than any function is shown
const AXES = /** @type {Point[][]} */ ([[[-99, 0], [99, 0]], [[0, -99], [0, 99]]]);

/** @typedef {import("../drawing/geometry.js").Point} Point */
/** @typedef {import("./orbits.js").Way} Way */

/**
 * @param {HTMLElement} panel
 * @param {import("../board.js").Board} board
 * @returns {import("../board.js").Part}
 */
export function minimax(panel, board) {
  const canvas = part(panel, ".mini-plane", HTMLCanvasElement);
  const list = part(panel, ".mini-function", HTMLSelectElement);
  const [rate, steps, startX, startY] = [".mini-rate", ".mini-steps", ".mini-x", ".mini-y"].map((name) =>
    part(panel, name, HTMLInputElement),
  );
  part(panel, ".mini-ways").append(...WAYS.map(wayBox));
  const boxes = allParts(panel, ".mini-ways input", HTMLInputElement);
  /** @type {any} */
  let shown = null; // the server's answer
  /** @type {number | null} */
  let at = null; // the step that is played; null: all are shown

  const chosen = () => ({
    function: list.value || "product",
    rate: Number(rate.value),
    steps: Number(steps.value),
    x: startX.value,
    y: startY.value,
  });

  function draw() {
    if (!shown || !canvas.clientWidth) return;
    const plane = new Plane(canvas, shown.extent);
    const [line, ink] = [plane.colour("line"), plane.colour("ink")];
    for (const axis of AXES) plane.path(axis, line);
    plane.arrows(unpacked(shown.places), unpacked(shown.field), line, () => ARROW);
    for (const { checked, dataset } of boxes) if (checked) drawOrbit(plane, /** @type {Way} */ (dataset.way));
    plane.ring(shown.start, ink, { radius: 7, width: 2 });
    plane.cross(shown.solution, ink, { radius: 6, width: 2 });
    drawDistances();
  }

  /**
   * @param {Plane} plane
   * @param {Way} way
   */
  function drawOrbit(plane, way) {
    const places = upTo(unpacked(shown.orbits[way]), at);
    const shade = plane.colour(SHADES[way]);
    plane.path(places, shade, { width: 2 });
    plane.circles(places, shade, { radius: 2, opacity: 0.8 });
    plane.circles(places.slice(-1), shade, { radius: 6, opacity: 1 });
  }

  function drawDistances() {
    const lines = WAYS.map((way) => {
      const distance = upTo(/** @type {number[]} */ (shown.distances[way]), at).at(-1) ?? 0;
      return tableLine([colourBar(SHADES[way]), shown.ways[way]], [distanceText(distance)]);
    });
    part(panel, ".mini-table tbody").replaceChildren(...lines);
    const curves = WAYS.map((way) => ({
      shade: SHADES[way],
      points: overSteps(atMost(shown.distances[way], 2 * shown.extent)),
    }));
    drawCurves(part(panel, ".mini-chart", HTMLCanvasElement), curves, { unit: "steps", low: 0, mark: at });
  }

  const update = latest({
    // each answer is drawn, so that the orbits follow a slider that is being dragged
    ask: async () => show(await board.ask("orbits", chosen())),
    show() {},
    failed: () => board.say(UNREACHABLE),
  });

  /** @param {any} answer of the server's `orbits` */
  function show(answer) {
    if (!answer?.orbits) return;
    shown = answer;
    at = null;
    fillList(list, answer.functions, list.value || answer.function);
    part(panel, ".mini-lesson").textContent = answer.lesson;
    board.element.dataset.orbits = answer.link;
    draw();
    board.share(answer.link, { part: "minimax", python: answer.python });
    announce(answer.lesson);
  }

  function ask() {
    for (const slider of [rate, steps]) showPosition(slider, slider.value);
    update();
  }

  const played = player(part(panel, ".mini-play"), {
    rest: REST,
    begin() {
      if (shown && (at === null || at >= chosen().steps)) at = 0;
    },
    more: () => board.shows("minimax") && at !== null && at < chosen().steps,
    step() {
      at = (at ?? 0) + 1;
      draw();
    },
  });

  part(panel, ".mini-ways").addEventListener("change", draw);
  canvas.addEventListener("click", (event) => {
    if (!shown) return;
    const [x, y] = pointAt(event, canvas.getBoundingClientRect(), shown.extent);
    startX.value = x.toFixed(2);
    startY.value = y.toFixed(2);
    ask();
  });
  for (const slider of [rate, steps]) slider.addEventListener("input", ask);
  for (const field of [list, startX, startY]) field.addEventListener("change", ask);

  return {
    open(fields) {
      if (fields.function) fillList(list, [[fields.function, fields.function]], fields.function);
      rate.value = fields.rate ?? rate.value;
      steps.value = fields.steps ?? steps.value;
      startX.value = fields.x ?? startX.value;
      startY.value = fields.y ?? startY.value;
      ask();
    },
    close: played.stop,
    draw,
  };
}

/**
 * A box that shows or hides the orbit of a way.
 *
 * @param {Way} way
 */
function wayBox(way) {
  const label = document.createElement("label");
  label.className = "pg-check";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "box";
  box.dataset.way = way;
  box.defaultChecked = true;
  const name = document.createElement("span");
  name.append(colourBar(SHADES[way]), way[0].toUpperCase() + way.slice(1));
  label.append(box, name);
  return label;
}
