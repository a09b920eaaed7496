/** Draws a game: the plane, the captions, the measures and the curves. */

import { allParts, part } from "../../../page/components/dom.js";
import { showCaptions, tableLine } from "../controls.js";
import { drawCurves } from "../drawing/curves.js";
import { unpacked } from "../drawing/geometry.js";
import { Plane } from "../drawing/plane.js";
import { curvesOf, hasValue, measuresOf, roundsText } from "./rounds.js";

const LONGEST_ARROW = 40; // px
const BOUND = { value: -Math.log(4), label: "−log 4" }; // of the value, which it reaches where G draws as the data are

/** @param {number} pull on a generated point */
const arrowOf = (pull) => Math.min(LONGEST_ARROW, 4 + 16 * Math.log1p(pull));

/**
 * @param {HTMLElement} panel
 * @param {HTMLElement} element whose data say what is shown
 */
export function gameView(panel, element) {
  const canvas = part(panel, ".game-plane", HTMLCanvasElement);
  const boxes = allParts(panel, "[data-layer]", HTMLInputElement);

  /** @param {string} name of what may be drawn */
  const isWanted = (name) => boxes.some(({ checked, dataset }) => checked && dataset.layer === name);

  /**
   * @param {any} game as the server opened it
   * @param {any} frame
   * @param {import("./rounds.js").Numbers[]} moments
   */
  function draw(game, frame, moments) {
    if (!frame || !canvas.clientWidth) return;
    drawPlane(game, frame);
    part(panel, ".game-rounds").textContent = roundsText(frame.rounds);
    showCaptions(part(panel, ".game-captions"), frame.captions);
    if (!frame.lost) drawNumbers(game, frame, moments);
  }

  /**
   * @param {any} game
   * @param {any} frame
   */
  function drawPlane(game, frame) {
    const plane = new Plane(canvas);
    const [real, made] = [plane.colour("real"), plane.colour("made")];
    if (!frame.lost) drawPlayers(plane, frame, made);
    plane.circles(unpacked(game.points), real);
    if (isWanted("mixture")) drawMixture(plane, game.mixture);
    if (frame.lost) return;
    const fake = unpacked(frame.fake);
    plane.diamonds(fake, made);
    if (!isWanted("arrows")) return;
    const pulls = unpacked(frame.arrows);
    plane.arrows(fake.slice(0, pulls.length), pulls, plane.colour("ink"), arrowOf);
  }

  /**
   * What lies below the points.
   *
   * @param {Plane} plane
   * @param {any} frame
   * @param {string} made colour of what G makes
   */
  function drawPlayers(plane, frame, made) {
    if (isWanted("surface")) {
      plane.ground(frame.surface, plane.colour("made-soft"), plane.colour("real-soft"));
    }
    if (!isWanted("grid")) return;
    for (const curve of frame.grid) plane.path(unpacked(curve), made, { opacity: 0.6 });
  }

  /**
   * @param {any} game
   * @param {any} frame
   * @param {import("./rounds.js").Numbers[]} moments
   */
  function drawNumbers({ modes, mixture, settings }, { numbers, rounds }, moments) {
    const lines = measuresOf(numbers, modes, mixture).map(([name, ...figures]) => tableLine([name], figures));
    part(panel, ".game-table tbody").replaceChildren(...lines);
    const probability = hasValue(settings.loss);
    part(panel, ".game-value").hidden = !probability;
    drawCurves(part(panel, ".game-chart", HTMLCanvasElement), curvesOf(moments, settings.loss), {
      limits: probability ? [BOUND] : [],
    });
    element.dataset.rounds = rounds;
    element.dataset.modes = numbers.modes ?? "";
  }

  return { draw, boxes };
}

/**
 * @param {Plane} plane
 * @param {{ ellipses: [number, number, number][], means: import("../drawing/geometry.js").Point[] }} mixture
 */
function drawMixture(plane, { ellipses, means }) {
  const shade = plane.colour("third");
  ellipses.forEach((shape, k) => {
    plane.gaussian(shape, means[k], shade, 1.6);
  });
}
