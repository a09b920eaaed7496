"""The stage of the tab "Upscale": before and after under a slider, the same spot of all networks, what was invented."""

from page.workbench import DIALOG, WORKBENCH_SCRIPT

UPSCALE = (
    """
<section class="upscale workbench bench" aria-label="Upscale">
  <div class="wb-pictures">
    <h2 class="for-readers">Upscale</h2>
    <p class="wb-line"></p>
    <p class="wb-notice notice" role="alert" hidden></p>
    <p class="wb-warning notice" role="status" hidden></p>
    <div class="wb-stage">
      <div class="wb-compare">
        <img class="wb-after" alt="">
        <img class="wb-before" alt="">
        <span class="wb-tag wb-tag-before">bicubic</span><span class="wb-tag wb-tag-after"></span>
        <i class="wb-handle" aria-hidden="true"></i>
        <input type="range" class="wb-slider" min="0" max="100" value="50" aria-label="Bicubic and this network">
        <div class="up-spot" hidden tabindex="0" role="button" aria-label="Spot shown below; arrow keys move it"></div>
      </div>
      <div class="up-lens" hidden>
        <div class="up-lens-head"><p>The same spot of each; drag it</p>
          <label>Zoom <input type="range" class="up-zoom" min="1" max="8" step="0.5" value="3"></label></div>
        <div class="up-panels"></div>
      </div>
      <div class="wb-busy" hidden>
        <p></p><progress max="1" aria-label="Progress"></progress>
        <button type="button" class="small-button wb-stop">Stop</button>
      </div>
    </div>
    <div class="wb-foot">
      <p class="wb-note"></p>
      <select class="up-kind" aria-label="Format of the download">
        <option value="png">PNG</option><option value="webp">WebP</option><option value="jpeg">JPEG</option>
      </select>
      <button type="button" class="small-button wb-download" hidden>Download</button>
    </div>
    <details class="wb-more up-invented"><summary>What was invented?</summary>
      <div class="wb-four up-maps"></div>
      <p class="wb-note">The result, reduced again, minus what was given. Dark: they agree. White: 16 grey levels off or
      more, so this cannot come from your picture. Detail finer than its pixels is never on this map: it is a guess
      everywhere.</p></details>
  </div>
  <div class="controls wb-controls">
    <div class="wb-sources">
      <button type="button" class="wb-open">Open pictures</button>
      <div class="wb-row">
        <button type="button" class="small-button wb-camera">Camera</button>
        <button type="button" class="small-button wb-paste">Paste</button>
      </div>
      <input type="file" class="wb-file" hidden multiple accept="image/png,image/jpeg,image/webp,image/gif,image/bmp">
    </div>
    <div class="up-group"><p>Network</p>
      <div class="wb-directions up-tiers" role="radiogroup" aria-label="Network"></div>
      <p class="up-does wb-note"></p></div>
    <div class="up-group"><p>Times larger, each side</p>
      <div class="wb-directions up-scales" role="radiogroup" aria-label="Scale"></div></div>
    <fieldset class="up-others"><legend>Compare with</legend></fieldset>
    <label class="up-test"><input type="checkbox" class="box up-testing"> <span>Honesty test: shrink the picture first,
      then compare with the truth</span></label>
    <div class="up-group"><p>Or try</p><div class="wb-examples up-examples"></div></div>
    <details class="wb-own"><summary>Another network</summary>
      <label>From the Hugging Face Hub <input type="text" class="wb-hub" placeholder="ai-forever/Real-ESRGAN"
        autocomplete="off" spellcheck="false"></label>
      <div class="wb-row"><button type="button" class="small-button wb-load">Load</button>
        <button type="button" class="small-button wb-weights">Open a file of weights</button></div>
      <input type="file" class="wb-weights-file" hidden accept=".pth,.pt,.bin,.safetensors">
      <p>Real-ESRGAN and ESRGAN in their authors' format are read, files up to 64 MB. They take a minute or more for a
      large photograph.</p>
    </details>
  </div>
"""
    + DIALOG
    + """</section>
"""
)

UPSCALE_CSS = """
.up-spot { position: absolute; border: 2px solid #fff; outline: 1px solid rgb(0 0 0 / 60%); border-radius: 3px;
  cursor: move; touch-action: none; min-width: 12px; min-height: 12px; }
.up-kind { width: auto !important; }
.up-lens { flex: 1 1 300px; min-width: 0; }
.up-lens-head { display: flex; gap: 8px 18px; align-items: center; flex-wrap: wrap; font-size: 13px;
  color: var(--body-text-color-subdued); margin: 0 0 8px; }
.up-lens-head p { margin: 0; flex: 1; min-width: 180px; }
.up-lens-head label { display: flex; gap: 8px; align-items: center; }
.up-panels { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(min(46%, 150px), 1fr)); }
.up-panels figure { margin: 0; min-width: 0; }
.up-window { position: relative; overflow: hidden; aspect-ratio: 1; border-radius: 8px; cursor: grab;
  touch-action: none; background: var(--border-color-primary); }
.up-window:active { cursor: grabbing; }
.up-window img { position: absolute; left: 0; top: 0; max-width: none; image-rendering: pixelated;
  transform-origin: 0 0; pointer-events: none; }
.up-panels figcaption { font-size: 13px; margin-top: 4px; color: var(--body-text-color-subdued);
  font-variant-numeric: tabular-nums; line-height: 1.35; }
.up-panels figcaption :is(b, button) { font-weight: 600; font-size: 14px; color: var(--body-text-color);
  display: block; text-align: left; }
.up-panels figcaption button { cursor: pointer; text-decoration: underline; text-decoration-color: transparent; }
.up-panels figcaption button:hover, .up-panels figcaption button[aria-pressed=true] {
  text-decoration-color: var(--color-accent); text-decoration-thickness: 2px; text-underline-offset: 3px; }
.up-panels .best { color: var(--body-text-color); font-weight: 600; }
.up-maps img { image-rendering: pixelated; }
.up-group { display: grid; gap: 6px; }
.up-group > p:first-child, .up-others legend { margin: 0; font-size: 14px; font-weight: 550;
  color: var(--body-text-color); }
.up-others { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 14px;
  color: var(--body-text-color); }
.up-others legend { padding: 0; margin-bottom: 6px; }
.up-others label, .up-test { display: flex; gap: 8px; align-items: flex-start; cursor: pointer; }
.up-test { font-size: 14px; color: var(--body-text-color); line-height: 1.4; }
.up-examples { grid-template-columns: 1fr 1fr; }
"""

UPSCALE_SCRIPT = (
    WORKBENCH_SCRIPT
    + """
const LARGEST_FILE = 16 * 2 ** 20, LARGEST_TOGETHER = 16 * 2 ** 20, MOST_FILES = 20, MOST_NETWORKS = 3;
const spot = find(".up-spot"), zoom = find(".up-zoom");
let state = null;      // models (the first one is looked at), scale, test, offered, scales, examples
let source = null;     // what is enlarged: { example } or { image, name }
let shown = null;      // the last answer
let looked = 0;        // which of its results is looked at
let centre = [0.5, 0.5];  // of the spot, in shares

const radio = (text, checked, data) => {
  const button = document.createElement("button");
  button.type = "button";
  button.role = "radio";
  button.textContent = text;
  latentLab.check(button, checked);
  Object.assign(button.dataset, data);
  return button;
};

async function choose(fields) {
  let answer;
  try { answer = await server.open_upscaler(fields); } catch { say(UNREACHABLE); return false; }
  if (answer.trouble || !answer.models) { say(answer.trouble || answer.notice); return false; }
  say(answer.notice);
  const own = (state?.offered || []).filter(([name]) => !answer.offered.some(([other]) => other === name));
  state = { ...answer, offered: [...answer.offered, ...own] };
  find(".up-examples").replaceChildren(...state.examples.map((title, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.example = index;
    button.textContent = title;
    return button;
  }));
  showControls();
  return true;
}

function showControls() {
  const [main, ...others] = state.models;
  latentLab.replace(find(".up-tiers"), state.offered.map(([name, title]) =>
    radio(title, name === main, { model: name })));
  find(".up-does").textContent = state.offered.find(([name]) => name === main)[2];
  latentLab.replace(find(".up-scales"), state.scales.map((scale) =>
    radio(`${scale}\\u00d7`, scale === state.scale, { scale })));
  const boxes = state.offered.filter(([name]) => name !== main).map(([name, title]) => {
    const label = document.createElement("label"), box = document.createElement("input");
    box.type = "checkbox";
    box.className = "box";
    box.dataset.other = name;
    box.checked = others.includes(name);
    box.disabled = !box.checked && others.length >= MOST_NETWORKS - 1;
    label.append(box, title);
    return label;
  });
  latentLab.replace(find(".up-others"), [find(".up-others legend"), ...boxes]);
  find(".up-testing").checked = state.test;
  for (const button of element.querySelectorAll("[data-example]")) {
    button.setAttribute("aria-pressed", String(+button.dataset.example === source?.example));
  }
}

// --- enlarging -----------------------------------------------------------------------------------------------------

const asked = () => ({ model: state.models.join(","), scale: state.scale, test: state.test ? 1 : 0 });

async function run() {
  if (!state || !source) return;
  showControls();
  const picture = source.image ? { image: source.image } : { example: source.example };
  const answer = await finished(() => server.upscale_picture({ ...asked(), ...picture }));
  if (!answer) return;
  const mine = newest;
  looked = 0;
  await show(answer, mine);
  element.dataset.link = answer.link;
  element.dataset.shown = `${asked().model} ${state.scale} ${newest}`;
  if (source.example !== undefined) latentLab.remember("upscale", answer.link, false);
  trigger("input", { ...asked(), example: source.example || 0 });
}

async function show(answer, mine) {
  await Promise.all([decoded(before, answer.bicubic), decoded(after, answer.results[looked].address)]);
  if (mine !== newest) return;
  const another = !shown || shown.width !== answer.width || shown.height !== answer.height;
  shown = answer;
  if (another) {
    centre = [...answer.spot];
    zoom.value = Math.max(1, Math.min(4, Math.round(600 / Math.min(answer.width, answer.height) * 2) / 2 + 1));
  }
  find(".wb-warning").textContent = answer.remark;
  find(".wb-warning").hidden = !answer.remark;
  find(".wb-download").hidden = false;
  fit();
  showPanels();
  find(".up-maps").replaceChildren(...answer.results.map((result) =>
    figure(result.invented, `${result.title}: ${result.off} grey levels off on average`)));
  look(looked);
}

function look(index) {  // one of the results on the large picture
  looked = index;
  const result = shown.results[index];
  const what = source.image ? (source.name || "Your picture") : state.examples[source.example];
  after.src = result.address;
  before.alt = `${what}, enlarged bicubically`;
  after.alt = `${what}, enlarged by ${result.title}`;
  find(".wb-tag-after").textContent = result.title + (result.invents ? ", invents detail" : "");
  find(".wb-line").textContent = `${what}: ${shown.from[0]} \\u00d7 ${shown.from[1]} \\u2192 ` +
    `${shown.width} \\u00d7 ${shown.height}`;
  latentLab.announce(`${find(".wb-line").textContent}, ${result.title}`);
  const displayed = Math.round(100 * compare.clientWidth * devicePixelRatio / shown.width);
  find(".wb-note").textContent = (displayed === 100 ? "" : `Shown at ${displayed} %. `) + (result.invents
    ? "Detail is a plausible guess, not a fact." : "Faithful: soft where the picture does not tell.");
  for (const button of element.querySelectorAll("[data-look]")) {
    button.setAttribute("aria-pressed", String(+button.dataset.look === index));
  }
}

// As large as fits; small pictures by a whole number.
function fit() {
  const wide = stage.clientWidth, { width, height } = shown, room = wide < 760 ? wide : wide - 330;
  const tall = Math.max(260, innerHeight - (stage.getBoundingClientRect().top + scrollY) - 100);
  let factor = Math.min(room / width, tall / height);
  if (factor > 1 && Math.max(width, height) < 256) {
    factor = Math.max(1, Math.floor(factor * devicePixelRatio) / devicePixelRatio);
  }
  factor = Math.min(6, factor);
  compare.style.width = Math.max(1, Math.round(width * factor)) + "px";
  compare.style.height = Math.max(1, Math.round(height * factor)) + "px";
}

// --- the same spot of every picture ----------------------------------------------------------------------------------

function showPanels() {
  const best = shown.scores.length
    ? shown.scores.reduce((top, score, index) => (score[0] > shown.scores[top][0] ? index : top), 0) : -1;
  const panels = [
    ...(shown.small ? [{ title: "Given", address: shown.small, words: shown.from.join(" \\u00d7 ") }] : []),
    { title: "Bicubic", address: shown.bicubic, score: shown.scores[0], best: best === 0 },
    ...shown.results.map((result, index) => ({ ...result, index, score: shown.scores[index + 1],
      best: best === index + 1 })),
    ...(shown.truth ? [{ title: "Truth", address: shown.truth, words: "what was there" }] : []),
  ];
  latentLab.replace(find(".up-panels"), panels.map((panel) => {
    const made = document.createElement("figure"), caption = document.createElement("figcaption");
    made.innerHTML = `<div class="up-window"><img alt=""></div>`;
    const image = made.querySelector("img");
    image.src = panel.address;
    image.alt = `${panel.title}, the same spot`;
    const title = document.createElement(panel.index === undefined ? "b" : "button");
    title.textContent = panel.title;
    if (panel.index !== undefined) {
      title.type = "button";
      title.dataset.look = panel.index;
      title.title = "Show on the large picture";
    }
    const words = document.createElement("span");
    words.textContent = panel.score ? `${panel.score[0].toFixed(2)} dB, SSIM ${panel.score[1].toFixed(3)}`
      : panel.words || (panel.index === undefined ? "no network" : panel.invents ? "invents detail" : "faithful");
    words.classList.toggle("best", !!panel.best);
    if (panel.best) words.textContent += " (nearest)";
    caption.append(title, words);
    made.append(caption);
    return made;
  }));
  find(".up-lens").hidden = false;
  move(0, 0);
}

function move(right, down) {  // the spot, by pixels of the result
  const windows = [...element.querySelectorAll(".up-window")], { width, height } = shown;
  const side = windows[0].clientWidth, factor = +zoom.value / devicePixelRatio;
  const size = [width, height], by = [right, down];
  for (const k of [0, 1]) {  // not beyond the border, unless all of it fits
    const half = Math.min(0.5, side / factor / size[k] / 2);
    centre[k] = Math.max(half, Math.min(1 - half, centre[k] + by[k] / size[k]));
  }
  for (const image of element.querySelectorAll(".up-window img")) {
    image.style.width = `${width * factor}px`;
    image.style.height = `${height * factor}px`;
    image.style.transform =
      `translate(${side / 2 - centre[0] * width * factor}px, ${side / 2 - centre[1] * height * factor}px)`;
  }
  const [w, h] = size.map((length) => Math.min(1, side / factor / length));
  spot.hidden = w === 1 && h === 1;
  spot.style.cssText = `left:${100 * (centre[0] - w / 2)}%;top:${100 * (centre[1] - h / 2)}%;` +
    `width:${100 * w}%;height:${100 * h}%`;
}

let grip = null;  // where the pointer was, and how many pixels of the result one of its pixels is
const release = () => { grip = null; };
function drag(event) {
  if (!grip) return;
  move((event.clientX - grip.x) * grip.by, (event.clientY - grip.y) * grip.by);
  [grip.x, grip.y] = [event.clientX, event.clientY];
}
for (const [target, by] of [
  [find(".up-panels"), () => -devicePixelRatio / zoom.value], [spot, () => shown.width / compare.clientWidth],
]) {
  target.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(".up-window, .up-spot")) return;
    target.setPointerCapture(event.pointerId);
    grip = { x: event.clientX, y: event.clientY, by: by() };
    event.preventDefault();
  });
  target.addEventListener("pointermove", drag);
  target.addEventListener("pointerup", release);
  target.addEventListener("pointercancel", release);
}
spot.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!step || !shown) return;
  event.preventDefault();
  move(...step.map((direction, k) => direction * 0.03 * [shown.width, shown.height][k]));
});

// --- where pictures come from ----------------------------------------------------------------------------------------

const ACCEPTED = "PNG, JPEG, WebP, GIF and BMP up to 16 MB are accepted.";
const address = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onerror = reject;
  reader.onload = () => resolve(reader.result);
  reader.readAsDataURL(file);
});

async function takeFiles(files) {
  if (!files.length || !state) return;
  if (files.length > MOST_FILES) { say(`${files.length} pictures are too many; choose up to ${MOST_FILES}.`); return; }
  if (files.some((file) => file.size > LARGEST_FILE)) { say(`The file is larger than 16 MB; ${ACCEPTED}`); return; }
  if (files.length > 1 && files.reduce((sum, file) => sum + file.size, 0) > LARGEST_TOGETHER) {
    say("Together the pictures are larger than 16 MB; choose fewer.");
    return;
  }
  try {
    if (files.length === 1) await take({ image: await address(files[0]), name: files[0].name });
    else await several(await Promise.all(files.map(async (file) => [file.name, await address(file)])));
  } catch {
    say("The file could not be read; choose it again.");
  }
}

async function several(files) {  // enlarged one after the other, into one archive
  const answer = await finished(() => server.upscale_files({ ...asked(), model: state.models[0], files,
    kind: find(".up-kind").value }));
  if (!answer) return;
  save(answer.zip, `latent-lab-x${state.scale}.zip`);
  find(".wb-warning").textContent =
    `${answer.count} of ${files.length} pictures are in the archive. ${answer.skipped.join(" ")}`;
  find(".wb-warning").hidden = false;
}

function taken(image) { take({ image, name: "Your picture" }); }

async function take(next) {  // another source
  source = next;
  slider.value = 50;
  divide();
  await run();
}

async function change(fields) {  // another network
  const mine = newest, models = [fields.model, ...state.models.slice(1).filter((name) => name !== fields.model)];
  const before = state;
  say("");
  const answer = await choose({ ...asked(), model: models.join(","), example: source?.example ?? 0 });
  if (!answer || mine !== newest) return;
  if (!state.models.includes(fields.model)) {  // it was refused, and the server fell back
    const notice = find(".wb-notice").textContent;
    state = before;
    showControls();
    say(notice);
    return;
  }
  await run();
}

function save(file, name) {
  const anchor = document.createElement("a");
  anchor.href = file;
  anchor.download = name;
  anchor.click();
}

async function download() {
  const kind = find(".up-kind").value, button = find(".wb-download");
  button.disabled = true;
  try {
    const { kept, address } = shown.results[looked];
    const answer = kept ? await server.download({ kept, kind })
      : kind === "png" ? { file: address }
      : await server.download({ image: address, kind });
    if (!answer.file) { say(answer.notice || answer.trouble); return; }
    const stem = source.image ? (source.name || "picture").replace(/\\.[^.]*$/, "") : state.examples[source.example];
    save(answer.file, `${stem}-x${state.scale}.${kind.replace("jpeg", "jpg")}`);
  } catch {
    say(UNREACHABLE);
  } finally {
    button.disabled = false;
  }
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !state) return;
  const { example, model, scale, look: index } = button.dataset;
  if (example !== undefined) take({ example: +example });
  else if (model) {
    state.models = [model, ...state.models.slice(1).filter((name) => name !== model)];
    run();
  } else if (scale) {
    state.scale = +scale;
    run();
  } else if (index !== undefined) look(+index);
  else if (button.matches(".wb-download")) download();
});
element.addEventListener("input", (event) => {
  event.stopPropagation();
  const { other } = event.target.dataset;
  if (event.target === zoom) move(0, 0);
  else if (other) {
    const others = state.models.slice(1).filter((name) => name !== other);
    state.models = [state.models[0], ...(event.target.checked ? [...others, other] : others)];
    run();
  } else if (event.target.matches(".up-testing")) {
    state.test = event.target.checked;
    run();
  }
});
addEventListener("resize", () => {
  if (!shown || !element.clientWidth) return;
  fit();
  move(0, 0);
});

const query = new URLSearchParams(location.search);
const start = query.get("tab") === "upscale" ? Object.fromEntries(query) : {};
const watcher = new IntersectionObserver((entries) => {  // the first picture, when the tab is first looked at
  if (!entries.some((entry) => entry.isIntersecting)) return;
  watcher.disconnect();
  choose({ model: "fast,sharp", ...start }).then((worked) => { if (worked) take({ example: state.example }); });
});
watcher.observe(element);
"""
)
