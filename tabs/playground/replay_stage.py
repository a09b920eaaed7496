"""The part "Training replay" of the playground: what a network drew at moments of its training."""

REPLAY = """
  <div class="bench">
    <div class="pg-left">
      <p class="pg-lead">The same random numbers, drawn by the same network again and again while it learned.</p>
      <div>
        <canvas class="replay-picture" role="img" aria-label="What the network drew at this moment"></canvas>
        <p class="pg-note replay-note"></p>
      </div>
      <div class="pg-side">
        <p class="replay-time"></p>
        <div><h3>Losses</h3><canvas class="pg-chart replay-chart" role="img"
          aria-label="Losses over the training"></canvas><div class="pg-legend replay-legend"></div></div>
        <p class="pg-note replay-lesson"></p>
      </div>
    </div>
    <div class="controls pg-controls">
      <label>Network <select class="replay-model"></select></label>
      <button type="button" class="pg-primary replay-play">Play</button>
      <label>Training time <span class="pg-value"></span>
        <input type="range" class="replay-frame" min="0" max="0" step="1"></label>
    </div>
  </div>
"""

REPLAY_CSS = """
.replay-picture { width: 100%; display: block; border-radius: 12px; background: var(--border-color-primary); }
.replay-note { margin-top: 8px; }
.replay-picture.crisp { image-rendering: pixelated; }
.replay-time { margin: 0; font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums;
  color: var(--body-text-color); }
.replay-time small { font-size: 14px; font-weight: 450; color: var(--body-text-color-subdued); }
"""

REPLAY_SCRIPT = """
const SHADES = ["real", "made", "third", "fourth"];
let film = null, strip = null, at = 0, playing = false, asked = 0;

function drawReplay() {
  const canvas = find(".replay-picture");
  if (!film || !strip) return;
  const height = strip.naturalHeight / film.frames.length, width = strip.naturalWidth;
  canvas.className = "replay-picture" + (film.crisp ? " crisp" : "");
  if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
  canvas.getContext("2d").drawImage(strip, 0, at * height, width, height, 0, 0, width, height);
  const images = film.frames[at];
  find(".replay-time").innerHTML = `${images.toLocaleString("en")} <small>${film.unit}, of ` +
    `${film.frames.at(-1).toLocaleString("en")}</small>`;
  const slider = find(".replay-frame");
  slider.max = film.frames.length - 1;
  slider.value = at;
  slider.setAttribute("aria-valuetext", `${images.toLocaleString("en")} ${film.unit}`);
  progress(slider);
  slider.parentElement.querySelector(".pg-value").textContent = `${at + 1} of ${film.frames.length}`;
  const names = Object.keys(film.curves);
  chart(find(".replay-chart"), names.map((name, k) => ({ shade: colour(SHADES[k]), points: film.curves[name] })),
    { unit: film.unit, mark: images });
  find(".replay-legend").innerHTML = names.map((name, k) =>
    `<span><i class="bar" style="background:var(--pg-${SHADES[k]})"></i>${name.replaceAll("_", " ")}</span>`).join("");
  element.dataset.frame = at;
}
async function openFilm(model, frame) {
  playing = false;
  const mine = ++asked;
  const answer = await ask("replay", { model });
  if (mine !== asked || !answer || !answer.frames) return;
  const picture = new Image();
  picture.src = answer.strip;
  await picture.decode();
  if (mine !== asked) return;
  film = answer;
  strip = picture;
  at = Math.min(Math.max(0, frame ?? film.frames.length - 1), film.frames.length - 1);
  fill(find(".replay-model"), film.models, film.model);
  find(".replay-note").textContent = film.note;
  find(".replay-lesson").textContent = film.lesson;
  drawReplay();
  remember();
}
function remember() {
  link(`tab=playground&part=replay&model=${film.model}&frame=${at}`, { part: "replay", model: film.model });
  latentLab.announce(find(".replay-time").textContent);
}
find(".replay-model").addEventListener("change", (event) => openFilm(event.target.value));
find(".replay-frame").addEventListener("input", (event) => {
  playing = false;
  at = +event.target.value;
  drawReplay();
  remember();
});
find(".replay-play").addEventListener("click", async () => {
  playing = !playing;
  find(".replay-play").textContent = playing ? "Pause" : "Play";
  if (playing && film && at === film.frames.length - 1) at = -1;
  while (playing && film && shown() && part === "replay" && at < film.frames.length - 1) {
    at++;
    drawReplay();
    await pause(350);
  }
  playing = false;
  find(".replay-play").textContent = "Play";
  if (film) remember();
});
parts.replay = {
  open(fields) {
    if (film && !Object.keys(fields).length) { drawReplay(); remember(); return; }
    openFilm(fields.model || "", fields.frame === undefined ? null : +fields.frame);
  },
  close() { playing = false; },
  draw: drawReplay,
};
"""
