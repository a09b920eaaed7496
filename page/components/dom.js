/** Parts of a component, with their types. */

/**
 * What Gradio hands to a component's script, see `component` in page/stage.py.
 *
 * @typedef {object} Gradio
 * @property {Record<string, (fields: object) => Promise<any>>} server functions of the server; they take fields and
 *   answer with others, among them "notice" (a sentence about the input) or "trouble" (about a network)
 * @property {(event: string, data?: object) => void} trigger tells Gradio of an event
 * @property {Record<string, any>} props
 * @property {(name: string, react: () => void) => void} watch calls when a property changed
 */

/**
 * The element of a selector. It has to be there and of that type: what is missing is a mistake of ours.
 *
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [type] HTMLElement if left out
 * @returns {T}
 */
export function part(root, selector, type) {
  const found = root.querySelector(selector);
  if (!(found instanceof (type ?? HTMLElement))) throw new Error(`There is no ${selector} as it should be.`);
  return /** @type {T} */ (found);
}

/**
 * All elements of a selector that are of a type.
 *
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [type] HTMLElement if left out
 * @returns {T[]}
 */
export function allParts(root, selector, type) {
  return /** @type {T[]} */ (
    [...root.querySelectorAll(selector)].filter((one) => one instanceof (type ?? HTMLElement))
  );
}

/**
 * A copy of what a <template> holds.
 *
 * @param {ParentNode} root
 * @param {string} selector of the template
 * @returns {HTMLElement}
 */
export function copyOf(root, selector) {
  const [first] = part(root, selector, HTMLTemplateElement).content.children;
  return /** @type {HTMLElement} */ (first.cloneNode(true));
}

/**
 * Writes a text, unless it stands there already: what does not change is neither laid out nor translated anew.
 *
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * The button that an event came from, or from inside of which it came.
 *
 * @param {Event} event
 * @returns {HTMLButtonElement | null}
 */
export function buttonOf({ target }) {
  return target instanceof Element ? target.closest("button") : null;
}

/**
 * Where to draw on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export function brushOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * A picture, decoded.
 *
 * @param {string} address
 * @returns {Promise<HTMLImageElement>}
 */
export async function loadImage(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** What a visitor reads where no answer came. */
export const UNREACHABLE = "The server could not be reached; please try again.";
