/** The random numbers of a seed, the same as torch draws on the processor, so that browser and server draw one picture.
 *
 * torch.Generator is a Mersenne Twister (Matsumoto, Nishimura, "Mersenne Twister", 1998). How torch makes numbers of its
 * output is in aten/src/ATen/core/DistributionsHelper.h and aten/src/ATen/native/cpu/DistributionTemplates.h.
 */

const SIZE = 624; // words of the twister's state
const SHIFT = 397;
const BLOCK = 16; // normal numbers that torch makes together: eight cosines, eight sines
const PER_WORD = 2 ** -24; // float32 numbers have 24 bits
const TURN = Math.fround(2 * Math.PI);

/** A source of random numbers, as `torch.Generator().manual_seed(seed)`. */
export class TorchRandom {
  #state = new Uint32Array(SIZE);
  #next = SIZE;
  /** The sine that belongs to the last cosine, where numbers are made one by one. @type {number | null} */
  #kept = null;

  /** @param {number} seed a whole number, 0 to 2**32 - 1 */
  constructor(seed) {
    this.#state[0] = seed;
    for (let index = 1; index < SIZE; index++) {
      const last = this.#state[index - 1];
      this.#state[index] = Math.imul(1812433253, last ^ (last >>> 30)) + index;
    }
  }

  /** 32 random bits. */
  #word() {
    if (this.#next === SIZE) this.#twist();
    let word = this.#state[this.#next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist() {
    const state = this.#state;
    for (let index = 0; index < SIZE; index++) {
      const both = (state[index] & 0x80000000) | (state[(index + 1) % SIZE] & 0x7fffffff);
      state[index] = state[(index + SHIFT) % SIZE] ^ (both >>> 1) ^ (both & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }

  /** A float32 number of [0, 1). */
  #single() {
    return (this.#word() & 0xffffff) * PER_WORD;
  }

  /** A float64 number of [0, 1). */
  #double() {
    const high = this.#word() & 0x1fffff; // the upper of 53 bits
    return (high * 2 ** 32 + this.#word()) * 2 ** -53;
  }

  /**
   * Numbers of [0, 1), as `torch.rand(count)`.
   *
   * @param {number} count
   */
  uniform(count) {
    return Float32Array.from({ length: count }, () => this.#single());
  }

  /**
   * Whole numbers from 0 to `values` - 1, as `torch.randint(values, (count,))`.
   *
   * @param {number} values
   * @param {number} count
   */
  whole(values, count) {
    return Float32Array.from({ length: count }, () => this.#word() % values);
  }

  /**
   * Numbers of N(0, 1), as `torch.randn(count)`: few are made in float64 one by one, many in float32 and in blocks, of
   * which the last may overlap the one before.
   *
   * @param {number} count
   */
  normal(count) {
    if (count < BLOCK) return Float32Array.from({ length: count }, () => this.#normalNumber());
    const numbers = this.uniform(count);
    for (let start = 0; start + BLOCK <= count; start += BLOCK) toNormal(numbers, start);
    if (count % BLOCK) {
      numbers.set(this.uniform(BLOCK), count - BLOCK);
      toNormal(numbers, count - BLOCK);
    }
    return numbers;
  }

  #normalNumber() {
    const kept = this.#kept;
    this.#kept = null;
    if (kept !== null) return kept;
    const angle = 2 * Math.PI * this.#double();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#double()));
    this.#kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/**
 * Turns a block of uniform numbers into normal ones (Box, Muller, 1958).
 *
 * @param {Float32Array} numbers
 * @param {number} start of the block
 */
function toNormal(numbers, start) {
  for (let index = start; index < start + BLOCK / 2; index++) {
    const radius = Math.sqrt(-2 * Math.log(1 - numbers[index]));
    const angle = Math.fround(TURN * numbers[index + BLOCK / 2]);
    numbers[index] = radius * Math.cos(angle);
    numbers[index + BLOCK / 2] = radius * Math.sin(angle);
  }
}
