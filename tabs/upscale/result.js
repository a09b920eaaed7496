/** What a picture became: on the large picture, closely, on the map of what was invented, as a file. */

import { factorFor, showDecoded } from "../../page/components/compare.js";
import { part } from "../../page/components/dom.js";
import { figure } from "../../page/components/figure.js";
import { announce } from "../../page/speech.js";
import { lensIn } from "./lens.js";

const SMALL = 256; // px; pictures up to there are enlarged by a whole number
const ROOM = { below: 100, least: 260 }; // px
const LENS = 330; // px of width that the lens takes
const NARROW = 760; // px; a narrower stage has the lens below the picture

/**
 * @param {HTMLElement} element
 * @param {ReturnType<typeof import("../../page/components/workbench.js").workbenchIn>} bench
 */
export function resultIn(element, { comparison, warn, room }) {
  const { box, before, after, resize } = comparison;
  const lens = lensIn(element, box);
  const line = part(element, ".wb-line");
  /** The server's answer. @type {any} */
  let shown = null;
  let name = "";
  let looked = 0; // at which of its results

  function fit() {
    const { width, height } = room(ROOM);
    const space = { width: width < NARROW ? width : width - LENS, height };
    resize(shown, factorFor(shown, space, { small: SMALL, least: 1, ratio: devicePixelRatio }));
  }

  /**
   * @param {any} answer of the server's `upscale_picture`
   * @param {string} what name of what was enlarged
   * @param {() => boolean} current whether it is still wanted
   * @returns {Promise<boolean>} whether it is shown
   */
  async function show(answer, what, current) {
    await Promise.all([showDecoded(before, answer.bicubic), showDecoded(after, answer.results[0].address)]);
    if (!current()) return false;
    shown = answer;
    name = what;
    warn(answer.remark);
    part(element, ".wb-download").hidden = false;
    fit();
    lens.show(answer);
    const maps = /** @type {any[]} */ (answer.results).map((result) =>
      figure(result.invented, `${result.title}: ${result.off} grey levels off on average`),
    );
    part(element, ".up-maps").replaceChildren(...maps);
    look(0);
    return true;
  }

  /**
   * Puts one of the results on the large picture.
   *
   * @param {number} index
   */
  function look(index) {
    looked = index;
    const { from, width, height, results } = shown;
    const { title, address, invents } = results[index];
    after.src = address;
    before.alt = `${name}, enlarged bicubically`;
    after.alt = `${name}, enlarged by ${title}`;
    part(element, ".wb-tag-after").textContent = invents ? `${title}, invents detail` : title;
    line.textContent = `${name}: ${from[0]} × ${from[1]} → ${width} × ${height}`;
    announce(`${line.textContent}, ${title}`);
    const displayed = Math.round((100 * box.clientWidth * devicePixelRatio) / width);
    const size = displayed === 100 ? "" : `Shown at ${displayed} %. `;
    const trust = invents
      ? "Detail is a plausible guess, not a fact."
      : "Faithful: soft where the picture does not tell.";
    part(element, ".wb-note").textContent = size + trust;
    for (const button of element.querySelectorAll("button[data-look]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-look") === String(index)));
    }
  }

  addEventListener("resize", () => {
    if (!shown || !element.clientWidth) return;
    fit();
    lens.update();
  });
  return { show, look, looked: () => shown.results[looked] };
}
