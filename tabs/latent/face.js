/** The dialog in which a visitor's own face is fitted into a frame and found. */

import { buttonOf, part } from "../../page/components/dom.js";
import { mountFrame } from "../../page/components/frame.js";
import { noticeIn } from "../../page/components/notice.js";
import { pictureSources } from "../../page/components/sources.js";
import { lineOfWork, progressIn } from "../../page/components/work.js";

/**
 * Makes the dialog of face.html work: fit a face into the frame, have it found, stop.
 *
 * @param {HTMLElement} element of the component
 * @param {object} use
 * @param {import("../../page/components/dom.js").Gradio["server"]} use.server with find_face,
 *   show_picture, follow and stop
 * @param {string} use.names of the formats of pictures
 * @param {(answer: any) => void} use.found takes the answer of find_face; the dialog is closed by then
 * @returns {{ show: () => void }}
 */
export function mountFace(element, { server, found, names }) {
  const dialog = part(element, ".face-dialog", HTMLDialogElement);
  const file = part(dialog, ".face-file", HTMLInputElement);
  const find = part(dialog, ".face-find", HTMLButtonElement);
  const say = noticeIn(part(dialog, ".face-notice"));
  const frame = mountFrame(dialog, { say, names, convert: server.show_picture });
  const showProgress = progressIn(part(dialog, ".face-busy"));
  const work = lineOfWork({
    server,
    show: (progress) => {
      showProgress(progress); // in the place of what brings in pictures
      part(dialog, ".face-sources").hidden = progress !== null;
      find.disabled = progress !== null || frame.isEmpty();
    },
  });
  const sources = pictureSources(element, {
    dialog: part(dialog, ".wb-dialog", HTMLDialogElement),
    drop: frame.view,
    facing: "user",
    kinds: /^image\//,
    say,
    open: ([picture]) => take(picture),
    shot: async (address) => take(await (await fetch(address)).blob()),
  });

  /** @param {Blob | undefined} picture */
  async function take(picture) {
    if (!picture) return;
    work.stop();
    if (await frame.open(picture)) find.disabled = false;
  }

  async function look() {
    say("");
    const answer = await work.run(() => server.find_face({ image: frame.crop() }));
    if (!answer) return;
    if (answer.notice || answer.trouble) {
      say(answer.notice || answer.trouble);
      return;
    }
    dialog.close();
    found(answer);
  }

  dialog.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button) return;
    if (button.matches(".face-open")) file.click();
    else if (button.matches(".face-camera")) sources.openCamera();
    else if (button.matches(".face-paste")) sources.paste();
    else if (button.matches(".wb-shoot")) sources.shoot();
    else if (button.matches(".wb-close")) sources.closeCamera();
    else if (button === find) look();
    else if (button.matches(".face-stop")) {
      work.stop();
      say("Stopped.");
    } else if (button.matches(".face-close")) dialog.close();
  });
  file.addEventListener("change", (event) => {
    event.stopPropagation();
    take(file.files?.[0]);
    file.value = "";
  });
  file.addEventListener("input", (event) => event.stopPropagation());
  dialog.addEventListener("close", (event) => {
    if (event.target === dialog) work.stop();
  });
  addEventListener("pagehide", work.stop);
  return { show: () => dialog.showModal() };
}
