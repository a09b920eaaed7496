/** Pictures of a large network, which come one after the other from the line of work, and can be stopped. */

import { brushOf, buttonOf, loadImage, part } from "../../page/components/dom.js";
import { placeOn } from "../../page/components/sheet.js";
import { lineOfWork, progressIn } from "../../page/components/work.js";
import { linkOfFewer } from "./layout.js";

const QUICK = 400; // ms of work that shows nothing

/** @typedef {import("./faces.js").Answer} Answer */

/**
 * @param {HTMLElement} element with .wb-busy
 * @param {object} use
 * @param {Record<string, (fields: object) => Promise<any>>} use.server with `draw_slowly`, `follow` and `stop`
 * @param {(sentence?: string) => void} use.say
 * @param {(answer: Answer, sheet: HTMLCanvasElement) => void} use.preview shows what has come so far
 * @param {(answer: Answer, sheet: HTMLCanvasElement) => void} use.present shows what there is in the end
 */
export function slowDrawingIn(element, { server, say, preview, present }) {
  const work = lineOfWork({ server, delay: QUICK, show: progressIn(part(element, ".wb-busy")) });
  /** Ends the drawing and shows what has come. @type {(() => void) | null} */
  let finish = null;

  /** @param {Answer} answer without its sheet */
  async function draw(answer) {
    const sheet = document.createElement("canvas");
    const picks = answer.path.length;
    sheet.width = answer.columns * answer.size;
    sheet.height = Math.ceil((picks + answer.count) / answer.columns) * answer.size;
    let asked = 0;
    let drawn = 0;
    let ended = false;
    /** @type {Promise<void>} */
    let painted = Promise.resolve();

    /** @param {string} picture its address */
    function take(picture) {
      const index = asked++;
      painted = painted.then(async () => {
        const { left, top } = placeOn(index, answer.columns, answer.size);
        brushOf(sheet).drawImage(await loadImage(picture), left, top);
        drawn = index + 1;
        if (!ended && answer.mode === "gallery" && drawn > picks) preview(answer, sheet);
      });
    }

    /** What has come, in the end: of a morph all or nothing. */
    function end() {
      ended = true;
      finish = null;
      const count = drawn - picks;
      if (count === answer.count) present(answer, sheet);
      else if (count > 0 && answer.mode === "gallery") {
        present({ ...answer, count, link: linkOfFewer(answer.link, count) }, sheet);
      }
    }

    finish = end;
    const told = await work.run(() => server.draw_slowly({ link: answer.link }), take);
    await painted;
    if (!told || finish !== end) return; // stopped or overtaken
    end();
    if (told.notice || told.trouble) say(told.notice || told.trouble);
  }

  /** Ends the drawing for something that takes its place. */
  function stop() {
    finish = null;
    work.stop();
  }

  element.addEventListener("click", (event) => {
    if (!buttonOf(event)?.matches(".wb-stop")) return;
    const end = finish;
    stop();
    end?.();
    say("Stopped.");
  });
  addEventListener("pagehide", stop);
  return { draw, stop, run: work.run };
}
