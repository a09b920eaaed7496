"""What the tabs for a visitor's own pictures share: before and after, camera, paste and drop, long work, own networks.

Their stages put WORKBENCH_SCRIPT before their own script, which has `takeFiles(files)`, `taken(address)` for the camera
and `change(fields)` for another network.
"""

DIALOG = """
  <dialog class="wb-dialog" aria-label="Camera">
    <video autoplay muted playsinline></video>
    <div class="wb-row"><button type="button" class="wb-shoot">Take the picture</button>
      <button type="button" class="small-button wb-close">Cancel</button></div>
  </dialog>
"""

WORKBENCH_CSS = """
.workbench { position: relative; }
.wb-line { margin: 0 0 10px; font-size: 17px; font-weight: 600; color: var(--body-text-color); }
.workbench .notice { border: 1px solid var(--color-accent); border-radius: 8px; padding: 6px 12px; margin: 0 0 10px;
  color: var(--body-text-color); font-size: 14px; box-shadow: inset 5px 0 0 var(--color-accent); max-width: 900px; }
.wb-stage { position: relative; display: flex; gap: 16px; flex-wrap: wrap; align-items: flex-start; min-height: 200px; }
.wb-stage.over { outline: 3px dashed var(--color-accent); outline-offset: 4px; border-radius: 12px; }
.wb-compare { position: relative; overflow: hidden; border-radius: 12px; background: var(--border-color-primary);
  max-width: 100%; line-height: 0; touch-action: pan-y; }
.wb-compare img { display: block; width: 100%; height: 100%; }
.wb-before { position: absolute; inset: 0; clip-path: inset(0 calc(100% - var(--at, 50%)) 0 0); }
.wb-handle { position: absolute; top: 0; bottom: 0; left: var(--at, 50%); width: 2px; margin-left: -1px;
  background: #fff; box-shadow: 0 0 0 1px rgb(0 0 0 / 35%); pointer-events: none; }
.wb-handle::after { content: "\\2194"; position: absolute; top: 50%; left: 50%; width: 36px; height: 36px;
  margin: -18px 0 0 -18px; border-radius: 50%; background: #fff; color: #1c1916; display: grid; place-items: center;
  font: 600 18px/1 system-ui; box-shadow: 0 0 0 1px rgb(0 0 0 / 25%); }
.wb-compare .wb-slider { position: absolute; inset: 0; width: 100%; height: 100%; opacity: 0; margin: 0;
  cursor: ew-resize; }
.wb-compare:has(.wb-slider:focus-visible) .wb-handle::after { box-shadow: 0 0 0 3px var(--color-accent); }
.wb-tag { position: absolute; top: 10px; padding: 4px 9px; border-radius: 6px; font-size: 12px; line-height: 1.2;
  background: rgb(20 18 16 / 72%); color: #fff; pointer-events: none; }
.wb-tag-before { left: 10px; }
.wb-tag-after { right: 10px; }
.wb-busy { position: absolute; inset: auto 12px 12px auto; display: flex; gap: 10px; align-items: center;
  padding: 8px 12px; border-radius: 10px; background: var(--background-fill-primary); color: var(--body-text-color);
  border: 1px solid var(--border-color-primary); font-size: 14px; font-variant-numeric: tabular-nums; }
.wb-busy p { margin: 0; }
.wb-busy progress { width: 120px; accent-color: var(--color-accent); }
.wb-foot { display: flex; gap: 8px 14px; align-items: center; flex-wrap: wrap; margin: 10px 0 4px; }
.wb-note { font-size: 13px; color: var(--body-text-color-subdued); margin: 0; }
.wb-foot .wb-note { flex: 1; min-width: 200px; }
.wb-more { margin-top: 10px; font-size: 14px; color: var(--body-text-color); }
.wb-more summary, .wb-own summary { cursor: pointer; font-weight: 550; padding: 6px 0; }
.wb-more figure { margin: 0; }
.wb-more figure img { width: 100%; display: block; border-radius: 8px; }
.wb-more figcaption { font-size: 13px; color: var(--body-text-color-subdued); margin-top: 4px; }
.wb-controls { display: grid; gap: 14px; }
.wb-choice, .wb-own label { font-size: 14px; font-weight: 550; display: grid; gap: 4px;
  color: var(--body-text-color); }
.workbench select { padding-right: 30px !important; text-overflow: ellipsis; }
.workbench select, .wb-hub { border: 1px solid var(--input-border-color); border-radius: 8px; padding: 7px 10px;
  background-color: var(--input-background-fill); color: var(--body-text-color); font-size: 14px; width: 100%;
  min-width: 0; }
.wb-sources { display: grid; gap: 10px; }
.wb-open, .wb-shoot { min-height: 46px; border-radius: 9px; font-weight: 600; font-size: 16px; cursor: pointer;
  background: var(--button-primary-background-fill); color: var(--button-primary-text-color); padding: 0 16px; }
.wb-open:hover { background: var(--button-primary-background-fill-hover); }
.wb-row { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
.wb-row .small-button { flex: 1; }
.wb-examples { display: grid; gap: 6px; }
.wb-examples:empty { display: none; }
.wb-examples button { border: 1px solid var(--border-color-primary); border-radius: 8px; padding: 7px 10px;
  font-size: 14px; text-align: left; cursor: pointer; color: var(--body-text-color); }
.wb-examples button[aria-pressed=true] { border-color: var(--color-accent);
  box-shadow: inset 4px 0 0 var(--color-accent); }
.wb-own p { margin: 0; font-size: 13px; color: var(--body-text-color-subdued); }
.wb-own[open] { display: grid; gap: 8px; }
.wb-dialog { border: 0; border-radius: 14px; padding: 16px; max-width: min(92vw, 720px);
  background: var(--background-fill-primary); }
.wb-dialog::backdrop { background: rgb(0 0 0 / 55%); }
.wb-dialog video { width: 100%; border-radius: 10px; display: block; margin-bottom: 12px; }
.wb-four, .wb-two { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 150px), 1fr));
  margin: 6px 0 8px; max-width: 960px; }
.wb-two { grid-template-columns: minmax(0, 480px); }
.wb-directions { display: flex; background: var(--body-background-fill); border-radius: 10px; padding: 3px; }
.wb-directions button { flex: 1; border-radius: 8px; padding: 8px 4px; font-size: 14px; font-weight: 550;
  cursor: pointer; color: var(--body-text-color-subdued); }
.wb-directions button[aria-checked=true] { background: var(--background-fill-primary); color: var(--body-text-color);
  box-shadow: 0 1px 2px rgb(0 0 0 / 14%); }
.dark .wb-directions button[aria-checked=true] { background: #3a342f; }
.wb-size { font-size: 14px; font-weight: 550; display: grid; gap: 2px; color: var(--body-text-color); }
.wb-size input { width: 100%; margin: 0; }
@media (max-width: 768px) {
  .workbench.bench { display: flex !important; flex-direction: column; align-items: stretch; gap: 14px !important; }
  .wb-pictures { display: contents; }
  .wb-pictures > :is(.wb-line, .notice, .wb-stage, .wb-foot) { margin: 0; order: 0; }
  .wb-controls { order: 1; align-self: stretch; }
  .wb-more { order: 2; margin: 0; }
  .wb-stage { width: 100%; }
}
"""

WORKBENCH_SCRIPT = """
const UNREACHABLE = "The server could not be reached; please try again.";
const LARGEST_WEIGHTS = 64 * 2 ** 20;
const find = (selector) => element.querySelector(selector);
const [stage, compare, before, after, slider, busy] =
  [".wb-stage", ".wb-compare", ".wb-before", ".wb-after", ".wb-slider", ".wb-busy"].map(find);
let newest = 0;        // so that an answer which was overtaken is dropped
let job = null;        // work that is going on

const say = (sentence) => {
  find(".wb-notice").textContent = sentence || "";
  find(".wb-notice").hidden = !sentence;
};

async function wait(answer, mine) {  // until the work is done: its result, or nothing if it was overtaken
  while (answer.job) {
    if (mine !== newest) { server.stop({ job: answer.job }).catch(() => {}); return null; }
    job = answer.job;
    busy.hidden = false;
    const left = answer.left === null ? "" : `, about ${Math.max(1, Math.round(answer.left))} s left`;
    busy.querySelector("p").textContent = answer.ahead
      ? `${answer.ahead} before you` : `${Math.round(100 * answer.share)} %${left}`;
    busy.querySelector("progress").value = answer.share;
    await new Promise((resolve) => setTimeout(resolve, 350));
    if (mine !== newest) { server.stop({ job: answer.job }).catch(() => {}); return null; }
    answer = await server.follow({ job: answer.job });
  }
  if (mine !== newest) return null;
  job = null;
  busy.hidden = true;
  return answer;
}

function halt() {  // whatever is going on is no longer wanted
  if (job) server.stop({ job }).catch(() => {});
  job = null;
  busy.hidden = true;
}

async function finished(start) {  // what work comes to, or nothing if it failed, which is said, or was overtaken
  halt();
  const mine = ++newest;
  busy.querySelector("p").textContent = "Working\\u2026";
  busy.querySelector("progress").removeAttribute("value");
  const slow = setTimeout(() => {
    if (mine !== newest) return;
    busy.hidden = false;
    latentLab.announce("Working\u2026");
  }, 400);
  let answer;
  try {
    answer = await start();
    clearTimeout(slow);
    answer = await wait(answer, mine);
  } catch {
    answer = mine === newest ? { notice: UNREACHABLE } : null;
  } finally {
    clearTimeout(slow);
  }
  if (!answer) return null;
  busy.hidden = true;
  say(answer.notice || answer.trouble);
  return answer.notice || answer.trouble ? null : answer;
}

const decoded = async (image, address) => {
  image.src = address;
  await image.decode().catch(() => {});
};

function figure(address, caption) {  // a picture and what it is
  const made = document.createElement("figure");
  made.innerHTML = `<img alt=""><figcaption></figcaption>`;
  made.firstChild.src = address;
  made.firstChild.alt = made.lastChild.textContent = caption;
  return made;
}

function divide() {
  compare.style.setProperty("--at", slider.value + "%");
}

// --- where pictures come from: takeFiles and taken are the tab's ----------------------------------------------------

const { openCamera, closeCamera, shoot, paste } = pictureSources(element, {
  dialog: find(".wb-dialog"), drop: stage, facing: "environment", kinds: /^(image|video)\\//,
  open: (files) => takeFiles(files), shot: (address) => taken(address), say,
});

// --- networks of visitors: change is the tab's -----------------------------------------------------------------------

async function adopt(file) {
  if (!file) return;
  if (file.size > LARGEST_WEIGHTS) {
    say("The file is larger than 64 MB; put a larger network on the Hub and name it here.");
    return;
  }
  say("");
  busy.hidden = false;
  busy.querySelector("p").textContent = "Reading the network\\u2026";
  busy.querySelector("progress").removeAttribute("value");
  try {
    const form = new FormData();
    form.append("files", file);
    const answer = await fetch(new URL("gradio_api/upload", location.href.split(/[?#]/)[0]),
      { method: "POST", body: form });
    if (!answer.ok) { say("The file could not be sent; it may be too large."); return; }
    const [path] = await answer.json();
    const told = await server.adopt({ path });
    if (told.notice || told.trouble) { say(told.notice || told.trouble); return; }
    await change({ model: told.model });
  } catch {
    say(UNREACHABLE);
  } finally {
    busy.hidden = true;
  }
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".wb-open")) find(".wb-file").click();
  else if (button.matches(".wb-camera")) openCamera();
  else if (button.matches(".wb-shoot")) shoot();
  else if (button.matches(".wb-close")) closeCamera();
  else if (button.matches(".wb-paste")) paste();
  else if (button.matches(".wb-stop")) { newest++; halt(); say("Stopped."); }
  else if (button.matches(".wb-load") && find(".wb-hub").value.trim()) change({ model: find(".wb-hub").value.trim() });
  else if (button.matches(".wb-weights")) find(".wb-weights-file").click();
});
slider.addEventListener("input", divide);
find(".wb-file").addEventListener("change", (event) => {
  event.stopPropagation();
  takeFiles([...event.target.files]);
  event.target.value = "";
});
find(".wb-weights-file").addEventListener("change", (event) => {
  event.stopPropagation();
  adopt(event.target.files[0]);
  event.target.value = "";
});
find(".wb-hub").addEventListener("keydown", (event) => { if (event.key === "Enter") find(".wb-load").click(); });
addEventListener("pagehide", halt);
divide();
"""
