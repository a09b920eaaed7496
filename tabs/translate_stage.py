"""The stage of the tab "Translate": before and after under a slider, a canvas to draw on, round trip, X-ray, clips."""

TRANSLATE = """
<section class="translate bench" aria-label="Translate">
  <div class="tr-pictures">
    <p class="tr-line" aria-live="polite"></p>
    <p class="tr-notice notice" role="alert" hidden></p>
    <p class="tr-warning notice" role="status" hidden></p>
    <div class="tr-stage">
      <div class="tr-draw" hidden>
        <canvas class="tr-canvas" width="256" height="256" aria-label="Map to draw on" tabindex="0"></canvas>
      </div>
      <div class="tr-compare">
        <img class="tr-after" alt="">
        <img class="tr-before" alt="">
        <span class="tr-tag tr-tag-before">before</span><span class="tr-tag tr-tag-after">after</span>
        <i class="tr-handle" aria-hidden="true"></i>
        <input type="range" class="tr-slider" min="0" max="100" value="50" aria-label="Before and after">
        <div class="tr-frame" hidden tabindex="0" role="button" aria-label="Frame around the face; arrow keys move it">
        </div>
      </div>
      <video class="tr-film" controls loop muted playsinline hidden></video>
      <img class="tr-gif" alt="The translated animation" hidden>
      <div class="tr-busy" role="status" hidden>
        <p></p><progress max="1"></progress><button type="button" class="small-button tr-stop">Stop</button>
      </div>
    </div>
    <div class="tr-foot">
      <p class="tr-note"></p>
      <button type="button" class="small-button tr-download" hidden>Download</button>
      <button type="button" class="small-button tr-further" hidden>Turn this street into night</button>
    </div>
    <details class="tr-more tr-round"><summary>Round trip: there and back</summary>
      <div class="tr-four"></div><p class="tr-note tr-missed"></p></details>
    <details class="tr-more tr-xray"><summary>X-ray: what the discriminator says</summary>
      <div class="tr-two"></div><p class="tr-note tr-convinced"></p></details>
  </div>
  <div class="controls tr-controls">
    <label class="tr-choice">Network <select class="tr-network"></select></label>
    <div class="tr-directions" role="radiogroup" aria-label="Direction"></div>
    <div class="tr-tools" hidden>
      <p>Draw with</p>
      <div class="tr-palette" role="radiogroup" aria-label="Class to draw with"></div>
      <label class="tr-size">Brush <input type="range" min="2" max="60" value="16" class="tr-brush"></label>
      <div class="tr-row">
        <button type="button" class="small-button tr-undo" disabled>Undo</button>
        <button type="button" class="small-button tr-fill" aria-pressed="false">Fill areas</button>
      </div>
    </div>
    <div class="tr-sources">
      <button type="button" class="tr-open">Open a picture or clip</button>
      <div class="tr-row">
        <button type="button" class="small-button tr-camera">Camera</button>
        <button type="button" class="small-button tr-paste">Paste</button>
      </div>
      <input type="file" class="tr-file" hidden
        accept="image/png,image/jpeg,image/webp,image/gif,image/bmp,video/mp4,video/webm,video/quicktime">
      <div class="tr-examples"></div>
    </div>
    <label class="tr-size tr-framing" hidden>Size of the frame
      <input type="range" min="10" max="100" value="100" class="tr-frame-size"></label>
    <details class="tr-own"><summary>Another network</summary>
      <label>From the Hugging Face Hub <input type="text" class="tr-hub" placeholder="user/repository"
        autocomplete="off" spellcheck="false"></label>
      <div class="tr-row"><button type="button" class="small-button tr-load">Load</button>
        <button type="button" class="small-button tr-weights">Open a file of weights</button></div>
      <input type="file" class="tr-weights-file" hidden accept=".pth,.pt,.bin,.safetensors">
      <p>Generators of CycleGAN and pix2pix in their authors' format are read, files up to 64 MB.</p>
    </details>
  </div>
  <dialog class="tr-dialog" aria-label="Camera">
    <video autoplay muted playsinline></video>
    <div class="tr-row"><button type="button" class="tr-shoot">Take the picture</button>
      <button type="button" class="small-button tr-close">Cancel</button></div>
  </dialog>
</section>
"""

TRANSLATE_CSS = """
.translate { position: relative; }
.tr-line { margin: 0 0 10px; font-size: 17px; font-weight: 600; color: var(--body-text-color); }
.translate .notice { border: 1px solid var(--color-accent); border-radius: 8px; padding: 6px 12px; margin: 0 0 10px;
  color: var(--body-text-color); font-size: 14px; box-shadow: inset 5px 0 0 var(--color-accent); max-width: 900px; }
.tr-stage { position: relative; display: flex; gap: 16px; flex-wrap: wrap; align-items: flex-start; min-height: 200px; }
.tr-stage.over { outline: 3px dashed var(--color-accent); outline-offset: 4px; border-radius: 12px; }
.tr-compare { position: relative; overflow: hidden; border-radius: 12px; background: var(--border-color-primary);
  max-width: 100%; line-height: 0; touch-action: pan-y; }
.tr-compare img { display: block; width: 100%; height: 100%; }
.tr-before { position: absolute; inset: 0; clip-path: inset(0 calc(100% - var(--at, 50%)) 0 0); }
.tr-handle { position: absolute; top: 0; bottom: 0; left: var(--at, 50%); width: 2px; margin-left: -1px;
  background: #fff; box-shadow: 0 0 0 1px rgb(0 0 0 / 35%); pointer-events: none; }
.tr-handle::after { content: "\\2194"; position: absolute; top: 50%; left: 50%; width: 36px; height: 36px;
  margin: -18px 0 0 -18px; border-radius: 50%; background: #fff; color: #1c1916; display: grid; place-items: center;
  font: 600 18px/1 system-ui; box-shadow: 0 0 0 1px rgb(0 0 0 / 25%); }
.tr-compare .tr-slider { position: absolute; inset: 0; width: 100%; height: 100%; opacity: 0; margin: 0;
  cursor: ew-resize; }
.tr-compare:has(.tr-slider:focus-visible) .tr-handle::after { box-shadow: 0 0 0 3px var(--color-accent); }
.tr-tag { position: absolute; top: 10px; padding: 4px 9px; border-radius: 6px; font-size: 12px; line-height: 1.2;
  background: rgb(20 18 16 / 72%); color: #fff; pointer-events: none; }
.tr-tag-before { left: 10px; }
.tr-tag-after { right: 10px; }
.tr-compare.single :is(.tr-before, .tr-handle, .tr-slider, .tr-tag-before) { display: none; }
.tr-frame { position: absolute; border: 2px solid #fff; outline: 2px solid rgb(0 0 0 / 55%); border-radius: 4px;
  cursor: move; box-shadow: 0 0 0 2000px rgb(0 0 0 / 28%); touch-action: none; }
.tr-canvas { width: 384px; max-width: 100%; border-radius: 12px; image-rendering: pixelated; cursor: crosshair;
  touch-action: none; display: block; }
.tr-film, .tr-gif { border-radius: 12px; max-width: 100%; display: block; }
.tr-busy { position: absolute; inset: auto 12px 12px auto; display: flex; gap: 10px; align-items: center;
  padding: 8px 12px; border-radius: 10px; background: var(--background-fill-primary); color: var(--body-text-color);
  border: 1px solid var(--border-color-primary); font-size: 14px; font-variant-numeric: tabular-nums; }
.tr-busy p { margin: 0; }
.tr-busy progress { width: 120px; accent-color: var(--color-accent); }
.tr-foot { display: flex; gap: 8px 14px; align-items: center; flex-wrap: wrap; margin: 10px 0 4px; }
.tr-note { font-size: 13px; color: var(--body-text-color-subdued); margin: 0; }
.tr-foot .tr-note { flex: 1; min-width: 200px; }
.tr-more { margin-top: 10px; font-size: 14px; color: var(--body-text-color); }
.tr-more summary, .tr-own summary { cursor: pointer; font-weight: 550; padding: 6px 0; }
.tr-four, .tr-two { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 150px), 1fr));
  margin: 6px 0 8px; max-width: 960px; }
.tr-two { grid-template-columns: minmax(0, 480px); }
.tr-more figure { margin: 0; }
.tr-more figure img { width: 100%; display: block; border-radius: 8px; }
.tr-more figcaption { font-size: 13px; color: var(--body-text-color-subdued); margin-top: 4px; }
.tr-controls { display: grid; gap: 14px; }
.tr-choice, .tr-own label { font-size: 14px; font-weight: 550; display: grid; gap: 4px;
  color: var(--body-text-color); }
.translate select { padding-right: 30px !important; text-overflow: ellipsis; }
.translate select, .tr-hub { border: 1px solid var(--input-border-color); border-radius: 8px; padding: 7px 10px;
  background-color: var(--input-background-fill); color: var(--body-text-color); font-size: 14px; width: 100%;
  min-width: 0; }
.tr-directions { display: flex; background: var(--body-background-fill); border-radius: 10px; padding: 3px; }
.tr-directions button { flex: 1; border-radius: 8px; padding: 8px 4px; font-size: 14px; font-weight: 550;
  cursor: pointer; color: var(--body-text-color-subdued); }
.tr-directions button[aria-checked=true] { background: var(--background-fill-primary); color: var(--body-text-color);
  box-shadow: 0 1px 2px rgb(0 0 0 / 14%); }
.dark .tr-directions button[aria-checked=true] { background: #3a342f; }
.tr-sources { display: grid; gap: 10px; }
.tr-open, .tr-shoot { min-height: 46px; border-radius: 9px; font-weight: 600; font-size: 16px; cursor: pointer;
  background: var(--button-primary-background-fill); color: var(--button-primary-text-color); padding: 0 16px; }
.tr-open:hover { background: var(--button-primary-background-fill-hover); }
.tr-row { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
.tr-row .small-button { flex: 1; }
.tr-examples { display: grid; gap: 6px; }
.tr-examples:empty { display: none; }
.tr-examples button { border: 1px solid var(--border-color-primary); border-radius: 8px; padding: 7px 10px;
  font-size: 14px; text-align: left; cursor: pointer; color: var(--body-text-color); }
.tr-examples button[aria-pressed=true] { border-color: var(--color-accent);
  box-shadow: inset 4px 0 0 var(--color-accent); }
.tr-size { font-size: 14px; font-weight: 550; display: grid; gap: 2px; color: var(--body-text-color); }
.tr-size input { width: 100%; margin: 0; }
.tr-tools { display: grid; gap: 8px; }
.tr-tools p, .tr-own p { margin: 0; font-size: 14px; font-weight: 550; color: var(--body-text-color); }
.tr-own p { font-weight: 450; font-size: 13px; color: var(--body-text-color-subdued); }
.tr-own[open] { display: grid; gap: 8px; }
.tr-palette { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px; }
.tr-palette button { display: flex; align-items: center; gap: 6px; border: 1px solid transparent; border-radius: 7px;
  padding: 4px 5px; font-size: 12px; line-height: 1.15; cursor: pointer; color: var(--body-text-color);
  text-align: left; }
.tr-palette button[aria-checked=true] { border-color: var(--color-accent); background: var(--body-background-fill);
  font-weight: 600; }
.tr-palette i { width: 15px; height: 15px; border-radius: 4px; flex: none; border: 1px solid rgb(128 128 128 / 50%); }
.tr-fill[aria-pressed=true] { border-color: var(--color-accent); box-shadow: inset 0 0 0 1px var(--color-accent); }
.tr-dialog { border: 0; border-radius: 14px; padding: 16px; max-width: min(92vw, 720px);
  background: var(--background-fill-primary); }
.tr-dialog::backdrop { background: rgb(0 0 0 / 55%); }
.tr-dialog video { width: 100%; border-radius: 10px; display: block; margin-bottom: 12px; }
@media (max-width: 768px) {
  .translate.bench { display: flex !important; flex-direction: column; align-items: stretch; gap: 14px !important; }
  .tr-pictures { display: contents; }
  .tr-pictures > :is(.tr-line, .notice, .tr-stage, .tr-foot) { margin: 0; order: 0; }
  .tr-controls { order: 1; align-self: stretch; }
  .tr-more { order: 2; margin: 0; }
  .tr-stage, .tr-draw { width: 100%; }
  .tr-canvas { width: 100%; }
}
"""

TRANSLATE_SCRIPT = """
const UNREACHABLE = "The server could not be reached; please try again.";
const LARGEST_FILE = 16 * 2 ** 20, LARGEST_WEIGHTS = 64 * 2 ** 20;
const find = (selector) => element.querySelector(selector);
const [stage, compare, before, after, slider, frame, canvas, film, gif, busy] =
  [".tr-stage", ".tr-compare", ".tr-before", ".tr-after", ".tr-slider", ".tr-frame", ".tr-canvas", ".tr-film",
   ".tr-gif", ".tr-busy"].map(find);
const brush = canvas.getContext("2d", { willReadFrequently: true });
let open = null;       // what the server told of the network
let source = null;     // what is translated: { example } or { image, address } or { clip } or { drawn: true }
let box = null;        // the frame around a face: left, top, side, in shares
let newest = 0;        // so that an answer which was overtaken is dropped
let job = null;        // work that is going on
let result = null;     // address of the last result
let ink = null, filling = false, strokes = [];

const say = (sentence) => {
  find(".tr-notice").textContent = sentence || "";
  find(".tr-notice").hidden = !sentence;
};
const warn = (sentence) => {
  find(".tr-warning").textContent = sentence || "";
  find(".tr-warning").hidden = !sentence;
};
const drawing = () => open && open.palette.length > 0 && open.direction === open.directions[0];
const words = (direction) => direction.replace("-to-", " \\u2192 ").replaceAll("-", " ");

// --- the network -------------------------------------------------------------------------------------------------

async function choose(fields) {
  say("");
  const mine = ++newest;
  halt();
  let answer;
  try { answer = await server.open_translator(fields); } catch { say(UNREACHABLE); return false; }
  if (mine !== newest) return false;
  if (answer.trouble || !answer.model) { say(answer.trouble || answer.notice); return false; }
  say(answer.notice);
  open = answer;
  const known = open.models.some(([name]) => name === open.model);
  const models = known ? open.models : [...open.models, [open.model, open.model.startsWith("own-") ? "Your own file"
    : open.model]];
  find(".tr-network").replaceChildren(...models.map(([name, title]) =>
    new Option(title, name, false, name === open.model)));
  find(".tr-directions").replaceChildren(...open.directions.map((direction) => {
    const button = document.createElement("button");
    button.type = "button";
    button.role = "radio";
    button.dataset.direction = direction;
    button.textContent = words(direction);
    button.setAttribute("aria-checked", String(direction === open.direction));
    return button;
  }));
  find(".tr-examples").replaceChildren(...open.examples.map((title, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.example = index;
    button.textContent = open.examples.every((other) => other === title) ? `${title} (${index + 1})` : title;
    return button;
  }));
  showTools();
  return true;
}

function showTools() {
  const map = drawing();
  find(".tr-draw").hidden = find(".tr-tools").hidden = !map;
  compare.classList.toggle("single", map);
  if (!map) return;
  ink = ink || open.palette[0][1];
  find(".tr-palette").replaceChildren(...open.palette.map(([name, colour]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.role = "radio";
    button.dataset.colour = colour;
    button.innerHTML = `<i style="background:${colour}"></i>${name}`;
    button.setAttribute("aria-checked", String(colour === ink));
    return button;
  }));
}

// --- translating -------------------------------------------------------------------------------------------------

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

async function run() {
  if (!open || !source) return;
  halt();
  const mine = ++newest;
  const fields = { model: open.model, direction: open.direction };
  busy.querySelector("p").textContent = "Working\\u2026";
  busy.querySelector("progress").removeAttribute("value");
  const slow = setTimeout(() => { if (mine === newest) busy.hidden = false; }, 400);
  let answer;
  try {
    if (source.clip) answer = await server.translate_film({ ...fields, clip: source.clip });
    else {
      const picture = source.drawn ? { image: canvas.toDataURL("image/png") }
        : source.image ? { image: source.image } : { example: source.example };
      answer = await server.translate_picture({ ...fields, ...picture, frame: box, daylight: !!source.daylight });
    }
    clearTimeout(slow);
    answer = await wait(answer, mine);
  } catch {
    if (mine === newest) { say(UNREACHABLE); busy.hidden = true; }
    return;
  } finally {
    clearTimeout(slow);
  }
  if (!answer) return;
  busy.hidden = true;
  if (answer.notice || answer.trouble) { say(answer.notice || answer.trouble); return; }
  say("");
  if (answer.film) await showFilm(answer); else await showPicture(answer, mine);
  element.dataset.link = answer.link;
  element.dataset.shown = `${open.direction} ${newest}`;
  if (source.example !== undefined) latentLab.remember("translate", answer.link, false);
  trigger("input", { model: open.model, direction: open.direction, example: source.example || 0 });
}

const decoded = async (image, address) => {
  image.src = address;
  await image.decode().catch(() => {});
};

async function showPicture(answer, mine) {
  const address = answer.before || source.address || "";
  if (!drawing()) await decoded(before, address);
  await decoded(after, answer.after);
  if (mine !== newest) return;
  result = answer.after;
  film.hidden = gif.hidden = true;
  film.pause();
  compare.hidden = false;
  fit(answer.width, answer.height);
  const what = source.example !== undefined ? find(`[data-example="${source.example}"]`)?.textContent
    : source.drawn ? "Your map" : source.daylight ? "Your street, on a bright day" : "Your picture";
  find(".tr-line").textContent = `${what}: ${words(open.direction)}`;
  before.alt = `${what}, before`;
  after.alt = `${what}, after: ${words(open.direction)}`;
  const [height, width] = answer.worked, same = height === answer.height && width === answer.width;
  find(".tr-note").textContent = `${answer.width} \\u00d7 ${answer.height} px` +
    (same ? "" : `; worked out at ${width} \\u00d7 ${height} and carried over`) + ". What is new here is generated.";
  warn(answer.warning);
  find(".tr-download").hidden = false;
  find(".tr-further").hidden = !(drawing() && open.further);
  showFrame();
  const figure = (address, caption) => {
    const made = document.createElement("figure");
    made.innerHTML = `<img alt=""><figcaption></figcaption>`;
    made.firstChild.src = address;
    made.firstChild.alt = made.lastChild.textContent = caption;
    return made;
  };
  find(".tr-round").hidden = !answer.again;
  if (answer.again) {
    const [first, second] = open.direction.split("-to-").map((name) => name.replaceAll("-", " "));
    find(".tr-four").replaceChildren(figure(answer.small, first), figure(answer.small_after, second),
      figure(answer.again, `${first} again`), figure(answer.error, "where it misses"));
    find(".tr-missed").textContent =
      `Off by ${answer.missed} of 255 grey levels on average; white on the map: 64 or more.`;
  }
  find(".tr-xray").hidden = !answer.xray;
  if (answer.xray) {
    find(".tr-two").replaceChildren(figure(answer.xray, "blue: taken for real; orange: taken for drawn"));
    find(".tr-convinced").textContent =
      `On average ${Math.round(100 * answer.convinced)} % convinced that this is real.`;
  }
}

// As large as fits, small pictures by a whole number.
function fit(width, height) {
  const room = stage.clientWidth;
  const side = drawing() ? Math.min(384, room) : room;
  const tall = Math.max(240, innerHeight - (stage.getBoundingClientRect().top + scrollY) - 90);
  let factor = Math.min(side / width, (drawing() ? 384 : tall) / height);
  if (factor > 1 && Math.max(width, height) < 128) factor = Math.floor(factor * devicePixelRatio) / devicePixelRatio;
  factor = Math.min(6, factor);
  if (drawing()) factor = side / width;
  compare.style.width = Math.round(width * factor) + "px";
  compare.style.height = Math.round(height * factor) + "px";
  compare.dataset.shape = `${width} ${height}`;
}

async function showFilm(answer) {
  result = answer.film;
  compare.hidden = true;
  const moving = answer.kind === "gif";
  gif.hidden = !moving;
  film.hidden = moving;
  if (moving) gif.src = answer.film; else { film.src = answer.film; film.play().catch(() => {}); }
  find(".tr-line").textContent = `Your clip: ${words(open.direction)}`;
  find(".tr-note").textContent = "Same length, frame rate and sound. What is new here is generated.";
  warn("");
  find(".tr-download").hidden = false;
  find(".tr-further").hidden = find(".tr-round").hidden = find(".tr-xray").hidden = true;
}

async function take(next) {  // another source
  source = next;
  box = next.image && open.frame ? [0, 0, 1] : null;
  if (box) {  // in the middle
    const image = new Image();
    image.src = next.address;
    await image.decode().catch(() => {});
    const short = Math.min(image.naturalWidth, image.naturalHeight) || 1;
    box = [(1 - short / image.naturalWidth) / 2, (1 - short / image.naturalHeight) / 2, 1];
    find(".tr-frame-size").value = 100;
  }
  for (const button of element.querySelectorAll("[data-example]")) {
    button.setAttribute("aria-pressed", String(+button.dataset.example === next.example));
  }
  slider.value = 50;
  divide();
  await run();
}

async function takeExample(index) {
  if (!drawing()) { await take({ example: index }); return; }
  // a map of ours goes onto the canvas first
  source = { example: index };
  for (const button of element.querySelectorAll("[data-example]")) {
    button.setAttribute("aria-pressed", String(+button.dataset.example === index));
  }
  const mine = ++newest;
  let answer;
  try {
    answer = await wait(await server.translate_picture({ model: open.model, direction: open.direction,
      example: index }), mine);
  } catch { say(UNREACHABLE); return; }
  if (!answer) return;
  if (answer.notice || answer.trouble) { say(answer.notice || answer.trouble); return; }
  const image = new Image();
  await decoded(image, answer.before);
  strokes = [];
  find(".tr-undo").disabled = true;
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  await showPicture(answer, mine);
  element.dataset.link = answer.link;
  element.dataset.shown = `${open.direction} ${newest}`;
  latentLab.remember("translate", answer.link, false);
  trigger("input", { model: open.model, direction: open.direction, example: index });
}

function divide() {
  compare.style.setProperty("--at", slider.value + "%");
}

// --- where pictures come from --------------------------------------------------------------------------------------

function takeFile(file) {
  if (!file) return;
  if (file.size > LARGEST_FILE) {
    say("The file is larger than 16 MB; PNG, JPEG, WebP, GIF, BMP, MP4, WebM and MOV up to 16 MB are accepted.");
    return;
  }
  const reader = new FileReader();
  reader.onerror = () => say("The file could not be read; choose it again.");
  reader.onload = async () => {
    const clip = file.type.startsWith("video/") || (file.type === "image/gif" && await moves(file));
    if (clip && drawing()) { say("A clip cannot be read as a map; choose a picture."); return; }
    if (clip) { take({ clip: reader.result }); return; }
    if (drawing()) { putOnCanvas(reader.result); return; }
    take({ image: reader.result, address: reader.result });
  };
  reader.readAsDataURL(file);
}
async function moves(file) {  // more than one picture in a GIF: count what introduces one
  const bytes = new Uint8Array(await file.arrayBuffer());
  let count = 0;
  for (let at = 0; at < bytes.length - 2 && count < 2; at++) {
    if (bytes[at] === 0x21 && bytes[at + 1] === 0xf9 && bytes[at + 2] === 4) count++;
  }
  return count > 1;
}
async function putOnCanvas(address) {
  const image = new Image();
  image.src = address;
  try { await image.decode(); } catch { say("This file is no picture that the browser can show."); return; }
  remember();
  brush.imageSmoothingEnabled = false;
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  source = { drawn: true };
  run();
}

let stream = null;
const dialog = find(".tr-dialog");
async function openCamera() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    say("The camera could not be opened; allow it in the browser, or open a picture.");
    return;
  }
  dialog.querySelector("video").srcObject = stream;
  dialog.showModal();
}
function closeCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  if (dialog.open) dialog.close();
}
function shoot() {
  const video = dialog.querySelector("video"), still = document.createElement("canvas");
  still.width = video.videoWidth;
  still.height = video.videoHeight;
  still.getContext("2d").drawImage(video, 0, 0);
  closeCamera();
  const address = still.toDataURL("image/jpeg", 0.95);
  if (drawing()) putOnCanvas(address); else take({ image: address, address });
}
dialog.addEventListener("close", closeCamera);

async function paste() {
  try {
    for (const item of await navigator.clipboard.read()) {
      const kind = item.types.find((type) => type.startsWith("image/"));
      if (kind) { takeFile(await item.getType(kind)); return; }
    }
    say("There is no picture in the clipboard; copy one first.");
  } catch {
    say("The browser does not let this page read the clipboard; press Ctrl+V or Cmd+V here instead.");
  }
}
addEventListener("paste", (event) => {
  if (!element.isConnected || !element.clientWidth || event.target.matches?.("input, textarea")) return;
  const file = [...event.clipboardData.files].find((one) => /^(image|video)\\//.test(one.type));
  if (file) takeFile(file);
});
stage.addEventListener("dragover", (event) => { event.preventDefault(); stage.classList.add("over"); });
stage.addEventListener("dragleave", () => stage.classList.remove("over"));
stage.addEventListener("drop", (event) => {
  event.preventDefault();
  stage.classList.remove("over");
  takeFile(event.dataTransfer.files[0]);
});

// --- a frame around a face -----------------------------------------------------------------------------------------

function showFrame() {
  frame.hidden = find(".tr-framing").hidden = !box;
  if (!box) return;
  const [width, height] = [compare.clientWidth, compare.clientHeight], side = box[2] * Math.min(width, height);
  frame.style.cssText = `left:${box[0] * width}px;top:${box[1] * height}px;width:${side}px;height:${side}px`;
}
function moveFrame(left, top) {
  const [width, height] = [compare.clientWidth, compare.clientHeight], side = box[2] * Math.min(width, height);
  box = [Math.max(0, Math.min(left, 1 - side / width)), Math.max(0, Math.min(top, 1 - side / height)), box[2]];
  showFrame();
}
let grip = null;
frame.addEventListener("pointerdown", (event) => {
  frame.setPointerCapture(event.pointerId);
  grip = [event.clientX - frame.offsetLeft, event.clientY - frame.offsetTop];
  event.preventDefault();
});
frame.addEventListener("pointermove", (event) => {
  const { clientWidth, clientHeight } = compare;
  if (grip) moveFrame((event.clientX - grip[0]) / clientWidth, (event.clientY - grip[1]) / clientHeight);
});
frame.addEventListener("pointerup", () => { if (grip) { grip = null; run(); } });
frame.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-0.02, 0], ArrowRight: [0.02, 0], ArrowUp: [0, -0.02], ArrowDown: [0, 0.02] }[event.key];
  if (!step) return;
  event.preventDefault();
  moveFrame(box[0] + step[0], box[1] + step[1]);
  run();
});
let resized = 0;
find(".tr-frame-size").addEventListener("input", (event) => {
  event.stopPropagation();
  const short = Math.min(compare.clientWidth, compare.clientHeight);
  const centre = [0, 1].map((k) => box[k] + box[2] * short / [compare.clientWidth, compare.clientHeight][k] / 2);
  box[2] = event.target.value / 100;
  moveFrame(...centre.map((place, k) => place - box[2] * short / [compare.clientWidth, compare.clientHeight][k] / 2));
  clearTimeout(resized);
  resized = setTimeout(run, 150);
});

// --- drawing a map -------------------------------------------------------------------------------------------------

function remember() {
  strokes.push(brush.getImageData(0, 0, canvas.width, canvas.height));
  if (strokes.length > 30) strokes.shift();
  find(".tr-undo").disabled = false;
}
const place = (event) => {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [(event.clientX - left) * canvas.width / width, (event.clientY - top) * canvas.height / height];
};
let last = null;
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  remember();
  const at = place(event);
  if (filling) { flood(at); drawn(); return; }
  last = at;
  stroke(at);
});
canvas.addEventListener("pointermove", (event) => { if (last) stroke(place(event)); });
for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => {
  if (last) { last = null; drawn(); }
});
function stroke(to) {
  const size = +find(".tr-brush").value;
  brush.strokeStyle = brush.fillStyle = ink;
  brush.lineWidth = size;
  brush.lineCap = brush.lineJoin = "round";
  brush.beginPath();
  brush.moveTo(...last);
  brush.lineTo(to[0] + 0.01, to[1]);
  brush.stroke();
  last = to;
}
function flood([x, y]) {  // the connected area of nearly one colour
  const image = brush.getImageData(0, 0, canvas.width, canvas.height), { data, width, height } = image;
  const start = (Math.floor(y) * width + Math.floor(x)) * 4;
  const [red, green, blue] = data.slice(start, start + 3);
  const paint = [1, 3, 5].map((at) => parseInt(ink.slice(at, at + 2), 16));
  const done = new Uint8Array(width * height), waiting = [Math.floor(y) * width + Math.floor(x)];
  while (waiting.length) {
    const at = waiting.pop();
    if (done[at]) continue;
    done[at] = 1;
    const off = Math.abs(data[4 * at] - red) + Math.abs(data[4 * at + 1] - green) + Math.abs(data[4 * at + 2] - blue);
    if (off > 60) continue;
    data.set([...paint, 255], 4 * at);
    const column = at % width;
    if (column) waiting.push(at - 1);
    if (column < width - 1) waiting.push(at + 1);
    if (at >= width) waiting.push(at - width);
    if (at < width * (height - 1)) waiting.push(at + width);
  }
  brush.putImageData(image, 0, 0);
}
function drawn() {
  source = { drawn: true };
  for (const button of element.querySelectorAll("[data-example]")) button.setAttribute("aria-pressed", "false");
  run();
}
function undo() {
  const image = strokes.pop();
  if (image) brush.putImageData(image, 0, 0);
  find(".tr-undo").disabled = strokes.length === 0;
  drawn();
}

// --- networks of visitors --------------------------------------------------------------------------------------------

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

async function change(fields) {  // another network or direction, the same picture where it can stay
  const own = source && (source.image || source.clip) ? source : null;
  const worked = await choose(fields);
  if (!worked) { if (open) find(".tr-network").value = open.model; return; }
  if (own && !(own.clip && drawing())) {
    if (drawing()) await putOnCanvas(own.address); else await take(own);
  } else if (open.examples.length) await takeExample(Math.min(open.examples.length - 1, source?.example || 0));
  else {
    source = null;
    find(".tr-line").textContent = "Open a picture to begin";
    find(".tr-note").textContent = "";
  }
}

async function further() {  // a drawn street into night
  const street = result;
  if (!(await choose({ model: open.further, direction: "day-to-night" }))) return;
  await take({ image: street, address: street, daylight: true });
}

function download() {
  const kind = result.slice(5, result.indexOf(";")).split("/")[1].replace("jpeg", "jpg");
  const anchor = document.createElement("a");
  anchor.href = result;
  anchor.download = `latent-lab-${open.direction}.${kind}`;
  anchor.click();
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.direction) change({ model: open.model, direction: button.dataset.direction });
  else if (button.dataset.example !== undefined) takeExample(+button.dataset.example);
  else if (button.dataset.colour) {
    ink = button.dataset.colour;
    for (const one of find(".tr-palette").children) one.setAttribute("aria-checked", String(one === button));
  } else if (button.matches(".tr-open")) find(".tr-file").click();
  else if (button.matches(".tr-camera")) openCamera();
  else if (button.matches(".tr-shoot")) shoot();
  else if (button.matches(".tr-close")) closeCamera();
  else if (button.matches(".tr-paste")) paste();
  else if (button.matches(".tr-stop")) { newest++; halt(); say("Stopped."); }
  else if (button.matches(".tr-undo")) undo();
  else if (button.matches(".tr-fill")) {
    filling = !filling;
    button.setAttribute("aria-pressed", String(filling));
  } else if (button.matches(".tr-download")) download();
  else if (button.matches(".tr-further")) further();
  else if (button.matches(".tr-load") && find(".tr-hub").value.trim()) change({ model: find(".tr-hub").value.trim() });
  else if (button.matches(".tr-weights")) find(".tr-weights-file").click();
});
element.addEventListener("input", (event) => {
  event.stopPropagation();
  if (event.target === slider) divide();
  else if (event.target.matches(".tr-network")) change({ model: event.target.value });
});
find(".tr-file").addEventListener("change", (event) => {
  event.stopPropagation();
  takeFile(event.target.files[0]);
  event.target.value = "";
});
find(".tr-weights-file").addEventListener("change", (event) => {
  event.stopPropagation();
  adopt(event.target.files[0]);
  event.target.value = "";
});
find(".tr-hub").addEventListener("keydown", (event) => { if (event.key === "Enter") find(".tr-load").click(); });
addEventListener("resize", () => {
  if (!compare.dataset.shape || !element.clientWidth) return;
  fit(...compare.dataset.shape.split(" ").map(Number));
  showFrame();
});
addEventListener("pagehide", halt);

divide();
const query = new URLSearchParams(location.search);
const start = query.get("tab") === "translate" ? Object.fromEntries(query) : {};
const watcher = new IntersectionObserver((entries) => {  // the first picture, when the tab is first looked at
  if (!entries.some((entry) => entry.isIntersecting)) return;
  watcher.disconnect();
  choose(start).then((worked) => {
    if (worked && open.examples.length) takeExample(Math.min(open.example, open.examples.length - 1));
  });
});
watcher.observe(element);
"""
