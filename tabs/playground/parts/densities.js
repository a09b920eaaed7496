/** The part "Densities": a mixture of Gaussians, fitted step by step. */

import { part } from "../../../page/components/dom.js";
import { announce } from "../../../page/speech.js";
import { fillList, showCaptions, showPosition, wordsOf } from "../controls.js";
import { channelsOf, mixedColour } from "../drawing/colours.js";
import { drawCurves } from "../drawing/curves.js";
import { unpacked } from "../drawing/geometry.js";
import { Plane } from "../drawing/plane.js";
import { overSteps } from "../drawing/scale.js";
import { anySeed, bytes } from "../numbers.js";
import { player } from "../player.js";
import { barsOf, showBars } from "./criterion.js";
import { faces } from "./faces.js";

// biome-ignore format: of the Gaussians, as many as there may be
const SHADES = [
  "#2f6fb3", "#c8540a", "#3d7a4e", "#8a4a9e", "#b8902a", "#16807f", "#b33b5e", "#6d6a1f", "#4a56a8", "#8c5a3a", "#5f8d2e",
  "#7a4660",
];
const CHANNELS = SHADES.map(channelsOf);
const REST = 160; // ms between two steps
const FIRST_STEP = 4; // at which the part opens, so that one sees what a fit is

/**
 * @param {HTMLElement} panel
 * @param {import("../board.js").Board} board
 * @returns {import("../board.js").Part}
 */
export function densities(panel, board) {
  const canvas = part(panel, ".em-plane", HTMLCanvasElement);
  const count = part(panel, ".em-count", HTMLInputElement);
  const seed = part(panel, ".em-seed", HTMLInputElement);
  const sample = part(panel, ".em-sample", HTMLInputElement);
  const list = part(panel, ".em-data", HTMLSelectElement);
  const stepBack = part(panel, ".em-back", HTMLButtonElement);
  const stepOn = part(panel, ".em-step", HTMLButtonElement);
  const pictures = faces(part(panel, ".em-pictures"), board);
  /** @type {any} */
  let fit = null; // the server's answer, and the criteria of its points once they are known
  let data = "ring";
  let asked = 0;

  function draw() {
    if (!fit || !canvas.clientWidth) return;
    const plane = new Plane(canvas);
    const shares = bytes(fit.responsibilities);
    const gaussians = fit.means.length;
    /** @param {number} index of a point */
    const shade = (index) => mixedColour(shares.subarray(index * gaussians, (index + 1) * gaussians), CHANNELS);
    plane.circles(unpacked(fit.points), shade, { radius: 2.6, opacity: 0.8 });
    if (fit.sample) plane.diamonds(unpacked(fit.sample), plane.colour("ink"), 3);
    for (let k = 0; k < gaussians; k++) {
      plane.gaussian(fit.ellipses[k], fit.means[k], SHADES[k], 1 + 6 * fit.weights[k]);
    }
    showCaptions(part(panel, ".em-captions"), fit.captions);
    const curve = { shade: "third", points: overSteps(fit.likelihoods) };
    drawCurves(part(panel, ".em-chart", HTMLCanvasElement), [curve], { unit: "steps" });
    stepBack.disabled = fit.step === 0;
    stepOn.disabled = fit.ended;
    board.element.dataset.step = fit.step;
    board.element.dataset.likelihood = fit.likelihoods.at(-1);
  }

  /**
   * @param {number} step
   * @returns {Promise<boolean>} whether the server answered, and nothing else was asked meanwhile
   */
  async function show(step) {
    const mine = ++asked;
    const wanted = { data, components: Number(count.value), seed: seed.value, step, sample: sample.checked };
    const answer = await board.ask("mixture", wanted);
    if (mine !== asked || !answer?.means) return false;
    fit = { criteria: answer.data === fit?.data ? fit.criteria : null, ...answer };
    data = answer.data;
    fillList(list, [...answer.datasets, ["", "your own points …"]], answer.data);
    showPosition(count, answer.means.length);
    draw();
    board.share(answer.link, { part: "densities", python: answer.python });
    announce(`After ${fit.step} steps: ${wordsOf(fit.captions)}`);
    await showCriteria();
    return true;
  }

  async function showCriteria() {
    if (!fit.criteria) {
      const answer = await board.ask("criteria", { data });
      if (answer?.criteria && fit.data === answer.data) fit.criteria = answer.criteria;
    }
    if (!fit.criteria) return;
    const bars = barsOf(fit.criteria);
    showBars(part(panel, ".em-bars"), bars, fit.means.length, (wanted) => {
      count.value = String(wanted);
      restart();
    });
    board.element.dataset.best = String(bars.findIndex(({ best }) => best) + 1);
  }

  const played = player(part(panel, ".em-play"), {
    rest: REST,
    async begin() {
      if (fit?.ended) await show(0);
    },
    more: () => fit && board.shows("densities") && !fit.ended,
    step: () => show(fit.step + 1),
  });

  /** @param {number} step chosen by the visitor */
  function choose(step) {
    played.stop();
    show(step);
  }
  const restart = () => choose(0);

  stepOn.addEventListener("click", () => fit && choose(fit.step + 1));
  stepBack.addEventListener("click", () => fit && choose(Math.max(0, fit.step - 1)));
  part(panel, ".em-restart").addEventListener("click", restart);
  count.addEventListener("input", restart);
  seed.addEventListener("change", () => seed.value !== "" && restart());
  part(panel, ".em-dice").addEventListener("click", () => {
    seed.value = String(anySeed());
    restart();
  });
  sample.addEventListener("change", () => fit && show(fit.step));
  list.addEventListener("change", () => {
    /** @param {string} chosen */
    const take = (chosen) => {
      data = chosen;
      restart();
    };
    if (list.value) {
      take(list.value);
      return;
    }
    list.value = data;
    board.askForPoints(take);
  });

  return {
    open(fields) {
      data = fields.data || data;
      count.value = fields.components || count.value;
      seed.value = fields.seed ?? seed.value;
      if (fit && !Object.keys(fields).length) {
        show(fit.step);
        return;
      }
      choose(fields.step === undefined ? FIRST_STEP : Number(fields.step));
      pictures.open();
    },
    close: played.stop,
    draw,
  };
}
