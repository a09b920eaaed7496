import { mountFrame } from "../../page/components/frame.js";
import { pictureSources } from "../../page/components/sources.js";

const ASK_EVERY = 350; // ms between two questions how far the work is
const FACE_UNREACHABLE = "The server could not be reached; please try again.";

/**
 * Makes the dialog of face.html work: fit a face into the frame, have it found, stop.
 *
 * @param {HTMLElement} element of the component
 * @param {object} server with find_face, follow and stop
 * @param {(answer: object) => void} found takes the answer of find_face; the dialog is closed by then
 * @returns {{show: () => void}}
 */
export function mountFace(element, server, found) {
  const find = (selector) => element.querySelector(selector);
  const dialog = find(".face-dialog"),
    busy = find(".face-busy"),
    camera = find(".face-camera-dialog");
  let job = null,
    newest = 0;

  const say = (sentence) => {
    find(".face-notice").textContent = sentence || "";
    find(".face-notice").hidden = !sentence;
  };
  const frame = mountFrame(dialog, { say });
  const sources = pictureSources(element, {
    dialog: camera,
    drop: frame.view,
    facing: "user",
    kinds: /^image\//,
    say,
    open: (files) => take(files[0]),
    shot: async (address) => take(await (await fetch(address)).blob()),
  });

  async function take(file) {
    if (!file) return;
    halt();
    if (await frame.open(file)) find(".face-find").disabled = false;
  }

  function showWork(working) {
    // progress in the place of what brings in pictures
    busy.hidden = !working;
    find(".face-sources").hidden = working;
    find(".face-find").disabled = working || frame.isEmpty();
  }

  function halt() {
    // what is going on is no longer wanted
    newest++;
    if (job) server.stop({ job }).catch(() => {});
    job = null;
    showWork(false);
  }

  function tell(answer) {
    const left = answer.left === null ? "" : `, about ${Math.max(1, Math.round(answer.left))} s left`;
    busy.querySelector("p").textContent = answer.ahead
      ? `${answer.ahead} before you`
      : `${Math.round(100 * answer.share)} %${left}`;
    busy.querySelector("progress").value = answer.share;
  }

  async function look() {
    halt();
    say("");
    const mine = newest;
    showWork(true);
    busy.querySelector("p").textContent = "Working…";
    busy.querySelector("progress").removeAttribute("value");
    let answer;
    try {
      answer = await server.find_face({ image: frame.crop() });
      while (answer.job) {
        if (mine !== newest) {
          server.stop({ job: answer.job }).catch(() => {});
          return;
        }
        job = answer.job;
        tell(answer);
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
        if (mine !== newest) return;
        answer = await server.follow({ job });
      }
    } catch {
      answer = { notice: FACE_UNREACHABLE };
    }
    if (mine !== newest) return;
    job = null;
    halt();
    if (answer.notice || answer.trouble) {
      say(answer.notice || answer.trouble);
      return;
    }
    dialog.close();
    found(answer);
  }

  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".face-open")) find(".face-file").click();
    else if (button.matches(".face-camera")) sources.openCamera();
    else if (button.matches(".face-paste")) sources.paste();
    else if (button.matches(".wb-shoot")) sources.shoot();
    else if (button.matches(".wb-close")) sources.closeCamera();
    else if (button.matches(".face-find")) look();
    else if (button.matches(".face-stop")) {
      halt();
      say("Stopped.");
    } else if (button.matches(".face-close")) dialog.close();
  });
  find(".face-file").addEventListener("change", (event) => {
    event.stopPropagation();
    take(event.target.files[0]);
    event.target.value = "";
  });
  find(".face-file").addEventListener("input", (event) => event.stopPropagation());
  dialog.addEventListener("close", (event) => {
    if (event.target === dialog) halt();
  });
  addEventListener("pagehide", halt);
  return { show: () => dialog.showModal() };
}
