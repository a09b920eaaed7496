/** Work that takes longer than a moment: started, followed with its progress and its place in the line, stopped. */

import { part, UNREACHABLE } from "./dom.js";

const ASK_EVERY = 350; // ms between two questions how far the work is
const MOST_UNANSWERED = 40; // of these one after the other: the server keeps the work for some seconds longer

/** @typedef {{ text: string, share: number | null }} Progress share: 0 to 1, null while nobody knows */

/**
 * How far work is, in words.
 *
 * @param {{ ahead: number, share: number, left: number | null }} answer of the server; ahead: pieces of work before it;
 *   left: s
 */
export function progressText({ ahead, share, left }) {
  if (ahead) return `${ahead} before you`;
  const done = Math.round(100 * share);
  return left === null ? `${done} %` : `${done} %, about ${Math.max(1, Math.round(left))} s left`;
}

/**
 * One line of work: what is started anew takes the place of what is going on.
 *
 * @param {object} use
 * @param {Record<string, (fields: object) => Promise<any>>} use.server with `follow` and `stop`
 * @param {(progress: Progress | null) => void} use.show shows the progress; null when nothing goes on
 * @param {number} [use.delay] ms of work that shows nothing, since it may be done by then
 * @returns {{ run: (start: () => Promise<any>, take?: (part: any) => void) => Promise<any>, stop: () => void }} run: the
 *   answer in the end, with a "notice" if there was none; null if it was overtaken or stopped. `take` is given each part
 *   of the result as soon as it is there
 */
export function lineOfWork({ server, show, delay = 0 }) {
  let newest = 0;
  /** @type {string | null} */
  let job = null;

  /** @param {string} name */
  const cancel = (name) => server.stop({ job: name }).catch(() => {});

  /**
   * How far the work is; asked again where the answer is lost on its way.
   *
   * @param {() => boolean} current whether anybody still wants to know
   */
  async function follow(current) {
    let answer;
    for (let lost = 0; lost < MOST_UNANSWERED && current(); lost++) {
      answer = await server.follow({ job });
      if (!answer.unanswered) break;
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
    return answer;
  }

  function stop() {
    newest++;
    if (job) cancel(job);
    job = null;
    show(null);
  }

  /**
   * @param {() => Promise<any>} start
   * @param {(part: any) => void} [take]
   */
  async function run(start, take) {
    stop();
    const mine = newest;
    const slow = setTimeout(() => {
      if (mine === newest) show({ text: "Working…", share: null });
    }, delay);
    let answer;
    try {
      answer = await start();
      clearTimeout(slow);
      while (answer.job) {
        if (mine !== newest) {
          cancel(answer.job);
          return null;
        }
        job = answer.job;
        for (const part of answer.parts ?? []) take?.(part);
        show({ text: progressText(answer), share: answer.share });
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
        if (mine !== newest) return null; // and `stop` has told the server
        answer = await follow(() => mine === newest);
      }
    } catch {
      answer = { notice: UNREACHABLE };
    } finally {
      clearTimeout(slow);
    }
    if (mine !== newest) return null;
    if (answer.unanswered && job) cancel(job);
    job = null;
    show(null);
    for (const part of answer.parts ?? []) take?.(part);
    return answer;
  }

  return { run, stop };
}

/**
 * Shows progress in an element that holds a paragraph and a <progress>; it is hidden while nothing goes on.
 *
 * @param {HTMLElement} box
 * @returns {(progress: Progress | null) => void}
 */
export function progressIn(box) {
  const bar = part(box, "progress", HTMLProgressElement);
  return (progress) => {
    box.hidden = progress === null;
    if (!progress) return;
    part(box, "p").textContent = progress.text;
    if (progress.share === null) bar.removeAttribute("value");
    else bar.value = progress.share;
  };
}
