/** What the server answers to the part "The game" of the playground: settings, points, and the mixture beside them. */

import { NEEDS_SERVER } from "./elsewhere.js";

const WORDS = ["loss", "optimiser"]; // settings that are no numbers
const WHOLE = ["discriminator_steps", "generator_steps", "layers", "width", "noise", "head_start", "seed"];

/** @typedef {Record<string, string | number>} Settings */

/**
 * The points and settings that a script or a link names, as `read_settings` in tabs/playground/arena.py reads them.
 *
 * @param {any} known see `games` in answers.py
 * @param {Record<string, any>} fields
 * @returns {{ data: string, settings: Settings, notice: string }}
 */
export function gameOf(known, fields) {
  const lesson = known.lessons[fields.preset];
  if (lesson) return { data: lesson.data, settings: lesson.settings, notice: "" };
  const given = Object.keys(known.defaults).filter((name) => ![undefined, null, ""].includes(fields[name]));
  const settings = {
    ...known.defaults,
    ...Object.fromEntries(given.map((name) => [name, WORDS.includes(name) ? fields[name] : Number(fields[name])])),
  };
  const data = fields.data || known.first;
  const wrong = !Object.hasOwn(known.data, data) || !isInRange(known, settings);
  if (!wrong) return { data, settings, notice: "" };
  return { data: known.first, settings: known.defaults, notice: "There is no such game here; this is the first one." };
}

/**
 * @param {any} known
 * @param {Settings} settings
 */
function isInRange({ losses, optimisers, ranges }, settings) {
  const offers = (/** @type {[string, string][]} */ list, /** @type {unknown} */ value) =>
    list.some(([name]) => name === value);
  return (
    offers(losses, settings.loss) &&
    offers(optimisers, settings.optimiser) &&
    WHOLE.every((name) => Number.isInteger(settings[name])) &&
    Object.entries(ranges).every(([name, [least, most]]) => settings[name] >= least && settings[name] <= most) &&
    Boolean(settings.discriminator_steps || settings.generator_steps)
  );
}

/**
 * What a page needs to know of a game's settings.
 *
 * @param {any} known
 * @param {{ data: string, settings: Settings }} game
 */
export function described(known, { data, settings }) {
  const names = Object.keys(known.defaults);
  const same = (/** @type {any} */ lesson) =>
    lesson.data === data && names.every((name) => lesson.settings[name] === settings[name]);
  const preset = Object.keys(known.lessons).find((name) => same(known.lessons[name])) ?? "";
  const changed = names.filter((name) => settings[name] !== known.defaults[name]);
  const query = new URLSearchParams([
    ["tab", "playground"],
    ["part", "game"],
    ["data", data],
    ...changed.map((name) => [name, String(settings[name])]),
  ]);
  return { data, settings, preset, hint: known.lessons[preset]?.hint ?? "", link: query.toString(), python: "" };
}

/**
 * @param {any} known
 * @returns {Record<string, (fields: any) => Promise<any>>}
 */
export function gameServer(known) {
  return {
    async game_read(fields) {
      const { notice, ...game } = gameOf(known, fields);
      const { datasets, losses, optimisers } = known;
      const presets = Object.entries(known.lessons).map(([name, { title }]) => [name, title]);
      const answer = { ...described(known, game), ...known.data[game.data], presets, datasets, losses, optimisers };
      return notice ? { ...answer, notice } : answer;
    },
    game_describe: async (fields) => described(known, gameOf(known, fields)),
    game_film: async () => ({ notice: NEEDS_SERVER }),
    game_open: async () => ({ notice: "This browser cannot train: it allows no worker here." }),
    game_play: async () => ({}),
    game_pause: async () => ({}),
    game_tune: async () => ({}),
    game_file: async () => ({}),
    take_points: async () => ({ notice: NEEDS_SERVER }),
  };
}
