"""The part "Densities" of the playground: a mixture of Gaussians fitted step by step, and one fitted to faces."""

DENSITIES = """
  <div class="bench">
    <div class="pg-left">
      <p class="pg-lead">A density that can be written down: Gaussians, fitted to the points by EM, step by step.</p>
      <div>
        <canvas class="pg-plane still em-plane" role="img"
          aria-label="Points and the Gaussians fitted to them"></canvas>
        <div class="pg-legend"><span>colour: which Gaussian a point came from, mixed where it is unsure</span></div>
      </div>
      <div class="pg-side">
        <ol class="pg-captions em-captions"></ol>
        <div><h3>Mean log-likelihood, which never falls</h3><canvas class="pg-chart em-chart" role="img"
          aria-label="Mean log-likelihood over the steps"></canvas></div>
        <div><h3>How many Gaussians? BIC, lower is better</h3><div class="em-bars" role="group"
          aria-label="BIC for each number of Gaussians"></div></div>
      </div>
      <div class="em-pictures">
        <h3>The same on faces: 64 × 64 pixels are one point of 12,288 numbers</h3>
        <div class="em-pair">
          <figure><canvas class="em-faces" data-model="faces-mixture-64" role="img"
            aria-label="Faces drawn from a mixture of Gaussians"></canvas><figcaption></figcaption></figure>
          <figure><canvas class="em-faces" data-model="faces-celeba-64" role="img"
            aria-label="Faces drawn by a GAN"></canvas><figcaption></figcaption></figure>
        </div>
        <div class="pg-row">
          <button type="button" class="small-button em-faces-dice" style="flex:none">Other faces</button>
          <span class="pg-note em-faces-note"></span></div>
      </div>
    </div>
    <div class="controls pg-controls">
      <div class="pg-row"><button type="button" class="pg-primary em-play" style="flex:1">Play</button>
        <button type="button" class="small-button em-restart">Restart</button></div>
      <div class="pg-row"><button type="button" class="small-button em-back">Back</button>
        <button type="button" class="small-button em-step">One step</button></div>
      <label>Gaussians <span class="pg-value"></span><input type="range" class="em-count"
        min="1" max="12" step="1" value="8"></label>
      <label>Points <select class="em-data"></select></label>
      <div class="pg-row"><label style="flex:1">Start (seed) <input type="number" class="em-seed" min="0"
        max="2147483647" value="1"></label><button type="button" class="small-button em-dice"
        style="align-self:end;min-height:40px;flex:none">Another start</button></div>
      <label class="pg-check"><input type="checkbox" class="box em-sample">draw new points from the fit</label>
    </div>
  </div>
"""

DENSITIES_CSS = """
.em-bars { display: flex; align-items: flex-end; gap: 4px; height: 96px; }
.em-bars button { flex: 1; display: grid; align-content: end; justify-items: center; gap: 3px; height: 100%;
  font-size: 12px; color: var(--body-text-color-subdued); cursor: pointer; min-width: 0; }
.em-bars button i { width: 100%; max-width: 30px; border-radius: 3px 3px 0 0; background: var(--pg-line); }
.em-bars button.best { color: var(--body-text-color); font-weight: 700; }
.em-bars button[aria-pressed=true] i { background: var(--color-accent); }
.em-pictures { grid-column: 1 / -1; margin-top: 10px; }
.em-pictures h3 { margin: 0 0 8px; font-size: 15px; font-weight: 600; color: var(--body-text-color); }
.em-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 16px 28px;
  margin-bottom: 10px; }
.em-pair figure { margin: 0; }
.em-pair canvas { width: 100%; max-width: 460px; border-radius: 10px; display: block; }
.em-pair figcaption { font-size: 13px; line-height: 1.45; margin-top: 6px; color: var(--body-text-color-subdued); }
.em-pair figcaption b { color: var(--body-text-color); font-weight: 600; }
@media (max-width: 768px) { .pg-left > .em-pictures { order: 3; } }
"""

DENSITIES_SCRIPT = """
const SHADES = ["#2f6fb3", "#c8540a", "#3d7a4e", "#8a4a9e", "#b8902a", "#16807f", "#b33b5e", "#6d6a1f", "#4a56a8",
  "#8c5a3a", "#5f8d2e", "#7a4660"];
let fit = null, data = "ring", playing = false, asked = 0, facesSeed = 1, facesAsked = false;
const rgb = SHADES.map(channels);

function drawMixture() {
  const canvas = find(".em-plane");
  if (!fit || !canvas.clientWidth) return;
  const area = plane(canvas), shares = bytes(fit.responsibilities), count = fit.means.length;
  const mixed = (index) => {  // of the colours of all Gaussians, as the point is shared among them
    const sum = [0, 0, 0];
    let all = 0;
    for (let k = 0; k < count; k++) {
      const share = shares[index * count + k];
      all += share;
      for (let c = 0; c < 3; c++) sum[c] += share * rgb[k][c];
    }
    return `rgb(${sum.map((value) => Math.round(value / (all || 1))).join(" ")})`;
  };
  area.circles(fit.points, mixed, 2.6, 0.8);
  if (fit.sample) area.diamonds(fit.sample, colour("ink"), 3);
  fit.ellipses.forEach((shape, k) => area.ellipse(shape, fit.means[k], SHADES[k], 1 + 6 * fit.weights[k]));
  captions(find(".em-captions"), fit.captions);
  chart(find(".em-chart"), [{ shade: colour("third"), points: fit.likelihoods.map((value, index) => [index, value]) }],
    { unit: "steps" });
  find(".em-back").disabled = fit.step === 0;
  find(".em-step").disabled = fit.ended;
  element.dataset.step = fit.step;
  element.dataset.likelihood = fit.likelihoods.at(-1);
}
function showBars() {
  const { criteria } = fit;
  if (!criteria) return;
  const low = Math.min(...criteria), high = Math.max(...criteria), best = criteria.indexOf(low) + 1;
  latentLab.replace(find(".em-bars"), criteria.map((value, index) => {
    const button = document.createElement("button"), count = index + 1;
    button.type = "button";
    button.className = count === best ? "best" : "";
    button.setAttribute("aria-label", `${count} Gaussian${count === 1 ? "" : "s"}, BIC ` +
      Math.round(value).toLocaleString("en") + (count === best ? ", the best" : ""));
    button.setAttribute("aria-pressed", count === fit.means.length);
    button.title = Math.round(value).toLocaleString("en");
    button.innerHTML = `<i style="height:${8 + 62 * (value - low) / (high - low || 1)}px"></i>${count}`;
    button.addEventListener("click", () => { find(".em-count").value = count; restart(); });
    return button;
  }));
  element.dataset.best = best;
}
async function show(step) {
  const mine = ++asked;
  const answer = await ask("mixture", {
    data, components: +find(".em-count").value, seed: find(".em-seed").value, step, sample: find(".em-sample").checked,
  });
  if (mine !== asked || !answer || !answer.means) return false;
  fit = { criteria: answer.data === (fit && fit.data) ? fit.criteria : null, ...answer };
  fill(find(".em-data"), [...answer.datasets, ["", "your own points \\u2026"]], answer.data);
  find(".em-count").parentElement.querySelector(".pg-value").textContent = answer.means.length;
  progress(find(".em-count"));
  drawMixture();
  link(answer.link, { part: "densities", python: answer.python });
  latentLab.announce(`After ${fit.step} steps: ` + fit.captions.map((caption) => caption.words).join(" "));
  if (!fit.criteria) {
    const told = await ask("criteria", { data });
    if (told && told.criteria && fit.data === told.data) fit.criteria = told.criteria;
  }
  showBars();
  return true;
}
function restart(step = 0) { playing = false; return show(step); }
async function playOn() {
  playing = !playing;
  find(".em-play").textContent = playing ? "Pause" : "Play";
  if (playing && fit && fit.ended) await show(0);
  while (playing && shown() && part === "densities" && fit && !fit.ended) {
    if (!await show(fit.step + 1)) break;
    await pause(160);
  }
  playing = false;
  find(".em-play").textContent = "Play";
}
find(".em-play").addEventListener("click", playOn);
find(".em-step").addEventListener("click", () => { playing = false; if (fit) show(fit.step + 1); });
find(".em-back").addEventListener("click", () => { playing = false; if (fit) show(Math.max(0, fit.step - 1)); });
find(".em-restart").addEventListener("click", () => restart());
find(".em-count").addEventListener("input", () => restart());
find(".em-seed").addEventListener("change", (event) => { if (event.target.value !== "") restart(); });
find(".em-dice").addEventListener("click", () => { find(".em-seed").value = dice(); restart(); });
find(".em-sample").addEventListener("change", () => fit && show(fit.step));
find(".em-data").addEventListener("change", (event) => {
  if (event.target.value) { data = event.target.value; restart(); return; }
  event.target.value = data;
  ownPoints((own) => { data = own; restart(); });
});

async function faces() {
  const answer = await ask("faces", { seed: facesSeed });
  if (!answer || !answer.sheets) return;
  for (const canvas of root.querySelectorAll(".em-faces")) {
    const told = answer.sheets[canvas.dataset.model];
    canvas.nextElementSibling.innerHTML = told.text;
    if (!told.sheet) continue;
    const picture = new Image();
    picture.src = told.sheet;
    await picture.decode();
    canvas.width = 2 * picture.naturalWidth;
    canvas.height = 2 * picture.naturalHeight;
    const brush = canvas.getContext("2d");
    brush.imageSmoothingQuality = "high";
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  }
  find(".em-faces-note").textContent = answer.note;
  element.dataset.faces = facesSeed;
}
find(".em-faces-dice").addEventListener("click", () => { facesSeed = dice(); faces(); });
parts.densities = {
  open(fields) {
    if (fields.data) data = fields.data;
    if (fields.components) find(".em-count").value = fields.components;
    if (fields.seed !== undefined) find(".em-seed").value = fields.seed;
    if (fit && !Object.keys(fields).length) { show(fit.step); return; }
    restart(fields.step !== undefined ? +fields.step : 4);
    if (!facesAsked) { facesAsked = true; faces(); }
  },
  close() { playing = false; },
  draw: drawMixture,
};
"""
