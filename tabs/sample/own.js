/** A generator of others in place of ours: its name on the Hub, or its file. */

import { part } from "../../page/components/dom.js";
import { noticeIn } from "../../page/components/notice.js";
import { ownNetworkIn } from "../../page/components/own-network.js";
import { progressIn } from "../../page/components/work.js";

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio
 */
export function mount(element, { server, trigger }) {
  ownNetworkIn(element, {
    server,
    say: noticeIn(part(element, ".notice")),
    progress: progressIn(part(element, ".own-busy")),
    change: async (model) => trigger("input", { model }), // the stage says what is wrong with it
  });
}
