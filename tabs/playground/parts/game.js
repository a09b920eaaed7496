/** The part "The game": a GAN in the plane that learns while one watches. */

import { still } from "../../../page/appearance.js";
import { allParts, part, write } from "../../../page/components/dom.js";
import { announce } from "../../../page/speech.js";
import { save, wordsOf } from "../controls.js";
import { pause } from "../player.js";
import { gameSettings } from "./game-settings.js";
import { gameView } from "./game-view.js";
import { linkOf, mayChangeMeanwhile, roundsAtOnce, roundsToPlay, withMoment } from "./rounds.js";
import { bestPlace, onServer } from "./training.js";

const PICTURE = 80; // ms between two pictures at the least, so that one can follow
const SINGLE = 250; // ms, where each shows a single round
const IN_LINE = 500; // ms between two questions whether a seat is free

/**
 * @param {HTMLElement} panel
 * @param {import("../board.js").Board} board
 * @returns {import("../board.js").Part}
 */
export function game(panel, board) {
  const token = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const server = onServer(board, token);
  /** @type {import("./training.js").Training | null} */
  let training = null; // where the game trains, from the first one on
  const playButton = part(panel, ".game-play");
  const speed = part(panel, ".game-speed", HTMLSelectElement);
  const view = gameView(panel, board.element);
  /** @type {any} */
  let opened = null; // settings, data, points, mixture, centres: as the server opened the game
  let opening = 0; // so that the answer to a game that was replaced meanwhile is dropped
  /** @type {any} */
  let frame = null;
  /** @type {import("./rounds.js").Numbers[]} */
  let moments = [];
  let playing = false;
  /** @type {Promise<void> | null} */
  let busy = null; // until the game rests
  let touched = false; // something was done that the link does not say
  let halts = 0; // times that the visitor paused or left the game
  let due = 0; // the round that the game reaches by itself while somebody sees it; 0: it is reached, or there is none

  const draw = () => view.draw(opened, frame, moments);
  const fields = () => ({ data: opened.data, ...opened.settings });
  const settings = gameSettings(panel, {
    change,
    begin: (preset) => open({ preset }),
    askForPoints: board.askForPoints,
  });

  /** @param {import("./training.js").Training} place */
  function trainAt(place) {
    training = place;
    write(part(panel, ".game-place"), place === server ? "Trains on the server" : "Trains in your browser");
    return place;
  }

  /**
   * The answer of where the game trains; undefined where that was the browser, and it failed. Then the server is next.
   *
   * @param {(place: import("./training.js").Training) => Promise<any>} question
   */
  async function ask(question) {
    const place = training ?? trainAt(bestPlace(board, server));
    try {
      return await question(place);
    } catch {
      if (place === training) trainAt(server);
      return undefined;
    }
  }

  /**
   * Brings the game to the server, where it is played again up to where it was.
   *
   * @param {boolean} goesOn whether it was being played
   * @param {number} until the round of a link that it had not reached yet
   */
  async function moveToServer(goesOn = false, until = 0) {
    const before = halts;
    const again = open({ ...fields(), preset: settings.preset() }, touched ? 0 : Math.max(until, frame.rounds));
    const mine = opening;
    await again;
    await busy;
    if (goesOn && !until && halts === before && opening === mine) play();
  }

  /**
   * Takes a frame.
   *
   * @param {any} answer
   * @param {boolean} quiet not drawn yet
   * @returns {boolean} whether it is one
   */
  function take(answer, quiet = false) {
    if (!answer?.captions) return false;
    frame = answer;
    if (!answer.lost) moments = withMoment(moments, { rounds: answer.rounds, ...answer.numbers });
    if (!quiet) draw();
    return true;
  }

  /**
   * Begins another game.
   *
   * @param {object} asked
   * @param {number} until rounds that it plays by itself
   */
  async function open(asked, until = 0) {
    stop();
    due = 0;
    const mine = ++opening;
    await busy;
    let answer = await ask((place) => place.open(asked));
    if (answer === undefined && mine === opening) answer = await ask((place) => place.open(asked));
    if (mine !== opening || !answer?.settings) return;
    opened = answer;
    moments = [];
    touched = false;
    settings.show(answer);
    take(answer.frame);
    share();
    due = until;
    playWhatIsDue();
  }

  function playWhatIsDue() {
    if (due && board.isShown()) play(due);
  }

  function share() {
    board.share(linkOf(opened.link, frame.rounds, touched), { part: "game", python: opened.python });
    announce(`After ${frame.rounds} rounds: ${wordsOf(frame.captions)}`);
  }

  /**
   * Asks for rounds until it is stopped.
   *
   * @param {number} until the last round; 0: there is none
   */
  function play(until = 0) {
    if (playing) return;
    playing = true;
    playButton.textContent = "Pause";
    busy = goOn(until);
  }

  /** @param {number} until */
  async function goOn(until) {
    const quiet = until > 0 && still; // opens finished, for whoever wants nothing to move by itself
    let failed = false;
    while (playing && board.isShown()) {
      const began = performance.now();
      const rounds = roundsAtOnce(until, Number(speed.value));
      const answer = await ask((place) => place.play({ rounds, until: until || null }));
      failed = answer === undefined;
      if (!answer) break;
      if (answer.line) {
        const { seats, line } = answer;
        board.say(`${seats} visitors are training already; you are number ${line} in line. It starts by itself.`);
        await pause(IN_LINE);
        continue;
      }
      if (!take(answer, quiet) || answer.lost || (until && answer.rounds >= until)) break;
      await pause(Math.max(rounds === 1 ? SINGLE : 0, PICTURE) - (performance.now() - began));
    }
    const goesOn = playing;
    if (board.isShown()) due = 0; // else it goes on once somebody sees it again
    stop();
    if (quiet) draw();
    if (failed) {
      moveToServer(goesOn, until);
      return;
    }
    training?.pause();
    share();
  }

  function stop() {
    playing = false;
    playButton.textContent = "Play";
  }

  /** The visitor wants the game to rest, also where it is just being brought to the server. */
  function halt() {
    halts++;
    due = 0;
    stop();
  }

  /** @param {string} player "discriminator", "generator" or "both" */
  async function stepOnce(player) {
    halt();
    await busy;
    touched ||= player !== "both";
    const answer = await ask((place) => place.play({ rounds: 1, part: player }));
    if (answer === undefined) {
      moveToServer();
      return;
    }
    if (answer?.line) board.say("Others are training at the moment; try again in a second.");
    take(answer);
    training?.pause();
    share();
  }

  /** @param {Record<string, string | number>} changes of data and settings */
  async function change(changes) {
    if (!opened) return;
    if (!mayChangeMeanwhile(Object.keys(changes)) || !frame?.rounds) {
      open({ ...fields(), preset: "", ...changes });
      return;
    }
    const answer = await ask((place) => place.tune({ ...fields(), ...changes }));
    if (answer === undefined) open({ ...fields(), preset: "", ...changes });
    if (!answer?.settings) return;
    opened = { ...opened, ...answer };
    touched = true;
    settings.leavePreset();
    share();
  }

  playButton.addEventListener("click", () => {
    if (playing) halt();
    else if (opened) play();
  });
  part(panel, ".game-restart").addEventListener("click", () => {
    if (opened) open({ ...fields(), preset: settings.preset() });
  });
  for (const button of allParts(panel, ".game-step")) {
    button.addEventListener("click", () => opened && stepOnce(String(button.dataset.side)));
  }
  for (const button of allParts(panel, ".game-file")) {
    button.addEventListener("click", async () => {
      const answer = await ask((place) => place.file(String(button.dataset.kind)));
      if (answer === undefined) moveToServer();
      if (answer?.content) save(answer.name, answer.content);
    });
  }
  for (const box of view.boxes) box.addEventListener("change", draw);
  addEventListener("pagehide", halt);

  return {
    open(asked) {
      if (!opened || Object.keys(asked).length) open(asked, roundsToPlay(asked));
      else {
        draw();
        share();
      }
    },
    close: halt,
    draw() {
      draw();
      playWhatIsDue();
    },
  };
}
