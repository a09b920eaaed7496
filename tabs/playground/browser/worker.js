/** The thread in which a visitor's game trains, so that the page stays quick. It answers messages one by one. */

import { Session } from "./session.js";

/** @type {Session | null} */
let session = null;

/** A word for who listens: this thread is busy, not dead. */
const alive = () => postMessage({});

/** @type {Record<string, (fields: any) => unknown>} */
const answers = {
  open(wanted) {
    session = new Session(wanted, alive);
    return session.show();
  },
  play: (wanted) => session?.play(wanted),
  tune: (settings) => session?.tune(settings),
  rows: () => session?.rows,
  moments: () => session?.moments,
};

addEventListener("message", ({ data: { number, name, fields } }) => {
  postMessage({ number, answer: answers[name](fields) });
});
