"""The stage of the tab "Playground": its five parts, how they look, and what their scripts share.

The scripts of the parts stand in `densities_stage`, `arena_stage` and `duel_stage`; all run inside one element, each in
a block of its own.
"""

from tabs.playground.arena_stage import ARENA, ARENA_CSS, ARENA_SCRIPT
from tabs.playground.densities_stage import DENSITIES, DENSITIES_CSS, DENSITIES_SCRIPT
from tabs.playground.duel_stage import DUEL_CSS, MINIMAX, MINIMAX_SCRIPT, SPAM, SPAM_SCRIPT
from tabs.playground.replay_stage import REPLAY, REPLAY_CSS, REPLAY_SCRIPT

OWN = """
  <dialog class="pg-own" aria-label="Your own points">
    <h3>Your own points</h3>
    <p>Draw with the pointer, or open a CSV file with two columns of numbers (10 to 5,000 lines).</p>
    <canvas class="pg-sketch" role="img" aria-label="Draw points here"></canvas>
    <p class="pg-own-notice notice" role="alert" hidden></p>
    <div class="pg-row">
      <button type="button" class="pg-primary pg-use">Use the drawing</button>
      <button type="button" class="small-button pg-csv">Open a CSV file</button>
      <button type="button" class="small-button pg-clear">Clear</button>
      <button type="button" class="small-button pg-close">Cancel</button>
      <input type="file" class="pg-file" accept=".csv,.tsv,.txt,text/*" hidden>
    </div>
  </dialog>
"""

PLAYGROUND = f"""
<section class="playground" aria-label="Playground">
  <h2 class="for-readers">Playground</h2>
  <div class="pg-parts" role="tablist" aria-label="Parts of the playground">
    <button type="button" role="tab" data-part="spam">Spam filter</button>
    <button type="button" role="tab" data-part="densities">Densities</button>
    <button type="button" role="tab" data-part="game">The game</button>
    <button type="button" role="tab" data-part="minimax">Minimax by hand</button>
    <button type="button" role="tab" data-part="replay">Training replay</button>
  </div>
  <p class="pg-notice notice" role="alert" hidden></p>
  <div class="pg-part" data-part="spam" role="tabpanel" aria-label="Spam filter" hidden>{SPAM}</div>
  <div class="pg-part" data-part="densities" role="tabpanel" aria-label="Densities" hidden>{DENSITIES}</div>
  <div class="pg-part" data-part="game" role="tabpanel" aria-label="The game" hidden>{ARENA}</div>
  <div class="pg-part" data-part="minimax" role="tabpanel" aria-label="Minimax by hand" hidden>{MINIMAX}</div>
  <div class="pg-part" data-part="replay" role="tabpanel" aria-label="Training replay" hidden>{REPLAY}</div>
  {OWN}
</section>
"""

SHARED_CSS = """
.playground { --pg-real: #2f6fb3; --pg-made: #b8500a; --pg-real-soft: #d6e6f6; --pg-made-soft: #fce2cd;
  --pg-ink: #453f39; --pg-line: #d3cdc4; --pg-third: #3d7a4e; --pg-fourth: #8a4a9e; }
.dark .playground { --pg-real: #84bbee; --pg-made: #ffa257; --pg-real-soft: #17304a; --pg-made-soft: #4a2a12;
  --pg-ink: #d3cdc4; --pg-line: #4a433d; --pg-third: #7cc492; --pg-fourth: #cf9be0; }
.pg-parts { display: flex; background: var(--background-fill-primary); border: 1px solid var(--border-color-primary);
  border-radius: 12px; padding: 3px; margin-bottom: 14px; max-width: 760px; overflow-x: auto; }
.pg-parts button { flex: 1; border-radius: 9px; padding: 8px 10px; font-size: 14px; font-weight: 550; cursor: pointer;
  color: var(--body-text-color-subdued); white-space: nowrap; }
.pg-parts button[aria-selected=true] { background: var(--body-background-fill); color: var(--body-text-color);
  box-shadow: 0 1px 2px rgb(0 0 0 / 14%); }
.playground .notice { border: 1px solid var(--color-accent); border-radius: 8px; padding: 6px 12px; margin: 0 0 10px;
  color: var(--body-text-color); font-size: 14px; box-shadow: inset 5px 0 0 var(--color-accent); max-width: 900px; }
.pg-lead { margin: 0 0 10px; font-size: 16px; font-weight: 550; color: var(--body-text-color); }
.pg-left { display: grid; grid-template-columns: minmax(0, 460px) minmax(0, 1fr); gap: 12px 28px; align-items: start; }
.pg-left > .pg-lead { grid-column: 1 / -1; margin: 0; }
.pg-plane { width: 100%; aspect-ratio: 1; display: block; border-radius: 12px;
  background: var(--background-fill-primary); border: 1px solid var(--border-color-primary); touch-action: none; }
.pg-plane.still { touch-action: auto; }
.pg-chart { width: 100%; height: 150px; display: block; }
.pg-side { display: grid; gap: 14px; align-content: start; min-width: 0; }
.pg-side h3, .pg-own h3 { margin: 0 0 2px; font-size: 14px; font-weight: 600; color: var(--body-text-color); }
.pg-legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 8px 0 0; font-size: 13px;
  color: var(--body-text-color-subdued); }
.pg-legend span { display: inline-flex; gap: 6px; align-items: center; }
.pg-legend i { width: 10px; height: 10px; border-radius: 50%; background: var(--pg-real); flex: none; }
.pg-legend i.made { border-radius: 0; transform: rotate(45deg) scale(.85); background: var(--pg-made); }
.pg-legend i.bar { border-radius: 0; width: 18px; height: 3px; }
.pg-captions { margin: 0; padding: 0; list-style: none; display: grid; gap: 8px; counter-reset: caption; }
.pg-captions li { counter-increment: caption; display: grid; grid-template-columns: 22px 1fr; gap: 2px 10px;
  font-size: 14px; line-height: 1.4; color: var(--body-text-color); margin: 0; }
.pg-captions li::before { content: counter(caption); grid-row: span 2; width: 22px; height: 22px; border-radius: 50%;
  display: grid; place-items: center; font-size: 12px; font-weight: 650; color: var(--body-text-color);
  border: 1px solid var(--border-color-primary); background: var(--background-fill-primary); }
.pg-captions code { font: 13px/1.45 var(--font-mono); color: var(--body-text-color-subdued); background: none;
  border: 0; padding: 0; white-space: normal; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.pg-table { border-collapse: collapse; font-size: 14px; width: 100%; font-variant-numeric: tabular-nums; }
.pg-table :is(th, td) { text-align: left; padding: 4px 14px 4px 0; font-weight: 450; color: var(--body-text-color);
  border-bottom: 1px solid var(--border-color-primary); }
.pg-table thead th { color: var(--body-text-color-subdued); font-size: 13px; }
.pg-controls { display: grid; gap: 14px; }
.pg-controls label, .pg-field { display: grid; gap: 4px; font-size: 14px; font-weight: 550; margin: 0;
  color: var(--body-text-color); }
.pg-controls label.pg-check { display: flex; gap: 8px; font-weight: 450; align-items: center; }
.pg-controls label:has(.pg-value) { grid-template-columns: 1fr auto; }
.pg-controls label:has(.pg-value) input { grid-column: 1 / -1; }
.pg-controls label .pg-value { font-weight: 450; color: var(--body-text-color-subdued);
  font-variant-numeric: tabular-nums; }
.playground select, .playground input[type=number] { border: 1px solid var(--input-border-color); border-radius: 8px;
  padding: 7px 10px; background-color: var(--input-background-fill); color: var(--body-text-color); font-size: 14px;
  width: 100%; min-width: 0; }
.playground select { padding-right: 30px; text-overflow: ellipsis; }
.playground input[type=range] { width: 100%; margin: 0; }
.pg-row { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
.pg-row > .small-button { flex: 1; white-space: nowrap; }
.pg-pair { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
.pg-primary { min-height: 44px; border-radius: 9px; font-weight: 600; font-size: 16px; padding: 0 16px; cursor: pointer;
  background: var(--button-primary-background-fill); color: var(--button-primary-text-color); }
.pg-primary:hover { background: var(--button-primary-background-fill-hover); }
.pg-primary:disabled, .playground .small-button:disabled { opacity: .5; cursor: default; }
.pg-more summary { cursor: pointer; font-size: 14px; font-weight: 550; color: var(--body-text-color); padding: 2px 0; }
.pg-more[open] { display: grid; gap: 12px; }
.pg-more[open] summary { margin-bottom: 8px; }
.pg-more > div { display: grid; gap: 12px; }
.pg-note { margin: 0; font-size: 13px; line-height: 1.45; color: var(--body-text-color-subdued); }
.pg-own { border: 0; border-radius: 14px; padding: 18px; width: min(92vw, 480px);
  background: var(--background-fill-primary); color: var(--body-text-color); }
.pg-own::backdrop { background: rgb(0 0 0 / 55%); }
.pg-own p { margin: 0 0 10px; font-size: 14px; }
.pg-sketch { width: 100%; aspect-ratio: 1; border: 1px solid var(--input-border-color); border-radius: 10px;
  touch-action: none; cursor: crosshair; margin-bottom: 12px; display: block; }
@media (max-width: 1100px) { .pg-left { grid-template-columns: minmax(0, 1fr); } .pg-plane { max-width: 560px; } }
@media (max-width: 768px) {
  .playground .bench { display: flex !important; flex-direction: column; align-items: stretch; gap: 14px !important; }
  .pg-left { display: contents; }
  .pg-left > * { order: 0; }
  .pg-left > .pg-side { order: 2; }
  .pg-controls { order: 1; align-self: stretch; }
  .pg-parts button { flex: none; }
}
"""

PLAYGROUND_CSS = SHARED_CSS + ARENA_CSS + DENSITIES_CSS + DUEL_CSS + REPLAY_CSS

SHARED_SCRIPT = """
const UNREACHABLE = "The server could not be reached; please try again.";
const root = element.querySelector(".playground");
const find = (selector) => root.querySelector(selector);
const SCALE = 1000, EXTENT = 1.1;  // points come as whole thousandths
const parts = {};                  // of the playground: open(fields), close(), state()
let part = "";

function say(sentence) {
  find(".pg-notice").textContent = sentence || "";
  find(".pg-notice").hidden = !sentence;
}
async function ask(name, fields) {  // the server's answer, or null; what it complains about is shown
  let answer;
  try { answer = await server[name](fields); } catch { say(UNREACHABLE); return null; }
  const trouble = answer.notice || answer.trouble;
  say(trouble);
  return trouble && Object.keys(answer).length === 1 ? null : answer;
}
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const shown = () => element.offsetParent !== null && !document.hidden;
const fixed = (value, digits) => value.toFixed(digits).replace("-", "\\u2212");
const percent = (share) => Math.round(100 * share) + " %";
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const dice = () => 1 + Math.floor(99998 * Math.random());

function link(query, more) {  // what the address, the fold-outs and a reader of the page know
  if (more.part !== part) return;  // an answer that came when its part had been left already
  element.dataset.link = query;
  latentLab.remember("playground", query, false);
  clearTimeout(link.timer);
  link.timer = setTimeout(() => trigger("input", { query, ...more }), 400);
}
function save(name, content) {
  const anchor = document.createElement("a");
  anchor.href = content;
  anchor.download = name;
  anchor.click();
}
function colour(name) { return getComputedStyle(root).getPropertyValue("--pg-" + name).trim(); }
function channels(hex) { return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16)); }
function fill(select, options, value) {
  select.replaceChildren(...options.map(([name, title]) => new Option(title, name, false, name === value)));
}
function progress(input) {  // fills the track of a slider up to its thumb
  input.style.setProperty("--range_progress", 100 * (input.value - input.min) / (input.max - input.min) + "%");
}
function captions(list, items) {
  while (list.children.length > items.length) list.lastChild.remove();
  while (list.children.length < items.length) {
    const line = document.createElement("li");
    line.append(document.createElement("span"), document.createElement("code"));
    list.append(line);
  }
  items.forEach(({ words, formula }, index) => {
    const [text, code] = list.children[index].children;
    if (text.textContent !== words) text.textContent = words;
    if (code.textContent !== formula) code.textContent = formula;
  });
}

// A canvas as sharp as the screen. Returns its brush, cleared, in CSS pixels.
function brushOf(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas, ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const brush = canvas.getContext("2d");
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  brush.clearRect(0, 0, width, height);
  return brush;
}

// The plane from -extent to extent, y pointing up.
function plane(canvas, extent = EXTENT) {
  const brush = brushOf(canvas), side = canvas.clientWidth, unit = side / 2 / extent;
  const x = (value) => (value + extent) * unit, y = (value) => (extent - value) * unit;
  const pairs = (flat, draw) => {
    for (let index = 0; index < flat.length; index += 2) {
      draw(x(flat[index] / SCALE), y(flat[index + 1] / SCALE), index / 2);
    }
  };
  const api = {
    brush, x, y, unit, side,
    surface(values, cells, low, high, opacity = 1) {  // bytes, rows from top to bottom, between two colours
      const image = new ImageData(cells, cells), [from, to] = [channels(low), channels(high)];
      for (let index = 0; index < values.length; index++) {
        const share = values[index] / 255;
        for (let k = 0; k < 3; k++) image.data[4 * index + k] = from[k] + (to[k] - from[k]) * share;
        image.data[4 * index + 3] = 255;
      }
      const small = document.createElement("canvas");
      small.width = small.height = cells;
      small.getContext("2d").putImageData(image, 0, 0);
      brush.imageSmoothingQuality = "high";
      brush.globalAlpha = opacity;
      const margin = side / (cells - 1) / 2;  // the outer cells are centred on the border
      brush.drawImage(small, -margin, -margin, side + 2 * margin, side + 2 * margin);
      brush.globalAlpha = 1;
      return api;
    },
    circles(flat, shade, radius = 2.4, opacity = 0.75) {
      brush.globalAlpha = opacity;
      pairs(flat, (left, top, index) => {
        brush.fillStyle = typeof shade === "function" ? shade(index) : shade;
        brush.beginPath();
        brush.arc(left, top, radius, 0, 7);
        brush.fill();
      });
      brush.globalAlpha = 1;
      return api;
    },
    diamonds(flat, shade, radius = 4) {
      brush.fillStyle = shade;
      pairs(flat, (left, top) => {
        brush.beginPath();
        brush.moveTo(left, top - radius);
        brush.lineTo(left + radius, top);
        brush.lineTo(left, top + radius);
        brush.lineTo(left - radius, top);
        brush.fill();
      });
      return api;
    },
    path(flat, shade, width = 1, opacity = 1) {
      brush.globalAlpha = opacity;
      brush.strokeStyle = shade;
      brush.lineWidth = width;
      brush.beginPath();
      pairs(flat, (left, top, index) => index ? brush.lineTo(left, top) : brush.moveTo(left, top));
      brush.stroke();
      brush.globalAlpha = 1;
      return api;
    },
    arrows(flat, moves, shade, length) {  // each as long as `length` says of its move, in px
      brush.strokeStyle = shade;
      brush.lineWidth = 1.4;
      pairs(flat, (left, top, index) => {
        const across = moves[2 * index] / SCALE, up = moves[2 * index + 1] / SCALE, size = Math.hypot(across, up);
        if (!size) return;
        const reach = length(size), dx = across / size * reach, dy = -up / size * reach, head = Math.min(5, reach / 2);
        const angle = Math.atan2(dy, dx);
        brush.beginPath();
        brush.moveTo(left, top);
        brush.lineTo(left + dx, top + dy);
        for (const turn of [2.6, -2.6]) {
          brush.moveTo(left + dx, top + dy);
          brush.lineTo(left + dx + head * Math.cos(angle + turn), top + dy + head * Math.sin(angle + turn));
        }
        brush.stroke();
      });
      return api;
    },
    ellipse([long, short, angle], [left, top], shade, weight) {  // one and two standard deviations
      for (const [times, opacity] of [[1, 1], [2, 0.45]]) {
        brush.globalAlpha = opacity;
        brush.strokeStyle = shade;
        brush.lineWidth = weight;
        brush.beginPath();
        brush.ellipse(x(left), y(top), times * long * unit, times * short * unit, -angle, 0, 7);
        brush.stroke();
      }
      brush.globalAlpha = 1;
      return api;
    },
  };
  return api;
}

// Curves over steps: series of { colour, points: [[x, y], ...], dash }, horizontal lines, a mark at one x.
function chart(canvas, series, { lines = [], mark = null, digits = 2, unit = "rounds", low = null, high = null } = {}) {
  const brush = brushOf(canvas), width = canvas.clientWidth, height = canvas.clientHeight;
  const values = series.flatMap((one) => one.points.map((point) => point[1])).filter(Number.isFinite);
  const every = [...values, ...lines.map((line) => line.value)];
  if (!values.length) return;
  let bottom = low ?? Math.min(...every), top = high ?? Math.max(...every);
  if (top - bottom < 1e-6) { top += 0.5; bottom -= 0.5; }
  const lastX = Math.max(1, ...series.flatMap((one) => one.points.map((point) => point[0])));
  const [left, right, upper, lower] = [48, width - 8, 8, height - 20];
  const x = (value) => left + (right - left) * value / lastX;
  const y = (value) => lower - (lower - upper) * (Math.min(top, Math.max(bottom, value)) - bottom) / (top - bottom);
  const subdued = getComputedStyle(root).getPropertyValue("--body-text-color-subdued");
  brush.font = "12px system-ui, sans-serif";
  brush.fillStyle = subdued;
  brush.textAlign = "right";
  brush.strokeStyle = colour("line");
  brush.lineWidth = 1;
  for (const value of [bottom, (bottom + top) / 2, top]) {
    brush.beginPath();
    brush.moveTo(left, y(value));
    brush.lineTo(right, y(value));
    brush.stroke();
    brush.fillText(latentLab.say(fixed(value, digits)), left - 6, y(value) + 4);
  }
  brush.fillText(latentLab.say(lastX.toLocaleString("en") + " " + unit), right, height - 5);
  for (const { value, label, shade } of lines) {
    brush.strokeStyle = brush.fillStyle = shade || subdued;
    brush.setLineDash([5, 4]);
    brush.beginPath();
    brush.moveTo(left, y(value));
    brush.lineTo(right, y(value));
    brush.stroke();
    brush.setLineDash([]);
    brush.fillText(latentLab.say(label), right, y(value) - 4);
  }
  for (const { shade, points, dash } of series) {
    brush.strokeStyle = shade;
    brush.lineWidth = 1.8;
    brush.setLineDash(dash || []);
    brush.beginPath();
    points.forEach(([across, value], index) => {
      if (!Number.isFinite(value)) return;
      index ? brush.lineTo(x(across), y(value)) : brush.moveTo(x(across), y(value));
    });
    brush.stroke();
    brush.setLineDash([]);
  }
  if (mark !== null) {
    brush.strokeStyle = colour("ink");
    brush.lineWidth = 1;
    brush.beginPath();
    brush.moveTo(x(mark), upper);
    brush.lineTo(x(mark), lower);
    brush.stroke();
  }
}

// --- a visitor's own points: drawn, or from a file -----------------------------------------------------------------

let drawn = [], taken = null;  // what asked for the points
function sketch() {
  const area = plane(find(".pg-sketch"), 1);
  area.circles(drawn.flatMap(([x, y]) => [x * SCALE, y * SCALE]), colour("real"), 3);
}
function ownPoints(use) {
  taken = use;
  drawn = [];
  find(".pg-own-notice").hidden = true;
  find(".pg-own").showModal();
  sketch();
}
async function offer(fields) {
  let answer;
  try { answer = await server.take_points(fields); } catch { answer = { notice: UNREACHABLE }; }
  const notice = find(".pg-own-notice");
  notice.textContent = answer.notice || "";
  notice.hidden = !answer.notice;
  if (!answer.data) return;
  find(".pg-own").close();
  taken(answer.data);
}
find(".pg-sketch").addEventListener("pointerdown", (event) => event.target.setPointerCapture(event.pointerId));
for (const kind of ["pointerdown", "pointermove"]) {
  find(".pg-sketch").addEventListener(kind, (event) => {
    if (!event.buttons || drawn.length >= 2000) return;
    const box = event.target.getBoundingClientRect();
    for (let index = 0; index < 3; index++) {  // a brush, not a line
      const spread = () => 0.05 * (Math.random() + Math.random() - 1);
      drawn.push([2 * (event.clientX - box.left) / box.width - 1 + spread(),
        1 - 2 * (event.clientY - box.top) / box.height + spread()]);
    }
    sketch();
  });
}
find(".pg-clear").addEventListener("click", () => { drawn = []; sketch(); });
find(".pg-close").addEventListener("click", () => find(".pg-own").close());
find(".pg-use").addEventListener("click", () => offer({ drawn }));
find(".pg-csv").addEventListener("click", () => find(".pg-file").click());
find(".pg-file").addEventListener("change", async (event) => {
  const file = event.target.files[0];
  event.target.value = "";
  if (file) offer(file.size > 1000000 ? { size: file.size } : { csv: await file.text() });
});
"""

CLOSING_SCRIPT = """
// --- which part is open ---------------------------------------------------------------------------------------------

function openPart(name, fields = {}) {
  if (!parts[name]) name = "spam";
  if (part && part !== name) parts[part].close();
  part = name;
  say("");
  for (const button of root.querySelectorAll(".pg-parts button")) {
    button.setAttribute("aria-selected", button.dataset.part === name);
    button.tabIndex = button.dataset.part === name ? 0 : -1;
  }
  for (const panel of root.querySelectorAll(".pg-part")) panel.hidden = panel.dataset.part !== name;
  element.dataset.part = name;
  parts[name].open(fields);
}
find(".pg-parts").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button && button.dataset.part !== part) openPart(button.dataset.part);
});
let width = 0;  // drawings follow the page's size, colour, language and the tab's first showing
new ResizeObserver(() => {
  if (root.clientWidth === width || !root.clientWidth) return;
  width = root.clientWidth;
  if (part) parts[part].draw();
  else begin();
}).observe(root);
const again = new MutationObserver(() => { if (part) parts[part].draw(); });
again.observe(document.body, { attributes: true, attributeFilter: ["class"] });
again.observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
function begin() {
  const query = new URLSearchParams(location.search);
  const fields = query.get("tab") === "playground" ? Object.fromEntries(query) : {};
  openPart(fields.part || "spam", fields);
}
"""

PART_SCRIPTS = (SPAM_SCRIPT, DENSITIES_SCRIPT, ARENA_SCRIPT, MINIMAX_SCRIPT, REPLAY_SCRIPT)
PLAYGROUND_SCRIPT = "\n".join([SHARED_SCRIPT, *(f"{{\n{script}\n}}" for script in PART_SCRIPTS), CLOSING_SCRIPT])
