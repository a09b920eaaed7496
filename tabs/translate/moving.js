/** GIF files, which may be pictures or clips. */

const INTRODUCTION = [0x21, 0xf9, 4]; // of each picture of an animation

/**
 * Whether a GIF file holds more than one picture.
 *
 * @param {Uint8Array} bytes of the file
 */
export function isAnimated(bytes) {
  let pictures = 0;
  for (let at = 0; at < bytes.length - 2 && pictures < 2; at++) {
    if (INTRODUCTION.every((byte, index) => bytes[at + index] === byte)) pictures++;
  }
  return pictures > 1;
}
