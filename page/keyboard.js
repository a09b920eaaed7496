/** Keys and focus that Gradio does not handle: arrows in tabs and groups of radio buttons, Escape in its own dialog. */

const STEPS = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });
let pointed = false; // the focus was last moved by the pointer, not by the Tab key

/**
 * Like `replaceChildren`, but a keyboard focus inside the box stays at the same position.
 *
 * @param {Element} box
 * @param {Node[]} parts
 */
export function replaceParts(box, parts) {
  const stops = () => /** @type {HTMLElement[]} */ ([...box.querySelectorAll("button, input")]);
  const at = stops().indexOf(/** @type {HTMLElement} */ (document.activeElement));
  box.replaceChildren(...parts);
  const radio = box.querySelector("[role=radio]");
  // none is chosen
  if (radio instanceof HTMLElement && !box.querySelector("[role=radio][tabindex='0']")) radio.tabIndex = 0;
  if (at >= 0) stops()[Math.min(at, stops().length - 1)]?.focus({ preventScroll: true });
}

/**
 * Marks one of a group of radio buttons, which is one stop of the Tab key.
 *
 * @param {HTMLElement} button
 * @param {boolean} checked
 */
export function check(button, checked) {
  button.setAttribute("aria-checked", String(checked));
  button.tabIndex = checked ? 0 : -1;
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.key === "Tab") pointed = false;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const backdrop = document.querySelector(".api-docs .backdrop");
  if (event.key === "Escape" && backdrop instanceof HTMLElement) {
    backdrop.click();
    focusOnColophon();
    return;
  }
  const by = STEPS[event.key];
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest("button[role=tab], button[role=radio]");
  const group = by && button?.closest("[role=tablist], [role=radiogroup]");
  if (!group || !button) return;
  // in the quiz, the arrow keys are answers: a visitor who came to it with the pointer keeps them for that
  const quiz = document.querySelector(".quiz");
  if (pointed && button.role === "tab" && quiz instanceof HTMLElement && quiz.offsetParent) return;
  const buttons = /** @type {HTMLElement[]} */ ([...group.querySelectorAll("button:enabled")]);
  const next = buttons[(buttons.indexOf(/** @type {HTMLElement} */ (button)) + by + buttons.length) % buttons.length];
  event.preventDefault();
  next.focus();
  next.click();
}

function focusOnColophon() {
  const button = document.querySelector(".colophon button");
  if (button instanceof HTMLElement) button.focus();
}

/** Opens Gradio's own page about its endpoints; its button is hidden, and loads the page when pointed at. */
export function openEndpoints() {
  const button = /** @type {HTMLElement} */ (document.querySelector("footer .show-api"));
  button.dispatchEvent(new MouseEvent("mouseenter"));
  button.click();
  let tries = 0;
  const wait = setInterval(() => {
    // its button to close has neither a name nor the focus
    const close = document.querySelector(".api-docs .banner-wrap > button");
    if (close || ++tries > 100) clearInterval(wait);
    if (!(close instanceof HTMLElement)) return;
    close.ariaLabel = "Close";
    close.focus();
    close.addEventListener("click", focusOnColophon);
  }, 50);
}

/** Listens to keys and pointer. */
export function listen() {
  addEventListener(
    "pointerdown",
    () => {
      pointed = true;
    },
    true,
  );
  document.addEventListener("keydown", pressed);
}
