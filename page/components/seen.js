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
