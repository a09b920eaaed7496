/** Two players, two numbers, four ways to take a step: playground/minimax.py in the browser. */

import { packed } from "../tabs/playground/browser/view.js";

const MOST_STEPS = 1000;
const FAR = 1e3; // where an orbit ends
const ARROWS = 15; // of the field, in each direction

/** @typedef {[number, number]} Pair */
/** @typedef {(x: number, y: number) => Pair} Field along which each player improves alone */

/** @param {number} t */
const logistic = (t) => 0.5 * (1 + Math.tanh(t / 2));
/** @param {number} t */
const bumpSlope = (t) => t / 2 - 2 * t ** 3 + t ** 5;

/** @type {Record<string, Field>} */
const FIELDS = {
  product: (x, y) => [-y, x],
  bowl: (x, y) => [-x, -y],
  damped: (x, y) => [-y - 0.2 * x, x - 0.2 * y],
  dirac: (x, y) => [-y * logistic(-x * y), x * logistic(-x * y)],
  forsaken: (x, y) => [-(y - 0.45) - bumpSlope(x), x - bumpSlope(y)],
};

/**
 * Where the players go, the start included.
 *
 * @param {Field} field
 * @param {string} way
 * @param {{ x: number, y: number, rate: number, steps: number }} start
 * @returns {Pair[]}
 */
export function orbit(field, way, { x, y, rate, steps }) {
  /** @type {Pair[]} */
  const places = [[x, y]];
  let before = field(x, y);
  for (let step = 0; step < steps && Math.max(Math.abs(x), Math.abs(y)) <= FAR; step++) {
    const here = field(x, y);
    let [across, up] = here;
    if (way === "alternating") up = field(x + rate * across, y)[1];
    else if (way === "extragradient") [across, up] = field(x + rate * across, y + rate * up);
    else if (way === "optimistic") [across, up] = [2 * across - before[0], 2 * up - before[1]];
    before = here;
    x += rate * across;
    y += rate * up;
    places.push([x, y]);
  }
  return places;
}

/**
 * What the server's `orbits` answers.
 *
 * @param {any} known see `orbits` in answers.py
 * @param {any} fields
 */
export function orbitsOf(known, fields) {
  const name = fields.function || "product";
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : null;
  const [x, y, rate, steps] = [fields.x, fields.y, fields.rate, fields.steps].map(Number);
  const right = rate > 0 && rate <= 1 && Number.isInteger(steps) && steps >= 1 && steps <= MOST_STEPS;
  if (!field || !right || !(Math.max(Math.abs(x), Math.abs(y)) <= 10))
    return { notice: "A number is out of its range." };
  const { title: _, lesson, extent, solution } = known.functions[name];
  const ways = Object.keys(known.ways);
  const paths = ways.map((way) => orbit(field, way, { x, y, rate, steps }));
  const axis = Array.from({ length: ARROWS }, (_, index) => 0.93 * extent * ((2 * index) / (ARROWS - 1) - 1));
  const places = axis.flatMap((across) => axis.map((up) => /** @type {Pair} */ ([across, up])));
  const query = { tab: "playground", part: "minimax", function: name, rate, steps, x, y };
  const distance = (/** @type {Pair} */ [across, up]) =>
    Number(Math.hypot(across - solution[0], up - solution[1]).toFixed(5));
  return {
    function: name,
    functions: Object.entries(known.functions).map(([key, one]) => [key, one.title]),
    ways: known.ways,
    orbits: Object.fromEntries(ways.map((way, k) => [way, packed(paths[k].flat())])),
    distances: Object.fromEntries(ways.map((way, k) => [way, paths[k].map(distance)])),
    places: packed(places.flat()),
    field: packed(places.flatMap(([across, up]) => field(across, up))),
    start: [x, y],
    ...{ solution, extent, lesson },
    link: new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString(),
    python: "",
  };
}
