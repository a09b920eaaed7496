/** A picture as a file: the list of formats beside the button, and the file in the one that was chosen. */

import { part } from "./dom.js";

/**
 * @param {HTMLElement} element
 * @param {Record<string, string>} saved names of the formats, by what the server calls them (media/formats.py)
 */
export function savingIn(element, saved) {
  const list = part(element, ".wb-kind", HTMLSelectElement);
  const button = part(element, ".wb-download", HTMLButtonElement);
  list.replaceChildren(...Object.entries(saved).map(([kind, name]) => new Option(name, kind)));

  /**
   * A picture in the chosen format: from its address where that is a file of this format already.
   *
   * @param {{ kept?: string | null, address: string }} shown its address on the page, and its name on the server where
   *   that does not hold every pixel
   * @param {(fields: object) => Promise<any>} ask the server's `download`
   * @returns {Promise<any>} "file", an address; or "notice"
   */
  async function fileOf({ kept, address }, ask) {
    const kind = list.value;
    if (kept) return ask({ kept, kind });
    return address.startsWith(`data:image/${kind};`) ? { file: address } : ask({ image: address, kind });
  }

  /** @param {boolean} picture whether there is one, not a film, whose format is its own */
  function offer(picture) {
    list.hidden = !picture;
    button.hidden = false;
  }

  return { button, fileOf, offer, kind: () => list.value, ending: () => list.value.replace("jpeg", "jpg") };
}
