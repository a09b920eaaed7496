/** The stage of the tab "Ask for it": pickers, a large picture, a strip of other seeds, what was read back. */

import { fieldsOf } from "../../page/address.js";
import { buttonOf, loadImage, part, UNREACHABLE } from "../../page/components/dom.js";
import { foldOutsBelow } from "../../page/components/foldouts.js";
import { latest } from "../../page/components/latest.js";
import { noticeIn } from "../../page/components/notice.js";
import { whenSeen } from "../../page/components/seen.js";
import { drawFromSheet } from "../../page/components/sheet.js";
import { browser, drawnWhere, keepReady } from "../../page/drawing/drawing.js";
import { remember } from "../../page/history.js";
import { check, replaceParts } from "../../page/keyboard.js";
import { announce } from "../../page/speech.js";
import { answerOf, isWish, NETWORKS, stepsOf } from "./drawing.js";
import { describe, isHeldOut, LABELS, nameOf } from "./labels.js";

const SIDE = 64; // px, of the network's pictures
const COLUMNS = 8; // of the sheet: the wish, then other seeds
const REST = 350; // ms without a change after which the fold-outs follow
const LARGEST_SEED = 99999; // that "Surprise me" chooses

/** @typedef {import("./labels.js").Labels & { seed: number }} Wish */

/** @param {number} count */
const any = (count) => Math.floor(Math.random() * count);

/**
 * @param {HTMLElement} element
 * @param {import("../../page/components/dom.js").Gradio} gradio its `props`: hues, shapes, colours (of the hues, in
 *   CSS) and held_out
 */
export function mount(element, { server, trigger, props }) {
  const words = { hues: props.hues, shapes: props.shapes };
  const say = noticeIn(part(element, ".ask-notice"));
  const seedField = part(element, ".ask-seed input", HTMLInputElement);
  const more = part(element, ".ask-more", HTMLDetailsElement);
  const figures = part(element, ".ask-figures", HTMLDetailsElement);
  const [rows, columns] = [".rows", ".columns"].map((name) => part(element, name, HTMLSelectElement));
  /** @type {Wish} */
  let wish; // as shown
  let wanted = {};
  const keep = keepReady(element);
  const follow = foldOutsBelow(element, trigger);
  let timer = 0;
  let tables = 0;

  const update = latest({
    ask: async () => (await drawHere(wanted)) ?? browser.timed(NETWORKS, server.ask(wanted), COLUMNS),
    show,
    failed: () => say(UNREACHABLE),
  });

  /** @param {object} change */
  function ask(change) {
    wanted = { ...wanted, ...change };
    update();
  }

  /**
   * Draws in the browser.
   *
   * @param {object} fields
   * @returns {Promise<any>} what the server's `ask` returns, with a canvas for the sheet; null if the server has to draw
   */
  async function drawHere(fields) {
    const steps = isWish(fields) ? stepsOf(fields, browser.describe) : null;
    const drawn = steps && (await browser.draw(steps, COLUMNS));
    const factors = browser.describe(NETWORKS[1])?.factors;
    if (!drawn || !factors) return null;
    const known = { factors, heldOut: props.held_out };
    return answerOf(/** @type {Wish} */ (fields), drawn, known);
  }

  /** @param {any} answer of the server's `ask` */
  async function show(answer) {
    const waiting = part(element, ".ask-waiting");
    if (!answer.sheet) {
      say(answer.trouble || answer.notice);
      waiting.textContent = "No picture";
      return;
    }
    const here = answer.sheet instanceof HTMLCanvasElement;
    const sheet = here ? answer.sheet : await loadImage(answer.sheet);
    say(answer.notice);
    const { floor, wall, object, shape, seed } = answer;
    wish = { floor, wall, object, shape, seed };
    wanted = wish;
    waiting.hidden = true;
    const line = describe(words, wish);
    part(element, ".ask-line").textContent = line;
    const large = part(element, ".ask-large canvas", HTMLCanvasElement);
    drawFromSheet(large, sheet, { index: 0, columns: COLUMNS, side: SIDE, shown: 384 * Math.ceil(devicePixelRatio) });
    large.setAttribute("aria-label", `${line}, as the network draws it`);
    const others = /** @type {number[]} */ (answer.seeds).slice(1);
    replaceParts(
      part(element, ".ask-strip"),
      others.map((other, index) => seedButton(sheet, other, index + 1)),
    );
    showReading(answer);
    for (const button of element.querySelectorAll(".ask-pickers button")) {
      if (!(button instanceof HTMLElement)) continue;
      const label = /** @type {keyof Wish} */ (button.dataset.label);
      check(button, Number(button.dataset.value) === wish[label]);
    }
    for (const label of LABELS) part(element, `.chosen-${label}`).textContent = nameOf(words, label, wish[label]);
    if (document.activeElement !== seedField) seedField.value = String(seed);
    const right = LABELS.filter((label, k) => answer.read[k][0] === wish[label]).length;
    announce(`${line}: ${right} of ${LABELS.length} labels are read back right`);
    part(element, ".drawn-where").textContent = drawnWhere(here);
    keep(NETWORKS);
    element.dataset.link = answer.link;
    remember("ask", answer.link, false);
    clearTimeout(timer);
    timer = setTimeout(() => follow(wish), REST);
    if (more.open) drawTable();
  }

  /**
   * @param {CanvasImageSource} sheet
   * @param {number} seed
   * @param {number} index on the sheet
   */
  function seedButton(sheet, seed, index) {
    const button = pictureButton(sheet, { index, columns: COLUMNS, shown: 192 });
    button.dataset.seed = String(seed);
    button.title = `Seed ${seed}`;
    button.setAttribute("aria-label", `Take seed ${seed}`);
    return button;
  }

  /** @param {any} answer of the server's `ask` */
  function showReading(answer) {
    part(element, ".ask-obeyed").hidden = false;
    const lines = LABELS.map((label, k) => {
      const [value, sure] = answer.read[k];
      const right = value === wish[label];
      const verdict = `${right ? "✓ yes" : "✗ no"}, ${Math.round(100 * sure)} % sure`;
      const line = document.createElement("tr");
      line.className = right ? "" : "wrong";
      for (const content of [[label], valueParts(label, wish[label]), valueParts(label, value), [verdict]]) {
        line.insertCell().append(...content);
      }
      return line;
    });
    part(element, ".ask-obeyed tbody").replaceChildren(...lines);
    part(element, ".ask-unseen").textContent = answer.held_out
      ? "This combination was never shown in the training."
      : "This combination was shown in the training.";
  }

  /**
   * A value's colour and its name.
   *
   * @param {string} label
   * @param {number} value
   */
  function valueParts(label, value) {
    if (label === "shape") return [nameOf(words, label, value)];
    const dot = document.createElement("i");
    dot.className = "dot";
    dot.style.background = props.colours[value];
    return [dot, nameOf(words, label, value)];
  }

  // --- all values of two labels -------------------------------------------------------------------------------------

  async function drawTable() {
    const mine = ++tables;
    const axes = { rows: rows.value, columns: columns.value };
    const answer = await server.table({ ...wish, ...axes });
    if (mine !== tables) return;
    if (answer.notice) {
      say(answer.notice);
      return;
    }
    const sheet = await loadImage(answer.sheet);
    if (mine !== tables) return;
    const box = part(element, ".ask-table");
    box.style.gridTemplateColumns = `repeat(${answer.columns}, minmax(0, 1fr))`;
    box.style.maxWidth = `${answer.columns * 70}px`;
    const cells = /** @type {boolean[]} */ (answer.held_out).map((heldOut, index) => {
      const button = pictureButton(sheet, { index, columns: answer.columns, shown: 128 });
      const row = Math.floor(index / answer.columns);
      const column = index % answer.columns;
      Object.assign(button.dataset, { ...axes, row: String(row), column: String(column) });
      button.className = heldOut ? "unseen" : "";
      const names = `${axes.rows} ${nameOf(words, axes.rows, row)}, ${axes.columns} ${nameOf(words, axes.columns, column)}`;
      button.setAttribute("aria-label", names + (heldOut ? ", never shown in the training" : ""));
      return button;
    });
    replaceParts(box, cells);
  }

  async function showFigures() {
    const measured = await server.obedience({});
    const box = part(element, ".ask-figures div");
    if (!measured.seen) {
      box.textContent = measured.notice || "Not measured yet.";
      return;
    }
    const table = document.createElement("table");
    const heads = ["label", "combinations of the training", "never shown"].map((head) => {
      const cell = document.createElement("th");
      cell.textContent = head;
      return cell;
    });
    table
      .createTHead()
      .insertRow()
      .append(...heads);
    const body = table.createTBody();
    for (const label of Object.keys(measured.seen)) {
      const line = body.insertRow();
      const shares = [measured.seen[label], measured.held_out[label]];
      for (const text of [label, ...shares.map((share) => `${(100 * share).toFixed(1)} %`)]) {
        line.insertCell().textContent = text;
      }
    }
    const note = document.createElement("p");
    note.className = "ask-note";
    note.textContent = `Read back right in ${measured.count.toLocaleString("en")} pictures each.`;
    box.replaceChildren(table, note);
  }

  // --- what visitors do ---------------------------------------------------------------------------------------------

  for (const label of LABELS) part(element, ".ask-pickers").append(picker(label, words, props.colours));
  for (const [list, start] of /** @type {const} */ ([
    [rows, "object"],
    [columns, "wall"],
  ])) {
    list.replaceChildren(...LABELS.map((label) => new Option(label, label, false, label === start)));
    list.addEventListener("input", (event) => {
      event.stopPropagation();
      drawTable();
    });
  }
  element.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button) return;
    const { label, value, seed, row, column, rows: down, columns: across } = button.dataset;
    if (label) ask({ [label]: Number(value) });
    else if (seed) ask({ seed: Number(seed) });
    else if (row && down && across) ask({ [down]: Number(row), [across]: Number(column) });
    else if (button.matches(".ask-dice")) ask({ ...anyLabels(), seed: 1 + any(LARGEST_SEED) });
    else if (button.matches(".ask-unknown")) {
      let labels = anyLabels(); // a fifth of all combinations was held out
      while (!isHeldOut(props.held_out, labels)) labels = anyLabels();
      ask(labels);
    }
  });
  seedField.addEventListener("input", (event) => {
    event.stopPropagation();
    const seed = Number(seedField.value || 1);
    ask({ seed: Number.isSafeInteger(seed) ? seed : seedField.value });
  });
  more.addEventListener("toggle", () => {
    if (more.open && wish) drawTable();
  });
  figures.addEventListener("toggle", () => {
    if (figures.open) showFigures();
  });
  whenSeen(element, () => ask(fieldsOf("ask", location.search)));
}

const anyLabels = () => ({ floor: any(10), wall: any(10), object: any(10), shape: any(4) });

/**
 * A button that shows a picture of a sheet.
 *
 * @param {CanvasImageSource} sheet
 * @param {{ index: number, columns: number, shown: number }} cut
 */
function pictureButton(sheet, cut) {
  const button = document.createElement("button");
  button.type = "button";
  const canvas = document.createElement("canvas");
  drawFromSheet(canvas, sheet, { ...cut, side: SIDE });
  button.append(canvas);
  return button;
}

/**
 * The buttons of one label.
 *
 * @param {string} label
 * @param {import("./labels.js").Words} words
 * @param {string[]} colours of the hues
 */
function picker(label, words, colours) {
  const group = document.createElement("fieldset");
  group.setAttribute("role", "radiogroup");
  group.ariaLabel = label;
  const chosen = document.createElement("span");
  chosen.className = `chosen-${label}`;
  const legend = document.createElement("legend");
  legend.append(`${label[0].toUpperCase()}${label.slice(1)} `, chosen);
  const box = document.createElement("div");
  box.className = label === "shape" ? "ask-shapes" : "ask-hues";
  const values = label === "shape" ? words.shapes : words.hues;
  box.append(
    ...values.map((name, value) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "radio");
      button.ariaChecked = "false";
      button.ariaLabel = `${label} ${name}`;
      button.title = name;
      Object.assign(button.dataset, { label, value: String(value) });
      if (label === "shape") button.textContent = name;
      else button.style.background = colours[value];
      return button;
    }),
  );
  group.append(legend, box);
  return group;
}
