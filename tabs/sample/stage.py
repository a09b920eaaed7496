"""The stage of the Sample tab: faces to click, a morph to play, downloads. HTML, style and script of one component.

The server sends all faces of an answer as one lossless picture (the sheet); the script cuts it into canvases, each
enlarged by a whole number of screen pixels. Faces keep their place while new ones are on their way.
"""

STAGE = """
<section class="stage" aria-label="Pictures">
  <h2 class="for-readers">Sample</h2>
  <div class="stage-head">
    <nav class="trail" aria-label="Lineage" hidden></nav>
    <p class="hint"></p>
    <p class="notice" role="alert" hidden></p>
  </div>
  <div class="trouble" role="alert" hidden><h3>This network is not available</h3><p></p></div>
  <div class="waiting" role="status">Drawing the first faces…</div>
  <div class="grid" hidden></div>
  <div class="film" hidden>
    <canvas class="frame" role="img"></canvas>
    <div class="transport">
      <button type="button" class="small-button play">Pause</button>
      <input type="range" class="position" min="0" value="0" step="1" aria-label="Position in the morph">
    </div>
    <div class="strip"></div>
  </div>
  <div class="stage-foot">
    <span class="note"></span>
    <span class="downloads" hidden>
      <span>Download</span>
      <button type="button" class="small-button" data-kind="sheet">Sheet (PNG)</button>
      <button type="button" class="small-button" data-kind="gif">GIF</button>
      <button type="button" class="small-button" data-kind="mp4">MP4</button>
      <button type="button" class="small-button" data-kind="zip">Pictures (zip)</button>
    </span>
  </div>
</section>
"""

STAGE_CSS = """
.stage { min-height: 420px; }
.stage-head { min-height: 34px; display: flex; align-items: center; gap: 12px; flex-wrap: wrap; margin-bottom: 8px; }
.stage .hint, .stage .note { margin: 0; font-size: 14px; color: var(--body-text-color-subdued); }
.stage .trail { display: flex; align-items: center; gap: 6px; flex-wrap: wrap; }
.stage .trail button { display: inline-flex; border-radius: 8px; padding: 0; border: 2px solid transparent;
  overflow: hidden; cursor: pointer; }
.stage .trail button.small-button { border: 1px solid var(--input-border-color); padding: 5px 12px; }
.stage .trail button[aria-current] { border-color: var(--color-accent); }
.stage .trail canvas { display: block; width: 48px; height: 48px; }
.stage .trail span { color: var(--body-text-color-subdued); }
.stage .notice, .stage .trouble { border: 1px solid var(--color-accent); border-radius: 8px; margin: 0;
  box-shadow: inset 5px 0 0 var(--color-accent); padding: 5px 12px 5px 16px; color: var(--body-text-color);
  background: var(--background-fill-primary); font-size: 14px; overflow-wrap: anywhere; max-width: 784px; }
.stage .trouble { padding: 22px 28px; font-size: 15px; }
.stage .waiting { max-width: 784px; aspect-ratio: 784 / 520; border-radius: 10px; display: grid; place-items: center;
  background: var(--border-color-primary); color: var(--body-text-color-subdued); font-size: 15px; }
.stage .trouble h3 { margin: 0 0 8px; font-size: 18px; color: var(--body-text-color); }
.stage .trouble p { margin: 0; line-height: 1.5; }
.stage .grid { display: grid; gap: 8px; justify-content: start; }
.stage .grid button { padding: 0; border-radius: 10px; overflow: hidden; display: block; cursor: pointer;
  position: relative; background: var(--background-fill-primary); }
.stage .grid button:hover { box-shadow: 0 0 0 3px var(--color-accent); }
.stage canvas { display: block; }
.stage .film { max-width: 640px; margin: 0 auto; }
.stage .frame { border-radius: 12px; margin: 0 auto; }
.stage .transport { display: flex; gap: 12px; align-items: center; margin: 12px 0; }
.stage .transport .play { min-width: 76px; }
.stage input[type=range], .ladder input[type=range] { flex: 1; width: 100%; margin: 0; }
.stage .strip { display: grid; grid-template-columns: repeat(9, 1fr); gap: 6px; }
.stage .strip button { padding: 0; border-radius: 6px; overflow: hidden; cursor: pointer; }
.stage .strip button:hover { box-shadow: 0 0 0 2px var(--color-accent); }
.stage .strip canvas { width: 100%; height: auto; aspect-ratio: 1; }
.stage-foot { display: flex; gap: 10px 16px; align-items: center; justify-content: space-between; flex-wrap: wrap;
  margin-top: 12px; max-width: max(var(--grid-width, 0px), 560px); }
.stage[data-mode=morph] .stage-foot { max-width: 640px; margin-left: auto; margin-right: auto; }
.stage .downloads { display: flex; gap: 6px; align-items: center; flex-wrap: wrap; font-size: 14px;
  color: var(--body-text-color-subdued); }
.ladder { display: grid; gap: 4px; }
.ladder label { display: flex; justify-content: space-between; gap: 8px; font-size: var(--text-sm); font-weight: 550;
  color: var(--body-text-color); }
.ladder output { color: var(--body-text-color-subdued); font-weight: 450; font-variant-numeric: tabular-nums; }
@media (max-width: 768px) {
  .stage .grid { justify-content: center; }
}
"""

STAGE_SCRIPT = """
const find = (selector) => element.querySelector(selector);
const [grid, film, frame, strip, position, play, trail, hint, notice, trouble, note, downloads] =
  [".grid", ".film", ".frame", ".strip", ".position", ".play", ".trail", ".hint", ".notice", ".trouble", ".note",
   ".downloads"].map(find);
let shown = null;     // the answer on the stage
let sheet = null;     // its pictures, side by side
let newest = 0;       // so that an answer which was overtaken is dropped
let playing = !latentLab.still;
let direction = 1, lastTurn = 0, pushing = false;

// One face: cut out first, so that its neighbours on the sheet do not bleed in, then enlarged smoothly.
const cut = document.createElement("canvas");
function paint(canvas, index, side) {
  const size = shown.size;
  cut.width = cut.height = size;
  cut.getContext("2d").drawImage(sheet, (index % shown.columns) * size, Math.floor(index / shown.columns) * size,
    size, size, 0, 0, size, size);
  const pixels = Math.round(side * devicePixelRatio);
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  canvas.style.width = canvas.style.height = side + "px";
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(cut, 0, 0, pixels, pixels);
}

// The side of a face in CSS pixels: a whole number of screen pixels per pixel, the largest that needs no scrolling.
function layout(count) {
  const size = shown.size, ratio = devicePixelRatio, gap = 8;
  const width = grid.parentElement.clientWidth;
  const height = innerHeight - (grid.getBoundingClientRect().top + scrollY) - 56;
  const smallest = Math.max(Math.min(256 / ratio, width), Math.min(148, width));
  let best = null;
  for (let factor = Math.floor(384 * ratio / size); factor >= 1; factor--) {
    const side = factor * size / ratio;
    if (side > width) continue;
    if (best && side < smallest) break;
    const columns = Math.max(1, Math.floor((width + gap) / (side + gap)));
    const rows = Math.ceil(count / columns);
    best = { side, columns: Math.ceil(count / rows) };  // rows as even as can be
    if (rows * (side + gap) - gap <= height || side < smallest) break;
  }
  return best;
}

function showGrid() {
  const { side, columns } = layout(shown.count);
  grid.style.gridTemplateColumns = `repeat(${columns}, ${side}px)`;
  while (grid.children.length > shown.count) grid.lastChild.remove();
  while (grid.children.length < shown.count) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(document.createElement("canvas"));
    grid.append(button);
  }
  grid.parentElement.style.setProperty("--grid-width", columns * (side + 8) - 8 + "px");
  [...grid.children].forEach((button, index) => {
    button.setAttribute("aria-label", `Face ${index + 1} of ${shown.count}: show its neighbours`);
    paint(button.firstChild, shown.path.length + index, side);
  });
}

function showTrail() {
  trail.hidden = shown.path.length === 0;
  trail.replaceChildren();
  if (trail.hidden) return;
  const step = (label, depth, child) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.depth = depth;
    button.setAttribute("aria-label", label);
    button.title = label;
    button.append(child);
    if (depth === shown.path.length) button.setAttribute("aria-current", "step");
    return button;
  };
  const back = step("Back one step", shown.path.length - 1, "\\u2190 Back");
  const all = step(`All faces of seed ${shown.seed}`, 0, `Seed ${shown.seed}`);
  back.className = all.className = "small-button";
  trail.append(back, all);
  shown.path.forEach((pick, index) => {
    const thumbnail = document.createElement("canvas");
    const arrow = document.createElement("span");
    arrow.textContent = "\\u203a";
    paint(thumbnail, index, 48);
    trail.append(arrow, step(`Face ${pick}, generation ${index + 1}`, index + 1, thumbnail));
  });
}

function showFilm() {
  const width = film.parentElement.clientWidth;
  const height = Math.max(256, innerHeight - (film.getBoundingClientRect().top + scrollY) - 190);
  const largest = Math.min(384, width, height) * devicePixelRatio;
  frame.dataset.side = Math.max(1, Math.floor(largest / shown.size)) * shown.size / devicePixelRatio;
  position.max = shown.count - 1;
  if (+position.value > shown.count - 1) position.value = shown.count - 1;
  const stills = Math.min(9, shown.count);
  strip.replaceChildren(...Array.from({ length: stills }, (_, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.frame = Math.round(index * (shown.count - 1) / Math.max(1, stills - 1));
    button.setAttribute("aria-label", `Go to frame ${+button.dataset.frame + 1} of ${shown.count}`);
    const thumbnail = document.createElement("canvas");
    paint(thumbnail, +button.dataset.frame, shown.size);
    thumbnail.style.width = thumbnail.style.height = "";
    button.append(thumbnail);
    return button;
  }));
  showFrame();
  play.textContent = playing ? "Pause" : "Play";
}

function showFrame() {
  paint(frame, +position.value, +frame.dataset.side);
  position.style.setProperty("--range_progress", 100 * position.value / (shown.count - 1) + "%");
  frame.setAttribute("aria-label", `Frame ${+position.value + 1} of ${shown.count}`);
}

function tick(time) {
  if (!element.isConnected) return;
  if (playing && shown?.mode === "morph" && sheet && time - lastTurn > 1600 / shown.count + 30 && !film.hidden) {
    lastTurn = time;
    let next = +position.value + direction;
    if (next < 0 || next >= shown.count) { direction = -direction; next = +position.value + direction; }
    position.value = next;
    showFrame();
  }
  requestAnimationFrame(tick);
}

function arrange() {
  if (!shown || !sheet || !element.clientWidth) return;
  const morph = shown.mode === "morph";
  find(".stage").dataset.mode = shown.mode;
  grid.hidden = morph;
  film.hidden = !morph;
  if (morph) { trail.hidden = true; showFilm(); } else { showTrail(); showGrid(); }
}

function say(sentence) {  // in the place of the hint, so that nothing moves
  notice.textContent = sentence;
  notice.hidden = !sentence;
  hint.hidden = !!sentence;
}

async function show() {
  const answer = props.value;
  if (!answer || !answer.mode) return;
  say(answer.notice || "");
  if (answer.mode === "notice") return;  // what was there stays
  const mine = ++newest;
  find(".waiting").hidden = true;
  trouble.hidden = answer.mode !== "trouble";
  if (answer.mode === "trouble") {
    find(".trouble p").textContent = answer.text;
    shown = sheet = null;
    for (const part of [grid, film, trail, downloads]) part.hidden = true;
    hint.textContent = note.textContent = "";
    return;
  }
  const picture = new Image();
  picture.src = answer.sheet;
  await picture.decode();
  if (mine !== newest) return;
  shown = answer;
  sheet = picture;
  hint.textContent = answer.hint;
  note.textContent = `${answer.size} \\u00d7 ${answer.size} px, enlarged`;
  downloads.hidden = false;
  for (const button of downloads.querySelectorAll("button")) {
    button.hidden = answer.mode !== "morph" && ["gif", "mp4"].includes(button.dataset.kind);
  }
  arrange();
  element.dataset.link = answer.link;  // what is on the stage now, for whoever waits for it
  latentLab.remember("sample", answer.link, pushing);
  const faces = answer.path.length ? "neighbours of the face that was picked" : `faces of seed ${answer.seed}`;
  latentLab.announce(answer.mode === "morph" ? `A morph of ${answer.count} frames. ${answer.hint}`
    : `${answer.count} ${faces}`);
  pushing = false;
}

function go(path) {
  const link = new URLSearchParams(shown.link);
  if (path.length) link.set("path", path.join("-")); else link.delete("path");
  link.delete("step");  // neighbours are drawn by the finished network
  pushing = true;
  trigger("input", { link: link.toString() });
}

async function download(button) {
  button.disabled = true;
  try {
    const file = await server.download({ kind: button.dataset.kind, link: shown.link });
    if (file.notice) { say(file.notice); return; }
    const anchor = document.createElement("a");
    anchor.href = file.content;
    anchor.download = file.name;
    anchor.click();
  } catch {
    say("The server could not be reached; please try again.");
  } finally {
    button.disabled = false;
  }
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !shown) return;
  if (button.dataset.kind) download(button);
  else if (button === play) { playing = !playing; play.textContent = playing ? "Pause" : "Play"; }
  else if (button.parentElement === grid) go([...shown.path, [...grid.children].indexOf(button) + 1]);
  else if (button.parentElement === trail) go(shown.path.slice(0, +button.dataset.depth));
  else if (button.parentElement === strip) { pause(); position.value = button.dataset.frame; showFrame(); }
});
function pause() { playing = false; play.textContent = "Play"; }
position.addEventListener("input", (event) => { event.stopPropagation(); pause(); showFrame(); });
addEventListener("popstate", () => {
  if (element.isConnected && latentLab.tab === "sample") trigger("input", { link: location.search });
});
addEventListener("latent-lab-refused", (event) => { if (element.isConnected) say(event.detail); });
new ResizeObserver(arrange).observe(element);
requestAnimationFrame(tick);
watch("value", show);
show();
"""

LADDER = """
<div class="ladder" hidden>
  <label for="ladder-range"><span>Training (steps)</span><output></output></label>
  <input type="range" id="ladder-range" min="0" step="1">
</div>
"""

LADDER_SCRIPT = """
const [ladder, range, output] = [".ladder", "input", "output"].map((selector) => element.querySelector(selector));
function label(step) {
  output.textContent = range.ariaValueText = step === null ? "finished" : step.toLocaleString("en");
  range.style.setProperty("--range_progress", 100 * range.value / Math.max(1, range.max) + "%");
}
function show() {
  const { steps = [], step = null } = props.value || {};
  ladder.hidden = steps.length === 0;
  range.max = steps.length;  // one past the last sheet: the finished network
  range.value = step === null ? steps.length : steps.indexOf(step);
  label(step);
}
range.addEventListener("input", (event) => {
  event.stopPropagation();
  const { steps } = props.value;
  const step = +range.value < steps.length ? steps[+range.value] : null;
  props.value = { steps, step };
  label(step);
  trigger("input", { step });
});
watch("value", show);
show();
"""
