/** A worker that answers questions, until it fails or falls silent. */

const SILENCE = 8; // s without a word, after which it counts as dead: a single round takes one second at the most
const SECOND = 1000; // ms

/** @typedef {Pick<Worker, "postMessage" | "addEventListener" | "terminate">} Thread */
/** @typedef {{ resolve: (answer: any) => void, reject: (error: Error) => void }} Waiting */

export class Companion {
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #asked = 0;
  #silent = 0; // s since the last word, counted by a clock that rests while the machine sleeps
  #clock = 0;
  #closed = false;
  #thread;

  /** @param {Thread} thread */
  constructor(thread) {
    this.#thread = thread;
    thread.addEventListener("message", (event) => this.#hear(/** @type {MessageEvent} */ (event).data));
    for (const kind of ["error", "messageerror"]) thread.addEventListener(kind, () => this.close());
  }

  /**
   * The worker's answer; rejected where it fails.
   *
   * @param {string} name of what it can do
   * @param {unknown} [fields]
   * @returns {Promise<any>}
   */
  ask(name, fields) {
    return new Promise((resolve, reject) => {
      const number = ++this.#asked;
      this.#waiting.set(number, { resolve, reject });
      if (this.#closed) {
        this.close();
        return;
      }
      this.#thread.postMessage({ number, name, fields });
      this.#silent = 0;
      this.#clock ||= Number(setInterval(() => this.#listen(), SECOND));
    });
  }

  /** @param {{ number?: number, answer?: unknown }} word */
  #hear({ number, answer }) {
    this.#silent = 0;
    if (number === undefined) return;
    this.#waiting.get(number)?.resolve(answer);
    this.#waiting.delete(number);
    if (!this.#waiting.size) this.#rest();
  }

  #listen() {
    this.#silent++;
    if (this.#silent >= SILENCE) this.close();
  }

  #rest() {
    clearInterval(this.#clock);
    this.#clock = 0;
  }

  /** Ends the worker; whoever waits for an answer is told. */
  close() {
    this.#closed = true;
    this.#rest();
    this.#thread.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Error("unanswered"));
    this.#waiting.clear();
  }
}
