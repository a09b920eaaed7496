/** A multilayer perceptron with LeakyReLU, as in playground/game.py; its gradients are written out. */

import { addProduct, matrix, transposed } from "./matrices.js";

const SLOPE = 0.2; // of LeakyReLU below 0
const PENALTY = 1; // weight of the gradient penalty of the Wasserstein game
const BETAS = [0.5, 0.9]; // of Adam
const EPSILON = 1e-8;

/** @typedef {{ outputs: Float64Array, given: Float64Array[] }} Pass outputs (N, outputs); what each layer was given */

/** All its weights lie in one vector, which the optimiser moves at once. */
export class Network {
  /** Steps that the optimiser has taken. */
  #steps = 0;

  /**
   * @param {number[]} sizes units of every layer, inputs and outputs included
   * @param {import("./numpy-random.js").NumpyRandom} random
   */
  constructor(sizes, random) {
    this.sizes = sizes;
    const count = sizes.slice(1).reduce((sum, after, k) => sum + sizes[k] * after + after, 0);
    this.values = new Float64Array(count);
    this.gradient = new Float64Array(count);
    const { weights, biases } = partsOf(this.values, sizes);
    const gradients = partsOf(this.gradient, sizes);
    this.weights = weights;
    this.biases = biases;
    this.weightGradients = gradients.weights;
    this.biasGradients = gradients.biases;
    this.weights.forEach((weight, k) => {
      const deviation = Math.sqrt(2 / sizes[k]); // He et al. 2015
      for (let i = 0; i < weight.length; i++) weight[i] = random.normal() * deviation;
    });
    for (const bias of this.biases.slice(0, -1)) for (let i = 0; i < bias.length; i++) bias[i] = random.double() - 0.5;
    this.mean = new Float64Array(count);
    this.square = new Float64Array(count);
  }

  /** Layers with weights. */
  get depth() {
    return this.weights.length;
  }

  /**
   * The shape of the product of N rows with the weights of a layer.
   *
   * @param {number} rows
   * @param {number} k
   */
  #shape(rows, k) {
    return { rows, depth: this.sizes[k], columns: this.sizes[k + 1] };
  }

  /** @param {number} k */
  #weight(k) {
    return matrix(this.weights[k], this.sizes[k + 1]);
  }

  /**
   * @param {Float64Array} x (N, inputs)
   * @returns {Pass}
   */
  forward(x) {
    const rows = x.length / this.sizes[0];
    const given = [x];
    for (let k = 0; ; k++) {
      const out = repeated(this.biases[k], rows);
      addProduct(out, matrix(given[k], this.sizes[k]), this.#weight(k), this.#shape(rows, k));
      if (k === this.depth - 1) return { outputs: out, given };
      for (let i = 0; i < out.length; i++) if (out[i] < 0) out[i] *= SLOPE;
      given.push(out);
    }
  }

  /**
   * From derivatives by the outputs to those by the inputs, (N, inputs).
   *
   * @param {Float64Array[]} given to the layers, from `forward`
   * @param {Float64Array} slope derivatives by the outputs (N, outputs)
   * @param {{ learn?: boolean }} [use] learn: those by the weights are added to `gradient`
   */
  backward(given, slope, { learn = true } = {}) {
    let back = slope;
    for (let k = this.depth - 1; k >= 0; k--) {
      const rows = back.length / this.sizes[k + 1];
      if (learn) {
        this.#learn(k, given[k], back, rows);
        addColumns(this.biasGradients[k], back);
      }
      back = this.#through(k, back, rows);
      if (k) bend(back, given[k]);
    }
    return back;
  }

  /**
   * Adds to the gradient of a layer's weights.
   *
   * @param {number} k
   * @param {Float64Array} given (N, before)
   * @param {Float64Array} slope (N, after)
   * @param {number} rows N
   */
  #learn(k, given, slope, rows) {
    const [before, after] = [this.sizes[k], this.sizes[k + 1]];
    const shape = { rows: before, depth: rows, columns: after };
    addProduct(this.weightGradients[k], transposed(matrix(given, before)), matrix(slope, after), shape);
  }

  /**
   * Derivatives by what a layer was given, of those by what it made.
   *
   * @param {number} k
   * @param {Float64Array} slope (N, after)
   * @param {number} rows N
   */
  #through(k, slope, rows) {
    const [before, after] = [this.sizes[k], this.sizes[k + 1]];
    const back = new Float64Array(rows * before);
    const shape = { rows, depth: after, columns: before };
    addProduct(back, matrix(slope, after), transposed(this.#weight(k)), shape);
    return back;
  }

  /**
   * Adds the gradient of PENALTY E(‖∇_x D(x)‖ - 1)² (Gulrajani et al. 2017, eq. 3) and returns its value.
   *
   * @param {Float64Array} x points between real and generated ones (N, 2)
   */
  penalise(x) {
    const { given } = this.forward(x);
    const rows = x.length / this.sizes[0];
    /** @type {Float64Array[]} */
    const slopes = []; // derivatives by the outputs of every layer
    slopes[this.depth - 1] = new Float64Array(rows).fill(1);
    for (let k = this.depth - 1; k > 0; k--) {
      slopes[k - 1] = this.#through(k, slopes[k], rows);
      bend(slopes[k - 1], given[k]);
    }
    const gradient = this.#through(0, slopes[0], rows);
    let back = new Float64Array(gradient.length); // by the gradient
    let value = 0;
    for (let i = 0; i < gradient.length; i += 2) {
      const length = Math.sqrt(gradient[i] ** 2 + gradient[i + 1] ** 2 + 1e-12);
      value += (length - 1) ** 2;
      const pull = ((2 * PENALTY) / rows) * ((length - 1) / length);
      back[i] = pull * gradient[i];
      back[i + 1] = pull * gradient[i + 1];
    }
    for (let k = 0; k < this.depth; k++) {
      this.#learn(k, back, slopes[k], rows);
      if (k === this.depth - 1) break;
      const next = new Float64Array(rows * this.sizes[k + 1]);
      addProduct(next, matrix(back, this.sizes[k]), this.#weight(k), this.#shape(rows, k));
      bend(next, given[k + 1]);
      back = next;
    }
    return (PENALTY * value) / rows;
  }

  /**
   * One step down the gradient, which is then 0 again.
   *
   * @param {string} optimiser
   * @param {number} rate
   */
  update(optimiser, rate) {
    const { values, gradient } = this;
    this.#steps++;
    if (optimiser === "sgd") {
      for (let i = 0; i < values.length; i++) values[i] -= rate * gradient[i];
    } else this.#adam(rate);
    gradient.fill(0);
  }

  /**
   * Kingma, Ba, "Adam", 2015, algorithm 1.
   *
   * @param {number} rate
   */
  #adam(rate) {
    const { values, gradient, mean, square } = this;
    const [first, second] = BETAS;
    const scale = rate / (1 - first ** this.#steps);
    const shrink = 1 - second ** this.#steps;
    for (let i = 0; i < values.length; i++) {
      mean[i] += (1 - first) * (gradient[i] - mean[i]);
      square[i] += (1 - second) * (gradient[i] ** 2 - square[i]);
      values[i] -= (scale * mean[i]) / (Math.sqrt(square[i] / shrink) + EPSILON);
    }
  }
}

/**
 * Views of one vector as the weights (before, after) and biases (after) of all layers.
 *
 * @param {Float64Array} values
 * @param {number[]} sizes
 */
function partsOf(values, sizes) {
  /** @type {{ weights: Float64Array[], biases: Float64Array[] }} */
  const parts = { weights: [], biases: [] };
  let start = 0;
  for (let k = 0; k + 1 < sizes.length; k++) {
    const bias = start + sizes[k] * sizes[k + 1];
    parts.weights.push(values.subarray(start, bias));
    start = bias + sizes[k + 1];
    parts.biases.push(values.subarray(bias, start));
  }
  return parts;
}

/**
 * @param {Float64Array} line
 * @param {number} times
 */
function repeated(line, times) {
  const all = new Float64Array(line.length * times);
  for (let start = 0; start < all.length; start += line.length) all.set(line, start);
  return all;
}

/**
 * Adds the sums of the columns.
 *
 * @param {Float64Array} out (columns)
 * @param {Float64Array} values (N, columns)
 */
function addColumns(out, values) {
  for (let j = 0; j < out.length; j++) {
    let sum = 0;
    for (let i = j; i < values.length; i += out.length) sum += values[i];
    out[j] += sum;
  }
}

/**
 * Multiplies by the derivative of LeakyReLU.
 *
 * @param {Float64Array} slope
 * @param {Float64Array} made what LeakyReLU made, of the same shape
 */
function bend(slope, made) {
  for (let i = 0; i < slope.length; i++) if (!(made[i] > 0)) slope[i] *= SLOPE;
}
