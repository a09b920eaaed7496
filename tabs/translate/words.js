/** What the stage says of networks, sources and results. */

/**
 * What is translated: an example of ours, a visitor's picture or clip, or the map that was drawn. `daylight`: the
 * picture is a generated street that is to look like a bright day first.
 *
 * @typedef {object} Source
 * @property {number} [example]
 * @property {string} [image] data URI
 * @property {string} [clip] data URI
 * @property {boolean} [drawn]
 * @property {boolean} [daylight]
 */

/**
 * "day → night" of "day-to-night".
 *
 * @param {string} direction
 */
export function arrow(direction) {
  return direction.replace("-to-", " → ").replaceAll("-", " ");
}

/**
 * What a direction leads from, and what to.
 *
 * @param {string} direction
 */
export function ends(direction) {
  return direction.split("-to-").map((name) => name.replaceAll("-", " "));
}

/**
 * Titles of examples; with numbers where several are the same.
 *
 * @param {string[]} titles
 */
export function distinct(titles) {
  return titles.map((title, index) => {
    const before = titles.slice(0, index).filter((other) => other === title).length;
    const several = before || titles.lastIndexOf(title) !== index;
    return several ? `${title} (${before + 1})` : title;
  });
}

/**
 * @param {Source} source
 * @param {string[]} titles of the examples
 */
export function nameOf(source, titles) {
  if (source.example !== undefined) return distinct(titles)[source.example];
  if (source.drawn) return "Your map";
  return source.daylight ? "Your street, on a bright day" : "Your picture";
}

/**
 * @param {{ width: number, height: number, worked: [number, number] }} result worked: height and width at which the
 *   network worked
 */
export function noteOn({ width, height, worked }) {
  const [high, wide] = worked;
  const size =
    high === height && wide === width
      ? `${width} × ${height} px.`
      : `${width} × ${height} px; worked out at ${wide} × ${high} and carried over.`;
  return `${size} What is new here is generated.`;
}
