/** What the server answers to the tab "Playground", answered in the browser. */

import { densitiesServer } from "./densities.js";
import { gameServer } from "./games.js";
import { orbitsOf } from "./minimax.js";
import { spamOf } from "./spam.js";

/**
 * @param {any} known see `known` in answers.py
 * @param {Record<string, string>} titles of the networks
 * @returns {Record<string, (fields: any) => Promise<any>>}
 */
export function playgroundServer(known, titles) {
  const names = Object.keys(known.replays);
  return {
    ...gameServer(known.game),
    ...densitiesServer(known.densities),
    spam: async (fields) => spamOf(known.spam.features, fields),
    orbits: async (fields) => orbitsOf(known.minimax, fields),
    async replay({ model }) {
      const shown = known.replays[model] ?? known.replays[names[0]];
      const strip = new URL(shown.strip, document.baseURI).href;
      return { ...shown, strip, models: names.map((name) => [name, titles[name]]) };
    },
  };
}
