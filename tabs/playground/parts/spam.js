/** The part "Spam filter": a filter learns, a spammer rewrites, in turn. */

import { allParts, part } from "../../../page/components/dom.js";
import { announce } from "../../../page/speech.js";
import { inLanguage } from "../../../page/translation.js";
import { showCaptions, wordsOf } from "../controls.js";
import { FONT } from "../drawing/canvas.js";
import { writingColourOf } from "../drawing/colours.js";
import { drawCurves } from "../drawing/curves.js";
import { unpacked } from "../drawing/geometry.js";
import { Plane } from "../drawing/plane.js";
import { overSteps } from "../drawing/scale.js";
import { bytes } from "../numbers.js";
import { player } from "../player.js";

const MOST_MOVES = 200; // that the server takes
const REST = 220; // ms between two moves

/**
 * @param {HTMLElement} panel
 * @param {import("../board.js").Board} board
 * @returns {import("../board.js").Part}
 */
export function spam(panel, board) {
  const canvas = part(panel, ".spam-plane", HTMLCanvasElement);
  const seedField = part(panel, ".spam-seed", HTMLInputElement);
  const back = part(panel, ".spam-back", HTMLButtonElement);
  let moves = "fsfsfsfsfs"; // f: the filter learned, s: the spammer rewrote
  let seed = "1";
  let asked = 0;
  /** @type {any} */
  let shown = null; // the server's answer

  function draw() {
    if (!shown || !canvas.clientWidth) return;
    const plane = new Plane(canvas);
    plane.ground(bytes(shown.surface), plane.colour("real-soft"), plane.colour("made-soft"));
    const messages = unpacked(shown.spam);
    unpacked(shown.first).forEach((first, index) => {
      // how far each has gone from what it said at first
      const [x, y] = messages[index];
      if (x !== first[0] || y !== first[1]) plane.path([first, messages[index]], plane.colour("line"));
    });
    plane.circles(unpacked(shown.honest), plane.colour("real"), { radius: 4, opacity: 0.9 });
    plane.diamonds(messages, plane.colour("made"), 5);
    nameAxes(plane, shown.features);
    showCaptions(part(panel, ".spam-captions"), shown.captions);
    const history = /** @type {Record<string, number>[]} */ (shown.history);
    const curves = [
      { shade: "made", points: overSteps(history.map((share) => share.spam_stopped)) },
      { shade: "real", points: overSteps(history.map((share) => share.honest_stopped)) },
    ];
    drawCurves(part(panel, ".spam-chart", HTMLCanvasElement), curves, { low: 0, high: 1, unit: "moves" });
  }

  /** @returns {Promise<boolean>} whether the server answered */
  async function show() {
    const mine = ++asked;
    const answer = await board.ask("spam", { seed, moves });
    if (!answer?.captions || mine !== asked) return false;
    shown = answer;
    board.element.dataset.moves = String(moves.length);
    seedField.value = seed;
    back.disabled = !moves;
    draw();
    board.share(answer.link, { part: "spam", python: answer.python });
    announce(`After ${moves.length} moves: ${wordsOf(answer.captions)}`);
    return true;
  }

  /** @param {string} next all moves */
  function play(next) {
    moves = next.slice(0, MOST_MOVES);
    return show();
  }

  const both = player(part(panel, ".spam-play"), {
    title: "Play both",
    rest: REST,
    more: () => board.shows("spam") && moves.length < MOST_MOVES,
    step: () => play(moves + (moves.endsWith("f") ? "s" : "f")),
  });

  /** @param {string} next all moves, chosen by the visitor */
  function choose(next) {
    both.stop();
    play(next);
  }

  for (const button of allParts(panel, ".spam-move")) {
    button.addEventListener("click", () => choose(moves + button.dataset.move));
  }
  back.addEventListener("click", () => choose(moves.slice(0, -1)));
  part(panel, ".spam-restart").addEventListener("click", () => choose(""));
  seedField.addEventListener("change", () => {
    if (seedField.value === "") return;
    seed = seedField.value;
    play("");
  });

  return {
    open(fields) {
      seed = fields.seed ?? seed;
      moves = fields.moves ?? moves;
      show();
    },
    close: both.stop,
    draw,
  };
}

/**
 * Writes what the axes of the plane mean.
 *
 * @param {Plane} plane
 * @param {string[]} names of the axis to the right and of the one upwards
 */
function nameAxes({ canvas, brush, side }, [across, up]) {
  brush.fillStyle = writingColourOf(canvas);
  brush.font = FONT;
  brush.textAlign = "center";
  brush.fillText(inLanguage(`${across} →`), side / 2, side - 8);
  brush.save();
  brush.translate(15, side / 2);
  brush.rotate(-Math.PI / 2);
  brush.fillText(inLanguage(`${up} →`), 0, 0);
  brush.restore();
}
