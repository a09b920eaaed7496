/**
 * A chart of percentages: lines, points and bars over one axis. Drawn by hand, since a chart library would be a hundred
 * times as large as this file.
 */

const WIDTH = 460;
const HEIGHT = 180;
const LEFT = 44; // for the percentages
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 26; // for the ends of the axis
const MOST_MARKS = 40; // points of a line that are marked
const BESIDE = 9; // of a line's end, its name

/** @typedef {[x: number, percent: number]} Point */
/** @typedef {[x: number, low: number, high: number]} Bar in percent */

/**
 * @typedef {object} Series
 * @property {"you" | "network"} kind which colour and which marks
 * @property {Point[]} points
 * @property {Bar[]} [bars] how sure the points are
 * @property {boolean} [line] whether the points are joined; they are if this is left out
 * @property {string} [name] at the last point
 * @property {number} [nameAt] how far below the last point its name is
 */

/**
 * @typedef {object} Chart
 * @property {string} label what it shows, in words
 * @property {Series[]} series
 * @property {number} [from] where the axis begins, 0 if left out
 * @property {number} [to] where it ends, 1 if left out
 * @property {[string, string]} [ends] what is written there
 * @property {[Point, Point]} [diagonal] what the points would follow, in place of the line at 50 %
 */

/**
 * @typedef {object} Shape an element of the drawing
 * @property {string} name
 * @property {Record<string, string | number>} attributes
 * @property {string} [text]
 * @property {Shape[]} [parts]
 */

/**
 * Where points lie on the drawing.
 *
 * @param {{ from?: number, to?: number }} axis
 */
export function scalesOf({ from = 0, to = 1 }) {
  return {
    across: (/** @type {number} */ x) => LEFT + (to === from ? 0.5 : (x - from) / (to - from)) * (WIDTH - LEFT - RIGHT),
    down: (/** @type {number} */ percent) => TOP + ((100 - percent) / 100) * (HEIGHT - TOP - BOTTOM),
  };
}

/**
 * A chart as a drawing.
 *
 * @param {Chart} chart
 * @returns {Shape}
 */
export function shapeOf(chart) {
  const scales = scalesOf(chart);
  return {
    name: "svg",
    attributes: { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": chart.label },
    parts: [
      ...ground(chart, scales),
      ...chart.series.map((series) => ({
        name: "g",
        attributes: { class: series.kind },
        parts: [...lines(series, scales), ...marks(series, scales), ...nameOf(series, scales)],
      })),
    ],
  };
}

/** @typedef {ReturnType<typeof scalesOf>} Scales */

/**
 * @param {Chart} chart
 * @param {Scales} scales
 * @returns {Shape[]} what is the same whatever the values
 */
function ground({ ends, diagonal }, { across, down }) {
  const right = WIDTH - RIGHT;
  /** @type {Shape[]} */
  const shapes = [];
  for (const percent of [0, 50, 100]) {
    const y = down(percent);
    const rule = percent === 50 && !diagonal ? "even" : "guide";
    shapes.push({ name: "line", attributes: { x1: LEFT, x2: right, y1: y, y2: y, class: rule } });
    shapes.push({ name: "text", attributes: { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, text: `${percent} %` });
  }
  if (diagonal) {
    const [[x1, y1], [x2, y2]] = diagonal.map(([x, percent]) => [across(x), down(percent)]);
    shapes.push({ name: "line", attributes: { x1, y1, x2, y2, class: "even" } });
  }
  if (ends) {
    const y = HEIGHT - 6;
    shapes.push({ name: "text", attributes: { x: LEFT, y }, text: ends[0] });
    shapes.push({ name: "text", attributes: { x: right, y, "text-anchor": "end" }, text: ends[1] });
  }
  return shapes;
}

/**
 * @param {Series} series
 * @param {Scales} scales
 * @returns {Shape[]}
 */
function lines({ points, bars = [], line = true }, { across, down }) {
  /** @type {Shape[]} */
  const shapes = bars.map(([x, low, high]) => ({
    name: "line",
    attributes: { x1: across(x), x2: across(x), y1: down(low), y2: down(high), class: "bar" },
  }));
  const path = points.map(([x, percent]) => `${across(x)},${down(percent)}`).join(" ");
  return line ? [...shapes, { name: "polyline", attributes: { points: path } }] : shapes;
}

/**
 * @param {Series} series
 * @param {Scales} scales
 * @returns {Shape[]}
 */
function marks({ kind, points }, { across, down }) {
  if (points.length > MOST_MARKS) return [];
  const mark = kind === "network" ? square : disc;
  return points.map(([x, percent]) => mark(across(x), down(percent)));
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {Shape}
 */
const square = (x, y) => ({ name: "rect", attributes: { x: x - 3.5, y: y - 3.5, width: 7, height: 7 } });

/**
 * @param {number} x
 * @param {number} y
 * @returns {Shape}
 */
const disc = (x, y) => ({ name: "circle", attributes: { cx: x, cy: y, r: 4 } });

/**
 * @param {Series} series
 * @param {Scales} scales
 * @returns {Shape[]}
 */
function nameOf({ points, name, nameAt = -8 }, { across, down }) {
  const last = points.at(-1);
  if (!name || !last) return [];
  const [x, y] = [across(last[0]), down(last[1])];
  const before = x > WIDTH / 2; // where there is room
  const attributes = {
    x: before ? x - BESIDE : x + BESIDE,
    y: Math.max(11, y + nameAt),
    "text-anchor": before ? "end" : "start",
    class: "name",
  };
  return [{ name: "text", attributes, text: name }];
}

/**
 * @param {Chart} chart
 * @returns {SVGElement}
 */
export const drawChart = (chart) => draw(shapeOf(chart));

/**
 * @param {Shape} shape
 * @returns {SVGElement}
 */
function draw({ name, attributes, text, parts = [] }) {
  const element = /** @type {SVGElement} */ (document.createElementNS("http://www.w3.org/2000/svg", name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  element.append(...parts.map(draw));
  return element;
}
