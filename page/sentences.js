/**
 * From English sentences to those of another language: fixed ones, and patterns with places ({}) for what varies.
 *
 * A sentence that the table does not know as a whole is taken apart: what fills its places may itself be known, and
 * several sentences may follow each other.
 */

/** @typedef {{ sentence: string, unknown: string[], letters?: number }} Told unknown: parts that the table lacks */
/** @typedef {{ literals: string[], other: string, letters: number, form: RegExp }} Pattern */

const LONGEST = 700; // letters of a sentence with places
const LEAST_LETTERS = 9; // outside its places, that a pattern needs if what fills them is not all known
const MOST_SENTENCES = 12; // in one text
const MOST_ANSWERS = 1000; // kept

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/**
 * Whether there is nothing to translate in a text.
 *
 * @param {string} text
 */
export const wordless = (text) => !/\p{L}{2}/u.test(text);

/** A table of sentences, prepared for look-ups. */
export class Sentences {
  /**
   * @param {Record<string, string>} entries English to the other language; "{}" or "{1}" are places
   * @param {string} language its code, for numbers
   */
  constructor(entries, language) {
    const parts = new Intl.NumberFormat(language, { useGrouping: "always" }).formatToParts(1234.5);
    this.group = parts.find((part) => part.type === "group")?.value ?? "";
    this.decimal = parts.find((part) => part.type === "decimal")?.value ?? "";
    /** @type {Map<string, string>} */
    this.exact = new Map();
    /** Patterns by their first word, else by their last one. @type {Map<string, Pattern[]>} */
    this.first = new Map();
    /** @type {Map<string, Pattern[]>} */
    this.last = new Map();
    /** @type {Pattern[]} */
    this.others = [];
    /** @type {Map<string, Told | null>} */
    this.answers = new Map();
    const patterns = [];
    for (const [english, other] of Object.entries(entries)) {
      if (!english.includes("{}")) {
        this.exact.set(english, other);
        continue;
      }
      const literals = english.split("{}");
      const letters = literals.join("").replace(/<[^>]*>|[^\p{L}]/gu, "").length;
      const form = new RegExp(`^${literals.map(escaped).join("(.*?)")}$`);
      patterns.push({ literals, other, letters, form });
    }
    patterns.sort((a, b) => b.letters - a.letters);
    for (const pattern of patterns) {
      const start = pattern.literals[0].match(/^(\S+) /);
      const end = pattern.literals[pattern.literals.length - 1].match(/ (\S+)$/);
      if (start) add(this.first, start[1], pattern);
      else if (end) add(this.last, end[1], pattern);
      else this.others.push(pattern);
    }
  }

  /**
   * What the table makes of a text; spaces around it stay.
   *
   * @param {string} text
   * @returns {Told | null} null if it knows neither the text nor its sentences
   */
  know(text) {
    const core = text.trim();
    if (wordless(core)) return { sentence: this.numbers(text), unknown: [] };
    const key = core.replace(/\s+/g, " ");
    let told = this.answers.get(key);
    if (told === undefined) {
      told = this.look(key);
      if (this.answers.size > MOST_ANSWERS) this.answers.clear();
      this.answers.set(key, told);
    }
    if (!told || core === text) return told;
    const at = text.indexOf(core);
    return { ...told, sentence: text.slice(0, at) + told.sentence + text.slice(at + core.length) };
  }

  /**
   * Numbers as the language writes them; what only looks like a number, such as an address, stays.
   *
   * @param {string} text
   */
  numbers(text) {
    return text.replace(/(?<![\d.,\w])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\d.\w]|,\d)/g, (number) =>
      number.replace(/[.,]/g, (sign) => (sign === "," ? this.group : this.decimal)),
    );
  }

  /**
   * @param {string} text with single spaces
   * @returns {Told | null}
   */
  look(text) {
    const exact = this.exact.get(text);
    if (exact !== undefined) return { sentence: exact, unknown: [] };
    const whole = text.length < LONGEST ? this.match(text) : null;
    if (whole && !whole.unknown.length) return whole;
    const sentences = text.split(/(?<=[.!?\u2026]) /);
    for (let count = 1; count < Math.min(sentences.length, MOST_SENTENCES); count++) {
      const start = this.know(sentences.slice(0, count).join(" "));
      const rest = start && this.know(sentences.slice(count).join(" "));
      if (rest) {
        return { sentence: `${start.sentence} ${rest.sentence}`, unknown: [...start.unknown, ...rest.unknown] };
      }
    }
    return whole;
  }

  /**
   * The text by a pattern whose parts are all known, else by the one with the most letters of its own.
   *
   * @param {string} text
   * @returns {Told | null}
   */
  match(text) {
    const space = text.indexOf(" ");
    const first = space > 0 ? this.first.get(text.slice(0, space)) : undefined;
    const last = this.last.get(text.slice(text.lastIndexOf(" ") + 1));
    /** @type {Told | null} */
    let best = null;
    for (const pattern of [first, last, this.others].flatMap((list) => list ?? [])) {
      if (!pattern.literals.every((literal) => text.includes(literal))) continue;
      const found = pattern.form.exec(text);
      if (!found) continue;
      const told = this.fill(pattern, found.slice(1));
      if (!told.unknown.length) return told;
      if (pattern.letters > (best?.letters ?? LEAST_LETTERS)) best = told;
    }
    return best;
  }

  /**
   * @param {Pattern} pattern
   * @param {string[]} found what fills its places
   * @returns {Told}
   */
  fill(pattern, found) {
    const told = found.map((part) => this.know(part) ?? { sentence: part, unknown: [part.trim()] });
    let next = 0;
    const sentence = pattern.other.replace(
      /\{(\d*)\}/g,
      (_, place) => told[place === "" ? next++ : Number(place)].sentence,
    );
    return { sentence, unknown: told.flatMap((part) => part.unknown), letters: pattern.letters };
  }
}

/**
 * @param {Map<string, Pattern[]>} map
 * @param {string} word
 * @param {Pattern} pattern
 */
function add(map, word, pattern) {
  const list = map.get(word);
  if (list) list.push(pattern);
  else map.set(word, [pattern]);
}
