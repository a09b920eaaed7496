/**
 * Where a game trains: in the visitor's browser, so that a whole class can train at once, and on the server where a
 * browser cannot. Both ways answer alike.
 */

import { Companion } from "../browser/companion.js";
import { bytes, textOf } from "../numbers.js";

/**
 * A way to train. Answers are null where there is none: what was wrong has been said by then. Where a worker fails, they
 * are rejected.
 *
 * @typedef {object} Training
 * @property {(wanted: object) => Promise<any>} open a new game, see `game_read` in tabs/playground/arena.py; with its
 *   first "frame"
 * @property {(wanted: { rounds: number, part?: string, until?: number | null }) => Promise<any>} play a frame, or the
 *   place in "line"
 * @property {() => void} pause
 * @property {(settings: object) => Promise<any>} tune
 * @property {(kind: string) => Promise<any>} file
 */

/** @typedef {import("../board.js").Board} Board */

/**
 * The server's frames, with the surface as numbers.
 *
 * @param {any} frame
 */
const readFrame = (frame) => (frame?.surface ? { ...frame, surface: bytes(frame.surface) } : frame);

/**
 * @param {Board} board
 * @param {string} token under which the server keeps the game
 * @returns {Training}
 */
export function onServer(board, token) {
  return {
    async open(wanted) {
      const answer = await board.ask("game_open", { token, ...wanted });
      return answer?.frame ? { ...answer, frame: readFrame(answer.frame) } : answer;
    },
    play: async (wanted) => readFrame(await board.ask("game_play", { token, ...wanted })),
    pause: () => board.server.game_pause({ token }).catch(() => {}),
    tune: (settings) => board.ask("game_tune", { token, ...settings }),
    file: (kind) => board.ask("game_file", { token, kind }),
  };
}

/**
 * @param {Board} board
 * @param {Companion} companion the worker
 * @returns {Training}
 */
export function inBrowser(board, companion) {
  let data = "";
  let opening = 0;
  return {
    async open(wanted) {
      const mine = ++opening;
      const answer = await board.ask("game_read", wanted);
      if (mine !== opening || !answer?.settings) return null; // another game was opened meanwhile, or there is none
      const { own, ...game } = answer;
      data = game.data;
      const points = own && new Float64Array(bytes(own).buffer);
      return { ...game, frame: await companion.ask("open", { data, settings: game.settings, own: points }) };
    },
    play: (wanted) => companion.ask("play", wanted),
    pause() {},
    async tune(settings) {
      const answer = await board.ask("game_describe", settings);
      if (answer?.settings) await companion.ask("tune", answer.settings);
      return answer;
    },
    async file(kind) {
      if (kind === "csv") return tableFile(await companion.ask("rows"));
      /** @type {import("../browser/session.js").Moment[]} */
      const moments = await companion.ask("moments");
      const sent = moments.map((moment) => ({ ...moment, surface: textOf(moment.surface) }));
      return board.ask("game_film", { data, moments: sent });
    },
  };
}

/**
 * The best place that there is for a game.
 *
 * @param {Board} board
 * @param {Training} server
 * @returns {Training}
 */
export function bestPlace(board, server) {
  if (!board.browser) return server;
  try {
    const thread = new Worker(new URL("../browser/worker.js", import.meta.url), { type: "module" });
    return inBrowser(board, new Companion(thread));
  } catch {
    return server; // a browser without workers, or one that allows none here
  }
}

/**
 * All numbers of a game as a file, as `game_file` in tabs/playground/arena.py writes it.
 *
 * @param {Record<string, number>[]} rows
 */
export function tableFile(rows) {
  const lines = [Object.keys(rows[0] ?? { rounds: 0 }), ...rows.map((row) => Object.values(row))];
  const text = lines.map((line) => `${line.join(",")}\r\n`).join("");
  return { name: "latent-lab_game.csv", content: `data:text/csv;base64,${btoa(text)}` };
}
