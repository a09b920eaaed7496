/** The frame around a visitor's face: fitted by hand, or found by the server where it can. */

import { part } from "../../page/components/dom.js";
import { mountFrame } from "../../page/components/frame.js";

const REST = 400; // ms without a movement after which the face is translated anew

/** @typedef {import("../../page/components/placement.js").Point} Point */

/**
 * @param {HTMLElement} element
 * @param {object} use
 * @param {(sentence: string) => void} use.say
 * @param {string} use.names of the formats that are read
 * @param {() => void} use.moved called once a face rests at another place
 */
export function faceIn(element, { say, names, moved }) {
  const box = part(element, ".wb-face");
  const find = part(box, ".wb-find", HTMLButtonElement);
  const frame = mountFrame(box, {
    say,
    names,
    moved: () => {
      clearTimeout(timer);
      timer = setTimeout(moved, REST);
    },
  });
  let timer = 0;
  /** What is in the frame. @type {string | null} */
  let opened = null;
  let framing = false;
  let last = Promise.resolve();

  /** @param {{ eyes?: Point[], finds?: boolean }} network what the server says of it; empty if it is not for faces */
  function offer({ eyes, finds }) {
    framing = Boolean(eyes);
    if (eyes) frame.aim(eyes);
    find.hidden = !finds;
  }

  /** @param {string | null} image */
  async function openNow(image) {
    clearTimeout(timer);
    if (image !== opened) {
      opened = image;
      frame.clear();
      if (image) await frame.open(await (await fetch(image)).blob());
    }
    box.hidden = frame.isEmpty();
  }

  /**
   * Puts a picture into the frame, after those that are being opened; one that is there already keeps its place.
   *
   * @param {string | null} image data URI; null for none of the visitor's
   */
  function open(image) {
    const wanted = framing ? image : null;
    last = last.catch(() => {}).then(() => openNow(wanted));
    return last;
  }

  /** Where the picture lies in the frame: a, b, x and y; null if none does. */
  function placement() {
    const now = frame.placement();
    return now && [now.a, now.b, now.x, now.y];
  }

  /** @param {number[]} placement */
  function place([a, b, x, y]) {
    clearTimeout(timer);
    frame.place({ a, b, x, y });
  }

  return { find, offer, open, placement, place };
}
