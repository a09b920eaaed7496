/**
 * Where a visitor's pictures come from beside the file dialog: camera, clipboard, drag and drop.
 *
 * @param {HTMLElement} element of the component
 * @param {{dialog: HTMLDialogElement, drop: HTMLElement, facing: string, kinds: RegExp,
 *   open: (files: Blob[]) => void, shot: (address: string) => void, say: (sentence: string) => void}} use
 *   dialog: of the camera; drop: where files may be dropped; facing: "user" or "environment";
 *   kinds: of files that are taken when pasted; open: takes files; shot: takes a photograph as a data URI.
 * @returns {{openCamera: () => void, closeCamera: () => void, shoot: () => void, paste: () => void}}
 */
export function pictureSources(element, { dialog, drop, facing, kinds, open, shot, say }) {
  let stream = null;
  const video = dialog.querySelector("video");

  async function openCamera() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: facing } });
    } catch {
      say("The camera could not be opened; allow it in the browser, or open a picture.");
      return;
    }
    video.srcObject = stream;
    dialog.showModal();
  }

  function closeCamera() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    if (dialog.open) dialog.close();
  }

  function shoot() {
    const still = document.createElement("canvas");
    still.width = video.videoWidth;
    still.height = video.videoHeight;
    still.getContext("2d").drawImage(video, 0, 0);
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
  addEventListener("paste", (event) => {
    if (!element.isConnected || !drop.clientWidth || event.target.matches?.("input, textarea")) return;
    const files = [...event.clipboardData.files].filter((one) => kinds.test(one.type));
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
    open([...event.dataTransfer.files]);
  });
  return { openCamera, closeCamera, shoot, paste };
}
