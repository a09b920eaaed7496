/** What the game and the section "Everybody" below it tell each other, whichever is on the page first. */

/** @typedef {{ player: string, deck: string, level: string }} Game what is being played, and by whom */

const signals = new EventTarget();
/** @type {Game | null} */
let present = null;

/** @param {Game} game that was begun, or went on */
export function tellGame(game) {
  present = game;
  signals.dispatchEvent(new Event("game"));
}

/** @param {(game: Game) => void} react also called for the game that goes on already */
export function onGame(react) {
  const tell = () => {
    if (present) react(present);
  };
  signals.addEventListener("game", tell);
  tell();
}

/** Tells that the server has forgotten the visitor. */
export function tellForgotten() {
  signals.dispatchEvent(new Event("forgotten"));
}

/** @param {() => void} react */
export function onForgotten(react) {
  signals.addEventListener("forgotten", react);
}
