/** Draws in the visitor's browser what the server would draw, as soon as its networks are here.
 *
 * A worker runs them. Until it can, and whenever it cannot, `draw` answers null, and the caller asks the server.
 */

import { brushOf } from "../components/dom.js";

const LATE = 3000; // ms without an answer to a drawing after which the worker is lost
const BUSY = 10; // times that a drawing may take longer than on an idle machine
const LATE_OPENING = 120_000; // ms, the same while networks come over a slow line
const AWAY = 60_000; // ms that a tab is out of sight before its networks' memory is given back
const PATIENCE = 2000; // ms after which networks are fetched although the browser is busy
const MOST_FAILURES = 2; // of workers, after which none is started any more
const MOST_DOUBTS = 3; // times that a slow network is tried again before it is left to the server
const FEWEST = 20; // drawings of which the fastest is compared with the server's fastest
const USUAL = 100; // ms that the server takes, where nothing else is known
const SLACK = 30; // ms by which the browser may be slower

/** @typedef {import("./worker.js").Step} Step */
/** @typedef {import("./worker.js").Network} Network */
/**
 * @typedef {object} Drawn
 * @property {HTMLCanvasElement} sheet
 * @property {number} side of a picture, px
 * @property {Record<string, Float32Array>} numbers other outputs of the networks, by name
 */
/** @typedef {{ runtime: import("./worker.js").Builds, networks: Record<string, Network> }} Offer of the server */
/**
 * @typedef {object} Surroundings what tests put others in place of
 * @property {() => Promise<Offer | null>} fetchOffer null where browsers may not draw
 * @property {() => Worker} startWorker
 * @property {(start: () => void) => void} whenIdle
 * @property {() => number} now ms
 * @property {(sheet: { data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number }) => HTMLCanvasElement} paint
 * @property {boolean} [alone] whether there is no server that could draw instead
 * @property {(fetched: { name: string, bytes: number, of: number }) => void} [report] hears how much of a network is here
 */

/** @param {Surroundings} surroundings */
export function drawingWith({ fetchOffer, startWorker, whenIdle, now, paint, alone = false, report }) {
  /** Networks that each part of the page shows pictures of. @type {Map<object, string[]>} */
  const users = new Map();
  /** How many ms a pass of each network that is open takes. @type {Map<string, number>} */
  const ready = new Map();
  /** @type {Set<string>} */
  const refused = new Set(); // networks that cannot be opened, or that are slower here than on the server
  /** How often it was found out again how fast a network is. @type {Map<string, number>} */
  const doubts = new Map();
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map();
  /** Has a worker that is still fetching more time. @type {Map<number, () => void>} */
  const prolong = new Map();
  /** Of networks together, ms of the last drawings here, and the least of the server's. */
  const times = /** @type {Map<string, { here: number[], there: number }>} */ (new Map());
  /** @type {Worker | null} */
  let worker = null;
  /** @type {Promise<Offer | null> | null} */
  let offer = null;
  /** @type {Offer | null} */
  let offered = null;
  let requests = 0;
  let failures = 0;
  let busy = 0; // requests that are not drawings, for which a drawing would have to wait
  /** @type {Promise<void> | null} */
  let preparing = null;

  function endWorker() {
    worker?.terminate();
    worker = null;
    ready.clear();
    for (const answer of waiting.values()) answer({ error: "ended" });
    waiting.clear();
  }

  function fail() {
    failures++;
    endWorker();
    whenIdle(prepare);
  }

  /**
   * @param {object} request
   * @param {number} patience ms
   * @returns {Promise<any>} the worker's answer
   */
  function ask(request, patience) {
    if (!worker) {
      worker = startWorker();
      worker.onmessage = ({ data }) => {
        if (data.fetched) {
          prolong.get(data.id)?.();
          report?.(data.fetched);
          return;
        }
        waiting.get(data.id)?.(data);
        waiting.delete(data.id);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        fail();
      };
    }
    const id = ++requests;
    return new Promise((resolve) => {
      let timer = setTimeout(fail, patience);
      prolong.set(id, () => {
        clearTimeout(timer);
        timer = setTimeout(fail, patience);
      });
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        prolong.delete(id);
        resolve(answer);
      });
      worker?.postMessage({ id, ...request });
    });
  }

  /**
   * As `ask`, for what takes longer than a drawing: meanwhile the server draws.
   *
   * @param {object} request
   */
  async function askAtLeisure(request) {
    busy++;
    try {
      return await ask(request, LATE_OPENING);
    } finally {
      busy--;
    }
  }

  const wanted = () => [...new Set([...users.values()].flat())];

  /** Opens what is wanted and not there, and gives back the memory of what is there and not wanted. */
  function prepare() {
    preparing ??= openWanted().finally(() => {
      preparing = null;
    });
    return preparing;
  }

  async function openWanted() {
    for (let name = next(); name; name = next()) await open(name);
    const names = wanted();
    if (names.length === 0)
      endWorker(); // WebAssembly gives memory back in no other way
    else if (worker && [...ready.keys()].some((name) => !names.includes(name))) {
      for (const name of ready.keys()) if (!names.includes(name)) ready.delete(name);
      await askAtLeisure({ kind: "keep", names });
    }
  }

  function next() {
    if (failures >= MOST_FAILURES) return undefined;
    return wanted().find((name) => !ready.has(name) && !refused.has(name));
  }

  /** @param {string} name */
  async function open(name) {
    offer ??= fetchOffer().catch(() => null);
    offered = await offer;
    const network = offered?.networks[name];
    if (!offered || !network) {
      refused.add(name);
      return;
    }
    const { error, ms } = await askAtLeisure({ kind: "open", name, network, builds: offered.runtime });
    if (!error) ready.set(name, ms);
    else if (worker) refused.add(name); // else the worker was lost, not the network
  }

  /**
   * @param {string[]} networks
   * @param {number} count of pictures
   */
  const timesOf = (networks, count) => {
    const key = `${count} ${networks.join()}`;
    const known = times.get(key) ?? { here: [], there: Number.POSITIVE_INFINITY };
    times.set(key, known);
    return known;
  };

  /**
   * Notes how long a drawing took here; networks that are slower here than on the server are not drawn with any more.
   *
   * @param {string[]} networks
   * @param {number} taken ms
   */
  function compare(networks, taken) {
    const known = timesOf(networks, 1);
    known.here = [...known.here, taken].slice(-FEWEST);
    if (known.here.length === FEWEST && Math.min(...known.here) > known.there + SLACK) refuse(networks);
  }

  /**
   * Has the worker find out once more how fast networks are, which may be faster by now.
   *
   * @param {string[]} networks
   * @returns {boolean} whether it does; no, if it has already
   */
  function timeAgain(networks) {
    const doubtful = networks.filter((name) => (doubts.get(name) ?? 0) < MOST_DOUBTS);
    for (const name of doubtful) {
      doubts.set(name, (doubts.get(name) ?? 0) + 1);
      whenIdle(async () => {
        if (!ready.has(name)) return;
        const { error, ms } = await askAtLeisure({ kind: "time", name });
        if (!error && ready.has(name)) ready.set(name, ms);
      });
    }
    return doubtful.length > 0;
  }

  /**
   * Notes how long the server took.
   *
   * @param {string[]} networks
   * @param {number} taken ms
   * @param {number} [count] of pictures
   */
  function note(networks, taken, count = 1) {
    const known = timesOf(networks, count);
    known.there = Math.min(known.there, taken);
  }

  /**
   * Leaves networks to the server from now on.
   *
   * @param {string[]} networks
   */
  function refuse(networks) {
    if (alone) return;
    for (const name of networks) {
      refused.add(name);
      ready.delete(name);
    }
    askAtLeisure({ kind: "keep", names: [...ready.keys()] });
  }

  return {
    /**
     * Says of which networks a part of the page shows pictures, after the first one is there; none where it is left.
     *
     * @param {object} user
     * @param {string[]} networks
     */
    use(user, networks) {
      if (networks.length) users.set(user, networks);
      else users.delete(user);
      whenIdle(prepare);
    },

    /**
     * Waits until networks can be drawn with.
     *
     * @param {object} user as of `use`
     * @param {string[]} networks
     * @returns {Promise<boolean>} whether they can
     */
    async opened(user, networks) {
      users.set(user, networks);
      while (failures < MOST_FAILURES && !networks.every((name) => ready.has(name) || refused.has(name)))
        await prepare();
      return networks.every((name) => ready.has(name));
    },

    /**
     * What is known of a network that can be drawn with here and now; else nothing.
     *
     * @param {string} name
     */
    describe: (name) => (ready.has(name) && offered ? offered.networks[name].description : null),

    /**
     * Draws.
     *
     * @param {Step[]} steps
     * @param {number} [columns] of the sheet
     * @returns {Promise<Drawn | null>} null where the server has to draw
     */
    async draw(steps, columns = 1) {
      const networks = steps.map(({ network }) => network);
      if (!worker || (busy && !alone) || !networks.every((name) => ready.has(name))) return null;
      const count = countOf(steps);
      const least = count * networks.reduce((sum, name) => sum + (ready.get(name) ?? 0), 0);
      const { there } = timesOf(networks, count);
      if (!alone && least > (Number.isFinite(there) ? there : USUAL) + SLACK) {
        if (!timeAgain(networks) && count === 1) refuse(networks);
        return null;
      }
      const started = now();
      const answer = await ask({ kind: "draw", steps, columns }, LATE + BUSY * least);
      if (answer.error) {
        if (worker) refuse(networks); // else the worker was lost, not the networks
        return null;
      }
      if (count === 1) compare(networks, now() - started);
      return { sheet: paint(answer.sheet), side: answer.side, numbers: answer.numbers };
    },

    /**
     * Waits for the server's drawing, and notes how long it took.
     *
     * @template Answer
     * @param {string[]} networks
     * @param {Promise<Answer>} request
     * @param {number} [count] of pictures
     */
    async timed(networks, request, count = 1) {
      const started = now();
      const answer = await request;
      note(networks, now() - started, count);
      return answer;
    },

    note,
  };
}

/**
 * How many pictures are drawn.
 *
 * @param {Step[]} steps
 */
const countOf = (steps) =>
  Math.max(
    1,
    ...steps.flatMap(({ inputs }) => Object.values(inputs).map((input) => ("data" in input && input.dims[0]) || 1)),
  );

/** Where the page itself lies, above `static/HASH/page/drawing/`. */
const PAGE = new URL("../../../../", import.meta.url);

/** @returns {Promise<Offer | null>} with absolute addresses */
async function fetchOffer() {
  const thrifty = /** @type {any} */ (navigator).connection?.saveData;
  const { browser: may, alone } = window.latentLabFiles;
  if (!may || (thrifty && !alone) || typeof WebAssembly === "undefined") return null;
  const answer = await fetch(new URL("browser/networks.json", PAGE));
  if (!answer.ok) return null;
  return JSON.parse(await answer.text(), (key, value) =>
    ["address", "script", "binary"].includes(key) ? new URL(value, PAGE).href : value,
  );
}

/** @param {() => void} start */
function whenIdle(start) {
  if ("requestIdleCallback" in window) requestIdleCallback(start, { timeout: PATIENCE });
  else setTimeout(start, PATIENCE / 4);
}

/** @param {{ data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number }} sheet */
function paint({ data, width, height }) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  brushOf(canvas).putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

/** The one of this page: a worker for all its tabs. */
export const browser = drawingWith({
  fetchOffer,
  startWorker: () => new Worker(new URL("worker.js", import.meta.url), { type: "module" }),
  whenIdle,
  now: () => performance.now(),
  paint,
  alone: typeof window !== "undefined" && Boolean(window.latentLabFiles?.alone),
  report: (fetched) => dispatchEvent(new CustomEvent("latent-lab-fetched", { detail: fetched })),
});

/**
 * Has networks ready while an element is seen, and gives their memory back when it is not for a while.
 *
 * @param {Element} element
 * @returns {(networks: string[]) => void} says which ones
 */
export function keepReady(element) {
  /** @type {string[]} */
  let networks = [];
  let timer = 0;
  new IntersectionObserver((entries) => {
    clearTimeout(timer);
    if (entries.at(-1)?.isIntersecting) browser.use(element, networks);
    else timer = setTimeout(() => browser.use(element, []), AWAY);
  }).observe(element);
  return (wanted) => {
    if (wanted.join() === networks.join()) return;
    networks = wanted;
    browser.use(element, networks);
  };
}

/**
 * Where a picture was drawn, in words.
 *
 * @param {boolean} here
 */
export const drawnWhere = (here) => (here ? "Drawn in your browser" : "Drawn on the server");
