"""The part "The game" of the playground: a GAN in the plane that learns while one watches."""

ARENA = """
  <div class="bench">
    <div class="pg-left">
      <p class="pg-lead">G has to put its points where the real ones are. D tries to tell them apart.</p>
      <div>
        <canvas class="pg-plane still game-plane" role="img"
          aria-label="Real and generated points in the plane"></canvas>
        <div class="pg-legend">
          <span><i></i>real</span><span><i class="made"></i>generated</span>
          <span>blue ground: D says real</span><span class="game-rounds"></span>
        </div>
      </div>
      <div class="pg-side">
        <ol class="pg-captions game-captions" aria-live="off"></ol>
        <table class="pg-table game-table"><thead><tr><th>measure</th><th>this GAN</th>
          <th>mixture, by EM</th></tr></thead><tbody></tbody></table>
        <div><h3>Losses and value</h3><canvas class="pg-chart game-chart" role="img"
          aria-label="Losses of both players and the value of the game over the rounds"></canvas>
          <div class="pg-legend"><span><i class="bar" style="background:var(--pg-real)"></i>loss of D</span>
          <span><i class="bar" style="background:var(--pg-made)"></i>loss of G</span>
          <span class="game-value"><i class="bar" style="background:var(--pg-third)"></i>value V</span></div></div>
      </div>
    </div>
    <div class="controls pg-controls">
      <div class="pg-row"><button type="button" class="pg-primary game-play" style="flex:1">Play</button>
        <button type="button" class="small-button game-restart">Restart</button></div>
      <div class="pg-row" role="group" aria-label="Single steps">
        <button type="button" class="small-button game-step" data-side="discriminator">Step D</button>
        <button type="button" class="small-button game-step" data-side="generator">Step G</button>
        <button type="button" class="small-button game-step" data-side="both">Both</button></div>
      <label>Lesson <select class="game-preset"></select></label>
      <p class="pg-note game-hint"></p>
      <label>Points <select class="game-data"></select></label>
      <label>Loss <select class="game-loss"></select></label>
      <label>Speed <select class="game-speed"><option value="1">slow, one round at a time</option>
        <option value="25" selected>25 rounds a picture</option>
        <option value="2000">as fast as it goes</option></select>
      </label>
      <details class="pg-more"><summary>More settings</summary><div>
        <label>Learning rate of D <span class="pg-value"></span>
          <input type="range" class="game-rate" data-name="discriminator_rate"
          min="-5" max="0" step="0.1"></label>
        <label>Learning rate of G <span class="pg-value"></span>
          <input type="range" class="game-rate" data-name="generator_rate"
          min="-5" max="0" step="0.1"></label>
        <div class="pg-pair">
          <label>Steps of D <input type="number" data-name="discriminator_steps" min="0" max="10"></label>
          <label>Steps of G <input type="number" data-name="generator_steps" min="0" max="10"></label>
          <label>Hidden layers <input type="number" data-name="layers" min="1" max="4"></label>
          <label>Units in each <input type="number" data-name="width" min="2" max="64"></label>
          <label>Noise numbers <input type="number" data-name="noise" min="1" max="2"></label>
          <label>Seed <input type="number" data-name="seed" min="0" max="2147483647"></label>
          <label>Head start of D <input type="number" data-name="head_start" min="0" max="3000"></label>
          <label>Optimiser <select data-name="optimiser"></select></label>
        </div></div></details>
      <details class="pg-more"><summary>What is drawn</summary><div>
        <label class="pg-check"><input type="checkbox" class="box" data-layer="surface" checked>what D thinks</label>
        <label class="pg-check"><input type="checkbox" class="box" data-layer="arrows" checked>where G is pulled</label>
        <label class="pg-check"><input type="checkbox" class="box" data-layer="grid">G's grid, warped</label>
        <label class="pg-check"><input type="checkbox" class="box" data-layer="mixture">the mixture's ellipses</label>
      </div></details>
      <div class="pg-row"><button type="button" class="small-button game-file" data-kind="gif">Film (GIF)</button>
        <button type="button" class="small-button game-file" data-kind="csv">Numbers (CSV)</button></div>
    </div>
  </div>
"""

ARENA_CSS = """
.game-rounds { margin-left: auto; font-variant-numeric: tabular-nums; color: var(--body-text-color); }
.game-captions { min-height: 168px; }
"""

ARENA_SCRIPT = """
const PICTURE = 80;  // milliseconds between two pictures at the least, so that one can follow
const token = crypto.getRandomValues(new Uint32Array(4)).join("-");
let game = null;      // settings, data, points, mixture, centres: as the server opened them
let opening = 0;      // so that a frame of a game that was replaced meanwhile is dropped
let frame = null, curves = [], playing = false, busy = null, touched = false;

const plane_ = () => find(".game-plane");
const layer = (name) => find(`[data-layer=${name}]`).checked;
const fields = () => ({ token, data: game.data, ...game.settings });

function drawGame() {
  if (!frame || !plane_().clientWidth) return;
  const area = plane(plane_());
  if (!frame.lost && layer("surface")) {
    const ground = bytes(frame.surface);
    area.surface(ground, Math.sqrt(ground.length), colour("made-soft"), colour("real-soft"));
  }
  if (!frame.lost && layer("grid")) for (const curve of frame.grid) area.path(curve, colour("made"), 1, 0.6);
  area.circles(game.points, colour("real"));
  if (layer("mixture")) {
    game.mixture.ellipses.forEach((shape, k) => area.ellipse(shape, game.mixture.means[k], colour("third"), 1.6));
  }
  if (!frame.lost) {
    area.diamonds(frame.fake, colour("made"));
    if (layer("arrows")) {
      area.arrows(frame.fake.slice(0, frame.arrows.length), frame.arrows, colour("ink"),
        (size) => Math.min(40, 4 + 16 * Math.log1p(size)));
    }
  }
  find(".game-rounds").textContent = frame.rounds.toLocaleString("en") + (frame.rounds === 1 ? " round" : " rounds");
  captions(find(".game-captions"), frame.captions);
  if (!frame.lost) drawNumbers();
}
function drawNumbers() {
  const { numbers } = frame, { mixture } = game;
  const lines = [];
  if (numbers.modes !== undefined) {
    const all = game.modes;
    lines.push(["modes covered", `${numbers.modes} of ${all}`, `${mixture.modes} of ${all}`]);
  }
  lines.push(["samples off the data", percent(numbers.off), percent(mixture.off)]);
  lines.push(["data reached", percent(numbers.reached), percent(mixture.reached)]);
  lines.push(["log-likelihood", "has none", fixed(mixture.log_likelihood, 2) + " nats a point"]);
  find(".game-table tbody").innerHTML = lines.map(([name, ours, theirs]) =>
    `<tr><th>${name}</th><td>${ours}</td><td>${theirs}</td></tr>`).join("");
  const series = [["discriminator_loss", "real"], ["generator_loss", "made"]];
  const probability = ["non-saturating", "minimax"].includes(game.settings.loss);
  if (probability) series.push(["value", "third"]);
  find(".game-value").hidden = !probability;
  chart(find(".game-chart"), series.map(([name, shade]) =>
    ({ shade: colour(shade), points: curves.map((one) => [one.rounds, one[name]]) })),
    { lines: probability ? [{ value: -Math.log(4), label: "\\u2212log 4" }] : [] });
  element.dataset.rounds = frame.rounds;
  element.dataset.modes = numbers.modes ?? "";
}

function took(answer, quiet = false) {  // quiet: not drawn yet
  if (!answer || !answer.captions) return false;
  frame = answer;
  if (!answer.lost) curves.push({ rounds: answer.rounds, ...answer.numbers });
  if (curves.length > 600) curves = curves.filter((_, index) => index % 2 === 0);
  if (!quiet) drawGame();
  return true;
}

async function openGame(wanted, { until = 0 } = {}) {
  stop();
  const mine = ++opening;
  await busy;
  const answer = await ask("game_open", { token, ...wanted });
  if (mine !== opening || !answer || !answer.settings) return;
  game = answer;
  curves = [];
  touched = false;
  fill(find(".game-preset"), [...answer.presets, ["", "your own settings"]], answer.preset);
  find(".game-hint").textContent = answer.hint;
  fill(find(".game-data"), [...answer.datasets, ["", "your own points \\u2026"]], answer.data);
  fill(find(".game-loss"), answer.losses, answer.settings.loss);
  fill(find("[data-name=optimiser]"), answer.optimisers, answer.settings.optimiser);
  for (const input of root.querySelectorAll("[data-part=game] input[data-name]")) {
    const value = answer.settings[input.dataset.name];
    input.value = input.type === "range" ? Math.log10(value) : value;
    if (input.type === "range") tell(input, value);
  }
  took(answer.frame);
  remember();
  if (until && shown()) play(until);
}
function tell(input, value) {
  progress(input);
  input.parentElement.querySelector(".pg-value").textContent = Number(value.toPrecision(2));
}
function remember() {
  const steps = touched || !frame.rounds ? "" : `&steps=${frame.rounds}`;
  link(game.link + steps, { part: "game", python: game.python });
  latentLab.announce(`After ${frame.rounds} rounds: ` + frame.captions.map((caption) => caption.words).join(" "));
}

async function play(until = null) {
  if (playing) return;
  playing = true;
  find(".game-play").textContent = "Pause";
  const quiet = until !== null && latentLab.still;  // opens finished, for whoever wants nothing to move by itself
  busy = (async () => {
    while (playing) {
      const began = performance.now();
      const rounds = !until ? +find(".game-speed").value : until > 1500 ? 2000 : 60;  // to a linked place quickly
      if (!shown()) break;
      const answer = await ask("game_play", { token, rounds, until });
      if (!answer) break;
      if (answer.line) {
        say(`${answer.seats} visitors are training already; you are number ${answer.line} in line. ` +
          "It starts by itself.");
        await pause(500);
        continue;
      }
      if (!took(answer, quiet) || answer.lost || (until && answer.rounds >= until)) break;
      await pause(Math.max(rounds === 1 ? 250 : 0, PICTURE) - (performance.now() - began));
    }
    stop();
    if (quiet) drawGame();
    server.game_pause({ token }).catch(() => {});
    remember();
  })();
}
function stop() {
  playing = false;
  find(".game-play").textContent = "Play";
}
async function stepOnce(side) {
  stop();
  await busy;
  touched = touched || side !== "both";
  const answer = await ask("game_play", { token, rounds: 1, part: side });
  if (answer && answer.line) say("Others are training at the moment; try again in a second.");
  took(answer);
  server.game_pause({ token }).catch(() => {});
  if (game) remember();
}
async function change(changes) {  // rates and numbers of steps act at once, all else begins anew
  const live = Object.keys(changes).every((name) => /_rate$|_steps$/.test(name)) && frame && frame.rounds > 0;
  if (!live) { openGame({ ...fields(), preset: "", ...changes }); return; }
  const answer = await ask("game_tune", { ...fields(), ...changes });
  if (!answer || !answer.settings) return;
  game = { ...game, ...answer };
  touched = true;
  find(".game-preset").value = "";
  remember();
}

find(".game-play").addEventListener("click", () => playing ? stop() : game && play());
find(".game-restart").addEventListener("click", () => {
  if (game) openGame({ ...fields(), preset: find(".game-preset").value });
});
for (const button of root.querySelectorAll(".game-step")) {
  button.addEventListener("click", () => game && stepOnce(button.dataset.side));
}
find(".game-preset").addEventListener("change", (event) => {
  if (event.target.value) openGame({ preset: event.target.value }, { until: 0 });
});
find(".game-data").addEventListener("change", (event) => {
  if (event.target.value) { change({ data: event.target.value }); return; }
  event.target.value = game.data;
  ownPoints((data) => change({ data }));
});
find(".game-loss").addEventListener("change", (event) => change({ loss: event.target.value }));
for (const input of root.querySelectorAll("[data-part=game] [data-name]")) {
  input.addEventListener("input", () => { if (input.type === "range") tell(input, 10 ** input.value); });
  input.addEventListener("change", () => {
    if (input.value === "") return;
    const value = input.type === "range" ? Number((10 ** input.value).toPrecision(2))
      : input.type === "number" ? +input.value : input.value;
    change({ [input.dataset.name]: value });
  });
}
for (const box of root.querySelectorAll("[data-layer]")) box.addEventListener("change", drawGame);
for (const button of root.querySelectorAll(".game-file")) {
  button.addEventListener("click", async () => {
    const answer = await ask("game_file", { token, kind: button.dataset.kind });
    if (answer && answer.content) save(answer.name, answer.content);
  });
}
addEventListener("pagehide", () => stop());

parts.game = {
  open(wanted) {
    if (game && !Object.keys(wanted).length) { drawGame(); remember(); return; }
    openGame(wanted, { until: wanted.steps ? +wanted.steps : Object.keys(wanted).length > 2 ? 0 : 600 });
  },
  close: stop,
  draw: drawGame,
};
"""
