/** Filling an area of a picture. */

const ALIKE = 60; // difference of red, green and blue together up to which colours are one

/**
 * Paints the connected area of nearly one colour.
 *
 * @param {{ data: Uint8ClampedArray, width: number, height: number }} picture RGBA; is changed
 * @param {[number, number]} at a place in the area, px
 * @param {[number, number, number]} paint red, green, blue
 */
export function flood({ data, width, height }, [x, y], paint) {
  const start = Math.floor(y) * width + Math.floor(x);
  const [red, green, blue] = data.slice(4 * start, 4 * start + 3);
  const done = new Uint8Array(width * height);
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (done[at]) continue;
    done[at] = 1;
    const [r, g, b] = data.subarray(4 * at, 4 * at + 3);
    if (Math.abs(r - red) + Math.abs(g - green) + Math.abs(b - blue) > ALIKE) continue;
    data.set([...paint, 255], 4 * at);
    const column = at % width;
    if (column > 0) waiting.push(at - 1);
    if (column < width - 1) waiting.push(at + 1);
    if (at >= width) waiting.push(at - width);
    if (at < width * (height - 1)) waiting.push(at + width);
  }
}

/**
 * @param {string} colour "#rrggbb"
 * @returns {[number, number, number]} red, green, blue
 */
export function channels(colour) {
  const number = Number.parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
