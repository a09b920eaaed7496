/** Runs networks with onnxruntime-web, apart from the page, which stays responsive meanwhile.
 *
 * Answers each request with what it asks for, or with `error`.
 */

import { toSheet } from "./pixels.js";

/**
 * @typedef {object} Numbers for an input of a network
 * @property {"float32"} type
 * @property {Float32Array} data
 * @property {number[]} dims
 */
/** @typedef {{ from: string, rows: number }} Earlier an output of an earlier step, its first rows (0 for all) */
/** @typedef {{ network: string, inputs: Record<string, Numbers | Earlier> }} Step one network's pass */
/** @typedef {{ address: string, integrity?: string, bytes?: number }} File */
/** @typedef {(bytes: number) => void} Report hears how many bytes more are here */
/**
 * @typedef {object} Network
 * @property {File} graph
 * @property {File} tensors
 * @property {Description} description
 */
/**
 * @typedef {object} Description what network.json says, see docs/training.md
 * @property {Record<string, { type: string, shape: (string | number)[] }>} inputs
 * @property {{ count: number, reach: number }} [plain_sliders] of a plain generator: the first numbers of its latent, and
 *   where they end
 * @property {{ name: string, size: number }[]} [factors] that a reader reads
 */
/** @typedef {Record<"wasm" | "webgpu", { script: string, binary: string }>} Builds of the runtime */

const PASSES = 10; // at most, after which it is known how fast a network is: browsers make code faster as it runs
const ENOUGH = 1000; // ms for these
const TENSORS = "model.safetensors"; // what graphs call the file of the weights

/** Networks that are open, each with inputs to try it with. @type {Map<string, { session: any, example: object }>} */
const sessions = new Map();
/** The end of what is being drawn or opened. @type {Promise<any>} */
let before = Promise.resolve();
/** The runtime, and what it draws on. @type {Promise<{ ort: any, device: "wasm" | "webgpu" }> | null} */
let runtime = null;

/**
 * @param {Builds} builds
 * @param {"wasm" | "webgpu"} device
 */
async function load(builds, device) {
  const ort = await import(builds[device].script);
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = 1; // more would need a page that is isolated from all others
  const { binary } = builds[device];
  if (binary.endsWith(".gz")) ort.env.wasm.wasmBinary = await unpacked(await fetchFile({ address: binary }));
  else ort.env.wasm.wasmPaths = { wasm: binary };
  return { ort, device };
}

/** What there is to draw on: a graphics card that WebGPU reaches, else the processor. */
async function chooseDevice() {
  if (!(/** @type {any} */ (WebAssembly).Suspending)) return "wasm"; // that build of the runtime needs it
  const adapter = await /** @type {any} */ (navigator).gpu?.requestAdapter().catch(() => null);
  return adapter && !adapter.info?.isFallbackAdapter ? "webgpu" : "wasm";
}

/**
 * @param {File} file where it has a checksum, the browser hands it out only as a whole
 * @param {Report} [report]
 */
async function fetchFile({ address, integrity }, report) {
  const answer = await fetch(address, integrity ? { integrity } : {});
  if (!answer.ok) throw new Error(address);
  if (!report || !answer.body) return new Uint8Array(await answer.arrayBuffer());
  const counted = answer.body.pipeThrough(
    new TransformStream({
      transform(part, controller) {
        report(part.length);
        controller.enqueue(part);
      },
    }),
  );
  return new Uint8Array(await new Response(counted).arrayBuffer());
}

/**
 * A file that is packed with gzip, unless a server has unpacked it on the way.
 *
 * @param {Uint8Array<ArrayBuffer>} file
 */
async function unpacked(file) {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  const stream = new Blob([file]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Opens a network, and tries it, since the first passes are slower than all others.
 *
 * @param {string} name
 * @param {Network} network
 * @param {Builds} builds
 * @param {Report} report
 */
async function open(name, network, builds, report) {
  runtime ??= chooseDevice().then((device) => load(builds, device));
  runtime.catch(() => {}); // it is told below
  const [graph, data] = await Promise.all([fetchFile(network.graph), fetchFile(network.tensors, report)]);
  const { ort, device } = await runtime;
  try {
    return await inTurn(() => openOn(name, network, { graph, data, ort, device }));
  } catch (error) {
    if (device === "wasm") throw error;
    runtime = load(builds, "wasm"); // the card refused
    const other = await runtime;
    return inTurn(() => openOn(name, network, { graph, data, ...other }));
  }
}

/**
 * @param {string} name
 * @param {Network} network
 * @param {{ graph: Uint8Array, data: Uint8Array, ort: any, device: string }} use
 * @returns {Promise<{ ms: number }>} as `time`
 */
async function openOn(name, { description }, { graph, data, ort, device }) {
  const session = await ort.InferenceSession.create(graph, {
    externalData: [{ path: TENSORS, data }],
    executionProviders: [device],
    logSeverityLevel: 3, // errors only
  });
  const zeros = Object.entries(description.inputs).map(([input, { type, shape }]) => {
    const dims = shape.map((size) => (typeof size === "number" ? size : 1));
    const count = dims.reduce((product, size) => product * size, 1);
    return [input, new ort.Tensor(type, type === "uint8" ? new Uint8Array(count) : new Float32Array(count), dims)];
  });
  sessions.set(name, { session, example: Object.fromEntries(zeros) });
  return time(name);
}

/** @param {string} name */
function opened(name) {
  const found = sessions.get(name);
  if (!found) throw new Error(name);
  return found;
}

/**
 * How long a pass of a network takes for one picture, the fastest of a few.
 *
 * @param {string} name
 */
async function time(name) {
  const { session, example } = opened(name);
  const begun = performance.now();
  let ms = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < PASSES && performance.now() - begun < ENOUGH; pass++) {
    const started = performance.now();
    await session.run(example);
    ms = Math.min(ms, performance.now() - started);
  }
  return { ms };
}

/** Gives the memory of all other networks back. @param {string[]} kept */
async function keep(kept) {
  for (const [name, { session }] of sessions) {
    if (kept.includes(name)) continue;
    sessions.delete(name);
    await session.release();
  }
  return {};
}

/**
 * Runs networks one after the other.
 *
 * @param {Step[]} steps the last "pictures" that come of them are shown
 * @param {number} columns of the sheet
 */
async function draw(steps, columns) {
  const { ort } = await /** @type {NonNullable<typeof runtime>} */ (runtime);
  /** @type {Record<string, any>} */
  const outputs = {};
  for (const { network, inputs } of steps) {
    const feeds = Object.entries(inputs).map(([name, input]) => [name, tensorOf(ort, input, outputs)]);
    Object.assign(outputs, await opened(network).session.run(Object.fromEntries(feeds)));
  }
  const { pictures, ...others } = outputs;
  const numbers = Object.fromEntries(Object.entries(others).map(([name, tensor]) => [name, tensor.data]));
  return { sheet: toSheet(pictures.data, pictures.dims, columns), side: pictures.dims[2], numbers };
}

/**
 * @param {any} ort
 * @param {Numbers | Earlier} input
 * @param {Record<string, any>} outputs of earlier steps
 */
function tensorOf(ort, input, outputs) {
  if ("data" in input) return new ort.Tensor(input.type, input.data, input.dims);
  const { type, data, dims } = outputs[input.from];
  if (!input.rows) return outputs[input.from];
  const [count, ...rest] = dims;
  return new ort.Tensor(type, data.slice(0, (data.length / count) * input.rows), [input.rows, ...rest]);
}

/**
 * Does something after what came before it; files are fetched meanwhile.
 *
 * @param {() => Promise<any>} work
 * @returns {Promise<any>}
 */
function inTurn(work) {
  const turn = before.then(work);
  before = turn.catch(() => {});
  return turn;
}

/**
 * @param {number} id
 * @param {any} request
 */
function answer(id, request) {
  if (request.kind === "open") {
    const { name, network, builds } = request;
    let bytes = 0;
    return open(name, network, builds, (more) => {
      bytes += more;
      postMessage({ id, fetched: { name, bytes, of: network.tensors.bytes } });
    });
  }
  if (request.kind === "time") return inTurn(() => time(request.name));
  if (request.kind === "keep") return inTurn(() => keep(request.names));
  return inTurn(() => draw(request.steps, request.columns));
}

addEventListener("message", async ({ data: { id, ...request } }) => {
  try {
    const answered = await answer(id, request);
    postMessage({ id, ...answered }, { transfer: answered.sheet ? [answered.sheet.data.buffer] : [] });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
});
