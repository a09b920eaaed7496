/** Networks that visitors bring: the name of one on the Hub, or a file of weights. */

import { buttonOf, part, UNREACHABLE } from "./dom.js";

const LARGEST_WEIGHTS = 64 * 2 ** 20; // bytes

/**
 * @param {HTMLElement} element with .wb-own
 * @param {object} use
 * @param {Record<string, (fields: object) => Promise<any>>} use.server with `adopt`
 * @param {(sentence?: string) => void} use.say
 * @param {(progress: import("./work.js").Progress | null) => void} use.progress
 * @param {(model: string) => Promise<void>} use.change takes the network of that name, as it was typed or as the server
 *   called a file
 */
export function ownNetworkIn(element, { server, say, progress, change }) {
  const hub = part(element, ".wb-hub", HTMLInputElement);
  const field = part(element, ".wb-weights-file", HTMLInputElement);

  /** @param {File} file */
  async function adopt(file) {
    if (file.size > LARGEST_WEIGHTS) {
      say("The file is larger than 64 MB; put a larger network on the Hub and name it here.");
      return;
    }
    say("");
    progress({ text: "Reading the network…", share: null });
    try {
      const path = await uploaded(file);
      if (!path) {
        say("The file could not be sent; it may be too large.");
        return;
      }
      const told = await server.adopt({ path });
      if (told.notice || told.trouble) say(told.notice || told.trouble);
      else await change(told.model);
    } catch {
      say(UNREACHABLE);
    } finally {
      progress(null);
    }
  }

  function load() {
    const name = hub.value.trim();
    if (name) change(name);
  }

  element.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (button?.matches(".wb-load")) load();
    else if (button?.matches(".wb-weights")) field.click();
  });
  hub.addEventListener("keydown", (event) => {
    if (event.key === "Enter") load();
  });
  field.addEventListener("change", (event) => {
    event.stopPropagation();
    if (field.files?.length) adopt(field.files[0]);
    field.value = "";
  });
}

/**
 * Sends a file.
 *
 * @param {File} file
 * @returns {Promise<string | null>} where the server has it; null if it was refused
 */
async function uploaded(file) {
  const form = new FormData();
  form.append("files", file);
  const answer = await fetch(new URL("gradio_api/upload", location.href.split(/[?#]/)[0]), {
    method: "POST",
    body: form,
  });
  if (!answer.ok) return null;
  const [path] = await answer.json();
  return path;
}
