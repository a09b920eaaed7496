/** The verdict in words, and the visitor's score and figures. */

import { drawChart } from "../../page/components/chart.js";
import { part } from "../../page/components/dom.js";
import { calibrationOf, curveOf } from "./charts.js";

/** @typedef {{ author: string, licence: string, url: string }} Credit */

/**
 * @typedef {object} Standing as `tabs.quiz.game.standing` has it
 * @property {number} rounds
 * @property {string} you
 * @property {string} you_share
 * @property {string} [discriminator] this and the next two are there if a discriminator played all rounds
 * @property {string} [discriminator_share]
 * @property {string} [ahead]
 * @property {string} streak
 * @property {string} wait when further figures follow; empty if they are there
 * @property {{ name: string, value: string, meaning: string }[]} figures
 * @property {import("./charts.js").Calibration[]} calibration
 * @property {number[]} curve
 */

/**
 * @param {HTMLElement} line
 * @param {Credit | null} credit of the photograph, where there is somebody to thank
 */
export function showCredit(line, credit) {
  line.hidden = !credit;
  if (!credit) return;
  const [what, author, licence] = ["Photograph", credit.author, credit.licence].map((text) => made("span", text));
  author.lang = "en"; // a name
  author.translate = false;
  const link = document.createElement("a");
  Object.assign(link, { href: credit.url, target: "_blank", rel: "noopener", textContent: "Who it shows" });
  line.replaceChildren(what, ": ", author, ". ", licence, ". ", link);
}

/**
 * @param {HTMLElement} element of the stage
 * @param {Standing | null | undefined} standing none before the first answer
 */
export function showStanding(element, standing) {
  part(element, ".board").hidden = part(element, ".yours").hidden = !standing;
  if (!standing) return;
  const texts = {
    ".score-you b": standing.you,
    ".score-you small": standing.you_share,
    ".score-network b": standing.discriminator,
    ".score-network small": standing.discriminator_share,
    ".lead b": standing.ahead,
    ".lead small": standing.streak,
    ".wait": standing.wait,
  };
  for (const [selector, text] of Object.entries(texts)) part(element, selector).textContent = text ?? "";
  part(element, ".score-network").hidden = !standing.discriminator;
  part(element, ".lead b").hidden = !standing.ahead;
  part(element, ".wait").hidden = !standing.wait;
  const figures = standing.figures.map(({ name, value, meaning }) => {
    const group = document.createElement("div");
    group.append(made("dt", name), made("dd", value), made("small", meaning));
    return group;
  });
  part(element, "dl").replaceChildren(...figures);
  showChart(part(element, ".curve"), curveOf(standing.curve, standing.rounds));
  showChart(part(element, ".calibration"), calibrationOf(standing.calibration));
}

/**
 * @param {HTMLElement} box with a heading and a place for the chart
 * @param {import("./charts.js").Chart | null} chart
 */
function showChart(box, chart) {
  box.hidden = !chart;
  if (chart) part(box, "div").replaceChildren(drawChart(chart));
}

/**
 * @param {string} name of an element
 * @param {string} text
 */
function made(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
