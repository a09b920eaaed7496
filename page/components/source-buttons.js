/** The buttons with which a visitor opens, photographs or pastes a picture; dropping one works, too. */

import { buttonOf, part } from "./dom.js";
import { pictureSources } from "./sources.js";

/** @typedef {Blob & { name?: string }} Opened a file; what comes out of the clipboard has no name */

/**
 * @param {HTMLElement} element with .wb-sources, the file field .wb-file and the camera's dialog
 * @param {object} use
 * @param {HTMLElement} use.drop where files may be dropped
 * @param {(files: Opened[]) => void} use.open takes files
 * @param {(address: string) => void} use.shot takes a photograph as a data URI
 * @param {(sentence: string) => void} use.say
 */
export function sourceButtonsIn(element, { drop, open, shot, say }) {
  const field = part(element, ".wb-file", HTMLInputElement);
  const sources = pictureSources(element, {
    dialog: part(element, ".wb-dialog", HTMLDialogElement),
    drop,
    facing: "environment",
    kinds: /^(image|video)\//,
    open,
    shot,
    say,
  });

  element.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button) return;
    if (button.matches(".wb-open")) field.click();
    else if (button.matches(".wb-camera")) sources.openCamera();
    else if (button.matches(".wb-shoot")) sources.shoot();
    else if (button.matches(".wb-close")) sources.closeCamera();
    else if (button.matches(".wb-paste")) sources.paste();
  });
  field.addEventListener("change", (event) => {
    event.stopPropagation();
    open([...(field.files ?? [])]);
    field.value = "";
  });
}
