/** Colours: those of the style sheet, and what lies between them. */

/**
 * A colour of the playground, as the style sheet has it for the present appearance.
 *
 * @param {Element} element within the playground
 * @param {string} name "real", "made", "real-soft", "made-soft", "third", "fourth", "ink" or "line"
 */
export function colourOf(element, name) {
  return getComputedStyle(element).getPropertyValue(`--pg-${name}`).trim();
}

/**
 * The colour of what is written into a drawing.
 *
 * @param {Element} element
 */
export function writingColourOf(element) {
  return getComputedStyle(element).getPropertyValue("--body-text-color-subdued").trim();
}

/**
 * Red, green and blue, 0 to 255.
 *
 * @param {string} hex "#rrggbb"
 */
export function channelsOf(hex) {
  return [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
}

/**
 * The pixels of a surface: each value between two colours.
 *
 * @param {Uint8Array} values 0 to 255
 * @param {string} low colour of 0, "#rrggbb"
 * @param {string} high colour of 255
 * @returns {Uint8ClampedArray<ArrayBuffer>} red, green, blue and opacity of each
 */
export function pixelsBetween(values, low, high) {
  const from = channelsOf(low);
  const to = channelsOf(high);
  const pixels = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, index) => {
    for (let k = 0; k < 3; k++) pixels[4 * index + k] = from[k] + ((to[k] - from[k]) * value) / 255;
    pixels[4 * index + 3] = 255;
  });
  return pixels;
}

/**
 * A mixture of colours.
 *
 * @param {ArrayLike<number>} shares of the colours; they need not add up to 1
 * @param {number[][]} colours red, green and blue of each
 * @returns {string} for CSS
 */
export function mixedColour(shares, colours) {
  const sum = [0, 0, 0];
  let all = 0;
  for (let k = 0; k < shares.length; k++) {
    all += shares[k];
    for (let channel = 0; channel < 3; channel++) sum[channel] += shares[k] * colours[k][channel];
  }
  return `rgb(${sum.map((value) => Math.round(value / (all || 1))).join(" ")})`;
}
