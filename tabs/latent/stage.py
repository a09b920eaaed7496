"""The stage of the tab "Latent sliders": picture and sliders, leak meter, strips, a picture read into codes.

Sliders ask the server themselves, one request at a time: positions that were passed while it drew are never asked for,
the last one always is.
"""

from tabs.latent.face import FACE, FACE_SCRIPT

LATENT = (
    """
<section class="latent" aria-label="Latent sliders">
  <h2 class="for-readers">Latent sliders</h2>
  <p class="latent-notice notice" role="alert" hidden></p>
  <div class="bench">
    <div class="latent-left">
      <div class="latent-show">
        <div class="latent-pictures"></div>
        <p class="latent-note"></p>
      </div>
      <div class="latent-meter" hidden>
        <h3>What moves when <span class="latent-which"></span> moves</h3>
        <p class="latent-meter-note" hidden>Mean over 200 random faces, from one end to the other</p>
        <div class="latent-bars"></div>
      </div>
      <div class="latent-below">
        <h3>Every slider over its range</h3>
        <div class="latent-strips"></div>
        <details class="latent-scores"><summary>Scores of the networks</summary><div></div></details>
      </div>
    </div>
    <div class="controls latent-controls">
      <div class="latent-choices">
        <label class="latent-choice">Network <select class="network"></select></label>
        <label class="latent-choice latent-sets">Sliders <select class="set"></select></label>
      </div>
      <label class="latent-choice latent-besides">Beside it <select class="beside"></select></label>
      <div class="latent-sliders"></div>
      <div class="latent-row">
        <button type="button" class="latent-dice">Surprise me</button>
        <button type="button" class="small-button latent-rest" hidden>Reset</button>
        <label>Seed <input type="number" class="seed" min="0" max="2147483647" step="1"></label>
      </div>
      <div class="latent-encode">
        <p>Read a picture into the sliders</p>
        <div class="latent-row">
          <button type="button" class="small-button latent-render">A rendered one</button>
          <button type="button" class="small-button latent-open">Your own</button>
          <input type="file" class="latent-file" accept="image/*" hidden>
        </div>
      </div>
      <button type="button" class="small-button latent-face">Your own face</button>
    </div>
  </div>
"""
    + FACE
    + """</section>
"""
)

LATENT_CSS = """
.latent .notice { border: 1px solid var(--color-accent); border-radius: 8px; padding: 5px 12px; margin: 0 0 10px;
  color: var(--body-text-color); font-size: 14px; box-shadow: inset 5px 0 0 var(--color-accent); }
.latent h3 { margin: 0 0 8px; font-size: 15px; font-weight: 600; color: var(--body-text-color); }
.latent-pictures { display: flex; gap: 16px; flex-wrap: wrap; min-height: 200px; }
.latent-pictures figure { margin: 0; width: 320px; max-width: 100%; }
.latent-pictures figure.large { width: 384px; }
.latent-meter-note { font-size: 13px; color: var(--body-text-color-subdued); margin: -4px 0 8px; }
.latent-pictures canvas { width: 100%; aspect-ratio: 1; border-radius: 12px; display: block;
  background: var(--border-color-primary); }
.latent-pictures canvas.crisp { image-rendering: pixelated; }
.latent-pictures figcaption, .latent-note { font-size: 13px; color: var(--body-text-color-subdued); margin: 6px 0 0; }
.latent-left { display: flex; flex-wrap: wrap; gap: 16px 28px; align-items: flex-start; }
.latent-meter { flex: 1; min-width: 260px; max-width: 460px; }
.latent-bars { display: grid; grid-template-columns: max-content 1fr 4ch; gap: 5px 12px; align-items: center;
  font-size: 13px; color: var(--body-text-color); font-variant-numeric: tabular-nums; }
.latent-bars i { display: block; height: 12px; border-radius: 3px; background: var(--slider-color); min-width: 2px; }
.latent-choices { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 10px; }
.latent-choices select { text-overflow: ellipsis; padding-right: 30px !important; }
.latent-choice { font-size: 14px; font-weight: 550; display: grid; gap: 4px; color: var(--body-text-color); }
.latent select, .latent input[type=number] { border: 1px solid var(--input-border-color); border-radius: 8px;
  padding: 7px 10px; background-color: var(--input-background-fill); color: var(--body-text-color); font-size: 14px;
  min-width: 0; width: 100%; }
.latent-controls { display: grid; gap: 14px; }
.latent-sliders { display: grid; gap: 12px; }
.latent-sliders.many { gap: 2px; }
.latent-sliders.many .latent-slider { line-height: 1.25; }
.latent-slider, .latent-show, .latent-bars { contain: layout style; }
.latent-slider { display: grid; grid-template-columns: 1fr auto; gap: 0 8px; font-size: 14px;
  color: var(--body-text-color); }
.latent-slider b { font-weight: 550; }
.latent-slider small { font-size: 13px; color: var(--body-text-color-subdued); font-weight: 450; }
.latent-slider output { color: var(--body-text-color-subdued); font-variant-numeric: tabular-nums; }
.latent-slider input { grid-column: 1 / -1; width: 100%; margin: 0; }
.latent-row { display: flex; gap: 10px; align-items: center; }
.latent-row label { font-size: 14px; font-weight: 550; display: flex; gap: 8px; align-items: center; flex: 1;
  color: var(--body-text-color); }
.latent-dice { min-height: 42px; border-radius: 9px; font-weight: 600; padding: 0 16px; cursor: pointer;
  background: var(--button-primary-background-fill); color: var(--button-primary-text-color); white-space: nowrap; }
.latent-encode p { margin: 0 0 6px; font-size: 14px; font-weight: 550; color: var(--body-text-color); }
.latent-below { flex-basis: 100%; }
.latent-strips { display: grid; gap: 8px; }
.latent-strip { display: grid; grid-template-columns: 150px minmax(0, 640px) auto; gap: 12px; align-items: center;
  font-size: 13px; color: var(--body-text-color); }
.latent-strip canvas { width: 100%; display: block; border-radius: 6px; }
.latent-scores { margin-top: 14px; font-size: 14px; color: var(--body-text-color); }
.latent-scores summary { cursor: pointer; font-weight: 550; padding: 6px 0; }
.latent-scores table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.latent-scores :is(td, th) { text-align: left; padding: 4px 18px 4px 0; color: var(--body-text-color);
  border-bottom: 1px solid var(--border-color-primary); font-weight: 450; }
@media (max-width: 768px) {
  .latent .bench { display: flex !important; flex-direction: column; gap: 16px !important; }
  .latent-left { display: contents; }
  .latent-show { width: 100%; }
  .latent-controls { order: 1; }
  .latent-meter { order: 2; width: 100%; flex: none; }
  .latent-below { order: 3; width: 100%; }
  .latent-strip { grid-template-columns: 1fr auto; }
  .latent-strip canvas { grid-column: 1 / -1; grid-row: 2; }
  .latent-pictures figure { width: 100%; }
  .latent-pictures figure:not(:only-child) { width: calc(50% - 8px); }
}
"""

LATENT_SCRIPT = (
    FACE_SCRIPT
    + """
const UNREACHABLE = "The server could not be reached; please try again.";
const TOO_LARGE = "The file is larger than 4 MB; PNG, JPEG, WebP, GIF and BMP up to 4 MB are accepted.";
const find = (selector) => element.querySelector(selector);
const say = (sentence) => {
  find(".latent-notice").textContent = sentence || "";
  find(".latent-notice").hidden = !sentence;
};
let state = null;      // model, set, codes, seed, z, as shown
let wanted = null;     // where the sliders stand
let drawing = false, overtaken = false;
let types = [], names = [], effect = { names: [], factors: [], movements: [] }, beside = "", selected = 0;
let own = null;        // a face that was found: its latent, and what was in the frame
let settled = 0, strips = 0, generation = 0;

const smooth = () => state && !state.model.startsWith("sprites");
async function load(address) {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  return picture;
}
function put(canvas, picture) {  // as it is; the style enlarges it, which costs no time of ours
  if (canvas.width !== picture.naturalWidth) canvas.width = canvas.height = picture.naturalWidth;
  canvas.getContext("2d").drawImage(picture, 0, 0);
}
const stateOf = ({ model, set, codes, seed, z }) => ({ model, set, codes, seed, ...(z?.length ? { z } : {}) });
function label(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

async function showPictures(addresses, captions) {
  const pictures = await Promise.all(addresses.map(load));
  const box = find(".latent-pictures");
  while (box.children.length > pictures.length) box.lastChild.remove();
  while (box.children.length < pictures.length) {
    const figure = document.createElement("figure");
    figure.append(document.createElement("canvas"), document.createElement("figcaption"));
    figure.firstChild.role = "img";
    box.append(figure);
  }
  pictures.forEach((picture, index) => {
    const [canvas, caption] = box.children[index].children;
    put(canvas, picture);
    if (canvas.ariaLabel !== captions[index]) canvas.ariaLabel = captions[index];
    canvas.className = smooth() ? "" : "crisp";
    box.children[index].className = picture.naturalWidth > 64 ? "large" : "";
    label(caption, pictures.length > 1 ? captions[index] : "");
  });
}

const titles = {};
async function took(answer, original) {
  state = stateOf(answer);
  label(find(".latent-note"), `${answer.side} × ${answer.side} px, enlarged`);
  const framed = own && state.z?.join() === own.z ? own.original : "";
  const captions = original ? ["What the network saw", "Drawn from the codes it read"]
    : framed ? ["In the frame", "Drawn by the network"] : [titles[state.model], titles[beside] || ""];
  const first = original || framed;
  await showPictures(first ? [first, ...answer.pictures] : answer.pictures, captions);
  element.dataset.link = answer.link;
  element.dataset.codes = answer.codes.join(",");
  latentLab.remember("latent", answer.link, false);
  clearTimeout(settled);
  settled = setTimeout(() => { trigger("input", state); drawStrips(); }, 300);  // the fold-outs, and what is below
}

// One request at a time; what was passed meanwhile is dropped, the last position always drawn.
async function draw() {
  if (drawing) { overtaken = true; return; }
  drawing = true;
  try {
    do {
      overtaken = false;
      const mine = generation;  // taken anew: the sliders may have moved while the last picture was decoded
      const answer = await server.move({ ...wanted, beside });
      if (mine !== generation) return;
      say(answer.notice || answer.trouble);
      if (answer.pictures && !overtaken) await took(answer);
    } while (overtaken);
  } catch {
    say(UNREACHABLE);
  } finally {
    drawing = false;
    if (overtaken) { overtaken = false; draw(); }
  }
}

function showSliders() {
  const box = find(".latent-sliders");
  if (box.children.length !== types.length || box.dataset.model !== state.model + state.set) {
    box.dataset.model = state.model + state.set;
    box.classList.toggle("many", types.length > 8);
    box.replaceChildren(...types.map(([kind, count], index) => {
      const label = document.createElement("label");
      label.className = "latent-slider";
      label.innerHTML = `<b>${names[index]} <small></small></b><output></output><input type="range">`;
      const input = label.lastChild;
      input.min = count ? 0 : -1;
      input.max = count ? count - 1 : 1;
      input.step = count ? 1 : 0.01;
      input.dataset.code = index;
      return label;
    }));
  }
  placeSliders();
}
function placeSliders() {
  [...find(".latent-sliders").children].forEach(placeSlider);
}
function placeSlider(line, index) {
  const [name, output, input] = line.children;
  const value = wanted.codes[index];
  if (+input.value !== value) input.value = value;
  label(output, types[index][1] ? String(value + 1) : (+value).toFixed(2));
  const does = effect.names[index] || kindOf(types[index]);
  label(name.querySelector("small"), does);
  if (input.ariaValueText !== output.textContent) input.ariaValueText = output.textContent;
  const title = names[index] + (does ? `, ${does}` : "");
  if (input.ariaLabel !== title) input.ariaLabel = title;
  const share = (value - input.min) / (input.max - input.min);
  input.style.setProperty("--range_progress", 100 * share + "%");
}
const kindOf = ([kind, count]) => count ? `one of ${count}` : kind === "circular" ? "a circle" : "";

function showMeter() {
  find(".latent-meter").hidden = effect.movements.length === 0;
  if (!effect.movements.length) return;
  find(".latent-which").textContent = state.set ? names[selected] : `code ${selected + 1}`;
  find(".latent-meter-note").hidden = !state.set;
  find(".latent-bars").innerHTML = effect.factors.map((factor, k) => {
    const moved = effect.movements[selected][k];
    return `<span>${factor}</span><i style="width:${100 * moved}%"></i><span>${moved.toFixed(2)}</span>`;
  }).join("");
}

async function open(fields) {
  const mine = ++generation;
  let answer;
  try { answer = await server.open_sliders(fields); } catch { say(UNREACHABLE); return; }
  if (mine !== generation) return;
  if (answer.trouble) { say(answer.trouble); return; }
  say(answer.notice);
  types = answer.types;
  names = answer.titles;
  selected = 0;
  effect = { names: [], factors: [], movements: [] };
  for (const [name, title] of answer.models) titles[name] = title;
  fill(".network", answer.models, answer.model);
  beside = answer.beside.some(([name]) => name === beside) ? beside : "";
  fill(".beside", [["", "nothing"], ...answer.beside], beside);
  find(".latent-besides").hidden = answer.beside.length === 0;
  fill(".set", answer.sets, answer.set);
  find(".latent-sets").hidden = answer.sets.length === 0;
  find(".latent-rest").hidden = !answer.set;
  find(".latent-encode").hidden = !answer.reads;
  state = stateOf(answer);
  wanted = { ...state, codes: [...answer.codes] };
  find(".seed").value = state.seed;
  showSliders();
  showMeter();
  await took(answer);
  latentLab.announce(`${titles[state.model]}: the picture of seed ${state.seed}`);
  const told = await server.meter({ model: state.model, set: state.set });
  if (mine !== generation || !told.names) return;
  effect = told;
  element.dataset.meter = told.names.length ? "told" : "none";
  placeSliders();
  showMeter();
}
function fill(selector, options, value) {
  find(selector).replaceChildren(...options.map(([name, title]) => new Option(title, name, false, name === value)));
}

function anotherFace(seed = 1 + Math.floor(Math.random() * 99999)) {
  open({ model: state.model, set: state.set, seed });
}
function rest() {  // all sliders where the face is as it was
  generation++;
  wanted.codes = wanted.codes.map(() => 0);
  placeSliders();
  draw();
}

async function drawStrips() {
  const mine = ++strips;
  let answer;
  try { answer = await server.strips(state); } catch { return; }
  if (mine !== strips || !answer.sheet) return;
  const sheet = await load(answer.sheet);
  if (mine !== strips) return;
  const box = find(".latent-strips");
  latentLab.replace(box, answer.counts.map((count, row) => {
    const line = document.createElement("div"), last = row === answer.counts.length - 1;
    line.className = "latent-strip";
    const name = !last ? names[row] : state.z ? `This face to seed ${state.seed + 1}`
      : `Seed ${state.seed} to seed ${state.seed + 1}`;
    line.innerHTML = `<span>${name}<br><small>${last ? "" : effect.names[row] || ""}</small></span>` +
      `<canvas role="img" aria-label="${name}, ${count} pictures"></canvas>` +
      `<button type="button" class="small-button" aria-label="GIF: ${name}">GIF</button>`;
    line.querySelector("button").dataset.film = last ? "to" : row;
    const canvas = line.querySelector("canvas");
    const cell = 128, gap = 8, side = sheet.naturalWidth / answer.columns;
    canvas.width = answer.columns * (cell + gap) - gap;
    canvas.height = cell;
    const brush = canvas.getContext("2d");
    brush.imageSmoothingEnabled = smooth();
    brush.imageSmoothingQuality = "high";
    for (let index = 0; index < count; index++) {
      brush.drawImage(sheet, index * side, row * side, side, side, index * (cell + gap), 0, cell, cell);
    }
    return line;
  }));
}

async function readPicture(fields) {
  const mine = ++generation;
  say("");
  let answer;
  try { answer = await server.read_picture({ model: state.model, seed: state.seed, ...fields }); }
  catch { say("The server could not be reached, or the file is larger than 4 MB."); return; }
  if (mine !== generation) return;
  if (answer.notice || answer.trouble) { say(answer.notice || answer.trouble); return; }
  wanted = { ...stateOf(answer), codes: [...answer.codes] };
  await took(answer, answer.original);
  element.dataset.far = answer.far;
  say(answer.warning);
  latentLab.announce("The picture was read, and drawn from the codes");
  placeSliders();
}

element.addEventListener("input", (event) => {
  event.stopPropagation();
  const { target } = event;
  if (target.dataset.code !== undefined) {
    generation++;
    const code = +target.dataset.code;
    wanted.codes[code] = +target.value;
    draw();  // first, so that the server works while the page is brought up to date
    placeSlider(target.parentElement, code);
    if (code !== selected) { selected = code; showMeter(); }
  } else if (target.matches(".network")) open({ model: target.value });
  else if (target.matches(".set")) open({ ...state, codes: null, set: target.value });
  else if (target.matches(".beside")) { beside = target.value; draw(); }
  else if (target.matches(".seed") && target.value !== "") anotherFace(target.value);
  else if (target.matches(".latent-file") && target.files.length) {
    const file = target.files[0], reader = new FileReader();
    target.value = "";
    if (file.size > 4 * 2 ** 20) { say(TOO_LARGE); return; }
    reader.onload = () => readPicture({ image: reader.result });
    reader.readAsDataURL(file);
  }
});
element.addEventListener("focusin", ({ target }) => {
  if (target.dataset.code !== undefined) { selected = +target.dataset.code; showMeter(); }
});
element.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button || !state) return;
  if (button.matches(".latent-dice")) anotherFace();
  else if (button.matches(".latent-rest")) rest();
  else if (button.matches(".latent-render")) readPicture({ render: 1 + Math.floor(Math.random() * 99999) });
  else if (button.matches(".latent-open")) find(".latent-file").click();
  else if (button.matches(".latent-face")) face.show();
  else if (button.dataset.film !== undefined) {
    button.disabled = true;
    try {
      const file = await server.film({ ...state, code: button.dataset.film });
      if (file.notice) { say(file.notice); return; }
      const anchor = document.createElement("a");
      anchor.href = file.content;
      anchor.download = file.name;
      anchor.click();
    } catch {
      say(UNREACHABLE);
    } finally {
      button.disabled = false;
    }
  }
});
find(".latent-scores").addEventListener("toggle", async () => {
  if (!find(".latent-scores").open) return;
  const { rows } = await server.scores({});
  const line = ([title, ...values]) =>
    `<tr><td>${title}</td>${values.map((value) => `<td>${value.toFixed(2)}</td>`).join("")}</tr>`;
  find(".latent-scores div").innerHTML =
    `<table><tr><th>Network</th><th>FactorVAE</th><th>DCI</th><th>MIG</th></tr>${rows.map(line).join("")}</table>`;
});

async function foundFace(answer) {
  own = { z: answer.latent.join(), original: answer.original };
  if (titles[answer.model]) await open({ model: answer.model, set: state.set, z: answer.latent });
  else await showPictures([answer.original, answer.picture], ["In the frame", "Drawn by the network"]);
  if (answer.warning) say(answer.warning);
  find(".latent-show").scrollIntoView({ block: "nearest", behavior: latentLab.still ? "auto" : "smooth" });
  latentLab.announce("A face like yours was found");
}
const face = mountFace(element, server, foundFace);

const query = new URLSearchParams(location.search);
const start = query.get("tab") === "latent" ? Object.fromEntries(query) : {};
const watcher = new IntersectionObserver((entries) => {  // drawn when it is first looked at
  if (!entries.some((entry) => entry.isIntersecting)) return;
  watcher.disconnect();
  open(start);
});
watcher.observe(element);
"""
)
