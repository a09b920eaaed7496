/**
 * A picture and, below it, what it is.
 *
 * @param {string} address
 * @param {string} caption
 */
export function figure(address, caption) {
  const image = document.createElement("img");
  image.src = address;
  image.alt = caption;
  const words = document.createElement("figcaption");
  words.textContent = caption;
  const made = document.createElement("figure");
  made.append(image, words);
  return made;
}
