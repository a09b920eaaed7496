/** What a translation came to: before and after or a clip, round trip, X-ray, the file to save. */

import { still } from "../../page/appearance.js";
import { factorFor, showDecoded } from "../../page/components/compare.js";
import { part } from "../../page/components/dom.js";
import { figure } from "../../page/components/figure.js";
import { save } from "../../page/components/files.js";
import { announce } from "../../page/speech.js";
import { arrow, ends, noteOn } from "./words.js";

const MAP_SIDE = 384; // CSS px, at most, of a street beside the map that was drawn
const SMALL = 128; // px; pictures up to there are enlarged by a whole number
const ROOM = { below: 90, least: 240 }; // px

/**
 * @param {HTMLElement} element
 * @param {ReturnType<typeof import("../../page/components/workbench.js").workbenchIn>} bench
 * @param {ReturnType<typeof import("../../page/components/saving.js").savingIn>} saving
 */
export function resultIn(element, { comparison, warn, room }, saving) {
  const { box, before, after, resize } = comparison;
  const film = part(element, ".wb-film", HTMLVideoElement);
  const gif = part(element, ".wb-gif", HTMLImageElement);
  const line = part(element, ".wb-line");
  const note = part(element, ".wb-note");
  const [further, round, xray] = [".wb-further", ".wb-round", ".wb-xray"].map((name) => part(element, name));
  let address = ""; // of what can be saved
  /** @type {string | null} */
  let kept = null; // its name on the server, where the address does not hold every pixel
  let direction = "";
  let beside = false; // the map that was drawn
  /** @type {import("../../page/components/compare.js").Size | null} */
  let size = null;

  /** @param {string} words */
  function title(words) {
    line.textContent = words;
    announce(words);
  }

  /** Sizes the picture anew, as the window has it. */
  function fit() {
    if (!size) return;
    const space = room(ROOM);
    const factor = beside
      ? Math.min(MAP_SIDE, space.width) / size.width
      : factorFor(size, space, { small: SMALL, ratio: devicePixelRatio });
    resize(size, factor);
  }

  /**
   * @param {any} answer of the server's `translate_picture`
   * @param {object} shown
   * @param {string} shown.what name of what was translated
   * @param {string} shown.direction
   * @param {string} shown.address of the picture before, where the server did not send it
   * @param {boolean} shown.drawn whether the map that was drawn stands beside it
   * @param {boolean} shown.further whether it can be translated once more
   * @param {() => boolean} shown.current whether it is still wanted
   * @returns {Promise<boolean>} whether it is shown
   */
  async function showPicture(answer, shown) {
    if (!shown.drawn) await showDecoded(before, answer.before || shown.address);
    await showDecoded(after, answer.after);
    if (!shown.current()) return false;
    address = answer.after;
    kept = answer.kept;
    direction = shown.direction;
    beside = shown.drawn;
    size = { width: answer.width, height: answer.height };
    film.hidden = gif.hidden = true;
    film.pause();
    box.hidden = false;
    box.dataset.shape = `${answer.width} ${answer.height}`;
    fit();
    title(`${shown.what}: ${arrow(direction)}`);
    before.alt = `${shown.what}, before`;
    after.alt = `${shown.what}, after: ${arrow(direction)}`;
    note.textContent = noteOn(answer);
    warn(answer.warning);
    saving.offer(true);
    further.hidden = !shown.further;
    showRoundTrip(answer);
    showXray(answer);
    return true;
  }

  /** @param {any} answer */
  function showRoundTrip(answer) {
    round.hidden = !answer.again;
    if (!answer.again) return;
    const [first, second] = ends(direction);
    part(round, ".wb-four").replaceChildren(
      figure(answer.small, first),
      figure(answer.small_after, second),
      figure(answer.again, `${first} again`),
      figure(answer.error, "where it misses"),
    );
    part(round, ".wb-missed").textContent =
      `Off by ${answer.missed} of 255 grey levels on average; white on the map: 64 or more.`;
  }

  /** @param {any} answer */
  function showXray(answer) {
    xray.hidden = !answer.xray;
    if (!answer.xray) return;
    part(xray, ".wb-two").replaceChildren(figure(answer.xray, "blue: taken for real; orange: taken for drawn"));
    part(xray, ".wb-convinced").textContent =
      `On average ${Math.round(100 * answer.convinced)} % convinced that this is real.`;
  }

  /**
   * @param {any} answer of the server's `translate_film`
   * @param {string} towards direction
   */
  function showClip(answer, towards) {
    address = answer.film;
    direction = towards;
    box.hidden = true;
    const animation = answer.kind === "gif";
    gif.hidden = !animation;
    film.hidden = animation;
    if (animation) gif.src = address;
    else film.src = address;
    if (!animation && !still) film.play().catch(() => {});
    title(`Your clip: ${arrow(direction)}`);
    note.textContent = "Same length, frame rate and sound. What is new here is generated.";
    warn("");
    saving.offer(false);
    further.hidden = round.hidden = xray.hidden = true;
  }

  function clear() {
    line.textContent = "Open a picture to begin";
    note.textContent = "";
  }

  /**
   * Saves the picture in the chosen format, or the clip as it is.
   *
   * @param {(fields: object) => Promise<any>} ask the server's `download`
   * @returns {Promise<string>} why it could not; "" if it is saved
   */
  async function download(ask) {
    const clip = box.hidden;
    const ending = clip ? address.slice(5, address.indexOf(";")).split("/")[1] : saving.ending();
    const answer = clip ? { file: address } : await saving.fileOf({ kept, address }, ask);
    if (answer.file) save(answer.file, `latent-lab-${direction}.${ending}`);
    return answer.file ? "" : answer.notice || answer.trouble;
  }

  return { showPicture, showClip, clear, fit, download, address: () => address };
}
