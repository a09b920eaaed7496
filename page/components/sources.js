/** Where a visitor's pictures come from beside the file dialog: camera, clipboard, drag and drop. */

import { brushOf, part } from "./dom.js";

/**
 * @param {HTMLElement} element of the component
 * @param {object} use
 * @param {HTMLDialogElement} use.dialog of the camera
 * @param {HTMLElement} use.drop where files may be dropped
 * @param {"user" | "environment"} use.facing which camera
 * @param {RegExp} use.kinds of files that are taken when pasted
 * @param {(files: Blob[]) => void} use.open takes files
 * @param {(address: string) => void} use.shot takes a photograph as a data URI
 * @param {(sentence: string) => void} use.say
 * @returns {{openCamera: () => void, closeCamera: () => void, shoot: () => void, paste: () => void}}
 */
export function pictureSources(element, { dialog, drop, facing, kinds, open, shot, say }) {
  const video = part(dialog, "video", HTMLVideoElement);
  /** @type {MediaStream | null} */
  let stream = null;
  let opening = false;

  async function openCamera() {
    if (opening || stream) return;
    opening = true;
    let opened;
    try {
      opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: facing } });
    } catch {
      say("The camera could not be opened; allow it in the browser, or open a picture.");
      return;
    } finally {
      opening = false;
    }
    stream = opened;
    if (!drop.clientWidth) {
      closeCamera(); // what the photograph was for was closed before the visitor allowed it
      return;
    }
    video.srcObject = stream;
    dialog.showModal();
  }

  function closeCamera() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    if (dialog.open) dialog.close();
  }

  function shoot() {
    if (!video.videoWidth) return; // nothing is to be seen yet
    const still = document.createElement("canvas");
    still.width = video.videoWidth;
    still.height = video.videoHeight;
    brushOf(still).drawImage(video, 0, 0);
    closeCamera();
    shot(still.toDataURL("image/jpeg", 0.95));
  }

  async function paste() {
    try {
      for (const item of await navigator.clipboard.read()) {
        const kind = item.types.find((type) => type.startsWith("image/"));
        if (kind) {
          open([await item.getType(kind)]);
          return;
        }
      }
      say("There is no picture in the clipboard; copy one first.");
    } catch {
      say("The browser does not let this page read the clipboard; press Ctrl+V or Cmd+V here instead.");
    }
  }

  dialog.addEventListener("close", closeCamera);
  addEventListener("paste", ({ target, clipboardData }) => {
    if (!element.isConnected || !drop.clientWidth) return;
    if (target instanceof Element && target.matches("input, textarea")) return;
    const files = [...(clipboardData?.files ?? [])].filter((one) => kinds.test(one.type));
    if (files.length) open(files);
  });
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    open([...(event.dataTransfer?.files ?? [])]);
  });
  return { openCamera, closeCamera, shoot, paste };
}
