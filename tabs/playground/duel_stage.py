"""Two parts of the playground: the spam filter against its spammer, and minimax by hand."""

SPAM = """
  <div class="bench">
    <div class="pg-left">
      <p class="pg-lead">A filter learns to stop spam. The spammer rewrites it until it passes.</p>
      <div>
        <canvas class="pg-plane still spam-plane" role="img" aria-label="Messages and what the filter thinks"></canvas>
        <div class="pg-legend"><span><i></i>honest</span><span><i class="made"></i>spam</span>
          <span>orange ground: the filter stops it</span></div>
      </div>
      <div class="pg-side">
        <ol class="pg-captions spam-captions"></ol>
        <div><h3>What the filter stops</h3><canvas class="pg-chart spam-chart" role="img"
          aria-label="Shares of spam and of honest mail that are stopped, over the moves"></canvas>
          <div class="pg-legend"><span><i class="bar" style="background:var(--pg-made)"></i>spam stopped</span>
          <span><i class="bar" style="background:var(--pg-real)"></i>honest mail stopped</span></div></div>
      </div>
    </div>
    <div class="controls pg-controls">
      <button type="button" class="pg-primary spam-play">Play both</button>
      <div class="pg-row"><button type="button" class="small-button spam-move" data-move="f">Filter learns</button>
        <button type="button" class="small-button spam-move" data-move="s">Spammer rewrites</button></div>
      <div class="pg-row"><button type="button" class="small-button spam-back">Back</button>
        <button type="button" class="small-button spam-restart">Restart</button></div>
      <label>Seed <input type="number" class="spam-seed" min="0" max="2147483647" value="1"></label>
      <p class="pg-note">This is a GAN in small: the filter is a discriminator, a logistic regression; the spammer is a
        generator, who moves along the filter's own gradient. Next: <b>The game</b>.</p>
    </div>
  </div>
"""

MINIMAX = """
  <div class="bench">
    <div class="pg-left">
      <p class="pg-lead">One player moves x to make f small, the other moves y to make it large. Click to
        start there.</p>
      <div>
        <canvas class="pg-plane mini-plane" role="img" aria-label="Orbits of two players in the plane"></canvas>
        <div class="pg-legend"><span>x to the right, y up; arrows: where both want to go</span></div>
      </div>
      <div class="pg-side">
        <p class="pg-note mini-lesson"></p>
        <table class="pg-table mini-table"><thead><tr><th>way to step</th>
          <th>distance from the solution</th></tr></thead>
          <tbody></tbody></table>
        <div><h3>Distance from the solution</h3><canvas class="pg-chart mini-chart" role="img"
          aria-label="Distance from the solution over the steps, for four ways to step"></canvas></div>
        <p class="pg-note">η is the learning rate, v the direction in which each player improves alone. Simultaneous:
          p ← p + η v(p). Alternating: y answers the new x. Extragradient: p ← p + η v(p + η v(p)). Optimistic:
          p ← p + 2 η v(p) − η v(p before).</p>
      </div>
    </div>
    <div class="controls pg-controls">
      <button type="button" class="pg-primary mini-play">Play</button>
      <label>Function <select class="mini-function"></select></label>
      <label>Learning rate η <span class="pg-value"></span>
        <input type="range" class="mini-rate" min="0.01" max="1" step="0.01"
        value="0.15"></label>
      <label>Steps <span class="pg-value"></span><input type="range" class="mini-steps"
        min="1" max="400" step="1" value="120"></label>
      <div class="pg-pair"><label>Start x <input type="number" class="mini-x" step="0.1" min="-10" max="10" value="0.9">
        </label><label>Start y <input type="number" class="mini-y" step="0.1" min="-10" max="10" value="0.5"></label>
      </div>
      <div class="mini-ways"></div>
    </div>
  </div>
"""

DUEL_CSS = """
.mini-plane { cursor: crosshair; }
.mini-ways { display: grid; gap: 8px; }
.mini-ways i, .mini-table i { display: inline-block; width: 18px; height: 3px; vertical-align: middle;
  margin-right: 8px; }
.mini-table td { text-align: left; }
"""

SPAM_SCRIPT = """
let moves = "fsfsfsfsfs", seed = 1, answer = null, playing = false;

function drawSpam() {
  const canvas = find(".spam-plane");
  if (!answer || !canvas.clientWidth) return;
  const area = plane(canvas, 1.1);
  area.surface(bytes(answer.surface), answer.cells, colour("real-soft"), colour("made-soft"));
  area.brush.strokeStyle = colour("line");
  answer.first.forEach((_, index) => {  // how far each spam message has gone from what it said at first
    if (index % 2 || answer.first[index] === answer.spam[index]) return;
    area.brush.beginPath();
    area.brush.moveTo(area.x(answer.first[index] / SCALE), area.y(answer.first[index + 1] / SCALE));
    area.brush.lineTo(area.x(answer.spam[index] / SCALE), area.y(answer.spam[index + 1] / SCALE));
    area.brush.stroke();
  });
  area.circles(answer.honest, colour("real"), 4, 0.9).diamonds(answer.spam, colour("made"), 5);
  const brush = area.brush, subdued = getComputedStyle(root).getPropertyValue("--body-text-color-subdued");
  brush.fillStyle = subdued;
  brush.font = "12px system-ui, sans-serif";
  brush.textAlign = "center";
  brush.fillText(latentLab.say(answer.features[0] + " \\u2192"), area.side / 2, area.side - 8);
  brush.save();
  brush.translate(15, area.side / 2);
  brush.rotate(-Math.PI / 2);
  brush.fillText(latentLab.say(answer.features[1] + " \\u2192"), 0, 0);
  brush.restore();
  captions(find(".spam-captions"), answer.captions);
  chart(find(".spam-chart"), [["spam_stopped", "made"], ["honest_stopped", "real"]].map(([name, shade]) =>
    ({ shade: colour(shade), points: answer.history.map((one, index) => [index, one[name]]) })),
    { low: 0, high: 1, unit: "moves" });
}
async function show() {
  const told = await ask("spam", { seed, moves });
  if (!told || !told.captions) return false;
  answer = told;
  element.dataset.moves = moves.length;
  find(".spam-seed").value = seed;
  find(".spam-back").disabled = !moves;
  drawSpam();
  link(told.link, { part: "spam", python: told.python });
  latentLab.announce(`After ${moves.length} moves: ` + told.captions.map((caption) => caption.words).join(" "));
  return true;
}
async function move(kind) {
  moves = (moves + kind).slice(0, 200);
  return show();
}
async function playBoth() {
  playing = !playing;
  find(".spam-play").textContent = playing ? "Pause" : "Play both";
  while (playing && shown() && part === "spam" && moves.length < 200) {
    if (!await move(moves.endsWith("f") ? "s" : "f")) break;
    await pause(220);
  }
  playing = false;
  find(".spam-play").textContent = "Play both";
}
find(".spam-play").addEventListener("click", playBoth);
for (const button of root.querySelectorAll(".spam-move")) {
  button.addEventListener("click", () => { playing = false; move(button.dataset.move); });
}
find(".spam-back").addEventListener("click", () => { playing = false; moves = moves.slice(0, -1); show(); });
find(".spam-restart").addEventListener("click", () => { playing = false; moves = ""; show(); });
find(".spam-seed").addEventListener("change", (event) => {
  if (event.target.value === "") return;
  seed = event.target.value;
  moves = "";
  show();
});
parts.spam = {
  open(fields) {
    if (fields.seed !== undefined) seed = fields.seed;
    if (fields.moves !== undefined) moves = fields.moves;
    show();
  },
  close() { playing = false; },
  draw: drawSpam,
};
"""

MINIMAX_SCRIPT = """
const SHADES = { simultaneous: "made", alternating: "real", extragradient: "third", optimistic: "fourth" };
let told = null, upTo = null, asking = false, again = false, playing = false;
const chosen = () => ({
  function: find(".mini-function").value || "product",
  rate: +find(".mini-rate").value, steps: +find(".mini-steps").value,
  x: find(".mini-x").value, y: find(".mini-y").value,
});
function drawMinimax() {
  const canvas = find(".mini-plane");
  if (!told || !canvas.clientWidth) return;
  const area = plane(canvas, told.extent), { brush } = area;
  brush.strokeStyle = colour("line");
  for (const middle of [[area.x(-9), area.y(0), area.x(9), area.y(0)], [area.x(0), area.y(-9), area.x(0), area.y(9)]]) {
    brush.beginPath();
    brush.moveTo(middle[0], middle[1]);
    brush.lineTo(middle[2], middle[3]);
    brush.stroke();
  }
  area.arrows(told.places, told.field, colour("line"), () => 13);
  for (const [way, orbit] of Object.entries(told.orbits)) {
    if (!find(`[data-way=${way}]`).checked) continue;
    const count = upTo === null ? orbit.length : Math.min(orbit.length, 2 * (upTo + 1));
    const seen = orbit.slice(0, count);
    area.path(seen, colour(SHADES[way]), 2).circles(seen, colour(SHADES[way]), 2, 0.8);
    area.circles(seen.slice(-2), colour(SHADES[way]), 6, 1);
  }
  const [left, top] = [area.x(told.start[0]), area.y(told.start[1])];
  brush.strokeStyle = colour("ink");
  brush.lineWidth = 2;
  brush.beginPath();
  brush.arc(left, top, 7, 0, 7);
  brush.stroke();
  if (told.solution) {
    const [x, y] = [area.x(told.solution[0]), area.y(told.solution[1])];
    brush.beginPath();
    brush.moveTo(x - 6, y);
    brush.lineTo(x + 6, y);
    brush.moveTo(x, y - 6);
    brush.lineTo(x, y + 6);
    brush.stroke();
  }
  const far = (value) => value > 999 ? "ran away" : value < 0.001 ? "under 0.001" : fixed(value, 3);
  find(".mini-table tbody").innerHTML = Object.entries(told.distances).map(([way, all]) => {
    const now = all[Math.min(all.length - 1, upTo ?? Infinity)];
    return `<tr><th><i style="background:var(--pg-${SHADES[way]})"></i>${told.ways[way]}</th><td>${far(now)}</td></tr>`;
  }).join("");
  chart(find(".mini-chart"), Object.entries(told.distances).map(([way, all]) =>
    ({ shade: colour(SHADES[way]), points: all.map((value, index) => [index, Math.min(value, 2 * told.extent)]) })),
    { unit: "steps", low: 0, mark: upTo });
}
async function show() {
  for (const input of [find(".mini-rate"), find(".mini-steps")]) {
    progress(input);
    input.parentElement.querySelector(".pg-value").textContent = input.value;
  }
  if (asking) { again = true; return; }  // one request at a time, the last position always drawn
  asking = true;
  try {
    do {
      again = false;
      const answer = await ask("orbits", chosen());
      if (!answer || !answer.orbits) continue;
      told = answer;
      upTo = null;
      fill(find(".mini-function"), answer.functions, answer.function);
      find(".mini-lesson").textContent = answer.lesson;
      element.dataset.orbits = answer.link;
      drawMinimax();
      link(answer.link, { part: "minimax", python: answer.python });
      latentLab.announce(answer.lesson);
    } while (again);
  } finally { asking = false; }
}
function ways() {
  find(".mini-ways").innerHTML = Object.entries(SHADES).map(([way, shade]) =>
    `<label class="pg-check"><input type="checkbox" class="box" data-way="${way}" checked>` +
    `<span><i style="background:var(--pg-${shade})"></i>${way[0].toUpperCase() + way.slice(1)}</span></label>`)
    .join("");
}
ways();
find(".mini-ways").addEventListener("change", drawMinimax);
find(".mini-plane").addEventListener("pointerdown", (event) => {
  if (!told) return;
  const box = event.target.getBoundingClientRect();
  find(".mini-x").value = fixedPlain(told.extent * (2 * (event.clientX - box.left) / box.width - 1));
  find(".mini-y").value = fixedPlain(told.extent * (1 - 2 * (event.clientY - box.top) / box.height));
  show();
});
const fixedPlain = (value) => value.toFixed(2);
for (const selector of [".mini-rate", ".mini-steps"]) find(selector).addEventListener("input", show);
for (const selector of [".mini-function", ".mini-x", ".mini-y"]) find(selector).addEventListener("change", show);
find(".mini-play").addEventListener("click", async () => {
  playing = !playing;
  find(".mini-play").textContent = playing ? "Pause" : "Play";
  if (playing && told && (upTo === null || upTo >= chosen().steps)) upTo = 0;
  while (playing && shown() && part === "minimax" && upTo !== null && upTo < chosen().steps) {
    upTo++;
    drawMinimax();
    await pause(40);
  }
  playing = false;
  find(".mini-play").textContent = "Play";
});
parts.minimax = {
  open(fields) {
    if (fields.function) fill(find(".mini-function"), [[fields.function, fields.function]], fields.function);
    for (const name of ["rate", "steps", "x", "y"]) {
      if (fields[name] !== undefined) find(".mini-" + name).value = fields[name];
    }
    show();
  },
  close() { playing = false; },
  draw: drawMinimax,
};
"""
