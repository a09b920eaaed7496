/** Seeds of several numbers, hashed as `numpy.random.SeedSequence` hashes them. */

const POOL = 4; // words that the hash mixes

/**
 * Hashes one word after the other, each with another constant.
 *
 * @param {number} constant the first one
 * @param {number} factor from each constant to the next
 * @returns {(word: number) => number}
 */
function hasher(constant, factor) {
  let now = constant;
  return (word) => {
    let value = word ^ now;
    now = Math.imul(now, factor);
    value = Math.imul(value, now);
    return (value ^ (value >>> 16)) >>> 0;
  };
}

/**
 * @param {number} one
 * @param {number} other
 */
function mixed(one, other) {
  const value = Math.imul(one, 0xca01f9dd) - Math.imul(other, 0x4973f715);
  return (value ^ (value >>> 16)) >>> 0;
}

/**
 * Words that look random, of a seed.
 *
 * @param {number[]} seed whole numbers below 2³²
 * @param {number} count of words
 */
export function seedWords(seed, count) {
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = Array.from({ length: POOL }, (_, index) => hash(seed[index] ?? 0));
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) if (from !== to) pool[to] = mixed(pool[to], hash(pool[from]));
  }
  for (const word of seed.slice(POOL)) for (let to = 0; to < POOL; to++) pool[to] = mixed(pool[to], hash(word));
  const draw = hasher(0x8b51f9dd, 0x58f38ded);
  return Array.from({ length: count }, (_, index) => draw(pool[index % POOL]));
}
