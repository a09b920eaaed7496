/**
 * Products of matrices, fast enough for a game on one core.
 *
 * Results come four by two, so that every number that is read is used several times, and both factors are copied first
 * to where they lie as they are read.
 */

const TALL = 4; // rows of a block of results
const WIDE = 2; // columns

let leftBlock = new Float64Array(0); // (depth, TALL)
let rightBlocks = new Float64Array(0); // (columns / WIDE, depth, WIDE)

/**
 * A matrix: numbers, and how far apart rows and columns lie in them.
 *
 * @typedef {{ values: Float64Array, row: number, column: number }} Matrix
 */

/** @typedef {{ rows: number, depth: number, columns: number }} Shape of a product */

/**
 * @param {Float64Array} values (rows, columns), one row after the other
 * @param {number} columns
 * @returns {Matrix}
 */
export const matrix = (values, columns) => ({ values, row: columns, column: 1 });

/**
 * @param {Matrix} matrix
 * @returns {Matrix}
 */
export const transposed = ({ values, row, column }) => ({ values, row: column, column: row });

/**
 * left · right, added to what is there.
 *
 * @param {Float64Array} out (rows, columns)
 * @param {Matrix} left (rows, depth)
 * @param {Matrix} right (depth, columns)
 * @param {Shape} shape
 */
export function addProduct(out, left, right, shape) {
  const { rows, depth, columns } = shape;
  const wholeRows = rows - (rows % TALL);
  const wholeColumns = columns - (columns % WIDE);
  if (wholeColumns) {
    copyRight(right, depth, wholeColumns);
    for (let row = 0; row < wholeRows; row += TALL) {
      copyLeft(left, row, depth);
      addRows(out, row * columns, depth, columns);
    }
  }
  addRest(out, left, right, shape, { wholeRows, wholeColumns });
}

/**
 * @param {Matrix} right
 * @param {number} depth
 * @param {number} columns
 */
function copyRight({ values, row, column }, depth, columns) {
  if (rightBlocks.length < depth * columns) rightBlocks = new Float64Array(depth * columns);
  const blocks = rightBlocks;
  let to = 0;
  for (let first = 0; first < columns; first += WIDE) {
    let from = first * column;
    for (let k = 0; k < depth; k++) {
      blocks[to] = values[from];
      blocks[to + 1] = values[from + column];
      to += WIDE;
      from += row;
    }
  }
}

/**
 * @param {Matrix} left
 * @param {number} first row
 * @param {number} depth
 */
function copyLeft({ values, row, column }, first, depth) {
  if (leftBlock.length < TALL * depth) leftBlock = new Float64Array(TALL * depth);
  const block = leftBlock;
  const end = TALL * depth;
  let from = first * row;
  for (let to = 0; to < end; to += TALL) {
    block[to] = values[from];
    block[to + 1] = values[from + row];
    block[to + 2] = values[from + 2 * row];
    block[to + 3] = values[from + 3 * row];
    from += column;
  }
}

/**
 * Adds the results of the block of left rows with all right ones.
 *
 * @param {Float64Array} out
 * @param {number} start of the first row
 * @param {number} depth
 * @param {number} columns
 */
function addRows(out, start, depth, columns) {
  const [left, right] = [leftBlock, rightBlocks];
  const end = TALL * depth;
  let q = 0;
  for (let at = start; at < start + columns - 1; at += WIDE) {
    let s00 = 0;
    let s01 = 0;
    let s10 = 0;
    let s11 = 0;
    let s20 = 0;
    let s21 = 0;
    let s30 = 0;
    let s31 = 0;
    for (let p = 0; p < end; p += TALL) {
      const b0 = right[q];
      const b1 = right[q + 1];
      q += WIDE;
      const a0 = left[p];
      const a1 = left[p + 1];
      const a2 = left[p + 2];
      const a3 = left[p + 3];
      s00 += a0 * b0;
      s01 += a0 * b1;
      s10 += a1 * b0;
      s11 += a1 * b1;
      s20 += a2 * b0;
      s21 += a2 * b1;
      s30 += a3 * b0;
      s31 += a3 * b1;
    }
    out[at] += s00;
    out[at + 1] += s01;
    out[at + columns] += s10;
    out[at + columns + 1] += s11;
    out[at + 2 * columns] += s20;
    out[at + 2 * columns + 1] += s21;
    out[at + 3 * columns] += s30;
    out[at + 3 * columns + 1] += s31;
  }
}

/**
 * Adds the results that are in no block.
 *
 * @param {Float64Array} out
 * @param {Matrix} left
 * @param {Matrix} right
 * @param {Shape} shape
 * @param {{ wholeRows: number, wholeColumns: number }} done
 */
function addRest(out, left, right, { rows, depth, columns }, { wholeRows, wholeColumns }) {
  const [a, b] = [left.values, right.values];
  for (let row = 0; row < rows; row++) {
    for (let column = row < wholeRows ? wholeColumns : 0; column < columns; column++) {
      let sum = 0;
      let p = row * left.row;
      let q = column * right.column;
      for (let k = 0; k < depth; k++) {
        sum += a[p] * b[q];
        p += left.column;
        q += right.row;
      }
      out[row * columns + column] += sum;
    }
  }
}
