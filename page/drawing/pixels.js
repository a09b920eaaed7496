/** From what a network draws to what a canvas shows. */

/**
 * Pictures side by side and row by row, as the server sends them on a sheet.
 *
 * @param {Uint8Array} pictures (N, H, W, C), C 1 or 3
 * @param {readonly number[]} dims their shape
 * @param {number} columns of the sheet; where there are fewer pictures, it is narrower
 * @returns {{ data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number }} RGBA; width and height in px
 */
export function toSheet(pictures, [count, rows, side, channels], columns) {
  const across = Math.min(columns, count);
  const width = across * side;
  const height = Math.ceil(count / across) * rows;
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  let from = 0;
  for (let index = 0; index < count; index++) {
    const left = (index % across) * side;
    const top = Math.floor(index / across) * rows;
    for (let row = 0; row < rows; row++) {
      let to = 4 * ((top + row) * width + left);
      for (let column = 0; column < side; column++, to += 4, from += channels) {
        data[to] = pictures[from];
        data[to + 1] = pictures[from + (channels === 3 ? 1 : 0)];
        data[to + 2] = pictures[from + (channels === 3 ? 2 : 0)];
      }
    }
  }
  return { data, width, height };
}
