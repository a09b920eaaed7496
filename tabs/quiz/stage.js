/**
 * The stage of the quiz: two faces, one question, the verdict, the score.
 *
 * The next pair comes along with the verdict and is kept, decoded, until the visitor asks for it. The player's token goes
 * to the server only.
 */

import { buttonOf, part, UNREACHABLE } from "../../page/components/dom.js";
import { foldOutsBelow } from "../../page/components/foldouts.js";
import { noticeIn } from "../../page/components/notice.js";
import { linkOf, remember } from "../../page/history.js";
import { actionOf, SURE, titleOf } from "./keys.js";
import { decoded, facesIn } from "./pair.js";
import { knownPlayer, rememberPlayer } from "./player.js";
import { settingsIn } from "./settings.js";
import { onForgotten, tellGame } from "./signals.js";
import { showCredit, showStanding } from "./standing.js";

const PAUSE = 250; // ms for which keys rest after a change

/** @typedef {import("./pair.js").DecodedPair} DecodedPair */
/** @typedef {import("./keys.js").Side} Side */
/** @typedef {"loading" | "asking" | "sending" | "told" | "trouble"} Phase */

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio
 */
export function mount(element, { server, trigger }) {
  const quiz = part(element, ".quiz");
  const question = part(element, ".question");
  const mark = part(element, ".mark");
  const size = part(element, ".size");
  const say = noticeIn(part(element, ".notice"));
  const follow = foldOutsBelow(element, trigger);
  const faces = facesIn(element);
  const settings = settingsIn(element, {
    deck: (deck) => deal({ deck }),
    level: (level) => deal({ ...game, level }),
  });
  let player = knownPlayer();
  let game = { deck: "", level: "" };
  let subject = "face"; // what both pictures show
  /** @type {DecodedPair | null} */
  let now = null; // on the stage
  /** @type {DecodedPair | null} */
  let upcoming = null;
  /** @type {number | null} */
  let confidence = null; // percent
  let newest = 0; // so that an answer which was overtaken is dropped
  let changed = 0; // when the stage last changed, ms
  let listed = false; // whether all decks stand in their list

  // --- what is shown ------------------------------------------------------------------------------------------------

  /** @param {Phase} phase */
  function enter(phase) {
    quiz.dataset.phase = phase;
    changed = performance.now();
    faces.enable(phase === "asking");
    part(element, ".asking").hidden = phase === "told";
    part(element, ".told").hidden = phase !== "told";
  }

  /** @param {number | null} percent */
  function setConfidence(percent) {
    confidence = percent;
    for (const button of part(element, ".steps").querySelectorAll("button")) {
      button.ariaPressed = String(Number(button.dataset.sure) === percent);
    }
  }

  /** @param {DecodedPair} pair */
  function showPair(pair) {
    now = pair;
    upcoming = null;
    setConfidence(null);
    faces.show(pair);
    question.textContent = `Which ${subject} is real?`;
    mark.hidden = true;
    size.textContent = `${pair.level}, ${pair.side} × ${pair.side} pixels, enlarged`;
    quiz.toggleAttribute("data-oval", pair.oval);
    element.dataset.round = pair.round; // what is on the stage now, for whoever waits for it
    enter("asking");
  }

  /** @param {any} verdict of the server's `answer` */
  function showVerdict(verdict) {
    question.textContent = verdict.headline;
    mark.textContent = (verdict.correct ? "✓ " : "✗ ") + verdict.word;
    mark.className = `mark ${verdict.correct ? "right" : "wrong"}`;
    mark.hidden = false;
    faces.tell(verdict);
    showCredit(part(element, ".credit"), verdict.credit);
    part(element, ".tell").textContent = verdict.tell;
    part(element, ".more").textContent = [verdict.discriminator, verdict.crowd, verdict.origin].join(" ").trim();
    enter("told");
    part(element, ".next").focus({ preventScroll: true });
  }

  /** @param {string} [reason] why the deck cannot be played; none if it can */
  function showTrouble(reason) {
    const trouble = part(element, ".trouble");
    trouble.hidden = !reason;
    part(element, ".pair").hidden = part(element, ".below").hidden = Boolean(reason);
    if (!reason) return;
    part(trouble, "p").textContent = reason;
    size.textContent = "";
    showStanding(element, null);
    enter("trouble");
  }

  // --- the game -----------------------------------------------------------------------------------------------------

  /** @param {object} wanted deck and level; what it does not say is left to the server */
  async function deal(wanted) {
    const mine = ++newest;
    enter("loading");
    let answer;
    let pair = null;
    try {
      answer = await server.deal({ player, ...wanted });
      if (mine !== newest) return;
      if (answer.pair) pair = await decoded(answer.pair);
    } catch {
      if (mine !== newest) return;
      say(UNREACHABLE);
      if (now) enter("asking");
      return;
    }
    if (mine !== newest) return;
    if (!answer.player) {
      say(answer.notice || UNREACHABLE); // refused for now
      if (now) enter("asking");
      if (!listed) listDecks();
      return;
    }
    begin(answer, pair);
  }

  /**
   * @param {any} answer of the server's `deal`
   * @param {DecodedPair | null} pair
   */
  function begin(answer, pair) {
    player = answer.player;
    rememberPlayer(answer.player);
    say(answer.notice);
    settings.show(answer);
    showTrouble(answer.trouble);
    game = { deck: answer.deck, level: answer.level || "adaptive" };
    if (pair) {
      remember("quiz", answer.link, false);
      subject = answer.subject;
      showPair(pair);
      showStanding(element, answer.standing);
    }
    tellGame({ player: answer.player, ...game });
    follow(game);
    if (!listed) listDecks();
  }

  /** All decks; where the server does not answer, the one that is played is there, and the next deal asks again. */
  async function listDecks() {
    const decks = await server.list_decks({}).catch(() => null);
    if (!Array.isArray(decks) || listed) return;
    settings.list(decks, game.deck);
    listed = true;
  }

  /** @param {Side} choice */
  async function answer(choice) {
    if (quiz.dataset.phase !== "asking" || !now) return;
    const mine = ++newest;
    faces.mark(choice);
    enter("sending");
    const reply = await server.answer({ player, ...game, round: now.round, choice, confidence });
    if (mine !== newest) return;
    if (reply.unanswered) {
      say(reply.notice);
      faces.mark(null);
      enter("asking");
      return;
    }
    if (!reply.verdict) {
      await deal(game); // answered elsewhere, or too old: a fresh pair, and why
      say(reply.notice);
      return;
    }
    say(reply.notice);
    showVerdict(reply.verdict);
    showStanding(element, reply.standing);
    if (player) tellGame({ player, ...game });
    if (reply.next) keep(reply.next, mine);
  }

  /**
   * @param {import("./pair.js").Pair} pair the next one
   * @param {number} mine the answer that it came with
   */
  async function keep(pair, mine) {
    const next = await decoded(pair).catch(() => null);
    if (mine === newest) upcoming = next;
  }

  function next() {
    if (quiz.dataset.phase !== "told") return;
    say("");
    if (upcoming) showPair(upcoming);
    else deal(game);
    quiz.focus({ preventScroll: true });
  }

  // --- what visitors do ---------------------------------------------------------------------------------------------

  /** @param {number} percent that was said already: taken back */
  const toggleConfidence = (percent) => setConfidence(confidence === percent ? null : percent);

  part(element, ".steps").append(...SURE.map(sureButton));
  element.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (button?.matches(".face")) answer(button.parentElement?.dataset.side === "left" ? "left" : "right");
    else if (button?.dataset.sure) toggleConfidence(Number(button.dataset.sure));
    else if (button?.matches(".next")) next();
  });
  document.addEventListener("keydown", (event) => {
    if (!element.isConnected || !element.offsetParent || event.repeat || event.defaultPrevented) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest("input, select, textarea, [contenteditable]")) return;
    if (performance.now() - changed < PAUSE) return;
    const action = actionOf(String(quiz.dataset.phase), event.key, Boolean(target.closest("button, a, summary")));
    if (!action) return;
    if ("answer" in action) answer(action.answer);
    else if ("sure" in action) toggleConfidence(action.sure);
    else next();
    event.preventDefault();
  });
  onForgotten(() => {
    if (!element.isConnected) return;
    player = null;
    deal(game);
  });

  const link = new URLSearchParams(linkOf("quiz") || location.search);
  const wanted = link.get("tab") === "quiz" ? { deck: link.get("deck"), level: link.get("level") } : {};
  deal(wanted);
}

/** @param {number} percent */
function sureButton(percent) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.sure = String(percent);
  button.textContent = `${percent} %`;
  button.title = titleOf(percent);
  button.ariaPressed = "false";
  return button;
}
