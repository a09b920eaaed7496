/**
 * A workbench: a stage for a visitor's own picture, before and after, and long work on it. The tabs "Translate" and
 * "Upscale" are workbenches.
 */

import { announce } from "../speech.js";
import { comparisonIn } from "./compare.js";
import { buttonOf, part } from "./dom.js";
import { noticeIn } from "./notice.js";
import { ownNetworkIn } from "./own-network.js";
import { sourceButtonsIn } from "./source-buttons.js";
import { lineOfWork, progressIn } from "./work.js";

const QUICK = 400; // ms of work that shows nothing

/**
 * @param {HTMLElement} element with the parts that the two tabs have in common
 * @param {object} use
 * @param {Record<string, (fields: object) => Promise<any>>} use.server with `follow`, `stop` and `adopt`
 * @param {(files: import("./source-buttons.js").Opened[]) => void} use.open takes files
 * @param {(address: string) => void} use.shot takes a photograph as a data URI
 * @param {(model: string) => Promise<void>} use.change takes another network
 */
export function workbenchIn(element, { server, open, shot, change }) {
  const say = noticeIn(part(element, ".wb-notice"));
  const warn = noticeIn(part(element, ".wb-warning"));
  const stage = part(element, ".wb-stage");
  const progress = progressIn(part(element, ".wb-busy"));
  const work = lineOfWork({
    server,
    delay: QUICK,
    show: (now) => {
      progress(now);
      if (now?.share === null) announce(now.text);
    },
  });
  let turns = 0;

  /**
   * @returns {() => boolean} whether nothing has been begun since
   */
  function watch() {
    const now = turns;
    return () => now === turns;
  }

  /** Ends what is going on, for something that takes its place. */
  function begin() {
    work.stop();
    turns++;
    return watch();
  }

  /**
   * Does long work. What goes wrong is said.
   *
   * @param {() => Promise<any>} start
   * @returns {Promise<any>} the server's answer; null if the work failed or something else was begun
   */
  async function run(start) {
    begin();
    const answer = await work.run(start);
    if (!answer) return null;
    const wrong = answer.notice || answer.trouble;
    say(wrong);
    return wrong ? null : answer;
  }

  /**
   * How much room there is for a picture.
   *
   * @param {object} use
   * @param {number} use.below px that what stands below the picture needs
   * @param {number} use.least px of height
   */
  function room({ below, least }) {
    const top = stage.getBoundingClientRect().top + scrollY;
    return { width: stage.clientWidth, height: Math.max(least, innerHeight - top - below) };
  }

  sourceButtonsIn(element, { drop: stage, open, shot, say });
  ownNetworkIn(element, { server, say, progress, change });
  element.addEventListener("click", (event) => {
    if (!buttonOf(event)?.matches(".wb-stop")) return;
    begin();
    say("Stopped.");
  });
  addEventListener("pagehide", work.stop);
  return { say, warn, begin, watch, run, room, comparison: comparisonIn(element) };
}
