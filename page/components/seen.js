/**
 * Calls once, when an element is first looked at, so that opening the page costs nothing for tabs that nobody opens.
 *
 * @param {Element} element
 * @param {() => void} start
 */
export function whenSeen(element, start) {
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    start();
  });
  watcher.observe(element);
}

/**
 * Calls whenever an element is shown, and whenever its width changes while it is.
 *
 * @param {HTMLElement} element
 * @param {() => void} react
 */
export function whenWidthChanges(element, react) {
  let width = 0;
  new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    if (width) requestAnimationFrame(react); // what it changes here and now could be of another size in turn: an error in WebKit
  }).observe(element);
}
