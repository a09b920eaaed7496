"""The stage of the quiz: two faces, one question, the verdict, the score. HTML, style and script of one component.

The next pair comes along with the verdict and is kept, decoded, until the visitor asks for it. The player's token lies
in the browser's storage; it goes to the server only.
"""

from tabs.quiz.crowd import CHART_SCRIPT

QUIZ = """
<section class="quiz" data-phase="loading" tabindex="-1" aria-label="Which face is real?">
  <h2 aria-live="polite"><span class="mark" hidden></span><span class="question">Which face is real?</span></h2>
  <p class="notice" role="alert" hidden></p>
  <div class="trouble" role="alert" hidden><h3>This deck cannot be played here</h3><p></p></div>
  <div class="pair">
    <div class="side" data-side="left">
      <button type="button" class="face" aria-label="The left face is real (left arrow key)" disabled><span
        class="crop"><span class="square"><img alt="The face on the left" draggable="false"><span
        class="spot" hidden></span></span></span><span
        class="chosen" hidden>Your choice</span></button>
      <p class="caption"></p>
    </div>
    <div class="side" data-side="right">
      <button type="button" class="face" aria-label="The right face is real (right arrow key)" disabled><span
        class="crop"><span class="square"><img alt="The face on the right" draggable="false"><span
        class="spot" hidden></span></span></span><span
        class="chosen" hidden>Your choice</span></button>
      <p class="caption"></p>
    </div>
  </div>
  <div class="below">
    <div class="asking">
      <div class="sure" role="group" aria-label="How sure are you? You need not say.">
        <span>How sure? <small>(optional)</small></span>
        <span class="steps"></span>
      </div>
    </div>
    <div class="told" hidden>
      <div aria-live="polite"><p class="tell"></p><p class="more"></p><p class="credit" hidden></p></div>
      <button type="button" class="next">Next pair</button>
    </div>
  </div>
  <div class="board" hidden>
    <p class="score-you"><span>You</span><b></b><small></small></p>
    <p class="score-network"><span>Discriminator</span><b></b><small></small></p>
    <p class="lead"><b></b><small></small></p>
  </div>
  <div class="settings">
    <label>Deck <select class="deck"></select></label>
    <label>Level <select class="level"></select></label>
    <span class="size"></span>
  </div>
  <details class="reasons" hidden><summary></summary><ul></ul></details>
  <div class="yours" hidden>
    <h3>Your figures</h3>
    <p class="wait" hidden></p>
    <dl></dl>
    <div class="charts">
      <div class="curve"><h4>Share of right answers among the last 20</h4><div></div></div>
      <div class="calibration" hidden><h4>How sure you were, how often you were right</h4><div></div></div>
    </div>
  </div>
</section>
"""

QUIZ_CSS = """
.quiz { outline: none; color: var(--body-text-color); --largest: 430px; --shape: 1;
  --tall: min(var(--largest), calc((100vw - 60px) / 2 / var(--shape)), max(200px, calc(100vh - 420px)));
  --side: calc(var(--tall) * var(--shape)); }
.quiz[data-oval] { --shape: 0.82; }  /* beside the oval of a portrait there is only ground */
.quiz h2 { margin: 0 0 12px; font-size: 24px; line-height: 32px; min-height: 32px; font-weight: 650; text-align: center;
  letter-spacing: -0.01em; color: var(--body-text-color); }
.quiz .mark { display: inline-block; vertical-align: 2px; margin-right: 12px; border: 2px solid currentColor;
  border-radius: 999px; font-size: 15px; line-height: 24px; padding: 0 12px; font-weight: 680; }
.quiz .mark.right { background: var(--quiz-right); border-color: var(--quiz-right); color: var(--quiz-on); }
.quiz .mark.wrong { color: var(--quiz-wrong); border-style: dashed; }
.quiz { --quiz-right: #1f6b4f; --quiz-wrong: #a3290f; --quiz-on: #ffffff; }
.dark .quiz { --quiz-right: #6fd3a8; --quiz-wrong: #ff9d86; --quiz-on: #10201a; }
.quiz .notice, .quiz .trouble { border: 1px solid var(--color-accent); border-radius: 8px; margin: 0 auto 12px;
  box-shadow: inset 5px 0 0 var(--color-accent); padding: 10px 14px 10px 18px; font-size: 15px;
  background: var(--background-fill-primary); line-height: 1.45; overflow-wrap: anywhere; max-width: 784px; }
.quiz .trouble { padding: 22px 28px; }
.quiz .trouble h3 { margin: 0 0 8px; font-size: 18px; color: var(--body-text-color); }
.quiz .trouble p { margin: 0; }
.quiz .pair { display: flex; justify-content: center; gap: 12px; }
.quiz .side { width: var(--side); }
.quiz .face { position: relative; display: block; width: var(--side); height: var(--tall); padding: 0; overflow: hidden;
  border-radius: 14px; background: var(--border-color-primary); cursor: pointer; }
.quiz .face:disabled { cursor: default; }
.quiz .crop { position: absolute; inset: 0; overflow: hidden; border-radius: inherit; }
.quiz .square { position: absolute; top: 0; left: 50%; height: 100%; aspect-ratio: 1; transform: translateX(-50%); }
.quiz .face img { width: 100%; height: 100%; display: block; user-select: none; }
.quiz .face img:not([src]) { visibility: hidden; }
.quiz[data-phase=asking] .face:hover { box-shadow: 0 0 0 4px var(--color-accent); }
.quiz[data-phase=sending] .face[data-chosen] { box-shadow: 0 0 0 4px var(--color-accent); }
.quiz .face[data-truth=real] { box-shadow: 0 0 0 5px var(--quiz-right); }
.quiz .face[data-truth=generated]::after { content: ""; position: absolute; inset: 0; border-radius: 14px;
  border: 5px dashed var(--quiz-wrong); }
.quiz .chosen { position: absolute; left: 12px; top: 12px; border-radius: 999px; padding: 3px 11px; font-size: 13px;
  font-weight: 620; background: #1c1916; color: #ffffff; }
.quiz .spot { position: absolute; border: 3px solid #ffffff; border-radius: 50%; transform: translate(-50%, -50%);
  outline: 2px dashed #1c1916; box-shadow: 0 0 0 1px #1c1916 inset, 0 0 0 2px #1c1916; }
.quiz .caption { margin: 9px 0 0; min-height: 42px; font-size: 15px; line-height: 21px; text-align: center; }
.quiz .caption b { display: block; font-weight: 650; }
.quiz .caption span { color: var(--body-text-color-subdued); font-size: 14px; }
.quiz kbd { font: inherit; font-size: 13px; border: 1px solid var(--input-border-color); border-radius: 6px;
  padding: 1px 8px; margin: 0 4px; color: var(--body-text-color-subdued); }
.quiz .below { min-height: 104px; display: grid; align-items: start; margin-top: 6px; }
.quiz .sure { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; justify-content: center;
  font-size: 14px; color: var(--body-text-color-subdued); padding-top: 4px; }
.quiz .sure small { font-size: 13px; }
.quiz .steps { display: inline-flex; gap: 4px; }
.quiz .steps button { border: 1px solid var(--input-border-color); border-radius: 8px; min-height: 34px;
  padding: 0 10px; font-size: 14px; color: var(--body-text-color); background: var(--button-secondary-background-fill);
  font-variant-numeric: tabular-nums; cursor: pointer; }
.quiz .steps button:hover { background: var(--button-secondary-background-fill-hover); }
.quiz .steps button[aria-pressed=true] { background: var(--body-text-color); color: var(--body-background-fill);
  border-color: var(--body-text-color); font-weight: 650; }
.quiz .told { display: grid; grid-template-columns: 1fr auto; gap: 8px 24px; align-items: center; margin: 0 auto;
  width: min(100%, max(780px, calc(2 * var(--side) + 12px))); }
.quiz .told[hidden] { display: none; }
.quiz .told p { margin: 0; font-size: 15px; line-height: 1.45; }
.quiz .told .more { color: var(--body-text-color-subdued); font-size: 14px; margin-top: 3px; }
.quiz .told .credit { color: var(--body-text-color-subdued); font-size: 13px; margin-top: 3px; }
.quiz .credit a { text-decoration: underline; }
.quiz .next { border-radius: 9px; min-height: 46px; padding: 0 24px; font-weight: 620; font-size: 16px; cursor: pointer;
  background: var(--button-primary-background-fill); color: var(--button-primary-text-color); white-space: nowrap; }
.quiz .next:hover { background: var(--button-primary-background-fill-hover); }
.quiz .board { display: flex; flex-wrap: wrap; gap: 6px 28px; justify-content: center; align-items: baseline;
  padding: 8px 0 0; }
.quiz .board p { margin: 0; display: flex; gap: 8px; align-items: baseline; font-size: 15px; }
.quiz .board span { font-size: 14px; }
.quiz .board span, .quiz .board small { color: var(--body-text-color-subdued); }
.quiz .board b { font-weight: 650; font-variant-numeric: tabular-nums; }
.quiz .board small { font-size: 13px; }
.quiz .settings { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; justify-content: center;
  padding: 14px 0 0; font-size: 13px; color: var(--body-text-color-subdued); }
.quiz .settings select { border: 1px solid var(--input-border-color); border-radius: 8px; padding: 4px 26px 4px 8px;
  font-size: 13px; min-height: 32px; max-width: 100%; color: var(--body-text-color);
  background-color: var(--input-background-fill); }
.quiz .reasons { margin: 8px auto 0; max-width: 74ch; font-size: 13px; line-height: 1.45; text-align: center;
  color: var(--body-text-color-subdued); }
.quiz .reasons summary { cursor: pointer; display: inline-block; text-decoration: underline dotted; }
.quiz .reasons ul { margin: 6px 0 0; padding: 0 0 0 18px; list-style: disc; text-align: left; }
.quiz .yours { border-top: 1px solid var(--border-color-primary); margin-top: 22px; padding-top: 18px; }
.quiz .yours h3 { margin: 0 0 6px; font-size: 18px; font-weight: 650; color: var(--body-text-color); }
.quiz .yours h4 { margin: 14px 0 0; font-size: 15px; font-weight: 620; color: var(--body-text-color); }
.quiz .wait { margin: 0; font-size: 14px; color: var(--body-text-color-subdued); }
.quiz dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px 28px; margin: 0; }
.quiz dl div { display: grid; align-content: start; }
.quiz dt, .quiz dl small { font-size: 13px; color: var(--body-text-color-subdued); line-height: 1.4; }
.quiz dd { margin: 1px 0; font-size: 19px; font-weight: 650; font-variant-numeric: tabular-nums; }
.quiz .charts { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 36px; }
@media (max-width: 768px) {
  .quiz { --side: calc((100vw - 42px) / 2); --tall: calc(var(--side) / var(--shape)); }
  .quiz .pair { gap: 10px; }
  .quiz h2 { font-size: clamp(15px, 4.6vw, 18px); line-height: 26px; min-height: 60px; display: grid;
    place-content: center; justify-items: center; gap: 4px; }
  .quiz .mark { margin: 0; }
  .quiz .caption { font-size: 14px; min-height: 44px; }
  .quiz .caption span { display: block; font-size: 13px; line-height: 18px; }
  .quiz kbd { display: none; }
  .quiz .steps button { padding: 0 8px; min-height: 40px; }
  .quiz .told { grid-template-columns: minmax(0, 1fr); gap: 12px; }
  .quiz .next { width: 100%; }
  .quiz .below { min-height: 206px; }
  .quiz .board { justify-content: start; display: grid; gap: 4px; }
  .quiz .board p { flex-wrap: wrap; gap: 0 8px; }
  .quiz .settings { justify-content: start; }
  .quiz .charts { grid-template-columns: minmax(0, 1fr); }
}
@media (pointer: coarse) { .quiz kbd { display: none; } }
"""

QUIZ_SCRIPT = (
    CHART_SCRIPT
    + """
const find = (selector) => element.querySelector(selector);
const [quiz, question, mark, notice, trouble, pair, below, steps, asking, told, board, yours, decks, levels, reasons] =
  [".quiz", ".question", ".mark", ".notice", ".trouble", ".pair", ".below", ".steps", ".asking", ".told", ".board",
   ".yours", ".deck", ".level", ".reasons"].map(find);
const sides = ["left", "right"];
let subject = "face";  // what both pictures show
const face = { left: find("[data-side=left] .face"), right: find("[data-side=right] .face") };
const caption = { left: find("[data-side=left] .caption"), right: find("[data-side=right] .caption") };
const STORAGE = "latent-lab-player", SURE = [50, 60, 70, 80, 90, 100], PAUSE = 250;  // ms a key rests after a change
const UNREACHABLE = "The server could not be reached; please try again.";

let player = null;    // this visitor's secret token
let game = {};        // deck and level
let now = null;       // the pair on the stage
let upcoming = null;  // the pair after it, already decoded
let confidence = null;
let newest = 0;       // so that an answer which was overtaken is dropped
let changed = 0;      // when the stage last changed, ms

try { player = localStorage.getItem(STORAGE); } catch { /* no storage: the score lasts as long as the page */ }

function enter(phase) {
  quiz.dataset.phase = phase;
  changed = performance.now();
  for (const side of sides) face[side].disabled = phase !== "asking";
  asking.hidden = phase === "told";
  told.hidden = phase !== "told";
}

function say(text) { notice.textContent = text || ""; notice.hidden = !text; }

function remember(token) {
  player = token;
  try { localStorage.setItem(STORAGE, token); } catch { /* no storage */ }
}

function announce() {
  dispatchEvent(new CustomEvent("latent-lab-game", { detail: { player, ...game } }));
}

async function decode(given) {
  if (!given) return null;
  const pictures = {};
  for (const side of sides) {
    pictures[side] = new Image();
    pictures[side].src = given[side];
  }
  await Promise.all(sides.map((side) => pictures[side].decode()));
  return { ...given, pictures };
}

function showPair(next) {
  now = next;
  upcoming = null;
  choose(null);
  for (const side of sides) {
    face[side].querySelector("img").src = next.pictures[side].src;
    for (const part of [".chosen", ".spot"]) face[side].querySelector(part).hidden = true;
    face[side].querySelector(".spot").removeAttribute("style");
    delete face[side].dataset.truth;
    delete face[side].dataset.chosen;
    const key = document.createElement("kbd");
    key.textContent = side === "left" ? "\\u2190" : "\\u2192";
    caption[side].replaceChildren(...(side === "left" ? [key, "This one"] : ["This one", key]));
  }
  question.textContent = `Which ${subject} is real?`;
  mark.hidden = true;
  find(".size").textContent = `${next.level}, ${next.side} \u00d7 ${next.side} pixels, enlarged`;
  quiz.toggleAttribute("data-oval", next.oval);
  element.dataset.round = next.round;  // what is on the stage now, for whoever waits for it
  enter("asking");
}

function choose(percent) {
  confidence = percent;
  for (const button of steps.children) button.setAttribute("aria-pressed", +button.dataset.sure === percent);
}

function ring(spot, place) {  // around what the discriminator objects to most; the sentence says it, too
  spot.hidden = !place;
  if (!place) return;
  const [across, down, width, height] = place.map((part) => 100 * part + "%");
  Object.assign(spot.style, { left: across, top: down, width: `calc(2 * ${width})`, height: `calc(2 * ${height})` });
}

function showCredit(credit) {
  const line = find(".credit");
  line.hidden = !credit;
  if (!credit) return;
  const [what, author, licence] = ["Photograph", credit.author, credit.licence].map((text) => {
    const part = document.createElement("span");
    part.textContent = text;
    return part;
  });
  Object.assign(author, { lang: "en", translate: false });  // a name
  const link = document.createElement("a");
  Object.assign(link, { href: credit.url, target: "_blank", rel: "noopener", textContent: "Who it shows" });
  line.replaceChildren(what, ": ", author, ". ", licence, ". ", link);
}

function showVerdict(verdict) {
  question.textContent = verdict.headline;
  mark.textContent = (verdict.correct ? "\\u2713 " : "\\u2717 ") + verdict.word;
  mark.className = "mark " + (verdict.correct ? "right" : "wrong");
  mark.hidden = false;
  for (const side of sides) {
    const real = side === verdict.real, name = document.createElement("b"), opinion = document.createElement("span");
    face[side].dataset.truth = real ? "real" : "generated";
    face[side].querySelector(".chosen").hidden = side !== verdict.choice;
    name.textContent = real ? `\\u25cf ${verdict.real_name}` : "\\u25cc Generated";
    opinion.textContent = `Discriminator: ${verdict.probabilities[side]} real`;
    caption[side].replaceChildren(name, opinion);
    if (!real) ring(face[side].querySelector(".spot"), verdict.spot);
  }
  showCredit(verdict.credit);
  find(".tell").textContent = verdict.tell;
  find(".more").textContent = [verdict.discriminator, verdict.crowd, verdict.origin].join(" ");
  enter("told");
  find(".next").focus({ preventScroll: true });
}

function showStanding(standing) {
  board.hidden = yours.hidden = !standing;
  if (!standing) return;
  find(".score-you b").textContent = standing.you;
  find(".score-you small").textContent = standing.you_share;
  find(".score-network b").textContent = standing.discriminator;
  find(".score-network small").textContent = standing.discriminator_share;
  find(".lead b").textContent = standing.ahead;
  find(".lead small").textContent = standing.streak;
  find(".wait").textContent = standing.wait;
  find(".wait").hidden = !standing.wait;
  find("dl").replaceChildren(...standing.figures.map((figure) => {
    const group = document.createElement("div");
    for (const [tag, text] of [["dt", figure.name], ["dd", figure.value], ["small", figure.meaning]]) {
      const part = document.createElement(tag);
      part.textContent = text;
      group.append(part);
    }
    return group;
  }));
  const curve = standing.curve.map((share, index) => [index, 100 * share]);
  find(".curve").hidden = curve.length < 2;
  if (curve.length >= 2) {
    find(".curve div").replaceChildren(drawChart({
      to: curve.length - 1, ends: [`round ${standing.rounds - curve.length + 1}`, `round ${standing.rounds}`],
      label: `Share of right answers among the last 20, now ${Math.round(curve.at(-1)[1])} %`,
      series: [{ kind: "you", points: curve }],
    }));
  }
  const points = standing.calibration;
  find(".calibration").hidden = points.length === 0;
  if (points.length) {
    find(".calibration div").replaceChildren(drawChart({
      from: 48, to: 102, ends: ["50 % sure", "100 % sure"],
      label: points.map((p) => `${Math.round(p.said)} % sure: right in ${Math.round(p.true)} %`).join("; "),
      series: [
        { kind: "you", line: false, points: points.map((p) => [p.said, p.true]),
          bars: points.map((p) => [p.said, p.low, p.high]) },
      ],
      diagonal: [[50, 50], [100, 100]],
    }));
  }
}

function showSettings(answer) {
  if (answer.levels) {
    levels.replaceChildren(new Option("follows you", "adaptive"), ...answer.levels.map((step, index) =>
      new Option(`${index + 1} of ${answer.levels.length}: ${step}`, index + 1)));
  }
  levels.disabled = !answer.levels;
  const listed = [...decks.options].some((option) => option.value === answer.deck);
  if (!listed) decks.add(new Option(answer.title, answer.deck));
  decks.value = answer.deck;
  if (answer.level) levels.value = answer.level;
}

async function deal(wanted) {
  const mine = ++newest;
  enter("loading");
  let answer;
  try {
    answer = await server.deal({ player, ...wanted });
    if (mine !== newest) return;
    answer.pair = await decode(answer.pair);
  } catch {
    if (mine === newest) say(UNREACHABLE);
    return;
  }
  if (mine !== newest) return;
  if (!answer.player) {  // refused for now
    say(answer.notice || UNREACHABLE);
    if (now) enter("asking");
    return;
  }
  remember(answer.player);
  say(answer.notice);
  showSettings(answer);
  trouble.hidden = !answer.trouble;
  pair.hidden = below.hidden = Boolean(answer.trouble);
  game = { deck: answer.deck, level: answer.level || "adaptive" };
  if (answer.trouble) {
    trouble.querySelector("p").textContent = answer.trouble;
    find(".size").textContent = "";
    showStanding(null);
    enter("trouble");
  } else {
    latentLab.remember("quiz", answer.link);
    subject = answer.subject;
    showPair(answer.pair);
    showStanding(answer.standing);
  }
  announce();
  trigger("input", game);  // the fold-outs
}

async function answer(choice) {
  if (quiz.dataset.phase !== "asking") return;
  const mine = ++newest;
  face[choice].dataset.chosen = "";
  enter("sending");
  let reply;
  try {
    reply = await server.answer({ player, ...game, round: now.round, choice, confidence });
  } catch {
    if (mine !== newest) return;
    say(UNREACHABLE);
    delete face[choice].dataset.chosen;
    enter("asking");
    return;
  }
  if (mine !== newest) return;
  if (!reply.verdict) {  // answered elsewhere, too old: a fresh pair, and why
    await deal(game);
    say(reply.notice);
    return;
  }
  say(reply.notice);
  showVerdict(reply.verdict);
  showStanding(reply.standing);
  announce();
  decode(reply.next).then((next) => { if (mine === newest) upcoming = next; }, () => {});
}

function next() {
  if (quiz.dataset.phase !== "told") return;
  say("");
  if (upcoming) showPair(upcoming); else deal(game);
  quiz.focus({ preventScroll: true });
}

for (const percent of SURE) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.sure = percent;
  button.textContent = percent + " %";
  button.title = percent === 50 ? "guessed (key 5)" : percent === 100 ? "certain (key 0)" : `key ${percent / 10}`;
  button.setAttribute("aria-pressed", "false");
  steps.append(button);
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.classList.contains("face")) answer(button.parentElement.dataset.side);
  else if (button.dataset.sure) choose(confidence === +button.dataset.sure ? null : +button.dataset.sure);
  else if (button.classList.contains("next")) next();
});

decks.addEventListener("input", (event) => {
  event.stopPropagation();
  deal({ deck: decks.value });
});
levels.addEventListener("input", (event) => {
  event.stopPropagation();
  deal({ ...game, level: levels.value });
});

document.addEventListener("keydown", (event) => {
  if (!element.isConnected || !element.offsetParent || event.repeat || event.defaultPrevented) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (performance.now() - changed < PAUSE) return;
  const phase = quiz.dataset.phase, arrow = { ArrowLeft: "left", ArrowRight: "right" }[event.key];
  const sure = { 5: 50, 6: 60, 7: 70, 8: 80, 9: 90, 0: 100 }[event.key];
  const go = ["Enter", " "].includes(event.key) && !event.target.closest("button, a, summary");
  if (phase === "asking" && arrow) answer(arrow);
  else if (phase === "asking" && sure) choose(confidence === sure ? null : sure);
  else if (phase === "told" && (arrow || go)) next();
  else return;
  event.preventDefault();
});

addEventListener("latent-lab-forget", () => { if (element.isConnected) { player = null; deal(game); } });
addEventListener("latent-lab-crowd", () => { if (element.isConnected && game.deck && player) announce(); });

async function listDecks() {
  const list = await server.list_decks({});
  decks.replaceChildren(...list.map(({ name, title, reason }) => {
    const option = new Option(reason ? title + " (not here)" : title, name);
    option.disabled = Boolean(reason);
    return option;
  }));
  decks.value = game.deck;
  const missing = list.filter(({ reason }) => reason);
  reasons.querySelector("summary").textContent = missing.length === 1 ? "Why one deck cannot be played here" :
    `Why ${missing.length} decks cannot be played here`;
  reasons.querySelector("ul").replaceChildren(...missing.map(({ title, reason }) => {
    const line = document.createElement("li");
    line.append(title, ": ", reason);
    return line;
  }));
  reasons.hidden = missing.length === 0;
}

const link = new URLSearchParams(latentLab.links.quiz || location.search);
const wanted = link.get("tab") === "quiz" ? { deck: link.get("deck"), level: link.get("level") } : {};
deal(wanted).then(listDecks).catch(() => {});
"""
)
