/** What plays by itself, step by step, until its button is pressed again. */

/** @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Makes a button play and pause.
 *
 * @param {{ textContent: string | null, addEventListener: (kind: "click", react: () => void) => void }} button
 * @param {object} use
 * @param {string} [use.title] of the button while nothing plays
 * @param {number} use.rest ms between two steps
 * @param {() => Promise<unknown> | void} [use.begin] before the first step
 * @param {() => boolean} use.more whether there is another step, and somebody who sees it
 * @param {() => Promise<boolean> | void} use.step false if it failed, and nothing goes on
 * @param {() => void} [use.ended] after the last step
 * @returns {{ stop: () => void }} stop: as if the button had been pressed
 */
export function player(button, { title = "Play", rest, begin, more, step, ended }) {
  let run = 0; // so that one that was stopped does not go on beside the next
  let playing = false;

  function stop() {
    run++;
    playing = false;
    button.textContent = title;
  }

  async function play() {
    const mine = ++run;
    playing = true;
    button.textContent = "Pause";
    await begin?.();
    while (mine === run && more()) {
      if ((await step()) === false) break;
      await pause(rest);
    }
    if (mine === run) stop();
    ended?.();
  }

  button.addEventListener("click", () => {
    if (playing) stop();
    else play();
  });
  return { stop };
}
