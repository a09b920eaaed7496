/** What the server answers to the tab "Latent sliders", answered in the browser. */

import { browser } from "../page/drawing/drawing.js";
import { randomCodes } from "../page/drawing/latents.js";
import { linkOf, networksOf, stepsOf } from "../tabs/latent/drawing.js";
import { drawStripSheet } from "../tabs/latent/strip-sheet.js";
import { answering, drawWith } from "./drawing.js";

const LARGEST_SEED = 2 ** 31 - 1;

/** @typedef {import("../tabs/latent/stage.js").Setting} Setting */

/** @param {number} number */
const tidy = (number) => Math.round(100 * number) / 100;

/**
 * The setting that a link or a script names; what it leaves out stands at its default.
 *
 * @param {any} known of these sliders
 * @param {any} fields
 * @returns {Setting & { notice: string }} notice: what was wrong, if anything was
 */
export function settingOf(known, fields) {
  const wrong = [];
  const networks = /** @type {string[]} */ (known.networks);
  const asked = fields.model || known.first;
  const model = networks.includes(asked) ? asked : known.first;
  if (model !== asked) wrong.push(`There are no sliders for “${String(asked).slice(0, 60)}” here.`);
  const sets = known.sliders[`${model}/`] ? [""] : Object.keys(known.sliders).filter((name) => name.startsWith(model));
  const offered = sets.map((name) => name.slice(model.length + 1));
  const set = sets[0] === "" ? "" : offered.includes(fields.set) ? fields.set : offered[0];
  let seed = Number(fields.seed ?? 1);
  if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
    wrong.push(`The seed has to be a whole number from 0 to ${LARGEST_SEED}.`);
    seed = 1;
  }
  const { types } = known.sliders[`${model}/${set}`];
  const start = set ? types.map(() => 0) : randomCodes(types, seed).map(tidy);
  const given = typeof fields.codes === "string" && fields.codes ? fields.codes.split(",") : fields.codes;
  let codes = start;
  if (given && model === asked) {
    const numbers = [...given].map(Number);
    if (fits(numbers, types)) codes = numbers.map(tidy);
    else wrong.push("The codes of this address do not fit these sliders.");
  }
  return { model, set, codes, seed, notice: wrong.join(" ") };
}

/**
 * @param {number[]} codes
 * @param {import("../tabs/latent/sliders.js").CodeType[]} types
 */
function fits(codes, types) {
  const right = (/** @type {number} */ code, /** @type {number} */ categories) =>
    categories ? Number.isInteger(code) && code >= 0 && code < categories : Math.abs(code) <= 1;
  return codes.length === types.length && types.every(([, categories], k) => right(codes[k], categories));
}

/**
 * @param {any} known of all sliders, see `latent_sliders` in answers.py
 * @param {Record<string, string>} titles of the networks
 * @returns {Record<string, (fields: any) => Promise<any>>}
 */
export function latentServer(known, titles) {
  const user = {};
  let newest = 0; // what is being drawn; strips of what was shown before are left

  /** @param {Setting} setting */
  const slidersOf = ({ model, set }) => known.sliders[`${model}/${set}`];

  /**
   * @param {Setting} setting
   * @param {string[]} models
   */
  async function drawn(setting, models) {
    newest++;
    const networks = models.flatMap((model) => networksOf({ ...setting, model }));
    const pictures = [];
    for (const model of models) {
      const one = await drawWith(user, networks, () => stepsOf({ ...setting, model }, browser.describe));
      pictures.push(one);
    }
    const { model, set, codes, seed } = setting;
    return {
      ...{ model, set, codes, seed, z: [] },
      side: pictures[0].side,
      pictures: pictures.map(({ sheet }) => sheet),
      link: linkOf(setting),
    };
  }

  /** @param {any} fields */
  async function open(fields) {
    const { notice, ...setting } = settingOf(known, fields);
    const { types, titles: names, sets, beside } = slidersOf(setting);
    return {
      ...(await drawn(setting, [setting.model])),
      ...{ types, titles: names, sets, beside, notice },
      models: known.networks.map((/** @type {string} */ name) => [name, titles[name]]),
      reads: false,
    };
  }

  /** @param {any} fields */
  async function strips(fields) {
    const mine = newest;
    const { notice: _, ...setting } = settingOf(known, fields);
    const draw = (/** @type {import("../page/drawing/worker.js").Step[]} */ steps) =>
      drawWith(user, networksOf(setting), () => steps);
    await browser.opened(user, networksOf(setting));
    const use = { describe: browser.describe, draw, isWanted: () => mine === newest };
    return (await drawStripSheet(setting, slidersOf(setting).types, use)) ?? {};
  }

  return {
    open_sliders: answering(open),
    move: answering(({ beside, ...fields }) => {
      const { notice: _, ...setting } = settingOf(known, fields);
      return drawn(setting, [setting.model, ...(beside ? [beside] : [])]);
    }),
    strips: answering(strips),
    meter: async ({ model, set }) => known.sliders[`${model}/${set}`].meter,
    scores: async () => known.scores,
  };
}
