/** Has the fold-outs below a tab follow what it shows, but only while one of them is open.
 *
 * What nobody sees is not asked for: an answer that the page takes in would hold up a slider that is dragged meanwhile.
 */

/** @typedef {object} FoldOuts what tests put others in place of
 * @property {() => boolean} isOpen whether any of them is open
 * @property {(opened: () => void) => void} onOpen has a function called when one may have been opened
 * @property {(shown: object) => void} tell asks for what they say
 */

/**
 * @param {FoldOuts} foldOuts
 * @returns {(shown: object) => void} to be called with what the tab shows now
 */
export function following({ isOpen, onOpen, tell }) {
  /** @type {object | null} */
  let untold = null;
  function tellIfOpen() {
    if (!untold || !isOpen()) return;
    const shown = untold;
    untold = null;
    tell(shown);
  }
  onOpen(tellIfOpen);
  return (shown) => {
    untold = shown;
    tellIfOpen();
  };
}

const CONTENT = "[data-testid=accordion-content]"; // as Gradio has them
const CLOSED = `${CONTENT}[style*='display: none']`;

/**
 * @param {Element} element a stage
 * @param {(event: string, shown: object) => void} trigger
 */
export function foldOutsBelow(element, trigger) {
  const tab = element.closest("[role=tabpanel]");
  const count = (/** @type {string} */ selector) => tab?.querySelectorAll(`.foldouts ${selector}`).length ?? 0;
  return following({
    isOpen: () => count(CONTENT) === 0 || count(CLOSED) < count(CONTENT), // without Gradio they cost nothing
    onOpen: (opened) =>
      tab?.addEventListener("click", ({ target }) => {
        if (target instanceof Element && target.closest(".foldouts")) setTimeout(opened);
      }),
    tell: (shown) => trigger("input", shown),
  });
}
