/** What all parts of the playground use of the page: the server, the notice, the address. */

import { part } from "../../page/components/dom.js";
import { foldOutsBelow } from "../../page/components/foldouts.js";
import { noticeIn } from "../../page/components/notice.js";
import { remember } from "../../page/history.js";
import { ownPoints } from "./own.js";

const REST = 400; // ms without a change after which the fold-outs follow

/** @typedef {{ part: string, python?: string, model?: string }} Shared what the fold-outs of a part show */

/**
 * A part of the playground.
 *
 * @typedef {object} Part
 * @property {(fields: Record<string, string>) => void} open shows it, as an address says
 * @property {() => void} close nothing of it goes on by itself
 * @property {() => void} draw what it shows, once more
 */

/** @typedef {ReturnType<typeof boardOf>} Board */

/**
 * @param {HTMLElement} element of the tab
 * @param {import("../../page/components/dom.js").Gradio} gradio
 */
export function boardOf(element, { server, trigger, props }) {
  const say = noticeIn(part(element, ".pg-notice"));
  const follow = foldOutsBelow(element, trigger);
  let timer = 0;
  const board = {
    element,
    say,
    server,
    /** Whether the host lets browsers compute what they can. */
    browser: Boolean(props.browser),
    /** The part that is open. */
    part: "",
    askForPoints: ownPoints(part(element, ".pg-own", HTMLDialogElement), server),

    /** Whether somebody sees the tab. */
    isShown: () => element.offsetParent !== null && !document.hidden,

    /**
     * Whether somebody sees a part.
     *
     * @param {string} name
     */
    shows: (name) => board.part === name && board.isShown(),

    /**
     * The server's answer; null if there is none. What it complains about is shown.
     *
     * @param {string} name of the server's function
     * @param {object} fields
     */
    async ask(name, fields) {
      const answer = await server[name](fields);
      const trouble = answer.notice || answer.trouble;
      say(trouble);
      const nothingElse = answer.unanswered || (trouble && Object.keys(answer).length === 1);
      return nothingElse ? null : answer;
    },

    /**
     * Puts what is shown into the address and the fold-outs.
     *
     * @param {string} query of the permalink
     * @param {Shared} shared
     */
    share(query, shared) {
      if (shared.part !== board.part) return; // an answer that came when its part had been left already
      element.dataset.link = query;
      remember("playground", query, false);
      clearTimeout(timer);
      timer = setTimeout(() => follow({ query, ...shared }), REST);
    },
  };
  return board;
}
