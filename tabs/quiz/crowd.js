/** Below the game, how everybody did: accuracy over time, leaderboard, the most convincing fakes. */

import { drawChart } from "../../page/components/chart.js";
import { part } from "../../page/components/dom.js";
import { noticeIn } from "../../page/components/notice.js";
import { daysOf } from "./charts.js";
import { onGame, tellForgotten } from "./signals.js";

/** @typedef {{ picture: string, title: string, detail: string }} Fake */
/** @typedef {{ nickname: string, share: string, rounds: number, streak: number }} Place */

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio
 */
export function mount(element, { server }) {
  const form = part(element, "form");
  const nickname = part(form, "input", HTMLInputElement);
  const forget = part(element, ".forget");
  const say = noticeIn(part(element, ".notice"));
  /** @type {import("./signals.js").Game | null} */
  let game = null;
  let visible = false;
  let outdated = true;
  let newest = 0; // so that an answer which was overtaken is dropped
  /** @type {string | null} */
  let known = null; // the visitor's nickname

  /** @param {any} answer of the server's `look_around` */
  function show(answer) {
    say(answer.notice);
    if (answer.notice) return;
    part(element, ".total").textContent = answer.total;
    part(element, ".wall-rule").textContent = answer.wall_rule;
    part(element, ".board-rule").textContent = answer.board_rule;
    showWall(element, answer.wall);
    part(element, ".days").replaceChildren(daysPart(answer.days));
    showBoard(element, answer.board, answer.nickname);
    if (answer.nickname && answer.nickname !== known) nickname.value = answer.nickname;
    known = answer.nickname;
    part(form, "button").textContent = known ? "Rename" : "Join";
    element.dataset.shown = game?.deck;
  }

  function showForgotten() {
    nickname.value = "";
    known = null;
    tellForgotten();
  }

  /**
   * @param {"look_around" | "join" | "forget"} name of the server's function
   * @param {object} [fields] beside the game's
   */
  async function ask(name, fields) {
    const mine = ++newest;
    outdated = false;
    const answer = await server[name]({ ...game, ...fields });
    if (mine !== newest && name === "look_around") return; // what the visitor did is told in any case
    if (answer.forgotten) showForgotten();
    else if (mine === newest || answer.notice) show(answer);
    else refreshAnew();
  }

  function refreshAnew() {
    outdated = true;
    refresh();
  }

  function refresh() {
    if (visible && outdated && game) ask("look_around");
  }

  /** @param {boolean} sure whether one more click forgets the visitor */
  function setSure(sure) {
    forget.dataset.sure = sure ? "yes" : "";
    forget.textContent = sure ? "Really? Your score will be gone." : "Forget me";
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (game) ask("join", { nickname: nickname.value });
  });
  forget.addEventListener("click", () => {
    const sure = Boolean(forget.dataset.sure);
    if (sure && game) ask("forget");
    setSure(!sure);
  });
  forget.addEventListener("blur", () => setSure(false));
  onGame((present) => {
    if (!element.isConnected) return;
    game = present;
    refreshAnew();
  });
  new IntersectionObserver(([entry]) => {
    visible = entry.isIntersecting;
    refresh();
  }).observe(element);
}

/**
 * @param {HTMLElement} element
 * @param {Fake[]} fakes
 */
function showWall(element, fakes) {
  part(element, ".none-on-wall").hidden = fakes.length > 0;
  const figures = fakes.map((fake) => {
    const image = new Image();
    image.src = fake.picture;
    image.alt = `Generated face; ${fake.title.toLowerCase()}`;
    const title = document.createElement("b");
    title.textContent = fake.title;
    const caption = document.createElement("figcaption");
    caption.append(title, fake.detail);
    const figure = document.createElement("figure");
    figure.append(image, caption);
    return figure;
  });
  part(element, ".wall").replaceChildren(...figures);
}

/** @param {import("./charts.js").Day[]} days */
function daysPart(days) {
  if (days.length > 1) return drawChart(daysOf(days));
  const empty = document.createElement("p");
  empty.className = "empty";
  empty.textContent = days.length
    ? "A chart needs answers of two days; these are all of one."
    : "A chart needs answers of two days.";
  return empty;
}

/**
 * @param {HTMLElement} element
 * @param {Place[]} places
 * @param {string | null} mine the visitor's nickname
 */
function showBoard(element, places, mine) {
  const table = part(element, "table", HTMLTableElement);
  table.hidden = places.length === 0;
  part(element, "table + .empty").hidden = places.length > 0;
  table.tBodies[0].replaceChildren(...places.map((place) => rowOf(place, place.nickname === mine)));
}

/**
 * @param {Place} place
 * @param {boolean} mine
 */
function rowOf({ nickname, share, rounds, streak }, mine) {
  const row = document.createElement("tr");
  row.className = mine ? "you" : "";
  const player = document.createElement("span");
  player.translate = false; // a name
  player.textContent = nickname;
  row.insertCell().append(player, ...(mine ? [" (you)"] : []));
  for (const text of [share, rounds, streak]) row.insertCell().textContent = String(text);
  return row;
}
