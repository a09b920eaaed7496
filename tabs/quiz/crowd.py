"""Below the game: how everybody did. The most convincing fakes, accuracy over time, and the leaderboard."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from media.images import data_uri, webp
from quiz.rounds import picture_of
from quiz.scores import LEAST_ON_BOARD, LEAST_ON_WALL, Store
from quiz.statistics import accuracy
from quiz.tables import FakeRecord
from server.guard import Values, read_fields, sentence
from tabs.quiz.game import (
    Game,
    from_fields,
    in_words,
    player_of,
    store,
    with_interval,
)

KEPT_FOR = 10.0  # seconds for which everybody gets the same answer
STALE_FOR = 60.0  # seconds for which they get the last one while the next is being counted


def build() -> None:
    """The section."""
    gr.HTML(
        html_template=CROWD,
        js_on_load=CROWD_SCRIPT,
        apply_default_css=False,
        server_functions=[look_around, join, forget],
        elem_id="crowd",
    )


# --- for the script ----------------------------------------------------------------------------------------------


def look_around(request: Values) -> Values:
    """How everybody did on a deck, for the section's script.

    Args:
        request: "deck" and "level" of the game, and "player", the visitor's own token.

    Returns:
        "wall", "days", "board", "nickname" and sentences, or "notice", a sentence.
    """
    try:
        fields = read_fields(request)
        game, player = from_fields(fields), player_of(fields)
        return {
            **recent.get((store(), "deck", game.deck, None), lambda: of_deck(game)),
            "wall_rule": f"Generated faces of this deck that at least {LEAST_ON_WALL} answers judged, "
            "by how often they were taken for real.",
            "board": recent.get((store(), "board", game.deck, game.level), lambda: board(game)),
            "board_rule": board_rule(game),
            "nickname": store().nickname(player),
        }
    except Exception as error:
        return {"notice": sentence(error)}


def join(request: Values) -> Values:
    """Puts the visitor on the leaderboard, for the section's script.

    Args:
        request: "player" and "nickname", and "deck" and "level" of the game.

    Returns:
        what `look_around` returns, or "notice", a sentence.
    """
    try:
        fields = read_fields(request)
        store().set_nickname(player_of(fields), fields.get("nickname", ""))
        recent.drop("board")
    except Exception as error:
        return {"notice": sentence(error)}
    return look_around(request)


def forget(request: Values) -> Values:
    """Takes the visitor off the leaderboard and off their answers, for the section's script; see `look_around`."""
    try:
        store().forget(player_of(read_fields(request)))
        recent.drop("board")
    except Exception as error:
        return {"notice": sentence(error)}
    return {"forgotten": True}


# --- what is the same for all ------------------------------------------------------------------------------------

Key = tuple[Store, str, str, int | None]  # whose scores, what of them, of which deck and level


@dataclass(frozen=True)
class Counted:
    """An answer, and when it was counted."""

    at: float  # s, monotonic
    answer: Any


class Recent:
    """Answers that go through the whole table: counted once in a while, one at a time, however many ask."""

    def __init__(self) -> None:
        self.counted: dict[Key, Counted] = {}
        self.counting = threading.Lock()

    def find(self, key: Key, age: float) -> Counted | None:
        """The answer, if it is no older than so many seconds."""
        known = self.counted.get(key)
        return known if known and time.monotonic() - known.at < age else None

    def get(self, key: Key, count: Callable[[], Any]) -> Any:
        """The answer, counted if it is older than KEPT_FOR. Nobody waits while another counts, if there is an old one.

        Raises whatever `count` does.
        """
        if known := self.find(key, KEPT_FOR):
            return known.answer
        if self.counting.locked() and (known := self.find(key, STALE_FOR)):
            return known.answer
        with self.counting:
            if known := self.find(key, KEPT_FOR):  # counted while this one waited
                return known.answer
            answer = count()
            others = {other: known for other in self.counted if (known := self.find(other, STALE_FOR))}
            self.counted = {**others, key: Counted(time.monotonic(), answer)}
            return answer

    def drop(self, what: str) -> None:
        """Lets go of all answers of one kind."""
        with self.counting:
            self.counted = {key: known for key, known in self.counted.items() if key[1] != what}


recent = Recent()


# --- what it shows -----------------------------------------------------------------------------------------------


def of_deck(game: Game) -> Values:
    """What there is to see of a deck beside the leaderboard."""
    score = store().score(deck=game.deck)
    return {
        "total": describe_total(score.rounds, score.correct, score.discriminator_correct),
        "wall": wall(game),
        "days": days(game),
    }


def describe_total(rounds: int, correct: int, discriminator_correct: int) -> str:
    """Everybody's score in one sentence."""
    if not rounds:
        return "Nobody has played this deck yet."
    return (
        f"{in_words(rounds, 'answer')} so far: visitors were right in {with_interval(accuracy(correct, rounds))}, "
        f"the discriminator in {with_interval(accuracy(discriminator_correct, rounds))}."
    )


def wall(game: Game) -> list[Values]:
    """The most convincing fakes, with pictures."""
    shown = ((record, picture_of(record)) for record in store().most_convincing(game.deck))
    return [
        {
            "picture": data_uri(webp(picture), "webp"),
            "title": f"Fooled {record.fooled} of {record.shown}",
            "detail": describe_record(record),
        }
        for record, picture in shown
        if picture is not None
    ]


def describe_record(record: FakeRecord) -> str:
    """Where a face comes from."""
    return f"{with_interval(record.share)}, step {record.step:,}"


def days(game: Game) -> list[Values]:
    """Accuracy in percent of each day that had answers, oldest first."""
    return [
        {
            "date": day.date.isoformat(),
            "rounds": day.score.rounds,
            "visitors": 100 * day.score.correct / day.score.rounds,
            "discriminator": 100 * day.score.discriminator_correct / day.score.rounds,
        }
        for day in store().by_day(game.deck)
    ]


def board(game: Game) -> list[Values]:
    """The lines of the leaderboard."""
    return [
        {
            "nickname": place.nickname,
            "share": with_interval(place.share),
            "rounds": place.rounds,
            "streak": place.best_streak,
        }
        for place in store().leaderboard(game.deck, game.level)
    ]


def board_rule(game: Game) -> str:
    """Who stands on the leaderboard."""
    levels = "over all levels" if game.level is None else f"at level {game.level}"
    return (
        f"At least {LEAST_ON_BOARD} answers on this deck {levels}; "
        f"first is whose accuracy is surest to be high (lower end of its 95 % interval)."
    )


CROWD = """
<section class="crowd" aria-label="Everybody">
  <h3>Everybody</h3>
  <p class="total"></p>
  <p class="notice" role="alert" hidden></p>
  <div class="halves">
    <div>
      <h4>Accuracy over time</h4>
      <div class="days"></div>
    </div>
    <div>
      <h4>Leaderboard</h4>
      <p class="rule board-rule"></p>
      <table hidden><thead><tr><th scope="col">Player</th><th scope="col">Accuracy</th><th scope="col">Rounds</th><th
        scope="col">Best streak</th></tr></thead><tbody></tbody></table>
      <p class="empty" hidden>Nobody stands here yet.</p>
      <form autocomplete="off">
        <label for="quiz-nickname">Nickname</label>
        <input id="quiz-nickname" maxlength="60" spellcheck="false" placeholder="2 to 20 letters or digits">
        <button class="small-button">Join</button>
        <button type="button" class="small-button forget">Forget me</button>
      </form>
    </div>
  </div>
  <h4>Most convincing fakes</h4>
  <p class="rule wall-rule"></p>
  <div class="wall"></div>
  <p class="empty none-on-wall" hidden>No face was judged often enough yet.</p>
</section>
"""

CROWD_CSS = """
.crowd { border-top: 1px solid var(--border-color-primary); margin-top: 22px; padding-top: 18px; }
.crowd h3 { margin: 0; font-size: 18px; font-weight: 650; color: var(--body-text-color); }
.crowd h4 { margin: 18px 0 4px; font-size: 15px; font-weight: 620; color: var(--body-text-color); }
.crowd p { margin: 0; font-size: 14px; line-height: 1.45; color: var(--body-text-color-subdued); }
.crowd .total { margin-top: 4px; font-size: 15px; }
.crowd .halves { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 36px; }
.crowd .notice { border: 1px solid var(--color-accent); border-radius: 8px; box-shadow: inset 5px 0 0
  var(--color-accent); padding: 10px 14px 10px 18px; margin: 10px 0 0; color: var(--body-text-color);
  background: var(--background-fill-primary); font-size: 15px; }
.crowd table { width: 100%; border-collapse: collapse; margin: 8px 0; font-size: 14px; color: var(--body-text-color);
  font-variant-numeric: tabular-nums; }
.crowd th { text-align: left; font-weight: 550; color: var(--body-text-color-subdued); padding: 4px 8px 4px 0; }
.crowd td { padding: 5px 8px 5px 0; border-top: 1px solid var(--border-color-primary); overflow-wrap: anywhere; }
.crowd tr.you td { font-weight: 650; }
.crowd .empty { padding: 8px 0; }
.crowd form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-top: 8px; }
.crowd form label { font-size: 14px; font-weight: 550; color: var(--body-text-color); }
.crowd form input { flex: 1 1 150px; min-width: 0; border: 1px solid var(--input-border-color); border-radius: 8px;
  padding: 5px 10px; min-height: 32px; font-size: 14px; background: var(--input-background-fill);
  color: var(--body-text-color); }
.crowd .wall { display: grid; grid-template-columns: repeat(6, 1fr); gap: 14px; margin-top: 10px; }
.crowd figure { margin: 0; }
.crowd figure img { width: 100%; aspect-ratio: 1; border-radius: 10px; display: block; }
.crowd figcaption { font-size: 13px; line-height: 1.35; padding-top: 5px; color: var(--body-text-color-subdued); }
.crowd figcaption b { display: block; font-weight: 600; color: var(--body-text-color); }
.chart { display: block; width: 100%; max-width: 460px; height: auto; font-size: 12px; margin-top: 6px; }
.chart text { fill: var(--body-text-color-subdued); }
.chart .guide { stroke: var(--border-color-primary); stroke-width: 1; }
.chart .even { stroke: var(--body-text-color-subdued); stroke-width: 1; stroke-dasharray: 2 3; }
.chart .you { color: var(--color-accent); }
.chart .network { color: var(--body-text-color-subdued); }
.chart polyline { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
.chart .network polyline { stroke-dasharray: 6 4; }
.chart circle, .chart rect { fill: currentColor; }
.chart .bar { stroke: currentColor; stroke-width: 2; opacity: 0.45; }
.chart .name { fill: currentColor; font-weight: 600; }
@media (max-width: 768px) {
  .crowd .halves { grid-template-columns: minmax(0, 1fr); }
  .crowd .wall { grid-template-columns: repeat(3, 1fr); gap: 8px; }
}
"""

# drawn by hand: a chart library would be a hundred times as large as these few lines
CHART_SCRIPT = """
function drawChart({ series, ends, from = 0, to = 1, label, diagonal }) {
  const width = 460, height = 180, left = 44, right = 12, top = 12, bottom = 26;
  const across = (x) => left + (to === from ? 0.5 : (x - from) / (to - from)) * (width - left - right);
  const down = (y) => top + (100 - y) / 100 * (height - top - bottom);
  const make = (name, attributes, text) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    if (text !== undefined) part.textContent = text;
    return part;
  };
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": label });
  for (const y of [0, 50, 100]) {
    svg.append(make("line", { x1: left, x2: width - right, y1: down(y), y2: down(y),
      class: y === 50 && !diagonal ? "even" : "guide" }));
    svg.append(make("text", { x: left - 6, y: down(y) + 4, "text-anchor": "end" }, y + " %"));
  }
  if (diagonal) {
    const [start, end] = diagonal;
    svg.append(make("line", { x1: across(start[0]), y1: down(start[1]), x2: across(end[0]), y2: down(end[1]),
      class: "even" }));
  }
  if (ends) {
    svg.append(make("text", { x: left, y: height - 6 }, ends[0]));
    svg.append(make("text", { x: width - right, y: height - 6, "text-anchor": "end" }, ends[1]));
  }
  for (const { kind, name, points, bars = [], line = true, nameAt } of series) {
    const group = make("g", { class: kind });
    for (const [x, low, high] of bars) {
      group.append(make("line", { x1: across(x), x2: across(x), y1: down(low), y2: down(high), class: "bar" }));
    }
    if (line) group.append(make("polyline", { points: points.map(([x, y]) => `${across(x)},${down(y)}`).join(" ") }));
    if (points.length <= 40) {
      for (const [x, y] of points) {
        group.append(kind === "network"
          ? make("rect", { x: across(x) - 3.5, y: down(y) - 3.5, width: 7, height: 7 })
          : make("circle", { cx: across(x), cy: down(y), r: 4 }));
      }
    }
    if (name && points.length) {
      const [x, y] = points.at(-1);
      const edge = across(x) > width / 2;
      group.append(make("text", { x: across(x) + (edge ? -9 : 9), y: Math.max(11, down(y) + (nameAt || -8)),
        "text-anchor": edge ? "end" : "start", class: "name" }, name));
    }
    svg.append(group);
  }
  return svg;
}
"""

CROWD_SCRIPT = (
    CHART_SCRIPT
    + """
const find = (selector) => element.querySelector(selector);
const [total, notice, wall, none, days, table, body, empty, form, nickname, forgetButton] =
  [".total", ".notice", ".wall", ".none-on-wall", ".days", "table", "tbody", "p.empty:not(.none-on-wall)", "form",
   "form input", ".forget"].map(find);
let game = null, visible = false, outdated = true, newest = 0, known = null;

function say(text) { notice.textContent = text || ""; notice.hidden = !text; }

function showWall(fakes) {
  none.hidden = fakes.length > 0;
  wall.replaceChildren(...fakes.map((fake) => {
    const figure = document.createElement("figure"), image = new Image();
    const caption = document.createElement("figcaption"), title = document.createElement("b");
    image.src = fake.picture;
    image.alt = "Generated face; " + fake.title.toLowerCase();
    title.textContent = fake.title;
    caption.append(title, fake.detail);
    figure.append(image, caption);
    return figure;
  }));
}

function showDays(list) {
  if (list.length < 2) {
    const empty = document.createElement("p");
    empty.className = "empty";
    empty.textContent = "A chart needs answers of two days" + (list.length ? "; these are all of one." : ".");
    days.replaceChildren(empty);
    return;
  }
  const at = (day) => Date.parse(day.date) / 864e5;
  const last = list.at(-1), above = last.visitors >= last.discriminator;
  days.replaceChildren(drawChart({
    from: at(list[0]), to: at(last), ends: [list[0].date, last.date],
    label: `Accuracy by day; latest: visitors ${Math.round(last.visitors)} %, discriminator ` +
      `${Math.round(last.discriminator)} %`,
    series: [
      { kind: "you", name: "visitors", nameAt: above ? -8 : 18, points: list.map((day) => [at(day), day.visitors]) },
      { kind: "network", name: "discriminator", nameAt: above ? 18 : -8,
        points: list.map((day) => [at(day), day.discriminator]) },
    ],
  }));
}

function showBoard(places, mine) {
  table.hidden = places.length === 0;
  empty.hidden = places.length > 0;
  body.replaceChildren(...places.map((place) => {
    const row = document.createElement("tr");
    row.className = place.nickname === mine ? "you" : "";
    const player = document.createElement("span");
    player.translate = false;  // a name
    player.textContent = place.nickname;
    const you = place.nickname === mine ? [" (you)"] : [];
    for (const parts of [[player, ...you], [place.share], [place.rounds], [place.streak]]) {
      const cell = document.createElement("td");
      cell.append(...parts);
      row.append(cell);
    }
    return row;
  }));
}

function show(answer) {
  say(answer.notice);
  if (answer.notice) return;
  total.textContent = answer.total;
  find(".wall-rule").textContent = answer.wall_rule;
  find(".board-rule").textContent = answer.board_rule;
  showWall(answer.wall);
  showDays(answer.days);
  showBoard(answer.board, answer.nickname);
  if (answer.nickname && answer.nickname !== known) nickname.value = answer.nickname;
  known = answer.nickname;
  form.querySelector("button").textContent = known ? "Rename" : "Join";
  element.dataset.shown = game.deck;
}

async function ask(name, extra) {
  const mine = ++newest;
  outdated = false;
  try {
    const answer = await server[name]({ ...game, ...extra });
    if (mine === newest) { if (answer.forgotten) start(); else show(answer); }
  } catch {
    say("The server could not be reached; please try again.");
  }
}

function start() {
  nickname.value = "";
  known = null;
  dispatchEvent(new Event("latent-lab-forget"));
}

function refresh() { if (visible && outdated && game) ask("look_around"); }

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (game) ask("join", { nickname: nickname.value });
});
forgetButton.addEventListener("click", () => {
  if (forgetButton.dataset.sure) { if (game) ask("forget"); }
  forgetButton.textContent = forgetButton.dataset.sure ? "Forget me" : "Really? Your score will be gone.";
  forgetButton.dataset.sure = forgetButton.dataset.sure ? "" : "yes";
});
forgetButton.addEventListener("blur", () => {
  forgetButton.textContent = "Forget me";
  forgetButton.dataset.sure = "";
});
addEventListener("latent-lab-game", (event) => {
  if (!element.isConnected) return;
  game = event.detail;  // player, deck and level
  outdated = true;
  refresh();
});
new IntersectionObserver(([entry]) => { visible = entry.isIntersecting; refresh(); }).observe(element);
dispatchEvent(new Event("latent-lab-crowd"));  // the game may have begun before this section was there
"""
)
