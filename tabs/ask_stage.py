"""The stage of the tab "Ask for it": pickers, a large picture, a strip of other seeds, what was read back."""

import json

from data.scenes import HUES, SHAPES, TENTHS, rgb
from models.conditional import ConditionalConfig, held_out_table

UNSEEN = "".join("01"[int(held)] for held in held_out_table(ConditionalConfig().sizes).ravel())  # of all combinations
COLOURS = ["#" + "".join(f"{round(255 * part):02x}" for part in rgb(hue)) for hue in TENTHS]

ASK = """
<section class="ask bench" aria-label="Ask for it">
  <div class="ask-pictures">
    <h2 class="for-readers">Ask for it</h2>
    <p class="ask-line"></p>
    <p class="ask-notice notice" role="alert" hidden></p>
    <div class="ask-show">
      <div class="ask-large"><canvas role="img"></canvas><p class="ask-waiting" role="status">Drawing…</p></div>
      <div class="ask-obeyed" hidden>
        <h3>Did it obey?</h3>
        <table><thead><tr><th>label</th><th>asked</th><th>read</th><th>right?</th></tr></thead><tbody></tbody></table>
        <p class="ask-unseen"></p>
      </div>
    </div>
    <p class="ask-note">64 × 64 px, enlarged. Other seeds: same wish, other size and view. Click one to take it.</p>
    <div class="ask-strip"></div>
    <details class="ask-more"><summary>All values of two labels</summary>
      <p><label>Rows <select class="rows"></select></label> <label>Columns <select class="columns"></select></label></p>
      <div class="ask-table"></div>
      <p class="ask-note">Framed: never shown in the training. Click one to take it.</p>
    </details>
    <details class="ask-more ask-figures"><summary>How often it obeys</summary><div></div></details>
  </div>
  <div class="controls ask-controls">
    <button type="button" class="ask-dice">Surprise me</button>
    <div class="ask-pickers"></div>
    <label class="ask-seed">Seed <input type="number" min="0" max="2147483647" step="1"></label>
    <button type="button" class="small-button ask-unknown">A combination it was never shown</button>
  </div>
</section>
"""

ASK_CSS = """
.ask .ask-line { margin: 0 0 10px; font-size: 17px; font-weight: 600; color: var(--body-text-color); }
.ask .notice { border: 1px solid var(--color-accent); border-radius: 8px; padding: 5px 12px; margin: 0 0 10px;
  color: var(--body-text-color); font-size: 14px; box-shadow: inset 5px 0 0 var(--color-accent); }
.ask-show { display: flex; gap: 24px; flex-wrap: wrap; align-items: flex-start; }
.ask-large { position: relative; width: 384px; max-width: 100%; aspect-ratio: 1; border-radius: 12px; overflow: hidden;
  background: var(--border-color-primary); }
.ask-large canvas { width: 100%; height: 100%; display: block; }
.ask-waiting { position: absolute; inset: 0; display: grid; place-items: center; margin: 0;
  color: var(--body-text-color-subdued); }
.ask-obeyed { flex: 1; min-width: 250px; color: var(--body-text-color); }
.ask h3 { margin: 0 0 8px; font-size: 16px; color: var(--body-text-color); }
.ask table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
.ask th { text-align: left; font-weight: 500; color: var(--body-text-color-subdued); padding: 2px 14px 6px 0; }
.ask td { padding: 5px 14px 5px 0; color: var(--body-text-color); border-top: 1px solid var(--border-color-primary); }
.ask .dot { display: inline-block; width: 14px; height: 14px; border-radius: 4px; vertical-align: -2px;
  margin-right: 7px; border: 1px solid rgb(0 0 0 / 25%); }
.ask .wrong { font-weight: 650; }
.ask-unseen { font-size: 14px; margin: 12px 0 0; max-width: 34ch; color: var(--body-text-color-subdued); }
.ask-note { font-size: 13px; color: var(--body-text-color-subdued); margin: 10px 0 8px; }
.ask-strip { display: grid; grid-template-columns: repeat(7, minmax(0, 96px)); gap: 8px; }
.ask-strip button { padding: 0; border-radius: 8px; overflow: hidden; cursor: pointer; }
.ask-strip button:hover { box-shadow: 0 0 0 3px var(--color-accent); }
.ask-strip canvas { width: 100%; aspect-ratio: 1; display: block; }
.ask-more { margin-top: 14px; font-size: 14px; color: var(--body-text-color); }
.ask-more summary { cursor: pointer; font-weight: 550; padding: 6px 0; }
.ask-more select { border: 1px solid var(--input-border-color); border-radius: 8px; padding: 4px 28px 4px 8px;
  margin: 0 14px 0 4px; background-color: var(--input-background-fill); color: var(--body-text-color);
  font-size: 14px; }
.ask-table { display: grid; gap: 3px; max-width: 700px; }
.ask-table button { padding: 0; cursor: pointer; border-radius: 3px; }
.ask-table canvas { width: 100%; aspect-ratio: 1; display: block; }
.ask-table .unseen { outline: 2px solid var(--body-text-color); outline-offset: -1px; }
.ask-dice { min-height: 46px; border-radius: 9px; font-weight: 600; font-size: 16px; cursor: pointer;
  background: var(--button-primary-background-fill); color: var(--button-primary-text-color); }
.ask-dice:hover { background: var(--button-primary-background-fill-hover); }
.ask-controls { display: grid; gap: 16px; }
.ask-pickers { display: grid; gap: 14px; }
.ask-pickers fieldset { border: 0; margin: 0; padding: 0; }
.ask-pickers legend { font-size: 14px; font-weight: 550; margin-bottom: 6px; color: var(--body-text-color); }
.ask-pickers legend span { font-weight: 450; color: var(--body-text-color-subdued); }
.ask-hues { display: grid; grid-template-columns: repeat(10, 1fr); gap: 4px; }
.ask-hues button { aspect-ratio: 1; border-radius: 7px; border: 1px solid rgb(0 0 0 / 25%); cursor: pointer;
  padding: 0; }
.ask-pickers button[aria-checked=true] { outline: 3px solid var(--body-text-color); outline-offset: 1px; }
.ask-shapes { display: grid; grid-template-columns: repeat(4, 1fr); gap: 6px; }
.ask-shapes button { border: 1px solid var(--input-border-color); border-radius: 8px; padding: 7px 0; font-size: 13px;
  color: var(--body-text-color); background: var(--button-secondary-background-fill); cursor: pointer; }
.ask-seed { font-size: 14px; font-weight: 550; display: flex; align-items: center; gap: 10px;
  color: var(--body-text-color); }
.ask-seed input { flex: 1; min-width: 0; border: 1px solid var(--input-border-color); border-radius: 8px;
  padding: 7px 10px; background: var(--input-background-fill); color: var(--body-text-color); }
@media (max-width: 768px) {
  .ask.bench { display: flex !important; flex-direction: column; align-items: stretch; gap: 12px !important; }
  .ask-pictures { display: contents; }
  .ask-controls { order: 1; align-self: stretch; }
  .ask-pictures > :is(.ask-note, .ask-strip, .ask-more) { order: 2; margin: 0; }
  .ask-strip { grid-template-columns: repeat(4, minmax(0, 1fr)); }
}
"""

ASK_SCRIPT = (
    "const HUES = "
    + json.dumps(HUES)
    + ", SHAPES = "
    + json.dumps(SHAPES)
    + ", COLOURS = "
    + json.dumps(COLOURS)
    + ', UNSEEN = "'
    + UNSEEN
    + '"'
    + """;
const NAMES = ["floor", "wall", "object", "shape"];
const find = (selector) => element.querySelector(selector);
let wish = null, wanted = null, asking = false, fresh = false, timer = 0;

const an = (words) => (/^[aeiou]/.test(words) ? "an " : "a ") + words;
const nameOf = (label, value) => (label === "shape" ? SHAPES : HUES)[value];
const dot = (label, value) => label === "shape" ? "" : `<i class="dot" style="background:${COLOURS[value]}"></i>`;

function paint(canvas, picture, index, columns, side, smooth) {
  const cut = document.createElement("canvas");
  cut.width = cut.height = 64;
  cut.getContext("2d").drawImage(picture, (index % columns) * 64, Math.floor(index / columns) * 64, 64, 64,
    0, 0, 64, 64);
  canvas.width = canvas.height = side;
  const brush = canvas.getContext("2d");
  brush.imageSmoothingEnabled = smooth;
  brush.imageSmoothingQuality = "high";
  brush.drawImage(cut, 0, 0, side, side);
}

function say(sentence) {
  find(".ask-notice").textContent = sentence || "";
  find(".ask-notice").hidden = !sentence;
}

// One request at a time; what was asked for meanwhile is asked for next, the last wish always.
async function ask(change) {
  wanted = { ...(wanted || wish || {}), ...change };
  if (asking) { fresh = true; return; }
  asking = true;
  try {
    do {
      fresh = false;
      const answer = await server.ask(wanted);
      if (!fresh) await show(answer);
    } while (fresh);
  } catch {
    say("The server could not be reached; please try again.");
  } finally {
    asking = false;
  }
}

async function show(answer) {
  if (answer.trouble) { say(answer.trouble); find(".ask-waiting").textContent = "No picture"; return; }
  const picture = new Image();
  picture.src = answer.sheet;
  await picture.decode();
  say(answer.notice);
  wish = wanted = Object.fromEntries([...NAMES, "seed"].map((name) => [name, answer[name]]));
  find(".ask-waiting").hidden = true;
  const thing = an(`${HUES[wish.object]} ${SHAPES[wish.shape]}`);
  const line = `${thing[0].toUpperCase()}${thing.slice(1)} on ${an(HUES[wish.floor])} floor before ` +
    `${an(HUES[wish.wall])} wall`;
  find(".ask-line").textContent = line;
  paint(find(".ask-large canvas"), picture, 0, 8, 384 * Math.ceil(devicePixelRatio), true);
  find(".ask-large canvas").setAttribute("aria-label", line + ", as the network draws it");
  const strip = find(".ask-strip");
  latentLab.replace(strip, answer.seeds.slice(1).map((seed, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.seed = seed;
    button.title = `Seed ${seed}`;
    button.setAttribute("aria-label", `Take seed ${seed}`);
    button.append(document.createElement("canvas"));
    paint(button.firstChild, picture, index + 1, 8, 192, true);
    return button;
  }));
  find(".ask-obeyed").hidden = false;
  find(".ask-obeyed tbody").innerHTML = NAMES.map((name, k) => {
    const [value, sure] = answer.read[k], right = value === wish[name];
    const verdict = `${right ? "\\u2713 yes" : "\\u2717 no"}, ${Math.round(100 * sure)} % sure`;
    return `<tr class="${right ? "" : "wrong"}"><td>${name}</td>` +
      `<td>${dot(name, wish[name])}${nameOf(name, wish[name])}</td>` +
      `<td>${dot(name, value)}${nameOf(name, value)}</td><td>${verdict}</td></tr>`;
  }).join("");
  find(".ask-unseen").textContent = answer.held_out
    ? "This combination was never shown in the training." : "This combination was shown in the training.";
  for (const button of element.querySelectorAll(".ask-pickers button")) {
    latentLab.check(button, +button.dataset.value === wish[button.dataset.label]);
  }
  for (const name of NAMES) find(`.chosen-${name}`).textContent = nameOf(name, wish[name]);
  if (document.activeElement !== find(".ask-seed input")) find(".ask-seed input").value = wish.seed;
  latentLab.announce(`${line}: ${NAMES.filter((name, k) => answer.read[k][0] === wish[name]).length} of ` +
    `${NAMES.length} labels are read back right`);
  element.dataset.link = answer.link;
  latentLab.remember("ask", answer.link, false);
  clearTimeout(timer);
  timer = setTimeout(() => trigger("input", wish), 350);  // the fold-outs
  if (find(".ask-more").open) drawTable();
}

let tables = 0;
async function drawTable() {
  const mine = ++tables, rows = find(".rows").value, columns = find(".columns").value;
  const answer = await server.table({ ...wish, rows, columns });
  if (mine !== tables) return;
  if (answer.notice) { say(answer.notice); return; }
  const picture = new Image();
  picture.src = answer.sheet;
  await picture.decode();
  if (mine !== tables) return;
  const box = find(".ask-table");
  box.style.gridTemplateColumns = `repeat(${answer.columns}, minmax(0, 1fr))`;
  box.style.maxWidth = answer.columns * 70 + "px";
  latentLab.replace(box, answer.held_out.map((unseen, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = unseen ? "unseen" : "";
    button.dataset.rows = rows;
    button.dataset.row = Math.floor(index / answer.columns);
    button.dataset.columns = columns;
    button.dataset.column = index % answer.columns;
    button.setAttribute("aria-label", `${rows} ${nameOf(rows, +button.dataset.row)}, ${columns} ` +
      nameOf(columns, +button.dataset.column) + (unseen ? ", never shown in the training" : ""));
    button.append(document.createElement("canvas"));
    paint(button.firstChild, picture, index, answer.columns, 128, true);
    return button;
  }));
}

async function showFigures() {
  const figures = await server.obedience({});
  const box = find(".ask-figures div");
  if (!figures.seen) { box.textContent = "Not measured yet."; return; }
  const percent = (share) => (100 * share).toFixed(1) + " %";
  box.innerHTML = "<table><thead><tr><th>label</th><th>combinations of the training</th><th>never shown</th></tr>" +
    "</thead><tbody>" +
    Object.keys(figures.seen).map((name) => `<tr><td>${name}</td><td>${percent(figures.seen[name])}</td>` +
      `<td>${percent(figures.held_out[name])}</td></tr>`).join("") + `</tbody></table>` +
    `<p class="ask-note">Read back right in ${figures.count.toLocaleString("en")} pictures each.</p>`;
}

find(".ask-pickers").innerHTML = NAMES.map((name) => {
  const values = name === "shape" ? SHAPES : HUES;
  return `<fieldset role="radiogroup" aria-label="${name}"><legend>${name[0].toUpperCase() + name.slice(1)} ` +
    `<span class="chosen-${name}"></span></legend><div class="${name === "shape" ? "ask-shapes" : "ask-hues"}">` +
    values.map((value, index) => `<button type="button" role="radio" aria-checked="false" data-label="${name}" ` +
      `data-value="${index}" title="${value}" aria-label="${name} ${value}"` +
      (name === "shape" ? `>${value}` : ` style="background:${COLOURS[index]}">`) + `</button>`).join("") +
    `</div></fieldset>`;
}).join("");
for (const [selector, start] of [[".rows", "object"], [".columns", "wall"]]) {
  find(selector).replaceChildren(...NAMES.map((name) => new Option(name, name, false, name === start)));
}

const any = (count) => Math.floor(Math.random() * count);
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { label, value, seed, row } = button.dataset;
  if (label) ask({ [label]: +value });
  else if (seed) ask({ seed: +seed });
  else if (row) ask({ [button.dataset.rows]: +row, [button.dataset.columns]: +button.dataset.column });
  else if (button.matches(".ask-dice")) {
    ask({ floor: any(10), wall: any(10), object: any(10), shape: any(4), seed: 1 + any(99999) });
  } else if (button.matches(".ask-unknown")) surprise();
});
async function surprise() {  // draws until the combination is one of the fifth that was held out
  for (let tries = 0; tries < 60; tries++) {
    const change = { floor: any(10), wall: any(10), object: any(10), shape: any(4) };
    if (UNSEEN[((change.floor * 10 + change.wall) * 10 + change.object) * 4 + change.shape] === "1") return ask(change);
  }
}
find(".ask-seed input").addEventListener("input", (event) => {
  event.stopPropagation();
  ask({ seed: event.target.value === "" ? 1 : event.target.value });
});
find(".ask-more").addEventListener("toggle", () => { if (find(".ask-more").open && wish) drawTable(); });
for (const selector of [".rows", ".columns"]) find(selector).addEventListener("input", (event) => {
  event.stopPropagation();
  drawTable();
});
find(".ask-figures").addEventListener("toggle", () => { if (find(".ask-figures").open) showFigures(); });

const query = new URLSearchParams(location.search);
const start = query.get("tab") === "ask" ? Object.fromEntries(query) : {};
// The first picture is drawn when the tab is first looked at, so that opening the page costs nothing.
const watcher = new IntersectionObserver((entries) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  watcher.disconnect();
  ask(start);
});
watcher.observe(element);
"""
)
