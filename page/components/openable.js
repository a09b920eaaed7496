/** Pictures that a browser cannot open by itself, such as TIFF or HEIC: the server makes one of them that it can. */

import { loadImage, UNREACHABLE } from "./dom.js";

/**
 * @param {string} address data URI of a file
 * @param {((fields: { image: string }) => Promise<any>) | undefined} convert the server's `show_picture`
 * @param {(address: string) => Promise<unknown>} [load] rejects for what the browser cannot open
 * @returns {Promise<{ address: string, notice: string }>} a picture that it can open, else why there is none
 */
export async function openable(address, convert, load = loadImage) {
  try {
    await load(address);
    return { address, notice: "" };
  } catch {
    try {
      const answer = await convert?.({ image: address });
      return { address: answer?.image ?? "", notice: answer?.image ? "" : answer?.notice || UNREACHABLE };
    } catch {
      return { address: "", notice: UNREACHABLE };
    }
  }
}
