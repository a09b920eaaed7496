"""The stage of the tab "Translate": before and after under a slider, a canvas to draw on, round trip, X-ray, clips."""

from page.workbench import DIALOG, WORKBENCH_SCRIPT

TRANSLATE = (
    """
<section class="translate workbench bench" aria-label="Translate">
  <div class="wb-pictures">
    <h2 class="for-readers">Translate</h2>
    <p class="wb-line"></p>
    <p class="wb-notice notice" role="alert" hidden></p>
    <p class="wb-warning notice" role="status" hidden></p>
    <div class="wb-stage">
      <div class="wb-draw" hidden>
        <canvas class="wb-canvas" width="256" height="256" role="application" tabindex="0"
          aria-label="Map to draw on: arrow keys move the brush, Space draws"></canvas>
        <i class="wb-cursor" aria-hidden="true"></i>
      </div>
      <div class="wb-compare">
        <img class="wb-after" alt="">
        <img class="wb-before" alt="">
        <span class="wb-tag wb-tag-before">before</span><span class="wb-tag wb-tag-after">after</span>
        <i class="wb-handle" aria-hidden="true"></i>
        <input type="range" class="wb-slider" min="0" max="100" value="50" aria-label="Before and after">
        <div class="wb-frame" hidden tabindex="0" role="button" aria-label="Frame around the face; arrow keys move it">
        </div>
      </div>
      <video class="wb-film" controls loop muted playsinline hidden></video>
      <img class="wb-gif" alt="The translated animation" hidden>
      <div class="wb-busy" hidden>
        <p></p><progress max="1" aria-label="Progress"></progress>
        <button type="button" class="small-button wb-stop">Stop</button>
      </div>
    </div>
    <div class="wb-foot">
      <p class="wb-note"></p>
      <button type="button" class="small-button wb-download" hidden>Download</button>
      <button type="button" class="small-button wb-further" hidden>Turn this street into night</button>
    </div>
    <details class="wb-more wb-round"><summary>Round trip: there and back</summary>
      <div class="wb-four"></div><p class="wb-note wb-missed"></p></details>
    <details class="wb-more wb-xray"><summary>X-ray: what the discriminator says</summary>
      <div class="wb-two"></div><p class="wb-note wb-convinced"></p></details>
  </div>
  <div class="controls wb-controls">
    <label class="wb-choice">Network <select class="wb-network"></select></label>
    <div class="wb-directions" role="radiogroup" aria-label="Direction"></div>
    <div class="wb-tools" hidden>
      <p>Draw with</p>
      <div class="wb-palette" role="radiogroup" aria-label="Class to draw with"></div>
      <label class="wb-size">Brush <input type="range" min="2" max="60" value="16" class="wb-brush"></label>
      <div class="wb-row">
        <button type="button" class="small-button wb-undo" disabled>Undo</button>
        <button type="button" class="small-button wb-fill" aria-pressed="false">Fill areas</button>
      </div>
    </div>
    <div class="wb-sources">
      <button type="button" class="wb-open">Open a picture or clip</button>
      <div class="wb-row">
        <button type="button" class="small-button wb-camera">Camera</button>
        <button type="button" class="small-button wb-paste">Paste</button>
      </div>
      <input type="file" class="wb-file" hidden
        accept="image/png,image/jpeg,image/webp,image/gif,image/bmp,video/mp4,video/webm,video/quicktime">
      <div class="wb-examples"></div>
    </div>
    <label class="wb-size wb-framing" hidden>Size of the frame
      <input type="range" min="10" max="100" value="100" class="wb-frame-size"></label>
    <details class="wb-own"><summary>Another network</summary>
      <label>From the Hugging Face Hub <input type="text" class="wb-hub" placeholder="user/repository"
        autocomplete="off" spellcheck="false"></label>
      <div class="wb-row"><button type="button" class="small-button wb-load">Load</button>
        <button type="button" class="small-button wb-weights">Open a file of weights</button></div>
      <input type="file" class="wb-weights-file" hidden accept=".pth,.pt,.bin,.safetensors">
      <p>Generators of CycleGAN and pix2pix in their authors' format are read, files up to 64 MB.</p>
    </details>
  </div>
"""
    + DIALOG
    + """</section>
"""
)

TRANSLATE_CSS = """
.wb-compare.single :is(.wb-before, .wb-handle, .wb-slider, .wb-tag-before) { display: none; }
.wb-frame { position: absolute; border: 2px solid #fff; outline: 2px solid rgb(0 0 0 / 55%); border-radius: 4px;
  cursor: move; box-shadow: 0 0 0 2000px rgb(0 0 0 / 28%); touch-action: none; }
.wb-canvas { width: 384px; max-width: 100%; border-radius: 12px; image-rendering: pixelated; cursor: crosshair;
  touch-action: none; display: block; }
.wb-draw { position: relative; }
.wb-cursor { display: none; position: absolute; width: 13px; height: 13px; margin: -7px 0 0 -7px; border-radius: 50%;
  border: 2px solid #fff; outline: 2px solid #1c1916; pointer-events: none; }
.wb-canvas:focus-visible + .wb-cursor { display: block; }
.wb-film, .wb-gif { border-radius: 12px; max-width: 100%; display: block; }
.wb-tools { display: grid; gap: 8px; }
.wb-tools p { margin: 0; font-size: 14px; font-weight: 550; color: var(--body-text-color); }
.wb-palette { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px; }
.wb-palette button { display: flex; align-items: center; gap: 6px; border: 1px solid transparent; border-radius: 7px;
  padding: 4px 5px; font-size: 12px; line-height: 1.15; cursor: pointer; color: var(--body-text-color);
  text-align: left; }
.wb-palette button[aria-checked=true] { border-color: var(--color-accent); background: var(--body-background-fill);
  font-weight: 600; }
.wb-palette i { width: 15px; height: 15px; border-radius: 4px; flex: none; border: 1px solid rgb(128 128 128 / 50%); }
.wb-fill[aria-pressed=true] { border-color: var(--color-accent); box-shadow: inset 0 0 0 1px var(--color-accent); }
@media (max-width: 768px) {
  .wb-draw, .wb-canvas { width: 100%; }
}
"""

TRANSLATE_SCRIPT = (
    WORKBENCH_SCRIPT
    + """
const LARGEST_FILE = 16 * 2 ** 20;
const [frame, canvas, film, gif] = [".wb-frame", ".wb-canvas", ".wb-film", ".wb-gif"].map(find);
const brush = canvas.getContext("2d", { willReadFrequently: true });
let open = null;       // what the server told of the network
let source = null;     // what is translated: { example } or { image, address } or { clip } or { drawn: true }
let box = null;        // the frame around a face: left, top, side, in shares
let result = null;     // address of the last result
let ink = null, filling = false, strokes = [];

const warn = (sentence) => {
  find(".wb-warning").textContent = sentence || "";
  find(".wb-warning").hidden = !sentence;
};
const drawing = () => open && open.palette.length > 0 && open.direction === open.directions[0];
const exampleName = (index) => {
  const title = open.examples[index];
  return open.examples.every((other) => other === title) ? `${title} (${index + 1})` : title;
};
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
  find(".wb-network").replaceChildren(...models.map(([name, title]) =>
    new Option(title, name, false, name === open.model)));
  latentLab.replace(find(".wb-directions"), open.directions.map((direction) => {
    const button = document.createElement("button");
    button.type = "button";
    button.role = "radio";
    button.dataset.direction = direction;
    button.textContent = words(direction);
    latentLab.check(button, direction === open.direction);
    return button;
  }));
  find(".wb-examples").replaceChildren(...open.examples.map((title, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.example = index;
    button.textContent = exampleName(index);
    return button;
  }));
  showTools();
  return true;
}

function showTools() {
  const map = drawing();
  find(".wb-draw").hidden = find(".wb-tools").hidden = !map;
  compare.classList.toggle("single", map);
  if (!map) return;
  ink = ink || open.palette[0][1];
  latentLab.replace(find(".wb-palette"), open.palette.map(([name, colour]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.role = "radio";
    button.dataset.colour = colour;
    button.innerHTML = `<i style="background:${colour}"></i>${name}`;
    latentLab.check(button, colour === ink);
    return button;
  }));
}

// --- translating -------------------------------------------------------------------------------------------------

async function run() {
  if (!open || !source) return;
  const fields = { model: open.model, direction: open.direction };
  const answer = await finished(() => {
    if (source.clip) return server.translate_film({ ...fields, clip: source.clip });
    const picture = source.drawn ? { image: canvas.toDataURL("image/png") }
      : source.image ? { image: source.image } : { example: source.example };
    return server.translate_picture({ ...fields, ...picture, frame: box, daylight: !!source.daylight });
  });
  if (!answer) return;
  const mine = newest;
  if (answer.film) await showFilm(answer); else await showPicture(answer, mine);
  element.dataset.link = answer.link;
  element.dataset.shown = `${open.direction} ${newest}`;
  if (source.example !== undefined) latentLab.remember("translate", answer.link, false);
  trigger("input", { model: open.model, direction: open.direction, example: source.example || 0 });
}

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
  const what = source.example !== undefined ? exampleName(source.example)
    : source.drawn ? "Your map" : source.daylight ? "Your street, on a bright day" : "Your picture";
  find(".wb-line").textContent = `${what}: ${words(open.direction)}`;
  latentLab.announce(find(".wb-line").textContent);
  before.alt = `${what}, before`;
  after.alt = `${what}, after: ${words(open.direction)}`;
  const [height, width] = answer.worked, same = height === answer.height && width === answer.width;
  find(".wb-note").textContent = `${answer.width} \\u00d7 ${answer.height} px` +
    (same ? "" : `; worked out at ${width} \\u00d7 ${height} and carried over`) + ". What is new here is generated.";
  warn(answer.warning);
  find(".wb-download").hidden = false;
  find(".wb-further").hidden = !(drawing() && open.further);
  showFrame();
  find(".wb-round").hidden = !answer.again;
  if (answer.again) {
    const [first, second] = open.direction.split("-to-").map((name) => name.replaceAll("-", " "));
    find(".wb-four").replaceChildren(figure(answer.small, first), figure(answer.small_after, second),
      figure(answer.again, `${first} again`), figure(answer.error, "where it misses"));
    find(".wb-missed").textContent =
      `Off by ${answer.missed} of 255 grey levels on average; white on the map: 64 or more.`;
  }
  find(".wb-xray").hidden = !answer.xray;
  if (answer.xray) {
    find(".wb-two").replaceChildren(figure(answer.xray, "blue: taken for real; orange: taken for drawn"));
    find(".wb-convinced").textContent =
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
  if (moving) gif.src = answer.film; else film.src = answer.film;
  if (!moving && !latentLab.still) film.play().catch(() => {});
  find(".wb-line").textContent = `Your clip: ${words(open.direction)}`;
  latentLab.announce(find(".wb-line").textContent);
  find(".wb-note").textContent = "Same length, frame rate and sound. What is new here is generated.";
  warn("");
  find(".wb-download").hidden = false;
  find(".wb-further").hidden = find(".wb-round").hidden = find(".wb-xray").hidden = true;
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
    find(".wb-frame-size").value = 100;
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
  find(".wb-undo").disabled = true;
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  await showPicture(answer, mine);
  element.dataset.link = answer.link;
  element.dataset.shown = `${open.direction} ${newest}`;
  latentLab.remember("translate", answer.link, false);
  trigger("input", { model: open.model, direction: open.direction, example: index });
}

// --- where pictures come from --------------------------------------------------------------------------------------

function takeFiles([file]) {
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
function taken(address) {  // by the camera
  if (drawing()) putOnCanvas(address); else take({ image: address, address });
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

// --- a frame around a face -----------------------------------------------------------------------------------------

function showFrame() {
  frame.hidden = find(".wb-framing").hidden = !box;
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
find(".wb-frame-size").addEventListener("input", (event) => {
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
  find(".wb-undo").disabled = false;
}
const place = (event) => {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [(event.clientX - left) * canvas.width / width, (event.clientY - top) * canvas.height / height];
};
let last = null;
let cursor = [128, 128];  // where the keyboard draws
function showCursor() {
  const spot = find(".wb-cursor");
  [spot.style.left, spot.style.top] = cursor.map((at) => `${100 * (at + 0.5) / canvas.width}%`);
}
showCursor();
canvas.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
  if (!step && event.key !== " ") return;
  event.preventDefault();
  if (step) {
    cursor = cursor.map((at, k) => Math.max(0, Math.min(canvas.width - 1, at + step[k])));
    showCursor();
    return;
  }
  remember();
  if (filling) flood(cursor);
  else { last = cursor; stroke(cursor); last = null; }
  drawn();
});
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
  const size = +find(".wb-brush").value;
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
  find(".wb-undo").disabled = strokes.length === 0;
  drawn();
}

async function change(fields) {  // another network or direction, the same picture where it can stay
  const own = source && (source.image || source.clip) ? source : null;
  const worked = await choose(fields);
  if (!worked) { if (open) find(".wb-network").value = open.model; return; }
  if (own && !(own.clip && drawing())) {
    if (drawing()) await putOnCanvas(own.address); else await take(own);
  } else if (open.examples.length) await takeExample(Math.min(open.examples.length - 1, source?.example || 0));
  else {
    source = null;
    find(".wb-line").textContent = "Open a picture to begin";
    find(".wb-note").textContent = "";
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
    for (const one of find(".wb-palette").children) latentLab.check(one, one === button);
  } else if (button.matches(".wb-undo")) undo();
  else if (button.matches(".wb-fill")) {
    filling = !filling;
    button.setAttribute("aria-pressed", String(filling));
  } else if (button.matches(".wb-download")) download();
  else if (button.matches(".wb-further")) further();
});
element.addEventListener("input", (event) => {
  event.stopPropagation();
  if (event.target.matches(".wb-network")) change({ model: event.target.value });
});
addEventListener("resize", () => {
  if (!compare.dataset.shape || !element.clientWidth) return;
  fit(...compare.dataset.shape.split(" ").map(Number));
  showFrame();
});
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
)
