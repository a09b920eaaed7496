/** Numbers: as visitors read them, and as the server packs them. */

/**
 * With so many decimals, and a minus sign as long as a plus sign.
 *
 * @param {number} value
 * @param {number} digits
 */
export const fixed = (value, digits) => value.toFixed(digits).replace("-", "−");

/** @param {number} value @returns {number} whole; of two that are as near the even one, as Python rounds */
export function roundedEvenly(value) {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
}

/** @param {number} share 0 to 1 */
export const percent = (share) => `${Math.round(100 * share)} %`;

/** @param {number} count */
export const counted = (count) => count.toLocaleString("en");

/** A seed that nobody chose. */
export const anySeed = () => 1 + Math.floor(99998 * Math.random());

/**
 * Bytes that came as text.
 *
 * @param {string} text in base 64
 */
export const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/**
 * The same, the other way.
 *
 * @param {Uint8Array} values
 */
export const textOf = (values) => btoa(String.fromCharCode(...values));
